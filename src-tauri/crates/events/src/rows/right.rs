//! A supervisor's right that was used, as it is looked up.

use vezne_core::record::Record;

use super::word_of;
use crate::event::Event;

/// A right used, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightRow {
    /// The event.
    pub event_id: String,
    /// The desk.
    pub desk_id: String,
    /// The supervisor.
    pub operator_id: String,
    /// The act's word.
    pub act: String,
    /// Why, as it was typed.
    pub reason: String,
    /// The attempt that it speaks of.
    pub about: Option<String>,
    /// When it was used, in milliseconds since 1970.
    pub at_ms: i64,
    /// The event's number.
    pub seq: i64,
}

/// The row of a right used: who, for what, why, about what; `None` for any other record.
#[must_use]
pub fn right(record: &Record, event: &Event) -> Option<RightRow> {
    let Record::RightUsed { operator, act, reason, about } = record else { return None };
    Some(RightRow {
        event_id: event.event_id.clone(),
        desk_id: event.desk_id.clone(),
        operator_id: operator.to_string(),
        act: word_of(act),
        reason: reason.as_str().to_owned(),
        about: about.map(|about| about.to_string()),
        at_ms: event.at_ms,
        seq: event.seq,
    })
}
