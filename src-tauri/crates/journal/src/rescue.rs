//! What a file holds that was removed while it was open.

use std::path::{Path, PathBuf};

use sqlx::SqliteConnection;
use vezne_core::ports::JournalFault;

use crate::fault::{self, IntoFault};
use crate::files::{self, Files};

/// Copies it, as this connection sees it, to the home's backups, and notes that the journal is to be repaired.
pub(crate) async fn copy(database: &Path, db: &mut SqliteConnection) -> Result<PathBuf, JournalFault> {
    let io = |error: std::io::Error| fault::of_io(&error);
    let home = database.parent().unwrap_or(Path::new("."));
    if !home.is_dir() {
        return Err(JournalFault::Gone("its folder is gone too".to_owned()));
    }
    let files = Files::new(home);
    let folder = files.backups();
    files::private_folder(&folder).map_err(io)?;
    let names = (1_u32..).map(|count| folder.join(format!("rescued-{count}.db")));
    let Some(copy) = { names }.find(|path| !path.exists()) else { return Err(JournalFault::DiskFull) };
    let part = copy.with_extension("part");
    let _earlier_try = std::fs::remove_file(&part);
    files::claim(&part).map_err(io)?;
    let target = part.to_str().ok_or_else(|| JournalFault::NotWritable("the path is not Unicode".to_owned()))?;
    sqlx::query("VACUUM INTO ?").bind(target).execute(db).await.fault()?;
    files::sync(&part).map_err(io)?;
    std::fs::rename(&part, &copy).map_err(io)?;
    files::sync_folder_of(&copy).map_err(io)?;
    std::fs::write(files.damaged(), "the file was removed or replaced while the desk was running").map_err(io)?;
    Ok(copy)
}
