//! The card number, from entry to the pay request.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Bin, Brand, CardError, LastFour, luhn};

/// The fewest and the most digits any brand has.
const FEWEST_DIGITS: usize = 12;
const MOST_DIGITS: usize = 19;

/// A whole card number, checked: a length its brand allows, and Luhn.
///
/// It can't be cloned, serialised or displayed, and debug output is masked. Its digits lie in one allocation of fixed
/// size, which moving the value does not copy, and which is wiped when it is dropped.
pub struct CardNumber {
    digits: Zeroizing<String>,
    /// Kept of the same digits, so that nothing needs the whole number to show the card.
    summary: CardSummary,
}

/// What may be kept and shown of a card.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CardSummary {
    /// The brand.
    pub brand: Brand,
    /// The first six digits; the first eight of numbers of sixteen digits and more.
    pub bin: Bin,
    /// The last four digits.
    pub last_four: LastFour,
}

/// A card number with its middle digits as stars: `415565******6111`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct MaskedNumber(String);

impl CardNumber {
    /// Reads a number as typed: ASCII digits with spaces and hyphens anywhere.
    ///
    /// # Errors
    /// When there is anything else in it, its brand has no numbers of that length, or the check digit is wrong. No
    /// error repeats a digit.
    pub fn parse(text: &str) -> Result<Self, CardError> {
        // One allocation that never grows: growing would leave a copy behind that nothing wipes.
        let mut digits = Zeroizing::new(String::with_capacity(MOST_DIGITS));
        for c in text.chars() {
            match c {
                '0'..='9' if digits.len() == MOST_DIGITS => return Err(CardError::NumberTooLong),
                '0'..='9' => digits.push(c),
                ' ' | '-' => {}
                _ => return Err(CardError::NumberOddCharacter),
            }
        }
        if digits.len() < FEWEST_DIGITS {
            return Err(CardError::NumberTooShort);
        }
        let brand = Brand::of_prefix(&digits);
        if !brand.allows_digits(digits.len()) {
            return Err(CardError::NumberLength { brand });
        }
        if !luhn::passes_text(&digits) {
            return Err(CardError::NumberCheckDigit);
        }
        let summary = summary_of(&digits, brand).ok_or(CardError::NumberTooShort)?;
        Ok(Self { digits, summary })
    }

    /// All digits. Only a gateway's `wire.rs` may call this, while it writes the body of the pay request into a wiped
    /// buffer; and the till, to compare nothing but to hand the number on.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.digits
    }

    /// The brand.
    #[must_use]
    pub fn brand(&self) -> Brand {
        self.summary.brand
    }

    /// The first six digits.
    #[must_use]
    pub fn bin6(&self) -> Bin {
        self.summary.bin.first_six()
    }

    /// The first eight digits of a number that has sixteen or more: of a shorter one, eight and the last four would
    /// leave too little unknown.
    #[must_use]
    pub fn bin8(&self) -> Option<Bin> {
        (self.summary.bin.as_str().len() == 8).then_some(self.summary.bin)
    }

    /// The last four digits.
    #[must_use]
    pub fn last_four(&self) -> LastFour {
        self.summary.last_four
    }

    /// The number with all but the first six and the last four digits as stars.
    #[must_use]
    pub fn masked(&self) -> MaskedNumber {
        let hidden = self.digits.len().saturating_sub(10);
        MaskedNumber(format!("{}{}{}", self.bin6(), "*".repeat(hidden), self.last_four()))
    }

    /// What may be kept and shown of the card.
    #[must_use]
    pub fn summary(&self) -> CardSummary {
        self.summary.clone()
    }
}

fn summary_of(digits: &str, brand: Brand) -> Option<CardSummary> {
    let kept_first = if digits.len() >= 16 { 8 } else { 6 };
    let bin = Bin::parse(digits.get(..kept_first)?).ok()?;
    let last_four = LastFour::parse(digits.get(digits.len().checked_sub(4)?..)?).ok()?;
    Some(CardSummary { brand, bin, last_four })
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardNumber({})", self.masked())
    }
}

impl MaskedNumber {
    /// The masked number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MaskedNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for MaskedNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_published_test_card_is_taken_and_masked() {
        for card in crate::text::PUBLISHED_CARDS {
            let number = CardNumber::parse(card).unwrap();
            assert_eq!(number.expose(), card);
            assert_ne!(number.brand(), Brand::Other, "{card}");
            let (first, last) = (&card[..6], &card[card.len() - 4..]);
            assert_eq!(format!("{number:?}"), format!("CardNumber({first}{}{last})", "*".repeat(card.len() - 10)));
        }
        let number = CardNumber::parse("4155-6501 0041 6111").unwrap();
        assert_eq!(number.masked().to_string(), "415565******6111");
        assert_eq!(number.expose(), "4155650100416111");
    }

    #[test]
    fn eight_digits_are_kept_only_of_sixteen_and_more() {
        let sixteen = CardNumber::parse("9792096695823360").unwrap();
        assert_eq!(sixteen.bin8(), Some(Bin::parse("97920966").unwrap()));
        assert_eq!(sixteen.bin6().as_str(), "979209");
        let amex = CardNumber::parse("374427000000003").unwrap();
        assert_eq!((amex.bin8(), amex.bin6().as_str()), (None, "374427"));
        assert_eq!(amex.masked().as_str(), "374427*****0003");
        assert_eq!(
            serde_json::to_string(&amex.summary()).unwrap(),
            r#"{"brand":"amex","bin":"374427","last_four":"0003"}"#
        );
    }

    #[test]
    fn the_shortest_and_the_longest_numbers_are_taken() {
        let maestro = CardNumber::parse("675900000000").unwrap();
        assert_eq!((maestro.brand(), maestro.last_four().as_str()), (Brand::Maestro, "0000"));
        assert_eq!(CardNumber::parse("4111111111111111110").unwrap().brand(), Brand::Visa);
    }

    #[test]
    fn a_number_that_cannot_be_one_is_refused_with_the_reason() {
        for (text, error) in [
            ("", CardError::NumberTooShort),
            ("41556501004", CardError::NumberTooShort),
            ("41556501004161111111", CardError::NumberTooLong),
            ("4155650100416112", CardError::NumberCheckDigit),
            ("415565010041611", CardError::NumberLength { brand: Brand::Visa }),
            ("3744270000000003", CardError::NumberLength { brand: Brand::Amex }),
            ("４155650100416111", CardError::NumberOddCharacter),
            ("4155.6501.0041.6111", CardError::NumberOddCharacter),
        ] {
            assert_eq!(CardNumber::parse(text).unwrap_err(), error, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_typed_text_grows_the_buffer_or_repeats_a_digit(text in "[0-9 -]{0,40}") {
            match CardNumber::parse(&text) {
                Ok(number) => prop_assert_eq!(number.digits.capacity(), MOST_DIGITS),
                Err(error) => prop_assert!(!text.contains(|c: char| c.is_ascii_digit()) || !error.to_string().contains(text.trim())),
            }
        }
    }
}
