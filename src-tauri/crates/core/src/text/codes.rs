//! Finds security codes in text. Three or four digits are anything; beside a name of the code they are one.

use std::ops::Range;

use super::sieve::digit_value;

/// What the code is called, in small letters: by the gateways' documents, by banks, by people.
const NAMES: [&str; 10] = [
    "cvv",
    "cvc",
    "cv2",
    "cvn",
    "securitycode",
    "security code",
    "security_code",
    "security-code",
    "güvenlik kodu",
    "guvenlik kodu",
];

/// So many characters after the name a code may begin.
const REACH: usize = 24;

/// Whether the text holds what looks like a security code.
pub(super) fn contains_security_code(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    !places(&chars).is_empty()
}

/// Replaces the digits of every security code by `*`.
pub(super) fn mask(chars: &mut [char]) {
    for place in places(chars) {
        chars.get_mut(place).unwrap_or_default().fill('*');
    }
}

/// Where security codes are: runs of three or four digits that begin soon after a name.
fn places(chars: &[char]) -> Vec<Range<usize>> {
    let ends = names(chars);
    if ends.is_empty() {
        return Vec::new();
    }
    let near = |at: usize| ends.iter().any(|end| (*end..end.saturating_add(REACH)).contains(&at));
    runs(chars).into_iter().filter(|run| matches!(run.len(), 3 | 4) && near(run.start)).collect()
}

/// Where each name ends.
fn names(chars: &[char]) -> Vec<usize> {
    let small: Vec<char> = chars.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    let mut ends = Vec::new();
    for name in NAMES {
        let name: Vec<char> = name.chars().collect();
        let found = small.windows(name.len()).enumerate().filter(|(_, window)| *window == name.as_slice());
        ends.extend(found.map(|(at, _)| at.saturating_add(name.len())));
    }
    ends
}

/// Digits that stand together. Two behind a percent sign are a blank or an equals sign as addresses write them, and none of the
/// run's own.
fn runs(chars: &[char]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        if digit_value(*c).is_none() {
            continue;
        }
        match runs.last_mut().filter(|run| run.end == at) {
            Some(run) => run.end = at.saturating_add(1),
            None => runs.push(at..at.saturating_add(1)),
        }
    }
    for run in &mut runs {
        let encoded = run.start.checked_sub(1).and_then(|before| chars.get(before)) == Some(&'%');
        if encoded && run.len() > 4 {
            run.start = run.start.saturating_add(2);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::super::{ForeignText, TypedText, TypedTextError};

    #[test]
    fn digits_beside_a_name_of_the_code_are_masked_and_refused() {
        for (text, kept) in [
            ("cvc=0592", "cvc=****"),
            ("Card 4155 6501 0041 6111 (cvv=907), cvc: 907", "Card **** **** **** **** (cvv=***), cvc: ***"),
            (r#"{"cvv2":"907"}"#, r#"{"cvv2":"***"}"#),
            ("CVV code is 0836!", "CVV code is ****!"),
            ("cvc%20907", "cvc%20***"),
            ("securityCode 907", "securityCode ***"),
            ("GÜVENLİK KODU: 907", "GÜVENLİK KODU: ***"),
            ("cvc ٩٠٧", "cvc ***"),
        ] {
            assert_eq!(ForeignText::filter(text).as_str(), kept, "{text}");
            assert!(TypedText::parse(text, 100).is_err(), "{text}");
        }
        assert_eq!(TypedText::parse("cvc 907", 100), Err(TypedTextError::SecurityCode));
    }

    #[test]
    fn other_digits_are_left_alone() {
        for text in
            ["907", "code 907", "CVV validation error (82)", "cvc 20261122", "room 907, cvc not asked", "51 cvc"]
        {
            assert_eq!(ForeignText::filter(text).as_str(), text);
            assert!(TypedText::parse(text, 100).is_ok(), "{text}");
        }
    }
}
