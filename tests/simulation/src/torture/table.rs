//! The table of what was tried. A line names the sources that it tried; lines of others are history, and cover nothing.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::units::{Kind, Unit};

const TITLE: &str = "kind\tfrom\tto\tproduct\tcommit\truns\ttwins\tfailures\tseconds";

/// What became of a span of schedules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The span.
    pub span: Unit,
    /// The sources of the simulated product.
    pub product: String,
    /// The commit at which it was tried; with a `+` when something was changed.
    pub commit: String,
    /// How many schedules were run.
    pub runs: u64,
    /// How many of them with the real journal beside the simulated one.
    pub twins: u64,
    /// How many failed.
    pub failures: u64,
    /// How long it took one core, in seconds.
    pub seconds: u64,
}

impl Line {
    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('\t').collect();
        let [kind, from, to, product, commit, runs, twins, failures, seconds] = parts.as_slice() else { return None };
        Some(Self {
            span: Unit { kind: kind.parse().ok()?, from: from.parse().ok()?, to: to.parse().ok()? },
            product: (*product).to_owned(),
            commit: (*commit).to_owned(),
            runs: runs.parse().ok()?,
            twins: twins.parse().ok()?,
            failures: failures.parse().ok()?,
            seconds: seconds.parse().ok()?,
        })
    }

    /// Takes the line in that goes on where this one ends.
    fn joins(&mut self, next: &Self) -> bool {
        let same = (self.span.kind, &self.product, &self.commit) == (next.span.kind, &next.product, &next.commit);
        if !same || self.span.to != next.span.from {
            return false;
        }
        self.span.to = next.span.to;
        self.runs = self.runs.saturating_add(next.runs);
        self.twins = self.twins.saturating_add(next.twins);
        self.failures = self.failures.saturating_add(next.failures);
        self.seconds = self.seconds.saturating_add(next.seconds);
        true
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { span, product, commit, runs, twins, failures, seconds } = self;
        let Unit { kind, from, to } = span;
        write!(formatter, "{kind}\t{from}\t{to}\t{product}\t{commit}\t{runs}\t{twins}\t{failures}\t{seconds}")
    }
}

/// The table and its file.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    lines: Vec<Line>,
}

impl Table {
    /// Reads it; an empty one where there is none.
    ///
    /// # Errors
    /// When the file can't be read, or a line in it is none.
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let read =
            |line: &str| Line::read(line).ok_or_else(|| io::Error::other(format!("no line of the table: {line}")));
        let lines = text.lines().filter(|line| *line != TITLE && !line.starts_with('#')).map(read);
        Ok(Self { path: path.to_owned(), lines: lines.collect::<Result<_, _>>()? })
    }

    /// The first number of this kind that these sources were not tried with, and that is not taken.
    #[must_use]
    pub fn next(&self, kind: Kind, product: &str, taken: &[Unit]) -> Option<Unit> {
        let covered =
            self.lines.iter().filter(|line| line.product == product && line.failures == 0).map(|line| line.span);
        let mut spans: Vec<Unit> = covered.chain(taken.iter().copied()).filter(|span| span.kind == kind).collect();
        spans.sort_by_key(|span| span.from);
        let mut free = 0;
        for span in spans {
            if span.from > free {
                break;
            }
            free = free.max(span.to);
        }
        kind.unit(free)
    }

    /// Adds a line, and writes the table anew. A span that was tried before with the same sources is told by its newest line.
    ///
    /// # Errors
    /// When it can't be written; it is then as it was.
    pub fn add(&mut self, line: Line) -> io::Result<()> {
        self.lines.retain(|old| (old.span, &old.product) != (line.span, &line.product));
        self.lines.push(line);
        self.lines.sort_by(|a, b| {
            let key = |line: &Line| (line.product.clone(), line.span.kind, line.span.from);
            key(a).cmp(&key(b))
        });
        let mut joined: Vec<Line> = Vec::with_capacity(self.lines.len());
        for line in self.lines.drain(..) {
            // A span with failures stays a line of its own, so that it is tried again.
            let apart = line.failures > 0 || joined.last().is_some_and(|last| last.failures > 0);
            if apart || !joined.last_mut().is_some_and(|last| last.joins(&line)) {
                joined.push(line);
            }
        }
        self.lines = joined;
        let text: String = self.lines.iter().map(|line| format!("{line}\n")).collect();
        let part = self.path.with_extension("tsv.part");
        fs::write(&part, format!("{TITLE}\n{text}"))?;
        fs::rename(&part, &self.path)
    }

    /// How many schedules of a kind were run with these sources, how many failed.
    #[must_use]
    pub fn sum(&self, kind: Kind, product: &str) -> (u64, u64) {
        let lines = self.lines.iter().filter(|line| line.span.kind == kind && line.product == product);
        lines.fold((0, 0), |(runs, failures), line| {
            (runs.saturating_add(line.runs), failures.saturating_add(line.failures))
        })
    }

    /// How many schedules were ever run.
    #[must_use]
    pub fn ever(&self) -> u64 {
        self.lines.iter().map(|line| line.runs).fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use vezne_core::account::GatewayKind;

    use super::*;
    use crate::torture::Draw;

    const SEEDS: Kind = Kind { draw: Draw::Seeds, gateway: GatewayKind::Finrota };

    fn line(from: u64, to: u64, product: &str, failures: u64) -> Line {
        let span = Unit { kind: SEEDS, from, to };
        Line {
            span,
            product: product.to_owned(),
            commit: "c".to_owned(),
            runs: to - from,
            twins: 1,
            failures,
            seconds: 1,
        }
    }

    #[test]
    fn what_was_tried_adds_up_and_only_what_was_changed_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("torture.tsv");
        let mut table = Table::read(&path).unwrap();
        let first = table.next(SEEDS, "a", &[]).unwrap();
        assert_eq!((first.from, first.to), (0, 4_000));
        let second = table.next(SEEDS, "a", &[first]).unwrap();
        assert_eq!(second.from, 4_000);
        // The second is done before the first.
        table.add(line(4_000, 8_000, "a", 0)).unwrap();
        assert_eq!(table.next(SEEDS, "a", &[]).unwrap().from, 0);
        table.add(line(0, 4_000, "a", 0)).unwrap();
        let table = Table::read(&path).unwrap();
        assert_eq!(table.lines, [Line { runs: 8_000, twins: 2, seconds: 2, ..line(0, 8_000, "a", 0) }]);
        assert_eq!(table.next(SEEDS, "a", &[]).unwrap().from, 8_000);
        // Other sources: nothing of it counts.
        assert_eq!(table.next(SEEDS, "b", &[]).unwrap().from, 0);
        assert_eq!((table.sum(SEEDS, "a"), table.sum(SEEDS, "b"), table.ever()), ((8_000, 0), (0, 0), 8_000));
    }

    #[test]
    fn a_span_with_failures_is_no_coverage_and_is_told_by_its_newest_line() {
        let folder = tempfile::tempdir().unwrap();
        let mut table = Table::read(&folder.path().join("torture.tsv")).unwrap();
        table.add(line(0, 4_000, "a", 3)).unwrap();
        table.add(line(4_000, 8_000, "a", 0)).unwrap();
        assert_eq!(table.next(SEEDS, "a", &[]).unwrap().from, 0);
        assert_eq!(table.sum(SEEDS, "a"), (8_000, 3));
        table.add(line(0, 4_000, "a", 0)).unwrap();
        assert_eq!(table.sum(SEEDS, "a"), (8_000, 0));
        assert_eq!(table.next(SEEDS, "a", &[]).unwrap().from, 8_000);
    }
}
