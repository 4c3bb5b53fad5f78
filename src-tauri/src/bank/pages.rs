//! The bank's pages that are open: how they are shown, how they end, and who is told.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tauri::{AppHandle, Manager};
use url::Url;
use vezne_core::account::{AccountRef, PagePlace};
use vezne_core::attempt::{PageEnd, ReturnHint};
use vezne_core::ids::{AttemptId, Nonce};
use vezne_core::ports::{Answer, BankPage, BankPages};
use vezne_core::time::Millis;
use vezne_home::{PagesParts, Returned};
use vezne_settings::ReturnMode;

use super::address;
use super::door::Door;
use super::folders::Folders;
use super::page::{Facts, Kept, Open, OpenWindow};
use super::policy::Ground;
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
    pub(super) parts: PagesParts,
    pub(super) folders: Folders,
    told: Told,
    ended: Ended,
    pub(super) returns: Returns,
    attempts: Mutex<VecDeque<(AttemptId, Facts)>>,
    open: Mutex<HashMap<AttemptId, Open>>,
    /// The desk ends, or another till takes this one's place: nothing is opened any more.
    pub(super) closed: AtomicBool,
    windows: AtomicU32,
    pub(super) me: Weak<Self>,
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
            closed: AtomicBool::new(false),
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

    pub(super) fn open(&self) -> MutexGuard<'_, HashMap<AttemptId, Open>> {
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
        if self.closed.load(Ordering::SeqCst) {
            return Err("the desk is closing".to_owned());
        }
        let facts = self.facts(attempt).ok_or("no return address was made for this page")?;
        match facts.place {
            PagePlace::Browser => {
                self.put(attempt, facts, None, Kept(None));
                let opened = self.parts.loopback.open(attempt, page).await;
                if opened.is_err() {
                    self.finish(attempt);
                }
                opened
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
        let own = start.of_our_own().filter(|_| matches!(page, BankPage::Html { .. }));
        let window = OpenWindow { label: label.clone(), popups: Vec::new(), folder: folder.clone(), start: own };
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

    pub(super) fn label_of(&self, attempt: AttemptId) -> Option<String> {
        self.open().get(&attempt).and_then(|open| Some(open.window.as_ref()?.label.clone()))
    }

    /// Changes an open page and tells about it; `None` when there is none.
    pub(super) fn change<T>(&self, attempt: AttemptId, how: impl FnOnce(&mut Open) -> Option<T>) -> Option<T> {
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

    pub(super) fn tell(&self, attempt: AttemptId) {
        let view = self.open().get(&attempt).map(|open| open.view(attempt));
        if let Some(view) = view {
            (self.told)(view);
        }
    }

    fn take(&self, attempt: AttemptId, when: impl FnOnce(&Open) -> bool) -> Option<Open> {
        let mut gone = {
            let mut pages = self.open();
            if !when(pages.get(&attempt)?) {
                return None;
            }
            pages.remove(&attempt)?
        };
        gone.state = BankPageState::Gone;
        gone.open_yourself = None;
        (self.told)(gone.view(attempt));
        Some(gone)
    }

    /// The page is gone, and the till knows.
    pub(super) fn finish(&self, attempt: AttemptId) {
        if let Some(mut gone) = self.take(attempt, |_| true) {
            drop(self.clear_away(gone.window.take()));
        }
    }

    /// The page ended; the till is told.
    pub(super) fn end(&self, attempt: AttemptId, end: PageEnd) {
        self.end_when(attempt, end, |_| true);
    }

    /// A window says that its page ended. One whose page was taken out of it meanwhile, or closed, has no say: what its own
    /// destruction sets off must not end the page in the browser.
    pub(super) fn window_ended(&self, attempt: AttemptId, label: &str, end: PageEnd) {
        self.end_when(attempt, end, |open| open.is_shown_in(label));
    }

    fn end_when(&self, attempt: AttemptId, end: PageEnd, when: impl FnOnce(&Open) -> bool) {
        if let Some(mut gone) = self.take(attempt, when) {
            drop(self.clear_away(gone.window.take()));
            tracing::info!(%attempt, ?end, "the bank's page ended");
            (self.ended)(attempt, end);
        }
    }

    /// Destroys a page's windows and deletes what they left on the disk. What it answers ends when that is done.
    pub(super) fn clear_away(&self, gone: Option<OpenWindow>) -> tokio::sync::oneshot::Receiver<()> {
        let (done, cleared) = tokio::sync::oneshot::channel();
        let Some(OpenWindow { label, popups, folder, start: _ }) = gone else { return cleared };
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
                me.end_networks();
            }
        });
    }

    /// Ends what the web view keeps running for windows that are gone. On the main thread, where windows are opened: none
    /// can be in between.
    #[cfg(target_os = "linux")]
    fn end_networks(&self) {
        let me = Weak::clone(&self.me);
        let end = move || {
            if me.upgrade().is_some_and(|me| me.open().values().all(|open| open.window.is_none())) {
                super::network::no_window_is_open();
            }
        };
        if let Err(error) = self.app.run_on_main_thread(end) {
            tracing::info!(%error, "the web view's processes go with the desk");
        }
    }

    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, reason = "elsewhere the web view ends its processes itself")]
    fn end_networks(&self) {}

    pub(super) fn hint(&self, attempt: AttemptId, hint: Option<ReturnHint>) {
        let Some(hint) = hint else { return };
        tracing::info!(%attempt, own_page = hint.own_page, "a return from the bank came");
        let returns = self.parts.returns.clone();
        tauri::async_runtime::spawn(async move {
            // Fails only when the till is closing; it asks by itself when it is opened again.
            let _closing = returns.send(Returned { attempt, hint }).await;
        });
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
