//! Finds card numbers and track data in text.

use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::is_invisible;
use crate::card::{Brand, luhn};

/// How many digits a card number has when it is looked for in text.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// No text with fewer digits holds a card number or track data: track 1 is `%B`, eight digits, `^` and `^` at least.
const FEWEST_DIGITS: usize = 8;

/// Up to this many separators between two digits leave them in one run: ` - ` is three.
const MAX_SEPARATORS: usize = 3;

/// The zeros of the decimal digits outside ASCII (Unicode general category Nd); the other nine follow each.
const ZEROS: [u32; 68] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0,
    0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16a60,
    0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4d0, 0x1e4f0, 0x1e950,
    0x1fbf0,
];

/// The digit that a character shows, in any script; superscript and circled digits too.
pub(super) fn digit_value(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
    }
    let of_a_script = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|digit| *digit < 10));
    let digit = of_a_script.or_else(|| alike(c).and_then(|plain| plain.to_digit(10)))?;
    u8::try_from(digit).ok()
}

/// Whether the character may show a digit or be one of the two that encode it behind a percent sign: quickly told, for the many
/// texts that have none. A digit of Latin-1 (`%B2`) takes one at least, too.
fn may_show_a_digit(c: char) -> bool {
    c.is_ascii_digit() || !c.is_ascii()
}

/// The one ASCII character that this one is a variant of, if it is of one.
fn alike(c: char) -> Option<char> {
    let (mut first, mut count) = (None, 0_usize);
    decompose_compatible(c, |part| {
        first = first.or(Some(part));
        count = count.saturating_add(1);
    });
    first.filter(|plain| count == 1 && plain.is_ascii())
}

/// What people and programs put between the groups of a card number. Not the colon: times would be taken for cards.
fn is_separator(c: char) -> bool {
    let plain = if c.is_ascii() { c } else { alike(c).unwrap_or(c) };
    plain.is_whitespace()
        || matches!(plain, '-' | '.' | ',' | '/' | '\\' | '_' | '+' | '\'' | '|' | '~')
        || matches!(plain, '\u{b7}' | '\u{2010}'..='\u{2015}' | '\u{2022}' | '\u{2043}' | '\u{2044}' | '\u{2212}')
}

/// Whether typed text holds a card number: digits of any script, percent-encoded ones too, separators allowed.
///
/// A run of 13 to 19 digits that passes Luhn as a whole is one. Within a longer word of digits a stretch counts only
/// where it also has a brand's first digits and length: every stretch would make most 16-digit booking numbers card
/// numbers, and a desk that refuses them teaches its staff to work around it. What comes from outside is masked more
/// eagerly, since that costs nobody anything.
#[must_use]
pub fn contains_card_number(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let in_a_run = |reading| runs(&chars, reading).iter().any(|run| whole_number(run) || branded_stretch(run));
    [Reading::Plain, Reading::PercentDecoded].into_iter().any(in_a_run) || !drawn_places(&chars).is_empty()
}

/// Whether any stretch at all passes: what masking must leave none of.
#[cfg(test)]
pub(super) fn any_stretch_passes(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let passes = |reading| !card_places(&chars, reading).is_empty();
    [Reading::Plain, Reading::PercentDecoded].into_iter().any(passes) || !drawn_places(&chars).is_empty()
}

fn values(digits: &[Digit]) -> impl DoubleEndedIterator<Item = u8> + '_ {
    digits.iter().map(|digit| digit.value)
}

fn whole_number(run: &[Digit]) -> bool {
    CARD_DIGITS.contains(&run.len()) && luhn::passes(values(run))
}

fn branded_stretch(run: &[Digit]) -> bool {
    let stretches = (0..run.len())
        .flat_map(|start| CARD_DIGITS.filter_map(move |length| run.get(start..start.saturating_add(length))));
    stretches.into_iter().any(|stretch| {
        let digits: String = values(stretch).filter_map(|value| char::from_digit(u32::from(value), 10)).collect();
        let brand = Brand::of_prefix(&digits);
        brand != Brand::Other && brand.allows_digits(stretch.len()) && luhn::passes(values(stretch))
    })
}

/// The characters with those of every card number, and of all digits in track data, replaced by `*`.
pub(super) fn masked(chars: &[char]) -> Vec<char> {
    let mut masked = chars.to_vec();
    // Every answer of a gateway passes here, most of it single words.
    if chars.iter().filter(|c| may_show_a_digit(**c)).count() < FEWEST_DIGITS {
        return masked;
    }
    let text: String = chars.iter().collect();
    let is_track = looks_like_track_data(&text);
    for reading in readings(chars) {
        // Both readings are of the unmasked text, so that what one masks can't hide from the other.
        let places = if is_track { digit_places(chars, *reading) } else { card_places(chars, *reading) };
        for place in places {
            masked.get_mut(place).unwrap_or_default().fill('*');
        }
    }
    for place in drawn_places(chars) {
        masked.get_mut(place).unwrap_or_default().fill('*');
    }
    masked
}

/// `%34` is a percent sign and two digits, or an encoded `4`. Nobody can tell, so both readings are taken.
#[derive(Clone, Copy)]
enum Reading {
    Plain,
    PercentDecoded,
}

/// Without a percent sign both are the same one.
fn readings(chars: &[char]) -> &'static [Reading] {
    if chars.contains(&'%') { &[Reading::Plain, Reading::PercentDecoded] } else { &[Reading::Plain] }
}

enum Piece {
    Digit(u8),
    Separator,
    /// Shows nothing of its own, so that it parts nothing.
    Unseen,
    Other,
}

fn piece_of(c: char) -> Piece {
    if let Some(digit) = digit_value(c) {
        Piece::Digit(digit)
    } else if is_separator(c) {
        Piece::Separator
    } else if is_invisible(c) || is_combining_mark(c) {
        Piece::Unseen
    } else {
        Piece::Other
    }
}

/// How HTML and JSON write a blank, where nobody has read them back.
const WRITTEN_BLANKS: [&str; 7] = ["&nbsp;", "&#160;", "&#xa0;", "&#xA0;", "\\u00a0", "\\u00A0", "\\u0020"];

/// The first piece of the text and how many characters it takes.
fn first_piece(chars: &[char], reading: Reading) -> Option<(Piece, usize)> {
    if let (Reading::PercentDecoded, ['%', high, low, ..]) = (reading, chars)
        && let (Some(high), Some(low)) = (high.to_digit(16), low.to_digit(16))
        && let Some(decoded) = char::from_u32(high.saturating_mul(16).saturating_add(low))
    {
        return Some((piece_of(decoded), 3));
    }
    for blank in WRITTEN_BLANKS {
        let length = blank.chars().count();
        if chars.get(..length).is_some_and(|begin| begin.iter().copied().eq(blank.chars())) {
            return Some((Piece::Separator, length));
        }
    }
    chars.first().map(|c| (piece_of(*c), 1))
}

/// A digit and the characters it is written with.
struct Digit {
    value: u8,
    place: Range<usize>,
}

/// The runs of digits between which there are only a few separators.
fn runs(chars: &[char], reading: Reading) -> Vec<Vec<Digit>> {
    let (mut runs, mut run): (Vec<Vec<Digit>>, Vec<Digit>) = (Vec::new(), Vec::new());
    let (mut at, mut separators) = (0_usize, 0_usize);
    while let Some((piece, length)) = first_piece(chars.get(at..).unwrap_or_default(), reading) {
        let end = at.saturating_add(length);
        match piece {
            Piece::Digit(value) => {
                if separators > MAX_SEPARATORS {
                    runs.push(std::mem::take(&mut run));
                }
                run.push(Digit { value, place: at..end });
                separators = 0;
            }
            Piece::Separator => separators = separators.saturating_add(1),
            Piece::Unseen => {}
            Piece::Other => {
                if !run.is_empty() {
                    runs.push(std::mem::take(&mut run));
                }
                separators = 0;
            }
        }
        at = end;
    }
    runs.push(run);
    runs
}

/// Where the digits of every card number are: every stretch of 13 to 19 digits within a run that passes Luhn.
fn card_places(chars: &[char], reading: Reading) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    for run in runs(chars, reading) {
        for start in 0..run.len() {
            let mut candidates = CARD_DIGITS.filter_map(|length| run.get(start..start.saturating_add(length)));
            let longest = candidates.rfind(|digits| luhn::passes(digits.iter().map(|digit| digit.value)));
            places.extend(longest.into_iter().flatten().map(|digit| digit.place.clone()));
        }
    }
    places
}

/// The groups in which a card shows its number.
const DRAWN: [&[usize]; 3] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 4, 4, 4, 3]];

/// Up to this many characters between two such groups: a mark, a few blanks, an end and a beginning of quotes or brackets.
const MOST_BETWEEN: usize = 5;

/// Where the digits of every number are that is drawn in the groups of a card and passes Luhn, whatever marks stand between the
/// groups: `4155:6500:0041:6111`, `["4155","6500","0041","6111"]`. Neither times nor amounts have such groups.
fn drawn_places(chars: &[char]) -> Vec<Range<usize>> {
    let groups = groups(chars);
    let mut places = Vec::new();
    for start in 0..groups.len() {
        for sizes in DRAWN {
            let Some(drawn) = groups.get(start..start.saturating_add(sizes.len())) else { continue };
            let fits = drawn.iter().zip(sizes).all(|(group, size)| group.digits.len() == *size)
                && drawn.iter().skip(1).all(|group| group.follows);
            if fits && luhn::passes(drawn.iter().flat_map(|group| values(&group.digits))) {
                places.extend(drawn.iter().flat_map(|group| group.digits.iter().map(|digit| digit.place.clone())));
            }
        }
    }
    places
}

/// Digits that stand together.
struct Group {
    digits: Vec<Digit>,
    /// Nothing but a few marks and blanks stands between it and the group before.
    follows: bool,
}

fn groups(chars: &[char]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // What stands since the last digit; `None` once there is a letter among it.
    let mut between = None;
    for (at, c) in chars.iter().enumerate() {
        match (piece_of(*c), between, groups.last_mut()) {
            (Piece::Digit(value), Some(0), Some(group)) => group.digits.push(digit_at(value, at)),
            (Piece::Digit(value), gap, _) => {
                let follows = gap.is_some_and(|gap| gap <= MOST_BETWEEN);
                groups.push(Group { digits: vec![digit_at(value, at)], follows });
                between = Some(0);
            }
            (Piece::Unseen, _, _) => {}
            (Piece::Other, _, _) if c.is_alphabetic() => between = None,
            (Piece::Separator | Piece::Other, gap, _) => between = gap.map(|gap: usize| gap.saturating_add(1)),
        }
    }
    groups
}

fn digit_at(value: u8, at: usize) -> Digit {
    Digit { value, place: at..at.saturating_add(1) }
}

fn digit_places(chars: &[char], reading: Reading) -> Vec<Range<usize>> {
    runs(chars, reading).into_iter().flatten().map(|digit| digit.place).collect()
}

/// Whether the text holds what a magnetic-stripe reader types: `%B…^…^…` (track 1) or `;…=…` (track 2), the latter also
/// from a reader that leaves the sentinels out.
#[must_use]
pub fn looks_like_track_data(text: &str) -> bool {
    text.split('%').skip(1).any(begins_track_1)
        || ends_and_begins(text).any(|(before, after)| is_track_2(before, after))
}

/// Bank card format: the letter B, the number (some cards group it with spaces), the name, the rest.
fn begins_track_1(text: &str) -> bool {
    let Some((number, rest)) = text.strip_prefix(['B', 'b']).and_then(|text| text.split_once('^')) else {
        return false;
    };
    let digits = number.chars().filter(|c| digit_value(*c).is_some()).count();
    let only_digits = number.chars().all(|c| c == ' ' || digit_value(c).is_some());
    only_digits && (8..=19).contains(&digits) && rest.contains('^')
}

/// What stands before and after every `=`.
fn ends_and_begins(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices('=').filter_map(|(at, sign)| {
        let (before, rest) = text.split_at_checked(at)?;
        Some((before, rest.strip_prefix(sign)?))
    })
}

/// With the start sentinel, a number and four digits of expiry are enough; without it, the number has a card's length
/// and a service code follows the expiry, so that a sum like `12=3` is none.
fn is_track_2(before: &str, after: &str) -> bool {
    let number = before.chars().rev().take_while(|c| digit_value(*c).is_some()).count();
    let sentinel = before.chars().rev().nth(number) == Some(';');
    let following = after.chars().take_while(|c| digit_value(*c).is_some()).count();
    (sentinel && (8..=19).contains(&number) && following >= 4) || ((13..=19).contains(&number) && following >= 7)
}

/// Published test cards, for tests (`GATEWAYS.md`).
#[cfg(test)]
pub(crate) const PUBLISHED: [&str; 14] = [
    "4155650100416111",
    "4355084355084358",
    "4546711234567894",
    "5401341234567891",
    "5456165456165454",
    "5571135571135575",
    "5188961939192544",
    "5352480048848060",
    "9792096695823360",
    "4282209004348015",
    "4022780520669303",
    "374427000000003",
    "5528790000000008",
    "4242424242424242",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_card_is_found_with_and_without_separators() {
        for card in PUBLISHED {
            assert!(contains_card_number(card), "{card}");
            for between in [" ", "-", ".", "\u{a0}", "/", " - ", "_", ",", "\u{200b}", "\n", "%20", "\u{301}"] {
                let parted = card.chars().map(String::from).collect::<Vec<_>>().join(between);
                assert!(contains_card_number(&format!("x{parted}y")), "{parted}");
            }
        }
    }

    #[test]
    fn a_number_in_the_groups_of_a_card_is_found_whatever_stands_between_them() {
        for text in [
            "4155:6501:0041:6111",
            "4155*6501*0041*6111",
            "4155 # 6501 # 0041 # 6111",
            "(4155)(6501)(0041)(6111)",
            r#"["4155","6501","0041","6111"]"#,
            "4155; 6501; 0041; 6111.",
            "3744=270000=00003",
            "4155    6501    0041    6111",
            "4155&nbsp;6501&nbsp;0041&nbsp;6111",
            "4155&#160;6501&#160;0041&#160;6111",
            r"4155\u00a06501\u00a00041\u00a06111",
        ] {
            assert!(contains_card_number(text), "{text}");
            let kept = super::super::ForeignText::filter(text);
            assert!(!kept.as_str().contains("6501") && !kept.as_str().contains("270000"), "{kept}");
        }
        for text in
            ["12:30:45 2026-11-22 4155", "4155a6501b0041c6111", "4155:6501:0041:6112", "10:15 11:15 12:15 13:15"]
        {
            assert!(!contains_card_number(text), "{text}");
        }
    }

    #[test]
    fn digits_of_any_script_and_encoding_count() {
        for text in [
            "４１５５６５０１００４１６１１１",
            "۴۱۵۵۶۵۰۱۰۰۴۱۶۱۱۱",
            "④①⑤⑤⑥⑤⓪①⓪⓪④①⑥①①①",
            "𝟒𝟏𝟓𝟓𝟔𝟓𝟎𝟏𝟎𝟎𝟒𝟏𝟔𝟏𝟏𝟏",
            "%34%31%35%35%36%35%30%31%30%30%34%31%36%31%31%31",
            "%3415565%30100416111",
            "%34155650100416111",
        ] {
            assert!(contains_card_number(text), "{text}");
        }
    }

    #[test]
    fn every_zero_of_a_script_begins_ten_digits_in_order() {
        assert!(ZEROS.windows(2).all(|pair| pair[0] < pair[1]));
        for zero in ZEROS {
            for digit in 0..10_u8 {
                assert_eq!(digit_value(char::from_u32(zero + u32::from(digit)).unwrap()), Some(digit));
            }
        }
    }

    #[test]
    fn the_shortest_text_that_holds_anything_is_looked_at() {
        let track = "%B12345678^^";
        assert_eq!(track.chars().filter(|c| may_show_a_digit(*c)).count(), FEWEST_DIGITS);
        assert!(looks_like_track_data(track));
        let chars: Vec<char> = track.chars().collect();
        assert_eq!(masked(&chars).iter().collect::<String>(), "%B********^^");
    }

    #[test]
    fn no_digit_is_overlooked_when_digits_are_counted() {
        for c in (0..=0x1_ffff).filter_map(char::from_u32).filter(|c| digit_value(*c).is_some()) {
            assert!(may_show_a_digit(c), "{c:?}");
        }
        for byte in (0..=u8::MAX).filter(|byte| digit_value(char::from(*byte)).is_some()) {
            let encoded = format!("%{byte:02X}");
            assert!(encoded.chars().any(may_show_a_digit), "{encoded}");
        }
    }

    #[test]
    fn what_only_looks_like_a_digit_or_holds_more_than_one_is_none() {
        for c in ['\u{66a}', '½', '⒂', 'x', '\u{301}'] {
            assert_eq!(digit_value(c), None, "{c:?}");
        }
        assert_eq!((digit_value('\u{96f}'), digit_value('\u{970}')), (Some(9), None));
    }

    #[test]
    fn a_whole_run_needs_no_brand_and_a_stretch_of_a_longer_one_does() {
        assert!(contains_card_number("1000000000000008"), "nobody's number, and it passes as a whole");
        assert!(contains_card_number("11245467112345678941"), "a Visa number within twenty digits");
        assert!(!contains_card_number("00000000000000000000"), "its stretches pass, and are nobody's");
    }

    #[test]
    fn what_is_no_card_number_is_left_alone() {
        for text in ["", "4155650100416120", "415565010041", "4155650100416111".split_at(8).0, "a4155b6501c0041d6111"] {
            assert!(!contains_card_number(text), "{text}");
        }
    }

    #[test]
    fn both_tracks_are_known_by_their_form_whatever_the_number() {
        for text in [
            "%B1234567812345678^YILMAZ/AYSE^26121010000000000?",
            "note %b1234 5678 1234 5678^A^2612?",
            ";1234567812345678=2612101?",
            "x;12345678=2612",
            "1234567812345678=26121010000",
        ] {
            assert!(looks_like_track_data(text), "{text}");
        }
        for text in ["", "50%B", "a;b=c", "12=3", "x=1234567812345678", "%B12^", "total;5=5000", "100%Ba^b^c"] {
            assert!(!looks_like_track_data(text), "{text}");
        }
    }
}
