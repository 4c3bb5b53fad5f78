//! From a batch of records to events in the chain.

use serde::{Deserialize, Serialize};
use vezne_core::ids::{EventId, NameId};
use vezne_core::ports::{Entropy, JournalFault};
use vezne_core::record::{Batch, PersonName, Record};
use vezne_core::time::Timestamp;

use crate::chain::{self, Hash};
use crate::event::{Event, Tip};
use crate::keys::ChainKey;

/// The most records of one batch.
pub const RECORDS_MOST: usize = 1_000;

/// A name with the salt of its commitment.
pub struct Salted {
    /// The name's id in the side table.
    pub id: NameId,
    /// The name.
    pub name: PersonName,
    /// The salt.
    pub salt: [u8; 16],
}

/// A batch that may be written, with salts for its names.
pub struct Draft {
    /// The records, in order: at least one.
    pub records: Vec<Record>,
    /// The names of the side table.
    pub names: Vec<Salted>,
    /// When they are written.
    pub at: Timestamp,
}

impl Draft {
    /// Salts the names of a batch; `None` for an empty one, which needs no writing.
    ///
    /// # Errors
    /// [`JournalFault::NotWritable`] for a batch of more than [`RECORDS_MOST`] records, and for names without a record.
    pub fn of(batch: Batch, at: Timestamp, entropy: &dyn Entropy) -> Result<Option<Self>, JournalFault> {
        if batch.records.len() > RECORDS_MOST || (batch.records.is_empty() && !batch.names.is_empty()) {
            let words = format!("a batch has 1 to {RECORDS_MOST} records, and names only beside them");
            return Err(JournalFault::NotWritable(words));
        }
        if batch.records.is_empty() {
            return Ok(None);
        }
        let salted = |(id, name)| Salted { id, name, salt: entropy.sixteen() };
        let names = batch.names.into_iter().map(salted).collect();
        Ok(Some(Self { records: batch.records, names, at }))
    }
}

/// Refuses a batch from outside that begins an epoch or declares events lost.
///
/// # Errors
/// [`JournalFault::NotWritable`]: only the journal itself knows when an epoch begins, and what is lost.
pub fn refuse_epochs(batch: &Batch) -> Result<(), JournalFault> {
    let epoch = |record: &Record| matches!(record, Record::EpochStarted { .. } | Record::SpanLost { .. });
    if batch.records.iter().any(epoch) {
        return Err(JournalFault::NotWritable("only the journal itself starts an epoch".to_owned()));
    }
    Ok(())
}

/// What an event holds of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// The name's id in the side table.
    pub name: String,
    /// The salted keyed commitment, in hexadecimal digits.
    pub commitment: String,
}

/// Where the next event goes.
#[derive(Debug, Clone)]
pub struct Place {
    /// The desk.
    pub desk: String,
    /// The epoch.
    pub epoch: i64,
    /// The next event's number.
    pub seq: i64,
    /// The hash of the event before it; [`chain::GENESIS`] before the first.
    pub previous: Hash,
}

impl Place {
    /// The place after the newest event, or the first one of a chain; in a new epoch if its number is given.
    ///
    /// # Errors
    /// [`JournalFault::Unreadable`] when the newest event has no hash of 32 bytes.
    pub fn after(tip: Option<&Tip>, desk: &str, new_epoch: Option<i64>) -> Result<Self, JournalFault> {
        let (epoch, seq, previous) = match tip {
            None => (1, 0, chain::GENESIS),
            Some(tip) => (tip.epoch, tip.seq, as_hash(&tip.hash)?),
        };
        Ok(Self { desk: desk.to_owned(), epoch: new_epoch.unwrap_or(epoch), seq: seq.saturating_add(1), previous })
    }
}

fn as_hash(bytes: &[u8]) -> Result<Hash, JournalFault> {
    bytes.try_into().map_err(|_| JournalFault::Unreadable("the newest event has no hash".to_owned()))
}

/// The first ten of sixteen random bytes: what an id takes.
#[must_use]
pub fn ten(entropy: &dyn Entropy) -> [u8; 10] {
    let [a, b, c, d, e, f, g, h, i, j, ..] = entropy.sixteen();
    [a, b, c, d, e, f, g, h, i, j]
}

/// The kind of the events that declare what is lost.
pub const SPAN_LOST: &str = "span_lost";

/// The kind of the events that close a day.
pub const DAY_CLOSED: &str = "day_closed";
/// The kind of the events that hold a comparison of a close with the gateways.
pub const CLOSE_COMPARED: &str = "close_compared";
/// The kind of the events that say that a paper was issued.
pub const PAPER_ISSUED: &str = "paper_issued";
/// The kind of the events that say that one was taken back.
pub const PAPER_WITHDRAWN: &str = "paper_withdrawn";

/// The event's word for its column.
const fn kind_of(record: &Record) -> &'static str {
    match record {
        Record::Attempt { .. } => "attempt",
        Record::Reversal { .. } => "reversal",
        Record::NoteAdded(_) => "note_added",
        Record::OperatorAdded(_) => "operator_added",
        Record::RightUsed { .. } => "right_used",
        Record::EpochStarted { .. } => "epoch_started",
        Record::SpanLost { .. } => SPAN_LOST,
        Record::DayClosed(_) => DAY_CLOSED,
        Record::CloseCompared(_) => CLOSE_COMPARED,
        Record::PaperIssued(_) => PAPER_ISSUED,
        Record::PaperWithdrawn(_) => PAPER_WITHDRAWN,
    }
}

/// The payment, attempt and reversal an event is filed under.
fn ids_of(record: &Record) -> (Option<String>, Option<String>, Option<String>) {
    let payment = record.payment().map(|payment| payment.to_string());
    match (record.attempt_line(), record) {
        (Some((attempt, _)), _) => (payment, Some(attempt.to_string()), None),
        (None, Record::Reversal { reversal, attempt, .. }) => {
            (payment, Some(attempt.to_string()), Some(reversal.to_string()))
        }
        // Under its payment alone, if any: an attempt's or a reversal's lines are folded, and these are none of them.
        (None, _) => (payment, None, None),
    }
}

/// The events of a batch, chained one to the next from `place` on. Ids are drawn in the order of the records.
///
/// A name's commitment stands in the first event that speaks of the name, or in the first of all.
///
/// # Errors
/// [`JournalFault::NotWritable`] for a record that has no written form.
pub fn chained(
    draft: &Draft,
    key: &ChainKey,
    entropy: &dyn Entropy,
    mut place: Place,
) -> Result<Vec<Event>, JournalFault> {
    let Draft { records, names, at } = draft;
    let bodies: Vec<String> = records.iter().map(to_json).collect::<Result<_, _>>()?;
    let home_of = |id: &str| bodies.iter().position(|body| body.contains(id)).unwrap_or(0);
    let homes: Vec<usize> = names.iter().map(|name| home_of(&name.id.to_string())).collect();
    let mut events = Vec::with_capacity(records.len());
    for (index, (record, body)) in records.iter().zip(bodies).enumerate() {
        let own = names.iter().zip(&homes).filter(|(_, home)| **home == index).map(|(name, _)| commit(key, name));
        let (payment_id, attempt_id, reversal_id) = ids_of(record);
        let mut event = Event {
            event_id: EventId::from_parts(*at, ten(entropy)).to_string(),
            desk_id: place.desk.clone(),
            epoch: place.epoch,
            seq: place.seq,
            at_ms: at.as_millis(),
            kind: kind_of(record).to_owned(),
            payment_id,
            attempt_id,
            reversal_id,
            body,
            names: names_json(own.collect::<Vec<_>>())?,
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

fn names_json(names: Vec<Commitment>) -> Result<String, JournalFault> {
    if names.is_empty() { Ok("[]".to_owned()) } else { to_json(&names) }
}

/// Most records fit into so many bytes.
const RECORD_BYTES: usize = 1_024;

fn to_json(value: &impl Serialize) -> Result<String, JournalFault> {
    let fault = |words: String| JournalFault::NotWritable(format!("a record can't be written: {words}"));
    let mut bytes = Vec::with_capacity(RECORD_BYTES);
    serde_json::to_writer(&mut bytes, value).map_err(|error| fault(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| fault(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use vezne_core::record::EpochReason;
    use zeroize::Zeroizing;

    use super::*;

    /// The same bytes in the same order each time.
    struct Counting(AtomicU8);

    impl Entropy for Counting {
        fn sixteen(&self) -> [u8; 16] {
            [self.0.fetch_add(1, Ordering::Relaxed); 16]
        }
    }

    const START: Timestamp = Timestamp::from_millis(1_795_251_600_000);

    fn written() -> Vec<Event> {
        let entropy = Counting(AtomicU8::new(1));
        let record = Record::EpochStarted { epoch: 1, why: EpochReason::NewJournal };
        let names = vec![(NameId::from_parts(START, ten(&entropy)), PersonName::new("AYŞE"))];
        let batch = Batch { records: vec![record.clone(), record], names };
        let draft = Draft::of(batch, START, &entropy).unwrap().unwrap();
        let key = ChainKey::new("key-1", Zeroizing::new([1; 32]));
        chained(&draft, &key, &entropy, Place::after(None, "dsk_1", None).unwrap()).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_events() {
        let events = written();
        assert_eq!(events, written());
        assert_ne!(events[0].event_id, events[1].event_id);
        assert_eq!(events[1].previous_hash, events[0].hash);
        assert!(events[0].names.contains("commitment") && events[1].names == "[]");
    }

    #[test]
    fn a_batch_without_records_is_nothing_and_one_of_too_many_is_refused() {
        let entropy = Counting(AtomicU8::new(1));
        assert!(matches!(Draft::of(Batch::default(), START, &entropy), Ok(None)));
        let name = (NameId::from_parts(START, [0; 10]), PersonName::new("AYŞE"));
        let only_names = Batch { records: Vec::new(), names: vec![name] };
        assert!(Draft::of(only_names, START, &entropy).is_err());
        let record = Record::EpochStarted { epoch: 1, why: EpochReason::NewJournal };
        let many = Batch { records: vec![record; RECORDS_MOST + 1], names: Vec::new() };
        assert!(refuse_epochs(&many).is_err());
        assert!(Draft::of(many, START, &entropy).is_err());
    }
}
