//! An attempt as it is looked up.

use vezne_core::attempt::{Attempt, Means, Outcome, Refused, State, Subject};
use vezne_core::evidence::{Confirmation, Evidence};
use vezne_core::time::Timestamp;

use super::{Standing, word_of};

/// An attempt as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// The number of its opening event: it gives the order, and is no identity.
    pub place: i64,
    /// The attempt.
    pub attempt_id: String,
    /// The desk.
    pub desk_id: String,
    /// Its payment.
    pub payment_id: String,
    /// What the gateway knows it by.
    pub reference: String,
    /// The merchant account.
    pub account_id: String,
    /// The account's name when it was opened.
    pub account_name: String,
    /// The gateway's word.
    pub gateway: String,
    /// The order or reference that it is guarded by.
    pub guard_key: String,
    /// Whether it forbids another attempt on its key.
    pub blocks: bool,
    /// The state's word.
    pub state: String,
    /// The outcome's word, if there is one.
    pub outcome: Option<String>,
    /// By whom it was refused: `vezne` or `gateway`.
    pub refused_by: Option<String>,
    /// The evidence's word.
    pub evidence: Option<String>,
    /// Whether the outcome is unconfirmed.
    pub unconfirmed: bool,
    /// The reason's word.
    pub reason: Option<String>,
    /// `order` or `reference`.
    pub subject_kind: String,
    /// The order's id or the desk's reference.
    pub subject: String,
    /// Which part of the reference.
    pub part: Option<String>,
    /// What is owed, in minor units.
    pub base_minor: Option<i64>,
    /// Its currency.
    pub base_currency: Option<String>,
    /// What is charged, in minor units.
    pub total_minor: Option<i64>,
    /// Its currency.
    pub total_currency: Option<String>,
    /// `card` or `credit_limit`.
    pub means: String,
    /// In how many installments; `None` for the credit limit.
    pub installments: Option<i64>,
    /// The card's brand.
    pub brand: Option<String>,
    /// The first digits that are kept: six or eight.
    pub bin: Option<String>,
    /// The card's first six digits.
    pub first_six: Option<String>,
    /// The card's last four digits.
    pub last_four: Option<String>,
    /// The name of the card's holder, in the side table.
    pub holder: Option<String>,
    /// Who sat at the desk.
    pub operator_id: Option<String>,
    /// The attempt that a supervisor overrode for this one.
    pub overrides: Option<String>,
    /// The attempt that was set aside for this one.
    pub follows: Option<String>,
    /// When it was opened, in milliseconds since 1970.
    pub opened_ms: i64,
    /// Since when it is in its state, in milliseconds since 1970.
    pub since_ms: i64,
    /// When the payment was sent, in milliseconds since 1970.
    pub sent_ms: Option<i64>,
    /// Whether its state is final.
    pub is_final: bool,
    /// Whether it is set aside.
    pub set_aside: bool,
    /// Whether its outcome is contradicted.
    pub contradicted: bool,
    /// Whether an alarm stands.
    pub alarmed: bool,
    /// Whether it is not final, contradicted or alarmed.
    pub watched: bool,
    /// From when on it stands in Needs attention if nothing more happens.
    pub attention_ms: Option<i64>,
    /// The words and numbers by which it is found ([`crate::search::column`]).
    pub search: String,
    /// The number of its newest event.
    pub last_seq: i64,
}

/// The row of an attempt.
#[must_use]
pub fn attempt(attempt: &Attempt, standing: Standing<'_>) -> AttemptRow {
    let intent = &attempt.intent;
    let state = &attempt.state;
    let (kind, subject, part) = subject_of(&intent.subject);
    let told = told_by(state);
    let (means, installments, holder) = means_of(&intent.means);
    let card = intent.card();
    let (contradicted, alarmed) = (attempt.contradiction.is_some(), !attempt.alarms.is_empty());
    AttemptRow {
        place: standing.first_seq,
        attempt_id: intent.attempt.to_string(),
        desk_id: standing.desk.to_owned(),
        payment_id: intent.payment.to_string(),
        reference: intent.reference.to_string(),
        account_id: intent.account.id.to_string(),
        account_name: intent.account.name.to_string(),
        gateway: intent.account.gateway.word().to_owned(),
        guard_key: intent.guard_key().as_str().to_owned(),
        blocks: state.blocks(),
        state: state.word().to_owned(),
        outcome: state.outcome().map(|outcome| outcome.word().to_owned()),
        refused_by: told.refused_by.map(str::to_owned),
        evidence: told.evidence.map(|evidence| evidence.word().to_owned()),
        unconfirmed: told.unconfirmed,
        reason: told.reason,
        subject_kind: kind.to_owned(),
        subject,
        part,
        base_minor: intent.base.map(|base| base.minor()),
        base_currency: intent.base.map(|base| base.currency().to_string()),
        total_minor: attempt.charged().map(|total| total.minor()),
        total_currency: attempt.charged().map(|total| total.currency().to_string()),
        means: means.to_owned(),
        installments,
        brand: card.map(|card| word_of(&card.brand)),
        bin: card.map(|card| card.bin.as_str().to_owned()),
        first_six: card.map(|card| card.bin.first_six().as_str().to_owned()),
        last_four: card.map(|card| card.last_four.as_str().to_owned()),
        holder,
        operator_id: intent.operator.map(|operator| operator.to_string()),
        overrides: intent.overrides.map(|other| other.to_string()),
        follows: intent.follows.map(|other| other.to_string()),
        opened_ms: attempt.opened.as_millis(),
        since_ms: attempt.since.as_millis(),
        sent_ms: attempt.sent.map(Timestamp::as_millis),
        is_final: state.is_final(),
        set_aside: state.is_set_aside(),
        contradicted,
        alarmed,
        watched: !state.is_final() || contradicted || alarmed,
        attention_ms: attention_since(attempt),
        search: crate::search::column(attempt),
        last_seq: standing.last_seq,
    }
}

/// From when on the attempt stands in Needs attention if nothing more happens; `None` if never.
fn attention_since(attempt: &Attempt) -> Option<i64> {
    if attempt.needs_attention(attempt.since) {
        return Some(attempt.since.as_millis());
    }
    // What is not there at once comes with age alone, and there is one age: just beyond it.
    let aged = attempt.since.after(vezne_core::limits::UNCONFIRMED_ATTENTION).as_millis().saturating_add(1);
    attempt.needs_attention(Timestamp::from_millis(aged)).then_some(aged)
}

fn subject_of(subject: &Subject) -> (&'static str, String, Option<String>) {
    match subject {
        Subject::Order(order) => ("order", order.to_string(), None),
        Subject::Reference { reference, part } => {
            ("reference", reference.to_string(), part.map(|part| part.to_string()))
        }
    }
}

fn means_of(means: &Means) -> (&'static str, Option<i64>, Option<String>) {
    match means {
        Means::Card(card) => {
            let holder = card.holder.map(|holder| holder.to_string());
            ("card", Some(i64::from(card.plan.option.installments)), holder)
        }
        Means::CreditLimit => ("credit_limit", None, None),
    }
}

/// What a state says beside its word.
#[derive(Default)]
struct Told<'a> {
    refused_by: Option<&'static str>,
    evidence: Option<&'a Evidence>,
    unconfirmed: bool,
    reason: Option<String>,
}

fn told_by(state: &State) -> Told<'_> {
    let none = Told::default();
    match state {
        State::Ready | State::Sending(_) | State::Reauthorising | State::AtBank | State::Confirming(_) => none,
        State::Unknown(unknown) => Told { reason: Some(word_of(&unknown.cause)), ..none },
        State::SetAside(aside) => Told { reason: Some(word_of(&aside.cause)), ..none },
        State::Approved { evidence, confirmation } => {
            Told { evidence: Some(evidence), unconfirmed: *confirmation == Confirmation::Unconfirmed, ..none }
        }
        State::Declined { failure, evidence, confirmation } => Told {
            evidence: Some(evidence),
            unconfirmed: *confirmation == Confirmation::Unconfirmed,
            reason: Some(word_of(&failure.reason)),
            ..none
        },
        State::Refused(Refused::Gateway(refusal)) => {
            Told { refused_by: Some("gateway"), reason: Some(word_of(&refusal.reason)), ..none }
        }
        State::Refused(Refused::Vezne(refusal)) => {
            Told { refused_by: Some("vezne"), reason: Some(word_of(refusal)), ..none }
        }
        State::NotSent(not_sent) => Told { reason: Some(word_of(&not_sent.reason)), ..none },
    }
}

/// The outcome that a column's word names.
#[must_use]
pub fn outcome_of(word: &str) -> Option<Outcome> {
    [Outcome::Approved, Outcome::Declined, Outcome::Refused, Outcome::Unknown, Outcome::NotSent]
        .into_iter()
        .find(|outcome| outcome.word() == word)
}
