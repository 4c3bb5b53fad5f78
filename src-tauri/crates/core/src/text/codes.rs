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

/// Where security codes are: runs of three or four digits that begin soon after a name, at once or in a later word. Digits
/// further on in the name's own word are none: a reference or an id, which holds any letters, must stay as it is.
fn places(chars: &[char]) -> Vec<Range<usize>> {
    // Most texts have no such digits, and to look for names takes longer.
    let mut found = runs(chars);
    found.retain(|run| matches!(run.len(), 3 | 4));
    if found.is_empty() {
        return found;
    }
    let ends = names(chars);
    let apart = |end: usize, at: usize| {
        end == at || chars.get(end..at).is_some_and(|between| between.iter().any(|c| !c.is_alphanumeric()))
    };
    let near = |at: usize| ends.iter().any(|end| (*end..end.saturating_add(REACH)).contains(&at) && apart(*end, at));
    found.retain(|run| near(run.start));
    found
}

/// Where each name ends.
fn names(chars: &[char]) -> Vec<usize> {
    let small: Vec<char> = chars.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    let mut ends = Vec::new();
    for name in NAMES {
        let name: Vec<char> = name.chars().collect();
        let found = small.windows(name.len()).enumerate().filter(|(_, window)| *window == name.as_slice());
        let begins = found.filter(|(at, _)| begins_a_word(chars, *at));
        ends.extend(begins.map(|(at, _)| at.saturating_add(name.len())));
    }
    ends
}

/// Whether a word begins here; in `cardCvv` one does in its midst.
fn begins_a_word(chars: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| chars.get(before)) else { return true };
    !before.is_alphanumeric() || (before.is_lowercase() && chars.get(at).is_some_and(|first| first.is_uppercase()))
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
    use crate::ids::AttemptReference;

    #[test]
    fn digits_beside_a_name_of_the_code_are_masked_and_refused() {
        for (text, kept) in [
            ("cvc=0592", "cvc=****"),
            ("Card 4155 6501 0041 6111 (cvv=907), cvc: 907", "Card **** **** **** **** (cvv=***), cvc: ***"),
            (r#"{"cvv2":"907"}"#, r#"{"cvv2":"***"}"#),
            ("CVV code is 0836!", "CVV code is ****!"),
            ("cvc%20907", "cvc%20***"),
            // A percent sign of the text's own.
            ("cvc%0907", "cvc%****"),
            ("securityCode 907", "securityCode ***"),
            ("GÜVENLİK KODU: 907", "GÜVENLİK KODU: ***"),
            ("cvc ٩٠٧", "cvc ***"),
            ("cvv907", "cvv***"),
            (r#""cardCvv":"907""#, r#""cardCvv":"***""#),
            ("card_cvc_number: 0836", "card_cvc_number: ****"),
        ] {
            assert_eq!(ForeignText::filter(text).as_str(), kept, "{text}");
            assert!(TypedText::parse(text, 100).is_err(), "{text}");
        }
        assert_eq!(TypedText::parse("cvc 907", 100), Err(TypedTextError::SecurityCode));
    }

    #[test]
    fn no_letters_in_a_reference_or_an_id_make_its_digits_a_code() {
        for text in ["VZ7CVC0MN907KQ4", "VZ01CV2907X", "att_01M80ZCVN1907XKQ", "pay_01M80ZCVVXKQ0836"] {
            assert_eq!(ForeignText::filter(text).as_str(), text);
            let beside = format!("{text} was not found");
            assert_eq!(ForeignText::filter(&beside).as_str(), beside);
        }
    }

    /// One in some ten thousand holds a name and three digits.
    #[test]
    fn none_of_fifty_thousand_references_is_changed_by_the_filter() {
        let mut random = 1_u128;
        for _ in 0..50_000 {
            random = random.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645).wrapping_add(1);
            let reference = AttemptReference::from_random(random.to_be_bytes());
            assert_eq!(ForeignText::filter(reference.as_str()).as_str(), reference.as_str());
        }
    }

    #[test]
    fn other_digits_are_left_alone() {
        for text in [
            "907",
            "code 907",
            "CVV validation error (82)",
            "cvc 20261122",
            "cvc 20261",
            "cvc was not asked for at the desk, room 907",
            "room 907, cvc not asked",
            "51 cvc",
            "ACVC-907",
        ] {
            assert_eq!(ForeignText::filter(text).as_str(), text);
            assert!(TypedText::parse(text, 100).is_ok(), "{text}");
        }
    }
}
