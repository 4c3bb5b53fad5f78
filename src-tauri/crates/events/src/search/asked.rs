//! The terms that a query asks for.

use std::collections::BTreeMap;

use vezne_core::search::{PlanWanted, Wanted, Word};
use vezne_core::time::Timestamp;

use super::{MARK, PREFIX_CHARS, had, hours};

/// What was looked up for a query beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// For each key, the numbers of the beginnings of names that it is, or that begin with it.
    pub names: BTreeMap<String, Vec<i64>>,
    /// For each key, the operators with a name that begins with it.
    pub operators: BTreeMap<String, Vec<String>>,
    /// The earliest and the latest moment at which an attempt was opened; none where there is none.
    pub span: Option<(Timestamp, Timestamp)>,
}

/// The keys of a query's words, for looking up names.
#[must_use]
pub fn keys_of(wanted: &[Wanted]) -> Vec<String> {
    let key = |wanted: &Wanted| match wanted {
        Wanted::Word(word) => word.key.clone(),
        Wanted::Nothing
        | Wanted::LastFour(_)
        | Wanted::Outcome(_)
        | Wanted::Account(_)
        | Wanted::Operator(_)
        | Wanted::Plan(_)
        | Wanted::Opened { .. } => None,
    };
    wanted.iter().filter_map(key).collect()
}

/// What the index is asked: in the language of SQLite's full-text search. `None` for every attempt.
#[must_use]
pub fn expression(wanted: &[Wanted], looked: &Looked) -> Option<String> {
    let all: Vec<String> = wanted.iter().map(|wanted| any_of(&terms_of(wanted, looked))).collect();
    (!all.is_empty()).then(|| all.join(" AND "))
}

/// A term, whole or as a beginning.
enum Asked {
    Whole(String),
    Beginning(String),
}

fn any_of(terms: &[Asked]) -> String {
    let quoted = |term: &Asked| match term {
        Asked::Whole(term) => format!("\"{term}\""),
        Asked::Beginning(term) => format!("\"{term}\" *"),
    };
    let terms: Vec<String> = terms.iter().map(quoted).collect();
    // Nothing has this term.
    if terms.is_empty() { format!("\"{MARK}x\"") } else { format!("({})", terms.join(" OR ")) }
}

fn terms_of(wanted: &Wanted, looked: &Looked) -> Vec<Asked> {
    let one = |term| vec![Asked::Whole(term)];
    match wanted {
        Wanted::Word(word) => of_word(word, looked),
        Wanted::Nothing => Vec::new(),
        Wanted::LastFour(digits) => one(had::last_four(digits)),
        Wanted::Outcome(outcome) => one(had::outcome(outcome.word())),
        Wanted::Account(account) => one(had::account(account.as_str())),
        Wanted::Operator(operator) => one(had::operator(&operator.to_string())),
        Wanted::Plan(PlanWanted::Installments(count)) => one(had::plan(i64::from(*count))),
        Wanted::Plan(PlanWanted::CreditLimit) => one(had::limit()),
        Wanted::Opened { from, until } => opened(*from, *until, looked),
    }
}

fn of_word(word: &Word, looked: &Looked) -> Vec<Asked> {
    let Word { key, figures, currency, outcome } = word;
    let mut found = Vec::new();
    if let Some(key) = key {
        let is_term = key.chars().count() <= PREFIX_CHARS;
        found.push(if is_term { Asked::Whole(key.clone()) } else { Asked::Beginning(key.clone()) });
        found.extend(looked.names.get(key).into_iter().flatten().map(|number| Asked::Whole(had::name(*number))));
        found.extend(looked.operators.get(key).into_iter().flatten().map(|id| Asked::Whole(had::operator(id))));
    }
    found.extend(figures.iter().map(|figure| Asked::Whole(had::figure(&figure.whole, &figure.fraction))));
    found.extend(currency.map(|currency| Asked::Whole(had::currency(currency))));
    found.extend(outcome.map(|outcome| Asked::Whole(had::outcome(outcome.word()))));
    found
}

/// Open ends go as far as there are attempts.
fn opened(from: Option<Timestamp>, until: Option<Timestamp>, looked: &Looked) -> Vec<Asked> {
    let Some((first, last)) = looked.span else { return Vec::new() };
    let from = from.map_or(first, |from| from.max(first)).as_millis();
    let end = last.as_millis().saturating_add(1);
    let until = until.map_or(end, |until| until.as_millis().min(end));
    hours::between(from, until).into_iter().map(Asked::Whole).collect()
}
