//! Space kept back, so that an answer can still be written down on a full disk (`RULES.md` 8).

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::files;

/// How much is kept back, in bytes.
pub const RESERVE_BYTES: u64 = 8 * 1024 * 1024;

/// How much is written at once, in bytes.
const CHUNK_BYTES: usize = 64 * 1024;

/// How much must be free beside it before money is taken, in bytes: the reserve is for answers, not for new payments.
const ROOM_BYTES: u64 = 1024 * 1024;

/// How many bytes may still be written into that folder without touching what answers need.
///
/// # Errors
/// When the folder can't be asked about.
pub fn room_at(folder: &Path) -> std::io::Result<u64> {
    let kept = RESERVE_BYTES.saturating_add(ROOM_BYTES);
    Ok(fs4::available_space(folder)?.saturating_sub(kept))
}

/// The reserve file.
#[derive(Debug, Clone)]
pub(crate) struct Reserve {
    path: PathBuf,
}

impl Reserve {
    pub(crate) const fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Whether a new payment can be written down with the reserve left whole.
    pub(crate) fn has_room(&self) -> std::io::Result<()> {
        self.fill()?;
        match self.path.parent() {
            Some(folder) if fs4::available_space(folder)? < ROOM_BYTES => Err(std::io::ErrorKind::StorageFull.into()),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether all of it is there.
    pub(crate) fn is_intact(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|found| found.len() == RESERVE_BYTES)
    }

    /// Makes it if it is not whole. Random bytes are written, because a file system may store zeros as nothing.
    pub(crate) fn fill(&self) -> std::io::Result<()> {
        if self.is_intact() {
            return Ok(());
        }
        // A disk without this much room is not filled up to find that out: somebody else may need what is left.
        if let Some(folder) = self.path.parent()
            && fs4::available_space(folder)? < RESERVE_BYTES
        {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        // What is left of one would only make a full disk fuller.
        let _ = std::fs::remove_file(&self.path);
        // Beside it, and named when it is on the disk: a power cut may leave a file with its length and nothing in it, which
        // would look whole and reserve nothing.
        let new = self.path.with_extension("reserve.new");
        let filled = Self::write(&new).and_then(|()| std::fs::rename(&new, &self.path));
        if filled.is_err() {
            let _ = std::fs::remove_file(&new);
        }
        filled
    }

    fn write(path: &Path) -> std::io::Result<()> {
        let mut file = files::private().create(true).truncate(true).open(path)?;
        let mut chunk = vec![0_u8; CHUNK_BYTES];
        let mut left = RESERVE_BYTES;
        while left > 0 {
            getrandom::fill(&mut chunk)?;
            let now = left.min(u64::try_from(CHUNK_BYTES).unwrap_or(left));
            let now_bytes = usize::try_from(now).unwrap_or(CHUNK_BYTES);
            file.write_all(chunk.get(..now_bytes).unwrap_or(&chunk))?;
            left = left.saturating_sub(now);
        }
        file.sync_all()
    }

    /// Gives the space back to the disk. False when there was nothing to give.
    pub(crate) fn release(&self) -> bool {
        let released = std::fs::remove_file(&self.path).is_ok();
        if released {
            let _ = files::sync_folder_of(&self.path);
        }
        released
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_really_written_and_can_be_given_back_once() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = Reserve::at(folder.path().join("journal.reserve"));
        assert!(!reserve.is_intact() && !reserve.release());
        reserve.fill().unwrap();
        assert!(reserve.is_intact());
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let found = std::fs::metadata(folder.path().join("journal.reserve")).unwrap();
            assert!(found.blocks() * 512 >= RESERVE_BYTES, "{} blocks", found.blocks());
            assert_eq!(found.mode() & 0o777, 0o600);
        }
        assert!(reserve.release() && !reserve.is_intact() && !reserve.release());
    }

    #[test]
    fn a_reserve_cut_short_is_made_whole_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.reserve");
        std::fs::write(&path, b"short").unwrap();
        // And one that was cut off while it was filled.
        std::fs::write(folder.path().join("journal.reserve.new"), b"hollow").unwrap();
        let reserve = Reserve::at(path);
        assert!(!reserve.is_intact());
        reserve.fill().unwrap();
        assert!(reserve.is_intact());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
