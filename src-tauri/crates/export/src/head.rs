//! What is said of a whole export: its language, its time zone, its range.

use std::str::FromStr;

use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use vezne_core::time::Timestamp;

use crate::words::Language;

/// What is said of a whole export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// In which language columns and words are written.
    pub language: Language,
    /// The desk's time zone, in which days and times are local.
    pub zone: Zone,
    /// The range begins here; none for from the beginning on.
    pub from: Option<Timestamp>,
    /// The range ends before this; none for until the end.
    pub until: Option<Timestamp>,
    /// When it was asked for.
    pub made: Timestamp,
}

/// A time zone that can be named, so that whoever reads the export can find the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// The time zone has no name, or the name no time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A time zone is named as Europe/Istanbul is, or by its offset, such as +03:00.")]
pub struct ZoneError;

impl Zone {
    /// The name: IANA's, or the offset of a zone that always has the same one.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What clocks on the desk's wall show at that moment.
    #[must_use]
    pub fn local(&self, moment: Timestamp) -> civil::DateTime {
        self.rules.to_datetime(moment.to_jiff())
    }
}

impl TryFrom<TimeZone> for Zone {
    type Error = ZoneError;

    fn try_from(rules: TimeZone) -> Result<Self, ZoneError> {
        let name = match (rules.iana_name(), rules.to_fixed_offset()) {
            (Some(name), _) => name.to_owned(),
            (None, Ok(offset)) => offset_name(offset),
            (None, Err(_)) => return Err(ZoneError),
        };
        Ok(Self { name, rules })
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    /// Reads what [`Zone::name`] gives.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let zone = match name.strip_prefix(['+', '-']) {
            Some(hours) => {
                let seconds = offset_seconds(hours).ok_or(ZoneError)?;
                let seconds = if name.starts_with('-') { seconds.checked_neg().ok_or(ZoneError)? } else { seconds };
                let offset = Offset::from_seconds(seconds).map_err(|_| ZoneError)?;
                Self::try_from(TimeZone::fixed(offset))?
            }
            None => Self::try_from(TimeZone::get(name).map_err(|_| ZoneError)?)?,
        };
        if zone.name == name { Ok(zone) } else { Err(ZoneError) }
    }
}

/// `+03:00`, and with seconds only where there are some.
fn offset_name(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let all = seconds.unsigned_abs();
    let [hours, minutes, seconds] = [all / 3_600, all / 60 % 60, all % 60];
    match seconds {
        0 => format!("{sign}{hours:02}:{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

fn offset_seconds(text: &str) -> Option<i32> {
    let mut parts = text.split(':').map(|part| match part.len() {
        2 if part.bytes().all(|byte| byte.is_ascii_digit()) => part.parse::<i32>().ok(),
        _ => None,
    });
    let hours = parts.next()??;
    let minutes = parts.next()?.filter(|minutes| *minutes < 60)?;
    let seconds = parts.next().unwrap_or(Some(0)).filter(|seconds| *seconds < 60)?;
    match parts.next() {
        None => hours.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds),
        Some(_) => None,
    }
}
