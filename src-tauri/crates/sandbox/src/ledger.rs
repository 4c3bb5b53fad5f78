//! The ledger: what was really charged and returned, whatever was answered.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::fault::Gateway;
use crate::money::Currency;

/// How money was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeKind {
    /// From a card.
    Card,
    /// From the agency's credit limit.
    Limit,
}

/// One real charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Whose.
    pub gateway: Gateway,
    /// Finrota's `clientReferenceCode`.
    pub reference: Option<String>,
    /// Yolcu360's `orderID`.
    pub order: Option<String>,
    /// What the cardholder pays, in minor units, installment commission included.
    pub amount_minor: i64,
    /// `TRY`, `USD` or `EUR`.
    pub currency: String,
    /// Number of installments, 1 for a single payment.
    pub installments: i64,
    /// The card's last four digits; none for a limit payment.
    pub last_four: Option<String>,
    /// When, RFC 3339.
    pub at: String,
    /// What was returned of it, in minor units.
    pub reversed_minor: i64,
    /// Card or limit.
    pub kind: ChargeKind,
}

impl Charge {
    fn key(&self) -> Option<&str> {
        self.reference.as_deref().or(self.order.as_deref())
    }
}

/// One void, refund or cancellation that returned money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// Whose.
    pub gateway: Gateway,
    /// The reference or order.
    pub key: String,
    /// `void`, `refund` or `cancel`.
    pub kind: String,
    /// In minor units.
    pub amount_minor: i64,
    /// When, RFC 3339.
    pub at: String,
}

/// What the gateways saw of one reference or order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Payment requests that arrived and could be read, refused ones too.
    pub received: u32,
    /// Payment requests that were carried out: charged, declined or sent to the bank's page.
    pub executed: u32,
    /// Charges.
    pub charged: u32,
    /// Cancel and refund requests that arrived.
    pub reversals_received: u32,
}

/// One request as it arrived, without any secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSeen {
    /// The HTTP method.
    pub method: String,
    /// Path and query; a run of 13 or more digits is masked.
    pub path: String,
    /// Names of the headers, in order of arrival.
    pub header_names: Vec<String>,
    /// The card's last four digits, when the request carries a card.
    pub last_four: Option<String>,
    /// The reference or order it names.
    pub key: Option<String>,
    /// When, RFC 3339.
    pub at: String,
}

/// Everything the ledger knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerSnapshot {
    /// Every real charge, oldest first.
    pub charges: Vec<Charge>,
    /// Every real reversal, oldest first.
    pub reversals: Vec<Reversal>,
    /// Per reference or order.
    pub counts: BTreeMap<String, Counts>,
    /// What is left of the agency's credit limit, in minor units by currency.
    pub credit_limit_minor: BTreeMap<String, i64>,
}

impl LedgerSnapshot {
    /// All charges of a reference or order.
    pub fn charges_of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Charge> {
        self.charges.iter().filter(move |charge| charge.key() == Some(key))
    }

    /// What was charged for a reference or order less what was returned, in minor units.
    pub fn net_minor(&self, key: &str) -> i64 {
        self.charges_of(key).map(|charge| charge.amount_minor.saturating_sub(charge.reversed_minor)).sum()
    }

    /// The counts of a reference or order; zeros when nothing ever arrived for it.
    pub fn counts_of(&self, key: &str) -> Counts {
        self.counts.get(key).copied().unwrap_or_default()
    }
}

/// More requests than this are not remembered; the oldest go first.
const REQUESTS_KEPT: usize = 10_000;

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) snapshot: LedgerSnapshot,
    pub(crate) requests: VecDeque<RequestSeen>,
}

impl Ledger {
    pub(crate) fn saw(&mut self, request: RequestSeen) {
        if self.requests.len() >= REQUESTS_KEPT {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn counts(&mut self, key: &str) -> &mut Counts {
        self.snapshot.counts.entry(key.to_owned()).or_default()
    }

    pub(crate) fn executed(&mut self, key: &str) {
        let counts = self.counts(key);
        counts.executed = counts.executed.saturating_add(1);
    }

    pub(crate) fn charge(&mut self, charge: Charge) {
        if let Some(key) = charge.key().map(str::to_owned) {
            let counts = self.counts(&key);
            counts.charged = counts.charged.saturating_add(1);
        }
        self.snapshot.charges.push(charge);
    }

    /// Returns money of the newest charge of `key`; never more than is left of it.
    pub(crate) fn reverse(&mut self, gateway: Gateway, key: &str, kind: &str, amount_minor: i64) {
        let newest = self.snapshot.charges.iter_mut().rev().find(|charge| charge.key() == Some(key));
        let Some(charge) = newest else { return };
        let left = charge.amount_minor.saturating_sub(charge.reversed_minor);
        let amount_minor = amount_minor.min(left);
        charge.reversed_minor = charge.reversed_minor.saturating_add(amount_minor);
        let (key, kind) = (key.to_owned(), kind.to_owned());
        self.snapshot.reversals.push(Reversal { gateway, key, kind, amount_minor, at: crate::clock::now() });
    }

    pub(crate) fn limit(&mut self, currency: Currency) -> &mut i64 {
        self.snapshot.credit_limit_minor.entry(currency.code().to_owned()).or_default()
    }
}
