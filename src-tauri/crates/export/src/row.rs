//! One line of the accountant's table.

use std::fmt;
use std::str::FromStr;

use vezne_core::account::GatewayKind;
use vezne_core::attempt::Outcome;
use vezne_core::card::CardSummary;
use vezne_core::evidence::Evidence;
use vezne_core::ids::{AccountName, AttemptId, AttemptReference, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::reference::Part;
use vezne_core::reversal::Kind;
use vezne_core::time::Timestamp;

/// One attempt at a payment, or one void or refund of it, as an accountant sees it. Nothing in it is calculated with but the commission and the local
/// day and time, which follow from the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRow {
    /// When it was opened.
    pub opened: Timestamp,
    /// Since when it stands where it stands: for one with an outcome, when that was recorded.
    pub since: Timestamp,
    /// Which void or refund the line is about; none for the attempt itself. Its total is what it would take back, below zero.
    pub reversal: Option<Back>,
    /// The payment.
    pub payment: PaymentId,
    /// The attempt.
    pub attempt: AttemptId,
    /// What the gateway knows it by. None only of what went back of an attempt whose events are lost, as are the two below.
    pub reference: Option<AttemptReference>,
    /// The desk's name.
    pub desk: String,
    /// The name of who sat at the desk; none where nobody was chosen or the name was erased.
    pub operator: Option<String>,
    /// The merchant account's name when the attempt was opened.
    pub account: AccountName,
    /// Its gateway.
    pub gateway: GatewayKind,
    /// What was paid for; none where that is lost.
    pub subject: Option<Subject>,
    /// What was owed before commission; none for an order whose price was not read.
    pub owed: Option<Money>,
    /// What was or was to be charged; none before a plan was chosen.
    pub total: Option<Total>,
    /// In how many installments; none where there is no plan.
    pub installments: Option<u8>,
    /// By what it was paid; none where that is lost.
    pub means: Option<Means>,
    /// The card, masked.
    pub card: Option<CardSummary>,
    /// The card holder's name; none where there is no card or the name was erased.
    pub holder: Option<String>,
    /// The outcome; none while the attempt is in progress.
    pub outcome: Option<Outcome>,
    /// Who refused, for a refusal.
    pub refused_by: Option<RefusedBy>,
    /// What the outcome rests on.
    pub evidence: Option<EvidenceKind>,
    /// Whether the outcome stands on weaker evidence.
    pub unconfirmed: bool,
    /// Why it stands where it stands, as the code that views have too.
    pub reason: Option<Code>,
    /// The same in the gateway's or the bank's own words.
    pub reason_text: Option<String>,
    /// The gateway's number of the payment.
    pub gateway_payment: Option<String>,
    /// The gateway's reference number.
    pub gateway_reference: Option<String>,
    /// The authorisation code, only where an answer carried one.
    pub authorisation: Option<String>,
    /// Standing alarms, as the codes that views have too.
    pub alarms: Vec<Code>,
    /// Whether it happened in training mode: no money moved, whatever the outcome says.
    pub training: bool,
}

/// A void or refund with a line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Back {
    /// Which one.
    pub reversal: ReversalId,
    /// Void or refund.
    pub kind: Kind,
}

impl PaymentRow {
    /// What was charged beyond what was owed; none where either is not known, or they are in two currencies.
    #[must_use]
    pub fn commission(&self) -> Option<Money> {
        self.total.and_then(|total| total.amount.checked_sub(self.owed?))
    }
}

/// What was or was to be charged, and how much of it went back. Both are in one currency, by construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The whole amount, commission included.
    pub amount: Money,
    /// What of it surely went back, in minor units of the amount's currency; none for nothing.
    pub reversed_minor: Option<i64>,
}

impl Total {
    /// The currency of both.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.amount.currency()
    }

    /// What surely went back.
    #[must_use]
    pub fn reversed(&self) -> Option<Money> {
        self.reversed_minor.map(|minor| Money::from_minor(minor, self.currency()))
    }
}

/// What was paid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An order of the gateway (Yolcu360's orderID).
    Order(String),
    /// A booking of the desk's own.
    Booking {
        /// The booking number as it was typed.
        number: String,
        /// Which part of it; none for the whole.
        part: Option<Part>,
    },
}

/// By what it was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Means {
    /// A customer's card.
    Card,
    /// The agency's credit limit.
    CreditLimit,
}

impl Means {
    /// Each of them.
    pub const EVERY: [Self; 2] = [Self::Card, Self::CreditLimit];

    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::CreditLimit => "credit_limit",
        }
    }
}

/// Who refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusedBy {
    /// Vezne, before anything was sent.
    Vezne,
    /// The gateway, before processing.
    Gateway,
}

impl RefusedBy {
    /// Each of them.
    pub const EVERY: [Self; 2] = [Self::Vezne, Self::Gateway];

    /// The word in JSON, the same as views have.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Vezne => "vezne",
            Self::Gateway => "gateway",
        }
    }
}

/// The kind of evidence that an outcome rests on: core's [`Evidence`] without what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvidenceKind {
    /// The gateway, asked about the outcome.
    GatewayStatus,
    /// The gateway's answer to the payment itself.
    PayAnswer,
    /// An explicit return together with a second sign.
    ReturnAndProbe,
    /// An explicit return alone.
    ReturnAlone,
    /// A supervisor settled it.
    Supervisor,
    /// A supervisor's counter-entry after a contradiction.
    CounterEntry,
    /// The gateway's answer to the void or refund itself.
    ReversalAnswer,
    /// It was done by hand in the gateway's portal, by a supervisor's word.
    Portal,
}

impl EvidenceKind {
    /// Each of them.
    pub const EVERY: [Self; 8] = [
        Self::GatewayStatus,
        Self::PayAnswer,
        Self::ReturnAndProbe,
        Self::ReturnAlone,
        Self::Supervisor,
        Self::CounterEntry,
        Self::ReversalAnswer,
        Self::Portal,
    ];

    /// The word in JSON: that of [`Evidence::word`].
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::GatewayStatus => "gateway_status",
            Self::PayAnswer => "pay_answer",
            Self::ReturnAndProbe => "return_and_probe",
            Self::ReturnAlone => "return_alone",
            Self::Supervisor => "supervisor",
            Self::CounterEntry => "counter_entry",
            Self::ReversalAnswer => "reversal_answer",
            Self::Portal => "portal",
        }
    }

    /// The kind with this word, as rows of the journal hold it.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|kind| kind.word() == word)
    }
}

impl From<&Evidence> for EvidenceKind {
    fn from(evidence: &Evidence) -> Self {
        match evidence {
            Evidence::GatewayStatus(_) => Self::GatewayStatus,
            Evidence::PayAnswer => Self::PayAnswer,
            Evidence::ReturnAndProbe(_) => Self::ReturnAndProbe,
            Evidence::ReturnAlone(_) => Self::ReturnAlone,
            Evidence::Supervisor(_) => Self::Supervisor,
            Evidence::CounterEntry(_) => Self::CounterEntry,
        }
    }
}

/// The most characters of a code.
const CODE_MOST: usize = 64;

/// A code of ours for tables of words, such as `insufficient_funds`: 1 to 64 of `a`–`z`, `0`–`9` and `_`, the first a
/// letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

/// The text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A code is made of small letters, digits and low lines, such as card_declined.")]
pub struct CodeError;

impl Code {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Code {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        let begins = text.starts_with(|first: char| first.is_ascii_lowercase());
        if plain && begins && text.len() <= CODE_MOST { Ok(Self(text.to_owned())) } else { Err(CodeError) }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
