//! Merchant accounts added, tried out, changed and removed from the window: `config.toml` and the login beside it.

use std::io::ErrorKind;

use secrecy::SecretString;
use vezne_core::account::{Endpoint, GatewayKind};
use vezne_core::ids::AccountId;
use vezne_core::ports::{Journal as _, TryOut};
use vezne_core::time::Millis;
use vezne_gateway::Login;
use vezne_home::{Home, gateway_config, try_out};
use vezne_settings::edit::{AccountDraft, ReturnDraft, with_account, without_account};
use vezne_settings::{AccountSettings, CredentialsSource, GatewaySettings, Settings, SettingsError};
use vezne_vault::{Credentials, Vault, VaultError};

use crate::desk::Desk;
use crate::opening;
use crate::session::{Session, Sessions as _};
use crate::view::{AccountInput, Code, CredentialsPlace, Fault, Field, LoginInput, ReturnWay, TryOutWord};

/// What the settings are called in errors.
const FILE_NAME: &str = "config.toml";

/// An account as it would stand in the settings.
struct Wanted {
    /// The whole file with it.
    text: String,
    /// The account in it.
    account: AccountSettings,
    /// The settings in it.
    settings: Settings,
    /// The account as it stands now; `None` for a new one.
    before: Option<AccountSettings>,
    /// The login that was typed; `None` keeps the one that is there.
    login: Option<Credentials>,
}

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
    let passphrase = passphrase(&input);
    let wanted = wanted(&text(&desk.home)?, input)?;
    let given = Given::to(desk, passphrase);
    let credentials = login(&desk.home.vault(desk.front.passphrase.source()), &wanted).await;
    given.back();
    Ok(try_out(&wanted.account, &wanted.settings.timeouts, credentials?).await?.into())
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
    let wanted = wanted(&text(&desk.home)?, input)?;
    let given = Given::to(desk, passphrase);
    let vault = desk.home.vault(desk.front.passphrase.source());
    let saved = match login(&vault, &wanted).await {
        Ok(credentials) => save_with(desk, session.as_deref(), &vault, &wanted, credentials).await,
        Err(fault) => Err(fault),
    };
    match saved {
        Ok(()) => given.kept(),
        Err(_) => given.back(),
    }
    saved
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

async fn save_with(
    desk: &Desk,
    session: Option<&Session>,
    vault: &Vault,
    wanted: &Wanted,
    credentials: Credentials,
) -> Result<(), Fault> {
    if let Some(session) = session {
        still_askable(session, wanted, &credentials).await?;
    }
    desk.leave().await?;
    let written = write(&desk.home, vault, wanted, credentials).await;
    desk.reopen().await;
    written
}

/// The login first: settings that name a login which is not there open no account.
async fn write(home: &Home, vault: &Vault, wanted: &Wanted, credentials: Credentials) -> Result<(), Fault> {
    let id = &wanted.account.id;
    let source = source(&wanted.account.credentials);
    let moves = wanted.before.as_ref().is_some_and(|before| before.credentials != wanted.account.credentials);
    let changes = wanted.before.is_none() || wanted.login.is_some() || moves;
    let replaced = if changes { vault.credentials(id, &source).await.ok() } else { None };
    if changes {
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
    let sent = unfinished
        .attempts
        .iter()
        .map(|attempt| &attempt.intent.account)
        .filter(|account| account.id.as_str() == wanted.account.id);
    if sent.map(|account| (account.gateway, &account.endpoint)).any(|sent| stands_elsewhere(&sent)) {
        return Err(Fault::new(Code::AccountUnsettled));
    }
    Ok(())
}

/// The open till whose settings may be changed; `None` at the first start.
fn changeable(desk: &Desk) -> Result<Option<std::sync::Arc<Session>>, Fault> {
    not_in_training(desk)?;
    match desk.session() {
        Ok(session) => Ok(Some(session)),
        Err(_) if !opening::journal(&desk.home).exists() => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The practice accounts are made anew at each start, and the real ones are not to be changed from practice.
fn not_in_training(desk: &Desk) -> Result<(), Fault> {
    if desk.is_training() { Err(Fault::new(Code::NotNow)) } else { Ok(()) }
}

/// A passphrase that was typed beside a login, for as long as it is not known to be right.
struct Given<'a> {
    desk: &'a Desk,
    before: Option<Option<SecretString>>,
}

impl<'a> Given<'a> {
    fn to(desk: &'a Desk, typed: Option<SecretString>) -> Self {
        Self { desk, before: typed.map(|typed| desk.front.passphrase.change(Some(typed))) }
    }

    fn back(self) {
        if let Some(before) = self.before {
            self.desk.front.passphrase.change(before);
        }
    }

    fn kept(self) {}
}

fn passphrase(input: &AccountInput) -> Option<SecretString> {
    match &input.credentials {
        CredentialsPlace::Sealed { passphrase } if !passphrase.is_empty() => Some(passphrase.as_str().into()),
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

fn wanted(text: &str, input: AccountInput) -> Result<Wanted, Fault> {
    let settings = parse(text)?;
    let before = match &input.id {
        Some(id) => {
            let known = settings.accounts.iter().find(|account| account.id == *id);
            Some(known.cloned().ok_or(Fault::new(Code::UnknownAccount))?)
        }
        None => None,
    };
    let draft = draft(&input, before.as_ref())?;
    let text = with_account(text, &draft).map_err(|error| wrong(&error))?;
    let after = parse(&text)?;
    let is_new = |account: &&AccountSettings| !settings.accounts.iter().any(|known| known.id == account.id);
    let account = match &input.id {
        Some(id) => after.accounts.iter().find(|account| account.id == *id),
        None => after.accounts.iter().find(is_new),
    };
    let account = account.cloned().ok_or(Fault::new(Code::AccountWrong).at(Field::Name))?;
    Ok(Wanted { text, account, settings: after, before, login: typed_login(input.login)? })
}

fn draft(input: &AccountInput, before: Option<&AccountSettings>) -> Result<AccountDraft, Fault> {
    let credentials = match (&input.credentials, before) {
        (CredentialsPlace::Keychain, _) => CredentialsSource::Keychain,
        (CredentialsPlace::Sealed { .. }, _) => CredentialsSource::Sealed,
        // Variables are named by whoever writes the file by hand.
        (CredentialsPlace::Environment, Some(before)) if input.login == LoginInput::Kept => before.credentials.clone(),
        (CredentialsPlace::Environment, _) => return Err(Fault::new(Code::AccountWrong).at(Field::Login)),
    };
    let token = match &input.login {
        LoginInput::Pair { .. } => false,
        LoginInput::Token { .. } => true,
        LoginInput::Kept => before.is_some_and(|before| before.token),
    };
    Ok(AccountDraft {
        name: input.name.trim().to_owned(),
        id: input.id.clone(),
        gateway: input.gateway.into(),
        base_url: input.base_url.trim().to_owned(),
        credentials,
        token,
        return_mode: match &input.return_way {
            ReturnWay::CustomScheme => ReturnDraft::CustomScheme,
            ReturnWay::Https { url } => ReturnDraft::Https { url: url.trim().to_owned() },
            ReturnWay::Loopback => ReturnDraft::Loopback,
        },
        currencies: input.currencies.clone(),
        status_query: input.status_query,
        return_settles: input.return_settles,
        credit_limit: input.credit_limit,
        confirm_above: input
            .confirm_above
            .as_ref()
            .map(|limit| limit.trim().to_owned())
            .filter(|limit| !limit.is_empty()),
    })
}

/// The login moves on into buffers that are wiped.
fn typed_login(login: LoginInput) -> Result<Option<Credentials>, Fault> {
    let needed = |text: String| {
        let text = text.trim().to_owned();
        if text.is_empty() { Err(Fault::new(Code::TextMissing).at(Field::Login)) } else { Ok(SecretString::from(text)) }
    };
    Ok(match login {
        LoginInput::Pair { key, secret } => Some(Credentials::Pair { key: needed(key)?, secret: needed(secret)? }),
        LoginInput::Token { token } => Some(Credentials::Token(needed(token)?)),
        LoginInput::Kept => None,
    })
}

impl From<&AccountSettings> for AccountInput {
    fn from(account: &AccountSettings) -> Self {
        Self {
            id: Some(account.id.clone()),
            name: account.name.clone(),
            gateway: account.gateway.gateway().into(),
            base_url: account.base_url.as_str().trim_end_matches('/').to_owned(),
            login: LoginInput::Kept,
            credentials: match &account.credentials {
                CredentialsSource::Keychain => CredentialsPlace::Keychain,
                CredentialsSource::Sealed => CredentialsPlace::Sealed { passphrase: String::new() },
                CredentialsSource::EnvironmentPair { .. } | CredentialsSource::EnvironmentToken { .. } => {
                    CredentialsPlace::Environment
                }
            },
            return_way: (&account.return_mode).into(),
            currencies: account.currencies.iter().map(|currency| currency.code().to_owned()).collect(),
            status_query: account.status_query,
            return_settles: account.return_settles,
            credit_limit: match &account.gateway {
                GatewaySettings::Finrota(_) => false,
                GatewaySettings::Yolcu360(yolcu360) => yolcu360.credit_limit,
            },
            confirm_above: account.confirm_above.map(|limit| limit.to_string()),
        }
    }
}

impl From<TryOut> for TryOutWord {
    fn from(found: TryOut) -> Self {
        match found {
            TryOut::CanBeAsked => Self::CanBeAsked,
            TryOut::WrongPath => Self::WrongPath,
            TryOut::CannotBeAsked => Self::CannotBeAsked,
            TryOut::SignInRefused => Self::SignInRefused,
            TryOut::NoAnswer(_) => Self::NoAnswer,
        }
    }
}

/// The settings' text; nothing where there is no file yet.
fn text(home: &Home) -> Result<String, Fault> {
    match std::fs::read_to_string(home.config()) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Fault::new(Code::Configuration).because(error)),
    }
}

fn parse(text: &str) -> Result<Settings, Fault> {
    Settings::parse(text, FILE_NAME).map_err(|error| Fault::new(Code::Configuration).because(error))
}

/// What is wrong with an account, in the settings' own words, and the field that the first of them is about.
fn wrong(error: &SettingsError) -> Fault {
    let SettingsError::Wrong { problems, .. } = error else { return Fault::new(Code::Configuration).because(error) };
    let words: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    let fault = Fault::new(Code::AccountWrong).because(words.join("\n"));
    match problems.iter().find_map(|problem| field_of(&problem.key)) {
        Some(field) => fault.at(field),
        None => fault,
    }
}

fn field_of(key: &str) -> Option<Field> {
    match key {
        "name" | "id" => Some(Field::Name),
        "base_url" => Some(Field::BaseUrl),
        "return_url" | "return_mode" | "return_settles" => Some(Field::ReturnUrl),
        "currencies" => Some(Field::Currency),
        "confirm_above" => Some(Field::Amount),
        "credentials" | "token" => Some(Field::Login),
        _ => None,
    }
}

/// The vault's word for where a login is kept; the settings know nothing of the vault.
fn source(source: &CredentialsSource) -> vezne_vault::CredentialsSource {
    match source {
        CredentialsSource::Keychain => vezne_vault::CredentialsSource::Keychain,
        CredentialsSource::Sealed => vezne_vault::CredentialsSource::Sealed,
        CredentialsSource::EnvironmentPair { key, secret } => {
            vezne_vault::CredentialsSource::EnvironmentPair { key: key.clone(), secret: secret.clone() }
        }
        CredentialsSource::EnvironmentToken { variable } => {
            vezne_vault::CredentialsSource::EnvironmentToken { variable: variable.clone() }
        }
    }
}

#[cfg(test)]
#[path = "accounts_tests.rs"]
mod tests;
