//! Why it stands where it stands: codes for the tables of words, and the gateway's own words.

use vezne_core::answers::{DeclineReason, Failure, NotSentReason, RefusalReason, Unclear};
use vezne_core::attempt::{Refused, State, UnknownCause, VezneRefusal};
use vezne_core::evidence::{Claim, Rank};

use super::ReasonView;

impl ReasonView {
    /// Why an attempt stands in this state; `None` where there is nothing to explain.
    #[must_use]
    pub fn of(state: &State) -> Option<Self> {
        reason(state)
    }

    /// What an explicit failure says.
    #[must_use]
    pub fn of_failure(failure: &Failure) -> Self {
        declined_reason(failure)
    }

    pub(super) const fn code(code: &'static str) -> Self {
        Self { code, text: None, bank_code: None, field: None }
    }

    pub(super) fn with(code: &'static str, text: Option<String>) -> Self {
        Self { code, text, bank_code: None, field: None }
    }
}

pub(super) fn reason(state: &State) -> Option<ReasonView> {
    match state {
        State::Unknown(unknown) => Some(unknown_reason(&unknown.cause)),
        State::SetAside(aside) => Some(unknown_reason(&aside.cause)),
        // A person's word says that nothing was charged, not why: no bank has declined anything.
        State::Declined { evidence, .. } if evidence.rank() == Rank::Supervisor => None,
        State::Declined { failure, .. } => Some(declined_reason(failure)),
        State::Refused(Refused::Gateway(refusal)) => {
            Some(ReasonView::with(refusal_code(refusal.reason), refusal.text.as_ref().map(ToString::to_string)))
        }
        State::Refused(Refused::Vezne(refusal)) => {
            Some(ReasonView::with(vezne_code(refusal), Some(refusal.to_string())))
        }
        State::NotSent(not_sent) => Some(ReasonView::code(not_sent_code(not_sent.reason))),
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::AtBank
        | State::Confirming(_)
        | State::Approved { .. } => None,
    }
}

/// The code of a refusal before processing.
pub(crate) const fn refusal_code(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::BadRequest => "bad_request",
        RefusalReason::ReturnAddress => "return_address_refused",
        RefusalReason::Unauthorised => "unauthorised",
        RefusalReason::NotAllowed => "not_allowed",
        RefusalReason::WrongAddress => "wrong_address",
        RefusalReason::TooMany { .. } => "too_many_requests",
    }
}

/// The code of our own refusal.
#[must_use]
pub const fn vezne_code(refusal: &VezneRefusal) -> &'static str {
    match refusal {
        VezneRefusal::OrderNotFound => "order_not_found",
        VezneRefusal::OrderAlreadyPaid => "order_already_paid",
        VezneRefusal::OrderCancelled => "order_cancelled",
        VezneRefusal::OrderState(_) => "order_state",
        VezneRefusal::PriceChanged { .. } => "price_changed",
        VezneRefusal::OrderUnreadable => "order_unreadable",
        VezneRefusal::Choice(_) => "option_not_offered",
        VezneRefusal::OptionsUnanswered => "options_unanswered",
        VezneRefusal::Overtaken => "overtaken",
    }
}

/// The code of "nothing was sent".
#[must_use]
pub const fn not_sent_code(reason: NotSentReason) -> &'static str {
    match reason {
        NotSentReason::Offline => "offline",
        NotSentReason::SignInRefused => "sign_in_refused",
        NotSentReason::SignInUnanswered => "sign_in_unanswered",
        NotSentReason::NoSlot => "no_slot",
        NotSentReason::NoReturnAddress => "no_return_address",
        NotSentReason::Cancelled => "cancelled",
        NotSentReason::Restarted => "restarted",
        NotSentReason::JournalFailed => "journal_failed",
        NotSentReason::Unprepared => "unprepared",
    }
}

fn declined_reason(failure: &Failure) -> ReasonView {
    let code = match failure.reason {
        DeclineReason::CardDeclined => "card_declined",
        DeclineReason::InsufficientFunds => "insufficient_funds",
        DeclineReason::ExpiredCard => "expired_card",
        DeclineReason::InvalidCardNumber => "invalid_card_number",
        DeclineReason::InvalidCvc => "invalid_cvc",
        DeclineReason::ThreeDsFailed => "three_ds_failed",
        DeclineReason::LimitExceeded => "limit_exceeded",
        DeclineReason::Other => "other",
    };
    ReasonView {
        code,
        text: failure.bank_text.as_ref().or(failure.text.as_ref()).map(ToString::to_string),
        bank_code: failure.bank_code.as_ref().map(ToString::to_string),
        field: failure.field,
    }
}

pub(super) fn unclear_reason(unclear: &Unclear) -> ReasonView {
    match unclear {
        Unclear::TimedOut => ReasonView::code("timed_out"),
        Unclear::ConnectionLost => ReasonView::code("connection_lost"),
        Unclear::ServerError { status } => ReasonView::with("server_error", Some(status.to_string())),
        Unclear::UnexpectedStatus { status } => ReasonView::with("unexpected_status", Some(status.to_string())),
        Unclear::Unreadable => ReasonView::code("unreadable_answer"),
        Unclear::Contradictory => ReasonView::code("contradictory_answer"),
        Unclear::BankTimeout => ReasonView::code("bank_timeout"),
        Unclear::NotFoundOrProcessed => ReasonView::code("not_found_or_processed"),
        Unclear::UnknownWord(word) => ReasonView::with("unknown_word", Some(word.to_string())),
    }
}

fn unknown_reason(cause: &UnknownCause) -> ReasonView {
    match cause {
        UnknownCause::Unclear(unclear) => unclear_reason(unclear),
        UnknownCause::Restarted => ReasonView::code("restarted"),
        UnknownCause::SpanLost => ReasonView::code("journal_span_lost"),
        UnknownCause::Challenge(_) => ReasonView::code("bank_page_unusable"),
        UnknownCause::NoFinalAnswer => ReasonView::code("no_final_answer"),
        UnknownCause::FailedButPending => ReasonView::code("failed_but_pending"),
        UnknownCause::SuccessThenNotPaid => ReasonView::code("success_then_not_paid"),
        UnknownCause::Mismatch(_) => ReasonView::code("not_as_expected"),
        UnknownCause::Attention(seen) => ReasonView::with("gateway_state", seen.word.as_ref().map(ToString::to_string)),
        UnknownCause::PaidByUnknownCard => ReasonView::code("paid_by_unknown_card"),
        UnknownCause::OnlyReturn(claim) => ReasonView::code(match claim {
            Some(Claim::Success) => "only_the_return_said_success",
            Some(Claim::Failure) => "only_the_return_said_failure",
            None => "nobody_said_anything",
        }),
    }
}
