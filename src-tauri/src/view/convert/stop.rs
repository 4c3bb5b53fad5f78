//! Why a payment was not begun.

use vezne_core::attempt::{Subject, VezneRefusal};
use vezne_core::rights::Act;
use vezne_till::PayError;

use super::Names;
use crate::view::{BlockView, Code, Fault, PayStop};

impl PayStop {
    /// What stands in the way of paying for `subject`. `choice` is the code for a choice that the options do not allow.
    #[must_use]
    pub fn of(error: PayError, subject: &Subject, names: &Names, choice: Option<Code>) -> Self {
        match error {
            PayError::Blocked(block) => Self::Blocked { block: Box::new(BlockView::of(&block, subject, names)) },
            PayError::TypeTwice { limit } => Self::TypeAgain { limit: limit.into() },
            PayError::NeedsSupervisor(act) => Self::Supervisor { code: supervisor_code(act) },
            PayError::NotASupervisor => Self::NotASupervisor,
            PayError::SpanMissing { from, until } => {
                Self::SpanMissing { from: from.to_string(), until: until.to_string() }
            }
            PayError::Refused(refusal) => of_refusal(refusal, choice),
            PayError::Options(fault) => Self::Options { fault: PayError::Options(fault).into() },
            PayError::UnknownAccount
            | PayError::WrongSubject(_)
            | PayError::CurrencyNotTaken(_)
            | PayError::NoCreditLimit
            | PayError::NotSent(_)
            | PayError::CardForgotten
            | PayError::Journal(_)
            | PayError::Closing => Self::Wrong { fault: error.into() },
        }
    }
}

/// Whether asking for the options anew and choosing again helps.
fn of_refusal(refusal: VezneRefusal, choice: Option<Code>) -> PayStop {
    match refusal {
        VezneRefusal::Choice(words) => {
            PayStop::Options { fault: Fault::new(choice.unwrap_or(Code::OptionNotOffered)).because(words) }
        }
        VezneRefusal::PriceChanged { .. } | VezneRefusal::OptionsUnanswered => {
            PayStop::Options { fault: refusal.into() }
        }
        VezneRefusal::OrderNotFound
        | VezneRefusal::OrderAlreadyPaid
        | VezneRefusal::OrderCancelled
        | VezneRefusal::OrderState(_)
        | VezneRefusal::OrderUnreadable
        | VezneRefusal::Overtaken => PayStop::Wrong { fault: refusal.into() },
    }
}

/// What a supervisor is asked to agree to.
pub(super) const fn supervisor_code(act: Act) -> Code {
    match act {
        Act::TakeWithout3ds => Code::ThreeDsOff,
        Act::OverrideGuard => Code::Override,
        Act::TakePayment
        | Act::AskAgain
        | Act::SetAside
        | Act::Resolve
        | Act::CounterEntry
        | Act::Void
        | Act::Refund
        | Act::AddOperator
        | Act::RecordReturn
        | Act::Acknowledge
        | Act::CloseOverMissing => Code::NeedsSupervisor,
    }
}

impl From<Fault> for PayStop {
    fn from(fault: Fault) -> Self {
        Self::Wrong { fault }
    }
}
