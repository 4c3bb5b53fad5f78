//! Reference numbers as Finrota wrote them: cancel and refund want them exactly, and what is kept of one may be a digest.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use vezne_core::text::ForeignText;

/// Numbers kept at once; the one that was told longest ago goes first.
const NUMBERS_MOST: usize = 256;

/// The numbers that one account's answers told.
pub(super) struct Numbers(Mutex<VecDeque<Told>>);

struct Told {
    kept: ForeignText,
    exact: String,
}

impl Numbers {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(VecDeque::new()))
    }

    /// Remembers a number by what may be kept of it.
    pub(super) fn remember(&self, kept: ForeignText, exact: String) {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.retain(|told| told.kept != kept);
        while numbers.len() >= NUMBERS_MOST {
            numbers.pop_front();
        }
        numbers.push_back(Told { kept, exact });
    }

    /// The number as it was written, for what was kept of it.
    pub(super) fn exact(&self, kept: &ForeignText) -> Option<String> {
        let numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.iter().find(|told| told.kept == *kept).map(|told| told.exact.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(number: usize) -> ForeignText {
        // Later ones sort first, so that age and order can't be mistaken for each other.
        ForeignText::filter(&format!("kept-{:05}", 90_000 - number))
    }

    #[test]
    fn the_number_told_longest_ago_goes_first() {
        let numbers = Numbers::new();
        for number in 0..NUMBERS_MOST {
            numbers.remember(kept(number), format!("exact-{number}"));
        }
        numbers.remember(kept(0), "exact-again".to_owned());
        numbers.remember(kept(NUMBERS_MOST), "exact-last".to_owned());
        assert_eq!(numbers.exact(&kept(1)), None);
        assert_eq!(numbers.exact(&kept(0)).as_deref(), Some("exact-again"));
        assert_eq!(numbers.exact(&kept(2)).as_deref(), Some("exact-2"));
        assert_eq!(numbers.exact(&kept(NUMBERS_MOST)).as_deref(), Some("exact-last"));
    }
}
