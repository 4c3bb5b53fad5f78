//! The security code, which lives until the pay answer and never longer.

use std::fmt;

use zeroize::Zeroizing;

use super::{Brand, CardError};

/// A card's security code: 3 digits, 4 at American Express, either for a brand that is not known. It can't be cloned,
/// serialised or displayed; debug output hides it, and its one allocation is wiped when it is dropped.
pub struct Cvc(Zeroizing<String>);

impl Cvc {
    /// Reads a code for a card of that brand.
    ///
    /// # Errors
    /// When it is not digits, or not as many as the brand's cards have.
    pub fn parse(text: &str, brand: Brand) -> Result<Self, CardError> {
        let text = text.trim();
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CardError::CvcOddCharacter);
        }
        if !brand.allows_cvc_digits(text.len()) {
            return Err(CardError::CvcLength { brand });
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The code. Only a gateway's `wire.rs` may call this, while it writes the body of the pay request into a wiped
    /// buffer.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cvc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_the_digits_of_its_brand() {
        for (text, brand) in
            [("000", Brand::Visa), ("1234", Brand::Amex), ("123", Brand::Other), ("1234", Brand::Other)]
        {
            assert_eq!(Cvc::parse(text, brand).unwrap().expose(), text);
        }
        for (text, brand) in [("1234", Brand::Visa), ("123", Brand::Amex), ("", Brand::Troy), ("12", Brand::Other)] {
            assert_eq!(Cvc::parse(text, brand).unwrap_err(), CardError::CvcLength { brand }, "{text}");
        }
        for text in ["12a", "１２３", "1 2"] {
            assert_eq!(Cvc::parse(text, Brand::Visa).unwrap_err(), CardError::CvcOddCharacter, "{text}");
        }
    }

    #[test]
    fn debug_output_hides_the_code() {
        assert_eq!(format!("{:?}", Cvc::parse("987", Brand::Visa).unwrap()), "***");
    }
}
