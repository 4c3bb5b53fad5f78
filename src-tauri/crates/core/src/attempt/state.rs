//! Where an attempt can stand. Each state carries only what is true in it.

use serde::{Deserialize, Serialize};

use crate::answers::{ChallengeFault, Failure, GatewayRefusal, NotSentReason, Success, Unclear};
use crate::evidence::{Claim, Confirmation, Evidence, SupervisorWord};
use crate::ids::AttemptId;
use crate::money::Money;
use crate::options::ChoiceError;
use crate::status::{Mismatch, Seen};
use crate::text::ForeignText;

/// Which sending this is. There is a second one only after a 401 (`RULES.md` 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// The first.
    First,
    /// The second, with a new token.
    Second,
}

/// What the pay answer said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// Yes.
    Success(Success),
    /// No.
    Failure(Failure),
    /// Neither: the customer went to the bank, or the answer never came.
    Nothing,
}

/// Why an attempt is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownCause {
    /// The pay answer did not say.
    Unclear(Unclear),
    /// The desk stopped while the request was under way.
    Restarted,
    /// The journal lost what was written last, and whether the request had left is among it.
    SpanLost,
    /// The bank's page can't be shown.
    Challenge(ChallengeFault),
    /// Asked for 30 seconds without a final answer.
    NoFinalAnswer,
    /// The pay answer said no, and the gateway still works on it.
    FailedButPending,
    /// The pay answer said yes, and the gateway says that it was not paid.
    SuccessThenNotPaid,
    /// Paid, but not as expected.
    Mismatch(Mismatch),
    /// The gateway's state is one that only a person can judge.
    Attention(Seen),
    /// The order is paid, and nobody can say by which card.
    PaidByUnknownCard,
    /// Only the bank's page said something, and nobody can confirm it.
    OnlyReturn(Option<Claim>),
}

/// An unknown outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// Why.
    pub cause: UnknownCause,
}

/// An unknown outcome that a supervisor set aside, so that the customer can pay with another card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAsideBy {
    /// Why it is unknown.
    pub cause: UnknownCause,
    /// Who set it aside, and why.
    pub word: SupervisorWord,
}

/// A refusal: nothing was charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// By the gateway, before processing.
    Gateway(GatewayRefusal),
    /// By Vezne, before sending.
    Vezne(VezneRefusal),
}

/// Why Vezne itself refused to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum VezneRefusal {
    /// The order does not exist at the gateway.
    #[error("the gateway does not know this order")]
    OrderNotFound,
    /// The order is paid already.
    #[error("the order is already paid")]
    OrderAlreadyPaid,
    /// The order was cancelled or removed.
    #[error("the order is cancelled")]
    OrderCancelled,
    /// The order stands in a state that is not known to be payable.
    #[error("the order's state \u{201c}{0}\u{201d} does not allow a payment")]
    OrderState(ForeignText),
    /// The order's price is not the one that was shown.
    #[error("the order's price is now {now}, not {shown} as shown")]
    PriceChanged {
        /// What was shown.
        shown: Money,
        /// What it is now.
        now: Money,
    },
    /// Neither the order nor its options could be read, so that its outcome could not be told later.
    #[error("the order could not be read, so its outcome could not be told later")]
    OrderUnreadable,
    /// The option list does not allow the choice.
    #[error("{0}")]
    Choice(String),
    /// The options could not be got.
    #[error("the gateway did not tell the installment options")]
    OptionsUnanswered,
    /// While it waited to be sent, an earlier attempt on its order or reference turned out to be paid, or contradicted.
    #[error("something new is known of an earlier attempt on this order or reference")]
    Overtaken,
}

impl From<&ChoiceError> for VezneRefusal {
    fn from(error: &ChoiceError) -> Self {
        Self::Choice(error.to_string())
    }
}

/// Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotSent {
    /// Why.
    pub reason: NotSentReason,
}

/// The state of an attempt (`RULES.md` 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Written down; what must be waited for is being got.
    Ready,
    /// The payment request is on its way, or about to be.
    Sending(Round),
    /// The gateway would not take the token: a new one is fetched.
    Reauthorising,
    /// The customer is at the bank's page.
    AtBank,
    /// The gateway is asked what became of it.
    Confirming(Heard),
    /// It is not known whether money moved.
    Unknown(Unknown),
    /// The same, and the customer went on with another card.
    SetAside(SetAsideBy),
    /// Money moved.
    Approved {
        /// What this rests on.
        evidence: Evidence,
        /// Whether the gateway bears it out.
        confirmation: Confirmation,
    },
    /// No money moved.
    Declined {
        /// Why.
        failure: Failure,
        /// What this rests on.
        evidence: Evidence,
        /// Whether the gateway bears it out.
        confirmation: Confirmation,
    },
    /// Not processed.
    Refused(Refused),
    /// Never sent.
    NotSent(NotSent),
}

/// The outcome of an attempt, in the words of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Money moved.
    Approved,
    /// No money moved.
    Declined,
    /// Not processed, or not sent by our own decision.
    Refused,
    /// It is not known whether money moved.
    Unknown,
    /// Nothing was sent.
    NotSent,
}

impl Outcome {
    /// The word used in JSON and exports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::NotSent => "not_sent",
        }
    }
}

impl State {
    /// The outcome, if there is one yet.
    #[must_use]
    pub const fn outcome(&self) -> Option<Outcome> {
        match self {
            Self::Ready | Self::Sending(_) | Self::Reauthorising | Self::AtBank | Self::Confirming(_) => None,
            Self::Unknown(_) | Self::SetAside(_) => Some(Outcome::Unknown),
            Self::Approved { .. } => Some(Outcome::Approved),
            Self::Declined { .. } => Some(Outcome::Declined),
            Self::Refused(_) => Some(Outcome::Refused),
            Self::NotSent(_) => Some(Outcome::NotSent),
        }
    }

    /// Whether there is no outcome yet.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.outcome().is_none()
    }

    /// Whether money moved, as far as anybody knows.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.outcome() == Some(Outcome::Approved)
    }

    /// Whether the customer went on with another card while it is not known whether money moved.
    #[must_use]
    pub const fn is_set_aside(&self) -> bool {
        match self {
            Self::SetAside(_) => true,
            Self::Ready
            | Self::Sending(_)
            | Self::Reauthorising
            | Self::AtBank
            | Self::Confirming(_)
            | Self::Unknown(_)
            | Self::Approved { .. }
            | Self::Declined { .. }
            | Self::Refused(_)
            | Self::NotSent(_) => false,
        }
    }

    /// What an approval or a decline rests on, and whether the gateway bears it out; `None` for everything else.
    #[must_use]
    pub const fn standing(&self) -> Option<(&Evidence, Confirmation)> {
        match self {
            Self::Approved { evidence, confirmation } | Self::Declined { evidence, confirmation, .. } => {
                Some((evidence, *confirmation))
            }
            Self::Ready
            | Self::Sending(_)
            | Self::Reauthorising
            | Self::AtBank
            | Self::Confirming(_)
            | Self::Unknown(_)
            | Self::SetAside(_)
            | Self::Refused(_)
            | Self::NotSent(_) => None,
        }
    }

    /// What an approval or a decline rests on.
    #[must_use]
    pub fn evidence(&self) -> Option<&Evidence> {
        self.standing().map(|(evidence, _)| evidence)
    }

    /// Whether an approval or a decline stands on weaker evidence than the gateway's own word.
    #[must_use]
    pub fn is_unconfirmed(&self) -> bool {
        self.standing().is_some_and(|(_, confirmation)| confirmation == Confirmation::Unconfirmed)
    }

    /// Whether nothing more is to happen by itself.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Approved { .. } | Self::Declined { .. } | Self::Refused(_) | Self::NotSent(_) => true,
            Self::Ready
            | Self::Sending(_)
            | Self::Reauthorising
            | Self::AtBank
            | Self::Confirming(_)
            | Self::Unknown(_)
            | Self::SetAside(_) => false,
        }
    }

    /// Whether it blocks its order or reference for others (truth 2): open or unknown, but not set aside.
    #[must_use]
    pub const fn blocks(&self) -> bool {
        match self {
            Self::Ready
            | Self::Sending(_)
            | Self::Reauthorising
            | Self::AtBank
            | Self::Confirming(_)
            | Self::Unknown(_) => true,
            Self::SetAside(_) | Self::Approved { .. } | Self::Declined { .. } | Self::Refused(_) | Self::NotSent(_) => {
                false
            }
        }
    }

    /// The word used in JSON, exports and projections.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Sending(_) => "sending",
            Self::Reauthorising => "reauthorising",
            Self::AtBank => "at_bank",
            Self::Confirming(_) => "confirming",
            Self::Unknown(_) => "unknown",
            Self::SetAside(_) => "set_aside",
            Self::Approved { .. } => "approved",
            Self::Declined { .. } => "declined",
            Self::Refused(_) => "refused",
            Self::NotSent(_) => "not_sent",
        }
    }
}

/// A final outcome that the gateway's own later word contradicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// What the gateway says now.
    pub seen: Seen,
    /// Whether it says that money moved.
    pub paid: bool,
}

/// What a supervisor's word can settle an attempt as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CounterOutcome {
    /// Money moved.
    Approved,
    /// No money moved.
    Declined,
}

/// Something that must not be overlooked; it lasts until a supervisor answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// The gateway says paid, but not as expected.
    Mismatch(Mismatch),
    /// A final outcome is contradicted.
    Contradicted,
    /// The order is paid by a card that nobody can name.
    PaidByUnknownCard,
    /// An attempt that was set aside and the one that followed it are both approved.
    BothApproved {
        /// The other one.
        other: AttemptId,
    },
}
