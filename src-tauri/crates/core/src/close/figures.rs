//! What a close says in numbers: counts and sums by account, currency, operator and plan, and what it lists one by one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::account::GatewayKind;
use crate::attempt::Outcome;
use crate::card::LastFour;
use crate::ids::{AccountId, AccountName, AttemptId, OperatorId, PaymentId, ReversalId};
use crate::money::{Currency, Money};
use crate::reversal::{self, Kind};
use crate::time::Timestamp;

/// In what way it was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// By card, in so many installments.
    Installments(u8),
    /// From the credit limit.
    CreditLimit,
    /// Not known: what goes back belongs to an attempt that can't be read.
    NotKnown,
}

/// How many, and how much in minor units of the cell's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// How many.
    pub count: u32,
    /// How much. 92 quadrillion in minor units are the most that can be counted, and more than there is.
    pub minor: i64,
}

impl Sum {
    /// One more, of that much.
    #[must_use]
    pub const fn plus(self, minor: i64) -> Self {
        Self { count: self.count.saturating_add(1), minor: self.minor.saturating_add(minor) }
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { count: self.count.saturating_add(other.count), minor: self.minor.saturating_add(other.minor) }
    }

    const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// What became of it, counted and added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sums {
    /// Money that moved.
    #[serde(skip_serializing_if = "Sum::is_empty")]
    pub approved: Sum,
    /// Money that went back, by void or refund.
    #[serde(skip_serializing_if = "Sum::is_empty")]
    pub reversed: Sum,
    /// What an earlier close counted as approved and a counter-entry has taken back since.
    #[serde(skip_serializing_if = "Sum::is_empty")]
    pub withdrawn: Sum,
    /// What an earlier close counted as reversed and a counter-entry has taken back since.
    #[serde(skip_serializing_if = "Sum::is_empty")]
    pub reinstated: Sum,
    /// No money moved.
    #[serde(skip_serializing_if = "Sum::is_empty")]
    pub declined: Sum,
    /// Not processed.
    #[serde(skip_serializing_if = "Sum::is_empty")]
    pub refused: Sum,
    /// Never sent.
    #[serde(skip_serializing_if = "Sum::is_empty")]
    pub not_sent: Sum,
}

impl Sums {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            approved: self.approved.and(other.approved),
            reversed: self.reversed.and(other.reversed),
            withdrawn: self.withdrawn.and(other.withdrawn),
            reinstated: self.reinstated.and(other.reinstated),
            declined: self.declined.and(other.declined),
            refused: self.refused.and(other.refused),
            not_sent: self.not_sent.and(other.not_sent),
        }
    }

    /// Whether any money stands in it: what came in, went back, or was taken back of earlier closes. Where all four cancel out
    /// it still does.
    #[must_use]
    pub const fn moves_money(&self) -> bool {
        !(self.approved.is_empty()
            && self.reversed.is_empty()
            && self.withdrawn.is_empty()
            && self.reinstated.is_empty())
    }

    /// What came in, in minor units: approved less reversed, each less what was taken back of earlier closes.
    #[must_use]
    pub const fn net(&self) -> i64 {
        let came = self.approved.minor.saturating_sub(self.withdrawn.minor);
        came.saturating_sub(self.reversed.minor.saturating_sub(self.reinstated.minor))
    }
}

/// Everything of one account, currency, operator and plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The merchant account.
    pub account: AccountId,
    /// Its name when the attempt was opened.
    pub account_name: AccountName,
    /// Its gateway.
    pub gateway: GatewayKind,
    /// The currency; none for orders whose amount is not known: they are counted, and in no sum.
    pub currency: Option<Currency>,
    /// Who sat at the desk, or ordered the reversal.
    pub operator: Option<OperatorId>,
    /// In what way it was paid.
    pub plan: Plan,
    /// Counts and sums.
    pub sums: Sums,
}

/// What a listed line speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// An attempt at a payment.
    Attempt(AttemptId),
    /// A void or refund.
    Reversal {
        /// Which one.
        reversal: ReversalId,
        /// Void or refund.
        kind: Kind,
        /// The attempt whose money it is.
        attempt: AttemptId,
    },
}

/// Something that is listed one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// When it was opened.
    pub opened: Timestamp,
    /// What it speaks of.
    pub about: About,
    /// Its payment.
    pub payment: PaymentId,
    /// The merchant account's name.
    pub account: AccountName,
    /// The order's id or the desk's reference; none where it can't be read.
    pub subject: Option<String>,
    /// How much.
    pub amount: Option<Money>,
    /// The card's last four digits.
    pub last_four: Option<LastFour>,
    /// Since when it stands as it does.
    pub since: Timestamp,
}

/// Why something is listed as not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is not known whether money moved.
    Unknown,
    /// The same, and the customer went on with another card.
    SetAside,
    /// The gateway says otherwise than its final outcome.
    Contradicted,
    /// Another alarm stands at it.
    Alarmed,
    /// It is in progress.
    InProgress,
}

impl Standing {
    /// The word used in JSON and exports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::SetAside => "set_aside",
            Self::Contradicted => "contradicted",
            Self::Alarmed => "alarmed",
            Self::InProgress => "in_progress",
        }
    }
}

/// An outcome as a close records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recorded {
    /// Money moved.
    Approved,
    /// No money moved.
    Declined,
    /// Not processed.
    Refused,
    /// Never sent.
    NotSent,
    /// A reversal was done.
    Reversed,
    /// A reversal came to nothing.
    NotReversed,
}

impl Recorded {
    /// The word used in JSON and exports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Refused => "refused",
            Self::NotSent => "not_sent",
            Self::Reversed => "reversed",
            Self::NotReversed => "not_reversed",
        }
    }

    /// The final outcome of an attempt; none for one that has none yet, or is unknown.
    #[must_use]
    pub const fn of(outcome: Option<Outcome>) -> Option<Self> {
        match outcome {
            Some(Outcome::Approved) => Some(Self::Approved),
            Some(Outcome::Declined) => Some(Self::Declined),
            Some(Outcome::Refused) => Some(Self::Refused),
            Some(Outcome::NotSent) => Some(Self::NotSent),
            Some(Outcome::Unknown) | None => None,
        }
    }

    /// The final outcome of a reversal; none for one that has none yet, or is unknown.
    #[must_use]
    pub const fn of_reversal(state: &reversal::State) -> Option<Self> {
        match state {
            reversal::State::Done { .. } => Some(Self::Reversed),
            reversal::State::Refused(_) | reversal::State::NotDone { .. } | reversal::State::NotSent { .. } => {
                Some(Self::NotReversed)
            }
            reversal::State::Ready
            | reversal::State::Sending(_)
            | reversal::State::Reauthorising
            | reversal::State::Unknown { .. } => None,
        }
    }
}

/// Something that was open when the last close was made, and is settled since. It is in the sums of this close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// What.
    #[serde(flatten)]
    pub line: Listed,
    /// As what it was settled.
    pub outcome: Recorded,
}

/// An outcome of an earlier close that a counter-entry has changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// What.
    #[serde(flatten)]
    pub line: Listed,
    /// As what an earlier close counted it.
    pub was: Recorded,
    /// As what this one does; none if it is not settled any more.
    pub is: Option<Recorded>,
}

/// How many of each within an hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Approved.
    #[serde(skip_serializing_if = "nothing")]
    pub approved: u32,
    /// Declined.
    #[serde(skip_serializing_if = "nothing")]
    pub declined: u32,
    /// Refused.
    #[serde(skip_serializing_if = "nothing")]
    pub refused: u32,
    /// Not sent.
    #[serde(skip_serializing_if = "nothing")]
    pub not_sent: u32,
    /// Became unknown, and still is.
    #[serde(skip_serializing_if = "nothing")]
    pub unknown: u32,
    /// Reversed.
    #[serde(skip_serializing_if = "nothing")]
    pub reversed: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn nothing(count: &u32) -> bool {
    *count == 0
}

/// An hour of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    /// When the local hour began.
    pub start: Timestamp,
    /// What was recorded in it.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Everything that a close counts and lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// When the first outcome in it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Timestamp>,
    /// When the last one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// Counts and sums.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Cell>,
    /// What is not settled, whenever it was opened: listed, never hidden.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<(Standing, Listed)>,
    /// What was settled since the last close.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<Late>,
    /// What was corrected since an earlier close.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<Corrected>,
    /// By local hour: the last three days at most that something was recorded in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Hour>,
}

impl Figures {
    /// Counts and sums gathered by whatever `key` takes of a cell; within one currency, whatever else.
    #[must_use]
    pub fn by<K: Ord>(&self, key: impl Fn(&Cell) -> K) -> Vec<(K, Option<Currency>, Sums)> {
        let mut groups: BTreeMap<(K, Option<Currency>), Sums> = BTreeMap::new();
        for cell in &self.cells {
            let sums = groups.entry((key(cell), cell.currency)).or_default();
            *sums = sums.and(cell.sums);
        }
        groups.into_iter().map(|((key, currency), sums)| (key, currency, sums)).collect()
    }

    /// Counts and sums of everything, currency by currency.
    #[must_use]
    pub fn totals(&self) -> Vec<(Option<Currency>, Sums)> {
        self.by(|_| ()).into_iter().map(|((), currency, sums)| (currency, sums)).collect()
    }

    /// How many lines stand so.
    #[must_use]
    pub fn standing(&self, wanted: Standing) -> usize {
        self.open.iter().filter(|(standing, _)| *standing == wanted).count()
    }
}
