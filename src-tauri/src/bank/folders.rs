//! The folders in which bank windows keep their cookies while they are open: one for each attempt, never used twice.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// The folders of one run.
pub(crate) struct Folders {
    root: PathBuf,
    /// What tells this run's folders from those that an earlier run could not delete.
    run: String,
    next: AtomicU32,
    /// Folders whose window is gone. They stay listed: a process of the webview may write to them once more.
    left: Mutex<Vec<PathBuf>>,
}

impl Folders {
    /// The folders below `root`; what earlier runs left there is deleted, as far as it can be now.
    pub(crate) fn new(root: PathBuf, run: String) -> Self {
        let folders = Self { root, run, next: AtomicU32::new(1), left: Mutex::default() };
        let old: Vec<_> = std::fs::read_dir(&folders.root)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        folders.left().extend(old);
        folders.sweep();
        folders
    }

    fn left(&self) -> std::sync::MutexGuard<'_, Vec<PathBuf>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A folder that no window had before.
    pub(crate) fn fresh(&self) -> PathBuf {
        self.root.join(format!("{}-{}", self.run, self.next.fetch_add(1, Ordering::Relaxed)))
    }

    /// A window is gone: its folder is deleted now, and once more with every later [`Folders::sweep`].
    pub(crate) fn leave(&self, folder: PathBuf) {
        self.left().push(folder);
        self.sweep();
    }

    /// Deletes what is left. Says whether nothing is.
    pub(crate) fn sweep(&self) -> bool {
        let left = self.left().clone();
        // Every one is tried, whatever became of the others.
        let stayed = left.iter().filter(|folder| !delete(folder)).count();
        if left.is_empty() {
            return true;
        }
        // Only an empty one goes.
        let _in_use = std::fs::remove_dir(&self.root);
        stayed == 0
    }
}

/// Deletes what an earlier run left below `root`: also where no till is opened that would do it.
pub(crate) fn sweep(root: &Path) {
    drop(Folders::new(root.to_owned(), String::new()));
}

fn delete(path: &Path) -> bool {
    let deleted = match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(error) => Err(error),
    };
    match deleted {
        Ok(()) => true,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => {
            tracing::info!(%error, "what a bank's page left behind is deleted later");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_folder_is_given_twice() {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::new(root.path().join("bank-pages"), "a".to_owned());
        let given: std::collections::BTreeSet<_> = (0..100).map(|_| folders.fresh()).collect();
        assert_eq!(given.len(), 100);
        let next_run = Folders::new(root.path().join("bank-pages"), "b".to_owned());
        assert!(!given.contains(&next_run.fresh()));
    }

    #[test]
    fn what_an_earlier_run_left_is_deleted_at_start() {
        let root = tempfile::tempdir().unwrap();
        let pages = root.path().join("bank-pages");
        std::fs::create_dir_all(pages.join("old-1/storage")).unwrap();
        std::fs::write(pages.join("old-1/cookies"), "session").unwrap();
        std::fs::write(pages.join("stray"), "x").unwrap();
        Folders::new(pages.clone(), "a".to_owned());
        assert!(!pages.exists());
    }

    #[test]
    fn a_folder_that_was_written_to_after_its_end_is_deleted_by_the_next_sweep() {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::new(root.path().join("bank-pages"), "a".to_owned());
        let folder = folders.fresh();
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("cookies"), "session").unwrap();
        folders.leave(folder.clone());
        assert!(!folder.exists());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("cookies"), "late").unwrap();
        assert!(folders.sweep());
        assert!(!folder.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_deleted_and_not_what_it_leads_to() {
        let root = tempfile::tempdir().unwrap();
        let (pages, elsewhere) = (root.path().join("bank-pages"), root.path().join("journal"));
        std::fs::create_dir_all(&pages).unwrap();
        std::fs::create_dir_all(&elsewhere).unwrap();
        std::fs::write(elsewhere.join("journal.db"), "x").unwrap();
        std::os::unix::fs::symlink(&elsewhere, pages.join("link")).unwrap();
        Folders::new(pages.clone(), "a".to_owned());
        assert!(!pages.exists() && elsewhere.join("journal.db").exists());
    }
}
