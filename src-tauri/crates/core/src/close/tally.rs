//! Counting: attempts and reversals as they stood at the last close and as they stand now, in any order.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::day::hour_of;
use super::figures::{
    About, Cell, Corrected, Counts, Figures, Hour, Late, Listed, Plan, Recorded, Standing, Sum, Sums,
};
use crate::account::{AccountRef, GatewayKind};
use crate::attempt::{Attempt, Means, Outcome, Subject};
use crate::ids::{AccountId, AccountName, OperatorId};
use crate::money::{Currency, Money};
use crate::reversal::{self, Reversal};
use crate::time::Timestamp;

/// How many hours of the picture are kept: three days.
const HOURS_MOST: usize = 72;

/// What tells one cell from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    account: AccountId,
    account_name: AccountName,
    gateway: GatewayKind,
    currency: Option<Currency>,
    operator: Option<OperatorId>,
    plan: Plan,
}

/// A count that grows. The order in which things are handed over makes no difference to what comes out.
#[derive(Debug, Clone)]
pub struct Tally {
    zone: TimeZone,
    cells: BTreeMap<Key, Sums>,
    hours: BTreeMap<Timestamp, Counts>,
    rest: Figures,
}

impl Tally {
    /// Nothing yet; hours are those of this time zone.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, cells: BTreeMap::new(), hours: BTreeMap::new(), rest: Figures::default() }
    }

    /// Counts an attempt: as it stood at the last close (none for one opened since), and as it stands now.
    pub fn attempt(&mut self, before: Option<&Attempt>, now: &Attempt) {
        let was = before.and_then(|before| Recorded::of(before.state.outcome()));
        let is = Recorded::of(now.state.outcome());
        if was != is {
            if was == Some(Recorded::Approved) {
                let amount = before.and_then(Attempt::charged);
                self.add(now, amount, |sums| &mut sums.withdrawn);
            }
            if let Some(is) = is {
                self.outcome(now, is);
            }
            match (was, is) {
                (Some(was), is) => self.rest.corrected.push(Corrected { line: line_of(now), was, is }),
                (None, Some(outcome)) if before.is_some() => {
                    self.rest.late.push(Late { line: line_of(now), outcome });
                }
                (None, Some(_) | None) => {}
            }
        }
        let became_unknown = before.is_none_or(|before| before.state.outcome() != Some(Outcome::Unknown));
        if now.state.outcome() == Some(Outcome::Unknown) && became_unknown {
            let hour = self.at(now.outcome_since);
            hour.unknown = hour.unknown.saturating_add(1);
        }
        if let Some(standing) = standing_of(now) {
            self.rest.open.push((standing, line_of(now)));
        }
    }

    /// Counts a reversal in the same way; `of` is the attempt whose money goes back, where it can be read.
    pub fn reversal(&mut self, before: Option<&Reversal>, now: &Reversal, of: Option<&Attempt>) {
        let was = before.and_then(|before| Recorded::of_reversal(&before.state));
        let is = Recorded::of_reversal(&now.state);
        let line = || line_of_reversal(now, of);
        if was != is {
            if is == Some(Recorded::Reversed) {
                self.add_reversal(now, of, |sums| &mut sums.reversed);
                let hour = self.at(now.since);
                hour.reversed = hour.reversed.saturating_add(1);
            }
            match (was, is) {
                (Some(was), is) => self.rest.corrected.push(Corrected { line: line(), was, is }),
                (None, Some(outcome)) if before.is_some() => self.rest.late.push(Late { line: line(), outcome }),
                (None, Some(_) | None) => {}
            }
            if was == Some(Recorded::Reversed) {
                self.add_reversal(now, of, |sums| &mut sums.reinstated);
            }
        }
        if let Some(standing) = standing_of_reversal(now) {
            self.rest.open.push((standing, line()));
        }
    }

    /// What was counted.
    #[must_use]
    pub fn end(self) -> Figures {
        let Self { zone: _, cells, hours, rest: mut figures } = self;
        figures.cells = cells
            .into_iter()
            .map(|(key, sums)| {
                let Key { account, account_name, gateway, currency, operator, plan } = key;
                Cell { account, account_name, gateway, currency, operator, plan, sums }
            })
            .collect();
        let skipped = hours.len().saturating_sub(HOURS_MOST);
        figures.hours = hours.into_iter().skip(skipped).map(|(start, counts)| Hour { start, counts }).collect();
        figures.open.sort_by_key(|(standing, line)| (*standing, line.opened, line.about));
        figures.late.sort_by_key(|late| (late.line.opened, late.line.about));
        figures.corrected.sort_by_key(|corrected| (corrected.line.opened, corrected.line.about));
        figures
    }

    fn outcome(&mut self, now: &Attempt, is: Recorded) {
        let amount = now.charged();
        let hour = self.at(now.outcome_since);
        let (place, sum): (&mut u32, fn(&mut Sums) -> &mut Sum) = match is {
            Recorded::Approved => (&mut hour.approved, |sums| &mut sums.approved),
            Recorded::Declined => (&mut hour.declined, |sums| &mut sums.declined),
            Recorded::Refused => (&mut hour.refused, |sums| &mut sums.refused),
            Recorded::NotSent => (&mut hour.not_sent, |sums| &mut sums.not_sent),
            // Never of an attempt.
            Recorded::Reversed | Recorded::NotReversed => return,
        };
        *place = place.saturating_add(1);
        self.add(now, amount, sum);
    }

    /// The hour of a moment at which something was recorded.
    fn at(&mut self, moment: Timestamp) -> &mut Counts {
        let figures = &mut self.rest;
        figures.first = Some(figures.first.map_or(moment, |first| first.min(moment)));
        figures.last = Some(figures.last.map_or(moment, |last| last.max(moment)));
        self.hours.entry(hour_of(moment, &self.zone)).or_default()
    }

    fn add(&mut self, of: &Attempt, amount: Option<Money>, place: fn(&mut Sums) -> &mut Sum) {
        let key = key(&of.intent.account, amount, of.intent.operator, plan_of(of));
        let sum = place(self.cells.entry(key).or_default());
        *sum = sum.plus(amount.map_or(0, |amount| amount.minor()));
    }

    fn add_reversal(&mut self, reversal: &Reversal, of: Option<&Attempt>, place: fn(&mut Sums) -> &mut Sum) {
        let intent = &reversal.intent;
        let plan = of.map_or(Plan::NotKnown, plan_of);
        let key = key(&intent.account, Some(intent.amount), Some(intent.word.operator), plan);
        let sum = place(self.cells.entry(key).or_default());
        *sum = sum.plus(intent.amount.minor());
    }
}

fn key(account: &AccountRef, amount: Option<Money>, operator: Option<OperatorId>, plan: Plan) -> Key {
    Key {
        account: account.id.clone(),
        account_name: account.name.clone(),
        gateway: account.gateway,
        currency: amount.map(|amount| amount.currency()),
        operator,
        plan,
    }
}

fn plan_of(attempt: &Attempt) -> Plan {
    match &attempt.intent.means {
        Means::Card(card) => Plan::Installments(card.plan.option.installments),
        Means::CreditLimit => Plan::CreditLimit,
    }
}

/// What an attempt pays for, as it is listed: the order's id or the desk's reference.
#[must_use]
pub fn subject_of(attempt: &Attempt) -> String {
    match &attempt.intent.subject {
        Subject::Order(order) => order.to_string(),
        Subject::Reference { reference, .. } => reference.to_string(),
    }
}

fn line_of(attempt: &Attempt) -> Listed {
    Listed {
        opened: attempt.opened,
        about: About::Attempt(attempt.intent.attempt),
        payment: attempt.intent.payment,
        account: attempt.intent.account.name.clone(),
        subject: Some(subject_of(attempt)),
        amount: attempt.charged(),
        last_four: attempt.intent.card().map(|card| card.last_four),
        since: if attempt.state.outcome().is_some() { attempt.outcome_since } else { attempt.since },
    }
}

fn line_of_reversal(reversal: &Reversal, of: Option<&Attempt>) -> Listed {
    let intent = &reversal.intent;
    Listed {
        opened: reversal.opened,
        about: About::Reversal { reversal: intent.reversal, kind: intent.kind, attempt: intent.attempt },
        payment: intent.payment,
        account: intent.account.name.clone(),
        subject: of.map(subject_of),
        amount: Some(intent.amount),
        last_four: of.and_then(|of| of.intent.card().map(|card| card.last_four)),
        since: reversal.since,
    }
}

/// Why an attempt is listed: what weighs most counts, and it is listed once.
fn standing_of(attempt: &Attempt) -> Option<Standing> {
    if attempt.contradiction.is_some() {
        return Some(Standing::Contradicted);
    }
    match attempt.state.outcome() {
        None => Some(Standing::InProgress),
        Some(Outcome::Unknown) if attempt.state.is_set_aside() => Some(Standing::SetAside),
        Some(Outcome::Unknown) => Some(Standing::Unknown),
        Some(Outcome::Approved | Outcome::Declined | Outcome::Refused | Outcome::NotSent) => {
            (!attempt.alarms.is_empty()).then_some(Standing::Alarmed)
        }
    }
}

fn standing_of_reversal(reversal: &Reversal) -> Option<Standing> {
    match &reversal.state {
        reversal::State::Unknown { .. } => Some(Standing::Unknown),
        reversal::State::Ready | reversal::State::Sending(_) | reversal::State::Reauthorising => {
            Some(Standing::InProgress)
        }
        reversal::State::Done { .. }
        | reversal::State::Refused(_)
        | reversal::State::NotDone { .. }
        | reversal::State::NotSent { .. } => (!reversal.alarms.is_empty()).then_some(Standing::Alarmed),
    }
}
