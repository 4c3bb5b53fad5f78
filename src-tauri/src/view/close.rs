//! Day closes, as the window shows them.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{LanguageWord, MoneyView, OutcomeWord, Span, Time};

/// How many, and how much.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
pub struct CloseFigure {
    /// How many.
    pub count: u32,
    /// How much; `null` where the amount is not known.
    pub amount: Option<MoneyView>,
}

/// Counts and sums of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CloseSums {
    /// The currency; `null` for orders whose amount is not known.
    pub currency: Option<String>,
    /// What came in: approved less reversed, each less what was taken back of earlier closes.
    pub net: Option<MoneyView>,
    /// Money that moved.
    pub approved: CloseFigure,
    /// Money that went back.
    pub reversed: CloseFigure,
    /// What an earlier close counted as approved and a counter-entry has taken back.
    pub withdrawn: CloseFigure,
    /// What an earlier close counted as reversed and a counter-entry has taken back.
    pub reinstated: CloseFigure,
    /// No money moved.
    pub declined: CloseFigure,
    /// Not processed.
    pub refused: CloseFigure,
    /// Never sent.
    pub not_sent: CloseFigure,
}

/// By what figures are gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CloseBy {
    /// By merchant account.
    Account,
    /// By operator.
    Operator,
    /// By installments.
    Plan,
}

/// Counts and sums of a part of a close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CloseGroup {
    /// By what.
    pub by: CloseBy,
    /// The account's or operator's name; `null` where nobody was named, and for a plan.
    pub name: Option<String>,
    /// The number of installments, for a plan; 0 is the credit limit, `null` is not known.
    pub installments: Option<u8>,
    /// The figures.
    pub sums: CloseSums,
}

/// How a listed line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CloseStanding {
    /// Not known.
    Unknown,
    /// Not known, and set aside.
    SetAside,
    /// Contradicted.
    Contradicted,
    /// An alarm stands.
    Alarmed,
    /// In progress.
    InProgress,
}

/// An outcome as a close records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CloseOutcome {
    /// Money moved.
    Approved,
    /// No money moved.
    Declined,
    /// Not processed.
    Refused,
    /// Never sent.
    NotSent,
    /// Money went back.
    Reversed,
    /// No money went back.
    NotReversed,
}

/// A payment, or a return, that a close lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CloseLine {
    /// The payment.
    pub payment: String,
    /// Whether it is a void or refund.
    pub reversal: bool,
    /// The account's name.
    pub account: String,
    /// The order's id or the desk's reference; `null` where it can't be read.
    pub subject: Option<String>,
    /// How much.
    pub amount: Option<MoneyView>,
    /// The card's last four digits.
    pub last_four: Option<String>,
    /// When it was opened.
    pub opened: Time,
    /// How it stands, for what is not settled.
    pub standing: Option<CloseStanding>,
    /// As what an earlier close counted it, for a correction.
    pub was: Option<CloseOutcome>,
    /// As what it was settled.
    pub outcome: Option<CloseOutcome>,
}

/// An hour of the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CloseHour {
    /// When it began.
    pub start: Time,
    /// The local hour, 0 to 23.
    pub hour: u8,
    /// Its local day.
    pub day: String,
    /// The hour before it was the same: the clocks went back.
    pub again: bool,
    /// Approved in it.
    pub approved: u32,
    /// Declined in it.
    pub declined: u32,
    /// Refused or not sent in it.
    pub not_sent: u32,
    /// Became unknown in it, and was when the day was closed.
    pub unknown: u32,
    /// Reversed in it.
    pub reversed: u32,
}

/// Where gateway and journal differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CloseFinding {
    /// Approved here, not known there.
    MissingThere,
    /// Approved here, not paid there.
    NotPaidThere,
    /// Returned there, not here.
    ReturnedThere,
    /// Cancelled here, and still standing there.
    NotReturnedThere,
    /// Another amount there.
    OtherAmount,
    /// An amount that can't be read.
    AmountUnreadable,
    /// Another card there.
    OtherCard,
    /// Not paid here, paid there.
    PaidThere,
    /// Final here, not yet there.
    NotFinalThere,
    /// A state that a person must judge.
    Attention,
    /// Paid, by which card is not known.
    PaidByUnknownCard,
    /// Was open here, final there.
    SettledThere,
    /// Open on both sides.
    StillOpen,
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CloseDifference {
    /// The payment.
    pub payment: String,
    /// The order's id or the desk's reference.
    pub subject: String,
    /// The account's name.
    pub account: String,
    /// What the journal has charged.
    pub amount: Option<MoneyView>,
    /// What stands there, where an amount differs.
    pub found: Option<MoneyView>,
    /// The journal's outcome.
    pub ours: Option<OutcomeWord>,
    /// The gateway's own word.
    pub theirs: Option<String>,
    /// In what they differ.
    pub finding: CloseFinding,
}

/// A comparison of a close with the gateways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CloseComparison {
    /// When it ended.
    pub ended: Time,
    /// Who asked for it.
    pub operator: Option<String>,
    /// How many agree.
    pub agreed: u32,
    /// How many gave no answer.
    pub unanswered: u32,
    /// How many can't be asked about at all.
    pub cannot_be_asked: u32,
    /// Of how many nothing was ever sent.
    pub nothing_sent: u32,
    /// How many were left, because it was stopped.
    pub left: u32,
    /// The differences.
    pub differences: Vec<CloseDifference>,
}

/// What stands below a close that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CloseMade {
    /// When.
    pub at: Time,
    /// By whom.
    pub operator: Option<String>,
    /// What a person keeps of it on paper.
    pub anchor: String,
    /// The comparisons that were made of it, oldest first.
    pub comparisons: Vec<CloseComparison>,
}

/// A close, or what one made now would say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CloseView {
    /// Its number.
    pub number: u32,
    /// What stands below it; `null` for one that is not made yet.
    pub made: Option<CloseMade>,
    /// The first local day in it.
    pub from_day: String,
    /// The local day on which it was made.
    pub day: String,
    /// The time zone.
    pub zone: String,
    /// When the close before was made; `null` for the first.
    pub since: Option<Time>,
    /// What a restored backup left out.
    pub missing: Option<Span>,
    /// Counts and sums, a currency each.
    pub totals: Vec<CloseSums>,
    /// The same by account, operator and plan.
    pub groups: Vec<CloseGroup>,
    /// What is not settled.
    pub open: Vec<CloseLine>,
    /// What was settled since the close before.
    pub late: Vec<CloseLine>,
    /// What was corrected since an earlier close.
    pub corrected: Vec<CloseLine>,
    /// The picture.
    pub hours: Vec<CloseHour>,
}

/// A close in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CloseRow {
    /// Its number.
    pub number: u32,
    /// When it was made.
    pub at: Time,
    /// The first local day in it.
    pub from_day: String,
    /// The local day on which it was made.
    pub day: String,
    /// What a person keeps of it on paper.
    pub anchor: String,
}

/// A page of the list, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ClosesPage {
    /// The closes.
    pub rows: Vec<CloseRow>,
    /// There are more.
    pub more: bool,
}

/// How far a comparison has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ComparingView {
    /// The number of the close.
    pub number: u32,
    /// How many payments are done with.
    pub done: u32,
    /// How many there are.
    pub of: u32,
    /// How many differ so far.
    pub differences: u32,
    /// It is over, and what it found stands with the close.
    pub ended: bool,
    /// Why it could not be kept, if it could not.
    pub not_kept: Option<String>,
}

/// As what a close is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CloseFile {
    /// Its paper.
    Pdf,
    /// Its lines, for a spreadsheet.
    Csv,
    /// Its lines, for programs.
    Jsonl,
}

/// A close to be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SaveClose {
    /// Its number.
    pub number: u32,
    /// As what.
    pub file: CloseFile,
    /// In which language.
    pub language: LanguageWord,
}
