//! Cells of a sheet as XML. Numbers are written digit by digit: none of them is ever a float here.

use jiff::civil;
use vezne_core::money::Money;

use super::parts::{put, style};
use crate::text::{begins_formula, clean, cut};

/// An amount is a number if its minor units are fewer than this, else a text. Excel keeps numbers as IEEE doubles, which
/// give every decimal of up to 15 digits back as it was, and no longer one for sure.
pub const EXACT_BELOW: u64 = 1_000_000_000_000_000;

/// Milliseconds of a day.
const DAY_MILLIS: i64 = 86_400_000;

/// Where a cell stands: `AB17`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) column: &'a str,
    pub(super) row: u32,
}

/// A column's letters, from 0 on: A, …, Z, AA, …
pub(super) fn letters(place: usize) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const LETTERS: usize = 26;
    let letter = |number: usize| ALPHABET.get(number..=number).unwrap_or_default();
    match (place / LETTERS).checked_sub(1) {
        None => letter(place).to_owned(),
        Some(first) => format!("{}{}", letter(first), letter(place % LETTERS)),
    }
}

/// A number, given by its digits.
pub(super) fn number(out: &mut String, place: Place<'_>, style: usize, digits: &str) {
    put(out, format_args!("<c r=\"{}{}\" s=\"{style}\"><v>{digits}</v></c>", place.column, place.row));
}

/// A text of others.
pub(super) fn text(out: &mut String, place: Place<'_>, text: &str) {
    let text = cut(clean(text));
    let style = if begins_formula(&text) { style::MARKED_TEXT } else { style::TEXT };
    words(out, place, style, &text);
}

/// A text that holds nothing which would have to be cleaned.
pub(super) fn words(out: &mut String, place: Place<'_>, style: usize, text: &str) {
    if text.is_empty() {
        return;
    }
    put(out, format_args!("<c r=\"{}{}\" s=\"{style}\" t=\"inlineStr\"><is><t", place.column, place.row));
    // Without it, readers take white space at the ends for layout.
    let spaces = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) || text.contains('\n');
    out.push_str(if spaces { " xml:space=\"preserve\">" } else { ">" });
    escaped(out, text);
    out.push_str("</t></is></c>");
}

fn escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((c, after)) = rest.chars().next().map(|c| (c, rest.get(c.len_utf8()..).unwrap_or_default())) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // `_x0041_` is how this format writes a character by its number: a text that happens to hold it is written so.
            '_' if is_numbered(after) => out.push_str("_x005F_"),
            c => out.push(c),
        }
        rest = after;
    }
}

fn is_numbered(after: &str) -> bool {
    let mut bytes = after.bytes();
    bytes.next() == Some(b'x')
        && bytes.by_ref().take(4).filter(u8::is_ascii_hexdigit).count() == 4
        && bytes.next() == Some(b'_')
}

/// An amount: a number that shows its currency, or, where a double could not hold it, a text.
pub(super) fn amount(out: &mut String, place: Place<'_>, style: usize, amount: Money) {
    let digits = amount.amount_text();
    if amount.minor().unsigned_abs() < EXACT_BELOW {
        number(out, place, style, &digits);
    } else {
        text(out, place, &digits);
    }
}

/// The number that is this day, or none for a day before March 1900: Excel believes that there was a 29 February 1900.
pub(super) fn day_number(day: civil::Date) -> Option<i32> {
    const ZERO: civil::Date = civil::date(1899, 12, 30);
    const FIRST: civil::Date = civil::date(1900, 3, 1);
    if day < FIRST {
        return None;
    }
    day.since(ZERO).ok().map(|span| span.get_days())
}

/// The part of a day, below 1, that has passed, with ten decimals: to a hundredth of a millisecond.
pub(super) fn day_part(time: civil::Time) -> String {
    const DECIMALS: i64 = 10_000_000_000;
    let millis = [
        (i64::from(time.hour()), 3_600_000),
        (i64::from(time.minute()), 60_000),
        (i64::from(time.second()), 1_000),
        (i64::from(time.millisecond()), 1),
    ]
    .into_iter()
    .fold(0_i64, |sum, (count, size)| sum.saturating_add(count.saturating_mul(size)));
    let part = millis.saturating_mul(DECIMALS).saturating_add(DAY_MILLIS / 2) / DAY_MILLIS;
    format!("{part:010}")
}
