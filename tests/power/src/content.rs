//! A file's bytes, in pages that copies share: thousands of states of a disk differ in a few pages each.

use std::sync::Arc;

use sha2::{Digest, Sha256};

/// Bytes of one page here. Nothing depends on it but speed.
const PAGE: usize = 4096;

#[derive(Debug)]
struct Page {
    bytes: [u8; PAGE],
    hash: [u8; 32],
}

impl Page {
    fn of(bytes: [u8; PAGE]) -> Arc<Self> {
        let hash = Sha256::digest(bytes).into();
        Arc::new(Self { bytes, hash })
    }
}

/// A file's bytes.
#[derive(Debug, Clone, Default)]
pub struct Content {
    pages: Vec<Arc<Page>>,
    length: usize,
}

impl Content {
    /// These bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut content = Self::default();
        content.write(0, bytes);
        content
    }

    /// How many bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// All bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.pages.iter().flat_map(|page| page.bytes).collect();
        bytes.truncate(self.length);
        bytes
    }

    /// Writes at an offset; what lies between the end and it becomes zeroes, as in a file.
    pub fn write(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset.saturating_add(bytes.len());
        if end > self.length {
            self.resize(end);
        }
        let mut at = offset;
        let mut left = bytes;
        while !left.is_empty() {
            let (page, inside) = (at / PAGE, at % PAGE);
            let (now, rest) = left.split_at(left.len().min(PAGE.saturating_sub(inside)));
            if let Some(page) = self.pages.get_mut(page) {
                let mut changed = page.bytes;
                if let Some(place) = changed.get_mut(inside..inside.saturating_add(now.len())) {
                    place.copy_from_slice(now);
                }
                *page = Page::of(changed);
            }
            at = at.saturating_add(now.len());
            left = rest;
        }
    }

    /// Cuts it off, or lengthens it with zeroes.
    pub fn resize(&mut self, length: usize) {
        let pages = length.div_ceil(PAGE);
        if pages > self.pages.len() {
            let zeroes = Page::of([0; PAGE]);
            self.pages.resize(pages, zeroes);
        }
        self.pages.truncate(pages);
        let inside = length % PAGE;
        if length < self.length
            && inside > 0
            && let Some(last) = self.pages.last_mut()
        {
            let mut changed = last.bytes;
            changed.iter_mut().skip(inside).for_each(|byte| *byte = 0);
            *last = Page::of(changed);
        }
        self.length = length;
    }

    /// Adds to a hash what tells this content from another.
    pub fn add_to(&self, hash: &mut Sha256) {
        hash.update(self.length.to_be_bytes());
        for page in &self.pages {
            hash.update(page.hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(content: &Content) -> Vec<u8> {
        let mut hash = Sha256::new();
        content.add_to(&mut hash);
        hash.finalize().to_vec()
    }

    #[test]
    fn it_is_what_a_file_would_be() {
        let mut file = Vec::new();
        let mut content = Content::default();
        for (offset, length) in [(0, 10), (4090, 20), (5, 9000), (20_000, 1), (4096, 4096), (20_001, 0)] {
            let bytes: Vec<u8> = (0..length).map(|n| u8::try_from((n + offset) % 251).unwrap()).collect();
            if file.len() < offset + length {
                file.resize(offset + length, 0);
            }
            file[offset..offset + length].copy_from_slice(&bytes);
            content.write(offset, &bytes);
            assert_eq!(content.bytes(), file);
        }
        for length in [12_000, 4096, 4097, 9000, 3, 0] {
            file.resize(length, 0);
            content.resize(length);
            assert_eq!(content.bytes(), file, "{length}");
            assert_eq!(hash(&content), hash(&Content::of(&file)), "{length}");
        }
        assert!(content.is_empty());
    }

    #[test]
    fn what_was_cut_off_does_not_come_back() {
        let mut content = Content::of(&[7; 5000]);
        content.resize(100);
        content.resize(5000);
        assert_eq!(content.bytes()[100..], [0; 4900]);
        assert_ne!(hash(&content), hash(&Content::of(&[7; 5000])));
    }
}
