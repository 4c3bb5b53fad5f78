//! The check digit of card numbers.

/// Twice the digit, its digits added: 7 → 14 → 5.
const DOUBLED: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

/// Whether the digits, check digit last, pass the Luhn check. No digits at all pass; what is not a digit fails.
pub(crate) fn passes(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let mut sum = 0_u32;
    let mut double = false;
    for digit in digits.rev() {
        let Some(doubled) = DOUBLED.get(usize::from(digit)) else { return false };
        sum = sum.saturating_add(if double { *doubled } else { u32::from(digit) });
        double = !double;
    }
    sum.is_multiple_of(10)
}

/// The same for text that holds only ASCII digits; anything else fails.
pub(crate) fn passes_text(digits: &str) -> bool {
    passes(digits.bytes().map(|byte| byte.wrapping_sub(b'0')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_test_cards_pass() {
        for card in crate::text::PUBLISHED_CARDS {
            assert!(passes_text(card), "{card}");
        }
    }

    #[test]
    fn what_is_not_a_digit_fails() {
        assert!(!passes_text("4155650100416111 "));
        assert!(!passes_text("٤١٥٥"));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_always_fails(which in 0_usize..14, place in 0_usize..15, other in 1_u8..10) {
            let card = crate::text::PUBLISHED_CARDS[which];
            let mut digits: Vec<u8> = card.bytes().map(|b| b - b'0').collect();
            digits[place] = (digits[place] + other) % 10;
            prop_assert!(!passes(digits.into_iter()), "{} with digit {} changed", card, place);
        }

        #[test]
        fn exactly_one_check_digit_completes_a_number(digits in "[0-9]{11,18}") {
            let passing = (0..10).filter(|check| passes_text(&format!("{digits}{check}"))).count();
            prop_assert_eq!(passing, 1);
        }
    }
}
