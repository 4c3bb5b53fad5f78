//! The sealed file in the home folder: secrets under a passphrase, for machines without a keychain.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::environment::Environment;
use crate::error::VaultError;
use crate::files;
use crate::passphrase::{PassphraseRequest, PassphraseSource};
use crate::sealed_format::{Entries, Header, SealCost, SealKey};

/// How often a file may be replaced by someone else between looking and locking before that is called busy.
const TURNS: usize = 5;

pub(crate) struct Sealed {
    path: PathBuf,
    environment: Environment,
    passphrase: PassphraseSource,
    cost: SealCost,
    /// The key that fitted last, so that a passphrase is asked for once and the slow step is taken once.
    key: Mutex<Option<SealKey>>,
}

impl Sealed {
    pub(crate) fn new(path: PathBuf, environment: Environment, passphrase: PassphraseSource, cost: SealCost) -> Self {
        Self { path, environment, passphrase, cost, key: Mutex::new(None) }
    }

    pub(crate) fn exists(&self) -> bool {
        self.path.exists()
    }

    /// What is kept under `name`; nothing when there is no file.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let Some(bytes) = files::read(&self.path)? else { return Ok(None) };
        let key = self.key_of(&bytes)?;
        Ok(key.open(&self.path, &bytes)?.remove(name))
    }

    /// Keeps `secret` under `name`, making the file when there is none.
    pub(crate) fn write(&self, name: &str, secret: &[u8]) -> Result<(), VaultError> {
        self.change(|entries| {
            entries.insert(name.to_owned(), Zeroizing::new(secret.to_vec()));
        })
    }

    /// Whether there was anything to remove.
    pub(crate) fn remove(&self, name: &str) -> Result<bool, VaultError> {
        if !self.exists() {
            return Ok(false);
        }
        let mut removed = false;
        self.change(|entries| removed = entries.remove(name).is_some())?;
        Ok(removed)
    }

    /// Changes the entries under the lock. Whoever types a passphrase does so before it, so that nobody waits for a person.
    fn change(&self, mut change: impl FnMut(&mut Entries)) -> Result<(), VaultError> {
        for _ in 0..TURNS {
            let key = match files::read(&self.path)? {
                Some(bytes) => self.key_of(&bytes)?,
                None => self.new_key()?,
            };
            let _lock = files::lock(&self.path)?;
            let mut entries = match files::read(&self.path)? {
                Some(bytes) if key.fits(&bytes) => key.open(&self.path, &bytes)?,
                // Made or replaced by someone else meanwhile: look again.
                Some(_) => continue,
                None => Entries::new(),
            };
            change(&mut entries);
            files::replace(&self.path, &key.seal(&self.path, &entries)?)?;
            self.remember(key);
            return Ok(());
        }
        Err(VaultError::Busy { path: self.path.clone() })
    }

    /// The key of the file with these bytes.
    fn key_of(&self, bytes: &[u8]) -> Result<SealKey, VaultError> {
        let header = Header::read(&self.path, bytes)?;
        let known = self.key.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|known| *known.header() == header && known.fits(bytes)) {
            return Ok(known);
        }
        let passphrase = self.passphrase.get(&self.environment, PassphraseRequest::Open)?;
        let key = header.derive(&self.path, &passphrase)?;
        if !key.fits(bytes) {
            return Err(VaultError::PassphraseWrong { path: self.path.clone() });
        }
        self.remember(key.clone());
        Ok(key)
    }

    fn new_key(&self) -> Result<SealKey, VaultError> {
        let passphrase = self.passphrase.get(&self.environment, PassphraseRequest::Choose)?;
        Header::fresh(self.cost)?.derive(&self.path, &passphrase)
    }

    fn remember(&self, key: SealKey) {
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = Some(key);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Environment, PassphraseSource, SealCost, Sealed, VaultError};

    fn sealed(home: &Path, passphrase: &str) -> Sealed {
        let environment = Environment::given([("VEZNE_PASSPHRASE", passphrase)]);
        Sealed::new(home.join("sealed.vault"), environment, PassphraseSource::Environment, SealCost::CHEAP)
    }

    #[test]
    fn a_change_of_any_byte_is_noticed_and_never_yields_a_secret() {
        let home = tempfile::tempdir().unwrap();
        sealed(home.path(), "right").write("a", b"hunter2").unwrap();
        let path = home.path().join("sealed.vault");
        let good = std::fs::read(&path).unwrap();
        for place in 0..good.len() {
            for flip in [0x01, 0x80] {
                let mut bad = good.clone();
                bad[place] ^= flip;
                std::fs::write(&path, &bad).unwrap();
                let error = sealed(home.path(), "right").read("a").unwrap_err();
                let said = match place {
                    0..10 => matches!(error, VaultError::Tampered { what: "not a sealed file", .. }),
                    10 => matches!(error, VaultError::Tampered { .. } | VaultError::TooNew { .. }),
                    // Cost, salt and check: as if the passphrase were wrong, and the words say so.
                    11..71 => matches!(error, VaultError::Tampered { .. } | VaultError::PassphraseWrong { .. }),
                    _ => matches!(error, VaultError::Tampered { what: "its seal is broken", .. }),
                };
                assert!(said, "byte {place}: {error}");
                assert!(!error.to_string().contains("hunter2"));
            }
        }
    }

    #[test]
    fn a_file_that_is_cut_anywhere_is_damaged() {
        let home = tempfile::tempdir().unwrap();
        sealed(home.path(), "right").write("a", b"hunter2").unwrap();
        let path = home.path().join("sealed.vault");
        let good = std::fs::read(&path).unwrap();
        for length in 0..good.len() {
            std::fs::write(&path, &good[..length]).unwrap();
            let error = sealed(home.path(), "right").read("a").unwrap_err();
            assert!(matches!(error, VaultError::Tampered { .. }), "{length}: {error}");
        }
    }

    #[test]
    fn a_wrong_passphrase_opens_nothing_and_changes_nothing() {
        let home = tempfile::tempdir().unwrap();
        sealed(home.path(), "right").write("a", b"hunter2").unwrap();
        let before = std::fs::read(home.path().join("sealed.vault")).unwrap();
        let wrong = sealed(home.path(), "wrong");
        assert!(matches!(wrong.read("a"), Err(VaultError::PassphraseWrong { .. })));
        assert!(matches!(wrong.write("b", b"x"), Err(VaultError::PassphraseWrong { .. })));
        assert!(matches!(wrong.remove("a"), Err(VaultError::PassphraseWrong { .. })));
        assert_eq!(std::fs::read(home.path().join("sealed.vault")).unwrap(), before);
    }

    #[test]
    fn the_same_secrets_never_look_the_same_twice() {
        let home = tempfile::tempdir().unwrap();
        let vault = sealed(home.path(), "right");
        vault.write("a", b"hunter2").unwrap();
        let first = std::fs::read(home.path().join("sealed.vault")).unwrap();
        vault.write("a", b"hunter2").unwrap();
        let second = std::fs::read(home.path().join("sealed.vault")).unwrap();
        assert_eq!(first[..71], second[..71]);
        assert_ne!(first[71..], second[71..]);
        assert!(!second.windows(7).any(|window| window == b"hunter2"));
    }

    #[test]
    fn writers_at_the_same_time_lose_nothing() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        std::thread::scope(|scope| {
            for writer in 0..8 {
                scope.spawn(move || {
                    let vault = sealed(home, "right");
                    for entry in 0..5 {
                        vault.write(&format!("{writer}/{entry}"), &[writer, entry]).unwrap();
                    }
                });
            }
        });
        let vault = sealed(home, "right");
        for writer in 0..8 {
            for entry in 0..5 {
                assert_eq!(vault.read(&format!("{writer}/{entry}")).unwrap().unwrap().as_slice(), [writer, entry]);
            }
        }
    }

    #[test]
    fn a_writer_that_died_leaves_no_trace() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("sealed.vault.new"), b"half").unwrap();
        let vault = sealed(home.path(), "right");
        vault.write("a", b"hunter2").unwrap();
        assert_eq!(vault.read("a").unwrap().unwrap().as_slice(), b"hunter2");
        assert!(!home.path().join("sealed.vault.new").exists());
        assert!(vault.remove("a").unwrap() && !vault.remove("a").unwrap());
    }
}
