//! Merchant accounts added, tried out, changed and removed from the window: `config.toml` and the login beside it.

mod draft;

use secrecy::SecretString;
use vezne_core::account::{Endpoint, GatewayKind};
use vezne_core::ids::AccountId;
use vezne_core::ports::Journal as _;
use vezne_core::time::Millis;
use vezne_gateway::Login;
use vezne_home::{Home, gateway_config, try_out};
use vezne_settings::AccountSettings;
use vezne_settings::edit::without_account;
use vezne_vault::{Credentials, Vault, VaultError};

pub(crate) use crate::accounts::draft::text as settings_text;
use crate::accounts::draft::{Wanted, parse, source, text, wanted, wrong};
use crate::desk::Desk;
use crate::opening::{self, Passphrase};
use crate::session::{Session, Sessions as _};
use crate::view::{AccountInput, Code, CredentialsPlace, Fault, Field, TryOutWord};

/// An account's settings, to be changed in the window. Its login is not among them.
///
/// # Errors
/// [`Code::UnknownAccount`], or why the settings can't be read.
pub(crate) fn input(desk: &Desk, id: &str) -> Result<AccountInput, Fault> {
    let settings = parse(&text(&desk.home)?)?;
    let account = settings.accounts.into_iter().find(|account| account.id == id);
    account.map(|account| AccountInput::from(&account)).ok_or(Fault::new(Code::UnknownAccount))
}

/// Signs in with an account that need not be saved, and asks about a made-up reference. Nothing is paid or kept.
///
/// # Errors
/// What is wrong with the account, or why its login can't be had.
pub(crate) async fn tried(desk: &Desk, input: AccountInput) -> Result<TryOutWord, Fault> {
    not_in_training(desk)?;
    let wanted = wanted(&text(&desk.home)?, &input)?;
    let credentials = login(&vault(desk, passphrase(&input)), &wanted).await?;
    Ok(try_out(&wanted.account, &wanted.settings.timeouts, credentials).await?.into())
}

/// Keeps the login, then writes the settings, and opens the till anew with them.
///
/// # Errors
/// What is wrong with the account, [`Code::AttemptsOpen`], [`Code::AccountUnsettled`] when unsettled payments could not be
/// asked about any more, or what could not be written; everything is as it was then.
pub(crate) async fn save(desk: &Desk, input: AccountInput) -> Result<(), Fault> {
    let _turn = desk.turn().await;
    let session = changeable(desk)?;
    let passphrase = passphrase(&input);
    let wanted = wanted(&text(&desk.home)?, &input)?;
    let vault = vault(desk, passphrase.clone());
    let credentials = login(&vault, &wanted).await?;
    if let Some(session) = session {
        still_askable(&session, &wanted, &credentials).await?;
    }
    desk.leave().await?;
    let written = write(&desk.home, &vault, &wanted, credentials).await;
    if let Some(right) = passphrase.filter(|_| written.is_ok()) {
        desk.front.passphrase.change(Some(right));
    }
    desk.reopen().await;
    written
}

/// Takes an account out of the settings, and forgets its login.
///
/// # Errors
/// [`Code::UnknownAccount`], [`Code::AttemptsOpen`], [`Code::AccountUnsettled`], or what could not be written.
pub(crate) async fn remove(desk: &Desk, id: &str) -> Result<(), Fault> {
    let _turn = desk.turn().await;
    let session = changeable(desk)?;
    let text = text(&desk.home)?;
    let settings = parse(&text)?;
    let known = settings.accounts.iter().find(|account| account.id == id);
    let account = known.ok_or(Fault::new(Code::UnknownAccount))?;
    let without = without_account(&text, id).map_err(|error| wrong(&error))?;
    if let Some(session) = session.as_deref() {
        let id: AccountId = account.id.parse().map_err(|_| Fault::new(Code::UnknownAccount))?;
        if session.journal.unsettled_of(&id).await? > 0 {
            return Err(Fault::new(Code::AccountUnsettled));
        }
    }
    drop(session);
    desk.leave().await?;
    let written = desk.home.write_config(&without);
    if written.is_ok() {
        forget_login(&desk.home.vault(desk.front.passphrase.source()), account).await;
    }
    desk.reopen().await;
    Ok(written?)
}

/// The login first: settings that name a login which is not there open no account.
async fn write(home: &Home, vault: &Vault, wanted: &Wanted, credentials: Credentials) -> Result<(), Fault> {
    let id = &wanted.account.id;
    let source = source(&wanted.account.credentials);
    let moves = wanted.before.as_ref().is_some_and(|before| before.credentials != wanted.account.credentials);
    let changes = wanted.before.is_none() || wanted.login.is_some() || moves;
    let mut replaced = None;
    if changes {
        // What can't be read could not be put back.
        replaced = match vault.credentials(id, &source).await {
            Ok(before) => Some(before),
            Err(VaultError::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        vault.store_credentials(id, &source, credentials).await?;
    }
    if let Err(fault) = home.write_config(&wanted.text) {
        let put_back = match replaced {
            Some(before) => vault.store_credentials(id, &source, before).await,
            None if changes => vault.remove_credentials(id, &source).await,
            None => Ok(()),
        };
        if let Err(error) = put_back {
            tracing::error!(account = id, %error, "a login could not be put back");
        }
        return Err(fault.into());
    }
    if let Some(before) = wanted.before.as_ref().filter(|_| moves) {
        forget_login(vault, before).await;
    }
    Ok(())
}

/// A login in the environment is not ours to forget, and one that is gone already is no loss.
async fn forget_login(vault: &Vault, account: &AccountSettings) {
    match vault.remove_credentials(&account.id, &source(&account.credentials)).await {
        Ok(()) | Err(VaultError::NotFound { .. } | VaultError::ReadOnly { .. }) => {}
        Err(error) => tracing::warn!(account = account.id, %error, "a login stays where it was kept"),
    }
}

/// Payments that are not settled are asked about where they were sent, with the login they were sent with, and nowhere
/// else; so that must not change under them.
async fn still_askable(session: &Session, wanted: &Wanted, credentials: &Credentials) -> Result<(), Fault> {
    let login = match credentials {
        Credentials::Pair { key, secret } => Login::Pair { key: key.clone(), secret: secret.clone() },
        Credentials::Token(token) => Login::Token(token.clone()),
    };
    let config = gateway_config(&wanted.account, &wanted.settings.timeouts, session.clock.clone());
    let kind = config.kind;
    let endpoint = vezne_gateway::endpoint(&config, &login);
    let unfinished = session.journal.unfinished(session.clock.now(), Millis(0)).await?;
    let stands_elsewhere = |sent: &(GatewayKind, &Endpoint)| sent.0 != kind || *sent.1 != endpoint;
    let attempts = unfinished.attempts.iter().map(|attempt| &attempt.intent.account);
    let reversals = unfinished.reversals.iter().map(|reversal| &reversal.intent.account);
    let sent = attempts.chain(reversals).filter(|account| account.id.as_str() == wanted.account.id);
    if sent.map(|account| (account.gateway, &account.endpoint)).any(|sent| stands_elsewhere(&sent)) {
        return Err(Fault::new(Code::AccountUnsettled));
    }
    Ok(())
}

/// The open till whose settings may be changed; `None` at the first start.
pub(crate) fn changeable(desk: &Desk) -> Result<Option<std::sync::Arc<Session>>, Fault> {
    not_in_training(desk)?;
    match desk.session() {
        Ok(session) => Ok(Some(session)),
        Err(_) if !opening::journal(&desk.home).exists() => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The practice accounts are made anew at each start, and the real ones are not to be changed from practice.
pub(crate) fn not_in_training(desk: &Desk) -> Result<(), Fault> {
    if desk.is_training() { Err(Fault::new(Code::NotNow)) } else { Ok(()) }
}

/// The vault; opened by a passphrase that was typed beside a login, which the desk takes over once it is known to be right.
fn vault(desk: &Desk, typed: Option<SecretString>) -> Vault {
    let source = match typed {
        None => desk.front.passphrase.source(),
        Some(typed) => Passphrase::of(typed).source(),
    };
    desk.home.vault(source)
}

fn passphrase(input: &AccountInput) -> Option<SecretString> {
    match &input.credentials {
        CredentialsPlace::Sealed { passphrase } if !passphrase.is_empty() => Some(passphrase.exact()),
        CredentialsPlace::Sealed { .. } | CredentialsPlace::Keychain | CredentialsPlace::Environment => None,
    }
}

/// The login as it was typed, else the one that is kept.
async fn login(vault: &Vault, wanted: &Wanted) -> Result<Credentials, Fault> {
    match (&wanted.login, &wanted.before) {
        (Some(typed), _) => Ok(typed.clone()),
        (None, Some(before)) => Ok(vault.credentials(&before.id, &source(&before.credentials)).await?),
        (None, None) => Err(Fault::new(Code::TextMissing).at(Field::Login)),
    }
}

#[cfg(test)]
#[path = "accounts_tests.rs"]
mod tests;
