//! XLSX, read by a reader that knows nothing of Vezne.

use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};
use proptest::prelude::*;
use vezne_core::money::{Currency, Money};

use super::samples::{NASTY, head, istanbul, rows, usual};
use super::{Sums, add, place, sums, texts, written};
use crate::text::clean;
use crate::{CELL_MOST, COLUMNS, EXACT_BELOW, Format, Language, PaymentRow, Total, Workbook};

/// The sheets' names, and the cells of each, the titles' too.
fn sheets(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    names
        .into_iter()
        .map(|name| {
            assert!(book.worksheet_formula(&name).unwrap().is_empty(), "no formula stands in a table");
            let range = book.worksheet_range(&name).unwrap();
            (name, range.rows().map(<[Data]>::to_vec).collect())
        })
        .collect()
}

/// The rows of the only sheet, without the titles.
fn lines(bytes: Vec<u8>) -> Vec<Vec<Data>> {
    let mut sheets = sheets(bytes);
    assert_eq!(sheets.len(), 1);
    sheets.remove(0).1.split_off(1)
}

fn shown(cell: &Data) -> String {
    cell.get_string().unwrap_or_default().to_owned()
}

/// An amount as it stands in a cell: exactly what a double gives back, with the decimals that its format shows.
fn amount(cell: &Data, currency: &Data) -> Option<Money> {
    let currency = Currency::from_code(currency.get_string()?)?;
    let digits = match cell {
        Data::Float(number) => format!("{number:.*}", usize::from(currency.exponent())),
        Data::Int(number) => format!("{number:.0}.{:0<1$}", 0, usize::from(currency.exponent())),
        Data::String(text) => text.clone(),
        Data::Empty => return None,
        Data::Bool(_) | Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) | Data::Error(_) => {
            panic!("{cell:?} is no amount")
        }
    };
    let digits = digits.strip_suffix(".0").filter(|_| currency.exponent() == 0).map_or(digits.clone(), str::to_owned);
    let amount = Money::from_decimal_text(&digits, currency).unwrap();
    let exact = amount.minor().unsigned_abs() < EXACT_BELOW;
    assert_eq!(exact, !cell.is_string(), "{amount}: what a double gives back is a number, all else is text");
    Some(amount)
}

fn sums_read(lines: &[Vec<Data>]) -> Sums {
    let mut sums = Sums::new();
    for line in lines {
        for (column, currency) in
            [("owed", "owed_currency"), ("total", "currency"), ("commission", "currency"), ("reversed", "currency")]
        {
            add(&mut sums, column, amount(&line[place(column)], &line[place(currency)]));
        }
    }
    sums
}

fn number(cell: &Data) -> f64 {
    cell.get_datetime().map_or_else(|| cell.as_f64().unwrap(), |moment| moment.as_f64())
}

#[test]
fn numbers_are_numbers_and_days_are_days() {
    let sheets = sheets(written(Format::Xlsx, &istanbul(Language::Turkish), &[usual()]));
    let (name, cells) = &sheets[0];
    assert_eq!((name.as_str(), cells.len()), ("Ödemeler", 2));
    let titles: Vec<String> = cells[0].iter().map(shown).collect();
    let meant: Vec<String> = COLUMNS.iter().map(|column| column.title(&istanbul(Language::Turkish))).collect();
    assert_eq!(titles, meant);
    let cell = |name| &cells[1][place(name)];
    for (name, text) in [
        ("desk", "Havalimanı 1"),
        ("card", "41556501***0042"),
        ("authorisation", "004211"),
        ("gateway_reference", "20261121235503123456"),
        ("outcome", "onaylandı"),
        ("part", "depozito"),
    ] {
        assert_eq!(cell(name), &Data::String(text.to_owned()), "{name}");
    }
    assert_eq!(number(cell("total")).to_string(), "555");
    assert_eq!(number(cell("reversed")).to_string(), "100.5");
    assert_eq!(number(cell("installments")).to_string(), "3");
    // 2026-11-21 is day 46347 of Excel, whoever counts.
    assert!(cell("day").is_datetime() && cell("time").is_datetime() && cell("opened").is_datetime());
    assert_eq!(number(cell("day")).to_string(), "46347");
    assert_eq!(cell("day").get_datetime().unwrap().to_ymd_hms_milli(), (2026, 11, 21, 0, 0, 0, 0));
    assert_eq!(cell("opened").get_datetime().unwrap().to_ymd_hms_milli(), (2026, 11, 21, 20, 55, 3, 123));
    let (.., hour, minute, second, milli) = cell("time").get_datetime().unwrap().to_ymd_hms_milli();
    assert_eq!((hour, minute, second, milli), (23, 55, 3, 0));
}

#[test]
fn what_is_older_than_excels_calendar_is_text() {
    let row = PaymentRow { opened: "1900-02-28T12:00:00.000Z".parse().unwrap(), ..usual() };
    let line = lines(written(Format::Xlsx, &istanbul(Language::English), &[row])).remove(0);
    assert_eq!(shown(&line[place("day")]), "1900-02-28");
    assert_eq!(shown(&line[place("opened")]), "1900-02-28T12:00:00.000Z");
    let row = PaymentRow { opened: "1900-03-01T12:00:00.000Z".parse().unwrap(), ..usual() };
    let line = lines(written(Format::Xlsx, &istanbul(Language::English), &[row])).remove(0);
    assert_eq!(line[place("day")].get_datetime().unwrap().to_ymd_hms_milli(), (1900, 3, 1, 0, 0, 0, 0));
}

#[test]
fn more_rows_than_a_sheet_has_go_on_in_the_next() {
    let head = istanbul(Language::English);
    let mut book = Workbook::with_sheets_of(4, &head, Vec::new()).unwrap();
    let rows: Vec<PaymentRow> = (1..=7).map(|count| PaymentRow { installments: Some(count), ..usual() }).collect();
    for row in &rows {
        book.row(row).unwrap();
    }
    let sheets = sheets(book.end().unwrap());
    let found: Vec<(&str, Vec<String>)> = sheets
        .iter()
        .map(|(name, cells)| {
            assert_eq!(shown(&cells[0][place("total")]), "Total", "every sheet has titles");
            (name.as_str(), cells[1..].iter().map(|line| number(&line[place("installments")]).to_string()).collect())
        })
        .collect();
    let meant = [("Payments", vec!["1", "2", "3"]), ("Payments 2", vec!["4", "5", "6"]), ("Payments 3", vec!["7"])];
    assert_eq!(found, meant.map(|(name, counts)| (name, counts.into_iter().map(str::to_owned).collect())));
}

#[test]
fn no_payments_are_a_table_with_titles() {
    let sheets = sheets(written(Format::Xlsx, &istanbul(Language::English), &[]));
    assert_eq!(sheets[0].1.len(), 1);
}

#[test]
fn a_text_too_long_for_a_cell_is_cut_and_says_so() {
    let row = PaymentRow { holder: Some("\u{1f600}".repeat(40_000)), ..usual() };
    let line = lines(written(Format::Xlsx, &istanbul(Language::English), &[row])).remove(0);
    let holder = shown(&line[place("holder")]);
    assert!(holder.ends_with('…') && holder.encode_utf16().count() <= CELL_MOST);
}

#[test]
fn every_nasty_text_is_a_text_in_its_cell() {
    for text in NASTY {
        let row = PaymentRow { holder: Some(text.to_owned()), ..usual() };
        let line = lines(written(Format::Xlsx, &istanbul(Language::English), &[row])).remove(0);
        assert_eq!(shown(&line[place("holder")]), clean(text), "{text:?}");
    }
}

/// Amounts at the edge of what a double gives back, and anywhere below it.
fn minor() -> impl Strategy<Value = i64> {
    let most = i64::try_from(EXACT_BELOW).unwrap() - 1;
    prop_oneof![-most..=most, (0..100_000_i64).prop_map(move |less| most - less), 0..1_000_000_i64]
}

proptest! {
    #[test]
    fn an_independent_reader_finds_the_same_texts_and_sums(rows in rows(), head in head()) {
        let lines = lines(written(Format::Xlsx, &head, &rows));
        prop_assert_eq!(lines.len(), rows.len());
        for (line, row) in lines.iter().zip(&rows) {
            for (name, text) in texts(row) {
                let meant = clean(text.unwrap_or_default());
                prop_assert_eq!(shown(&line[place(name)]), meant, "{}", name);
            }
            prop_assert_eq!(shown(&line[place("attempt")]), row.attempt.to_string());
        }
        prop_assert_eq!(sums_read(&lines), sums(&rows));
    }

    /// Excel reads the digits into a double and shows as many decimals as the format says. For every amount that is
    /// written as a number, that is the amount.
    #[test]
    fn a_double_gives_back_every_amount_that_is_written_as_a_number(minor in minor(), place in 0..Currency::EVERY.len()) {
        let amount = Money::from_minor(minor, Currency::EVERY[place]);
        let kept: f64 = amount.amount_text().parse().unwrap();
        prop_assert_eq!(format!("{kept:.*}", usize::from(amount.currency().exponent())), amount.amount_text());
        // Also by the fifteen digits that Excel itself shows and saves.
        let digits = format!("{kept:.14e}");
        prop_assert_eq!(Money::from_decimal_text(&digits.replace("e0", ""), amount.currency()), Ok(amount));
    }

    #[test]
    fn an_amount_at_the_edge_comes_back_from_a_file(minor in minor(), beyond in any::<i64>()) {
        let rows: Vec<PaymentRow> = [minor, beyond]
            .map(|minor| PaymentRow {
                total: Some(Total { amount: Money::from_minor(minor, Currency::KWD), reversed_minor: None }),
                owed: None,
                ..usual()
            })
            .into();
        let lines = lines(written(Format::Xlsx, &istanbul(Language::English), &rows));
        prop_assert_eq!(sums_read(&lines), sums(&rows));
    }
}
