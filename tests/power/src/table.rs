//! The committed table of long runs.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::Fault;

const HEAD: &str = "scene\tseed\tmoments\tcases\tstates\tviolations\tseconds\tcommit\tfingerprint";

/// Folders whose sources decide what is on the disk and how it is read again. `events` may lie in the journal's crate.
const SOURCES: [&str; 5] = [
    "src-tauri/crates/journal",
    "src-tauri/crates/events",
    "src-tauri/crates/home",
    "src-tauri/crates/vault",
    "tests/power/src",
];

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Fault + '_ {
    move |error| Fault::of(&path.display().to_string(), &error)
}

/// One scene with one seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The scene.
    pub scene: String,
    /// The seed.
    pub seed: u64,
    /// Moments at which the power went.
    pub moments: usize,
    /// States examined, each with what was promised then.
    pub cases: usize,
    /// How many of them differ from all others of this scene by what is on the disk.
    pub states: usize,
    /// In how many something was wrong.
    pub violations: usize,
    /// How long it took.
    pub seconds: u64,
    /// Of the sources.
    pub fingerprint: String,
}

impl Row {
    /// Its line, with the commit at hand.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { scene, seed, moments, cases, states, violations, seconds, fingerprint } = self;
        format!("{scene}\t{seed}\t{moments}\t{cases}\t{states}\t{violations}\t{seconds}\t{}\t{fingerprint}", commit())
    }

    fn read(line: &str) -> Option<Self> {
        let mut columns = line.split('\t');
        let scene = columns.next()?.to_owned();
        let seed = columns.next()?.parse().ok()?;
        let mut number = || columns.next()?.parse::<usize>().ok();
        let (moments, cases, states, violations) = (number()?, number()?, number()?, number()?);
        let seconds = columns.next()?.parse().ok()?;
        let fingerprint = columns.nth(1)?.to_owned();
        Some(Self { scene, seed, moments, cases, states, violations, seconds, fingerprint })
    }
}

fn commit() -> String {
    let told = Command::new("git").args(["rev-parse", "--short=10", "HEAD"]).output();
    let told = told.ok().filter(|told| told.status.success());
    told.map_or_else(|| "-".to_owned(), |told| String::from_utf8_lossy(&told.stdout).trim().to_owned())
}

/// The table's file.
#[derive(Debug, Clone)]
pub struct Table {
    path: PathBuf,
}

impl Table {
    /// The table at this path, which need not be there.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// The rows of this fingerprint.
    ///
    /// # Errors
    /// It can't be read, or a line of it is none.
    pub fn of(&self, fingerprint: &str) -> Result<Vec<Row>, Fault> {
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        let text = fs::read_to_string(&self.path).map_err(failed(&self.path))?;
        let mut rows = Vec::new();
        for line in text.lines().skip(1) {
            rows.push(Row::read(line).ok_or_else(|| Fault(format!("no row of the table: {line}")))?);
        }
        rows.retain(|row| row.fingerprint == fingerprint);
        Ok(rows)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// It can't be written.
    pub fn append(&self, row: &Row) -> Result<(), Fault> {
        let is_new = !self.path.exists();
        let mut file = fs::File::options().create(true).append(true).open(&self.path).map_err(failed(&self.path))?;
        let head = if is_new { format!("{HEAD}\n") } else { String::new() };
        file.write_all(format!("{head}{}\n", row.line()).as_bytes()).map_err(failed(&self.path))
    }
}

/// Of all sources that matter, below the project's folder.
///
/// # Errors
/// They can't be read.
pub fn fingerprint(project: &Path) -> Result<String, Fault> {
    let mut files = Vec::new();
    for folder in SOURCES {
        gather(&project.join(folder), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for path in files {
        hash.update(path.strip_prefix(project).unwrap_or(&path).to_string_lossy().as_bytes());
        hash.update(fs::read(&path).map_err(failed(&path))?);
    }
    // The database itself is a part of the program.
    let lock = project.join("Cargo.lock");
    let text = fs::read_to_string(&lock).map_err(failed(&lock))?;
    let mut lines = text.lines().skip_while(|line| *line != "name = \"libsqlite3-sys\"");
    hash.update(lines.nth(1).unwrap_or_default());
    Ok(hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect())
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Fault> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry.map_err(failed(folder))?.path();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if path.is_dir() {
            gather(&path, files)?;
        } else if matches!(extension, "rs" | "sql") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_back_by_their_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let table = Table::at(&folder.path().join("table.tsv"));
        assert_eq!(table.of("a").unwrap(), []);
        let row = |fingerprint: &str, seed| Row {
            scene: "first".to_owned(),
            seed,
            moments: 3,
            cases: 40,
            states: 39,
            violations: 1,
            seconds: 7,
            fingerprint: fingerprint.to_owned(),
        };
        for (fingerprint, seed) in [("a", 1), ("b", 1), ("a", 2)] {
            table.append(&row(fingerprint, seed)).unwrap();
        }
        assert_eq!(table.of("a").unwrap(), [row("a", 1), row("a", 2)]);
        fs::write(folder.path().join("table.tsv"), "head\nnonsense\n").unwrap();
        assert!(table.of("a").is_err());
    }

    #[test]
    fn a_changed_source_changes_the_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("src-tauri/crates/journal/src/connect.rs");
        fs::create_dir_all(source.parent().unwrap()).unwrap();
        fs::write(folder.path().join("Cargo.lock"), "name = \"libsqlite3-sys\"\nversion = \"1\"\n").unwrap();
        fs::write(&source, "one").unwrap();
        let one = fingerprint(folder.path()).unwrap();
        assert_eq!(one, fingerprint(folder.path()).unwrap());
        fs::write(&source, "two").unwrap();
        assert_ne!(one, fingerprint(folder.path()).unwrap());
    }
}
