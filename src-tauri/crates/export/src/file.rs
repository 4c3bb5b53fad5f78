//! An export as a file that is whole or not there.

use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, ErrorKind};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::fill::FillFault;
use crate::head::Head;
use crate::row::PaymentRow;
use crate::table::{Format, Table};

/// How much is gathered before it is written.
const BUFFER: usize = 256 * 1024;

/// What is done about a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Existing {
    /// It stays, and the export is refused.
    Keep,
    /// It is replaced, at once and only when the new one is whole: somebody was asked.
    Replace,
}

/// A table on its way into a file. Until it is whole it stands beside its place, as `name.part`; one that is dropped
/// before its end (cancelled, failed) leaves nothing behind. On Unix it is its owner's alone: it holds names.
#[derive(Debug)]
pub struct FileExport {
    table: Option<Table<BufWriter<File>>>,
    part: PathBuf,
    path: PathBuf,
    existing: Existing,
    /// Whether the part is still to be removed.
    unfinished: bool,
}

impl FileExport {
    /// Begins the table beside the place where it will stand. What a run that was killed left there is removed.
    ///
    /// # Errors
    /// When there is a file already that shall be kept, another export is on its way to the same place, or it can't be
    /// written.
    pub fn begin(path: &Path, existing: Existing, format: Format, head: &Head) -> io::Result<Self> {
        refuse_existing(path, existing)?;
        let mut name = path.file_name().map(OsString::from).ok_or(ErrorKind::InvalidInput)?;
        name.push(".part");
        let part = path.with_file_name(name);
        let file = fresh(&part)?;
        // From here on the part is removed whatever happens.
        let mut export = Self { table: None, part, path: path.to_owned(), existing, unfinished: true };
        export.table = Some(Table::begin(format, head, BufWriter::with_capacity(BUFFER, file))?);
        Ok(export)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn row(&mut self, row: &PaymentRow) -> io::Result<()> {
        self.table.as_mut().ok_or(ErrorKind::InvalidInput)?.row(row)
    }

    /// Writes all the rows, with progress: [`Table::fill`].
    ///
    /// # Errors
    /// When it can't be written, the rows can't be had, or the answer to progress was to stop.
    pub fn fill<E: Error + 'static>(
        &mut self,
        rows: impl IntoIterator<Item = Result<PaymentRow, E>>,
        progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<u64, FillFault<E>> {
        self.table.as_mut().ok_or_else(|| io::Error::from(ErrorKind::InvalidInput))?.fill(rows, progress)
    }

    /// Makes it whole: the end is written, all of it synced to the disk, and only then it gets its name. How many bytes
    /// it has.
    ///
    /// # Errors
    /// When it can't be written, or somebody else has put a file in its place that shall be kept.
    pub fn end(mut self) -> io::Result<u64> {
        let table = self.table.take().ok_or(ErrorKind::InvalidInput)?;
        let file = table.end()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        // Windows renames no file that is open.
        drop(file);
        refuse_existing(&self.path, self.existing)?;
        fs::rename(&self.part, &self.path)?;
        self.unfinished = false;
        sync_folder(&self.path)?;
        Ok(bytes)
    }
}

impl Drop for FileExport {
    fn drop(&mut self) {
        // Closed first: Windows removes no file that is open.
        drop(self.table.take());
        if self.unfinished {
            // Nobody is left to tell; the next export to this place removes it.
            let _ = fs::remove_file(&self.part);
        }
    }
}

fn refuse_existing(path: &Path, existing: Existing) -> io::Result<()> {
    match existing {
        Existing::Replace => Ok(()),
        Existing::Keep if fs::symlink_metadata(path).is_ok() => {
            Err(io::Error::new(ErrorKind::AlreadyExists, "there is a file of this name already"))
        }
        Existing::Keep => Ok(()),
    }
}

/// A new part, locked while it is written. One that is there and not locked was left by a run that was killed.
fn fresh(part: &Path) -> io::Result<File> {
    let file = match create(part) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let left = File::options().write(true).open(part)?;
            lock(&left)?;
            fs::remove_file(part)?;
            drop(left);
            create(part)?
        }
        other => other?,
    };
    lock(&file)?;
    Ok(file)
}

fn create(part: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(part)
}

fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(ErrorKind::ResourceBusy, "another export to this file is on its way"))
        }
        // Some network folders know no locks; the part's own name still keeps two exports apart.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whoever is told that it is done may switch the machine off: the name has to be on the disk too.
fn sync_folder(path: &Path) -> io::Result<()> {
    // Windows keeps folders by itself.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
