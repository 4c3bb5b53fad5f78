//! From a batch of records to events in the chain, and from stored lines back to what they tell.

use serde::{Deserialize, Serialize};
use vezne_core::attempt::{self, Attempt};
use vezne_core::ids::{EventId, NameId};
use vezne_core::ports::JournalFault;
use vezne_core::record::{PersonName, Record};
use vezne_core::reversal::{self, Reversal};
use vezne_core::time::Timestamp;

use crate::chain::{self, Hash};
use crate::keys::ChainKey;
use crate::tables::events::{EventRow, Line};

/// A name with the salt of its commitment.
pub(crate) struct Salted {
    pub(crate) id: NameId,
    pub(crate) name: PersonName,
    pub(crate) salt: [u8; 16],
}

/// What an event holds of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Commitment {
    /// The name's id in the side table.
    pub(crate) name: String,
    /// The salted keyed commitment, in hexadecimal digits.
    pub(crate) commitment: String,
}

/// Where the next event goes.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) desk: String,
    pub(crate) epoch: i64,
    pub(crate) seq: i64,
    pub(crate) previous: Hash,
}

/// The event's word for its column.
const fn kind_of(record: &Record) -> &'static str {
    match record {
        Record::Attempt { .. } => "attempt",
        Record::Reversal { .. } => "reversal",
        Record::OperatorAdded(_) => "operator_added",
        Record::RightUsed { .. } => "right_used",
        Record::EpochStarted { .. } => "epoch_started",
        Record::SpanLost { .. } => "span_lost",
    }
}

/// The payment, attempt and reversal an event is filed under.
fn ids_of(record: &Record) -> (Option<String>, Option<String>, Option<String>) {
    match record {
        Record::Attempt { attempt, payment, entry: _ } => (Some(payment.to_string()), Some(attempt.to_string()), None),
        Record::Reversal { reversal, payment, attempt, entry: _ } => {
            (Some(payment.to_string()), Some(attempt.to_string()), Some(reversal.to_string()))
        }
        Record::OperatorAdded(_) | Record::RightUsed { .. } | Record::EpochStarted { .. } | Record::SpanLost { .. } => (None, None, None),
    }
}

/// The events of a batch, chained one to the next from `place` on.
///
/// A name's commitment stands in the first event that speaks of the name, or in the first of all.
pub(crate) fn chained(
    records: &[Record],
    names: &[Salted],
    at: Timestamp,
    key: &ChainKey,
    mut place: Place,
) -> Result<Vec<EventRow>, JournalFault> {
    let bodies: Vec<String> = records.iter().map(to_json).collect::<Result<_, _>>()?;
    let home_of = |id: &str| bodies.iter().position(|body| body.contains(id)).unwrap_or(0);
    let homes: Vec<usize> = names.iter().map(|name| home_of(&name.id.to_string())).collect();
    let mut events = Vec::with_capacity(records.len());
    for (index, (record, body)) in records.iter().zip(bodies.iter().cloned()).enumerate() {
        let own = names.iter().zip(&homes).filter(|(_, home)| **home == index).map(|(name, _)| commit(key, name));
        let (payment_id, attempt_id, reversal_id) = ids_of(record);
        let mut event = EventRow {
            event_id: EventId::from_parts(at, random()?).to_string(),
            desk_id: place.desk.clone(),
            epoch: place.epoch,
            seq: place.seq,
            at_ms: at.as_millis(),
            kind: kind_of(record).to_owned(),
            payment_id,
            attempt_id,
            reversal_id,
            body,
            names: to_json(&own.collect::<Vec<_>>())?,
            key_id: key.id().to_owned(),
            previous_hash: place.previous.to_vec(),
            hash: Vec::new(),
        };
        let hash = event.link().hash(key);
        event.hash = hash.to_vec();
        place.previous = hash;
        place.seq = place.seq.saturating_add(1);
        events.push(event);
    }
    Ok(events)
}

fn commit(key: &ChainKey, name: &Salted) -> Commitment {
    let id = name.id.to_string();
    let hash = chain::commitment(key, &id, &name.salt, name.name.expose());
    Commitment { name: id, commitment: chain::hex(&hash) }
}

fn to_json(value: &impl Serialize) -> Result<String, JournalFault> {
    serde_json::to_string(value)
        .map_err(|error| JournalFault::NotWritable(format!("a record can't be written: {error}")))
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], JournalFault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| JournalFault::NotWritable(format!("no randomness: {error}")))?;
    Ok(bytes)
}

/// Reads a stored record.
pub(crate) fn parse(body: &str, seq: i64) -> Result<Record, JournalFault> {
    serde_json::from_str(body)
        .map_err(|error| JournalFault::Unreadable(format!("event {seq} is no record of this program: {error}")))
}

/// When a line was written, and its record.
pub(crate) fn told(line: &Line) -> Result<(Timestamp, Record), JournalFault> {
    Ok((Timestamp::from_millis(line.at_ms), parse(&line.body, line.seq)?))
}

/// The attempt that these lines tell of; `None` when there are none.
pub(crate) fn fold_attempt(lines: &[Line]) -> Result<Option<Attempt>, JournalFault> {
    let entries = lines.iter().map(attempt_entry).collect::<Result<Vec<_>, _>>()?;
    if entries.is_empty() {
        return Ok(None);
    }
    Attempt::fold(entries).map(Some).map_err(|error| unfoldable(lines, error))
}

fn attempt_entry(line: &Line) -> Result<(Timestamp, attempt::Entry), JournalFault> {
    match told(line)? {
        (at, Record::Attempt { entry, .. }) => Ok((at, entry)),
        (
            _,
            Record::Reversal { .. } | Record::OperatorAdded(_) | Record::RightUsed { .. } | Record::EpochStarted { .. } | Record::SpanLost { .. },
        ) => Err(misfiled(line)),
    }
}

/// The reversal that these lines tell of; `None` when there are none.
pub(crate) fn fold_reversal(lines: &[Line]) -> Result<Option<Reversal>, JournalFault> {
    let entries = lines.iter().map(reversal_entry).collect::<Result<Vec<_>, _>>()?;
    if entries.is_empty() {
        return Ok(None);
    }
    Reversal::fold(entries).map(Some).map_err(|error| unfoldable(lines, error))
}

fn reversal_entry(line: &Line) -> Result<(Timestamp, reversal::Entry), JournalFault> {
    match told(line)? {
        (at, Record::Reversal { entry, .. }) => Ok((at, entry)),
        (
            _,
            Record::Attempt { .. } | Record::OperatorAdded(_) | Record::RightUsed { .. } | Record::EpochStarted { .. } | Record::SpanLost { .. },
        ) => Err(misfiled(line)),
    }
}

fn misfiled(line: &Line) -> JournalFault {
    JournalFault::Unreadable(format!("event {} is filed under what it does not speak of", line.seq))
}

fn unfoldable(lines: &[Line], error: attempt::FoldError) -> JournalFault {
    let seq = lines.first().map_or(0, |line| line.seq);
    JournalFault::Unreadable(format!("the events from {seq} on do not fit together: {error}"))
}
