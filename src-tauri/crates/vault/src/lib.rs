#![doc = include_str!("../README.md")]

mod chain_key;
mod codec;
mod credentials;
mod environment;
mod error;
mod files;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod keychain;
mod marker;
mod passphrase;
pub mod pin;
mod random;
mod sealed;
mod sealed_format;
mod vault;

pub use chain_key::{ChainKey, ChainKeySource, KeyId, KeyIdError};
pub use credentials::{Credentials, CredentialsSource};
pub use environment::Environment;
pub use error::VaultError;
pub use passphrase::{PassphraseRequest, PassphraseSource};
pub use sealed_format::SealCost;
pub use vault::Vault;

/// The environment variable with the sealed file's passphrase.
pub const PASSPHRASE_VARIABLE: &str = "VEZNE_PASSPHRASE";
/// The environment variable with the chain's key, as 64 hexadecimal digits.
pub const CHAIN_KEY_VARIABLE: &str = "VEZNE_CHAIN_KEY";
/// Set to anything but nothing or `0`, it keeps Vezne away from the operating system's keychain.
pub const NO_KEYCHAIN_VARIABLE: &str = "VEZNE_NO_KEYCHAIN";
/// The file that remembers, without a secret, where the chain's keys are.
pub const MARKER_FILE: &str = "vault.json";
/// The sealed file.
pub const SEALED_FILE: &str = "sealed.vault";
/// The key file of a desk that has no better place.
pub const KEY_FILE: &str = "chain.key";
