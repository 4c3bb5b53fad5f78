//! Bringing a journal's file to the version of this program. Migrations only add; an existing journal is copied first.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sqlx::migrate::Migrator;
use sqlx::{Connection, SqliteConnection};
use vezne_core::ports::JournalFault;

use crate::fault::{IntoFault, OpenFault};
use crate::files::Files;
use crate::{backup, connect, fault};

/// The versions this program knows.
pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// `PRAGMA application_id` of a journal: "VZNE".
const APPLICATION: i64 = 0x565A_4E45;

/// What stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing yet.
    Empty,
    /// A journal of this version.
    Version(i64),
}

/// The newest version of a set of migrations.
pub(crate) fn newest(migrations: &Migrator) -> i64 {
    migrations.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Looks at a file without changing it.
pub(crate) async fn look(db: &mut SqliteConnection, files: &Files) -> Result<Found, OpenFault> {
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&mut *db).await.fault()?;
    if tables == 0 {
        return Ok(Found::Empty);
    }
    let application: i64 = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *db).await.fault()?;
    let versions: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
        .fetch_one(&mut *db)
        .await
        .fault()?;
    // A crash between making the table of versions and the first migration leaves that table alone.
    if versions == 0 || (application != APPLICATION && tables > 2) {
        return Err(OpenFault::NotAJournal(files.database()));
    }
    let version: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(db).await.fault()?;
    Ok(version.map_or(Found::Empty, Found::Version))
}

/// What bringing a journal to this program's version did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Migrated {
    /// The version before; `None` for a new journal or one that needed nothing.
    pub(crate) from: Option<i64>,
    /// The copy made before.
    pub(crate) backup: Option<PathBuf>,
}

/// Refuses what is newer, copies what is older, migrates.
pub(crate) async fn bring_up(files: &Files, migrations: &Migrator) -> Result<Migrated, OpenFault> {
    let database = files.database();
    let known = newest(migrations);
    if files.rollback().exists() {
        let mut db = connect::taking_back(&database).await.fault()?;
        // Reading is what makes SQLite take it back.
        sqlx::query("SELECT count(*) FROM sqlite_schema").execute(&mut db).await.fault()?;
        db.close().await.fault()?;
    }
    let mut db = connect::reader(&database).await.fault()?;
    let found = look(&mut db, files).await?;
    let mut done = Migrated { from: None, backup: None };
    match found {
        Found::Empty => {}
        Found::Version(found) if found > known => return Err(OpenFault::Newer { found, known }),
        Found::Version(found) if found < known => {
            let path = files.before_migration(known);
            backup::copy(&database, &path).await.map_err(|error| OpenFault::NoBackup(Box::new(error)))?;
            done = Migrated { from: Some(found), backup: Some(path) };
        }
        Found::Version(_) => {}
    }
    drop(db);
    let mut db = connect::writer(&database).await.fault()?;
    migrations.run_direct(&mut db).await.map_err(|error| fault::of_migration(&error))?;
    Ok(done)
}

/// What of the schema is not as this program makes it, by name: a bit of its text may have changed, and only whoever writes
/// would notice, or nobody. Nothing is said of a journal of another version.
pub(crate) async fn odd_schema(db: &mut SqliteConnection) -> Result<Vec<String>, JournalFault> {
    let carried_out: Vec<(i64, bool, Vec<u8>)> =
        sqlx::query_as("SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version")
            .fetch_all(&mut *db)
            .await
            .fault()?;
    if carried_out.last().is_some_and(|(version, ..)| *version != newest(&MIGRATIONS)) {
        return Ok(Vec::new());
    }
    let known = MIGRATIONS.iter().map(|known| (known.version, true, known.checksum.to_vec()));
    if carried_out != known.collect::<Vec<_>>() {
        return Ok(vec!["the list of versions".to_owned()]);
    }
    let mut new = SqliteConnection::connect("sqlite::memory:").await.fault()?;
    MIGRATIONS.run_direct(&mut new).await.map_err(|error| JournalFault::NotWritable(error.to_string()))?;
    let (made, found) = (schema(&mut new).await?, schema(db).await?);
    new.close().await.fault()?;
    let differs = |(name, sql): (&String, &String)| (found.get(name) != Some(sql)).then(|| name.clone());
    let mut odd: Vec<String> = made.iter().filter_map(differs).collect();
    odd.extend(found.into_keys().filter(|name| !made.contains_key(name)));
    Ok(odd)
}

async fn schema(db: &mut SqliteConnection) -> Result<BTreeMap<String, String>, JournalFault> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT type || ' ' || name || ' of ' || tbl_name, coalesce(sql, '') FROM sqlite_schema")
            .fetch_all(db)
            .await
            .fault()?;
    Ok(rows.into_iter().collect())
}
