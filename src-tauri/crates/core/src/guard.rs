//! The duplicate guard (`RULES.md` 6): may this be paid, given what stands in the journal?

use serde::{Deserialize, Serialize};

use crate::attempt::{Alarm, Attempt, Intent, Outcome, Subject};
use crate::card::CardSummary;
use crate::ids::{AttemptId, OperatorId, PaymentId};
use crate::money::Money;
use crate::reference::Part;
use crate::time::{Millis, Timestamp};

/// The key on which at most one attempt may be open or unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GuardKey(String);

impl GuardKey {
    /// The key of an attempt: gateway host and order, or the folded reference over all accounts.
    #[must_use]
    pub fn of(subject: &Subject, host: &str) -> Self {
        match subject {
            Subject::Order(order) => Self(format!("order:{}:{}", host.to_ascii_lowercase(), order.as_str())),
            Subject::Reference { reference, .. } => Self(format!("reference:{}", reference.key().as_str())),
        }
    }

    /// The key as text, for the journal's index.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Intent {
    /// The attempt's guard key.
    #[must_use]
    pub fn guard_key(&self) -> GuardKey {
        GuardKey::of(&self.subject, &self.account.endpoint.host)
    }
}

/// An earlier attempt, as far as the guard and the person before it need to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// Its id.
    pub attempt: AttemptId,
    /// The payment it belongs to.
    pub payment: PaymentId,
    /// Who sat at the desk.
    pub operator: Option<OperatorId>,
    /// When it was opened.
    pub opened: Timestamp,
    /// Since when it stands where it stands.
    pub since: Timestamp,
    /// Its state's word.
    pub state: String,
    /// Its outcome, if there is one.
    pub outcome: Option<Outcome>,
    /// Whether it blocks its key.
    pub blocks: bool,
    /// Whether it is set aside.
    pub set_aside: bool,
    /// Whether its final outcome is contradicted, or the order is paid and nobody can say by which card.
    pub contradicted: bool,
    /// The part of the reference that it paid.
    pub part: Option<Part>,
    /// What was owed.
    pub base: Option<Money>,
    /// What was charged or would have been.
    pub total: Option<Money>,
    /// What of it went back, surely.
    pub returned: Option<Money>,
    /// Its card.
    pub card: Option<CardSummary>,
    /// Whether an override naming it has been used already: an override is for one use.
    pub override_used: bool,
}

impl Earlier {
    /// The guard's view of an attempt.
    #[must_use]
    pub fn of(attempt: &Attempt, returned: Option<Money>, override_used: bool) -> Self {
        Self {
            attempt: attempt.intent.attempt,
            payment: attempt.intent.payment,
            operator: attempt.intent.operator,
            opened: attempt.opened,
            since: attempt.since,
            state: attempt.state.word().to_owned(),
            outcome: attempt.state.outcome(),
            blocks: attempt.state.blocks(),
            set_aside: attempt.state.is_set_aside(),
            contradicted: is_contradicted(attempt),
            part: attempt.intent.subject.part(),
            base: attempt.intent.base,
            total: attempt.charged(),
            returned,
            card: attempt.intent.card().cloned(),
            override_used,
        }
    }

    fn wholly_returned(&self) -> bool {
        self.total.is_some() && self.returned == self.total
    }
}

/// What the journal knows that could speak against a payment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Attempts on the same key, oldest first.
    pub same_key: Vec<Earlier>,
    /// Unknown attempts, and recently approved ones, with the same card digits.
    pub same_card: Vec<Earlier>,
    /// How many attempts are open (not yet with any outcome) at this desk.
    pub open: usize,
}

/// What is asked of the guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question<'a> {
    /// The card it would be paid with; none for the credit limit.
    pub card: Option<&'a CardSummary>,
    /// The part declared, if any.
    pub part: Option<Part>,
    /// What is owed.
    pub base: Option<Money>,
    /// The one earlier attempt that a supervisor allows this beside.
    pub overrides: Option<AttemptId>,
    /// Whether the cashier has already said yes to an approved twin.
    pub twin_confirmed: bool,
    /// How long an approved twin asks.
    pub window: Millis,
    /// The time.
    pub now: Timestamp,
}

impl Question<'_> {
    /// Whether the override names this very attempt and has not been used: one named attempt, one use.
    fn overridden(&self, earlier: &Earlier) -> bool {
        self.overrides == Some(earlier.attempt) && !earlier.override_used
    }
}

/// Why the guard says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// An attempt on this order or reference is open or unknown; nothing but its outcome releases it.
    OpenOrUnknown(Box<Earlier>),
    /// An attempt on this order or reference is contradicted; a supervisor's counter-entry releases it.
    Contradicted(Box<Earlier>),
    /// This order or reference is paid; a supervisor's override, or declaring a further part, releases it.
    AlreadyPaid {
        /// The approved attempt.
        earlier: Box<Earlier>,
        /// What is paid so far, less what went back.
        paid: Option<Money>,
    },
    /// An unknown attempt with this card and amount; a supervisor's override naming it releases it.
    SameCardUnknown(Box<Earlier>),
    /// A set-aside attempt was with this very card.
    SetAsideSameCard(Box<Earlier>),
    /// The same card paid the same amount a moment ago; the cashier is asked.
    Twin(Box<Earlier>),
    /// As many attempts are open as a desk can watch.
    TooManyOpen {
        /// How many.
        open: usize,
    },
}

impl Block {
    /// The earlier attempt that is shown.
    #[must_use]
    pub const fn earlier(&self) -> Option<&Earlier> {
        match self {
            Self::OpenOrUnknown(earlier)
            | Self::Contradicted(earlier)
            | Self::AlreadyPaid { earlier, .. }
            | Self::SameCardUnknown(earlier)
            | Self::SetAsideSameCard(earlier)
            | Self::Twin(earlier) => Some(earlier),
            Self::TooManyOpen { .. } => None,
        }
    }

    /// Whether a supervisor's override naming the attempt releases it.
    #[must_use]
    pub const fn can_be_overridden(&self) -> bool {
        match self {
            Self::AlreadyPaid { .. } | Self::SameCardUnknown(_) | Self::SetAsideSameCard(_) => true,
            Self::OpenOrUnknown(_) | Self::Contradicted(_) | Self::Twin(_) | Self::TooManyOpen { .. } => false,
        }
    }
}

/// Asks the guard.
///
/// # Errors
/// The first [`Block`] that stands, the hardest first.
pub fn ask(neighbours: &Neighbours, question: &Question<'_>) -> Result<(), Block> {
    if neighbours.open >= crate::limits::OPEN_ATTEMPTS {
        return Err(Block::TooManyOpen { open: neighbours.open });
    }
    for earlier in &neighbours.same_key {
        if earlier.blocks {
            return Err(Block::OpenOrUnknown(Box::new(earlier.clone())));
        }
        if earlier.contradicted {
            return Err(Block::Contradicted(Box::new(earlier.clone())));
        }
        if earlier.set_aside && same_card(earlier, question.card) && !question.overridden(earlier) {
            return Err(Block::SetAsideSameCard(Box::new(earlier.clone())));
        }
    }
    already_paid(neighbours, question)?;
    for earlier in neighbours.same_card.iter().filter(|earlier| same_card(earlier, question.card)) {
        let same_amount = earlier.base.is_some() && earlier.base == question.base;
        let unknown = earlier.outcome == Some(Outcome::Unknown);
        if unknown && same_amount && !question.overridden(earlier) {
            return Err(Block::SameCardUnknown(Box::new(earlier.clone())));
        }
        let recent = question.now.since(earlier.since) <= question.window;
        let approved = earlier.outcome == Some(Outcome::Approved);
        if approved && same_amount && recent && !question.twin_confirmed && !question.overridden(earlier) {
            return Err(Block::Twin(Box::new(earlier.clone())));
        }
    }
    Ok(())
}

/// Whether an attempt stands in the way of every other one on its order or reference until a person has answered for it: its final
/// outcome is contradicted, or the order is paid and nobody can say by which card.
#[must_use]
pub fn is_contradicted(attempt: &Attempt) -> bool {
    attempt.contradiction.is_some() || attempt.alarms.contains(&Alarm::PaidByUnknownCard)
}

/// Whether paying this part pays again what has been paid as that one. A further part is a part that has not been paid yet; without
/// a declared part, nothing may be paid twice.
#[must_use]
pub fn pays_again(part: Option<Part>, paid: Option<Part>) -> bool {
    part.is_none() || part == paid
}

fn already_paid(neighbours: &Neighbours, question: &Question<'_>) -> Result<(), Block> {
    let approved = || {
        neighbours
            .same_key
            .iter()
            .filter(|earlier| earlier.outcome == Some(Outcome::Approved) && !earlier.wholly_returned())
    };
    let clash = approved().rfind(|earlier| pays_again(question.part, earlier.part));
    let Some(earlier) = clash else { return Ok(()) };
    if question.overridden(earlier) {
        return Ok(());
    }
    Err(Block::AlreadyPaid { earlier: Box::new(earlier.clone()), paid: sum_paid(approved()) })
}

/// What is paid so far on a key, less what went back; `None` when an amount is missing or currencies differ.
pub fn sum_paid<'a>(approved: impl Iterator<Item = &'a Earlier>) -> Option<Money> {
    let mut sum: Option<Money> = None;
    for earlier in approved {
        let total = earlier.total?;
        let kept = match earlier.returned {
            Some(returned) => total.checked_sub(returned)?,
            None => total,
        };
        sum = Some(match sum {
            Some(sum) => sum.checked_add(kept)?,
            None => kept,
        });
    }
    sum
}

fn same_card(earlier: &Earlier, card: Option<&CardSummary>) -> bool {
    match (&earlier.card, card) {
        (Some(before), Some(card)) => {
            before.bin.first_six() == card.bin.first_six() && before.last_four == card.last_four
        }
        (None, _) | (_, None) => false,
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
