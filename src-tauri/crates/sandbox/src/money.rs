//! Amounts as the two documents write them: integers in minor units, or decimals with up to four places.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;

/// The currencies both practice gateways know ("Currencies: TRY, USD, EUR", Yolcu360 document, Payment Methods).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) enum Currency {
    #[serde(rename = "TRY")]
    Try,
    #[serde(rename = "USD")]
    Usd,
    #[serde(rename = "EUR")]
    Eur,
}

impl Currency {
    pub(crate) const ALL: [Currency; 3] = [Currency::Try, Currency::Usd, Currency::Eur];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Currency::Try => "TRY",
            Currency::Usd => "USD",
            Currency::Eur => "EUR",
        }
    }

    /// Finrota's `currencyId` is a string without a documented meaning; the ISO number keeps a client from reading it as a code.
    pub(crate) fn finrota_id(self) -> &'static str {
        match self {
            Currency::Try => "949",
            Currency::Usd => "840",
            Currency::Eur => "978",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Currency> {
        Self::ALL.into_iter().find(|currency| currency.code() == code)
    }
}

/// `154550` as `1545.5000`: four places, as Finrota writes its decimals.
pub(crate) fn four_places(minor: i64) -> String {
    let mut amount = Decimal::new(minor, 2);
    amount.rescale(4);
    amount.to_string()
}

/// `154550` as `1545.50`, for a page that a person reads.
pub(crate) fn two_places(minor: i64) -> String {
    Decimal::new(minor, 2).to_string()
}

/// A JSON number with four places, written as text so that no float ever holds it.
pub(crate) fn raw_amount(minor: i64) -> Box<RawValue> {
    raw(four_places(minor))
}

/// A JSON value from text that is known to be JSON; anything else becomes `null`.
pub(crate) fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Reads a decimal of up to four places into minor units.
///
/// # Errors
/// A sentence that says what is wrong: not a decimal, too many places, zero, or a part smaller than the minor unit.
pub(crate) fn minor_units(text: &str) -> Result<i64, String> {
    let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(places) {
        return Err(format!("must be a decimal such as 1500.50, got \"{text}\""));
    }
    if places.len() > 4 {
        return Err(format!("must have at most 4 decimal places, got {}", places.len()));
    }
    let amount = Decimal::from_str(text).map_err(|_| "is out of range".to_owned())?;
    let hundredfold = amount.checked_mul(Decimal::ONE_HUNDRED).ok_or("is out of range")?;
    if !hundredfold.is_integer() {
        return Err("does not fit the currency's minor unit".to_owned());
    }
    let minor = i64::try_from(hundredfold.trunc()).map_err(|_| "is out of range".to_owned())?;
    if minor <= 0 {
        return Err("must be greater than zero".to_owned());
    }
    Ok(minor)
}

/// `minor` with `basis_points` hundredths of a percent added, rounded up to the next minor unit.
pub(crate) fn with_commission(minor: i64, basis_points: i64) -> i64 {
    let scaled = minor.saturating_mul(basis_points.saturating_add(10_000));
    scaled.saturating_add(9_999).checked_div(10_000).unwrap_or(minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finrota_amounts_are_read_exactly_or_refused_with_the_reason() {
        for (text, minor) in [("1500.5000", 150_050), ("1500.5", 150_050), ("54500", 5_450_000), ("0.01", 1)] {
            assert_eq!(minor_units(text), Ok(minor), "{text}");
        }
        for (text, reason) in [
            ("1500,50", "must be a decimal"),
            ("1e3", "must be a decimal"),
            ("-5", "must be a decimal"),
            (".5", "must be a decimal"),
            ("5.", "must be a decimal"),
            ("1.50000", "at most 4"),
            ("1.005", "minor unit"),
            ("0.0000", "greater than zero"),
            ("99999999999999999999", "out of range"),
        ] {
            let refusal = minor_units(text).unwrap_err();
            assert!(refusal.contains(reason), "{text}: {refusal}");
        }
    }

    #[test]
    fn amounts_are_written_with_four_places() {
        assert_eq!(four_places(150_050), "1500.5000");
        assert_eq!(four_places(0), "0.0000");
        assert_eq!(raw_amount(1).get(), "0.0100");
    }
}
