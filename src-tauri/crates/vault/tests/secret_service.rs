//! The real keychain of a Linux desktop, on a session bus of its own that ends with the test.

#![cfg(all(unix, not(target_os = "macos")))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use secrecy::ExposeSecret;
use vezne_vault::{ChainKeySource, Credentials, CredentialsSource, PassphraseSource, Vault, VaultError};

/// A bus that starts nothing by itself: on a developer's machine the usual one would put up a question.
const BUS: &str = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>\
    <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
    <allow own=\"*\"/></policy></busconfig>";

/// Whether the programs are installed; says which one is not.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn installed(programs: &[&str]) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let missing: Vec<&&str> = programs
        .iter()
        .filter(|program| !std::env::split_paths(&paths).any(|folder| folder.join(program).is_file()))
        .collect();
    if !missing.is_empty() {
        eprintln!("skipped: not installed here: {missing:?}");
    }
    missing.is_empty()
}

/// Runs one of the ignored tests below inside a fresh session, after `before` (shell).
fn in_a_session(test: &str, before: &str) {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("bus.conf");
    std::fs::write(&config, BUS).unwrap();
    let output = Command::new("dbus-run-session")
        .arg(format!("--config-file={}", config.display()))
        .args(["--", "sh", "-c", &format!("{before} exec \"$0\" --exact --ignored --nocapture {test}")])
        .arg(std::env::current_exe().unwrap())
        .env_remove("VEZNE_NO_KEYCHAIN")
        .env_remove("VEZNE_CHAIN_KEY")
        .env_remove("VEZNE_PASSPHRASE")
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .env("VEZNE_TEST_HOME", home.path().join("vezne"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{complained}");
}

fn open() -> (Vault, std::path::PathBuf) {
    let home = std::env::var_os("VEZNE_TEST_HOME").unwrap();
    (Vault::open(Path::new(&home), PassphraseSource::Environment), home.into())
}

#[test]
fn a_real_keychain_keeps_logins_and_the_chains_key() {
    if installed(&["dbus-run-session", "gnome-keyring-daemon"]) {
        let unlock = "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 3;";
        in_a_session("inside_with_a_keychain", unlock);
    }
}

#[test]
fn a_session_without_a_keychain_is_noticed_at_once() {
    if installed(&["dbus-run-session"]) {
        in_a_session("inside_without_a_keychain", "");
    }
}

#[tokio::test]
#[ignore = "runs inside a session that another test makes"]
async fn inside_with_a_keychain() {
    let (vault, home) = open();
    let source = CredentialsSource::Keychain;
    assert!(matches!(vault.credentials("a", &source).await, Err(VaultError::NotFound { .. })));
    let login = Credentials::Pair { key: "k".into(), secret: "first".into() };
    vault.store_credentials("a", &source, login).await.unwrap();
    let login = Credentials::Pair { key: "k".into(), secret: "second ş".into() };
    vault.store_credentials("a", &source, login).await.unwrap();
    let key = vault.chain_key().await.unwrap();
    assert_eq!(key.place(), ChainKeySource::Keychain);
    let (again, _) = open();
    let Credentials::Pair { secret, .. } = again.credentials("a", &source).await.unwrap() else { panic!("a pair") };
    assert_eq!(secret.expose_secret(), "second ş");
    assert_eq!(again.chain_key().await.unwrap().expose(), key.expose());
    assert!(!home.join("chain.key").exists());
    again.remove_credentials("a", &source).await.unwrap();
    assert!(matches!(vault.remove_credentials("a", &source).await, Err(VaultError::NotFound { .. })));
}

#[tokio::test]
#[ignore = "runs inside a session that another test makes"]
async fn inside_without_a_keychain() {
    let (vault, home) = open();
    let begun = Instant::now();
    let login = Credentials::Token("t".into());
    let refused = vault.store_credentials("a", &CredentialsSource::Keychain, login).await;
    assert!(matches!(refused, Err(VaultError::KeychainUnavailable { .. })), "{refused:?}");
    assert_eq!(vault.chain_key().await.unwrap().place(), ChainKeySource::PlainFile);
    assert!(home.join("chain.key").exists());
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}
