//! What must be true of whatever came out, told apart from the program: none of this calls what it checks.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde_json::value::RawValue;

/// The most characters that are kept of any text from outside.
const TEXT_CHARS: usize = 300;

/// Every text from outside in what is printed of a value.
#[must_use]
pub fn foreign_texts(value: &impl Debug) -> Vec<String> {
    const BEFORE: &str = "ForeignText(\"";
    let printed = format!("{value:?}");
    let mut texts = Vec::new();
    let mut rest = printed.as_str();
    while let Some((_, after)) = rest.split_once(BEFORE) {
        let mut text = String::new();
        let mut chars = after.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => match chars.next() {
                    Some('u') => {
                        // As one odd character: its number is not the text's.
                        let _number = chars.by_ref().take_while(|c| *c != '}').count();
                        text.push('\u{fffd}');
                    }
                    Some(escaped) => text.push(escaped),
                    None => break,
                },
                other => text.push(other),
            }
        }
        texts.push(text);
        rest = chars.as_str();
    }
    texts
}

/// Holds every text from outside in a value against the rules: no card number, not too long.
///
/// # Panics
/// When one breaks them.
pub fn texts_are_filtered(value: &impl Debug) {
    for text in foreign_texts(value) {
        assert!(text.chars().count() <= TEXT_CHARS, "a text of {} characters was kept", text.chars().count());
        assert!(!holds_card_number(&text), "a card number was kept: {text:?}");
        assert!(
            !text.contains(['\n', '\r', '\u{0}', '\u{202e}', '\u{200b}']),
            "an unseen character was kept: {text:?}"
        );
    }
}

/// Whether 13 to 19 ASCII digits that pass Luhn stand in a text, with at most one space, dot or hyphen between any two.
#[must_use]
pub fn holds_card_number(text: &str) -> bool {
    let mut run: Vec<u32> = Vec::new();
    let mut between = 0_usize;
    for c in text.chars().chain(std::iter::once('x')) {
        match c.to_digit(10) {
            Some(digit) => {
                run.push(digit);
                between = 0;
                let ends_a_card = (13..=19).any(|length| {
                    run.len().checked_sub(length).and_then(|from| run.get(from..)).is_some_and(passes_luhn)
                });
                if ends_a_card {
                    return true;
                }
            }
            None if between == 0 && matches!(c, ' ' | '.' | '-') => between = 1,
            None => {
                run.clear();
                between = 0;
            }
        }
    }
    false
}

/// The check of ISO/IEC 7812: every second digit from the right is doubled.
#[must_use]
pub fn passes_luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit.saturating_mul(2)) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled.saturating_sub(9),
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The fields of a document's one object as they are written: the root, or the first element of a list at the root.
#[must_use]
pub fn fields(body: &[u8]) -> Option<BTreeMap<String, String>> {
    let text = std::str::from_utf8(body).ok()?.trim_start_matches('\u{feff}').trim();
    if text.starts_with('[') {
        let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        return object(elements.first()?.get());
    }
    object(text)
}

/// The fields of an object as they are written.
#[must_use]
pub fn object(text: &str) -> Option<BTreeMap<String, String>> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    Some(fields.into_iter().map(|(name, value)| (name, value.get().to_owned())).collect())
}

/// Whether that field is there, not null, and no blank text.
#[must_use]
pub fn is_said(fields: &BTreeMap<String, String>, name: &str) -> bool {
    fields.get(name).is_some_and(|raw| {
        raw != "null" && serde_json::from_str::<String>(raw).map_or(true, |text| !text.trim().is_empty())
    })
}

/// Whether a body is JSON at all, white space and a byte order mark around it aside.
#[must_use]
pub fn is_json(body: &[u8]) -> bool {
    let text = std::str::from_utf8(body).map(|text| text.trim_start_matches('\u{feff}').trim());
    text.is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok())
}

/// Whether a field is this text.
#[must_use]
pub fn is_text(fields: &BTreeMap<String, String>, name: &str, text: &str) -> bool {
    fields.get(name).is_some_and(|raw| serde_json::from_str::<String>(raw).is_ok_and(|found| found == text))
}

/// Whether a field is written exactly so: `true`, `false`, a number.
#[must_use]
pub fn is_raw(fields: &BTreeMap<String, String>, name: &str, raw: &str) -> bool {
    fields.get(name).is_some_and(|found| found == raw)
}

/// The value of a decimal number without leading and trailing zeros, so that two ways of writing it compare; `None` for
/// what is none.
#[must_use]
pub fn plain_decimal(text: &str) -> Option<String> {
    let text = text.trim().trim_matches('"').trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.is_empty() && fraction.is_empty() {
        return Some("0".to_owned());
    }
    Some(format!("{sign}{whole}.{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_found_by_this_crates_own_eyes() {
        for text in ["4155650100416111", "x4155 6501-0041.6111y", "004155650100416111"] {
            assert!(holds_card_number(text), "{text}");
        }
        for text in ["4155650100416000", "4155  6501  0041  6111", "415565010041", ""] {
            assert!(!holds_card_number(text), "{text}");
        }
    }

    #[test]
    fn the_texts_in_a_value_are_found() {
        let text = vezne_core::text::ForeignText::filter("a \"b\" \u{301} c");
        assert_eq!(foreign_texts(&Some(text)), ["a \"b\" \u{fffd} c"]);
    }

    #[test]
    fn decimals_compare_however_they_are_written() {
        assert_eq!(plain_decimal("0545.0000"), plain_decimal("\"545\""));
        assert_eq!(plain_decimal("-0.0"), Some("0".to_owned()));
        assert_eq!(plain_decimal("1e3"), None);
    }
}
