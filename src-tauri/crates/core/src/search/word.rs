//! Words as they are compared: letters and digits alone, folded.

use crate::text::fold;

/// The most places within one text at which it is found.
pub const STARTS_MOST: usize = 8;

/// So many digits in a row after letters are a number of their own: `RES0418` is found by `0418` too.
const OWN_NUMBER: usize = 3;

/// The letters and digits of a text, folded: what is compared.
#[must_use]
pub fn key(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Where a text is found from: each word to its end, and within a word from each mark on, and from a number of at least three
/// digits on. `RES-2026/0418` gives `res20260418`, `20260418` and `0418`, so that a part is found as well as the whole,
/// with its marks or without. At most [`STARTS_MOST`], the first ones.
#[must_use]
pub fn starts(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in fold(text).split_whitespace() {
        let chars: Vec<char> = word.chars().collect();
        for place in (0..chars.len()).filter(|place| begins(&chars, *place)) {
            let rest: String = chars.iter().skip(place).filter(|c| c.is_alphanumeric()).collect();
            if !found.contains(&rest) {
                found.push(rest);
            }
            if found.len() >= STARTS_MOST {
                return found;
            }
        }
    }
    found
}

/// Whether something begins at this place of a word.
fn begins(chars: &[char], place: usize) -> bool {
    let at = |place: usize| chars.get(place).copied().unwrap_or(' ');
    if !at(place).is_alphanumeric() {
        return false;
    }
    let Some(before) = place.checked_sub(1).map(at) else { return true };
    if !before.is_alphanumeric() {
        return true;
    }
    let digits = chars.iter().skip(place).take_while(|c| c.is_ascii_digit()).count();
    !before.is_ascii_digit() && digits >= OWN_NUMBER
}
