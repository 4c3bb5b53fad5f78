//! What there is to try, cut into pieces that one process does at a time.

use std::fmt;
use std::str::FromStr;

use crate::drawn::drawn;
use crate::schedule::{NotASchedule, Schedule};
use crate::{faults_of, scenes, seconds_of};

/// How many seeds are one piece.
const SEEDS: u64 = 2_000;

/// Into how many pieces the first faults of a course are dealt.
const PARTS: u64 = 48;

/// A kind of schedules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Every fault in every course, with every fault that can come after it. A number names a piece: one in so many of the
    /// first faults of one course; all courses come before the next piece of any.
    Pairs,
    /// Schedules drawn by seeds. A number is a seed.
    Seeds,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Pairs, Self::Seeds];

    /// Its word in the table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pairs => "pairs",
            Self::Seeds => "seeds",
        }
    }

    /// How many numbers are one piece.
    const fn step(self) -> u64 {
        match self {
            Self::Pairs => 1,
            Self::Seeds => SEEDS,
        }
    }

    /// The piece that begins at this number; `None` behind the last one.
    #[must_use]
    pub fn unit(self, from: u64) -> Option<Unit> {
        let last = match self {
            Self::Pairs => u64::try_from(scenes().ok()?.len()).ok()?.saturating_mul(PARTS),
            Self::Seeds => u64::MAX,
        };
        let to = from.saturating_add(self.step());
        (to <= last).then_some(Unit { kind: self, from, to })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl FromStr for Kind {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.word() == text);
        found.ok_or_else(|| NotASchedule(format!("kind {text:?}")))
    }
}

/// A piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// What it is made of.
    pub kind: Kind,
    /// Its first number.
    pub from: u64,
    /// The number behind its last one.
    pub to: u64,
}

impl Unit {
    /// Hands each schedule of this piece over.
    ///
    /// # Errors
    /// [`NotASchedule`] when a course can't be read.
    pub fn each(&self, mut hand: impl FnMut(&Schedule)) -> Result<(), NotASchedule> {
        match self.kind {
            Kind::Seeds => {
                for seed in self.from..self.to {
                    hand(&drawn(seed));
                }
                Ok(())
            }
            Kind::Pairs => {
                for number in self.from..self.to {
                    pairs(number, &mut hand)?;
                }
                Ok(())
            }
        }
    }
}

fn pairs(number: u64, hand: &mut impl FnMut(&Schedule)) -> Result<(), NotASchedule> {
    let courses = scenes()?;
    let count = u64::try_from(courses.len()).unwrap_or(1).max(1);
    let (part, course) = (number / count, number % count);
    let course = usize::try_from(course).ok().and_then(|place| courses.get(place));
    let course = course.ok_or_else(|| NotASchedule(format!("course {number}")))?;
    let faults = faults_of(course);
    for (_, first) in (0_u64..).zip(&faults).filter(|(place, _)| place % PARTS == part) {
        let with = course.with(*first);
        hand(&with);
        for second in seconds_of(course, *first) {
            hand(&with.with(second));
        }
    }
    Ok(())
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.kind, self.from, self.to)
    }
}

impl FromStr for Unit {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotASchedule(format!("unit {text:?}"));
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [kind, from, to] = parts.as_slice() else { return Err(wrong()) };
        Ok(Self { kind: kind.parse()?, from: from.parse().map_err(|_| wrong())?, to: to.parse().map_err(|_| wrong())? })
    }
}
