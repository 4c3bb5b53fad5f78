//! Which nonce belongs to which attempt, and which pages wait to be fetched.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use vezne_core::ids::{AttemptId, Nonce};
use vezne_core::ports::BankPage;

/// How many attempts' returns are waited for; a desk has three attempts open, and late returns of many before.
const ATTEMPTS_KEPT: usize = 256;

struct Expected {
    attempt: AttemptId,
    nonce: Nonce,
    page: Option<(Nonce, BankPage)>,
    /// Where a page was, to tell "opened already" from "never was".
    fetched: Option<Nonce>,
}

/// What a page's address leads to.
pub(super) enum Fetched {
    /// The page, this once.
    Page(BankPage),
    /// It was fetched before.
    Before,
    /// No such address.
    Unknown,
}

#[derive(Default)]
pub(super) struct Registry {
    expected: Mutex<VecDeque<Expected>>,
}

impl Registry {
    fn expected(&self) -> MutexGuard<'_, VecDeque<Expected>> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Expects returns of an attempt; the one nonce of an attempt stays the same.
    pub(super) fn expect_return(&self, attempt: AttemptId, fresh: Nonce) -> Nonce {
        let mut expected = self.expected();
        if let Some(known) = expected.iter().find(|known| known.attempt == attempt) {
            return known.nonce;
        }
        if expected.len() >= ATTEMPTS_KEPT {
            expected.pop_front();
        }
        expected.push_back(Expected { attempt, nonce: fresh, page: None, fetched: None });
        fresh
    }

    /// The attempt that a return's nonce belongs to.
    pub(super) fn attempt_of(&self, nonce: Nonce) -> Option<AttemptId> {
        self.expected().iter().find(|known| known.nonce == nonce).map(|known| known.attempt)
    }

    /// Lays a page ready to be fetched once.
    pub(super) fn put_page(&self, attempt: AttemptId, nonce: Nonce, page: BankPage) {
        if let Some(known) = self.expected().iter_mut().find(|known| known.attempt == attempt) {
            known.page = Some((nonce, page));
        }
    }

    /// Fetches a page.
    pub(super) fn fetch(&self, nonce: Nonce) -> Fetched {
        for known in self.expected().iter_mut() {
            if known.fetched == Some(nonce) {
                return Fetched::Before;
            }
            if known.page.as_ref().is_some_and(|(of, _)| *of == nonce) {
                known.fetched = Some(nonce);
                return known.page.take().map_or(Fetched::Before, |(_, page)| Fetched::Page(page));
            }
        }
        Fetched::Unknown
    }

    /// Withholds a page that was not fetched yet.
    pub(super) fn take_page_of(&self, attempt: AttemptId) {
        if let Some(known) = self.expected().iter_mut().find(|known| known.attempt == attempt) {
            known.page = None;
        }
    }
}
