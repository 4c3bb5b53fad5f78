use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretBox};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::random;

/// The key that chains the journal's events: 32 bytes, wiped when dropped.
#[derive(Clone)]
pub struct ChainKey {
    id: KeyId,
    place: ChainKeySource,
    /// Shared by the clones: one copy to wipe.
    bytes: Arc<SecretBox<[u8; 32]>>,
}

impl ChainKey {
    pub(crate) fn new(bytes: &[u8; 32], place: ChainKeySource) -> Self {
        Self { id: KeyId::of(bytes), place, bytes: Arc::new(SecretBox::new(Box::new(*bytes))) }
    }

    /// A fresh one.
    pub(crate) fn make(place: ChainKeySource) -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0; 32]);
        random::fill(&mut *bytes)?;
        Ok(Self::new(&bytes, place))
    }

    pub(crate) fn from_slice(bytes: &[u8], place: ChainKeySource) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self::new(bytes, place))
    }

    /// From 64 hexadecimal digits of either case.
    pub(crate) fn from_hex(text: &str, place: ChainKeySource) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).ok()?;
            // `from_str_radix` takes a sign too.
            *byte = u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
        }
        Some(Self::new(&bytes, place))
    }

    /// Its name, written into each event; says nothing about the key.
    #[must_use]
    pub const fn id(&self) -> &KeyId {
        &self.id
    }

    /// Where it is kept: what the chain proves depends on it.
    #[must_use]
    pub const fn place(&self) -> ChainKeySource {
        self.place
    }

    /// The key itself, for the hash of an event. Do not copy it.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        // Exposed to the caller's keyed hash.
        self.bytes.expose_secret()
    }
}

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChainKey").field("id", &self.id).field("place", &self.place).finish_non_exhaustive()
    }
}

/// The name of a chain key: the first eight hexadecimal digits of SHA-256 over `vezne chain key id` and the key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(String);

/// The text is not the name of a chain key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key id is eight hexadecimal digits in lower case")]
pub struct KeyIdError;

impl KeyId {
    fn of(key: &[u8; 32]) -> Self {
        let digest = Sha256::new().chain_update(b"vezne chain key id").chain_update(key).finalize();
        Self(random::hex(digest.as_slice()).chars().take(8).collect())
    }

    /// Its eight digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = text.len() == 8 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        if fits { Ok(Self(text.to_owned())) } else { Err(KeyIdError) }
    }
}

impl TryFrom<String> for KeyId {
    type Error = KeyIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a chain key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChainKeySource {
    /// In the operating system's keychain.
    Keychain,
    /// In the sealed file.
    Sealed,
    /// In `VEZNE_CHAIN_KEY`.
    Environment,
    /// In a plain file beside the journal: whoever can change the journal can read it, so the chain then proves
    /// accident, not malice. `doctor` warns.
    PlainFile,
}

impl fmt::Display for ChainKeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keychain => "the keychain",
            Self::Sealed => "the sealed file",
            Self::Environment => "the environment",
            Self::PlainFile => "a plain key file",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ChainKey, ChainKeySource, KeyId};

    #[test]
    fn a_key_is_named_by_its_digest_and_does_not_show_itself() {
        let key = ChainKey::from_hex(&"a5".repeat(32), ChainKeySource::Environment).unwrap();
        assert_eq!(key.expose(), &[0xa5; 32]);
        assert_eq!(key.id(), ChainKey::new(&[0xa5; 32], ChainKeySource::Keychain).id());
        assert_ne!(key.id(), ChainKey::new(&[0xa6; 32], ChainKeySource::Keychain).id());
        let shown = format!("{key:?}");
        assert!(!shown.contains("a5a5") && !shown.contains("165, 165") && shown.contains(key.id().as_str()), "{shown}");
    }

    #[test]
    fn only_64_hexadecimal_digits_are_a_key() {
        for wrong in ["", "a5", &"a5".repeat(33), &"+5".repeat(32), &"g5".repeat(32), &"ğ".repeat(32)] {
            assert!(ChainKey::from_hex(wrong, ChainKeySource::Environment).is_none(), "{wrong}");
        }
        assert!(ChainKey::from_hex(&"A5".repeat(32), ChainKeySource::Environment).is_some());
    }

    #[test]
    fn a_key_id_is_read_only_as_it_is_written() {
        assert!("0123abcd".parse::<KeyId>().is_ok());
        for wrong in ["0123ABCD", "0123abc", "0123abcde", "0123abcg", ""] {
            assert!(wrong.parse::<KeyId>().is_err(), "{wrong}");
        }
    }
}
