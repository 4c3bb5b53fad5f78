//! Files that hold secrets or say where they are: whole or not at all, for their owner only.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::error::VaultError;

/// The largest of these files: a thousand logins fit.
const LIMIT_BYTES: usize = 1024 * 1024;
/// How long another program may hold a lock; it needs milliseconds, or a minute while a keychain asks its owner.
const LOCK_DEADLINE: Duration = Duration::from_secs(90);
const LOCK_PAUSE: Duration = Duration::from_millis(20);

fn failed(path: &Path, cause: std::io::Error) -> VaultError {
    if matches!(cause.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) {
        return VaultError::ReadOnly { place: path.display().to_string() };
    }
    VaultError::Disk { path: path.to_owned(), cause }
}

/// The whole file, or nothing when there is none. What others than the owner could read is closed to them.
pub(crate) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    let disk = |cause| VaultError::Disk { path: path.to_owned(), cause };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(disk(cause)),
    };
    let length = file.metadata().map_err(disk)?.len();
    let length = usize::try_from(length).ok().filter(|length| *length <= LIMIT_BYTES);
    let length = length.ok_or_else(|| VaultError::Tampered { path: path.to_owned(), what: "too long" })?;
    close_to_others(path, &file);
    // Room for all of it and one byte more, so that reading never moves the buffer and leaves a copy.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.saturating_add(1)));
    let limit = u64::try_from(length).unwrap_or(u64::MAX);
    file.take(limit).read_to_end(&mut bytes).map_err(disk)?;
    Ok(Some(bytes))
}

#[cfg(unix)]
fn close_to_others(path: &Path, file: &File) {
    use std::os::unix::fs::PermissionsExt;
    let open = file.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
    if open {
        tracing::warn!(file = %path.display(), "others could read this file; closing it to them");
        if let Err(cause) = file.set_permissions(std::fs::Permissions::from_mode(0o600)) {
            tracing::warn!(file = %path.display(), %cause, "it stays open to others");
        }
    }
}

/// Elsewhere the home folder inherits the owner's own access list.
#[cfg(not(unix))]
fn close_to_others(_path: &Path, _file: &File) {}

/// Replaces the file: after a crash there is the old one or the new one. Call with the lock held, because the file
/// that takes its place has a fixed name.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let fail = |cause| failed(path, cause);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    // A left-over of a crash may have other rights, so it is not written into.
    match std::fs::remove_file(&new) {
        Ok(()) => {}
        Err(cause) if cause.kind() == ErrorKind::NotFound => {}
        Err(cause) => return Err(fail(cause)),
    }
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(&new).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    drop(file);
    std::fs::rename(&new, path).map_err(fail)?;
    sync_folder(path).map_err(fail)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// The new name itself must reach the disk too.
#[cfg(unix)]
fn sync_folder(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Makes the home folder, for its owner only, when it is not there.
pub(crate) fn make_home(home: &Path) -> Result<(), VaultError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(home).map_err(|cause| failed(home, cause))
}

/// Held while it lives: one writer at a time, over all processes.
pub(crate) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

/// Waits for its turn to change `path`; the lock is a file beside it.
pub(crate) fn lock(path: &Path) -> Result<Lock, VaultError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    let beside: PathBuf = path.with_file_name(name);
    if let Some(home) = path.parent() {
        make_home(home)?;
    }
    let file = private(OpenOptions::new().write(true).create(true).truncate(false))
        .open(&beside)
        .map_err(|cause| failed(&beside, cause))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock(file)),
            Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_DEADLINE => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => return Err(VaultError::Busy { path: beside }),
            Err(TryLockError::Error(cause)) => return Err(failed(&beside, cause)),
        }
    }
}
