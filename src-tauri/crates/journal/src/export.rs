//! The events themselves for other programs, with their chain.

use std::io::Write;

use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use vezne_core::ports::JournalFault;
use vezne_core::time::Timestamp;
use vezne_events::Event;
use vezne_events::chain::hex;

use crate::fault::{ExportFault, IntoFault};
use crate::tables::events;

/// Which events: one JSON object a line, with their hashes, by when they were written. Without PIN hashes. The
/// last line counts them: `{"events":13}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// From this moment on.
    pub from: Timestamp,
    /// Until before this moment.
    pub until: Timestamp,
}

/// Writes what was asked for, as of one moment.
pub(crate) async fn write(
    connection: &mut SqliteConnection,
    request: &Request,
    output: &mut (dyn Write + Send),
) -> Result<(), ExportFault> {
    let mut transaction = connection.begin().await.fault()?;
    every_event(&mut transaction, request, output).await?;
    transaction.rollback().await.fault()?;
    output.flush()?;
    Ok(())
}

async fn every_event(
    db: &mut SqliteConnection,
    request: &Request,
    output: &mut (dyn Write + Send),
) -> Result<(), ExportFault> {
    let span = (request.from.as_millis(), request.until.as_millis());
    let mut after = (String::new(), 0);
    let mut count = 0_u64;
    loop {
        let page = events::page_between(db, &after.0, after.1, span).await.fault()?;
        let Some(last) = page.last() else {
            // Whoever reads it knows by this line that nothing is missing at its end.
            writeln!(output, "{}", json!({ "events": count }))?;
            return Ok(());
        };
        after = (last.desk_id.clone(), last.seq);
        for event in &page {
            writeln!(output, "{}", event_line(event)?)?;
            count = count.saturating_add(1);
        }
    }
}

fn event_line(event: &Event) -> Result<Value, JournalFault> {
    let unreadable = |error: serde_json::Error| JournalFault::Unreadable(format!("event {}: {error}", event.seq));
    let mut body: Value = serde_json::from_str(&event.body).map_err(unreadable)?;
    let names: Value = serde_json::from_str(&event.names).map_err(unreadable)?;
    // The hash covers the whole body, so a reader of the export can't check this one event; the PIN weighs more.
    if let Some(operator) = body.get_mut("operator_added").and_then(Value::as_object_mut) {
        operator.remove("pin_hash");
    }
    Ok(json!({
        "event": event.event_id,
        "desk": event.desk_id,
        "epoch": event.epoch,
        "seq": event.seq,
        "at": Timestamp::from_millis(event.at_ms),
        "kind": event.kind,
        "payment": event.payment_id,
        "attempt": event.attempt_id,
        "reversal": event.reversal_id,
        "body": body,
        "names": names,
        "key": event.key_id,
        "previous": hex(&event.previous_hash),
        "hash": hex(&event.hash),
    }))
}
