//! Puts the new journal in the old one's place, so that a power cut leaves the one or the other, and never a database with
//! the log of another.
//!
//! The old files get a second name in a folder of their own first. Then a note is written and synced: from that moment the
//! new journal is the journal, and whoever opens the home finishes what is left, which can be done any number of times.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use vezne_core::time::Timestamp;
use vezne_events::head::Head;

use super::found;
use crate::files::{self, Files};
use crate::{head, keep};

/// Makes a folder for the old files and gives each a second name there; where the file system has no such names, a copy.
pub(super) fn set_aside(files: &Files, now: Timestamp) -> io::Result<PathBuf> {
    let stem = format!("damaged-{}", keep::stamp(now));
    let names = std::iter::once(stem.clone()).chain((2_u32..).map(|count| format!("{stem}.{count}")));
    let folder = names.map(|name| files.home.join(name)).find(|path| !path.exists());
    let folder = folder.unwrap_or_else(|| files.home.join(&stem));
    files::private_folder(&folder)?;
    for path in [files.database(), files.log(), files.log_index(), files.rollback(), files.head(), files.damaged()] {
        let Some(name) = path.file_name().filter(|_| path.exists()) else { continue };
        let aside = folder.join(name);
        if std::fs::hard_link(&path, &aside).is_err() {
            std::fs::copy(&path, &aside)?;
            files::sync(&aside)?;
        }
    }
    files::sync_folder_of(&folder.join("journal.db"))?;
    files::sync_folder_of(&folder)?;
    Ok(folder)
}

/// The new journal is whole: from here on it is the journal.
pub(super) fn decide(files: &Files, head: Option<&Head>) -> io::Result<()> {
    let mut note = files::private().create(true).truncate(true).open(files.swapping())?;
    note.write_all(head.map(Head::text).unwrap_or_default().as_bytes())?;
    note.sync_all()?;
    files::sync_folder_of(&files.swapping())
}

/// Finishes a swap that was decided; false when none was.
pub(crate) fn finish(files: &Files) -> io::Result<bool> {
    let note = files.swapping();
    if !note.exists() {
        // What a repair left that came to no decision is nothing.
        for leftover in [files.repaired(), files.found()].iter().filter(|path| path.exists()) {
            found::remove(leftover);
        }
        return Ok(false);
    }
    let repaired = files.repaired();
    if repaired.exists() {
        // The logs first: SQLite would read them into whatever database stands beside it.
        for path in [files.log(), files.log_index(), files.rollback()] {
            remove(&path)?;
        }
        files::sync_folder_of(&files.database())?;
        std::fs::rename(&repaired, files.database())?;
        files::sync_folder_of(&files.database())?;
    }
    remove(&files.head())?;
    if let Some(head) = head::read(&note) {
        head::Marker::at(&files.head()).write(&head);
    }
    remove(&files.damaged())?;
    found::remove(&files.found());
    remove(&note)?;
    files::sync_folder_of(&note)?;
    Ok(true)
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
