//! From what the journal holds of an attempt or a reversal to its receipt. Pure: names and the header are handed in.

use jiff::tz::TimeZone;
use vezne_core::answers::{Failure, GatewayNumbers};
use vezne_core::attempt::{self, Attempt, Heard, State, ThreeDs};
use vezne_core::evidence::{Confirmation, Evidence};
use vezne_core::papers::PaperName;
use vezne_core::reversal::{self, Proof, Reversal, Target};
use vezne_core::status::Seen;
use vezne_core::text::ForeignText;
use vezne_core::time::{Millis, Timestamp};

use crate::receipt::{
    Basis, Doubt, HeaderLine, Marks, Means, Next, NotBack, Numbers, Plan, Proves, Receipt, RefusedBy, Secure, Subject,
    Told,
};

/// What stands on a receipt and not in the attempt.
#[derive(Debug, Clone)]
pub struct Around {
    /// The lines of the merchant's header.
    pub merchant: Vec<HeaderLine>,
    /// The desk's name.
    pub desk: Option<ForeignText>,
    /// Who sat at it.
    pub operator: Option<ForeignText>,
    /// The name on the card, as long as it is kept.
    pub holder: Option<ForeignText>,
    /// The desk's time zone.
    pub zone: TimeZone,
    /// Whether the desk is in training mode: no money moved.
    pub training: bool,
}

/// A receipt with the name that it and its copies are counted by.
#[derive(Debug, Clone, PartialEq)]
pub struct Slip {
    /// The name.
    pub paper: PaperName,
    /// The receipt, without a mark of a copy.
    pub receipt: Receipt,
}

impl Slip {
    /// The receipt of what became of an attempt; `None` while there is no outcome. A different outcome later (an unknown one
    /// that was settled, a counter-entry) is another paper, and no copy.
    #[must_use]
    pub fn of_attempt(attempt: &Attempt, around: Around) -> Option<Self> {
        let (word, told) = told_of_attempt(attempt)?;
        let paper = format!("{}.{word}", attempt.intent.attempt).parse().ok()?;
        Some(Self { paper, receipt: receipt(attempt, around, told) })
    }

    /// The receipt of what became of a reversal of that attempt; `None` while there is no outcome.
    #[must_use]
    pub fn of_reversal(reversal: &Reversal, attempt: &Attempt, around: Around) -> Option<Self> {
        let told = told_of_reversal(reversal, attempt)?;
        let paper = format!("{}.{}", reversal.intent.reversal, reversal.state.word()).parse().ok()?;
        let settled = settled(&told, reversal.opened, reversal.since);
        Some(Self { paper, receipt: Receipt { at: reversal.opened, settled, ..receipt(attempt, around, told) } })
    }
}

fn receipt(attempt: &Attempt, around: Around, told: Told) -> Receipt {
    let Around { merchant, desk, operator, holder, zone, training } = around;
    let intent = &attempt.intent;
    let subject = match &intent.subject {
        attempt::Subject::Order(order) => Subject::Order(ForeignText::filter(&order.to_string())),
        attempt::Subject::Reference { reference, part } => {
            Subject::Booking { reference: ForeignText::filter(&reference.to_string()), part: *part }
        }
    };
    let means = match &intent.means {
        attempt::Means::CreditLimit => Means::CreditLimit,
        attempt::Means::Card(means) => Means::Card {
            card: means.card.clone(),
            holder,
            plan: Plan { installments: means.plan.option.installments, monthly: Some(means.plan.option.monthly) },
            secure: secure(attempt, means.three_ds, &told),
        },
    };
    Receipt {
        merchant,
        desk,
        operator,
        account: intent.account.name.clone(),
        gateway: intent.account.gateway,
        subject,
        payment: intent.payment,
        attempt: intent.reference.clone(),
        at: attempt.opened,
        settled: settled(&told, attempt.opened, attempt.outcome_since),
        zone,
        means,
        base: intent.base,
        numbers: numbers(attempt),
        told,
        marks: Marks { copy: None, training },
    }
}

/// From this much on, what became of it is told with a time of its own.
const LATER: Millis = Millis::minutes(1);

/// When what is told became so, where that was later than its beginning, and is so for good.
fn settled(told: &Told, opened: Timestamp, since: Timestamp) -> Option<Timestamp> {
    match told {
        Told::Unknown { .. } | Told::ReturnUnknown { .. } => None,
        Told::Approved { .. }
        | Told::Declined { .. }
        | Told::Refused { .. }
        | Told::NotSent { .. }
        | Told::Returned { .. }
        | Told::NotReturned { .. } => (since.since(opened) >= LATER).then_some(since),
    }
}

/// What became of 3-D Secure, where something was processed.
fn secure(attempt: &Attempt, decided: ThreeDs, told: &Told) -> Option<Secure> {
    match told {
        Told::Approved { .. } | Told::Declined { .. } | Told::Unknown { .. } => Some(match decided {
            _ if attempt.did_without_3ds() => Secure::DidWithout,
            ThreeDs::Asked => Secure::Used,
            ThreeDs::Forced => Secure::Forced,
            ThreeDs::NotAsked => Secure::NotAsked,
        }),
        Told::Refused { .. }
        | Told::NotSent { .. }
        | Told::Returned { .. }
        | Told::NotReturned { .. }
        | Told::ReturnUnknown { .. } => None,
    }
}

fn told_of_attempt(attempt: &Attempt) -> Option<(&'static str, Told)> {
    let amount = attempt.charged();
    let contradicted = attempt.contradiction.is_some();
    let asking = || if attempt.can_be_asked() { Next::Asking } else { Next::Person };
    Some(match &attempt.state {
        State::Ready | State::Sending(_) | State::Reauthorising | State::AtBank | State::Confirming(_) => return None,
        State::Unknown(_) | State::SetAside(_) => ("unknown", Told::Unknown { amount, next: asking() }),
        // What the gateway contradicts may have been charged after all: the paper no longer says that it was not.
        State::Declined { .. } | State::Refused(_) | State::NotSent(_) if contradicted => {
            ("contradicted", Told::Unknown { amount, next: Next::Compared })
        }
        State::Approved { evidence, confirmation } => {
            let doubt = if contradicted { Doubt::Contradicted } else { doubt(evidence, *confirmation) };
            ("approved", Told::Approved { amount, basis: basis(evidence), doubt })
        }
        State::Declined { failure, evidence, confirmation } => {
            let Failure { reason, text, bank_code, bank_text, field: _ } = failure.clone();
            let said = bank_text.or(text);
            let doubt = doubt(evidence, *confirmation);
            ("declined", Told::Declined { amount, reason, said, bank_code, basis: basis(evidence), doubt })
        }
        State::Refused(attempt::Refused::Gateway(refusal)) => {
            ("refused", Told::Refused { amount, by: RefusedBy::Gateway, said: refusal.text.clone() })
        }
        State::Refused(attempt::Refused::Vezne(_)) => {
            ("refused", Told::Refused { amount, by: RefusedBy::Vezne, said: None })
        }
        State::NotSent(_) => ("not_sent", Told::NotSent { amount }),
    })
}

const fn basis(evidence: &Evidence) -> Basis {
    match evidence {
        Evidence::GatewayStatus(_) => Basis::GatewayStatus,
        Evidence::PayAnswer => Basis::Answer,
        Evidence::ReturnAndProbe(_) => Basis::ReturnAndProbe,
        Evidence::ReturnAlone(_) => Basis::ReturnAlone,
        Evidence::Supervisor(_) => Basis::Supervisor,
        Evidence::CounterEntry(_) => Basis::CounterEntry,
    }
}

const fn doubt(evidence: &Evidence, confirmation: Confirmation) -> Doubt {
    match (evidence, confirmation) {
        (Evidence::ReturnAlone(_), _) => Doubt::OnlyReturn,
        (_, Confirmation::Confirmed) => Doubt::None,
        (_, Confirmation::Unconfirmed) => Doubt::Unconfirmed,
    }
}

/// The gateway's numbers: of its answer, else of what it said when it was asked.
fn numbers(attempt: &Attempt) -> Numbers {
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
    Numbers {
        payment: heard.payment.or(seen.payment_id),
        reference: heard.reference.or(seen.reference_number),
        authorisation: heard.authorisation,
    }
}

fn told_of_reversal(reversal: &Reversal, attempt: &Attempt) -> Option<Told> {
    let (intent, paid) = (&reversal.intent, attempt.charged());
    let (kind, amount, id) = (intent.kind, intent.amount, intent.reversal);
    let not_back = |why| Told::NotReturned { kind, amount, paid, reversal: id, why };
    Some(match &reversal.state {
        reversal::State::Ready | reversal::State::Sending(_) | reversal::State::Reauthorising => return None,
        reversal::State::Done { proof } => {
            let (basis, proves) = match (proof, &intent.target) {
                // Yolcu360's `cancelled` proves the cancellation, not the money (`RULES.md` 7).
                (Proof::Answer, Target::Order(_)) => (Basis::Answer, Proves::Cancellation),
                (Proof::Status(_), Target::Order(_)) => (Basis::GatewayStatus, Proves::Cancellation),
                (Proof::Answer, Target::Transaction { .. }) => (Basis::Answer, Proves::Money),
                (Proof::Status(_), Target::Transaction { .. }) => (Basis::GatewayStatus, Proves::Money),
                // A person who looked it up saw the order cancelled, and no more than that.
                (Proof::Supervisor(_), Target::Order(_)) => (Basis::Supervisor, Proves::Cancellation),
                // What was done by hand in the gateway's portal rests on a person's word alone.
                (Proof::Supervisor(_), Target::Transaction { .. } | Target::Portal)
                | (Proof::Answer | Proof::Status(_), Target::Portal) => (Basis::Supervisor, Proves::Money),
            };
            Told::Returned { kind, amount, paid, reversal: id, basis, proves }
        }
        reversal::State::Refused(reversal::Refused::Gateway(refusal)) => {
            not_back(NotBack::Gateway(refusal.text.clone()))
        }
        reversal::State::Refused(reversal::Refused::Vezne(_)) => not_back(NotBack::Vezne),
        reversal::State::NotDone { .. } => not_back(NotBack::Supervisor),
        reversal::State::NotSent { .. } => not_back(NotBack::NotSent),
        reversal::State::Unknown { .. } => {
            let next = if attempt.can_be_asked() { Next::Asking } else { Next::Person };
            Told::ReturnUnknown { kind, amount, paid, reversal: id, next }
        }
    })
}

#[cfg(test)]
mod tests;
