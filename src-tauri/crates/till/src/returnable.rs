//! What may go back of a payment, as far as the journal and the account's terms can say.

use jiff::tz::TimeZone;
use vezne_core::attempt::{Attempt, Subject};
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
    whole: bool,
}

impl Desk {
    /// What is left of a payment, and whether so much of it may go back in this way.
    pub(crate) async fn returnable(&self, request: &ReverseRequest) -> Result<(Returnable, Served), ReverseError> {
        if let crate::view::JournalState::NotWritten(why) = &self.journal {
            return Err(ReverseError::Journal(vezne_core::ports::JournalFault::NotWritable(why.clone())));
        }
        // What is given back must be written down as surely as what is taken.
        self.ports.journal.may_take_money().map_err(ReverseError::Journal)?;
        let history = self.ports.journal.payment(request.payment).await.map_err(ReverseError::Journal)?;
        let history = history.ok_or(ReverseError::NotFound)?;
        let attempt = approved(&history).ok_or(ReverseError::NotApproved)?;
        let paid = attempt.charged().ok_or(ReverseError::AmountNotKnown)?;
        if let Some(open) = history.reversals.iter().find(|one| !one.state.is_final()) {
            return Err(ReverseError::OneAtATime(open.intent.reversal));
        }
        let mut returned = counting(&history, attempt);
        let left = returned
            .clone()
            .try_fold(paid, |left, one| left.checked_sub(one.intent.amount))
            .ok_or(ReverseError::AmountNotKnown)?;
        if let (false, Some(last)) = (left.is_positive(), returned.next_back()) {
            return Err(ReverseError::AlreadyReturned(last.intent.reversal));
        }
        let served = self.served(&attempt.intent.account).cloned().ok_or(ReverseError::AccountGone)?;
        if !served.account.reversals {
            return Err(ReverseError::SwitchedOff);
        }
        let returnable = Returnable { attempt: attempt.clone(), left, whole: left == paid };
        self.sized(request, &returnable, &served)?;
        Ok((returnable, served))
    }

    fn sized(&self, request: &ReverseRequest, returnable: &Returnable, served: &Served) -> Result<(), ReverseError> {
        let currency = returnable.left.currency();
        match request.size {
            ReverseSize::Part(amount) if amount.currency() != currency || !amount.is_positive() => {
                return Err(ReverseError::BadAmount(currency));
            }
            ReverseSize::Part(amount) if amount.minor() > returnable.left.minor() => {
                return Err(ReverseError::TooMuch { left: returnable.left });
            }
            ReverseSize::Part(_) | ReverseSize::Whole => {}
        }
        let all = match request.size {
            ReverseSize::Whole => true,
            ReverseSize::Part(amount) => amount == returnable.left,
        };
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
fn same_business_day(paid: Timestamp, now: Timestamp, until: u16, zone: &TimeZone) -> bool {
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
