//! What is kept of one open page.

use std::path::PathBuf;

use url::Url;
use vezne_core::account::PagePlace;
use vezne_core::ids::AttemptId;
use vezne_core::ports::BankPage;
use vezne_core::time::{Millis, Timestamp};
use zeroize::Zeroize;

use super::policy::Ground;
use crate::view::{BankPageState, BankPageView};

/// What an attempt's account says of its page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) place: PagePlace,
    pub(super) ground: Ground,
    pub(super) challenge: Millis,
    pub(super) askable: bool,
}

/// A page that may be needed once more, for the browser; wiped when it is not.
pub(super) struct Kept(pub(super) Option<BankPage>);

impl Drop for Kept {
    fn drop(&mut self) {
        match &mut self.0 {
            Some(BankPage::Address(address)) => address.zeroize(),
            Some(BankPage::Html { html, base: _ }) => html.zeroize(),
            None => {}
        }
    }
}

/// An open page.
pub(super) struct Open {
    pub(super) facts: Facts,
    pub(super) page: Kept,
    pub(super) state: BankPageState,
    pub(super) host: Option<String>,
    pub(super) secure: bool,
    pub(super) loaded: bool,
    pub(super) opened: Timestamp,
    pub(super) open_yourself: Option<String>,
    /// The window; `None` in the browser.
    pub(super) window: Option<OpenWindow>,
}

/// The window of a page, and what belongs to it.
pub(super) struct OpenWindow {
    pub(super) label: String,
    pub(super) popups: Vec<String>,
    pub(super) folder: PathBuf,
    /// Where it begins, if that is an address of our own: nothing else at our own is open to the page.
    pub(super) start: Option<Url>,
}

/// Why something can't be done with a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageFault {
    /// The attempt has no page open in a window.
    NoPage,
    /// The outcome could not be asked for, so the page can't leave its window.
    NotOffered,
    /// It can't be shown; in words.
    NotShown(String),
}

/// A page on its way out of its window; wiped unless it is shown.
pub struct Moving {
    pub(super) attempt: AttemptId,
    pub(super) page: Kept,
}

impl Open {
    /// Whether this is where our own part of the page begins.
    pub(super) fn begins_at(&self, url: &Url) -> bool {
        self.window.as_ref().is_some_and(|window| window.start.as_ref() == Some(url))
    }

    /// Whether this window shows the page: it may have been taken out of it meanwhile, or stand in another one.
    pub(super) fn is_shown_in(&self, label: &str) -> bool {
        self.window.as_ref().is_some_and(|window| window.label == label)
    }

    pub(super) fn view(&self, attempt: AttemptId) -> BankPageView {
        BankPageView {
            attempt: attempt.to_string(),
            state: self.state,
            host: self.host.clone(),
            secure: self.secure,
            opened: self.opened.to_string(),
            until: self.opened.after(self.facts.challenge).to_string(),
            open_yourself: self.open_yourself.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_in(label: &str) -> Open {
        let facts =
            Facts { place: PagePlace::Window, ground: Ground::Public, challenge: Millis::seconds(600), askable: true };
        let window = OpenWindow { label: label.to_owned(), popups: Vec::new(), folder: PathBuf::new(), start: None };
        Open {
            facts,
            page: Kept(None),
            state: BankPageState::Shown,
            host: None,
            secure: true,
            loaded: true,
            opened: Timestamp::from_millis(0),
            open_yourself: None,
            window: Some(window),
        }
    }

    #[test]
    fn a_page_that_is_laid_ready_on_this_machine_may_begin_there_and_nowhere_else() {
        let start = Url::parse("http://127.0.0.1:4000/bank/NONCE").unwrap();
        let mut open = shown_in("bank-1");
        assert!(!open.begins_at(&start));
        open.window.as_mut().unwrap().start = Some(start.clone());
        assert!(open.begins_at(&start));
        for other in ["http://127.0.0.1:4000/bank/OTHER", "http://127.0.0.1:4001/bank/NONCE", "http://127.0.0.1:4000/"]
        {
            assert!(!open.begins_at(&Url::parse(other).unwrap()), "{other}");
        }
    }

    #[test]
    fn a_window_whose_page_was_taken_out_or_replaced_does_not_speak_for_it_any_more() {
        let mut open = shown_in("bank-2");
        assert!(open.is_shown_in("bank-2"));
        assert!(!open.is_shown_in("bank-1"), "the window of the page before");
        // On its way to the browser.
        open.window = None;
        assert!(!open.is_shown_in("bank-2"));
    }
}
