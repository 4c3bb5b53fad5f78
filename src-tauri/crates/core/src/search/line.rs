//! Reading a line.

use super::day::Today;
use super::figure::figures;
use super::{PlanWanted, Query, WANTED_MOST, Wanted, Word, key, named};
use crate::attempt::Outcome;
use crate::money::Currency;
use crate::text::fold;

/// The words of outcomes in both languages, folded. Who types three letters of one may mean it.
const OUTCOMES: [(&str, Outcome); 17] = [
    ("approved", Outcome::Approved),
    ("paid", Outcome::Approved),
    ("onaylandi", Outcome::Approved),
    ("onayli", Outcome::Approved),
    ("declined", Outcome::Declined),
    ("reddedildi", Outcome::Declined),
    ("reddedilen", Outcome::Declined),
    ("refused", Outcome::Refused),
    ("kabuledilmedi", Outcome::Refused),
    ("unknown", Outcome::Unknown),
    ("bilinmiyor", Outcome::Unknown),
    ("bilinmeyen", Outcome::Unknown),
    ("belirsiz", Outcome::Unknown),
    ("notsent", Outcome::NotSent),
    ("unsent", Outcome::NotSent),
    ("gonderilmedi", Outcome::NotSent),
    ("gonderilmeyen", Outcome::NotSent),
];

/// From how many letters on the beginning of an outcome's word is taken for it, among other things.
const HINT_FROM: usize = 3;

/// Words that are written as two and mean one thing.
const PAIRS: [(&str, &str, Wanted); 4] = [
    ("not", "sent", Wanted::Outcome(Outcome::NotSent)),
    ("not", "known", Wanted::Outcome(Outcome::Unknown)),
    ("kabul", "edilmedi", Wanted::Outcome(Outcome::Refused)),
    ("tek", "cekim", Wanted::Plan(PlanWanted::Installments(1))),
];

/// What stands for digits of a card that are not shown.
const MASKS: [char; 4] = ['*', '•', '…', '●'];

impl Query {
    /// Reads a search line. Nothing is ever wrong with one: what is no day, outcome or plan is a word to be found. In double
    /// quotes a word is only that.
    #[must_use]
    pub fn read(line: &str, today: Today<'_>) -> Self {
        let words = split(line);
        if let Some(one) = words.iter().find_map(|(word, _)| named(word)) {
            return Self::Named(one);
        }
        let mut query = Self::everything();
        let mut rest = words.as_slice();
        while let Some(((word, quoted), after)) = rest.split_first() {
            if query.conditions().len() >= WANTED_MOST {
                break;
            }
            rest = after;
            if !*quoted
                && let Some((next, more)) = after.split_first()
                && let Some(wanted) = pair(word, &next.0)
            {
                rest = more;
                query = query.and(wanted);
                continue;
            }
            for wanted in read_word(word, *quoted, today) {
                query = query.and(wanted);
            }
        }
        if query.conditions().is_empty() && !words.is_empty() {
            return Self::All(vec![Wanted::Nothing]);
        }
        query
    }
}

/// The words of a line, and whether each stood in quotes.
fn split(line: &str) -> Vec<(String, bool)> {
    let mut words = Vec::new();
    for (place, piece) in line.split('"').enumerate() {
        // Between the first and the second mark, between the third and the fourth: the odd pieces.
        let quoted = place.checked_rem(2) == Some(1);
        words.extend(piece.split_whitespace().map(|word| (word.to_owned(), quoted)));
    }
    words
}

fn pair(word: &str, next: &str) -> Option<Wanted> {
    let (first, second) = (key(word), key(next));
    if let Some((_, _, wanted)) = PAIRS.into_iter().find(|(one, two, _)| *one == first && *two == second) {
        return Some(wanted);
    }
    let counted = second.starts_with("taksit") || second.starts_with("installment") || second.starts_with("instalment");
    counted.then(|| plan(&first)).flatten()
}

fn plan(digits: &str) -> Option<Wanted> {
    let count: u8 = digits.parse().ok().filter(|count| (1..=99).contains(count))?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    plain.then_some(Wanted::Plan(PlanWanted::Installments(count)))
}

fn read_word(word: &str, quoted: bool, today: Today<'_>) -> Vec<Wanted> {
    if quoted {
        return text_alone(word).into_iter().collect();
    }
    if let Some(days) = today.read(word) {
        return vec![days];
    }
    if word.contains(MASKS) {
        return masked(word);
    }
    let folded = fold(word).replace('_', "");
    if let Some((_, outcome)) = OUTCOMES.into_iter().find(|(known, _)| *known == folded) {
        return vec![Wanted::Outcome(outcome)];
    }
    if folded == "pesin" {
        return vec![Wanted::Plan(PlanWanted::Installments(1))];
    }
    let times = folded.strip_suffix(['x', '×']).or_else(|| folded.strip_prefix(['x', '×']));
    if let Some(wanted) = times.and_then(plan) {
        return vec![wanted];
    }
    one_word(word, &folded).into_iter().collect()
}

fn text_alone(word: &str) -> Option<Wanted> {
    let key = Some(key(word)).filter(|key| !key.is_empty())?;
    Some(Wanted::Word(Word { key: Some(key), figures: Vec::new(), currency: None, outcome: None }))
}

/// `•••• 6111`, `415565******6111`: the digits before the mask, and the last four behind it.
fn masked(word: &str) -> Vec<Wanted> {
    let before = word.split(MASKS).next().unwrap_or_default();
    let behind = word.rsplit(MASKS).next().unwrap_or_default();
    let mut found: Vec<Wanted> = text_alone(before).into_iter().collect();
    if behind.len() == 4 && behind.bytes().all(|byte| byte.is_ascii_digit()) {
        found.push(Wanted::LastFour(behind.to_owned()));
    } else {
        found.extend(text_alone(behind));
    }
    found
}

fn one_word(word: &str, folded: &str) -> Option<Wanted> {
    let (figures, only_money) = figures(word);
    let key = Some(key(word)).filter(|key| !key.is_empty() && !only_money);
    let currency = match folded {
        "tl" | "₺" | "lira" => Some(Currency::TRY),
        "€" => Currency::from_code("EUR"),
        "$" => Currency::from_code("USD"),
        "£" => Currency::from_code("GBP"),
        other => Currency::from_code(&other.to_uppercase()),
    };
    let hint = OUTCOMES.into_iter().find(|(known, _)| folded.len() >= HINT_FROM && known.starts_with(folded));
    if key.is_none() && figures.is_empty() && currency.is_none() {
        return None;
    }
    Some(Wanted::Word(Word { key, figures, currency, outcome: hint.map(|(_, outcome)| outcome) }))
}
