//! Exports that are read again: JSON lines strictly, and the cells of a CSV without their guarding marks.

use std::convert::Infallible;
use std::ops::ControlFlow;

use vezne_export::{Format, Head, Import, PaymentRow, Table, unguarded};

use crate::engine::Target;

/// The target.
pub(super) const TARGET: Target = Target { name: "exported", run, words: &WORDS, longest: 4096 };

const WORDS: [&str; 20] = [
    r#"{"export":"vezne payments","from":null,"language":"en","made":"2026-11-22T07:00:00.000Z","time_zone":"Europe/Istanbul","until":null,"version":2}"#,
    r#"{"rows":0}"#,
    r#"{"rows":1}"#,
    "\n",
    r#""opened":"2026-11-21T20:55:03.123Z""#,
    r#""owed":"545.00""#,
    "\"-0.00\"",
    "\"92233720368547758.07\"",
    "null",
    "true",
    "{",
    "}",
    "\\u0000",
    "=HYPERLINK(\"http://a\")",
    "'",
    "\u{200e}",
    "\t",
    "+905321234567",
    "@",
    ";",
];

fn run(data: &[u8]) {
    if let Ok(import) = Import::begin(data) {
        let head = import.head().clone();
        if let Ok(rows) = import.collect::<Result<Vec<_>, _>>() {
            assert!(data.ends_with(b"\n"), "a part of an export was taken for the whole");
            again(&head, &rows);
        }
    }
    let cell = String::from_utf8_lossy(data);
    let plain = unguarded(&cell);
    assert!(plain.len() <= cell.len(), "{cell:?} got longer without its marks");
}

/// What was taken in makes the same export, and that is read as the same rows.
fn again(head: &Head, rows: &[PaymentRow]) {
    let written = written(head, rows);
    let read = written.as_deref().and_then(|written| Import::begin(written).ok());
    let read = read.and_then(|import| Some((import.head().clone(), import.collect::<Result<Vec<_>, _>>().ok()?)));
    assert_eq!(read, Some((head.clone(), rows.to_vec())));
}

fn written(head: &Head, rows: &[PaymentRow]) -> Option<Vec<u8>> {
    let mut table = Table::begin(Format::JsonLines, head, Vec::new()).ok()?;
    let given = rows.iter().cloned().map(Ok::<_, Infallible>);
    table.fill(given, |_| ControlFlow::Continue(())).ok()?;
    table.end().ok()
}
