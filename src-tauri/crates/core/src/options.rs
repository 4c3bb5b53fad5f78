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
    use crate::time::Millis;

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

    const ASKED: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn lira(minor: i64) -> Money {
        Money::from_minor(minor, Currency::TRY)
    }

    fn bin(digits: &str) -> Bin {
        Bin::parse(digits).unwrap()
    }

    fn program(name: &str, is_default: bool, options: Vec<InstallmentOption>) -> Program {
        Program { id: ProgramId::named(name), name: Some(ForeignText::filter(name)), is_default, options }
    }

    /// What a card 415565… may pay for 100.00: at World (the default) at once or in three, at Bonus at once.
    fn offered() -> OptionList {
        OptionList {
            bin: bin("41556501"),
            base: Some(lira(10_000)),
            programs: vec![
                program("Bonus", false, vec![option(1, 10_100, 10_100)]),
                program("World", true, vec![option(1, 10_000, 10_000), option(3, 3_500, 10_500)]),
            ],
            three_ds: ThreeDsRule::Optional,
            bank: None,
            family: None,
            association: None,
            card_type: None,
            currencies: Vec::new(),
            at: ASKED,
        }
    }

    fn at_world(installments: u8) -> Choice {
        Choice { program: None, installments, shown_total: None }
    }

    fn chosen(list: &OptionList, choice: &Choice) -> Result<Plan, ChoiceError> {
        list.choose(choice, &bin("41556501"), Some(lira(10_000)), ASKED)
    }

    #[test]
    fn the_default_program_is_taken_unless_another_is_named() {
        let plan = chosen(&offered(), &at_world(3)).unwrap();
        assert_eq!((plan.program, plan.option), (Some(ProgramId::named("World")), option(3, 3_500, 10_500)));
        let bonus = Choice { program: Some(ProgramId::named("Bonus")), ..at_world(1) };
        let plan = chosen(&offered(), &bonus).unwrap();
        assert_eq!((plan.program, plan.option.total), (Some(ProgramId::named("Bonus")), lira(10_100)));
        let axess = Choice { program: Some(ProgramId::named("Axess")), ..at_world(1) };
        assert_eq!(chosen(&offered(), &axess), Err(ChoiceError::NoSuchProgram));
    }

    #[test]
    fn where_there_is_one_program_it_is_kept_only_if_it_was_named() {
        let mut list = offered();
        list.programs.remove(0);
        let plan = chosen(&list, &at_world(1)).unwrap();
        assert_eq!((plan.program, plan.program_name), (None, Some(ForeignText::filter("World"))));
        let named = Choice { program: Some(ProgramId::named("World")), ..at_world(1) };
        assert_eq!(chosen(&list, &named).unwrap().program, Some(ProgramId::named("World")));
    }

    #[test]
    fn without_a_default_the_first_program_is_taken_and_without_any_there_is_no_way_to_pay() {
        let mut list = offered();
        list.programs[1].is_default = false;
        assert_eq!(chosen(&list, &at_world(1)).unwrap().program, Some(ProgramId::named("Bonus")));
        list.programs[0].options.clear();
        assert_eq!(chosen(&list, &at_world(1)), Err(ChoiceError::NoOptions));
        list.programs.clear();
        assert_eq!(chosen(&list, &at_world(1)), Err(ChoiceError::NoOptions));
    }

    #[test]
    fn a_number_of_installments_that_is_not_offered_is_refused_with_those_that_are() {
        let refused = chosen(&offered(), &at_world(6)).unwrap_err();
        assert_eq!(refused, ChoiceError::NoSuchPlan { asked: 6, offered: vec![1, 3] });
        assert_eq!(refused.to_string(), "6 installments are not offered for this card; offered: 1, 3");
    }

    #[test]
    fn options_of_another_card_are_refused_and_six_digits_tell_a_card() {
        let choose = |digits: &str| offered().choose(&at_world(1), &bin(digits), Some(lira(10_000)), ASKED);
        assert!(choose("415565").is_ok() && choose("41556599").is_ok());
        assert_eq!(choose("415566"), Err(ChoiceError::OtherCard));
    }

    #[test]
    fn options_of_another_amount_are_refused_where_both_amounts_are_known() {
        let choose = |list: &OptionList, base| list.choose(&at_world(1), &bin("415565"), base, ASKED).map(|_| ());
        assert_eq!(choose(&offered(), Some(lira(10_001))), Err(ChoiceError::OtherAmount));
        assert_eq!(choose(&offered(), Some(Money::from_minor(10_000, Currency::EUR))), Err(ChoiceError::OtherAmount));
        assert_eq!(choose(&offered(), None), Ok(()), "an order whose amount can't be read");
        let unknown = OptionList { base: None, ..offered() };
        assert_eq!(choose(&unknown, Some(lira(10_000))), Ok(()));
    }

    #[test]
    fn options_may_be_used_for_twenty_minutes() {
        let choose = |age: Millis| {
            let now = ASKED.after(age);
            offered().choose(&at_world(1), &bin("415565"), Some(lira(10_000)), now).map(|_| ())
        };
        assert_eq!(choose(Millis::minutes(20)), Ok(()));
        assert_eq!(choose(Millis(20 * 60_000 + 1)), Err(ChoiceError::TooOld));
        assert_eq!(ChoiceError::TooOld.to_string(), "the options are older than 20 minutes and must be asked anew");
    }

    #[test]
    fn a_currency_that_the_card_can_not_pay_in_is_refused_where_the_gateway_lists_them() {
        let euros = OptionList { currencies: vec![Currency::EUR], ..offered() };
        assert_eq!(chosen(&euros, &at_world(1)), Err(ChoiceError::CurrencyNotSupported(Currency::TRY)));
        let both = OptionList { currencies: vec![Currency::EUR, Currency::TRY], ..offered() };
        assert!(chosen(&both, &at_world(1)).is_ok());
    }

    #[test]
    fn a_total_that_is_no_longer_the_one_on_the_button_is_refused() {
        let shown = |total| Choice { shown_total: Some(total), ..at_world(3) };
        assert!(chosen(&offered(), &shown(lira(10_500))).is_ok());
        let refused = chosen(&offered(), &shown(lira(10_400)));
        assert_eq!(refused, Err(ChoiceError::TotalChanged { shown: lira(10_400), now: lira(10_500) }));
    }
}
