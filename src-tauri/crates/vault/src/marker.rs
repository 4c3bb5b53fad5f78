//! What the vault remembers without a secret: where each chain key was put. Without it, a keychain that is locked today
//! would look like a desk that never had a key.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::chain_key::{ChainKey, ChainKeySource, KeyId};
use crate::error::VaultError;
use crate::{files, random};

const VERSION: u64 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Marker {
    version: u64,
    /// Keeps the logins of two homes on one machine apart in its one keychain.
    pub(crate) vault: String,
    /// Oldest first; the last one is in use.
    chain_keys: Vec<KeyPlace>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyPlace {
    pub(crate) key_id: KeyId,
    pub(crate) place: ChainKeySource,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u64,
}

impl Marker {
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, VaultError> {
        files::read(path)?.map(|bytes| Self::of(path, &bytes)).transpose()
    }

    /// The marker that these bytes are; `path` is for the error only.
    pub(crate) fn of(path: &Path, bytes: &[u8]) -> Result<Self, VaultError> {
        let damaged = |what| VaultError::Tampered { path: path.to_owned(), what };
        let version: VersionOnly = serde_json::from_slice(bytes).map_err(|_| damaged("not a marker of the vault"))?;
        if version.version > VERSION {
            return Err(VaultError::TooNew { path: path.to_owned(), version: version.version });
        }
        let marker: Self = serde_json::from_slice(bytes).map_err(|_| damaged("not a marker of the vault"))?;
        let named = marker.vault.len() == 16 && marker.vault.bytes().all(|digit| digit.is_ascii_hexdigit());
        if named && marker.version == VERSION { Ok(marker) } else { Err(damaged("not a marker of the vault")) }
    }

    pub(crate) fn fresh() -> Result<Self, VaultError> {
        let mut name = [0; 8];
        random::fill(&mut name)?;
        Ok(Self { version: VERSION, vault: random::hex(&name), chain_keys: Vec::new() })
    }

    /// Call with the marker's lock held.
    pub(crate) fn write(&self, path: &Path) -> Result<(), VaultError> {
        let failed = |_| VaultError::Tampered { path: path.to_owned(), what: "it cannot be written" };
        let mut text = serde_json::to_vec_pretty(self).map_err(failed)?;
        text.push(b'\n');
        files::replace(path, &text)
    }

    /// The key in use.
    pub(crate) fn current(&self) -> Option<&KeyPlace> {
        self.chain_keys.last()
    }

    /// Where that key was put.
    pub(crate) fn place_of(&self, id: &KeyId) -> Option<ChainKeySource> {
        self.chain_keys.iter().rev().find(|known| known.key_id == *id).map(|known| known.place)
    }

    /// From now on this key is in use.
    pub(crate) fn take_up(&mut self, key: &ChainKey) {
        self.chain_keys.retain(|known| known.key_id != *key.id());
        self.chain_keys.push(KeyPlace { key_id: key.id().clone(), place: key.place() });
    }
}
