//! What happens to an outcome after it is final (`RULES.md` 3), and a person's word.

use crate::answers::{DeclineReason, Failure};
use crate::attempt::Entry;
use crate::attempt::event::{Effect, PageEnd, Refusal, ReturnHint};
use crate::attempt::state::{Alarm, Contradiction, CounterOutcome, State};
use crate::attempt::step::{Step, names_portal};
use crate::evidence::{Claim, Confirmation, Evidence, SupervisorWord};
use crate::status::{Reading, Seen};
use crate::time::Timestamp;

/// The gateway was asked about a final outcome: it may bear it out or contradict it, never change it.
pub(super) fn read_again(step: &mut Step, reading: Reading, now: Timestamp) {
    match (step.attempt.state.clone(), reading) {
        (State::Approved { confirmation, .. }, Reading::Paid(seen) | Reading::PaidPartlyReturned(seen)) => {
            if confirmation == Confirmation::Unconfirmed {
                let evidence = Evidence::GatewayStatus(seen);
                step.enter(State::Approved { evidence, confirmation: Confirmation::Confirmed }, now);
            }
        }
        (State::Declined { failure, confirmation, .. }, Reading::NotPaid(seen)) => {
            if confirmation == Confirmation::Unconfirmed {
                let evidence = Evidence::GatewayStatus(seen);
                step.enter(State::Declined { failure, evidence, confirmation: Confirmation::Confirmed }, now);
            }
        }
        (State::Approved { .. }, Reading::NotPaid(seen)) => contradict(step, seen, false, now),
        (State::Approved { .. }, Reading::Mismatch { what, seen }) => {
            if !answered_before(step, &seen, true) {
                step.raise(Alarm::Mismatch(what), now);
                contradict(step, seen, true, now);
            }
        }
        (
            State::Declined { .. } | State::Refused(_) | State::NotSent(_),
            Reading::Paid(seen) | Reading::PaidPartlyReturned(seen) | Reading::Mismatch { seen, .. },
        ) => contradict(step, seen, true, now),
        (
            State::Approved { .. },
            Reading::Pending(_)
            | Reading::NoTrace
            | Reading::CouldNotAsk(_)
            | Reading::CannotBeAsked(_)
            | Reading::Attention(_)
            | Reading::PaidByUnknownCard(_)
            | Reading::OwnReversal(_),
        )
        | (
            State::Declined { .. } | State::Refused(_) | State::NotSent(_),
            Reading::Pending(_)
            | Reading::NoTrace
            | Reading::CouldNotAsk(_)
            | Reading::CannotBeAsked(_)
            | Reading::Attention(_)
            | Reading::PaidByUnknownCard(_)
            | Reading::OwnReversal(_),
        )
        | (State::Refused(_) | State::NotSent(_), Reading::NotPaid(_))
        | (
            State::Ready
            | State::Sending(_)
            | State::Reauthorising
            | State::AtBank
            | State::Confirming(_)
            | State::Unknown(_)
            | State::SetAside(_),
            _,
        ) => {}
    }
}

/// Whether a supervisor had just this word of the gateway before them when they made the counter-entry: it is no news, and
/// would raise for ever what they have answered for.
fn answered_before(step: &Step, seen: &Seen, paid: bool) -> bool {
    step.attempt.answered.as_ref().is_some_and(|known| known.paid == paid && known.seen == *seen)
}

fn contradict(step: &mut Step, seen: Seen, paid: bool, now: Timestamp) {
    if answered_before(step, &seen, paid) {
        return;
    }
    // What it said before is no news; another amount is, and is what a supervisor must judge by.
    if step.attempt.contradiction.as_ref().is_some_and(|known| known.paid == paid && known.seen == seen) {
        return;
    }
    step.write(Entry::Contradicted(Contradiction { seen, paid }), now);
    step.raise(Alarm::Contradicted, now);
}

/// A return against a final outcome causes one question, once. Where nobody can be asked, and the outcome itself rests on a return,
/// one word stands against the other: that is for a person (a customer may have tried again on a page that stayed open).
pub(super) fn contrary_return(step: &mut Step, hint: &ReturnHint, now: Timestamp) {
    let Some(claim) = step.attempt.claim_of(hint) else { return };
    let contrary = match (&step.attempt.state, claim) {
        (State::Approved { .. }, Claim::Failure)
        | (State::Declined { .. } | State::Refused(_) | State::NotSent(_), Claim::Success) => true,
        (State::Approved { .. }, Claim::Success)
        | (State::Declined { .. } | State::Refused(_) | State::NotSent(_), Claim::Failure)
        | (
            State::Ready
            | State::Sending(_)
            | State::Reauthorising
            | State::AtBank
            | State::Confirming(_)
            | State::Unknown(_)
            | State::SetAside(_),
            Claim::Success | Claim::Failure,
        ) => false,
    };
    if !contrary {
        return;
    }
    if step.attempt.can_be_asked() && !step.attempt.found_unaskable() {
        if !step.attempt.returns.contrary_asked {
            step.write(Entry::ContraryReturnAsked, now);
            step.act(Effect::AskStatus);
        }
    } else if step.attempt.state.evidence().is_some_and(rests_on_a_return) {
        contradict(step, Seen::default(), claim == Claim::Success, now);
    }
}

const fn rests_on_a_return(evidence: &Evidence) -> bool {
    match evidence {
        Evidence::ReturnAlone(_) | Evidence::ReturnAndProbe(_) => true,
        Evidence::PayAnswer | Evidence::GatewayStatus(_) | Evidence::Supervisor(_) | Evidence::CounterEntry(_) => false,
    }
}

fn settled(outcome: CounterOutcome, evidence: Evidence) -> State {
    match outcome {
        CounterOutcome::Approved => State::Approved { evidence, confirmation: Confirmation::Confirmed },
        CounterOutcome::Declined => State::Declined {
            failure: Failure::plain(DeclineReason::Other),
            evidence,
            confirmation: Confirmation::Confirmed,
        },
    }
}

/// A supervisor settles an unknown attempt.
pub(super) fn resolve(
    step: &mut Step,
    outcome: CounterOutcome,
    word: SupervisorWord,
    now: Timestamp,
    refusal: Refusal,
) -> Result<(), Refusal> {
    match step.attempt.state {
        State::Unknown(_) | State::SetAside(_) => {}
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::AtBank
        | State::Confirming(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => return Err(refusal),
    }
    if !step.attempt.page_is_gone(now) {
        return Err(Refusal::PageStillOpen);
    }
    if !names_portal(&word) {
        return Err(Refusal::PortalReferenceMissing);
    }
    step.close_page(PageEnd::Settled, now);
    step.enter(settled(outcome, Evidence::Supervisor(word)), now);
    step.act(Effect::ForgetCard);
    Ok(())
}

/// A supervisor's counter-entry sets the outcome that counts after a contradiction or another standing alarm.
pub(super) fn counter_entry(
    step: &mut Step,
    outcome: CounterOutcome,
    word: SupervisorWord,
    now: Timestamp,
    refusal: Refusal,
) -> Result<(), Refusal> {
    if !step.attempt.state.is_final() {
        return Err(refusal);
    }
    // What a person settled, and what nobody could confirm, may be settled by a person again.
    let open_to_a_word = step.attempt.state.standing().is_some_and(|(evidence, confirmation)| {
        evidence.rank() == crate::evidence::Rank::Supervisor || confirmation == Confirmation::Unconfirmed
    });
    if step.attempt.contradiction.is_none() && step.attempt.alarms.is_empty() && !open_to_a_word {
        return Err(Refusal::NothingContradicts);
    }
    if !names_portal(&word) {
        return Err(Refusal::PortalReferenceMissing);
    }
    step.enter(settled(outcome, Evidence::CounterEntry(word)), now);
    Ok(())
}
