//! The bank's pages that are open, and what happens to them.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tauri::{AppHandle, Manager};
use url::Url;
use vezne_core::account::{AccountRef, PagePlace};
use vezne_core::attempt::{PageEnd, ReturnFields, ReturnHint};
use vezne_core::ids::{AttemptId, Nonce};
use vezne_core::ports::{Answer, BankPage, BankPages};
use vezne_core::time::{Millis, Timestamp};
use vezne_home::{Notice, PagesParts, Returned};
use vezne_settings::ReturnMode;
use zeroize::Zeroize;

use super::address;
use super::door::Door;
use super::folders::Folders;
use super::policy::{self, Ground};
use super::returns::{Returns, Way};
use super::window;
use crate::view::{BankPageState, BankPageView};

/// How long a page may take to show anything at all.
const FIRST_SIGHT: Millis = Millis::seconds(60);
/// How many pop-ups a bank's page may have open.
pub(crate) const POPUPS_MOST: usize = 3;
/// How many attempts' accounts are remembered between the return address and the page.
const ATTEMPTS_KEPT: usize = 64;
/// When what a closed window left on the disk is deleted once more.
const SWEEPS: [Millis; 3] = [Millis::seconds(2), Millis::seconds(15), Millis::seconds(60)];

/// Whoever is told how a bank's page does.
pub type Told = Arc<dyn Fn(BankPageView) + Send + Sync>;
/// Whoever is told that a bank's page ended by itself or by a person: the till.
pub type Ended = Arc<dyn Fn(AttemptId, PageEnd) + Send + Sync>;

/// The bank's pages: windows of their own, or the system's browser where that was chosen.
pub struct BankWindows {
    pub(super) app: AppHandle,
    parts: PagesParts,
    folders: Folders,
    told: Told,
    ended: Ended,
    returns: Returns,
    attempts: Mutex<VecDeque<(AttemptId, Facts)>>,
    open: Mutex<HashMap<AttemptId, Open>>,
    windows: AtomicU32,
    me: Weak<Self>,
}

/// What an attempt's account says of its page.
#[derive(Debug, Clone, Copy)]
struct Facts {
    place: PagePlace,
    ground: Ground,
    challenge: Millis,
    askable: bool,
}

/// A page that may be needed once more, for the browser; wiped when it is not.
struct Kept(Option<BankPage>);

impl Drop for Kept {
    fn drop(&mut self) {
        match &mut self.0 {
            Some(BankPage::Address(address)) => address.zeroize(),
            Some(BankPage::Html { html, base: _ }) => html.zeroize(),
            None => {}
        }
    }
}

struct Open {
    facts: Facts,
    page: Kept,
    state: BankPageState,
    host: Option<String>,
    secure: bool,
    loaded: bool,
    opened: Timestamp,
    open_yourself: Option<String>,
    /// The window; `None` in the browser.
    window: Option<OpenWindow>,
}

struct OpenWindow {
    label: String,
    popups: Vec<String>,
    folder: PathBuf,
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
    attempt: AttemptId,
    page: Kept,
}

impl BankWindows {
    /// The bank's windows of one till. `folder` is theirs alone: what stands in it is deleted.
    #[must_use]
    pub fn new(app: AppHandle, parts: PagesParts, folder: PathBuf, told: Told, ended: Ended) -> Arc<Self> {
        let run = Nonce::from_random(parts.entropy.sixteen()).expose();
        let windows = Arc::new_cyclic(|me| Self {
            app,
            parts,
            folders: Folders::new(folder, run),
            told,
            ended,
            returns: Returns::default(),
            attempts: Mutex::default(),
            open: Mutex::default(),
            windows: AtomicU32::new(1),
            me: Weak::clone(me),
        });
        if let Some(door) = windows.app.try_state::<Door>() {
            door.leads_to(&windows);
        } else {
            tracing::error!("the return scheme has no handler: bank::protocol was not called when the desk was built");
        }
        windows
    }

    fn open(&self) -> MutexGuard<'_, HashMap<AttemptId, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn facts(&self, attempt: AttemptId) -> Option<Facts> {
        let attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.iter().find(|(known, _)| *known == attempt).map(|(_, facts)| *facts)
    }

    /// A label that no bank window had before.
    pub(super) fn label(&self) -> String {
        format!("{}{}", super::LABEL, self.windows.fetch_add(1, Ordering::Relaxed))
    }

    async fn address_for(&self, attempt: AttemptId, account: &AccountRef, place: PagePlace) -> Result<String, String> {
        let id = account.id.as_str();
        let found = self.parts.settings.accounts.iter().find(|one| one.id == id);
        let found = found.ok_or_else(|| format!("the account {id} is not configured"))?;
        let here = vezne_gateway::is_loopback(&found.base_url);
        let facts = Facts {
            place,
            ground: if here { Ground::ThisMachine } else { Ground::Public },
            challenge: Millis(u64::try_from(found.challenge.as_millis()).unwrap_or(u64::MAX)),
            askable: found.status_query,
        };
        {
            let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
            if attempts.len() >= ATTEMPTS_KEPT {
                attempts.pop_front();
            }
            attempts.push_back((attempt, facts));
        }
        let fresh = Nonce::from_random(self.parts.entropy.sixteen());
        match (place, &found.return_mode) {
            (PagePlace::Browser, ReturnMode::CustomScheme | ReturnMode::Https { .. } | ReturnMode::Loopback) => {
                self.parts.loopback.return_address(attempt, account, place).await
            }
            (PagePlace::Window, ReturnMode::CustomScheme) => {
                Ok(address::of_scheme(self.returns.expect(attempt, fresh, Way::Scheme)))
            }
            (PagePlace::Window, ReturnMode::Https { url }) => {
                Ok(address::below(url, self.returns.expect(attempt, fresh, Way::Https(url.clone()))))
            }
            (PagePlace::Window, ReturnMode::Loopback) => {
                let address = self.parts.loopback.return_address(attempt, account, place).await?;
                let url = Url::parse(&address).map_err(|error| error.to_string())?;
                self.returns.expect(attempt, fresh, Way::Loopback(url));
                Ok(address)
            }
        }
    }

    async fn show(&self, attempt: AttemptId, page: BankPage) -> Result<(), String> {
        let facts = self.facts(attempt).ok_or("no return address was made for this page")?;
        match facts.place {
            PagePlace::Browser => {
                self.put(attempt, facts, None, Kept(None));
                self.parts.loopback.open(attempt, page).await
            }
            PagePlace::Window => self.show_window(attempt, facts, page).await,
        }
    }

    fn put(&self, attempt: AttemptId, facts: Facts, window: Option<OpenWindow>, page: Kept) {
        let state = if window.is_some() { BankPageState::Loading } else { BankPageState::InBrowser };
        let open = Open {
            facts,
            page,
            state,
            host: None,
            secure: false,
            loaded: false,
            opened: self.parts.clock.now(),
            open_yourself: None,
            window,
        };
        let view = open.view(attempt);
        let before = self.open().insert(attempt, open);
        drop(self.clear_away(before.and_then(|mut before| before.window.take())));
        (self.told)(view);
    }

    async fn show_window(&self, attempt: AttemptId, facts: Facts, page: BankPage) -> Result<(), String> {
        let start = window::start(&self.parts.loopback, attempt, &page).await?;
        let (label, folder) = (self.label(), self.folders.fresh());
        let window = OpenWindow { label: label.clone(), popups: Vec::new(), folder: folder.clone() };
        self.put(attempt, facts, Some(window), Kept(Some(page)));
        let me = self.me.upgrade().ok_or("the desk is closing")?;
        let (done, built) = tokio::sync::oneshot::channel();
        let build = move || {
            // Closed again before it was built.
            let wanted = me.label_of(attempt).as_deref() == Some(label.as_str());
            let _not_waited_for =
                done.send(if wanted { window::open(&me, attempt, &label, folder, start) } else { Ok(()) });
        };
        let asked = self.app.run_on_main_thread(build).map_err(|error| error.to_string());
        let shown = match asked {
            Ok(()) => built.await.unwrap_or_else(|_| Err("the desk is closing".to_owned())),
            Err(error) => Err(error),
        };
        match shown {
            Ok(()) => self.watch(attempt),
            Err(_) => self.finish(attempt),
        }
        shown
    }

    /// A page that shows nothing for so long has failed, whether or not anything said so.
    fn watch(&self, attempt: AttemptId) {
        let Some(opened) = self.open().get(&attempt).map(|open| open.opened) else { return };
        let (me, over) = (Weak::clone(&self.me), self.parts.clock.sleep_until(opened.after(FIRST_SIGHT)));
        tauri::async_runtime::spawn(async move {
            over.await;
            let Some(me) = me.upgrade() else { return };
            let blank = me.open().get(&attempt).is_some_and(|open| open.opened == opened && !open.loaded);
            if blank {
                tracing::warn!(%attempt, "the bank's page showed nothing in time");
                me.end(attempt, PageEnd::LoadFailed);
            }
        });
    }

    fn label_of(&self, attempt: AttemptId) -> Option<String> {
        self.open().get(&attempt).and_then(|open| Some(open.window.as_ref()?.label.clone()))
    }

    /// Changes an open page and tells about it; `None` when there is none.
    fn change<T>(&self, attempt: AttemptId, how: impl FnOnce(&mut Open) -> Option<T>) -> Option<T> {
        let (answer, view) = {
            let mut pages = self.open();
            let open = pages.get_mut(&attempt)?;
            let before = open.view(attempt);
            let answer = how(open)?;
            let after = open.view(attempt);
            (answer, (before != after).then_some(after))
        };
        if let Some(view) = view {
            (self.told)(view);
        }
        Some(answer)
    }

    fn tell(&self, attempt: AttemptId) {
        let view = self.open().get(&attempt).map(|open| open.view(attempt));
        if let Some(view) = view {
            (self.told)(view);
        }
    }

    fn take(&self, attempt: AttemptId) -> Option<Open> {
        let mut gone = self.open().remove(&attempt)?;
        gone.state = BankPageState::Gone;
        gone.open_yourself = None;
        (self.told)(gone.view(attempt));
        Some(gone)
    }

    /// The page is gone, and the till knows.
    fn finish(&self, attempt: AttemptId) {
        if let Some(mut gone) = self.take(attempt) {
            drop(self.clear_away(gone.window.take()));
        }
    }

    /// The page ended; the till is told.
    pub(super) fn end(&self, attempt: AttemptId, end: PageEnd) {
        if let Some(mut gone) = self.take(attempt) {
            drop(self.clear_away(gone.window.take()));
            tracing::info!(%attempt, ?end, "the bank's page ended");
            (self.ended)(attempt, end);
        }
    }

    /// Destroys a page's windows and deletes what they left on the disk. What it answers ends when that is done.
    fn clear_away(&self, gone: Option<OpenWindow>) -> tokio::sync::oneshot::Receiver<()> {
        let (done, cleared) = tokio::sync::oneshot::channel();
        let Some(OpenWindow { label, popups, folder }) = gone else { return cleared };
        let (app, me) = (self.app.clone(), Weak::clone(&self.me));
        let destroy = move || {
            for label in popups.iter().chain([&label]) {
                window::destroy(&app, label);
            }
            if let Some(me) = me.upgrade() {
                me.folders.leave(folder);
                me.sweep_later();
            }
            let _not_waited_for = done.send(());
        };
        if let Err(error) = self.app.run_on_main_thread(destroy) {
            tracing::info!(%error, "the windows went with the desk");
        }
        cleared
    }

    fn sweep_later(&self) {
        let (me, clock) = (Weak::clone(&self.me), Arc::clone(&self.parts.clock));
        tauri::async_runtime::spawn(async move {
            for wait in SWEEPS {
                clock.sleep_until(clock.now().after(wait)).await;
                let Some(me) = me.upgrade() else { return };
                me.folders.sweep();
            }
        });
    }

    fn hint(&self, attempt: AttemptId, hint: Option<ReturnHint>) {
        let Some(hint) = hint else { return };
        tracing::info!(%attempt, own_page = hint.own_page, "a return from the bank came");
        let returns = self.parts.returns.clone();
        tauri::async_runtime::spawn(async move {
            // Fails only when the till is closing; it asks by itself when it is opened again.
            let _closing = returns.send(Returned { attempt, hint }).await;
        });
    }
}

impl Open {
    fn view(&self, attempt: AttemptId) -> BankPageView {
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

/// What the windows report.
impl BankWindows {
    /// Whether a window of this attempt, or a frame in it, may go there. A return is caught on its way.
    pub(super) fn may_go(&self, attempt: AttemptId, url: &Url) -> bool {
        if let Some(caught) = self.returns.caught(url) {
            if caught.ours {
                self.hint(caught.attempt, self.returns.passed(caught.attempt, url));
            }
            if !caught.goes_on && caught.attempt == attempt {
                self.was_it_the_page(attempt, url);
            }
            return caught.goes_on;
        }
        let Some(ground) = self.open().get(&attempt).map(|open| open.facts.ground) else { return false };
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
        self.has_become_the_page(attempt, url);
    }

    /// A return is the window's own page now, or would be if it could be loaded.
    pub(super) fn has_become_the_page(&self, attempt: AttemptId, url: &Url) -> bool {
        let Some(caught) = self.returns.caught(url) else { return false };
        if caught.ours && caught.attempt == attempt {
            self.hint(attempt, self.returns.landed(attempt, url));
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
                        me.has_become_the_page(attempt, &url);
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
            self.has_become_the_page(attempt, url);
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
        if !self.may_go(attempt, url) {
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

    /// Whether this is the window that shows an attempt's page.
    pub(super) fn shows_in(&self, attempt: AttemptId, label: &str) -> bool {
        self.label_of(attempt).as_deref() == Some(label)
    }

    /// The attempt whose page this window shows.
    #[cfg_attr(not(target_os = "macos"), expect(dead_code, reason = "where a dead process is told by its window"))]
    pub(super) fn attempt_of(&self, label: &str) -> Option<AttemptId> {
        let pages = self.open();
        let found = pages.iter().find(|(_, open)| open.window.as_ref().is_some_and(|window| window.label == label));
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
    /// [`PageFault::NotShown`]; the page is gone then, and the till is told so.
    pub async fn show_moved(&self, mut moving: Moving) -> Result<(), PageFault> {
        let attempt = moving.attempt;
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
        let all: Vec<_> = self.open().keys().copied().collect();
        for attempt in all {
            self.finish(attempt);
        }
        self.folders.sweep();
    }
}

impl std::fmt::Debug for BankWindows {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("BankWindows").field("open", &self.open().len()).finish_non_exhaustive()
    }
}

impl BankPages for BankWindows {
    fn return_address(
        &self,
        attempt: AttemptId,
        account: &AccountRef,
        place: PagePlace,
    ) -> Answer<'_, Result<String, String>> {
        let account = account.clone();
        Box::pin(async move { self.address_for(attempt, &account, place).await })
    }

    fn open(&self, attempt: AttemptId, page: BankPage) -> Answer<'_, Result<(), String>> {
        Box::pin(self.show(attempt, page))
    }

    fn close(&self, attempt: AttemptId) -> Answer<'_, ()> {
        self.finish(attempt);
        self.parts.loopback.close(attempt)
    }
}
