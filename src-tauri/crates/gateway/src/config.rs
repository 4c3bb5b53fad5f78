//! What a gateway account is told: where it is, how long calls may take, and its login.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::{Host, Url};
use vezne_core::account::{Endpoint, GatewayKind};
use vezne_core::money::Currency;
use vezne_core::ports::Clock;

/// How long each kind of call may take, whole, and how long a payment may queue for a slot of the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Opening a connection: name lookup, TCP and TLS together.
    pub connect: Duration,
    /// Signing in.
    pub sign_in: Duration,
    /// Asking for options.
    pub options: Duration,
    /// Asking for a status or an order.
    pub status: Duration,
    /// The payment call.
    pub pay: Duration,
    /// A void or refund call.
    pub reversal: Duration,
    /// The longest a call waits in the queue of the gateway's documented rate.
    pub limiter_wait: Duration,
}

impl Default for Deadlines {
    /// The deadlines of `RULES.md` 1.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            sign_in: Duration::from_secs(15),
            options: Duration::from_secs(15),
            status: Duration::from_secs(15),
            pay: Duration::from_secs(120),
            reversal: Duration::from_secs(60),
            limiter_wait: Duration::from_secs(60),
        }
    }
}

/// One merchant account's side of a gateway, without its login.
#[derive(Clone)]
pub struct GatewayConfig {
    /// Which API.
    pub kind: GatewayKind,
    /// Where the API begins: https, or http on loop-back. A path is kept (`/api/v1`).
    pub base_url: Url,
    /// The desk's public address for Finrota's `customerIpAddress`; `None` takes the machine's own outbound address.
    pub customer_ip: Option<String>,
    /// The header that carries the token to Finrota's `GET /b2c/paymentOptions` (document 10.2: `Proxy-Authorization`).
    pub options_auth_header: String,
    /// Whether the status may be asked.
    pub status_query: bool,
    /// Finrota's status path.
    pub status_path: String,
    /// Finrota's status parameter.
    pub status_parameter: String,
    /// Finrota's cancel path.
    pub cancel_path: String,
    /// Finrota's refund path.
    pub refund_path: String,
    /// The field that carries the amount of a Finrota refund.
    pub refund_amount_field: String,
    /// Whether void and refund are switched on; when not, none is ever sent.
    pub reversals: bool,
    /// The currencies the account takes; options in others are not asked for.
    pub currencies: Vec<Currency>,
    /// Deadlines.
    pub deadlines: Deadlines,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl GatewayConfig {
    /// An account at that address with the defaults of `GATEWAYS.md`.
    #[must_use]
    pub fn new(kind: GatewayKind, base_url: Url, clock: Arc<dyn Clock>) -> Self {
        Self {
            kind,
            base_url,
            customer_ip: None,
            options_auth_header: "Proxy-Authorization".to_owned(),
            status_query: true,
            status_path: "/pws/payment/transaction".to_owned(),
            status_parameter: "clientOrderReferenceCode".to_owned(),
            cancel_path: "/pws/payment/cancel".to_owned(),
            refund_path: "/pws/payment/refund".to_owned(),
            refund_amount_field: "amount".to_owned(),
            reversals: false,
            currencies: vec![Currency::TRY],
            deadlines: Deadlines::default(),
            clock,
        }
    }

    /// The base address without a trailing slash.
    pub(crate) fn base(&self) -> &str {
        self.base_url.as_str().trim_end_matches('/')
    }

    /// Whether the account talks to this machine itself.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.base_url)
    }

    /// Whether the address can be spoken to at all.
    pub(crate) fn check(&self) -> Result<(), ConnectError> {
        let plain = self.base_url.query().is_none() && self.base_url.fragment().is_none();
        if !plain || self.base_url.host().is_none() || !self.base_url.username().is_empty() {
            return Err(ConnectError::Address);
        }
        match self.base_url.scheme() {
            "https" => Ok(()),
            "http" if self.is_loopback() => Ok(()),
            "http" => Err(ConnectError::PlainHttp),
            _ => Err(ConnectError::Address),
        }
    }
}

impl fmt::Debug for GatewayConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("GatewayConfig")
            .field("kind", &self.kind)
            .field("base_url", &self.base_url.as_str())
            .field("status_query", &self.status_query)
            .field("deadlines", &self.deadlines)
            .finish_non_exhaustive()
    }
}

/// Whether an address can only be this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// How the account proves who it is. Debug output shows which kind only.
#[derive(Clone)]
pub enum Login {
    /// Finrota `apiKey` and `secretKey`; Yolcu360 `key` and `secret`.
    Pair {
        /// The key.
        key: SecretString,
        /// The secret.
        secret: SecretString,
    },
    /// A ready access token, which can't be renewed.
    Token(SecretString),
}

impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pair { .. } => "Login::Pair(…)",
            Self::Token(_) => "Login::Token(…)",
        })
    }
}

/// Why an account can't be used. Nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// Not an https address.
    #[error("the base address is no https address without user, query and fragment")]
    Address,
    /// Plain http to another machine.
    #[error("the base address is plain http; that is allowed on this machine itself only")]
    PlainHttp,
    /// A header name can't be one.
    #[error("the name of the header for the options' token can't be a header's name")]
    OptionsAuthHeader,
    /// A ready token that no header can carry.
    #[error("the token holds characters that no token has")]
    Token,
    /// The system's certificates can't be read.
    #[error("the system's trusted certificates can't be read, so no https address can be checked")]
    Certificates,
    /// The HTTP client could not be made.
    #[error("the HTTP client could not be made")]
    Client,
}

/// A short one-way fingerprint of a login: the first 16 hexadecimal digits of a SHA-256. Of a pair it names the key
/// alone, because the same account with a new secret is still the same account.
#[must_use]
pub fn fingerprint(login: &Login) -> String {
    let (kind, named) = match login {
        Login::Pair { key, .. } => ("key", key),
        Login::Token(token) => ("token", token),
    };
    // Exposed to be hashed; nothing leads back from the digest.
    let digest = Sha256::new().chain_update("vezne login ").chain_update(kind).chain_update([0]);
    hex16(&digest.chain_update(named.expose_secret()).finalize())
}

/// Where an account's calls go, as attempts remember it.
#[must_use]
pub fn endpoint(config: &GatewayConfig, login: &Login) -> Endpoint {
    let host = config.base_url.host_str().unwrap_or_default();
    let host = config.base_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    Endpoint { base_url: config.base().to_owned(), host, key_fingerprint: fingerprint(login) }
}

/// Names what may not be kept as it is: a keyed digest, so that whoever has it can't try all card numbers against it.
pub(crate) fn keyed_digest(login: &Login, text: &str) -> String {
    let key = match login {
        Login::Pair { secret, .. } => secret,
        Login::Token(token) => token,
    };
    // Exposed as the key of the digest. HMAC takes keys of any length, so the fallback is never taken.
    Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(text.as_bytes());
            hex16(&mac.finalize().into_bytes())
        },
    )
}

fn hex16(digest: &[u8]) -> String {
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
