//! The operating system's keychain, asked on a thread of its own with a deadline: a locked one may put up a question
//! that nobody answers.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use zeroize::{Zeroize, Zeroizing};

use crate::NO_KEYCHAIN_VARIABLE;
use crate::environment::Environment;
use crate::error::VaultError;

/// Everything that Vezne keeps in a keychain is under this name.
const SERVICE: &str = "Vezne";
/// Long enough to type the keychain's password when it asks for it.
const DEADLINE: Duration = Duration::from_secs(60);

type Bytes = Zeroizing<Vec<u8>>;

/// A place that keeps bytes under names and remembers them after a restart.
pub(crate) trait Keychain: Send + Sync {
    fn read(&self, name: &str) -> Result<Option<Bytes>, VaultError>;
    fn write(&self, name: &str, secret: &[u8]) -> Result<(), VaultError>;
    /// Whether there was anything to remove.
    fn remove(&self, name: &str) -> Result<bool, VaultError>;
}

/// The platform's own keychain.
pub(crate) struct OsKeychain {
    environment: Environment,
}

impl OsKeychain {
    pub(crate) const fn new(environment: Environment) -> Self {
        Self { environment }
    }

    fn ask<T: Send + 'static>(
        &self,
        name: &str,
        question: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<Option<T>, VaultError> {
        is_there(&self.environment)?;
        let name = name.to_owned();
        within(DEADLINE, move || match store().and_then(|store| question(&store.build(SERVICE, &name, None)?)) {
            Ok(answer) => Ok(Some(answer)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(unavailable(words(error))),
        })
    }
}

impl Keychain for OsKeychain {
    fn read(&self, name: &str) -> Result<Option<Bytes>, VaultError> {
        self.ask(name, |entry| entry.get_secret().map(Zeroizing::new))
    }

    fn write(&self, name: &str, secret: &[u8]) -> Result<(), VaultError> {
        let secret = Zeroizing::new(secret.to_vec());
        let written = self.ask(name, move |entry| entry.set_secret(&secret))?;
        written.ok_or_else(|| unavailable("it took the secret and has no place for it".to_owned()))
    }

    fn remove(&self, name: &str) -> Result<bool, VaultError> {
        Ok(self.ask(name, |entry| entry.delete_credential())?.is_some())
    }
}

/// The thread is left behind when the deadline passes: it must not hold up the end of the program.
fn within<T: Send + 'static>(
    deadline: Duration,
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    let (answer, answers) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name("keychain".to_owned());
    thread
        .spawn(move || {
            if answer.send(work()).is_err() {
                tracing::debug!("the keychain answered after its deadline");
            }
        })
        .map_err(|_| unavailable("the system gives no thread to ask it on".to_owned()))?;
    match answers.recv_timeout(deadline) {
        Ok(answer) => answer,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(unavailable(format!(
            "it did not answer within {} s; it may be waiting to be unlocked",
            deadline.as_secs()
        ))),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(unavailable("asking it failed".to_owned())),
    }
}

fn unavailable(why: String) -> VaultError {
    VaultError::KeychainUnavailable { why }
}

/// What the platform says; stored bytes that come with it are wiped.
fn words(error: Error) -> String {
    match error {
        Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            "what it keeps is not in its own form".to_owned()
        }
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => {
            cause.to_string().chars().filter(|letter| !letter.is_control()).take(200).collect()
        }
        Error::TooLong(_, limit) => format!("it keeps at most {limit} characters"),
        Error::Ambiguous(_) => "it holds this name more than once; remove the copies".to_owned(),
        Error::NoEntry
        | Error::BadStoreFormat(_)
        | Error::Invalid(..)
        | Error::NoDefaultStore
        | Error::NotSupportedByStore(_)
        | _ => "it answered with something unexpected".to_owned(),
    }
}

/// Decides without asking the keychain itself: where no session bus is, a question would only wait.
fn is_there(environment: &Environment) -> Result<(), VaultError> {
    if matches!(environment, Environment::Given(_)) {
        return Err(unavailable("this vault was opened without one".to_owned()));
    }
    if environment.is_on(NO_KEYCHAIN_VARIABLE) {
        return Err(unavailable(format!("{NO_KEYCHAIN_VARIABLE} is set")));
    }
    platform_has_one(environment)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn platform_has_one(environment: &Environment) -> Result<(), VaultError> {
    if environment.get("DBUS_SESSION_BUS_ADDRESS").is_ok() {
        return Ok(());
    }
    // Not by the owner of `/proc/self`: of a process that nobody may read, that is the administrator.
    let bus = format!("/run/user/{}/bus", rustix::process::getuid().as_raw());
    if std::path::Path::new(&bus).exists() {
        return Ok(());
    }
    Err(unavailable("there is no session bus, so no keychain is running".to_owned()))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn platform_has_one(_environment: &Environment) -> Result<(), VaultError> {
    Ok(())
}

#[cfg(all(unix, not(target_os = "macos")))]
fn store() -> keyring_core::Result<Arc<zbus_secret_service_keyring_store::Store>> {
    zbus_secret_service_keyring_store::Store::new()
}

#[cfg(target_os = "macos")]
fn store() -> keyring_core::Result<Arc<apple_native_keyring_store::keychain::Store>> {
    apple_native_keyring_store::keychain::Store::new()
}

#[cfg(windows)]
fn store() -> keyring_core::Result<Arc<windows_native_keyring_store::Store>> {
    windows_native_keyring_store::Store::new()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    use super::{Environment, Keychain, OsKeychain, VaultError, within};

    #[test]
    fn a_keychain_that_waits_for_its_owner_is_given_up_in_time() {
        let (release, held) = mpsc::channel::<()>();
        let answer = within(Duration::from_millis(10), move || {
            // Ends when the test lets go of the other half.
            assert!(held.recv().is_err());
            Ok(())
        });
        assert!(matches!(answer, Err(VaultError::KeychainUnavailable { why }) if why.contains("did not answer")));
        drop(release);
    }

    #[test]
    fn a_vault_with_a_given_environment_never_touches_the_keychain() {
        let begun = Instant::now();
        let keychain = OsKeychain::new(Environment::given([("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")]));
        assert!(matches!(keychain.read("x"), Err(VaultError::KeychainUnavailable { .. })));
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
