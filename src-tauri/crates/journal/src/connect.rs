//! How every connection is opened.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};

/// How long a connection waits for another program's lock.
const BUSY: Duration = Duration::from_secs(5);
/// How long a read waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// Connections for reading beside the one that writes.
const READERS: u32 = 4;

/// `PRAGMA user_version` of a backup: opened as a journal, it starts a new epoch. 0 in a journal in use.
pub(crate) const BACKUP: i64 = 1;
/// Marks a copy as a backup.
pub(crate) const MARK_AS_BACKUP: &str = "PRAGMA user_version = 1";
/// Marks a backup as a journal in use.
pub(crate) const MARK_AS_IN_USE: &str = "PRAGMA user_version = 0";

fn options(database: &Path) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(false)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("trusted_schema", "OFF")
        .disable_statement_logging();
    if cfg!(target_os = "macos") {
        // Without it a sync on macOS stops at the drive's cache.
        options.pragma("fullfsync", "ON").pragma("checkpoint_fullfsync", "ON")
    } else {
        options
    }
}

/// The one connection that writes. The database file must be there.
pub(crate) async fn writer(database: &Path) -> Result<SqliteConnection, sqlx::Error> {
    options(database).journal_mode(SqliteJournalMode::Wal).connect().await
}

/// A connection of its own for a long read.
pub(crate) async fn reader(database: &Path) -> Result<SqliteConnection, sqlx::Error> {
    reading(database).connect().await
}

/// A connection that reads the journal and writes a copy of it elsewhere.
pub(crate) async fn copier(database: &Path) -> Result<SqliteConnection, sqlx::Error> {
    options(database).read_only(true).connect().await
}

/// A connection that takes back what a start that was cut off had begun before the file was in WAL mode: a connection that
/// only reads can't, and says that the file is read only.
pub(crate) async fn taking_back(database: &Path) -> Result<SqliteConnection, sqlx::Error> {
    options(database).connect().await
}

/// A connection to a copy that nobody else uses, in a journal mode that leaves no files beside it.
pub(crate) async fn copy(database: &Path) -> Result<SqliteConnection, sqlx::Error> {
    options(database).journal_mode(SqliteJournalMode::Delete).connect().await
}

/// A connection to a file that may be lost at any moment.
pub(crate) async fn scratch(database: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let options = options(database).pragma("secure_delete", "OFF").foreign_keys(false);
    options.journal_mode(SqliteJournalMode::Off).synchronous(SqliteSynchronous::Off).connect().await
}

/// The read pool.
pub(crate) fn readers(database: &Path) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .acquire_timeout(ACQUIRE)
        .connect_lazy_with(reading(database))
}

fn reading(database: &Path) -> SqliteConnectOptions {
    options(database).read_only(true).pragma("query_only", "ON")
}
