//! Amounts of money: whole minor units with their currency. No float exists anywhere on their way.

mod currency;
mod decimal;
pub mod typed;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use currency::{Currency, CurrencyError};
pub use decimal::AmountError;
pub use typed::TypedAmountError;

/// An amount in whole minor units (kuruş, cents; yen for JPY) of one currency. May be negative: a sum of reversals is.
///
/// In JSON `{"minor": 55500, "currency": "TRY"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// That many minor units: `from_minor(55500, TRY)` is 555.00 TRY.
    #[must_use]
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in that currency: where a sum begins.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::from_minor(0, currency)
    }

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(&self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The sum; None if the currencies differ or the sum cannot be counted.
    #[must_use]
    pub fn checked_add(&self, other: Self) -> Option<Self> {
        self.with(other, i64::checked_add)
    }

    /// The difference; None if the currencies differ or it cannot be counted.
    #[must_use]
    pub fn checked_sub(&self, other: Self) -> Option<Self> {
        self.with(other, i64::checked_sub)
    }

    /// The amount `times` over, as in installments × monthly; None if it cannot be counted.
    #[must_use]
    pub fn checked_times(&self, times: u32) -> Option<Self> {
        Some(Self { minor: self.minor.checked_mul(i64::from(times))?, currency: self.currency })
    }

    /// More than nothing.
    #[must_use]
    pub const fn is_positive(&self) -> bool {
        self.minor > 0
    }

    /// Exactly nothing.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.minor == 0
    }

    /// The amount without its currency, with a dot and all decimals: `555.00`, `-0.05`, `1000` (JPY).
    #[must_use]
    pub fn amount_text(&self) -> String {
        let decimals = usize::from(self.currency.exponent());
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", self.minor.unsigned_abs(), width = decimals.saturating_add(1));
        match digits.len().checked_sub(decimals).and_then(|point| digits.split_at_checked(point)) {
            Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
            Some(_) | None => format!("{sign}{digits}"),
        }
    }

    fn with(self, other: Self, count: fn(i64, i64) -> Option<i64>) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Some(Self { minor: count(self.minor, other.minor)?, currency: self.currency })
    }
}

impl fmt::Display for Money {
    /// `555.00 TRY`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount_text(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amount_is_written_with_all_decimals_of_its_currency() {
        for (minor, currency, text) in [
            (55_500, Currency::TRY, "555.00 TRY"),
            (5, Currency::TRY, "0.05 TRY"),
            (0, Currency::TRY, "0.00 TRY"),
            (-5, Currency::EUR, "-0.05 EUR"),
            (1_000, Currency::JPY, "1000 JPY"),
            (1_500, Currency::KWD, "1.500 KWD"),
            (1, Currency::CLF, "0.0001 CLF"),
            (i64::MIN, Currency::TRY, "-92233720368547758.08 TRY"),
        ] {
            assert_eq!(Money::from_minor(minor, currency).to_string(), text);
        }
    }

    #[test]
    fn two_currencies_are_never_added() {
        let lira = Money::from_minor(100, Currency::TRY);
        assert_eq!(lira.checked_add(Money::from_minor(100, Currency::EUR)), None);
        assert_eq!(lira.checked_sub(Money::zero(Currency::EUR)), None);
    }

    #[test]
    fn a_sum_that_cannot_be_counted_is_none() {
        let most = Money::from_minor(i64::MAX, Currency::TRY);
        assert_eq!(most.checked_add(Money::from_minor(1, Currency::TRY)), None);
        assert_eq!(Money::from_minor(i64::MIN, Currency::TRY).checked_sub(Money::from_minor(1, Currency::TRY)), None);
        assert_eq!(most.checked_times(2), None);
        assert_eq!(
            Money::from_minor(18_500, Currency::TRY).checked_times(3),
            Some(Money::from_minor(55_500, Currency::TRY))
        );
    }

    #[test]
    fn only_more_than_nothing_is_positive() {
        assert!(Money::from_minor(1, Currency::TRY).is_positive() && !Money::from_minor(1, Currency::TRY).is_zero());
        assert!(!Money::zero(Currency::TRY).is_positive() && Money::zero(Currency::TRY).is_zero());
        assert!(!Money::from_minor(-1, Currency::TRY).is_positive());
    }

    #[test]
    fn json_holds_whole_minor_units_and_nothing_else() {
        let money = Money::from_minor(55_500, Currency::TRY);
        assert_eq!(serde_json::to_string(&money).unwrap(), r#"{"minor":55500,"currency":"TRY"}"#);
        for text in [r#"{"minor":555.0,"currency":"TRY"}"#, r#"{"minor":1,"currency":"TL"}"#, r#"{"minor":1}"#] {
            assert!(serde_json::from_str::<Money>(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_survives_its_json(minor: i64, place in 0..Currency::EVERY.len()) {
            let money = Money::from_minor(minor, Currency::EVERY[place]);
            let text = serde_json::to_string(&money).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), money);
        }

        #[test]
        fn what_is_added_can_be_taken_away(a in -1_000_000_000_000_i64..1_000_000_000_000, b in -1_000_000_000_000_i64..1_000_000_000_000) {
            let (a, b) = (Money::from_minor(a, Currency::TRY), Money::from_minor(b, Currency::TRY));
            prop_assert_eq!(a.checked_add(b).unwrap().checked_sub(b), Some(a));
        }
    }
}
