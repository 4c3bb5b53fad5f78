//! What a front sees: the same for a window and for `veznectl`, as a snapshot and as a stream of changes.

mod attempt;
mod reason;
mod reversal;

pub use reason::{not_sent_code, vezne_code};

use serde::Serialize;
use vezne_core::account::{GatewayKind, PagePlace};
use vezne_core::attempt::{CounterOutcome, Outcome};
use vezne_core::card::{CardField, CardSummary};
use vezne_core::ids::{AccountId, AccountName, AttemptId, AttemptReference, OperatorId, PaymentId, ReversalId};
use vezne_core::reference::Part;
use vezne_core::reversal::Kind;
use vezne_core::time::Timestamp;

/// An amount as fronts show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Money {
    /// Decimal text with the currency's decimals, such as `555.00`.
    pub amount: String,
    /// ISO 4217 code.
    pub currency: &'static str,
}

impl From<vezne_core::money::Money> for Money {
    fn from(money: vezne_core::money::Money) -> Self {
        Self { amount: money.amount_text(), currency: money.currency().code() }
    }
}

/// Why an attempt stands where it stands: a code for tables of words, and the gateway's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReasonView {
    /// The code.
    pub code: &'static str,
    /// The gateway's or bank's own words, or ours where they carry data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The bank's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<String>,
    /// The card field to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<CardField>,
}

/// How far an attempt has come, in the words of the desk's steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Getting ready: token, slot, baseline.
    Preparing,
    /// The request is on its way.
    Sending,
    /// The customer is at the bank.
    AtBank,
    /// The gateway is asked.
    Confirming,
    /// There is an outcome.
    Over,
}

/// An alarm that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlarmView {
    /// Its code.
    pub code: &'static str,
    /// Amounts or ids that it speaks of.
    pub detail: Option<String>,
}

/// What the gateway says against a final outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContradictionView {
    /// Whether it says that money moved.
    pub paid: bool,
    /// Its status in its own words.
    pub word: Option<String>,
    /// The amount that it gave.
    pub amount: Option<Money>,
    /// Its number of the payment, or the reference number.
    pub number: Option<String>,
}

/// An attempt as a front sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttemptView {
    /// The payment.
    pub payment: PaymentId,
    /// The attempt.
    pub attempt: AttemptId,
    /// What the gateway knows it by.
    pub reference: AttemptReference,
    /// The account.
    pub account: AccountName,
    /// The account's stable id.
    pub account_id: AccountId,
    /// Its gateway.
    pub gateway: GatewayKind,
    /// The order id, for an order.
    pub order: Option<String>,
    /// The booking number, for a reference.
    pub booking: Option<String>,
    /// The part of it.
    pub part: Option<Part>,
    /// What is or was to be charged.
    pub total: Option<Money>,
    /// What was owed before commission.
    pub base: Option<Money>,
    /// Installments, for a card.
    pub installments: Option<u8>,
    /// The card, masked.
    pub card: Option<CardSummary>,
    /// Who sat at the desk.
    pub operator: Option<OperatorId>,
    /// When it was opened.
    pub opened: Timestamp,
    /// Since when it stands where it stands.
    pub since: Timestamp,
    /// The state's word.
    pub state: &'static str,
    /// Whether a supervisor set it aside for another card.
    pub set_aside: bool,
    /// How far it has come.
    pub progress: Progress,
    /// The outcome, if there is one.
    pub outcome: Option<Outcome>,
    /// Who refused, for a refusal: `gateway` or `vezne`.
    pub refused_by: Option<&'static str>,
    /// The evidence's word.
    pub evidence: Option<&'static str>,
    /// Whether the outcome stands on weaker evidence.
    pub unconfirmed: bool,
    /// Why.
    pub reason: Option<ReasonView>,
    /// The gateway's payment number.
    pub gateway_payment: Option<String>,
    /// The gateway's reference number.
    pub gateway_reference: Option<String>,
    /// An authorisation code, only if an answer carried one.
    pub authorisation: Option<String>,
    /// 3-D Secure was asked for, and the gateway did without.
    pub without_3ds: bool,
    /// Where the bank's page is, or would be, shown.
    pub place: PagePlace,
    /// Whether its account's status can be asked, and the account is still configured where it was sent.
    pub can_be_asked: bool,
    /// Questions asked so far.
    pub questions: u32,
    /// When the next question is due.
    pub next_question: Option<Timestamp>,
    /// Until when its card is kept for "same card again", where only the CVC is asked anew.
    pub same_card_until: Option<Timestamp>,
    /// How long until a slot of the gateway's rate is free, while preparing, in milliseconds.
    pub slot_wait_ms: Option<u64>,
    /// Standing alarms.
    pub alarms: Vec<AlarmView>,
    /// A later word of the gateway contradicts the outcome.
    pub contradicted: bool,
    /// What the gateway says against the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contradiction: Option<ContradictionView>,
    /// From when on it may be settled together with others, with one PIN; `None` where it is not unknown.
    pub listed_from: Option<Timestamp>,
    /// Whether it stands in Needs attention.
    pub needs_attention: bool,
    /// Whether the outcome could not be written down yet: do not close the desk.
    pub not_written_down: bool,
}

/// A reversal as a front sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReversalView {
    /// The reversal.
    pub reversal: ReversalId,
    /// The payment.
    pub payment: PaymentId,
    /// The attempt whose money goes back.
    pub attempt: AttemptId,
    /// Void or refund.
    pub kind: Kind,
    /// How much.
    pub amount: Money,
    /// Whether the gateway can be asked what became of it.
    pub can_be_asked: bool,
    /// Once it is done, what that proves: "money", or at Yolcu360 the order's "cancellation" (`RULES.md` 7).
    pub proves: Option<&'static str>,
    /// It was done by hand in the gateway's portal.
    pub in_portal: bool,
    /// What the supervisor gave as the reason of the reversal.
    pub ordered: String,
    /// What the supervisor saw: the portal's reference.
    pub saw: Option<String>,
    /// The supervisor who ordered it.
    pub supervisor: OperatorId,
    /// What should be left at the gateway when it is done, where that can be compared.
    pub should_remain: Option<Money>,
    /// A person's word settled it, so that a person's counter-entry may correct it.
    pub by_word: bool,
    /// The state's word.
    pub state: &'static str,
    /// When it was opened.
    pub opened: Timestamp,
    /// Since when it stands where it stands.
    pub since: Timestamp,
    /// Who refused.
    pub refused_by: Option<&'static str>,
    /// Why.
    pub reason: Option<ReasonView>,
    /// What a finished one rests on.
    pub evidence: Option<&'static str>,
    /// Questions asked so far.
    pub questions: u32,
    /// When the next question is due.
    pub next_question: Option<Timestamp>,
    /// Standing alarms.
    pub alarms: Vec<AlarmView>,
    /// Whether it stands in Needs attention.
    pub needs_attention: bool,
    /// Whether it could not be written down yet.
    pub not_written_down: bool,
}

/// A payment with everything that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentView {
    /// The payment.
    pub payment: PaymentId,
    /// Its attempts, oldest first.
    pub attempts: Vec<AttemptView>,
    /// Its reversals, oldest first.
    pub reversals: Vec<ReversalView>,
}

/// How the journal does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalState {
    /// Everything is written down.
    Written,
    /// Something waits to be written; no new payments are taken. The words say why.
    NotWritten(String),
    /// Everything is written down, and no new payments are taken.
    Refusing {
        /// Why, as a code: `disk_full`, `journal_damaged`, `journal_gone`, `journal`.
        code: &'static str,
        /// Why, in words.
        why: String,
    },
}

/// How far the comparison of a close has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparingView {
    /// The number of the close.
    pub number: u32,
    /// How many of its payments are done with.
    pub done: u32,
    /// How many there are.
    pub of: u32,
    /// How many agree.
    pub agreed: u32,
    /// How many gave no answer, or can't be asked about.
    pub unanswered: u32,
    /// How many can't be asked about at all.
    pub cannot_be_asked: u32,
    /// Of how many nothing was ever sent.
    pub nothing_sent: u32,
    /// How many differ.
    pub differences: u32,
    /// Whether it is over; what it found is kept with the close then.
    pub ended: bool,
    /// Why it could not be kept, if it could not.
    pub not_kept: Option<String>,
}

/// One change, for a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// An attempt changed.
    Attempt(Box<AttemptView>),
    /// A reversal changed.
    Reversal(Box<ReversalView>),
    /// The journal's state changed.
    Journal(JournalState),
    /// The day was closed.
    Closed {
        /// The number of the close.
        number: u32,
    },
    /// The comparison of a close went on.
    Comparing(Box<ComparingView>),
}

/// The outcome that a supervisor's verdict stands for, if it is one of the two outcomes.
pub(crate) const fn counter_outcome(verdict: crate::request::Verdict) -> Option<CounterOutcome> {
    match verdict {
        crate::request::Verdict::Approved => Some(CounterOutcome::Approved),
        crate::request::Verdict::Declined => Some(CounterOutcome::Declined),
        crate::request::Verdict::SetAside => None,
    }
}
