//! An export of the accountant's table, as the window asks for it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{LanguageWord, OutcomeWord, Time};

/// How the table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Excel's own format.
    Xlsx,
    /// CSV, with the separators that a spreadsheet of the language's country reads.
    Csv,
    /// JSON lines, for programs.
    Jsonl,
}

/// What is exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ExportInput {
    /// In which format.
    pub format: ExportFormat,
    /// In which language titles and words are.
    pub language: LanguageWord,
    /// From this local day on (`2026-11-01`); `null` for from the beginning.
    pub from: Option<String>,
    /// To the end of this local day; `null` for until now.
    pub to: Option<String>,
    /// Only those with this outcome.
    pub outcome: Option<OutcomeWord>,
    /// Only those of this account, by id.
    pub account: Option<String>,
    /// Only those of this operator, by id.
    pub operator: Option<String>,
    /// Only those in so many installments; 0 for the credit limit.
    pub plan: Option<u8>,
    /// With a line for each void and refund.
    pub reversals: bool,
}

/// What an export would hold, and where it would stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ExportPlan {
    /// How many will be looked at.
    pub rows: u32,
    /// The folder into which it is written.
    pub folder: String,
}

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct ExportProgress {
    /// How many have been looked at.
    pub at: u32,
    /// Of how many.
    pub of: u32,
}

/// An export that is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ExportDone {
    /// Its lines.
    pub rows: u32,
    /// Where it stands.
    pub path: String,
    /// When it was made.
    pub at: Time,
}
