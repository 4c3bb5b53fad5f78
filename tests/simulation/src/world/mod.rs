//! The world around the desk's process: it goes on when the process dies.

mod beside;
mod happening;
mod memory;
mod trace;

pub(crate) use beside::{drive, forge, window_closed};
pub(crate) use happening::{Happening, ReplyTo};
pub(crate) use memory::DeskMemory;
pub(crate) use trace::Trace;

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;
use vezne_core::time::{Millis, Timestamp};

use crate::bank::Pages;
use crate::books::Books;
use crate::coverage::{Cell, Cells};
use crate::dice::Dice;
use crate::journal::{Disk, DiskFault, DiskFaults, DiskStep, TwinHome};
use crate::plant::Plant;
use crate::schedule::{Boundary, Fault, Schedule, What};
use crate::settle::{Unsettled, UnsettledReversal};
use crate::told::Told;

/// 2027-01-15, 11:00 in Istanbul: what the desk's clock shows when a schedule begins.
pub(crate) const START: i64 = 1_800_000_000_000;

/// How long a disk stays full before somebody makes room.
const FULL_FOR: u64 = 30_000;

/// How long the desk's process is gone when a fault killed it.
const GONE_FOR: u64 = 3_000;

/// How the desk's process ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Death {
    /// For how long it is gone, in milliseconds.
    pub(crate) gone_for: u64,
    /// Whether the power went with it.
    pub(crate) power_cut: bool,
}

/// Everything of the world.
pub(crate) struct State {
    pub(crate) schedule: Arc<Schedule>,
    pub(crate) plant: Plant,
    /// The world's time, in milliseconds, when this life of the process began.
    base: u64,
    /// When that was for the runtime of this life.
    began: Option<Instant>,
    /// What the desk's clock shows less the world's time.
    pub(crate) offset: i64,
    /// Which life of the process this is.
    pub(crate) life: u32,
    dead: Option<Death>,
    passed: [u16; Boundary::ALL.len()],
    /// Whether faults may come: not while the desk is set up, and not when everything is to settle.
    pub(crate) faults_on: bool,
    /// Every passing, where it is asked for.
    log: Option<Vec<(Boundary, u16)>>,
    /// The faults that came.
    pub(crate) fired: Vec<Fault>,
    queue: BTreeMap<(u64, u64), Happening>,
    queued: u64,
    dice: Dice,
    pub(crate) books: Books,
    pub(crate) pages: Pages,
    pub(crate) desk: DeskMemory,
    pub(crate) told: Told,
    pub(crate) trace: Trace,
    pub(crate) cells: Cells,
    pub(crate) disk: Option<Arc<Disk>>,
    /// Where the real journal lies, if one stands beside the simulated one.
    pub(crate) twin_home: Option<Arc<TwinHome>>,
    /// What was unknown when the faults had stopped.
    pub(crate) unsettled: Vec<Unsettled>,
    pub(crate) unsettled_reversals: Vec<UnsettledReversal>,
    /// What is wrong, in words.
    pub(crate) wrong: Vec<String>,
    spins: (u64, u32),
}

/// The world, shared by everything that stands in for a port.
pub(crate) struct World {
    state: Mutex<State>,
    /// Rung when something was put into the queue.
    bell: Notify,
    /// Rung when the process dies.
    knell: Notify,
    /// Rung when the desk was told something.
    pub(crate) news: Notify,
}

/// So many sleeps that are over before they begin, at one moment, are a loop that never ends.
const SPINS_MOST: u32 = 300;

impl World {
    pub(crate) fn new(schedule: Arc<Schedule>, plant: Plant, (record, verbose): (bool, bool)) -> Arc<Self> {
        let state = State {
            plant,
            base: 0,
            began: None,
            offset: 0,
            life: 0,
            dead: None,
            passed: [0; Boundary::ALL.len()],
            faults_on: false,
            log: record.then(Vec::new),
            fired: Vec::new(),
            queue: BTreeMap::new(),
            queued: 0,
            dice: Dice::new(schedule.seed),
            books: Books::new(&schedule.scene),
            pages: Pages::default(),
            desk: DeskMemory::new(schedule.scene.customers.len()),
            told: Told::default(),
            trace: Trace::new(verbose),
            cells: Cells::default(),
            disk: None,
            twin_home: None,
            unsettled: Vec::new(),
            unsettled_reversals: Vec::new(),
            wrong: Vec::new(),
            spins: (0, 0),
            schedule,
        };
        let (bell, knell, news) = (Notify::new(), Notify::new(), Notify::new());
        let world = Arc::new(Self { state: Mutex::new(state), bell, knell, news });
        let disk = Disk::new(Arc::new(WorldsDisk(Arc::downgrade(&world))));
        world.with(|state| state.disk = Some(disk));
        world
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at or changes the world. Never across an await.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let queued = state.queued;
        let done = act(&mut state);
        if state.queued != queued {
            self.bell.notify_one();
        }
        done
    }

    /// The world's time in milliseconds.
    pub(crate) fn now(&self) -> u64 {
        self.lock().now()
    }

    /// What the desk's clock shows.
    pub(crate) fn desk_now(&self) -> Timestamp {
        self.lock().desk_now()
    }

    /// Puts something into the world's time to come.
    pub(crate) fn later(&self, at: u64, happening: Happening) {
        self.with(|state| state.later(at, happening));
    }

    /// A new life of the process begins, on the runtime that this is called on.
    pub(crate) fn begin_life(&self) {
        self.with(|state| {
            state.began = Some(Instant::now());
            state.life += 1;
            state.dead = None;
            let life = state.life;
            state.note(1, format_args!("life {life} begins"));
        });
    }

    /// The runtime is about to go: the world's time stands until the next life, but for what happens without the desk.
    pub(crate) fn end_life(&self) -> Death {
        self.with(|state| {
            let now = state.now();
            let death = state.dead.unwrap_or(Death { gone_for: GONE_FOR, power_cut: false });
            (state.base, state.began) = (now, None);
            state.dead = Some(death);
            let life = state.life;
            state.pages.process_gone(life);
            state.note(2, format_args!("life {life} ended"));
            let until = now + death.gone_for;
            while let Some((at, happening)) = state.take_due(until) {
                state.base = at.max(state.base);
                if happening.needs_the_desk() {
                    state.note(3, format_args!("lost on a desk that is gone"));
                } else {
                    state.happen(happening);
                }
            }
            state.base = until;
            death
        })
    }

    /// Whether the process has died: then nothing of it may touch the world any more.
    pub(crate) fn is_dead(&self) -> bool {
        self.lock().dead.is_some()
    }

    /// Ends the process.
    pub(crate) fn die(&self, death: Death) {
        self.with(|state| state.die(death));
        self.knell.notify_one();
    }

    /// Waits for the process to die.
    pub(crate) async fn died(&self) {
        while !self.is_dead() {
            self.knell.notified().await;
        }
    }

    /// Waits for ever where the process is dead.
    pub(crate) async fn unless_dead(&self) {
        if self.is_dead() {
            pending::<()>().await;
        }
    }

    /// Passes a boundary: what goes wrong there is told, or done here where it is not the boundary's own matter. Where the
    /// process dies, this never returns.
    pub(crate) async fn pass(&self, at: Boundary) -> Option<What> {
        match self.with(|state| state.pass(at)) {
            Passing::Goes(what) => what,
            Passing::Dies => {
                self.knell.notify_one();
                pending().await
            }
        }
    }

    /// Something is wrong: the run fails.
    pub(crate) fn wrong(&self, words: String) {
        self.with(|state| state.wrong(words));
    }

    /// The next time in the queue.
    fn next_at(&self) -> Option<u64> {
        self.lock().queue.first_key_value().map(|((at, _), _)| *at)
    }

    /// Every passing that was recorded.
    pub(crate) fn passings(&self) -> Vec<(Boundary, u16)> {
        self.with(|state| state.log.take().unwrap_or_default())
    }

    /// A sleep begins; a till that only sleeps for no time at all spins.
    pub(crate) fn sleeps(&self, span: Millis) {
        self.with(|state| {
            let now = state.now();
            if span > Millis::ZERO || state.spins.0 != now {
                state.spins = (now, 0);
                return;
            }
            state.spins.1 += 1;
            if state.spins.1 == SPINS_MOST {
                state.wrong("the till spins: it sleeps for no time at all, again and again".to_owned());
                state.die(Death { gone_for: 0, power_cut: false });
            }
        });
        if self.is_dead() {
            self.knell.notify_one();
        }
    }
}

enum Passing {
    Goes(Option<What>),
    Dies,
}

impl State {
    /// The world's time in milliseconds.
    pub(crate) fn now(&self) -> u64 {
        let elapsed = self.began.map_or(0, |began| began.elapsed().as_millis());
        self.base + u64::try_from(elapsed).unwrap_or(0)
    }

    /// What the desk's clock shows.
    pub(crate) fn desk_now(&self) -> Timestamp {
        Timestamp::from_millis(START + i64::try_from(self.now()).unwrap_or(0) + self.offset)
    }

    pub(crate) fn later(&mut self, at: u64, happening: Happening) {
        self.queued += 1;
        self.queue.insert((at, self.queued), happening);
    }

    /// Takes what is due first, if anything is by then.
    pub(crate) fn take_due(&mut self, by: u64) -> Option<(u64, Happening)> {
        let first = self.queue.first_entry().filter(|first| first.key().0 <= by)?;
        let at = first.key().0;
        Some((at, first.remove()))
    }

    /// When the last thing is to happen by which the gateway's books may still change.
    pub(crate) fn books_move_until(&self) -> Option<u64> {
        let moves = self.queue.iter().filter(|(_, happening)| !happening.needs_the_desk());
        moves.map(|((at, _), _)| *at).max()
    }

    pub(crate) fn sixteen(&mut self) -> [u8; 16] {
        let (high, low) = (self.dice.roll(), self.dice.roll());
        ((u128::from(high) << 64) | u128::from(low)).to_be_bytes()
    }

    pub(crate) fn note(&mut self, tag: u64, words: std::fmt::Arguments<'_>) {
        let now = self.now();
        self.trace.note(now, tag, words);
    }

    pub(crate) fn wrong(&mut self, words: String) {
        self.note(4, format_args!("WRONG: {words}"));
        if !self.wrong.contains(&words) {
            self.wrong.push(words);
        }
    }

    pub(crate) fn cell(&mut self, cell: Cell) {
        self.cells.add(cell);
    }

    pub(crate) fn die(&mut self, death: Death) {
        if self.dead.is_none() {
            self.note(5, format_args!("the process dies"));
            self.dead = Some(death);
        }
    }

    fn pass(&mut self, at: Boundary) -> Passing {
        if self.dead.is_some() {
            return Passing::Dies;
        }
        if !self.faults_on {
            return Passing::Goes(None);
        }
        let place = at.place();
        let nth = self.passed.get(place).map_or(1, |passed| passed.saturating_add(1));
        if let Some(passed) = self.passed.get_mut(place) {
            *passed = nth;
        }
        if let Some(log) = &mut self.log {
            log.push((at, nth));
        }
        self.note(100 + u64::try_from(place).unwrap_or(0), format_args!("passes {}#{nth}", at.word()));
        let mut own = None;
        while let Some(what) = self.strikes(at, nth) {
            self.cell(Cell::Fault(at, what));
            self.fired.push(Fault { at, nth, what });
            self.note(6, format_args!("fault {}#{nth}={what}", at.word()));
            match self.strike(what) {
                Passing::Dies => return Passing::Dies,
                Passing::Goes(None) => {}
                Passing::Goes(what) => own = what,
            }
        }
        Passing::Goes(own)
    }

    /// The fault that is meant for this passing, and has not come yet.
    fn strikes(&self, at: Boundary, nth: u16) -> Option<What> {
        let came = |what| self.fired.contains(&Fault { at, nth, what });
        let gateway = self.schedule.scene.gateway;
        let here = |fault: &&Fault| fault.at == at && fault.nth == nth && fault.what.can_be_at(gateway);
        let meant = self.schedule.faults.iter().filter(here).find(|fault| !came(fault.what));
        meant.map(|fault| fault.what).or_else(|| self.chaos(at, nth).filter(|what| !came(*what)))
    }

    fn chaos(&self, at: Boundary, nth: u16) -> Option<What> {
        if self.schedule.chaos == 0 {
            return None;
        }
        let thing = u64::try_from(at.place()).unwrap_or(0) << 16 | u64::from(nth);
        let mut dice = Dice::of(self.schedule.seed, thing);
        let faults = at.faults();
        let gateway = self.schedule.scene.gateway;
        (dice.below(1_000) < u64::from(self.schedule.chaos))
            .then(|| dice.pick(faults, What::Kill))
            .filter(|what| what.can_be_at(gateway))
    }

    /// Does what is not the boundary's own matter.
    fn strike(&mut self, what: What) -> Passing {
        let now = self.now();
        if matches!(what, What::Kill | What::PowerCut) {
            self.die(Death { gone_for: GONE_FOR, power_cut: what == What::PowerCut });
        } else if let Some(jump) = what.jump() {
            self.offset += jump;
        } else if what.is_beside() {
            self.later(now, Happening::Beside(what));
        } else {
            if what == What::DiskFull {
                self.later(now + FULL_FOR, Happening::RoomIsMade);
            }
            return Passing::Goes(Some(what));
        }
        if self.dead.is_some() { Passing::Dies } else { Passing::Goes(None) }
    }
}

/// The disk's faults are the world's.
pub(crate) struct WorldsDisk(pub(crate) std::sync::Weak<World>);

impl DiskFaults for WorldsDisk {
    fn at(&self, step: DiskStep) -> Option<DiskFault> {
        let world = self.0.upgrade()?;
        let at = match step {
            DiskStep::Open => Boundary::DiskOpen,
            DiskStep::Read => Boundary::DiskRead,
            DiskStep::Write => Boundary::DiskWrite,
            DiskStep::Sync => Boundary::DiskSync,
            DiskStep::Commit => Boundary::DiskCommit,
            DiskStep::Reopen => Boundary::DiskReopen,
        };
        match world.with(|state| state.pass(at)) {
            Passing::Dies => {
                world.knell.notify_one();
                Some(DiskFault::Gone)
            }
            Passing::Goes(Some(What::DiskError)) => Some(DiskFault::Error),
            Passing::Goes(Some(What::DiskFull)) => Some(DiskFault::Full),
            Passing::Goes(Some(What::DiskTorn)) => Some(DiskFault::Torn),
            Passing::Goes(_) => None,
        }
    }
}
