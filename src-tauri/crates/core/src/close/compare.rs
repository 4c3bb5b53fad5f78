//! The comparison of a close with the gateway: what each answer says against what the journal says. An answer is evidence
//! like any other question's, and goes the usual way; this only tells a person where the two differ.

use serde::{Deserialize, Serialize};

use crate::answers::{CannotBeAsked, CouldNotAsk};
use crate::attempt::{Attempt, Outcome, Subject};
use crate::ids::{AccountName, AttemptId, OperatorId, PaymentId};
use crate::money::Money;
use crate::status::{Mismatch, Reading, Seen};
use crate::time::Timestamp;

/// Where gateway and journal differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// We say approved, and the gateway knows nothing of it.
    MissingThere,
    /// We say approved, and the gateway says that it was not paid.
    NotPaidThere,
    /// Less stands there than is left here: something went back that this desk did not order.
    ReturnedThere {
        /// What should be there.
        expected: Money,
        /// What is there.
        found: Money,
    },
    /// It was cancelled here, and the order stands there as if it were not.
    NotReturnedThere,
    /// Another amount or currency.
    OtherAmount {
        /// What should be there.
        expected: Money,
        /// What is there.
        found: Money,
    },
    /// An amount that can't be read.
    AmountUnreadable,
    /// Another card.
    OtherCard,
    /// We say that no money moved, and the gateway says paid: contradicted.
    PaidThere,
    /// We have a final outcome, and the gateway has none yet.
    NotFinalThere,
    /// The gateway's state is one that only a person can judge.
    Attention,
    /// The order is paid, by which attempt is not known.
    PaidByUnknownCard,
    /// It was not settled here, and the gateway has the final word now.
    SettledThere,
    /// It is not settled here, and the gateway does not settle it either.
    StillOpen,
}

impl Finding {
    /// The word used in JSON, exports and tables of words.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::MissingThere => "missing_there",
            Self::NotPaidThere => "not_paid_there",
            Self::ReturnedThere { .. } => "returned_there",
            Self::NotReturnedThere => "not_returned_there",
            Self::OtherAmount { .. } => "other_amount",
            Self::AmountUnreadable => "amount_unreadable",
            Self::OtherCard => "other_card",
            Self::PaidThere => "paid_there",
            Self::NotFinalThere => "not_final_there",
            Self::Attention => "attention",
            Self::PaidByUnknownCard => "paid_by_unknown_card",
            Self::SettledThere => "settled_there",
            Self::StillOpen => "still_open",
        }
    }
}

/// Why something could not be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotAsked {
    /// Not answered.
    CouldNotAsk(CouldNotAsk),
    /// Can't be asked at this account.
    CannotBeAsked(CannotBeAsked),
}

/// What one answer comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// Both say the same.
    Agrees,
    /// They differ.
    Differs(Finding),
    /// Nothing was heard.
    NotAsked(NotAsked),
}

/// Holds an answer against an attempt as it stood when it was asked about; `cancelled`: whether its money was given back here
/// by then. Of a transaction the expected amount says so already; of an order only its state does.
#[must_use]
pub fn compare(attempt: &Attempt, cancelled: bool, reading: &Reading) -> Compared {
    let order = match &attempt.intent.subject {
        Subject::Order(_) => true,
        Subject::Reference { .. } => false,
    };
    match (attempt.state.outcome(), reading) {
        (Some(Outcome::Approved), Reading::Paid(_) | Reading::PaidPartlyReturned(_)) if cancelled && order => {
            Compared::Differs(Finding::NotReturnedThere)
        }
        (_, Reading::CouldNotAsk(why)) => Compared::NotAsked(NotAsked::CouldNotAsk(*why)),
        (_, Reading::CannotBeAsked(why)) => Compared::NotAsked(NotAsked::CannotBeAsked(*why)),
        (Some(Outcome::Approved), reading) => approved(reading),
        (Some(Outcome::Declined | Outcome::Refused | Outcome::NotSent), reading) => not_charged(reading),
        (Some(Outcome::Unknown) | None, reading) => Compared::Differs(open(reading)),
    }
}

fn approved(reading: &Reading) -> Compared {
    Compared::Differs(match reading {
        Reading::Paid(_) | Reading::PaidPartlyReturned(_) | Reading::OwnReversal(_) => return Compared::Agrees,
        Reading::NotPaid(_) => Finding::NotPaidThere,
        Reading::NoTrace => Finding::MissingThere,
        Reading::Mismatch { what: Mismatch::Amount { expected, found }, .. } => amounts(*expected, *found),
        Reading::Mismatch { what: Mismatch::Unreadable, .. } => Finding::AmountUnreadable,
        Reading::Mismatch { what: Mismatch::Card, .. } => Finding::OtherCard,
        Reading::Pending(_) => Finding::NotFinalThere,
        Reading::Attention(_) => Finding::Attention,
        Reading::PaidByUnknownCard(_) => Finding::PaidByUnknownCard,
        Reading::CouldNotAsk(why) => return Compared::NotAsked(NotAsked::CouldNotAsk(*why)),
        Reading::CannotBeAsked(why) => return Compared::NotAsked(NotAsked::CannotBeAsked(*why)),
    })
}

/// Less than what should be there went back; anything else is another amount.
fn amounts(expected: Money, found: Money) -> Finding {
    let less = expected.checked_sub(found).is_some_and(|gone| gone.is_positive());
    if less && found.minor() >= 0 {
        Finding::ReturnedThere { expected, found }
    } else {
        Finding::OtherAmount { expected, found }
    }
}

fn not_charged(reading: &Reading) -> Compared {
    Compared::Differs(match reading {
        Reading::NotPaid(_) | Reading::NoTrace | Reading::OwnReversal(_) => return Compared::Agrees,
        Reading::Paid(_) | Reading::PaidPartlyReturned(_) | Reading::Mismatch { .. } => Finding::PaidThere,
        Reading::Pending(_) => Finding::NotFinalThere,
        Reading::Attention(_) => Finding::Attention,
        Reading::PaidByUnknownCard(_) => Finding::PaidByUnknownCard,
        Reading::CouldNotAsk(why) => return Compared::NotAsked(NotAsked::CouldNotAsk(*why)),
        Reading::CannotBeAsked(why) => return Compared::NotAsked(NotAsked::CannotBeAsked(*why)),
    })
}

const fn open(reading: &Reading) -> Finding {
    match reading {
        Reading::Paid(_) | Reading::PaidPartlyReturned(_) | Reading::NotPaid(_) => Finding::SettledThere,
        Reading::Mismatch { what: Mismatch::Amount { expected, found }, .. } => {
            Finding::OtherAmount { expected: *expected, found: *found }
        }
        Reading::Mismatch { what: Mismatch::Unreadable, .. } => Finding::AmountUnreadable,
        Reading::Mismatch { what: Mismatch::Card, .. } => Finding::OtherCard,
        Reading::Attention(_) => Finding::Attention,
        Reading::PaidByUnknownCard(_) => Finding::PaidByUnknownCard,
        Reading::Pending(_)
        | Reading::NoTrace
        | Reading::OwnReversal(_)
        | Reading::CouldNotAsk(_)
        | Reading::CannotBeAsked(_) => Finding::StillOpen,
    }
}

/// A difference, listed one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The attempt.
    pub attempt: AttemptId,
    /// Its payment.
    pub payment: PaymentId,
    /// The merchant account's name.
    pub account: AccountName,
    /// The order's id or the desk's reference.
    pub subject: String,
    /// What the journal has charged.
    pub amount: Option<Money>,
    /// The journal's outcome when it was asked about; none for one in progress.
    pub ours: Option<Outcome>,
    /// In what they differ.
    pub finding: Finding,
    /// What was seen at the gateway.
    pub seen: Option<Seen>,
}

/// A comparison of a close with the gateways: a record of its own, later than the close, which never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The number of the close.
    pub number: u32,
    /// The number of the close's event: the close of this journal, and of no other with that number.
    pub close_seq: i64,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// Who asked for it, if somebody said so.
    pub operator: Option<OperatorId>,
    /// How many agree.
    pub agreed: u32,
    /// How many were asked about and gave no answer.
    pub unanswered: u32,
    /// How many can't be asked about at all: their account's status query is off, or the account is not set up any more.
    #[serde(default, skip_serializing_if = "none")]
    pub cannot_be_asked: u32,
    /// Of how many nothing was ever sent, so that there is nothing to compare.
    pub nothing_sent: u32,
    /// How many were left, because it was stopped.
    pub left: u32,
    /// The differences.
    pub differences: Vec<Difference>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn none(count: &u32) -> bool {
    *count == 0
}

impl Comparison {
    /// Whether every payment that can be asked about was, and was answered.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.left == 0 && self.unanswered == 0
    }
}
