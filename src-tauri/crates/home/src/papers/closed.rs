//! A day close as a paper and as a table.

use std::collections::BTreeMap;

use vezne_core::close::Closed;
use vezne_core::ids::OperatorId;
use vezne_export::{Language as Written, Separators, close_csv, close_json, close_lines};
use vezne_receipt::block::Document;
use vezne_receipt::pdf::{self, Paper, PdfError};
use vezne_receipt::{ClosePaper, Language, Marks};
use vezne_settings::Settings;

use super::source::merchant;

/// A close, with the names of those in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClosedDay {
    /// The close.
    pub closed: Closed,
    /// The operators' names.
    pub names: BTreeMap<OperatorId, String>,
    /// Whether it was made in training mode.
    pub training: bool,
}

impl ClosedDay {
    /// Its paper, with the merchant's header.
    #[must_use]
    pub fn document(&self, settings: &Settings, language: Language) -> Document {
        let marks = Marks { training: self.training, ..Marks::default() };
        let (closed, names) = (self.closed.clone(), self.names.clone());
        ClosePaper { merchant: merchant(settings), closed, names, marks }.document(language)
    }

    /// Its paper as PDF (A4).
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn pdf(&self, settings: &Settings, turkish: bool) -> Result<Vec<u8>, PdfError> {
        let language = if turkish { Language::Turkish } else { Language::English };
        pdf::write(&self.document(settings, language), Paper::A4)
    }

    /// Its lines as CSV, in the language's form.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn csv(&self, turkish: bool) -> std::io::Result<Vec<u8>> {
        let language = if turkish { Written::Turkish } else { Written::English };
        let mut bytes = Vec::new();
        close_csv(&close_lines(&self.closed, &self.names), Separators::of(language), language, &mut bytes)?;
        Ok(bytes)
    }

    /// Its lines as JSON.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn jsonl(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        close_json(&close_lines(&self.closed, &self.names), &mut bytes)?;
        Ok(bytes)
    }
}
