//! Amounts as people type them, and as scripts state them.

use super::{Currency, Money};

/// The largest amount a person or a script may state, in whole units of the currency: a slip of the hand, a scanned
/// barcode or a phone number in the amount field ends here and not at the bank.
pub const MAX_WHOLE_UNITS: i64 = 999_999_999;

/// Why a typed amount is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TypedAmountError {
    /// Nothing was typed.
    #[error("The amount is missing.")]
    Empty,
    /// Something other than digits and separators.
    #[error("The amount may hold only digits and separators; character {position} is neither.")]
    OddCharacter {
        /// Counted from 1 in the text as typed, without the white space before it.
        position: usize,
    },
    /// The separator may stand for thousands or for decimals, and both readings are amounts.
    #[error("It is not clear whether {thousands} or {decimals} is meant; type it with all decimals.")]
    Ambiguous {
        /// The reading with the separators between thousands.
        thousands: Money,
        /// The reading with the last separator before the decimals.
        decimals: Money,
    },
    /// The separator may stand for thousands, or for decimals of which there are too many.
    #[error("If {thousands} is meant, type it with all decimals; {} has no amounts with that many decimals.", .thousands.currency())]
    TooFineOrThousands {
        /// The only reading that is an amount.
        thousands: Money,
    },
    /// No way of writing amounts looks like this.
    #[error("The amount is not written in a way that can be read for certain; type it like {example}.")]
    Malformed {
        /// An amount of the same currency, as it may be typed.
        example: Money,
    },
    /// Nothing to take.
    #[error("The amount must be more than zero.")]
    NotPositive,
    /// Above [`MAX_WHOLE_UNITS`].
    #[error("The amount is larger than {most}, the most that can be stated.")]
    TooLarge {
        /// The largest amount that is taken.
        most: Money,
    },
}

/// Reads an amount as a script states it (`veznectl`): digits, then at most a dot and as many decimals as the currency
/// has. No groups, no comma, no sign.
///
/// # Errors
/// When it is written otherwise, is zero or is above the bound.
pub fn read_cli(text: &str, currency: Currency) -> Result<Money, TypedAmountError> {
    if text.is_empty() {
        return Err(TypedAmountError::Empty);
    }
    if let Some(place) = text.chars().position(|c| !c.is_ascii_digit() && c != '.') {
        return Err(TypedAmountError::OddCharacter { position: place.saturating_add(1) });
    }
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return Err(malformed(currency)),
        None => (text, ""),
    };
    if fraction.len() > usize::from(currency.exponent()) || fraction.contains('.') {
        return Err(malformed(currency));
    }
    bounded(amount(whole, fraction, currency)?)
}

/// Reads an amount as people type it, in Turkish and English habits (`1.500,00`, `1,500.00`, `1 500,00`, `1'500.00`,
/// `1500`).
///
/// The last dot or comma, when exactly the currency's decimals follow it, is the decimal separator. Other separators
/// group by threes, all of one kind. Where a lone separator could be either (`1.500` in lira), nothing is guessed: the
/// error carries both readings.
///
/// # Errors
/// When the text can be read in two ways or in none, is zero or is above the bound.
pub fn read_typed(text: &str, currency: Currency) -> Result<Money, TypedAmountError> {
    let typed = Typed::split(text, currency)?;
    let thousands = typed.as_thousands(currency);
    let decimals = typed.as_decimals(currency);
    match (thousands, decimals) {
        // Three-decimal currencies only: 1,500,000 groups by threes either way. One separator alone is decimal by rule.
        (Some(thousands), Some(decimals)) if typed.separators.len() > 1 => {
            Err(TypedAmountError::Ambiguous { thousands: bounded(thousands)?, decimals: bounded(decimals)? })
        }
        (Some(_) | None, Some(decimals)) => bounded(decimals),
        (Some(thousands), None) if typed.may_be_decimals_too(currency) => Err(typed.ambiguity(thousands, currency)?),
        (Some(thousands), None) => bounded(thousands),
        (None, None) => Err(malformed(currency)),
    }
}

/// Digit groups and the separators between them; always one group more than separators.
struct Typed<'a> {
    groups: Vec<&'a str>,
    separators: Vec<char>,
}

impl<'a> Typed<'a> {
    fn split(text: &'a str, currency: Currency) -> Result<Self, TypedAmountError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TypedAmountError::Empty);
        }
        if let Some(place) = text.chars().position(|c| !c.is_ascii_digit() && separator(c).is_none()) {
            return Err(TypedAmountError::OddCharacter { position: place.saturating_add(1) });
        }
        let groups: Vec<&str> = text.split(|c| separator(c).is_some()).collect();
        let separators: Vec<char> = text.chars().filter_map(separator).collect();
        if groups.iter().any(|group| group.is_empty()) {
            return Err(malformed(currency));
        }
        Ok(Self { groups, separators })
    }

    /// Every separator between thousands; also the plain number without any.
    fn as_thousands(&self, currency: Currency) -> Option<Money> {
        grouped(&self.groups, &self.separators).then(|| amount(&self.groups.concat(), "", currency).ok()).flatten()
    }

    /// The last separator before exactly the currency's decimals, any others between thousands and of another kind,
    /// unless a currency of three decimals is grouped in threes throughout: then this is the other reading.
    fn as_decimals(&self, currency: Currency) -> Option<Money> {
        let (fraction, whole) = self.groups.split_last()?;
        let (point, before) = self.separators.split_last()?;
        let decimals = usize::from(currency.exponent());
        let another_kind = !before.contains(point) || decimals == 3;
        if !matches!(point, '.' | ',') || fraction.len() != decimals || !another_kind || !grouped(whole, before) {
            return None;
        }
        amount(&whole.concat(), fraction, currency).ok()
    }

    /// Whether someone could have meant decimals by the one dot or comma there is.
    fn may_be_decimals_too(&self, currency: Currency) -> bool {
        currency.exponent() > 0 && matches!(self.separators.as_slice(), ['.' | ','])
    }

    fn ambiguity(&self, thousands: Money, currency: Currency) -> Result<TypedAmountError, TypedAmountError> {
        let thousands = bounded(thousands)?;
        Ok(match Money::from_decimal_text(&self.groups.join("."), currency).ok().filter(Money::is_positive) {
            Some(decimals) => TypedAmountError::Ambiguous { thousands, decimals },
            None => TypedAmountError::TooFineOrThousands { thousands },
        })
    }
}

/// The one form of each separator; None for what is not one. Spaces of any width and either apostrophe only group.
const fn separator(c: char) -> Option<char> {
    match c {
        '.' => Some('.'),
        ',' => Some(','),
        ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' => Some(' '),
        '\'' | '\u{2019}' => Some('\''),
        _ => None,
    }
}

/// Whether these groups are a whole number: alone, or in threes after a first of one to three (not beginning with a
/// zero), with one kind of separator.
fn grouped(groups: &[&str], separators: &[char]) -> bool {
    let Some((first, rest)) = groups.split_first() else { return false };
    let in_threes = first.len() <= 3 && !first.starts_with('0') && rest.iter().all(|group| group.len() == 3);
    rest.is_empty() || (in_threes && separators.windows(2).all(|pair| pair.first() == pair.last()))
}

fn amount(whole: &str, fraction: &str, currency: Currency) -> Result<Money, TypedAmountError> {
    let text = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    Money::from_decimal_text(&text, currency).map_err(|error| match error {
        super::AmountError::TooLarge => TypedAmountError::TooLarge { most: most(currency) },
        super::AmountError::NotANumber | super::AmountError::TooFine { .. } => malformed(currency),
    })
}

fn bounded(money: Money) -> Result<Money, TypedAmountError> {
    let most = most(money.currency());
    if !money.is_positive() {
        Err(TypedAmountError::NotPositive)
    } else if money.minor() > most.minor() {
        Err(TypedAmountError::TooLarge { most })
    } else {
        Ok(money)
    }
}

fn most(currency: Currency) -> Money {
    let one = currency.minor_units_in_one();
    Money::from_minor(MAX_WHOLE_UNITS.saturating_mul(one).saturating_add(one.saturating_sub(1)), currency)
}

fn malformed(currency: Currency) -> TypedAmountError {
    let example = Money::from_minor(1_500_i64.saturating_mul(currency.minor_units_in_one()), currency);
    TypedAmountError::Malformed { example }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lira(minor: i64) -> Money {
        Money::from_minor(minor, Currency::TRY)
    }

    #[test]
    fn turkish_and_english_habits_give_the_same_amount() {
        for text in [
            "1500",
            "1500.00",
            "1500,00",
            "1.500,00",
            "1,500.00",
            "1 500,00",
            "1 500.00",
            "1\u{a0}500,00",
            "1\u{202f}500",
            "1'500.00",
            "1\u{2019}500",
            "1 500",
            " 1500 ",
        ] {
            assert_eq!(read_typed(text, Currency::TRY), Ok(lira(150_000)), "{text}");
        }
        assert_eq!(read_typed("1.234.567,89", Currency::TRY), Ok(lira(123_456_789)));
        assert_eq!(read_typed("1,234,567", Currency::TRY), Ok(lira(123_456_700)));
        assert_eq!(read_typed("0,05", Currency::TRY), Ok(lira(5)));
    }

    #[test]
    fn one_separator_and_three_digits_is_refused_with_both_readings() {
        for text in ["1.500", "1,500"] {
            let error = read_typed(text, Currency::TRY).unwrap_err();
            assert_eq!(error, TypedAmountError::Ambiguous { thousands: lira(150_000), decimals: lira(150) }, "{text}");
            assert_eq!(
                error.to_string(),
                "It is not clear whether 1500.00 TRY or 1.50 TRY is meant; type it with all decimals."
            );
        }
        assert_eq!(
            read_typed("1.505", Currency::TRY),
            Err(TypedAmountError::TooFineOrThousands { thousands: lira(150_500) })
        );
    }

    #[test]
    fn the_currencys_own_decimals_decide() {
        let dinar = |minor| Ok(Money::from_minor(minor, Currency::KWD));
        assert_eq!(read_typed("1.500", Currency::KWD), dinar(1_500));
        assert_eq!(read_typed("1,500.250", Currency::KWD), dinar(1_500_250));
        assert_eq!(read_typed("1 500", Currency::KWD), dinar(1_500_000));
        assert_eq!(
            read_typed("1,500,000", Currency::KWD),
            Err(TypedAmountError::Ambiguous {
                thousands: Money::from_minor(1_500_000_000, Currency::KWD),
                decimals: Money::from_minor(1_500_000, Currency::KWD),
            })
        );
        for text in ["1500", "1.500", "1,500", "1 500"] {
            assert_eq!(read_typed(text, Currency::JPY), Ok(Money::from_minor(1_500, Currency::JPY)), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_for_certain_is_refused() {
        for text in [
            "1500,5",
            "15.00.00",
            "1.234,567.89",
            "1,234,56",
            "12.34,56",
            "1..500",
            "1500.",
            ".50",
            ",50",
            "0.500",
            "0500",
            "1.500 000,00",
            "15 00",
            "1500.500",
            "1'500'00",
            "0.000.500",
        ] {
            assert_eq!(read_typed(text, Currency::TRY), Err(malformed(Currency::TRY)), "{text}");
        }
        for (text, position) in [("-5", 1), ("5₺", 2), ("1e3", 2), ("5 TRY", 3), ("٥", 1), ("\u{ff11}5", 1)] {
            assert_eq!(read_typed(text, Currency::TRY), Err(TypedAmountError::OddCharacter { position }), "{text}");
        }
        assert_eq!(read_typed(" ", Currency::TRY), Err(TypedAmountError::Empty));
        for text in ["1,00", "1.5", "1500.00", "1500.", ".500", "0500"] {
            assert_eq!(read_typed(text, Currency::JPY), Err(malformed(Currency::JPY)), "{text}");
        }
        for text in ["00,50", "01.500,00", "05", "00"] {
            assert_eq!(read_typed(text, Currency::TRY), Err(malformed(Currency::TRY)), "{text}");
        }
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        let most = TypedAmountError::TooLarge { most: lira(99_999_999_999) };
        for read in [read_typed, read_cli] {
            assert_eq!(read("0", Currency::TRY), Err(TypedAmountError::NotPositive));
            assert_eq!(read("0.00", Currency::TRY), Err(TypedAmountError::NotPositive));
            assert_eq!(read("999999999.99", Currency::TRY), Ok(lira(99_999_999_999)));
            assert_eq!(read("1000000000", Currency::TRY), Err(most));
            assert_eq!(read("4155650100416111", Currency::TRY), Err(most));
            assert_eq!(read("999999999", Currency::JPY), Ok(Money::from_minor(999_999_999, Currency::JPY)));
        }
        assert_eq!(most.to_string(), "The amount is larger than 999999999.99 TRY, the most that can be stated.");
    }

    #[test]
    fn a_script_states_amounts_with_a_dot_only() {
        for (text, minor) in [("545", 54_500), ("545.0", 54_500), ("545.00", 54_500), ("0.05", 5)] {
            assert_eq!(read_cli(text, Currency::TRY), Ok(lira(minor)), "{text}");
        }
        for text in ["1.500", "545.", ".5", "5.4.5", "0545"] {
            assert_eq!(read_cli(text, Currency::TRY), Err(malformed(Currency::TRY)), "{text}");
        }
        for text in ["545,00", "1 500", " 545", "5e2", "-5", "+5"] {
            assert!(matches!(read_cli(text, Currency::TRY), Err(TypedAmountError::OddCharacter { .. })), "{text}");
        }
        assert_eq!(read_cli("", Currency::TRY), Err(TypedAmountError::Empty));
        assert_eq!(read_cli("1.500", Currency::KWD), Ok(Money::from_minor(1_500, Currency::KWD)));
    }

    /// The whole part in threes.
    fn in_threes(whole: &str, separator: &str) -> String {
        let digits = whole.as_bytes().rchunks(3).rev().map(|chunk| std::str::from_utf8(chunk).unwrap());
        digits.collect::<Vec<_>>().join(separator)
    }

    proptest! {
        #[test]
        fn every_amount_written_out_in_any_habit_is_read_back(
            minor in 1_i64..=99_999_999_999,
            habit in prop::sample::select(vec![("", "."), ("", ","), (".", ","), (",", "."), (" ", ","), ("\u{a0}", ","), ("'", ".")]),
        ) {
            let money = lira(minor);
            let text = money.amount_text();
            let (whole, fraction) = text.split_once('.').unwrap();
            let whole = if habit.0.is_empty() { whole.to_owned() } else { in_threes(whole, habit.0) };
            prop_assert_eq!(read_typed(&format!("{whole}{}{fraction}", habit.1), Currency::TRY), Ok(money));
            prop_assert_eq!(read_cli(&text, Currency::TRY), Ok(money));
        }

        #[test]
        fn what_is_read_is_always_within_the_bounds(text in "[0-9., ']{0,16}", place in 0..Currency::EVERY.len()) {
            let currency = Currency::EVERY[place];
            for read in [read_typed, read_cli] {
                if let Ok(money) = read(&text, currency) {
                    prop_assert!(money.is_positive() && money.minor() <= most(currency).minor());
                    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                    let counted = money.minor().to_string();
                    prop_assert!(counted.starts_with(digits.trim_start_matches('0').trim_end_matches('0')), "{} read as {}", text, money);
                }
            }
        }
    }
}
