//! The logins of accounts.

use crate::credentials::{Credentials, CredentialsSource};
use crate::error::VaultError;

use super::chain::Places;

impl Places {
    pub(super) fn credentials(&self, account_id: &str, source: &CredentialsSource) -> Result<Credentials, VaultError> {
        let bytes = match source {
            CredentialsSource::EnvironmentPair { key, secret } => {
                let key = self.environment.get(key)?;
                return Ok(Credentials::Pair { key, secret: self.environment.get(secret)? });
            }
            CredentialsSource::EnvironmentToken { variable } => {
                return self.environment.get(variable).map(Credentials::Token);
            }
            CredentialsSource::Keychain => match self.marker()? {
                Some(marker) => self.keychain.read(&in_keychain(&marker.vault, account_id))?,
                None => None,
            },
            CredentialsSource::Sealed => self.sealed.read(&in_sealed(account_id))?,
        };
        let bytes = bytes.ok_or_else(|| not_found(account_id, source))?;
        Credentials::from_bytes(&bytes).ok_or_else(|| not_found(account_id, source))
    }

    pub(super) fn store_credentials(
        &self,
        account_id: &str,
        source: &CredentialsSource,
        credentials: &Credentials,
    ) -> Result<(), VaultError> {
        match source {
            CredentialsSource::EnvironmentPair { .. } | CredentialsSource::EnvironmentToken { .. } => {
                Err(environment_is_read_only())
            }
            CredentialsSource::Keychain => {
                let vault = self.named_marker()?.vault;
                self.keychain.write(&in_keychain(&vault, account_id), &credentials.to_bytes())
            }
            CredentialsSource::Sealed => self.sealed.write(&in_sealed(account_id), &credentials.to_bytes()),
        }
    }

    pub(super) fn remove_credentials(&self, account_id: &str, source: &CredentialsSource) -> Result<(), VaultError> {
        let removed = match source {
            CredentialsSource::EnvironmentPair { .. } | CredentialsSource::EnvironmentToken { .. } => {
                return Err(environment_is_read_only());
            }
            CredentialsSource::Keychain => match self.marker()? {
                Some(marker) => self.keychain.remove(&in_keychain(&marker.vault, account_id))?,
                None => false,
            },
            CredentialsSource::Sealed => self.sealed.remove(&in_sealed(account_id))?,
        };
        if removed { Ok(()) } else { Err(not_found(account_id, source)) }
    }
}

fn in_sealed(account_id: &str) -> String {
    format!("account/{account_id}")
}

/// A keychain is shared by every home of its owner, so the vault's name stands before the account's.
fn in_keychain(vault: &str, account_id: &str) -> String {
    format!("{vault}/account/{account_id}")
}

fn environment_is_read_only() -> VaultError {
    VaultError::ReadOnly { place: "the environment of this program".to_owned() }
}

fn not_found(account_id: &str, source: &CredentialsSource) -> VaultError {
    let place = match source {
        CredentialsSource::Keychain => "the keychain",
        CredentialsSource::Sealed => "the sealed file",
        CredentialsSource::EnvironmentPair { .. } | CredentialsSource::EnvironmentToken { .. } => "the environment",
    };
    VaultError::NotFound { what: format!("the login of account {account_id} in {place}") }
}
