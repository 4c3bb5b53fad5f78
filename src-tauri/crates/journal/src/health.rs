//! What is known to be wrong with the journal's file while it is in use: from then on no money is taken.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;
use vezne_core::ports::JournalFault;

use crate::files;

/// Shared by everybody who reads or writes the journal.
#[derive(Debug)]
pub(crate) struct Health {
    damage: Mutex<Option<String>>,
    news: Notify,
    note: PathBuf,
}

impl Health {
    /// Good, as far as is known. Damage is noted at `note`, so that it is not forgotten over a restart.
    pub(crate) fn good(note: PathBuf) -> Self {
        Self { damage: Mutex::default(), news: Notify::new(), note }
    }

    /// What is wrong, if something is.
    pub(crate) fn damage(&self) -> Option<String> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Something is wrong, for as long as this file is in use.
    pub(crate) fn is_damaged(&self, words: &str) {
        {
            let mut damage = self.damage.lock().unwrap_or_else(PoisonError::into_inner);
            if damage.is_some() {
                return;
            }
            *damage = Some(words.to_owned());
        }
        tracing::error!(damage = words, "the journal is damaged: no new money is taken");
        if let Err(error) = write_note(&self.note, words) {
            tracing::warn!(%error, "that the journal is damaged could not be noted beside it");
        }
        self.news.notify_one();
    }

    /// Looks at how a read or a write came out.
    pub(crate) fn looked<T>(&self, done: Result<T, JournalFault>) -> Result<T, JournalFault> {
        if let Err(JournalFault::Damaged(words)) = &done {
            self.is_damaged(words);
        }
        done
    }

    /// Returns when damage has been found.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }
}

/// What was found wrong in an earlier run; `None` when nothing was.
pub(crate) fn noted(note: &Path) -> Option<String> {
    std::fs::read_to_string(note).ok()
}

fn write_note(note: &Path, words: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = files::private().create(true).truncate(true).open(note)?;
    file.write_all(words.as_bytes())?;
    file.sync_all()?;
    files::sync_folder_of(note)
}
