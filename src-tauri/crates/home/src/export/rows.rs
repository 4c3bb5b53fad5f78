//! What the journal tells of an attempt or reversal, as a line of the table.

use std::collections::HashMap;

use vezne_core::attempt::{self, Attempt};
use vezne_core::ids::{AttemptReference, OperatorId};
use vezne_core::money::Money;
use vezne_core::record::Operator;
use vezne_core::reversal::{Reversal, Target};
use vezne_export::{Back, Code, EvidenceKind, Means, PaymentRow, RefusedBy, Subject, Total};
use vezne_journal::{Told, outcome_of_reversal};
use vezne_till::{AlarmView, AttemptView, ReversalView};

use super::ExportOrder;

/// Operators' names by their ids.
pub(super) struct Names(HashMap<OperatorId, String>);

impl Names {
    pub(super) fn of(operators: &[Operator]) -> Self {
        Self(operators.iter().map(|operator| (operator.id, operator.name.to_string())).collect())
    }

    /// The name; the id where nobody of that id is known.
    fn get(&self, operator: OperatorId) -> String {
        self.0.get(&operator).cloned().unwrap_or_else(|| operator.to_string())
    }
}

/// The line of what was told, for whoever knows the operators only as a list.
#[must_use]
pub fn row_of(told: &Told, operators: &[Operator], order: &ExportOrder) -> PaymentRow {
    row(told, &Names::of(operators), order)
}

pub(super) fn row(told: &Told, names: &Names, order: &ExportOrder) -> PaymentRow {
    match told {
        Told::Attempt { attempt, holder, returned } => {
            let row = of_attempt(attempt, names, order);
            let total = row.total.map(|total| Total { reversed_minor: returned.map(|money| money.minor()), ..total });
            PaymentRow { holder: holder.clone(), total, ..row }
        }
        Told::Reversal { reversal, attempt } => of_reversal(reversal, attempt.as_deref(), names, order),
    }
}

fn of_attempt(attempt: &Attempt, names: &Names, order: &ExportOrder) -> PaymentRow {
    let intent = &attempt.intent;
    // As of when it last changed: nothing of a line depends on the time.
    let view = AttemptView::of(attempt, attempt.since);
    PaymentRow {
        opened: attempt.opened,
        since: attempt.outcome_since,
        reversal: None,
        payment: intent.payment,
        attempt: intent.attempt,
        reference: Some(intent.reference.clone()),
        desk: order.desk.clone(),
        operator: intent.operator.map(|operator| names.get(operator)),
        account: intent.account.name.clone(),
        gateway: intent.account.gateway,
        subject: Some(subject(attempt)),
        owed: intent.base,
        total: attempt.charged().map(|amount| Total { amount, reversed_minor: None }),
        installments: view.installments,
        means: Some(means(attempt)),
        card: intent.card().cloned(),
        holder: None,
        outcome: attempt.state.outcome(),
        refused_by: view.refused_by.and_then(refused_by),
        evidence: view.evidence.and_then(EvidenceKind::from_word),
        unconfirmed: view.unconfirmed,
        reason: view.reason.as_ref().and_then(|reason| code(reason.code)),
        reason_text: view.reason.and_then(|reason| reason.text),
        gateway_payment: view.gateway_payment,
        gateway_reference: view.gateway_reference,
        authorisation: view.authorisation,
        alarms: alarms(&view.alarms),
        training: order.training,
    }
}

fn of_reversal(reversal: &Reversal, attempt: Option<&Attempt>, names: &Names, order: &ExportOrder) -> PaymentRow {
    let view = ReversalView::of(reversal, reversal.since);
    let intent = &reversal.intent;
    // What goes back is below zero, so that a column of totals adds up to what is kept.
    let amount = intent.amount.minor().checked_neg().map(|minor| Money::from_minor(minor, intent.amount.currency()));
    PaymentRow {
        opened: reversal.opened,
        since: reversal.since,
        reversal: Some(Back { reversal: intent.reversal, kind: intent.kind }),
        payment: intent.payment,
        attempt: intent.attempt,
        reference: attempt.map(|attempt| attempt.intent.reference.clone()).or_else(|| reference(&intent.target)),
        desk: order.desk.clone(),
        operator: Some(names.get(intent.word.operator)),
        account: intent.account.name.clone(),
        gateway: intent.account.gateway,
        subject: attempt.map(subject).or_else(|| ordered(&intent.target)),
        owed: None,
        total: amount.map(|amount| Total { amount, reversed_minor: None }),
        installments: None,
        means: attempt.map(means),
        card: attempt.and_then(|attempt| attempt.intent.card().cloned()),
        holder: None,
        outcome: outcome_of_reversal(&reversal.state),
        refused_by: view.refused_by.and_then(refused_by),
        evidence: view.evidence.and_then(EvidenceKind::from_word),
        unconfirmed: false,
        reason: view.reason.as_ref().and_then(|reason| code(reason.code)),
        reason_text: view.reason.and_then(|reason| reason.text).or(Some(view.ordered)),
        gateway_payment: None,
        gateway_reference: view.saw.or_else(|| number(&intent.target)),
        authorisation: None,
        alarms: alarms(&view.alarms),
        training: order.training,
    }
}

/// The attempt reference, where the reversal itself names it.
fn reference(target: &Target) -> Option<AttemptReference> {
    match target {
        Target::Transaction { reference, .. } => Some(reference.clone()),
        Target::Order(_) | Target::Portal => None,
    }
}

/// The order, where the reversal itself names it.
fn ordered(target: &Target) -> Option<Subject> {
    match target {
        Target::Order(order) => Some(Subject::Order(order.to_string())),
        Target::Transaction { .. } | Target::Portal => None,
    }
}

/// What the gateway calls it.
fn number(target: &Target) -> Option<String> {
    match target {
        Target::Transaction { number, .. } => Some(number.to_string()),
        Target::Order(_) | Target::Portal => None,
    }
}

fn subject(attempt: &Attempt) -> Subject {
    match &attempt.intent.subject {
        attempt::Subject::Order(order) => Subject::Order(order.to_string()),
        attempt::Subject::Reference { reference, part } => {
            Subject::Booking { number: reference.to_string(), part: *part }
        }
    }
}

const fn means(attempt: &Attempt) -> Means {
    match attempt.intent.means {
        attempt::Means::Card(_) => Means::Card,
        attempt::Means::CreditLimit => Means::CreditLimit,
    }
}

fn refused_by(word: &str) -> Option<RefusedBy> {
    RefusedBy::EVERY.into_iter().find(|by| by.word() == word)
}

fn code(word: &str) -> Option<Code> {
    word.parse().ok()
}

fn alarms(alarms: &[AlarmView]) -> Vec<Code> {
    alarms.iter().filter_map(|alarm| code(alarm.code)).collect()
}
