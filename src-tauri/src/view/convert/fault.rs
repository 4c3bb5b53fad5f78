//! Why something was not done: the same codes as `veznectl` gives.

use vezne_core::attempt::{Refusal, VezneRefusal};
use vezne_core::card::CardError;
use vezne_core::guard::Block;
use vezne_core::ids::IdError;
use vezne_core::money::CurrencyError;
use vezne_core::order::OrderIdError;
use vezne_core::ports::{JournalFault, ReadFault};
use vezne_core::reference::{PartError, ReferenceError};
use vezne_core::text::TypedTextError;
use vezne_till::{CloseError, PayError, SettleError, not_sent_code, vezne_code};

use crate::view::{Code, Fault, Field};

impl Fault {
    /// A fault that its code says wholly.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, text: None, field: None }
    }

    /// With words that say more than the code.
    #[must_use]
    pub fn because(self, text: impl ToString) -> Self {
        Self { text: Some(text.to_string()), ..self }
    }

    /// With the field to put the focus on.
    #[must_use]
    pub fn at(self, field: Field) -> Self {
        Self { field: Some(field), ..self }
    }

    /// A text that a person typed into `field`.
    #[must_use]
    pub fn of_text(error: TypedTextError, field: Field) -> Self {
        let code = match error {
            TypedTextError::Empty => Code::TextMissing,
            TypedTextError::TooLong { .. } | TypedTextError::Invisible { .. } => Code::TextRefused,
            TypedTextError::CardNumber | TypedTextError::TrackData | TypedTextError::SecurityCode => {
                Code::CardDataInField
            }
        };
        Self::new(code).because(error).at(field)
    }
}

impl From<JournalFault> for Fault {
    fn from(fault: JournalFault) -> Self {
        match fault {
            JournalFault::KeyTaken => Self::new(Code::DuplicateOpen),
            JournalFault::OverrideUsed => Self::new(Code::DuplicatePaid).because(fault),
            JournalFault::ReversalOpen => Self::new(Code::ReversalOpen),
            JournalFault::DiskFull => Self::new(Code::DiskFull),
            JournalFault::Damaged(words) => Self::new(Code::Damaged).because(words),
            JournalFault::Gone(words) => Self::new(Code::Gone).because(words),
            JournalFault::CloseOutrun | JournalFault::NotWritable(_) | JournalFault::Unreadable(_) => {
                Self::new(Code::Journal).because(fault)
            }
        }
    }
}

impl From<ReadFault> for Fault {
    fn from(fault: ReadFault) -> Self {
        match &fault {
            ReadFault::CouldNotAsk(_) => Self::new(Code::NoAnswer).because(fault),
            ReadFault::CannotBeAsked(_) => Self::new(Code::NotLet).because(fault),
            ReadFault::NotFound => Self::new(Code::NotKnown),
            ReadFault::Refused(Some(said)) => Self::new(Code::QuestionRefused).because(said),
            ReadFault::Refused(None) => Self::new(Code::QuestionRefused),
            ReadFault::Amount { .. } => Self::new(Code::AmountUnreadable).because(fault),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let code = match &refusal {
            Refusal::NotNow { .. } => Code::NotNow,
            Refusal::TooLateToCancel => Code::TooLateToCancel,
            Refusal::PageStillOpen => Code::PageStillOpen,
            Refusal::NotAskedEnough { .. } => Code::NotAskedEnough,
            Refusal::TooSoon { .. } => Code::TooSoon,
            Refusal::SaidPaid => Code::SaidPaid,
            Refusal::PortalReferenceMissing => {
                return Self::new(Code::PortalReference).because(refusal).at(Field::Saw);
            }
            Refusal::NothingContradicts => Code::NothingContradicts,
        };
        Self::new(code).because(refusal)
    }
}

impl From<CloseError> for Fault {
    fn from(error: CloseError) -> Self {
        match error {
            CloseError::NotWritten(why) => Self::new(Code::NotWritten).because(why),
            CloseError::NotFound => Self::new(Code::NoSuchClose),
            CloseError::NeedsSupervisor => Self::new(Code::NeedsSupervisor),
            CloseError::NotASupervisor => Self::new(Code::NotASupervisor).at(Field::Pin),
            CloseError::NotKnown => Self::new(Code::CloseNotKnown),
            CloseError::Comparing => Self::new(Code::Comparing),
            CloseError::Journal(fault) => fault.into(),
            CloseError::Closing => Self::new(Code::Closing),
        }
    }
}

impl From<SettleError> for Fault {
    fn from(error: SettleError) -> Self {
        match error {
            SettleError::NotFound => Self::new(Code::NotFound),
            SettleError::NotASupervisor => Self::new(Code::NotASupervisor).at(Field::Pin),
            SettleError::NameTaken => Self::new(Code::NameTaken).at(Field::Name),
            SettleError::TooMuch { left } => Self::new(Code::TooMuch).because(left),
            SettleError::WentBack(_) => Self::new(Code::WentBack),
            SettleError::OneAtATime(_) => Self::new(Code::ReversalOpen),
            SettleError::NotListed(_) => Self::new(Code::NotListed),
            SettleError::Refused(refusal) => refusal.into(),
            SettleError::Journal(fault) => fault.into(),
            SettleError::Closing => Self::new(Code::Closing),
        }
    }
}

impl From<VezneRefusal> for Fault {
    fn from(refusal: VezneRefusal) -> Self {
        let fault = Self::new(Code::of_till(vezne_code(&refusal)));
        match &refusal {
            VezneRefusal::OrderNotFound => fault.at(Field::Order),
            VezneRefusal::OrderAlreadyPaid
            | VezneRefusal::OrderCancelled
            | VezneRefusal::OrderUnreadable
            | VezneRefusal::OptionsUnanswered
            | VezneRefusal::Overtaken => fault,
            VezneRefusal::OrderState(_) | VezneRefusal::PriceChanged { .. } | VezneRefusal::Choice(_) => {
                fault.because(refusal)
            }
        }
    }
}

impl From<&Block> for Fault {
    fn from(block: &Block) -> Self {
        Self::new(match block {
            Block::OpenOrUnknown(_) => Code::DuplicateOpen,
            Block::Contradicted(_) => Code::DuplicateContradicted,
            Block::AlreadyPaid { .. } => Code::DuplicatePaid,
            Block::SameCardUnknown(_) => Code::DuplicateSameCard,
            Block::SetAsideSameCard(_) => Code::DuplicateSetAside,
            Block::Twin(_) => Code::DuplicateTwin,
            Block::TooManyOpen { .. } => Code::TooManyOpen,
        })
    }
}

impl From<PayError> for Fault {
    fn from(error: PayError) -> Self {
        match error {
            PayError::UnknownAccount => Self::new(Code::UnknownAccount),
            PayError::WrongSubject(why) => Self::new(Code::WrongSubject).because(why),
            PayError::CurrencyNotTaken(currency) => {
                Self::new(Code::CurrencyNotTaken).because(currency).at(Field::Currency)
            }
            PayError::NoCreditLimit => Self::new(Code::NoCreditLimit),
            PayError::TypeTwice { limit } => Self::new(Code::TypeTwice).because(limit).at(Field::Amount),
            PayError::Blocked(block) => (&*block).into(),
            PayError::SpanMissing { .. } => Self::new(Code::SpanMissing).because(error),
            PayError::NeedsSupervisor(_) => Self::new(Code::NeedsSupervisor),
            PayError::NotASupervisor => Self::new(Code::NotASupervisor).at(Field::Pin),
            PayError::Refused(refusal) => refusal.into(),
            // Asked and not told: nothing is sent blindly (`RULES.md` 2). A gateway out of reach is `NotSent` below.
            PayError::Options(fault @ ReadFault::CouldNotAsk(_)) => Self::new(Code::OptionsUnanswered).because(fault),
            PayError::Options(fault) => fault.into(),
            PayError::NotSent(reason) => Self::new(Code::of_till(not_sent_code(reason))),
            PayError::CardForgotten => Self::new(Code::CardForgotten).at(Field::Number),
            PayError::Journal(fault) => fault.into(),
            PayError::Closing => Self::new(Code::Closing),
        }
    }
}

impl From<CardError> for Fault {
    fn from(error: CardError) -> Self {
        let code = match error {
            CardError::NumberOddCharacter
            | CardError::NumberTooShort
            | CardError::NumberTooLong
            | CardError::NumberLength { .. }
            | CardError::NumberCheckDigit => Code::CardNumber,
            CardError::HolderLength | CardError::HolderOddCharacter => Code::CardHolder,
            CardError::HolderHoldsCardData => Code::CardDataInField,
            CardError::ExpiryUnreadable | CardError::ExpiryMonth | CardError::ExpiryYear | CardError::ExpiryTooFar => {
                Code::CardExpiry
            }
            CardError::ExpiryPast => Code::CardExpired,
            CardError::CvcOddCharacter | CardError::CvcLength { .. } => Code::CardCvc,
        };
        Self::new(code).because(error).at(error.field().into())
    }
}

impl From<ReferenceError> for Fault {
    fn from(error: ReferenceError) -> Self {
        let code = match error {
            ReferenceError::Empty => Code::ReferenceEmpty,
            ReferenceError::TooLong => Code::ReferenceTooLong,
            ReferenceError::Invisible { .. } => Code::ReferenceOdd,
            ReferenceError::CardData => Code::CardDataInField,
        };
        Self::new(code).because(error).at(Field::Reference)
    }
}

impl From<OrderIdError> for Fault {
    fn from(error: OrderIdError) -> Self {
        let code = match error {
            OrderIdError::Empty => Code::OrderIdEmpty,
            OrderIdError::TooLong | OrderIdError::OddCharacter { .. } | OrderIdError::OnlyMarks => Code::OrderIdOdd,
            OrderIdError::CardNumber => Code::CardDataInField,
        };
        Self::new(code).because(error).at(Field::Order)
    }
}

impl From<PartError> for Fault {
    fn from(error: PartError) -> Self {
        Self::new(Code::Part).because(error).at(Field::Part)
    }
}

impl From<CurrencyError> for Fault {
    fn from(error: CurrencyError) -> Self {
        Self::new(Code::Currency).because(error).at(Field::Currency)
    }
}

impl From<IdError> for Fault {
    /// The window only names what it was told of, so an id that can't be read is one that nobody knows.
    fn from(error: IdError) -> Self {
        Self::new(Code::NotFound).because(error)
    }
}
