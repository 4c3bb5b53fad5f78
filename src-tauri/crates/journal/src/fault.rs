//! What can go wrong, told by its meaning.

use std::path::PathBuf;

use sqlx::migrate::MigrateError;
use vezne_core::ports::JournalFault;

/// Why a journal was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// It was written by a newer Vezne.
    #[error(
        "this journal has version {found}, and this program knows versions up to {known}: install the newer program again, or restore a backup made before the change"
    )]
    Newer {
        /// The version of the file.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// A migration that was carried out differs from the one this program holds.
    #[error("version {version} of this journal was not made by this program's version {version}: nothing is changed")]
    Foreign {
        /// The version that differs.
        version: i64,
    },
    /// There is a database, but it is none of ours.
    #[error("{} is a database, but no journal of Vezne", .0.display())]
    NotAJournal(PathBuf),
    /// There is no journal to read.
    #[error("there is no journal at {}", .0.display())]
    Missing(PathBuf),
    /// A journal of an older version can only be read after the desk has been started once.
    #[error("this journal has version {found} and must be brought to version {known} first: start the desk once")]
    Older {
        /// The version of the file.
        found: i64,
        /// The version this program reads.
        known: i64,
    },
    /// A backup could not be made before a migration, so nothing was changed.
    #[error("the journal must be brought to a newer version, but it could not be backed up before: {0}")]
    NoBackup(#[source] Box<BackupFault>),
    /// The file is damaged: nothing is changed, and a repair ([`crate::repair`]) is for a person to decide.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
    /// There is no journal, or an empty one, and there was one: backups of it are at hand.
    #[error("the journal is gone from {}, and backups of it are at hand", .0.display())]
    Gone(PathBuf),
    /// The file can't be read or written.
    #[error(transparent)]
    Fault(JournalFault),
}

impl From<JournalFault> for OpenFault {
    fn from(fault: JournalFault) -> Self {
        match fault {
            JournalFault::Damaged(words) => Self::Damaged(words),
            JournalFault::KeyTaken
            | JournalFault::OverrideUsed
            | JournalFault::ReversalOpen
            | JournalFault::CloseOutrun
            | JournalFault::DiskFull
            | JournalFault::NotWritable(_)
            | JournalFault::Unreadable(_)
            | JournalFault::Gone(_) => Self::Fault(fault),
        }
    }
}

/// Why a backup was not made. Nothing is left behind.
#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    /// Something stands there already.
    #[error("{} exists already, and a backup overwrites nothing", .0.display())]
    Exists(PathBuf),
    /// The copy was made, but it does not verify.
    #[error("the copy does not verify: {0}")]
    Broken(String),
    /// The file can't be read or written.
    #[error(transparent)]
    Fault(#[from] JournalFault),
}

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportFault {
    /// What is exported to can't be written.
    #[error("the export can't be written: {0}")]
    Output(#[from] std::io::Error),
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] JournalFault),
}

/// Names of SQLite's primary result codes that matter here.
mod code {
    pub(super) const PERM: u32 = 3;
    pub(super) const BUSY: u32 = 5;
    pub(super) const LOCKED: u32 = 6;
    pub(super) const READONLY: u32 = 8;
    pub(super) const IOERR: u32 = 10;
    pub(super) const CORRUPT: u32 = 11;
    pub(super) const FULL: u32 = 13;
    pub(super) const CANTOPEN: u32 = 14;
    pub(super) const CONSTRAINT: u32 = 19;
    pub(super) const NOTADB: u32 = 26;
    /// Extended ones: the disk does not give back what is there.
    pub(super) const IOERR_READ: u32 = 266;
    pub(super) const IOERR_SHORT_READ: u32 = 522;
    pub(super) const IOERR_CORRUPTFS: u32 = 8458;
}

/// The columns by which SQLite names the violated indexes.
const BLOCKING: &str = "attempts.guard_key";
const OPEN_REVERSAL: &str = "reversals.payment_id";

/// The meaning of a database error.
pub(crate) fn of_sqlx(error: &sqlx::Error) -> JournalFault {
    if let sqlx::Error::Io(error) = error {
        return of_io(error);
    }
    let Some(database) = error.as_database_error() else {
        let unreadable = matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_));
        let words = error.to_string();
        // Our tables are strict: what is of another kind, or no text, was not written so.
        return if unreadable { JournalFault::Damaged(words) } else { JournalFault::NotWritable(words) };
    };
    let words = database.message().to_owned();
    let extended = database.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or(0);
    match extended & 0xff {
        _ if extended == code::IOERR_SHORT_READ || extended == code::IOERR_CORRUPTFS => JournalFault::Damaged(words),
        _ if extended == code::IOERR_READ => JournalFault::Unreadable(words),
        code::FULL => JournalFault::DiskFull,
        code::CORRUPT | code::NOTADB => JournalFault::Damaged(words),
        code::BUSY | code::LOCKED => JournalFault::NotWritable(format!("another program holds it ({words})")),
        code::CONSTRAINT if words.ends_with(BLOCKING) => JournalFault::KeyTaken,
        code::CONSTRAINT if words.ends_with(OPEN_REVERSAL) => JournalFault::ReversalOpen,
        code::READONLY | code::CANTOPEN | code::IOERR | code::PERM | code::CONSTRAINT => {
            JournalFault::NotWritable(words)
        }
        _ => JournalFault::NotWritable(words),
    }
}

/// The meaning of a file error.
pub(crate) fn of_io(error: &std::io::Error) -> JournalFault {
    if error.kind() == std::io::ErrorKind::StorageFull {
        JournalFault::DiskFull
    } else {
        JournalFault::NotWritable(error.to_string())
    }
}

/// Below this, in bytes, a disk is full: not even the index of a write-ahead log can be made.
const FULL_BYTES: u64 = 64 * 1024;

/// What SQLite calls an input or output error where a file can't be made, said by its cause.
pub(crate) fn by_its_cause(fault: OpenFault, home: &std::path::Path) -> OpenFault {
    let is_full = || fs4::available_space(home).is_ok_and(|bytes| bytes < FULL_BYTES);
    if matches!(fault, OpenFault::Fault(JournalFault::NotWritable(_))) && is_full() {
        return OpenFault::Fault(JournalFault::DiskFull);
    }
    fault
}

/// The meaning of a failed migration.
pub(crate) fn of_migration(error: &MigrateError) -> OpenFault {
    if let MigrateError::VersionMismatch(version) = error {
        return OpenFault::Foreign { version: *version };
    }
    if let MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) = error {
        return of_sqlx(error).into();
    }
    OpenFault::Fault(JournalFault::Unreadable(error.to_string()))
}

/// Turns a database error into the port's fault.
pub(crate) trait IntoFault<T> {
    /// The same result with its error by meaning.
    fn fault(self) -> Result<T, JournalFault>;
}

impl<T> IntoFault<T> for Result<T, sqlx::Error> {
    fn fault(self) -> Result<T, JournalFault> {
        self.map_err(|error| of_sqlx(&error))
    }
}
