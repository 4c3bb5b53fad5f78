//! Points in time and lengths of time. Nothing here reads a clock: the time of day is passed in.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::text::serde_as_text;

/// 0001-01-01T00:00:00.000Z in milliseconds: the earliest moment RFC 3339 can write without a sign.
const EARLIEST: i64 = -62_135_596_800_000;
/// 9999-12-30T22:00:00.999Z in milliseconds: the last moment that every time zone can write with four digits.
const LATEST: i64 = 253_402_207_200_999;

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Written, in JSON too, as RFC 3339 in UTC with exactly three decimals: `2026-11-21T20:55:00.123Z`. That text sorts
/// like the moment itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment that many milliseconds after (or, negative, before) 1970 began in UTC. What lies outside the years
    /// 1 to 9999 becomes the nearest moment inside them, so that every timestamp can be written.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis < EARLIEST {
            Self(EARLIEST)
        } else if millis > LATEST {
            Self(LATEST)
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The moment `span` later; the last moment that can be written if that is beyond it.
    #[must_use]
    pub fn after(self, span: Millis) -> Self {
        Self::from_millis(self.0.saturating_add(i64::try_from(span.0).unwrap_or(i64::MAX)))
    }

    /// How long `earlier` lies back. Zero when it does not: a clock that was set back makes nothing negative.
    #[must_use]
    pub fn since(self, earlier: Self) -> Millis {
        Millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The same moment for calendar work (local days, the desk's time zone).
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        // Every value is within jiff's range by construction; a test holds both ends.
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    /// Cuts what is finer than a millisecond.
    fn from(moment: jiff::Timestamp) -> Self {
        Self::from_millis(moment.as_millisecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_jiff())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a moment in RFC 3339 form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A time in RFC 3339 form is expected, such as 2026-11-21T20:55:00.123Z.")]
pub struct TimestampError;

impl FromStr for Timestamp {
    type Err = TimestampError;

    /// Reads RFC 3339 with any offset; decimals finer than a millisecond are cut.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>().map(Self::from).map_err(|_| TimestampError)
    }
}

serde_as_text!(Timestamp);

/// A length of time in milliseconds; in JSON a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// That many seconds.
    #[must_use]
    pub const fn seconds(count: u64) -> Self {
        Self(count.saturating_mul(1_000))
    }

    /// That many minutes.
    #[must_use]
    pub const fn minutes(count: u64) -> Self {
        Self(count.saturating_mul(60_000))
    }

    /// That many hours.
    #[must_use]
    pub const fn hours(count: u64) -> Self {
        Self(count.saturating_mul(3_600_000))
    }

    /// That many days of 24 hours.
    #[must_use]
    pub const fn days(count: u64) -> Self {
        Self(count.saturating_mul(86_400_000))
    }

    /// The milliseconds as a number.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The same length for timers.
    #[must_use]
    pub const fn as_duration(self) -> Duration {
        Duration::from_millis(self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_with_three_decimals() {
        let moment: Timestamp = "2026-11-21T23:55:00.1239+03:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-11-21T20:55:00.123Z");
        assert_eq!(serde_json::to_string(&moment).unwrap(), "\"2026-11-21T20:55:00.123Z\"");
        assert_eq!(Timestamp::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn both_ends_of_the_range_can_be_written_and_read() {
        for (millis, text) in [(i64::MIN, "0001-01-01T00:00:00.000Z"), (i64::MAX, "9999-12-30T22:00:00.999Z")] {
            let moment = Timestamp::from_millis(millis);
            assert_eq!(moment.to_string(), text);
            assert_eq!(text.parse(), Ok(moment));
        }
    }

    #[test]
    fn a_clock_set_back_gives_no_negative_span() {
        let noon = Timestamp::from_millis(1_000);
        assert_eq!(noon.since(Timestamp::from_millis(5_000)), Millis::ZERO);
        assert_eq!(noon.after(Millis(250)).since(noon), Millis(250));
        assert_eq!(noon.after(Millis(u64::MAX)), Timestamp::from_millis(i64::MAX));
    }

    #[test]
    fn what_is_not_a_moment_is_refused() {
        for text in ["", "yesterday", "2026-11-21", "2026-11-21T20:55:00", "1700000000"] {
            assert_eq!(text.parse::<Timestamp>(), Err(TimestampError), "{text}");
        }
    }

    #[test]
    fn spans_count_in_their_units_and_never_wrap() {
        assert_eq!(Millis::seconds(2), Millis(2_000));
        assert_eq!(Millis::minutes(15), Millis::seconds(900));
        assert_eq!(Millis::hours(24), Millis::days(1));
        assert_eq!(Millis::days(u64::MAX), Millis(u64::MAX));
        assert_eq!(Millis::seconds(1).as_duration(), Duration::from_secs(1));
        assert_eq!(serde_json::to_string(&Millis(7)).unwrap(), "7");
    }

    proptest! {
        #[test]
        fn every_moment_survives_its_text(millis in EARLIEST..=LATEST) {
            let moment = Timestamp::from_millis(millis);
            prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        }

        #[test]
        fn the_text_sorts_like_the_moment(a in EARLIEST..=LATEST, b in EARLIEST..=LATEST) {
            let (a, b) = (Timestamp::from_millis(a), Timestamp::from_millis(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }
    }
}
