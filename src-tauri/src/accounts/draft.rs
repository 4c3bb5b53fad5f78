//! An account as it was typed, and as it stands in `config.toml`: from one to the other and back.

use std::io::ErrorKind;

use secrecy::ExposeSecret as _;
use vezne_core::ports::TryOut;
use vezne_home::Home;
use vezne_settings::edit::{AccountDraft, ReturnDraft, with_account};
use vezne_settings::{AccountSettings, CredentialsSource, GatewaySettings, Settings, SettingsError};
use vezne_vault::Credentials;

use crate::view::{AccountInput, Code, CredentialsPlace, Fault, Field, LoginInput, ReturnWay, TryOutWord, TypedSecret};

/// What the settings are called in errors.
const FILE_NAME: &str = "config.toml";

/// An account as it would stand in the settings.
pub(super) struct Wanted {
    /// The whole file with it.
    pub(super) text: String,
    /// The account in it.
    pub(super) account: AccountSettings,
    /// The settings in it.
    pub(super) settings: Settings,
    /// The account as it stands now; `None` for a new one.
    pub(super) before: Option<AccountSettings>,
    /// The login that was typed; `None` keeps the one that is there.
    pub(super) login: Option<Credentials>,
}

pub(super) fn wanted(text: &str, input: &AccountInput) -> Result<Wanted, Fault> {
    let settings = parse(text)?;
    let before = match &input.id {
        Some(id) => {
            let known = settings.accounts.iter().find(|account| account.id == *id);
            Some(known.cloned().ok_or(Fault::new(Code::UnknownAccount))?)
        }
        None => None,
    };
    let draft = draft(input, before.as_ref())?;
    let text = with_account(text, &draft).map_err(|error| wrong(&error))?;
    let after = parse(&text)?;
    let is_new = |account: &&AccountSettings| !settings.accounts.iter().any(|known| known.id == account.id);
    let account = match &input.id {
        Some(id) => after.accounts.iter().find(|account| account.id == *id),
        None => after.accounts.iter().find(is_new),
    };
    let account = account.cloned().ok_or(Fault::new(Code::AccountWrong).at(Field::Name))?;
    Ok(Wanted { text, account, settings: after, before, login: typed_login(&input.login)? })
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

fn typed_login(login: &LoginInput) -> Result<Option<Credentials>, Fault> {
    let needed = |typed: &TypedSecret| {
        let text = typed.trimmed();
        let empty = text.expose_secret().is_empty();
        if empty { Err(Fault::new(Code::TextMissing).at(Field::Login)) } else { Ok(text) }
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
                CredentialsSource::Sealed => CredentialsPlace::Sealed { passphrase: "".into() },
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
pub(crate) fn text(home: &Home) -> Result<String, Fault> {
    match std::fs::read_to_string(home.config()) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Fault::new(Code::Configuration).because(error)),
    }
}

pub(super) fn parse(text: &str) -> Result<Settings, Fault> {
    Settings::parse(text, FILE_NAME).map_err(|error| Fault::new(Code::Configuration).because(error))
}

/// What is wrong with an account, and the field that the first of it is about. An address is told by its field alone; all
/// else in the settings' own words, which say which of several things it is.
pub(super) fn wrong(error: &SettingsError) -> Fault {
    let SettingsError::Wrong { problems, .. } = error else { return Fault::new(Code::Configuration).because(error) };
    let is_address = |key: &str| matches!(key, "base_url" | "return_url");
    let told = problems.iter().filter(|problem| !is_address(&problem.key));
    let words: Vec<&str> = told.map(|problem| problem.message.as_str()).collect();
    let fault = Fault::new(Code::AccountWrong);
    let fault = if words.is_empty() { fault } else { fault.because(words.join("\n")) };
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
pub(super) fn source(source: &CredentialsSource) -> vezne_vault::CredentialsSource {
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
