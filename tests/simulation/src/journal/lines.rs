//! The file's form: one JSON object a line, an event with its columns; behind each batch a line that commits it, with the
//! names beside it.

use serde::{Deserialize, Serialize};
use vezne_core::ports::JournalFault;
use vezne_events::{Event, Salted, chain};

/// An event as a line, column by column.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventLine<'a> {
    event_id: &'a str,
    desk_id: &'a str,
    epoch: i64,
    seq: i64,
    at_ms: i64,
    kind: &'a str,
    payment_id: Option<&'a str>,
    attempt_id: Option<&'a str>,
    reversal_id: Option<&'a str>,
    /// JSON within JSON: its quotes are escaped, so it is never borrowed when read.
    body: std::borrow::Cow<'a, str>,
    names: std::borrow::Cow<'a, str>,
    key_id: &'a str,
    previous_hash: std::borrow::Cow<'a, str>,
    hash: std::borrow::Cow<'a, str>,
}

/// A name as it stands in the side table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NameLine {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) salt: [u8; 16],
}

/// The end of a batch.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitLine {
    commit: i64,
    names: Vec<NameLine>,
}

/// A batch as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batched {
    pub(super) events: Vec<Event>,
    pub(super) names: Vec<NameLine>,
    /// Where it ends in the bytes that were read.
    pub(super) end: usize,
}

pub(super) fn names_of(names: &[Salted]) -> Vec<NameLine> {
    let line =
        |name: &Salted| NameLine { id: name.id.to_string(), text: name.name.expose().to_owned(), salt: name.salt };
    names.iter().map(line).collect()
}

/// The bytes of a batch.
pub(super) fn written(events: &[Event], names: Vec<NameLine>) -> Result<Vec<u8>, JournalFault> {
    let fault = |error: serde_json::Error| JournalFault::NotWritable(error.to_string());
    let mut bytes = Vec::with_capacity(1024 * events.len());
    for event in events {
        let line = EventLine {
            event_id: &event.event_id,
            desk_id: &event.desk_id,
            epoch: event.epoch,
            seq: event.seq,
            at_ms: event.at_ms,
            kind: &event.kind,
            payment_id: event.payment_id.as_deref(),
            attempt_id: event.attempt_id.as_deref(),
            reversal_id: event.reversal_id.as_deref(),
            body: event.body.as_str().into(),
            names: event.names.as_str().into(),
            key_id: &event.key_id,
            previous_hash: chain::hex(&event.previous_hash).into(),
            hash: chain::hex(&event.hash).into(),
        };
        serde_json::to_writer(&mut bytes, &line).map_err(fault)?;
        bytes.push(b'\n');
    }
    let commit = events.last().map_or(0, |event| event.seq);
    serde_json::to_writer(&mut bytes, &CommitLine { commit, names }).map_err(fault)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The whole batches that stand in these bytes; a torn tail is none.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Batched>, JournalFault> {
    let fault = |error: serde_json::Error| JournalFault::Unreadable(error.to_string());
    // A torn tail may end within a character.
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(torn) => std::str::from_utf8(bytes.get(..torn.valid_up_to()).unwrap_or_default()).unwrap_or_default(),
    };
    let (mut batches, mut events, mut end) = (Vec::new(), Vec::new(), 0_usize);
    for line in text.split_inclusive('\n') {
        let Some(whole) = line.strip_suffix('\n') else { break };
        end = end.saturating_add(line.len());
        if whole.starts_with("{\"commit\"") {
            let CommitLine { commit, names } = serde_json::from_str(whole).map_err(fault)?;
            let events = std::mem::take(&mut events);
            if events.last().map(|event: &Event| event.seq) != Some(commit) {
                return Err(JournalFault::Unreadable(format!("the batch before {commit} is not whole")));
            }
            batches.push(Batched { events, names, end });
        } else {
            events.push(event(serde_json::from_str(whole).map_err(fault)?)?);
        }
    }
    Ok(batches)
}

fn event(line: EventLine<'_>) -> Result<Event, JournalFault> {
    Ok(Event {
        event_id: line.event_id.to_owned(),
        desk_id: line.desk_id.to_owned(),
        epoch: line.epoch,
        seq: line.seq,
        at_ms: line.at_ms,
        kind: line.kind.to_owned(),
        payment_id: line.payment_id.map(str::to_owned),
        attempt_id: line.attempt_id.map(str::to_owned),
        reversal_id: line.reversal_id.map(str::to_owned),
        body: line.body.into_owned(),
        names: line.names.into_owned(),
        key_id: line.key_id.to_owned(),
        previous_hash: bytes_of(&line.previous_hash)?,
        hash: bytes_of(&line.hash)?,
    })
}

fn bytes_of(hex: &str) -> Result<Vec<u8>, JournalFault> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(byte).collect();
    bytes.ok_or_else(|| JournalFault::Unreadable("a hash is none".to_owned()))
}
