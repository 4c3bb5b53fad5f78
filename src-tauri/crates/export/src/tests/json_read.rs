//! JSON lines, read back into the same rows.

use proptest::prelude::*;

use super::samples::{head, istanbul, rows, usual};
use super::written;
use crate::{COLUMNS, Format, Head, Import, Language, PaymentRow};

fn read(bytes: &[u8]) -> (Head, Vec<PaymentRow>) {
    let import = Import::begin(bytes).unwrap();
    let head = import.head().clone();
    (head, import.map(Result::unwrap).collect())
}

#[test]
fn a_line_is_exact_and_the_same_in_every_language() {
    let english = String::from_utf8(written(Format::JsonLines, &istanbul(Language::English), &[usual()])).unwrap();
    let turkish = String::from_utf8(written(Format::JsonLines, &istanbul(Language::Turkish), &[usual()])).unwrap();
    let lines: Vec<&str> = english.lines().collect();
    assert_eq!(
        lines[0],
        r#"{"export":"vezne payments","from":null,"language":"en","made":"2026-11-22T07:00:00.000Z","time_zone":"Europe/Istanbul","until":null,"version":2}"#
    );
    assert_eq!(turkish.lines().nth(1), Some(lines[1]));
    assert!(lines[1].starts_with(r#"{"day":"2026-11-21","time":"23:55:03","opened":"2026-11-21T20:55:03.123Z","#));
    assert!(lines[1].contains(
        r#""owed":"545.00","owed_currency":"TRY","total":"555.00","commission":"10.00","reversed":"100.50","currency":"TRY","installments":3,"means":"card","card":"41556501***0042","brand":"Visa","holder":"İSMAİL IŞIK","outcome":"approved","refused_by":null,"evidence":"gateway_status","unconfirmed":false,"#
    ), "{}", lines[1]);
    assert_eq!(lines[2..], [r#"{"rows":1}"#]);
}

#[test]
fn every_column_is_a_field_of_every_line() {
    let bytes = written(Format::JsonLines, &istanbul(Language::English), &[usual()]);
    let text = String::from_utf8(bytes).unwrap();
    let line: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
    assert_eq!(line.len(), COLUMNS.len());
    assert!(COLUMNS.iter().all(|column| line.contains_key(column.name)));
}

#[test]
fn the_same_hour_twice_in_one_night_stays_two_hours() {
    let zone: crate::Zone = "Europe/Berlin".parse().unwrap();
    let head = Head { zone, ..istanbul(Language::English) };
    let rows: Vec<PaymentRow> = ["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"]
        .map(|opened| PaymentRow { opened: opened.parse().unwrap(), ..usual() })
        .into();
    let bytes = written(Format::JsonLines, &head, &rows);
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(text.matches(r#""day":"2026-10-25","time":"02:30:00""#).count(), 2);
    assert_eq!(read(&bytes).1, rows);
}

proptest! {
    #[test]
    fn rows_that_were_exported_are_imported_as_they_were(rows in rows(), head in head()) {
        let bytes = written(Format::JsonLines, &head, &rows);
        let (head_read, rows_read) = read(&bytes);
        prop_assert_eq!(&head_read, &head);
        prop_assert_eq!(&rows_read, &rows);
        // And so the same tables are made of them again, in every format.
        for format in [Format::JsonLines, Format::Csv(crate::Separators::of(head.language)), Format::Xlsx] {
            prop_assert_eq!(written(format, &head_read, &rows_read), written(format, &head, &rows));
        }
    }

    #[test]
    fn no_bytes_make_the_import_fail_otherwise(
        rows in rows(), head in head(), place: prop::sample::Index, byte: u8, cut: prop::sample::Index,
    ) {
        let whole = written(Format::JsonLines, &head, &rows);
        let mut bytes = whole.clone();
        *place.get_mut(&mut bytes) = byte;
        if let Ok(import) = Import::begin(bytes.as_slice()) {
            let _ = import.collect::<Result<Vec<_>, _>>();
        }
        let cut = &whole[..cut.index(whole.len())];
        let read = Import::begin(cut).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        prop_assert!(read.is_err(), "a part of an export was taken for the whole");
    }
}
