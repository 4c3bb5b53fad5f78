//! How far the journal went, beside it: a hint by which a restored older file is noticed.
//!
//! It is written after each commit and never synced, so it costs no wait. After a power cut it may lag behind the
//! journal, which means nothing; it can't be ahead of it, because it is written only when the commit is on the disk.
//! Ahead of the journal, it says that the journal's file was replaced by an older one.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use vezne_events::head::Head;

use crate::files;

/// Reads what stands there; `None` for no marker and for one cut off by a crash.
pub(crate) fn read(path: &Path) -> Option<Head> {
    let mut text = String::new();
    File::open(path).ok()?.take(4096).read_to_string(&mut text).ok()?;
    Head::parse(&text)
}

/// Writes the marker.
#[derive(Debug)]
pub(crate) struct Marker {
    file: Option<File>,
}

impl Marker {
    pub(crate) fn at(path: &Path) -> Self {
        let file = files::private().create(true).truncate(false).open(path);
        if let Err(error) = &file {
            tracing::warn!(%error, "the journal's marker can't be written; a restored backup may go unnoticed");
        }
        Self { file: file.ok() }
    }

    /// Writes how far the journal is now. A marker that can't be written stops nothing.
    pub(crate) fn write(&mut self, head: &Head) {
        let Some(file) = &mut self.file else { return };
        let text = head.text();
        let written = file
            .seek(SeekFrom::Start(0))
            .and_then(|_| file.write_all(text.as_bytes()))
            .and_then(|()| file.set_len(u64::try_from(text.len()).unwrap_or(u64::MAX)));
        if let Err(error) = written {
            tracing::warn!(%error, "the journal's marker can't be written; a restored backup may go unnoticed");
            self.file = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_is_read_back_and_a_torn_one_is_no_marker() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.head");
        assert_eq!(read(&path), None);
        let mut marker = Marker::at(&path);
        for seq in [1_000_000, 7] {
            let head = Head { desk: "dsk_1".to_owned(), epoch: 1, seq, hash: "ab".repeat(32) };
            marker.write(&head);
            assert_eq!(read(&path), Some(head));
        }
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("07\n", "08\n")).unwrap();
        assert_eq!(read(&path), None);
        std::fs::write(&path, &text[..text.len() - 1]).unwrap();
        assert_eq!(read(&path), None);
    }
}
