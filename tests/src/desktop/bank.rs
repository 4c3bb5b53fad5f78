//! The bank's window: the page of the practice bank, as its customer uses it.

use std::time::Duration;

use vezne_sandbox::PRACTICE_CODE;

use super::driver::{Driver, Element};
use super::window::Window;

/// What a window's page says of itself: the practice bank's `data-page`.
const KIND: &str = "return document.body ? document.body.dataset.page ?? '' : ''";
/// An element by its selector.
const QUERY: &str = "return document.querySelector(arguments[0])";

impl Window {
    /// Waits for the bank's page of this kind (`code`, `popup`, `end`, …) and goes on in its window.
    pub fn at_the_bank(&self, kind: &str) {
        self.wait(&format!("the bank's page {kind:?}"), || self.bank_window(kind));
    }

    fn bank_window(&self, kind: &str) -> Option<()> {
        let driver = self.driver();
        let found = self.others().into_iter().find(|handle| {
            driver.switch(handle).is_ok() && driver.try_run(KIND, &[]).is_ok_and(|value| value.as_str() == Some(kind))
        });
        found.map(drop)
    }

    /// Whether any window beside the desk's own is there.
    #[must_use]
    pub fn bank_is_open(&self) -> bool {
        !self.others().is_empty()
    }

    /// Waits until the bank's windows are gone.
    pub fn wait_until_the_bank_is_gone(&self) {
        self.wait("the end of the bank's window", || (!self.bank_is_open()).then_some(()));
    }

    fn at_bank(&self, selector: &str) -> Element {
        let driver = self.driver();
        self.wait(&format!("{selector} on the bank's page"), || {
            driver.try_run(QUERY, &[selector.into()]).ok().and_then(|found| Driver::element(&found))
        })
    }

    /// Presses what this selector finds on the bank's page.
    pub fn press_in_bank(&self, selector: &str) {
        self.press_at_bank(selector);
    }

    /// Types a code into a bank's window with real keys and confirms with Enter, once the page has been sent.
    ///
    /// The driver can't see into such a window; the practice bank tells when its page was asked for and when it was
    /// answered.
    pub fn type_at_the_bank(&self, window: &str, code: &str) {
        let asked = |path: &str| {
            self.desk().sandbox().requests().iter().filter(|request| request.path.starts_with(path)).count()
        };
        let before = asked("/bank/verify");
        self.wait("the bank's page", || (asked("/bank/start") + asked("/bank/popup") > 0).then_some(()));
        self.wait("an answer to the code", || {
            self.screen().focus(window);
            self.screen().press("ctrl+a");
            self.screen().type_text(code);
            self.screen().press("Return");
            crate::run::found_within(Duration::from_secs(2), Duration::from_millis(50), || {
                (asked("/bank/verify") > before).then_some(())
            })
        });
    }

    fn press_at_bank(&self, selector: &str) {
        let driver = self.driver();
        let button = self.at_bank(selector);
        // The page may be gone by the time the driver wants to tell of the click.
        self.wait(&format!("{selector} can be clicked"), || {
            let clicked = driver.click(&button);
            (clicked.is_ok() || driver.try_run(KIND, &[]).map_or(true, |kind| kind.as_str() != Some("code")))
                .then_some(())
        });
    }

    /// The customer types the right code and confirms.
    pub fn customer_confirms(&self) {
        self.at_the_bank("code");
        self.driver().type_into(&self.at_bank("#code"), PRACTICE_CODE);
        self.press_at_bank("button[value=confirm]");
    }

    /// The customer presses the bank's Cancel.
    pub fn customer_cancels(&self) {
        self.at_the_bank("code");
        self.press_at_bank("button[value=cancel]");
    }

    /// The customer types the code in the frame of another host and confirms.
    pub fn customer_confirms_in_frame(&self) {
        self.at_the_bank("frames");
        let driver = self.driver();
        driver.enter_frame(Some(&self.at_bank("iframe")));
        driver.type_into(&self.at_bank("#code"), PRACTICE_CODE);
        self.press_at_bank("button[value=confirm]");
    }
}
