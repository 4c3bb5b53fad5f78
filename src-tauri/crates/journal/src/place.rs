//! Whether the files are still where they were opened. A file that was removed can be written to and read from for as long
//! as it is open, and everything written goes with it: so the name is held against the open file before each write.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use vezne_core::ports::JournalFault;

use crate::files::Files;

/// A file's identity.
type Id = (u64, u64);

#[derive(Debug, Default)]
struct Seen {
    database: Option<Id>,
    /// The write-ahead log: what is committed stands there first.
    log: Option<Id>,
}

/// Where the writing connection's files were when it was opened.
#[derive(Debug)]
pub(crate) struct InPlace {
    files: Files,
    seen: Mutex<Seen>,
}

impl InPlace {
    pub(crate) fn new(files: &Files) -> Self {
        Self { files: files.clone(), seen: Mutex::default() }
    }

    /// Takes what stands there now for what is open. SQLite makes the log when it first needs it, so this is called again
    /// after a write.
    pub(crate) fn remember(&self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.database = seen.database.or_else(|| id(&self.files.database()).ok());
        seen.log = seen.log.or_else(|| id(&self.files.log()).ok());
    }

    /// Nothing is open for writing.
    pub(crate) fn forget(&self) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen::default();
    }

    /// Holds what is there against what was opened.
    ///
    /// # Errors
    /// [`JournalFault::Gone`].
    pub(crate) fn check(&self) -> Result<(), JournalFault> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        same(&self.files.database(), seen.database)?;
        same(&self.files.log(), seen.log)
    }
}

fn same(path: &Path, opened: Option<Id>) -> Result<(), JournalFault> {
    let Some(opened) = opened else { return Ok(()) };
    let name = path.file_name().unwrap_or_default().display();
    match id(path) {
        Ok(found) if found == opened => Ok(()),
        Ok(_) => Err(JournalFault::Gone(format!("another file stands in the place of {name}"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(JournalFault::Gone(format!("{name} was removed or moved away")))
        }
        Err(error) => Err(JournalFault::Gone(format!("{name} can't be looked at: {error}"))),
    }
}

#[cfg(unix)]
fn id(path: &Path) -> io::Result<Id> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(path)?;
    Ok((found.dev(), found.ino()))
}

/// Where the platform gives files no number to compare, only their being there is looked at; Windows lets nobody remove an
/// open file of SQLite's.
#[cfg(not(unix))]
fn id(path: &Path) -> io::Result<Id> {
    std::fs::metadata(path).map(|_| (0, 0))
}
