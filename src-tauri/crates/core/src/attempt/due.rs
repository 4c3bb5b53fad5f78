//! When an attempt wants to be looked at again, and what it does then.

use crate::account::PagePlace;
use crate::answers::Probe;
use crate::asking;
use crate::attempt::event::{Effect, PageEnd};
use crate::attempt::state::{Heard, State};
use crate::attempt::step::Step;
use crate::attempt::{Attempt, Entry, Page, settle, without_query};
use crate::evidence::{Claim, Confirmation, Evidence};
use crate::limits;
use crate::time::{Millis, Timestamp};

/// The next time at which the till must hand the attempt [`crate::attempt::Event::Due`], if there is one.
///
/// It depends on nothing but the attempt and the clock, so that a restart finds the same answer.
#[must_use]
pub fn next_due(attempt: &Attempt, now: Timestamp) -> Option<Timestamp> {
    [next_question(attempt, now), next_turn(attempt, now), next_probe(attempt, now)].into_iter().flatten().min()
}

/// When the gateway is to be asked next.
fn next_question(attempt: &Attempt, now: Timestamp) -> Option<Timestamp> {
    if !attempt.can_be_asked() {
        return None;
    }
    let asked = attempt.asking.here;
    match &attempt.state {
        State::Ready | State::Sending(_) | State::Reauthorising | State::Refused(_) | State::NotSent(_) => None,
        State::AtBank => Some(match asked.last {
            None => over(attempt.since, limits::AT_BANK_FIRST_QUESTION, now),
            Some(last) => over(last, limits::AT_BANK_QUESTION, now),
        }),
        State::Confirming(_) | State::Unknown(_) | State::SetAside(_) => {
            let scheduled = asking::next_question(attempt.since, asked, now);
            Some(about_a_return(attempt, now).map_or(scheduled, |soon| soon.min(scheduled)))
        }
        State::Approved { evidence, confirmation } => follow_up(attempt, evidence, *confirmation, now),
        // A decline that the pay answer stated is asked about twice more, in the background.
        State::Declined { evidence, confirmation, .. } => follow_up(attempt, evidence, *confirmation, now)
            .or_else(|| asking::next_recheck(declined_rechecks(attempt), attempt.since, asked, now)),
    }
}

/// When `gap` is over since `from`. Where the clock was set back, nobody can say: now.
fn over(from: Timestamp, gap: Millis, now: Timestamp) -> Timestamp {
    if now < from { now } else { from.after(gap) }
}

/// A return that no question followed yet is asked about two seconds after the last question.
fn about_a_return(attempt: &Attempt, now: Timestamp) -> Option<Timestamp> {
    let last = attempt.asking.last?;
    let unasked = attempt.returns.last.is_some_and(|returned| last < returned && returned <= now);
    unasked.then(|| last.after(limits::RETURN_QUESTION_GAP))
}

fn follow_up(attempt: &Attempt, evidence: &Evidence, confirmation: Confirmation, now: Timestamp) -> Option<Timestamp> {
    let asked = attempt.asking.here;
    match (evidence, confirmation) {
        (Evidence::Supervisor(_) | Evidence::CounterEntry(_), Confirmation::Confirmed | Confirmation::Unconfirmed) => {
            asking::after_a_supervisor(attempt.since, asked, now)
        }
        (
            Evidence::PayAnswer | Evidence::GatewayStatus(_) | Evidence::ReturnAndProbe(_) | Evidence::ReturnAlone(_),
            Confirmation::Unconfirmed,
        ) => asking::while_unconfirmed(attempt.since, asked, now),
        (
            Evidence::PayAnswer | Evidence::GatewayStatus(_) | Evidence::ReturnAndProbe(_) | Evidence::ReturnAlone(_),
            Confirmation::Confirmed,
        ) => None,
    }
}

const fn declined_rechecks(attempt: &Attempt) -> &'static [Millis] {
    match &attempt.heard {
        Some(Heard::Failure(_)) => &limits::DECLINE_RECHECKS,
        Some(Heard::Success(_) | Heard::Nothing) | None => &[],
    }
}

/// When the state itself must change because its time is over, or because a clock that was set back can't tell any more
/// how much of it is over: then the time starts anew.
fn next_turn(attempt: &Attempt, now: Timestamp) -> Option<Timestamp> {
    match &attempt.state {
        State::AtBank => Some(over(attempt.since, attempt.intent.terms.challenge, now)),
        State::Confirming(_) if now < attempt.since => Some(now),
        State::Confirming(_) => Some(without_query::confirming_until(attempt, now)),
        State::Unknown(_) | State::SetAside(_) => page_from_the_future(attempt, now).then_some(now),
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => None,
    }
}

/// Whether the time of a page in the system's browser can't be told, because the clock was set back.
fn page_from_the_future(attempt: &Attempt, now: Timestamp) -> bool {
    match (attempt.page, attempt.place()) {
        (Page::Open { since }, PagePlace::Browser) => now < since,
        (Page::Open { .. }, PagePlace::Window) | (Page::None | Page::Gone { .. }, _) => false,
    }
}

/// When `installment-info` is to be asked as a second sign beside a return.
fn next_probe(attempt: &Attempt, now: Timestamp) -> Option<Timestamp> {
    let (probe, probed) = attempt.asking.probe?;
    let (claim, since) = attempt.returns.claim?;
    match attempt.state {
        State::Confirming(_) | State::Unknown(_) | State::SetAside(_) => {}
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::AtBank
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => return None,
    }
    if attempt.can_be_asked() && !attempt.found_unaskable() {
        return None;
    }
    match (claim, probe) {
        (Claim::Failure, Probe::StillOpen | Probe::NoAnswer) | (Claim::Success, Probe::StillOpen | Probe::NoAnswer) => {
            asking::next_of(&limits::PROBES, since, probed, now)
        }
        (Claim::Failure | Claim::Success, Probe::Gone) => None,
    }
}

/// Does what is due at `now`; nothing, if nothing is.
pub(super) fn due(step: &mut Step, now: Timestamp) {
    let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
    if is_due(next_turn(&step.attempt, now)) {
        turn(step, now);
    }
    if is_due(next_question(&step.attempt, now)) && !step.effects.contains(&Effect::AskStatus) {
        step.act(Effect::AskStatus);
    }
    if is_due(next_probe(&step.attempt, now)) {
        step.act(Effect::Probe);
    }
}

fn turn(step: &mut Step, now: Timestamp) {
    if page_from_the_future(&step.attempt, now) {
        step.write(Entry::PageOpened, now);
    }
    let clock_set_back = now < step.attempt.since;
    match step.attempt.state.clone() {
        state @ (State::AtBank | State::Confirming(_)) if clock_set_back => step.enter(state, now),
        State::AtBank => {
            step.enter(State::Confirming(Heard::Nothing), now);
            // In the system's browser the page's time is over now; a window of ours stays until it is closed.
            if step.attempt.page_is_gone(now) {
                step.close_page(PageEnd::GaveUp, now);
            }
        }
        State::Confirming(_) => {
            if step.attempt.can_be_asked() && !step.attempt.found_unaskable() {
                settle::stay_or_give_up(step, now);
            } else {
                without_query::settle(step, now);
            }
        }
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => {}
    }
}
