//! Where the kills fell, and the table in which runs add up.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::drill::Played;
use super::plan::Kind;

/// How far a payment or reversal was when its program fell, by what journal and gateway knew then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Nothing was written down yet.
    BeforeReady,
    /// In Ready.
    Ready,
    /// In Sending, and the gateway had not got the request.
    Sending,
    /// In Sending, and the gateway had.
    Sent,
    /// The gateway had refused the token.
    Reauthorising,
    /// The customer was at the bank.
    AtBank,
    /// The gateway was being asked.
    Confirming,
    /// It was unknown already.
    Unknown,
    /// The outcome was written down; the program had not ended.
    Final,
    /// It was a restart that fell.
    Restart,
}

impl Phase {
    /// All of them, in the table's order.
    pub const ALL: [Self; 10] = [
        Self::BeforeReady,
        Self::Ready,
        Self::Sending,
        Self::Sent,
        Self::Reauthorising,
        Self::AtBank,
        Self::Confirming,
        Self::Unknown,
        Self::Final,
        Self::Restart,
    ];

    /// Its word in the table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::BeforeReady => "before_ready",
            Self::Ready => "ready",
            Self::Sending => "sending",
            Self::Sent => "at_gateway",
            Self::Reauthorising => "reauthorising",
            Self::AtBank => "at_bank",
            Self::Confirming => "confirming",
            Self::Unknown => "unknown",
            Self::Final => "after_final",
            Self::Restart => "restart",
        }
    }

    /// The phase of a state; `came` says whether the gateway had got every request that was written down.
    #[must_use]
    pub fn of(state: Option<&str>, came: bool) -> Self {
        match state {
            None => Self::BeforeReady,
            Some("ready") => Self::Ready,
            Some("sending") if came => Self::Sent,
            Some("sending") => Self::Sending,
            Some("reauthorising") => Self::Reauthorising,
            Some("at_bank") => Self::AtBank,
            Some("confirming") => Self::Confirming,
            Some("unknown" | "set_aside") => Self::Unknown,
            Some(_) => Self::Final,
        }
    }
}

/// What a run of one kind came to, under one state of the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The kind's word.
    pub kind: String,
    /// The fingerprint of the sources that matter to it.
    pub sources: String,
    /// The commit that was checked out.
    pub commit: String,
    /// The first seed.
    pub first: u64,
    /// The last one; all between were played.
    pub last: u64,
    /// Kills by phase.
    pub kills: BTreeMap<Phase, u64>,
    /// Programs that had ended before their moment.
    pub missed: u64,
    /// What was not true.
    pub violations: u64,
}

impl Row {
    /// All kills.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.kills.values().sum()
    }

    /// Takes in the row that follows.
    fn take(&mut self, next: Self) {
        self.last = next.last;
        for (phase, more) in next.kills {
            let count = self.kills.entry(phase).or_default();
            *count = count.saturating_add(more);
        }
        self.missed = self.missed.saturating_add(next.missed);
        self.violations = self.violations.saturating_add(next.violations);
    }

    fn add(&mut self, played: &Played) {
        for phase in &played.falls {
            let count = self.kills.entry(*phase).or_default();
            *count = count.saturating_add(1);
        }
        self.missed = self.missed.saturating_add(played.missed.into());
        let wrong = u64::try_from(played.wrong.len()).unwrap_or(u64::MAX);
        self.violations = self.violations.saturating_add(wrong);
    }
}

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its rows, by kind.
    pub rows: Vec<Row>,
}

const FIRST_COLUMNS: [&str; 6] = ["kind", "sources", "commit", "first_seed", "last_seed", "kills"];
const LAST_COLUMNS: [&str; 2] = ["ended_before", "violations"];
/// What stands above the columns.
const TITLE: &str =
    "# Kills so far (scripts/kill.sh adds to this): a row for each kind, state of its sources and commit.";

impl Table {
    /// Reads a table; no text is an empty one.
    ///
    /// # Errors
    /// The line that can't be read.
    pub fn read(text: &str) -> Result<Self, String> {
        let lines =
            text.lines().filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("kind\t"));
        let rows = lines.map(|line| row(line).ok_or_else(|| format!("no row of this table: {line}")));
        Ok(Self { rows: rows.collect::<Result<_, _>>()? })
    }

    /// The table as text.
    #[must_use]
    pub fn text(&self) -> String {
        let phases = Phase::ALL.map(Phase::word);
        let columns: Vec<&str> = FIRST_COLUMNS.into_iter().chain(phases).chain(LAST_COLUMNS).collect();
        let mut text = format!("{TITLE}\n{}\n", columns.join("\t"));
        for row in &self.rows {
            let Row { kind, sources, commit, first, last, .. } = row;
            // Writing to a string never fails.
            let _ = write!(text, "{kind}\t{sources}\t{commit}\t{first}\t{last}\t{}", row.total());
            for phase in Phase::ALL {
                let _ = write!(text, "\t{}", row.kills.get(&phase).copied().unwrap_or_default());
            }
            let _ = writeln!(text, "\t{}\t{}", row.missed, row.violations);
        }
        text
    }

    /// How many kills of a kind count for these sources.
    #[must_use]
    pub fn kills(&self, kind: Kind, sources: &str) -> u64 {
        self.of(kind, sources).map(Row::total).sum()
    }

    /// The first seed of a kind that was not played with these sources.
    #[must_use]
    pub fn next_seed(&self, kind: Kind, sources: &str) -> u64 {
        self.of(kind, sources).map(|row| row.last).max().map_or(1, |last| last.saturating_add(1))
    }

    fn of(&self, kind: Kind, sources: &str) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.kind == kind.word() && row.sources == sources)
    }

    /// Adds what came of one seed, to the row that it continues or in a new one.
    pub fn add(&mut self, (kind, seed): (Kind, u64), (sources, commit): (&str, &str), played: &Played) {
        let continues = |row: &&mut Row| {
            row.kind == kind.word()
                && row.sources == sources
                && row.commit == commit
                && (row.last.saturating_add(1) == seed)
        };
        if let Some(row) = self.rows.iter_mut().find(continues) {
            row.last = seed;
            row.add(played);
            self.join();
            return;
        }
        let mut row = Row {
            kind: kind.word().to_owned(),
            sources: sources.to_owned(),
            commit: commit.to_owned(),
            first: seed,
            last: seed,
            kills: BTreeMap::new(),
            missed: 0,
            violations: 0,
        };
        row.add(played);
        self.rows.push(row);
        self.join();
    }

    /// Puts rows together that have come to meet: shifts that run side by side end in any order.
    fn join(&mut self) {
        let mut joined: Vec<Row> = Vec::new();
        let mut rest = std::mem::take(&mut self.rows);
        rest.sort_by(|one, other| {
            (&one.kind, &one.sources, &one.commit, one.first).cmp(&(
                &other.kind,
                &other.sources,
                &other.commit,
                other.first,
            ))
        });
        for row in rest {
            match joined.last_mut().filter(|last| {
                (&last.kind, &last.sources, &last.commit) == (&row.kind, &row.sources, &row.commit)
                    && last.last.saturating_add(1) == row.first
            }) {
                Some(last) => last.take(row),
                None => joined.push(row),
            }
        }
        self.rows = joined;
    }

    /// Kills by phase, over all rows.
    #[must_use]
    pub fn phases(&self) -> Vec<(Phase, u64)> {
        let of = |phase: Phase| self.rows.iter().filter_map(|row| row.kills.get(&phase)).sum();
        Phase::ALL.into_iter().map(|phase| (phase, of(phase))).collect()
    }
}

fn row(line: &str) -> Option<Row> {
    let mut cells = line.split('\t');
    let mut text = || cells.next().map(str::to_owned);
    let (kind, sources, commit) = (text()?, text()?, text()?);
    let mut number = || text()?.parse::<u64>().ok();
    let (first, last, total) = (number()?, number()?, number()?);
    let mut kills = BTreeMap::new();
    for phase in Phase::ALL {
        kills.insert(phase, number()?);
    }
    kills.retain(|_, count| *count > 0);
    let row = Row { kind, sources, commit, first, last, kills, missed: number()?, violations: number()? };
    (row.total() == total).then_some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(falls: &[Phase]) -> Played {
        Played { falls: falls.to_vec(), missed: 1, wrong: Vec::new() }
    }

    #[test]
    fn runs_add_up_and_the_table_reads_what_it_wrote() {
        let mut table = Table::default();
        let at = ("abc", "c1");
        table.add((Kind::OrderLimit, 1), at, &played(&[Phase::Ready]));
        table.add((Kind::OrderLimit, 2), at, &played(&[Phase::Sent, Phase::Restart]));
        assert_eq!(table.rows.len(), 1, "a run goes on in its row");
        table.add((Kind::OrderLimit, 3), ("abc", "c2"), &played(&[Phase::Final]));
        table.add((Kind::OrderLimit, 1), ("new", "c3"), &played(&[]));
        assert_eq!((table.kills(Kind::OrderLimit, "abc"), table.next_seed(Kind::OrderLimit, "abc")), (4, 4));
        assert_eq!((table.kills(Kind::OrderLimit, "new"), table.next_seed(Kind::OrderLimit, "new")), (0, 2));
        assert_eq!(table.next_seed(Kind::FinrotaPage, "abc"), 1, "another kind begins at its own first seed");
        assert_eq!(Table::read(&table.text()), Ok(table));
    }

    #[test]
    fn shifts_that_end_in_any_order_leave_one_row() {
        let mut table = Table::default();
        for seed in [4, 5, 1, 2, 3] {
            table.add((Kind::Desk, seed), ("abc", "c1"), &played(&[Phase::AtBank]));
        }
        let seen: Vec<_> = table.rows.iter().map(|row| (row.first, row.last, row.total(), row.missed)).collect();
        assert_eq!(seen, [(1, 5, 5, 5)]);
    }

    #[test]
    fn a_damaged_row_is_not_taken_for_figures() {
        let mut table = Table::default();
        table.add((Kind::OrderLimit, 1), ("abc", "c1"), &played(&[Phase::Ready]));
        let text = table.text();
        assert!(Table::read(&text.replace("\t1\t0\t1", "\t2\t0\t1")).is_err(), "{text}");
        assert!(Table::read("limit\t1").is_err());
    }

    #[test]
    fn a_phase_is_what_journal_and_gateway_knew() {
        assert_eq!(Phase::of(None, false), Phase::BeforeReady);
        assert_eq!(Phase::of(Some("sending"), false), Phase::Sending);
        assert_eq!(Phase::of(Some("sending"), true), Phase::Sent);
        assert_eq!(Phase::of(Some("done"), true), Phase::Final);
    }
}
