//! Text that people type and text that comes from outside, with card numbers kept out of both.
//!
//! A free-text field is where card numbers end up on disk by accident: read aloud by a customer, pasted into the wrong
//! field, or echoed in a bank's message. Everything of the kind passes here before it is kept or shown.

mod codes;
mod fold;
mod sieve;

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

pub use fold::fold;
pub(crate) use fold::is_invisible;
#[cfg(test)]
pub(crate) use sieve::PUBLISHED as PUBLISHED_CARDS;
pub use sieve::{contains_card_number, looks_like_track_data};

/// The most characters that are kept of any text from outside or of any free-text field.
pub const MAX_TEXT_CHARS: usize = 300;

/// How far a text from outside is looked at. A number that begins within the kept characters ends well within this,
/// even with three percent-encoded separators between any two of its percent-encoded digits.
const LOOKED_AT_CHARS: usize = 2 * MAX_TEXT_CHARS;

/// Text from outside: a gateway's error, a bank's message, the fields of a return.
///
/// Every run of 13 to 19 digits that passes Luhn is masked, also inside longer runs and with separators between the
/// digits. All its digits go, not only the middle ones: in a longer run several windows can pass, and nobody can say
/// which six digits would be the first of a card. So do three or four digits beside a name of the security code: who repeats
/// our request repeats it, too. Control characters and direction overrides are dropped, line breaks
/// become spaces, and the text is cut at [`MAX_TEXT_CHARS`]. If it looks like track data, no digit of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ForeignText(String);

impl ForeignText {
    /// What may be kept of the text.
    #[must_use]
    pub fn filter(text: &str) -> Self {
        let mut kept = filtered_once(text);
        // Stars can make track data of what was none, and what is read back from the journal is filtered again: it must be
        // the same then. Each turn leaves fewer digits, so there are few.
        loop {
            let again = filtered_once(&kept);
            if again == kept {
                return Self(kept);
            }
            kept = again;
        }
    }

    /// The text as it may be kept and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn filtered_once(text: &str) -> String {
    let visible: Vec<char> = text.chars().filter_map(visible).take(LOOKED_AT_CHARS).collect();
    let mut masked = sieve::masked(&visible);
    codes::mask(&mut masked);
    let kept: String = masked.into_iter().take(MAX_TEXT_CHARS).collect();
    kept.trim().to_owned()
}

impl FromStr for ForeignText {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::filter(text))
    }
}

impl fmt::Display for ForeignText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Text that a person typed into a free-text field: a reason, a note, a portal's reference. Not empty, trimmed, without
/// card numbers, track data, security codes and invisible characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TypedText(String);

/// Why a typed text is not taken. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TypedTextError {
    /// Nothing was typed.
    #[error("The text is missing.")]
    Empty,
    /// More characters than the field holds.
    #[error("The text is longer than {max} characters.")]
    TooLong {
        /// The most characters this field takes.
        max: usize,
    },
    /// A character that cannot be seen.
    #[error("The text holds a control character or an invisible one at character {position}.")]
    Invisible {
        /// Counted from 1, without the white space before the text.
        position: usize,
    },
    /// 13 to 19 digits that pass Luhn.
    #[error("The text holds what looks like a card number; card numbers are never written down.")]
    CardNumber,
    /// What a magnetic-stripe reader types.
    #[error("The text holds what a card reader types; card data is never written down.")]
    TrackData,
    /// Three or four digits beside a name of the security code.
    #[error("The text holds what looks like a security code; it is never written down.")]
    SecurityCode,
}

impl TypedText {
    /// Takes at most `max` characters, never more than [`MAX_TEXT_CHARS`]. Line breaks and tabs become spaces.
    ///
    /// # Errors
    /// When it is empty or too long, or holds a card number, track data, a security code or an invisible character.
    pub fn parse(text: &str, max: usize) -> Result<Self, TypedTextError> {
        let text: String = text.trim().chars().map(unbroken).collect();
        let max = max.min(MAX_TEXT_CHARS);
        if text.is_empty() {
            return Err(TypedTextError::Empty);
        }
        // Checked before the length: however long it is, a card number is what the person has to hear of.
        refuse_card_data(&text)?;
        if text.chars().count() > max {
            return Err(TypedTextError::TooLong { max });
        }
        match text.chars().position(is_invisible) {
            Some(place) => Err(TypedTextError::Invisible { position: place.saturating_add(1) }),
            None => Ok(Self(text)),
        }
    }

    /// The text as typed, trimmed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TypedText {
    type Err = TypedTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, MAX_TEXT_CHARS)
    }
}

impl fmt::Display for TypedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What every typed field is held against.
pub(crate) fn refuse_card_data(text: &str) -> Result<(), TypedTextError> {
    // Track data first: it holds a card number too, and what to say differs.
    if looks_like_track_data(text) {
        Err(TypedTextError::TrackData)
    } else if contains_card_number(text) {
        Err(TypedTextError::CardNumber)
    } else if codes::contains_security_code(text) {
        Err(TypedTextError::SecurityCode)
    } else {
        Ok(())
    }
}

/// A line break or tab as a space: words stay apart, and nothing can forge a second line in a list or a log.
const fn unbroken(c: char) -> char {
    if matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}') { ' ' } else { c }
}

fn visible(c: char) -> Option<char> {
    let c = unbroken(c);
    (!is_invisible(c)).then_some(c)
}

/// Serialises a type as its `Display` text and deserialises it through its `FromStr`, so that nothing unchecked comes
/// in by way of JSON.
macro_rules! serde_as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_as_text;

serde_as_text!(ForeignText);
serde_as_text!(TypedText);

#[cfg(test)]
mod tests {
    #[test]
    fn most_long_booking_numbers_are_taken_and_every_card_number_is_refused() {
        let refused = |number: u64| contains_card_number(&format!("{number:016}"));
        let share = (0..10_000_u64).filter(|n| refused(2_026_112_100_000_000 + n * 7_919)).count();
        assert!(share < 2_000, "{share} of 10,000 booking numbers would be refused");
        for glued in ["00415565010041611100", "41556501004161111226", "x4155 6501 0041 6111x"] {
            assert!(contains_card_number(glued), "{glued}");
        }
    }

    use proptest::prelude::*;

    use super::*;

    const CARD: &str = "4155650100416111";

    #[test]
    fn a_card_number_in_a_banks_message_is_masked_and_the_rest_stays() {
        for (text, kept) in [
            ("card 4155650100416111 declined", "card **************** declined"),
            ("4155 6501 0041 6111, sorry", "**** **** **** ****, sorry"),
            ("pan=4155-6501-0041-6111&x=1", "pan=****-****-****-****&x=1"),
            ("11245467112345678941", "112****************1"),
            ("4155\n6501\t0041\r\n6111", "**** **** ****  ****"),
            ("4155\u{200b}6501\u{202e}00416111", "****************"),
            ("٤١٥٥٦٥٠١٠٠٤١٦١١١", "****************"),
            ("%34155650100416111", "******************"),
            ("call 0850 222 33 44, code 2001", "call 0850 222 33 44, code 2001"),
        ] {
            assert_eq!(ForeignText::filter(text).as_str(), kept, "{text:?}");
        }
    }

    #[test]
    fn a_card_number_across_the_cut_is_masked_before_it_is_cut() {
        for before in 280..300 {
            let kept = ForeignText::filter(&format!("{}{CARD}", "x".repeat(before)));
            assert!(kept.as_str().chars().all(|c| c == 'x' || c == '*'), "{kept}");
            assert_eq!(kept.as_str().len(), MAX_TEXT_CHARS.min(before + CARD.len()));
        }
    }

    #[test]
    fn a_text_from_outside_is_shown_as_it_is_kept_and_may_be_empty() {
        let kept = ForeignText::filter(" declined ");
        assert_eq!((kept.to_string().as_str(), kept.is_empty()), ("declined", false));
        assert!(ForeignText::filter(" \u{200b} ").is_empty());
    }

    #[test]
    fn stars_that_make_track_data_of_a_text_leave_it_the_same_when_it_is_read_back() {
        let kept = ForeignText::filter("%b\u{1a}94967296^%b\u{1a}2005000967296^");
        assert_eq!(ForeignText::filter(kept.as_str()), kept);
        assert!(!kept.as_str().contains(|c: char| c.is_ascii_digit()), "{kept}");
    }

    #[test]
    fn no_digit_of_track_data_from_outside_is_kept() {
        let kept = ForeignText::filter(";1234567812345678=26121010000012300000?");
        assert!(!kept.as_str().chars().any(|c| c.is_ascii_digit()), "{kept}");
    }

    #[test]
    fn a_text_in_the_journal_is_filtered_again_when_it_is_read() {
        let text: ForeignText = serde_json::from_str(&format!("\"paid with {CARD}\"")).unwrap();
        assert_eq!(text.as_str(), "paid with ****************");
        assert!(serde_json::from_str::<TypedText>(&format!("\"paid with {CARD}\"")).is_err());
    }

    #[test]
    fn a_typed_text_with_card_data_is_refused_without_repeating_it() {
        for (text, error) in [
            ("", TypedTextError::Empty),
            (" \n", TypedTextError::Empty),
            ("customer's card 4155 6501 0041 6111", TypedTextError::CardNumber),
            (";4155650100416111=26121010000012300000?", TypedTextError::TrackData),
            ("%B4155650100416111^YILMAZ/AYSE^2612101000000?", TypedTextError::TrackData),
            ("a\u{202e}b", TypedTextError::Invisible { position: 2 }),
            ("a\u{7}b", TypedTextError::Invisible { position: 2 }),
            (&"a".repeat(31), TypedTextError::TooLong { max: 30 }),
        ] {
            let refused = TypedText::parse(text, 30).unwrap_err();
            assert_eq!(refused, error, "{text:?}");
            assert!(!refused.to_string().contains("4155"));
        }
        let typed = TypedText::parse(" Müşteri\nvazgeçti ", 30).unwrap();
        assert_eq!((typed.as_str(), typed.to_string().as_str()), ("Müşteri vazgeçti", "Müşteri vazgeçti"));
        assert!(TypedText::parse(&"a".repeat(30), 30).is_ok(), "as many as the field holds");
        assert_eq!(TypedText::parse(&"a".repeat(301), usize::MAX), Err(TypedTextError::TooLong { max: 300 }));
    }

    /// Text that is likely to hold card numbers in some disguise.
    fn disguised() -> impl Strategy<Value = String> {
        let card = (prop::sample::select(sieve::PUBLISHED.to_vec()), "[ ./_,|+'\u{a0}\u{2013}-]{0,3}", prop::bool::ANY)
            .prop_map(|(number, between, arabic)| {
                let digit = |c: char| if arabic { char::from_u32(0x660 + c.to_digit(10).unwrap()).unwrap() } else { c };
                number.chars().map(|c| digit(c).to_string()).collect::<Vec<_>>().join(&between)
            });
        let piece =
            prop_oneof![3 => card, 2 => "[0-9]{1,25}", 2 => "[0-9 .-]{1,30}", 2 => ".{0,40}", 1 => "(%3[0-9]){1,20}"];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn no_card_number_survives_the_filter(text in disguised()) {
            let kept = ForeignText::filter(&text);
            prop_assert!(kept.as_str().chars().count() <= MAX_TEXT_CHARS);
            prop_assert!(!sieve::any_stretch_passes(kept.as_str()), "{}", kept);
            prop_assert!(!kept.as_str().chars().any(is_invisible));
            prop_assert_eq!(ForeignText::filter(kept.as_str()), kept);
        }

        #[test]
        fn a_typed_text_that_is_taken_holds_no_card_number(text in disguised()) {
            if let Ok(taken) = TypedText::parse(&text, MAX_TEXT_CHARS) {
                prop_assert!(!contains_card_number(taken.as_str()));
                prop_assert_eq!(TypedText::parse(taken.as_str(), MAX_TEXT_CHARS), Ok(taken));
            }
        }

        #[test]
        fn text_without_thirteen_digits_is_kept_whole(text in "[a-zçğıöşü0-9][a-zçğıöşü ]{0,100}[0-9]{0,11}[a-z]") {
            // Beside the security code's name, three digits are enough.
            prop_assume!(!text.contains("cv"));
            let kept = ForeignText::filter(&text);
            prop_assert_eq!(kept.as_str(), text);
        }
    }
}
