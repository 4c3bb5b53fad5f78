//! What a repair has found, on the disk: a journal of a million payments does not fit into memory.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::SqliteConnection;
use vezne_core::ports::JournalFault;
use vezne_core::record::Record;
use vezne_events::{Event, Lost, fold};

use super::carve::NameRow;
use crate::fault::{self, IntoFault};
use crate::tables::{Stored, events as event_table, unwrapped};
use crate::{connect, files};

const MAKE: &str = "\
    CREATE TABLE found (event_id TEXT NOT NULL, desk_id TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, \
        at_ms INTEGER NOT NULL, kind TEXT NOT NULL, payment_id TEXT, attempt_id TEXT, reversal_id TEXT, \
        body TEXT NOT NULL, names TEXT NOT NULL, key_id TEXT NOT NULL, previous_hash BLOB NOT NULL, \
        hash BLOB NOT NULL, verified INTEGER NOT NULL, source INTEGER NOT NULL, taken INTEGER NOT NULL DEFAULT 0, \
        UNIQUE (desk_id, seq, hash, event_id, verified)); \
    CREATE INDEX found_taken ON found (seq) WHERE taken = 1; \
    CREATE TABLE found_names (name_id TEXT NOT NULL, desk_id TEXT NOT NULL, text TEXT, salt BLOB, erased_ms INTEGER, \
        UNIQUE (name_id, text, salt))";
const ADD: &str = "\
    INSERT INTO found (event_id, desk_id, epoch, seq, at_ms, kind, payment_id, attempt_id, reversal_id, body, names, \
        key_id, previous_hash, hash, verified, source) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
/// A key id that only one event names is no lost key: it is damaged itself.
const DROP_ODD_KEYS: &str = "\
    DELETE FROM found WHERE verified = 0 AND key_id IN \
    (SELECT key_id FROM found WHERE verified = 0 GROUP BY key_id HAVING count(*) < 2)";
const ADD_NAME: &str = "\
    INSERT INTO found_names (name_id, desk_id, text, salt, erased_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
/// The desk that most of it is of: a journal holds one.
const DESK: &str = "SELECT desk_id FROM found GROUP BY desk_id ORDER BY sum(verified) DESC, count(*) DESC LIMIT 1";
/// From the end of the chain to its beginning. Where several events have one number, what was verified comes first, then the
/// newest epoch, then what the journal itself held.
const BACKWARDS: &str = "\
    SELECT rowid AS place, epoch, seq, previous_hash, hash FROM found \
    WHERE desk_id = ? AND seq <= ? ORDER BY seq DESC, verified DESC, epoch DESC, source, rowid LIMIT 1000";
/// The end of the chain. Numbers alone do not tell: a restored backup uses them again, in a newer epoch.
const NEWEST: &str = "\
    SELECT rowid AS place, epoch, seq, previous_hash, hash FROM found \
    WHERE desk_id = ? ORDER BY verified DESC, epoch DESC, seq DESC, source, rowid LIMIT 1";
const EPOCHS: &str = "\
    SELECT epoch, min(seq) FROM found WHERE desk_id = ? AND kind = 'epoch_started' AND verified GROUP BY epoch";
const DECLARED: &str = "SELECT seq, body FROM found WHERE taken = 1 AND kind = 'span_lost'";
const TAKE: &str = "UPDATE found SET taken = 1 WHERE rowid = ?";
const NEXT_TAKEN: &str = "\
    SELECT event_id, desk_id, epoch, seq, at_ms, kind, payment_id, attempt_id, reversal_id, body, names, key_id, \
        previous_hash, hash FROM found WHERE taken = 1 AND seq > ? ORDER BY seq LIMIT 500";
const COUNTS: &str = "\
    SELECT count(*), coalesce(sum(source = 0), 0), coalesce(sum(1 - verified), 0) FROM found WHERE taken = 1";
const NAMES: &str = "SELECT name_id, desk_id, text, salt, erased_ms FROM found_names WHERE name_id = ? ORDER BY rowid";

/// How many links [`BACKWARDS`] gives at the most.
pub(super) const PAGE: usize = 1000;

/// A link of a chain that may have been.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Link {
    pub(super) place: i64,
    pub(super) epoch: i64,
    pub(super) seq: i64,
    pub(super) previous_hash: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

/// A file of its own that is removed when it is no longer needed.
pub(super) struct Found {
    db: SqliteConnection,
}

impl Found {
    pub(super) async fn make(path: &Path) -> Result<Self, JournalFault> {
        remove(path);
        files::claim(path).map_err(|error| fault::of_io(&error))?;
        let mut db = connect::scratch(path).await.fault()?;
        for statement in MAKE.split("; ") {
            sqlx::query(statement).execute(&mut db).await.fault()?;
        }
        Ok(Self { db })
    }

    pub(super) async fn begin(&mut self) -> Result<(), JournalFault> {
        sqlx::query("BEGIN").execute(&mut self.db).await.fault().map(drop)
    }

    pub(super) async fn commit(&mut self) -> Result<(), JournalFault> {
        sqlx::query("COMMIT").execute(&mut self.db).await.fault().map(drop)
    }

    pub(super) async fn add(&mut self, event: &Event, verified: bool, source: i64) -> Result<(), JournalFault> {
        event_table::bound(ADD, event).bind(verified).bind(source).execute(&mut self.db).await.fault().map(drop)
    }

    pub(super) async fn add_name(&mut self, name: &NameRow) -> Result<(), JournalFault> {
        sqlx::query(ADD_NAME)
            .bind(&name.name_id)
            .bind(&name.desk_id)
            .bind(&name.text)
            .bind(&name.salt)
            .bind(name.erased_ms)
            .execute(&mut self.db)
            .await
            .fault()
            .map(drop)
    }

    pub(super) async fn desk(&mut self) -> Result<Option<String>, JournalFault> {
        sqlx::query_scalar(DESK).fetch_optional(&mut self.db).await.fault()
    }

    pub(super) async fn drop_odd_keys(&mut self) -> Result<(), JournalFault> {
        sqlx::query(DROP_ODD_KEYS).execute(&mut self.db).await.fault().map(drop)
    }

    /// Lets go of what can't be verified.
    pub(super) async fn drop_unverified(&mut self) -> Result<u64, JournalFault> {
        let done = sqlx::query("DELETE FROM found WHERE verified = 0").execute(&mut self.db).await.fault()?;
        Ok(done.rows_affected())
    }

    pub(super) async fn backwards(&mut self, desk: &str, from: i64) -> Result<Vec<Link>, JournalFault> {
        sqlx::query_as(BACKWARDS).bind(desk).bind(from).fetch_all(&mut self.db).await.fault()
    }

    pub(super) async fn newest(&mut self, desk: &str) -> Result<Option<Link>, JournalFault> {
        sqlx::query_as(NEWEST).bind(desk).fetch_optional(&mut self.db).await.fault()
    }

    /// Where each epoch began.
    pub(super) async fn epochs(&mut self, desk: &str) -> Result<BTreeMap<i64, i64>, JournalFault> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(EPOCHS).bind(desk).fetch_all(&mut self.db).await.fault()?;
        Ok(rows.into_iter().collect())
    }

    /// The gaps that were declared in the chain before.
    pub(super) async fn declared(&mut self) -> Result<Vec<Lost>, JournalFault> {
        let rows: Vec<(i64, String)> = sqlx::query_as(DECLARED).fetch_all(&mut self.db).await.fault()?;
        let lost = |(seq, body): &(i64, String)| match fold::parse(body, *seq) {
            Ok(Record::SpanLost { first, last }) => Some(Lost { first, last }),
            Ok(_) | Err(_) => None,
        };
        Ok(rows.iter().filter_map(lost).collect())
    }

    pub(super) async fn forget_taken(&mut self) -> Result<(), JournalFault> {
        sqlx::query("UPDATE found SET taken = 0 WHERE taken = 1").execute(&mut self.db).await.fault().map(drop)
    }

    pub(super) async fn take(&mut self, place: i64) -> Result<(), JournalFault> {
        sqlx::query(TAKE).bind(place).execute(&mut self.db).await.fault().map(drop)
    }

    /// The next events of the chain after this number.
    pub(super) async fn taken_after(&mut self, seq: i64) -> Result<Vec<Event>, JournalFault> {
        let page = sqlx::query_as::<_, Stored<Event>>(NEXT_TAKEN).bind(seq).fetch_all(&mut self.db).await.fault()?;
        Ok(unwrapped(page))
    }

    /// How many are taken; how many of them stood in the journal itself; how many can't be verified.
    pub(super) async fn counts(&mut self) -> Result<(i64, i64, i64), JournalFault> {
        sqlx::query_as(COUNTS).fetch_one(&mut self.db).await.fault()
    }

    pub(super) async fn names(&mut self, name_id: &str) -> Result<Vec<NameRow>, JournalFault> {
        sqlx::query_as(NAMES).bind(name_id).fetch_all(&mut self.db).await.fault()
    }
}

/// Removes such a file with everything beside it.
pub(super) fn remove(path: &Path) {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let _not_there = std::fs::remove_file(name);
    }
}
