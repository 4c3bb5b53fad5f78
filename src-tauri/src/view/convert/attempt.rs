//! Attempts and reversals.

use vezne_core::account::{GatewayKind, PagePlace};
use vezne_core::attempt::Outcome;
use vezne_core::card::{CardField, CardSummary};
use vezne_core::reversal::Kind;
use vezne_core::time::Timestamp;

use crate::view::{
    AlarmView, AttemptView, CardView, Code, Field, Gateway, OutcomeWord, Progress, ReasonView, RefusedBy, ReversalKind,
    ReversalView, Time,
};

impl From<GatewayKind> for Gateway {
    fn from(kind: GatewayKind) -> Self {
        match kind {
            GatewayKind::Finrota => Self::Finrota,
            GatewayKind::Yolcu360 => Self::Yolcu360,
        }
    }
}

impl From<&CardSummary> for CardView {
    fn from(card: &CardSummary) -> Self {
        Self {
            brand: card.brand.to_string(),
            first_six: card.bin.first_six().to_string(),
            last_four: card.last_four.to_string(),
        }
    }
}

impl From<Outcome> for OutcomeWord {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Approved => Self::Approved,
            Outcome::Declined => Self::Declined,
            Outcome::Refused => Self::Refused,
            Outcome::Unknown => Self::Unknown,
            Outcome::NotSent => Self::NotSent,
        }
    }
}

impl From<OutcomeWord> for Outcome {
    fn from(word: OutcomeWord) -> Self {
        match word {
            OutcomeWord::Approved => Self::Approved,
            OutcomeWord::Declined => Self::Declined,
            OutcomeWord::Refused => Self::Refused,
            OutcomeWord::Unknown => Self::Unknown,
            OutcomeWord::NotSent => Self::NotSent,
        }
    }
}

impl From<vezne_till::Progress> for Progress {
    fn from(progress: vezne_till::Progress) -> Self {
        match progress {
            vezne_till::Progress::Preparing => Self::Preparing,
            vezne_till::Progress::Sending => Self::Sending,
            vezne_till::Progress::AtBank => Self::AtBank,
            vezne_till::Progress::Confirming => Self::Confirming,
            vezne_till::Progress::Over => Self::Over,
        }
    }
}

impl From<CardField> for Field {
    fn from(field: CardField) -> Self {
        match field {
            CardField::Number => Self::Number,
            CardField::Holder => Self::Holder,
            CardField::Expiry => Self::Expiry,
            CardField::Cvc => Self::Cvc,
        }
    }
}

impl From<&vezne_till::ReasonView> for ReasonView {
    fn from(reason: &vezne_till::ReasonView) -> Self {
        Self {
            code: Code::of_till(reason.code),
            text: reason.text.clone(),
            bank_code: reason.bank_code.clone(),
            field: reason.field.map(Field::from),
        }
    }
}

impl From<&vezne_till::AlarmView> for AlarmView {
    fn from(alarm: &vezne_till::AlarmView) -> Self {
        Self { code: Code::of_till(alarm.code), detail: alarm.detail.clone() }
    }
}

fn refused_by(word: &str) -> Option<RefusedBy> {
    match word {
        "gateway" => Some(RefusedBy::Gateway),
        "vezne" => Some(RefusedBy::Vezne),
        _ => None,
    }
}

fn time(moment: Timestamp) -> Time {
    moment.to_string()
}

impl From<&vezne_till::AttemptView> for AttemptView {
    fn from(view: &vezne_till::AttemptView) -> Self {
        Self {
            payment: view.payment.to_string(),
            attempt: view.attempt.to_string(),
            reference: view.reference.to_string(),
            account: view.account_id.to_string(),
            account_name: view.account.to_string(),
            gateway: view.gateway.into(),
            order: view.order.clone(),
            booking: view.booking.clone(),
            part: view.part.map(|part| part.to_string()),
            total: view.total.as_ref().map(Into::into),
            base: view.base.as_ref().map(Into::into),
            installments: view.installments,
            card: view.card.as_ref().map(Into::into),
            operator: view.operator.map(|operator| operator.to_string()),
            opened: time(view.opened),
            since: time(view.since),
            progress: view.progress.into(),
            outcome: view.outcome.map(Into::into),
            set_aside: view.set_aside,
            refused_by: view.refused_by.and_then(refused_by),
            evidence: view.evidence.map(str::to_owned),
            unconfirmed: view.unconfirmed,
            reason: view.reason.as_ref().map(Into::into),
            gateway_payment: view.gateway_payment.clone(),
            gateway_reference: view.gateway_reference.clone(),
            authorisation: view.authorisation.clone(),
            without_3ds: view.without_3ds,
            questions: view.questions,
            next_question: view.next_question.map(time),
            slot_wait_ms: view.slot_wait_ms.map(|wait| u32::try_from(wait).unwrap_or(u32::MAX)),
            same_card_until: view.same_card_until.map(time),
            can_be_asked: view.can_be_asked,
            in_browser: in_browser(view.place),
            alarms: view.alarms.iter().map(Into::into).collect(),
            contradicted: view.contradicted,
            contradiction: view.contradiction.as_ref().map(Into::into),
            listed_from: view.listed_from.map(time),
            needs_attention: view.needs_attention,
            not_written_down: view.not_written_down,
        }
    }
}

const fn in_browser(place: PagePlace) -> bool {
    match place {
        PagePlace::Browser => true,
        PagePlace::Window => false,
    }
}

impl From<Kind> for ReversalKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Void => Self::Void,
            Kind::Refund => Self::Refund,
        }
    }
}

impl From<&vezne_till::ReversalView> for ReversalView {
    fn from(view: &vezne_till::ReversalView) -> Self {
        Self {
            reversal: view.reversal.to_string(),
            payment: view.payment.to_string(),
            attempt: view.attempt.to_string(),
            kind: view.kind.into(),
            amount: (&view.amount).into(),
            can_be_asked: view.can_be_asked,
            proves: view.proves.and_then(super::returns::proves),
            in_portal: view.in_portal,
            ordered: view.ordered.clone(),
            saw: view.saw.clone(),
            supervisor: view.supervisor.to_string(),
            should_remain: view.should_remain.as_ref().map(Into::into),
            by_word: view.by_word,
            refused_by: view.refused_by.and_then(refused_by),
            evidence: view.evidence.map(str::to_owned),
            state: view.state.to_owned(),
            opened: time(view.opened),
            since: time(view.since),
            reason: view.reason.as_ref().map(Into::into),
            questions: view.questions,
            next_question: view.next_question.map(time),
            alarms: view.alarms.iter().map(Into::into).collect(),
            needs_attention: view.needs_attention,
            not_written_down: view.not_written_down,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::to_value;
    use vezne_core::card::CardSummary;

    use super::*;

    #[test]
    fn every_word_crosses_as_the_till_says_it() {
        use vezne_till::Progress::{AtBank, Confirming, Over, Preparing, Sending};
        for progress in [Preparing, Sending, AtBank, Confirming, Over] {
            assert_eq!(to_value(Progress::from(progress)).unwrap(), to_value(progress).unwrap());
        }
        for outcome in [Outcome::Approved, Outcome::Declined, Outcome::Refused, Outcome::Unknown, Outcome::NotSent] {
            let word = OutcomeWord::from(outcome);
            assert_eq!((to_value(word).unwrap().as_str(), Outcome::from(word)), (Some(outcome.word()), outcome));
        }
        for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
            assert_eq!(to_value(Gateway::from(kind)).unwrap(), kind.word());
        }
        for field in [CardField::Number, CardField::Holder, CardField::Expiry, CardField::Cvc] {
            assert_eq!(to_value(Field::from(field)).unwrap(), to_value(field).unwrap());
        }
        for kind in [Kind::Void, Kind::Refund] {
            assert_eq!(to_value(ReversalKind::from(kind)).unwrap(), to_value(kind).unwrap());
        }
        for word in ["gateway", "vezne"] {
            assert_eq!(to_value(refused_by(word).unwrap()).unwrap(), word);
        }
        assert_eq!(refused_by("nobody"), None);
    }

    #[test]
    fn a_card_is_shown_by_its_brands_own_name_and_ten_digits() {
        let card: CardSummary =
            serde_json::from_str(r#"{"brand":"amex","bin":"37442700","last_four":"0003"}"#).unwrap();
        let view = CardView::from(&card);
        assert_eq!((&*view.brand, &*view.first_six, &*view.last_four), ("American Express", "374427", "0003"));
    }
}
