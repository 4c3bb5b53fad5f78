//! Opening: which desk, which epoch, what is missing.

use std::path::PathBuf;
use std::sync::Arc;

use sqlx::SqliteConnection;
use sqlx::migrate::Migrator;
use vezne_core::ids::DeskId;
use vezne_core::ports::{Entropy, JournalFault};
use vezne_core::record::{EpochReason, Record};
use vezne_core::time::Timestamp;
use vezne_events::chained::ten;
use vezne_events::head::Head;
use vezne_events::{Keys, Tip, chain};

use crate::fault::{self, IntoFault, OpenFault};
use crate::files::{self, Files};
use crate::head::{self, Marker};
use crate::health::Health;
use crate::lock::Lock;
use crate::place::InPlace;
use crate::space::Reserve;
use crate::tables::events;
use crate::writer::Writer;
use crate::{connect, look, migrate, rebuild, repair};

/// What opening found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The epoch in which the journal goes on.
    pub epoch: u32,
    /// Why an epoch was begun just now, if one was.
    pub began: Option<EpochReason>,
    /// What is missing, after a restored backup.
    pub missing: Option<Missing>,
    /// The version that the file had, if it was brought to a newer one.
    pub migrated_from: Option<i64>,
    /// The copy made before that.
    pub copied_to: Option<PathBuf>,
}

/// The span that a restored backup does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// When the last event that is there was written.
    pub from: Timestamp,
    /// Until when something may be missing: when the journal was opened.
    pub until: Timestamp,
    /// The number of the last event that is there.
    pub after_seq: i64,
    /// The number of the last event that was there, where the marker beside the journal knows it.
    pub last_seq: Option<i64>,
}

/// Opens the file and hands back a writer that is ready to start.
pub(crate) async fn open(
    lock: Lock,
    keys: Keys,
    entropy: Arc<dyn Entropy>,
    migrations: &Migrator,
    now: Timestamp,
) -> Result<(Writer, DeskId, Start), OpenFault> {
    let io = |error: std::io::Error| OpenFault::Fault(fault::of_io(&error));
    let files = &Files::new(lock.home());
    let database = files.database();
    if repair::finish(files).map_err(io)? {
        tracing::warn!("a repair of the journal that had been cut off was finished");
    }
    look::before(files, &keys).await?;
    files::private_file(&database).map_err(io)?;
    if std::fs::metadata(&database).map_err(io)?.len() == 0 {
        // The home may be as new as the journal. Not by who made it: a start that died in between would leave it unsynced.
        files::sync_way_to(lock.home());
    }
    let migrated = migrate::bring_up(files, migrations).await?;
    let mut db = connect::writer(&database).await.fault()?;
    rebuild::if_wanted(&mut db).await?;
    let last = head::read(&files.head());
    let found = read_tip(&mut db).await?;
    let desk = match &found {
        Some(tip) => tip.desk_id.parse().map_err(|_| JournalFault::Unreadable("the desk's id".to_owned()))?,
        None => DeskId::from_parts(now, ten(entropy.as_ref())),
    };
    let begin = next_epoch(&mut db, found.as_ref(), last.as_ref(), &keys, now).await?;
    let reserve = Reserve::at(files.reserve());
    if let Err(error) = reserve.fill() {
        tracing::warn!(%error, "no space can be reserved for the journal");
    }
    let mut writer = Writer {
        database,
        connection: Some(db),
        keys,
        entropy,
        desk: desk.to_string(),
        marker: Marker::at(&files.head()),
        reserve,
        health: Arc::new(Health::good(files.damaged())),
        place: Arc::new(InPlace::new(files)),
        last: last_known(found.as_ref()),
        rescued: false,
        _lock: lock,
        #[cfg(test)]
        most_pages: None,
    };
    writer.place.remember();
    let mut start = Start {
        epoch: found.as_ref().map_or(1, |tip| number(tip.epoch)),
        began: None,
        missing: None,
        migrated_from: migrated.from,
        copied_to: migrated.backup,
    };
    if let Some(begin) = begin {
        start.epoch = number(begin.epoch);
        start.began = Some(begin.why);
        start.missing = begin.missing;
        let record = Record::EpochStarted { epoch: start.epoch, why: begin.why };
        writer.start_epoch(record, begin.epoch, now).await?;
    }
    if let Some(db) = &mut writer.connection {
        sqlx::query(connect::MARK_AS_IN_USE).execute(db).await.fault()?;
    }
    Ok((writer, desk, start))
}

async fn read_tip(db: &mut SqliteConnection) -> Result<Option<Tip>, JournalFault> {
    match events::desk(db).await.fault()? {
        None => Ok(None),
        Some(desk) => events::tip(db, &desk).await.fault(),
    }
}

fn last_known(tip: Option<&Tip>) -> Option<Head> {
    tip.map(|tip| Head { desk: tip.desk_id.clone(), epoch: tip.epoch, seq: tip.seq, hash: chain::hex(&tip.hash) })
}

fn number(epoch: i64) -> u32 {
    u32::try_from(epoch).unwrap_or(u32::MAX)
}

/// An epoch that is to begin.
struct Begin {
    epoch: i64,
    why: EpochReason,
    missing: Option<Missing>,
}

/// Whether the journal goes on where it stood, or a new epoch begins.
async fn next_epoch(
    db: &mut SqliteConnection,
    tip: Option<&Tip>,
    last: Option<&Head>,
    keys: &Keys,
    now: Timestamp,
) -> Result<Option<Begin>, JournalFault> {
    let known = last.map_or(0, |last| last.epoch);
    let Some(tip) = tip else {
        // A marker without a journal: the file was removed. All that it held is missing.
        let missing = last.map(|last| Missing {
            from: Timestamp::from_millis(0),
            until: now,
            after_seq: 0,
            last_seq: Some(last.seq),
        });
        let why = if missing.is_some() { EpochReason::Restored } else { EpochReason::NewJournal };
        return Ok(Some(Begin { epoch: known.saturating_add(1), why, missing }));
    };
    let next = tip.epoch.max(known).saturating_add(1);
    let is_backup: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *db).await.fault()?;
    let behind = match last {
        None => false,
        Some(last) => !holds(db, last).await?,
    };
    if is_backup == connect::BACKUP || behind {
        let missing = Missing {
            from: Timestamp::from_millis(tip.at_ms),
            until: now,
            after_seq: tip.seq,
            last_seq: last.filter(|last| last.desk == tip.desk_id && last.seq > tip.seq).map(|last| last.seq),
        };
        return Ok(Some(Begin { epoch: next, why: EpochReason::Restored, missing: Some(missing) }));
    }
    let lost = keys.find(&tip.key_id).is_none();
    Ok(lost.then_some(Begin { epoch: next, why: EpochReason::KeyLost, missing: None }))
}

/// Whether the journal holds the event that the marker names.
async fn holds(db: &mut SqliteConnection, last: &Head) -> Result<bool, JournalFault> {
    let hash = events::hash_at(db, &last.desk, last.seq).await.fault()?;
    Ok(hash.is_some_and(|hash| chain::hex(&hash) == last.hash))
}
