//! Opening a home: for taking payments, or for looking.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use vezne_core::account::{Account, AccountRef};
use vezne_core::ids::AccountId;
use vezne_core::ports::{BankPages, Clock, Entropy, JournalFault, Ports};
use vezne_core::time::Timestamp;
use vezne_journal::{Journal, Keys, Lock, LockFault, OpenFault, Repair, Start};
use vezne_settings::{Settings, SettingsError};
use vezne_till::{Served, Till, TillParts};
use vezne_vault::{ChainKey, Credentials, MARKER_FILE, PassphraseSource, Vault, VaultError};
use zeroize::Zeroizing;

use crate::accounts::{Logins, Unavailable, served};
use crate::care::Care;
use crate::loopback::{Loopback, Notices, Opener, Returned};
use crate::papers::{Papers, PapersParts};
use crate::pins::VaultPins;
use crate::world::{OsEntropy, SystemClock};
use crate::{Home, HomeFault, Logs};

/// How a home is opened.
#[derive(Clone)]
pub struct Opening {
    /// The program's name: its log files carry it.
    pub program: &'static str,
    /// Where the sealed file's passphrase comes from.
    pub passphrase: PassphraseSource,
    /// Where the settings come from.
    pub settings: SettingsFrom,
    /// Logins by account id, taken before the vault is asked: those of training mode, which are no secrets.
    pub logins: HashMap<String, Credentials>,
    /// What opens the bank's page in the system's browser.
    pub opener: Opener,
    /// Whoever is told about the bank's page in the system's browser.
    pub notices: Notices,
    /// Who shows the bank's pages.
    pub pages: PagesFrom,
    /// Whether the desk may do without a `config.toml`: it then has no accounts.
    pub settings_may_be_missing: bool,
    /// How the journal is cared for beside the running till; `None` where the till is too short-lived for that, and in
    /// practice.
    pub care: Option<Care>,
    /// Whether a new chain key is made because the old one is lost: a person's decision.
    pub new_chain_key: bool,
}

/// Where a home's settings come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsFrom {
    /// Its `config.toml`.
    File,
    /// From whoever opens it; its `config.toml`, if there is one, is not read.
    Given(Box<Settings>),
}

/// Who shows the bank's pages.
#[derive(Clone)]
pub enum PagesFrom {
    /// The loop-back, in the system's browser.
    Loopback,
    /// What this makes: pages in windows of its own, with the loop-back for the system's browser.
    Made(MakePages),
}

/// Makes the bank's pages.
pub type MakePages = Arc<dyn Fn(PagesParts) -> Arc<dyn BankPages> + Send + Sync>;

/// What the bank's pages can be made from.
pub struct PagesParts {
    /// The way through the system's browser.
    pub loopback: Arc<Loopback>,
    /// Randomness for nonces.
    pub entropy: Arc<dyn Entropy>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// What the desk was told.
    pub settings: Settings,
    /// Where returns that are caught elsewhere are handed in; they go to the till like the loop-back's own.
    pub returns: mpsc::Sender<Returned>,
}

/// A till at work, with what it was put together from. Its journal's lock is held until it is closed.
pub struct OpenTill {
    /// The till.
    pub till: Till,
    /// What the desk was told.
    pub settings: Settings,
    /// Accounts that are configured and can't be used now.
    pub unavailable: Vec<Unavailable>,
    /// What opening the journal found.
    pub start: Start,
    /// Where the log is.
    pub logs: Logs,
    /// The till's ports.
    pub ports: Ports,
    /// The journal, for lists, exports and repair.
    pub journal: Arc<Journal>,
    /// The chain's present key; PINs are hashed under it.
    pub chain_key: ChainKey,
    /// Receipts, and the way to the printer. Nothing is printed until that is begun.
    pub papers: Papers,
    accounts: HashMap<AccountId, Account>,
    forwarding: JoinHandle<()>,
    care: Option<JoinHandle<()>>,
}

/// A home opened for looking: nothing is locked, and nothing is written but the log.
pub struct OpenReading {
    /// The journal, read only.
    pub journal: Journal,
    /// The chain's key, or why it can't be had; without it nothing can be verified, and everything can be shown.
    pub chain_key: Result<ChainKey, VaultError>,
}

impl Home {
    /// The settings.
    ///
    /// # Errors
    /// [`HomeFault::Settings`].
    pub fn settings(&self) -> Result<Settings, HomeFault> {
        Ok(Settings::read(&self.config())?)
    }

    /// The vault of this home.
    #[must_use]
    pub fn vault(&self, passphrase: PassphraseSource) -> Vault {
        Vault::open(self.folder(), passphrase)
    }

    /// Puts the till together: settings, logs, lock, vault, journal, gateways, till, in this order.
    ///
    /// # Errors
    /// A [`HomeFault`]; nothing was sent then, and nobody else was disturbed.
    pub async fn open_till(&self, opening: Opening) -> Result<OpenTill, HomeFault> {
        let settings = self.settings_for(&opening)?;
        self.create()?;
        let logs = Logs::begin(&self.logs(), opening.program);
        let lock = lock(self)?;
        let vault = self.vault(opening.passphrase.clone());
        let chain_key =
            if opening.new_chain_key { vault.begin_new_chain_key().await? } else { vault.chain_key().await? };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let keys = keys(&vault, &chain_key);
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let opened = Journal::open(lock, keys, Arc::clone(&entropy), clock.now()).await;
        let (journal, start) = opened.map_err(|fault| of_open(&fault))?;
        let journal = Arc::new(journal);
        let logins = Logins { given: &opening.logins, vault: &vault };
        let (served, unavailable) = all_served(&settings, &logins, &clock).await;
        go_on_counting(&journal, &served, clock.now()).await?;
        let (loopback, returns) = Loopback::new(Arc::clone(&entropy), opening.opener, opening.notices);
        let pages = made(opening.pages, loopback, (&entropy, &clock), &settings);
        let ports = Ports {
            journal: journal.clone(),
            clock,
            entropy,
            pages,
            pins: Arc::new(VaultPins::new(vault, chain_key.clone())),
        };
        let accounts = served.iter().map(|(id, one)| (id.clone(), one.account.clone())).collect();
        let till =
            Till::start(TillParts { ports: ports.clone(), accounts: served, time_zone: time_zone(&settings) }).await?;
        let forwarding = tokio::spawn(forward(returns, till.clone()));
        let care = opening.care.map(|care| tokio::spawn(care.take(Arc::clone(&journal), Arc::clone(&ports.clock))));
        tracing::info!(epoch = start.epoch, unavailable = unavailable.len(), "the till is open");
        let papers = Papers::new(PapersParts {
            home: self.folder().to_owned(),
            training: self.is_practice(),
            journal: Arc::clone(&journal),
            clock: Arc::clone(&ports.clock),
            zone: time_zone(&settings),
            settings: settings.clone(),
        });
        Ok(OpenTill {
            till,
            settings,
            unavailable,
            start,
            logs,
            ports,
            journal,
            chain_key,
            papers,
            accounts,
            forwarding,
            care,
        })
    }

    /// Opens the journal for reading, beside a running desk.
    ///
    /// # Errors
    /// A [`HomeFault`] when there is no journal, or it can't be read.
    pub async fn open_reading(&self, opening: &Opening) -> Result<OpenReading, HomeFault> {
        let _best_effort = Logs::begin(&self.logs(), opening.program);
        let vault = self.vault(opening.passphrase.clone());
        // Asking for a key that was never made would make it; whoever only looks makes nothing.
        let chain_key = if self.folder().join(MARKER_FILE).exists() {
            vault.chain_key().await
        } else {
            Err(VaultError::NotFound { what: "the journal's key".to_owned() })
        };
        let keys = match &chain_key {
            Ok(key) => keys(&vault, key),
            // A key that no event names: everything is readable, nothing verifiable.
            Err(_) => older_only(&vault),
        };
        let journal = Journal::open_read_only(self.folder(), keys).await.map_err(|fault| of_open(&fault))?;
        Ok(OpenReading { journal, chain_key })
    }

    /// Repairs the journal: sets the damaged files aside and puts together what they and the backups still hold. `more` are
    /// backups from elsewhere. A person decides this.
    ///
    /// # Errors
    /// A [`HomeFault`]; everything is as it was then.
    pub async fn repair(&self, opening: &Opening, more: &[std::path::PathBuf]) -> Result<Repair, HomeFault> {
        let _best_effort = Logs::begin(&self.logs(), opening.program);
        if !self.folder().is_dir() {
            return Err(HomeFault::Journal(format!("there is no home at {}", self.folder().display())));
        }
        let lock = lock(self)?;
        let vault = self.vault(opening.passphrase.clone());
        let chain_key = vault.chain_key().await?;
        let keys = keys(&vault, &chain_key);
        let repaired = vezne_journal::repair(lock, keys, Arc::new(OsEntropy), more, SystemClock.now()).await;
        let repaired = repaired.map_err(|fault| HomeFault::RepairFailed(fault.to_string()))?;
        tracing::warn!(?repaired, "the journal was repaired");
        Ok(repaired)
    }

    /// One account with its gateway and nothing else: for questions that move no money.
    ///
    /// # Errors
    /// `None` inside when no account has this name or id; [`HomeFault`] when it can't be used.
    pub async fn account(&self, name: &str, opening: &Opening) -> Result<Option<Served>, HomeFault> {
        let settings = self.settings_for(opening)?;
        let Some(account) = find(&settings, name) else { return Ok(None) };
        let _best_effort = Logs::begin(&self.logs(), opening.program);
        let vault = self.vault(opening.passphrase.clone());
        let logins = Logins { given: &opening.logins, vault: &vault };
        served(account, &settings.timeouts, &logins, Arc::new(SystemClock)).await.map(Some)
    }

    fn settings_for(&self, opening: &Opening) -> Result<Settings, HomeFault> {
        let read = match &opening.settings {
            SettingsFrom::File => self.settings(),
            SettingsFrom::Given(settings) => Ok(settings.as_ref().clone()),
        };
        match read {
            Err(HomeFault::Settings(SettingsError::Missing { .. })) if opening.settings_may_be_missing => {
                Ok(Settings::parse("", "config.toml")?)
            }
            read => read,
        }
    }
}

impl OpenTill {
    /// The account of this name or id.
    ///
    /// # Errors
    /// Why it can't be used now, if it is configured; `None` inside when it is not.
    pub fn account(&mut self, name: &str) -> Result<Option<AccountId>, HomeFault> {
        let is_it = |one: &&Account| one.reference.name.as_str() == name || one.reference.id.as_str() == name;
        if let Some(AccountRef { id, .. }) = self.accounts.values().find(is_it).map(|one| &one.reference) {
            return Ok(Some(id.clone()));
        }
        match self.unavailable.iter().position(|one| one.name == name) {
            Some(place) => Err(self.unavailable.swap_remove(place).fault),
            None => Ok(None),
        }
    }

    /// The accounts that can be used now.
    #[must_use]
    pub const fn accounts(&self) -> &HashMap<AccountId, Account> {
        &self.accounts
    }

    /// Ends the till and closes the journal: when this returns, everything is on the disk and the lock is free. What is
    /// under way stays written down.
    pub async fn close(self) {
        let Self { till, ports, journal, papers, forwarding, care, .. } = self;
        papers.stop_printing().await;
        till.close().await;
        forwarding.abort();
        if let Some(care) = care {
            // What it was making is removed by the next one.
            care.abort();
        }
        drop((till, ports, papers));
        journal.close().await;
    }
}

/// The account of this name or id in the settings.
fn find<'a>(settings: &'a Settings, name: &str) -> Option<&'a vezne_settings::AccountSettings> {
    settings.accounts.iter().find(|account| account.name == name || account.id == name)
}

fn lock(home: &Home) -> Result<Lock, HomeFault> {
    Lock::acquire(home.folder()).map_err(|fault| match fault {
        LockFault::LockedBy { pid } => HomeFault::InUse { pid },
        LockFault::Fault(fault) => HomeFault::JournalFault(fault),
    })
}

async fn all_served(
    settings: &Settings,
    logins: &Logins<'_>,
    clock: &Arc<dyn Clock>,
) -> (HashMap<AccountId, Served>, Vec<Unavailable>) {
    let (mut accounts, mut unavailable) = (HashMap::new(), Vec::new());
    for account in &settings.accounts {
        match served(account, &settings.timeouts, logins, Arc::clone(clock)).await {
            Ok(one) => {
                accounts.insert(one.account.reference.id.clone(), one);
            }
            Err(fault) => {
                tracing::warn!(account = account.id, %fault, "an account can't be used");
                unavailable.push(Unavailable { name: account.name.clone(), fault });
            }
        }
    }
    (accounts, unavailable)
}

fn made(
    pages: PagesFrom,
    loopback: Arc<Loopback>,
    (entropy, clock): (&Arc<dyn Entropy>, &Arc<dyn Clock>),
    settings: &Settings,
) -> Arc<dyn BankPages> {
    match pages {
        PagesFrom::Loopback => loopback,
        PagesFrom::Made(make) => {
            let returns = loopback.returns();
            let (entropy, clock) = (Arc::clone(entropy), Arc::clone(clock));
            make(PagesParts { loopback, entropy, clock, settings: settings.clone(), returns })
        }
    }
}

/// The desk's time zone; the settings know it to the built-in table, so UTC is never taken.
fn time_zone(settings: &Settings) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(&settings.desk.timezone).unwrap_or(jiff::tz::TimeZone::UTC)
}

async fn forward(mut returns: mpsc::Receiver<Returned>, till: Till) {
    while let Some(returned) = returns.recv().await {
        till.returned(returned.attempt, returned.hint).await;
    }
}

fn of_open(fault: &OpenFault) -> HomeFault {
    match fault {
        OpenFault::Damaged(words) => HomeFault::Damaged(words.clone()),
        OpenFault::Gone(_) => HomeFault::Gone(fault.to_string()),
        OpenFault::Missing(_) => HomeFault::NoJournal(fault.to_string()),
        OpenFault::Fault(fault @ (JournalFault::DiskFull | JournalFault::Gone(_))) => {
            HomeFault::JournalFault(fault.clone())
        }
        OpenFault::Newer { .. }
        | OpenFault::Foreign { .. }
        | OpenFault::NotAJournal(_)
        | OpenFault::Older { .. }
        | OpenFault::NoBackup(_)
        | OpenFault::Fault(_) => HomeFault::Journal(fault.to_string()),
    }
}

fn keys(vault: &Vault, current: &ChainKey) -> Keys {
    let older = vault.clone();
    Keys::new(of_journal(current), move |id| look_up(&older, id))
}

fn older_only(vault: &Vault) -> Keys {
    let older = vault.clone();
    Keys::new(vezne_journal::ChainKey::new("none", Zeroizing::new([0; 32])), move |id| look_up(&older, id))
}

fn of_journal(key: &ChainKey) -> vezne_journal::ChainKey {
    vezne_journal::ChainKey::new(key.id().as_str(), Zeroizing::new(*key.expose()))
}

/// An older epoch's key. The journal asks from inside its own work, so the vault's waiting happens on a thread of its own,
/// whatever runtime this is.
fn look_up(vault: &Vault, id: &str) -> Option<vezne_journal::ChainKey> {
    let id = id.parse().ok()?;
    let vault = vault.clone();
    let asked = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().ok()?;
        runtime.block_on(vault.chain_key_by_id(&id)).ok()
    });
    asked.join().ok().flatten().map(|key| of_journal(&key))
}

/// Tells each gateway what an earlier run of the desk sent within its minute: `veznectl` is a new program for every
/// payment, and the gateway counts them all.
async fn go_on_counting(
    journal: &Journal,
    accounts: &HashMap<AccountId, Served>,
    now: Timestamp,
) -> Result<(), HomeFault> {
    let since = Timestamp::from_millis(now.as_millis().saturating_sub(60_000));
    for (id, served) in accounts {
        for at in journal.sent_since(id, since).await? {
            served.gateway.sent_before(at);
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
