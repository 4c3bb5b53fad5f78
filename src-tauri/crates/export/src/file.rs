//! An export as a file that is whole or not there.

use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::fill::FillFault;
use crate::head::Head;
use crate::row::PaymentRow;
use crate::table::{Format, Table};

/// How much is gathered before it is written.
const BUFFER: usize = 256 * 1024;

/// What the name of a file on its way ends in.
const PART: &str = ".part";

/// What is done about a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Existing {
    /// It stays, and the export is refused.
    Keep,
    /// It is replaced, at once and only when the new one is whole: somebody was asked.
    Replace,
}

/// A file on its way. Until it is whole it stands beside its place, as `name.part`; one that is dropped before its end
/// (cancelled, failed) leaves nothing behind. On Unix it is its owner's alone: it holds names.
#[derive(Debug)]
pub struct WholeFile {
    file: Option<BufWriter<File>>,
    part: PathBuf,
    path: PathBuf,
    existing: Existing,
    /// Whether the part is still to be removed.
    unfinished: bool,
}

impl WholeFile {
    /// Begins it beside the place where it will stand. What a run that was killed left there is removed.
    ///
    /// # Errors
    /// When there is a file already that shall be kept, another one is on its way to the same place, or it can't be written.
    pub fn begin(path: &Path, existing: Existing) -> io::Result<Self> {
        refuse_existing(path, existing)?;
        let mut name = path.file_name().map(OsString::from).ok_or(ErrorKind::InvalidInput)?;
        name.push(PART);
        let part = path.with_file_name(name);
        let file = BufWriter::with_capacity(BUFFER, fresh(&part)?);
        Ok(Self { file: Some(file), part, path: path.to_owned(), existing, unfinished: true })
    }

    /// Makes it whole: all of it is synced to the disk, and only then it gets its name. How many bytes it has.
    ///
    /// # Errors
    /// When it can't be written, or somebody else has put a file in its place that shall be kept.
    pub fn end(mut self) -> io::Result<u64> {
        let file = self.file.take().ok_or(ErrorKind::InvalidInput)?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
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

    fn open(&mut self) -> io::Result<&mut BufWriter<File>> {
        self.file.as_mut().ok_or_else(|| ErrorKind::InvalidInput.into())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.open()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.open()?.flush()
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // Closed first, and what is gathered thrown away: Windows removes no file that is open.
        drop(self.file.take().map(BufWriter::into_parts));
        if self.unfinished {
            // Nobody is left to tell; the next export to this place removes it.
            let _ = fs::remove_file(&self.part);
        }
    }
}

/// Removes what runs that were killed have left in a folder: files on their way that nobody writes any more, of those whose
/// name begins so. How many there were.
///
/// # Errors
/// When the folder can't be read.
pub fn sweep(folder: &Path, begins: &str) -> io::Result<usize> {
    let mut swept = 0_usize;
    for entry in fs::read_dir(folder)?.filter_map(Result::ok) {
        let name = entry.file_name();
        let left = name.to_str().is_some_and(|name| name.starts_with(begins) && name.ends_with(PART));
        if !left || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let Ok(file) = File::options().write(true).open(entry.path()) else { continue };
        // Where a folder knows no locks, whether somebody writes it can't be told: it stays.
        if file.try_lock().is_ok() && fs::remove_file(entry.path()).is_ok() {
            swept = swept.saturating_add(1);
        }
    }
    Ok(swept)
}

/// A table on its way into a file that is whole or not there.
#[derive(Debug)]
pub struct FileExport(Table<WholeFile>);

impl FileExport {
    /// Begins the table beside the place where it will stand: [`WholeFile::begin`].
    ///
    /// # Errors
    /// When there is a file already that shall be kept, another export is on its way to the same place, or it can't be
    /// written.
    pub fn begin(path: &Path, existing: Existing, format: Format, head: &Head) -> io::Result<Self> {
        Table::begin(format, head, WholeFile::begin(path, existing)?).map(Self)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn row(&mut self, row: &PaymentRow) -> io::Result<()> {
        self.0.row(row)
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
        self.0.fill(rows, progress)
    }

    /// Writes the end and makes the file whole: [`WholeFile::end`].
    ///
    /// # Errors
    /// When it can't be written, or somebody else has put a file in its place that shall be kept.
    pub fn end(self) -> io::Result<u64> {
        self.0.end()?.end()
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
