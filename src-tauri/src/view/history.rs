//! History: the list, and one payment's timeline.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{AttemptView, CardView, Code, Gateway, MoneyView, OutcomeWord, ReversalView, Time};

/// Which attempts are wanted, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HistoryFilter {
    /// A line as people write it: words, amounts, last four, days, outcomes, plans; empty for all. A pasted link names one
    /// payment, and then nothing else counts.
    pub text: String,
    /// Those with this outcome.
    pub outcome: Option<OutcomeWord>,
    /// Those of this merchant account, by its id.
    pub account: Option<String>,
    /// Those taken by this operator, by their id.
    pub operator: Option<String>,
    /// Those in so many installments; 0 for the credit limit.
    pub plan: Option<u8>,
    /// Those opened on this day of the desk's time zone or later: `2026-11-21`.
    pub from: Option<String>,
    /// Those opened on this day or earlier.
    pub until: Option<String>,
    /// Those opened before this attempt: the last one of the page before.
    pub after: Option<String>,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct HistoryPage {
    /// The attempts, newest first.
    pub rows: Vec<HistoryRow>,
    /// There are more.
    pub more: bool,
    /// The line was a link or an id: what it names is wanted, not a list.
    pub named: bool,
    /// What was understood of the line beside words.
    pub understood: Vec<Understood>,
}

/// A condition that was read from the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Understood {
    /// An outcome.
    Outcome {
        /// Which.
        outcome: OutcomeWord,
    },
    /// Days.
    Opened {
        /// The first moment; `null` for any.
        from: Option<Time>,
        /// The last moment; `null` for any.
        until: Option<Time>,
    },
    /// A number of installments; 0 for the credit limit.
    Plan {
        /// How many.
        installments: u8,
    },
    /// The card's last four digits.
    LastFour {
        /// The digits.
        digits: String,
    },
}

/// An attempt in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct HistoryRow {
    /// The attempt.
    pub attempt: String,
    /// Its payment.
    pub payment: String,
    /// The account's name when it was opened.
    pub account_name: String,
    /// Its gateway.
    pub gateway: Gateway,
    /// The order id or the reference.
    pub subject: String,
    /// Which part of the reference.
    pub part: Option<String>,
    /// The outcome; `null` while it is under way.
    pub outcome: Option<OutcomeWord>,
    /// It was set aside.
    pub set_aside: bool,
    /// Unconfirmed.
    pub unconfirmed: bool,
    /// What was charged or would have been.
    pub total: Option<MoneyView>,
    /// What of it surely went back.
    pub returned: Option<MoneyView>,
    /// Installments; `null` for the credit limit.
    pub installments: Option<u8>,
    /// The card; `null` for the credit limit.
    pub card: Option<CardView>,
    /// The name on the card; `null` when there is none, or it was erased.
    pub holder: Option<String>,
    /// The operator's name.
    pub operator: Option<String>,
    /// When it was opened.
    pub opened: Time,
    /// It stands in alarm or is contradicted.
    pub alarmed: bool,
}

/// One payment with every step and its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PaymentDetail {
    /// The payment.
    pub payment: String,
    /// Its attempts, oldest first.
    pub attempts: Vec<AttemptView>,
    /// Its reversals, oldest first.
    pub reversals: Vec<ReversalView>,
    /// Every step, oldest first.
    pub lines: Vec<Line>,
    /// The names on the cards, in the order of the attempts; `null` when there is none, or it was erased.
    pub holders: Vec<Option<String>>,
    /// What staff wrote about it, oldest first.
    pub notes: Vec<NoteView>,
    /// What a colleague can paste to see it: `vezne://payment/…`.
    pub link: String,
}

/// A note by staff. It is never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct NoteView {
    /// When it was written.
    pub at: Time,
    /// Who wrote it; `null` where nobody was chosen.
    pub operator: Option<String>,
    /// The note.
    pub text: String,
}

/// What happened at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Written down, before anything is sent.
    WrittenDown,
    /// What stood at the gateway before was read.
    BaselineRead,
    /// Sent to the gateway.
    Sent,
    /// A new sign-in was needed; sent a second time by the one exception.
    SentAgain,
    /// The gateway wants a new sign-in first.
    Reauthorising,
    /// The gateway's answer: yes.
    HeardYes,
    /// The gateway's answer: no.
    HeardNo,
    /// The gateway's answer says nothing.
    HeardNothing,
    /// The customer was sent to the bank.
    AtBank,
    /// The bank's page was opened.
    PageOpened,
    /// The bank's page went to the system's browser.
    PageToBrowser,
    /// The bank's page is gone: the detail says how (`closed_by_hand`, `gave_up`, `load_failed`, `tls_failed`, `process_gone`, `desk_stopped`, `settled`, `returned`).
    PageGone,
    /// The customer came back from the bank.
    CameBack,
    /// The gateway is asked for the outcome.
    Confirming,
    /// Asked: paid.
    AskedPaid,
    /// Asked: not paid.
    AskedNotPaid,
    /// Asked: not final yet.
    AskedPending,
    /// Asked: the gateway knows of nothing.
    AskedNoTrace,
    /// Asked: no answer.
    AskedNoAnswer,
    /// Asked: an answer that a person must judge.
    AskedOdd,
    /// The second sign was asked for.
    Probed,
    /// Approved.
    Approved,
    /// Declined.
    Declined,
    /// Refused.
    Refused,
    /// Nothing was sent.
    NotSent,
    /// It is not known.
    Unknown,
    /// A supervisor set it aside.
    SetAside,
    /// A supervisor settled it or made a counter-entry.
    PersonSettled,
    /// The gateway contradicts the outcome.
    Contradicted,
    /// An alarm was raised.
    Alarmed,
    /// Something about a reversal: the detail is its state's word.
    Reversal,
    /// A paper was issued: the detail is its way's word, and a copy's number.
    Paper,
    /// A paper was taken back before anything of it left: the detail is a copy's number.
    PaperWithdrawn,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Line {
    /// When.
    pub at: Time,
    /// The attempt (or, for a reversal's step, the reversal).
    pub about: String,
    /// What.
    pub kind: LineKind,
    /// Words that carry data: a host, a bank's message, a supervisor's name and reason.
    pub detail: Option<String>,
    /// The reason's code.
    pub code: Option<Code>,
}
