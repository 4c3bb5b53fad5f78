//! What a run reached: a simulation that never comes to a state proves nothing about it.

use std::collections::BTreeMap;
use std::fmt;

use crate::schedule::{Boundary, What};

/// Something that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// A fault came at a boundary.
    Fault(Boundary, What),
    /// An attempt came to stand there.
    State(&'static str),
    /// An attempt was unknown for this reason.
    Unknown(&'static str),
    /// An approval or decline rested on this.
    Evidence(&'static str, &'static str),
    /// An alarm stood.
    Alarm(&'static str),
    /// A payment was not begun, for this reason.
    NotBegun(&'static str),
    /// A reversal came to stand there.
    Reversal(&'static str),
    /// A reversal was not begun, for this reason.
    NotReversed(&'static str),
    /// A supervisor's word was taken, or not.
    Word(&'static str, bool),
    /// Something that people did.
    Did(&'static str),
    /// How many lives the process had, five for five and more.
    Lives(u32),
    /// What the ledger came to: charges on one order or reference.
    Charges(usize),
    /// What became of a thing that a fault did beside.
    Beside(&'static str),
}

impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(at, what) => write!(formatter, "fault {} {what}", at.word()),
            Self::State(word) => write!(formatter, "state {word}"),
            Self::Unknown(word) => write!(formatter, "unknown because {word}"),
            Self::Evidence(outcome, word) => write!(formatter, "{outcome} by {word}"),
            Self::Alarm(word) => write!(formatter, "alarm {word}"),
            Self::NotBegun(word) => write!(formatter, "payment not begun: {word}"),
            Self::Reversal(word) => write!(formatter, "reversal {word}"),
            Self::NotReversed(word) => write!(formatter, "reversal not begun: {word}"),
            Self::Word(word, true) => write!(formatter, "word {word}: taken"),
            Self::Word(word, false) => write!(formatter, "word {word}: not taken"),
            Self::Did(word) => write!(formatter, "did {word}"),
            Self::Lives(count) => write!(formatter, "lives {count}"),
            Self::Charges(count) => write!(formatter, "charges on one key {count}"),
            Self::Beside(word) => write!(formatter, "beside: {word}"),
        }
    }
}

/// What one run reached, as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells(Vec<Cell>);

impl Cells {
    pub(crate) fn add(&mut self, cell: Cell) {
        if !self.0.contains(&cell) {
            self.0.push(cell);
        }
    }
}

/// How many runs reached what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage(BTreeMap<Cell, u64>);

impl Coverage {
    /// One run more.
    pub fn add(&mut self, cells: &Cells) {
        for cell in &cells.0 {
            *self.0.entry(*cell).or_default() += 1;
        }
    }

    /// Somebody else's runs too.
    pub fn merge(&mut self, other: &Self) {
        for (cell, count) in &other.0 {
            *self.0.entry(*cell).or_default() += count;
        }
    }

    /// How many runs reached it.
    #[must_use]
    pub fn count(&self, cell: Cell) -> u64 {
        self.0.get(&cell).copied().unwrap_or(0)
    }

    /// Everything that was reached, and how often.
    pub fn cells(&self) -> impl Iterator<Item = (Cell, u64)> + '_ {
        self.0.iter().map(|(cell, count)| (*cell, *count))
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(cell, count)| writeln!(formatter, "{count:>9}  {cell}"))
    }
}
