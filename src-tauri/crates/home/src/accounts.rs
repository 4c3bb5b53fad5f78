//! From what the settings say of an account to what the till and its gateway are told.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use vezne_core::account::{Account, AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::ids::AccountId;
use vezne_core::money::Money;
use vezne_core::ports::{Clock, TryOut};
use vezne_core::time::Millis;
use vezne_gateway::{Deadlines, GatewayConfig, Login};
use vezne_settings::{AccountSettings, GatewaySettings, ReturnMode, Timeouts};
use vezne_till::Served;
use vezne_vault::{Credentials, Vault};

use crate::{HomeFault, SystemClock};

/// An account that is configured and can't be used now: its login can't be had, or its address can't be spoken to.
#[derive(Debug)]
pub struct Unavailable {
    /// Its name.
    pub name: String,
    /// Why.
    pub fault: HomeFault,
}

/// What a gateway is told of an account.
#[must_use]
pub fn gateway_config(account: &AccountSettings, timeouts: &Timeouts, clock: Arc<dyn Clock>) -> GatewayConfig {
    let mut config = GatewayConfig::new(kind(account), account.base_url.clone(), clock);
    config.customer_ip = account.customer_ip.map(|address| address.to_string());
    config.status_query = account.status_query;
    config.reversals = account.reversals;
    config.currencies.clone_from(&account.currencies);
    config.deadlines = deadlines(timeouts);
    match &account.gateway {
        GatewaySettings::Finrota(finrota) => {
            config.options_auth_header.clone_from(&finrota.options_auth_header);
            config.status_path.clone_from(&finrota.status_path);
            config.status_parameter.clone_from(&finrota.status_parameter);
            config.cancel_path.clone_from(&finrota.cancel_path);
            config.refund_path.clone_from(&finrota.refund_path);
            config.refund_amount_field.clone_from(&finrota.refund_amount_field);
        }
        GatewaySettings::Yolcu360(_) => {}
    }
    config
}

/// What the till is told of an account.
///
/// # Errors
/// [`HomeFault::Account`] when a value does not fit another.
pub fn core_account(account: &AccountSettings, timeouts: &Timeouts, endpoint: Endpoint) -> Result<Account, HomeFault> {
    let wrong = |why: String| HomeFault::Account { account: account.name.clone(), why };
    let id: AccountId = account.id.parse().map_err(|error| wrong(format!("{error}")))?;
    let name = account.name.parse().map_err(|error| wrong(format!("{error}")))?;
    let terms = Terms {
        status_query: if account.status_query { StatusQuery::On } else { StatusQuery::Off },
        return_rule: if account.return_settles == Some(true) { ReturnRule::Settles } else { ReturnRule::Hint },
        challenge: millis(account.challenge),
        pay_deadline: millis(timeouts.pay),
        page: match account.return_mode {
            ReturnMode::CustomScheme | ReturnMode::Https { .. } => PagePlace::Window,
            ReturnMode::Loopback => PagePlace::Browser,
        },
    };
    Ok(Account {
        reference: AccountRef { id, name, gateway: kind(account), endpoint },
        terms,
        reversals: account.reversals,
        credit_limit: match &account.gateway {
            GatewaySettings::Finrota(_) => false,
            GatewaySettings::Yolcu360(yolcu360) => yolcu360.credit_limit,
        },
        currencies: account.currencies.clone(),
        duplicate_window: millis(account.duplicate),
        confirm_above: confirm_above(account).map_err(wrong)?,
        void_until_minutes: u16::from(account.void_until.hour())
            .saturating_mul(60)
            .saturating_add(u16::from(account.void_until.minute())),
    })
}

/// Where logins come from: what was handed over for an account's id comes first, then the vault is asked.
pub(crate) struct Logins<'a> {
    pub(crate) given: &'a HashMap<String, Credentials>,
    pub(crate) vault: &'a Vault,
}

/// The account with its gateway.
pub(crate) async fn served(
    account: &AccountSettings,
    timeouts: &Timeouts,
    logins: &Logins<'_>,
    clock: Arc<dyn Clock>,
) -> Result<Served, HomeFault> {
    let wrong = |why: String| HomeFault::Account { account: account.name.clone(), why };
    let credentials = match logins.given.get(&account.id) {
        Some(given) => given.clone(),
        None => logins.vault.credentials(&account.id, &source(&account.credentials)).await?,
    };
    let login = login(account, credentials)?;
    let config = gateway_config(account, timeouts, clock);
    let account_of_till = core_account(account, timeouts, vezne_gateway::endpoint(&config, &login))?;
    let gateway = vezne_gateway::connect(config, login).map_err(|error| wrong(error.to_string()))?;
    Ok(Served { account: account_of_till, gateway })
}

/// Signs in with an account that need not be saved yet, and asks about a made-up reference: the connection test. Nothing is
/// paid and nothing is kept.
///
/// # Errors
/// [`HomeFault::Account`] when its settings do not fit together, or the login is not what they say.
pub async fn try_out(
    account: &AccountSettings,
    timeouts: &Timeouts,
    credentials: Credentials,
) -> Result<TryOut, HomeFault> {
    let login = login(account, credentials)?;
    let config = gateway_config(account, timeouts, Arc::new(SystemClock));
    core_account(account, timeouts, vezne_gateway::endpoint(&config, &login))?;
    let gateway = vezne_gateway::connect(config, login)
        .map_err(|error| HomeFault::Account { account: account.name.clone(), why: error.to_string() })?;
    Ok(gateway.try_out().await)
}

fn login(account: &AccountSettings, credentials: Credentials) -> Result<Login, HomeFault> {
    match (credentials, account.token) {
        (Credentials::Pair { key, secret }, false) => Ok(Login::Pair { key, secret }),
        (Credentials::Token(token), true) => Ok(Login::Token(token)),
        (Credentials::Pair { .. }, true) => Err(HomeFault::Account {
            account: account.name.clone(),
            why: "`token = true`, but a key and a secret are kept: store the token, or take `token` out".to_owned(),
        }),
        (Credentials::Token(_), false) => Err(HomeFault::Account {
            account: account.name.clone(),
            why: "a ready token is kept: say `token = true`, or store a key and a secret".to_owned(),
        }),
    }
}

/// The vault's word for where a login is kept; the settings know nothing of the vault.
pub(crate) fn source(source: &vezne_settings::CredentialsSource) -> vezne_vault::CredentialsSource {
    match source {
        vezne_settings::CredentialsSource::Keychain => vezne_vault::CredentialsSource::Keychain,
        vezne_settings::CredentialsSource::Sealed => vezne_vault::CredentialsSource::Sealed,
        vezne_settings::CredentialsSource::EnvironmentPair { key, secret } => {
            vezne_vault::CredentialsSource::EnvironmentPair { key: key.clone(), secret: secret.clone() }
        }
        vezne_settings::CredentialsSource::EnvironmentToken { variable } => {
            vezne_vault::CredentialsSource::EnvironmentToken { variable: variable.clone() }
        }
    }
}

const fn kind(account: &AccountSettings) -> GatewayKind {
    match account.gateway {
        GatewaySettings::Finrota(_) => GatewayKind::Finrota,
        GatewaySettings::Yolcu360(_) => GatewayKind::Yolcu360,
    }
}

const fn deadlines(timeouts: &Timeouts) -> Deadlines {
    Deadlines {
        connect: timeouts.connect,
        sign_in: timeouts.sign_in,
        options: timeouts.options,
        status: timeouts.status,
        pay: timeouts.pay,
        reversal: timeouts.reversal,
        limiter_wait: timeouts.limiter_wait,
    }
}

fn millis(span: Duration) -> Millis {
    Millis(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
}

/// The limit in the account's first currency, which is the one that the number in the settings was written for.
fn confirm_above(account: &AccountSettings) -> Result<Option<Money>, String> {
    let (Some(limit), Some(currency)) = (account.confirm_above, account.currencies.first()) else { return Ok(None) };
    let limit = Money::from_decimal_text(&limit.to_string(), *currency);
    limit.map(Some).map_err(|error| format!("`confirm_above`: {error}"))
}

#[cfg(test)]
mod tests {
    use vezne_core::money::Currency;
    use vezne_settings::Settings;

    use super::*;

    fn settings() -> Settings {
        let text = r#"
[[account]]
name = "Kiralama Ofisi"
gateway = "finrota"
base_url = "http://127.0.0.1:9/finrota"
credentials = { env = ["A", "B"] }
return_mode = "loopback"
status_query = false
return_settles = true
currencies = ["EUR", "TRY"]
customer_ip = "192.0.2.7"
confirm_above = "2500.50"
challenge_minutes = 4
duplicate_minutes = 7
void_until = "22:15"
refund_amount_field = "refundAmount"

[timeouts]
pay_seconds = 90
"#;
        Settings::parse(text, "config.toml").unwrap()
    }

    fn endpoint() -> Endpoint {
        Endpoint {
            base_url: "http://127.0.0.1:9/finrota".into(),
            host: "127.0.0.1:9".into(),
            key_fingerprint: "f".into(),
        }
    }

    #[test]
    fn every_setting_of_an_account_reaches_the_till() {
        let settings = settings();
        let account = core_account(&settings.accounts[0], &settings.timeouts, endpoint()).unwrap();
        assert_eq!(account.reference.id.as_str(), "kiralama-ofisi");
        assert_eq!(
            account.terms,
            Terms {
                status_query: StatusQuery::Off,
                return_rule: ReturnRule::Settles,
                challenge: Millis::minutes(4),
                pay_deadline: Millis::seconds(90),
                page: PagePlace::Browser,
            }
        );
        assert_eq!(account.confirm_above, Some(Money::from_minor(250_050, Currency::EUR)));
        assert_eq!((account.duplicate_window, account.void_until_minutes), (Millis::minutes(7), 22 * 60 + 15));
        assert!(!account.credit_limit && !account.reversals);
    }

    #[test]
    fn every_setting_of_an_account_reaches_its_gateway() {
        let settings = settings();
        let config = gateway_config(&settings.accounts[0], &settings.timeouts, Arc::new(SystemClock));
        assert_eq!(config.customer_ip.as_deref(), Some("192.0.2.7"));
        assert_eq!(config.refund_amount_field, "refundAmount");
        assert_eq!(config.deadlines.pay, Duration::from_secs(90));
        assert_eq!(config.currencies, [Currency::EUR, Currency::TRY]);
        assert!(!config.status_query);
    }

    fn credentials() -> Credentials {
        Credentials::Pair { key: "k".to_owned().into(), secret: "s".to_owned().into() }
    }

    #[tokio::test]
    async fn an_account_that_is_not_saved_yet_is_tried_out() {
        let settings = settings();
        let found = try_out(&settings.accounts[0], &settings.timeouts, credentials()).await.unwrap();
        assert!(matches!(found, TryOut::NoAnswer(_)), "nobody listens there: {found:?}");
        let mut wants_a_token = settings.accounts[0].clone();
        wants_a_token.token = true;
        let fault = try_out(&wants_a_token, &settings.timeouts, credentials()).await.unwrap_err();
        assert!(fault.to_string().contains("token"), "{fault}");
    }
}
