//! The home's own backups: one a day at most, the last seven kept.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use vezne_core::time::Timestamp;
use vezne_events::{Keys, Report};

use crate::backup;
use crate::fault::{self, BackupFault};
use crate::files::{self, Files};

/// How many are kept.
pub const BACKUPS_KEPT: usize = 7;

/// A backup that the home made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where it is.
    pub path: PathBuf,
    /// When it was made.
    pub made: SystemTime,
}

/// The home's backups, newest first. A name stands for a whole, verified copy: it is given when the copy is both.
pub(crate) fn all(files: &Files) -> Vec<Kept> {
    let mut found: Vec<Kept> = list(&files.backups(), |name| name.starts_with("journal-") && name.ends_with(".db"));
    // The names hold the time; a clock set back between two of one second is no matter.
    found.sort_by(|a, b| b.path.file_name().cmp(&a.path.file_name()));
    found
}

/// Everything in a home that a repair can take events from beside the journal's own files, newest first: backups, copies
/// made before a migration, and what earlier repairs set aside.
pub(crate) fn usable(files: &Files) -> Vec<PathBuf> {
    let mut found = list(&files.backups(), |name| name.ends_with(".db"));
    found.extend(list(&files.home, |name| name.starts_with("journal.before-version-") && name.ends_with(".db")));
    let aside = std::fs::read_dir(&files.home).into_iter().flatten().flatten().map(|entry| entry.path());
    for folder in aside.filter(|path| named(path, |name| name.starts_with("damaged-")) && path.is_dir()) {
        found.extend(list(&folder, |name| name == "journal.db"));
    }
    found.sort_by_key(|kept| std::cmp::Reverse(kept.made));
    found.into_iter().map(|kept| kept.path).collect()
}

fn named(path: &Path, is_it: impl Fn(&str) -> bool) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(is_it)
}

fn list(folder: &Path, is_it: impl Fn(&str) -> bool) -> Vec<Kept> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let kept = entries.filter(|entry| named(&entry.path(), &is_it)).filter_map(|entry| {
        let found = entry.metadata().ok()?;
        // An empty one is only a name that was claimed for a copy that was cut off.
        (found.is_file() && found.len() > 0).then_some(Kept { path: entry.path(), made: found.modified().ok()? })
    });
    kept.collect()
}

/// Removes what a copy that was cut off left behind: its claimed name and its part.
fn sweep(folder: &Path) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let ours = named(&path, |name| name.starts_with("journal-"));
        let part = named(&path, |name| name.contains(".db.part"));
        let empty = || std::fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() == 0);
        if ours && (part || empty()) {
            let _next_time = std::fs::remove_file(&path);
        }
    }
}

/// Makes a verified backup under the name of this moment and lets go of the oldest ones. A backup that does not verify is
/// none, and then nothing is let go of.
pub(crate) async fn make(files: &Files, keys: &Keys, now: Timestamp) -> Result<(PathBuf, Report), BackupFault> {
    let folder = files.backups();
    files::private_folder(&folder).map_err(|error| BackupFault::Fault(fault::of_io(&error)))?;
    sweep(&folder);
    let path = folder.join(format!("journal-{}.db", stamp(now)));
    let report = backup::verified(&files.database(), &path, keys).await?;
    for old in all(files).into_iter().skip(BACKUPS_KEPT) {
        if let Err(error) = std::fs::remove_file(&old.path) {
            tracing::warn!(%error, "an old backup could not be let go of");
        }
    }
    Ok((path, report))
}

/// A moment as it stands in names: `20261121-090000`, in UTC.
pub(crate) fn stamp(now: Timestamp) -> String {
    now.to_jiff().strftime("%Y%m%d-%H%M%S").to_string()
}
