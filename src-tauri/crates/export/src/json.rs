//! JSON lines: one object a line, exact and the same in every language.

use std::io::{self, Write};

use serde_json::json;

use crate::column::{COLUMNS, Line, Value};
use crate::head::Head;
use crate::row::PaymentRow;

/// What the first line calls itself.
pub(crate) const KIND: &str = "vezne payments";
/// The form of the lines. Version 1 was the journal's own export of attempts and reversals, without an end.
pub(crate) const VERSION: u64 = 2;

/// A table of JSON lines that is being written.
#[derive(Debug)]
pub struct JsonLines<W> {
    out: W,
    head: Head,
    rows: u64,
    line: Vec<u8>,
}

impl<W: Write> JsonLines<W> {
    /// Writes the first line: what it is, of which range, in which time zone.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn begin(head: &Head, out: W) -> io::Result<Self> {
        let mut table = Self { out, head: head.clone(), rows: 0, line: Vec::new() };
        let first = json!({
            "export": KIND,
            "version": VERSION,
            "language": head.language.code(),
            "time_zone": head.zone.name(),
            "from": head.from,
            "until": head.until,
            "made": head.made,
        });
        serde_json::to_writer(&mut table.line, &first)?;
        table.send()?;
        Ok(table)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn row(&mut self, row: &PaymentRow) -> io::Result<()> {
        let line = Line::of(row, &self.head.zone);
        for (place, column) in COLUMNS.iter().enumerate() {
            write!(self.line, "{}\"{}\":", if place == 0 { '{' } else { ',' }, column.name)?;
            self.value(column.value(&line))?;
        }
        self.line.push(b'}');
        self.send()?;
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }

    /// Writes the last line, which says how many rows there are, and gives the output back.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn end(mut self) -> io::Result<W> {
        serde_json::to_writer(&mut self.line, &json!({"rows": self.rows}))?;
        self.send()?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn value(&mut self, value: Value<'_>) -> io::Result<()> {
        let line = &mut self.line;
        match value {
            Value::Empty | Value::Word { code: None, .. } => line.extend_from_slice(b"null"),
            Value::Text(text) => serde_json::to_writer(line, text)?,
            Value::Own(text) | Value::Word { code: Some(text), .. } => serde_json::to_writer(line, &text)?,
            Value::Flag(flag) => write!(line, "{flag}")?,
            Value::Count(count) => write!(line, "{count}")?,
            Value::Amount(amount) => write!(line, "\"{}\"", amount.amount_text())?,
            Value::Day(day) => write!(line, "\"{day}\"")?,
            Value::Time(time) => write!(line, "\"{:02}:{:02}:{:02}\"", time.hour(), time.minute(), time.second())?,
            Value::Instant(moment) => write!(line, "\"{moment}\"")?,
            Value::Codes(codes) => {
                let codes: Vec<&str> = codes.iter().map(crate::row::Code::as_str).collect();
                serde_json::to_writer(line, &codes)?;
            }
        }
        Ok(())
    }

    fn send(&mut self) -> io::Result<()> {
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }
}
