//! PINs over the vault's pepper.

use secrecy::SecretString;
use vezne_core::ports::{Answer, Pins};
use vezne_core::record::Operator;
use vezne_vault::pin::{self, Pepper, PinCost, PinError, PinHash};
use vezne_vault::{ChainKey, Vault};

/// Checks PINs with the pepper of the chain's key.
#[derive(Debug, Clone)]
pub struct VaultPins {
    vault: Vault,
    current: ChainKey,
}

impl VaultPins {
    /// With this vault and the chain's present key.
    #[must_use]
    pub const fn new(vault: Vault, current: ChainKey) -> Self {
        Self { vault, current }
    }

    /// The key under which a PIN was set, if it can still be had.
    async fn key_of(&self, hash: &PinHash) -> Result<ChainKey, PinError> {
        let id = hash.key_id()?;
        if id == *self.current.id() {
            return Ok(self.current.clone());
        }
        // A PIN that was set in an earlier epoch needs that epoch's key.
        self.vault.chain_key_by_id(&id).await.map_err(|_| PinError::OtherPepper { key_id: id })
    }

    async fn is_theirs(&self, operator: Option<&Operator>, typed: SecretString) -> Result<bool, PinError> {
        let known = operator.map(|operator| PinHash::parse(&operator.pin_hash)).transpose()?;
        let key = match &known {
            Some(hash) => self.key_of(hash).await?,
            None => self.current.clone(),
        };
        let work = move || match known {
            Some(hash) => pin::verify(&typed, &hash, &Pepper::of(&key)),
            None => pin::verify_nobody(&typed, &Pepper::of(&key), PinCost::DESK),
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| PinError::Unavailable)?
    }
}

impl Pins for VaultPins {
    fn verify<'a>(&'a self, operator: Option<&'a Operator>, typed: &'a str) -> Answer<'a, bool> {
        let typed = SecretString::from(typed);
        Box::pin(async move {
            match self.is_theirs(operator, typed).await {
                Ok(theirs) => theirs,
                Err(error) => {
                    tracing::warn!(%error, "a PIN could not be checked");
                    false
                }
            }
        })
    }

    fn can_verify<'a>(&'a self, operator: &'a Operator) -> Answer<'a, bool> {
        Box::pin(async move {
            match PinHash::parse(&operator.pin_hash) {
                Ok(hash) => self.key_of(&hash).await.is_ok(),
                Err(_) => false,
            }
        })
    }
}

/// Hashes a new PIN under the chain's present key, on a thread that may wait.
///
/// # Errors
/// The PIN's own faults, or that the system can't.
pub async fn hash_pin(typed: SecretString, key: &ChainKey) -> Result<String, PinError> {
    let key = key.clone();
    let work = move || pin::hash(&typed, &Pepper::of(&key), PinCost::DESK);
    let hash = tokio::task::spawn_blocking(work).await.map_err(|_| PinError::Unavailable)??;
    Ok(hash.as_str().to_owned())
}
