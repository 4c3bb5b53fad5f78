//! A payment as it is looked up: what its attempts and reversals add up to.

use super::{AttemptRow, ReversalRow};

/// A payment as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRow {
    /// Its first attempt's place.
    pub place: i64,
    /// The payment.
    pub payment_id: String,
    /// The desk.
    pub desk_id: String,
    /// The order or reference that it is guarded by.
    pub guard_key: String,
    /// The merchant account.
    pub account_id: String,
    /// `order` or `reference`.
    pub subject_kind: String,
    /// The order's id or the desk's reference.
    pub subject: String,
    /// When its first attempt was opened, in milliseconds since 1970.
    pub opened_ms: i64,
    /// How many attempts it has.
    pub attempts: i64,
    /// How many of them are approved.
    pub approved: i64,
    /// How many reversals it has.
    pub reversals: i64,
    /// The number of the newest event about it.
    pub last_seq: i64,
}

/// The row of a payment with these attempts and reversals, each oldest first; `None` without an attempt. The journal of
/// SQLite adds them up in SQL.
#[must_use]
pub fn payment(attempts: &[&AttemptRow], reversals: &[&ReversalRow]) -> Option<PaymentRow> {
    let first = attempts.first()?;
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let approved = attempts.iter().filter(|attempt| attempt.outcome.as_deref() == Some("approved")).count();
    let newest = attempts.iter().map(|row| row.last_seq).chain(reversals.iter().map(|row| row.last_seq)).max();
    Some(PaymentRow {
        place: first.place,
        payment_id: first.payment_id.clone(),
        desk_id: first.desk_id.clone(),
        guard_key: first.guard_key.clone(),
        account_id: first.account_id.clone(),
        subject_kind: first.subject_kind.clone(),
        subject: first.subject.clone(),
        opened_ms: first.opened_ms,
        attempts: count(attempts.len()),
        approved: count(approved),
        reversals: count(reversals.len()),
        last_seq: newest.unwrap_or(first.last_seq),
    })
}
