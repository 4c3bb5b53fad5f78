//! The journal in memory: opened from the disk's bytes, appended to through them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vezne_core::attempt::Entry;
use vezne_core::ids::DeskId;
use vezne_core::ports::{Entropy, JournalFault};
use vezne_core::record::{Batch, EpochReason, Record};
use vezne_core::time::Timestamp;
use vezne_events::chained::{Draft, Place, chained, refuse_epochs, ten};
use vezne_events::verify::{self, Kept};
use vezne_events::{Event, Keys, fold};

use super::check;
use super::disk::{Disk, DiskFault, DiskStep, Owner};
use super::lines::{self, NameLine};
use super::memory::Memory;

/// Why the journal was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenRefused {
    /// Another process has it.
    #[error("another process has the journal")]
    Owned,
    /// The process died while it was opening it.
    #[error("the process died while it was opening the journal")]
    Gone,
    /// It can't be read or written.
    #[error(transparent)]
    Fault(#[from] JournalFault),
}

/// What an answer is: something, or never anything because the process is dead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told<T> {
    Said(T),
    Never,
}

/// The answer, or the wait for one that never comes.
pub(super) async fn answered<T>(told: Told<T>) -> T {
    match told {
        Told::Said(answer) => answer,
        Told::Never => std::future::pending().await,
    }
}

/// What the process knows.
#[derive(Default)]
pub(super) struct Process {
    pub(super) memory: Memory,
    /// Up to where the file is what the memory holds.
    good: usize,
    dead: bool,
}

/// The journal of one simulated process.
pub struct SimJournal {
    keys: Keys,
    entropy: Arc<dyn Entropy>,
    owner: Owner,
    process: Mutex<Process>,
}

/// How a try to write ended.
enum Written {
    Yes,
    No(JournalFault),
    /// There was no room; nothing of it stays.
    Full,
    Dead,
}

impl SimJournal {
    /// Opens the journal of this disk: cuts a torn tail, verifies the chain, makes the rows anew; begins an epoch in a new
    /// journal. One process at a time; the lock is free again when the last handle is dropped.
    ///
    /// # Errors
    /// [`OpenRefused`].
    pub fn open(
        disk: &Arc<Disk>,
        keys: Keys,
        entropy: Arc<dyn Entropy>,
        now: Timestamp,
    ) -> Result<Arc<Self>, OpenRefused> {
        let owner = Owner::of(disk).ok_or(OpenRefused::Owned)?;
        match disk.fault(DiskStep::Open) {
            None | Some(DiskFault::Full) => {}
            Some(DiskFault::Error) => return Err(not_writable().into()),
            Some(DiskFault::Torn) => return Err(nonsense().into()),
            Some(DiskFault::Gone) => return Err(OpenRefused::Gone),
        }
        let journal = Self { keys, entropy, owner, process: Mutex::default() };
        journal.begin(now)?;
        Ok(Arc::new(journal))
    }

    fn begin(&self, now: Timestamp) -> Result<(), OpenRefused> {
        let mut process = self.lock();
        self.recover(&mut process)?;
        // Each opening marks the file as in use, and with that write everything that is found is synced.
        self.owner.0.sync();
        let names = |id: &str| kept(&process.memory, id);
        let report = verify::events(&process.memory.events, &self.keys, names)?;
        if let Some(words) = report.first_fault() {
            return Err(JournalFault::Unreadable(words).into());
        }
        let why = match process.memory.tip() {
            None => EpochReason::NewJournal,
            Some(tip) if self.keys.find(&tip.key_id).is_none() => EpochReason::KeyLost,
            Some(_) => {
                self.owner.0.fill_reserve();
                return Ok(());
            }
        };
        if process.memory.desk.is_empty() {
            process.memory.desk = DeskId::from_parts(now, ten(self.entropy.as_ref())).to_string();
        }
        self.owner.0.fill_reserve();
        let next = process.memory.tip().map_or(1, |tip| tip.epoch.saturating_add(1));
        let record = Record::EpochStarted { epoch: u32::try_from(next).unwrap_or(u32::MAX), why };
        let batch = Batch { records: vec![record], names: Vec::new() };
        match self.write(&mut process, batch, now, Some(next)) {
            Told::Said(written) => Ok(written?),
            Told::Never => Err(OpenRefused::Gone),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All events, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.lock().memory.events.clone()
    }

    /// The id of the event at a place, from 0.
    pub(super) fn event_at(&self, place: usize) -> Option<String> {
        self.lock().memory.events.get(place).map(|event| event.event_id.clone())
    }

    /// The disk it stands on.
    #[must_use]
    pub fn disk(&self) -> &Arc<Disk> {
        &self.owner.0
    }

    /// Appends a batch, step by step.
    pub(super) fn append_now(&self, batch: Batch, at: Timestamp) -> Told<Result<(), JournalFault>> {
        let mut process = self.lock();
        if process.dead {
            return Told::Never;
        }
        if let Err(fault) = refuse_epochs(&batch) {
            return Told::Said(Err(fault));
        }
        self.write(&mut process, batch, at, None)
    }

    fn write(
        &self,
        process: &mut Process,
        batch: Batch,
        at: Timestamp,
        epoch: Option<i64>,
    ) -> Told<Result<(), JournalFault>> {
        let draft = match Draft::of(batch, at, self.entropy.as_ref()) {
            Err(fault) => return Told::Said(Err(fault)),
            Ok(None) => return Told::Said(Ok(())),
            Ok(Some(draft)) => draft,
        };
        let mut written = self.try_write(process, &draft, epoch);
        if matches!(written, Written::Full) && self.owner.0.release_reserve() {
            written = self.try_write(process, &draft, epoch);
        }
        match written {
            Written::Yes => {
                self.owner.0.lock().promised = process.memory.events.len();
                Told::Said(Ok(()))
            }
            Written::No(fault) => Told::Said(Err(fault)),
            Written::Full => Told::Said(Err(JournalFault::DiskFull)),
            Written::Dead => {
                process.dead = true;
                Told::Never
            }
        }
    }

    fn try_write(&self, process: &mut Process, draft: &Draft, epoch: Option<i64>) -> Written {
        let disk = &self.owner.0;
        disk.cut(process.good);
        let names = lines::names_of(&draft.names);
        let made = self.make(&process.memory, draft, epoch, &names);
        let (events, prepared) = match made {
            Ok(made) => made,
            Err(fault) => return Written::No(fault),
        };
        let bytes = match lines::written(&events, names.clone()) {
            Ok(bytes) => bytes,
            Err(fault) => return Written::No(fault),
        };
        let (before_sync, got_in) = disk.append(process.good, &bytes);
        if !got_in {
            return before_sync;
        }
        process.good = process.good.saturating_add(bytes.len());
        process.memory.take(prepared, draft.records.clone(), names, events);
        before_sync
    }

    fn make(
        &self,
        memory: &Memory,
        draft: &Draft,
        epoch: Option<i64>,
        names: &[NameLine],
    ) -> Result<(Vec<Event>, super::memory::Prepared), JournalFault> {
        refuse_used_overrides(memory, &draft.records)?;
        let place = Place::after(memory.tip().as_ref(), &memory.desk, epoch)?;
        let events = chained(draft, self.keys.current(), self.entropy.as_ref(), place)?;
        let prepared = memory.prepare(&draft.records, names, &events)?;
        Ok((events, prepared))
    }

    /// Takes what stands in the file behind what the memory holds, and cuts a torn tail.
    fn recover(&self, process: &mut Process) -> Result<(), JournalFault> {
        let disk = &self.owner.0;
        let found = lines::read(disk.lock().bytes.get(process.good..).unwrap_or_default())?;
        let start = process.good;
        for batch in found {
            let parsed = batch.events.iter().map(|event| fold::parse(&event.body, event.seq));
            let records: Vec<Record> = parsed.collect::<Result<_, _>>()?;
            if let (true, Some(first)) = (process.memory.desk.is_empty(), batch.events.first()) {
                process.memory.desk.clone_from(&first.desk_id);
            }
            let prepared = process.memory.prepare(&records, &batch.names, &batch.events)?;
            process.memory.take(prepared, records, batch.names, batch.events);
            process.good = start.saturating_add(batch.end);
        }
        disk.cut(process.good);
        Ok(())
    }

    /// Opens the file anew: what got in although an error was told is found.
    pub(super) fn reopen_now(&self) -> Told<Result<(), JournalFault>> {
        let mut process = self.lock();
        if process.dead {
            return Told::Never;
        }
        let fault = self.owner.0.fault(DiskStep::Reopen);
        match fault {
            None | Some(DiskFault::Full) => {}
            Some(DiskFault::Error) => return Told::Said(Err(not_writable())),
            Some(DiskFault::Torn) => return Told::Said(Err(nonsense())),
            Some(DiskFault::Gone) => {
                process.dead = true;
                return Told::Never;
            }
        }
        let recovered = self.recover(&mut process);
        // What is found is moved into the database, and synced; on a full disk the reserve makes room for that.
        let disk = &self.owner.0;
        if fault == Some(DiskFault::Full) && disk.has_unsynced() && !disk.release_reserve() {
            return Told::Said(Err(JournalFault::DiskFull));
        }
        disk.sync();
        self.owner.0.fill_reserve();
        Told::Said(recovered)
    }

    /// Answers a question from the memory.
    pub(super) fn ask<T>(
        &self,
        question: impl FnOnce(&Memory) -> Result<T, JournalFault>,
    ) -> Told<Result<T, JournalFault>> {
        let mut process = self.lock();
        if process.dead {
            return Told::Never;
        }
        match self.owner.0.fault(DiskStep::Read) {
            None => Told::Said(question(&process.memory)),
            Some(DiskFault::Error) => Told::Said(Err(not_writable())),
            Some(DiskFault::Full) => Told::Said(Err(JournalFault::DiskFull)),
            Some(DiskFault::Torn) => Told::Said(Err(nonsense())),
            Some(DiskFault::Gone) => {
                process.dead = true;
                Told::Never
            }
        }
    }

    /// Whether everything is as it was written: the file says what the memory holds, what was promised is there for good,
    /// the chain verifies, and all rows equal those made anew from the parsed file.
    ///
    /// # Errors
    /// What differs, in words.
    pub fn check(&self) -> Result<(), String> {
        let process = self.lock();
        let held = {
            let held = self.owner.0.lock();
            let bytes = held.bytes.get(..process.good).unwrap_or_default().to_vec();
            check::Held { bytes, durable: held.durable, promised: held.promised }
        };
        check::all(&process.memory, &held, &self.keys)
    }
}

impl Disk {
    /// Cuts the file behind what is good.
    fn cut(&self, good: usize) {
        let mut held = self.lock();
        held.bytes.truncate(good);
        held.durable = held.durable.min(good);
    }

    /// Brings a batch into the file: how it ended, and whether the memory may hold it from now on.
    fn append(&self, good: usize, bytes: &[u8]) -> (Written, bool) {
        let half = bytes.len() / 2;
        let put = |part: &[u8]| self.lock().bytes.extend_from_slice(part);
        let first_half = bytes.get(..half).unwrap_or_default();
        match self.fault(DiskStep::Write) {
            None => put(bytes),
            Some(DiskFault::Error) => return (Written::No(not_writable()), false),
            Some(DiskFault::Full) => return (Written::Full, false),
            Some(DiskFault::Torn) => {
                put(first_half);
                return (Written::No(not_writable()), false);
            }
            Some(DiskFault::Gone) => {
                put(first_half);
                return (Written::Dead, false);
            }
        }
        let keep = |durable: usize| self.lock().durable = good.saturating_add(durable);
        match self.fault(DiskStep::Sync) {
            None => keep(bytes.len()),
            Some(DiskFault::Error) => return (Written::No(not_writable()), false),
            Some(DiskFault::Full) => {
                self.cut(good);
                return (Written::Full, false);
            }
            Some(DiskFault::Torn) => {
                keep(half);
                return (Written::No(not_writable()), false);
            }
            Some(DiskFault::Gone) => return (Written::Dead, false),
        }
        match self.fault(DiskStep::Commit) {
            None => (Written::Yes, true),
            Some(DiskFault::Error | DiskFault::Torn) => (Written::No(not_writable()), true),
            Some(DiskFault::Full) => {
                self.cut(good);
                (Written::Full, false)
            }
            Some(DiskFault::Gone) => (Written::Dead, true),
        }
    }
}

pub(super) fn kept(memory: &Memory, id: &str) -> Option<Kept> {
    memory.names.get(id).map(|name| Kept::Name { text: name.text.clone(), salt: name.salt.to_vec() })
}

fn refuse_used_overrides(memory: &Memory, records: &[Record]) -> Result<(), JournalFault> {
    let mut named = Vec::new();
    for record in records {
        let Record::Attempt { entry: Entry::Opened(intent), .. } = record else { continue };
        let Some(overridden) = intent.overrides else { continue };
        if memory.override_used(overridden) || named.contains(&overridden) {
            return Err(JournalFault::OverrideUsed);
        }
        named.push(overridden);
    }
    Ok(())
}

/// Whether the simulated disk said this, and not a rule of the journal.
pub(super) fn is_simulated(fault: &JournalFault) -> bool {
    *fault == not_writable() || *fault == nonsense() || *fault == JournalFault::DiskFull
}

fn not_writable() -> JournalFault {
    JournalFault::NotWritable("the simulated disk says no".to_owned())
}

fn nonsense() -> JournalFault {
    JournalFault::Unreadable("the simulated disk reads nonsense".to_owned())
}
