//! What may go back of an attempt, as far as the journal and the account's terms can say.

use jiff::tz::TimeZone;
use vezne_core::attempt::{Attempt, Subject};
use vezne_core::ids::{AttemptId, PaymentId, ReversalId};
use vezne_core::money::Money;
use vezne_core::ports::{JournalFault, PaymentHistory};
use vezne_core::reversal::{Kind, Reversal};
use vezne_core::time::Timestamp;

use crate::desk::Desk;
use crate::handle::Served;
use crate::request::{ReverseError, ReverseRequest, ReverseSize};

/// What may be returned of an attempt.
pub(crate) struct Returnable {
    pub(crate) attempt: Attempt,
    pub(crate) left: Money,
    /// Whether nothing of it has gone back yet.
    pub(crate) whole: bool,
}

/// An attempt's money, where what was paid is known.
#[derive(Clone, Copy)]
pub(crate) struct Sums {
    pub(crate) paid: Money,
    /// What surely went back.
    pub(crate) returned: Money,
    /// What may have gone back, or is on its way.
    pub(crate) under_way: Money,
    pub(crate) left: Money,
}

/// What the journal says of an approved attempt's money.
pub(crate) struct Standing {
    pub(crate) attempt: Attempt,
    /// `None` for an order whose price nobody could read.
    pub(crate) sums: Option<Sums>,
    /// The reversal of its payment that is open or unknown.
    pub(crate) open: Option<ReversalId>,
    /// The last one of this attempt that counts.
    pub(crate) last: Option<ReversalId>,
}

impl Standing {
    /// Of the attempt that was named; else of the one that is approved.
    fn of(history: &PaymentHistory, named: Option<AttemptId>) -> Result<Self, ReverseError> {
        let approved = || history.attempts.iter().filter(|one| one.state.is_approved());
        let attempt = match named {
            Some(named) => approved().find(|one| one.intent.attempt == named).ok_or(ReverseError::NotApproved)?,
            None if approved().count() > 1 => return Err(ReverseError::WhichAttempt),
            None => approved().next().ok_or(ReverseError::NotApproved)?,
        };
        Self::of_attempt(history, attempt)
    }

    fn of_attempt(history: &PaymentHistory, attempt: &Attempt) -> Result<Self, ReverseError> {
        let sums = attempt.charged().map(|paid| Sums::of(history, attempt, paid).ok_or(ReverseError::AmountNotKnown));
        Ok(Self {
            attempt: attempt.clone(),
            sums: sums.transpose()?,
            open: history.reversals.iter().find(|one| !one.state.is_final()).map(|one| one.intent.reversal),
            last: counting(history, attempt).next_back().map(|one| one.intent.reversal),
        })
    }

    /// Whether something may still go back of it.
    pub(crate) fn has_left(&self) -> bool {
        self.sums.map_or(self.last.is_none(), |sums| sums.left.is_positive())
    }

    /// Whether something may go back of it now, as it was shown; what is left of it, where that is known.
    pub(crate) fn may_go_back(&self, shown: Option<Money>) -> Result<Option<Sums>, ReverseError> {
        if let Some(open) = self.open {
            return Err(ReverseError::OneAtATime(open));
        }
        if let (false, Some(last)) = (self.has_left(), self.last) {
            return Err(ReverseError::AlreadyReturned(last));
        }
        match (self.sums, shown) {
            (Some(sums), Some(shown)) if shown != sums.left => Err(ReverseError::Changed { left: sums.left }),
            (sums, _) => Ok(sums),
        }
    }
}

impl Sums {
    fn of(history: &PaymentHistory, attempt: &Attempt, paid: Money) -> Option<Self> {
        let sum = |settled: bool| {
            counting(history, attempt)
                .filter(|one| one.state.is_final() == settled)
                .try_fold(Money::from_minor(0, paid.currency()), |sum, one| sum.checked_add(one.intent.amount))
        };
        let (returned, under_way) = (sum(true)?, sum(false)?);
        let left = paid.checked_sub(returned).and_then(|left| left.checked_sub(under_way))?;
        Some(Self { paid, returned, under_way, left })
    }
}

impl Desk {
    async fn history(&self, payment: PaymentId) -> Result<PaymentHistory, ReverseError> {
        let history = self.ports.journal.payment(payment).await.map_err(ReverseError::Journal)?;
        history.ok_or(ReverseError::NotFound)
    }

    /// What the journal says of an attempt's money; of the one that is approved, where none was named.
    pub(crate) async fn standing(
        &self,
        payment: PaymentId,
        attempt: Option<AttemptId>,
    ) -> Result<Standing, ReverseError> {
        Standing::of(&self.history(payment).await?, attempt)
    }

    /// The same of the attempt that is offered: where two are approved, the newest one that has something left.
    pub(crate) async fn offered(&self, payment: PaymentId) -> Result<Standing, ReverseError> {
        let history = self.history(payment).await?;
        let mut newest = None;
        for attempt in history.attempts.iter().rev().filter(|one| one.state.is_approved()) {
            let standing = Standing::of_attempt(&history, attempt)?;
            if standing.has_left() {
                return Ok(standing);
            }
            newest = newest.or(Some(standing));
        }
        newest.ok_or(ReverseError::NotApproved)
    }

    /// What is given back must be written down as surely as what is taken.
    pub(crate) fn may_write_down(&self) -> Result<(), JournalFault> {
        if let crate::view::JournalState::NotWritten(why) = &self.journal {
            return Err(JournalFault::NotWritable(why.clone()));
        }
        self.ports.journal.may_take_money()
    }

    /// What is left of an attempt, and whether so much of it may go back in this way.
    pub(crate) async fn returnable(
        &self,
        request: &ReverseRequest,
        attempt: Option<AttemptId>,
    ) -> Result<(Returnable, Served), ReverseError> {
        self.may_write_down().map_err(ReverseError::Journal)?;
        let standing = self.standing(request.payment, attempt).await?;
        let sums = standing.may_go_back(request.shown_left)?.ok_or(ReverseError::AmountNotKnown)?;
        let returnable = Returnable { whole: sums.left == sums.paid, attempt: standing.attempt, left: sums.left };
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

    /// Whether another attempt on the same order is approved too, and has not gone back: cancelling is of the whole order,
    /// and would take the customer's rental with it.
    pub(crate) async fn is_order_paid_twice(&self, attempt: &Attempt) -> Result<bool, ReverseError> {
        match &attempt.intent.subject {
            Subject::Reference { .. } => return Ok(false),
            Subject::Order(_) => {}
        }
        let on_order = self.ports.journal.attempts_on(&attempt.intent.guard_key()).await;
        let approved = on_order.map_err(ReverseError::Journal)?;
        for other in approved.iter().filter(|one| one.state.is_approved()) {
            if other.intent.attempt != attempt.intent.attempt {
                let history = self.history(other.intent.payment).await?;
                if !is_gone(&history, other) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
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

/// Whether all of an attempt's money has surely gone back.
fn is_gone(history: &PaymentHistory, attempt: &Attempt) -> bool {
    let mut back = counting(history, attempt).filter(|one| one.state.is_final());
    match attempt.charged() {
        // An order goes back as a whole.
        None => back.next().is_some(),
        Some(paid) => {
            back.try_fold(paid, |left, one| left.checked_sub(one.intent.amount)).is_some_and(|left| !left.is_positive())
        }
    }
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
