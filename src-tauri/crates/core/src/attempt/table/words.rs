//! How the tables write states, causes, effects and refusals.

use crate::attempt::{Alarm, Effect, Heard, Refusal, Refused, Round, State, UnknownCause};
use crate::evidence::Confirmation;

pub(super) const fn refusal_word(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotNow { .. } => "",
        Refusal::TooLateToCancel => "too late to cancel",
        Refusal::PageStillOpen => "page still open",
        Refusal::NotAskedEnough { .. } => "not asked enough",
        Refusal::TooSoon { .. } => "too soon",
        Refusal::SaidPaid => "said paid",
        Refusal::PortalReferenceMissing => "portal reference missing",
        Refusal::NothingContradicts => "nothing contradicts",
    }
}

pub(super) fn effect_word(effect: &Effect) -> String {
    match effect {
        Effect::Raise(alarm) => format!("Raise({})", alarm_word(alarm)),
        Effect::SendPayment
        | Effect::RenewToken
        | Effect::OpenBankPage
        | Effect::CloseBankPage
        | Effect::AskStatus
        | Effect::Probe
        | Effect::ForgetCvc
        | Effect::ForgetCard
        | Effect::KeepCard => format!("{effect:?}"),
    }
}

const fn alarm_word(alarm: &Alarm) -> &'static str {
    match alarm {
        Alarm::Mismatch(_) => "mismatch",
        Alarm::Contradicted => "contradicted",
        Alarm::PaidByUnknownCard => "paid by unknown card",
        Alarm::BothApproved { .. } => "both approved",
    }
}

pub(super) fn state_word(state: &State) -> String {
    let detail = match state {
        State::Sending(Round::First) => "first",
        State::Sending(Round::Second) => "second",
        State::Confirming(Heard::Success(_)) => "success",
        State::Confirming(Heard::Failure(_)) => "failure",
        State::Confirming(Heard::Nothing) => "nothing",
        State::Unknown(unknown) => cause_word(&unknown.cause),
        State::Approved { evidence, .. } | State::Declined { evidence, .. } => evidence.word(),
        State::Refused(Refused::Gateway(_)) => "by the gateway",
        State::Refused(Refused::Vezne(_)) => "by Vezne",
        State::Ready | State::Reauthorising | State::AtBank | State::SetAside(_) | State::NotSent(_) => "",
    };
    let confirmed = match state {
        State::Approved { confirmation: Confirmation::Unconfirmed, .. }
        | State::Declined { confirmation: Confirmation::Unconfirmed, .. } => ", unconfirmed",
        State::Approved { .. }
        | State::Declined { .. }
        | State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::AtBank
        | State::Confirming(_)
        | State::Unknown(_)
        | State::SetAside(_)
        | State::Refused(_)
        | State::NotSent(_) => "",
    };
    let word = state.word();
    if detail.is_empty() { format!("**{word}**") } else { format!("**{word}** ({detail}{confirmed})") }
}

const fn cause_word(cause: &UnknownCause) -> &'static str {
    match cause {
        UnknownCause::Unclear(_) => "unclear",
        UnknownCause::Restarted => "restarted",
        UnknownCause::SpanLost => "span lost",
        UnknownCause::Challenge(_) => "challenge",
        UnknownCause::NoFinalAnswer => "no final answer",
        UnknownCause::FailedButPending => "failed but pending",
        UnknownCause::SuccessThenNotPaid => "success, then not paid",
        UnknownCause::Mismatch(_) => "mismatch",
        UnknownCause::Attention(_) => "attention",
        UnknownCause::PaidByUnknownCard => "paid by unknown card",
        UnknownCause::OnlyReturn(Some(_)) => "only the return",
        UnknownCause::OnlyReturn(None) => "not even a return",
    }
}
