//! What a card may pay, and how.

use vezne_core::answers::{OrderFacts, OrderState, SaidAmount};
use vezne_core::limits;
use vezne_core::money::Currency;
use vezne_core::money::Money;
use vezne_core::options::{Choice, ChoiceError, InstallmentOption, OptionList, Program, ThreeDsRule};
use vezne_core::order::OrderId;
use vezne_core::ports::OrderSummary;
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

use crate::view::{Code, OptionView, OptionsView, OrderView, ProgramView};

fn text(text: Option<&ForeignText>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(ToString::to_string)
}

impl OptionsView {
    /// An answer, under the number by which Pay names it. `owed` is what was asked about, where an amount was.
    #[must_use]
    pub fn of(list: u32, options: &OptionList, owed: Option<Money>) -> Self {
        let base = options.base.or(owed);
        let total = || options.programs.iter().flat_map(|program| &program.options).map(|option| option.total).next();
        let currency = base.or_else(total).map(|amount| amount.currency());
        let refused = |currency: &Currency| !options.currencies.is_empty() && !options.currencies.contains(currency);
        Self {
            list,
            bin: options.bin.to_string(),
            programs: options.programs.iter().map(|program| ProgramView::of(program, base)).collect(),
            three_ds_forced: match options.three_ds {
                ThreeDsRule::Forced => true,
                ThreeDsRule::Optional => false,
            },
            bank: text(options.bank.as_ref()),
            family: text(options.family.as_ref()),
            association: text(options.association.as_ref()),
            card_type: text(options.card_type.as_ref()),
            currencies: options.currencies.iter().map(|currency| currency.code().to_owned()).collect(),
            currency_refused: currency.filter(refused).map(|currency| currency.code().to_owned()),
            good_until: options.at.after(limits::OPTIONS_AGE).to_string(),
        }
    }
}

impl ProgramView {
    fn of(program: &Program, base: Option<Money>) -> Self {
        Self {
            id: program.id.0.to_string(),
            name: text(program.name.as_ref()),
            is_default: program.is_default,
            options: program.options.iter().map(|option| OptionView::of(option, base)).collect(),
        }
    }
}

impl OptionView {
    fn of(option: &InstallmentOption, base: Option<Money>) -> Self {
        Self {
            installments: option.installments,
            monthly: option.monthly.into(),
            total: option.total.into(),
            extra: option.extra_over(base).map(Into::into),
            commission: text(option.commission.as_ref()),
            uneven: option.is_uneven(),
        }
    }
}

/// Why a choice from this list can't be paid (any more): the till says it in words, the window wants a code. `None` when
/// the list itself allows it, so that the card is another one than it was asked for.
pub(crate) fn choice_code(list: &OptionList, choice: &Choice, amount: Option<Money>, now: Timestamp) -> Option<Code> {
    let error = list.choose(choice, &list.bin, amount, now).err()?;
    Some(match error {
        ChoiceError::NoOptions => Code::NoOptions,
        ChoiceError::NoSuchProgram | ChoiceError::NoSuchPlan { .. } | ChoiceError::OtherCard => Code::OptionNotOffered,
        ChoiceError::TooOld => Code::OptionsTooOld,
        ChoiceError::OtherAmount => Code::PriceChanged,
        ChoiceError::CurrencyNotSupported(_) => Code::CardCurrency,
        ChoiceError::TotalChanged { .. } => Code::TotalChanged,
    })
}

impl OrderView {
    /// An order before it is paid.
    #[must_use]
    pub fn of(order: &OrderId, summary: &OrderSummary) -> Self {
        let facts = &summary.facts;
        Self {
            order: order.to_string(),
            amount: facts.price.money().map(Into::into),
            passenger: summary.passenger.as_ref().map(|name| name.expose().to_owned()),
            title: text(summary.title.as_ref()),
            blocked: blocked(facts),
            state: state_word(&facts.state),
        }
    }
}

/// What the till will say when it reads the same order before sending.
fn blocked(facts: &OrderFacts) -> Option<Code> {
    match &facts.state {
        OrderState::Pending | OrderState::Failed if facts.price == SaidAmount::UNREADABLE => {
            Some(Code::OrderUnreadable)
        }
        OrderState::Pending | OrderState::Failed => None,
        OrderState::Reserved if facts.vendor_cancelled => Some(Code::OrderCancelled),
        OrderState::Reserved => Some(Code::OrderAlreadyPaid),
        OrderState::Cancelled | OrderState::Removed => Some(Code::OrderCancelled),
        OrderState::Other(_) => Some(Code::OrderState),
    }
}

/// The words of Yolcu360's `orderedCarProduct.status`.
fn state_word(state: &OrderState) -> String {
    match state {
        OrderState::Pending => "pending".to_owned(),
        OrderState::Reserved => "reserved".to_owned(),
        OrderState::Failed => "failed".to_owned(),
        OrderState::Cancelled => "cancelled".to_owned(),
        OrderState::Removed => "removed".to_owned(),
        OrderState::Other(word) => word.to_string(),
    }
}
