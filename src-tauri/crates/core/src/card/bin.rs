//! The parts of a card number that may be kept: its first six or eight digits and its last four.

use std::fmt;
use std::str::FromStr;

use super::Brand;
use crate::text::serde_as_text;

/// The first six or eight digits of a card number: the issuer, not the card.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bin(Digits<8>);

/// The last four digits of a card number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LastFour(Digits<4>);

/// The text is no BIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The first digits of a card are exactly six or eight digits.")]
pub struct BinError;

/// The text is not the last four digits of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The last digits of a card are exactly four digits.")]
pub struct LastFourError;

impl Bin {
    /// Reads six or eight digits.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(text: &str) -> Result<Self, BinError> {
        if !matches!(text.len(), 6 | 8) {
            return Err(BinError);
        }
        Digits::read(text).map(Self).ok_or(BinError)
    }

    /// The digits as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The first six of them.
    #[must_use]
    pub fn first_six(&self) -> Self {
        Self(self.0.cut(6))
    }

    /// The brand they tell.
    #[must_use]
    pub fn brand(&self) -> Brand {
        Brand::of_prefix(self.as_str())
    }
}

impl LastFour {
    /// Reads four digits.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(text: &str) -> Result<Self, LastFourError> {
        if text.len() != 4 {
            return Err(LastFourError);
        }
        Digits::read(text).map(Self).ok_or(LastFourError)
    }

    /// The digits as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// At most `N` ASCII digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Digits<const N: usize> {
    /// Digits, then zero bytes, which sort before digits.
    bytes: [u8; N],
    count: usize,
}

impl<const N: usize> Digits<N> {
    fn read(text: &str) -> Option<Self> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut bytes = [0; N];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { bytes, count: text.len() })
    }

    fn as_str(&self) -> &str {
        // Digits are ASCII and `count` is never above N, so the fallback is never taken.
        self.bytes.get(..self.count).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn cut(mut self, count: usize) -> Self {
        self.count = self.count.min(count);
        self.bytes.get_mut(self.count..).unwrap_or_default().fill(0);
        self
    }
}

macro_rules! digits_as_text {
    ($name:ident, $error:ident) => {
        impl FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        serde_as_text!($name);
    };
}

digits_as_text!(Bin, BinError);
digits_as_text!(LastFour, LastFourError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_has_six_or_eight_digits() {
        let eight = Bin::parse("41556501").unwrap();
        assert_eq!(eight.as_str(), "41556501");
        assert_eq!(eight.first_six(), Bin::parse("415565").unwrap());
        assert_eq!(eight.brand(), Brand::Visa);
        for text in ["", "41556", "4155650", "415565010", "41556a", "４１", " 415565"] {
            assert_eq!(Bin::parse(text), Err(BinError), "{text}");
        }
    }

    #[test]
    fn only_checked_digits_come_in_by_json() {
        assert_eq!(serde_json::to_string(&Bin::parse("415565").unwrap()).unwrap(), "\"415565\"");
        assert!(serde_json::from_str::<Bin>("\"4155650100416111\"").is_err());
        assert_eq!(serde_json::from_str::<LastFour>("\"6111\"").unwrap().as_str(), "6111");
        for text in ["", "611", "61111", "61a1", "é11"] {
            assert_eq!(LastFour::parse(text), Err(LastFourError), "{text}");
        }
    }
}
