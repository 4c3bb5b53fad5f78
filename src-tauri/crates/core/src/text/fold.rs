//! Folding for search and for keys: what a person reads as the same becomes the same.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::sieve::digit_value;
use super::unbroken;

/// The text with case, accents and width taken away: `İ`, `I`, `ı` and `i` become `i`, `Ş` becomes `s`, `Ａ` becomes
/// `a`, digits of any script become `0` to `9`, invisible characters disappear. For search and for keys, never to show.
#[must_use]
pub fn fold(text: &str) -> String {
    // By way of the capitals, because only there do `ı` and `i`, `ß` and `ss`, `ς` and `σ` meet. Twice, because taking a
    // capital apart can bring marks to light.
    let capitals: String = bare(text).chars().flat_map(char::to_uppercase).collect();
    let small: String = bare(&capitals).chars().flat_map(char::to_lowercase).collect();
    bare(&small).chars().map(plain_digit).collect()
}

/// Decomposed by compatibility, without marks and without what can't be seen.
fn bare(text: &str) -> String {
    text.nfkd().map(unbroken).filter(|c| !is_combining_mark(*c) && !is_invisible(*c)).collect()
}

fn plain_digit(c: char) -> char {
    digit_value(c).and_then(|digit| char::from_digit(digit.into(), 10)).unwrap_or(c)
}

/// Control characters, and those that show nothing or only change how their neighbours show: zero-width and joining
/// characters, direction marks and overrides, variation selectors, fillers, tags.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_way_of_writing_a_reference_folds_to_the_same() {
        for text in [
            "İĞDIR-ŞÇÖÜ",
            "ığdır-şçöü",
            "IGDIR-SCOU",
            "igdir-scou",
            "ＩＧＤＩＲ－ＳＣＯＵ",
            "i\u{307}g\u{306}dır-s\u{327}cou",
            "ig\u{200b}dir-scou",
        ] {
            assert_eq!(fold(text), "igdir-scou", "{text}");
        }
        assert_eq!(fold("R ١٢٣"), "r 123");
        assert_eq!(fold("Straße Âli"), "strasse ali");
    }

    #[test]
    fn what_differs_stays_different() {
        assert_ne!(fold("A-1"), fold("A-2"));
        assert_ne!(fold("A1"), fold("A 1"));
        assert_eq!(fold("A\n1"), fold("a 1"));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in ".{0,60}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
