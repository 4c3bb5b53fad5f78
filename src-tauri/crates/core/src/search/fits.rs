//! What a condition means, said over one attempt: what an index finds is held against this.

use super::{NUMBER_FROM, PlanWanted, Query, Wanted, Word, key, starts};
use crate::attempt::Outcome;
use crate::ids::{AccountId, OperatorId};
use crate::money::Money;
use crate::time::Timestamp;

/// What of an attempt is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    /// Its order id or reference.
    pub subject: String,
    /// Texts of which every word counts: the account's name, the gateway's word, the card's brand, and the names of the
    /// card's holder and of the operator.
    pub texts: Vec<String>,
    /// Numbers that machines made up: the attempt reference, the gateway's own, the card's first digits.
    pub numbers: Vec<String>,
    /// The card's last four digits.
    pub last_four: Option<String>,
    /// What is owed and what is charged.
    pub amounts: Vec<Money>,
    /// The outcome, if there is one.
    pub outcome: Option<Outcome>,
    /// The merchant account.
    pub account: AccountId,
    /// Who sat at the desk.
    pub operator: Option<OperatorId>,
    /// How it was to be paid.
    pub plan: PlanWanted,
    /// When it was opened.
    pub opened: Timestamp,
}

/// The last four, five and six digits of an order or reference that ends in more than those: what people read out.
#[must_use]
pub fn tails(subject: &str) -> Vec<String> {
    let key = key(subject);
    let chars: Vec<char> = key.chars().collect();
    let digits = chars.iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let tail = |count: usize| chars.iter().skip(chars.len().saturating_sub(count)).collect::<String>();
    [4, 5, 6].into_iter().filter(|count| *count < chars.len() && *count <= digits).map(tail).collect()
}

impl Searched {
    /// Whether all conditions hold. What is named by an id is not asked here.
    #[must_use]
    pub fn fits(&self, query: &Query) -> bool {
        query.conditions().iter().all(|wanted| self.has(wanted))
    }

    fn has(&self, wanted: &Wanted) -> bool {
        match wanted {
            Wanted::Word(word) => self.has_word(word),
            Wanted::Nothing => false,
            Wanted::LastFour(digits) => self.last_four.as_ref() == Some(digits),
            Wanted::Outcome(outcome) => self.outcome == Some(*outcome),
            Wanted::Account(account) => self.account == *account,
            Wanted::Operator(operator) => self.operator == Some(*operator),
            Wanted::Plan(plan) => self.plan == *plan,
            Wanted::Opened { from, until } => {
                from.is_none_or(|from| self.opened >= from) && until.is_none_or(|until| self.opened < until)
            }
        }
    }

    fn has_word(&self, word: &Word) -> bool {
        let Word { key: text, figures, currency, outcome } = word;
        text.as_deref().is_some_and(|text| self.has_text(text))
            || figures.iter().any(|figure| self.amounts.iter().any(|amount| figure.fits(amount)))
            || currency.is_some_and(|currency| self.amounts.iter().any(|amount| amount.currency() == currency))
            || (outcome.is_some() && self.outcome == *outcome)
    }

    fn has_text(&self, text: &str) -> bool {
        let begins = |whole: &String| starts(whole).iter().any(|start| start.starts_with(text));
        begins(&self.subject)
            || self.texts.iter().any(begins)
            || tails(&self.subject).iter().any(|tail| tail == text)
            || self.last_four.as_deref() == Some(text)
            || (text.chars().count() >= NUMBER_FROM && self.numbers.iter().any(|number| key(number).starts_with(text)))
    }
}
