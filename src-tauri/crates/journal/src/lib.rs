#![doc = include_str!("../README.md")]

mod backup;
mod care;
mod closes;
mod connect;
mod export;
mod fault;
mod files;
mod head;
mod health;
mod keep;
mod list;
mod lock;
mod look;
mod losses;
mod migrate;
mod open;
mod pace;
mod papers;
mod place;
mod port;
mod project;
mod reads;
mod rebuild;
mod repair;
mod rescue;
mod space;
mod tables;
mod told;
mod verify;
mod writer;

use std::path::Path;
use std::sync::{Arc, RwLock};

use sqlx::{Connection, SqlitePool};
use tokio::sync::{mpsc, oneshot};
use vezne_core::close::Anchor;
use vezne_core::ids::{AccountId, DeskId, NameId};
use vezne_core::ports::{Entropy, JournalFault, Unfinished};
use vezne_core::record::PersonName;
use vezne_core::time::Timestamp;

pub use closes::{AnchorCheck, CloseLine};
pub use export::Request as ExportRequest;
pub use fault::{BackupFault, ExportFault, OpenFault};
pub use keep::{BACKUPS_KEPT, Kept};
pub use list::{Filter, LIST_MOST, Row};
pub use lock::{Lock, LockFault};
pub use open::{Missing, Start};
pub use reads::Epoch;
pub use repair::{Repair, RepairFault, Repaired, repair};
pub use space::{RESERVE_BYTES, room_at};
pub use told::{Taker, Told, Wanted, outcome_of_reversal};
pub use vezne_events::{Break, Broken, ChainKey, KeyLookup, Keys, Lost, Report, Unverifiable};

use crate::fault::IntoFault;
use crate::files::Files;
use crate::health::Health;
use crate::migrate::{Found, MIGRATIONS};
use crate::place::InPlace;
use crate::space::Reserve;
use crate::tables::{attempts, closes as close_table, events as event_table, names, reversals};
use crate::writer::Work;

/// The journal of one desk. Writing goes through one task; reading goes beside it.
#[derive(Debug)]
pub struct Journal {
    files: Files,
    desk: DeskId,
    keys: Keys,
    pool: RwLock<SqlitePool>,
    writer: Option<mpsc::Sender<Work>>,
    health: Arc<Health>,
    place: Arc<InPlace>,
}

impl Journal {
    /// Opens the journal of the lock's home folder for reading and writing; makes it if there is none. Begins a new
    /// epoch when the journal is new, its key is lost, or a backup was restored, and says so in [`Start`]. Ids and salts
    /// are drawn from `entropy`.
    ///
    /// Must be called inside a tokio runtime: the writing task runs in it.
    ///
    /// # Errors
    /// [`OpenFault`]; nothing is changed by a journal that is refused.
    pub async fn open(
        lock: Lock,
        keys: Keys,
        entropy: Arc<dyn Entropy>,
        now: Timestamp,
    ) -> Result<(Self, Start), OpenFault> {
        Self::open_with(lock, keys, entropy, &MIGRATIONS, now).await
    }

    async fn open_with(
        lock: Lock,
        keys: Keys,
        entropy: Arc<dyn Entropy>,
        migrations: &sqlx::migrate::Migrator,
        now: Timestamp,
    ) -> Result<(Self, Start), OpenFault> {
        let files = Files::new(lock.home());
        let opened = open::open(lock, keys.clone(), entropy, migrations, now).await;
        let (writer, desk, start) = opened.map_err(|fault| fault::by_its_cause(fault, &files.home))?;
        let pool = RwLock::new(connect::readers(&files.database()));
        let (health, place) = (Arc::clone(&writer.health), Arc::clone(&writer.place));
        let journal = Self { files, desk, keys, pool, writer: Some(writer.start()), health, place };
        Ok((journal, start))
    }

    /// Opens the journal of a home folder beside a running desk, for reading only.
    ///
    /// # Errors
    /// [`OpenFault::Missing`], [`OpenFault::Older`], [`OpenFault::Newer`], or what stands in the way of reading.
    pub async fn open_read_only(home: &Path, keys: Keys) -> Result<Self, OpenFault> {
        Self::open_beside(home, keys).await.map_err(|fault| fault::by_its_cause(fault, home))
    }

    async fn open_beside(home: &Path, keys: Keys) -> Result<Self, OpenFault> {
        let files = Files::new(home);
        let database = files.database();
        look::swapping(&files)?;
        if !database.exists() {
            return Err(look::is_missed(&files).map_or(OpenFault::Missing(database), OpenFault::Gone));
        }
        // What can't be believed is not shown either: an older state would pass for the present one.
        look::beside(&files, &keys).await?;
        let mut db = connect::reader(&database).await.fault()?;
        let known = migrate::newest(&MIGRATIONS);
        match migrate::look(&mut db, &files).await? {
            Found::Empty => return Err(OpenFault::Missing(database)),
            Found::Version(found) if found > known => return Err(OpenFault::Newer { found, known }),
            Found::Version(found) if found < known => return Err(OpenFault::Older { found, known }),
            Found::Version(_) => {}
        }
        let desk = event_table::desk(&mut db).await.fault()?.ok_or(OpenFault::Missing(database.clone()))?;
        let desk = desk.parse().map_err(|_| JournalFault::Unreadable("the desk's id".to_owned()))?;
        db.close().await.fault()?;
        let pool = RwLock::new(connect::readers(&database));
        // Whoever only reads refuses no money, and leaves no note.
        let (health, place) = (Arc::new(Health::good(std::path::PathBuf::new())), Arc::new(InPlace::new(&files)));
        Ok(Self { files, desk, keys, pool, writer: None, health, place })
    }

    /// The desk whose journal it is.
    #[must_use]
    pub const fn desk(&self) -> DeskId {
        self.desk
    }

    /// Closes all connections. Work that was handed over before is done first. The one that writes is the last, so that it
    /// moves everything into the one file: a log that stays behind would be missed by whoever copies that file.
    pub async fn close(&self) {
        let pool = self.pool.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        pool.close().await;
        if let Some(writer) = &self.writer {
            let (reply, closed) = oneshot::channel();
            if writer.send(Work::Close { reply }).await.is_ok() {
                let _ = closed.await;
            }
        }
    }

    /// Whether the space for writing down an answer on a full disk is there. When it is not, new sales stop.
    #[must_use]
    pub fn reserve_intact(&self) -> bool {
        Reserve::at(self.files.reserve()).is_intact()
    }

    /// What stands in Needs attention at `now`: attempts and reversals, oldest first.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn needs_attention(&self, now: Timestamp) -> Result<Unfinished, JournalFault> {
        reads::attention(&mut *self.reading().await?, now).await
    }

    /// The attempts that match, newest first.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn list(&self, filter: &Filter) -> Result<Vec<Row>, JournalFault> {
        list::rows(&mut *self.reading().await?, filter).await
    }

    /// How the database means to find a page: a line for each step, for whoever measures it.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn plan(&self, filter: &Filter) -> Result<Vec<String>, JournalFault> {
        list::plan(&mut *self.reading().await?, filter).await
    }

    /// How many attempts and reversals of an account are not final, or final and contradicted or alarmed. Such an account
    /// can't be removed.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn unsettled_of(&self, account: &AccountId) -> Result<u64, JournalFault> {
        let mut db = self.reading().await?;
        let attempts = attempts::unsettled_of_account(&mut db, account.as_str()).await.fault()?;
        let reversals = reversals::unsettled_of_account(&mut db, account.as_str()).await.fault()?;
        Ok(u64::try_from(attempts.saturating_add(reversals)).unwrap_or(0))
    }

    /// When payments were last sent with this account, since that moment: the rates that gateways document go on over a
    /// restart.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn sent_since(&self, account: &AccountId, since: Timestamp) -> Result<Vec<Timestamp>, JournalFault> {
        let sent = attempts::sent_lately(&mut *self.reading().await?, account.as_str()).await.fault()?;
        Ok(sent.into_iter().map(Timestamp::from_millis).filter(|at| *at >= since).collect())
    }

    /// A name from the side table; `None` when it was erased or never written.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn name(&self, name: NameId) -> Result<Option<PersonName>, JournalFault> {
        let row = names::get(&mut *self.reading().await?, &name.to_string()).await.fault()?;
        Ok(row.and_then(|row| row.text).map(PersonName::new))
    }

    /// Erases a name for good: its text, its salt, its words for search. The events keep their commitment to it, which
    /// nobody can open any more; the chain stays whole. False when there was nothing to erase. Backups made before
    /// still hold it.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be written.
    pub async fn erase_name(&self, name: NameId, at: Timestamp) -> Result<bool, JournalFault> {
        self.ask_writer(|reply| Work::Erase { name, at, reply }).await
    }

    /// The day closes before this number (all without one), newest first, as many at most.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn closes(&self, before: Option<u32>, limit: u32) -> Result<Vec<CloseLine>, JournalFault> {
        let before = before.map_or(i64::MAX, i64::from);
        let limit = i64::from(limit.min(LIST_MOST));
        let rows = close_table::before(&mut *self.reading().await?, before, limit).await.fault()?;
        Ok(rows.into_iter().map(CloseLine::of).collect())
    }

    /// Holds a printed anchor against the journal. Together with a sound [`Journal::verify`] it says that everything up to
    /// that close still is what it was when the paper was printed.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn check_anchor(&self, printed: &Anchor) -> Result<AnchorCheck, JournalFault> {
        closes::check(&mut *self.reading().await?, printed).await
    }

    /// The epochs, oldest first.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn epochs(&self) -> Result<Vec<Epoch>, JournalFault> {
        reads::epochs(&mut *self.reading().await?).await
    }

    /// Checks the chain, the names, the projections, the database and the marker beside it, as of one moment. It takes
    /// as long as the journal is big, and disturbs nobody.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read. What is read and wrong is in the [`Report`].
    pub async fn verify(&self) -> Result<Report, JournalFault> {
        // The marker first: what is written meanwhile makes the journal longer than it says, never shorter.
        let marker = head::read(&self.files.head());
        let mut db = connect::reader(&self.files.database()).await.fault()?;
        let mut report = verify::all(&mut db, &self.keys).await?;
        verify::against_marker(&mut db, marker, &mut report).await?;
        db.close().await.fault()?;
        Ok(report)
    }

    /// What [`Journal::verify`] checks, and every term of the search index beside. That takes several times as long.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn verify_deep(&self) -> Result<Report, JournalFault> {
        let mut report = self.verify().await?;
        let mut db = connect::reader(&self.files.database()).await.fault()?;
        verify::compare_terms(&mut db, &mut report).await?;
        db.close().await.fault()?;
        Ok(report)
    }

    /// Makes all projections anew from the events, in one transaction.
    ///
    /// # Errors
    /// [`JournalFault`]; the projections then stay as they were.
    pub async fn rebuild(&self) -> Result<(), JournalFault> {
        self.ask_writer(|reply| Work::Rebuild { reply }).await
    }

    /// Makes a verified copy at `path` while the journal is in use, and syncs it.
    ///
    /// # Errors
    /// [`BackupFault`]; nothing is left at `path` then, and nothing that stood there is touched.
    pub async fn backup(&self, path: &Path) -> Result<Report, BackupFault> {
        backup::verified(&self.files.database(), path, &self.keys).await
    }

    /// How many attempts (and reversals, where they are wanted) were opened in the span of time: as many as
    /// [`Journal::tell`] looks at.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn count(&self, wanted: &Wanted) -> Result<u64, JournalFault> {
        told::count(&mut *self.reading().await?, wanted).await
    }

    /// Tells each attempt and reversal that is wanted, the oldest first, as of one moment, a page in memory. Answers
    /// `Break` when it was stopped.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn tell(
        &self,
        wanted: &Wanted,
        taker: &mut dyn Taker,
    ) -> Result<std::ops::ControlFlow<()>, JournalFault> {
        let mut db = connect::reader(&self.files.database()).await.fault()?;
        let told = told::each(&mut db, wanted, taker).await;
        db.close().await.fault()?;
        told
    }

    /// Writes the events, one after another, never all of them in memory.
    ///
    /// # Errors
    /// [`ExportFault`]; what has been written until then stays written.
    pub async fn export(
        &self,
        request: &ExportRequest,
        output: &mut (dyn std::io::Write + Send),
    ) -> Result<(), ExportFault> {
        let mut db = connect::reader(&self.files.database()).await.fault()?;
        export::write(&mut db, request, output).await?;
        db.close().await.fault()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
