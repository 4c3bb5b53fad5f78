//! What is on the disk, and what every process of the system may read of another: its arguments and its environment.

use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder, and the folder's names themselves are not forgotten: a name may hold a number too.
#[must_use]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        let (path, kind) = (entry.path(), entry.file_type());
        match kind {
            Ok(kind) if kind.is_dir() => found.extend(files(&path)),
            // A pipe or a socket would never end.
            Ok(kind) if kind.is_file() => found.push(path),
            Ok(_) | Err(_) => {}
        }
    }
    found
}

/// A place with its bytes; the file's own name is searched with them.
#[must_use]
pub fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |path: PathBuf| {
        let name = path.display().to_string();
        let mut bytes = name.clone().into_bytes();
        bytes.push(b'\n');
        // A temporary file may be gone by now.
        bytes.extend(fs::read(&path).unwrap_or_default());
        (name, bytes)
    };
    files(folder).into_iter().map(read).collect()
}
