//! What a process keeps in memory of its journal: events, and what they add up to, brought forward event by event.
//!
//! What SQL looks up in a table is looked up here in the same row, made by the same function; a row is made when it is
//! first asked for after a change.

use std::cell::OnceCell;
use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};

use vezne_core::attempt::{self, Attempt, FoldError};
use vezne_core::guard::GuardKey;
use vezne_core::ids::{AttemptId, PaymentId, ReversalId};
use vezne_core::ports::JournalFault;
use vezne_core::record::{Operator, Record};
use vezne_core::reversal::{self, Reversal};
use vezne_core::time::Timestamp;
use vezne_events::rows::{self, AttemptRow, OperatorRow, ReversalRow, RightRow, Standing};
use vezne_events::{Event, Tip};

use super::closes;
use super::lines::NameLine;

/// An attempt or reversal, where its events stand, and its row.
#[derive(Debug)]
pub(super) struct Placed<T, R> {
    pub(super) value: Box<T>,
    pub(super) first_seq: i64,
    pub(super) last_seq: i64,
    row: OnceCell<Box<R>>,
}

impl<T, R> Placed<T, R> {
    fn at(value: T, seq: i64) -> Self {
        Self { value: Box::new(value), first_seq: seq, last_seq: seq, row: OnceCell::new() }
    }

    /// Itself, about to be changed: its row would not be its row any more.
    fn without_row(&self) -> Self
    where
        T: Clone,
    {
        Self { value: self.value.clone(), first_seq: self.first_seq, last_seq: self.last_seq, row: OnceCell::new() }
    }

    fn standing<'a>(&self, desk: &'a str) -> Standing<'a> {
        Standing { desk, first_seq: self.first_seq, last_seq: self.last_seq }
    }

    fn moved_to(&mut self, seq: i64) {
        self.last_seq = seq;
        self.row = OnceCell::new();
    }
}

/// An attempt with its row.
pub(super) type PlacedAttempt = Placed<Attempt, AttemptRow>;
/// A reversal with its row.
pub(super) type PlacedReversal = Placed<Reversal, ReversalRow>;

impl PlacedAttempt {
    pub(super) fn row(&self, desk: &str) -> &AttemptRow {
        self.row.get_or_init(|| Box::new(rows::attempt(&self.value, self.standing(desk))))
    }
}

impl PlacedReversal {
    pub(super) fn row(&self, desk: &str) -> &ReversalRow {
        self.row.get_or_init(|| Box::new(rows::reversal(&self.value, self.standing(desk))))
    }
}

/// Everything of a journal.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) desk: String,
    pub(super) events: Vec<Event>,
    /// The record of each event.
    pub(super) records: Vec<(Timestamp, Record)>,
    pub(super) names: BTreeMap<String, NameLine>,
    /// In the order of their places, which is the order of SQL's answers.
    pub(super) attempts: BTreeMap<i64, PlacedAttempt>,
    pub(super) reversals: BTreeMap<i64, PlacedReversal>,
    pub(super) operators: BTreeMap<String, OperatorRow>,
    pub(super) rights: BTreeMap<String, RightRow>,
    keys: BTreeMap<i64, GuardKey>,
    attempt_places: BTreeMap<AttemptId, i64>,
    reversal_places: BTreeMap<ReversalId, i64>,
}

/// A batch that breaks no rule, ready to be taken.
#[derive(Default)]
pub(super) struct Prepared {
    attempts: BTreeMap<AttemptId, PlacedAttempt>,
    reversals: BTreeMap<ReversalId, PlacedReversal>,
    operators: Vec<OperatorRow>,
    rights: Vec<RightRow>,
}

impl Memory {
    pub(super) fn tip(&self) -> Option<Tip> {
        self.events.last().map(|event| Tip {
            desk_id: event.desk_id.clone(),
            epoch: event.epoch,
            seq: event.seq,
            at_ms: event.at_ms,
            key_id: event.key_id.clone(),
            hash: event.hash.clone(),
        })
    }

    pub(super) fn attempt(&self, id: AttemptId) -> Option<&PlacedAttempt> {
        self.attempts.get(self.attempt_places.get(&id)?)
    }

    pub(super) fn reversal(&self, id: ReversalId) -> Option<&PlacedReversal> {
        self.reversals.get(self.reversal_places.get(&id)?)
    }

    /// The places of the attempts on a key.
    pub(super) fn on_key<'a>(&'a self, key: &'a GuardKey) -> impl Iterator<Item = &'a PlacedAttempt> {
        self.keys.iter().filter(move |(_, own)| *own == key).filter_map(|(place, _)| self.attempts.get(place))
    }

    /// Whether an override naming the attempt is used up.
    pub(super) fn override_used(&self, named: AttemptId) -> bool {
        let uses = |one: &PlacedAttempt| {
            one.value.intent.overrides == Some(named)
                && !matches!(one.row(&self.desk).state.as_str(), "refused" | "not_sent")
        };
        self.attempts.values().any(uses)
    }

    /// What the records of a batch would make of it, or the fault that SQLite's indexes and the fold would tell.
    pub(super) fn prepare(
        &self,
        records: &[Record],
        names: &[NameLine],
        events: &[Event],
    ) -> Result<Prepared, JournalFault> {
        if names.iter().any(|name| self.names.contains_key(&name.id)) {
            return Err(JournalFault::NotWritable("UNIQUE constraint failed: names.name_id".to_owned()));
        }
        let mut prepared = Prepared::default();
        self.prepare_apart(records, events, &mut prepared)?;
        for (record, event) in records.iter().zip(events) {
            if let Record::Attempt { attempt, entry, .. } = record {
                self.prepare_attempt(*attempt, entry, event, &mut prepared.attempts)?;
            }
        }
        self.refuse_taken_keys(&prepared)?;
        for (record, event) in records.iter().zip(events) {
            if let Record::Reversal { reversal, entry, .. } = record {
                self.prepare_reversal(*reversal, entry, event, &mut prepared.reversals)?;
            }
        }
        self.refuse_open_reversals(&prepared)?;
        Ok(prepared)
    }

    fn prepare_apart(&self, records: &[Record], events: &[Event], prepared: &mut Prepared) -> Result<(), JournalFault> {
        for (place, (record, event)) in records.iter().zip(events).enumerate() {
            match record {
                Record::OperatorAdded(operator) => {
                    let row = rows::operator(operator, event);
                    let mut known = self.operators.values().chain(&prepared.operators);
                    if known.any(|other| other.name_key == row.name_key || other.operator_id == row.operator_id) {
                        return Err(JournalFault::NotWritable("UNIQUE constraint failed: operators".to_owned()));
                    }
                    prepared.operators.push(row);
                }
                Record::RightUsed { .. } => prepared.rights.extend(rows::right(record, event)),
                Record::Attempt { .. }
                | Record::Reversal { .. }
                | Record::NoteAdded(_)
                | Record::EpochStarted { .. }
                | Record::SpanLost { .. }
                // No act of the simulation issues papers.
                | Record::PaperIssued(_)
                | Record::PaperWithdrawn(_) => {}
                Record::DayClosed(close) => closes::refuse_misfit(self, close, place)?,
                Record::CloseCompared(comparison) => {
                    let known = closes::made(&self.events)?;
                    if !known.iter().any(|made| made.seq == comparison.close_seq) {
                        return Err(JournalFault::NotWritable("there is no such close to compare".to_owned()));
                    }
                }
            }
        }
        Ok(())
    }

    fn prepare_attempt(
        &self,
        id: AttemptId,
        entry: &attempt::Entry,
        event: &Event,
        changed: &mut BTreeMap<AttemptId, PlacedAttempt>,
    ) -> Result<(), JournalFault> {
        let at = Timestamp::from_millis(event.at_ms);
        let one = match changed.entry(id) {
            Slot::Occupied(slot) => slot.into_mut(),
            Slot::Vacant(slot) => match (self.attempt(id), entry) {
                (Some(known), _) => slot.insert(known.without_row()),
                (None, attempt::Entry::Opened(intent)) => {
                    slot.insert(Placed::at(Attempt::open((**intent).clone(), at), event.seq));
                    return Ok(());
                }
                (None, _) => return Err(unfoldable(event.seq, FoldError::NotOpened)),
            },
        };
        one.value.apply(entry, at).map_err(|error| unfoldable(one.first_seq, error))?;
        one.moved_to(event.seq);
        Ok(())
    }

    fn prepare_reversal(
        &self,
        id: ReversalId,
        entry: &reversal::Entry,
        event: &Event,
        changed: &mut BTreeMap<ReversalId, PlacedReversal>,
    ) -> Result<(), JournalFault> {
        let at = Timestamp::from_millis(event.at_ms);
        let one = match changed.entry(id) {
            Slot::Occupied(slot) => slot.into_mut(),
            Slot::Vacant(slot) => match (self.reversal(id), entry) {
                (Some(known), _) => slot.insert(known.without_row()),
                (None, reversal::Entry::Opened(intent)) => {
                    slot.insert(Placed::at(Reversal::open((**intent).clone(), at), event.seq));
                    return Ok(());
                }
                (None, _) => return Err(unfoldable(event.seq, FoldError::NotOpened)),
            },
        };
        one.value.apply(entry, at).map_err(|error| unfoldable(one.first_seq, error))?;
        one.moved_to(event.seq);
        Ok(())
    }

    /// The unique index over blocking attempts, and the one over references.
    fn refuse_taken_keys(&self, prepared: &Prepared) -> Result<(), JournalFault> {
        let mut taken = BTreeSet::new();
        for (id, one) in &prepared.attempts {
            let known = self.attempt(*id);
            let intent = &one.value.intent;
            if known.is_none() && self.attempts.values().any(|other| other.value.intent.reference == intent.reference) {
                return Err(JournalFault::NotWritable("UNIQUE constraint failed: attempts.reference".to_owned()));
            }
            let newly = !known.is_some_and(|known| known.value.state.blocks());
            if !one.value.state.blocks() {
                continue;
            }
            let key = self.key_of(one);
            let blocks = |other: &PlacedAttempt| {
                other.value.state.blocks() && !prepared.attempts.contains_key(&other.value.intent.attempt)
            };
            let clash = newly && self.on_key(&key).any(blocks);
            if clash || !taken.insert(key) {
                return Err(JournalFault::KeyTaken);
            }
        }
        Ok(())
    }

    fn key_of(&self, one: &PlacedAttempt) -> GuardKey {
        self.keys.get(&one.first_seq).cloned().unwrap_or_else(|| one.value.intent.guard_key())
    }

    /// The unique index over reversals that are not final.
    fn refuse_open_reversals(&self, prepared: &Prepared) -> Result<(), JournalFault> {
        let mut taken: BTreeSet<PaymentId> = BTreeSet::new();
        for one in prepared.reversals.values().filter(|one| !one.value.state.is_final()) {
            let payment = one.value.intent.payment;
            let open = |other: &PlacedReversal| {
                other.value.intent.payment == payment
                    && !other.value.state.is_final()
                    && !prepared.reversals.contains_key(&other.value.intent.reversal)
            };
            if self.reversals.values().any(open) || !taken.insert(payment) {
                return Err(JournalFault::ReversalOpen);
            }
        }
        Ok(())
    }

    /// Takes a prepared batch.
    pub(super) fn take(&mut self, prepared: Prepared, records: Vec<Record>, names: Vec<NameLine>, events: Vec<Event>) {
        for (id, one) in prepared.attempts {
            if !self.attempt_places.contains_key(&id) {
                self.keys.insert(one.first_seq, one.value.intent.guard_key());
                self.attempt_places.insert(id, one.first_seq);
            }
            self.attempts.insert(one.first_seq, one);
        }
        for (id, one) in prepared.reversals {
            self.reversal_places.insert(id, one.first_seq);
            self.reversals.insert(one.first_seq, one);
        }
        self.operators.extend(prepared.operators.into_iter().map(|row| (row.operator_id.clone(), row)));
        self.rights.extend(prepared.rights.into_iter().map(|row| (row.event_id.clone(), row)));
        self.names.extend(names.into_iter().map(|name| (name.id.clone(), name)));
        for (record, event) in records.into_iter().zip(events) {
            self.records.push((Timestamp::from_millis(event.at_ms), record));
            self.events.push(event);
        }
    }

    pub(super) fn operators(&self) -> Result<Vec<Operator>, JournalFault> {
        self.operators.values().map(OperatorRow::operator).collect()
    }
}

fn unfoldable(seq: i64, error: FoldError) -> JournalFault {
    JournalFault::Unreadable(format!("the events from {seq} on do not fit together: {error}"))
}
