//! A void or refund as it is looked up.

use vezne_core::reversal::{self, Kind, Reversal};

use super::{Standing, word_of};

/// A reversal as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversalRow {
    /// The number of its opening event: it gives the order, and is no identity.
    pub place: i64,
    /// The reversal.
    pub reversal_id: String,
    /// The desk.
    pub desk_id: String,
    /// Its payment.
    pub payment_id: String,
    /// The attempt whose money goes back.
    pub attempt_id: String,
    /// The merchant account.
    pub account_id: String,
    /// The account's name when it was opened.
    pub account_name: String,
    /// The gateway's word.
    pub gateway: String,
    /// `void` or `refund`.
    pub kind: String,
    /// What goes back, in minor units.
    pub amount_minor: i64,
    /// Its currency.
    pub currency: String,
    /// The state's word.
    pub state: String,
    /// Whether its state is final.
    pub is_final: bool,
    /// The reason's word.
    pub reason: Option<String>,
    /// The supervisor who ordered it.
    pub operator_id: String,
    /// When it was opened, in milliseconds since 1970.
    pub opened_ms: i64,
    /// Since when it is in its state, in milliseconds since 1970.
    pub since_ms: i64,
    /// Whether an alarm stands.
    pub alarmed: bool,
    /// Whether it is not final, contradicted or alarmed.
    pub watched: bool,
    /// Whether it stands in Needs attention.
    pub attention: bool,
    /// The number of its newest event.
    pub last_seq: i64,
}

/// The row of a reversal.
#[must_use]
pub fn reversal(reversal: &Reversal, standing: Standing<'_>) -> ReversalRow {
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
