//! A table filled from wherever rows come from, with progress, until it is whole or somebody has had enough.

use std::error::Error;
use std::io::{self, Write};
use std::ops::ControlFlow;

use crate::row::PaymentRow;
use crate::table::Table;

/// After how many rows progress is told, and a cancel obeyed.
pub const PROGRESS_EVERY: u64 = 500;

/// Why a table was not filled.
#[derive(Debug, thiserror::Error)]
pub enum FillFault<E: Error + 'static> {
    /// It can't be written.
    #[error("the export can't be written: {0}")]
    Output(#[from] io::Error),
    /// The rows can't be had.
    #[error("the rows to export can't be read: {0}")]
    Rows(#[source] E),
    /// Whoever was told of the progress cancelled it.
    #[error("the export was cancelled after {rows} rows")]
    Cancelled {
        /// How many rows had been written.
        rows: u64,
    },
}

impl<W: Write> Table<W> {
    /// Writes all the rows, and says how many they were. Progress is told before the first row, after every
    /// [`PROGRESS_EVERY`] and after the last: how many are written; the answer says whether to go on. The table is not
    /// ended.
    ///
    /// # Errors
    /// When it can't be written, the rows can't be had, or the answer was to stop.
    pub fn fill<E: Error + 'static>(
        &mut self,
        rows: impl IntoIterator<Item = Result<PaymentRow, E>>,
        mut progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<u64, FillFault<E>> {
        let mut tell = |rows: u64| match progress(rows) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(FillFault::Cancelled { rows }),
        };
        let mut count = 0_u64;
        tell(count)?;
        for row in rows {
            self.row(&row.map_err(FillFault::Rows)?)?;
            count = count.saturating_add(1);
            if count.is_multiple_of(PROGRESS_EVERY) {
                tell(count)?;
            }
        }
        if !count.is_multiple_of(PROGRESS_EVERY) {
            tell(count)?;
        }
        Ok(count)
    }
}
