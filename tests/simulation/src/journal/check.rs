//! Is what the memory holds what the file says? Made anew from the parsed bytes, by the ways of a rebuild.

use std::collections::BTreeMap;

use vezne_core::attempt::Attempt;
use vezne_core::record::Record;
use vezne_core::reversal::Reversal;
use vezne_core::time::Timestamp;
use vezne_events::rows::{self, AttemptRow, ReversalRow, Standing};
use vezne_events::{Event, Keys, fold, verify};

use super::closes;
use super::lines::{self, Batched, NameLine};
use super::memory::Memory;
use super::sim::kept;

/// What the disk holds.
pub(super) struct Held {
    /// The file as far as the process knows it.
    pub(super) bytes: Vec<u8>,
    /// How many of its bytes are there for good.
    pub(super) durable: usize,
    /// How many events some process was told are in.
    pub(super) promised: usize,
}

/// Holds the memory against the bytes.
pub(super) fn all(memory: &Memory, held: &Held, keys: &Keys) -> Result<(), String> {
    let words = |fault: vezne_core::ports::JournalFault| fault.to_string();
    let batches = lines::read(&held.bytes).map_err(words)?;
    let (mut events, mut names): (Vec<Event>, Vec<NameLine>) = (Vec::new(), Vec::new());
    let mut for_good = 0;
    for Batched { events: own, names: beside, end } in batches {
        events.extend(own);
        if end <= held.durable {
            for_good = events.len();
        }
        names.extend(beside);
    }
    if for_good < held.promised {
        return Err(format!("{} events were promised, and {for_good} are on the disk for good", held.promised));
    }
    same("events", &events, &memory.events)?;
    names.sort_by(|a, b| a.id.cmp(&b.id));
    same("names", &names, &memory.names.values().cloned().collect::<Vec<_>>())?;
    let report = verify::events(&events, keys, |id| kept(memory, id)).map_err(words)?;
    if let Some(fault) = report.first_fault() {
        return Err(fault);
    }
    let parse = |event: &Event| Ok((Timestamp::from_millis(event.at_ms), fold::parse(&event.body, event.seq)?));
    let records = events.iter().map(parse).collect::<Result<Vec<_>, _>>().map_err(words)?;
    same("records", &records, &memory.records)?;
    same("close faults", &[], &closes::faults(&events).map_err(words)?)?;
    rebuilt_attempts(memory, &records)?;
    rebuilt_reversals(memory, &records)?;
    rebuilt_payments(memory)?;
    let (mut operators, mut rights) = (Vec::new(), Vec::new());
    for ((_, record), event) in records.iter().zip(&events) {
        if let Record::OperatorAdded(operator) = record {
            operators.push(rows::operator(operator, event));
        }
        rights.extend(rows::right(record, event));
    }
    operators.sort_by(|a, b| a.operator_id.cmp(&b.operator_id));
    if operators != memory.operators.values().cloned().collect::<Vec<_>>() {
        return Err("the operators differ from a rebuild".to_owned());
    }
    rights.sort_by(|a, b| a.event_id.cmp(&b.event_id));
    same("rights", &rights, &memory.rights.values().cloned().collect::<Vec<_>>())
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, made: &[T], held: &[T]) -> Result<(), String> {
    if made == held {
        return Ok(());
    }
    let at = made.iter().zip(held).position(|(made, held)| made != held).unwrap_or(made.len().min(held.len()));
    let (made, held) = (made.get(at), held.get(at));
    Err(format!("{what} differ from a rebuild at {at}: made {made:?}, held {held:?}"))
}

/// Entries about each of something, and the numbers of the first and the newest of its events.
struct Entries<E> {
    entries: Vec<(Timestamp, E)>,
    first_seq: i64,
    last_seq: i64,
}

/// Gathers them, in the order of the opening events.
fn grouped<K: Ord, E>(found: impl Iterator<Item = (usize, K, (Timestamp, E))>) -> Vec<Entries<E>> {
    let mut groups: BTreeMap<K, Entries<E>> = BTreeMap::new();
    for (place, key, entry) in found {
        let seq = i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1);
        let group = groups.entry(key).or_insert_with(|| Entries { entries: Vec::new(), first_seq: seq, last_seq: seq });
        group.entries.push(entry);
        group.last_seq = seq;
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| group.first_seq);
    groups
}

fn rebuilt_attempts(memory: &Memory, records: &[(Timestamp, Record)]) -> Result<(), String> {
    let entries = records.iter().enumerate().filter_map(|(place, (at, record))| {
        record.attempt_line().map(|(attempt, entry)| (place, attempt, (*at, entry.clone())))
    });
    let mut held = memory.attempts.values();
    for Entries { entries, first_seq, last_seq } in grouped(entries) {
        let attempt = Attempt::fold(entries).map_err(|error| error.to_string())?;
        let row = rows::attempt(&attempt, Standing { desk: &memory.desk, first_seq, last_seq });
        let one = held.next().ok_or_else(|| format!("{} is not held", attempt.intent.attempt))?;
        same("attempts", &[(&attempt, &row)], &[(&*one.value, one.row(&memory.desk))])?;
    }
    held.next().map_or(Ok(()), |one| Err(format!("{} has no events", one.value.intent.attempt)))
}

fn rebuilt_reversals(memory: &Memory, records: &[(Timestamp, Record)]) -> Result<(), String> {
    let entries = records.iter().enumerate().filter_map(|(place, (at, record))| {
        record.reversal_line().map(|(reversal, entry)| (place, reversal, (*at, entry.clone())))
    });
    let mut held = memory.reversals.values();
    for Entries { entries, first_seq, last_seq } in grouped(entries) {
        let reversal = Reversal::fold(entries).map_err(|error| error.to_string())?;
        let row = rows::reversal(&reversal, Standing { desk: &memory.desk, first_seq, last_seq });
        let one = held.next().ok_or_else(|| format!("{} is not held", reversal.intent.reversal))?;
        same("reversals", &[(&reversal, &row)], &[(&*one.value, one.row(&memory.desk))])?;
    }
    held.next().map_or(Ok(()), |one| Err(format!("{} has no events", one.value.intent.reversal)))
}

/// Each payment's row names its newest event, and counts no more approved attempts than it has.
fn rebuilt_payments(memory: &Memory) -> Result<(), String> {
    let mut by_payment: BTreeMap<&str, (Vec<&AttemptRow>, Vec<&ReversalRow>)> = BTreeMap::new();
    for row in memory.attempts.values().map(|one| one.row(&memory.desk)) {
        by_payment.entry(&row.payment_id).or_default().0.push(row);
    }
    for row in memory.reversals.values().map(|one| one.row(&memory.desk)) {
        by_payment.entry(&row.payment_id).or_default().1.push(row);
    }
    for (id, (attempts, reversals)) in by_payment {
        let newest = memory.events.iter().rev().find(|event| event.payment_id.as_deref() == Some(id));
        let row = rows::payment(&attempts, &reversals).ok_or_else(|| format!("{id} has reversals and no attempt"))?;
        if Some(row.last_seq) != newest.map(|event| event.seq) || row.approved > row.attempts {
            return Err(format!("the payment {id} is not what its events say: {row:?}"));
        }
    }
    Ok(())
}
