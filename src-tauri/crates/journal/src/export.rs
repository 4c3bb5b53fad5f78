//! The journal for other programs: a table of attempts and reversals, or the events themselves.

use std::collections::BTreeMap;
use std::io::Write;

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use sqlx::{Connection, SqliteConnection};
use vezne_core::ports::JournalFault;
use vezne_core::time::Timestamp;
use vezne_events::Event;
use vezne_events::chain::hex;
use vezne_events::rows::{AttemptRow, ReversalRow};

use crate::fault::{ExportFault, IntoFault};
use crate::list::money;
use crate::tables::{attempts, events, names, operators, reversals};

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// One row for each attempt and one for each reversal, by when they were opened.
    Payments(Format),
    /// The events with their hashes, one JSON object a line, by when they were written. Without PIN hashes.
    Events,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values in UTF-8; the columns with times name the time zone. What a spreadsheet would take for a
    /// formula has an apostrophe before it.
    Csv,
    /// One JSON object a line; the first one states the time zone and the range.
    Json,
}

/// What, of which time, in which time zone.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is exported.
    pub what: What,
    /// From this moment on.
    pub from: Timestamp,
    /// Until before this moment.
    pub until: Timestamp,
    /// The time zone in which times are written.
    pub zone: TimeZone,
}

impl Request {
    /// The zone's name, or its offset where it has none.
    fn zone_name(&self) -> String {
        match (self.zone.iana_name(), self.zone.to_fixed_offset()) {
            (Some(name), _) => name.to_owned(),
            (None, Ok(offset)) => offset.to_string(),
            (None, Err(_)) => "local time".to_owned(),
        }
    }

    fn local(&self, millis: i64) -> String {
        let moment = Timestamp::from_millis(millis).to_jiff().to_zoned(self.zone.clone());
        moment.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }
}

/// A cell's column, and what stands in it.
type Cells = Vec<(&'static str, Value)>;

/// The columns with times.
const TIMES: [&str; 2] = ["opened", "since"];

/// All columns, in their order.
const COLUMNS: [&str; 29] = [
    "kind",
    "id",
    "payment",
    "attempt",
    "reference",
    "opened",
    "since",
    "account",
    "gateway",
    "order_or_reference",
    "part",
    "state",
    "outcome",
    "refused_by",
    "evidence",
    "unconfirmed",
    "reason",
    "base",
    "amount",
    "currency",
    "installments",
    "means",
    "brand",
    "first_six",
    "last_four",
    "holder",
    "operator",
    "contradicted",
    "alarmed",
];

/// Writes what was asked for, as of one moment.
pub(crate) async fn write(
    connection: &mut SqliteConnection,
    request: &Request,
    output: &mut (dyn Write + Send),
) -> Result<(), ExportFault> {
    let mut transaction = connection.begin().await.fault()?;
    let db = &mut *transaction;
    match request.what {
        What::Payments(format) => payments(db, request, &mut Table { format, output }).await?,
        What::Events => every_event(db, request, output).await?,
    }
    transaction.rollback().await.fault()?;
    output.flush()?;
    Ok(())
}

/// Where rows go.
struct Table<'a> {
    format: Format,
    output: &'a mut (dyn Write + Send),
}

impl Table<'_> {
    fn begin(&mut self, request: &Request) -> Result<(), ExportFault> {
        let zone = request.zone_name();
        match self.format {
            Format::Csv => {
                let named = |column: &&str| match TIMES.contains(column) {
                    true => format!("{column} [{zone}]"),
                    false => (*column).to_owned(),
                };
                self.record(COLUMNS.iter().map(named))
            }
            Format::Json => {
                let range = json!({"export": "vezne payments", "version": 1, "time_zone": zone,
                                   "from": request.local(request.from.as_millis()),
                                   "until": request.local(request.until.as_millis())});
                self.line(&range)
            }
        }
    }

    fn row(&mut self, cells: Cells) -> Result<(), ExportFault> {
        let mut cells: BTreeMap<&str, Value> = cells.into_iter().collect();
        match self.format {
            Format::Csv => {
                let row: Vec<String> =
                    COLUMNS.iter().map(|column| text_of(cells.remove(column).unwrap_or_default())).collect();
                self.record(row.into_iter().map(|cell| neutral(&cell)))
            }
            Format::Json => {
                let row: Map<String, Value> = COLUMNS
                    .iter()
                    .map(|column| ((*column).to_owned(), cells.remove(column).unwrap_or_default()))
                    .collect();
                self.line(&Value::Object(row))
            }
        }
    }

    fn record(&mut self, cells: impl Iterator<Item = String>) -> Result<(), ExportFault> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(cells).map_err(std::io::Error::from)?;
        let bytes = writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(self.output.write_all(&bytes)?)
    }

    fn line(&mut self, value: &Value) -> Result<(), ExportFault> {
        Ok(writeln!(self.output, "{value}")?)
    }
}

fn text_of(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    }
}

/// A spreadsheet runs a cell that begins like a formula: with an apostrophe before it, it is text.
fn neutral(cell: &str) -> String {
    const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let starts = cell.trim_start().starts_with(FORMULA) || cell.starts_with(['\t', '\r', '\n']);
    if starts { format!("'{cell}") } else { cell.to_owned() }
}

async fn payments(db: &mut SqliteConnection, request: &Request, table: &mut Table<'_>) -> Result<(), ExportFault> {
    let known = operators::all(db).await.fault()?;
    let operators: BTreeMap<String, String> = known.into_iter().map(|row| (row.operator_id, row.name)).collect();
    table.begin(request)?;
    let from = (request.from.as_millis().saturating_sub(1), i64::MAX);
    let until = request.until.as_millis();
    let mut after = from;
    loop {
        let page = attempts::page_between(db, after, until).await.fault()?;
        let Some(last) = page.last() else { break };
        after = (last.opened_ms, last.place);
        for row in page {
            let holder = holder(db, row.holder.as_deref()).await?;
            table.row(attempt_cells(row, holder, &operators, request)?)?;
        }
    }
    let mut after = from;
    loop {
        let page = reversals::page_between(db, after, until).await.fault()?;
        let Some(last) = page.last() else { break };
        after = (last.opened_ms, last.place);
        for row in page {
            table.row(reversal_cells(row, &operators, request)?)?;
        }
    }
    Ok(())
}

async fn holder(db: &mut SqliteConnection, name: Option<&str>) -> Result<Option<String>, JournalFault> {
    match name {
        None => Ok(None),
        Some(name) => Ok(names::get(db, name).await.fault()?.and_then(|row| row.text)),
    }
}

fn named(operators: &BTreeMap<String, String>, id: Option<String>) -> Value {
    id.map(|id| operators.get(&id).cloned().unwrap_or(id)).into()
}

fn attempt_cells(
    row: AttemptRow,
    holder: Option<String>,
    operators: &BTreeMap<String, String>,
    request: &Request,
) -> Result<Cells, JournalFault> {
    let base = money(row.base_minor, row.base_currency.as_deref())?;
    let total = money(row.total_minor, row.total_currency.as_deref())?;
    let currency = total.or(base).map(|amount| amount.currency().code());
    Ok(vec![
        ("kind", "payment".into()),
        ("id", row.attempt_id.into()),
        ("payment", row.payment_id.into()),
        ("reference", row.reference.into()),
        ("opened", request.local(row.opened_ms).into()),
        ("since", request.local(row.since_ms).into()),
        ("account", row.account_name.into()),
        ("gateway", row.gateway.into()),
        ("order_or_reference", row.subject.into()),
        ("part", row.part.into()),
        ("state", row.state.into()),
        ("outcome", row.outcome.into()),
        ("refused_by", row.refused_by.into()),
        ("evidence", row.evidence.into()),
        ("unconfirmed", row.unconfirmed.into()),
        ("reason", row.reason.into()),
        ("base", base.map(|base| base.amount_text()).into()),
        ("amount", total.map(|total| total.amount_text()).into()),
        ("currency", currency.into()),
        ("installments", row.installments.into()),
        ("means", row.means.into()),
        ("brand", row.brand.into()),
        ("first_six", row.first_six.into()),
        ("last_four", row.last_four.into()),
        ("holder", holder.into()),
        ("operator", named(operators, row.operator_id)),
        ("contradicted", row.contradicted.into()),
        ("alarmed", row.alarmed.into()),
    ])
}

fn reversal_cells(
    row: ReversalRow,
    operators: &BTreeMap<String, String>,
    request: &Request,
) -> Result<Cells, JournalFault> {
    let amount = money(Some(row.amount_minor), Some(&row.currency))?;
    Ok(vec![
        ("kind", row.kind.into()),
        ("id", row.reversal_id.into()),
        ("payment", row.payment_id.into()),
        ("attempt", row.attempt_id.into()),
        ("opened", request.local(row.opened_ms).into()),
        ("since", request.local(row.since_ms).into()),
        ("account", row.account_name.into()),
        ("gateway", row.gateway.into()),
        ("state", row.state.into()),
        ("reason", row.reason.into()),
        ("amount", amount.map(|amount| amount.amount_text()).into()),
        ("currency", row.currency.into()),
        ("operator", named(operators, Some(row.operator_id))),
        ("alarmed", row.alarmed.into()),
    ])
}

async fn every_event(
    db: &mut SqliteConnection,
    request: &Request,
    output: &mut (dyn Write + Send),
) -> Result<(), ExportFault> {
    let span = (request.from.as_millis(), request.until.as_millis());
    let mut after = (String::new(), 0);
    loop {
        let page = events::page_between(db, &after.0, after.1, span).await.fault()?;
        let Some(last) = page.last() else { return Ok(()) };
        after = (last.desk_id.clone(), last.seq);
        for event in &page {
            writeln!(output, "{}", event_line(event)?)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_becomes_text() {
        for (cell, safe) in [
            ("=1+1", "'=1+1"),
            ("  @SUM(A1)", "'  @SUM(A1)"),
            ("+905321234567", "'+905321234567"),
            ("-2", "'-2"),
            ("\tx", "'\tx"),
            ("＝1", "'＝1"),
            ("A=1", "A=1"),
            ("555.00", "555.00"),
            ("", ""),
        ] {
            assert_eq!(neutral(cell), safe);
        }
    }
}
