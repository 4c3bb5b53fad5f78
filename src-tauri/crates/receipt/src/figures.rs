//! How amounts and moments are written in each language.

use jiff::tz::TimeZone;
use vezne_core::money::Money;
use vezne_core::time::Timestamp;

use crate::Language;
use crate::words::words;

/// An amount with its currency: `1,234.50 TRY`, in Turkish `1.234,50 TRY`. The space does not break.
#[must_use]
pub fn amount(money: Money, language: Language) -> String {
    let (group, point) = match language {
        Language::English => (',', '.'),
        Language::Turkish => ('.', ','),
    };
    let text = money.amount_text();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |rest| ("-", rest));
    let mut written = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && whole.len().saturating_sub(place).is_multiple_of(3) {
            written.push(group);
        }
        written.push(digit);
    }
    if let Some(fraction) = fraction {
        written.push(point);
        written.push_str(fraction);
    }
    format!("{written}\u{a0}{}", money.currency())
}

/// A moment as the desk's clock showed it, with what that clock is away from UTC: `21 Nov 2026 23:55:07 (UTC+03:00)`, in
/// Turkish `21.11.2026 23:55:07 (UTC+03:00)`.
#[must_use]
pub fn moment(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    let local = at.to_jiff().to_zoned(zone.clone());
    let day = match language {
        Language::English => {
            let month = usize::try_from(local.month()).ok().and_then(|number| number.checked_sub(1));
            let month = month.and_then(|place| words(language).months.get(place)).copied().unwrap_or_default();
            format!("{}\u{a0}{month}\u{a0}{:04}", local.day(), local.year())
        }
        Language::Turkish => format!("{:02}.{:02}.{:04}", local.day(), local.month(), local.year()),
    };
    format!(
        "{day} {:02}:{:02}:{:02} (UTC{})",
        local.hour(),
        local.minute(),
        local.second(),
        away(local.offset().seconds())
    )
}

/// `+03:00`; with seconds only where a zone has them, long ago.
fn away(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let rest = match seconds % 60 {
        0 => String::new(),
        rest => format!(":{rest:02}"),
    };
    format!("{sign}{:02}:{:02}{rest}", seconds / 3600, seconds / 60 % 60)
}

#[cfg(test)]
mod tests {
    use vezne_core::money::Currency;

    use super::*;

    #[test]
    fn an_amount_is_grouped_as_its_language_does() {
        for (minor, currency, english, turkish) in [
            (55_500, Currency::TRY, "555.00 TRY", "555,00 TRY"),
            (123_450, Currency::TRY, "1,234.50 TRY", "1.234,50 TRY"),
            (-5, Currency::EUR, "-0.05 EUR", "-0,05 EUR"),
            (-123_456_789, Currency::EUR, "-1,234,567.89 EUR", "-1.234.567,89 EUR"),
            (1_000_000, Currency::JPY, "1,000,000 JPY", "1.000.000 JPY"),
            (100_000, Currency::KWD, "100.000 KWD", "100,000 KWD"),
            (i64::MAX, Currency::TRY, "92,233,720,368,547,758.07 TRY", "92.233.720.368.547.758,07 TRY"),
        ] {
            let money = Money::from_minor(minor, currency);
            assert_eq!(amount(money, Language::English).replace('\u{a0}', " "), english);
            assert_eq!(amount(money, Language::Turkish).replace('\u{a0}', " "), turkish);
        }
    }

    #[test]
    fn the_hour_that_comes_twice_is_told_apart_by_its_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let first: Timestamp = "2026-10-25T00:30:00Z".parse().unwrap();
        let second: Timestamp = "2026-10-25T01:30:00Z".parse().unwrap();
        assert_eq!(moment(first, &berlin, Language::Turkish), "25.10.2026 02:30:00 (UTC+02:00)");
        assert_eq!(moment(second, &berlin, Language::Turkish), "25.10.2026 02:30:00 (UTC+01:00)");
        let english = moment(second, &berlin, Language::English).replace('\u{a0}', " ");
        assert_eq!(english, "25 Oct 2026 02:30:00 (UTC+01:00)");
    }

    #[test]
    fn west_of_greenwich_and_half_hours_are_written_too() {
        assert_eq!([away(-12_600), away(19_800), away(0), away(6_952)], ["-03:30", "+05:30", "+00:00", "+01:55:52"]);
    }
}
