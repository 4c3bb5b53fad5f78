//! What the desk does with the pages: shows, parks, closes them, and moves one to the system's browser.

use std::sync::atomic::Ordering;

use vezne_core::attempt::PageEnd;
use vezne_core::ids::AttemptId;
use vezne_core::ports::BankPages as _;
use vezne_home::Notice;

use super::page::{Kept, Moving, PageFault};
use super::pages::BankWindows;
use super::window;
use crate::view::{BankPageState, BankPageView};

/// What the desk does with the pages.
impl BankWindows {
    /// Shows a page's window, parked or not, and gives it the focus. Also the answer to "close it?": no.
    ///
    /// # Errors
    /// [`PageFault::NoPage`].
    pub fn bring_up(&self, attempt: AttemptId) -> Result<(), PageFault> {
        self.turn(attempt, BankPageState::Shown)
    }

    /// Hides a page's window; it goes on working.
    ///
    /// # Errors
    /// [`PageFault::NoPage`].
    pub fn park(&self, attempt: AttemptId) -> Result<(), PageFault> {
        self.turn(attempt, BankPageState::Parked)
    }

    fn turn(&self, attempt: AttemptId, to: BankPageState) -> Result<(), PageFault> {
        let label = self.change(attempt, |open| {
            let label = open.window.as_ref()?.label.clone();
            open.state = if to == BankPageState::Shown && !open.loaded { BankPageState::Loading } else { to };
            Some(label)
        });
        let label = label.ok_or(PageFault::NoPage)?;
        window::turn(&self.app, &label, to != BankPageState::Parked);
        Ok(())
    }

    /// Closes a page because a person says so: the payment is not declined by that, it is asked about.
    ///
    /// # Errors
    /// [`PageFault::NoPage`].
    pub fn close_by_hand(&self, attempt: AttemptId, gave_up: bool) -> Result<(), PageFault> {
        if !self.open().contains_key(&attempt) {
            return Err(PageFault::NoPage);
        }
        self.end(attempt, if gave_up { PageEnd::GaveUp } else { PageEnd::ClosedByHand });
        Ok(())
    }

    /// Takes a page out of its window, which is destroyed: the first half of moving it to the system's browser. The
    /// till is told next, and then [`BankWindows::show_moved`] shows it.
    ///
    /// # Errors
    /// [`PageFault::NotOffered`] when the outcome could not be asked for, [`PageFault::NoPage`].
    pub async fn take_out(&self, attempt: AttemptId) -> Result<Moving, PageFault> {
        let (gone, page) = {
            let mut pages = self.open();
            let open = pages.get_mut(&attempt).filter(|open| open.window.is_some()).ok_or(PageFault::NoPage)?;
            if !open.facts.askable {
                return Err(PageFault::NotOffered);
            }
            open.state = BankPageState::InBrowser;
            (open.host, open.secure, open.loaded) = (None, false, true);
            (open.window.take(), Kept(open.page.0.take()))
        };
        // An error says that there was nothing to wait for.
        let _cleared = self.clear_away(gone).await;
        self.tell(attempt);
        Ok(Moving { attempt, page })
    }

    /// Shows a page that was taken out of its window in the system's browser, once.
    ///
    /// # Errors
    /// [`PageFault::NotShown`]; the page is gone then, and the till is told so. [`PageFault::NoPage`] when it was not needed
    /// any more.
    pub async fn show_moved(&self, mut moving: Moving) -> Result<(), PageFault> {
        let attempt = moving.attempt;
        if !self.open().contains_key(&attempt) {
            // Settled, or closed by a person, while it moved.
            return Err(PageFault::NoPage);
        }
        let shown = match moving.page.0.take() {
            Some(page) => self.parts.loopback.open(attempt, page).await,
            None => Err("the page is not there any more".to_owned()),
        };
        shown.map_err(|why| {
            self.end(attempt, PageEnd::LoadFailed);
            PageFault::NotShown(why)
        })
    }

    /// What the loop-back way says of pages in the system's browser.
    pub fn noticed(&self, notice: Notice) {
        match notice {
            Notice::Opened { attempt } => self.tell(attempt),
            Notice::OpenYourself { attempt, address } => {
                self.change(attempt, |open| {
                    open.open_yourself = Some(address);
                    Some(())
                });
            }
        }
    }

    /// Every page that is open, for a window that has just been loaded.
    #[must_use]
    pub fn views(&self) -> Vec<BankPageView> {
        self.open().iter().map(|(attempt, open)| open.view(*attempt)).collect()
    }

    /// The desk ends: every window goes. What becomes of the attempts, the till knows.
    pub fn close_all(&self) {
        self.closed.store(true, Ordering::SeqCst);
        let all: Vec<_> = self.open().keys().copied().collect();
        for attempt in all {
            self.finish(attempt);
        }
        self.folders.sweep();
    }
}
