//! Yolcu360's orders.

use std::fmt;
use std::str::FromStr;

use crate::card::{Brand, CardNumber};
use crate::text::serde_as_text;

/// The most characters of an order id.
const MAX_CHARS: usize = 100;

/// Yolcu360's `orderID` (document: "Order ID to process payment for", such as `order_123456789`): 1 to 100 of `A`–`Z`,
/// `a`–`z`, `0`–`9`, `_`, `.`, `:` and `-`, trimmed. It goes into addresses as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(String);

/// Why a text is no order id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderIdError {
    /// Nothing was given.
    #[error("The order id is missing.")]
    Empty,
    /// More than 100 characters.
    #[error("The order id is longer than {MAX_CHARS} characters.")]
    TooLong,
    /// A character that no order id has.
    #[error("An order id has only letters from A to Z, digits and _ . : -, but character {position} is {odd:?}.")]
    OddCharacter {
        /// The character.
        odd: char,
        /// Its place, counted from 1 without the white space before the id.
        position: usize,
    },
    /// A segment that an address would read as "here" or "one up".
    #[error("An order id has at least one letter or digit.")]
    OnlyMarks,
    /// The whole text is a valid number of a known card brand: the wrong field was filled. A number that only contains
    /// one stays allowed, because long numeric ids pass Luhn by chance.
    #[error("This is a card number, not an order id; card numbers are never written down.")]
    CardNumber,
}

impl OrderId {
    /// The id as the gateway knows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrderId {
    type Err = OrderIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = text.trim();
        if id.is_empty() {
            return Err(OrderIdError::Empty);
        }
        // First, so that no other error speaks of a card number's characters.
        if CardNumber::parse(id).is_ok_and(|number| number.brand() != Brand::Other) {
            return Err(OrderIdError::CardNumber);
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-');
        if let Some((place, odd)) = id.chars().enumerate().find(|(_, c)| !allowed(*c)) {
            return Err(OrderIdError::OddCharacter { odd, position: place.saturating_add(1) });
        }
        if id.len() > MAX_CHARS {
            return Err(OrderIdError::TooLong);
        }
        if !id.contains(|c: char| c.is_ascii_alphanumeric()) {
            return Err(OrderIdError::OnlyMarks);
        }
        Ok(Self(id.to_owned()))
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_text!(OrderId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_id_is_taken_trimmed() {
        for text in ["order_123456789", " 0d7b4b2e-3f6a-4c8e-9b1d-2a5c7e9f1b3d\n", "A.1:2", "1732212345674"] {
            let order: OrderId = text.parse().unwrap();
            assert_eq!((order.as_str(), order.to_string().as_str()), (text.trim(), text.trim()));
        }
        assert!("a".repeat(100).parse::<OrderId>().is_ok());
    }

    #[test]
    fn the_odd_character_and_its_place_are_named() {
        let error = " order 1".parse::<OrderId>().unwrap_err();
        assert_eq!(error, OrderIdError::OddCharacter { odd: ' ', position: 6 });
        assert_eq!(
            error.to_string(),
            "An order id has only letters from A to Z, digits and _ . : -, but character 6 is ' '."
        );
        for (text, odd, position) in [("a/b", '/', 2), ("ş", 'ş', 1), ("ab\u{202e}", '\u{202e}', 3), ("a%2Fb", '%', 2)]
        {
            assert_eq!(text.parse::<OrderId>(), Err(OrderIdError::OddCharacter { odd, position }));
        }
    }

    #[test]
    fn what_is_no_order_id_is_refused() {
        for (text, error) in [
            (" ", OrderIdError::Empty),
            ("..", OrderIdError::OnlyMarks),
            ("4155 6501 0041 6111", OrderIdError::CardNumber),
            ("4155650100416111", OrderIdError::CardNumber),
            (&"a".repeat(101), OrderIdError::TooLong),
        ] {
            assert_eq!(text.parse::<OrderId>(), Err(error), "{text}");
        }
        assert!(serde_json::from_str::<OrderId>("\"a b\"").is_err());
    }
}
