//! Giving money back: void and refund, a second, smaller machine of the same form (`RULES.md` 7).

mod event;
mod machine;
mod word;

pub use event::{Effect, Event, Preparation};
pub use machine::{Step, next_due, step};
pub use word::recorded;

use serde::{Deserialize, Serialize};

use crate::account::AccountRef;
use crate::answers::{CannotBeAsked, CouldNotAsk, GatewayRefusal, NotSentReason, Unclear};
use crate::asking::Asked;
use crate::attempt::Round;
use crate::evidence::SupervisorWord;
use crate::ids::{AttemptId, AttemptReference, PaymentId, ReversalId};
use crate::money::Money;
use crate::order::OrderId;
use crate::status::{Baseline, Seen};
use crate::text::{ForeignText, TypedText};
use crate::time::Timestamp;

/// Which way the money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Same business day, the whole amount.
    Void,
    /// Later, or a part of it.
    Refund,
}

/// What the gateway is told to reverse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Finrota: the `referenceNumber` that its status query gave, and our own reference to ask about it.
    Transaction {
        /// `referenceNumber`, sent as `referenceCode`.
        number: ForeignText,
        /// The attempt's own reference.
        reference: AttemptReference,
    },
    /// Yolcu360: the whole order.
    Order(OrderId),
    /// Nobody is told: it was done by hand in the gateway's own portal, and is only written down here. The portal's
    /// reference is what the supervisor saw.
    Portal,
}

/// What a reversal is about; fixed when it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Its id.
    pub reversal: ReversalId,
    /// The payment.
    pub payment: PaymentId,
    /// The approved attempt whose money goes back.
    pub attempt: AttemptId,
    /// The merchant account.
    pub account: AccountRef,
    /// Void or refund.
    pub kind: Kind,
    /// How much; at Yolcu360 always all of it.
    pub amount: Money,
    /// What the gateway is told.
    pub target: Target,
    /// Who answers for it.
    pub word: SupervisorWord,
}

/// Why Vezne itself did not ask for the reversal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum VezneRefusal {
    /// What is left at the gateway can't be read before the reversal.
    #[error("the gateway did not tell what is left of this payment")]
    BaselineUnreadable,
    /// The order can't be cancelled.
    #[error("the order can't be cancelled")]
    NotCancellable,
    /// The order can be cancelled, but the money would not come back.
    #[error("the order could be cancelled, but the money would not come back")]
    NotRefundable,
    /// The gateway's remaining amount is not what the journal expects.
    #[error("the gateway has {found} left, not {expected}")]
    Remaining {
        /// What the journal expects.
        expected: Money,
        /// What the gateway has.
        found: Money,
    },
}

/// Why a reversal did not happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// The gateway said no.
    Gateway(GatewayRefusal),
    /// Vezne did not ask.
    Vezne(VezneRefusal),
}

/// Why it is not known whether the money went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownCause {
    /// The answer did not say.
    Unclear(Unclear),
    /// The desk stopped while the request was under way.
    Restarted,
    /// The journal lost what was written last, and whether the request had left is among it.
    SpanLost,
    /// Another amount than asked for went back.
    Amount {
        /// What should be left.
        expected: Money,
        /// What is left.
        found: Money,
    },
    /// It was settled as not done, and the gateway now says that it is.
    GoneBack(Seen),
}

/// What a finished reversal rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The gateway's answer to the call.
    Answer,
    /// The gateway, asked afterwards.
    Status(Seen),
    /// A supervisor's word.
    Supervisor(SupervisorWord),
}

/// Where a reversal stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Written down; what must be waited for is being got.
    Ready,
    /// The request is on its way.
    Sending(Round),
    /// The gateway would not take the token.
    Reauthorising,
    /// The money went back (at Yolcu360: the order is cancelled).
    Done {
        /// What this rests on.
        proof: Proof,
    },
    /// It did not.
    Refused(Refused),
    /// A supervisor says that it did not.
    NotDone {
        /// Who and why.
        word: SupervisorWord,
    },
    /// Nothing was sent.
    NotSent {
        /// Why.
        reason: NotSentReason,
    },
    /// It is not known.
    Unknown {
        /// Why.
        cause: UnknownCause,
    },
}

impl State {
    /// The word used in JSON, exports and projections.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Sending(_) => "sending",
            Self::Reauthorising => "reauthorising",
            Self::Done { .. } => "done",
            Self::Refused(_) => "refused",
            Self::NotDone { .. } => "not_done",
            Self::NotSent { .. } => "not_sent",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Whether nothing more is to happen.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Done { .. } | Self::Refused(_) | Self::NotDone { .. } | Self::NotSent { .. } => true,
            Self::Ready | Self::Sending(_) | Self::Reauthorising | Self::Unknown { .. } => false,
        }
    }

    /// Whether it is settled by a supervisor's word and nothing stronger.
    #[must_use]
    pub const fn rests_on_a_word(&self) -> bool {
        match self {
            Self::Done { proof: Proof::Supervisor(_) } | Self::NotDone { .. } => true,
            Self::Done { proof: Proof::Answer | Proof::Status(_) }
            | Self::Ready
            | Self::Sending(_)
            | Self::Reauthorising
            | Self::Unknown { .. }
            | Self::Refused(_)
            | Self::NotSent { .. } => false,
        }
    }

    /// Whether its amount counts against what may still be returned.
    #[must_use]
    pub const fn counts(&self) -> bool {
        match self {
            Self::Done { .. } | Self::Ready | Self::Sending(_) | Self::Reauthorising | Self::Unknown { .. } => true,
            Self::Refused(_) | Self::NotDone { .. } | Self::NotSent { .. } => false,
        }
    }
}

/// What the gateway says of a reversal when it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// What is left is what should be left, or the order is cancelled.
    Done(Seen),
    /// Nothing has changed; it may still come.
    NotYet(Seen),
    /// Something else is left.
    OtherAmount {
        /// What should be left.
        expected: Money,
        /// What is left.
        found: Money,
    },
    /// The gateway gave no amount to compare.
    NoAmount,
    /// Not answered.
    CouldNotAsk(CouldNotAsk),
    /// Can't be asked.
    CannotBeAsked(CannotBeAsked),
}

/// One line of a reversal's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// It was opened.
    Opened(Box<Intent>),
    /// What was left before.
    BaselineRead(Baseline),
    /// It came to stand here.
    Entered(Box<State>),
    /// The gateway was asked.
    Asked {
        /// When the question left.
        asked: Timestamp,
        /// What the answer says.
        reading: Box<Reading>,
    },
    /// Something that must not be overlooked.
    Alarmed(UnknownCause),
    /// A supervisor has seen the alarms that still stood when it was settled.
    Acknowledged(SupervisorWord),
    /// A note by a person.
    Noted(TypedText),
}

/// A reversal: what it is about, and what became of it so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// What it is about.
    pub intent: Intent,
    /// When it was opened.
    pub opened: Timestamp,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// What stood at the gateway before.
    pub baseline: Option<Baseline>,
    /// When it was last asked about.
    pub asked: Option<Timestamp>,
    /// How many questions were asked.
    pub questions: u32,
    /// Those asked in the state in which it stands.
    pub asked_here: Asked,
    /// Alarms raised and not yet answered.
    pub alarms: Vec<UnknownCause>,
    /// Those that a supervisor has answered: what the gateway goes on saying is no news.
    pub answered: Vec<UnknownCause>,
}

impl Reversal {
    /// A new reversal, from its first entry.
    #[must_use]
    pub const fn open(intent: Intent, at: Timestamp) -> Self {
        Self {
            intent,
            opened: at,
            state: State::Ready,
            since: at,
            baseline: None,
            asked: None,
            questions: 0,
            asked_here: Asked { last: None, count: 0 },
            alarms: Vec::new(),
            answered: Vec::new(),
        }
    }

    /// The reversal that these entries tell of.
    ///
    /// # Errors
    /// [`crate::attempt::FoldError`] when they can't belong to one reversal.
    pub fn fold(entries: impl IntoIterator<Item = (Timestamp, Entry)>) -> Result<Self, crate::attempt::FoldError> {
        let mut entries = entries.into_iter();
        let mut reversal = match entries.next() {
            None => return Err(crate::attempt::FoldError::Empty),
            Some((at, Entry::Opened(intent))) => Self::open(*intent, at),
            Some(_) => return Err(crate::attempt::FoldError::NotOpened),
        };
        for (at, entry) in entries {
            reversal.apply(&entry, at)?;
        }
        Ok(reversal)
    }

    /// Adds one entry.
    ///
    /// # Errors
    /// [`crate::attempt::FoldError::OpenedTwice`].
    pub fn apply(&mut self, entry: &Entry, at: Timestamp) -> Result<(), crate::attempt::FoldError> {
        match entry {
            Entry::Opened(_) => return Err(crate::attempt::FoldError::OpenedTwice),
            Entry::BaselineRead(baseline) => self.baseline = Some(baseline.clone()),
            Entry::Entered(state) => {
                self.state = (**state).clone();
                self.since = at;
                self.asked_here = Asked::default();
                if self.state.rests_on_a_word() {
                    self.answered.append(&mut self.alarms);
                }
            }
            Entry::Asked { asked, .. } => {
                self.asked = Some(*asked);
                self.asked_here.note(*asked);
                self.questions = self.questions.saturating_add(1);
            }
            Entry::Alarmed(cause) => self.alarms.push(cause.clone()),
            Entry::Acknowledged(_) => self.answered.append(&mut self.alarms),
            Entry::Noted(_) => {}
        }
        Ok(())
    }

    /// Whether it was done by hand in the gateway's portal.
    #[must_use]
    pub fn in_portal(&self) -> bool {
        self.intent.target == Target::Portal
    }

    /// Whether the gateway may be asked what became of it once it is settled: what was sent to it, by its word or a
    /// supervisor's. Of what it refused, or what never left, there is nothing to ask.
    #[must_use]
    pub fn is_asked_when_settled(&self) -> bool {
        match self.state {
            State::Done { .. } | State::NotDone { .. } => !self.in_portal(),
            State::Ready
            | State::Sending(_)
            | State::Reauthorising
            | State::Unknown { .. }
            | State::Refused(_)
            | State::NotSent { .. } => false,
        }
    }

    /// What should be left at the gateway once it is done, where amounts can be compared.
    #[must_use]
    pub fn should_remain(&self) -> Option<Money> {
        match &self.baseline {
            Some(Baseline::Remaining(before)) => before.checked_sub(self.intent.amount),
            Some(Baseline::Order(_) | Baseline::InstallmentInfo) | None => None,
        }
    }

    /// What a transaction's remaining amount says of this reversal.
    #[must_use]
    pub fn read_remaining(&self, found: Option<Money>, seen: Seen) -> Reading {
        let (Some(Baseline::Remaining(before)), Some(found)) = (&self.baseline, found) else {
            return Reading::NoAmount;
        };
        match self.should_remain() {
            Some(expected) if expected == found => Reading::Done(seen),
            _ if found == *before => Reading::NotYet(seen),
            Some(expected) => Reading::OtherAmount { expected, found },
            None => Reading::NoAmount,
        }
    }

    /// Whether it stands in Needs attention.
    #[must_use]
    pub const fn needs_attention(&self) -> bool {
        match self.state {
            State::Unknown { .. } => true,
            State::Ready
            | State::Sending(_)
            | State::Reauthorising
            | State::Done { .. }
            | State::Refused(_)
            | State::NotDone { .. }
            | State::NotSent { .. } => !self.alarms.is_empty(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
