//! The codes, and that the till has none beside them.

use std::collections::BTreeSet;

use crate::view::Code;

#[test]
fn no_two_codes_have_the_same_word_and_every_word_is_found_again() {
    let words: BTreeSet<&str> = Code::ALL.iter().map(|code| code.word()).collect();
    assert_eq!(words.len(), Code::ALL.len());
    assert!(Code::ALL.iter().all(|code| Code::of_word(code.word()) == Some(*code)));
}

#[test]
fn a_code_crosses_as_its_word() {
    for code in Code::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.word());
    }
}

/// The till's codes are words in its views: each that stands there has a code here.
#[test]
fn every_reason_of_the_till_has_a_code() {
    let sources = [
        include_str!("../../../crates/till/src/view/reason.rs"),
        include_str!("../../../crates/till/src/view/attempt.rs"),
        include_str!("../../../crates/till/src/view/reversal.rs"),
    ];
    let marks = ["ReasonView::code(\"", "ReasonView::with(\"", "code: \"", "=> \""];
    let no_reasons = ["gateway", "vezne", "reversal_answer", "gateway_status", "supervisor"];
    let mut found = 0;
    for line in sources.iter().flat_map(|source| source.lines()) {
        let after = marks.iter().find_map(|mark| line.split_once(mark).map(|(_, rest)| rest));
        let Some((word, _)) = after.and_then(|rest| rest.split_once('"')) else { continue };
        let is_code = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if is_code && !no_reasons.contains(&word) {
            found += 1;
            assert!(Code::of_word(word).is_some(), "no code for {word:?}");
        }
    }
    assert!(found > 40, "the till's codes are no longer found in its views: {found}");
}
