//! What answers settle while the outcome is open (`RULES.md` 2, 3).

use crate::answers::{DeclineReason, Failure, SecureUse, Success};
use crate::attempt::event::{Effect, PageEnd, Refusal};
use crate::attempt::state::{Alarm, Heard, SetAsideBy, State, UnknownCause};
use crate::attempt::step::{Step, ask, heard, names_portal};
use crate::attempt::{Entry, finals, without_query};
use crate::evidence::{Confirmation, Evidence, SupervisorWord};
use crate::limits;
use crate::status::{Reading, Seen};
use crate::time::Timestamp;

/// The gateway was asked.
pub(super) fn status_read(
    step: &mut Step,
    reading: Reading,
    asked: Timestamp,
    now: Timestamp,
    refusal: Refusal,
) -> Result<(), Refusal> {
    match step.attempt.state {
        State::Ready | State::Sending(_) | State::Reauthorising => return Err(refusal),
        State::AtBank
        | State::Confirming(_)
        | State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => {}
    }
    step.write(Entry::Asked { asked, reading: Box::new(reading.clone()) }, now);
    match step.attempt.state.clone() {
        State::Ready | State::Sending(_) | State::Reauthorising => {}
        State::AtBank => at_bank(step, reading, now),
        State::Confirming(heard) => match heard {
            Heard::Success(_) => after_success(step, reading, now),
            Heard::Failure(failure) => after_failure(step, reading, failure, now),
            Heard::Nothing => after_nothing(step, reading, now),
        },
        State::Unknown(_) | State::SetAside(_) => while_unknown(step, reading, asked, now),
        State::Approved { .. } | State::Declined { .. } | State::Refused(_) | State::NotSent(_) => {
            finals::read_again(step, reading, now);
        }
    }
    ask_about_a_newer_return(step, asked, now);
    Ok(())
}

/// A return that came while the question was under way may know more than its answer did. If the question is not two
/// seconds old yet, the next one waits until it is.
fn ask_about_a_newer_return(step: &mut Step, asked: Timestamp, now: Timestamp) {
    let open = !step.attempt.state.is_final() && step.attempt.state != State::AtBank;
    let newer = step.attempt.returns.last.is_some_and(|at| at > asked);
    let rested = now.since(asked) >= limits::RETURN_QUESTION_GAP;
    if open && newer && rested && step.attempt.can_be_asked() && !step.effects.contains(&Effect::AskStatus) {
        step.act(Effect::AskStatus);
    }
}

pub(super) fn approve(step: &mut Step, evidence: Evidence, confirmation: Confirmation, now: Timestamp) {
    step.close_page(PageEnd::Settled, now);
    step.enter(State::Approved { evidence, confirmation }, now);
    step.act(Effect::ForgetCard);
}

pub(super) fn decline(
    step: &mut Step,
    failure: Failure,
    evidence: Evidence,
    confirmation: Confirmation,
    now: Timestamp,
) {
    step.close_page(PageEnd::Settled, now);
    step.enter(State::Declined { failure, evidence, confirmation }, now);
    step.act(Effect::KeepCard);
}

/// The failure to show: what the pay answer said, else the words that the bank's page left. Whether the customer was not confirmed
/// there or the bank turned the payment down afterwards is told by nobody, so neither is claimed.
pub(super) fn known_failure(step: &Step) -> Failure {
    match &step.attempt.heard {
        Some(Heard::Failure(failure)) => failure.clone(),
        Some(Heard::Success(_) | Heard::Nothing) | None => {
            Failure { bank_text: step.attempt.returns.error.clone(), ..Failure::plain(DeclineReason::Other) }
        }
    }
}

fn not_as_expected(step: &mut Step, reading: &Reading, now: Timestamp) -> Option<UnknownCause> {
    match reading {
        Reading::Mismatch { what, .. } => {
            step.raise(Alarm::Mismatch(*what), now);
            Some(UnknownCause::Mismatch(*what))
        }
        Reading::PaidByUnknownCard(_) => {
            step.raise(Alarm::PaidByUnknownCard, now);
            Some(UnknownCause::PaidByUnknownCard)
        }
        Reading::Attention(seen) | Reading::OwnReversal(seen) => Some(UnknownCause::Attention(seen.clone())),
        Reading::Paid(_)
        | Reading::PaidPartlyReturned(_)
        | Reading::NotPaid(_)
        | Reading::Pending(_)
        | Reading::NoTrace
        | Reading::CouldNotAsk(_)
        | Reading::CannotBeAsked(_) => None,
    }
}

fn at_bank(step: &mut Step, reading: Reading, now: Timestamp) {
    match reading {
        Reading::Paid(seen) | Reading::PaidPartlyReturned(seen) => {
            approve(step, Evidence::GatewayStatus(seen), Confirmation::Confirmed, now);
        }
        Reading::NotPaid(seen) => {
            let failure = known_failure(step);
            decline(step, failure, Evidence::GatewayStatus(seen), Confirmation::Confirmed, now);
        }
        Reading::Mismatch { .. } | Reading::Attention(_) | Reading::PaidByUnknownCard(_) | Reading::OwnReversal(_) => {
            if let Some(cause) = not_as_expected(step, &reading, now) {
                step.enter(State::Confirming(Heard::Nothing), now);
                step.unknown(cause, now);
            }
        }
        Reading::Pending(_) | Reading::NoTrace | Reading::CouldNotAsk(_) | Reading::CannotBeAsked(_) => {}
    }
}

fn after_success(step: &mut Step, reading: Reading, now: Timestamp) {
    match reading {
        Reading::Paid(seen) | Reading::PaidPartlyReturned(seen) => {
            approve(step, Evidence::GatewayStatus(seen), Confirmation::Confirmed, now);
        }
        Reading::NoTrace | Reading::CouldNotAsk(_) | Reading::CannotBeAsked(_) => {
            approve(step, Evidence::PayAnswer, Confirmation::Unconfirmed, now);
        }
        Reading::Pending(_) => stay_or_give_up(step, now),
        Reading::NotPaid(_) => step.unknown(UnknownCause::SuccessThenNotPaid, now),
        Reading::Mismatch { .. } | Reading::Attention(_) | Reading::PaidByUnknownCard(_) | Reading::OwnReversal(_) => {
            if let Some(cause) = not_as_expected(step, &reading, now) {
                step.unknown(cause, now);
            }
        }
    }
}

fn after_failure(step: &mut Step, reading: Reading, failure: Failure, now: Timestamp) {
    match reading {
        Reading::Paid(seen) | Reading::PaidPartlyReturned(seen) => {
            approve(step, Evidence::GatewayStatus(seen), Confirmation::Confirmed, now);
        }
        Reading::NotPaid(seen) => {
            decline(step, failure, Evidence::GatewayStatus(seen), Confirmation::Confirmed, now);
        }
        Reading::NoTrace | Reading::CouldNotAsk(_) | Reading::CannotBeAsked(_) => {
            decline(step, failure, Evidence::PayAnswer, Confirmation::Confirmed, now);
        }
        Reading::Pending(_) => step.unknown(UnknownCause::FailedButPending, now),
        Reading::Mismatch { .. } | Reading::Attention(_) | Reading::PaidByUnknownCard(_) | Reading::OwnReversal(_) => {
            if let Some(cause) = not_as_expected(step, &reading, now) {
                step.unknown(cause, now);
            }
        }
    }
}

/// After a challenge or a restart only the gateway's answer counts.
fn after_nothing(step: &mut Step, reading: Reading, now: Timestamp) {
    match reading {
        Reading::Paid(seen) | Reading::PaidPartlyReturned(seen) => {
            approve(step, Evidence::GatewayStatus(seen), Confirmation::Confirmed, now);
        }
        Reading::NotPaid(seen) => {
            let failure = known_failure(step);
            decline(step, failure, Evidence::GatewayStatus(seen), Confirmation::Confirmed, now);
        }
        Reading::Pending(_) | Reading::NoTrace | Reading::CouldNotAsk(_) => stay_or_give_up(step, now),
        Reading::CannotBeAsked(_) => without_query::settle(step, now),
        Reading::Mismatch { .. } | Reading::Attention(_) | Reading::PaidByUnknownCard(_) | Reading::OwnReversal(_) => {
            if let Some(cause) = not_as_expected(step, &reading, now) {
                step.unknown(cause, now);
            }
        }
    }
}

/// Thirty seconds without a final answer make it unknown; it goes on asking (`RULES.md` 1).
pub(super) fn stay_or_give_up(step: &mut Step, now: Timestamp) {
    if now.since(step.attempt.since) >= limits::CONFIRMING {
        step.unknown(UnknownCause::NoFinalAnswer, now);
    }
}

fn while_unknown(step: &mut Step, reading: Reading, asked: Timestamp, now: Timestamp) {
    let too_early = unknown_cause(step) == Some(&UnknownCause::SuccessThenNotPaid)
        && asked.since(step.attempt.since) < limits::CONFLICT_SETTLES;
    match reading {
        Reading::Paid(seen) | Reading::PaidPartlyReturned(seen) => {
            approve(step, Evidence::GatewayStatus(seen), Confirmation::Confirmed, now);
        }
        Reading::NotPaid(seen) => {
            if !too_early {
                let failure = known_failure(step);
                decline(step, failure, Evidence::GatewayStatus(seen), Confirmation::Confirmed, now);
            }
        }
        Reading::CannotBeAsked(_) => without_query::settle(step, now),
        Reading::Mismatch { .. } | Reading::PaidByUnknownCard(_) => {
            not_as_expected(step, &reading, now);
        }
        Reading::Pending(_)
        | Reading::NoTrace
        | Reading::CouldNotAsk(_)
        | Reading::Attention(_)
        | Reading::OwnReversal(_) => {}
    }
}

const fn unknown_cause(step: &Step) -> Option<&UnknownCause> {
    match &step.attempt.state {
        State::Unknown(unknown) => Some(&unknown.cause),
        State::SetAside(aside) => Some(&aside.cause),
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::AtBank
        | State::Confirming(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => None,
    }
}

/// A `limit` answer that is the whole order, read by the rules of section 4.
pub(super) fn pay_order(step: &mut Step, reading: Reading, now: Timestamp) {
    match reading {
        Reading::Paid(seen) | Reading::PaidPartlyReturned(seen) => {
            heard(step, Heard::Success(success_of(&seen)), now);
        }
        Reading::NotPaid(_) => heard(step, Heard::Failure(Failure::plain(DeclineReason::Other)), now),
        Reading::Mismatch { .. } | Reading::Attention(_) | Reading::PaidByUnknownCard(_) | Reading::OwnReversal(_) => {
            if let Some(cause) = not_as_expected(step, &reading, now) {
                step.unknown(cause, now);
                ask(step);
            }
        }
        // Not final: asked about for 30 seconds, as after any answer that settles nothing.
        Reading::Pending(_) | Reading::NoTrace | Reading::CouldNotAsk(_) | Reading::CannotBeAsked(_) => {
            heard(step, Heard::Nothing, now);
        }
    }
}

fn success_of(seen: &Seen) -> Success {
    let numbers = crate::answers::GatewayNumbers {
        payment: seen.payment_id.clone(),
        reference: seen.reference_number.clone(),
        authorisation: None,
    };
    Success { numbers, secure: SecureUse::NotSaid }
}

/// "Another card now" (`RULES.md` 3).
pub(super) fn set_aside(
    step: &mut Step,
    word: SupervisorWord,
    now: Timestamp,
    refusal: Refusal,
) -> Result<(), Refusal> {
    let cause = match &step.attempt.state {
        State::Unknown(unknown) => unknown.cause.clone(),
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::AtBank
        | State::Confirming(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => return Err(refusal),
    };
    // Every alarm of an attempt without a final outcome says that money moved.
    if cause == UnknownCause::PaidByUnknownCard || !step.attempt.alarms.is_empty() {
        return Err(Refusal::SaidPaid);
    }
    let Some(quiet) = step.attempt.quiet_since(now) else { return Err(Refusal::PageStillOpen) };
    if step.attempt.can_be_asked() && !step.attempt.found_unaskable() {
        asked_enough(step, quiet, now)?;
    } else {
        let until = quiet.after(limits::SET_ASIDE_BLIND);
        if now < until {
            return Err(Refusal::TooSoon { until, wait: until.since(now) });
        }
        if !names_portal(&word) {
            return Err(Refusal::PortalReferenceMissing);
        }
    }
    step.enter(State::SetAside(SetAsideBy { cause, word }), now);
    Ok(())
}

fn asked_enough(step: &Step, quiet: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    let answered: Vec<_> = step.attempt.asking.answered.iter().filter(|at| **at >= quiet).collect();
    if answered.len() < limits::SET_ASIDE_QUESTIONS {
        return Err(Refusal::NotAskedEnough { answered: answered.len(), needed: limits::SET_ASIDE_QUESTIONS });
    }
    let until = quiet.after(limits::SET_ASIDE_QUIET);
    if answered.last().is_none_or(|last| **last < until) {
        return Err(Refusal::TooSoon { until, wait: until.since(now) });
    }
    Ok(())
}
