//! From what is folded to what is stored for looking up: pure, and the same for an append and for a rebuild.

use serde::Serialize;
use vezne_core::attempt::{Attempt, Means, Outcome, Refused, State, Subject};
use vezne_core::evidence::{Confirmation, Evidence};
use vezne_core::money::Money;
use vezne_core::record::Operator;
use vezne_core::reversal::{self, Kind, Reversal};
use vezne_core::rights::{Act, Role};
use vezne_core::text::fold;
use vezne_core::time::Timestamp;

use crate::tables::attempts::AttemptRow;
use crate::tables::events::EventRow;
use crate::tables::operators::OperatorRow;
use crate::tables::reversals::ReversalRow;
use crate::tables::rights_used::RightRow;

/// Where the events of an attempt or reversal stand in their chain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing<'a> {
    pub(crate) desk: &'a str,
    pub(crate) first_seq: i64,
    pub(crate) last_seq: i64,
}

/// The row of an attempt.
pub(crate) fn attempt(attempt: &Attempt, standing: Standing<'_>) -> AttemptRow {
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
        search: search_text(attempt),
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

/// What is searched: order or reference, attempt reference, last four digits, first digits, amounts, account.
fn search_text(attempt: &Attempt) -> String {
    let intent = &attempt.intent;
    let mut words = vec![subject_of(&intent.subject).1, intent.reference.to_string(), intent.account.name.to_string()];
    if let Some(card) = intent.card() {
        words.push(card.bin.as_str().to_owned());
        words.push(card.last_four.as_str().to_owned());
    }
    let amounts = [intent.base, attempt.charged().filter(|total| Some(*total) != intent.base)];
    words.extend(amounts.into_iter().flatten().map(|amount: Money| amount.to_string()));
    fold(&words.join(" "))
}

/// The row of a reversal.
pub(crate) fn reversal(reversal: &Reversal, standing: Standing<'_>) -> ReversalRow {
    let intent = &reversal.intent;
    let is_final = reversal.state.is_final();
    let alarmed = !reversal.alarms.is_empty();
    ReversalRow {
        place: standing.first_seq,
        reversal_id: intent.reversal.to_string(),
        desk_id: standing.desk.to_owned(),
        payment_id: intent.payment.to_string(),
        attempt_id: intent.attempt.to_string(),
        account_id: intent.account.id.to_string(),
        account_name: intent.account.name.to_string(),
        gateway: intent.account.gateway.word().to_owned(),
        kind: kind_word(intent.kind).to_owned(),
        amount_minor: intent.amount.minor(),
        currency: intent.amount.currency().to_string(),
        state: reversal.state.word().to_owned(),
        is_final,
        reason: reversal_reason(&reversal.state),
        operator_id: intent.word.operator.to_string(),
        opened_ms: reversal.opened.as_millis(),
        since_ms: reversal.since.as_millis(),
        alarmed,
        watched: !is_final || alarmed,
        attention: reversal.needs_attention(),
        last_seq: standing.last_seq,
    }
}

const fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Void => "void",
        Kind::Refund => "refund",
    }
}

fn reversal_reason(state: &reversal::State) -> Option<String> {
    match state {
        reversal::State::Ready
        | reversal::State::Sending(_)
        | reversal::State::Reauthorising
        | reversal::State::Done { .. }
        | reversal::State::NotDone { .. } => None,
        reversal::State::Refused(reversal::Refused::Gateway(refusal)) => Some(word_of(&refusal.reason)),
        reversal::State::Refused(reversal::Refused::Vezne(refusal)) => Some(word_of(refusal)),
        reversal::State::NotSent { reason } => Some(word_of(reason)),
        reversal::State::Unknown { cause } => Some(word_of(cause)),
    }
}

/// The row of an operator.
pub(crate) fn operator(operator: &Operator, event: &EventRow) -> OperatorRow {
    OperatorRow {
        operator_id: operator.id.to_string(),
        desk_id: event.desk_id.clone(),
        name: operator.name.as_str().to_owned(),
        name_key: fold(operator.name.as_str()),
        role: role_word(operator.role).to_owned(),
        pin_hash: operator.pin_hash.clone(),
        added_ms: event.at_ms,
        seq: event.seq,
    }
}

/// The word of a role in its column.
pub(crate) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Cashier => "cashier",
        Role::Supervisor => "supervisor",
    }
}

/// A right used: who, for what, why, about what.
pub(crate) fn right(event: &EventRow, operator: String, act: Act, reason: &str, about: Option<String>) -> RightRow {
    RightRow {
        event_id: event.event_id.clone(),
        desk_id: event.desk_id.clone(),
        operator_id: operator,
        act: word_of(&act),
        reason: reason.to_owned(),
        about,
        at_ms: event.at_ms,
        seq: event.seq,
    }
}

/// The outcome that a column's word names.
pub(crate) fn outcome_of(word: &str) -> Option<Outcome> {
    [Outcome::Approved, Outcome::Declined, Outcome::Refused, Outcome::Unknown, Outcome::NotSent]
        .into_iter()
        .find(|outcome| outcome.word() == word)
}

/// The name of a variant as it is serialised, whatever it carries.
fn word_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(fields)) => fields.keys().next().cloned().unwrap_or_default(),
        Ok(_) | Err(_) => String::new(),
    }
}
