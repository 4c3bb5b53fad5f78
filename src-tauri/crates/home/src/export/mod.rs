//! The accountant's table of a journal: read page by page, written row by row, into a file that is whole or not there.

mod rows;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vezne_core::ports::{Journal as _, JournalFault};
use vezne_core::time::Timestamp;
pub use vezne_export::{
    Existing as ExportExisting, Format as TableFormat, Language as TableLanguage, Separators as TableSeparators,
};
use vezne_export::{FileExport, Head, PaymentRow, Table, Zone};
use vezne_journal::{Journal, Taker, Told, Wanted, room_at};

use rows::Names;
pub use rows::row_of;

/// What is exported, and how.
#[derive(Debug, Clone)]
pub struct ExportOrder {
    /// Which attempts and reversals.
    pub wanted: Wanted,
    /// In which format.
    pub format: TableFormat,
    /// What is said of the whole table.
    pub head: Head,
    /// The desk's name, as its settings have it.
    pub desk: String,
    /// Whether it is training mode's journal: no money moved.
    pub training: bool,
}

/// What is said of a table of this span of time.
///
/// # Errors
/// [`ExportFault::Zone`] for a zone that has no name.
pub fn head_of(
    language: TableLanguage,
    zone: &str,
    (from, until): (Option<Timestamp>, Option<Timestamp>),
    made: Timestamp,
) -> Result<Head, ExportFault> {
    let zone: Zone = zone.parse().map_err(|_| ExportFault::Zone(zone.to_owned()))?;
    Ok(Head { language, zone, from, until, made })
}

/// An export that is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Its lines, titles not counted.
    pub rows: u64,
    /// Its size in bytes; zero where it went to somebody else.
    pub bytes: u64,
}

/// Why there is no export. Nothing is left behind in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum ExportFault {
    /// There is a file of this name already.
    #[error("there is a file {0} already")]
    Exists(PathBuf),
    /// The disk has not enough room for it, beside what answers need.
    #[error("it needs about {needs} bytes, and {has} are free")]
    NoRoom {
        /// How much it needs, roughly.
        needs: u64,
        /// How much is free.
        has: u64,
    },
    /// The time zone can't be named.
    #[error("there is no time zone {0}")]
    Zone(String),
    /// It was cancelled.
    #[error("the export was cancelled")]
    Cancelled,
    /// It can't be written.
    #[error("the export can't be written: {0}")]
    Output(#[from] io::Error),
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] JournalFault),
}

/// What a line takes in a file at the most, roughly: the measured mean of each format, and half of it more.
const fn bytes_of_line(format: TableFormat) -> u64 {
    match format {
        TableFormat::Csv(_) => 650,
        TableFormat::JsonLines => 1_350,
        TableFormat::Xlsx => 450,
    }
}

/// Exports into a file. `progress` hears how many have been looked at, of how many, and says whether to go on.
///
/// # Errors
/// [`ExportFault`]; a file of that name is then as it was, or not there.
pub async fn export_file(
    journal: Arc<Journal>,
    order: ExportOrder,
    (path, existing): (PathBuf, ExportExisting),
    mut progress: impl FnMut(u64, u64) -> ControlFlow<()> + Send + 'static,
) -> Result<Exported, ExportFault> {
    let total = journal.count(&order.wanted).await?;
    enough_room(&path, total.saturating_mul(bytes_of_line(order.format)))?;
    let names = Names::of(&journal.operators().await?);
    aside(move |handle| {
        if existing == ExportExisting::Keep && path.exists() {
            return Err(ExportFault::Exists(path));
        }
        let file =
            FileExport::begin(&path, existing, order.format, &order.head).map_err(|error| of_file(error, &path))?;
        let mut writing =
            Writing { table: file, order: &order, names, rows: 0, failed: None, progress: &mut progress, total };
        let ended = handle.block_on(journal.tell(&order.wanted, &mut writing));
        let Writing { table, rows, failed, .. } = writing;
        checked(ended, failed)?;
        let bytes = table.end().map_err(|error| of_file(error, &path))?;
        Ok(Exported { rows, bytes })
    })
    .await
}

/// Exports into anything that takes bytes; what has been written when it fails stays written.
///
/// # Errors
/// [`ExportFault`].
pub async fn export_into(
    journal: Arc<Journal>,
    order: ExportOrder,
    out: impl Write + Send + 'static,
) -> Result<Exported, ExportFault> {
    let names = Names::of(&journal.operators().await?);
    aside(move |handle| {
        let table = Table::begin(order.format, &order.head, out)?;
        let mut on = |_, _| ControlFlow::Continue(());
        let mut writing = Writing { table, order: &order, names, rows: 0, failed: None, progress: &mut on, total: 0 };
        let ended = handle.block_on(journal.tell(&order.wanted, &mut writing));
        let Writing { table, rows, failed, .. } = writing;
        checked(ended, failed)?;
        table.end()?.flush()?;
        Ok(Exported { rows, bytes: 0 })
    })
    .await
}

/// Writing and packing are work: they must not hold up whoever shares the runtime.
async fn aside(
    work: impl FnOnce(&tokio::runtime::Handle) -> Result<Exported, ExportFault> + Send + 'static,
) -> Result<Exported, ExportFault> {
    let handle = tokio::runtime::Handle::current();
    match tokio::task::spawn_blocking(move || work(&handle)).await {
        Ok(done) => done,
        Err(gone) => Err(ExportFault::Output(io::Error::other(gone))),
    }
}

fn checked(ended: Result<ControlFlow<()>, JournalFault>, failed: Option<io::Error>) -> Result<(), ExportFault> {
    match (ended?, failed) {
        (_, Some(error)) => Err(error.into()),
        (ControlFlow::Break(()), None) => Err(ExportFault::Cancelled),
        (ControlFlow::Continue(()), None) => Ok(()),
    }
}

fn of_file(error: io::Error, path: &Path) -> ExportFault {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return ExportFault::Exists(path.to_owned());
    }
    ExportFault::Output(error)
}

fn enough_room(path: &Path, needs: u64) -> Result<(), ExportFault> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A folder that can't be asked about says so when it is written to.
    match room_at(folder) {
        Ok(has) if has < needs => Err(ExportFault::NoRoom { needs, has }),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// What rows are written into.
trait Rows: Send {
    fn write(&mut self, row: &PaymentRow) -> io::Result<()>;
}

impl Rows for FileExport {
    fn write(&mut self, row: &PaymentRow) -> io::Result<()> {
        self.row(row)
    }
}

impl<W: Write + Send> Rows for Table<W> {
    fn write(&mut self, row: &PaymentRow) -> io::Result<()> {
        self.row(row)
    }
}

struct Writing<'a, T> {
    table: T,
    order: &'a ExportOrder,
    names: Names,
    rows: u64,
    failed: Option<io::Error>,
    progress: &'a mut (dyn FnMut(u64, u64) -> ControlFlow<()> + Send),
    total: u64,
}

impl<T: Rows> Taker for Writing<'_, T> {
    fn take(&mut self, told: Told) -> ControlFlow<()> {
        let row = rows::row(&told, &self.names, self.order);
        match self.table.write(&row) {
            Ok(()) => {
                self.rows = self.rows.saturating_add(1);
                ControlFlow::Continue(())
            }
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn looked(&mut self, at: u64) -> ControlFlow<()> {
        (self.progress)(at, self.total.max(at))
    }
}
