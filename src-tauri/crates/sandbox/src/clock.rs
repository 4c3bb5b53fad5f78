//! The three ways the documents write a time.

use jiff::{SignedDuration, Timestamp, tz};
use std::time::Duration;

fn write(at: Timestamp, format: &str) -> String {
    jiff::fmt::strtime::format(format, at).unwrap_or_else(|_| at.to_string())
}

/// Now, RFC 3339 with milliseconds, in UTC.
pub(crate) fn now() -> String {
    write(Timestamp::now(), "%Y-%m-%dT%H:%M:%S.%3fZ")
}

fn after(lifetime: Duration) -> Timestamp {
    let lifetime = SignedDuration::try_from(lifetime).unwrap_or(SignedDuration::MAX);
    Timestamp::now().checked_add(lifetime).unwrap_or(Timestamp::MAX)
}

/// The end of a Yolcu360 token's life, RFC 3339.
pub(crate) fn expiry(lifetime: Duration) -> String {
    write(after(lifetime), "%Y-%m-%dT%H:%M:%S.%3fZ")
}

/// The end of a Finrota token's life, with 7 fractional digits as seen on the live API.
pub(crate) fn expiry_with_seven_digits(lifetime: Duration) -> String {
    write(after(lifetime), "%Y-%m-%dT%H:%M:%S.%7fZ")
}

/// Finrota's `transactionDate`: local time at the bank (UTC+3), no zone.
pub(crate) fn transaction_date() -> String {
    let local = tz::Offset::constant(3).to_datetime(Timestamp::now());
    jiff::fmt::strtime::format("%Y-%m-%dT%H:%M:%S", local).unwrap_or_else(|_| local.to_string())
}

/// Whether a card with this expiry is over, at the bank.
pub(crate) fn is_over(month: i64, year: i64) -> bool {
    let today = tz::Offset::constant(3).to_datetime(Timestamp::now());
    (year, month) < (i64::from(today.year()), i64::from(today.month()))
}

/// A number that no earlier start of the sandbox has used.
pub(crate) fn start_number() -> i64 {
    Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finrota_expiry_has_seven_fractional_digits() {
        let text = expiry_with_seven_digits(Duration::from_secs(60));
        let (_, fraction) = text.split_once('.').unwrap();
        assert_eq!(fraction.len(), 8, "{text}");
        assert!(fraction.ends_with('Z'));
        assert!(!transaction_date().contains(['Z', '+', '.']));
    }
}
