//! A table in any of the formats.

use std::io::{self, Write};

use crate::head::Head;
use crate::json::JsonLines;
use crate::row::PaymentRow;
use crate::separated::{Separated, Separators};
use crate::xlsx::Workbook;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// CSV, for Excel in the one or the other kind of region.
    Csv(Separators),
    /// One JSON object a line.
    JsonLines,
    /// Excel's own format.
    Xlsx,
}

impl Format {
    /// What the names of such files end in, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::JsonLines => "jsonl",
            Self::Xlsx => "xlsx",
        }
    }
}

/// A table that is being written: begun, then row by row, then ended. One that is dropped before its end is not whole.
#[derive(Debug)]
pub enum Table<W> {
    /// CSV.
    Csv(Separated<W>),
    /// JSON lines.
    JsonLines(JsonLines<W>),
    /// XLSX.
    Xlsx(Box<Workbook<W>>),
}

impl<W: Write> Table<W> {
    /// Writes what stands before the rows.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn begin(format: Format, head: &Head, out: W) -> io::Result<Self> {
        Ok(match format {
            Format::Csv(separators) => Self::Csv(Separated::begin(separators, head, out)?),
            Format::JsonLines => Self::JsonLines(JsonLines::begin(head, out)?),
            Format::Xlsx => Self::Xlsx(Box::new(Workbook::begin(head, out)?)),
        })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When it can't be written; for XLSX also when the workbook would be larger than 4 GiB.
    pub fn row(&mut self, row: &PaymentRow) -> io::Result<()> {
        match self {
            Self::Csv(table) => table.row(row),
            Self::JsonLines(table) => table.row(row),
            Self::Xlsx(table) => table.row(row),
        }
    }

    /// Writes what stands behind the rows, and gives the output back.
    ///
    /// # Errors
    /// As for a row.
    pub fn end(self) -> io::Result<W> {
        match self {
            Self::Csv(table) => table.end(),
            Self::JsonLines(table) => table.end(),
            Self::Xlsx(table) => table.end(),
        }
    }
}
