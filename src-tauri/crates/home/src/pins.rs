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
            let Ok(id) = PinHash::parse(&operator.pin_hash).and_then(|hash| hash.key_id()) else { return false };
            // A place that is shut now may be open tomorrow: its supervisors still count.
            id == *self.current.id() || !self.vault.chain_key_is_lost(&id).await
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

#[cfg(test)]
mod tests {
    use vezne_core::ids::OperatorId;
    use vezne_core::rights::Role;
    use vezne_core::time::Timestamp;
    use vezne_vault::{Environment, PassphraseSource, SealCost};

    use super::*;

    const PASSPHRASE: (&str, &str) = ("VEZNE_PASSPHRASE", "a passphrase that is long enough");

    fn vault(home: &std::path::Path, variables: &[(&str, &str)]) -> Vault {
        let environment = Environment::given(variables.iter().copied());
        Vault::open_with(home, PassphraseSource::Environment, environment, SealCost::CHEAP)
    }

    #[tokio::test]
    async fn a_supervisor_counts_until_the_key_of_their_pin_is_lost_for_good() {
        let home = tempfile::tempdir().unwrap();
        let old = vault(home.path(), &[PASSPHRASE]).chain_key().await.unwrap();
        let deniz = Operator {
            id: OperatorId::from_parts(Timestamp::from_millis(1), [1; 10]),
            name: "Deniz".parse().unwrap(),
            role: Role::Supervisor,
            pin_hash: hash_pin(SecretString::from("7391"), &old).await.unwrap(),
        };
        let new = vault(home.path(), &[PASSPHRASE]).begin_new_chain_key().await.unwrap();
        let counts = async |variables: &[(&str, &str)]| {
            VaultPins::new(vault(home.path(), variables), new.clone()).can_verify(&deniz).await
        };
        assert!(counts(&[PASSPHRASE]).await);
        assert!(counts(&[]).await, "without its passphrase the sealed file is shut, not empty");
        std::fs::remove_file(home.path().join("sealed.vault")).unwrap();
        assert!(!counts(&[PASSPHRASE]).await);
        let of_present_key =
            Operator { pin_hash: hash_pin(SecretString::from("7391"), &new).await.unwrap(), ..deniz.clone() };
        assert!(VaultPins::new(vault(home.path(), &[]), new.clone()).can_verify(&of_present_key).await);
        let unreadable = Operator { pin_hash: "nothing".to_owned(), ..deniz.clone() };
        assert!(!VaultPins::new(vault(home.path(), &[]), new.clone()).can_verify(&unreadable).await);
    }
}
