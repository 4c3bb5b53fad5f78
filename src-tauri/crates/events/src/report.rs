//! What a verification found.

use std::fmt;

/// How many differing rows are named.
const DIFFERENCES_MOST: usize = 100;

/// What verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many events were looked at.
    pub events: u64,
    /// How many epochs they make.
    pub epochs: u64,
    /// The first event of the chain that is not as it was written.
    pub broken: Option<Broken>,
    /// Spans that can't be verified because their key is lost. They are not broken.
    pub unverifiable: Vec<Unverifiable>,
    /// Spans that a repair declared lost. They are not broken.
    pub lost: Vec<Lost>,
    /// Attempts and reversals of which only later events are left: what opened them is in a lost span.
    pub fragments: Vec<String>,
    /// How many names were held against their commitments.
    pub names: u64,
    /// How many names have been erased.
    pub names_erased: u64,
    /// How many day closes were looked at.
    pub closes: u64,
    /// What is wrong with day closes: a number that is missing, an anchor that does not hold, figures that are not those of the
    /// events; empty when nothing is.
    pub close_faults: Vec<String>,
    /// Rows of projections that differ from what the events make of them, by table and id; at most 100 of them.
    pub projections: Vec<String>,
    /// What the database's own check says; empty when all is well.
    pub database: Vec<String>,
}

/// A place where the chain is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The desk whose chain it is.
    pub desk: String,
    /// The event's number in that chain.
    pub seq: i64,
    /// What is wrong.
    pub what: Break,
}

/// What is wrong with an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Break {
    /// Its content is not what was written.
    Changed,
    /// Events before it are missing: the next one found has this number.
    Gap {
        /// The number of the next event that is there.
        found: i64,
    },
    /// It does not follow the event before it: events were exchanged, inserted or replaced.
    Order,
    /// A name beside it is not the one that was written.
    Name {
        /// The name's id.
        name: String,
    },
    /// A name beside it is gone without having been erased by the program.
    NameGone {
        /// The name's id.
        name: String,
    },
    /// The newest events are missing: the marker beside the journal knows of more.
    CutShort {
        /// The last number the marker knows.
        known: i64,
    },
    /// The marker beside the journal knows another event under this number.
    Replaced,
    /// The triggers that forbid changes are not there.
    Unguarded,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seq = self.seq;
        match &self.what {
            Break::Changed => write!(f, "event {seq} is not what was written"),
            Break::Gap { found } => write!(f, "event {seq} is missing: the next one there is {found}"),
            Break::Order => write!(f, "event {seq} does not follow the one before it"),
            Break::Name { name } => write!(f, "the name {name} beside event {seq} is not what was written"),
            Break::NameGone { name } => write!(f, "the name {name} beside event {seq} is gone without being erased"),
            Break::CutShort { known } => write!(f, "the events from {seq} to {known} are missing at the end"),
            Break::Replaced => write!(f, "event {seq} is another one than was written here"),
            Break::Unguarded => write!(f, "the triggers that forbid changing events are gone"),
        }
    }
}

/// A span of events whose key is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverifiable {
    /// The desk whose chain it is.
    pub desk: String,
    /// Its first event.
    pub from: i64,
    /// Its last event.
    pub to: i64,
    /// The key that is lost.
    pub key_id: String,
}

impl fmt::Display for Unverifiable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next = self.to.saturating_add(1);
        write!(f, "cannot be verified before event {next} (from event {} on): key {} is lost", self.from, self.key_id)
    }
}

/// A span of events that a damaged journal could not give back, as its repair declared it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The number of the first event that is lost.
    pub first: i64,
    /// The number of the last one.
    pub last: i64,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "events {} to {} are lost, as the repair declared", self.first, self.last)
    }
}

impl Report {
    /// Whether nothing is wrong. Spans that can't be verified are not wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.first_fault().is_none()
    }

    /// What is wrong with what was written, in words; `None` when nothing is, or only what can be made anew from it.
    #[must_use]
    pub fn damage(&self) -> Option<String> {
        let database = || self.database.first().map(|words| format!("the database is damaged: {words}"));
        self.broken.as_ref().map(ToString::to_string).or_else(database)
    }

    /// Notes a row of a projection that differs from what the events make of it.
    pub fn differs(&mut self, table: &str, id: &str) {
        if self.projections.len() < DIFFERENCES_MOST {
            self.projections.push(format!("{table} {id}"));
        }
    }

    /// The gravest finding in words; `None` when nothing is wrong.
    #[must_use]
    pub fn first_fault(&self) -> Option<String> {
        let projection =
            || self.projections.first().map(|row| format!("{row} differs from its events; a rebuild puts it right"));
        self.damage().or_else(|| self.close_faults.first().cloned()).or_else(projection)
    }
}
