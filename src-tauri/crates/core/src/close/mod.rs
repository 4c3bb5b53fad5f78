//! The day close (what staff see as “Day close”): what the journal tells from the last close to this one, counted once.
//!
//! A close is an event of the journal's chain. It covers every event after the last close and before itself, so that the
//! closes of a journal cut it into spans without gaps, and each outcome stands in exactly one of them: the one in which it was
//! recorded. The local day is only its label. Nothing is waited for: what is in progress or unknown is listed.

mod anchor;
mod compare;
mod day;
mod figures;
mod tally;

pub use anchor::{Anchor, AnchorError};
pub use compare::{Compared, Comparison, Difference, Finding, NotAsked, compare};
pub use day::{Day, DayError, Label, hour_of};
pub use figures::{About, Cell, Corrected, Counts, Figures, Hour, Late, Listed, Plan, Recorded, Standing, Sum, Sums};
pub use tally::{Tally, subject_of};

use serde::{Deserialize, Serialize};

use crate::ids::OperatorId;
use crate::ports::MissingSpan;
use crate::time::Timestamp;

/// Which events a close covers, and where the chain stood: its anchor within the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covers {
    /// The number of the event of the close before; 0 for the first close.
    pub after: i64,
    /// When that close was made; none for the first close.
    pub since: Option<Timestamp>,
    /// The number of the last event that is covered: the one just before the close's own.
    pub tip: i64,
    /// That event's hash, 64 hexadecimal digits.
    pub tip_hash: String,
}

/// A day close, as it is written down for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayClose {
    /// Its number in this journal, from 1, without gaps.
    pub number: u32,
    /// What it covers.
    pub covers: Covers,
    /// When it was made.
    pub at: Timestamp,
    /// The local day or days that it is filed under.
    pub label: Label,
    /// Who made it, if somebody said so.
    pub operator: Option<OperatorId>,
    /// What a restored backup left out. This close ends the rule that its references need a supervisor (`RULES.md` 8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingSpan>,
    /// Counts, sums and lists.
    pub figures: Figures,
}

/// What a close made now would say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The number that it would have.
    pub number: u32,
    /// What it would cover.
    pub covers: Covers,
    /// What a restored backup left out, if no close has come since.
    pub missing: Option<MissingSpan>,
    /// Counts, sums and lists.
    pub figures: Figures,
}

impl Basis {
    /// The label of a close made at that moment, in that time zone.
    #[must_use]
    pub fn label(&self, at: Timestamp, zone: &jiff::tz::TimeZone) -> Label {
        Label::of(at, self.figures.first, zone)
    }

    /// The close itself.
    #[must_use]
    pub fn close(self, at: Timestamp, zone: &jiff::tz::TimeZone, operator: Option<OperatorId>) -> DayClose {
        let label = self.label(at, zone);
        let Self { number, covers, missing, figures } = self;
        DayClose { number, covers, at, label, operator, missing, figures }
    }
}

impl DayClose {
    /// What does not fit between this close, its own event's number and the close before it (its number and its event's
    /// number); none when all of it does.
    #[must_use]
    pub fn misfit(&self, own_seq: i64, before: Option<(u32, i64)>) -> Option<Misfit> {
        let (number, after) = before.unwrap_or((0, 0));
        if self.number != number.saturating_add(1) {
            return Some(Misfit::Number { expected: number.saturating_add(1) });
        }
        if self.covers.after != after {
            return Some(Misfit::Begin { expected: after });
        }
        (self.covers.tip.saturating_add(1) != own_seq).then_some(Misfit::End)
    }
}

/// What does not fit in a row of closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Another number should stand there.
    #[error("number {expected} is missing")]
    Number {
        /// That number.
        expected: u32,
    },
    /// It does not begin where the one before it ended.
    #[error("it does not begin at event {expected}, where the close before it stands")]
    Begin {
        /// Where it should begin.
        expected: i64,
    },
    /// It does not end at its own event.
    #[error("it does not end at its own event")]
    End,
}

/// A close as the journal gives it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The close.
    pub close: DayClose,
    /// The number of its own event.
    pub seq: i64,
    /// What a person keeps of it on paper.
    pub anchor: Anchor,
    /// The comparisons with the gateways that were made of it, oldest first.
    pub comparisons: Vec<Comparison>,
}

impl Closed {
    /// The comparisons that tell how it stands to the gateways: the newest whole one and whatever came after it, oldest first.
    /// One that was stopped hides nothing of what a whole one before it has found.
    #[must_use]
    pub fn telling(&self) -> &[Comparison] {
        let whole = self.comparisons.iter().rposition(Comparison::is_whole).unwrap_or(0);
        self.comparisons.get(whole..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
