//! A reversal as a front sees it.

use vezne_core::evidence::SupervisorWord;
use vezne_core::reversal::{Proof, Refused, Reversal, State, Target, UnknownCause, next_due};
use vezne_core::text::TypedText;
use vezne_core::time::Timestamp;

use super::reason::{not_sent_code, refusal_code, unclear_reason};
use super::{AlarmView, ReasonView, ReversalView};

impl ReversalView {
    /// The view of a reversal at `now`.
    #[must_use]
    pub fn of(reversal: &Reversal, now: Timestamp) -> Self {
        let (refused_by, reason, evidence) = reversal_end(&reversal.state);
        let by_hand = reversal.in_portal() && evidence == Some("supervisor");
        let evidence = if by_hand { Some("portal") } else { evidence };
        let text = |typed: &TypedText| typed.as_str().to_owned();
        Self {
            reversal: reversal.intent.reversal,
            payment: reversal.intent.payment,
            attempt: reversal.intent.attempt,
            kind: reversal.intent.kind,
            amount: reversal.intent.amount.into(),
            in_portal: reversal.in_portal(),
            ordered: text(&reversal.intent.word.reason),
            saw: said(reversal).saw.as_ref().map(text),
            supervisor: reversal.intent.word.operator,
            can_be_asked: !reversal.in_portal() && (!reversal.state.is_final() || reversal.is_asked_when_settled()),
            proves: proves(reversal),
            should_remain: reversal.should_remain().map(Into::into),
            by_word: reversal.state.rests_on_a_word(),
            state: reversal.state.word(),
            opened: reversal.opened,
            since: reversal.since,
            refused_by,
            reason,
            evidence,
            questions: reversal.questions,
            next_question: next_due(reversal, now),
            alarms: reversal.alarms.iter().map(AlarmView::of_reversal).collect(),
            needs_attention: reversal.needs_attention(),
            not_written_down: false,
        }
    }
}

/// What a reversal that is done proves: the gateway's word on an order is of its cancellation, not of the money
/// (`RULES.md` 7).
const fn proves(reversal: &Reversal) -> Option<&'static str> {
    match (&reversal.state, &reversal.intent.target) {
        (State::Done { proof: Proof::Answer | Proof::Status(_) }, Target::Order(_)) => Some("cancellation"),
        (State::Done { proof: Proof::Answer | Proof::Status(_) }, Target::Transaction { .. } | Target::Portal)
        | (
            State::Done { proof: Proof::Supervisor(_) },
            Target::Transaction { .. } | Target::Order(_) | Target::Portal,
        ) => Some("money"),
        (
            State::Ready
            | State::Sending(_)
            | State::Reauthorising
            | State::Refused(_)
            | State::NotDone { .. }
            | State::NotSent { .. }
            | State::Unknown { .. },
            Target::Transaction { .. } | Target::Order(_) | Target::Portal,
        ) => None,
    }
}

/// The newest word of a supervisor: what settled it, else what ordered it.
const fn said(reversal: &Reversal) -> &SupervisorWord {
    match &reversal.state {
        State::Done { proof: Proof::Supervisor(word) } | State::NotDone { word } => word,
        State::Done { proof: Proof::Answer | Proof::Status(_) }
        | State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::Unknown { .. }
        | State::Refused(_)
        | State::NotSent { .. } => &reversal.intent.word,
    }
}

impl ReasonView {
    /// Why a reversal stands in this state; `None` where there is nothing to explain.
    #[must_use]
    pub fn of_reversal(state: &State) -> Option<Self> {
        reversal_end(state).1
    }
}

impl AlarmView {
    /// An alarm of a reversal, as fronts see it.
    #[must_use]
    pub fn of_reversal(cause: &UnknownCause) -> Self {
        let code = match cause {
            UnknownCause::GoneBack(_) => "contradicted",
            UnknownCause::Amount { .. }
            | UnknownCause::Unclear(_)
            | UnknownCause::Restarted
            | UnknownCause::SpanLost => "other_amount",
        };
        Self { code, detail: reversal_unknown(cause).text }
    }
}

type End = (Option<&'static str>, Option<ReasonView>, Option<&'static str>);

fn reversal_end(state: &State) -> End {
    match state {
        State::Ready | State::Sending(_) | State::Reauthorising => (None, None, None),
        State::Done { proof } => (
            None,
            None,
            Some(match proof {
                Proof::Answer => "reversal_answer",
                Proof::Status(_) => "gateway_status",
                Proof::Supervisor(_) => "supervisor",
            }),
        ),
        State::Refused(Refused::Gateway(refusal)) => (
            Some("gateway"),
            Some(ReasonView::with(refusal_code(refusal.reason), refusal.text.as_ref().map(ToString::to_string))),
            None,
        ),
        State::Refused(Refused::Vezne(refusal)) => {
            (Some("vezne"), Some(ReasonView::with("not_possible", Some(refusal.to_string()))), None)
        }
        State::NotDone { .. } => (None, Some(ReasonView::code("not_done")), Some("supervisor")),
        State::NotSent { reason } => (None, Some(ReasonView::code(not_sent_code(*reason))), None),
        State::Unknown { cause } => (None, Some(reversal_unknown(cause)), None),
    }
}

fn reversal_unknown(cause: &UnknownCause) -> ReasonView {
    match cause {
        UnknownCause::Unclear(unclear) => unclear_reason(unclear),
        UnknownCause::Restarted => ReasonView::code("restarted"),
        UnknownCause::SpanLost => ReasonView::code("journal_span_lost"),
        UnknownCause::Amount { expected, found } => {
            ReasonView::with("other_amount", Some(format!("{expected} should be left, the gateway has {found}")))
        }
        UnknownCause::GoneBack(seen) => {
            ReasonView::with("contradicted", seen.amount.map(|left| format!("the gateway has {left} left")))
        }
    }
}
