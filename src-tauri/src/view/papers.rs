//! Receipts, and the printer that prints them.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Code, LanguageWord, Time};

/// Of what a receipt speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AboutInput {
    /// An attempt.
    Attempt {
        /// Its id.
        attempt: String,
    },
    /// A void or a refund.
    Reversal {
        /// Its id.
        reversal: String,
    },
}

/// A receipt as it will be on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ReceiptView {
    /// The name that it and its copies are counted by.
    pub paper: String,
    /// What it says, in one line.
    pub title: String,
    /// Its language.
    pub language: LanguageWord,
    /// The number of the copy; `null` for the first one.
    pub copy: Option<u32>,
    /// Its text, for whoever can't see the picture.
    pub text: String,
    /// The paper, dot by dot: an address of the picture's own bytes.
    pub picture: String,
    /// Dots in a row of it.
    pub width: u32,
    /// Rows of it.
    pub height: u32,
}

/// A paper that has left the desk, or waits for the printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct IssuedView {
    /// The number of the copy; `null` for the first one.
    pub copy: Option<u32>,
    /// Where it was saved, if it was.
    pub path: Option<String>,
}

/// By which way a paper left the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PaperWayWord {
    /// To the receipt printer.
    Printer,
    /// As a PDF file.
    Pdf,
    /// As the draft of a mail.
    Mail,
    /// Through the system's print dialog.
    Dialog,
    /// As a file of a printer's bytes.
    Bytes,
}

/// A paper of a payment that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PaperLine {
    /// When.
    pub at: Time,
    /// The attempt or reversal that it speaks of.
    pub about: String,
    /// The word of what it says: `approved`, `declined`, `unknown`, `done` …
    pub says: String,
    /// The number of the copy; `null` for the first one.
    pub copy: Option<u32>,
    /// By which way.
    pub way: PaperWayWord,
    /// In which language.
    pub language: LanguageWord,
    /// Who sat at the desk.
    pub operator: Option<String>,
}

/// Where a print job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PrintStand {
    /// It waits. Nothing of it has left.
    Waiting,
    /// It is on its way.
    Printing,
    /// A person is asked whether it came out.
    Asked,
}

/// A paper in the printer's queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PrintJobView {
    /// Its number.
    pub job: u32,
    /// The paper's name.
    pub paper: String,
    /// What it says, in one line.
    pub title: String,
    /// What was paid for.
    pub subject: String,
    /// The number of the copy; `null` for the first one.
    pub copy: Option<u32>,
    /// Where it stands.
    pub stand: PrintStand,
    /// What is wrong.
    pub trouble: Option<Code>,
    /// When it was ordered.
    pub ordered: Time,
    /// When it is tried next.
    pub next: Option<Time>,
}

/// The receipt printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PrinterView {
    /// Whether one is set up.
    pub set_up: bool,
    /// Whether receipts are printed by themselves after an approval.
    pub after_approval: bool,
    /// The language of papers; `null` for the screen's.
    pub language: Option<LanguageWord>,
    /// For which paper PDFs are made.
    pub pdf: PdfPaperWord,
    /// What waits, is printed or asked about, oldest first.
    pub jobs: Vec<PrintJobView>,
}

/// The paper that a PDF is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub enum PdfPaperWord {
    /// Sheets of A4.
    #[serde(rename = "a4")]
    A4,
    /// A roll of 80 mm.
    #[serde(rename = "80")]
    Roll80,
    /// A roll of 58 mm.
    #[serde(rename = "58")]
    Roll58,
}

/// How a receipt is saved as PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PdfInput {
    /// In which language.
    pub language: LanguageWord,
    /// For which paper.
    pub paper: PdfPaperWord,
}

/// What a person saw of a paper that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SeenWord {
    /// It came out.
    CameOut,
    /// Print a copy.
    Copy,
    /// It is not needed.
    Drop,
}

/// `[receipt]` and `[printer]`, to be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PapersInput {
    /// The merchant's header, line by line.
    pub header: Vec<String>,
    /// `screen`, `en` or `tr`.
    pub language: String,
    /// Whether receipts are printed by themselves after an approval.
    pub after_approval: bool,
    /// Where PDFs are saved; empty for the usual folder.
    pub folder: String,
    /// For which paper PDFs are made: `a4`, `80` or `58`.
    pub pdf: String,
    /// `none`, `network`, `device` or `spooler`.
    pub way: String,
    /// Where the printer is.
    pub address: String,
    /// `80`, `80_narrow`, `58` or `a4`.
    pub paper: String,
    /// `cp857`, `windows1254`, `ascii` or `drawn`.
    pub letters: String,
    /// The code page's number in the printer; `null` for Epson's.
    pub code_page: Option<u8>,
    /// `none`, `partial` or `full`.
    pub cutter: String,
    /// Lines fed before the cut.
    pub feed: u8,
    /// Whether the printer is asked how it does.
    pub status: bool,
}
