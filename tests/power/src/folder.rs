//! Real folders to and from the model.

use std::fs;
use std::path::Path;

use crate::Fault;
use crate::disk::{Change, Disk, Kind, Node, Tree};
use crate::recorder::is_left_out;

/// The 8 MiB that a home keeps back. Its file is only ever made anew or removed, so many states can share one.
const RESERVE: &str = "journal.reserve";

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Fault + '_ {
    move |error| Fault::of(&path.display().to_string(), &error)
}

/// A disk on which everything in this folder is safe.
///
/// # Errors
/// The folder can't be read.
pub fn load(folder: &Path) -> Result<Disk, Fault> {
    let mut disk = Disk::default();
    load_into(&mut disk, folder, "", 0)?;
    disk.settle();
    Ok(disk)
}

fn load_into(disk: &mut Disk, folder: &Path, inside: &str, parent: Node) -> Result<(), Fault> {
    let mut entries: Vec<_> =
        fs::read_dir(folder).and_then(|entries| entries.collect::<Result<_, _>>()).map_err(failed(folder))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let within = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        if is_left_out(&within) {
            continue;
        }
        let is_folder = entry.file_type().map_err(failed(&path))?.is_dir();
        let node = disk.nodes();
        disk.make(node, if is_folder { Kind::Folder } else { Kind::File });
        disk.change(Change::Name { folder: parent, name, node });
        if is_folder {
            load_into(disk, &path, &within, node)?;
        } else {
            let bytes = fs::read(&path).map_err(failed(&path))?;
            disk.change(Change::Write { file: node, offset: 0, bytes: bytes.into() });
        }
    }
    Ok(())
}

/// Writes a tree into an empty folder. A reserve that is the one in `share` is linked, not copied.
///
/// # Errors
/// The folder can't be written.
pub fn write(tree: &Tree, folder: &Path, share: &Path) -> Result<(), Fault> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    for path in &tree.folders {
        let path = folder.join(path);
        fs::create_dir_all(&path).map_err(failed(&path))?;
    }
    for (path, content) in &tree.files {
        let at = folder.join(path);
        if path.ends_with(RESERVE) && !content.is_empty() {
            // By its content, so that a torn one is never shared with a whole one.
            let kept = share.join(format!("reserve-{}", hash(content)));
            if !kept.exists() {
                fs::write(&kept, content.bytes()).map_err(failed(&kept))?;
            }
            fs::hard_link(&kept, &at).map_err(failed(&at))?;
        } else {
            fs::write(&at, content.bytes()).map_err(failed(&at))?;
        }
    }
    Ok(())
}

fn hash(content: &crate::content::Content) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;
    let mut hash = Sha256::new();
    content.add_to(&mut hash);
    hash.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a string never fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Copies a folder with everything in it.
///
/// # Errors
/// It can't be read or written.
pub fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    fs::create_dir_all(to).map_err(failed(to))?;
    for entry in fs::read_dir(from).map_err(failed(from))? {
        let entry = entry.map_err(failed(from))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().map_err(failed(&path))?.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(failed(&path))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_comes_back_as_it_was_without_what_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("home/logs")).unwrap();
        fs::write(from.join("home/journal.db"), [1; 5000]).unwrap();
        fs::write(from.join("home/journal.reserve"), [2; 10]).unwrap();
        fs::write(from.join("home/journal.lock"), "1").unwrap();
        let tree = load(&from).unwrap().cut(&[]);
        assert_eq!(tree.files.len(), 2);
        write(&tree, &to, folder.path()).unwrap();
        assert_eq!(fs::read(to.join("home/journal.db")).unwrap(), [1; 5000]);
        assert_eq!(fs::read(to.join("home/journal.reserve")).unwrap(), [2; 10]);
        assert!(!to.join("home/journal.lock").exists() && !to.join("home/logs").exists());
        assert_eq!(load(&to).unwrap().cut(&[]).hash(), tree.hash());
    }
}
