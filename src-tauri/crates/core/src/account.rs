//! What the rules of money need to know of a merchant account.

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, AccountName};
use crate::money::{Currency, Money};
use crate::time::Millis;

/// Which of the payment APIs an account speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GatewayKind {
    /// Finrota B2C.
    Finrota,
    /// Yolcu360 Pro.
    Yolcu360,
}

impl GatewayKind {
    /// The word used in settings, JSON and on screens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Finrota => "finrota",
            Self::Yolcu360 => "yolcu360",
        }
    }

    /// Whether its options may be asked for with the card's first eight digits, where the number has sixteen
    /// (Finrota's `binNumber`); the other takes six and no more.
    #[must_use]
    pub const fn takes_eight_digits(self) -> bool {
        match self {
            Self::Finrota => true,
            Self::Yolcu360 => false,
        }
    }
}

/// Where an attempt was sent: kept with it, so that it is never asked about anywhere else (`RULES.md` 6).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Endpoint {
    /// The base address, normalised, without a trailing slash.
    pub base_url: String,
    /// Host (and port) of the base address: part of an order's duplicate key.
    pub host: String,
    /// A short one-way fingerprint of the login, to notice that another one stands in its place.
    pub key_fingerprint: String,
}

/// A merchant account as an attempt remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRef {
    /// The stable id.
    pub id: AccountId,
    /// The name that staff see.
    pub name: AccountName,
    /// Which API.
    pub gateway: GatewayKind,
    /// Where its calls go.
    pub endpoint: Endpoint,
}

/// Whether the outcome of an attempt can be asked about at this account (`RULES.md` 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusQuery {
    /// The gateway is asked.
    On,
    /// The account's owner says that it can't be asked.
    Off,
}

/// Whether an explicit return from the bank may settle an attempt that nobody can be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnRule {
    /// A return is only ever a hint.
    Hint,
    /// The owner set `return_settles = true`: an explicit return settles, unconfirmed.
    Settles,
}

/// Where the bank's page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PagePlace {
    /// In a window of the desk: we know when it is gone.
    Window,
    /// In the system's browser: it counts as gone when its return came or its time is over.
    Browser,
}

/// The terms under which one attempt runs, fixed when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Whether its outcome can be asked about.
    pub status_query: StatusQuery,
    /// What an explicit return may do where it can't.
    pub return_rule: ReturnRule,
    /// How long the customer may stay at the bank.
    pub challenge: Millis,
    /// How long the payment call may take.
    pub pay_deadline: Millis,
    /// Where the bank's page is shown.
    pub page: PagePlace,
}

/// A merchant account as the till uses it: its reference and the owner's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Identity and address.
    pub reference: AccountRef,
    /// Terms of its attempts (the page's place may be changed by the front).
    pub terms: Terms,
    /// Whether void and refund calls are switched on.
    pub reversals: bool,
    /// Whether orders may be paid from the credit limit.
    pub credit_limit: bool,
    /// The currencies it takes.
    pub currencies: Vec<Currency>,
    /// How long an approved twin asks the cashier.
    pub duplicate_window: Millis,
    /// Above this amount, in its own currency, the amount is typed twice.
    pub confirm_above: Option<Money>,
    /// Until when, in minutes of the local day, a payment of the same day is voided rather than refunded.
    pub void_until_minutes: u16,
}

impl Account {
    /// Whether an amount as large as this is typed twice; a limit in another currency says nothing of it.
    #[must_use]
    pub fn wants_twice(&self, amount: Money) -> bool {
        self.confirm_above.is_some_and(|limit| limit.currency() == amount.currency() && amount.minor() > limit.minor())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attempt::tests::samples::{finrota, lira};

    fn account(confirm_above: Option<Money>) -> Account {
        Account {
            reference: finrota().account,
            terms: finrota().terms,
            reversals: true,
            credit_limit: false,
            currencies: vec![Currency::TRY],
            duplicate_window: Millis::minutes(10),
            confirm_above,
            void_until_minutes: 0,
        }
    }

    #[test]
    fn an_amount_above_the_limit_is_typed_twice_and_the_limit_itself_is_not() {
        let limited = account(Some(lira(100_000)));
        assert!(limited.wants_twice(lira(100_001)));
        assert!(!limited.wants_twice(lira(100_000)) && !limited.wants_twice(lira(1)));
        assert!(!account(None).wants_twice(lira(9_999_999)));
    }

    #[test]
    fn a_limit_in_another_currency_says_nothing_of_an_amount() {
        let euros = Money::from_minor(100, Currency::EUR);
        assert!(!account(Some(euros)).wants_twice(lira(100_001)));
    }

    #[test]
    fn the_gateways_have_their_words_and_one_takes_eight_digits() {
        assert_eq!(GatewayKind::Finrota.word(), "finrota");
        assert_eq!(GatewayKind::Yolcu360.word(), "yolcu360");
        assert!(GatewayKind::Finrota.takes_eight_digits() && !GatewayKind::Yolcu360.takes_eight_digits());
    }
}
