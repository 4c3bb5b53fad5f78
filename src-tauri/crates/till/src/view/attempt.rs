//! An attempt as a front sees it.

use vezne_core::answers::GatewayNumbers;
use vezne_core::attempt::{Alarm, Attempt, Contradiction, Heard, Means, Refused, State, Subject, next_due};
use vezne_core::evidence::Evidence;
use vezne_core::status::{Mismatch, Seen};
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

use super::reason::reason;
use super::{AlarmView, AttemptView, ContradictionView, Money, Progress};

impl AttemptView {
    /// The view of an attempt at `now`, as far as the attempt itself knows; the till adds what only it does.
    #[must_use]
    pub fn of(attempt: &Attempt, now: Timestamp) -> Self {
        let intent = &attempt.intent;
        let (order, booking, part) = match &intent.subject {
            Subject::Order(order) => (Some(order.to_string()), None, None),
            Subject::Reference { reference, part } => (None, Some(reference.to_string()), *part),
        };
        let installments = match &intent.means {
            Means::Card(means) => Some(means.plan.option.installments),
            Means::CreditLimit => None,
        };
        let numbers = numbers(attempt);
        Self {
            payment: intent.payment,
            attempt: intent.attempt,
            reference: intent.reference.clone(),
            account: intent.account.name.clone(),
            account_id: intent.account.id.clone(),
            gateway: intent.account.gateway,
            order,
            booking,
            part,
            total: attempt.charged().map(Money::from),
            base: intent.base.map(Money::from),
            installments,
            card: intent.card().cloned(),
            operator: intent.operator,
            opened: attempt.opened,
            since: attempt.since,
            state: attempt.state.word(),
            set_aside: attempt.state.is_set_aside(),
            progress: progress(&attempt.state),
            outcome: attempt.state.outcome(),
            refused_by: refused_by(&attempt.state),
            evidence: attempt.state.evidence().map(Evidence::word),
            unconfirmed: attempt.state.is_unconfirmed(),
            reason: reason(&attempt.state),
            gateway_payment: numbers.0,
            gateway_reference: numbers.1,
            authorisation: numbers.2,
            without_3ds: attempt.did_without_3ds(),
            place: attempt.place(),
            can_be_asked: attempt.can_be_asked(),
            questions: attempt.asking.asked,
            next_question: next_due(attempt, now),
            same_card_until: None,
            slot_wait_ms: None,
            alarms: attempt.alarms.iter().map(AlarmView::of).collect(),
            contradicted: attempt.contradiction.is_some(),
            contradiction: attempt.contradiction.as_ref().map(ContradictionView::of),
            listed_from: attempt.listed_from(),
            needs_attention: attempt.needs_attention(now),
            not_written_down: false,
        }
    }
}

const fn progress(state: &State) -> Progress {
    match state {
        State::Ready => Progress::Preparing,
        State::Sending(_) | State::Reauthorising => Progress::Sending,
        State::AtBank => Progress::AtBank,
        State::Confirming(_) => Progress::Confirming,
        State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => Progress::Over,
    }
}

const fn refused_by(state: &State) -> Option<&'static str> {
    match state {
        State::Refused(Refused::Gateway(_)) => Some("gateway"),
        State::Refused(Refused::Vezne(_)) => Some("vezne"),
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::AtBank
        | State::Confirming(_)
        | State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::NotSent(_) => None,
    }
}

fn numbers(attempt: &Attempt) -> (Option<String>, Option<String>, Option<String>) {
    let heard = match &attempt.heard {
        Some(Heard::Success(success)) => success.numbers.clone(),
        Some(Heard::Failure(_) | Heard::Nothing) | None => GatewayNumbers::default(),
    };
    let seen = match attempt.state.evidence() {
        Some(Evidence::GatewayStatus(seen)) => seen.clone(),
        Some(
            Evidence::PayAnswer
            | Evidence::ReturnAndProbe(_)
            | Evidence::ReturnAlone(_)
            | Evidence::Supervisor(_)
            | Evidence::CounterEntry(_),
        )
        | None => Seen::default(),
    };
    let text = |first: Option<ForeignText>, second: Option<ForeignText>| first.or(second).map(|text| text.to_string());
    (
        text(heard.payment, seen.payment_id),
        text(heard.reference, seen.reference_number),
        heard.authorisation.map(|text| text.to_string()),
    )
}

impl ContradictionView {
    fn of(contradiction: &Contradiction) -> Self {
        let seen = &contradiction.seen;
        Self {
            paid: contradiction.paid,
            word: seen.word.as_ref().map(ToString::to_string),
            amount: seen.amount.map(Money::from),
            number: seen.payment_id.as_ref().or(seen.reference_number.as_ref()).map(ToString::to_string),
        }
    }
}

impl AlarmView {
    /// An alarm, as fronts see it.
    #[must_use]
    pub fn of(alarm: &Alarm) -> Self {
        match alarm {
            Alarm::Mismatch(Mismatch::Amount { expected, found }) => {
                Self { code: "other_amount", detail: Some(format!("expected {expected}, the gateway says {found}")) }
            }
            Alarm::Mismatch(Mismatch::Unreadable) => Self { code: "amount_unreadable", detail: None },
            Alarm::Mismatch(Mismatch::Card) => Self { code: "other_card", detail: None },
            Alarm::Contradicted => Self { code: "contradicted", detail: None },
            Alarm::PaidByUnknownCard => Self { code: "paid_by_unknown_card", detail: None },
            Alarm::BothApproved { other } => Self { code: "both_approved", detail: Some(other.to_string()) },
        }
    }
}
