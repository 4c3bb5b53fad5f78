//! A day close as it is looked up.

use vezne_core::close::{Anchor, DayClose};

use crate::event::Event;

/// A close as it is stored: what a list of them shows. What it counts and lists stands in its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseRow {
    /// Its number.
    pub number: i64,
    /// The desk.
    pub desk_id: String,
    /// The number of its own event.
    pub seq: i64,
    /// When it was made, in milliseconds since 1970.
    pub at_ms: i64,
    /// The number of the event of the close before; 0 for the first.
    pub after_seq: i64,
    /// The number of the last event that it covers.
    pub tip_seq: i64,
    /// The first local day in it.
    pub from_day: String,
    /// The local day on which it was made.
    pub day: String,
    /// The time zone of both.
    pub zone: String,
    /// Who made it.
    pub operator_id: Option<String>,
    /// What a person keeps of it on paper.
    pub anchor: String,
}

/// The row of a close, whose event this is.
#[must_use]
pub fn close(close: &DayClose, event: &Event) -> CloseRow {
    CloseRow {
        number: i64::from(close.number),
        desk_id: event.desk_id.clone(),
        seq: event.seq,
        at_ms: event.at_ms,
        after_seq: close.covers.after,
        tip_seq: close.covers.tip,
        from_day: close.label.from.to_string(),
        day: close.label.to.to_string(),
        zone: close.label.zone.clone(),
        operator_id: close.operator.map(|operator| operator.to_string()),
        anchor: Anchor::of(close.number, &event.hash).to_string(),
    }
}
