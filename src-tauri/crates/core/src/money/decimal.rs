//! Amounts as gateways write them: decimal numbers, read digit by digit and never through a float.

use rust_decimal::Decimal;

use super::{Currency, Money};

/// No gateway writes an amount longer than this many characters; a longer text is not an amount.
const MAX_TEXT_CHARS: usize = 64;

/// Why a decimal number is not an amount of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The text is not a number as JSON writes numbers.
    #[error("The amount is not written as a number, such as 545.00.")]
    NotANumber,
    /// The number is finer than the currency's minor unit; it is never rounded.
    #[error("The amount has more decimals than the {} that {currency} has, and amounts are never rounded.", .currency.exponent())]
    TooFine {
        /// The currency whose minor unit is too coarse.
        currency: Currency,
    },
    /// The number is larger than any amount that can be counted.
    #[error("The amount is too large to be counted.")]
    TooLarge,
}

impl Money {
    /// Reads a number as JSON writes it (`545`, `54500.0000`, `1500.500`, `-0.05`, `5.45e2`) in units of the currency,
    /// exactly.
    ///
    /// # Errors
    /// When the text is no such number, when it does not fit the minor unit without rounding, or when it is too large.
    pub fn from_decimal_text(text: &str, currency: Currency) -> Result<Self, AmountError> {
        if text.len() > MAX_TEXT_CHARS {
            return Err(AmountError::NotANumber);
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let number = Number::read(unsigned).ok_or(AmountError::NotANumber)?;
        let magnitude = number.in_minor_units(currency)?;
        let signed = if negative { magnitude.checked_neg() } else { Some(magnitude) };
        let minor = signed.and_then(|value| i64::try_from(value).ok()).ok_or(AmountError::TooLarge)?;
        Ok(Self::from_minor(minor, currency))
    }

    /// The amount in units of its currency, without superfluous zeros: 545 for 545.00 TRY.
    #[must_use]
    pub fn to_decimal(&self) -> Decimal {
        Decimal::new(self.minor(), u32::from(self.currency().exponent())).normalize()
    }

    /// The amount as it is written into a request to a gateway that takes decimals: `545.00`, `1000` for JPY. A valid
    /// JSON number.
    #[must_use]
    pub fn gateway_decimal_text(&self) -> String {
        self.amount_text()
    }
}

/// A number's digits without its point, and the power of ten they count.
struct Number {
    digits: String,
    power: i32,
}

impl Number {
    /// By the grammar of JSON numbers, the sign already taken.
    fn read(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if is_digits(fraction) => (whole, fraction),
            Some(_) => return None,
            None => (mantissa, ""),
        };
        if !is_digits(whole) || (whole.len() > 1 && whole.starts_with('0')) {
            return None;
        }
        let power = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        Some(Self { digits: format!("{whole}{fraction}"), power })
    }

    fn in_minor_units(&self, currency: Currency) -> Result<i128, AmountError> {
        let significant = self.digits.trim_start_matches('0');
        let trimmed = significant.trim_end_matches('0');
        if trimmed.is_empty() {
            return Ok(0);
        }
        let zeros = i32::try_from(significant.len().saturating_sub(trimmed.len())).unwrap_or(i32::MAX);
        let shift = self.power.saturating_add(zeros).saturating_add(i32::from(currency.exponent()));
        let shift = u32::try_from(shift).map_err(|_| AmountError::TooFine { currency })?;
        let value: i128 = trimmed.parse().map_err(|_| AmountError::TooLarge)?;
        10_i128.checked_pow(shift).and_then(|factor| value.checked_mul(factor)).ok_or(AmountError::TooLarge)
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// At most four digits: nothing larger can belong to an amount, and it keeps the sums below far from their ends.
fn read_exponent(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if !is_digits(digits) || digits.len() > 4 {
        return None;
    }
    digits.parse::<i32>().ok()?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_gateways_decimals_are_read_exactly() {
        for (text, currency, minor) in [
            ("54500.0000", Currency::TRY, 5_450_000),
            ("1500.500", Currency::TRY, 150_050),
            ("5.45e2", Currency::TRY, 54_500),
            ("5.45E+2", Currency::TRY, 54_500),
            ("54500e-2", Currency::TRY, 54_500),
            ("0.0000", Currency::TRY, 0),
            ("0e9999", Currency::TRY, 0),
            ("-0.05", Currency::TRY, -5),
            ("-0", Currency::TRY, 0),
            ("545", Currency::TRY, 54_500),
            ("1000.0", Currency::JPY, 1_000),
            ("1.5005", Currency::CLF, 15_005),
            ("1.500", Currency::KWD, 1_500),
            ("0.1", Currency::TRY, 10),
            ("92233720368547758.07", Currency::TRY, i64::MAX),
            ("-92233720368547758.08", Currency::TRY, i64::MIN),
        ] {
            assert_eq!(Money::from_decimal_text(text, currency), Ok(Money::from_minor(minor, currency)), "{text}");
        }
    }

    #[test]
    fn what_would_need_rounding_is_an_error() {
        for (text, currency) in [("1500.505", Currency::TRY), ("0.5", Currency::JPY), ("1e-3", Currency::TRY)] {
            assert_eq!(Money::from_decimal_text(text, currency), Err(AmountError::TooFine { currency }), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_counted_is_an_error() {
        for text in ["92233720368547758.08", "1e30", "1e9999", "-92233720368547758.09"] {
            assert_eq!(Money::from_decimal_text(text, Currency::TRY), Err(AmountError::TooLarge), "{text}");
        }
    }

    #[test]
    fn a_number_as_long_as_may_be_is_read() {
        let text = format!("5.{}", "0".repeat(62));
        assert_eq!(
            (text.len(), Money::from_decimal_text(&text, Currency::TRY)),
            (64, Ok(Money::from_minor(500, Currency::TRY)))
        );
    }

    #[test]
    fn what_json_does_not_call_a_number_is_refused() {
        let long = "1".repeat(65);
        for text in [
            "", "-", "+5", ".5", "5.", "05", "1,5", "1 500", "5e", "5e+", "e5", "1.2.3", "NaN", "--5", "٥", "5e12345",
            "\"5\"", &long,
        ] {
            assert_eq!(Money::from_decimal_text(text, Currency::TRY), Err(AmountError::NotANumber), "{text}");
        }
    }

    #[test]
    fn an_amount_is_written_for_a_gateway_as_a_json_number() {
        let money = Money::from_minor(54_500, Currency::TRY);
        assert_eq!(money.gateway_decimal_text(), "545.00");
        assert_eq!(money.to_decimal().to_string(), "545");
        assert_eq!(Money::from_minor(5, Currency::TRY).to_decimal().to_string(), "0.05");
    }

    proptest! {
        #[test]
        fn every_amount_survives_its_decimal_text(minor: i64, place in 0..Currency::EVERY.len()) {
            let money = Money::from_minor(minor, Currency::EVERY[place]);
            prop_assert_eq!(Money::from_decimal_text(&money.gateway_decimal_text(), money.currency()), Ok(money));
            prop_assert_eq!(Money::from_decimal_text(&money.to_decimal().to_string(), money.currency()), Ok(money));
        }

        #[test]
        fn no_text_makes_reading_fail_otherwise(text in ".{0,80}") {
            let _ = Money::from_decimal_text(&text, Currency::TRY);
        }

        #[test]
        fn zeros_behind_the_point_change_nothing(minor in 0..i64::MAX, zeros in 0_usize..20) {
            let money = Money::from_minor(minor, Currency::TRY);
            let text = format!("{}{}", money.amount_text(), "0".repeat(zeros));
            prop_assert_eq!(Money::from_decimal_text(&text, Currency::TRY), Ok(money));
        }
    }
}
