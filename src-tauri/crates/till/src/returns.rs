//! What may be given back of a payment, and which way: the same rules as when it is asked for, told beforehand.

use jiff::ToSpan;
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::Serialize;
use vezne_core::account::{GatewayKind, StatusQuery};
use vezne_core::attempt::{Attempt, Subject};
use vezne_core::ids::{AttemptId, PaymentId, ReversalId};
use vezne_core::money::Currency;
use vezne_core::time::Timestamp;

use crate::desk::Desk;
use crate::request::ReverseError;
use crate::returnable::{Standing, same_business_day};
use crate::view::Money;

/// What of a payment's money is where, and what may be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnsView {
    /// The payment.
    pub payment: PaymentId,
    /// The attempt whose money it is.
    pub attempt: AttemptId,
    /// Its gateway.
    pub gateway: GatewayKind,
    /// How much of it is where; `None` for an order whose price nobody could read.
    pub sums: Option<SumsView>,
    /// The currencies in which it may go back: its own, else those of the account.
    pub currencies: Vec<&'static str>,
    /// Which way it goes back.
    pub way: Way,
}

/// How much of an attempt's money is where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SumsView {
    /// What was paid.
    pub paid: Money,
    /// What surely went back.
    pub returned: Money,
    /// What may have gone back, or is on its way.
    pub under_way: Money,
    /// What is left: paid, less both.
    pub left: Money,
}

/// Which way money goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum Way {
    /// A void: all of it, still on the business day on which it was paid.
    Void {
        /// Until when.
        until: Timestamp,
        /// Whether a part can be refunded instead.
        partly: bool,
    },
    /// A refund.
    Refund {
        /// Why no void.
        why: WhyRefund,
        /// Whether a part of it can go back.
        partly: bool,
    },
    /// Only by hand, in the gateway's own portal.
    Portal {
        /// Why.
        why: WhyPortal,
    },
    /// Nothing can go back now.
    Nothing {
        /// Why.
        why: WhyNothing,
        /// The reversal that stands in the way, or the last one.
        reversal: Option<ReversalId>,
    },
}

/// Why it is a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyRefund {
    /// The business day on which it was paid is over.
    DayOver,
    /// A part has gone back already, and a void takes the whole.
    PartGone,
}

/// Why it is done by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyPortal {
    /// The account's owner has not switched reversals on.
    Off,
    /// The account is not configured any more.
    AccountGone,
    /// Two attempts on the order are approved: cancelling would cancel the rental.
    TwoApproved,
    /// A part of the order has gone back, and only the whole can be cancelled.
    PartGone,
    /// What was paid could not be read, so nobody can say how much to ask for.
    AmountNotKnown,
    /// The gateway can't be asked what is left, and without that nothing is sent.
    CannotBeAsked,
}

/// Why nothing can go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNothing {
    /// A reversal is open or unknown.
    Open,
    /// Everything went back.
    AllGone,
}

impl Desk {
    /// What may be given back of a payment. Nothing is asked of the gateway.
    pub(crate) async fn show_returns(&self, payment: PaymentId) -> Result<ReturnsView, ReverseError> {
        let standing = self.offered(payment).await?;
        let account = self.served(&standing.attempt.intent.account).map(|served| &served.account);
        let currencies = match (standing.sums, account) {
            (Some(sums), _) => vec![sums.paid.currency().code()],
            (None, Some(account)) => account.currencies.iter().map(|currency| currency.code()).collect(),
            (None, None) => Currency::EVERY.iter().map(|currency| currency.code()).collect(),
        };
        let way = self.way_of(&standing).await?;
        Ok(ReturnsView {
            payment,
            attempt: standing.attempt.intent.attempt,
            gateway: standing.attempt.intent.account.gateway,
            sums: standing.sums.map(|sums| SumsView {
                paid: sums.paid.into(),
                returned: sums.returned.into(),
                under_way: sums.under_way.into(),
                left: sums.left.into(),
            }),
            currencies,
            way,
        })
    }

    async fn way_of(&self, standing: &Standing) -> Result<Way, ReverseError> {
        if let Some(open) = standing.open {
            return Ok(Way::Nothing { why: WhyNothing::Open, reversal: Some(open) });
        }
        if !standing.has_left() {
            return Ok(Way::Nothing { why: WhyNothing::AllGone, reversal: standing.last });
        }
        let by_hand = |why| Ok(Way::Portal { why });
        let Some(served) = self.served(&standing.attempt.intent.account) else {
            return by_hand(WhyPortal::AccountGone);
        };
        if self.is_order_paid_twice(&standing.attempt).await? {
            return by_hand(WhyPortal::TwoApproved);
        }
        if !served.account.reversals {
            return by_hand(WhyPortal::Off);
        }
        match served.account.terms.status_query {
            StatusQuery::On => {}
            StatusQuery::Off => return by_hand(WhyPortal::CannotBeAsked),
        }
        let Some(sums) = standing.sums else {
            return by_hand(WhyPortal::AmountNotKnown);
        };
        let whole = sums.left == sums.paid;
        let partly = match standing.attempt.intent.subject {
            Subject::Order(_) if !whole => return by_hand(WhyPortal::PartGone),
            Subject::Order(_) => false,
            Subject::Reference { .. } => true,
        };
        let until = served.account.void_until_minutes;
        if !whole {
            return Ok(Way::Refund { why: WhyRefund::PartGone, partly });
        }
        Ok(match self.void_until(&standing.attempt, until) {
            Some(until) => Way::Void { until, partly },
            None => Way::Refund { why: WhyRefund::DayOver, partly },
        })
    }

    /// Until when an attempt can be voided; `None` when that is over.
    fn void_until(&self, attempt: &Attempt, until: u16) -> Option<Timestamp> {
        let paid = attempt.sent.unwrap_or(attempt.opened);
        same_business_day(paid, self.now(), until, &self.time_zone)
            .then(|| end_of_business(self.now(), until, &self.time_zone))
            .flatten()
    }
}

/// When a day's voids end: at the hour that the clock on the wall shows then, on the days when clocks change too.
fn end_of_business(now: Timestamp, until: u16, zone: &TimeZone) -> Option<Timestamp> {
    let today = now.to_jiff().to_zoned(zone.clone()).date();
    let end = today.at(0, 0, 0, 0).checked_add(i64::from(until).minutes()).ok()?;
    let end = zone.to_ambiguous_zoned(end);
    // As `same_business_day` reads the clock: an hour that there is twice ends with its second one, and one that there is not
    // is over before it.
    let end = match end.offset() {
        AmbiguousOffset::Gap { .. } => end.earlier(),
        AmbiguousOffset::Fold { .. } | AmbiguousOffset::Unambiguous { .. } => end.later(),
    };
    let end = end.ok()?;
    Some(Timestamp::from_millis(end.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// What is told and what is decided are the same moment, whatever the clocks do that day.
    #[test]
    fn the_end_that_is_told_is_the_end_that_is_kept_when_the_clocks_change_in_berlin() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let paid_and_end = [
            // 29 March 2026, 02:00 becomes 03:00: 22:00 is 20:00 UTC, though the morning began at UTC+1.
            ("2026-03-29T00:10:00.000Z", 22 * 60, "2026-03-29T20:00:00.000Z"),
            // 25 October 2026, 03:00 becomes 02:00: 22:00 is 21:00 UTC.
            ("2026-10-25T00:10:00.000Z", 22 * 60, "2026-10-25T21:00:00.000Z"),
            // 02:30 is there twice.
            ("2026-10-24T22:10:00.000Z", 150, "2026-10-25T01:30:00.000Z"),
        ];
        for (paid, until, end) in paid_and_end {
            let (paid, end) = (at(paid), at(end));
            assert_eq!(end_of_business(paid, until, &berlin), Some(end), "{paid}");
            assert!(same_business_day(paid, end, until, &berlin), "{end} is still in time");
            let late = end.after(vezne_core::time::Millis::minutes(1));
            assert!(!same_business_day(paid, late, until, &berlin), "{late} is too late");
        }
        // 02:30 is not there on 29 March: what is told is at least in time.
        let paid = at("2026-03-28T23:10:00.000Z");
        let told = end_of_business(paid, 150, &berlin).unwrap();
        assert!(told > paid && same_business_day(paid, told, 150, &berlin), "{told}");
    }
}
