//! What goes back, from the till to the window and back.

use vezne_core::attempt::CounterOutcome;
use vezne_core::reversal::{self, Kind};
use vezne_core::text::TypedText;
use vezne_till::{ReversalVerdict, ReverseError, ReverseSize, Way};

use super::money;
use crate::view::{
    Code, ContradictionView, Fault, Field, ListedOutcome, MoneyView, ReturnSums, ReturnsView, ReversalKind,
    ReversalProves, ReversalVerdictWord, WayView, WhyNothing, WhyPortal, WhyRefund,
};

impl From<&vezne_till::ReturnsView> for ReturnsView {
    fn from(view: &vezne_till::ReturnsView) -> Self {
        Self {
            payment: view.payment.to_string(),
            attempt: view.attempt.to_string(),
            gateway: view.gateway.into(),
            sums: view.sums.as_ref().map(|sums| ReturnSums {
                paid: (&sums.paid).into(),
                returned: (&sums.returned).into(),
                under_way: (&sums.under_way).into(),
                left: (&sums.left).into(),
            }),
            currencies: view.currencies.iter().map(|code| (*code).to_owned()).collect(),
            way: (&view.way).into(),
        }
    }
}

impl From<&Way> for WayView {
    fn from(way: &Way) -> Self {
        match way {
            Way::Void { until, partly } => Self::Void { until: until.to_string(), partly: *partly },
            Way::Refund { why, partly } => Self::Refund {
                why: match why {
                    vezne_till::WhyRefund::DayOver => WhyRefund::DayOver,
                    vezne_till::WhyRefund::PartGone => WhyRefund::PartGone,
                },
                partly: *partly,
            },
            Way::Portal { why } => Self::Portal {
                why: match why {
                    vezne_till::WhyPortal::Off => WhyPortal::Off,
                    vezne_till::WhyPortal::AccountGone => WhyPortal::AccountGone,
                    vezne_till::WhyPortal::TwoApproved => WhyPortal::TwoApproved,
                    vezne_till::WhyPortal::PartGone => WhyPortal::PartGone,
                    vezne_till::WhyPortal::AmountNotKnown => WhyPortal::AmountNotKnown,
                    vezne_till::WhyPortal::CannotBeAsked => WhyPortal::CannotBeAsked,
                },
            },
            Way::Nothing { why, reversal } => Self::Nothing {
                why: match why {
                    vezne_till::WhyNothing::Open => WhyNothing::Open,
                    vezne_till::WhyNothing::AllGone => WhyNothing::AllGone,
                },
                reversal: reversal.map(|reversal| reversal.to_string()),
            },
        }
    }
}

impl From<&vezne_till::ContradictionView> for ContradictionView {
    fn from(view: &vezne_till::ContradictionView) -> Self {
        Self {
            paid: view.paid,
            word: view.word.clone(),
            amount: view.amount.as_ref().map(Into::into),
            number: view.number.clone(),
        }
    }
}

impl From<ReversalKind> for Kind {
    fn from(kind: ReversalKind) -> Self {
        match kind {
            ReversalKind::Void => Self::Void,
            ReversalKind::Refund => Self::Refund,
        }
    }
}

impl From<ReversalVerdictWord> for ReversalVerdict {
    fn from(word: ReversalVerdictWord) -> Self {
        match word {
            ReversalVerdictWord::Done => Self::Done,
            ReversalVerdictWord::NotDone => Self::NotDone,
            ReversalVerdictWord::Seen => Self::Seen,
        }
    }
}

impl From<ListedOutcome> for CounterOutcome {
    fn from(word: ListedOutcome) -> Self {
        match word {
            ListedOutcome::Approved => Self::Approved,
            ListedOutcome::Declined => Self::Declined,
        }
    }
}

/// What a reversal that is done proves.
pub(super) fn proves(word: &str) -> Option<ReversalProves> {
    match word {
        "money" => Some(ReversalProves::Money),
        "cancellation" => Some(ReversalProves::Cancellation),
        _ => None,
    }
}

/// The second confirmation was given.
pub(crate) fn confirmed(is: bool) -> Result<(), Fault> {
    if is { Ok(()) } else { Err(Fault::new(Code::NotConfirmed)) }
}

/// How much goes back.
pub(crate) fn size(amount: Option<&MoneyView>) -> Result<ReverseSize, Fault> {
    Ok(money(amount)?.map_or(ReverseSize::Whole, ReverseSize::Part))
}

/// What was seen, which may not be missing.
pub(crate) fn seen(saw: &str) -> Result<TypedText, Fault> {
    saw.parse().map_err(|error| Fault::of_text(error, Field::Saw))
}

impl From<ReverseError> for Fault {
    fn from(error: ReverseError) -> Self {
        let words = error.to_string();
        match error {
            ReverseError::NotFound => Self::new(Code::NotFound),
            ReverseError::NotApproved => Self::new(Code::NotApproved),
            ReverseError::AlreadyReturned(_) => Self::new(Code::AlreadyReturned),
            ReverseError::Changed { left } => Self::new(Code::ReturnChanged).because(left),
            // A desk names the attempt.
            ReverseError::WhichAttempt => Self::new(Code::NotNow),
            ReverseError::TwoApproved => Self::new(Code::TwoApproved),
            ReverseError::SwitchedOff => Self::new(Code::ReversalsOff),
            ReverseError::AccountGone => Self::new(Code::AccountGone),
            ReverseError::OneAtATime(_) => Self::new(Code::ReversalOpen),
            ReverseError::TooMuch { left } => Self::new(Code::TooMuch).because(left).at(Field::Amount),
            ReverseError::BadAmount(_) => Self::new(Code::AmountNotPositive).at(Field::Amount),
            ReverseError::VoidNotPossible(_) => Self::new(Code::VoidNotPossible),
            ReverseError::WholeOnly => Self::new(Code::WholeOnly).at(Field::Amount),
            ReverseError::AmountNotKnown => Self::new(Code::AmountNotKnown),
            ReverseError::Refused(refusal) => of_refusal(&refusal),
            ReverseError::NotASupervisor => Self::new(Code::NotASupervisor).at(Field::Pin),
            // Unreadable is refused by us (`RULES.md` 7), whoever is to blame for it.
            ReverseError::Read(_) => Self::new(Code::BaselineUnreadable).because(words),
            ReverseError::Journal(fault) => fault.into(),
            ReverseError::Closing => Self::new(Code::Closing),
        }
    }
}

fn of_refusal(refusal: &reversal::VezneRefusal) -> Fault {
    match refusal {
        reversal::VezneRefusal::BaselineUnreadable => Fault::new(Code::BaselineUnreadable),
        reversal::VezneRefusal::NotCancellable => Fault::new(Code::NotCancellable),
        reversal::VezneRefusal::NotRefundable => Fault::new(Code::NotRefundable),
        reversal::VezneRefusal::Remaining { .. } => Fault::new(Code::RemainingDiffers).because(refusal),
    }
}
