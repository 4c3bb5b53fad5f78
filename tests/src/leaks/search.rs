//! Many forms in one pass.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::canary::Form;

/// A shorter form would be found by chance.
const SHORTEST: usize = 3;

/// What is looked for, ready.
#[derive(Debug, Clone)]
pub struct Search {
    forms: Vec<Form>,
    engine: AhoCorasick,
}

/// Something that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// What.
    pub form: &'a Form,
    /// Where it begins in the bytes that were searched.
    pub at: usize,
}

impl Search {
    /// A search for all of these. Where one form begins as another does, the longest counts.
    ///
    /// # Panics
    /// When a form is too short to mean anything.
    #[must_use]
    pub fn of(mut forms: Vec<Form>) -> Self {
        forms.sort_by(|one, other| one.bytes.cmp(&other.bytes));
        forms.dedup_by(|one, other| one.bytes == other.bytes);
        for form in &forms {
            assert!(form.bytes.len() >= SHORTEST, "{} is too short to mean anything", form.name);
        }
        let engine = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::LeftmostLongest)
            .build(forms.iter().map(|form| &form.bytes));
        let engine = engine.unwrap_or_else(|error| panic!("the search can't be built: {error}"));
        Self { forms, engine }
    }

    /// How long the longest form is, in bytes.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.forms.iter().map(|form| form.bytes.len()).max().unwrap_or_default()
    }

    /// Everything that is there.
    pub fn finds<'a>(&'a self, bytes: &[u8]) -> impl Iterator<Item = Found<'a>> {
        self.engine.find_iter(bytes).filter_map(|hit| {
            let form = self.forms.get(hit.pattern().as_usize())?;
            Some(Found { form, at: hit.start() })
        })
    }

    /// How often each form is there; forms that are not are left out.
    #[must_use]
    pub fn found_in(&self, bytes: &[u8]) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for found in self.finds(bytes) {
            *counts.entry(found.form.name.as_str()).or_default() += 1;
        }
        counts
    }
}

/// Whether digits that were found are a text of their own: no digit, letter or point beside them, and printable or nothing
/// around them. Three digits amid machine code are none.
#[must_use]
pub fn stands_alone(bytes: &[u8], at: usize, length: usize) -> bool {
    let wide = bytes.get(at.saturating_add(1)) == Some(&0);
    let step = if wide { 2 } else { 1 };
    let before = at.checked_sub(step).and_then(|place| bytes.get(place)).copied();
    let after = bytes.get(at.saturating_add(length)).copied();
    let ends = |byte: Option<u8>| byte.is_none_or(|byte| byte == 0 || (byte.is_ascii_punctuation() && byte != b'.'));
    ends(before) && ends(after)
}

/// Whether digits that were found are a whole text of WebKit's: it writes the length before the characters
/// (`WTF::StringImpl`: how often used, length, where the characters are, hash, then the characters themselves).
#[must_use]
pub fn is_webkit_text(bytes: &[u8], at: usize, characters: usize) -> bool {
    const HEAD: usize = 20;
    let Some(start) = at.checked_sub(HEAD) else { return false };
    let word = |place: usize| -> Option<u32> {
        let four = bytes.get(place..place.saturating_add(4))?;
        Some(u32::from_le_bytes(four.try_into().ok()?))
    };
    let length = word(start.saturating_add(4)).and_then(|length| usize::try_from(length).ok());
    length == Some(characters) && word(start).is_some_and(|used| used < 1 << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, bytes: &[u8]) -> Form {
        Form { name: name.to_owned(), bytes: bytes.to_vec() }
    }

    #[test]
    fn the_longest_form_at_a_place_is_the_one_that_counts() {
        let search = Search::of(vec![form("front", b"1234"), form("whole", b"123456")]);
        let found = search.found_in(b"x123456 1234x");
        assert_eq!(found, BTreeMap::from([("front", 1), ("whole", 1)]));
    }

    #[test]
    fn digits_by_themselves_are_told_from_digits_within_something() {
        let alone = |text: &[u8]| stands_alone(text, 1, 3);
        assert!(alone(b"\"907\"") && alone(b"\x00907\x00") && alone(b"=907&"));
        assert!(!alone(b"1907,") && !alone(b"a907\x00") && !alone(b"\x009070") && !alone(b".907\x00"));
        assert!(stands_alone(b"\x00\x009\x000\x007\x00\x00\x00", 2, 6));
    }

    #[test]
    fn a_text_of_webkit_s_is_known_by_its_length() {
        let mut text = [2_u32.to_le_bytes(), 3_u32.to_le_bytes()].concat();
        text.extend([0xf0, 0x7f, 1, 2, 3, 4, 5, 6, 9, 9, 9, 9]);
        text.extend(b"907");
        assert!(is_webkit_text(&text, 20, 3));
        assert!(!is_webkit_text(&text, 20, 4) && !is_webkit_text(&text, 19, 3));
    }
}
