//! A look at the files before anything opens them for writing: SQLite repairs what it can by itself, and what it can't
//! read of a write-ahead log it throws away. A damaged journal is left exactly as it was found.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sqlx::{Connection, SqliteConnection};
use vezne_core::ports::JournalFault;
use vezne_events::head::Head;
use vezne_events::{Keys, Report, chain};

use crate::fault::{self, IntoFault, OpenFault};
use crate::files::Files;
use crate::migrate::{self, Found};
use crate::tables::events as event_table;
use crate::{connect, head, health, keep, verify};

/// How many of the newest events are looked at.
const NEWEST: i64 = 100;
/// What every database of SQLite begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// A database without a table has one page, or none.
const EMPTY_PAGES: i64 = 1;

/// Looks at the journal of a home whose lock is held; `Ok` when it may be opened, or made.
pub(crate) async fn before(files: &Files, keys: &Keys) -> Result<(), OpenFault> {
    if files.rollback().exists() && head::read(&files.head()).is_none() {
        // The making of a new file was cut off: SQLite takes it back, and there was nothing in it yet.
        return Ok(());
    }
    let Some(size) = of_size(files)? else { return Ok(()) };
    begins_right(files, size)?;
    let looked = quick(files, keys).await;
    let noted = health::noted(&files.damaged());
    match (looked, noted) {
        (Err(fault), _) => Err(fault),
        (Ok(()), None) => Ok(()),
        // It was found damaged in an earlier run: whoever put another file there may have mended it.
        (Ok(()), Some(words)) => match whole(files, keys).await? {
            None => {
                let _next_time = std::fs::remove_file(files.damaged());
                Ok(())
            }
            Some(found) => Err(OpenFault::Damaged(if found.is_empty() { words } else { found })),
        },
    }
}

/// The size of the database; `None` when there is none and none is missed.
fn of_size(files: &Files) -> Result<Option<u64>, OpenFault> {
    let size = size_of(&files.database()).map_err(|error| OpenFault::Fault(fault::of_io(&error)))?;
    let log = size_of(&files.log()).unwrap_or_default().unwrap_or_default();
    match size {
        Some(size) if size > 0 => Ok(Some(size)),
        // SQLite would throw the log away.
        Some(_) | None if log > 0 => {
            Err(OpenFault::Damaged("the file is gone or empty, and its write-ahead log is not".to_owned()))
        }
        Some(_) | None if !keep::usable(files).is_empty() => Err(OpenFault::Gone(files.database())),
        Some(_) | None => Ok(None),
    }
}

fn size_of(path: &Path) -> std::io::Result<Option<u64>> {
    match std::fs::metadata(path) {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn begins_right(files: &Files, size: u64) -> Result<(), OpenFault> {
    // With a log beside it the first page counts as the log has it: a power cut while the log was moved into the database may
    // leave that page torn, and nothing is lost. SQLite then says what it makes of both.
    if size_of(&files.log()).unwrap_or_default().unwrap_or_default() > 0 {
        return Ok(());
    }
    let mut begin = Vec::with_capacity(MAGIC.len());
    let length = u64::try_from(MAGIC.len()).unwrap_or_default();
    let read = std::fs::File::open(files.database()).and_then(|file| file.take(length).read_to_end(&mut begin));
    read.map_err(|error| OpenFault::Fault(fault::of_io(&error)))?;
    if begin != MAGIC || size < 512 {
        return Err(OpenFault::Damaged("the file is not a database any more".to_owned()));
    }
    Ok(())
}

/// Schema, newest events, marker: what can be looked at in no time.
async fn quick(files: &Files, keys: &Keys) -> Result<(), OpenFault> {
    let marker = head::read(&files.head());
    let mut db = connect::reader(&files.database()).await.fault()?;
    let looked = newest(&mut db, files, keys, marker.as_ref()).await;
    let _closed = db.close().await;
    match looked {
        Err(OpenFault::Fault(JournalFault::Unreadable(words))) => Err(OpenFault::Damaged(words)),
        Err(OpenFault::NotAJournal(path)) if marker.is_some() => {
            Err(OpenFault::Damaged(format!("{} is no journal any more", path.display())))
        }
        looked => looked,
    }
}

async fn newest(db: &mut SqliteConnection, files: &Files, keys: &Keys, marker: Option<&Head>) -> Result<(), OpenFault> {
    if migrate::look(db, files).await? == Found::Empty {
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *db).await.fault()?;
        // A start that was cut off before the first event leaves tables and no marker.
        return match marker {
            Some(_) => Err(OpenFault::Damaged("its tables are gone".to_owned())),
            None if pages > EMPTY_PAGES && has_events(db).await? => {
                Err(OpenFault::Damaged("its version is gone".to_owned()))
            }
            None => Ok(()),
        };
    }
    let desk = event_table::desk(db).await.fault()?;
    let tip = match &desk {
        None => None,
        Some(desk) => event_table::tip(db, desk).await.fault()?,
    };
    let Some(tip) = tip else {
        return match marker {
            Some(_) => Err(OpenFault::Damaged("its events are gone".to_owned())),
            None => Ok(()),
        };
    };
    let mut before: Option<vezne_events::Event> = None;
    for event in event_table::page(db, &tip.desk_id, tip.seq.saturating_sub(NEWEST)).await.fault()? {
        let words = || OpenFault::Damaged(format!("event {} is not what was written", event.seq));
        let after = before.as_ref().is_none_or(|before| {
            before.seq.saturating_add(1) != event.seq || chain::same(&before.hash, &event.previous_hash)
        });
        let as_written = keys.find(&event.key_id).is_none_or(|key| chain::same(&event.link().hash(&key), &event.hash));
        if !(after && as_written) {
            return Err(words());
        }
        before = Some(event);
    }
    cut_short(db, files, marker).await
}

/// A journal that is behind its marker is an older file in its place, which begins an epoch; unless a write-ahead log stands
/// beside it: then what it held can't be read, and SQLite would throw it away.
async fn cut_short(db: &mut SqliteConnection, files: &Files, marker: Option<&Head>) -> Result<(), OpenFault> {
    let Some(marker) = marker else { return Ok(()) };
    let log = size_of(&files.log()).unwrap_or_default().unwrap_or_default();
    let is_backup: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *db).await.fault()?;
    if log == 0 || is_backup == connect::BACKUP {
        return Ok(());
    }
    let hash = event_table::hash_at(db, &marker.desk, marker.seq).await.fault()?;
    if hash.is_some_and(|hash| chain::hex(&hash) == marker.hash) {
        return Ok(());
    }
    Err(OpenFault::Damaged(format!("the newest events, up to {}, can't be read from its write-ahead log", marker.seq)))
}

async fn has_events(db: &mut SqliteConnection) -> Result<bool, JournalFault> {
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'events'").fetch_one(db).await.fault()?;
    Ok(tables > 0)
}

/// What a whole verification finds wrong with what was written; `None` when nothing is.
pub(crate) async fn whole(files: &Files, keys: &Keys) -> Result<Option<String>, OpenFault> {
    Ok(verified(files, keys).await?.map_or_else(Some, |report| report.damage()))
}

/// Whether nothing at all is wrong: neither with what was written nor with what is made from it.
pub(crate) async fn is_perfect(files: &Files, keys: &Keys) -> Result<bool, OpenFault> {
    Ok(verified(files, keys).await?.is_ok_and(|report| report.is_sound()))
}

/// The report, or why there can be none.
async fn verified(files: &Files, keys: &Keys) -> Result<Result<Report, String>, OpenFault> {
    let marker = head::read(&files.head());
    let mut db = connect::reader(&files.database()).await.fault()?;
    let found = match verify::all(&mut db, keys).await {
        Err(JournalFault::Damaged(words) | JournalFault::Unreadable(words)) => Ok(Err(words)),
        Err(fault) => Err(fault.into()),
        Ok(mut report) => {
            verify::against_marker(&mut db, marker, &mut report).await?;
            Ok(Ok(report))
        }
    };
    let _closed = db.close().await;
    found
}

/// Looks at a journal that is to be read, beside whoever owns it.
pub(crate) async fn beside(files: &Files, keys: &Keys) -> Result<(), OpenFault> {
    match size_of(&files.database()) {
        Ok(Some(size)) if size > 0 => quick(files, keys).await,
        Ok(_) | Err(_) => Ok(()),
    }
}

/// What opens the files for reading must not do either while a repair is being put in place.
pub(crate) fn swapping(files: &Files) -> Result<(), OpenFault> {
    if files.swapping().exists() {
        return Err(OpenFault::Damaged(
            "a repair was cut off before its end: start the desk, or repair again".to_owned(),
        ));
    }
    Ok(())
}

/// The journal's file when it is missed: a backup of it is there.
pub(crate) fn is_missed(files: &Files) -> Option<PathBuf> {
    (!keep::usable(files).is_empty()).then(|| files.database())
}
