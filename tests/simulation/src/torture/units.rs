//! What there is to try, cut into pieces that one process does at a time.

use std::fmt;
use std::str::FromStr;

use vezne_core::account::GatewayKind;

use crate::drawn::{drawn, gateway_of};
use crate::schedule::{NotASchedule, Schedule};
use crate::{faults_of, scenes, seconds_of};

/// How many seeds are one piece; every second one is of the same gateway.
const SEEDS: u64 = 4_000;

/// Into how many pieces the first faults of a course are dealt.
const PARTS: u64 = 48;

/// Where schedules come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Draw {
    /// Every fault in every course, with every fault that can come after it. A number names a piece: one in so many of the
    /// first faults of one course; all courses come before the next piece of any.
    Pairs,
    /// Schedules drawn by seeds. A number is a seed; only the gateway's own are run.
    Seeds,
}

/// A kind of schedules: each gateway's apart, because a change in the part of one leaves the other's tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// Where they come from.
    pub draw: Draw,
    /// The gateway.
    pub gateway: GatewayKind,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self { draw: Draw::Pairs, gateway: GatewayKind::Finrota },
        Self { draw: Draw::Seeds, gateway: GatewayKind::Finrota },
        Self { draw: Draw::Pairs, gateway: GatewayKind::Yolcu360 },
        Self { draw: Draw::Seeds, gateway: GatewayKind::Yolcu360 },
    ];

    /// Its words in the table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match (self.draw, self.gateway) {
            (Draw::Pairs, GatewayKind::Finrota) => "pairs-finrota",
            (Draw::Seeds, GatewayKind::Finrota) => "seeds-finrota",
            (Draw::Pairs, GatewayKind::Yolcu360) => "pairs-yolcu360",
            (Draw::Seeds, GatewayKind::Yolcu360) => "seeds-yolcu360",
        }
    }

    /// Those that a person's word means: one kind, or `pairs` or `seeds` of both gateways.
    ///
    /// # Errors
    /// [`NotASchedule`] when it means none.
    pub fn meant(word: &str) -> Result<Vec<Self>, NotASchedule> {
        let meant =
            |kind: &Self| kind.word().split_once('-').is_some_and(|(draw, _)| draw == word) || kind.word() == word;
        let found: Vec<Self> = Self::ALL.into_iter().filter(meant).collect();
        if found.is_empty() { Err(NotASchedule(format!("kind {word:?}"))) } else { Ok(found) }
    }

    /// How many numbers are one piece.
    const fn step(self) -> u64 {
        match self.draw {
            Draw::Pairs => 1,
            Draw::Seeds => SEEDS,
        }
    }

    /// The courses of its gateway.
    fn courses(self) -> Result<Vec<Schedule>, NotASchedule> {
        Ok(scenes()?.into_iter().filter(|course| course.scene.gateway == self.gateway).collect())
    }

    /// The piece that begins at this number; `None` behind the last one.
    #[must_use]
    pub fn unit(self, from: u64) -> Option<Unit> {
        let last = match self.draw {
            Draw::Pairs => u64::try_from(self.courses().ok()?.len()).ok()?.saturating_mul(PARTS),
            Draw::Seeds => u64::MAX,
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
        let mut numbers = self.from..self.to;
        match self.kind.draw {
            Draw::Seeds => {
                numbers.filter(|seed| gateway_of(*seed) == self.kind.gateway).for_each(|seed| hand(&drawn(seed)));
                Ok(())
            }
            Draw::Pairs => {
                let courses = self.kind.courses()?;
                numbers.try_for_each(|number| pairs(&courses, number, &mut hand))
            }
        }
    }
}

fn pairs(courses: &[Schedule], number: u64, hand: &mut impl FnMut(&Schedule)) -> Result<(), NotASchedule> {
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
