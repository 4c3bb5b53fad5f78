//! What stands behind the window: which till is open, or why none is. One opening or closing at a time.

mod snapshot;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::{OwnedMutexGuard, broadcast};
use vezne_core::ports::Answer;
use vezne_core::search::Named;
use vezne_home::{Home, HomeFault};
use vezne_settings::SettingsError;
use vezne_till::Change;

use crate::desk::snapshot::{unfinished, view};
use crate::exports::Exports;
use crate::opening::{self, Front, Opened, Shut};
use crate::preferences;
use crate::session::{Session, Sessions};
use crate::stream::{Source, Stream};
use crate::training;
use crate::view::{Code, DeskEvent, Fault, Hello, Place, Preferences, RepairView};

/// Which till is open.
pub(crate) enum Stand {
    /// No account is configured, and nothing was ever taken.
    FirstStart,
    /// A till is open.
    Open(Box<Opened>),
    /// None can be opened.
    Broken(Fault),
    /// The sealed file's passphrase is needed first.
    Locked,
    /// One is being closed or opened at this moment.
    Between,
}

/// What is under way or not written down: reasons not to close the desk without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfinished {
    /// Attempts without an outcome.
    pub(crate) open: u32,
    /// Something waits to be written.
    pub(crate) not_written_down: bool,
}

/// The account and the operator that were used last while training; they are not kept.
#[derive(Default)]
struct InTraining {
    account: Option<String>,
    operator: Option<String>,
}

/// The desk. Commands find it in Tauri's state.
pub struct Desk {
    pub(crate) home: Home,
    pub(crate) front: Front,
    pub(crate) stream: Arc<Stream>,
    /// The export that is under way: it ends with the till that it reads.
    pub(crate) exports: Arc<Exports>,
    stand: RwLock<Stand>,
    /// Held by whoever opens or closes a till; the window's snapshot waits for it.
    changing: Arc<tokio::sync::Mutex<()>>,
    /// The last turn, after the end.
    ended: Mutex<Option<Turn>>,
    kept: Mutex<Preferences>,
    in_training: Mutex<InTraining>,
}

/// The right to open and close tills; no snapshot is taken while someone has it.
pub(crate) type Turn = OwnedMutexGuard<()>;

impl Desk {
    /// A desk with this home folder; no till is open yet.
    pub(crate) fn new(home: Home, front: Front, stream: Arc<Stream>) -> Self {
        let kept = preferences::read(&preferences::path(&home));
        Self {
            home,
            front,
            stream,
            exports: Arc::default(),
            stand: RwLock::new(Stand::Between),
            changing: Arc::default(),
            ended: Mutex::default(),
            kept: Mutex::new(kept),
            in_training: Mutex::default(),
        }
    }

    /// Waits until nobody else opens or closes a till.
    pub(crate) async fn turn(&self) -> Turn {
        Arc::clone(&self.changing).lock_owned().await
    }

    /// The first turn, taken before the window is made: its first question then waits for the first till.
    pub(crate) fn first_turn(&self) -> Option<Turn> {
        Arc::clone(&self.changing).try_lock_owned().ok()
    }

    /// Opens the first till.
    pub(crate) async fn begin(&self, training: bool, _turn: Turn) {
        opening::sweep_pages(&self.home);
        let stand =
            if training { self.open_training().await.unwrap_or_else(Stand::Broken) } else { self.open_real().await };
        self.stand_now(stand);
        // A window that began to watch before there was a till has no part in its changes yet.
        self.stream.anew();
    }

    /// Closes the real till and opens a practice one.
    ///
    /// # Errors
    /// [`Code::AttemptsOpen`], [`Code::NotWritten`], or why there is no training; the real till is open again then.
    pub(crate) async fn begin_training(&self) -> Result<(), Fault> {
        let _turn = self.turn().await;
        if self.is_training() {
            return Ok(());
        }
        self.leave().await?;
        let begun = match self.open_training().await {
            Ok(stand) => {
                self.stand_now(stand);
                Ok(())
            }
            Err(fault) => {
                self.stand_now(self.open_real().await);
                Err(fault)
            }
        };
        self.stream.anew();
        begun
    }

    /// Closes the practice till and opens the real one.
    ///
    /// # Errors
    /// [`Code::AttemptsOpen`] or [`Code::NotWritten`]; the practice till stays open then.
    pub(crate) async fn leave_training(&self) -> Result<(), Fault> {
        let _turn = self.turn().await;
        if !self.is_training() {
            return Ok(());
        }
        self.leave().await?;
        *lock(&self.in_training) = InTraining::default();
        self.reopen().await;
        Ok(())
    }

    /// Tries once more to open the real till, when none is open.
    ///
    /// # Errors
    /// Why it can't be opened; the window was told the same.
    pub(crate) async fn open_till(&self) -> Result<(), Fault> {
        let _turn = self.turn().await;
        if matches!(*self.read(), Stand::Open(_)) {
            return Ok(());
        }
        self.reopen().await;
        match &*self.read() {
            Stand::Broken(fault) => Err(fault.clone()),
            Stand::Open(_) | Stand::FirstStart | Stand::Locked | Stand::Between => Ok(()),
        }
    }

    /// Has the damaged journal repaired. No till is opened then: the person reads first what came of it.
    ///
    /// # Errors
    /// [`Code::NotNow`] while a till is open; else why it was not repaired.
    pub(crate) async fn repair_journal(&self) -> Result<RepairView, Fault> {
        let _turn = self.turn().await;
        match &*self.read() {
            Stand::Broken(_) => {}
            Stand::Open(_) | Stand::FirstStart | Stand::Locked | Stand::Between => {
                return Err(Fault::new(Code::NotNow));
            }
        }
        Ok(RepairView::from(opening::repair(&self.home, &self.front).await?))
    }

    /// Opens what the sealed file's passphrase opens.
    ///
    /// # Errors
    /// [`Code::PassphraseWrong`], and the desk stays locked; else why no till could be opened.
    pub(crate) async fn unlock(&self, passphrase: secrecy::SecretString) -> Result<(), Fault> {
        let _turn = self.turn().await;
        if !matches!(*self.read(), Stand::Locked) {
            return Ok(());
        }
        let before = self.front.passphrase.change(Some(passphrase));
        let stand = self.open_real().await;
        let opened = match &stand {
            Stand::Broken(fault) => Err(fault.clone()),
            Stand::Open(_) | Stand::FirstStart | Stand::Locked | Stand::Between => Ok(()),
        };
        if opened.as_ref().is_err_and(|fault| fault.code == Code::PassphraseWrong) {
            self.front.passphrase.change(before);
        } else {
            self.stand_now(stand);
            self.stream.anew();
        }
        opened
    }

    /// Closes whatever is open, for good.
    pub(crate) async fn end(&self) {
        let turn = self.turn().await;
        // Not given back: nothing is opened after the end.
        *lock(&self.ended) = Some(turn);
        let stand = self.take(Stand::Between);
        self.close(stand).await;
    }

    /// Has the window show what a link names, as soon as there is one.
    pub(crate) fn show(&self, named: Named) {
        self.stream.tell_once(DeskEvent::OpenPayment { id: named.to_string() });
    }

    /// What is under way.
    pub(crate) async fn unfinished(&self) -> Unfinished {
        let Ok(session) = self.session() else { return Unfinished { open: 0, not_written_down: false } };
        unfinished(&session).await
    }

    /// Closes the till that is open, to open another one in its place. Whoever calls holds the turn.
    ///
    /// # Errors
    /// [`Code::AttemptsOpen`] or [`Code::NotWritten`]; it stays open then.
    pub(crate) async fn leave(&self) -> Result<(), Fault> {
        // Nothing new is begun while this looks.
        let stand = self.take(Stand::Between);
        if let Stand::Open(opened) = &stand {
            let Unfinished { open, not_written_down } = unfinished(&opened.session).await;
            let why = match (open, not_written_down) {
                (0, false) => None,
                (0, true) => Some(Code::NotWritten),
                (_, _) => Some(Code::AttemptsOpen),
            };
            if let Some(code) = why {
                self.stand_now(stand);
                return Err(Fault::new(code));
            }
        }
        self.close(stand).await;
        Ok(())
    }

    /// Opens the real till and tells the window. Whoever calls holds the turn.
    pub(crate) async fn reopen(&self) {
        let stand = self.open_real().await;
        self.stand_now(stand);
        self.stream.anew();
    }

    /// Whether the practice till is open.
    pub(crate) fn is_training(&self) -> bool {
        matches!(&*self.read(), Stand::Open(opened) if opened.session.training.is_some())
    }

    async fn close(&self, stand: Stand) {
        if let Stand::Open(opened) = stand {
            self.exports.end().await;
            opened.close().await;
        }
    }

    async fn open_real(&self) -> Stand {
        match self.is_first_start() {
            Ok(true) => return Stand::FirstStart,
            Ok(false) => {}
            Err(fault) => return broken(&fault),
        }
        match opening::real(&self.home, &self.front).await {
            Ok(opened) => match opened.shut_by_passphrase.clone() {
                None => Stand::Open(Box::new(opened)),
                Some(shut) => {
                    opened.close().await;
                    match shut {
                        Shut::Missing => Stand::Locked,
                        Shut::Wrong(fault) => Stand::Broken(fault),
                    }
                }
            },
            Err(fault) if opening::is_passphrase_missing(&fault) => Stand::Locked,
            Err(fault) => broken(&fault),
        }
    }

    /// No account is configured, and there is no journal that could hold anything.
    fn is_first_start(&self) -> Result<bool, HomeFault> {
        let accounts = match self.home.settings() {
            Ok(settings) => settings.accounts.len(),
            Err(HomeFault::Settings(SettingsError::Missing { .. })) => 0,
            Err(fault) => return Err(fault),
        };
        // A journal that was there and is gone is no first start: it is missed when the till is opened.
        let missed = self.home.folder().join("backups").exists();
        Ok(accounts == 0 && !missed && !opening::journal(&self.home).exists())
    }

    async fn open_training(&self) -> Result<Stand, Fault> {
        let (home, sandbox) = training::begin(&self.home).await?;
        let opened = opening::practice(&home, sandbox, &self.front).await?;
        Ok(Stand::Open(Box::new(opened)))
    }

    /// The preferences as the window is shown them.
    pub(crate) fn preferences(&self) -> Preferences {
        let mut shown = lock(&self.kept).clone();
        if self.is_training() {
            let practice = lock(&self.in_training);
            shown.account.clone_from(&practice.account);
            shown.operator.clone_from(&practice.operator);
        }
        shown
    }

    /// Takes preferences over; the practice desk's account and operator are remembered only while training lasts.
    ///
    /// # Errors
    /// [`Code::PreferencesFailed`]; they hold until the desk is closed, all the same.
    pub(crate) fn set_preferences(&self, preferences: Preferences) -> Result<(), Fault> {
        let mut preferences = preferences.bounded();
        let mut kept = lock(&self.kept);
        if self.is_training() {
            let account = std::mem::replace(&mut preferences.account, kept.account.clone());
            let operator = std::mem::replace(&mut preferences.operator, kept.operator.clone());
            *lock(&self.in_training) = InTraining { account, operator };
        }
        *kept = preferences;
        preferences::write(&preferences::path(&self.home), &kept)
    }

    async fn place(&self) -> Place {
        let (session, unavailable) = match &*self.read() {
            Stand::FirstStart => return Place::FirstStart,
            Stand::Locked => return Place::Locked,
            Stand::Broken(fault) => return Place::Broken { fault: fault.clone() },
            Stand::Between => return Place::Broken { fault: Fault::new(Code::Closing) },
            Stand::Open(opened) => (Arc::clone(&opened.session), opened.unavailable.clone()),
        };
        let mut view = view(&session).await;
        view.unavailable = unavailable;
        Place::Open { session: Box::new(view) }
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Stand> {
        self.stand.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, instead: Stand) -> Stand {
        std::mem::replace(&mut *self.stand.write().unwrap_or_else(PoisonError::into_inner), instead)
    }

    fn stand_now(&self, stand: Stand) {
        drop(self.take(stand));
    }
}

impl Sessions for Desk {
    fn session(&self) -> Result<Arc<Session>, Fault> {
        match &*self.read() {
            Stand::Open(opened) => Ok(Arc::clone(&opened.session)),
            Stand::Broken(fault) => Err(fault.clone()),
            Stand::FirstStart => Err(Fault::new(Code::UnknownAccount)),
            Stand::Locked => Err(Fault::new(Code::Vault)),
            Stand::Between => Err(Fault::new(Code::Closing)),
        }
    }
}

impl Source for Desk {
    fn changes(&self) -> Option<broadcast::Receiver<Change>> {
        self.session().ok().map(|session| session.till.changes())
    }

    fn hello(&self) -> Answer<'_, Hello> {
        Box::pin(async {
            let _turn = self.turn().await;
            let preferences = match self.session() {
                Ok(session) => self.preferences().or_language(session.settings.desk.language),
                Err(_) => self.preferences(),
            };
            Hello { version: env!("CARGO_PKG_VERSION").to_owned(), preferences, place: self.place().await }
        })
    }
}

fn broken(fault: &HomeFault) -> Stand {
    tracing::error!(%fault, "no till could be opened");
    Stand::Broken(fault.into())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "desk_tests.rs"]
pub(crate) mod tests;
