//! Day closes, counted from the records in memory by the ways of `vezne-events`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use vezne_core::close::{About, Anchor, Basis, Closed, Covers, DayClose, Tally};
use vezne_core::ids::AttemptId;
use vezne_core::ports::JournalFault;
use vezne_core::record::Record;
use vezne_events::closing::{self, Made, Recount, Span};
use vezne_events::{Event, Line, chain, fold};

use super::memory::Memory;
use super::port::missing_span;

/// The closes among these events, oldest first.
pub(super) fn made(events: &[Event]) -> Result<Vec<Made>, JournalFault> {
    let mut found = Vec::new();
    for event in events.iter().filter(|event| event.kind == vezne_events::chained::DAY_CLOSED) {
        if let Record::DayClosed(close) = fold::parse(&event.body, event.seq)? {
            found.push(Made { close: *close, seq: event.seq, hash: event.hash.clone() });
        }
    }
    Ok(found)
}

fn lines_by(events: &[Event], about: impl Fn(&Event) -> Option<String>) -> BTreeMap<String, Vec<Line>> {
    let mut groups: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for event in events {
        if let Some(about) = about(event) {
            groups.entry(about).or_default().push(event.line());
        }
    }
    groups
}

fn lines_by_attempt(events: &[Event]) -> BTreeMap<String, Vec<Line>> {
    lines_by(events, |event| event.attempt_id.clone().filter(|_| event.kind == "attempt"))
}

fn lines_by_reversal(events: &[Event]) -> BTreeMap<String, Vec<Line>> {
    lines_by(events, |event| event.reversal_id.clone())
}

/// What a close made now would say: everything is counted, however long ago it was settled.
pub(super) fn basis(memory: &Memory, zone: TimeZone) -> Result<Basis, JournalFault> {
    let tip = memory.tip().ok_or_else(|| JournalFault::Unreadable("the journal has no events".to_owned()))?;
    let last = made(&memory.events)?.pop();
    let span = Span { after: last.as_ref().map_or(0, |last| last.seq), tip: tip.seq };
    let mut tally = Tally::new(zone);
    let attempts = lines_by_attempt(&memory.events);
    for lines in attempts.values() {
        if let (before, Some(now)) = closing::attempt_in(lines, span)? {
            tally.attempt(before.as_ref(), &now);
        }
    }
    for lines in lines_by_reversal(&memory.events).values() {
        if let (before, Some(now)) = closing::reversal_in(lines, span)? {
            let of =
                attempts.get(&now.intent.attempt.to_string()).map(|lines| fold::fold_attempt(lines)).transpose()?;
            tally.reversal(before.as_ref(), &now, of.flatten().as_ref());
        }
    }
    Ok(Basis {
        number: last.as_ref().map_or(1, |last| last.close.number.saturating_add(1)),
        covers: Covers {
            after: span.after,
            since: last.map(|last| last.close.at),
            tip: span.tip,
            tip_hash: chain::hex(&tip.hash),
        },
        missing: missing_span(memory),
        figures: tally.end(),
    })
}

/// The close with this number, or the last one.
pub(super) fn close(memory: &Memory, number: Option<u32>) -> Result<Option<Closed>, JournalFault> {
    let mut all = made(&memory.events)?;
    all.retain(|made| number.is_none_or(|number| made.close.number == number));
    let Some(made) = all.pop() else { return Ok(None) };
    let comparisons = memory.records.iter().filter_map(|(_, record)| {
        let Record::CloseCompared(comparison) = record else { return None };
        (comparison.close_seq == made.seq).then(|| (**comparison).clone())
    });
    let anchor: Anchor = made.anchor();
    Ok(Some(Closed { comparisons: comparisons.collect(), close: made.close, seq: made.seq, anchor }))
}

/// The attempts that a close counts or lists.
pub(super) fn attempts_of(memory: &Memory, closed: &Closed) -> Result<Vec<AttemptId>, JournalFault> {
    let span = Span { after: closed.close.covers.after, tip: closed.close.covers.tip };
    let mut found = BTreeSet::new();
    for (id, lines) in &lines_by_attempt(&memory.events) {
        if closing::counts_attempt(lines, span)? {
            found.insert(id.parse().map_err(|error| JournalFault::Unreadable(format!("{error}")))?);
        }
    }
    for lines in lines_by_reversal(&memory.events).values() {
        found.extend(closing::counts_reversal(lines, span)?);
    }
    found.extend(closed.close.figures.open.iter().map(|(_, line)| match line.about {
        About::Attempt(attempt) | About::Reversal { attempt, .. } => attempt,
    }));
    Ok(found.into_iter().collect())
}

/// Whether a close that is about to be written fits the journal as it stands.
pub(super) fn refuse_misfit(memory: &Memory, close: &DayClose, place: usize) -> Result<(), JournalFault> {
    let before = made(&memory.events)?.pop().map(|last| (last.close.number, last.seq));
    let covers = &close.covers;
    let at_the_tip =
        place == 0 && memory.tip().is_some_and(|tip| tip.seq == covers.tip && chain::hex(&tip.hash) == covers.tip_hash);
    if at_the_tip && close.misfit(covers.tip.saturating_add(1), before).is_none() {
        Ok(())
    } else {
        Err(JournalFault::CloseOutrun)
    }
}

/// What is wrong with the closes of these events.
pub(super) fn faults(events: &[Event]) -> Result<Vec<String>, JournalFault> {
    let all = made(events)?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let hash_of = |seq: i64| events.iter().find(|event| event.seq == seq).map(|event| event.hash.clone());
    let hashes: Vec<_> = all.iter().map(|made| hash_of(made.close.covers.tip)).collect();
    let mut found = closing::misfits(&all, &[], &hashes);
    let mut recount = Recount::new(all);
    let attempts = lines_by_attempt(events);
    for lines in attempts.values() {
        recount.attempt(lines)?;
    }
    for lines in lines_by_reversal(events).values() {
        if let Some(reversal) = fold::fold_reversal(lines)? {
            let of = attempts.get(&reversal.intent.attempt.to_string()).cloned().unwrap_or_default();
            recount.reversal(lines, &of)?;
        }
    }
    found.extend(recount.differences());
    Ok(found)
}
