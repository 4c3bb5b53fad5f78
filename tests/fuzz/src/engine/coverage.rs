//! Which parts of the code an input reaches, told by the compiler's own counters.
//!
//! Built with `-C instrument-coverage` and counters that can be moved (`scripts/fuzz.sh` says how), the profile runtime of
//! stable Rust keeps its counters in a file that is mapped into memory (`%c` in `LLVM_PROFILE_FILE`). Reading that file
//! while the program runs tells what has been counted, without a line of unsafe code. Built without, there is nothing to
//! read, and inputs are made blindly.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// The counters, and what of them was ever seen.
pub struct Coverage {
    file: File,
    from: u64,
    bytes: Vec<u8>,
    last: Vec<u64>,
    /// A bit for each magnitude in which a counter has grown by one input.
    seen: Vec<u8>,
}

/// Words before the first variable part of a raw profile, by its version.
const fn head_words(version: u64) -> Option<u64> {
    match version & 0x00ff_ffff_ffff_ffff {
        10 => Some(16),
        _ => None,
    }
}

/// Bytes of a function's record in a raw profile.
const RECORD: u64 = 64;

impl Coverage {
    /// The counters of this process; `None` when it was built without them, or keeps them in a form that is not known.
    #[must_use]
    pub fn open() -> Option<Self> {
        let pattern = std::env::var("LLVM_PROFILE_FILE").ok()?;
        let path = pattern.replace("%p", &std::process::id().to_string()).replace("%c", "");
        let mut file = File::open(path).ok()?;
        let mut head = [0_u8; 48];
        file.read_exact(&mut head).ok()?;
        let word = |place: usize| {
            let from = place.checked_mul(8)?;
            head.get(from..)?.first_chunk().map(|bytes| u64::from_ne_bytes(*bytes))
        };
        let (version, ids, records, padding, counters) = (word(1)?, word(2)?, word(3)?, word(4)?, word(5)?);
        let before = head_words(version)?.checked_mul(8)?.checked_add(ids)?;
        let from = before.checked_add(records.checked_mul(RECORD)?)?.checked_add(padding)?;
        let count = usize::try_from(counters).ok()?;
        let mut coverage =
            Self { file, from, bytes: vec![0; count.checked_mul(8)?], last: vec![0; count], seen: vec![0; count] };
        coverage.news();
        coverage.seen.fill(0);
        Some(coverage)
    }

    /// Looks at what was counted since the last look: how many counters grew in a way that none has before.
    pub fn news(&mut self) -> usize {
        let read = self.file.seek(SeekFrom::Start(self.from)).and_then(|_| self.file.read_exact(&mut self.bytes));
        if read.is_err() {
            return 0;
        }
        let mut news = 0_usize;
        let (chunks, _) = self.bytes.as_chunks::<8>();
        for ((chunk, last), seen) in chunks.iter().zip(&mut self.last).zip(&mut self.seen) {
            let now = u64::from_ne_bytes(*chunk);
            if now != *last {
                let bit = magnitude(now.wrapping_sub(*last));
                *last = now;
                if *seen & bit == 0 {
                    *seen |= bit;
                    news = news.saturating_add(1);
                }
            }
        }
        news
    }

    /// Forgets what was seen, to measure anew.
    pub fn forget(&mut self) {
        self.news();
        self.seen.fill(0);
    }

    /// How many counters were ever reached, and how many there are.
    #[must_use]
    pub fn reached(&self) -> (usize, usize) {
        (self.seen.iter().filter(|seen| **seen != 0).count(), self.seen.len())
    }
}

/// Once, twice, some, many times: a bit for each.
const fn magnitude(grown: u64) -> u8 {
    match grown {
        0 | 1 => 1,
        2 => 2,
        3 => 4,
        4..=7 => 8,
        8..=15 => 16,
        16..=31 => 32,
        32..=127 => 64,
        _ => 128,
    }
}
