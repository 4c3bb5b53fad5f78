//! The desk's own booking numbers, and which part of a booking a payment is.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use crate::text::{TypedTextError, fold, is_invisible, refuse_card_data, serde_as_text};

/// The most characters of a reference.
const MAX_CHARS: usize = 64;

/// The desk's own booking number, as typed but trimmed and with one space for any white space: 1 to 64 characters, no
/// control characters, no card data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference(String);

/// Why a text is no reference. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Nothing that can be seen.
    #[error("The reference is missing.")]
    Empty,
    /// More than 64 characters.
    #[error("The reference is longer than {MAX_CHARS} characters.")]
    TooLong,
    /// A character that cannot be seen could make two references look the same.
    #[error("The reference holds a control character or an invisible one at character {position}.")]
    Invisible {
        /// Counted from 1, without the white space before the reference.
        position: usize,
    },
    /// A card number or what a card reader types.
    #[error("The reference holds what looks like card data; card data is never written down.")]
    CardData,
}

impl Reference {
    /// The reference as it is shown and printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the duplicate guard compares: however a reference is written, it has one key.
    #[must_use]
    pub fn key(&self) -> ReferenceKey {
        ReferenceKey::of(&self.0)
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reference = one_space(text);
        // As it was typed and as it is kept: one space for many can bring the groups of a card number close together.
        for text in [text, reference.as_str()] {
            match refuse_card_data(text) {
                Ok(()) => {}
                Err(TypedTextError::CardNumber | TypedTextError::TrackData | TypedTextError::SecurityCode) => {
                    return Err(ReferenceError::CardData);
                }
                Err(TypedTextError::Empty | TypedTextError::TooLong { .. } | TypedTextError::Invisible { .. }) => {}
            }
        }
        let unseen = |c: char| is_invisible(c) && !c.is_whitespace();
        if let Some(place) = text.trim().chars().position(unseen) {
            return Err(ReferenceError::Invisible { position: place.saturating_add(1) });
        }
        if reference.chars().count() > MAX_CHARS {
            return Err(ReferenceError::TooLong);
        }
        // Marks alone leave no key, and all such references would be one.
        if ReferenceKey::of(&reference).0.is_empty() {
            return Err(ReferenceError::Empty);
        }
        Ok(Self(reference))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_text!(Reference);

/// A reference without what does not tell two bookings apart: case, accents, the Turkish dots, full width. Two
/// references with the same key are the same booking to the duplicate guard, over all accounts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReferenceKey(String);

impl ReferenceKey {
    fn of(text: &str) -> Self {
        Self(one_space(&fold(text)))
    }

    /// The key as text, for an index.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ReferenceKey {
    type Err = Infallible;

    /// Folds again, so that no text stands as a key that folding would not give.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::of(text))
    }
}

impl fmt::Display for ReferenceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_text!(ReferenceKey);

fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a further payment under one reference is for. `Option<Part>`: none is the whole, or was not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The rental itself.
    Rental,
    /// A deposit.
    Deposit,
    /// Something extra: another day, fuel, a fine.
    Extra,
    /// A part by number.
    Number(PartNumber),
}

/// The number of a part: 1 to 99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartNumber(u8);

impl PartNumber {
    /// The number, if it is 1 to 99.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        match number {
            1..=99 => Some(Self(number)),
            _ => None,
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// The text names no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A part is rental, deposit, extra or a number from 1 to 99.")]
pub struct PartError;

impl FromStr for Part {
    type Err = PartError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "rental" => Ok(Self::Rental),
            "deposit" => Ok(Self::Deposit),
            "extra" => Ok(Self::Extra),
            // One text for each part: no sign, no leading zero.
            number if number.starts_with(|c: char| matches!(c, '1'..='9')) => {
                number.parse().ok().and_then(PartNumber::new).map(Self::Number).ok_or(PartError)
            }
            _ => Err(PartError),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rental => f.pad("rental"),
            Self::Deposit => f.pad("deposit"),
            Self::Extra => f.pad("extra"),
            Self::Number(number) => fmt::Display::fmt(&number.0, f),
        }
    }
}

serde_as_text!(Part);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str) -> ReferenceKey {
        text.parse::<Reference>().unwrap().key()
    }

    #[test]
    fn a_reference_is_shown_as_typed_with_single_spaces() {
        let reference: Reference = "  Rez\u{a0}\u{a0} 2026\t17 ".parse().unwrap();
        assert_eq!((reference.as_str(), reference.to_string().as_str()), ("Rez 2026 17", "Rez 2026 17"));
        assert_eq!(reference.key().to_string(), reference.key().as_str());
        assert_eq!(reference.key().as_str(), "rez 2026 17");
    }

    #[test]
    fn the_duplicate_guard_is_not_fooled_by_another_way_of_writing() {
        for other in [
            "ıĞDIR 5",
            "IGDIR 5",
            "iğdir 5",
            "İgdir  5",
            "igdir\u{3000}5",
            "ＩＧＤＩＲ ５",
            "i\u{307}gdir 5",
            "igdir ٥",
        ] {
            assert_eq!(key(other), key("iğdır 5"), "{other}");
        }
        assert_ne!(key("igdir 5"), key("igdir 6"));
        assert_ne!(key("igdir 5"), key("igdir5"));
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for (text, error) in [
            ("", ReferenceError::Empty),
            (" \t", ReferenceError::Empty),
            ("\u{301}", ReferenceError::Empty),
            ("R\u{200b}1", ReferenceError::Invisible { position: 2 }),
            (" R1\u{0}", ReferenceError::Invisible { position: 3 }),
            ("card 4155-6501-0041-6111", ReferenceError::CardData),
            (";1234567812345678=2612101?", ReferenceError::CardData),
            (&"ş".repeat(65), ReferenceError::TooLong),
        ] {
            assert_eq!(text.parse::<Reference>(), Err(error), "{text:?}");
        }
        assert!("ş".repeat(64).parse::<Reference>().is_ok());
    }

    #[test]
    fn a_card_number_whose_groups_stand_far_apart_is_refused_before_it_is_written() {
        for text in
            ["4155    6501    0041    6111", "4155\t\t\t\t6501\u{a0}\u{a0}\u{a0}\u{a0}00416111", "%B415\r66111^^"]
        {
            assert_eq!(text.parse::<Reference>(), Err(ReferenceError::CardData), "{text:?}");
        }
    }

    #[test]
    fn a_part_is_named_or_numbered_from_1_to_99() {
        for text in ["rental", "deposit", "extra", "1", "99"] {
            assert_eq!(text.parse::<Part>().unwrap().to_string(), text);
        }
        assert_eq!(PartNumber::new(7).map(PartNumber::get), Some(7));
        for text in ["", "0", "100", "01", "+1", "Rental", "part 1", "-1", "999", "1x"] {
            assert_eq!(text.parse::<Part>(), Err(PartError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_reference_and_its_key_survive_their_text(text in ".{0,80}") {
            if let Ok(reference) = text.parse::<Reference>() {
                prop_assert_eq!(reference.as_str().parse(), Ok(reference.clone()));
                prop_assert_eq!(reference.key().as_str().parse(), Ok(reference.key()));
            }
        }
    }
}
