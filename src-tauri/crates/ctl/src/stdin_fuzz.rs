//! Whatever comes on standard input: cards with a PIN beside them, and PIN lines (`tests/fuzz` has the loop).

use vezne_fuzz::check::holds_card_number;
use vezne_fuzz::engine::{Target, in_a_test};

use super::{lines, parse_card};

const TARGET: Target = Target { name: "ctl_stdin", run, words: &WORDS, longest: 16 * 1024 };

const WORDS: [&str; 14] = [
    "\"number\":\"4155650100416111\"",
    "\"holder\":\"AYŞE YILMAZ\"",
    "\"expiry_month\":12",
    "\"expiry_year\":2026",
    "\"cvc\":\"000\"",
    "\"supervisor_pin\":\"7391\"",
    "\"supervisor_pin\":7391",
    "\\u0034",
    "7391\n",
    "\r\n",
    "\u{feff}",
    "\0",
    "{",
    "}",
];

fn run(data: &[u8]) {
    match parse_card(data, (2026, 11)) {
        Ok(input) => assert!(!input.card.expiry.is_past((2026, 11)), "an expired card"),
        Err(failure) => {
            let words = failure.detail.unwrap_or_default();
            assert!(!holds_card_number(&words), "a card number was repeated");
            assert!(words.len() < 600, "{} bytes of words", words.len());
        }
    }
    for prompts in [&["the PIN"][..], &["the new PIN", "the supervisor's PIN"]] {
        match lines(data, prompts) {
            Ok(pins) => {
                assert_eq!(pins.len(), prompts.len());
                assert!(pins.iter().all(|pin| !pin.is_empty() && !pin.contains('\n')), "a line that is none");
                let typed = String::from_utf8_lossy(data);
                assert!(pins.iter().all(|pin| typed.contains(pin.as_str())), "a PIN that nobody typed");
            }
            // No word of it repeats what was typed.
            Err(failure) => assert!(failure.detail.unwrap_or_default().len() < 200),
        }
    }
}

#[test]
fn fuzzed_standard_input_is_read_or_refused() {
    in_a_test(&TARGET);
}
