//! What Settings, Attention and the first start send.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Gateway, RoleWord, SupervisorInput, TypedSecret};

/// How the customer comes back from the bank's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReturnWay {
    /// To Vezne's own scheme, caught by the bank's window.
    CustomScheme,
    /// To an https address of the owner's, caught before it loads.
    Https {
        /// The address.
        url: String,
    },
    /// To this machine, by the system's browser.
    Loopback,
}

/// Where a login is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CredentialsPlace {
    /// In the operating system's keychain.
    Keychain,
    /// In the sealed file, under its passphrase.
    Sealed {
        /// The passphrase.
        passphrase: TypedSecret,
    },
    /// In environment variables that `config.toml` names: it stays there, and is changed there.
    Environment,
}

/// A login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LoginInput {
    /// A key and a secret.
    Pair {
        /// The key.
        key: TypedSecret,
        /// The secret.
        secret: TypedSecret,
    },
    /// A ready token.
    Token {
        /// The token.
        token: TypedSecret,
    },
    /// The login that is kept already stays.
    Kept,
}

/// A merchant account to be added, tried out or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AccountInput {
    /// The id of the account that is changed; `null` for a new one.
    pub id: Option<String>,
    /// What staff see.
    pub name: String,
    /// Its gateway.
    pub gateway: Gateway,
    /// Where the API begins.
    pub base_url: String,
    /// Its login.
    pub login: LoginInput,
    /// Where the login is kept.
    pub credentials: CredentialsPlace,
    /// How the bank's page comes back.
    pub return_way: ReturnWay,
    /// The currencies it takes.
    pub currencies: Vec<String>,
    /// The gateway can be asked what became of a payment.
    pub status_query: bool,
    /// An explicit return settles; must be stated where the status can't be asked.
    pub return_settles: Option<bool>,
    /// Orders may be paid from the credit limit (Yolcu360).
    pub credit_limit: bool,
    /// Above this the amount is typed twice; decimal text.
    pub confirm_above: Option<String>,
}

/// What the connection test found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TryOutWord {
    /// Signed in, and the status can be asked.
    CanBeAsked,
    /// Signed in, but the status address is wrong.
    WrongPath,
    /// Signed in, but the status may not be asked.
    CannotBeAsked,
    /// The login is refused.
    SignInRefused,
    /// No answer.
    NoAnswer,
}

/// An operator to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OperatorInput {
    /// The name.
    pub name: String,
    /// The role.
    pub role: RoleWord,
    /// The PIN.
    pub pin: TypedSecret,
    /// The supervisor who agrees; needed once one exists.
    pub supervisor: Option<SupervisorInput>,
}

/// What a supervisor makes of an unknown attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum VerdictWord {
    /// It was paid.
    Approved,
    /// It was not paid.
    Declined,
    /// Another card now.
    SetAside,
}

/// A supervisor's word on an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SettleInput {
    /// The attempt.
    pub attempt: String,
    /// What it makes of it.
    pub verdict: VerdictWord,
    /// Who and why.
    pub supervisor: SupervisorInput,
    /// What was seen: the portal's reference, a bank slip.
    pub saw: Option<String>,
    /// The second confirmation.
    pub confirmed: bool,
}
