//! What may settle an attempt that nobody can be asked about (`RULES.md` 2, "Without one").

use crate::account::{GatewayKind, ReturnRule};
use crate::answers::Probe;
use crate::attempt::event::{Effect, Refusal};
use crate::attempt::settle::{approve, decline, known_failure};
use crate::attempt::state::{Heard, State, UnknownCause};
use crate::attempt::step::{Step, answered_before};
use crate::attempt::{Attempt, Entry};
use crate::evidence::{Claim, Confirmation, Evidence};
use crate::limits;
use crate::time::Timestamp;

/// Settles, as far as it may be settled, what nobody can be asked about (`RULES.md` 2, "Without one").
pub(super) fn settle(step: &mut Step, now: Timestamp) {
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
    if confirming_until(&step.attempt, now) <= now {
        only_return(step, now);
    }
}

/// Until when an attempt may stay in Confirming: 30 seconds, or until a second sign has had its time beside a return. Where
/// the clock was set back after the return, nobody can say how long ago that was: its time began with the state's.
pub(super) fn confirming_until(attempt: &Attempt, now: Timestamp) -> Timestamp {
    let usual = attempt.since.after(limits::CONFIRMING);
    match attempt.returns.claim {
        Some((_, returned)) if second_sign_counts(attempt) => {
            let began = if now < returned { attempt.since } else { returned };
            usual.max(began.after(limits::PROBING))
        }
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
    // An order that was unpaid a minute after the return, or that another card may have paid since, is gone for whatever reason:
    // one answer is evidence for one attempt (`RULES.md` 4).
    let somebody_elses = still_open || step.attempt.state.is_set_aside();
    match (claim, probe) {
        (Claim::Success, Probe::Gone) if answered_before(&step.attempt) && !somebody_elses => {
            settle_by_return(step, Evidence::ReturnAndProbe(claim), claim, now);
        }
        (Claim::Failure, Probe::StillOpen) if still_open => {
            settle_by_return(step, Evidence::ReturnAndProbe(claim), claim, now);
        }
        // A failure of an order that is gone: the two contradict each other, and no third sign will come.
        (Claim::Failure, Probe::Gone) => only_return(step, now),
        // A success of an order that is still unpaid a minute later: nothing more will come of asking.
        (Claim::Success, Probe::StillOpen) if still_open => only_return(step, now),
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
