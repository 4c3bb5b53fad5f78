//! The files of a journal's folder, readable by their owner only.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Where everything stands in a home folder.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    /// The home folder.
    pub(crate) home: PathBuf,
}

impl Files {
    pub(crate) fn new(home: &Path) -> Self {
        Self { home: home.to_owned() }
    }

    /// The database.
    pub(crate) fn database(&self) -> PathBuf {
        self.home.join("journal.db")
    }

    /// The database's write-ahead log.
    pub(crate) fn log(&self) -> PathBuf {
        self.home.join("journal.db-wal")
    }

    /// The index of the write-ahead log; SQLite makes it anew.
    pub(crate) fn log_index(&self) -> PathBuf {
        self.home.join("journal.db-shm")
    }

    /// Says that the journal was found damaged, and how.
    pub(crate) fn damaged(&self) -> PathBuf {
        self.home.join("journal.damaged")
    }

    /// Where a repair makes the new journal.
    pub(crate) fn repaired(&self) -> PathBuf {
        self.home.join("journal.repaired.db")
    }

    /// Where a repair gathers what it finds.
    pub(crate) fn found(&self) -> PathBuf {
        self.home.join("journal.found.db")
    }

    /// Says that a repair's new journal is whole and is being put in place.
    pub(crate) fn swapping(&self) -> PathBuf {
        self.home.join("journal.swapping")
    }

    /// Where the home keeps its backups.
    pub(crate) fn backups(&self) -> PathBuf {
        self.home.join("backups")
    }

    /// SQLite's rollback journal: there only while a new file is made, and after that was cut off.
    pub(crate) fn rollback(&self) -> PathBuf {
        self.home.join("journal.db-journal")
    }

    /// The advisory lock, holding its owner's pid.
    pub(crate) fn lock(&self) -> PathBuf {
        self.home.join("journal.lock")
    }

    /// The marker that says how far the journal went.
    pub(crate) fn head(&self) -> PathBuf {
        self.home.join("journal.head")
    }

    /// The reserved space.
    pub(crate) fn reserve(&self) -> PathBuf {
        self.home.join("journal.reserve")
    }

    /// Where a backup is made before the migration to `version`: the first free name.
    pub(crate) fn before_migration(&self, version: i64) -> PathBuf {
        let first = self.home.join(format!("journal.before-version-{version}.db"));
        let others = (2_u32..).map(|count| self.home.join(format!("journal.before-version-{version}.{count}.db")));
        std::iter::once(first).chain(others).find(|path| !path.exists()).unwrap_or_else(|| self.home.clone())
    }
}

/// Makes the folder, for its owner only, if it is not there.
pub(crate) fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// How files of the journal are opened: readable and writable by their owner only.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Makes an empty private file; an error when something stands there.
pub(crate) fn claim(path: &Path) -> io::Result<File> {
    private().create_new(true).open(path)
}

/// Makes the database file for its owner only before SQLite would make it for everyone. Its side files take its mode.
pub(crate) fn private_file(path: &Path) -> io::Result<()> {
    match claim(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Syncs every folder on the way to this one: a folder that was just made is only there after a power cut if the one that
/// names it was synced. What can't be opened is somebody else's, and was there before.
pub(crate) fn sync_way_to(folder: &Path) {
    #[cfg(unix)]
    for above in folder.ancestors().skip(1) {
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        let synced = File::open(above).and_then(|folder| folder.sync_all());
        if let Err(error) = synced {
            tracing::debug!(folder = %above.display(), %error, "a folder on the way to the journal can't be synced");
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// Syncs a file and the folder that names it.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    private().open(path)?.sync_all()?;
    sync_folder_of(path)
}

/// Syncs the folder that names this file, where the platform can.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
