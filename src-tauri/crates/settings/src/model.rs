//! What a desk is told, checked: nothing in here can be wrong by itself.

use std::net::IpAddr;
use std::time::Duration;

use rust_decimal::Decimal;
use url::Url;
use vezne_core::money::Currency;

use crate::papers::{PrinterSettings, ReceiptSettings};

/// Everything `config.toml` says, with every default filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The merchant accounts in the order of the file; none on a desk that only trains.
    pub accounts: Vec<AccountSettings>,
    /// What holds for the whole desk.
    pub desk: DeskSettings,
    /// How long each kind of call may take.
    pub timeouts: Timeouts,
    /// What stands on receipts.
    pub receipt: ReceiptSettings,
    /// The receipt printer.
    pub printer: PrinterSettings,
}

/// One configured login at a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSettings {
    /// Stable identity, kept with every attempt: 1 to 64 of `a`–`z`, `0`–`9` and `-`, unique in the file.
    pub id: String,
    /// What staff see: trimmed, 1 to 40 characters, unique in the file without regard to case.
    pub name: String,
    /// Which gateway, and what only that gateway is told.
    pub gateway: GatewaySettings,
    /// Where the API begins: https (http only on loop-back), no user, query or fragment, path without a trailing slash.
    /// Join paths with [`AccountSettings::address`].
    pub base_url: Url,
    /// Where the login is kept; never the login itself.
    pub credentials: CredentialsSource,
    /// Whether the kept credential is a ready token instead of a key and a secret.
    pub token: bool,
    /// The desk's public address as the gateway should see it (`customerIpAddress` of Finrota's `POST /b2c/payment`);
    /// `None` means the machine's own outbound address.
    pub customer_ip: Option<IpAddr>,
    /// How the customer's browser comes back from the bank's page.
    pub return_mode: ReturnMode,
    /// Whether the gateway is asked what became of a payment.
    pub status_query: bool,
    /// Whether an explicit return settles where nothing can be asked; `None` when the owner has not said.
    /// Always stated when `status_query` is off.
    pub return_settles: Option<bool>,
    /// Whether void and refund are offered.
    pub reversals: bool,
    /// The currencies that may be taken, at least one, each once.
    pub currencies: Vec<Currency>,
    /// How long the bank's page may stay open.
    pub challenge: Duration,
    /// How long an approved payment of the same card and amount makes the cashier be asked.
    pub duplicate: Duration,
    /// Amounts above this, in major units of whichever currency is taken, are typed twice; `None` means never.
    pub confirm_above: Option<Decimal>,
    /// Until this local time of the same day money is given back by a void, later by a refund.
    pub void_until: LocalTime,
}

impl AccountSettings {
    /// The full address of a path under `base_url`; `path` begins with `/`.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base_url.as_str().trim_end_matches('/'))
    }

    /// Whether the account talks to this machine itself (practice gateways, tests).
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        crate::value::is_loopback(&self.base_url)
    }
}

/// The payment APIs that Vezne speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gateway {
    /// Finrota B2C.
    Finrota,
    /// Yolcu360 Pro.
    Yolcu360,
}

impl Gateway {
    /// The word for it in `config.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Finrota => "finrota",
            Self::Yolcu360 => "yolcu360",
        }
    }
}

/// A gateway with what only that gateway is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewaySettings {
    /// Finrota B2C.
    Finrota(FinrotaSettings),
    /// Yolcu360 Pro.
    Yolcu360(Yolcu360Settings),
}

impl GatewaySettings {
    /// Which gateway this is.
    #[must_use]
    pub const fn gateway(&self) -> Gateway {
        match self {
            Self::Finrota(_) => Gateway::Finrota,
            Self::Yolcu360(_) => Gateway::Yolcu360,
        }
    }
}

/// What Finrota's documents leave open, so that an account's owner can say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinrotaSettings {
    /// The header that carries the token to `GET /b2c/paymentOptions`.
    pub options_auth_header: String,
    /// Where a payment's status is asked, under `base_url`.
    pub status_path: String,
    /// The query parameter that carries the attempt reference there.
    pub status_parameter: String,
    /// Where a void is asked for, under `base_url`.
    pub cancel_path: String,
    /// Where a refund is asked for, under `base_url`.
    pub refund_path: String,
    /// The field of a refund that carries its amount (the vendor's table and its examples differ).
    pub refund_amount_field: String,
}

/// What only a Yolcu360 account is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yolcu360Settings {
    /// Whether orders may be paid from the agency's credit limit.
    pub credit_limit: bool,
}

/// Where an account's login is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialsSource {
    /// In the operating system's keychain.
    Keychain,
    /// In the sealed file of the home folder.
    Sealed,
    /// In two environment variables, by their names.
    EnvironmentPair {
        /// The variable that holds the key.
        key: String,
        /// The variable that holds the secret.
        secret: String,
    },
    /// In one environment variable that holds a ready token.
    EnvironmentToken {
        /// The variable's name.
        variable: String,
    },
}

/// How the customer's browser comes back from the bank's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReturnMode {
    /// To Vezne's own scheme, caught by the desk's window.
    CustomScheme,
    /// To an https page of the account's owner, caught before it loads.
    Https {
        /// That page: https, no user, query or fragment.
        url: Url,
    },
    /// To a short-lived listener on this machine.
    Loopback,
}

/// What holds for the whole desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSettings {
    /// Which desk wrote an event: 1 to 40 of `a`–`z`, `0`–`9` and `-`.
    pub id: String,
    /// IANA name of the zone in which a day and `void_until` are read; known to the built-in zone table.
    pub timezone: String,
    /// The language before anyone chooses another.
    pub language: Language,
}

/// The languages of screens and slips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Turkish.
    Turkish,
}

impl Language {
    /// The word for it in `config.toml`: its ISO 639-1 code.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Turkish => "tr",
        }
    }
}

/// A time of day on the desk's clock, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime {
    hour: u8,
    minute: u8,
}

impl LocalTime {
    /// `None` outside 00:00 to 23:59.
    #[must_use]
    pub const fn new(hour: u8, minute: u8) -> Option<Self> {
        if hour < 24 && minute < 60 { Some(Self { hour, minute }) } else { None }
    }

    /// 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u8 {
        self.minute
    }
}

/// How long each kind of call may take. A shorter `pay` manufactures unknown outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeouts {
    /// Opening a connection.
    pub connect: Duration,
    /// Signing in.
    pub sign_in: Duration,
    /// Asking for installment options.
    pub options: Duration,
    /// Asking what became of a payment.
    pub status: Duration,
    /// A payment call, whole.
    pub pay: Duration,
    /// A void or refund call, whole.
    pub reversal: Duration,
    /// Waiting for a place under the gateway's rate limit before a payment call.
    pub limiter_wait: Duration,
}
