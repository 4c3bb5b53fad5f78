//! What is not an export, or no longer the one that was written, is refused with its line.

use super::samples::{istanbul, usual};
use super::written;
use crate::{Format, Import, LINE_MOST, Language, PaymentRow};

fn export() -> String {
    let rows: Vec<PaymentRow> = (1..=3).map(|count| PaymentRow { installments: Some(count), ..usual() }).collect();
    String::from_utf8(written(Format::JsonLines, &istanbul(Language::English), &rows)).unwrap()
}

fn fault(text: &str) -> String {
    let read = Import::begin(text.as_bytes()).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    read.unwrap_err().to_string()
}

/// The export with something in its third line (the second row) exchanged.
fn exchanged(from: &str, to: &str) -> String {
    let mut lines: Vec<String> = export().lines().map(str::to_owned).collect();
    assert!(lines[2].contains(from), "{from}");
    lines[2] = lines[2].replacen(from, to, 1);
    format!("{}\n", lines.join("\n"))
}

#[test]
fn each_mistake_in_a_line_is_named_with_the_line() {
    for (from, to, said) in [
        ("\"total\":\"555.00\"", "\"total\":\"555.0\"", "the field total should hold an amount"),
        ("\"total\":\"555.00\"", "\"total\":555.00", "the field total should hold a text"),
        ("\"total\":\"555.00\"", "\"total\":\"556.00\"", "the field commission does not agree with total and owed"),
        ("\"total\":\"555.00\"", "\"total\":null", "the field currency does not agree with total"),
        (
            "\"owed_currency\":\"TRY\"",
            "\"owed_currency\":\"TL\"",
            "the field owed_currency should hold a currency's code",
        ),
        (
            "\"day\":\"2026-11-21\"",
            "\"day\":\"2026-11-20\"",
            "the field day does not agree with opened and the time zone",
        ),
        (
            "\"time\":\"23:55:03\"",
            "\"time\":\"20:55:03\"",
            "the field time does not agree with opened and the time zone",
        ),
        ("20:55:41.007Z", "20:55:41Z", "the field since should hold a moment in UTC, to the millisecond"),
        ("\"payment\":\"pay_", "\"payment\":\"att_", "the field payment should hold a payment's id"),
        ("\"gateway\":\"finrota\"", "\"gateway\":null", "the field gateway should hold a word"),
        ("\"gateway\":\"finrota\"", "\"gateway\":\"Finrota\"", "the field gateway should hold a gateway"),
        ("\"order\":null", "\"order\":\"1\"", "the field order does not agree with booking and part"),
        ("\"installments\":2", "\"installments\":2.0", "the field installments should hold a whole number"),
        ("\"installments\":2", "\"installments\":256", "the field installments should hold a whole number"),
        ("***0042", "***042", "the field card should hold six or eight digits"),
        ("\"brand\":\"Visa\"", "\"brand\":null", "the field brand does not agree with card"),
        ("\"unconfirmed\":false", "\"unconfirmed\":\"false\"", "the field unconfirmed should hold true or false"),
        ("\"alarms\":[]", "\"alarms\":[\"No Code\"]", "the field alarms should hold a list of codes"),
        ("\"alarms\":[],", "", "the field alarms is missing"),
        ("\"alarms\":[]", "\"alarm\":[]", "the field alarms is missing"),
        ("{\"day\"", "{\"extra\":1,\"day\"", "there is a field that no export has, number 1"),
        ("{\"day\"", "{\"time\":\"\",\"day\"", "the field number 3 of the line's stands there for the second time"),
        ("{\"day\"", "[\"day\"", "it is no JSON object, at character"),
        ("{\"day\"", "{day", "it is no JSON object, at character"),
    ] {
        let fault = fault(&exchanged(from, to));
        assert!(fault.starts_with(&format!("line 3: {said}")), "{to}: {fault}");
    }
}

#[test]
fn a_name_is_never_repeated_in_an_error() {
    let fault = fault(&exchanged("\"alarms\":[]", "\"alarms\":[\"İSMAİL IŞIK\"]"));
    assert!(!fault.contains("IŞIK"), "{fault}");
}

#[test]
fn a_part_of_an_export_is_not_taken_for_the_whole() {
    let whole = export();
    let lines: Vec<&str> = whole.lines().collect();
    let with = |lines: &[&str]| format!("{}\n", lines.join("\n"));
    assert!(fault(&with(&lines[..3])).starts_with("line 4: the file ends here"));
    assert!(fault(whole.trim_end()).starts_with("line 5: the file ends here"));
    assert!(
        fault(&with(&[lines[0], lines[1], lines[4]]))
            .starts_with("line 3: the last line counts 3 rows, and there are 1")
    );
    assert!(fault(&format!("{whole}\n")).starts_with("line 5: something stands behind the end"));
    assert!(fault("").starts_with("line 1: the file ends here"));
}

#[test]
fn what_is_no_export_is_refused_at_its_first_line() {
    let whole = export();
    for (first, said) in [
        ("{}", "this is no export of payments"),
        (r#"{"export":"vezne events"}"#, "this is no export of payments"),
        (r#"{"export":"vezne payments","version":1}"#, "this export is of version 1"),
        (r#"{"export":"vezne payments","version":2}"#, "the field language is missing"),
        ("Day,Time", "it is no JSON object"),
    ] {
        let text = format!("{first}\n{}", whole.split_once('\n').unwrap().1);
        let fault = fault(&text);
        assert!(fault.starts_with(&format!("line 1: {said}")), "{first}: {fault}");
    }
    let elsewhere = whole.replacen("Europe/Istanbul", "Europe/Nowhere", 1);
    assert!(fault(&elsewhere).starts_with("line 1: the field time_zone should hold the name of a time zone"));
}

#[test]
fn a_file_without_line_breaks_is_not_read_into_the_memory() {
    let endless = std::io::BufReader::new(std::io::repeat(b'x'));
    assert_eq!(Import::begin(endless).unwrap_err().to_string(), "line 1: it is longer than any line of an export");
    assert_eq!(LINE_MOST, 1 << 20);
}

#[test]
fn after_an_error_there_are_no_more_rows() {
    let text = exchanged("\"alarms\":[]", "\"alarms\":0");
    let read: Vec<bool> = Import::begin(text.as_bytes()).unwrap().map(|row| row.is_ok()).collect();
    assert_eq!(read, [true, false]);
}
