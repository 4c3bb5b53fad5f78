//! The real journal of SQLite beside the simulated one: every batch that got in goes into both, every question is asked of
//! both, and what they say must be the same.
//!
//! The simulated journal decides what becomes of a batch, since the disk's faults are its own. What got in there, told or
//! not, is appended to the real one with the same ids and salts; what did not is kept from it. Calls are handed to a
//! runtime of the machine's own time and waited for on the thread, so that the simulated clock does not move meanwhile.

use std::collections::VecDeque;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, mpsc};

use sqlx::{ConnectOptions, Connection};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use vezne_core::ids::EventId;
use vezne_core::ports::{Entropy, Journal, JournalFault};
use vezne_core::record::Batch;
use vezne_core::time::Timestamp;
use vezne_events::{Event, Keys};

use super::disk::Disk;
use super::sim::{OpenRefused, SimJournal, Told, is_simulated};

/// Random bytes in the order in which they were drawn.
type Draws = VecDeque<[u8; 16]>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the simulated journal draws, written down.
struct Recorder {
    inner: Arc<dyn Entropy>,
    drawn: Mutex<Draws>,
}

impl Entropy for Recorder {
    fn sixteen(&self) -> [u8; 16] {
        let bytes = self.inner.sixteen();
        lock(&self.drawn).push_back(bytes);
        bytes
    }
}

/// The same for the real one.
#[derive(Default)]
struct Replay(Mutex<Draws>);

impl Entropy for Replay {
    fn sixteen(&self) -> [u8; 16] {
        // Nothing left is a difference, and shows as one: no id of the simulated journal is all zeros.
        lock(&self.0).pop_front().unwrap_or_default()
    }
}

/// A batch, or the first event of a journal, as it was tried.
#[derive(Clone)]
struct Tried {
    /// The id of its first event.
    first: String,
    batch: Batch,
    at: Timestamp,
    draws: Draws,
}

#[derive(Default)]
struct Beside {
    tried: Vec<Tried>,
    /// The newest event of the real journal, and how many it holds.
    newest: Option<String>,
    events: usize,
    difference: Option<String>,
}

/// The folder of the real journal: it outlives processes, as the disk does.
pub struct TwinHome {
    folder: tempfile::TempDir,
    beside: Mutex<Beside>,
}

impl TwinHome {
    /// An empty home, in memory where the system has such a place.
    ///
    /// # Errors
    /// When no folder can be made.
    pub fn new() -> std::io::Result<Arc<Self>> {
        let shared = Path::new("/dev/shm");
        let folder = if shared.is_dir() { tempfile::tempdir_in(shared)? } else { tempfile::tempdir()? };
        // The simulated disk has the reserve; here it only has to look whole, without 8 MiB being written.
        std::fs::File::create(folder.path().join("journal.reserve"))?.set_len(vezne_journal::RESERVE_BYTES)?;
        Ok(Arc::new(Self { folder, beside: Mutex::default() }))
    }

    fn differs(&self, words: impl FnOnce() -> String) {
        let mut beside = lock(&self.beside);
        if beside.difference.is_none() {
            beside.difference = Some(words());
        }
    }
}

/// Both journals of one simulated process.
pub struct Twin {
    pub(super) sim: Arc<SimJournal>,
    real: Arc<vezne_journal::Journal>,
    home: Arc<TwinHome>,
    recorder: Arc<Recorder>,
    replay: Arc<Replay>,
}

/// Work for the thread of the real journals.
type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The way to the thread of the real journals: one runtime of the machine's own time, for all of them. One thread, because
/// every hand-over between threads costs more than what SQLite does.
fn thread() -> Result<&'static UnboundedSender<Work>, String> {
    static THREAD: OnceLock<Result<UnboundedSender<Work>, String>> = OnceLock::new();
    let started = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let (sender, mut work) = unbounded_channel::<Work>();
        let run = async move {
            while let Some(work) = work.recv().await {
                let _detached = tokio::spawn(work);
            }
        };
        let thread = std::thread::Builder::new().name("real journals".to_owned());
        thread.spawn(move || runtime.block_on(run)).map_err(|error| error.to_string())?;
        Ok(sender)
    };
    THREAD.get_or_init(started).as_ref().map_err(Clone::clone)
}

/// Runs it there, and blocks this thread until it is done.
fn outside<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T, String> {
    let (sender, receiver) = mpsc::channel();
    let work = async move {
        let _ = sender.send(work.await);
    };
    thread()?.send(Box::pin(work)).map_err(|_| "the thread of the real journals is gone".to_owned())?;
    receiver.recv().map_err(|_| "the real journal's call died".to_owned())
}

/// What a batch draws: salts, then an id for each record. After a full disk the ids were drawn twice.
fn draws_of(batch: &Batch, at: Timestamp, drawn: &Draws) -> (Option<String>, Draws) {
    let salts = batch.names.len();
    let ids = drawn.len().saturating_sub(batch.records.len()).max(salts);
    let mut draws: Draws = drawn.iter().take(salts).copied().collect();
    let last: Draws = drawn.iter().skip(ids).copied().collect();
    let first = last.front().map(|bytes| id_of(at, bytes));
    draws.extend(last);
    (first, draws)
}

fn id_of(at: Timestamp, bytes: &[u8; 16]) -> String {
    let [a, b, c, d, e, f, g, h, i, j, ..] = *bytes;
    EventId::from_parts(at, [a, b, c, d, e, f, g, h, i, j]).to_string()
}

impl Twin {
    /// Opens both.
    ///
    /// # Errors
    /// [`OpenRefused`] as the simulated one says; a [`JournalFault::Unreadable`] when the real one does not open.
    pub fn open(
        home: &Arc<TwinHome>,
        disk: &Arc<Disk>,
        keys: Keys,
        entropy: Arc<dyn Entropy>,
        now: Timestamp,
    ) -> Result<Arc<Self>, OpenRefused> {
        let recorder = Arc::new(Recorder { inner: entropy, drawn: Mutex::default() });
        let opened = SimJournal::open(disk, keys.clone(), recorder.clone(), now);
        let drawn = std::mem::take(&mut *lock(&recorder.drawn));
        if let (Some(desk), Some(id)) = (drawn.front(), drawn.back()) {
            let tried = Tried {
                first: id_of(now, id),
                batch: Batch::default(),
                at: now,
                draws: [*desk, *id].into_iter().collect(),
            };
            lock(&home.beside).tried.push(tried);
        }
        let sim = opened?;
        let replay = Arc::new(Replay::default());
        let real = open_real(home, &sim, keys, &replay, now).map_err(JournalFault::Unreadable)?;
        let twin = Self { sim, real: Arc::new(real), home: Arc::clone(home), recorder, replay };
        twin.catch_up();
        Ok(Arc::new(twin))
    }

    /// The simulated one.
    #[must_use]
    pub const fn simulated(&self) -> &Arc<SimJournal> {
        &self.sim
    }

    /// Appends to the real journal what got into the simulated one since.
    fn catch_up(&self) {
        loop {
            let next = {
                let mut beside = lock(&self.home.beside);
                let Some(event) = self.sim.event_at(beside.events) else { return };
                let Some(tried) = beside.tried.iter().find(|tried| tried.first == event).cloned() else {
                    drop(beside);
                    return self.home.differs(|| format!("{event} was never tried"));
                };
                beside.events = beside.events.saturating_add(tried.batch.records.len());
                beside.newest = beside.events.checked_sub(1).and_then(|newest| self.sim.event_at(newest));
                tried
            };
            let appended = self.append_real(next.batch, next.at, next.draws);
            if appended != Ok(Ok(())) {
                return self.home.differs(|| format!("the real journal did not take {}: {appended:?}", next.first));
            }
        }
    }

    fn append_real(&self, batch: Batch, at: Timestamp, draws: Draws) -> Result<Result<(), JournalFault>, String> {
        *lock(&self.replay.0) = draws;
        let real = Arc::clone(&self.real);
        outside(async move { real.append(batch, at).await })
    }

    pub(super) fn append_now(&self, batch: Batch, at: Timestamp) -> Told<Result<(), JournalFault>> {
        lock(&self.recorder.drawn).clear();
        let told = self.sim.append_now(batch.clone(), at);
        let drawn = std::mem::take(&mut *lock(&self.recorder.drawn));
        let (first, draws) = draws_of(&batch, at, &drawn);
        if let Told::Said(Err(fault)) = &told
            && !is_simulated(fault)
        {
            let real = self.append_real(batch, at, draws);
            let same = real.as_ref().is_ok_and(|real| real.as_ref().is_err_and(|real| same_kind(real, fault)));
            if !same {
                self.home.differs(|| format!("an append was refused with {fault:?}, and really {real:?}"));
            }
            return told;
        }
        if let Some(first) = first {
            lock(&self.home.beside).tried.push(Tried { first, batch, at, draws });
        }
        self.catch_up();
        told
    }

    pub(super) fn reopen_now(&self) -> Told<Result<(), JournalFault>> {
        let told = self.sim.reopen_now();
        if told == Told::Said(Ok(())) {
            let real = Arc::clone(&self.real);
            let reopened = outside(async move { real.reopen().await });
            if reopened != Ok(Ok(())) {
                self.home.differs(|| format!("the real journal did not reopen: {reopened:?}"));
            }
        }
        self.catch_up();
        told
    }

    /// Asks both. A fault of the simulated disk is told without asking the real one.
    pub(super) fn both<T, F>(
        &self,
        simulated: Told<Result<T, JournalFault>>,
        asked: impl FnOnce(Arc<vezne_journal::Journal>) -> F,
    ) -> Told<Result<T, JournalFault>>
    where
        T: PartialEq + std::fmt::Debug + Send + 'static,
        F: Future<Output = Result<T, JournalFault>> + Send + 'static,
    {
        let Told::Said(Ok(simulated)) = simulated else { return simulated };
        match outside(asked(Arc::clone(&self.real))) {
            Ok(Ok(real)) => {
                if real != simulated {
                    self.home.differs(|| format!("simulated: {simulated:?}\nreal: {real:?}"));
                }
                Told::Said(Ok(real))
            }
            other => {
                self.home.differs(|| format!("simulated: {simulated:?}\nreal: {other:?}"));
                Told::Said(Ok(simulated))
            }
        }
    }

    /// Whether both always said the same, hold the same events byte for byte, and each is sound in itself.
    ///
    /// # Errors
    /// What differs first, in words.
    pub fn check(&self) -> Result<(), String> {
        if let Some(words) = &lock(&self.home.beside).difference {
            return Err(words.clone());
        }
        self.sim.check()?;
        let simulated = self.sim.events();
        let database = self.home.folder.path().join("journal.db");
        let real = Arc::clone(&self.real);
        let found = outside(async move {
            let report = real.verify().await.map_err(|fault| fault.to_string())?;
            match report.first_fault() {
                Some(words) => Err(words),
                None => events_in(&database).await.map_err(|error| error.to_string()),
            }
        })??;
        compare(&simulated, &found)
    }
}

/// Events of both journals, byte for byte.
///
/// # Errors
/// The first that differs.
pub fn compare(simulated: &[Event], real: &[Event]) -> Result<(), String> {
    if simulated == real {
        return Ok(());
    }
    let place = simulated.iter().zip(real).position(|(a, b)| a != b).unwrap_or(simulated.len().min(real.len()));
    Err(format!("event {place} differs\nsimulated: {:?}\nreal: {:?}", simulated.get(place), real.get(place)))
}

impl Drop for Twin {
    fn drop(&mut self) {
        let real = Arc::clone(&self.real);
        if let Err(words) = outside(async move { real.close().await }) {
            self.home.differs(|| words);
        }
    }
}

fn open_real(
    home: &Arc<TwinHome>,
    sim: &SimJournal,
    keys: Keys,
    replay: &Arc<Replay>,
    now: Timestamp,
) -> Result<vezne_journal::Journal, String> {
    let mut now = now;
    let folder = home.folder.path().to_owned();
    {
        let mut beside = lock(&home.beside);
        let newest = beside.events.checked_sub(1).and_then(|newest| sim.event_at(newest));
        if newest != beside.newest {
            // A power cut took what a reopening had found and nothing had synced since. The real journal was told of it:
            // it is made anew from what is still there.
            for name in ["journal.db", "journal.db-wal", "journal.db-shm", "journal.head"] {
                let _ = std::fs::remove_file(folder.join(name));
            }
            beside.events = 0;
        }
        if beside.events == 0 {
            let first = sim.event_at(0);
            let tried = beside.tried.iter().find(|tried| Some(&tried.first) == first.as_ref()).cloned();
            let tried = tried.ok_or("the first event was never tried")?;
            now = tried.at;
            *lock(&replay.0) = tried.draws;
            beside.newest = first;
            beside.events = 1;
        }
    }
    let entropy: Arc<dyn Entropy> = replay.clone();
    outside(async move {
        let lock = vezne_journal::Lock::acquire(&folder).map_err(|fault| fault.to_string())?;
        let opened = vezne_journal::Journal::open(lock, keys, entropy, now).await;
        opened.map(|(journal, _)| journal).map_err(|fault| fault.to_string())
    })?
}

/// Whether two faults mean the same; their words are the database's own.
fn same_kind(a: &JournalFault, b: &JournalFault) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

async fn events_in(database: &Path) -> sqlx::Result<Vec<Event>> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database).read_only(true);
    let mut db = options.connect().await?;
    let rows = sqlx::query("SELECT * FROM events ORDER BY seq").fetch_all(&mut db).await?;
    db.close().await?;
    rows.iter().map(event).collect()
}

fn event(row: &sqlx::sqlite::SqliteRow) -> sqlx::Result<Event> {
    use sqlx::Row as _;
    Ok(Event {
        event_id: row.try_get("event_id")?,
        desk_id: row.try_get("desk_id")?,
        epoch: row.try_get("epoch")?,
        seq: row.try_get("seq")?,
        at_ms: row.try_get("at_ms")?,
        kind: row.try_get("kind")?,
        payment_id: row.try_get("payment_id")?,
        attempt_id: row.try_get("attempt_id")?,
        reversal_id: row.try_get("reversal_id")?,
        body: row.try_get("body")?,
        names: row.try_get("names")?,
        key_id: row.try_get("key_id")?,
        previous_hash: row.try_get("previous_hash")?,
        hash: row.try_get("hash")?,
    })
}
