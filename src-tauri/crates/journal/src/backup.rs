//! Copies of the journal, made while it is in use.

use std::path::{Path, PathBuf};

use sqlx::Connection;
use vezne_core::ports::JournalFault;
use vezne_events::{Keys, Report};

use crate::fault::{self, BackupFault, IntoFault};
use crate::{connect, files, verify};

/// Makes a verified copy of the journal at `path`, which must not exist. The copy is one moment of the journal; what
/// is written meanwhile is not in it. It is marked as a backup: opened as a journal, it starts a new epoch.
pub(crate) async fn verified(database: &Path, path: &Path, keys: &Keys) -> Result<Report, BackupFault> {
    // Claims the name, so that two backups at once can't write over each other.
    files::claim(path).map_err(|error| of_claim(&error, path))?;
    let part = with_suffix(path, ".part");
    let made = make(database, &part, keys).await;
    let ended = match made {
        Ok(report) => finish(&part, path).map(|()| report),
        Err(fault) => Err(fault),
    };
    if ended.is_err() {
        let _ = std::fs::remove_file(&part);
        let _ = std::fs::remove_file(path);
    }
    ended
}

/// Makes a copy without verifying it: before a migration, when this program can't read the older version.
pub(crate) async fn copy(database: &Path, path: &Path) -> Result<(), BackupFault> {
    files::claim(path).map_err(|error| of_claim(&error, path))?;
    let part = with_suffix(path, ".part");
    let ended = match vacuum(database, &part).await {
        Ok(()) => finish(&part, path),
        Err(fault) => Err(fault),
    };
    if ended.is_err() {
        let _ = std::fs::remove_file(&part);
        let _ = std::fs::remove_file(path);
    }
    ended
}

async fn make(database: &Path, part: &Path, keys: &Keys) -> Result<Report, BackupFault> {
    vacuum(database, part).await?;
    let mut db = connect::copy(part).await.fault()?;
    let report = verify::all(&mut db, keys).await?;
    db.close().await.fault()?;
    match report.first_fault() {
        None => Ok(report),
        Some(words) => Err(BackupFault::Broken(words)),
    }
}

async fn vacuum(database: &Path, part: &Path) -> Result<(), BackupFault> {
    // A part of an earlier try that was cut off.
    let _ = std::fs::remove_file(part);
    files::claim(part).map_err(|error| of_claim(&error, part))?;
    let Some(target) = part.to_str() else {
        return Err(JournalFault::NotWritable("the path is not Unicode".to_owned()).into());
    };
    let mut db = connect::copier(database).await.fault()?;
    sqlx::query("VACUUM INTO ?").bind(target).execute(&mut db).await.fault()?;
    db.close().await.fault()?;
    let mut copy = connect::copy(part).await.fault()?;
    sqlx::query(connect::MARK_AS_BACKUP).execute(&mut copy).await.fault()?;
    copy.close().await.fault()?;
    Ok(())
}

fn finish(part: &Path, path: &Path) -> Result<(), BackupFault> {
    let moved = files::sync(part).and_then(|()| std::fs::rename(part, path)).and_then(|()| files::sync_folder_of(path));
    moved.map_err(|error| fault::of_io(&error).into())
}

fn of_claim(error: &std::io::Error, path: &Path) -> BackupFault {
    if error.kind() == std::io::ErrorKind::AlreadyExists {
        BackupFault::Exists(path.to_owned())
    } else {
        fault::of_io(error).into()
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
