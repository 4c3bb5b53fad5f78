//! One attempt to take a payment, as a pure machine: *state × event → entries to write down, effects to carry out*.
//!
//! [`step`] decides; [`Attempt::apply`] folds what it wrote. The attempt in memory is always the fold of its entries, so
//! that a restart knows exactly what the desk knew.

mod due;
mod entry;
mod event;
mod finals;
mod page;
mod settle;
mod state;
mod step;
#[cfg(test)]
pub(crate) mod table;
mod without_query;

pub use due::next_due;
pub use entry::{Entry, FoldError};
pub use event::{Effect, Event, PageEnd, Preparation, Refusal, ReturnFields, ReturnHint};
pub use state::{
    Alarm, Contradiction, CounterOutcome, Heard, NotSent, Outcome, Refused, Round, SetAsideBy, State, Unknown,
    UnknownCause, VezneRefusal,
};
pub use step::{Step, step};

use serde::{Deserialize, Serialize};

use crate::account::{AccountRef, PagePlace, StatusQuery, Terms};
use crate::answers::{Probe, SecureUse};
use crate::asking::Asked;
use crate::card::CardSummary;
use crate::evidence::Claim;
use crate::ids::{AttemptId, AttemptReference, NameId, OperatorId, PaymentId};
use crate::limits;
use crate::money::Money;
use crate::options::Plan;
use crate::order::OrderId;
use crate::reference::{Part, Reference};
use crate::status::{Baseline, Reading};
use crate::text::ForeignText;
use crate::time::Timestamp;

/// What is paid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An order of Yolcu360.
    Order(OrderId),
    /// The desk's own booking number, at Finrota; possibly one declared part of it.
    Reference {
        /// The booking number.
        reference: Reference,
        /// Which part of it, where it is paid in parts.
        part: Option<Part>,
    },
}

impl Subject {
    /// The part of a reference that was declared, if any; an order has none.
    #[must_use]
    pub const fn part(&self) -> Option<Part> {
        match self {
            Self::Reference { part, .. } => *part,
            Self::Order(_) => None,
        }
    }
}

/// What it is paid with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// A card; only what may be kept of it.
    Card(Box<CardMeans>),
    /// The agency's credit limit.
    CreditLimit,
}

/// A card payment; only what may be kept of the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardMeans {
    /// Brand, BIN, last four.
    pub card: CardSummary,
    /// Where the holder's name stands in the side table.
    pub holder: Option<NameId>,
    /// The chosen plan.
    pub plan: Plan,
    /// What was decided about 3-D Secure.
    pub three_ds: ThreeDs,
}

/// What was decided about 3-D Secure before sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThreeDs {
    /// Asked for.
    Asked,
    /// The gateway insists, although a supervisor had turned it off.
    Forced,
    /// Turned off by a supervisor.
    NotAsked,
}

/// What an attempt is about; fixed when it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The payment it belongs to.
    pub payment: PaymentId,
    /// Its id.
    pub attempt: AttemptId,
    /// What the gateway knows it by.
    pub reference: AttemptReference,
    /// The merchant account.
    pub account: AccountRef,
    /// What is paid for.
    pub subject: Subject,
    /// What is owed; `None` where an order carries no amount that we can read.
    pub base: Option<Money>,
    /// What it is paid with.
    pub means: Means,
    /// The terms it runs under.
    pub terms: Terms,
    /// Who sat at the desk.
    pub operator: Option<OperatorId>,
    /// The attempt that a supervisor allowed this one beside (override), if any.
    pub overrides: Option<AttemptId>,
    /// The attempt that was set aside for this one, if any.
    pub follows: Option<AttemptId>,
    /// Whether an earlier attempt on this order was declined so shortly before that the order may not have shown it yet, as
    /// far as any clock could tell when this one was opened. Told then and kept: a clock can be set, and a restart forgets
    /// that it was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub behind_decline: bool,
}

impl Intent {
    /// What is charged: the plan's total, or the order's amount.
    #[must_use]
    pub fn total(&self) -> Option<Money> {
        match &self.means {
            Means::Card(means) => Some(means.plan.option.total),
            Means::CreditLimit => self.base,
        }
    }

    /// The card, if one is used.
    #[must_use]
    pub const fn card(&self) -> Option<&CardSummary> {
        match &self.means {
            Means::Card(means) => Some(&means.card),
            Means::CreditLimit => None,
        }
    }

    /// Whether 3-D Secure was asked for.
    #[must_use]
    pub const fn wants_3ds(&self) -> bool {
        match &self.means {
            Means::Card(means) => match means.three_ds {
                ThreeDs::Asked | ThreeDs::Forced => true,
                ThreeDs::NotAsked => false,
            },
            Means::CreditLimit => false,
        }
    }
}

/// The bank's page of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// There was none.
    None,
    /// It is, or may be, before the customer.
    Open {
        /// Since when.
        since: Timestamp,
    },
    /// It is gone.
    Gone {
        /// Since when.
        since: Timestamp,
    },
}

/// What is known of the returns from the bank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Returns {
    /// How many came.
    pub count: usize,
    /// When the last one came.
    pub last: Option<Timestamp>,
    /// When one last could cause a question: at most one in two seconds does.
    pub question: Option<Timestamp>,
    /// The newest explicit claim and when it first came.
    pub claim: Option<(Claim, Timestamp)>,
    /// What the newest return that was the window's own page gave as its error: words to show, and no evidence.
    pub error: Option<ForeignText>,
    /// Whether a claim against a final outcome has already caused its one question.
    pub contrary_asked: bool,
}

/// What is known of the questions asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// How many were asked.
    pub asked: u32,
    /// When the last one was asked.
    pub last: Option<Timestamp>,
    /// Those asked in the state in which it stands.
    pub here: Asked,
    /// When the last few answered ones were asked, oldest first; at most eight.
    pub answered: Vec<Timestamp>,
    /// What the last one told.
    pub reading: Option<Reading>,
    /// The second sign: when `installment-info` was last asked, and what it said.
    pub probe: Option<(Probe, Timestamp)>,
    /// When probes found the order still open.
    pub still_open: Vec<Timestamp>,
}

/// An attempt: what it is about, and what became of it so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// What it is about.
    pub intent: Intent,
    /// When it was opened.
    pub opened: Timestamp,
    /// Where it stands.
    pub state: State,
    /// Since when it stands there.
    pub since: Timestamp,
    /// Since when its outcome is what it is; of one that has none yet, since when it has none. A confirmation, and a word that
    /// says the same again, move `since` and not this: what is told of an outcome keeps its time.
    pub outcome_since: Timestamp,
    /// When its (last) payment request was handed to the network.
    pub sent: Option<Timestamp>,
    /// What stood at the gateway before.
    pub baseline: Option<Baseline>,
    /// What the pay answer said.
    pub heard: Option<Heard>,
    /// The bank's page.
    pub page: Page,
    /// Whether the bank's page has left its window for the system's browser.
    pub moved: bool,
    /// Returns from the bank.
    pub returns: Returns,
    /// Questions to the gateway.
    pub asking: Asking,
    /// The mark beside a final outcome that something contradicts.
    pub contradiction: Option<Contradiction>,
    /// The contradiction that the last counter-entry answered: the same word again is no news.
    pub answered: Option<Contradiction>,
    /// Alarms raised and not yet answered by a counter-entry or a supervisor's word.
    pub alarms: Vec<Alarm>,
}

impl Attempt {
    /// What is or was charged: the plan's total or the amount shown, else the order's price as the baseline told it.
    #[must_use]
    pub fn charged(&self) -> Option<Money> {
        self.intent.total().or(match &self.baseline {
            Some(Baseline::Order(facts)) => facts.price.money(),
            Some(Baseline::InstallmentInfo | Baseline::Remaining(_)) | None => None,
        })
    }

    /// Where the bank's page is, or would be, shown.
    #[must_use]
    pub const fn place(&self) -> PagePlace {
        if self.moved { PagePlace::Browser } else { self.intent.terms.page }
    }

    /// Whether the bank's page is certainly gone at `now` (`RULES.md` 3).
    #[must_use]
    pub fn page_is_gone(&self, now: Timestamp) -> bool {
        match self.page {
            Page::None | Page::Gone { .. } => true,
            Page::Open { since } => match self.place() {
                PagePlace::Window => false,
                PagePlace::Browser => now >= since.after(self.intent.terms.challenge),
            },
        }
    }

    /// Since when no more can come from the customer's side: the page was gone, or the pay deadline has passed.
    #[must_use]
    pub fn quiet_since(&self, now: Timestamp) -> Option<Timestamp> {
        match self.page {
            Page::Gone { since } => Some(since),
            Page::None => Some(self.sent.unwrap_or(self.opened).after(self.intent.terms.pay_deadline)),
            Page::Open { since } => self.page_is_gone(now).then_some(since.after(self.intent.terms.challenge)),
        }
    }

    /// Whether the gateway can be asked about it at all.
    #[must_use]
    pub const fn can_be_asked(&self) -> bool {
        match self.intent.terms.status_query {
            StatusQuery::On => true,
            StatusQuery::Off => false,
        }
    }

    /// Whether the last question showed that it can't be asked.
    #[must_use]
    pub const fn found_unaskable(&self) -> bool {
        match &self.asking.reading {
            Some(Reading::CannotBeAsked(_)) => true,
            Some(
                Reading::Paid(_)
                | Reading::PaidPartlyReturned(_)
                | Reading::NotPaid(_)
                | Reading::Pending(_)
                | Reading::NoTrace
                | Reading::CouldNotAsk(_)
                | Reading::Mismatch { .. }
                | Reading::Attention(_)
                | Reading::PaidByUnknownCard(_)
                | Reading::OwnReversal(_),
            )
            | None => false,
        }
    }

    /// What this attempt's own pay answer or explicit return claimed, the answer first.
    #[must_use]
    pub fn own_claim(&self) -> Option<Claim> {
        match &self.heard {
            Some(Heard::Success(_)) => Some(Claim::Success),
            Some(Heard::Failure(_)) => Some(Claim::Failure),
            Some(Heard::Nothing) | None => self.returns.claim.map(|(claim, _)| claim),
        }
    }

    /// Whether the gateway did without the 3-D Secure that was asked for.
    #[must_use]
    pub fn did_without_3ds(&self) -> bool {
        let answered = match &self.heard {
            Some(Heard::Success(success)) => match success.secure {
                SecureUse::Without => true,
                SecureUse::Used => false,
                SecureUse::NotSaid => self.page == Page::None,
            },
            Some(Heard::Failure(_) | Heard::Nothing) | None => false,
        };
        self.intent.wants_3ds() && answered
    }

    /// From when on a supervisor may settle it together with others, with one PIN (`RULES.md` 2 and 3): at once where only
    /// the bank's page said anything and nobody can confirm it, else when it has been unknown for long. `None` where it is
    /// not unknown.
    #[must_use]
    pub fn listed_from(&self) -> Option<Timestamp> {
        let cause = match &self.state {
            State::Unknown(unknown) => &unknown.cause,
            State::SetAside(aside) => &aside.cause,
            State::Ready
            | State::Sending(_)
            | State::Reauthorising
            | State::AtBank
            | State::Confirming(_)
            | State::Approved { .. }
            | State::Declined { .. }
            | State::Refused(_)
            | State::NotSent(_) => return None,
        };
        let only_return = matches!(cause, UnknownCause::OnlyReturn(_));
        Some(if only_return { self.since } else { self.since.after(limits::LISTED) })
    }

    /// Whether the attempt stands in Needs attention at `now` (`RULES.md` 3).
    #[must_use]
    pub fn needs_attention(&self, now: Timestamp) -> bool {
        if self.contradiction.is_some() || !self.alarms.is_empty() {
            return true;
        }
        let aged = now.since(self.since) > limits::UNCONFIRMED_ATTENTION;
        self.state.outcome() == Some(Outcome::Unknown) || (self.state.is_unconfirmed() && aged)
    }
}

#[cfg(test)]
pub(crate) mod tests;
