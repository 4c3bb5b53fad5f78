//! One life of the desk's process: it opens the journal, starts the till, and works until the schedule is done or it dies.

use std::future::pending;
use std::sync::Arc;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use vezne_core::ports::{Entropy, Journal, Ports};
use vezne_events::{ChainKey, Keys};
use vezne_till::{Change, Till, TillParts};
use zeroize::Zeroizing;

use crate::check;
use crate::journal::{OpenRefused, SimJournal, Twin};
use crate::operator;
use crate::plant::{Plant, Planted};
use crate::ports::{SimClock, SimEntropy, SimPages, SimPins};
use crate::settle::settle;
use crate::told::{tells, tells_attempt};
use crate::world::{Death, World, drive};

/// How long people wait before they start the program again that did not start.
const STARTS_AGAIN: Death = Death { gone_for: 5_000, power_cut: false };

fn keys() -> Keys {
    Keys::only(ChainKey::new("simulation", Zeroizing::new([7; 32])))
}

/// The journal of this life, and the real one beside it where the run is watched so.
struct Opened {
    sim: Arc<SimJournal>,
    twin: Option<Arc<Twin>>,
}

impl Opened {
    fn port(&self) -> Arc<dyn Journal> {
        match &self.twin {
            Some(twin) => Arc::<Twin>::clone(twin),
            None => Arc::<SimJournal>::clone(&self.sim),
        }
    }
}

fn opens(world: &Arc<World>) -> Result<Opened, OpenRefused> {
    let (disk, home) = world.with(|state| (state.disk.clone(), state.twin_home.clone()));
    let Some(disk) = disk else { return Err(OpenRefused::Gone) };
    let entropy: Arc<dyn Entropy> = Arc::new(SimEntropy(Arc::clone(world)));
    let now = world.desk_now();
    match home {
        None => Ok(Opened { sim: SimJournal::open(&disk, keys(), entropy, now)?, twin: None }),
        Some(home) => {
            let twin = Twin::open(&home, &disk, keys(), entropy, now)?;
            Ok(Opened { sim: Arc::clone(twin.simulated()), twin: Some(twin) })
        }
    }
}

/// The program is started a second time beside a running one: it must find the journal taken.
pub(crate) fn start_again(world: &Arc<World>) {
    match opens(world) {
        Err(OpenRefused::Owned) => {}
        Err(OpenRefused::Gone | OpenRefused::Fault(_)) | Ok(_) => {
            world.wrong("a second start got past the lock of the journal".to_owned());
        }
    }
}

/// Lives to the end of the schedule, if nothing ends it before.
pub(crate) async fn live(world: &Arc<World>) {
    let opened = match opens(world) {
        Ok(opened) => opened,
        Err(OpenRefused::Gone) => return pending().await,
        Err(OpenRefused::Owned) => {
            world.wrong("the lock of a dead process still stands".to_owned());
            return;
        }
        Err(OpenRefused::Fault(fault)) => {
            world.with(|state| state.note(50, format_args!("the journal can't be opened: {fault}")));
            world.die(STARTS_AGAIN);
            return pending().await;
        }
    };
    let Some(till) = starts(world, &opened).await else { return pending().await };
    tokio::spawn(drive(Arc::clone(world), till.clone()));
    tokio::spawn(listen(Arc::clone(world), till.changes()));
    looks_at_what_stands(world, &till).await;
    sets_up(world, &till).await;
    operator::work(world, &till).await;
    settle(world, &till, &opened.sim).await;
    check::all(world, &till, &opened.sim).await;
    if let Some(twin) = &opened.twin
        && let Err(words) = twin.check()
    {
        world.wrong(format!("beside the real journal: {words}"));
    }
}

async fn starts(world: &Arc<World>, opened: &Opened) -> Option<Till> {
    let plant = world.with(|state| state.plant);
    let journal: Arc<dyn Journal> = match plant {
        Plant::SaysSyncedAndIsNot | Plant::ForgetsTheUnknown | Plant::GuardIsBlind => {
            Arc::new(Planted::new(plant, Arc::clone(&opened.sim)))
        }
        Plant::None
        | Plant::SendsTwice
        | Plant::SendsAgainAfterATimeOut
        | Plant::Takes5xxForANo
        | Plant::BelievesReturns
        | Plant::TakesSilenceForANo => opened.port(),
    };
    let ports = Ports {
        journal,
        clock: Arc::new(SimClock(Arc::clone(world))),
        entropy: Arc::new(SimEntropy(Arc::clone(world))),
        pages: Arc::new(SimPages(Arc::clone(world))),
        pins: Arc::new(SimPins(Arc::clone(world))),
    };
    let Some(accounts) = operator::served(world) else {
        world.wrong("the scene has no account".to_owned());
        return None;
    };
    let time_zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(3));
    match Till::start(TillParts { ports, accounts, time_zone }).await {
        Ok(till) => {
            world.unless_dead().await;
            Some(till)
        }
        Err(fault) => {
            world.with(|state| state.note(51, format_args!("the till can't be started: {fault}")));
            world.die(STARTS_AGAIN);
            None
        }
    }
}

/// A front that begins asks for everything.
async fn looks_at_what_stands(world: &World, till: &Till) {
    let (attention, _) = till.attention().await;
    let open = till.open_attempts().await;
    let known: Vec<_> = world.with(|state| state.told.attempts.keys().copied().collect());
    let mut views = attention;
    views.extend(open);
    for id in known {
        if views.iter().all(|view| view.attempt != id)
            && let Ok(Some(view)) = till.attempt(id).await
        {
            views.push(view);
        }
    }
    world.unless_dead().await;
    world.with(|state| {
        for view in &views {
            tells_attempt(state, view);
        }
    });
    world.news.notify_waiters();
}

/// The desk's first supervisor; faults come only when there is one.
async fn sets_up(world: &World, till: &Till) {
    if world.with(|state| state.desk.set_up) {
        return;
    }
    if let Some(supervisor) = operator::supervisor()
        && let Err(error) = till.add_operator(supervisor, None).await
    {
        world.wrong(format!("the supervisor could not be added: {error}"));
    }
    world.with(|state| {
        state.desk.set_up = true;
        state.faults_on = true;
    });
}

async fn listen(world: Arc<World>, mut changes: Receiver<Change>) {
    loop {
        match changes.recv().await {
            Ok(change) => {
                world.unless_dead().await;
                world.with(|state| tells(state, &change));
                world.news.notify_waiters();
            }
            Err(RecvError::Lagged(_)) => world.wrong("a listener that never sleeps lagged behind".to_owned()),
            Err(RecvError::Closed) => return,
        }
    }
}
