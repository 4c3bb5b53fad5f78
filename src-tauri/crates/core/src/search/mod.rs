//! What is looked for among all payments: a query, read from one line as people write it, and what it means.
//!
//! `ayşe 545,00 declined today` is four conditions, and all must hold. A word is found where a word of the payment begins with
//! it, whatever case, accents, dots and hyphens either is written with. A pasted link or id names one payment, and then
//! nothing else counts.

mod day;
mod figure;
mod fits;
mod line;
mod link;
mod word;

pub use day::Today;
pub use figure::{Figure, figures};
pub use fits::{Searched, tails};
pub use link::{Named, link, named};
pub use word::{STARTS_MOST, key, starts};

use crate::attempt::Outcome;
use crate::ids::{AccountId, OperatorId};
use crate::money::Currency;
use crate::time::Timestamp;

/// The most conditions that a line gives; what comes after them is left out.
pub const WANTED_MOST: usize = 12;

/// From how many characters on a number that a machine made up is found by its beginning: shorter ones are in every tenth.
pub const NUMBER_FROM: usize = 4;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// One payment, attempt or reversal by its id.
    Named(Named),
    /// Every attempt for which all of this holds; all attempts where there is nothing.
    All(Vec<Wanted>),
}

impl Query {
    /// Every attempt.
    #[must_use]
    pub const fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// The same with one condition more. What names one payment stays as it is.
    #[must_use]
    pub fn and(mut self, wanted: Wanted) -> Self {
        if let Self::All(all) = &mut self
            && !all.contains(&wanted)
        {
            all.push(wanted);
        }
        self
    }

    /// The conditions; none for what names one payment.
    #[must_use]
    pub fn conditions(&self) -> &[Wanted] {
        match self {
            Self::Named(_) => &[],
            Self::All(all) => all,
        }
    }
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A word that something of it begins with, or an amount.
    Word(Word),
    /// Words without a letter or digit: nothing begins with them.
    Nothing,
    /// The card's last four digits.
    LastFour(String),
    /// Its outcome.
    Outcome(Outcome),
    /// Its merchant account.
    Account(AccountId),
    /// Who sat at the desk.
    Operator(OperatorId),
    /// How it was to be paid.
    Plan(PlanWanted),
    /// Opened at `from` or later, and before `until`.
    Opened {
        /// The first moment; none for any.
        from: Option<Timestamp>,
        /// The moment after the last; none for any.
        until: Option<Timestamp>,
    },
}

/// A word, and what it may mean beside a beginning of something. One meaning is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its letters and digits, folded; none for what can only be an amount.
    pub key: Option<String>,
    /// The amounts that it may be.
    pub figures: Vec<Figure>,
    /// The currency that it names.
    pub currency: Option<Currency>,
    /// The outcome whose word it begins.
    pub outcome: Option<Outcome>,
}

/// How a payment was to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanWanted {
    /// By card in so many installments, 1 for all at once.
    Installments(u8),
    /// From the agency's credit limit.
    CreditLimit,
}

#[cfg(test)]
mod tests;
