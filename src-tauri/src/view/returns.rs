//! What goes back: which way, how much, and a person's word on it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Fault, Gateway, MoneyView, ReversalKind, SupervisorInput, Time};

/// What of a payment's money is where, and what may be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ReturnsView {
    /// The payment.
    pub payment: String,
    /// The attempt whose money it is.
    pub attempt: String,
    /// Its gateway.
    pub gateway: Gateway,
    /// How much of it is where; `null` for an order whose price nobody could read.
    pub sums: Option<ReturnSums>,
    /// The currencies in which it may go back: its own, else those of the account.
    pub currencies: Vec<String>,
    /// Which way it goes back.
    pub way: WayView,
}

/// How much of an attempt's money is where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ReturnSums {
    /// What was paid.
    pub paid: MoneyView,
    /// What surely went back.
    pub returned: MoneyView,
    /// What may have gone back, or is on its way.
    pub under_way: MoneyView,
    /// What is left: paid, less both.
    pub left: MoneyView,
}

/// Which way money goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum WayView {
    /// A void: all of it, still on the business day on which it was paid.
    Void {
        /// Until when.
        until: Time,
        /// Whether a part can be refunded instead.
        partly: bool,
    },
    /// A refund.
    Refund {
        /// Why no void.
        why: WhyRefund,
        /// Whether a part of it can go back.
        partly: bool,
    },
    /// Only by hand, in the gateway's own portal.
    Portal {
        /// Why.
        why: WhyPortal,
    },
    /// Nothing can go back now.
    Nothing {
        /// Why.
        why: WhyNothing,
        /// The reversal that stands in the way, or the last one.
        reversal: Option<String>,
    },
}

/// Why it is a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum WhyRefund {
    /// The business day on which it was paid is over.
    DayOver,
    /// A part has gone back already, and a void takes the whole.
    PartGone,
}

/// Why it is done by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum WhyPortal {
    /// The account's owner has not switched reversals on.
    Off,
    /// The account is not configured any more.
    AccountGone,
    /// Two attempts on the order are approved: cancelling would cancel the rental.
    TwoApproved,
    /// A part of the order has gone back, and only the whole can be cancelled.
    PartGone,
    /// What was paid could not be read, so nobody can say how much to ask for.
    AmountNotKnown,
    /// The gateway can't be asked what is left, and without that nothing is sent.
    CannotBeAsked,
}

/// Why nothing can go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum WhyNothing {
    /// A reversal is open or unknown.
    Open,
    /// Everything went back.
    AllGone,
}

/// What a reversal that is done proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReversalProves {
    /// The money went back, or is on its way.
    Money,
    /// The order is cancelled; of the money nothing was said.
    Cancellation,
}

/// A void or refund to be made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Type)]
pub struct ReverseInput {
    /// The payment.
    pub payment: String,
    /// The attempt whose money goes back, as it was shown.
    pub attempt: String,
    /// Void or refund.
    pub kind: ReversalKind,
    /// How much; `null` for all that is left.
    pub amount: Option<MoneyView>,
    /// What was shown as left of it: where less is left meanwhile, nothing is sent.
    pub shown_left: MoneyView,
    /// Who answers for it.
    pub supervisor: SupervisorInput,
}

/// What went back by hand in the gateway's portal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Type)]
pub struct PortalReturnInput {
    /// The payment.
    pub payment: String,
    /// The attempt whose money went back, as it was shown.
    pub attempt: String,
    /// As the portal calls it.
    pub kind: ReversalKind,
    /// How much; `null` for all that is left.
    pub amount: Option<MoneyView>,
    /// What was shown as left; `null` where what was paid is not known.
    pub shown_left: Option<MoneyView>,
    /// The portal's reference.
    pub saw: String,
    /// The second confirmation: without it nothing is written down.
    pub confirmed: bool,
    /// Who answers for it.
    pub supervisor: SupervisorInput,
}

/// What a supervisor says of a reversal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReversalVerdictWord {
    /// The money went back.
    Done,
    /// It did not.
    NotDone,
    /// Its alarms have been seen.
    Seen,
}

/// A supervisor's word on a reversal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Type)]
pub struct SettleReversalInput {
    /// The reversal.
    pub reversal: String,
    /// What they say.
    pub verdict: ReversalVerdictWord,
    /// What they saw; needed but for `seen`.
    pub saw: Option<String>,
    /// The second confirmation; needed but for `seen`.
    pub confirmed: bool,
    /// Who answers for it.
    pub supervisor: SupervisorInput,
}

/// As what one of a list is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ListedOutcome {
    /// Paid.
    Approved,
    /// Not paid.
    Declined,
}

/// One of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Type)]
pub struct ListedInput {
    /// The attempt.
    pub attempt: String,
    /// As what.
    pub outcome: ListedOutcome,
    /// What was seen of this one.
    pub saw: String,
}

/// A list that is settled with one PIN.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Type)]
pub struct SettleListInput {
    /// Each with what was seen.
    pub rows: Vec<ListedInput>,
    /// Who answers for all of them.
    pub supervisor: SupervisorInput,
}

/// What came of one of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ListedAnswer {
    /// The attempt.
    pub attempt: String,
    /// Why it was not settled; `null` where it was.
    pub fault: Option<Fault>,
}
