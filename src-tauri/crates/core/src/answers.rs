//! What a gateway can say, in the words of the desk: the meanings that both APIs' answers are mapped to.

use serde::{Deserialize, Serialize};

pub use crate::said::{NoAmount, SaidAmount};

use crate::card::{CardField, LastFour};
use crate::money::Money;
use crate::text::ForeignText;
use crate::time::Millis;

/// The gateway's own numbers for a payment that it processed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayNumbers {
    /// Finrota `orderId`, Yolcu360 `paymentID`.
    pub payment: Option<ForeignText>,
    /// Finrota `referenceNumber`: what cancel and refund want.
    pub reference: Option<ForeignText>,
    /// An authorisation code, only if an answer carries one.
    pub authorisation: Option<ForeignText>,
}

/// Whether the gateway says that 3-D Secure was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecureUse {
    /// It says so.
    Used,
    /// It says that it did without (`is3dsSecure: false`, `DirectSale`).
    Without,
    /// It says nothing.
    NotSaid,
}

/// A success as the pay answer states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Success {
    /// Its numbers.
    pub numbers: GatewayNumbers,
    /// Whether 3-D Secure was used.
    pub secure: SecureUse,
}

/// Why the bank or gateway says no, as far as it can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// 2001, or a bank's plain no.
    CardDeclined,
    /// 2002.
    InsufficientFunds,
    /// 2003.
    ExpiredCard,
    /// 2004.
    InvalidCardNumber,
    /// 2005.
    InvalidCvc,
    /// 2006: the cardholder was not authenticated.
    ThreeDsFailed,
    /// 2007: the agency's credit limit does not suffice.
    LimitExceeded,
    /// The gateway gives no reason that we know.
    Other,
}

/// An explicit failure: the gateway says that this was processed and not charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The reason.
    pub reason: DeclineReason,
    /// The gateway's own words.
    pub text: Option<ForeignText>,
    /// The bank's code.
    pub bank_code: Option<ForeignText>,
    /// The bank's own words.
    pub bank_text: Option<ForeignText>,
    /// The field of the card that is to blame.
    pub field: Option<CardField>,
}

impl Failure {
    /// A failure with a reason and nothing else.
    #[must_use]
    pub const fn plain(reason: DeclineReason) -> Self {
        Self { reason, text: None, bank_code: None, bank_text: None, field: None }
    }
}

/// Why a gateway did not process a request at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// 400 or 422 without a decline code: it found the request wrong.
    BadRequest,
    /// It does not take our return address: another `return_mode` is needed.
    ReturnAddress,
    /// 401, even with a fresh token.
    Unauthorised,
    /// 403: most often the caller's address is not allowed.
    NotAllowed,
    /// 404 at Finrota: the account's base address is wrong.
    WrongAddress,
    /// 429: too many requests.
    TooMany {
        /// How long to wait, if it says.
        retry_after: Option<Millis>,
    },
}

/// A gateway's refusal before processing: nothing was charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayRefusal {
    /// Why.
    pub reason: RefusalReason,
    /// Its own words.
    pub text: Option<ForeignText>,
}

/// Why nothing was sent. Always safe to repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotSentReason {
    /// No connection: name lookup, connect or TLS failed, so no byte of the request left.
    Offline,
    /// The gateway would not sign us in.
    SignInRefused,
    /// The sign-in was not answered.
    SignInUnanswered,
    /// No slot of the gateway's rate became free in time.
    NoSlot,
    /// No address could be made for the bank to send the customer back to.
    NoReturnAddress,
    /// The operator cancelled before anything was sent.
    Cancelled,
    /// The desk stopped before anything was sent.
    Restarted,
    /// The journal could not be written, so nothing was sent.
    JournalFailed,
    /// What the request must carry was not at hand: its installment token is gone or was used, or the account's owner
    /// has calls of this kind switched off.
    Unprepared,
}

/// Why an answer says neither yes nor no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unclear {
    /// No answer in time.
    TimedOut,
    /// The connection broke after the request may have left.
    ConnectionLost,
    /// 5xx.
    ServerError {
        /// The HTTP status.
        status: u16,
    },
    /// An HTTP status for which no meaning is documented.
    UnexpectedStatus {
        /// The HTTP status.
        status: u16,
    },
    /// The body was cut, not JSON, too large, or without the fields it must have.
    Unreadable,
    /// The fields contradict each other (a success together with a redirect, array elements that differ, …).
    Contradictory,
    /// Code 2008: the gateway itself did not hear from the bank.
    BankTimeout,
    /// 404 at Yolcu360: not found, *or* already processed.
    NotFoundOrProcessed,
    /// A status word that is not documented.
    UnknownWord(ForeignText),
}

/// What is wrong with a bank page that we were handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChallengeFault {
    /// No address, or one that can't be read.
    NoAddress,
    /// Not https.
    NotHttps,
    /// It points into a private network.
    PrivateHost,
    /// The HTML is larger than [`crate::limits::BANK_PAGE_BYTES`].
    TooLarge,
    /// The HTML has no form.
    NoForm,
    /// The page could not be shown.
    NotShown,
}

/// The meaning of an answer to a payment call, or of its absence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayAnswer {
    /// No byte of the request left.
    NotSent(NotSentReason),
    /// It says yes.
    Success(Success),
    /// It says no, after processing.
    Failure(Failure),
    /// It answered with the whole order, read by the rules of section 4 (`limit` at Yolcu360).
    Order(crate::status::Reading),
    /// The customer must pass the bank's page, and the page passed our checks.
    Challenge,
    /// The customer must pass the bank's page, and we can't show it.
    ChallengeUnusable(ChallengeFault),
    /// It says no, before processing.
    Refused(GatewayRefusal),
    /// 401 without bank fields: not processed, the token is old.
    Unauthorised(Option<ForeignText>),
    /// It may have been processed.
    Unclear(Unclear),
}

/// The state of an order at Yolcu360.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Not paid.
    Pending,
    /// Paid and booked.
    Reserved,
    /// The last payment failed.
    Failed,
    /// Cancelled.
    Cancelled,
    /// Removed.
    Removed,
    /// A word that we don't know.
    Other(ForeignText),
}

/// What `GET /order/{id}` tells that matters for money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFacts {
    /// `orderedCarProduct.status`.
    pub state: OrderState,
    /// `orderedCarProduct.vendorCancelled`.
    pub vendor_cancelled: bool,
    /// `orderedCarProduct.paymentID`.
    pub payment_id: Option<ForeignText>,
    /// `updatedAt`, compared letter by letter, never read as a time.
    pub updated_at: Option<ForeignText>,
    /// `paymentType`.
    pub payment_type: Option<ForeignText>,
    /// The order's price; `None` when the order carries none that we can read.
    pub price: SaidAmount,
}

/// The state of a transaction at Finrota (`transactionStatusId`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionState {
    /// 1.
    Paid,
    /// 2.
    Failed,
    /// 3.
    Pending,
    /// 6, seen after a partial refund.
    PartlyReturned,
    /// Any other number.
    Other(i64),
}

/// What Finrota's status query tells of one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionFacts {
    /// Its state.
    pub state: TransactionState,
    /// The attempt reference it speaks of.
    pub client_reference: Option<ForeignText>,
    /// `referenceNumber`.
    pub reference_number: Option<ForeignText>,
    /// `id`.
    pub id: Option<ForeignText>,
    /// `lastAmount`: what was paid, less what was returned.
    pub amount: SaidAmount,
    /// The last four digits, where it gives them.
    pub last_four: Option<LastFour>,
}

impl TransactionFacts {
    /// Whether it speaks of another transaction than the one that `reference` names (`RULES.md` 4: it is not ours only if
    /// the reference differs; an answer without one is).
    #[must_use]
    pub fn is_of_another(&self, reference: &str) -> bool {
        // What came back went through the filter, and a reference of an earlier version may hold what passes for a card number.
        let own = ForeignText::filter(reference);
        self.client_reference.as_ref().is_some_and(|found| !found.as_str().trim().eq_ignore_ascii_case(own.as_str()))
    }
}

/// Why a question was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CouldNotAsk {
    /// No connection.
    Offline,
    /// No answer in time.
    TimedOut,
    /// The connection broke, or the answer can't be read.
    Unreadable,
    /// 5xx or a status without meaning.
    ServerError,
    /// 429, or no slot of our own limiter.
    TooMany,
    /// The sign-in failed for now.
    SignIn,
    /// 403, but not yet three times running.
    NotAllowed,
}

/// Why a question can't be asked at this account at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CannotBeAsked {
    /// Switched off by the owner.
    Off,
    /// 401 even with a fresh token.
    Unauthorised,
    /// 403 three times running.
    NotAllowed,
    /// The account now points to another address or login than the attempt was sent to.
    OtherEndpoint,
}

/// The answer to "what became of it?", before it is read against what we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusAnswer {
    /// Yolcu360: the order.
    Order(OrderFacts),
    /// Finrota: the transaction.
    Transaction(TransactionFacts),
    /// The gateway answered that it knows of nothing (so far).
    NoTrace,
    /// Not answered.
    CouldNotAsk(CouldNotAsk),
    /// Can't be asked.
    CannotBeAsked(CannotBeAsked),
}

/// The second sign at Yolcu360 when no status can be asked: does `installment-info` still answer?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probe {
    /// 200: still unpaid.
    StillOpen,
    /// 404: already processed, or gone.
    Gone,
    /// Neither.
    NoAnswer,
}

/// The meaning of an answer to a void or refund call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReversalAnswer {
    /// No byte of the request left.
    NotSent(NotSentReason),
    /// Done; with what remains, where the gateway says it.
    Done {
        /// `lastAmount` after it.
        last_amount: Option<Money>,
    },
    /// It says no.
    NotDone {
        /// Why.
        refusal: GatewayRefusal,
        /// What it says is left all the same (Finrota's `lastAmount`, which stands beside `isSuccess: false` too).
        last_amount: Option<Money>,
    },
    /// 401: not processed, the token is old.
    Unauthorised(Option<ForeignText>),
    /// It may have been processed.
    Unclear(Unclear),
}
