//! A database's file and its write-ahead log as pages, whatever is left of them.
//!
//! Of the log every frame is taken, also behind one that does not add up, where SQLite stops, and those of an older generation:
//! what is in them proves itself. (SQLite's file format, "The Write-Ahead Log".)

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::carve::Pages;

const PAGE_USUAL: usize = 4096;
const LOG_HEADER: u64 = 32;
const FRAME_HEADER: usize = 24;

/// A database's file with its log.
pub(crate) struct Image {
    file: Option<File>,
    size: u64,
    page: usize,
    log: Option<File>,
    /// Where the bytes of each frame begin.
    frames: Vec<u64>,
    /// The frames of each page, oldest first.
    of_page: BTreeMap<u32, Vec<usize>>,
}

impl Image {
    /// Opens what is there; a part that can't be opened has no pages.
    pub(crate) fn open(database: &Path) -> Self {
        let file = File::open(database).ok();
        let size = file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |found| found.len());
        let mut name = database.as_os_str().to_owned();
        name.push("-wal");
        let log = File::open(PathBuf::from(name)).ok();
        let mut image = Self { file, size, page: PAGE_USUAL, log, frames: Vec::new(), of_page: BTreeMap::new() };
        image.page = image.page_size();
        image.find_frames();
        image
    }

    /// The size that the header of the file names, else that of the log, else the usual one.
    fn page_size(&self) -> usize {
        let header = self.file.as_ref().and_then(|file| read(file, 16, 2));
        let by_file = header.and_then(|two| Some(u32::from(u16::from_be_bytes(two.try_into().ok()?))));
        // 65536 does not fit into two bytes and is written as 1.
        let by_file = by_file.map(|size| if size == 1 { 65_536 } else { size });
        let by_log = self.log.as_ref().and_then(|log| read(log, 8, 4)).and_then(|four| be(&four));
        let sizes = [by_file, by_log].into_iter().flatten();
        let valid = sizes.filter_map(|size| usize::try_from(size).ok()).find(|size| is_page_size(*size));
        valid.unwrap_or(PAGE_USUAL)
    }

    /// Frames follow each other at equal distances.
    fn find_frames(&mut self) {
        let Some(log) = &self.log else { return };
        let size = log.metadata().map_or(0, |found| found.len());
        let step = u64::try_from(self.page.saturating_add(FRAME_HEADER)).unwrap_or(u64::MAX);
        let mut at = LOG_HEADER;
        while at.saturating_add(step) <= size {
            if let Some(page) = read(log, at, 4).and_then(|four| be(&four)) {
                self.of_page.entry(page).or_default().push(self.frames.len());
                self.frames.push(at.saturating_add(24));
            }
            at = at.saturating_add(step);
        }
    }

    /// How many pages there are to look at: those of the file, then the log's frames.
    pub(crate) fn len(&self) -> u64 {
        self.in_file().saturating_add(u64::try_from(self.frames.len()).unwrap_or(u64::MAX))
    }

    /// The last page may have been cut off.
    fn in_file(&self) -> u64 {
        self.size.div_ceil(u64::try_from(self.page).unwrap_or(1))
    }

    /// The bytes of the page or frame with this number, from 0; `None` where the disk does not give them.
    pub(crate) fn get(&self, index: u64) -> Option<Vec<u8>> {
        match index.checked_sub(self.in_file()) {
            None => self.page_of_file(u32::try_from(index).ok()?.checked_add(1)?),
            Some(frame) => self.page_of_log(usize::try_from(frame).ok()?),
        }
    }

    fn page_of_file(&self, page: u32) -> Option<Vec<u8>> {
        let at = u64::from(page.checked_sub(1)?).checked_mul(u64::try_from(self.page).ok()?)?;
        let mut bytes = read_some(self.file.as_ref()?, at, self.page)?;
        bytes.resize(self.page, 0);
        Some(bytes)
    }

    fn page_of_log(&self, frame: usize) -> Option<Vec<u8>> {
        read(self.log.as_ref()?, *self.frames.get(frame)?, self.page)
    }

    /// Whether there is nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.size == 0 && self.frames.is_empty()
    }
}

impl Pages for Image {
    fn versions(&mut self, page: u32) -> Vec<Vec<u8>> {
        let frames = self.of_page.get(&page).cloned().unwrap_or_default();
        let of_log = frames.into_iter().rev().filter_map(|frame| self.page_of_log(frame));
        of_log.chain(self.page_of_file(page)).collect()
    }
}

fn is_page_size(size: usize) -> bool {
    (512..=65_536).contains(&size) && size.is_power_of_two()
}

fn be(four: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// So many bytes from there; `None` when there are fewer.
fn read(file: &File, at: u64, length: usize) -> Option<Vec<u8>> {
    read_some(file, at, length).filter(|bytes| bytes.len() == length)
}

/// At most so many bytes from there; `None` where the disk gives none.
fn read_some(mut file: &File, at: u64, length: usize) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut bytes = Vec::with_capacity(length);
    file.take(u64::try_from(length).ok()?).read_to_end(&mut bytes).ok()?;
    (!bytes.is_empty()).then_some(bytes)
}
