//! Amounts as they are looked for: `545`, `545,00`, `545.00`, `1.250,5`, `₺545`.

use crate::money::Money;

/// The most digits of an amount that is looked for.
const DIGITS_MOST: usize = 12;

/// An amount, or the beginning of its decimals: `545` is any amount from 545 to less than 546, `545,5` any from 545.50.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The whole units, without leading zeros.
    pub whole: String,
    /// The decimals as far as they were written.
    pub fraction: String,
}

impl Figure {
    fn new(whole: &str, fraction: &str) -> Self {
        let bare = whole.trim_start_matches('0');
        Self { whole: if bare.is_empty() { "0" } else { bare }.to_owned(), fraction: fraction.to_owned() }
    }

    /// Whether an amount is this one, or begins so.
    #[must_use]
    pub fn fits(&self, amount: &Money) -> bool {
        let text = amount.amount_text();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        whole == self.whole && fraction.starts_with(&self.fraction)
    }
}

/// The amounts that a word may be, and whether it can be nothing else: who writes one or two decimals means money.
#[must_use]
pub fn figures(word: &str) -> (Vec<Figure>, bool) {
    let bare = word.trim_start_matches(['₺', '€', '$', '£']).trim_end_matches(['₺', '€', '$', '£']);
    let marked = bare != word;
    let lower = bare.to_lowercase();
    let with_unit = lower.strip_suffix("tl").or_else(|| lower.strip_suffix("try")).unwrap_or(&lower);
    let marked = marked || with_unit != lower;
    let digits = with_unit.chars().filter(char::is_ascii_digit).count();
    let odd = with_unit.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '\'' | '’'));
    if odd || digits == 0 || digits > DIGITS_MOST || !with_unit.starts_with(|c: char| c.is_ascii_digit()) {
        return (Vec::new(), false);
    }
    let groups: Vec<&str> = with_unit.split(['.', ',', '\'', '’']).collect();
    let mut found = Vec::new();
    if in_groups(&groups) {
        found.push(Figure::new(&groups.concat(), ""));
    }
    let mut sure = marked;
    if let Some((fraction, whole)) = groups.split_last()
        && fraction.len() <= 3
        && !whole.is_empty()
        && in_groups(whole)
        && is_point(with_unit, fraction)
    {
        sure = sure || matches!(fraction.len(), 1 | 2);
        let decimals = Figure::new(&whole.concat(), fraction);
        if !found.contains(&decimals) {
            found.push(decimals);
        }
    }
    let only_money = sure && !found.is_empty();
    (found, only_money)
}

/// Whether the mark before the last group can be a decimal point.
fn is_point(text: &str, last: &str) -> bool {
    let before = text.len().checked_sub(last.len()).and_then(|end| text.get(..end)).unwrap_or_default();
    before.ends_with(['.', ','])
}

/// One group, or a first of up to three digits and then threes.
fn in_groups(groups: &[&str]) -> bool {
    match groups {
        [] => false,
        [only] => !only.is_empty(),
        [first, rest @ ..] => (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3),
    }
}
