//! What the journal holds: one record for each thing that happened. State is the fold of them.

use serde::{Deserialize, Serialize};

use crate::attempt;
use crate::close::{Comparison, DayClose};
use crate::ids::{AttemptId, NameId, OperatorId, PaymentId, ReversalId};
use crate::note::Note;
use crate::papers::{PaperIssued, PaperWithdrawn};
use crate::reversal;
use crate::rights::{Act, Role};
use crate::text::TypedText;

/// An operator of the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// The id.
    pub id: OperatorId,
    /// The name that staff see; unique, compared without case.
    pub name: TypedText,
    /// The role.
    pub role: Role,
    /// The hash of the PIN (Argon2id in PHC form, peppered): never the PIN. Left out of exports.
    pub pin_hash: String,
}

/// Something that happened and is written down for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A line of an attempt's history.
    Attempt {
        /// The attempt.
        attempt: AttemptId,
        /// Its payment.
        payment: PaymentId,
        /// The line.
        entry: attempt::Entry,
    },
    /// A line of a reversal's history.
    Reversal {
        /// The reversal.
        reversal: ReversalId,
        /// The payment.
        payment: PaymentId,
        /// The attempt whose money goes back.
        attempt: AttemptId,
        /// The line.
        entry: reversal::Entry,
    },
    /// An operator was added.
    OperatorAdded(Operator),
    /// A supervisor's PIN was given for one act.
    RightUsed {
        /// The supervisor.
        operator: OperatorId,
        /// For what.
        act: Act,
        /// Why.
        reason: TypedText,
        /// The attempt that it speaks of, if any.
        about: Option<AttemptId>,
    },
    /// Staff wrote a note about a payment. It is never changed, and changes nothing.
    NoteAdded(Note),
    /// A new desk epoch began: a new journal, a lost chain key, a restored backup (`RULES.md` 8).
    EpochStarted {
        /// Its number, from 1.
        epoch: u32,
        /// Why.
        why: EpochReason,
    },
    /// Events that a damaged journal could not give back, declared by the repair that missed them: `verify` takes a
    /// gap for lost, and not for broken, only where this stands (`RULES.md` 8).
    SpanLost {
        /// The number of the first event that is lost.
        first: i64,
        /// The number of the last one.
        last: i64,
    },
    /// The day was closed. Its number and what it covers are checked against the journal when it is written.
    DayClosed(Box<DayClose>),
    /// A close was compared with the gateways: what they said is kept beside it.
    CloseCompared(Box<Comparison>),
    /// A paper was issued, or is about to be.
    PaperIssued(PaperIssued),
    /// A paper that was issued was taken back before anything of it left.
    PaperWithdrawn(PaperWithdrawn),
}

impl Record {
    /// The attempt and the line of its history, for such a line.
    #[must_use]
    pub const fn attempt_line(&self) -> Option<(AttemptId, &attempt::Entry)> {
        match self {
            Self::Attempt { attempt, entry, payment: _ } => Some((*attempt, entry)),
            Self::Reversal { .. }
            | Self::NoteAdded(_)
            | Self::OperatorAdded(_)
            | Self::RightUsed { .. }
            | Self::EpochStarted { .. }
            | Self::SpanLost { .. }
            | Self::DayClosed(_)
            | Self::CloseCompared(_)
            | Self::PaperIssued(_)
            | Self::PaperWithdrawn(_) => None,
        }
    }

    /// The reversal and the line of its history, for such a line.
    #[must_use]
    pub const fn reversal_line(&self) -> Option<(ReversalId, &reversal::Entry)> {
        match self {
            Self::Reversal { reversal, entry, payment: _, attempt: _ } => Some((*reversal, entry)),
            Self::Attempt { .. }
            | Self::NoteAdded(_)
            | Self::OperatorAdded(_)
            | Self::RightUsed { .. }
            | Self::EpochStarted { .. }
            | Self::SpanLost { .. }
            | Self::DayClosed(_)
            | Self::CloseCompared(_)
            | Self::PaperIssued(_)
            | Self::PaperWithdrawn(_) => None,
        }
    }

    /// The payment that it is filed under. Its attempts and reversals are folded from their own lines alone: what else is
    /// filed there changes neither.
    #[must_use]
    pub const fn payment(&self) -> Option<PaymentId> {
        match self {
            Self::Attempt { payment, .. } | Self::Reversal { payment, .. } => Some(*payment),
            Self::NoteAdded(note) => Some(note.payment),
            Self::PaperIssued(issued) => issued.payment,
            Self::PaperWithdrawn(withdrawn) => withdrawn.payment,
            Self::OperatorAdded(_)
            | Self::RightUsed { .. }
            | Self::EpochStarted { .. }
            | Self::SpanLost { .. }
            | Self::DayClosed(_)
            | Self::CloseCompared(_) => None,
        }
    }
}

/// Why a desk epoch began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EpochReason {
    /// The journal is new.
    NewJournal,
    /// The chain's key was lost: what came before can't be verified any more.
    KeyLost,
    /// A backup was restored.
    Restored,
}

/// What is written in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The records, in order.
    pub records: Vec<Record>,
    /// Names for the side table: events hold only a commitment to them, so that a name can be erased.
    pub names: Vec<(NameId, PersonName)>,
}

/// A person's name: personal data, never printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Wraps a name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name, for the side table and the screen.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PersonName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PersonName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_name_is_given_out_only_where_it_is_asked_for() {
        let name = PersonName::new("AYŞE YILMAZ");
        assert_eq!(name.expose(), "AYŞE YILMAZ");
        assert_eq!(format!("{name:?}"), "PersonName(…)");
    }
}
