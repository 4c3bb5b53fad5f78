use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::Vault;
use crate::chain_key::{ChainKeySource, KeyId};
use crate::credentials::{Credentials, CredentialsSource};
use crate::environment::Environment;
use crate::error::VaultError;
use crate::keychain::Keychain;
use crate::passphrase::{PassphraseRequest, PassphraseSource};
use crate::sealed_format::SealCost;

/// A keychain that can be locked and can forget.
#[derive(Clone, Default)]
struct TestKeychain {
    entries: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    locked: Arc<AtomicBool>,
    forgetful: Arc<AtomicBool>,
}

impl TestKeychain {
    fn lock(&self, locked: bool) {
        self.locked.store(locked, Ordering::SeqCst);
    }

    fn open(&self) -> Result<(), VaultError> {
        if self.locked.load(Ordering::SeqCst) {
            return Err(VaultError::KeychainUnavailable { why: "it is locked".into() });
        }
        Ok(())
    }
}

impl Keychain for TestKeychain {
    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.open()?;
        Ok(self.entries.lock().unwrap().get(name).cloned().map(Zeroizing::new))
    }

    fn write(&self, name: &str, secret: &[u8]) -> Result<(), VaultError> {
        self.open()?;
        if !self.forgetful.load(Ordering::SeqCst) {
            self.entries.lock().unwrap().insert(name.into(), secret.to_vec());
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<bool, VaultError> {
        self.open()?;
        Ok(self.entries.lock().unwrap().remove(name).is_some())
    }
}

fn bare(home: &Path, variables: &[(&str, &str)]) -> Vault {
    let environment = Environment::given(variables.iter().copied());
    Vault::open_with(home, PassphraseSource::Environment, environment, SealCost::CHEAP)
}

fn with_keychain(home: &Path, keychain: &TestKeychain, variables: &[(&str, &str)]) -> Vault {
    let environment = Environment::given(variables.iter().copied());
    let keychain = Box::new(keychain.clone());
    Vault::with_keychain(home, PassphraseSource::Environment, environment, SealCost::CHEAP, keychain)
}

fn login() -> Credentials {
    Credentials::Pair { key: "the key".into(), secret: "hunter2".into() }
}

fn secret(credentials: &Credentials) -> String {
    match credentials {
        Credentials::Pair { key, secret } => format!("{} {}", key.expose_secret(), secret.expose_secret()),
        Credentials::Token(token) => token.expose_secret().to_owned(),
    }
}

const PASSPHRASE: (&str, &str) = ("VEZNE_PASSPHRASE", "correct horse");

#[tokio::test]
async fn a_login_comes_back_from_the_place_it_was_put_in_and_no_other() {
    let home = tempfile::tempdir().unwrap();
    let keychain = TestKeychain::default();
    for (source, other) in [
        (CredentialsSource::Keychain, CredentialsSource::Sealed),
        (CredentialsSource::Sealed, CredentialsSource::Keychain),
    ] {
        let account = format!("{source:?}");
        let vault = with_keychain(home.path(), &keychain, &[PASSPHRASE]);
        assert!(matches!(vault.credentials(&account, &source).await, Err(VaultError::NotFound { .. })));
        vault.store_credentials(&account, &source, login()).await.unwrap();
        let again = with_keychain(home.path(), &keychain, &[PASSPHRASE]);
        assert_eq!(secret(&again.credentials(&account, &source).await.unwrap()), "the key hunter2");
        assert!(matches!(again.credentials(&account, &other).await, Err(VaultError::NotFound { .. })));
        again.store_credentials(&account, &source, Credentials::Token("t".into())).await.unwrap();
        assert_eq!(secret(&vault.credentials(&account, &source).await.unwrap()), "t");
        vault.remove_credentials(&account, &source).await.unwrap();
        assert!(matches!(again.credentials(&account, &source).await, Err(VaultError::NotFound { .. })));
        assert!(matches!(vault.remove_credentials(&account, &source).await, Err(VaultError::NotFound { .. })));
    }
}

#[tokio::test]
async fn two_homes_on_one_machine_do_not_share_logins() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let keychain = TestKeychain::default();
    let source = CredentialsSource::Keychain;
    for home in [&one, &two] {
        let vault = with_keychain(home.path(), &keychain, &[]);
        assert!(matches!(vault.credentials("agency", &source).await, Err(VaultError::NotFound { .. })));
        vault.store_credentials("agency", &source, login()).await.unwrap();
    }
    assert_eq!(keychain.entries.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn the_environment_gives_logins_and_takes_none() {
    let home = tempfile::tempdir().unwrap();
    let pair = CredentialsSource::EnvironmentPair { key: "K".into(), secret: "S".into() };
    let token = CredentialsSource::EnvironmentToken { variable: "T".into() };
    let vault = bare(home.path(), &[("K", "the key"), ("S", "hunter2"), ("T", "a token")]);
    assert_eq!(secret(&vault.credentials("a", &pair).await.unwrap()), "the key hunter2");
    assert_eq!(secret(&vault.credentials("a", &token).await.unwrap()), "a token");
    assert!(matches!(vault.store_credentials("a", &pair, login()).await, Err(VaultError::ReadOnly { .. })));
    assert!(matches!(vault.remove_credentials("a", &token).await, Err(VaultError::ReadOnly { .. })));
    for variables in [vec![("K", "the key")], vec![("K", "the key"), ("S", "")]] {
        let error = bare(home.path(), &variables).credentials("a", &pair).await.unwrap_err();
        assert!(matches!(&error, VaultError::EnvironmentMissing { variable } if variable == "S"), "{error}");
        assert!(!error.to_string().contains("the key"));
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn without_its_place_a_login_is_refused_with_the_reason() {
    let home = tempfile::tempdir().unwrap();
    let vault = bare(home.path(), &[]);
    for error in [
        vault.store_credentials("a", &CredentialsSource::Keychain, login()).await.unwrap_err(),
        vault.store_credentials("a", &CredentialsSource::Sealed, login()).await.unwrap_err(),
    ] {
        let known = matches!(error, VaultError::KeychainUnavailable { .. } | VaultError::PassphraseMissing);
        assert!(known && !error.to_string().contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn a_person_is_asked_for_the_passphrase_once() {
    let home = tempfile::tempdir().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let open = |answer: &'static str, expected: PassphraseRequest| {
        let asked = Arc::clone(&asked);
        let source = PassphraseSource::prompt(move |request| {
            assert_eq!(request, expected);
            asked.fetch_add(1, Ordering::SeqCst);
            (!answer.is_empty()).then(|| answer.into())
        });
        Vault::open_with(home.path(), source, Environment::given([]), SealCost::CHEAP)
    };
    let sealed = CredentialsSource::Sealed;
    let short = open("short", PassphraseRequest::Choose).store_credentials("a", &sealed, login()).await;
    assert!(matches!(short, Err(VaultError::PassphraseTooShort { .. })));
    let given_up = open("", PassphraseRequest::Choose).store_credentials("a", &sealed, login()).await;
    assert!(matches!(given_up, Err(VaultError::PassphraseMissing)));
    asked.store(0, Ordering::SeqCst);
    let first = open("long enough", PassphraseRequest::Choose);
    first.store_credentials("a", &sealed, login()).await.unwrap();
    first.store_credentials("b", &sealed, login()).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    let second = open("long enough", PassphraseRequest::Open);
    second.credentials("a", &sealed).await.unwrap();
    second.credentials("b", &sealed).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_fresh_machine_gets_a_key_in_the_best_place_it_has() {
    let given = "a5".repeat(32);
    let env_key = ("VEZNE_CHAIN_KEY", given.as_str());
    for (keychain, variables, place) in [
        (true, vec![], ChainKeySource::Keychain),
        (true, vec![PASSPHRASE], ChainKeySource::Keychain),
        (false, vec![PASSPHRASE], ChainKeySource::Sealed),
        (false, vec![], ChainKeySource::PlainFile),
        (false, vec![env_key], ChainKeySource::Environment),
        (true, vec![env_key], ChainKeySource::Environment),
    ] {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().join("not/yet/there");
        let store = TestKeychain::default();
        store.lock(!keychain);
        let key = with_keychain(&home, &store, &variables).chain_key().await.unwrap();
        assert_eq!(key.place(), place, "{variables:?}");
        let again = with_keychain(&home, &store, &variables).chain_key().await.unwrap();
        assert_eq!((again.id(), again.expose(), again.place()), (key.id(), key.expose(), place));
        let marker = std::fs::read_to_string(home.join("vault.json")).unwrap();
        assert!(marker.contains(key.id().as_str()) && !marker.contains(&crate::random::hex(key.expose())), "{marker}");
        assert_eq!(home.join("chain.key").exists(), place == ChainKeySource::PlainFile);
    }
}

#[tokio::test]
async fn a_keychain_that_is_locked_today_never_leads_to_a_new_key() {
    let home = tempfile::tempdir().unwrap();
    let keychain = TestKeychain::default();
    let key = with_keychain(home.path(), &keychain, &[]).chain_key().await.unwrap();
    keychain.lock(true);
    let error = with_keychain(home.path(), &keychain, &[PASSPHRASE]).chain_key().await.unwrap_err();
    let VaultError::ChainKeyElsewhere { key_id, place: ChainKeySource::Keychain, cause } = &error else {
        panic!("{error}")
    };
    assert_eq!(key_id, key.id());
    assert!(matches!(**cause, VaultError::KeychainUnavailable { .. }) && error.to_string().contains("it is locked"));
    assert!(!home.path().join("chain.key").exists() && !home.path().join("sealed.vault").exists());
    // Brought along by hand, it is recognised by its id; another one is not taken for it.
    let hex = crate::random::hex(key.expose());
    let moved = with_keychain(home.path(), &keychain, &[("VEZNE_CHAIN_KEY", &hex)]).chain_key().await.unwrap();
    assert_eq!((moved.id(), moved.place()), (key.id(), ChainKeySource::Environment));
    let other = with_keychain(home.path(), &keychain, &[("VEZNE_CHAIN_KEY", &"00".repeat(32))]).chain_key().await;
    assert!(matches!(other, Err(VaultError::ChainKeyElsewhere { .. })));
    keychain.lock(false);
    assert_eq!(with_keychain(home.path(), &keychain, &[]).chain_key().await.unwrap().id(), key.id());
}

#[tokio::test]
async fn a_key_that_is_gone_from_its_place_is_not_replaced() {
    let given = "a5".repeat(32);
    for (variables, lost) in [
        (vec![("VEZNE_CHAIN_KEY", given.as_str())], "nothing"),
        (vec![PASSPHRASE], "sealed.vault"),
        (vec![], "chain.key"),
    ] {
        let home = tempfile::tempdir().unwrap();
        let key = bare(home.path(), &variables).chain_key().await.unwrap();
        drop(std::fs::remove_file(home.path().join(lost)));
        let error = bare(home.path(), &[]).chain_key().await.unwrap_err();
        assert!(
            matches!(&error, VaultError::ChainKeyElsewhere { key_id, .. } if key_id == key.id()),
            "{lost}: {error}"
        );
        // Going on is a decision; the old key's id then still answers as elsewhere.
        let new = bare(home.path(), &[]).begin_new_chain_key().await.unwrap();
        assert_ne!(new.id(), key.id());
        assert_eq!(bare(home.path(), &[]).chain_key().await.unwrap().id(), new.id());
        let old = bare(home.path(), &[]).chain_key_by_id(key.id()).await;
        assert!(matches!(old, Err(VaultError::ChainKeyElsewhere { .. })));
    }
}

#[tokio::test]
async fn a_key_is_lost_only_when_its_place_is_open_and_does_not_hold_it() {
    let home = tempfile::tempdir().unwrap();
    let keychain = TestKeychain::default();
    let chained = with_keychain(home.path(), &keychain, &[]).chain_key().await.unwrap();
    assert!(!with_keychain(home.path(), &keychain, &[]).chain_key_is_lost(chained.id()).await);
    keychain.lock(true);
    assert!(
        !with_keychain(home.path(), &keychain, &[]).chain_key_is_lost(chained.id()).await,
        "the keychain is locked"
    );
    keychain.lock(false);
    keychain.entries.lock().unwrap().clear();
    assert!(with_keychain(home.path(), &keychain, &[]).chain_key_is_lost(chained.id()).await);

    let home = tempfile::tempdir().unwrap();
    let sealed = bare(home.path(), &[PASSPHRASE]).chain_key().await.unwrap();
    assert_eq!(sealed.place(), ChainKeySource::Sealed);
    assert!(!bare(home.path(), &[]).chain_key_is_lost(sealed.id()).await, "nobody gave the passphrase");
    let other: KeyId = "00000000".parse().unwrap();
    assert!(!bare(home.path(), &[]).chain_key_is_lost(&other).await, "it may be in the sealed file");
    std::fs::remove_file(home.path().join("sealed.vault")).unwrap();
    assert!(bare(home.path(), &[]).chain_key_is_lost(sealed.id()).await);
}

#[tokio::test]
async fn a_key_whose_place_nobody_remembers_is_lost_only_when_every_place_is_open() {
    let home = tempfile::tempdir().unwrap();
    let keychain = TestKeychain::default();
    let unknown: KeyId = "00000000".parse().unwrap();
    assert!(with_keychain(home.path(), &keychain, &[]).chain_key_is_lost(&unknown).await);
    keychain.lock(true);
    assert!(!with_keychain(home.path(), &keychain, &[]).chain_key_is_lost(&unknown).await);
    let switched_off = [(crate::NO_KEYCHAIN_VARIABLE, "1")];
    assert!(with_keychain(home.path(), &keychain, &switched_off).chain_key_is_lost(&unknown).await);
}

#[tokio::test]
async fn keys_of_earlier_epochs_are_found_by_their_id() {
    let home = tempfile::tempdir().unwrap();
    let keychain = TestKeychain::default();
    let mut keys = Vec::new();
    keys.push(bare(home.path(), &[]).begin_new_chain_key().await.unwrap());
    keys.push(bare(home.path(), &[]).begin_new_chain_key().await.unwrap());
    keys.push(bare(home.path(), &[PASSPHRASE]).begin_new_chain_key().await.unwrap());
    keys.push(with_keychain(home.path(), &keychain, &[]).begin_new_chain_key().await.unwrap());
    let vault = with_keychain(home.path(), &keychain, &[PASSPHRASE]);
    for key in &keys {
        let found = vault.chain_key_by_id(key.id()).await.unwrap();
        assert_eq!((found.expose(), found.place()), (key.expose(), key.place()));
    }
    assert_eq!(vault.chain_key().await.unwrap().id(), keys[3].id());
    let unknown: KeyId = "00000000".parse().unwrap();
    assert!(matches!(vault.chain_key_by_id(&unknown).await, Err(VaultError::NotFound { .. })));
    // With the marker lost, the keys themselves are still there.
    std::fs::remove_file(home.path().join("vault.json")).unwrap();
    for key in &keys {
        assert_eq!(vault.chain_key_by_id(key.id()).await.unwrap().expose(), key.expose());
    }
}

#[tokio::test]
async fn a_keychain_that_forgets_at_once_is_not_trusted_with_the_key() {
    let home = tempfile::tempdir().unwrap();
    let keychain = TestKeychain::default();
    keychain.forgetful.store(true, Ordering::SeqCst);
    let key = with_keychain(home.path(), &keychain, &[]).chain_key().await.unwrap();
    assert_eq!(key.place(), ChainKeySource::PlainFile);
}

#[tokio::test]
async fn a_first_start_that_died_before_remembering_keeps_its_key() {
    let home = tempfile::tempdir().unwrap();
    let key = bare(home.path(), &[]).chain_key().await.unwrap();
    std::fs::remove_file(home.path().join("vault.json")).unwrap();
    assert_eq!(bare(home.path(), &[PASSPHRASE]).chain_key().await.unwrap().id(), key.id());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_starts_at_the_same_time_agree_on_one_key() {
    let home = tempfile::tempdir().unwrap();
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let vault = bare(home.path(), &[]);
            tokio::spawn(async move { vault.chain_key().await.unwrap().id().clone() })
        })
        .collect();
    let mut ids = Vec::new();
    for start in starts {
        ids.push(start.await.unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(std::fs::read_to_string(home.path().join("chain.key")).unwrap().lines().count(), 1);
}

#[tokio::test]
async fn a_wrong_key_in_the_environment_is_said_and_not_repeated() {
    let home = tempfile::tempdir().unwrap();
    let error = bare(home.path(), &[("VEZNE_CHAIN_KEY", "hunter2")]).chain_key().await.unwrap_err();
    assert!(matches!(error, VaultError::EnvironmentWrong { .. }) && !error.to_string().contains("hunter2"));
    assert!(!home.path().join("vault.json").exists() && !home.path().join("chain.key").exists());
}

#[tokio::test]
async fn files_that_were_changed_are_damaged_and_newer_ones_are_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let key = bare(home.path(), &[]).chain_key().await.unwrap();
    let marker = home.path().join("vault.json");
    let good = std::fs::read_to_string(&marker).unwrap();
    for (bad, newer) in [
        ("{}".to_owned(), false),
        (String::new(), false),
        (good.replace("\"version\": 1", "\"version\": 2"), true),
        (good.replace(key.id().as_str(), "../x"), false),
    ] {
        std::fs::write(&marker, &bad).unwrap();
        let error = bare(home.path(), &[]).chain_key().await.unwrap_err();
        let said = if newer {
            matches!(error, VaultError::TooNew { version: 2, .. })
        } else {
            matches!(error, VaultError::Tampered { .. })
        };
        assert!(said, "{bad}: {error}");
        assert_eq!(std::fs::read_to_string(&marker).unwrap(), bad);
    }
    std::fs::write(&marker, good).unwrap();
    std::fs::write(home.path().join("chain.key"), "a5\n").unwrap();
    let error = bare(home.path(), &[]).chain_key().await.unwrap_err();
    assert!(
        matches!(error, VaultError::ChainKeyElsewhere { cause, .. } if matches!(*cause, VaultError::Tampered { .. }))
    );
}

#[cfg(unix)]
#[tokio::test]
async fn every_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let home = home.path().join("home");
    bare(&home, &[]).chain_key().await.unwrap();
    bare(&home, &[PASSPHRASE]).store_credentials("a", &CredentialsSource::Sealed, login()).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home), 0o700);
    let mut names = Vec::new();
    for file in std::fs::read_dir(&home).unwrap() {
        let file = file.unwrap();
        assert_eq!(mode(&file.path()), 0o600, "{:?}", file.path());
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["chain.key", "sealed.vault", "sealed.vault.lock", "vault.json", "vault.json.lock"]);
    std::fs::set_permissions(home.join("chain.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    bare(&home, &[]).chain_key().await.unwrap();
    assert_eq!(mode(&home.join("chain.key")), 0o600);
}
