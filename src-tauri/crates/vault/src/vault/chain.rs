//! The chain's key: made once, found again, never replaced silently.

use std::path::PathBuf;

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::chain_key::{ChainKey, ChainKeySource, KeyId};
use crate::environment::Environment;
use crate::error::VaultError;
use crate::keychain::Keychain;
use crate::marker::Marker;
use crate::passphrase::{PassphraseRequest, PassphraseSource};
use crate::sealed::Sealed;
use crate::{CHAIN_KEY_VARIABLE, KEY_FILE, NO_KEYCHAIN_VARIABLE, files};

/// Every place that a secret of this home may be in.
pub(super) struct Places {
    pub(super) home: PathBuf,
    pub(super) marker: PathBuf,
    pub(super) environment: Environment,
    pub(super) sealed: Sealed,
    pub(super) keychain: Box<dyn Keychain>,
}

impl Places {
    pub(super) fn marker(&self) -> Result<Option<Marker>, VaultError> {
        Marker::read(&self.marker)
    }

    /// The marker, made when there is none, so that the vault has its name.
    pub(super) fn named_marker(&self) -> Result<Marker, VaultError> {
        let _lock = files::lock(&self.marker)?;
        if let Some(marker) = self.marker()? {
            return Ok(marker);
        }
        let marker = Marker::fresh()?;
        marker.write(&self.marker)?;
        Ok(marker)
    }

    pub(super) fn chain_key(&self) -> Result<ChainKey, VaultError> {
        if let Some(id) = self.marker()?.as_ref().and_then(Marker::current).map(|known| known.key_id.clone()) {
            return self.chain_key_by_id(&id);
        }
        let lock = files::lock(&self.marker)?;
        // Another program may have made it while this one waited.
        let mut marker = match self.marker()? {
            Some(marker) => marker,
            None => Marker::fresh()?,
        };
        if let Some(known) = marker.current() {
            drop(lock);
            return self.chain_key_by_id(&known.key_id);
        }
        let key = match self.left_behind()? {
            Some(key) => key,
            None => self.make_in_best_place()?,
        };
        marker.take_up(&key);
        marker.write(&self.marker)?;
        Ok(key)
    }

    pub(super) fn begin_new_chain_key(&self) -> Result<ChainKey, VaultError> {
        let _lock = files::lock(&self.marker)?;
        let mut marker = match self.marker()? {
            Some(marker) => marker,
            None => Marker::fresh()?,
        };
        let given = self.environment_key().ok().filter(|key| marker.place_of(key.id()).is_none());
        let key = match given {
            Some(key) => key,
            None => self.make_and_keep()?,
        };
        marker.take_up(&key);
        marker.write(&self.marker)?;
        Ok(key)
    }

    pub(super) fn chain_key_by_id(&self, id: &KeyId) -> Result<ChainKey, VaultError> {
        let remembered = self.marker()?.and_then(|marker| marker.place_of(id));
        let not_found = || VaultError::NotFound { what: format!("the journal's key {id}") };
        let mut cause = not_found();
        if let Some(place) = remembered {
            match self.look(place, id) {
                Ok(Some(key)) => return Ok(key),
                Ok(None) => {}
                Err(error) => cause = error,
            }
        }
        // A key may have been moved by hand: a place that is shut is no obstacle to the others.
        for place in [ChainKeySource::Environment, ChainKeySource::PlainFile, ChainKeySource::Keychain] {
            if remembered != Some(place)
                && let Ok(Some(key)) = self.look(place, id)
            {
                return Ok(key);
            }
        }
        if remembered != Some(ChainKeySource::Sealed) && self.sealed.exists() {
            match self.look(ChainKeySource::Sealed, id) {
                Ok(Some(key)) => return Ok(key),
                Ok(None) => {}
                Err(error) if remembered.is_none() => return Err(error),
                Err(error) => tracing::debug!(%error, "the sealed file could not be searched for a chain key"),
            }
        }
        Err(match remembered {
            Some(place) => VaultError::ChainKeyElsewhere { key_id: id.clone(), place, cause: Box::new(cause) },
            None => cause,
        })
    }

    pub(super) fn chain_key_is_lost(&self, id: &KeyId) -> Result<bool, VaultError> {
        if self.chain_key_by_id(id).is_ok() {
            return Ok(false);
        }
        Ok(match self.marker()?.and_then(|marker| marker.place_of(id)) {
            Some(place) => self.is_open_without(place, id),
            None => {
                let others = [ChainKeySource::Environment, ChainKeySource::PlainFile, ChainKeySource::Sealed];
                // A keychain that was switched off is none.
                let keychain =
                    self.environment.is_on(NO_KEYCHAIN_VARIABLE) || self.is_open_without(ChainKeySource::Keychain, id);
                keychain && others.into_iter().all(|place| self.is_open_without(place, id))
            }
        })
    }

    fn is_open_without(&self, place: ChainKeySource, id: &KeyId) -> bool {
        matches!(
            self.look(place, id),
            Ok(None) | Err(VaultError::NotFound { .. } | VaultError::EnvironmentMissing { .. })
        )
    }

    /// That key in that place, or nothing when it is open and does not have it.
    fn look(&self, place: ChainKeySource, id: &KeyId) -> Result<Option<ChainKey>, VaultError> {
        let key = match place {
            ChainKeySource::Keychain => {
                let bytes = self.keychain.read(&entry(id))?;
                bytes.and_then(|bytes| ChainKey::from_slice(&bytes, place))
            }
            ChainKeySource::Sealed => {
                let bytes = self.sealed.read(&entry(id))?;
                bytes.and_then(|bytes| ChainKey::from_slice(&bytes, place))
            }
            ChainKeySource::Environment => Some(self.environment_key()?),
            ChainKeySource::PlainFile => self.plain_keys()?.into_iter().find(|key| key.id() == id),
        };
        Ok(key.filter(|key| key.id() == id))
    }

    fn environment_key(&self) -> Result<ChainKey, VaultError> {
        let text = self.environment.get(CHAIN_KEY_VARIABLE)?;
        // Exposed to be read as digits, into memory that wipes itself.
        ChainKey::from_hex(text.expose_secret(), ChainKeySource::Environment).ok_or_else(|| {
            VaultError::EnvironmentWrong { variable: CHAIN_KEY_VARIABLE.to_owned(), allowed: "64 hexadecimal digits" }
        })
    }

    /// A key that a first start wrote and died before remembering.
    fn left_behind(&self) -> Result<Option<ChainKey>, VaultError> {
        Ok(self.plain_keys()?.pop())
    }

    /// On first use a key that someone set on purpose comes before one of our own making.
    fn make_in_best_place(&self) -> Result<ChainKey, VaultError> {
        match self.environment_key() {
            Err(VaultError::EnvironmentMissing { .. }) => self.make_and_keep(),
            given => given,
        }
    }

    /// A fresh key in the keychain, else in the sealed file, else in a plain one.
    fn make_and_keep(&self) -> Result<ChainKey, VaultError> {
        let key = ChainKey::make(ChainKeySource::Keychain)?;
        match self.keep_in_keychain(&key) {
            Ok(()) => return Ok(key),
            Err(error) => tracing::info!(%error, "the chain's key does not go into the keychain"),
        }
        if self.sealed_is_in_use() {
            let key = ChainKey::new(key.expose(), ChainKeySource::Sealed);
            self.sealed.write(&entry(key.id()), key.expose())?;
            return Ok(key);
        }
        let key = ChainKey::new(key.expose(), ChainKeySource::PlainFile);
        self.keep_in_plain_file(&key)?;
        tracing::warn!(file = KEY_FILE, "the chain's key is in a plain file: the chain proves accident, not malice");
        Ok(key)
    }

    /// Written and read again: a keychain that forgets at once would break the chain at the next start.
    fn keep_in_keychain(&self, key: &ChainKey) -> Result<(), VaultError> {
        let name = entry(key.id());
        self.keychain.write(&name, key.expose())?;
        match self.keychain.read(&name)? {
            Some(kept) if kept.as_slice() == key.expose() => Ok(()),
            Some(_) | None => {
                Err(VaultError::KeychainUnavailable { why: "it did not keep what it was given".to_owned() })
            }
        }
    }

    /// Whether a sealed file is there or its passphrase is set. A person is not asked to choose one just for this.
    fn sealed_is_in_use(&self) -> bool {
        let set = PassphraseSource::Environment.get(&self.environment, PassphraseRequest::Open).is_ok();
        set || self.sealed.exists()
    }

    /// The plain file's keys, oldest first: one a line, in hexadecimal.
    fn plain_keys(&self) -> Result<Vec<ChainKey>, VaultError> {
        let path = self.home.join(KEY_FILE);
        let Some(bytes) = files::read(&path)? else { return Ok(Vec::new()) };
        let damaged = || VaultError::Tampered { path: path.clone(), what: "not lines of 64 hexadecimal digits" };
        let text = std::str::from_utf8(&bytes).map_err(|_| damaged())?;
        text.lines().map(|line| ChainKey::from_hex(line, ChainKeySource::PlainFile).ok_or_else(damaged)).collect()
    }

    fn keep_in_plain_file(&self, key: &ChainKey) -> Result<(), VaultError> {
        let mut keys = self.plain_keys()?;
        keys.push(key.clone());
        // All the room at once: a buffer that grows leaves copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(keys.len().saturating_mul(65)));
        for key in &keys {
            for byte in key.expose() {
                text.extend(hex_digits(*byte));
            }
            text.push(b'\n');
        }
        files::replace(&self.home.join(KEY_FILE), &text)
    }
}

fn entry(id: &KeyId) -> String {
    format!("chain/{id}")
}

fn hex_digits(byte: u8) -> [u8; 2] {
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
    [digit(byte >> 4), digit(byte & 15)]
}
