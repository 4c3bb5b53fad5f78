use std::path::PathBuf;

use crate::chain_key::{ChainKeySource, KeyId};
use crate::{CHAIN_KEY_VARIABLE, NO_KEYCHAIN_VARIABLE, PASSPHRASE_VARIABLE};

/// Why a secret cannot be had or kept. The words name what a person can do; none holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no keychain, it stays locked, or it does not answer.
    #[error(
        "the keychain cannot be used ({why}); unlock it, or keep the login in the sealed file or the environment \
         (`credentials` in config.toml; {NO_KEYCHAIN_VARIABLE}=1 stops asking the keychain)"
    )]
    KeychainUnavailable {
        /// What is in the way, in words.
        why: String,
    },
    /// The sealed file needs its passphrase and nobody gave it.
    #[error("the sealed file needs its passphrase; set {PASSPHRASE_VARIABLE} or answer the question for it")]
    PassphraseMissing,
    /// A new passphrase is too easy to guess.
    #[error("a new passphrase has at least {shortest} characters")]
    PassphraseTooShort {
        /// How many it needs.
        shortest: usize,
    },
    /// The passphrase does not open the file. A file that was changed at its beginning looks exactly the same.
    #[error(
        "the passphrase does not open {}; check it, and if it is surely right, the file was changed: restore it from a \
         backup",
        path.display()
    )]
    PassphraseWrong {
        /// Which file.
        path: PathBuf,
    },
    /// The file is not what Vezne wrote, whatever the passphrase.
    #[error("{} is damaged or was changed ({what}); restore it from a backup", path.display())]
    Tampered {
        /// Which file.
        path: PathBuf,
        /// What does not fit.
        what: &'static str,
    },
    /// The file comes from a newer Vezne.
    #[error("{} was written by a newer version of Vezne (format {version}); update this one", path.display())]
    TooNew {
        /// Which file.
        path: PathBuf,
        /// Its format.
        version: u64,
    },
    /// Nothing is kept there under that name.
    #[error("{what} is not kept here; store it first")]
    NotFound {
        /// What was looked for, and where.
        what: String,
    },
    /// An environment variable is not set, or empty.
    #[error("the environment variable {variable} is not set")]
    EnvironmentMissing {
        /// Its name.
        variable: String,
    },
    /// An environment variable is set to something that cannot be used.
    #[error("the environment variable {variable} must be {allowed}")]
    EnvironmentWrong {
        /// Its name.
        variable: String,
        /// What it may hold.
        allowed: &'static str,
    },
    /// That place cannot be written to.
    #[error("{place} cannot be written to")]
    ReadOnly {
        /// Which place.
        place: String,
    },
    /// The disk failed.
    #[error("{}: {cause}", path.display())]
    Disk {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Another program holds the vault for too long.
    #[error("another program is using the vault in {}; close it or try again", path.display())]
    Busy {
        /// The home folder.
        path: PathBuf,
    },
    /// The chain has a key, kept at a place that does not give it now. Making another one is a decision (a new epoch of the
    /// journal), never a fallback.
    #[error(
        "the journal's key {key_id} is kept in {place} and cannot be had now: {cause}; or set {CHAIN_KEY_VARIABLE}"
    )]
    ChainKeyElsewhere {
        /// Which key.
        key_id: KeyId,
        /// Where it was put.
        place: ChainKeySource,
        /// Why that place does not give it.
        cause: Box<VaultError>,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random numbers; no key can be made")]
    NoRandomness,
    /// The task was ended before it was done.
    #[error("interrupted while working on the vault")]
    Interrupted,
}
