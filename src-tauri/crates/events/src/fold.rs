//! From stored lines back to what they tell.

use vezne_core::attempt::{self, Attempt};
use vezne_core::ports::JournalFault;
use vezne_core::record::Record;
use vezne_core::reversal::{self, Reversal};
use vezne_core::time::Timestamp;

use crate::event::Line;

/// Reads the stored record of event `seq`.
///
/// # Errors
/// [`JournalFault::Unreadable`] for what is no record of this program.
pub fn parse(body: &str, seq: i64) -> Result<Record, JournalFault> {
    serde_json::from_str(body)
        .map_err(|error| JournalFault::Unreadable(format!("event {seq} is no record of this program: {error}")))
}

/// When a line was written, and its record.
///
/// # Errors
/// [`JournalFault::Unreadable`] for what is no record of this program.
pub fn told(line: &Line) -> Result<(Timestamp, Record), JournalFault> {
    Ok((Timestamp::from_millis(line.at_ms), parse(&line.body, line.seq)?))
}

/// The attempt that these lines tell of; `None` when there are none.
///
/// # Errors
/// [`JournalFault::Unreadable`] for lines that can't be read or do not fit together.
pub fn fold_attempt(lines: &[Line]) -> Result<Option<Attempt>, JournalFault> {
    let entries = lines.iter().map(attempt_entry).collect::<Result<Vec<_>, _>>()?;
    if entries.is_empty() {
        return Ok(None);
    }
    Attempt::fold(entries).map(Some).map_err(|error| unfoldable(lines, error))
}

fn attempt_entry(line: &Line) -> Result<(Timestamp, attempt::Entry), JournalFault> {
    let (at, record) = told(line)?;
    let Record::Attempt { entry, .. } = record else { return Err(misfiled(line)) };
    Ok((at, entry))
}

/// The reversal that these lines tell of; `None` when there are none.
///
/// # Errors
/// [`JournalFault::Unreadable`] for lines that can't be read or do not fit together.
pub fn fold_reversal(lines: &[Line]) -> Result<Option<Reversal>, JournalFault> {
    let entries = lines.iter().map(reversal_entry).collect::<Result<Vec<_>, _>>()?;
    if entries.is_empty() {
        return Ok(None);
    }
    Reversal::fold(entries).map(Some).map_err(|error| unfoldable(lines, error))
}

fn reversal_entry(line: &Line) -> Result<(Timestamp, reversal::Entry), JournalFault> {
    let (at, record) = told(line)?;
    let Record::Reversal { entry, .. } = record else { return Err(misfiled(line)) };
    Ok((at, entry))
}

/// Whether these lines begin with what opens an attempt or a reversal. In a journal that lost events they may not: then they
/// are a fragment, which nothing can be folded from.
///
/// # Errors
/// [`JournalFault::Unreadable`] for what is no record of this program.
pub fn is_opened(lines: &[Line]) -> Result<bool, JournalFault> {
    let Some(first) = lines.first() else { return Ok(false) };
    let (_, record) = told(first)?;
    let attempts = matches!(record.attempt_line(), Some((_, attempt::Entry::Opened(_))));
    Ok(attempts || matches!(record.reversal_line(), Some((_, reversal::Entry::Opened(_)))))
}

fn misfiled(line: &Line) -> JournalFault {
    JournalFault::Unreadable(format!("event {} is filed under what it does not speak of", line.seq))
}

fn unfoldable(lines: &[Line], error: attempt::FoldError) -> JournalFault {
    let seq = lines.first().map_or(0, |line| line.seq);
    JournalFault::Unreadable(format!("the events from {seq} on do not fit together: {error}"))
}
