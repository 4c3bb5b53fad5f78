//! What may go back of a payment, as far as the journal and the account's terms can say.

use jiff::tz::TimeZone;
use vezne_core::attempt::{Attempt, Subject};
use vezne_core::ids::{PaymentId, ReversalId};
use vezne_core::money::Money;
use vezne_core::ports::PaymentHistory;
use vezne_core::reversal::{Kind, Reversal};
use vezne_core::time::Timestamp;

use crate::desk::Desk;
use crate::handle::Served;
use crate::request::{ReverseError, ReverseRequest, ReverseSize};

/// What may be returned of a payment.
pub(crate) struct Returnable {
    pub(crate) attempt: Attempt,
    pub(crate) left: Money,
    /// Whether nothing of it has gone back yet.
    pub(crate) whole: bool,
}

/// What the journal says of a payment's money.
pub(crate) struct Standing {
    pub(crate) attempt: Attempt,
    pub(crate) paid: Money,
    /// What surely went back.
    pub(crate) returned: Money,
    /// What may have gone back, or is on its way.
    pub(crate) under_way: Money,
    pub(crate) left: Money,
    /// The one that is open or unknown.
    pub(crate) open: Option<ReversalId>,
    /// The last one that counts.
    pub(crate) last: Option<ReversalId>,
}

impl Standing {
    fn of(history: &PaymentHistory) -> Result<Self, ReverseError> {
        let attempt = approved(history).ok_or(ReverseError::NotApproved)?;
        let paid = attempt.charged().ok_or(ReverseError::AmountNotKnown)?;
        let sum = |settled: bool| {
            counting(history, attempt)
                .filter(|one| one.state.is_final() == settled)
                .try_fold(Money::from_minor(0, paid.currency()), |sum, one| sum.checked_add(one.intent.amount))
                .ok_or(ReverseError::AmountNotKnown)
        };
        let (returned, under_way) = (sum(true)?, sum(false)?);
        let left = paid.checked_sub(returned).and_then(|left| left.checked_sub(under_way));
        Ok(Self {
            attempt: attempt.clone(),
            paid,
            returned,
            under_way,
            left: left.ok_or(ReverseError::AmountNotKnown)?,
            open: history.reversals.iter().find(|one| !one.state.is_final()).map(|one| one.intent.reversal),
            last: counting(history, attempt).next_back().map(|one| one.intent.reversal),
        })
    }

    fn into_returnable(self, shown: Option<Money>) -> Result<Returnable, ReverseError> {
        if let Some(open) = self.open {
            return Err(ReverseError::OneAtATime(open));
        }
        if let (false, Some(last)) = (self.left.is_positive(), self.last) {
            return Err(ReverseError::AlreadyReturned(last));
        }
        if shown.is_some_and(|shown| shown != self.left) {
            return Err(ReverseError::Changed { left: self.left });
        }
        Ok(Returnable { whole: self.left == self.paid, attempt: self.attempt, left: self.left })
    }
}

impl Desk {
    /// What the journal says of a payment's money.
    pub(crate) async fn standing(&self, payment: PaymentId) -> Result<Standing, ReverseError> {
        let history = self.ports.journal.payment(payment).await.map_err(ReverseError::Journal)?;
        Standing::of(&history.ok_or(ReverseError::NotFound)?)
    }

    /// What is left of a payment, if it may be given back at all.
    pub(crate) async fn left_of(&self, payment: PaymentId, shown: Option<Money>) -> Result<Returnable, ReverseError> {
        if let crate::view::JournalState::NotWritten(why) = &self.journal {
            return Err(ReverseError::Journal(vezne_core::ports::JournalFault::NotWritable(why.clone())));
        }
        // What is given back must be written down as surely as what is taken.
        self.ports.journal.may_take_money().map_err(ReverseError::Journal)?;
        self.standing(payment).await?.into_returnable(shown)
    }

    /// What is left of a payment, and whether so much of it may go back in this way.
    pub(crate) async fn returnable(&self, request: &ReverseRequest) -> Result<(Returnable, Served), ReverseError> {
        let returnable = self.left_of(request.payment, request.shown_left).await?;
        let served = self.served(&returnable.attempt.intent.account).cloned().ok_or(ReverseError::AccountGone)?;
        if !served.account.reversals {
            return Err(ReverseError::SwitchedOff);
        }
        if self.is_order_paid_twice(&returnable.attempt).await? {
            return Err(ReverseError::TwoApproved);
        }
        self.sized(request, &returnable, &served)?;
        Ok((returnable, served))
    }

    /// Whether another attempt on the same order is approved too: cancelling is of the whole order, and would take the
    /// customer's rental with it.
    pub(crate) async fn is_order_paid_twice(&self, attempt: &Attempt) -> Result<bool, ReverseError> {
        match &attempt.intent.subject {
            Subject::Reference { .. } => return Ok(false),
            Subject::Order(_) => {}
        }
        let on_order = self.ports.journal.attempts_on(&attempt.intent.guard_key()).await;
        let approved = on_order.map_err(ReverseError::Journal)?;
        Ok(approved.iter().filter(|one| one.state.is_approved()).count() > 1)
    }

    fn sized(&self, request: &ReverseRequest, returnable: &Returnable, served: &Served) -> Result<(), ReverseError> {
        let amount = amount_of(request.size, returnable.left)?;
        let all = amount == returnable.left;
        match (&returnable.attempt.intent.subject, request.kind) {
            (Subject::Order(_), Kind::Void | Kind::Refund) if !all || !returnable.whole => Err(ReverseError::WholeOnly),
            (Subject::Order(_) | Subject::Reference { .. }, Kind::Refund) => Ok(()),
            (Subject::Order(_) | Subject::Reference { .. }, Kind::Void) => {
                if !all || !returnable.whole {
                    return Err(ReverseError::VoidNotPossible("a void takes the whole amount back"));
                }
                let until = served.account.void_until_minutes;
                // When it was sent, not when its outcome became known: that may be days later.
                let paid = returnable.attempt.sent.unwrap_or(returnable.attempt.opened);
                if !same_business_day(paid, self.now(), until, &self.time_zone) {
                    return Err(ReverseError::VoidNotPossible("a void is possible on the same business day only"));
                }
                Ok(())
            }
        }
    }
}

/// How much that is, if there is so much.
pub(crate) fn amount_of(size: ReverseSize, left: Money) -> Result<Money, ReverseError> {
    match size {
        ReverseSize::Whole => Ok(left),
        ReverseSize::Part(amount) if amount.currency() != left.currency() || !amount.is_positive() => {
            Err(ReverseError::BadAmount(left.currency()))
        }
        ReverseSize::Part(amount) if amount.minor() > left.minor() => Err(ReverseError::TooMuch { left }),
        ReverseSize::Part(amount) => Ok(amount),
    }
}

/// The attempt whose money goes back: where two were approved, the newest one that has something left.
fn approved(history: &PaymentHistory) -> Option<&Attempt> {
    let approved = || history.attempts.iter().filter(|one| one.state.is_approved()).rev();
    approved().find(|attempt| has_left(history, attempt)).or_else(|| approved().next())
}

fn has_left(history: &PaymentHistory, attempt: &Attempt) -> bool {
    let left = attempt
        .charged()
        .and_then(|paid| counting(history, attempt).try_fold(paid, |left, one| left.checked_sub(one.intent.amount)));
    left.is_none_or(|left| left.is_positive())
}

/// The reversals of an attempt that count against what may still be returned of it.
fn counting<'a>(
    history: &'a PaymentHistory,
    attempt: &'a Attempt,
) -> impl DoubleEndedIterator<Item = &'a Reversal> + Clone {
    history.reversals.iter().filter(|one| one.intent.attempt == attempt.intent.attempt && one.state.counts())
}

/// Whether a payment can still be voided: on its own local day, until `until`, minutes after local midnight.
pub(crate) fn same_business_day(paid: Timestamp, now: Timestamp, until: u16, zone: &TimeZone) -> bool {
    let local = |at: Timestamp| at.to_jiff().to_zoned(zone.clone());
    let (paid, now) = (local(paid), local(now));
    let minutes = i64::from(now.hour()).saturating_mul(60).saturating_add(i64::from(now.minute()));
    paid.date() == now.date() && minutes <= i64::from(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_business_day_ends_at_the_accounts_hour_in_the_desks_zone() {
        let istanbul = TimeZone::get("Europe/Istanbul").unwrap();
        let ten_pm = 22 * 60;
        let same = |paid: &str, now: &str| same_business_day(at(paid), at(now), ten_pm, &istanbul);
        assert!(same("2026-11-21T07:00:00.000Z", "2026-11-21T18:59:00.000Z"), "21:59 local");
        assert!(!same("2026-11-21T07:00:00.000Z", "2026-11-21T19:01:00.000Z"), "22:01 local");
        assert!(!same("2026-11-21T19:30:00.000Z", "2026-11-22T10:00:00.000Z"), "the next day");
        assert!(!same("2026-11-21T19:30:00.000Z", "2026-11-21T19:40:00.000Z"), "paid after the end");
        assert!(!same("2026-11-20T21:30:00.000Z", "2026-11-21T19:30:00.000Z"), "over midnight and over the end");
    }
}
