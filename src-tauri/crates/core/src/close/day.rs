//! The local day: a label of a close, and the hours of its picture.

use std::fmt;
use std::str::FromStr;

use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::text::serde_as_text;
use crate::time::Timestamp;

/// A day of the calendar, written `2026-11-21`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

/// The text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A day is written as year, month and day, such as 2026-11-21.")]
pub struct DayError;

impl Day {
    /// The day that it is at that moment in that time zone.
    #[must_use]
    pub fn at(moment: Timestamp, zone: &TimeZone) -> Self {
        Self(moment.to_jiff().to_zoned(zone.clone()).date())
    }

    /// The date, for calendar work.
    #[must_use]
    pub const fn date(self) -> jiff::civil::Date {
        self.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| DayError)
    }
}

serde_as_text!(Day);

/// Under which local days a close is filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The time zone's name, such as `Europe/Istanbul`; its offset, such as `+03:00`, for one without a name.
    pub zone: String,
    /// The day of the first thing in it; the same as `to` for a close of one day, and for one of nothing.
    pub from: Day,
    /// The day on which it was made.
    pub to: Day,
}

impl Label {
    /// The label of a close made at `at`, whose first outcome was recorded at `first`. A clock that was set back never makes
    /// the first day later than the last.
    #[must_use]
    pub fn of(at: Timestamp, first: Option<Timestamp>, zone: &TimeZone) -> Self {
        let to = Day::at(at, zone);
        let from = first.map_or(to, |first| Day::at(first, zone).min(to));
        Self { zone: zone_name(zone, at), from, to }
    }

    /// The time zone of its days; UTC for a name that is not known here.
    #[must_use]
    pub fn time_zone(&self) -> TimeZone {
        zone_named(&self.zone).unwrap_or(TimeZone::UTC)
    }
}

/// The zone's name, such as `Europe/Istanbul`; of one without a name the offset that it has at that moment, such as `+03:00`.
fn zone_name(zone: &TimeZone, at: Timestamp) -> String {
    if let Some(name) = zone.iana_name() {
        return name.to_owned();
    }
    let seconds = zone.to_offset(at.to_jiff()).seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let all = seconds.unsigned_abs();
    let (hours, minutes, seconds) = (all / 3_600, all / 60 % 60, all % 60);
    if seconds == 0 {
        format!("{sign}{hours:02}:{minutes:02}")
    } else {
        format!("{sign}{hours:02}:{minutes:02}:{seconds:02}")
    }
}

/// The zone of a name that a label bears.
fn zone_named(name: &str) -> Option<TimeZone> {
    let Some(digits) = name.strip_prefix(['+', '-']) else { return TimeZone::get(name).ok() };
    let mut seconds = 0_i32;
    let mut unit = 3_600_i32;
    for part in digits.split(':') {
        seconds = seconds.checked_add(part.parse::<i32>().ok()?.checked_mul(unit)?)?;
        unit = unit.checked_div(60)?;
    }
    let seconds = if name.starts_with('-') { seconds.checked_neg()? } else { seconds };
    Offset::from_seconds(seconds).ok().map(TimeZone::fixed)
}

impl fmt::Display for Label {
    /// `2026-11-21`, or `2026-11-21 – 2026-11-22`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to { write!(f, "{}", self.to) } else { write!(f, "{} \u{2013} {}", self.from, self.to) }
    }
}

/// When the local hour began that holds this moment. The hour that comes twice when clocks go back gives two beginnings, and
/// the one that is left out when they go forward gives none.
#[must_use]
pub fn hour_of(moment: Timestamp, zone: &TimeZone) -> Timestamp {
    let local = moment.to_jiff().to_zoned(zone.clone());
    let minutes = i64::from(local.minute()).saturating_mul(60_000);
    let seconds = i64::from(local.second()).saturating_mul(1_000);
    let into = minutes.saturating_add(seconds).saturating_add(i64::from(local.millisecond()));
    Timestamp::from_millis(moment.as_millis().saturating_sub(into))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Every local hour that something at any minute of this local day would be drawn in.
    fn hours(zone: &TimeZone, from: &str, until: &str) -> BTreeSet<Timestamp> {
        let (mut now, until) = (at(from), at(until));
        let mut found = BTreeSet::new();
        while now < until {
            found.insert(hour_of(now, zone));
            now = now.after(crate::time::Millis::minutes(1));
        }
        found
    }

    #[test]
    fn a_close_is_filed_under_the_day_on_the_wall() {
        let istanbul = zone("Europe/Istanbul");
        // 23:59:59 and 00:00:00 in Istanbul are 20:59:59 and 21:00:00 in UTC, summer and winter.
        assert_eq!(Day::at(at("2026-11-21T20:59:59.999Z"), &istanbul).to_string(), "2026-11-21");
        assert_eq!(Day::at(at("2026-11-21T21:00:00Z"), &istanbul).to_string(), "2026-11-22");
        let berlin = zone("Europe/Berlin");
        assert_eq!(Day::at(at("2026-07-01T21:59:59Z"), &berlin).to_string(), "2026-07-01");
        assert_eq!(Day::at(at("2026-07-01T22:00:00Z"), &berlin).to_string(), "2026-07-02");
        assert_eq!(Day::at(at("2026-12-01T22:59:59Z"), &berlin).to_string(), "2026-12-01");
    }

    #[test]
    fn a_shift_over_midnight_names_both_days() {
        let zone = zone("Europe/Istanbul");
        let label = Label::of(at("2026-11-21T21:30:00Z"), Some(at("2026-11-21T15:00:00Z")), &zone);
        assert_eq!(label.to_string(), "2026-11-21 – 2026-11-22");
        assert_eq!(label.zone, "Europe/Istanbul");
        let nothing = Label::of(at("2026-11-21T21:30:00Z"), None, &zone);
        assert_eq!(nothing.to_string(), "2026-11-22");
        let set_back = Label::of(at("2026-11-20T09:00:00Z"), Some(at("2026-11-21T15:00:00Z")), &zone);
        assert_eq!(set_back.to_string(), "2026-11-20");
    }

    #[test]
    fn a_zone_without_a_name_is_named_by_its_offset_and_found_by_it() {
        let at = at("2026-11-21T22:30:00Z");
        for (seconds, name) in [(10_800, "+03:00"), (-34_200, "-09:30"), (0, "UTC"), (12_645, "+03:30:45")] {
            let zone = TimeZone::fixed(Offset::from_seconds(seconds).unwrap());
            let label = Label::of(at, Some(at), &zone);
            assert_eq!(label.zone, name);
            assert_eq!(Day::at(at, &label.time_zone()), label.to, "{name}");
        }
        assert_eq!(Label::of(at, None, &zone("Europe/Berlin")).time_zone(), zone("Europe/Berlin"));
    }

    #[test]
    fn the_day_on_which_berlins_clocks_go_forward_has_23_hours() {
        let berlin = zone("Europe/Berlin");
        // 29 March 2026: 02:00 to 03:00 is left out.
        let hours = hours(&berlin, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
        assert_eq!(hours.len(), 23);
        let local: Vec<i8> = hours.iter().map(|hour| hour.to_jiff().to_zoned(berlin.clone()).hour()).collect();
        assert!(!local.contains(&2) && local[..3] == [0, 1, 3], "{local:?}");
        for hour in hours {
            assert_eq!(Day::at(hour, &berlin).to_string(), "2026-03-29");
        }
    }

    #[test]
    fn the_day_on_which_berlins_clocks_go_back_has_25_hours_and_two_oclock_twice() {
        let berlin = zone("Europe/Berlin");
        let hours = hours(&berlin, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        assert_eq!(hours.len(), 25);
        let local: Vec<i8> = hours.iter().map(|hour| hour.to_jiff().to_zoned(berlin.clone()).hour()).collect();
        assert_eq!(local.iter().filter(|hour| **hour == 2).count(), 2);
        for hour in hours {
            assert_eq!(Day::at(hour, &berlin).to_string(), "2026-10-25");
        }
    }

    #[test]
    fn istanbuls_clocks_do_not_change_on_those_days() {
        let istanbul = zone("Europe/Istanbul");
        assert_eq!(hours(&istanbul, "2026-03-28T21:00:00Z", "2026-03-29T21:00:00Z").len(), 24);
        assert_eq!(hours(&istanbul, "2026-10-24T21:00:00Z", "2026-10-25T21:00:00Z").len(), 24);
    }

    #[test]
    fn a_day_survives_its_text() {
        let day: Day = "2026-02-28".parse().unwrap();
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-02-28\"");
        assert_eq!("2026-02-30".parse::<Day>(), Err(DayError));
    }
}
