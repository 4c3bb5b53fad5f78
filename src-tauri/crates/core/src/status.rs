//! Whose status is it? What a gateway's answer about an order or a transaction says of one attempt (`RULES.md` 4).
//!
//! Yolcu360 tells of the *order*: its answer is held against the baseline that was read before the payment and against
//! the other attempts on the same order. Finrota tells of the *transaction*: its answer is held against the reference,
//! the amount and the card.

use serde::{Deserialize, Serialize};

use crate::answers::{
    CannotBeAsked, CouldNotAsk, OrderFacts, OrderState, SaidAmount, StatusAnswer, TransactionFacts, TransactionState,
};
use crate::card::LastFour;
use crate::evidence::Claim;
use crate::money::Money;
use crate::text::ForeignText;

/// What stood at the gateway before our request, written down with the attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// The order as it was.
    Order(OrderFacts),
    /// The order could not be read, but `installment-info` answered for it within the last 20 minutes: not paid yet.
    InstallmentInfo,
    /// Before a reversal: `lastAmount` of the transaction.
    Remaining(Money),
}

/// What was seen when an answer was read; kept as evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The gateway's status in its own words.
    pub word: Option<ForeignText>,
    /// The amount that it gave.
    pub amount: Option<Money>,
    /// `paymentID` or `id`.
    pub payment_id: Option<ForeignText>,
    /// Finrota's `referenceNumber`.
    pub reference_number: Option<ForeignText>,
}

/// What does not agree in an answer that says "paid".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mismatch {
    /// Another amount or currency than expected.
    Amount {
        /// What was expected.
        expected: Money,
        /// What the gateway says.
        found: Money,
    },
    /// An amount that can't be read: it can't be the one that was expected.
    Unreadable,
    /// Another card.
    Card,
}

/// What an answer says of one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Paid as expected.
    Paid(Seen),
    /// Paid, and partly or wholly returned by our own reversals.
    PaidPartlyReturned(Seen),
    /// Not paid.
    NotPaid(Seen),
    /// Not final.
    Pending(Seen),
    /// The gateway knows of nothing that is ours.
    NoTrace,
    /// Not answered.
    CouldNotAsk(CouldNotAsk),
    /// Can't be asked at this account.
    CannotBeAsked(CannotBeAsked),
    /// Paid, but not as expected.
    Mismatch {
        /// What does not agree.
        what: Mismatch,
        /// What was seen.
        seen: Seen,
    },
    /// A state that only a person can judge.
    Attention(Seen),
    /// The order is paid, and nobody can say by which of our attempts.
    PaidByUnknownCard(Seen),
    /// What our own reversal explains: neither news nor contrary.
    OwnReversal(Seen),
}

impl Reading {
    /// Whether the gateway answered the question at all.
    #[must_use]
    pub const fn answered(&self) -> bool {
        match self {
            Self::Paid(_)
            | Self::PaidPartlyReturned(_)
            | Self::NotPaid(_)
            | Self::Pending(_)
            | Self::NoTrace
            | Self::Mismatch { .. }
            | Self::Attention(_)
            | Self::PaidByUnknownCard(_)
            | Self::OwnReversal(_) => true,
            Self::CouldNotAsk(_) | Self::CannotBeAsked(_) => false,
        }
    }
}

/// What our own reversals of the payment did so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Returned {
    /// The sum that is surely returned.
    pub done: Money,
    /// The sum of which it is not known whether it is returned.
    pub unknown: Money,
}

/// Another unsettled attempt on the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rival {
    /// What its own pay answer or return claimed.
    pub claim: Option<Claim>,
}

/// Everything but the answer itself that reading an order needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderContext<'a> {
    /// What stood there before.
    pub baseline: Option<&'a Baseline>,
    /// The `paymentType` that we sent.
    pub sent_type: &'static str,
    /// What this attempt's own pay answer or return claimed.
    pub claim: Option<Claim>,
    /// Payment ids already credited to other attempts.
    pub credited: Vec<ForeignText>,
    /// Whether a later attempt on this order has been sent.
    pub later_sent: bool,
    /// The other unsettled attempts on this order.
    pub rivals: Vec<Rival>,
    /// Whether an earlier attempt on this order was declined without the order having shown it, so that it may show it now.
    pub stray: bool,
    /// Whether a cancellation of ours was sent for this order.
    pub cancel_sent: bool,
}

/// Everything but the answer itself that reading a transaction needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionContext<'a> {
    /// Our attempt reference.
    pub reference: &'a str,
    /// The button's total.
    pub total: Money,
    /// What our reversals returned.
    pub returned: Option<Returned>,
    /// The card's last four digits.
    pub last_four: Option<LastFour>,
}

/// What surrounds an answer, by gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Context<'a> {
    /// Yolcu360.
    Order(OrderContext<'a>),
    /// Finrota.
    Transaction(TransactionContext<'a>),
}

/// Reads an answer against what is known.
///
/// An answer of the wrong kind for the context can only come from a wrong address: it needs a person.
#[must_use]
pub fn read(answer: &StatusAnswer, context: &Context<'_>) -> Reading {
    match (answer, context) {
        (StatusAnswer::Order(facts), Context::Order(context)) => read_order(facts, context),
        (StatusAnswer::Transaction(facts), Context::Transaction(context)) => read_transaction(facts, context),
        (StatusAnswer::Order(_), Context::Transaction(_)) | (StatusAnswer::Transaction(_), Context::Order(_)) => {
            Reading::Attention(Seen::default())
        }
        (StatusAnswer::NoTrace, Context::Order(_) | Context::Transaction(_)) => Reading::NoTrace,
        (StatusAnswer::CouldNotAsk(why), Context::Order(_) | Context::Transaction(_)) => Reading::CouldNotAsk(*why),
        (StatusAnswer::CannotBeAsked(why), Context::Order(_) | Context::Transaction(_)) => Reading::CannotBeAsked(*why),
    }
}

/// Reads the whole order that a `limit` payment may answer with, or that `GET /order/{id}` told.
#[must_use]
pub fn read_order(facts: &OrderFacts, context: &OrderContext<'_>) -> Reading {
    let seen = seen_order(facts);
    if facts.payment_id.as_ref().is_some_and(|id| context.credited.contains(id)) {
        return Reading::NoTrace;
    }
    match &facts.state {
        OrderState::Reserved if !facts.vendor_cancelled => read_reserved(facts, context, seen),
        OrderState::Failed => read_failed(facts, context, seen),
        // Pending is how an unpaid order looks, so without a new payment it is no trace of ours. Where our own answer said
        // yes, it is a gateway that lags behind itself.
        OrderState::Pending => {
            let said_success = context.claim == Some(Claim::Success);
            if context.later_sent || !(said_success || new_payment(facts, context.baseline)) {
                Reading::NoTrace
            } else {
                Reading::Pending(seen)
            }
        }
        OrderState::Cancelled if context.cancel_sent => Reading::OwnReversal(seen),
        OrderState::Reserved | OrderState::Cancelled | OrderState::Removed | OrderState::Other(_) => {
            Reading::Attention(seen)
        }
    }
}

fn read_reserved(facts: &OrderFacts, context: &OrderContext<'_>, seen: Seen) -> Reading {
    if !ours(facts, context) {
        return Reading::Attention(seen);
    }
    let before = match context.baseline {
        Some(Baseline::Order(before)) => before.price.money(),
        Some(Baseline::InstallmentInfo | Baseline::Remaining(_)) | None => None,
    };
    match (facts.price, before) {
        (SaidAmount::Unreadable(_), _) => return Reading::Mismatch { what: Mismatch::Unreadable, seen },
        (SaidAmount::Said(found), Some(expected)) if expected != found => {
            return Reading::Mismatch { what: Mismatch::Amount { expected, found }, seen };
        }
        (SaidAmount::Said(_) | SaidAmount::NotSaid, Some(_) | None) => {}
    }
    if context.rivals.is_empty() {
        return Reading::Paid(seen);
    }
    let said_success = |claim: Option<Claim>| claim == Some(Claim::Success);
    let rivals = context.rivals.iter().filter(|rival| said_success(rival.claim)).count();
    match (said_success(context.claim), rivals) {
        (true, 0) => Reading::Paid(seen),
        (false, 1) => Reading::NoTrace,
        (true | false, _) => Reading::PaidByUnknownCard(seen),
    }
}

fn read_failed(facts: &OrderFacts, context: &OrderContext<'_>, seen: Seen) -> Reading {
    if context.later_sent || may_be_anothers_failure(context) {
        return Reading::NoTrace;
    }
    match context.baseline {
        None | Some(Baseline::InstallmentInfo | Baseline::Remaining(_)) => Reading::Attention(seen),
        Some(Baseline::Order(before)) => {
            let counts = match before.state {
                OrderState::Failed => new_payment(facts, context.baseline),
                OrderState::Pending
                | OrderState::Reserved
                | OrderState::Cancelled
                | OrderState::Removed
                | OrderState::Other(_) => true,
            };
            if counts && ours(facts, context) { Reading::NotPaid(seen) } else { Reading::NoTrace }
        }
    }
}

/// Whether a `failed` may tell of another attempt than this one: of one that is set aside and that the bank turns down only
/// now, or of one that was declined a moment ago and that the order shows late. What this attempt's own answer or return
/// said decides, if no other unsettled one said the same.
fn may_be_anothers_failure(context: &OrderContext<'_>) -> bool {
    let mut others = context.rivals.iter().filter(|rival| rival.claim != Some(Claim::Success)).peekable();
    if others.peek().is_none() && !context.stray {
        return false;
    }
    context.claim != Some(Claim::Failure) || others.any(|rival| rival.claim == Some(Claim::Failure))
}

/// Whether the order carries another payment than the baseline did.
fn new_payment(facts: &OrderFacts, baseline: Option<&Baseline>) -> bool {
    match baseline {
        Some(Baseline::Order(before)) => facts.payment_id.is_some() && facts.payment_id != before.payment_id,
        Some(Baseline::InstallmentInfo | Baseline::Remaining(_)) | None => facts.payment_id.is_some(),
    }
}

/// Whether the answer speaks of something newer than the baseline, paid the way we paid.
///
/// Where the gateway gives neither `paymentID` nor `updatedAt`, a changed state counts as newer: such an order could
/// otherwise never settle.
fn ours(facts: &OrderFacts, context: &OrderContext<'_>) -> bool {
    let Some(Baseline::Order(before)) = context.baseline else {
        return facts.payment_type.as_ref().is_none_or(|found| found.as_str() == context.sent_type);
    };
    let says_neither = facts.payment_id.is_none() && facts.updated_at.is_none();
    let newer = facts.payment_id != before.payment_id
        || facts.updated_at != before.updated_at
        || (says_neither && facts.state != before.state);
    let foreign_type = facts
        .payment_type
        .as_ref()
        .is_some_and(|found| found.as_str() != context.sent_type && before.payment_type.as_ref() != Some(found));
    newer && !foreign_type
}

fn seen_order(facts: &OrderFacts) -> Seen {
    let word = match &facts.state {
        OrderState::Pending => "pending",
        OrderState::Reserved if facts.vendor_cancelled => "reserved, vendorCancelled",
        OrderState::Reserved => "reserved",
        OrderState::Failed => "failed",
        OrderState::Cancelled => "cancelled",
        OrderState::Removed => "removed",
        OrderState::Other(word) => word.as_str(),
    };
    Seen {
        word: Some(ForeignText::filter(word)),
        amount: facts.price.money(),
        payment_id: facts.payment_id.clone(),
        reference_number: None,
    }
}

/// Reads Finrota's word on one transaction.
#[must_use]
pub fn read_transaction(facts: &TransactionFacts, context: &TransactionContext<'_>) -> Reading {
    if facts.is_of_another(context.reference) {
        return Reading::NoTrace;
    }
    let seen = Seen {
        word: Some(ForeignText::filter(&transaction_word(facts.state))),
        amount: facts.amount.money(),
        payment_id: facts.id.clone(),
        reference_number: facts.reference_number.clone(),
    };
    match facts.state {
        TransactionState::Paid | TransactionState::PartlyReturned => read_paid(facts, context, seen),
        TransactionState::Failed => Reading::NotPaid(seen),
        TransactionState::Pending => Reading::Pending(seen),
        TransactionState::Other(_) => Reading::Attention(seen),
    }
}

fn read_paid(facts: &TransactionFacts, context: &TransactionContext<'_>, seen: Seen) -> Reading {
    if let (Some(found), Some(sent)) = (&facts.last_four, &context.last_four)
        && found != sent
    {
        return Reading::Mismatch { what: Mismatch::Card, seen };
    }
    let found = match facts.amount {
        SaidAmount::Said(found) => found,
        SaidAmount::NotSaid => return Reading::Paid(seen),
        SaidAmount::Unreadable(_) => return Reading::Mismatch { what: Mismatch::Unreadable, seen },
    };
    let (surely, perhaps) = match context.returned {
        None => (Some(context.total), None),
        Some(returned) => {
            let surely = context.total.checked_sub(returned.done);
            (surely, surely.and_then(|left| left.checked_sub(returned.unknown)))
        }
    };
    if Some(found) == surely || Some(found) == perhaps {
        if found == context.total { Reading::Paid(seen) } else { Reading::PaidPartlyReturned(seen) }
    } else {
        let expected = surely.unwrap_or(context.total);
        Reading::Mismatch { what: Mismatch::Amount { expected, found }, seen }
    }
}

fn transaction_word(state: TransactionState) -> String {
    match state {
        TransactionState::Paid => "1 (success)".to_owned(),
        TransactionState::Failed => "2 (failed)".to_owned(),
        TransactionState::Pending => "3 (pending)".to_owned(),
        TransactionState::PartlyReturned => "6 (partly returned)".to_owned(),
        TransactionState::Other(number) => number.to_string(),
    }
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
