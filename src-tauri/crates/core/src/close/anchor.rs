//! What a person keeps of a close on paper: enough of its own event's hash that no other close can pass for it.

use std::fmt;
use std::str::FromStr;

use crate::text::serde_as_text;

/// Crockford's digits: no I, L, O or U, which are misread.
const DIGITS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P',
    'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];
/// How many digits: 80 bits.
const LENGTH: usize = 16;
/// How many of them stand together.
const GROUP: usize = 4;

/// A printed anchor: the close's number and the first 80 bits of its event's keyed hash, written `7-K3QF-9WZ2-0B4D-M6RT`.
///
/// The hash covers the close and, over the chain, every event before it: a journal that gives the same anchor still says what
/// it said when the paper was printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Anchor {
    number: u32,
    digits: [char; LENGTH],
}

/// The text is no anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("An anchor is a close's number and four groups of four letters and digits, such as 7-K3QF-9WZ2-0B4D-M6RT.")]
pub struct AnchorError;

impl Anchor {
    /// The anchor of the close with this number, whose own event has this hash.
    #[must_use]
    pub fn of(number: u32, hash: &[u8]) -> Self {
        let mut bits =
            hash.iter().flat_map(|byte| (0..8_u32).rev().map(move |place| byte.checked_shr(place).unwrap_or(0) & 1));
        let digits = std::array::from_fn(|_| {
            let five = (0..5).fold(0_usize, |value, _| value.saturating_mul(2) | usize::from(bits.next().unwrap_or(0)));
            DIGITS.get(five).copied().unwrap_or('0')
        });
        Self { number, digits }
    }

    /// The number of the close.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        for group in self.digits.chunks(GROUP) {
            write!(f, "-{}", group.iter().collect::<String>())?;
        }
        Ok(())
    }
}

/// The digit that somebody meant: small letters, and what looks like another digit.
fn meant(typed: char) -> Option<char> {
    let capital = typed.to_ascii_uppercase();
    let digit = match capital {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    DIGITS.contains(&digit).then_some(digit)
}

impl FromStr for Anchor {
    type Err = AnchorError;

    /// Read as it is copied from paper: in capitals or not, with dashes or spaces between the groups or without.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (number, rest) = text.split_once(['-', ' ', '\u{2013}']).ok_or(AnchorError)?;
        let number = number.trim_start_matches('#').parse::<u32>().map_err(|_| AnchorError)?;
        let typed = rest.chars().filter(|c| !matches!(c, '-' | ' ' | '\u{2013}'));
        let digits: Vec<char> = typed.map(meant).collect::<Option<_>>().ok_or(AnchorError)?;
        let digits: [char; LENGTH] = digits.try_into().map_err(|_| AnchorError)?;
        if number == 0 { Err(AnchorError) } else { Ok(Self { number, digits }) }
    }
}

serde_as_text!(Anchor);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_anchor_is_the_first_eighty_bits_in_digits_that_are_not_misread() {
        let hash: Vec<u8> = (0..32).collect();
        assert_eq!(Anchor::of(7, &hash).to_string(), "7-000G-40R4-0M30-E209");
        assert_eq!(Anchor::of(7, &hash).number(), 7);
        assert_eq!(Anchor::of(12, &[255; 32]).to_string(), "12-ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        let mut later = hash.clone();
        later[9] ^= 1;
        assert_ne!(Anchor::of(7, &hash), Anchor::of(7, &later));
    }

    #[test]
    fn what_is_copied_from_paper_by_hand_is_read() {
        let printed: Anchor = "7-000G-40R4-0M30-E209".parse().unwrap();
        for typed in ["7-ooog-4or4-om3o-e2o9", " 7 000G40R40M30E209 ", "#7-000G 40R4 0M30 E209"] {
            assert_eq!(typed.parse(), Ok(printed.clone()), "{typed}");
        }
        for wrong in
            ["", "7", "000G-40R4-0M30-E209", "0-000G-40R4-0M30-E209", "7-000G-40R4-0M30", "7-000G-40R4-0M30-E20U"]
        {
            assert_eq!(wrong.parse::<Anchor>(), Err(AnchorError), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_anchor_survives_its_text(number in 1..u32::MAX, hash in any::<[u8; 32]>()) {
            let anchor = Anchor::of(number, &hash);
            prop_assert_eq!(anchor.to_string().parse(), Ok(anchor));
        }
    }
}
