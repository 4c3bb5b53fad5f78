//! Day closes, counted from the events: for the close that is about to be made, and again for every close that was.
//!
//! A span of a close is cut out of the chain by numbers, so an attempt stands in it as the fold of its lines up to the span's
//! end, held against the fold up to its beginning. The same walk gives the same figures at any later time.

use vezne_core::attempt::{self, Attempt};
use vezne_core::close::{Anchor, DayClose, Figures, Recorded, Tally};
use vezne_core::ids::AttemptId;
use vezne_core::ports::JournalFault;
use vezne_core::record::Record;
use vezne_core::reversal::{self, Reversal};
use vezne_core::time::Timestamp;

use crate::chain;
use crate::event::Line;
use crate::fold::told;
use crate::report::Lost;

/// The events of one close: after `after`, up to `tip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The number of the event before its first.
    pub after: i64,
    /// The number of its last event.
    pub tip: i64,
}

/// An attempt at the beginning and at the end of a span: none at the beginning for one opened in it, none at the end for one
/// opened after it.
///
/// # Errors
/// [`JournalFault::Unreadable`] for lines that can't be read or do not fit together.
pub fn attempt_in(lines: &[Line], span: Span) -> Result<(Option<Attempt>, Option<Attempt>), JournalFault> {
    let up_to = |last: i64| lines.iter().take_while(move |line| line.seq <= last);
    let before = fold_attempt(up_to(span.after))?;
    let now = fold_attempt(up_to(span.tip))?;
    Ok((before, now))
}

/// The same for a reversal.
///
/// # Errors
/// [`JournalFault::Unreadable`] for lines that can't be read or do not fit together.
pub fn reversal_in(lines: &[Line], span: Span) -> Result<(Option<Reversal>, Option<Reversal>), JournalFault> {
    let up_to = |last: i64| lines.iter().take_while(move |line| line.seq <= last);
    let before = fold_reversal(up_to(span.after))?;
    let now = fold_reversal(up_to(span.tip))?;
    Ok((before, now))
}

/// Whether the close of a span counts this attempt: whether the outcome it records is another one than at the last close. That
/// somebody asked about it since, or the gateway confirmed it, is no part of any close.
///
/// # Errors
/// [`JournalFault::Unreadable`] for lines that can't be read or do not fit together.
pub fn counts_attempt(lines: &[Line], span: Span) -> Result<bool, JournalFault> {
    let recorded = |attempt: Option<Attempt>| attempt.and_then(|attempt| Recorded::of(attempt.state.outcome()));
    let (before, now) = attempt_in(lines, span)?;
    Ok(recorded(before) != recorded(now))
}

/// The attempt whose money a reversal gives back, where the close of a span counts that reversal.
///
/// # Errors
/// [`JournalFault::Unreadable`] for lines that can't be read or do not fit together.
pub fn counts_reversal(lines: &[Line], span: Span) -> Result<Option<AttemptId>, JournalFault> {
    let (before, Some(now)) = reversal_in(lines, span)? else { return Ok(None) };
    let was = before.and_then(|before| Recorded::of_reversal(&before.state));
    Ok((was != Recorded::of_reversal(&now.state)).then_some(now.intent.attempt))
}

fn fold_attempt<'a>(lines: impl Iterator<Item = &'a Line>) -> Result<Option<Attempt>, JournalFault> {
    let mut entries: Vec<(Timestamp, attempt::Entry)> = Vec::new();
    for line in lines {
        if let (at, Record::Attempt { entry, .. }) = told(line)? {
            entries.push((at, entry));
        }
    }
    if entries.is_empty() {
        return Ok(None);
    }
    Attempt::fold(entries).map(Some).map_err(|error| JournalFault::Unreadable(error.to_string()))
}

fn fold_reversal<'a>(lines: impl Iterator<Item = &'a Line>) -> Result<Option<Reversal>, JournalFault> {
    let mut entries: Vec<(Timestamp, reversal::Entry)> = Vec::new();
    for line in lines {
        if let (at, Record::Reversal { entry, .. }) = told(line)? {
            entries.push((at, entry));
        }
    }
    if entries.is_empty() {
        return Ok(None);
    }
    Reversal::fold(entries).map(Some).map_err(|error| JournalFault::Unreadable(error.to_string()))
}

/// A close with the number and the hash of its own event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The close.
    pub close: DayClose,
    /// The number of its event.
    pub seq: i64,
    /// Its event's hash.
    pub hash: Vec<u8>,
}

impl Made {
    /// What it covers.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span { after: self.close.covers.after, tip: self.close.covers.tip }
    }

    /// What a person keeps of it on paper.
    #[must_use]
    pub fn anchor(&self) -> Anchor {
        Anchor::of(self.close.number, &self.hash)
    }
}

/// Every close of a journal, counted again from its events.
#[derive(Debug)]
pub struct Recount {
    closes: Vec<(Made, Tally)>,
}

impl Recount {
    /// Begins, with the closes in the order of their events.
    #[must_use]
    pub fn new(closes: Vec<Made>) -> Self {
        Self {
            closes: closes
                .into_iter()
                .map(|made| (Tally::new(made.close.label.time_zone()), made))
                .map(|(tally, made)| (made, tally))
                .collect(),
        }
    }

    /// Takes all lines of an attempt.
    ///
    /// # Errors
    /// [`JournalFault::Unreadable`] for lines that can't be read or do not fit together.
    pub fn attempt(&mut self, lines: &[Line]) -> Result<(), JournalFault> {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(()) };
        let from = self.closes.partition_point(|(made, _)| made.close.covers.tip < first.seq);
        for (made, tally) in self.closes.iter_mut().skip(from) {
            let (before, Some(now)) = attempt_in(lines, made.span())? else { continue };
            tally.attempt(before.as_ref(), &now);
            let settled = now.state.is_final() && now.contradiction.is_none() && now.alarms.is_empty();
            if settled && last.seq <= made.close.covers.tip {
                break;
            }
        }
        Ok(())
    }

    /// Takes all lines of a reversal, and those of the attempt whose money it is.
    ///
    /// # Errors
    /// [`JournalFault::Unreadable`] for lines that can't be read or do not fit together.
    pub fn reversal(&mut self, lines: &[Line], of: &[Line]) -> Result<(), JournalFault> {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(()) };
        let from = self.closes.partition_point(|(made, _)| made.close.covers.tip < first.seq);
        let of = fold_attempt(of.iter())?;
        for (made, tally) in self.closes.iter_mut().skip(from) {
            let (before, Some(now)) = reversal_in(lines, made.span())? else { continue };
            tally.reversal(before.as_ref(), &now, of.as_ref());
            if now.state.is_final() && now.alarms.is_empty() && last.seq <= made.close.covers.tip {
                break;
            }
        }
        Ok(())
    }

    /// What is wrong with each close whose figures are not those of its events. Where a time zone's rules changed since, the
    /// hours of the picture may be others: they are not held against it.
    #[must_use]
    pub fn differences(self) -> Vec<String> {
        let same = |written: &Figures, counted: Figures| {
            let without_hours = Figures { hours: written.hours.clone(), ..counted };
            *written == without_hours
        };
        let wrong = |(made, tally): (Made, Tally)| {
            let words = format!("close {}: its figures are not those of its events", made.close.number);
            (!same(&made.close.figures, tally.end())).then_some(words)
        };
        self.closes.into_iter().filter_map(wrong).collect()
    }
}

/// What does not fit in the row of a journal's closes: numbers, spans, and the hash of the event before each (`hash_of`). What
/// a repair has declared lost between two of them may be a close too.
pub fn misfits(closes: &[Made], lost: &[Lost], hashes: &[Option<Vec<u8>>]) -> Vec<String> {
    let mut found = Vec::new();
    let mut before: Option<(u32, i64)> = None;
    for (made, hash) in closes.iter().zip(hashes) {
        let begin = before.map_or(0, |(_, seq)| seq);
        let is_lost = lost.iter().any(|gap| gap.last > begin && gap.first < made.seq);
        let number = made.close.number;
        if let Some(misfit) = made.close.misfit(made.seq, before)
            && !is_lost
        {
            found.push(format!("close {number}: {misfit}"));
        }
        let tip = made.close.covers.tip;
        let tip_is_lost = lost.iter().any(|gap| gap.first <= tip && tip <= gap.last);
        let same = hash
            .as_ref()
            .is_some_and(|hash| chain::same(chain::hex(hash).as_bytes(), made.close.covers.tip_hash.as_bytes()));
        if !same && !tip_is_lost {
            found.push(format!("close {number}: event {tip} is another one than it was anchored to"));
        }
        before = Some((number, made.seq));
    }
    found
}
