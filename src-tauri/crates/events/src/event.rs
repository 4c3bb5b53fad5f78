//! What happened, for good: an event with its columns.

use crate::chain::Link;

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its own id: the only name of it that is unique over all desks and epochs.
    pub event_id: String,
    /// The desk in whose chain it stands.
    pub desk_id: String,
    /// The desk's epoch, from 1.
    pub epoch: i64,
    /// Its number in the desk's chain, from 1, without gaps.
    pub seq: i64,
    /// When it was written, in milliseconds since 1970.
    pub at_ms: i64,
    /// The word of the record's kind.
    pub kind: String,
    /// The payment that it is filed under.
    pub payment_id: Option<String>,
    /// The attempt that it is filed under.
    pub attempt_id: Option<String>,
    /// The reversal that it is filed under.
    pub reversal_id: Option<String>,
    /// The record as JSON.
    pub body: String,
    /// Commitments to names, as JSON ([`crate::Commitment`]).
    pub names: String,
    /// The key that its hash is made with.
    pub key_id: String,
    /// The hash of the event before, 32 bytes.
    pub previous_hash: Vec<u8>,
    /// Its own hash, 32 bytes.
    pub hash: Vec<u8>,
}

impl Event {
    /// What its hash covers.
    #[must_use]
    pub fn link(&self) -> Link<'_> {
        Link {
            event: &self.event_id,
            desk: &self.desk_id,
            epoch: self.epoch,
            seq: self.seq,
            at_ms: self.at_ms,
            kind: &self.kind,
            payment: self.payment_id.as_deref(),
            attempt: self.attempt_id.as_deref(),
            reversal: self.reversal_id.as_deref(),
            body: &self.body,
            names: &self.names,
            key_id: &self.key_id,
            previous: &self.previous_hash,
        }
    }

    /// What folding needs of it.
    #[must_use]
    pub fn line(&self) -> Line {
        Line { seq: self.seq, at_ms: self.at_ms, body: self.body.clone() }
    }
}

/// Where a desk's chain stands: its newest event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    /// The desk.
    pub desk_id: String,
    /// The epoch.
    pub epoch: i64,
    /// The number of the newest event.
    pub seq: i64,
    /// When it was written, in milliseconds since 1970.
    pub at_ms: i64,
    /// The key that it names.
    pub key_id: String,
    /// Its hash, 32 bytes.
    pub hash: Vec<u8>,
}

/// What folding needs of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the chain.
    pub seq: i64,
    /// When it was written, in milliseconds since 1970.
    pub at_ms: i64,
    /// The record as JSON.
    pub body: String,
}
