//! Installment options: what the customer may choose from, and the checks before one is paid.

use serde::{Deserialize, Serialize};

use crate::card::Bin;
use crate::money::{Currency, Money};
use crate::text::ForeignText;
use crate::time::Timestamp;

/// The name or number by which a gateway calls a card program (Bonus, World, …). Opaque.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProgramId(pub ForeignText);

impl ProgramId {
    /// A program as a person or a gateway names it.
    #[must_use]
    pub fn named(text: &str) -> Self {
        Self(ForeignText::filter(text))
    }
}

/// One way to pay: so many installments of so much, in all this much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallmentOption {
    /// How many installments; 1 is a single payment.
    pub installments: u8,
    /// What is paid each month.
    pub monthly: Money,
    /// What the cardholder pays in all.
    pub total: Money,
    /// The commission rate as the gateway writes it, in per cent; shown, never calculated with.
    pub commission: Option<ForeignText>,
}

impl InstallmentOption {
    /// Whether the monthly amounts do not make up the total, by more than one minor unit for each of them: then both are
    /// shown, and neither is corrected (`RULES.md` 9).
    #[must_use]
    pub fn is_uneven(&self) -> bool {
        let months = self.monthly.checked_times(u32::from(self.installments));
        let apart = months.and_then(|months| months.checked_sub(self.total));
        apart.is_none_or(|apart| apart.minor().unsigned_abs() > u64::from(self.installments))
    }

    /// What it costs more than what is owed; `None` for nothing more, or where the two can't be compared.
    #[must_use]
    pub fn extra_over(&self, base: Option<Money>) -> Option<Money> {
        self.total.checked_sub(base?).filter(Money::is_positive)
    }
}

/// What a card program offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// How the gateway calls it.
    pub id: ProgramId,
    /// Its name for people.
    pub name: Option<ForeignText>,
    /// Whether it is the gateway's first choice for this card.
    pub is_default: bool,
    /// Its options, by number of installments.
    pub options: Vec<InstallmentOption>,
}

/// Whether 3-D Secure is a choice for this card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThreeDsRule {
    /// On unless a supervisor turns it off.
    Optional,
    /// The gateway insists.
    Forced,
}

/// The answer to "what may this card pay, and how?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionList {
    /// The BIN that was asked about.
    pub bin: Bin,
    /// The amount that was asked about; at Yolcu360 the single payment's, which is the order's.
    pub base: Option<Money>,
    /// The programs, the default first. At Yolcu360 there is one.
    pub programs: Vec<Program>,
    /// Whether 3-D Secure is forced.
    pub three_ds: ThreeDsRule,
    /// The issuing bank, where the gateway says it.
    pub bank: Option<ForeignText>,
    /// The card's family or program, where the gateway says it.
    pub family: Option<ForeignText>,
    /// The brand as the gateway sees it.
    pub association: Option<ForeignText>,
    /// credit or debit, as the gateway writes it.
    pub card_type: Option<ForeignText>,
    /// The currencies this card may pay in; empty when the gateway doesn't say.
    pub currencies: Vec<Currency>,
    /// When the answer came.
    pub at: Timestamp,
}

/// What is named when a payment is asked for: a program (or the default) and a number of installments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The program; `None` takes the default one.
    pub program: Option<ProgramId>,
    /// How many installments.
    pub installments: u8,
    /// The total that the button said, if a button said one.
    pub shown_total: Option<Money>,
}

/// The chosen plan, as it is kept with an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The program, where there is a choice of them.
    pub program: Option<ProgramId>,
    /// Its name.
    pub program_name: Option<ForeignText>,
    /// The option.
    pub option: InstallmentOption,
}

/// Why a choice can't be paid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// The list is empty.
    #[error("the gateway offers no way to pay with this card")]
    NoOptions,
    /// No such program in the list.
    #[error("the gateway offers no such card program for this card")]
    NoSuchProgram,
    /// The program has no such number of installments.
    #[error("{asked} installments are not offered for this card; offered: {}", list(offered))]
    NoSuchPlan {
        /// What was asked for.
        asked: u8,
        /// What there is.
        offered: Vec<u8>,
    },
    /// The list is too old to pay from.
    #[error("the options are older than {} minutes and must be asked anew", crate::limits::OPTIONS_AGE.as_millis() / 60_000)]
    TooOld,
    /// The list was asked for another card.
    #[error("the options belong to another card")]
    OtherCard,
    /// The list was asked for another amount or currency.
    #[error("the options belong to another amount")]
    OtherAmount,
    /// The order's currency is none that this card may pay in.
    #[error("this card can't pay in {0}")]
    CurrencyNotSupported(Currency),
    /// The total is no longer the one that was shown.
    #[error("the total is now {now}, not {shown} as shown")]
    TotalChanged {
        /// What was shown.
        shown: Money,
        /// What it is now.
        now: Money,
    },
}

fn list(numbers: &[u8]) -> String {
    numbers.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
}

impl OptionList {
    /// The plan that `choice` names, checked against everything that could have changed since it was shown
    /// (`RULES.md` 9).
    ///
    /// # Errors
    /// A [`ChoiceError`] that says what does not fit.
    pub fn choose(&self, choice: &Choice, bin: &Bin, base: Option<Money>, now: Timestamp) -> Result<Plan, ChoiceError> {
        if self.bin.first_six() != bin.first_six() {
            return Err(ChoiceError::OtherCard);
        }
        if base.is_some() && self.base.is_some() && base != self.base {
            return Err(ChoiceError::OtherAmount);
        }
        if now.since(self.at) > crate::limits::OPTIONS_AGE {
            return Err(ChoiceError::TooOld);
        }
        let program = self.program(choice)?;
        let Some(option) = program.options.iter().find(|option| option.installments == choice.installments) else {
            let offered = program.options.iter().map(|option| option.installments).collect();
            return Err(ChoiceError::NoSuchPlan { asked: choice.installments, offered });
        };
        let currency = option.total.currency();
        if !self.currencies.is_empty() && !self.currencies.contains(&currency) {
            return Err(ChoiceError::CurrencyNotSupported(currency));
        }
        if let Some(shown) = choice.shown_total.filter(|shown| *shown != option.total) {
            return Err(ChoiceError::TotalChanged { shown, now: option.total });
        }
        let several = self.programs.len() > 1 || choice.program.is_some();
        Ok(Plan {
            program: several.then(|| program.id.clone()),
            program_name: program.name.clone(),
            option: option.clone(),
        })
    }

    fn program(&self, choice: &Choice) -> Result<&Program, ChoiceError> {
        let found = match &choice.program {
            Some(id) => self.programs.iter().find(|program| program.id == *id).ok_or(ChoiceError::NoSuchProgram)?,
            None => self
                .programs
                .iter()
                .find(|program| program.is_default)
                .or_else(|| self.programs.first())
                .ok_or(ChoiceError::NoOptions)?,
        };
        if found.options.is_empty() { Err(ChoiceError::NoOptions) } else { Ok(found) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(installments: u8, monthly: i64, total: i64) -> InstallmentOption {
        let lira = |minor| Money::from_minor(minor, Currency::TRY);
        InstallmentOption { installments, monthly: lira(monthly), total: lira(total), commission: None }
    }

    #[test]
    fn monthly_amounts_that_make_up_the_total_up_to_rounding_are_even() {
        for (installments, monthly, total) in [(1, 100, 100), (3, 3_333, 10_000), (3, 3_334, 10_000), (3, 3_332, 9_999)]
        {
            assert!(!option(installments, monthly, total).is_uneven(), "{installments} × {monthly} = {total}");
        }
        for (installments, monthly, total) in [(1, 100, 102), (3, 3_332, 10_000), (3, 3_335, 10_001), (3, i64::MAX, 1)]
        {
            assert!(option(installments, monthly, total).is_uneven(), "{installments} × {monthly} = {total}");
        }
    }

    #[test]
    fn what_an_option_costs_more_is_told_only_if_it_costs_more() {
        let base = |minor| Some(Money::from_minor(minor, Currency::TRY));
        assert_eq!(option(3, 400, 1_200).extra_over(base(1_000)), base(200));
        for (owed, what) in [
            (base(1_200), "nothing more"),
            (base(1_300), "less"),
            (None, "not known"),
            (Some(Money::from_minor(1_000, Currency::EUR)), "another currency"),
        ] {
            assert_eq!(option(3, 400, 1_200).extra_over(owed), None, "{what}");
        }
    }
}
