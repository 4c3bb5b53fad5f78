//! What answers settle while the outcome is open (`RULES.md` 2, 3).

use crate::account::{GatewayKind, ReturnRule};
use crate::answers::{DeclineReason, Failure, Probe, SecureUse, Success};
use crate::attempt::event::{Effect, PageEnd, Refusal};
use crate::attempt::state::{Alarm, Heard, SetAsideBy, State, UnknownCause};
use crate::attempt::step::{Step, answered_before, heard, names_portal};
use crate::attempt::{Attempt, Entry, Page, finals};
use crate::evidence::{Claim, Confirmation, Evidence, SupervisorWord};
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

fn approve(step: &mut Step, evidence: Evidence, confirmation: Confirmation, now: Timestamp) {
    step.close_page(PageEnd::Settled, now);
    step.enter(State::Approved { evidence, confirmation }, now);
    step.act(Effect::ForgetCard);
}

fn decline(step: &mut Step, failure: Failure, evidence: Evidence, confirmation: Confirmation, now: Timestamp) {
    step.close_page(PageEnd::Settled, now);
    step.enter(State::Declined { failure, evidence, confirmation }, now);
    step.act(Effect::KeepCard);
}

/// The failure to show: what the pay answer said, else what the bank's page said, else nothing in particular.
fn known_failure(step: &Step) -> Failure {
    match &step.attempt.heard {
        Some(Heard::Failure(failure)) => failure.clone(),
        Some(Heard::Success(_) | Heard::Nothing) | None => match step.attempt.page {
            Page::None => Failure::plain(DeclineReason::Other),
            Page::Open { .. } | Page::Gone { .. } => Failure::plain(DeclineReason::ThreeDsFailed),
        },
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
        Reading::CannotBeAsked(_) => without_query(step, now),
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
        Reading::CannotBeAsked(_) => without_query(step, now),
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

/// Settles, as far as it may be settled, what nobody can be asked about (`RULES.md` 2, "Without one").
pub(super) fn without_query(step: &mut Step, now: Timestamp) {
    let attempt = &step.attempt;
    let claim = attempt.returns.claim;
    let direct = match (&attempt.state, &attempt.heard) {
        (State::Confirming(_), Some(heard)) => Some(heard.clone()),
        (State::Confirming(_), None)
        | (
            State::Ready
            | State::Sending(_)
            | State::Reauthorising
            | State::AtBank
            | State::Unknown(_)
            | State::SetAside(_)
            | State::Approved { .. }
            | State::Declined { .. }
            | State::Refused(_)
            | State::NotSent(_),
            _,
        ) => None,
    };
    match direct {
        Some(Heard::Success(_)) => return approve(step, Evidence::PayAnswer, Confirmation::Unconfirmed, now),
        Some(Heard::Failure(failure)) => {
            return decline(step, failure, Evidence::PayAnswer, Confirmation::Confirmed, now);
        }
        Some(Heard::Nothing) | None => {}
    }
    let Some((claim, _)) = claim else {
        return only_return_after_a_while(step, now);
    };
    match (attempt.intent.terms.return_rule, attempt.intent.account.gateway) {
        (ReturnRule::Settles, GatewayKind::Finrota | GatewayKind::Yolcu360) => {
            settle_by_return(step, Evidence::ReturnAlone(claim), claim, now);
        }
        (ReturnRule::Hint, GatewayKind::Yolcu360) if answered_before(attempt) => {
            step.act(Effect::Probe);
            only_return_after_a_while(step, now);
        }
        (ReturnRule::Hint, GatewayKind::Finrota | GatewayKind::Yolcu360) => only_return(step, now),
    }
}

fn settle_by_return(step: &mut Step, evidence: Evidence, claim: Claim, now: Timestamp) {
    match claim {
        Claim::Success => approve(step, evidence, Confirmation::Unconfirmed, now),
        Claim::Failure => {
            let failure = known_failure(step);
            decline(step, failure, evidence, Confirmation::Unconfirmed, now);
        }
    }
}

fn only_return_after_a_while(step: &mut Step, now: Timestamp) {
    if confirming_until(&step.attempt) <= now {
        only_return(step, now);
    }
}

/// Until when an attempt may stay in Confirming: 30 seconds, or until a second sign has had its time beside a return.
pub(super) fn confirming_until(attempt: &Attempt) -> Timestamp {
    let usual = attempt.since.after(limits::CONFIRMING);
    match attempt.returns.claim {
        Some((_, returned)) if second_sign_counts(attempt) => usual.max(returned.after(limits::PROBING)),
        Some(_) | None => usual,
    }
}

/// Whether `installment-info` may settle it together with a return: at Yolcu360, where the gateway itself can't be asked
/// and the owner has not let returns settle alone.
fn second_sign_counts(attempt: &Attempt) -> bool {
    let unaskable = !attempt.can_be_asked() || attempt.found_unaskable();
    match (attempt.intent.terms.return_rule, attempt.intent.account.gateway) {
        (ReturnRule::Hint, GatewayKind::Yolcu360) => unaskable && answered_before(attempt),
        (ReturnRule::Settles, GatewayKind::Finrota | GatewayKind::Yolcu360)
        | (ReturnRule::Hint, GatewayKind::Finrota) => false,
    }
}

fn only_return(step: &mut Step, now: Timestamp) {
    match step.attempt.state {
        State::Confirming(_) => {
            let claim = step.attempt.returns.claim.map(|(claim, _)| claim);
            step.unknown(UnknownCause::OnlyReturn(claim), now);
        }
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::AtBank
        | State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => {}
    }
}

/// The second sign came (`RULES.md` 2): with an explicit return it settles, unconfirmed.
pub(super) fn probed(step: &mut Step, probe: Probe, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    match step.attempt.state {
        State::Ready | State::Sending(_) | State::Reauthorising | State::AtBank => return Err(refusal),
        State::Approved { .. } | State::Declined { .. } | State::Refused(_) | State::NotSent(_) => return Ok(()),
        State::Confirming(_) | State::Unknown(_) | State::SetAside(_) => {}
    }
    step.write(Entry::Probed(probe), now);
    let Some((claim, since)) = step.attempt.returns.claim else { return Ok(()) };
    // A second sign counts only at Yolcu360, and only where the gateway itself can't be asked.
    let asked = step.attempt.can_be_asked() && !step.attempt.found_unaskable();
    if asked || step.attempt.intent.account.gateway == GatewayKind::Finrota {
        return Ok(());
    }
    let still_open = found_open_each_time(&step.attempt.asking.still_open, since);
    match (claim, probe) {
        (Claim::Success, Probe::Gone) if answered_before(&step.attempt) => {
            settle_by_return(step, Evidence::ReturnAndProbe(claim), claim, now);
        }
        (Claim::Failure, Probe::StillOpen) if still_open => {
            settle_by_return(step, Evidence::ReturnAndProbe(claim), claim, now);
        }
        // A failure of an order that is gone: the two contradict each other, and no third sign will come.
        (Claim::Failure, Probe::Gone) => only_return(step, now),
        (Claim::Success, Probe::StillOpen | Probe::Gone | Probe::NoAnswer)
        | (Claim::Failure, Probe::StillOpen | Probe::NoAnswer) => only_return_after_a_while(step, now),
    }
    Ok(())
}

/// Whether the order was found unpaid after each of the moments, by an answer of its own.
fn found_open_each_time(still_open: &[Timestamp], since: Timestamp) -> bool {
    let mut answers = still_open.iter();
    limits::PROBES.iter().all(|moment| answers.any(|at| *at >= since.after(*moment)))
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
                if step.attempt.can_be_asked() {
                    step.act(Effect::AskStatus);
                }
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
    if cause == UnknownCause::PaidByUnknownCard || step.attempt.alarms.iter().any(says_paid) {
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

const fn says_paid(alarm: &Alarm) -> bool {
    match alarm {
        Alarm::Mismatch(_) | Alarm::PaidByUnknownCard | Alarm::BothApproved { .. } => true,
        Alarm::Contradicted => false,
    }
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
