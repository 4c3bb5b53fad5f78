//! When a card ends.

use std::fmt;
use std::str::FromStr;

use super::CardError;

/// Cards are issued for a few years; one further ahead than this is a slip of the hand.
const MOST_YEARS_AHEAD: u32 = 20;

/// The month in which a card ends; it is valid to the last day of it. Not kept after the payment, so it can't be
/// serialised and debug output hides it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry {
    year: u16,
    month: u8,
}

impl Expiry {
    /// The month 1 to 12 of a year, written with two digits (26) or four (2026).
    ///
    /// # Errors
    /// When there is no such month, or the year is not of this century.
    pub const fn parse(month: u8, year: u16) -> Result<Self, CardError> {
        if month < 1 || month > 12 {
            return Err(CardError::ExpiryMonth);
        }
        match year {
            0..=99 => Ok(Self { year: year.saturating_add(2000), month }),
            2000..=2099 => Ok(Self { year, month }),
            _ => Err(CardError::ExpiryYear),
        }
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(&self) -> u8 {
        self.month
    }

    /// The year with four digits.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }

    /// Whether the card has ended before today's month (year, month 1 to 12).
    #[must_use]
    pub fn is_past(&self, today: (u16, u8)) -> bool {
        (self.year, self.month) < today
    }

    /// Whether it is more than 20 years after today's month (year, month 1 to 12).
    #[must_use]
    pub fn is_too_far(&self, today: (u16, u8)) -> bool {
        let months = |year: u16, month: u8| u32::from(year).saturating_mul(12).saturating_add(u32::from(month));
        let latest = months(today.0, today.1).saturating_add(MOST_YEARS_AHEAD.saturating_mul(12));
        months(self.year, self.month) > latest
    }

    /// Whether a card that ends then can be taken today (year, month 1 to 12).
    ///
    /// # Errors
    /// When it has ended, or would end more than 20 years ahead.
    pub fn check(&self, today: (u16, u8)) -> Result<(), CardError> {
        if self.is_past(today) {
            Err(CardError::ExpiryPast)
        } else if self.is_too_far(today) {
            Err(CardError::ExpiryTooFar)
        } else {
            Ok(())
        }
    }
}

impl FromStr for Expiry {
    type Err = CardError;

    /// `12/26`, `12/2026`, `1226`, `122026`; spaces are ignored, `-` and `.` stand for `/`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text: String = text.chars().filter(|c| *c != ' ').collect();
        let parts = match text.split_once(['/', '-', '.']) {
            Some((month, year)) if matches!(month.len(), 1 | 2) => Some((month, year)),
            Some(_) => None,
            None => text.split_at_checked(2),
        };
        let (month, year) = parts.ok_or(CardError::ExpiryUnreadable)?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(month) || !digits(year) || !matches!(year.len(), 2 | 4) {
            return Err(CardError::ExpiryUnreadable);
        }
        let month = month.parse().map_err(|_| CardError::ExpiryUnreadable)?;
        Self::parse(month, year.parse().map_err(|_| CardError::ExpiryUnreadable)?)
    }
}

impl fmt::Debug for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Expiry(**/**)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_way_of_writing_gives_the_same_month() {
        for text in ["12/26", "12/2026", "1226", "122026", "12 / 26", "12-26", "12.2026"] {
            assert_eq!(text.parse(), Expiry::parse(12, 2026), "{text}");
        }
        let january: Expiry = "1/27".parse().unwrap();
        assert_eq!((january.month(), january.year()), (1, 2027));
        assert_eq!(Expiry::parse(12, 99).map(|expiry| (expiry.month(), expiry.year())), Ok((12, 2099)));
        for text in
            ["", "12", "126", "12/6", "12/206", "13", "a2/26", "12/٢٦", "012/26", "/26", "12/", "+1/26", "12/+6"]
        {
            assert_eq!(text.parse::<Expiry>(), Err(CardError::ExpiryUnreadable), "{text}");
        }
        for text in ["13/26", "00/26"] {
            assert_eq!(text.parse::<Expiry>(), Err(CardError::ExpiryMonth), "{text}");
        }
        assert_eq!(Expiry::parse(1, 1999), Err(CardError::ExpiryYear));
    }

    #[test]
    fn a_card_is_valid_to_the_end_of_its_month() {
        let expiry = Expiry::parse(11, 2026).unwrap();
        assert_eq!(expiry.check((2026, 11)), Ok(()));
        assert_eq!(expiry.check((2026, 12)), Err(CardError::ExpiryPast));
        assert_eq!(expiry.check((2027, 1)), Err(CardError::ExpiryPast));
        assert!(!expiry.is_past((2026, 10)));
    }

    #[test]
    fn more_than_twenty_years_ahead_is_a_slip() {
        assert_eq!(Expiry::parse(11, 2046).unwrap().check((2026, 11)), Ok(()));
        assert_eq!(Expiry::parse(12, 2046).unwrap().check((2026, 11)), Err(CardError::ExpiryTooFar));
    }
}
