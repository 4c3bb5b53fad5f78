//! The terms that an attempt has.

use std::collections::BTreeSet;

use vezne_core::attempt::{Attempt, Heard, Subject};
use vezne_core::evidence::Evidence;
use vezne_core::money::{Currency, Money};
use vezne_core::search::{NUMBER_FROM, key, starts, tails};
use vezne_core::text::ForeignText;

use super::{MARK, PREFIX_CHARS, hours, safe};
use crate::rows::AttemptRow;

/// A word that is found from its first letter on.
const WORD: char = 'w';
/// A number that is found from its fourth character on.
const NUMBER: char = 'n';
/// What is found whole.
const WHOLE: char = '=';

/// What of an attempt's texts and numbers is kept in its row for the index, apart from names of persons: words with a mark
/// before each that says from where on it is found.
#[must_use]
pub fn column(attempt: &Attempt) -> String {
    let intent = &attempt.intent;
    let subject = match &intent.subject {
        Subject::Order(order) => order.to_string(),
        Subject::Reference { reference, part: _ } => reference.to_string(),
    };
    let brand = intent.card().map(|card| crate::rows::word_of(&card.brand));
    let texts = [
        Some(subject.clone()),
        Some(intent.account.name.to_string()),
        Some(intent.account.gateway.word().to_owned()),
        brand,
    ];
    let bin = intent.card().map(|card| card.bin.as_str().to_owned());
    let mut numbers = vec![intent.reference.to_string()];
    numbers.extend(bin);
    numbers.extend(gateways_numbers(attempt));
    let mut words = Vec::new();
    let mut push = |mark: char, word: &str| {
        let marked = format!("{mark}{word}");
        if !word.is_empty() && !words.contains(&marked) {
            words.push(marked);
        }
    };
    for start in texts.iter().flatten().flat_map(|text| starts(text)) {
        push(WORD, &start);
    }
    for number in &numbers {
        push(NUMBER, &key(number));
    }
    for tail in tails(&subject) {
        push(WHOLE, &tail);
    }
    words.join(" ")
}

/// The gateway's own numbers, once there is an outcome: before that they would only change the index more often.
fn gateways_numbers(attempt: &Attempt) -> Vec<String> {
    let mut found: Vec<&ForeignText> = Vec::new();
    if attempt.state.outcome().is_none() {
        return Vec::new();
    }
    match &attempt.heard {
        Some(Heard::Success(success)) => {
            let numbers = &success.numbers;
            found.extend([&numbers.payment, &numbers.reference, &numbers.authorisation].into_iter().flatten());
        }
        Some(Heard::Failure(_) | Heard::Nothing) | None => {}
    }
    match attempt.state.evidence() {
        Some(Evidence::GatewayStatus(seen)) => {
            found.extend([&seen.payment_id, &seen.reference_number].into_iter().flatten());
        }
        Some(
            Evidence::PayAnswer
            | Evidence::ReturnAndProbe(_)
            | Evidence::ReturnAlone(_)
            | Evidence::Supervisor(_)
            | Evidence::CounterEntry(_),
        )
        | None => {}
    }
    found.into_iter().map(ForeignText::to_string).collect()
}

/// The beginnings of a word that are terms of their own, and the word itself.
#[must_use]
pub fn beginnings(word: &str, from: usize) -> Vec<String> {
    let ends = word.char_indices().map(|(place, c)| place.saturating_add(c.len_utf8()));
    let counted = ends.enumerate().map(|(before, end)| (before.saturating_add(1), end));
    let short = counted.filter(|(count, _)| (from..=PREFIX_CHARS).contains(count));
    let mut found: Vec<String> = short.filter_map(|(_, end)| word.get(..end)).map(str::to_owned).collect();
    if found.last().is_none_or(|last| last != word) && !word.is_empty() {
        found.push(word.to_owned());
    }
    found
}

/// All terms of an attempt's row, with spaces between them. `names` are the numbers of the beginnings of the holder's name.
#[must_use]
pub fn terms(row: &AttemptRow, names: &[i64]) -> String {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for marked in row.search.split(' ') {
        let mut chars = marked.chars();
        match (chars.next(), chars.as_str()) {
            (Some(WORD), word) => found.extend(beginnings(word, 1)),
            (Some(NUMBER), word) => found.extend(beginnings(word, NUMBER_FROM)),
            (Some(WHOLE), word) => found.extend(Some(word.to_owned())),
            (Some(_) | None, _) => {}
        }
    }
    if let Some(digits) = &row.last_four {
        found.extend([digits.clone(), last_four(digits)]);
    }
    let base = amount(row.base_minor, row.base_currency.as_deref());
    let total = amount(row.total_minor, row.total_currency.as_deref());
    for money in [base, total].into_iter().flatten() {
        found.extend(amounts(money));
        found.insert(currency(money.currency()));
    }
    found.extend(row.outcome.as_deref().map(outcome));
    found.insert(account(&row.account_id));
    found.extend(row.operator_id.as_deref().map(operator));
    found.insert(row.installments.map_or_else(limit, plan));
    found.extend(hours::of(row.opened_ms));
    found.extend(names.iter().map(|number| name(*number)));
    found.into_iter().collect::<Vec<_>>().join(" ")
}

fn amount(minor: Option<i64>, code: Option<&str>) -> Option<Money> {
    Some(Money::from_minor(minor?, Currency::from_code(code?)?))
}

/// `545`, `545.0` and `545.00` of 545.00.
fn amounts(money: Money) -> Vec<String> {
    let text = money.amount_text();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let parts = (0..=fraction.len()).filter_map(|end| fraction.get(..end));
    parts.map(|fraction| figure(whole, fraction)).collect()
}

pub(super) fn figure(whole: &str, fraction: &str) -> String {
    format!("{MARK}m{}p{fraction}", safe(whole))
}

pub(super) fn last_four(digits: &str) -> String {
    format!("{MARK}c{}", safe(digits))
}

pub(super) fn currency(currency: Currency) -> String {
    format!("{MARK}y{}", currency.code().to_lowercase())
}

pub(super) fn outcome(word: &str) -> String {
    format!("{MARK}o{}", safe(word))
}

pub(super) fn account(id: &str) -> String {
    format!("{MARK}a{}", safe(id))
}

pub(super) fn operator(id: &str) -> String {
    format!("{MARK}u{}", id.to_lowercase().replace('_', ""))
}

pub(super) fn plan(installments: i64) -> String {
    format!("{MARK}p{installments}")
}

pub(super) fn limit() -> String {
    format!("{MARK}pl")
}

pub(super) fn name(number: i64) -> String {
    format!("{MARK}n{number}")
}
