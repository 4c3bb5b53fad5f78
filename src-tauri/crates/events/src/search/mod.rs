//! The index by which attempts are found, as far as it is no file: which terms an attempt has, and which terms a query asks
//! for. What a condition means stands in `vezne_core::search`; a test compares the two over random attempts.
//!
//! A term is looked up whole, and the index hands out what has it newest first. So every beginning that may be typed is a term
//! of its own, up to [`PREFIX_CHARS`] characters; what is typed beyond that is so rare that the index gathers it. Names of
//! persons are not in it: their beginnings stand in a table that an erasure empties, and here only as numbers.

mod asked;
mod had;
mod hours;

pub use asked::{Looked, expression, keys_of};
pub use had::{beginnings, column, terms};

/// The longest beginning that is a term of its own.
pub const PREFIX_CHARS: usize = 12;

/// No letter or digit, and no ASCII: a term with it is never a word's.
const MARK: char = '§';

/// A value as part of a term: the index knows small letters and digits, and takes everything else for space between terms.
fn safe(text: &str) -> String {
    let mut term = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            term.push(c);
        } else {
            term.push_str(&format!("·{:x}·", u32::from(c)));
        }
    }
    term
}

#[cfg(test)]
mod tests;
