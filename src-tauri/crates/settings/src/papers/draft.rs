//! `[receipt]` and `[printer]` changed from a program.

use toml_edit::{Array, DocumentMut, Item, Table, TableLike};

use super::{
    ADDRESS, CODE_PAGE, CUTTER, FEED, FOLDER, HEADER, LANGUAGE, LETTERS, PAPER, PDF, PRINT_AFTER_APPROVAL,
    PrinterPlace, PrinterSettings, ReceiptSettings, STATUS, WAY,
};
use crate::edit::{checked, put, put_or_remove, put_unless_usual, read};
use crate::error::SettingsError;
use crate::model::Language;

/// `[receipt]` and `[printer]` as they are about to be written: texts as they were typed, checked when the whole file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PapersDraft {
    /// The merchant's header.
    pub header: Vec<String>,
    /// `screen`, `en` or `tr`.
    pub language: String,
    /// Whether a receipt is printed by itself after an approval.
    pub after_approval: bool,
    /// Where PDFs are saved; empty for the usual folder.
    pub folder: String,
    /// The word of the paper that PDFs are made for.
    pub pdf: String,
    /// `none`, `network`, `device` or `spooler`.
    pub way: String,
    /// Where the printer is.
    pub address: String,
    /// The paper's word.
    pub paper: String,
    /// The letters' word.
    pub letters: String,
    /// The code page's number in the printer.
    pub code_page: Option<u8>,
    /// The cutter's word.
    pub cutter: String,
    /// Lines fed before the cut.
    pub feed: u8,
    /// Whether the printer is asked how it does.
    pub status: bool,
}

/// The file with these two headings; everything else, and the comments beside their keys, stay as they are.
///
/// # Errors
/// What [`crate::Settings::parse`] finds wrong with the file, before or after the change.
pub fn with_papers(text: &str, draft: &PapersDraft) -> Result<String, SettingsError> {
    let mut document = read(text)?;
    if let Some(table) = heading(&mut document, "receipt") {
        let lines: Vec<&str> = draft.header.iter().map(|line| line.trim()).collect();
        let last = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |place| place.saturating_add(1));
        put(table, HEADER.name, lines.into_iter().take(last).collect::<Array>());
        put(table, LANGUAGE.name, draft.language.as_str());
        put_unless_usual(table, PRINT_AFTER_APPROVAL.name, draft.after_approval, false);
        put_or_remove(table, FOLDER.name, Some(draft.folder.trim()).filter(|folder| !folder.is_empty()));
        put(table, PDF.name, draft.pdf.as_str());
    }
    if let Some(table) = heading(&mut document, "printer") {
        put(table, WAY.name, draft.way.as_str());
        put(table, ADDRESS.name, draft.address.trim());
        put(table, PAPER.name, draft.paper.as_str());
        put(table, LETTERS.name, draft.letters.as_str());
        put_or_remove(table, CODE_PAGE.name, draft.code_page.map(i64::from));
        put(table, CUTTER.name, draft.cutter.as_str());
        put(table, FEED.name, i64::from(draft.feed));
        put_unless_usual(table, STATUS.name, draft.status, true);
    }
    checked(&document)
}

fn heading<'a>(document: &'a mut DocumentMut, name: &str) -> Option<&'a mut dyn TableLike> {
    document.entry(name).or_insert_with(|| Item::Table(Table::new())).as_table_like_mut()
}

impl PapersDraft {
    /// What these settings would be written as.
    #[must_use]
    pub fn of(receipt: &ReceiptSettings, printer: &PrinterSettings) -> Self {
        Self {
            header: receipt.header.clone(),
            language: receipt.language.map_or("screen", Language::word).to_owned(),
            after_approval: receipt.after_approval,
            folder: receipt.folder.as_ref().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default(),
            pdf: receipt.pdf.word().to_owned(),
            way: printer.place.as_ref().map_or("none", PrinterPlace::word).to_owned(),
            address: printer.place.as_ref().map(PrinterPlace::address).unwrap_or_default(),
            paper: printer.paper.word().to_owned(),
            letters: printer.letters.word().to_owned(),
            code_page: printer.code_page,
            cutter: printer.cutter.word().to_owned(),
            feed: printer.feed,
            status: printer.status,
        }
    }
}
