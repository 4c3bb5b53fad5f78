//! What can happen to a reversal, and what it can ask for.

use super::{Reading, UnknownCause, VezneRefusal};
use crate::answers::{NotSentReason, ReversalAnswer};
use crate::evidence::SupervisorWord;
use crate::status::Baseline;
use crate::time::Timestamp;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Preparation is over.
    Prepared(Preparation),
    /// The journal did not take the last entry, and nothing was sent.
    JournalFailed,
    /// The call is over.
    Answered(ReversalAnswer),
    /// A new token is there.
    TokenRenewed,
    /// No new token can be had.
    TokenUnavailable,
    /// The gateway was asked.
    Read {
        /// What it says.
        reading: Reading,
        /// When the question left.
        asked: Timestamp,
    },
    /// The time that [`super::next_due`] named has come.
    Due,
    /// A person asks to ask now.
    AskRequested,
    /// A supervisor settles it.
    Resolved {
        /// Whether the money went back.
        done: bool,
        /// Who and why.
        word: SupervisorWord,
    },
    /// A supervisor sets the outcome that counts after it was settled.
    CounterEntered {
        /// Whether the money went back.
        done: bool,
        /// Who and why.
        word: SupervisorWord,
        /// Whether the gateway contradicts the payment as a whole.
        contested: bool,
    },
    /// A supervisor has seen the alarms of one that is settled.
    Acknowledged(SupervisorWord),
    /// The desk has started again and takes it up.
    Restarted,
    /// The same, and the journal lost what was written last: whether the request left is among what is lost.
    RestartedAfterLoss,
}

impl Event {
    /// The event's word for tables, logs and refusals.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Prepared(_) => "prepared",
            Self::JournalFailed => "journal failed",
            Self::Answered(_) => "answered",
            Self::TokenRenewed => "token renewed",
            Self::TokenUnavailable => "token unavailable",
            Self::Read { .. } => "read",
            Self::Due => "due",
            Self::AskRequested => "ask requested",
            Self::Resolved { .. } => "resolved",
            Self::CounterEntered { .. } => "counter-entered",
            Self::Acknowledged(_) => "acknowledged",
            Self::Restarted => "restarted",
            Self::RestartedAfterLoss => "restarted, after loss",
        }
    }
}

/// What preparation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preparation {
    /// Everything is there.
    Done {
        /// What stood at the gateway before.
        baseline: Baseline,
    },
    /// It could not be got.
    NotSent(NotSentReason),
    /// What was got says that nothing may be sent.
    Refused(VezneRefusal),
}

/// What the till is to do after the entries are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send the request. Emitted at most once for each `Sending` written.
    Send,
    /// Fetch a new token.
    RenewToken,
    /// Ask the gateway.
    AskStatus,
    /// Raise an alarm.
    Raise(UnknownCause),
}
