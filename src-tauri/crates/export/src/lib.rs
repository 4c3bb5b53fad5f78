#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod close;
mod column;
mod file;
mod fill;
mod head;
mod import;
mod json;
mod row;
mod separated;
mod table;
mod text;
mod words;
mod xlsx;

pub use close::{CloseLine, close_csv, close_json, close_lines};
pub use column::{COLUMNS, Column, Value};
pub use file::{Existing, FileExport, WholeFile, sweep};
pub use fill::{FillFault, PROGRESS_EVERY};
pub use head::{Head, Zone, ZoneError};
pub use import::{Import, ImportFault, LINE_MOST, Wrong};
pub use json::JsonLines;
pub use row::{Back, Code, CodeError, EvidenceKind, Means, PaymentRow, RefusedBy, Subject, Total};
pub use separated::{Separated, Separators, unguarded};
pub use table::{Format, Table};
pub use words::Language;
pub use xlsx::{CELL_MOST, EXACT_BELOW, SHEET_ROWS, Workbook};

#[cfg(test)]
mod tests;
