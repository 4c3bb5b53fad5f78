//! CSV, read by a reader that knows nothing of Vezne.

use proptest::prelude::*;
use vezne_core::money::{Currency, Money};

use super::samples::{NASTY, head, istanbul, row, rows, usual};
use super::{Sums, add, place, sums, texts, written};
use crate::text::{clean, guarded};
use crate::{CELL_MOST, COLUMNS, Format, Head, Language, PaymentRow, Separators, unguarded};

/// All lines but the titles, as an independent reader finds them.
fn read(separators: Separators, bytes: &[u8]) -> Vec<Vec<String>> {
    let delimiter = match separators {
        Separators::Semicolon => b';',
        Separators::Comma => b',',
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
    assert_eq!(reader.headers().unwrap().len(), COLUMNS.len());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn table(separators: Separators, head: &Head, rows: &[PaymentRow]) -> Vec<u8> {
    written(Format::Csv(separators), head, rows)
}

fn sums_read(separators: Separators, lines: &[Vec<String>]) -> Sums {
    let mut sums = Sums::new();
    for line in lines {
        for (column, currency) in
            [("owed", "owed_currency"), ("total", "currency"), ("commission", "currency"), ("reversed", "currency")]
        {
            let digits = match separators {
                Separators::Semicolon => line[place(column)].replace(',', "."),
                Separators::Comma => line[place(column)].clone(),
            };
            let currency = Currency::from_code(&line[place(currency)]);
            let amount = (!digits.is_empty()).then(|| Money::from_decimal_text(&digits, currency.unwrap()).unwrap());
            add(&mut sums, column, amount);
        }
    }
    sums
}

#[test]
fn a_turkish_table_looks_as_excel_in_turkey_wants_it() {
    let text = String::from_utf8(table(Separators::Semicolon, &istanbul(Language::Turkish), &[usual()])).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(
        lines[0].starts_with("\u{feff}Gün (Europe/Istanbul);Saat (Europe/Istanbul);Açılış (UTC);Sonuç zamanı (UTC);")
    );
    assert!(
        lines[1].starts_with("21.11.2026;23:55:03;2026-11-21T20:55:03.123Z;2026-11-21T20:55:41.007Z;ödeme;pay_"),
        "{}",
        lines[1]
    );
    assert!(
        lines[1].contains(
            ";Havalimanı 1;Ayşe Yılmaz;rental;Finrota;;RZ-2026-17;depozito;545,00;TRY;555,00;10,00;100,50;TRY;3;\
             kart;41556501***0042;Visa;İSMAİL IŞIK;onaylandı;;ödeme kuruluşuna soruldu;hayır;;;"
        ),
        "{}",
        lines[1]
    );
    // Numbers that are names keep their zeros and all their digits.
    assert!(lines[1].ends_with(";884213;'20261121235503123456;'004211;;hayır"), "{}", lines[1]);
    assert_eq!(lines[2..], [""]);
}

#[test]
fn an_english_table_looks_as_excel_elsewhere_wants_it() {
    let text = String::from_utf8(table(Separators::Comma, &istanbul(Language::English), &[usual()])).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}Day (Europe/Istanbul),Time (Europe/Istanbul),Opened (UTC),"));
    assert!(lines[1].starts_with("2026-11-21,23:55:03,2026-11-21T20:55:03.123Z,"));
    assert!(lines[1].contains(",RZ-2026-17,deposit,545.00,TRY,555.00,10.00,100.50,TRY,3,card,41556501***0042,Visa,"));
}

#[test]
fn one_that_is_in_progress_says_so() {
    let row = PaymentRow { outcome: None, ..usual() };
    let read = read(Separators::Comma, &table(Separators::Comma, &istanbul(Language::English), &[row]));
    assert_eq!(read[0][place("outcome")], "in progress");
}

#[test]
fn what_a_spreadsheet_would_take_for_something_else_is_marked_as_text() {
    for (text, cell) in [
        ("=1+1", "'=1+1"),
        ("+90 532", "'+90 532"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("＝1", "'＝1"),
        ("－1", "'－1"),
        ("\u{200f}=1", "'\u{200f}=1"),
        ("\t=1", "' =1"),
        ("\r=1", "'\n'=1"),
        ("'quoted'", "''quoted'"),
        ("0042", "'0042"),
        ("1234567890123456", "'1234567890123456"),
        ("1e5", "'1e5"),
        ("1-2", "'1-2"),
        ("3/4", "'3/4"),
        ("(5)", "'(5)"),
        ("a;=1", "a;'=1"),
        ("a, =1", "a, '=1"),
        ("a\n-1", "a\n'-1"),
        ("a\"=1", "a\"'=1"),
        // These stay as they are.
        ("123456789012345", "123456789012345"),
        ("0", "0"),
        ("A=1", "A=1"),
        ("RZ-2026-17", "RZ-2026-17"),
        ("O'Neill", "O'Neill"),
        ("Ali, Veli", "Ali, Veli"),
    ] {
        assert_eq!(guarded(&clean(text)), cell, "{text:?}");
        assert_eq!(unguarded(cell), clean(text), "{text:?}");
    }
}

#[test]
fn a_text_too_long_for_a_cell_is_cut_and_says_so() {
    for letter in ["ş", "\u{1f600}"] {
        let row = PaymentRow { holder: Some(letter.repeat(40_000)), ..usual() };
        let read = read(Separators::Comma, &table(Separators::Comma, &istanbul(Language::English), &[row]));
        let holder = &read[0][place("holder")];
        assert!(holder.ends_with('…') && (CELL_MOST - 1..=CELL_MOST).contains(&holder.encode_utf16().count()));
    }
    let row = PaymentRow { holder: Some("x".repeat(CELL_MOST)), ..usual() };
    let read =
        read(Separators::Comma, &table(Separators::Comma, &istanbul(Language::English), std::slice::from_ref(&row)));
    assert_eq!(Some(&read[0][place("holder")]), row.holder.as_ref());
}

/// Every place where a program that knows only some of the rules could see a cell begin.
fn pieces(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let nothing = |c: char| c.is_whitespace() || "\u{200b}\u{200e}\u{200f}\u{feff}\u{ad}".contains(c);
    text.split([';', ',', '|', '\t', '\n', '\r', '"'])
        .map(|piece| piece.trim_start_matches(nothing).to_owned())
        .collect()
}

#[test]
fn no_text_is_a_formula_even_for_a_program_that_splits_at_the_other_sign() {
    let mut rows = Vec::new();
    for text in NASTY {
        let text = text.to_owned();
        rows.push(PaymentRow {
            desk: text.clone(),
            holder: Some(text.clone()),
            reason_text: Some(format!("Banka: {text}")),
            gateway_reference: Some(format!("x|{text};{text}\",\"{text}")),
            ..usual()
        });
    }
    for separators in [Separators::Semicolon, Separators::Comma] {
        for piece in pieces(&table(separators, &istanbul(Language::Turkish), &rows)) {
            assert!(!piece.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{piece:?}");
        }
    }
}

proptest! {
    #[test]
    fn an_independent_reader_finds_the_same_texts_and_sums(rows in rows(), head in head(), semicolon: bool) {
        let separators = if semicolon { Separators::Semicolon } else { Separators::Comma };
        let lines = read(separators, &table(separators, &head, &rows));
        prop_assert_eq!(lines.len(), rows.len());
        for (line, row) in lines.iter().zip(&rows) {
            for (name, text) in texts(row) {
                prop_assert_eq!(unguarded(&line[place(name)]), clean(text.unwrap_or_default()), "{}", name);
            }
            prop_assert_eq!(&line[place("opened")], &row.opened.to_string());
            prop_assert_eq!(&line[place("attempt")], &row.attempt.to_string());
        }
        prop_assert_eq!(sums_read(separators, &lines), sums(&rows));
    }

    #[test]
    fn every_mark_that_was_put_in_can_be_taken_out_again(text: String, nasty in super::samples::text()) {
        for text in [text, nasty] {
            let text = clean(&text);
            prop_assert_eq!(unguarded(&guarded(&text)), text);
        }
    }

    #[test]
    fn a_line_of_the_file_is_a_line_of_the_table_unless_a_text_has_line_breaks(row in row()) {
        let bytes = table(Separators::Comma, &istanbul(Language::English), std::slice::from_ref(&row));
        let breaks: usize = texts(&row).iter().map(|(_, text)| clean(text.unwrap_or_default()).matches('\n').count()).sum();
        prop_assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 2 + breaks);
        prop_assert_eq!(bytes.windows(2).filter(|pair| pair == b"\r\n").count(), 2);
    }
}
