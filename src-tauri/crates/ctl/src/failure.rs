//! Why a verb came to nothing before there was an attempt (or reversal) to speak of.

use vezne_core::answers::NotSentReason;
use vezne_core::attempt::{Refusal, VezneRefusal};
use vezne_core::card::{CardError, CardField};
use vezne_core::guard::{Block, Earlier};
use vezne_core::ports::{JournalFault, ReadFault};
use vezne_core::{reversal, text::TypedTextError};
use vezne_home::{FaultClass, HomeFault};
use vezne_till::{CloseError, PayError, ReverseError, SettleError};

use crate::exit::Exit;
use crate::messages::Code;

/// Who said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// This program.
    Vezne,
    /// The gateway.
    Gateway,
}

/// A verb that came to nothing.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) code: Code,
    /// Particulars, beside the code's own sentence.
    pub(crate) detail: Option<String>,
    pub(crate) by: By,
    /// What to do now, where it is more than the code's own sentence.
    pub(crate) next: Option<String>,
    /// The attempt that the duplicate guard names.
    pub(crate) earlier: Option<Box<Earlier>>,
}

impl Failure {
    fn new(exit: Exit, code: Code) -> Self {
        Self { exit, code, detail: None, by: By::Vezne, next: None, earlier: None }
    }

    /// Refused by Vezne.
    pub(crate) fn refused(code: Code) -> Self {
        Self::new(Exit::Refused, code)
    }

    /// Refused by the gateway.
    pub(crate) fn by_gateway(code: Code) -> Self {
        Self { by: By::Gateway, ..Self::new(Exit::Refused, code) }
    }

    /// Nothing was sent.
    pub(crate) fn not_sent(code: Code) -> Self {
        Self::new(Exit::NotSent, code)
    }

    /// The machine is in the way.
    pub(crate) fn environment(code: Code) -> Self {
        Self::new(Exit::Environment, code)
    }

    /// Arguments or configuration.
    pub(crate) fn arguments(code: Code) -> Self {
        Self::new(Exit::Arguments, code)
    }

    /// With particulars.
    pub(crate) fn because(mut self, detail: impl ToString) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// A text that a person typed.
    pub(crate) fn text(what: &str, error: TypedTextError) -> Self {
        Self::refused(Code::Text).because(format!("{what}: {error}"))
    }
}

impl From<HomeFault> for Failure {
    fn from(fault: HomeFault) -> Self {
        let code = match &fault {
            HomeFault::Nowhere | HomeFault::Folder { .. } => Code::HomeUnusable,
            HomeFault::Settings(_) | HomeFault::Account { .. } => Code::Configuration,
            HomeFault::InUse { .. } => Code::InUse,
            HomeFault::Vault(_) => Code::Vault,
            HomeFault::Journal(_) | HomeFault::NoJournal(_) => Code::Journal,
            HomeFault::Damaged(words) => return Self::environment(Code::Damaged).because(words),
            HomeFault::Gone(_) => Code::Gone,
            HomeFault::RepairFailed(_) => Code::RepairFailed,
            // The journal's own faults have words of their own.
            HomeFault::JournalFault(fault) => return fault.clone().into(),
        };
        let failure = match fault.class() {
            FaultClass::Environment => Self::environment(code),
            FaultClass::Configuration => Self::arguments(code),
        };
        failure.because(fault)
    }
}

impl From<JournalFault> for Failure {
    fn from(fault: JournalFault) -> Self {
        match fault {
            JournalFault::KeyTaken => Self::refused(Code::DuplicateOpen),
            JournalFault::OverrideUsed => Self::refused(Code::DuplicatePaid).because(fault),
            JournalFault::ReversalOpen => Self::refused(Code::ReversalOpen),
            JournalFault::DiskFull => Self::environment(Code::DiskFull),
            JournalFault::Damaged(words) => Self::environment(Code::Damaged).because(words),
            JournalFault::Gone(words) => Self::environment(Code::Gone).because(words),
            JournalFault::CloseOutrun | JournalFault::NotWritable(_) | JournalFault::Unreadable(_) => {
                Self::environment(Code::Journal).because(fault)
            }
        }
    }
}

impl From<CardError> for Failure {
    fn from(error: CardError) -> Self {
        let code = match error.field() {
            CardField::Number => Code::CardNumber,
            CardField::Holder => Code::CardHolder,
            CardField::Expiry => Code::CardExpiry,
            CardField::Cvc => Code::CardCvc,
        };
        Self::refused(code).because(error)
    }
}

impl From<ReadFault> for Failure {
    fn from(fault: ReadFault) -> Self {
        match &fault {
            ReadFault::CouldNotAsk(_) => Self::not_sent(Code::NoAnswer).because(fault),
            ReadFault::CannotBeAsked(_) => Self::by_gateway(Code::NotLet).because(fault),
            ReadFault::NotFound => Self::by_gateway(Code::NotKnown),
            ReadFault::Refused(said) => {
                let failure = Self::by_gateway(Code::QuestionRefused);
                match said {
                    Some(said) => failure.because(said),
                    None => failure,
                }
            }
            ReadFault::Amount { .. } => Self::refused(Code::AmountUnreadable).because(fault),
        }
    }
}

impl From<Block> for Failure {
    fn from(block: Block) -> Self {
        let code = match &block {
            Block::OpenOrUnknown(_) => Code::DuplicateOpen,
            Block::Contradicted(_) => Code::DuplicateContradicted,
            Block::AlreadyPaid { .. } => Code::DuplicatePaid,
            Block::SameCardUnknown(_) => Code::DuplicateSameCard,
            Block::SetAsideSameCard(_) => Code::DuplicateSetAside,
            Block::Twin(_) => Code::DuplicateTwin,
            Block::TooManyOpen { .. } => Code::TooManyOpen,
        };
        let detail = match &block {
            Block::AlreadyPaid { paid: Some(paid), .. } => Some(format!("{paid} is paid so far.")),
            Block::TooManyOpen { open } => Some(format!("{open} are open.")),
            Block::AlreadyPaid { paid: None, .. }
            | Block::OpenOrUnknown(_)
            | Block::Contradicted(_)
            | Block::SameCardUnknown(_)
            | Block::SetAsideSameCard(_)
            | Block::Twin(_) => None,
        };
        Self { detail, earlier: block.earlier().cloned().map(Box::new), ..Self::refused(code) }
    }
}

/// The code of a refusal by Vezne itself before sending.
const fn of_refusal(refusal: &VezneRefusal) -> Code {
    match refusal {
        VezneRefusal::OrderNotFound => Code::OrderNotFound,
        VezneRefusal::OrderAlreadyPaid => Code::OrderAlreadyPaid,
        VezneRefusal::OrderCancelled => Code::OrderCancelled,
        VezneRefusal::OrderState(_) => Code::OrderState,
        VezneRefusal::PriceChanged { .. } => Code::PriceChanged,
        VezneRefusal::OrderUnreadable => Code::OrderUnreadable,
        VezneRefusal::Choice(_) => Code::OptionNotOffered,
        VezneRefusal::OptionsUnanswered => Code::OptionsUnanswered,
        VezneRefusal::Overtaken => Code::Overtaken,
    }
}

const fn of_not_sent(reason: NotSentReason) -> Code {
    match reason {
        NotSentReason::Offline => Code::Offline,
        NotSentReason::SignInRefused => Code::SignInRefused,
        NotSentReason::SignInUnanswered => Code::SignInUnanswered,
        NotSentReason::NoSlot => Code::NoSlot,
        NotSentReason::Cancelled => Code::Cancelled,
        NotSentReason::Restarted => Code::Restarted,
        NotSentReason::JournalFailed => Code::JournalFailed,
        NotSentReason::NoReturnAddress => Code::NoReturnAddress,
        NotSentReason::Unprepared => Code::Unprepared,
    }
}

impl From<PayError> for Failure {
    fn from(error: PayError) -> Self {
        match error {
            PayError::UnknownAccount => Self::arguments(Code::UnknownAccount),
            PayError::WrongSubject(why) => Self::refused(Code::WrongSubject).because(why),
            PayError::CurrencyNotTaken(_) => Self::refused(Code::CurrencyNotTaken).because(error),
            PayError::NoCreditLimit => Self::refused(Code::NoCreditLimit),
            PayError::TypeTwice { .. } => Self::refused(Code::TypeTwice).because(error),
            PayError::Blocked(block) => Self::from(*block),
            PayError::SpanMissing { .. } => Self::refused(Code::SpanMissing).because(error),
            PayError::NeedsSupervisor(_) => Self::refused(Code::NeedsSupervisor),
            PayError::NotASupervisor => Self::refused(Code::NotASupervisor),
            // Its own words know only one of the two meanings (`GATEWAYS.md` 4).
            PayError::Refused(VezneRefusal::OrderNotFound) => Self::refused(Code::OrderNotFound),
            PayError::Refused(refusal) => Self::refused(of_refusal(&refusal)).because(refusal),
            // Asked and not told: we refuse to send blindly (`RULES.md` 2). A gateway out of reach is `NotSent` below.
            PayError::Options(fault @ ReadFault::CouldNotAsk(_)) => {
                Self::refused(Code::OptionsUnanswered).because(fault)
            }
            PayError::Options(fault) => Self::from(fault),
            PayError::NotSent(reason) => Self::not_sent(of_not_sent(reason)),
            PayError::CardForgotten => Self::refused(Code::CardForgotten),
            PayError::Journal(fault) => Self::from(fault),
            PayError::Closing => Self::environment(Code::Closing),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let code = match &refusal {
            Refusal::NotNow { .. } => Code::NotNow,
            Refusal::TooLateToCancel => Code::TooLateToCancel,
            Refusal::PageStillOpen => Code::PageStillOpen,
            Refusal::NotAskedEnough { .. } => Code::NotAskedEnough,
            Refusal::TooSoon { .. } => Code::TooSoon,
            Refusal::SaidPaid => Code::SaidPaid,
            Refusal::PortalReferenceMissing => Code::PortalReference,
            Refusal::NothingContradicts => Code::NothingContradicts,
        };
        Self::refused(code).because(refusal)
    }
}

impl From<SettleError> for Failure {
    fn from(error: SettleError) -> Self {
        match error {
            SettleError::NotFound => Self::refused(Code::NotFound),
            SettleError::NotASupervisor => Self::refused(Code::NotASupervisor),
            SettleError::NameTaken => Self::refused(Code::NameTaken),
            SettleError::TooMuch { .. } => Self::refused(Code::TooMuch).because(error),
            SettleError::WentBack(reversal) => Self::refused(Code::WentBack).because(reversal),
            SettleError::OneAtATime(open) => Self::refused(Code::ReversalOpen).because(open),
            SettleError::NotListed(why) => Self::refused(Code::NotListed).because(why),
            SettleError::Refused(refusal) => Self::from(refusal),
            SettleError::Journal(fault) => Self::from(fault),
            SettleError::Closing => Self::environment(Code::Closing),
        }
    }
}

impl From<CloseError> for Failure {
    fn from(error: CloseError) -> Self {
        match error {
            CloseError::NotWritten(why) => Self::environment(Code::Journal).because(why),
            CloseError::NotFound => Self::refused(Code::NoSuchClose),
            CloseError::NeedsSupervisor => Self::refused(Code::NeedsSupervisor),
            CloseError::NotASupervisor => Self::refused(Code::NotASupervisor),
            CloseError::NotKnown => Self { exit: Exit::Unknown, ..Self::environment(Code::CloseNotKnown) },
            CloseError::Comparing => Self::refused(Code::Comparing),
            CloseError::Journal(fault) => Self::from(fault),
            CloseError::Closing => Self::environment(Code::Closing),
        }
    }
}

impl From<ReverseError> for Failure {
    fn from(error: ReverseError) -> Self {
        let words = error.to_string();
        match error {
            ReverseError::NotFound => Self::refused(Code::NotFound),
            ReverseError::NotApproved => Self::refused(Code::NotApproved),
            ReverseError::AlreadyReturned(_) => Self::refused(Code::AlreadyReturned),
            ReverseError::Changed { .. } => Self::refused(Code::ReturnChanged).because(words),
            ReverseError::WhichAttempt => Self::refused(Code::WhichAttempt),
            ReverseError::TwoApproved => Self::refused(Code::TwoApproved),
            ReverseError::SwitchedOff => Self::refused(Code::ReversalsOff),
            ReverseError::AccountGone => Self::refused(Code::AccountGone),
            ReverseError::OneAtATime(open) => Self::refused(Code::ReversalOpen).because(open),
            ReverseError::TooMuch { .. } => Self::refused(Code::TooMuch).because(words),
            ReverseError::BadAmount(_) => Self::refused(Code::Amount).because(words),
            ReverseError::VoidNotPossible(why) => Self::refused(Code::VoidNotPossible).because(why),
            ReverseError::WholeOnly => Self::refused(Code::WholeOnly),
            ReverseError::AmountNotKnown => Self::refused(Code::AmountNotKnown),
            ReverseError::Refused(refusal) => Self::refused(of_reversal_refusal(&refusal)).because(refusal),
            ReverseError::NotASupervisor => Self::refused(Code::NotASupervisor),
            // Unreadable is refused by us (`RULES.md` 7), whoever is to blame for it.
            ReverseError::Read(fault) => Self::refused(Code::BaselineUnreadable).because(fault),
            ReverseError::Journal(fault) => Self::from(fault),
            ReverseError::Closing => Self::environment(Code::Closing),
        }
    }
}

const fn of_reversal_refusal(refusal: &reversal::VezneRefusal) -> Code {
    match refusal {
        reversal::VezneRefusal::BaselineUnreadable => Code::BaselineUnreadable,
        reversal::VezneRefusal::NotCancellable => Code::NotCancellable,
        reversal::VezneRefusal::NotRefundable => Code::NotRefundable,
        reversal::VezneRefusal::Remaining { .. } => Code::RemainingDiffers,
    }
}
