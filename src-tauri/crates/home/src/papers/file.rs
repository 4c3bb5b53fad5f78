//! A file of one's own for a paper: taken before the paper is numbered, filled after it is.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::PaperFault;
use crate::folder::private_folder;

/// How many papers of one name are looked past.
const MOST: u32 = 1_000;

/// An empty file that is ours.
pub(super) struct Place {
    path: PathBuf,
    file: File,
}

fn fault(error: impl ToString) -> PaperFault {
    PaperFault::File(error.to_string())
}

async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PaperFault> + Send + 'static,
) -> Result<T, PaperFault> {
    tokio::task::spawn_blocking(work).await.map_err(fault)?
}

impl Place {
    /// The file at `to`, which must not be there yet; without it one in the folder, with this stem.
    pub(super) async fn take(to: Option<PathBuf>, folder: &Path, stem: &str) -> Result<Self, PaperFault> {
        let (folder, stem) = (folder.to_owned(), stem.to_owned());
        aside(move || match to {
            Some(path) => Self::new(path).map_err(fault),
            None => {
                private_folder(&folder).map_err(|error| fault(format!("{}: {error}", folder.display())))?;
                first_free(&folder, &stem).map_err(fault)
            }
        })
        .await
    }

    fn new(path: PathBuf) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(&path)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        Ok(Self { path, file })
    }

    /// Writes what is made now, and has it on the disk. Nothing is left where that fails.
    pub(super) async fn fill(
        self,
        make: impl FnOnce() -> Result<Vec<u8>, PaperFault> + Send + 'static,
    ) -> Result<PathBuf, PaperFault> {
        let Self { path, mut file } = self;
        aside(move || {
            let written = make().and_then(|bytes| file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(fault));
            match written {
                Ok(()) => Ok(path),
                Err(error) => {
                    drop(file);
                    remove(&path);
                    Err(error)
                }
            }
        })
        .await
    }

    /// Leaves nothing behind.
    pub(super) async fn give_up(self) {
        let Self { path, file } = self;
        drop(file);
        let removed = aside(move || {
            remove(&path);
            Ok(())
        });
        if let Err(error) = removed.await {
            tracing::warn!(%error, "an empty file may be left");
        }
    }
}

fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        tracing::warn!(%error, path = %path.display(), "a file that is not whole is left");
    }
}

fn first_free(folder: &Path, stem: &str) -> io::Result<Place> {
    for number in 1..=MOST {
        let name = if number == 1 { format!("{stem}.pdf") } else { format!("{stem} ({number}).pdf") };
        match Place::new(folder.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            taken => return taken,
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
