//! Cards: what is typed, what may be kept of it, and what must never be.

mod bin;
mod brand;
mod cvc;
mod expiry;
mod holder;
pub(crate) mod luhn;
mod number;

use serde::{Deserialize, Serialize};

pub use bin::{Bin, BinError, LastFour, LastFourError};
pub use brand::{Brand, BrandRules, NumberLength, PrefixRange, table};
pub use cvc::Cvc;
pub use expiry::Expiry;
pub use holder::CardHolder;
pub use number::{CardNumber, CardSummary, MaskedNumber};

/// Everything a card payment needs of the card, from Pay to the pay answer. Debug output shows the masked number only.
#[derive(Debug)]
pub struct CardDetails {
    /// The number.
    pub number: CardNumber,
    /// The name on the card.
    pub holder: CardHolder,
    /// The month in which it ends.
    pub expiry: Expiry,
    /// The security code.
    pub cvc: Cvc,
}

/// A field of the card, to put the focus on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardField {
    /// The card number.
    Number,
    /// The holder's name.
    Holder,
    /// The month and year.
    Expiry,
    /// The security code.
    Cvc,
}

/// Why card data is not taken. No variant carries anything of the card but its brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum CardError {
    /// Neither digit nor space nor hyphen.
    #[error("The card number may hold only digits, spaces and hyphens.")]
    NumberOddCharacter,
    /// Fewer than 12 digits.
    #[error("The card number is too short.")]
    NumberTooShort,
    /// More than 19 digits.
    #[error("The card number is too long.")]
    NumberTooLong,
    /// Not a length of its brand.
    #[error("The card number has a wrong number of digits for {brand}.")]
    NumberLength {
        /// The brand its first digits tell.
        brand: Brand,
    },
    /// Luhn fails.
    #[error("The card number is mistyped: its check digit is wrong.")]
    NumberCheckDigit,
    /// Not 2 to 60 characters.
    #[error("The holder's name has 2 to 60 characters.")]
    HolderLength,
    /// Something other than letters, spaces and `. ' -`.
    #[error("The holder's name may hold only letters, spaces, full stops, apostrophes and hyphens.")]
    HolderOddCharacter,
    /// A card number or track data where the name belongs.
    #[error("The holder's name holds what looks like card data; it belongs in the card number's field.")]
    HolderHoldsCardData,
    /// Not in one of the usual forms.
    #[error("The expiry date is written as month and year, such as 12/26.")]
    ExpiryUnreadable,
    /// Not 1 to 12.
    #[error("The expiry month is a number from 1 to 12.")]
    ExpiryMonth,
    /// Not of this century.
    #[error("The expiry year is not a year of this century.")]
    ExpiryYear,
    /// Before this month.
    #[error("The card has expired.")]
    ExpiryPast,
    /// More than 20 years ahead.
    #[error("The expiry date is more than 20 years ahead.")]
    ExpiryTooFar,
    /// Not digits.
    #[error("The security code may hold only digits.")]
    CvcOddCharacter,
    /// Not as many digits as the brand's codes have.
    #[error("The security code has a wrong number of digits for {brand}.")]
    CvcLength {
        /// The brand of the card.
        brand: Brand,
    },
}

impl CardError {
    /// The field that is wrong.
    #[must_use]
    pub const fn field(&self) -> CardField {
        match self {
            Self::NumberOddCharacter
            | Self::NumberTooShort
            | Self::NumberTooLong
            | Self::NumberLength { .. }
            | Self::NumberCheckDigit => CardField::Number,
            Self::HolderLength | Self::HolderOddCharacter | Self::HolderHoldsCardData => CardField::Holder,
            Self::ExpiryUnreadable | Self::ExpiryMonth | Self::ExpiryYear | Self::ExpiryPast | Self::ExpiryTooFar => {
                CardField::Expiry
            }
            Self::CvcOddCharacter | Self::CvcLength { .. } => CardField::Cvc,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_of_card_details_shows_nothing_that_may_not_be_kept() {
        let number = CardNumber::parse("4155650100416111").unwrap();
        let cvc = Cvc::parse("987", number.brand()).unwrap();
        let holder = CardHolder::parse("Ayşe Yılmaz").unwrap();
        let details = CardDetails { number, holder, expiry: Expiry::parse(7, 2029).unwrap(), cvc };
        let shown = format!("{details:?}");
        for secret in ["4155650100416111", "987", "Ayşe", "2029"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("415565******6111"));
    }

    #[test]
    fn an_error_names_its_field_for_the_screen() {
        assert_eq!(CardNumber::parse("1").unwrap_err().field(), CardField::Number);
        assert_eq!(CardHolder::parse("1").unwrap_err().field(), CardField::Holder);
        assert_eq!(Expiry::parse(0, 0).unwrap_err().field(), CardField::Expiry);
        assert_eq!(Cvc::parse("1", Brand::Visa).unwrap_err().field(), CardField::Cvc);
        let error = CardError::CvcLength { brand: Brand::Amex };
        assert_eq!(serde_json::to_string(&error).unwrap(), r#"{"code":"cvc_length","brand":"amex"}"#);
        assert_eq!(error.to_string(), "The security code has a wrong number of digits for American Express.");
    }
}
