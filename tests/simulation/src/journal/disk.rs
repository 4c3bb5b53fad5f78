//! A disk that outlives the process: bytes that are really there, and bytes that a power cut takes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where on its way a fault meets the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DiskStep {
    /// An append's bytes go into the system's cache.
    Write,
    /// They are synced.
    Sync,
    /// They are there for good; the answer is on its way back.
    Commit,
    /// A question is answered.
    Read,
    /// The file is opened anew after a fault.
    Reopen,
    /// The file is opened by a new process.
    Open,
}

/// What happens there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DiskFault {
    /// An error is told (`NotWritable`).
    ///
    /// At `Write` nothing got in. At `Sync` the bytes stand in the cache: a reopening or a new process finds them and syncs
    /// them, the next append without a reopening goes over them, a power cut takes them. At `Commit` it got in for good. `Read`,
    /// `Reopen`, `Open`: nothing is answered or opened.
    Error,
    /// There is no room.
    ///
    /// At `Write`, `Sync` and `Commit` nothing of the batch stays, and the reserve is given back, once, and the append
    /// tried again; without a reserve `DiskFull` is told. At `Read` `DiskFull` is told. A `Reopen` that finds
    /// what is not synced uses the reserve for it, or tells `DiskFull`; any other, and an `Open`, succeeds, and can't fill the
    /// reserve. There is no room from then on until [`Disk::make_room`], except what the reserve left.
    Full,
    /// It happens in part, and an error is told.
    ///
    /// At `Write` the first half of the bytes stands in the cache. At `Sync` all are in the cache, the first half for
    /// good. At `Commit` as `Error`. At `Read` and `Reopen` what is read is nonsense (`Unreadable`); at `Open` too.
    Torn,
    /// The process dies there: the answer never comes, to this question and to any other of this process.
    ///
    /// At `Write` the first half of the bytes is in the cache, at `Sync` all, at `Commit` all are there for good.
    Gone,
}

/// Which faults there are: asked once at each step.
pub trait DiskFaults: Send + Sync {
    /// The fault at this step, if any.
    fn at(&self, step: DiskStep) -> Option<DiskFault>;
}

/// No faults.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sound;

impl DiskFaults for Sound {
    fn at(&self, _step: DiskStep) -> Option<DiskFault> {
        None
    }
}

/// What the disk holds.
pub(super) struct Held {
    /// The file: the first `durable` of the bytes survive a power cut.
    pub(super) bytes: Vec<u8>,
    pub(super) durable: usize,
    /// Whether the space kept back for answers is there.
    pub(super) reserve: bool,
    /// Whether there is room to fill it.
    room: bool,
    /// How many events some process was told are in.
    pub(super) promised: usize,
    /// Whether a process has the lock.
    owned: bool,
}

/// A simulated disk with the file of one journal.
pub struct Disk {
    faults: Arc<dyn DiskFaults>,
    held: Mutex<Held>,
}

impl Disk {
    /// An empty disk with these faults.
    #[must_use]
    pub fn new(faults: Arc<dyn DiskFaults>) -> Arc<Self> {
        let held = Held { bytes: Vec::new(), durable: 0, reserve: false, room: true, promised: 0, owned: false };
        Arc::new(Self { faults, held: Mutex::new(held) })
    }

    /// Takes the bytes that were never synced. The process that was writing must be dead: drop its journal.
    pub fn power_cut(&self) {
        let mut held = self.lock();
        let durable = held.durable;
        held.bytes.truncate(durable);
    }

    /// Somebody made room on a full disk.
    pub fn make_room(&self) {
        self.lock().room = true;
    }

    /// The bytes as a process finds them now.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.lock().bytes.clone()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault at this step; a full disk is full from then on.
    pub(super) fn fault(&self, step: DiskStep) -> Option<DiskFault> {
        let fault = self.faults.at(step);
        if fault == Some(DiskFault::Full) {
            self.lock().room = false;
        }
        fault
    }

    /// Fills the reserve if there is room for it; false when it is not there.
    pub(super) fn fill_reserve(&self) -> bool {
        let mut held = self.lock();
        held.reserve |= held.room;
        held.reserve
    }

    /// Whether a power cut would take something.
    pub(super) fn has_unsynced(&self) -> bool {
        let held = self.lock();
        held.durable < held.bytes.len()
    }

    /// Everything that is there is there for good.
    pub(super) fn sync(&self) {
        let mut held = self.lock();
        held.durable = held.bytes.len();
    }

    /// Gives the reserve back; false when there is none to give.
    pub(super) fn release_reserve(&self) -> bool {
        std::mem::take(&mut self.lock().reserve)
    }
}

/// The right to write: one process at a time. Dropping it gives it back.
pub(super) struct Owner(pub(super) Arc<Disk>);

impl Owner {
    /// `None` when another process has it.
    pub(super) fn of(disk: &Arc<Disk>) -> Option<Self> {
        let taken = std::mem::replace(&mut disk.lock().owned, true);
        (!taken).then(|| Self(Arc::clone(disk)))
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.lock().owned = false;
    }
}
