//! From what the till and the journal say to what crosses to the window, and back. Nothing is decided here.

mod attempt;
mod cards;
mod close;
#[cfg(test)]
mod code_tests;
mod fault;
mod guard;
mod history;
mod input;
mod lines;
mod options;
mod papers;
mod returns;
mod stop;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use vezne_core::evidence::SupervisorWord;
use vezne_core::ids::OperatorId;
use vezne_core::money::Money;
use vezne_core::record::Operator;

use super::{Code, MoneyView};

pub(crate) use history::{notes, query, understood};
pub(crate) use input::{authority, money, operator};
pub(crate) use lines::lines;
pub(crate) use options::choice_code;
pub(crate) use returns::{confirmed, seen, size};

/// Operators' names by their ids: the till and the journal speak of ids.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<OperatorId, String>);

impl Names {
    /// The names of these operators.
    #[must_use]
    pub fn of(operators: &[Operator]) -> Self {
        Self(operators.iter().map(|operator| (operator.id, operator.name.to_string())).collect())
    }

    /// An operator's name; the id where the name is not known.
    #[must_use]
    pub fn name(&self, operator: OperatorId) -> String {
        self.0.get(&operator).cloned().unwrap_or_else(|| operator.to_string())
    }

    /// The same for an id in its written form, as lists hold it.
    #[must_use]
    pub fn name_of(&self, operator: &str) -> String {
        operator.parse().map_or_else(|_| operator.to_owned(), |id| self.name(id))
    }

    /// Who agreed, why, and what they saw.
    fn word(&self, word: &SupervisorWord) -> String {
        let name = self.name(word.operator);
        match &word.saw {
            Some(saw) => format!("{name}: {} ({saw})", word.reason),
            None => format!("{name}: {}", word.reason),
        }
    }
}

impl From<Money> for MoneyView {
    fn from(money: Money) -> Self {
        Self { amount: money.amount_text(), currency: money.currency().code().to_owned() }
    }
}

impl From<&vezne_till::MoneyView> for MoneyView {
    fn from(money: &vezne_till::MoneyView) -> Self {
        Self { amount: money.amount.clone(), currency: money.currency.to_owned() }
    }
}

impl Code {
    /// The code of one of the till's words. A test holds that the till has no word without a code.
    pub(crate) fn of_till(word: &str) -> Self {
        Self::of_word(word).unwrap_or_else(|| {
            tracing::error!(word, "the till has a reason without a code");
            Self::Internal
        })
    }
}
