//! What a front can ask of the till, and why the till may say no.

use vezne_core::answers::NotSentReason;
use vezne_core::attempt::{CounterOutcome, Refusal, Subject, VezneRefusal};
use vezne_core::card::{Bin, CardDetails};
use vezne_core::guard::Block;
use vezne_core::ids::{AccountId, AttemptId, HeldId, OperatorId, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::options::{Choice, OptionList};
use vezne_core::order::OrderId;
use vezne_core::ports::{JournalFault, OptionsTicket, ReadFault};
use vezne_core::reversal::{self, Kind};
use vezne_core::rights::Act;
use vezne_core::text::TypedText;
use zeroize::Zeroizing;

/// A supervisor's right, used for one act.
#[derive(Clone)]
pub struct Authority {
    /// The supervisor's name.
    pub name: String,
    /// Their PIN.
    pub pin: Zeroizing<String>,
    /// Why.
    pub reason: TypedText,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Authority").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What is asked about options, before a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionsRequest {
    /// For an amount (Finrota).
    Amount {
        /// The account.
        account: AccountId,
        /// The card's first digits.
        bin: Bin,
        /// The amount owed.
        amount: Money,
    },
    /// For an order (Yolcu360).
    Order {
        /// The account.
        account: AccountId,
        /// The card's first six digits.
        bin: Bin,
        /// The order.
        order: OrderId,
    },
}

impl OptionsRequest {
    /// The account that is asked.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        match self {
            Self::Amount { account, .. } | Self::Order { account, .. } => account,
        }
    }
}

/// What is asked of the duplicate guard while a payment is still being keyed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardQuestion {
    /// The account.
    pub account: AccountId,
    /// What would be paid for.
    pub subject: Subject,
    /// What would be owed, if it is known already.
    pub amount: Option<Money>,
}

/// An option list that a front has shown: what Pay must agree with.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The list.
    pub list: OptionList,
    /// The gateway's name for it.
    pub ticket: OptionsTicket,
}

/// What a payment is made with.
#[derive(Debug)]
pub enum PayMeans {
    /// A card, keyed in.
    Card {
        /// The card.
        card: Box<CardDetails>,
        /// The plan that was chosen.
        choice: Choice,
        /// The list it was chosen from; `None` lets the till ask for it.
        shown: Option<Box<Shown>>,
        /// Whether 3-D Secure is wanted. Without it a supervisor must agree.
        three_ds: bool,
    },
    /// A card that was handed over with [`Till::hold`](crate::Till::hold), or one of "same card again" with
    /// [`Till::hold_again`](crate::Till::hold_again). It stays held unless an attempt comes of this.
    Held {
        /// What the till called it.
        held: HeldId,
        /// The plan that was chosen.
        choice: Choice,
        /// The list it was chosen from; `None` lets the till ask for it.
        shown: Option<Box<Shown>>,
        /// Whether 3-D Secure is wanted.
        three_ds: bool,
    },
    /// The agency's credit limit.
    CreditLimit,
}

/// A payment to be taken.
#[derive(Debug)]
pub struct PayRequest {
    /// The merchant account.
    pub account: AccountId,
    /// What is paid for.
    pub subject: Subject,
    /// What is owed; for an order, what was shown (`None`: nothing was shown).
    pub amount: Option<Money>,
    /// The amount typed a second time, where the account asks for that.
    pub amount_again: Option<Money>,
    /// What it is paid with.
    pub means: PayMeans,
    /// Who sits at the desk.
    pub operator: Option<OperatorId>,
    /// A supervisor's right, where one is needed.
    pub authority: Option<Authority>,
    /// The earlier attempt that the supervisor allows this one beside.
    pub overrides: Option<AttemptId>,
    /// Whether the cashier has said that an approved twin is meant.
    pub twin_confirmed: bool,
    /// Where the bank's page will be shown, if not where the account says.
    pub page: Option<vezne_core::account::PagePlace>,
}

/// Why a payment was not even begun. Nothing was sent in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// No such account is configured.
    #[error("no such merchant account is configured")]
    UnknownAccount,
    /// The subject does not fit the account's gateway.
    #[error("{0}")]
    WrongSubject(&'static str),
    /// The account does not take this currency.
    #[error("this account does not take {0}")]
    CurrencyNotTaken(Currency),
    /// The account does not pay from a credit limit.
    #[error("this account does not pay from a credit limit")]
    NoCreditLimit,
    /// The amount must be typed twice, and was not, or differently.
    #[error("amounts above {limit} are typed twice, and the two must agree")]
    TypeTwice {
        /// The account's limit.
        limit: Money,
    },
    /// The duplicate guard says no.
    #[error("an earlier attempt stands in the way")]
    Blocked(Box<Block>),
    /// A backup was restored: a payment of the missing span can't be seen here, so a supervisor must answer for it.
    #[error("what was written between {from} and {until} is missing here since a backup was restored: it may be paid")]
    SpanMissing {
        /// When the last event that is there was written.
        from: vezne_core::time::Timestamp,
        /// When the journal went on.
        until: vezne_core::time::Timestamp,
    },
    /// A supervisor must agree.
    #[error("a supervisor must agree to this")]
    NeedsSupervisor(Act),
    /// The name or PIN is wrong, or that operator is no supervisor.
    #[error("the name or the PIN is not a supervisor's")]
    NotASupervisor,
    /// The chosen option can't be paid, or the options can't be had.
    #[error("{0}")]
    Refused(VezneRefusal),
    /// The options could not be asked for.
    #[error("the installment options could not be had: {0}")]
    Options(ReadFault),
    /// The gateway could not be reached to ask for the options.
    #[error("nothing was sent")]
    NotSent(NotSentReason),
    /// The card is not held, or not kept for "same card again", any more; or another payment has it in hand.
    #[error("the card is no longer kept: key it in again")]
    CardForgotten,
    /// The journal can't be written, so no money is taken.
    #[error("the journal can't be written, so no payment is taken: {0}")]
    Journal(JournalFault),
    /// The till is closing.
    #[error("the till is closing")]
    Closing,
}

/// What a supervisor's word makes of an attempt or reversal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The attempt is approved.
    Approved,
    /// The attempt is declined.
    Declined,
    /// "Another card now": set aside.
    SetAside,
}

/// A supervisor's word on an attempt.
#[derive(Debug)]
pub struct SettleRequest {
    /// The attempt.
    pub attempt: AttemptId,
    /// What it makes of it. On a final, contradicted attempt approved and declined are the counter-entry.
    pub verdict: Verdict,
    /// Who and why.
    pub authority: Authority,
    /// What they saw: the portal's reference, a bank slip.
    pub saw: Option<TypedText>,
}

/// Why a supervisor's word was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// No such attempt or reversal in the journal.
    #[error("the journal knows of no such attempt or reversal")]
    NotFound,
    /// The name or PIN is wrong, or that operator is no supervisor.
    #[error("the name or the PIN is not a supervisor's")]
    NotASupervisor,
    /// An operator of this name exists already.
    #[error("an operator of this name exists already")]
    NameTaken,
    /// It would make more go back than was paid.
    #[error("only {left} of this payment is left to return")]
    TooMuch {
        /// What is left.
        left: Money,
    },
    /// It can't count as not paid while something of it went back, or may have.
    #[error("something of this payment went back, so it can't count as not paid")]
    WentBack(ReversalId),
    /// Another reversal of the payment is open or unknown.
    #[error("another reversal of this payment is not settled yet")]
    OneAtATime(ReversalId),
    /// Not so many at once, or not this one in a list.
    #[error("{0}")]
    NotListed(&'static str),
    /// The rules do not allow it now.
    #[error("{0}")]
    Refused(Refusal),
    /// The journal can't be read or written.
    #[error("{0}")]
    Journal(JournalFault),
    /// The till is closing.
    #[error("the till is closing")]
    Closing,
}

/// How much goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReverseSize {
    /// All that is left.
    Whole,
    /// A part of it.
    Part(Money),
}

/// A void or refund to be made.
#[derive(Debug)]
pub struct ReverseRequest {
    /// The payment.
    pub payment: PaymentId,
    /// The attempt whose money goes back; `None` where nobody named one, which is enough while only one is approved.
    pub attempt: Option<AttemptId>,
    /// Void or refund.
    pub kind: Kind,
    /// How much.
    pub size: ReverseSize,
    /// What was shown as left of that attempt when it was asked for: the same act asked for a second time (a double click,
    /// another window) is refused, because less is left then. `None` where nothing was shown.
    pub shown_left: Option<Money>,
    /// Who and why.
    pub authority: Authority,
}

/// What went back by hand in the gateway's own portal, to be written down.
#[derive(Debug)]
pub struct PortalReturn {
    /// The payment.
    pub payment: PaymentId,
    /// The attempt whose money went back; `None` as for a [`ReverseRequest`].
    pub attempt: Option<AttemptId>,
    /// Void or refund, as the portal calls it.
    pub kind: Kind,
    /// How much of it; where what was paid is not known, it must be said.
    pub size: ReverseSize,
    /// What was shown as left.
    pub shown_left: Option<Money>,
    /// The portal's reference: what the supervisor saw.
    pub saw: TypedText,
    /// Who and why.
    pub authority: Authority,
}

/// One attempt of a list that a supervisor settles with one PIN.
#[derive(Debug, Clone)]
pub struct ListedWord {
    /// The attempt.
    pub attempt: AttemptId,
    /// As what; setting aside is for one customer who waits, never for a list.
    pub outcome: CounterOutcome,
    /// What was seen of this one.
    pub saw: TypedText,
}

/// What a supervisor says of a reversal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReversalVerdict {
    /// The money went back. On one that is settled already this is the counter-entry.
    Done,
    /// It did not.
    NotDone,
    /// Its alarms have been seen.
    Seen,
}

/// Why a reversal was not even begun. Nothing was sent in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum ReverseError {
    /// No such payment.
    #[error("the journal knows of no such payment")]
    NotFound,
    /// It was never paid, or it is not known whether it was.
    #[error("this payment is not approved, so there is nothing to return")]
    NotApproved,
    /// Everything went back already: not an error for a person, but nothing is sent.
    #[error("already void: everything of this payment has gone back")]
    AlreadyReturned(ReversalId),
    /// Less is left than what was shown: it was asked for twice, or something went back meanwhile.
    #[error("meanwhile {left} of this payment is left: look again before anything is returned")]
    Changed {
        /// What is left now.
        left: Money,
    },
    /// Two attempts of the payment are approved, and nobody said whose money goes back.
    #[error("two attempts of this payment are approved: say which of them goes back")]
    WhichAttempt,
    /// Two attempts on one order are approved; cancelling it would cancel the rental (`RULES.md` 3).
    #[error("two payments of this order are approved: cancelling it would cancel the rental, so call the gateway")]
    TwoApproved,
    /// The account's owner has not switched reversals on.
    #[error("void and refund are switched off for this account: do it in the gateway's own portal")]
    SwitchedOff,
    /// The account is gone from the settings, or points elsewhere now.
    #[error("the account this was paid with is not configured any more")]
    AccountGone,
    /// A reversal of this payment is open or unknown.
    #[error("another reversal of this payment is not settled yet")]
    OneAtATime(ReversalId),
    /// More than what is left.
    #[error("only {left} of this payment is left to return")]
    TooMuch {
        /// What is left.
        left: Money,
    },
    /// The amount is zero, negative or in another currency.
    #[error("the amount must be a positive one in {0}")]
    BadAmount(Currency),
    /// A void takes the whole amount on the same business day; a refund is offered.
    #[error("{0}; a refund is possible")]
    VoidNotPossible(&'static str),
    /// At Yolcu360 only the whole order can be cancelled.
    #[error("an order can only be cancelled as a whole")]
    WholeOnly,
    /// What the attempt was paid is not known.
    #[error("the amount that was paid is not known")]
    AmountNotKnown,
    /// The gateway's word before the reversal does not allow it.
    #[error("{0}")]
    Refused(reversal::VezneRefusal),
    /// The name or PIN is wrong, or that operator is no supervisor.
    #[error("the name or the PIN is not a supervisor's")]
    NotASupervisor,
    /// The gateway could not be asked before the reversal.
    #[error("the gateway could not be asked first: {0}")]
    Read(ReadFault),
    /// The journal can't be written.
    #[error("the journal can't be written, so nothing is returned: {0}")]
    Journal(JournalFault),
    /// The till is closing.
    #[error("the till is closing")]
    Closing,
}
