//! Time as terms: each attempt has the hour in which it was opened, and longer spans that hold it. A range of days is then a
//! few terms, and a clock that was set back changes nothing about it.

use super::MARK;

const HOUR_MS: i64 = 3_600_000;

/// The spans, longest first: a letter, and how many hours: 512 days, 32 days, a day, an hour.
const SPANS: [(char, i64); 4] = [('c', 12_288), ('b', 768), ('d', 24), ('h', 1)];

fn term(letter: char, number: i64) -> String {
    // A moment before 1970 has a number below zero, and the index takes no sign.
    let sign = if number < 0 { "m" } else { "" };
    format!("{MARK}{letter}{sign}{}", number.unsigned_abs())
}

/// The terms of a moment, in milliseconds since 1970.
pub(super) fn of(opened_ms: i64) -> [String; 4] {
    let hour = opened_ms.div_euclid(HOUR_MS);
    SPANS.map(|(letter, hours)| term(letter, hour.div_euclid(hours)))
}

/// The terms that together hold every moment from `from_ms` to before `until_ms`, and at most an hour more at either end.
pub(super) fn between(from_ms: i64, until_ms: i64) -> Vec<String> {
    let end = until_ms.saturating_sub(1).div_euclid(HOUR_MS).saturating_add(1);
    let mut hour = from_ms.div_euclid(HOUR_MS);
    let mut found = Vec::new();
    while hour < end {
        let fits = |hours: i64| hour.rem_euclid(hours) == 0 && hour.saturating_add(hours) <= end;
        let Some((letter, hours)) = SPANS.into_iter().find(|(_, hours)| fits(*hours)) else { break };
        found.push(term(letter, hour.div_euclid(hours)));
        hour = hour.saturating_add(hours);
    }
    found
}
