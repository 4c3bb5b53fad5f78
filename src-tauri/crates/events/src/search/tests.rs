use vezne_core::answers::{GatewayNumbers, SecureUse, Success};
use vezne_core::attempt::{Attempt, Entry, Heard, Outcome, State};
use vezne_core::evidence::{Confirmation, Evidence};
use vezne_core::search::{PlanWanted, Wanted, Word, figures, key};
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

use super::*;
use crate::tests::samples::{START, at, intent};

#[test]
fn every_beginning_that_may_be_typed_is_a_term() {
    assert_eq!(beginnings("ayşe", 1), ["a", "ay", "ayş", "ayşe"]);
    assert_eq!(beginnings("415565", 4), ["4155", "41556", "415565"]);
    assert_eq!(beginnings("41", 4), ["41"]);
    let long = beginnings("res202611210418", 1);
    assert_eq!((long.len(), long[11].as_str(), long[12].as_str()), (13, "res202611210", "res202611210418"));
    assert_eq!(beginnings("", 1), Vec::<String>::new());
}

#[test]
fn a_range_is_few_terms_and_holds_every_moment_of_it() {
    let hour = 3_600_000;
    for (from, until) in [(0, 1), (5, 24), (7, 900), (100, 24 * 400 + 3), (-30, 30), (3, 3)] {
        let (from_ms, until_ms) = (from * hour + 7, until * hour - 7);
        let terms = hours::between(from_ms, until_ms);
        assert!(terms.len() < 130, "{}", terms.len());
        for at in from - 2..until + 2 {
            let moment = at * hour + hour / 2;
            let found = hours::of(moment).iter().any(|term| terms.contains(term));
            assert_eq!(found, (from_ms..until_ms).contains(&moment) && from < until, "{at} in {from}..{until}");
        }
    }
    // Ten years.
    assert!(hours::between(0, 3_652 * 24 * hour + 5).len() < 60);
}

#[test]
fn a_query_asks_for_all_of_its_conditions() {
    let now = Timestamp::from_millis(1_795_341_600_000);
    let word = |text: &str| Word { key: Some(key(text)), figures: Vec::new(), currency: None, outcome: None };
    let money = Word { key: None, figures: figures("545,00").0, currency: None, outcome: None };
    let wanted = [Wanted::Word(word("ayşe")), Wanted::Word(money), Wanted::Outcome(Outcome::NotSent)];
    let mut looked = Looked { span: Some((now, now)), ..Looked::default() };
    looked.names.insert("ayse".to_owned(), vec![17]);
    let asked = expression(&wanted, &looked).unwrap();
    assert_eq!(asked, "(\"ayse\" OR \"§n17\") AND (\"§m545p00\") AND (\"§onot·5f·sent\")");
    assert_eq!(expression(&[], &looked), None);
    assert_eq!(expression(&[Wanted::Nothing], &looked).unwrap(), "\"§x\"");
    let limit = expression(&[Wanted::Plan(PlanWanted::CreditLimit)], &looked).unwrap();
    assert_eq!(limit, "(\"§pl\")");
    let long = [Wanted::Word(word("RES-2026/11210418"))];
    assert_eq!(expression(&long, &looked).unwrap(), "(\"res202611210418\" *)");
}

#[test]
fn a_value_of_any_characters_is_one_term_and_no_other_ones() {
    assert_eq!(safe("desk-1"), "desk·2d·1");
    assert_ne!(safe("desk-1"), safe("desk_1"));
    assert_ne!(safe("A"), safe("a"));
}

#[test]
fn the_gateways_numbers_are_found_once_there_is_an_outcome_and_each_word_is_kept_once() {
    let numbers = GatewayNumbers {
        payment: Some(ForeignText::filter("700015")),
        reference: Some(ForeignText::filter("FR-84")),
        authorisation: None,
    };
    let heard = Heard::Success(Success { numbers, secure: SecureUse::NotSaid });
    let mut attempt = Attempt::open(intent(), START);
    attempt.apply(&Entry::Heard(Box::new(heard)), at(1)).unwrap();
    let words = |attempt: &Attempt| column(attempt).split(' ').map(str::to_owned).collect::<Vec<String>>();
    let early = words(&attempt);
    assert!(!early.iter().any(|word| word == "n700015"), "not while it may still come to nothing");
    let approved = State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Confirmed };
    attempt.apply(&Entry::Entered(Box::new(approved)), at(2)).unwrap();
    let settled = words(&attempt);
    let new: Vec<&String> = settled.iter().filter(|word| !early.contains(*word)).collect();
    assert_eq!(new, ["n700015", "nfr84"]);
    let mut once = settled.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), settled.len(), "{settled:?}");
    assert!(settled.iter().all(|word| word.chars().count() > 1), "{settled:?}");
}
