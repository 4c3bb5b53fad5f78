//! The one task that writes. It owns the connection; what it has begun runs to its end, whoever still waits for it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use vezne_core::attempt::Entry;
use vezne_core::ids::NameId;
use vezne_core::ports::{Entropy, JournalFault};
use vezne_core::record::{Batch, Record};
use vezne_core::time::Timestamp;
use vezne_events::Keys;
use vezne_events::chain;
use vezne_events::chained::{Draft, Place, chained, refuse_epochs};
use vezne_events::head::Head;

use crate::fault::IntoFault;
use crate::head::Marker;
use crate::health::Health;
use crate::lock::Lock;
use crate::place::InPlace;
use crate::space::Reserve;
use crate::tables::{attempts, events as event_table, names};
use crate::{closes, connect, project, rebuild, rescue};

/// How many pieces of work may wait.
const QUEUE: usize = 64;
/// Moves the write-ahead log into the database, and syncs both.
const MOVE_LOG: &str = "PRAGMA wal_checkpoint(FULL)";

/// What the task is asked to do. A reply that nobody waits for any more is dropped; the work is not.
pub(crate) enum Work {
    Append {
        batch: Batch,
        at: Timestamp,
        reply: oneshot::Sender<Result<(), JournalFault>>,
    },
    Erase {
        name: NameId,
        at: Timestamp,
        reply: oneshot::Sender<Result<bool, JournalFault>>,
    },
    Rebuild {
        reply: oneshot::Sender<Result<(), JournalFault>>,
    },
    Reopen {
        reply: oneshot::Sender<Result<(), JournalFault>>,
    },
    /// Looks whether the file is in its place, and copies it if it is not.
    Rescue,
    Close {
        reply: oneshot::Sender<()>,
    },
    /// Gives the database a page limit, to stand for a disk of that size.
    #[cfg(test)]
    LimitPages {
        pages: i64,
        reply: oneshot::Sender<()>,
    },
    /// Runs a statement on the writing connection.
    #[cfg(test)]
    Run {
        sql: &'static str,
        reply: oneshot::Sender<()>,
    },
    /// Counts the steps of SQLite's machine from now on.
    #[cfg(test)]
    Count {
        reply: oneshot::Sender<Arc<std::sync::atomic::AtomicU64>>,
    },
}

/// The writing task's own things.
pub(crate) struct Writer {
    pub(crate) database: PathBuf,
    pub(crate) connection: Option<SqliteConnection>,
    pub(crate) keys: Keys,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) desk: String,
    pub(crate) marker: Marker,
    pub(crate) reserve: Reserve,
    pub(crate) health: Arc<Health>,
    pub(crate) place: Arc<InPlace>,
    /// The newest event that is known to be in the file.
    pub(crate) last: Option<Head>,
    /// Whether what a removed file held has been copied to where it can be found.
    pub(crate) rescued: bool,
    /// Given back when the last piece of work is done and the connection is closed, not before.
    pub(crate) _lock: Lock,
    /// How many pages the database may have: a disk of that size.
    #[cfg(test)]
    pub(crate) most_pages: Option<i64>,
}

impl Writer {
    /// Starts the task.
    pub(crate) fn start(mut self) -> mpsc::Sender<Work> {
        let (sender, mut receiver) = mpsc::channel(QUEUE);
        tokio::spawn(async move {
            while let Some(work) = receiver.recv().await {
                if let Some(reply) = self.carry_out(work).await {
                    self.close().await;
                    // With the lock: whoever waits for the reply may take it at once.
                    drop(self);
                    let _ = reply.send(());
                    return;
                }
            }
            self.close().await;
        });
        sender
    }

    /// Does one piece of work; gives back the reply to send after closing.
    async fn carry_out(&mut self, work: Work) -> Option<oneshot::Sender<()>> {
        // Whether anybody still waits for a reply changes nothing.
        match work {
            Work::Append { batch, at, reply } => {
                let _ = reply.send(self.append(batch, at).await);
            }
            Work::Erase { name, at, reply } => {
                let erased = self.erase(name, at).await;
                let _ = reply.send(self.told(erased));
            }
            Work::Rebuild { reply } => {
                let rebuilt = self.rebuild().await;
                let _ = reply.send(self.told(rebuilt));
            }
            Work::Reopen { reply } => {
                let _ = reply.send(self.reopen().await);
            }
            Work::Rescue => drop(self.in_place().await),
            Work::Close { reply } => return Some(reply),
            #[cfg(test)]
            Work::LimitPages { pages, reply } => {
                self.limit_pages(pages).await;
                let _ = reply.send(());
            }
            #[cfg(test)]
            Work::Run { sql, reply } => {
                let db = self.connection.as_mut().unwrap();
                sqlx::query(sql).execute(db).await.unwrap();
                let _ = reply.send(());
            }
            #[cfg(test)]
            Work::Count { reply } => {
                let _ = reply.send(self.count().await);
            }
        }
        None
    }

    /// Appends a batch; on a full disk once more with the reserve given back to the disk.
    pub(crate) async fn append(&mut self, batch: Batch, at: Timestamp) -> Result<(), JournalFault> {
        refuse_epochs(&batch)?;
        self.write(batch, at, None).await
    }

    /// Appends the first event of an epoch.
    pub(crate) async fn start_epoch(&mut self, record: Record, epoch: i64, at: Timestamp) -> Result<(), JournalFault> {
        self.write(Batch { records: vec![record], names: Vec::new() }, at, Some(epoch)).await
    }

    async fn write(&mut self, batch: Batch, at: Timestamp, epoch: Option<i64>) -> Result<(), JournalFault> {
        let Some(draft) = Draft::of(batch, at, self.entropy.as_ref())? else { return Ok(()) };
        let mut written = self.try_write(&draft, epoch).await;
        if written == Err(JournalFault::DiskFull) && self.reserve.release() {
            tracing::error!("the disk is full: the journal's reserved space is given back to write this down");
            #[cfg(test)]
            self.raise_page_limit().await;
            written = self.try_write(&draft, epoch).await;
        }
        written
    }

    async fn try_write(&mut self, draft: &Draft, epoch: Option<i64>) -> Result<(), JournalFault> {
        self.in_place().await?;
        self.ensure_open().await?;
        let Some(connection) = &mut self.connection else { return Err(not_open()) };
        let chain = Chain { keys: &self.keys, entropy: self.entropy.as_ref(), desk: &self.desk, epoch };
        let written = chain.write(connection, draft).await;
        let head = self.told(written)?;
        self.place.remember();
        self.marker.write(&head);
        self.last = Some(head);
        Ok(())
    }

    /// Refuses to write into a file that is not in its place: it would be lost with the file.
    async fn in_place(&mut self) -> Result<(), JournalFault> {
        match self.place.check() {
            Ok(()) => Ok(()),
            Err(fault) => {
                self.rescue().await;
                Err(fault)
            }
        }
    }

    /// Copies what a removed file holds to where a repair finds it, for as long as the file is still open here.
    async fn rescue(&mut self) {
        let (false, Some(db)) = (self.rescued, &mut self.connection) else { return };
        match rescue::copy(&self.database, db).await {
            Ok(copy) => {
                tracing::error!(copy = %copy.display(), "the journal's file is gone from its place: what it held is copied");
                self.rescued = true;
            }
            Err(fault) => tracing::error!(%fault, "the journal's file is gone from its place, and can't be copied yet"),
        }
    }

    /// Gives the connection up when it should not be trusted after this.
    fn told<T>(&mut self, done: Result<T, JournalFault>) -> Result<T, JournalFault> {
        if done.as_ref().is_err_and(breaks_connection) {
            self.connection = None;
            self.place.forget();
        }
        self.health.looked(done)
    }

    async fn ensure_open(&mut self) -> Result<(), JournalFault> {
        if self.connection.is_none() {
            let mut connection = connect::writer(&self.database).await.fault()?;
            self.is_ours(&mut connection).await?;
            self.connection = Some(connection);
            self.place.remember();
            #[cfg(test)]
            self.apply_page_limit().await;
        }
        Ok(())
    }

    /// Whether a file that is opened anew still holds what was written last: an older one may have been put in its place.
    async fn is_ours(&self, connection: &mut SqliteConnection) -> Result<(), JournalFault> {
        let Some(last) = &self.last else { return Ok(()) };
        let hash = event_table::hash_at(connection, &last.desk, last.seq).await.fault()?;
        if hash.is_some_and(|hash| chain::hex(&hash) == last.hash) {
            return Ok(());
        }
        Err(JournalFault::Gone(format!("another file stands in its place, without event {}", last.seq)))
    }

    async fn erase(&mut self, name: NameId, at: Timestamp) -> Result<bool, JournalFault> {
        self.ensure_open().await?;
        let Some(db) = &mut self.connection else { return Err(not_open()) };
        let mut transaction = db.begin_with("BEGIN IMMEDIATE").await.fault()?;
        let erased = names::erase(&mut transaction, &name.to_string(), at.as_millis()).await.fault()?;
        transaction.commit().await.fault()?;
        // The write-ahead log still holds the page with the name until it is moved into the database and cut. A long
        // read may keep it; the next checkpoint then does it.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *db).await.fault()?;
        Ok(erased)
    }

    async fn rebuild(&mut self) -> Result<(), JournalFault> {
        self.ensure_open().await?;
        let Some(db) = &mut self.connection else { return Err(not_open()) };
        let mut transaction = db.begin_with("BEGIN IMMEDIATE").await.fault()?;
        rebuild::all(&mut transaction).await?;
        transaction.commit().await.fault()
    }

    async fn reopen(&mut self) -> Result<(), JournalFault> {
        // A file that was removed stays open: it is all there is, and it may be put back.
        self.in_place().await?;
        self.close().await;
        self.ensure_open().await?;
        let Some(db) = &mut self.connection else { return Err(not_open()) };
        let tip = event_table::tip(db, &self.desk).await.fault()?;
        if tip.is_none() {
            return Err(JournalFault::Unreadable("the journal's events are gone".to_owned()));
        }
        self.settle().await?;
        if let Err(error) = self.reserve.fill() {
            tracing::warn!(%error, "no space can be reserved for the journal");
        }
        Ok(())
    }

    /// A batch whose sync failed may be found now and not be on the disk: told as written, a power cut would still take it.
    /// Moving the log into the database writes it once more, and syncs. On a full disk the reserve makes room.
    async fn settle(&mut self) -> Result<(), JournalFault> {
        let Some(db) = &mut self.connection else { return Err(not_open()) };
        let mut moved = sqlx::query(MOVE_LOG).execute(&mut *db).await.fault().map(|_| ());
        if moved == Err(JournalFault::DiskFull) && self.reserve.release() {
            tracing::error!("the disk is full: the journal's reserved space is given back to keep what was found");
            moved = sqlx::query(MOVE_LOG).execute(&mut *db).await.fault().map(|_| ());
        }
        moved
    }

    async fn close(&mut self) {
        self.place.forget();
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the journal's connection did not close cleanly");
        }
    }

    #[cfg(test)]
    async fn limit_pages(&mut self, more: i64) {
        self.ensure_open().await.unwrap();
        let db = self.connection.as_mut().unwrap();
        let now: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(db).await.unwrap();
        self.most_pages = Some(now.checked_add(more).unwrap());
        self.apply_page_limit().await;
    }

    #[cfg(test)]
    async fn apply_page_limit(&mut self) {
        if let (Some(db), Some(most)) = (&mut self.connection, self.most_pages) {
            sqlx::query(&format!("PRAGMA max_page_count = {most}")).execute(db).await.unwrap();
        }
    }

    /// What removing a file of 8 MiB does to a disk.
    #[cfg(test)]
    async fn raise_page_limit(&mut self) {
        self.limit_pages(2048).await;
    }
}

fn not_open() -> JournalFault {
    JournalFault::NotWritable("the journal is not open".to_owned())
}

/// Whether a connection should not be trusted after this.
const fn breaks_connection(fault: &JournalFault) -> bool {
    match fault {
        JournalFault::KeyTaken
        | JournalFault::OverrideUsed
        | JournalFault::ReversalOpen
        | JournalFault::CloseOutrun => false,
        // On a full disk SQLite may have ended the transaction by itself, and sqlx does not know it.
        JournalFault::DiskFull
        | JournalFault::NotWritable(_)
        | JournalFault::Unreadable(_)
        | JournalFault::Damaged(_)
        | JournalFault::Gone(_) => true,
    }
}

/// What writing needs to know of the chain.
struct Chain<'a> {
    keys: &'a Keys,
    entropy: &'a dyn Entropy,
    desk: &'a str,
    /// A new epoch's number.
    epoch: Option<i64>,
}

impl Chain<'_> {
    /// One transaction: names, events, projections.
    async fn write(&self, connection: &mut SqliteConnection, draft: &Draft) -> Result<Head, JournalFault> {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.fault()?;
        let db = &mut *transaction;
        refuse_used_overrides(db, &draft.records).await?;
        closes::refuse_misfits(db, &draft.records).await?;
        let tip = event_table::tip(db, self.desk).await.fault()?;
        let place = Place::after(tip.as_ref(), self.desk, self.epoch)?;
        for name in &draft.names {
            names::insert(db, &name.id.to_string(), self.desk, name.name.expose(), &name.salt).await.fault()?;
        }
        let written = chained(draft, self.keys.current(), self.entropy, place)?;
        for event in &written {
            event_table::insert(db, event).await.fault()?;
        }
        project::all(db, &draft.records, &written).await?;
        transaction.commit().await.fault()?;
        written.last().map(Head::of).ok_or_else(not_open)
    }
}

/// An override is for one use. Checked when an attempt is opened with it, and not by an index over all states: a later
/// fact about an attempt must always find its place.
async fn refuse_used_overrides(db: &mut SqliteConnection, records: &[Record]) -> Result<(), JournalFault> {
    let mut named = BTreeSet::new();
    for overridden in records.iter().filter_map(overridden_by) {
        let used = attempts::override_used(db, &overridden).await.fault()?;
        if used || !named.insert(overridden) {
            return Err(JournalFault::OverrideUsed);
        }
    }
    Ok(())
}

fn overridden_by(record: &Record) -> Option<String> {
    let Some((_, Entry::Opened(intent))) = record.attempt_line() else { return None };
    intent.overrides.map(|other| other.to_string())
}
