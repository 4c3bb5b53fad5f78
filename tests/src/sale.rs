//! The sales that most tests are made of, in the words of `veznectl`.

use vezne_sandbox::{Counts, Gateway};

use crate::desk::{AGENCY, AtTheBank, COUNTER, Desk, card, card_of};
use crate::run::Ended;

/// The reference that [`Sale`] uses.
pub const REFERENCE: &str = "RES-2026-0042";

/// A card sale: 545.00 TRY for [`REFERENCE`] at Finrota, or `order_1001` (545.00 TRY) at Yolcu360.
#[derive(Debug, Clone)]
pub struct Sale {
    /// Where.
    pub gateway: Gateway,
    /// The card's number.
    pub number: &'static str,
    /// What the customer does at the bank.
    pub at_the_bank: AtTheBank,
    /// More arguments.
    pub more: Vec<String>,
}

impl Sale {
    /// A sale with the card that plays `scene`; the customer pays.
    #[must_use]
    pub fn of(gateway: Gateway, scene: &str) -> Self {
        Self::by(gateway, card_of(scene))
    }

    /// A sale with this card; the customer pays.
    #[must_use]
    pub const fn by(gateway: Gateway, number: &'static str) -> Self {
        Self { gateway, number, at_the_bank: AtTheBank::Pays, more: Vec::new() }
    }

    /// With a customer who does this at the bank.
    #[must_use]
    pub fn at_the_bank(self, at_the_bank: AtTheBank) -> Self {
        Self { at_the_bank, ..self }
    }

    /// With more arguments.
    #[must_use]
    pub fn with(mut self, more: &[&str]) -> Self {
        self.more.extend(more.iter().map(|&word| word.to_owned()));
        self
    }

    /// The arguments of `veznectl`.
    #[must_use]
    pub fn arguments(&self) -> Vec<&str> {
        let mut arguments = match self.gateway {
            Gateway::Finrota => {
                vec!["pay", "--account", COUNTER, "--reference", REFERENCE, "--amount", "545.00", "--currency", "TRY"]
            }
            Gateway::Yolcu360 => vec!["pay", "--account", AGENCY, "--order", "order_1001"],
        };
        arguments.push("--card-stdin");
        arguments.extend(self.more.iter().map(String::as_str));
        arguments
    }

    /// Plays it.
    #[must_use]
    pub fn play(&self, desk: &Desk) -> Ended {
        desk.run_with(&self.arguments(), &card(self.number), self.at_the_bank)
    }
}

/// Pays an order from the credit limit.
#[must_use]
pub fn from_limit(desk: &Desk, order: &str) -> Ended {
    desk.run(&["pay", "--account", AGENCY, "--order", order, "--from-limit"], "")
}

/// Everything that the gateways of this desk ever saw, summed over references and orders.
#[must_use]
pub fn seen(desk: &Desk) -> Counts {
    desk.ledger().counts.values().fold(Counts::default(), |sum, one| Counts {
        received: sum.received.saturating_add(one.received),
        executed: sum.executed.saturating_add(one.executed),
        charged: sum.charged.saturating_add(one.charged),
        reversals_received: sum.reversals_received.saturating_add(one.reversals_received),
    })
}

/// Exit code, outcome, who refused and on which evidence, as the last line says it.
#[must_use]
pub fn said(ended: &Ended) -> (i32, String, String, String) {
    let last = ended.last();
    let word = |key: &str| last.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    (ended.code(), word("outcome"), word("refused_by"), word("evidence"))
}

/// The reason of the last line: its code and its particulars.
#[must_use]
pub fn reason(ended: &Ended) -> (String, String) {
    let last = ended.last();
    let word = |key: &str| last.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    (word("reason"), word("detail"))
}

/// What became of a payment: `ended` itself when it says, else what `veznectl payment ask` says.
///
/// # Panics
/// When there is no payment.
#[must_use]
pub fn settled(desk: &Desk, ended: Ended) -> Ended {
    if ended.code() != 20 {
        return ended;
    }
    let payment = ended.last().get("payment").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    desk.run(&["payment", "ask", &payment], "")
}

/// An id of the last line, by its name there.
///
/// # Panics
/// When there is none.
#[must_use]
#[track_caller]
pub fn id(ended: &Ended, key: &str) -> String {
    let last = ended.last();
    let found = last.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    assert!(!found.is_empty(), "no {key} in {ended:#?}");
    found
}

/// What was really charged, in minor units, oldest first.
#[must_use]
pub fn charged_minor(desk: &Desk) -> Vec<i64> {
    desk.ledger().charges.iter().map(|charge| charge.amount_minor).collect()
}

/// It ended with this code and this outcome.
#[track_caller]
pub fn assert_said(ended: &Ended, code: i32, outcome: &str, about: &str) {
    let (found, word, _, _) = said(ended);
    assert_eq!((found, word.as_str()), (code, outcome), "{about}\n{ended:#?}");
}

/// Vezne refused it before sending, for this reason.
#[track_caller]
pub fn assert_refused(ended: &Ended, why: &str) {
    let (code, outcome, by, _) = said(ended);
    let found = reason(ended).0;
    assert_eq!((code, outcome.as_str(), by.as_str(), found.as_str()), (40, "refused", "vezne", why), "{ended:#?}");
}

/// The ledger's witness: so many payment requests came, and so many charges were made.
#[track_caller]
pub fn assert_counts(desk: &Desk, received: u32, charged: u32) {
    let counts = seen(desk);
    assert_eq!((counts.received, counts.charged), (received, charged), "requests received, charges made");
    assert_eq!(u32::try_from(desk.ledger().charges.len()), Ok(charged));
}
