//! One owner: an advisory lock that says whose it is.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use fs4::fs_std::FileExt;
use vezne_core::ports::JournalFault;

use crate::fault;
use crate::files::{self, Files};

/// The right to write the journal of one home folder. Other processes may read beside it. Dropping it gives it back;
/// so does the end of the process, however it ends.
#[derive(Debug)]
pub struct Lock {
    home: PathBuf,
    // Holds the operating system's lock as long as it is open.
    _file: File,
}

/// Why the lock was not got.
#[derive(Debug, thiserror::Error)]
pub enum LockFault {
    /// Another process owns the journal.
    #[error("{}", held_by(*.pid))]
    LockedBy {
        /// Its process id; `None` in the moment before it has written it down, and where the platform hides a locked
        /// file's content.
        pid: Option<u32>,
    },
    /// The folder or the lock file can't be made.
    #[error(transparent)]
    Fault(#[from] JournalFault),
}

fn held_by(pid: Option<u32>) -> String {
    match pid {
        Some(pid) => format!("the journal is in use by process {pid}"),
        None => "the journal is in use by another process".to_owned(),
    }
}

impl Lock {
    /// Takes the lock of this home folder, making the folder if it is not there.
    ///
    /// # Errors
    /// [`LockFault::LockedBy`] when another process has it, or another handle of this one.
    pub fn acquire(home: &Path) -> Result<Self, LockFault> {
        let fault = |error: std::io::Error| LockFault::Fault(fault::of_io(&error));
        files::private_folder(home).map_err(fault)?;
        let path = Files::new(home).lock();
        let mut file = files::private().create(true).truncate(false).open(path).map_err(fault)?;
        if !FileExt::try_lock_exclusive(&file).map_err(fault)? {
            return Err(LockFault::LockedBy { pid: read_pid(&mut file) });
        }
        file.set_len(0).map_err(fault)?;
        file.seek(SeekFrom::Start(0)).map_err(fault)?;
        file.write_all(format!("{}\n", std::process::id()).as_bytes()).map_err(fault)?;
        Ok(Self { home: home.to_owned(), _file: file })
    }

    /// The home folder that it is for.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
