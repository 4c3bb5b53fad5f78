//! The name on the card.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::CardError;
use crate::text::refuse_card_data;

/// The cardholder's name: 2 to 60 characters, letters of any script, spaces and `. ' -`, trimmed, one space for several.
/// Personal data: debug output hides it, it is not serialised, and it is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct CardHolder(Zeroizing<String>);

impl CardHolder {
    /// Reads a name as typed.
    ///
    /// # Errors
    /// When it is too short or too long, holds other characters, or holds card data.
    pub fn parse(text: &str) -> Result<Self, CardError> {
        // First, because a card number in this field deserves its own words.
        if refuse_card_data(text).is_err() {
            return Err(CardError::HolderHoldsCardData);
        }
        // Composed, because a letter and its mark typed apart are one letter on the card.
        let name: Zeroizing<String> = Zeroizing::new(text.nfc().collect());
        let name = Zeroizing::new(name.split_whitespace().collect::<Vec<_>>().join(" "));
        if !(2..=60).contains(&name.chars().count()) {
            return Err(CardError::HolderLength);
        }
        let allowed = |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | '\'' | '\u{2019}' | '-');
        if !name.chars().all(allowed) || !name.contains(char::is_alphabetic) {
            return Err(CardError::HolderOddCharacter);
        }
        Ok(Self(name))
    }

    /// The name. For the pay request, the receipt and the journal's table of names; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CardHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardHolder(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_with_turkish_letters_and_single_spaces() {
        for (text, name) in [
            ("  Ayşe  IŞIK ", "Ayşe IŞIK"),
            ("İ. ÖĞÜT-ÇELİK", "İ. ÖĞÜT-ÇELİK"),
            ("S\u{327}ule O'Neil", "Şule O'Neil"),
            ("Li", "Li"),
        ] {
            assert_eq!(CardHolder::parse(text).unwrap().expose(), name);
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for (text, error) in [
            ("", CardError::HolderLength),
            ("A", CardError::HolderLength),
            (&"a".repeat(61), CardError::HolderLength),
            ("Ayşe 2", CardError::HolderOddCharacter),
            ("--", CardError::HolderOddCharacter),
            ("Ayşe\u{202e}Yılmaz", CardError::HolderOddCharacter),
            ("4155 6501 0041 6111", CardError::HolderHoldsCardData),
            ("%B1234567812345678^YILMAZ/AYSE^2612?", CardError::HolderHoldsCardData),
        ] {
            assert_eq!(CardHolder::parse(text).unwrap_err(), error, "{text:?}");
        }
    }
}
