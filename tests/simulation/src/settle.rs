//! When the schedule is done, the faults stop and the network is back: then everything that can settle must.

use std::time::Duration;

use tokio::time::sleep;
use vezne_core::account::GatewayKind;
use vezne_core::attempt::{Attempt, Outcome};
use vezne_core::evidence::Evidence;
use vezne_core::ids::{AttemptId, ReversalId};
use vezne_core::ports::Journal;
use vezne_core::status::Baseline;
use vezne_till::{AttemptView, ReversalView, Till};

use crate::books::Shown;
use crate::journal::SimJournal;
use crate::operator::answered;
use crate::world::{State, World};

const MINUTE: u64 = 60_000;
/// How long somebody may still be asking for something: a slow PIN, a slow sign-in and slow options one after the other.
const STILL_ASKING: u64 = MINUTE;
/// How long whatever the bank and the gateway still do may take.
const BOOKS_MOVE_MOST: u64 = 40 * MINUTE;
/// How long an attempt may stay open once nothing goes wrong any more: at the bank's page ten minutes, then half a minute.
const OPEN_MOST: u64 = 13 * MINUTE;
/// How long a decline that the gateway answered is asked about once more (`RULES.md` 2), and a little.
const RECHECKED: u64 = 75_000;
/// How long a question may take that was under way, and a conflict that must rest (`RULES.md` 1, 2).
const SLACK: u64 = 50_000;

/// What is unknown when the faults have stopped, and how often it had been asked about.
#[derive(Debug, Clone)]
pub(crate) struct Unsettled {
    pub(crate) attempt: AttemptId,
    pub(crate) questions: u32,
    pub(crate) can_be_asked: bool,
    /// What the gateway's books say of it for good, if they do.
    pub(crate) truth: Option<bool>,
}

/// The same of a reversal.
#[derive(Debug, Clone)]
pub(crate) struct UnsettledReversal {
    pub(crate) reversal: ReversalId,
    pub(crate) questions: u32,
    pub(crate) moved: bool,
}

/// From one question to the next at this age, in milliseconds (`RULES.md` 1).
pub(crate) const fn interval(age: u64) -> u64 {
    match age {
        0..30_000 => 10_000,
        30_000..900_000 => MINUTE,
        900_000..86_400_000 => 15 * MINUTE,
        86_400_000..604_800_000 => 60 * MINUTE,
        _ => 1_440 * MINUTE,
    }
}

/// Two periods of asking, from this age on.
const fn two_periods(age: u64) -> u64 {
    let one = interval(age);
    one + interval(age + one)
}

/// Stops the faults, and waits until everything has had its time.
pub(crate) async fn settle(world: &World, till: &Till, journal: &SimJournal) {
    world.with(|state| {
        state.faults_on = false;
        state.books.locked_out = false;
        if let Some(disk) = &state.disk {
            disk.make_room();
        }
        state.note(60, format_args!("the faults stop"));
    });
    sleep(Duration::from_millis(STILL_ASKING)).await;
    let began = world.now();
    while let Some(until) = world.with(|state| state.books_move_until()) {
        let now = world.now();
        if now > began + BOOKS_MOVE_MOST {
            break;
        }
        sleep(Duration::from_millis(until.saturating_sub(now) + 1)).await;
    }
    let lag = world.with(|state| u64::from(state.schedule.scene.lag));
    sleep(Duration::from_secs(lag + 1)).await;
    nothing_stays_open(world, till).await;
    sleep(Duration::from_millis(RECHECKED)).await;
    let (attempts, reversals) = answered(world, "attention", till.attention()).await;
    let longest = longest(world, &attempts, &reversals);
    remember(world, journal, &attempts, &reversals).await;
    if let Some(longest) = longest {
        sleep(Duration::from_millis(longest + SLACK)).await;
    }
}

async fn nothing_stays_open(world: &World, till: &Till) {
    let until = world.now() + OPEN_MOST;
    loop {
        let open = answered(world, "open attempts", till.open_attempts()).await;
        let Some(first) = open.first() else { return };
        if world.now() >= until {
            world.wrong(format!("{} stays {} for ever", first.attempt, first.state));
            return;
        }
        sleep(Duration::from_secs(15)).await;
    }
}

fn longest(world: &World, attempts: &[AttemptView], reversals: &[ReversalView]) -> Option<u64> {
    let now = world.desk_now();
    // A clock that was set back can't tell an age: then the pace is the first minutes'.
    let age = |since: vezne_core::time::Timestamp| now.since(since).as_millis();
    let unknown = attempts.iter().filter(|view| view.outcome == Some(Outcome::Unknown)).map(|view| age(view.since));
    let reversals = reversals.iter().filter(|view| view.state == "unknown").map(|view| age(view.since));
    unknown.chain(reversals).map(|age| two_periods(age).max(2 * MINUTE)).max()
}

async fn remember(world: &World, journal: &SimJournal, attempts: &[AttemptView], reversals: &[ReversalView]) {
    let mut unsettled = Vec::new();
    for view in attempts.iter().filter(|view| view.outcome == Some(Outcome::Unknown)) {
        let Ok(Some(attempt)) = journal.attempt(view.attempt).await else { continue };
        let siblings = journal.attempts_on(&attempt.intent.guard_key()).await.unwrap_or_default();
        let asked = view.can_be_asked;
        unsettled.push(Unsettled {
            attempt: view.attempt,
            questions: view.questions,
            can_be_asked: asked,
            truth: world.with(|state| final_word(state, &attempt, &siblings)).filter(|_| asked),
        });
    }
    let unknown = reversals.iter().filter(|view| view.state == "unknown");
    let moved = |id| world.with(|state| state.books.backs.iter().any(|back| back.reversal == id));
    let reversals = unknown.map(|view| UnsettledReversal {
        reversal: view.reversal,
        questions: view.questions,
        moved: moved(view.reversal),
    });
    let reversals = reversals.collect();
    world.with(|state| {
        state.unsettled = unsettled;
        state.unsettled_reversals = reversals;
    });
}

/// What the gateway's books say of an attempt for good, if they do and the rules let it count (`RULES.md` 4).
pub(crate) fn final_word(state: &State, attempt: &Attempt, siblings: &[Attempt]) -> Option<bool> {
    let lag = u64::from(state.schedule.scene.lag) * 1_000;
    let at = state.now().saturating_sub(lag);
    let id = attempt.intent.attempt;
    match state.schedule.scene.gateway {
        GatewayKind::Finrota => {
            let own = state.books.of(id);
            let shown: Vec<Shown> = own.map(|payment| payment.shown(at)).collect();
            match shown.as_slice() {
                [Shown::Paid] => Some(true),
                [Shown::Failed] => Some(false),
                _ => None,
            }
        }
        GatewayKind::Yolcu360 => order_word(state, attempt, siblings, at),
    }
}

/// Whether a `failed` may still come of an attempt: it is not settled, or nobody has seen the order tell of its end.
fn may_fail(attempt: &Attempt) -> bool {
    match attempt.state.outcome() {
        None | Some(Outcome::Unknown) => true,
        Some(Outcome::Declined) => !matches!(attempt.state.evidence(), Some(Evidence::GatewayStatus(_))),
        Some(Outcome::Approved | Outcome::Refused | Outcome::NotSent) => false,
    }
}

fn order_word(state: &State, attempt: &Attempt, siblings: &[Attempt], at: u64) -> Option<bool> {
    let id = attempt.intent.attempt;
    let order = match &attempt.intent.subject {
        vezne_core::attempt::Subject::Order(order) => state.books.orders.get(order.as_str())?,
        vezne_core::attempt::Subject::Reference { .. } => return None,
    };
    let mark = order.mark(at).1;
    let payment = state.books.payments.get(mark.payment?)?;
    if payment.attempt != id {
        return None;
    }
    let others = || siblings.iter().filter(|other| other.intent.attempt != id && other.sent.is_some());
    // Where two may have paid, nobody can say which did (`RULES.md` 4).
    let rivals = others().any(|other| !other.state.is_final() || other.state.is_approved());
    let later = siblings.iter().rev().take_while(|other| other.intent.attempt != id).any(|other| other.sent.is_some());
    match mark.status {
        "reserved" if !rivals => Some(true),
        "failed" if !later && !others().any(may_fail) && matches!(attempt.baseline, Some(Baseline::Order(_))) => {
            Some(false)
        }
        _ => None,
    }
}
