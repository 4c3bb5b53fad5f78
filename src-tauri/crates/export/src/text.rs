//! Texts of others, made harmless for a table.
//!
//! A customer's name, a booking number or a bank's message goes into a cell as it is, except for what would break the
//! table or make a spreadsheet do something. JSON needs none of this: there every text stands as it was.

use std::borrow::Cow;

/// Excel takes no longer text in a cell: 32,767 UTF-16 units.
pub const CELL_MOST: usize = 32_767;

/// What stands where a character can't be shown.
const UNSHOWN: char = '\u{fffd}';

/// With these a spreadsheet begins a formula, in the forms that fold to them too.
const FORMULA: [char; 12] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'];

/// A text without what would break a cell: every kind of line break is a line feed, a tab a space; control characters,
/// overrides of the writing direction (which show a line in another order than it has) and code points that are no
/// characters are U+FFFD.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c != '\n' && cleaned(c) != c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").chars().map(cleaned).collect())
}

fn cleaned(c: char) -> char {
    match c {
        '\t' => ' ',
        '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => UNSHOWN,
        c if c.is_control() => UNSHOWN,
        c => c,
    }
}

/// At most [`CELL_MOST`] UTF-16 units; what was cut off is an ellipsis.
pub(crate) fn cut(text: Cow<'_, str>) -> Cow<'_, str> {
    // A text never has more UTF-16 units than bytes.
    if text.len() <= CELL_MOST || text.chars().map(char::len_utf16).sum::<usize>() <= CELL_MOST {
        return text;
    }
    let mut left = CELL_MOST.saturating_sub(1);
    let mut kept: String = text
        .chars()
        .take_while(|c| match left.checked_sub(c.len_utf16()) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        })
        .collect();
    kept.push('…');
    Cow::Owned(kept)
}

/// White space, and what can't be seen before a formula either: zero width and direction marks.
fn is_nothing(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Whether a spreadsheet that read this text from a file would begin a formula with it.
pub(crate) fn begins_formula(text: &str) -> bool {
    text.starts_with('\n') || text.trim_start_matches(is_nothing).starts_with(FORMULA)
}

/// Whether a spreadsheet that read this text from a file would take it for a number or a date, and show another text:
/// `0042` as 42, sixteen digits with the last one a zero, `1e5` as 100000, `1-2` as a day in February.
fn reads_as_other(text: &str) -> bool {
    const AROUND: [char; 11] = ['.', ',', '-', '/', ':', ' ', 'e', 'E', '%', '(', ')'];
    const EXACT: usize = 15;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || !text.starts_with(|c: char| c.is_ascii_digit() || AROUND.contains(&c)) {
        return false;
    }
    if digits == text.len() {
        return digits > EXACT || (digits > 1 && text.starts_with('0'));
    }
    text.chars().all(|c| c.is_ascii_digit() || AROUND.contains(&c))
}

/// The mark before what shall be text, as spreadsheets have it themselves.
pub(crate) const MARK: char = '\'';

/// A clean text for a cell of CSV, in which nothing becomes a formula, a number or a date.
///
/// A mark is put before the text if it would become one of these; and inside of the text before everything that begins
/// a formula right after a separator, a line feed or a quotation mark, because a spreadsheet set to the other separator
/// cuts the line there. A mark is also put before a mark at these places, so that [`unguarded`] can take away exactly
/// what was put in.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    let first = text.starts_with(MARK) || begins_formula(text) || reads_as_other(text);
    if !first && !text.contains(is_boundary) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len().saturating_add(1));
    if first {
        safe.push(MARK);
    }
    let mut at_boundary = false;
    for c in text.chars() {
        if at_boundary && (c == MARK || FORMULA.contains(&c)) {
            safe.push(MARK);
        }
        at_boundary = is_boundary(c) || (at_boundary && is_nothing(c));
        safe.push(c);
    }
    Cow::Owned(safe)
}

/// Where a program that splits at another separator would begin a cell.
fn is_boundary(c: char) -> bool {
    matches!(c, ';' | ',' | '|' | '\n' | '"')
}

/// The text of a cell of CSV without the marks that were put into it: what a program does that reads the table.
#[must_use]
pub fn unguarded(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut at_boundary = true;
    let mut first = true;
    for c in cell.chars() {
        if at_boundary && c == MARK {
            // One mark at most was put in at a place, and none after white space at the beginning.
            at_boundary = false;
            first = false;
            continue;
        }
        at_boundary = is_boundary(c) || (at_boundary && !first && is_nothing(c));
        first = false;
        text.push(c);
    }
    text
}
