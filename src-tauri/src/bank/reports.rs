//! What the windows report: where their pages want to go, what they show, and that they are gone.

use std::path::PathBuf;
#[cfg(target_os = "linux")]
use std::sync::Weak;

#[cfg(target_os = "linux")]
use tauri::Manager;
use url::Url;
use vezne_core::attempt::ReturnFields;
use vezne_core::ids::AttemptId;

use super::pages::{BankWindows, POPUPS_MOST};
use super::policy;
use super::returns::Landing;
use super::window::{self, Kind};
use crate::view::BankPageState;

/// What the windows report.
impl BankWindows {
    /// Whether a window of this attempt, or a frame in it, may go there. A return is caught on its way.
    pub(super) fn may_go(&self, attempt: AttemptId, url: &Url, kind: Kind) -> bool {
        if let Some(caught) = self.returns.caught(url) {
            if caught.ours {
                self.hint(caught.attempt, self.returns.passed(caught.attempt, url));
            }
            // What a pop-up comes back with never becomes the page of the window itself.
            if !caught.goes_on && caught.attempt == attempt && kind == Kind::Page {
                self.was_it_the_page(attempt, url);
            }
            return caught.goes_on;
        }
        let known = self.open().get(&attempt).map(|open| (open.facts.ground, open.begins_at(url)));
        let Some((ground, is_start)) = known else { return false };
        if is_start && kind == Kind::Page {
            return true;
        }
        match policy::judge(url, ground) {
            Ok(()) => true,
            Err(why) => {
                tracing::warn!(%attempt, scheme = url.scheme(), ?why, "the bank's page was kept from going somewhere");
                false
            }
        }
    }

    /// The main window of an attempt shows a new page.
    pub(super) fn shows(&self, attempt: AttemptId, url: &Url) {
        // An empty page is what stands there before the bank's, and what stands there when that could not be had.
        if url.scheme() == "about" {
            return;
        }
        self.change(attempt, |open| {
            open.window.as_ref()?;
            open.loaded = true;
            // Our own page after the return has no host that means anything.
            let web = matches!(url.scheme(), "http" | "https");
            open.host = url.host_str().filter(|_| web).map(str::to_owned);
            open.secure = url.scheme() == "https";
            if open.state == BankPageState::Loading {
                open.state = BankPageState::Shown;
            }
            Some(())
        });
        self.has_become_the_page(attempt, url, Landing::Shown);
    }

    /// A return is the window's own page now, or would be if it could be loaded.
    pub(super) fn has_become_the_page(&self, attempt: AttemptId, url: &Url, landing: Landing) -> bool {
        let Some(caught) = self.returns.caught(url) else { return false };
        if caught.ours && caught.attempt == attempt {
            self.hint(attempt, self.returns.landed(attempt, url, landing));
        }
        true
    }

    /// A return was stopped on its way, so it never becomes the window's page. Where the system says nothing of frames, the
    /// page is asked whether it has any: a frame can't deny that it is there.
    #[cfg(target_os = "linux")]
    fn was_it_the_page(&self, attempt: AttemptId, url: &Url) {
        let window = self.label_of(attempt).and_then(|label| self.app.get_webview_window(&label));
        let (me, url) = (Weak::clone(&self.me), url.clone());
        // After the decision that is being taken now.
        tauri::async_runtime::spawn(async move {
            let Some(window) = window else { return };
            let asked = window.with_webview(move |webview| {
                super::linux::if_without_frames(&webview.inner(), move || {
                    if let Some(me) = me.upgrade() {
                        me.has_become_the_page(attempt, &url, Landing::Stopped);
                    }
                });
            });
            if let Err(error) = asked {
                tracing::info!(%attempt, %error, "the bank's page is gone already");
            }
        });
    }

    /// Elsewhere navigations of frames are not told at all (Windows), or not told apart (macOS, where it stays a hint).
    #[cfg(not(target_os = "linux"))]
    fn was_it_the_page(&self, attempt: AttemptId, url: &Url) {
        if cfg!(windows) {
            self.has_become_the_page(attempt, url, Landing::Stopped);
        }
    }

    /// A return was read by the protocol's handler in a window. Says whether it is one of ours.
    pub(super) fn read(&self, url: &Url, fields: ReturnFields) -> bool {
        let Some(caught) = self.returns.caught(url).filter(|caught| caught.ours) else { return false };
        self.hint(caught.attempt, self.returns.read(caught.attempt, url, fields));
        true
    }

    /// Whether one more pop-up may open there; its label and folder if so.
    pub(super) fn popup(&self, attempt: AttemptId, url: &Url) -> Option<(String, PathBuf)> {
        if !self.may_go(attempt, url, Kind::Popup) {
            return None;
        }
        let label = self.label();
        let mut pages = self.open();
        let window = pages.get_mut(&attempt)?.window.as_mut()?;
        if window.popups.len() >= POPUPS_MOST {
            return None;
        }
        window.popups.push(label.clone());
        Some((label, window.folder.clone()))
    }

    /// A pop-up is gone.
    pub(super) fn popup_gone(&self, attempt: AttemptId, label: &str) {
        if let Some(window) = self.open().get_mut(&attempt).and_then(|open| open.window.as_mut()) {
            window.popups.retain(|popup| popup != label);
        }
    }

    /// The attempt whose page this window shows.
    #[cfg_attr(not(target_os = "macos"), expect(dead_code, reason = "where a dead process is told by its window"))]
    pub(super) fn attempt_of(&self, label: &str) -> Option<AttemptId> {
        let pages = self.open();
        let found = pages.iter().find(|(_, open)| open.is_shown_in(label));
        found.map(|(attempt, _)| *attempt)
    }

    /// Someone wants to close the window: the desk asks whether that is meant.
    pub(super) fn close_asked(&self, attempt: AttemptId) {
        let asked = self.change(attempt, |open| {
            open.state = BankPageState::CloseAsked;
            Some(())
        });
        if asked.is_some() {
            window::raise_desk(&self.app);
        }
    }
}
