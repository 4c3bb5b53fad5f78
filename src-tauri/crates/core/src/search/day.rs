//! Days as they are written: `today`, `dün`, `21.11.2026`, `21/11`, `2026-11-21`, `2026-11-01..2026-11-21`.

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Wanted;
use crate::text::fold;
use crate::time::Timestamp;

/// The moment and the time zone in which days are meant.
#[derive(Debug, Clone, Copy)]
pub struct Today<'a> {
    /// Now.
    pub now: Timestamp,
    /// The desk's time zone.
    pub zone: &'a TimeZone,
}

impl Today<'_> {
    fn date(&self) -> Date {
        self.now.to_jiff().to_zoned(self.zone.clone()).date()
    }

    /// When a day begins here. A day that begins with a gap begins behind it.
    fn begins(&self, date: Date) -> Option<Timestamp> {
        Some(date.to_zoned(self.zone.clone()).ok()?.timestamp().into())
    }

    /// From the first of these days to the end of the last.
    #[must_use]
    pub fn days(&self, first: Option<Date>, last: Option<Date>) -> Option<Wanted> {
        let from = match first {
            Some(first) => Some(self.begins(first)?),
            None => None,
        };
        let until = match last {
            Some(last) => Some(self.begins(last.tomorrow().ok()?)?),
            None => None,
        };
        Some(Wanted::Opened { from, until })
    }

    /// The days that a word names.
    pub(super) fn read(&self, word: &str) -> Option<Wanted> {
        if let Some(date) = self.day(word) {
            return self.days(Some(date), Some(date));
        }
        let (first, last) = word.split_once("..").or_else(|| word.split_once('–')).or_else(|| dashed(word))?;
        let side = |text: &str| if text.is_empty() { Some(None) } else { self.day(text).map(Some) };
        match (side(first)?, side(last)?) {
            (None, None) => None,
            // Typed the wrong way round, it is still these days that are meant.
            (Some(first), Some(last)) => self.days(Some(first.min(last)), Some(first.max(last))),
            (first, last) => self.days(first, last),
        }
    }

    fn day(&self, word: &str) -> Option<Date> {
        match fold(word).as_str() {
            "today" | "bugun" => return Some(self.date()),
            "yesterday" | "dun" => return self.date().yesterday().ok(),
            _ => {}
        }
        if let Some(date) = iso(word) {
            return Some(date);
        }
        // A bare `21.11` is an amount; with a dot behind it, or with a stroke, it is a day.
        let (text, mark) = match (word.strip_suffix('.'), word.contains('/')) {
            (Some(text), _) if text.contains('.') => (text, '.'),
            (_, true) => (word, '/'),
            _ => (word, '.'),
        };
        let parts: Vec<&str> = text.split(mark).collect();
        match parts.as_slice() {
            [day, month, year] if year.len() == 4 => date(year, month, day),
            [day, month] if text != word || mark == '/' => self.latest(month, day),
            _ => None,
        }
    }

    /// The newest such day that is not in the future.
    fn latest(&self, month: &str, day: &str) -> Option<Date> {
        let today = self.date();
        let this_year = Date::new(today.year(), number(month)?, number(day)?).ok();
        match this_year {
            Some(date) if date <= today => Some(date),
            _ => {
                let last = today.checked_sub(1.year()).ok()?;
                Date::new(last.year(), number(month)?, number(day)?).ok()
            }
        }
    }
}

/// `01.11.2026-05.11.2026`: a dash between two days that have none in them.
fn dashed(word: &str) -> Option<(&str, &str)> {
    let (first, last) = word.split_once('-')?;
    let whole = |text: &str| text.split(['.', '/']).count() == 3;
    (whole(first) && whole(last)).then_some((first, last))
}

fn iso(word: &str) -> Option<Date> {
    match word.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] if year.len() == 4 => date(year, month, day),
        _ => None,
    }
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(number(year)?, number(month)?, number(day)?).ok()
}

/// A number without a sign.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    if text.is_empty() || text.len() > 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}
