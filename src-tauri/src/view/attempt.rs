//! Attempts and reversals.

use serde::Serialize;
use specta::Type;

use super::{Code, Field, MoneyView, Time};

/// Which payment API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Gateway {
    /// Finrota B2C.
    Finrota,
    /// Yolcu360 Pro.
    Yolcu360,
}

/// A card as it may be kept and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CardView {
    /// The brand's name: `Visa`.
    pub brand: String,
    /// The first six digits.
    pub first_six: String,
    /// The last four digits.
    pub last_four: String,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeWord {
    /// Money moved.
    Approved,
    /// No money moved.
    Declined,
    /// Not processed, or not sent by Vezne's decision.
    Refused,
    /// It is not known whether money moved.
    Unknown,
    /// Nothing was sent.
    NotSent,
}

/// How far an attempt has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
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

/// Who refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RefusedBy {
    /// The gateway, before processing.
    Gateway,
    /// Vezne, before sending.
    Vezne,
}

/// Why it stands where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ReasonView {
    /// The code.
    pub code: Code,
    /// The gateway's or bank's own words.
    pub text: Option<String>,
    /// The bank's code.
    pub bank_code: Option<String>,
    /// The card field to blame, to put the focus on.
    pub field: Option<Field>,
}

/// An alarm that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AlarmView {
    /// Its code.
    pub code: Code,
    /// Amounts or ids that it speaks of.
    pub detail: Option<String>,
}

/// What the gateway says against a final outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ContradictionView {
    /// It says that money moved.
    pub paid: bool,
    /// Its status in its own words.
    pub word: Option<String>,
    /// The amount that it gave.
    pub amount: Option<MoneyView>,
    /// Its number of the payment.
    pub number: Option<String>,
}

/// An attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AttemptView {
    /// The payment.
    pub payment: String,
    /// The attempt.
    pub attempt: String,
    /// What the gateway knows it by.
    pub reference: String,
    /// The account's id.
    pub account: String,
    /// The account's name when it was opened.
    pub account_name: String,
    /// Its gateway.
    pub gateway: Gateway,
    /// The order id, for an order.
    pub order: Option<String>,
    /// The booking number, for a reference.
    pub booking: Option<String>,
    /// The part of it: `deposit`, `3`.
    pub part: Option<String>,
    /// What is or was to be charged.
    pub total: Option<MoneyView>,
    /// What was owed before commission.
    pub base: Option<MoneyView>,
    /// Installments, for a card; `null` for the credit limit.
    pub installments: Option<u8>,
    /// The card, masked; `null` for the credit limit.
    pub card: Option<CardView>,
    /// Who sat at the desk, by id.
    pub operator: Option<String>,
    /// When it was opened.
    pub opened: Time,
    /// Since when it stands where it stands.
    pub since: Time,
    /// How far it has come.
    pub progress: Progress,
    /// The outcome, if there is one.
    pub outcome: Option<OutcomeWord>,
    /// It was set aside ("another card now"): unknown, and no longer in the way.
    pub set_aside: bool,
    /// Who refused.
    pub refused_by: Option<RefusedBy>,
    /// The evidence's word: `gateway_status`, `pay_answer`, `return_and_probe`, `return_alone`, `supervisor`, `counter_entry`.
    pub evidence: Option<String>,
    /// The outcome stands on weaker evidence.
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
    /// Questions asked so far.
    pub questions: u32,
    /// When the next question is due.
    pub next_question: Option<Time>,
    /// How long until the gateway's rate has a free place, while preparing, in milliseconds.
    pub slot_wait_ms: Option<u32>,
    /// Until when "same card again" needs nothing but the security code.
    pub same_card_until: Option<Time>,
    /// Whether the gateway can be asked what became of it.
    pub can_be_asked: bool,
    /// The bank's page is in the system's browser.
    pub in_browser: bool,
    /// Standing alarms.
    pub alarms: Vec<AlarmView>,
    /// A later word of the gateway contradicts the outcome.
    pub contradicted: bool,
    /// What the gateway says against the outcome.
    pub contradiction: Option<ContradictionView>,
    /// From when on a supervisor may settle it together with others, with one PIN; `null` where it is not unknown.
    pub listed_from: Option<Time>,
    /// It stands in Needs attention.
    pub needs_attention: bool,
    /// The outcome could not be written down yet: do not close the desk.
    pub not_written_down: bool,
}

/// Void or refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReversalKind {
    /// The whole of it, on the same business day.
    Void,
    /// Later, or a part of it.
    Refund,
}

/// A reversal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ReversalView {
    /// The reversal.
    pub reversal: String,
    /// The payment.
    pub payment: String,
    /// The attempt whose money goes back.
    pub attempt: String,
    /// Void or refund.
    pub kind: ReversalKind,
    /// How much.
    pub amount: MoneyView,
    /// Whether the gateway can be asked what became of it.
    pub can_be_asked: bool,
    /// Once it is done, what that proves.
    pub proves: Option<super::ReversalProves>,
    /// It was done by hand in the gateway's portal.
    pub in_portal: bool,
    /// Why it was ordered.
    pub ordered: String,
    /// What the supervisor saw: the portal's reference.
    pub saw: Option<String>,
    /// The supervisor who ordered it, by id.
    pub supervisor: String,
    /// What should be left at the gateway when it is done, where that can be compared.
    pub should_remain: Option<MoneyView>,
    /// A person's word settled it, so a person's counter-entry may correct it.
    pub by_word: bool,
    /// Who refused.
    pub refused_by: Option<RefusedBy>,
    /// What a settled one rests on: `reversal_answer`, `gateway_status`, `supervisor`, `portal`.
    pub evidence: Option<String>,
    /// The state's word: `ready`, `sending`, `reauthorising`, `done`, `refused`, `not_done` (by a supervisor's word), `not_sent`,
    /// `unknown`.
    pub state: String,
    /// When it was opened.
    pub opened: Time,
    /// Since when it stands where it stands.
    pub since: Time,
    /// Why.
    pub reason: Option<ReasonView>,
    /// Questions asked so far.
    pub questions: u32,
    /// When the next question is due.
    pub next_question: Option<Time>,
    /// Standing alarms.
    pub alarms: Vec<AlarmView>,
    /// It stands in Needs attention.
    pub needs_attention: bool,
    /// It could not be written down yet.
    pub not_written_down: bool,
}
