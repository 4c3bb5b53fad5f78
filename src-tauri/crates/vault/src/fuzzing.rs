//! The vault's files, byte by byte, for the fuzzer: whoever has the disk may have changed them. Nothing here holds a secret
//! of a desk; the passphrase is a fixed one.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::codec::{pack, unpack};
use crate::error::VaultError;
use crate::marker::Marker;
use crate::sealed_format::{Header, SealCost, SealKey};

/// What errors call the file.
const NOWHERE: &str = "sealed.vault";

/// Reads a sealed file's bytes as opening it does, without the slow step: the header, whether the fixed key fits, the entries.
///
/// # Errors
/// What opening the file would say.
pub fn sealed(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, VaultError> {
    let path = Path::new(NOWHERE);
    Header::read(path, bytes)?;
    let key = key()?;
    if !key.fits(bytes) {
        return Err(VaultError::PassphraseWrong { path: path.to_owned() });
    }
    let entries = key.open(path, bytes)?;
    Ok(entries.into_iter().map(|(name, secret)| (name, secret.to_vec())).collect())
}

/// Seals entries under the fixed key.
///
/// # Errors
/// When the system gives no randomness.
pub fn seal(entries: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, VaultError> {
    let entries = entries.iter().map(|(name, secret)| (name.clone(), Zeroizing::new(secret.clone()))).collect();
    key()?.seal(Path::new(NOWHERE), &entries)
}

/// The parts that stand inside a seal, and the bytes that these parts are packed to.
#[must_use]
pub fn unpacked(bytes: &[u8]) -> Option<(usize, Vec<u8>)> {
    let parts = unpack(bytes)?;
    Some((parts.len(), pack(&parts).to_vec()))
}

/// Reads a vault's marker; how it would be written again.
///
/// # Errors
/// What opening the vault would say.
pub fn marker(bytes: &[u8]) -> Result<String, VaultError> {
    let marker = Marker::of(Path::new("vault.json"), bytes)?;
    serde_json::to_string(&marker)
        .map_err(|_| VaultError::Tampered { path: "vault.json".into(), what: "it cannot be written" })
}

fn key() -> Result<&'static SealKey, VaultError> {
    static KEY: OnceLock<Option<SealKey>> = OnceLock::new();
    let derived = || {
        let header = Header::with_salt(SealCost::CHEAP, *b"the fuzzer\'s own");
        header.derive(Path::new(NOWHERE), &SecretString::from("a fixed passphrase")).ok()
    };
    KEY.get_or_init(derived).as_ref().ok_or(VaultError::PassphraseMissing)
}
