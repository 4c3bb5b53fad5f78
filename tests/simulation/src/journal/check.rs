//! Is what the memory holds what the file says? Made anew from the parsed bytes, by the ways of a rebuild.

use std::collections::BTreeMap;

use vezne_core::record::Record;
use vezne_events::rows::{self, AttemptRow, ReversalRow, Standing};
use vezne_events::{Event, Keys, Line, fold, verify};

use super::lines::{self, Batched, NameLine};
use super::memory::Memory;
use super::sim::kept;

/// Holds the memory against the bytes.
pub(super) fn all(memory: &Memory, bytes: &[u8], keys: &Keys) -> Result<(), String> {
    let words = |fault: vezne_core::ports::JournalFault| fault.to_string();
    let batches = lines::read(bytes).map_err(words)?;
    let (mut events, mut names): (Vec<Event>, Vec<NameLine>) = (Vec::new(), Vec::new());
    for Batched { events: own, names: beside, .. } in batches {
        events.extend(own);
        names.extend(beside);
    }
    same("events", &events, &memory.events)?;
    names.sort_by(|a, b| a.id.cmp(&b.id));
    same("names", &names, &memory.names.values().cloned().collect::<Vec<_>>())?;
    let report = verify::events(&events, keys, |id| kept(memory, id)).map_err(words)?;
    if let Some(fault) = report.first_fault() {
        return Err(fault);
    }
    let parsed = events.iter().map(|event| fold::told(&event.line()));
    let records = parsed.collect::<Result<Vec<_>, _>>().map_err(words)?;
    same("records", &records, &memory.records)?;
    rebuilt_attempts(memory, &events)?;
    rebuilt_reversals(memory, &events)?;
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

/// The lines about each of something, in the order of its opening event.
fn grouped<'a>(events: &'a [Event], about: impl Fn(&'a Event) -> Option<&'a str>) -> Vec<Vec<Line>> {
    let mut groups: BTreeMap<&str, Vec<Line>> = BTreeMap::new();
    for event in events {
        if let Some(id) = about(event) {
            groups.entry(id).or_default().push(event.line());
        }
    }
    let mut groups: Vec<Vec<Line>> = groups.into_values().collect();
    groups.sort_by_key(|lines| lines.first().map(|line| line.seq));
    groups
}

fn rebuilt_attempts(memory: &Memory, events: &[Event]) -> Result<(), String> {
    let about = |event: &'_ Event| event.kind == "attempt";
    let mut made = Vec::new();
    for lines in grouped(events, |event| about(event).then_some(event.attempt_id.as_deref()).flatten()) {
        let folded = fold::fold_attempt(&lines).map_err(|fault| fault.to_string())?;
        let (Some(attempt), Some(standing)) = (folded, Standing::of(&memory.desk, &lines)) else { continue };
        let row = rows::attempt(&attempt, standing);
        made.push((attempt, row));
    }
    let held: Vec<_> = memory.attempts.values().map(|one| (one.value.clone(), one.row(&memory.desk).clone())).collect();
    same("attempts", &made, &held)
}

fn rebuilt_reversals(memory: &Memory, events: &[Event]) -> Result<(), String> {
    let mut made = Vec::new();
    for lines in grouped(events, |event| event.reversal_id.as_deref()) {
        let folded = fold::fold_reversal(&lines).map_err(|fault| fault.to_string())?;
        let (Some(reversal), Some(standing)) = (folded, Standing::of(&memory.desk, &lines)) else { continue };
        let row = rows::reversal(&reversal, standing);
        made.push((reversal, row));
    }
    let held: Vec<_> =
        memory.reversals.values().map(|one| (one.value.clone(), one.row(&memory.desk).clone())).collect();
    same("reversals", &made, &held)
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
