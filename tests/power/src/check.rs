//! One state, put into a folder and opened as the desk opens it after the power is back.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use vezne_core::ports::Journal as _;
use vezne_core::record::{Batch, EpochReason};
use vezne_home::OsEntropy;
use vezne_journal::{ChainKey, Filter, Journal, Keys, LIST_MOST, Lock, RESERVE_BYTES};
use vezne_tests::run::{Ended, Running, program};
use vezne_vault::{Environment, PassphraseSource, SealCost, Vault};
use zeroize::Zeroizing;

use crate::Fault;
use crate::attempt::{self, now};
use crate::disk::Tree;
use crate::facts::{self, Sent};
use crate::folder;
use crate::random::Random;
use crate::recording::{Promise, Recording};

/// What must never be found after a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The home or its key can't be opened as it is.
    NotOpened(String),
    /// A new epoch was begun as if the journal were new, restored, or its key lost.
    AnotherEpoch(EpochReason),
    /// `verify` finds something.
    Unsound(String),
    /// Events are missing that were on the disk.
    LostEvents {
        /// All up to this one were promised.
        promised: i64,
        /// So many are there.
        found: usize,
    },
    /// The request of this attempt had left, and the journal does not know it as sent.
    LostAttempt(String),
    /// What is there was never written like this.
    AnotherStory,
    /// No further payment can be written down.
    NoFurther(String),
    /// The space kept back looks whole and holds nothing.
    HollowReserve,
    /// A file that a program had promised is not there, or is another one.
    NotWhole(String),
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOpened(why) => write!(f, "the home does not open: {why}"),
            Self::AnotherEpoch(why) => write!(f, "a new epoch was begun: {why:?}"),
            Self::Unsound(words) => write!(f, "verify says: {words}"),
            Self::LostEvents { promised, found } => write!(f, "{promised} events were on the disk, {found} are there"),
            Self::LostAttempt(reference) => write!(f, "the request of {reference} had left, and nobody knows it"),
            Self::AnotherStory => f.write_str("the events are not the beginning of what was written"),
            Self::NoFurther(why) => write!(f, "nothing more can be written down: {why}"),
            Self::HollowReserve => f.write_str("the reserved space looks whole and holds nothing"),
            Self::NotWhole(path) => write!(f, "{path} was promised and is not there as it was"),
        }
    }
}

/// How SQLite's index of its log is found: it lives in memory, and what of it is on the disk means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Not at all.
    Absent,
    /// As it was at another time.
    Stale,
    /// Anything.
    Garbage(u64),
}

/// Where states are put, one after the other.
#[derive(Debug)]
pub struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    /// In memory where there is room for it, because thousands of states are written.
    ///
    /// # Errors
    /// No folder can be made.
    pub fn new() -> Result<Self, Fault> {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        Ok(Self { folder: folder.map_err(|error| Fault::of("a folder for states", &error))? })
    }

    /// Puts a state there and gives back its folder; the one before is gone.
    ///
    /// # Errors
    /// It can't be written.
    pub fn lay(&self, recording: &Recording, tree: &Tree, index: Index) -> Result<PathBuf, Fault> {
        let at = self.folder.path().join("state");
        let failed = |error: std::io::Error| Fault::of("the state's folder", &error);
        if at.exists() {
            fs::remove_dir_all(&at).map_err(failed)?;
        }
        folder::write(tree, &at, self.folder.path())?;
        let home = at.join(&recording.home);
        let bytes = match index {
            Index::Absent => None,
            Index::Stale => recording.stale_index.clone(),
            Index::Garbage(seed) => {
                let mut random = Random::of(seed);
                Some((0..4096).flat_map(|_| random.next().to_le_bytes()).collect())
            }
        };
        if let Some(bytes) = bytes.filter(|_| home.is_dir()) {
            fs::write(home.join("journal.db-shm"), bytes).map_err(failed)?;
        }
        Ok(at)
    }

    /// Lays a state, opens it, and says what is wrong with it.
    ///
    /// # Errors
    /// The test's own: a folder that can't be written.
    pub async fn examine(
        &self,
        recording: &Recording,
        (tree, promise): (&Tree, &Promise),
        index: Index,
    ) -> Result<Vec<Wrong>, Fault> {
        let at = self.lay(recording, tree, index)?;
        let mut wrong = promised_files(recording, tree, promise);
        if let Err(found) = opened(&at.join(&recording.home), recording, promise, &mut wrong).await {
            wrong.push(found);
        }
        Ok(wrong)
    }
}

/// The real program at a state: its own check, a start (which takes up what was under way), the check again, and its list.
///
/// # Errors
/// The test's own.
///
/// # Panics
/// When the program is not built, or does not end.
pub fn by_program(home: &Path, promise: &Promise) -> Result<Vec<Wrong>, Fault> {
    if promise.seq == 0 {
        // Whatever is there, nothing was promised; in-process opening has seen to it that it opens.
        return Ok(Vec::new());
    }
    fs::write(home.join("config.toml"), "").map_err(|error| Fault::of("config.toml", &error))?;
    let mut wrong = Vec::new();
    for arguments in [["journal", "verify"], ["journal", "rebuild"], ["journal", "verify"]] {
        let ended = veznectl(home, &arguments);
        if ended.code != Some(0) {
            wrong
                .push(Wrong::NotOpened(format!("{arguments:?}: {:?}\n{}\n{}", ended.code, ended.stdout, ended.stderr)));
        }
    }
    let listed = veznectl(home, &["payment", "list", "--limit", "1000"]);
    let lines = listed.lines();
    for sent in &promise.sent {
        let text =
            |line: &serde_json::Value, key: &str| line.get(key).and_then(|value| value.as_str()).map(str::to_owned);
        let line = lines.iter().find(|line| text(line, "attempt").as_ref() == Some(&sent.attempt));
        let state = line.and_then(|line| text(line, "state"));
        if state.as_deref().is_none_or(|state| matches!(state, "ready" | "sending" | "not_sent")) {
            wrong.push(Wrong::LostAttempt(format!("{}, by veznectl: {state:?}", sent.reference)));
        }
    }
    Ok(wrong)
}

fn veznectl(home: &Path, arguments: &[&str]) -> Ended {
    let mut command = Command::new(program("veznectl"));
    command.env_clear().env("VEZNE_HOME", home).env("VEZNE_NO_KEYCHAIN", "1").args(arguments).arg("--json");
    Running::start(&mut command, "").wait(Duration::from_secs(60))
}

fn promised_files(recording: &Recording, tree: &Tree, promise: &Promise) -> Vec<Wrong> {
    let differs = |path: &&String| {
        let found = tree.file(path).map(crate::content::Content::bytes);
        found.is_none() || found != recording.end.file(path).map(crate::content::Content::bytes)
    };
    promise.whole.iter().filter(differs).map(|path| Wrong::NotWhole(path.clone())).collect()
}

/// The vault's key, as `vezne-home` hands it to the journal.
async fn keys(home: &Path) -> Result<Keys, Wrong> {
    let vault = Vault::open_with(home, PassphraseSource::Environment, Environment::given([]), SealCost::DESK);
    let key = vault.chain_key().await.map_err(|error| Wrong::NotOpened(error.to_string()))?;
    Ok(Keys::only(ChainKey::new(key.id().as_str(), Zeroizing::new(*key.expose()))))
}

async fn opened(home: &Path, recording: &Recording, promise: &Promise, wrong: &mut Vec<Wrong>) -> Result<(), Wrong> {
    let not_opened = |error: &dyn fmt::Display| Wrong::NotOpened(error.to_string());
    let lock = Lock::acquire(home).map_err(|error| not_opened(&error))?;
    if hollow(&home.join("journal.reserve")) {
        wrong.push(Wrong::HollowReserve);
    }
    let (journal, start) =
        Journal::open(lock, keys(home).await?, Arc::new(OsEntropy), now()).await.map_err(|error| not_opened(&error))?;
    let is_new = promise.seq == 0 && start.began == Some(EpochReason::NewJournal);
    if let Some(why) = start.began.filter(|_| !is_new) {
        wrong.push(Wrong::AnotherEpoch(why));
    }
    let report = journal.verify().await.map_err(|error| Wrong::Unsound(error.to_string()))?;
    wrong.extend(report.first_fault().map(Wrong::Unsound));
    wrong.extend(report.unverifiable.first().map(|span| Wrong::Unsound(span.to_string())));
    let there = facts::events(&home.join("journal.db")).await.map_err(|error| Wrong::Unsound(error.to_string()))?;
    if !is_new {
        wrong.extend(compared(&there, recording, promise));
    }
    wrong.extend(attempts(&journal, promise).await?);
    further(&journal).await?;
    journal.close().await;
    Ok(())
}

fn compared(there: &[facts::Event], recording: &Recording, promise: &Promise) -> Option<Wrong> {
    let written = recording.facts.events.get(..there.len());
    let promised = usize::try_from(promise.seq).unwrap_or(usize::MAX);
    if there.len() < promised {
        return Some(Wrong::LostEvents { promised: promise.seq, found: there.len() });
    }
    (written != Some(there)).then_some(Wrong::AnotherStory)
}

/// Whether the reserve has its length and nothing in it: on a real disk it would be a file without blocks.
fn hollow(path: &Path) -> bool {
    let whole = fs::metadata(path).is_ok_and(|found| found.len() == RESERVE_BYTES);
    whole && fs::read(path).is_ok_and(|bytes| bytes.chunks(64 * 1024).any(|some| some.iter().all(|byte| *byte == 0)))
}

async fn attempts(journal: &Journal, promise: &Promise) -> Result<Vec<Wrong>, Wrong> {
    let filter = Filter { limit: LIST_MOST, ..Filter::default() };
    let rows = journal.list(&filter).await.map_err(|error| Wrong::Unsound(error.to_string()))?;
    let known = |sent: &&Sent| {
        let row = rows.iter().find(|row| row.reference == sent.reference && row.attempt == sent.attempt);
        row.is_some_and(|row| !matches!(row.state.as_str(), "ready" | "not_sent"))
    };
    let unknown = promise.sent.iter().filter(|sent| !known(sent));
    Ok(unknown.map(|sent| Wrong::LostAttempt(sent.reference.clone())).collect())
}

/// Writes down another attempt, as the next sale does.
async fn further(journal: &Journal) -> Result<(), Wrong> {
    let failed = |error: &dyn fmt::Display| Wrong::NoFurther(error.to_string());
    let intent = attempt::intent(0, None).ok_or_else(|| failed(&"the test's own attempt"))?;
    let batch = Batch { records: vec![attempt::opened(&intent)], names: Vec::new() };
    journal.append(batch, now()).await.map_err(|error| failed(&error))?;
    let found = journal.find_reference(intent.reference).await.map_err(|error| failed(&error))?;
    if found != Some(intent.attempt) {
        return Err(failed(&"it was written and is not there"));
    }
    let report = journal.verify().await.map_err(|error| failed(&error))?;
    report.first_fault().map_or(Ok(()), |words| Err(failed(&words)))
}
