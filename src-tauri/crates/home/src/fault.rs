//! Why a home can't be opened, by meaning.

use std::path::PathBuf;

use vezne_core::ports::JournalFault;
use vezne_settings::SettingsError;
use vezne_vault::VaultError;

/// Whose turn it is when a home can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultClass {
    /// The machine: disk, folder, lock, keychain, journal. `veznectl` exits 50.
    Environment,
    /// What the desk was told: `config.toml`. `veznectl` exits 2.
    Configuration,
}

/// Why a home can't be opened. Nothing was sent in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum HomeFault {
    /// The platform names no data folder, and nobody else did.
    #[error("no home folder: the platform names none; give one with --home or {}", crate::HOME_VARIABLE)]
    Nowhere,
    /// The folder can't be made.
    #[error("the home folder {} can't be used: {cause}", path.display())]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The settings can't be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// An account's settings can't be used together.
    #[error("account \u{201c}{account}\u{201d}: {why}")]
    Account {
        /// The account's name.
        account: String,
        /// What is wrong with it.
        why: String,
    },
    /// Another program owns the journal.
    #[error("{}", in_use(*pid))]
    InUse {
        /// Its process, where it is known.
        pid: Option<u32>,
    },
    /// A secret can't be had.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The journal can't be opened.
    #[error("{0}")]
    Journal(String),
    /// There is no journal yet.
    #[error("{0}")]
    NoJournal(String),
    /// The journal is damaged: a person may have it repaired ([`Home::repair`](crate::Home::repair)).
    #[error("the journal is damaged: {0}")]
    Damaged(String),
    /// The journal is gone, and backups of it are at hand.
    #[error("{0}")]
    Gone(String),
    /// The journal could not be repaired.
    #[error("{0}")]
    RepairFailed(String),
    /// The journal failed later.
    #[error(transparent)]
    JournalFault(#[from] JournalFault),
}

impl HomeFault {
    /// Whose turn it is.
    #[must_use]
    pub const fn class(&self) -> FaultClass {
        match self {
            Self::Settings(_) | Self::Account { .. } => FaultClass::Configuration,
            Self::Nowhere
            | Self::Folder { .. }
            | Self::InUse { .. }
            | Self::Vault(_)
            | Self::Journal(_)
            | Self::NoJournal(_)
            | Self::Damaged(_)
            | Self::Gone(_)
            | Self::RepairFailed(_)
            | Self::JournalFault(_) => FaultClass::Environment,
        }
    }

    /// The code for tables of words.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Nowhere | Self::Folder { .. } => "home_unusable",
            Self::Settings(_) | Self::Account { .. } => "configuration",
            Self::InUse { .. } => "journal_in_use",
            Self::Vault(_) => "vault",
            Self::Damaged(_) | Self::JournalFault(JournalFault::Damaged(_)) => "journal_damaged",
            Self::Gone(_) | Self::JournalFault(JournalFault::Gone(_)) => "journal_gone",
            Self::RepairFailed(_) => "journal_repair_failed",
            Self::JournalFault(JournalFault::DiskFull) => "disk_full",
            Self::Journal(_)
            | Self::NoJournal(_)
            | Self::JournalFault(
                JournalFault::KeyTaken
                | JournalFault::OverrideUsed
                | JournalFault::ReversalOpen
                | JournalFault::CloseOutrun
                | JournalFault::NotWritable(_)
                | JournalFault::Unreadable(_),
            ) => "journal",
        }
    }
}

fn in_use(pid: Option<u32>) -> String {
    match pid {
        Some(pid) => format!("the journal is in use by process {pid}: close that desk first, or wait until it is done"),
        None => "the journal is in use by another program: close that desk first, or wait until it is done".to_owned(),
    }
}
