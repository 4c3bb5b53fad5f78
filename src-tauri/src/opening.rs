//! Putting a till together for the window: the home's, with the bank's pages in windows of the desk's own.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use secrecy::SecretString;
use tauri::AppHandle;
use vezne_core::ports::BankPages;
use vezne_home::{
    Care, Home, HomeFault, Notices, OpenTill, Opening, PagesFrom, PagesParts, SettingsFrom, Started, secret_variables,
};
use vezne_journal::Repair;
use vezne_sandbox::Sandbox;
use vezne_till::Till;
use vezne_vault::{PassphraseSource, VaultError};

use crate::bank::{self, BankWindows, Ended, Told};
use crate::session::Session;
use crate::stream::Stream;
use crate::training;
use crate::view::{Code, DeskEvent, Fault, PrinterView, UnavailableView};
use crate::{PROGRAM, arguments};

/// Where the bank's windows keep what they need while they are open.
const PAGES_FOLDER: &str = "bank-pages";

/// The passphrase of the sealed file, as it was typed in the window. Kept until the desk is closed: the file is opened
/// again whenever a till is.
#[derive(Clone, Default)]
pub(crate) struct Passphrase(Arc<Mutex<Option<SecretString>>>);

impl Passphrase {
    /// One that is not the desk's.
    pub(crate) fn of(typed: SecretString) -> Self {
        Self(Arc::new(Mutex::new(Some(typed))))
    }

    /// Takes another one, or none, and answers the one before.
    pub(crate) fn change(&self, typed: Option<SecretString>) -> Option<SecretString> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), typed)
    }

    /// For the vault; nobody is waited for.
    pub(crate) fn source(&self) -> PassphraseSource {
        let typed = self.clone();
        PassphraseSource::prompt(move |_| typed.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// What every till of this desk needs from the window.
pub(crate) struct Front {
    /// `None` in tests, which have no screen: the bank's pages then go to a browser that is not there.
    app: Option<AppHandle>,
    stream: Arc<Stream>,
    pub(crate) passphrase: Passphrase,
}

impl Front {
    pub(crate) fn new(app: AppHandle, stream: Arc<Stream>) -> Self {
        Self { app: Some(app), stream, passphrase: Passphrase::default() }
    }

    #[cfg(test)]
    pub(crate) fn without_screen(stream: Arc<Stream>) -> Self {
        Self { app: None, stream, passphrase: Passphrase::default() }
    }
}

/// Why the sealed file stays shut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shut {
    /// Nobody has given its passphrase.
    Missing,
    /// Another passphrase opens it.
    Wrong(Fault),
}

impl Shut {
    fn of(fault: &HomeFault) -> Option<Self> {
        if is_passphrase_missing(fault) {
            return Some(Self::Missing);
        }
        let shown = Fault::from(fault);
        (shown.code == Code::PassphraseWrong).then_some(Self::Wrong(shown))
    }
}

/// An open till with all that must be closed with it.
pub(crate) struct Opened {
    /// What commands are given.
    pub(crate) session: Arc<Session>,
    /// Accounts that can't be used now.
    pub(crate) unavailable: Vec<UnavailableView>,
    /// An account's login is in the sealed file, which the passphrase did not open.
    pub(crate) shut_by_passphrase: Option<Shut>,
    open: OpenTill,
    /// The practice gateways, in training mode.
    sandbox: Option<Sandbox>,
}

impl Opened {
    /// Closes the bank's windows, the till and its journal, and ends the practice gateways.
    pub(crate) async fn close(self) {
        if let Some(windows) = &self.session.windows {
            windows.close_all();
        }
        self.open.close().await;
        if let Some(sandbox) = self.sandbox {
            sandbox.stop().await;
        }
    }
}

/// Opens the home's till.
///
/// # Errors
/// Why it can't be opened.
pub(crate) async fn real(home: &Home, front: &Front) -> Result<Opened, HomeFault> {
    let (opening, windows, till) = opening(home, front);
    let open = home.open_till(opening).await?;
    let opened = opened(open, &windows, &till, None);
    begin_papers(&opened, front).await;
    Ok(opened)
}

/// Opens a practice home's till, with its operators.
///
/// # Errors
/// Why it can't be opened; the practice gateways are ended then.
pub(crate) async fn practice(home: &Home, sandbox: Sandbox, front: &Front) -> Result<Opened, Fault> {
    let (mut opening, windows, till) = opening(home, front);
    // What is practised is thrown away at the next start.
    opening.care = None;
    opening.logins = training::logins().into_iter().map(|(id, login)| (id.to_owned(), login)).collect();
    let open = match home.open_till(opening).await {
        Ok(open) => open,
        Err(fault) => {
            sandbox.stop().await;
            return Err(fault.into());
        }
    };
    let added = training::add_operators(&open).await;
    let opened = opened(open, &windows, &till, Some(sandbox));
    match added {
        Ok(()) => {
            begin_papers(&opened, front).await;
            Ok(opened)
        }
        Err(fault) => {
            opened.close().await;
            Err(fault)
        }
    }
}

/// Repairs the home's journal, which no till may have open.
///
/// # Errors
/// Why it was not repaired; everything is as it was then.
pub(crate) async fn repair(home: &Home, front: &Front) -> Result<Repair, HomeFault> {
    let (opening, _windows, _till) = opening(home, front);
    let home = home.clone();
    // It reads and writes whole files, which nothing else may wait for.
    let runtime = tokio::runtime::Handle::current();
    let work = move || runtime.block_on(home.repair(&opening, &[]));
    let ended = tokio::task::spawn_blocking(work).await;
    ended.unwrap_or_else(|error| Err(HomeFault::RepairFailed(error.to_string())))
}

/// The journal's file.
pub(crate) fn journal(home: &Home) -> PathBuf {
    home.folder().join("journal.db")
}

/// Deletes what the bank's windows of an earlier run left: it may have ended badly, and perhaps no till is opened now that
/// would do it.
pub(crate) fn sweep_pages(home: &Home) {
    for home in [home, &training::home(home)] {
        bank::sweep(&home.folder().join(PAGES_FOLDER));
    }
}

/// Whether a till could not be opened only because nobody has given the sealed file's passphrase.
pub(crate) fn is_passphrase_missing(fault: &HomeFault) -> bool {
    match fault {
        HomeFault::Vault(VaultError::ChainKeyElsewhere { cause, .. }) => {
            matches!(**cause, VaultError::PassphraseMissing)
        }
        HomeFault::Vault(error) => matches!(error, VaultError::PassphraseMissing),
        HomeFault::Nowhere
        | HomeFault::Folder { .. }
        | HomeFault::Settings(_)
        | HomeFault::Account { .. }
        | HomeFault::InUse { .. }
        | HomeFault::Journal(_)
        | HomeFault::NoJournal(_)
        | HomeFault::Damaged(_)
        | HomeFault::Gone(_)
        | HomeFault::RepairFailed(_)
        | HomeFault::JournalFault(_) => false,
    }
}

/// The bank's windows and the till are made while the home is opened, and each needs the other.
type Slot<T> = Arc<OnceLock<T>>;

fn opening(home: &Home, front: &Front) -> (Opening, Slot<Arc<BankWindows>>, Slot<Till>) {
    let (windows, till): (Slot<Arc<BankWindows>>, Slot<Till>) = (Arc::default(), Arc::default());
    let opener = Started {
        arguments: vec![arguments::OPEN_PAGE.into()],
        // Settings that can't be read open no till, and so no page.
        hidden: secret_variables(home.settings().ok().as_ref()),
    };
    // The windows hold what sends the notices, which must not hold them in turn.
    let noticed: Slot<Weak<BankWindows>> = Arc::default();
    let of_notices = Arc::clone(&noticed);
    let notices: Notices = Arc::new(move |notice| {
        if let Some(windows) = of_notices.get().and_then(Weak::upgrade) {
            windows.noticed(notice);
        }
    });
    let pages = match front.app.clone() {
        None => PagesFrom::Loopback,
        Some(app) => {
            let (told, ended) = (told(front), ended(&till));
            let (windows, folder) = (Arc::clone(&windows), home.folder().join(PAGES_FOLDER));
            PagesFrom::Made(Arc::new(move |parts: PagesParts| {
                let (told, ended) = (Arc::clone(&told), Arc::clone(&ended));
                let made = BankWindows::new(app.clone(), parts, folder.clone(), told, ended);
                let _made_once = (noticed.set(Arc::downgrade(&made)), windows.set(Arc::clone(&made)));
                let pages: Arc<dyn BankPages> = made;
                pages
            }))
        }
    };
    let opening = Opening {
        program: PROGRAM,
        passphrase: front.passphrase.source(),
        settings: SettingsFrom::File,
        logins: HashMap::new(),
        opener: if front.app.is_some() { opener.opener() } else { Arc::new(|_| Err("there is no screen".to_owned())) },
        notices,
        pages,
        settings_may_be_missing: true,
        care: Some(Care::daily()),
        new_chain_key: false,
    };
    (opening, windows, till)
}

fn told(front: &Front) -> Told {
    let stream = Arc::clone(&front.stream);
    Arc::new(move |page| stream.tell(DeskEvent::BankPage { page }))
}

/// A page that ended before the till was there belongs to nothing that this till knows of.
fn ended(till: &Slot<Till>) -> Ended {
    let till = Arc::clone(till);
    Arc::new(move |attempt, end| {
        if let Some(till) = till.get().cloned() {
            tauri::async_runtime::spawn(async move { till.page_gone(attempt, end).await });
        }
    })
}

/// Takes up the printer's queue, tells the window of each change of it, and prints by itself where that is wanted. All of it
/// ends with the till.
async fn begin_papers(opened: &Opened, front: &Front) {
    let (papers, stream) = (opened.session.papers.clone(), Arc::clone(&front.stream));
    papers.start_printing().await;
    let followed = papers.clone();
    let following = tokio::spawn(followed.follow(move |papers, queue| {
        let printer = PrinterView::with(papers, queue);
        stream.tell(DeskEvent::Printer { printer });
    }));
    let changes = opened.session.till.changes();
    tokio::spawn(async move {
        papers.print_after_approval(changes).await;
        following.abort();
    });
}

fn opened(open: OpenTill, windows: &Slot<Arc<BankWindows>>, till: &Slot<Till>, sandbox: Option<Sandbox>) -> Opened {
    let _set_once = till.set(open.till.clone());
    let session = Session {
        till: open.till.clone(),
        journal: Arc::clone(&open.journal),
        papers: open.papers.clone(),
        clock: Arc::clone(&open.ports.clock),
        settings: open.settings.clone(),
        accounts: open.accounts().clone(),
        windows: windows.get().cloned(),
        chain_key: open.chain_key.clone(),
        training: sandbox.is_some().then(training::table),
        shown: Mutex::default(),
        next_list: AtomicU32::new(1),
    };
    Opened {
        session: Arc::new(session),
        unavailable: open.unavailable.iter().map(UnavailableView::from).collect(),
        shut_by_passphrase: open.unavailable.iter().find_map(|one| Shut::of(&one.fault)),
        open,
        sandbox,
    }
}
