use std::path::Path;
use std::sync::Arc;

use crate::chain_key::{ChainKey, KeyId};
use crate::credentials::{Credentials, CredentialsSource};
use crate::environment::Environment;
use crate::error::VaultError;
use crate::keychain::OsKeychain;
use crate::passphrase::PassphraseSource;
use crate::sealed::Sealed;
use crate::sealed_format::SealCost;
use crate::{MARKER_FILE, SEALED_FILE};

mod chain;
mod logins;
#[cfg(test)]
mod tests;

use chain::Places;

/// The secrets of one home folder. Opening it touches nothing; each question goes to its place when it is asked, on a
/// thread that may wait. Clones share one vault.
#[derive(Clone)]
pub struct Vault {
    places: Arc<Places>,
}

impl Vault {
    /// The vault of `home`, with this process's environment and the platform's keychain.
    #[must_use]
    pub fn open(home: &Path, passphrase: PassphraseSource) -> Self {
        Self::open_with(home, passphrase, Environment::Process, SealCost::DESK)
    }

    /// The same with another environment and another cost of a new sealed file; with [`Environment::Given`] it keeps away from
    /// the platform's keychain.
    #[must_use]
    pub fn open_with(home: &Path, passphrase: PassphraseSource, environment: Environment, cost: SealCost) -> Self {
        let keychain = OsKeychain::new(environment.clone());
        Self::with_keychain(home, passphrase, environment, cost, Box::new(keychain))
    }

    fn with_keychain(
        home: &Path,
        passphrase: PassphraseSource,
        environment: Environment,
        cost: SealCost,
        keychain: Box<dyn crate::keychain::Keychain>,
    ) -> Self {
        let sealed = Sealed::new(home.join(SEALED_FILE), environment.clone(), passphrase, cost);
        let marker = home.join(MARKER_FILE);
        Self { places: Arc::new(Places { home: home.to_owned(), marker, environment, sealed, keychain }) }
    }

    /// An account's login from the place that its settings name.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when that place has none, and whatever keeps the place shut.
    pub async fn credentials(&self, account_id: &str, source: &CredentialsSource) -> Result<Credentials, VaultError> {
        let (account_id, source) = (account_id.to_owned(), source.clone());
        self.ask(move |places| places.credentials(&account_id, &source)).await
    }

    /// Keeps an account's login, over one that was there.
    ///
    /// # Errors
    /// [`VaultError::ReadOnly`] for the environment, and whatever keeps the place shut.
    pub async fn store_credentials(
        &self,
        account_id: &str,
        source: &CredentialsSource,
        credentials: Credentials,
    ) -> Result<(), VaultError> {
        let (account_id, source) = (account_id.to_owned(), source.clone());
        self.ask(move |places| places.store_credentials(&account_id, &source, &credentials)).await
    }

    /// Forgets an account's login.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when there was none, [`VaultError::ReadOnly`] for the environment, and whatever keeps the
    /// place shut.
    pub async fn remove_credentials(&self, account_id: &str, source: &CredentialsSource) -> Result<(), VaultError> {
        let (account_id, source) = (account_id.to_owned(), source.clone());
        self.ask(move |places| places.remove_credentials(&account_id, &source)).await
    }

    /// The key that chains the journal's events; made on first use, in the best place there is.
    ///
    /// # Errors
    /// [`VaultError::ChainKeyElsewhere`] when there is one that cannot be had now.
    pub async fn chain_key(&self) -> Result<ChainKey, VaultError> {
        self.ask(Places::chain_key).await
    }

    /// The key of an earlier epoch, or of this one, wherever it still is.
    ///
    /// # Errors
    /// [`VaultError::ChainKeyElsewhere`] when its place is known and shut, [`VaultError::NotFound`] when it is nowhere.
    pub async fn chain_key_by_id(&self, id: &KeyId) -> Result<ChainKey, VaultError> {
        let id = id.clone();
        self.ask(move |places| places.chain_key_by_id(&id)).await
    }

    /// Whether a key is lost for good: the place that it was put in is open and does not hold it, and no other place does.
    /// A place that is shut (a locked keychain, a passphrase that nobody gave, a disk that fails) proves nothing, and where
    /// nobody remembers the place, all of them must be open.
    pub async fn chain_key_is_lost(&self, id: &KeyId) -> bool {
        let id = id.clone();
        self.ask(move |places| places.chain_key_is_lost(&id)).await.unwrap_or(false)
    }

    /// A new key for a new epoch of the journal: a person's decision when the old one is lost. The old one stays where it is.
    ///
    /// # Errors
    /// Whatever keeps every place shut.
    pub async fn begin_new_chain_key(&self) -> Result<ChainKey, VaultError> {
        self.ask(Places::begin_new_chain_key).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Places) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let places = Arc::clone(&self.places);
        tokio::task::spawn_blocking(move || question(&places)).await.map_err(|_| VaultError::Interrupted)?
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("home", &self.places.home).finish_non_exhaustive()
    }
}
