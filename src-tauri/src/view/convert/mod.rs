//! From what the till and the journal say to what crosses to the window, and back. Nothing is decided here.

mod attempt;
mod cards;
mod fault;
mod guard;
mod history;
mod input;
mod lines;
mod options;
mod stop;

use std::collections::HashMap;

use vezne_core::evidence::SupervisorWord;
use vezne_core::ids::OperatorId;
use vezne_core::money::Money;
use vezne_core::record::Operator;

use super::{Code, MoneyView};

pub(crate) use input::{authority, money, operator};
pub(crate) use lines::lines;
pub(crate) use options::choice_code;

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_codes_have_the_same_word_and_every_word_is_found_again() {
        let words: BTreeSet<&str> = Code::ALL.iter().map(|code| code.word()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| Code::of_word(code.word()) == Some(*code)));
    }

    #[test]
    fn a_code_crosses_as_its_word() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.word());
        }
    }

    /// The till's codes are words in its views: each that stands there has a code here.
    #[test]
    fn every_reason_of_the_till_has_a_code() {
        let sources = [
            include_str!("../../../crates/till/src/view/reason.rs"),
            include_str!("../../../crates/till/src/view/attempt.rs"),
            include_str!("../../../crates/till/src/view/reversal.rs"),
        ];
        let marks = ["ReasonView::code(\"", "ReasonView::with(\"", "code: \"", "=> \""];
        let no_reasons = ["gateway", "vezne", "reversal_answer", "gateway_status", "supervisor"];
        let mut found = 0;
        for line in sources.iter().flat_map(|source| source.lines()) {
            let after = marks.iter().find_map(|mark| line.split_once(mark).map(|(_, rest)| rest));
            let Some((word, _)) = after.and_then(|rest| rest.split_once('"')) else { continue };
            let is_code = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            if is_code && !no_reasons.contains(&word) {
                found += 1;
                assert!(Code::of_word(word).is_some(), "no code for {word:?}");
            }
        }
        assert!(found > 40, "the till's codes are no longer found in its views: {found}");
    }
}
