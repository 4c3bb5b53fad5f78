//! Each rule is broken once, and must be noticed; a judge that finds nothing may be asleep.

use vezne_sandbox::{ChargeKind, Counts, Gateway};

use super::*;

fn attempt(states: &[&str]) -> Attempt {
    Attempt {
        id: "att_1".to_owned(),
        payment: "pay_1".to_owned(),
        code: "VZ1".to_owned(),
        subject: "R-1".to_owned(),
        is_order: false,
        total_minor: Some(5_000),
        states: states.iter().map(|&state| state.to_owned()).collect(),
        contradicted: false,
        blind: false,
    }
}

fn charge(key: &str) -> Charge {
    Charge {
        gateway: Gateway::Finrota,
        reference: Some(key.to_owned()),
        order: None,
        amount_minor: 5_000,
        currency: "TRY".to_owned(),
        installments: 1,
        last_four: None,
        at: String::new(),
        reversed_minor: 0,
        kind: ChargeKind::Card,
    }
}

/// A ledger in which `VZ1` got so many requests and these charges.
fn ledger(received: u32, charges: &[&str]) -> LedgerSnapshot {
    let mut ledger = LedgerSnapshot::default();
    ledger.counts.insert("VZ1".to_owned(), Counts { received, ..Counts::default() });
    ledger.charges.extend(charges.iter().map(|key| charge(key)));
    ledger
}

fn judged(attempts: &[Attempt], ledger: &LedgerSnapshot, attention: &[&str]) -> Vec<String> {
    let books = Books { attempts: attempts.to_vec(), ..Books::default() };
    let attention = attention.iter().map(|&id| id.to_owned()).collect();
    check(&Witnesses { books: &books, ledger, attention: &attention, taken_up: true })
}

#[track_caller]
fn assert_wrong(wrong: &[String], words: &str) {
    assert!(wrong.iter().any(|one| one.contains(words)), "{words:?} was not noticed: {wrong:?}");
}

#[test]
fn what_is_true_is_not_complained_about() {
    let none: [String; 0] = [];
    let sent = ["ready", "sending"];
    let with = |last: &'static str| attempt(&[sent[0], sent[1], last]);
    assert_eq!(judged(&[with("approved")], &ledger(1, &["VZ1"]), &[]), none);
    assert_eq!(judged(&[with("declined")], &ledger(1, &[]), &[]), none);
    assert_eq!(judged(&[with("unknown")], &ledger(1, &["VZ1"]), &["att_1"]), none);
    assert_eq!(judged(&[with("unknown")], &ledger(1, &[]), &["att_1"]), none);
    assert_eq!(judged(&[attempt(&["ready", "not_sent"])], &LedgerSnapshot::default(), &[]), none);
    let twice = attempt(&["ready", "sending", "reauthorising", "sending", "approved"]);
    assert_eq!(judged(&[twice], &ledger(2, &["VZ1"]), &[]), none);
}

#[test]
fn a_charge_that_the_journal_denies_is_noticed() {
    for last in ["declined", "refused", "not_sent"] {
        let wrong = judged(&[attempt(&["ready", "sending", last])], &ledger(1, &["VZ1"]), &[]);
        assert_wrong(&wrong, "was charged, and the journal says");
        assert_wrong(&wrong, "and was charged");
    }
    assert_wrong(&judged(&[], &ledger(0, &["VZ9"]), &[]), "VZ9 was charged");
}

#[test]
fn an_approval_without_a_charge_or_with_another_amount_is_noticed() {
    let approved = attempt(&["ready", "sending", "approved"]);
    assert_wrong(&judged(std::slice::from_ref(&approved), &ledger(1, &[]), &[]), "nothing was charged");
    let other = Attempt { total_minor: Some(4_999), ..approved };
    assert_wrong(&judged(&[other], &ledger(1, &["VZ1"]), &[]), "is approved with");
}

#[test]
fn two_charges_for_one_booking_number_are_noticed_under_two_references_too() {
    let first = attempt(&["ready", "sending", "approved"]);
    assert_wrong(&judged(std::slice::from_ref(&first), &ledger(1, &["VZ1", "VZ1"]), &[]), "R-1 was charged 2 times");
    let second = Attempt { id: "att_2".to_owned(), code: "VZ2".to_owned(), ..first.clone() };
    assert_wrong(&judged(&[first, second], &ledger(1, &["VZ1", "VZ2"]), &[]), "R-1 was charged 2 times");
}

#[test]
fn a_request_that_was_not_written_down_first_or_is_repeated_is_noticed() {
    assert_wrong(&judged(&[], &ledger(1, &[]), &[]), "0 were written down");
    let unknown = attempt(&["ready", "sending", "unknown"]);
    assert_wrong(&judged(&[unknown], &ledger(2, &[]), &["att_1"]), "got 2 payment requests, and 1");
    let again = attempt(&["ready", "sending", "sending", "unknown"]);
    assert_wrong(&judged(&[again], &ledger(2, &[]), &["att_1"]), "without a 401");
    let wrong = sent_again(&ledger(1, &[]), &ledger(2, &[]));
    assert_wrong(&wrong, "after a restart");
    assert!(sent_again(&ledger(1, &[]), &ledger(1, &["VZ1"])).is_empty(), "the bank may be late");
}

#[test]
fn an_attempt_that_is_neither_final_nor_listed_is_noticed() {
    let unknown = attempt(&["ready", "sending", "unknown"]);
    assert_wrong(&judged(std::slice::from_ref(&unknown), &ledger(1, &[]), &[]), "not listed");
    for state in ["ready", "sending", "reauthorising"] {
        assert_wrong(&judged(&[attempt(&["ready", state])], &ledger(0, &[]), &[]), "after a restart");
    }
    let twin = Attempt { id: "att_2".to_owned(), code: "VZ2".to_owned(), ..unknown.clone() };
    assert_wrong(&judged(&[unknown, twin], &ledger(1, &[]), &["att_1", "att_2"]), "two attempts");
}

fn back(states: &[&str]) -> Reversal {
    let states = states.iter().map(|&state| state.to_owned()).collect();
    Reversal { id: "rev_1".to_owned(), attempt: "att_1".to_owned(), amount_minor: 2_000, states }
}

#[test]
fn money_that_went_back_unknown_to_the_journal_or_did_not_is_noticed() {
    let with = |reversal: Reversal, returned: Option<i64>, received: u32, attention: &[&str]| {
        let attempts = vec![attempt(&["ready", "sending", "approved"])];
        let books = Books { attempts, reversals: vec![reversal], events: 0 };
        let mut ledger = ledger(1, &["VZ1"]);
        ledger.reversals.extend(returned.map(|amount_minor| vezne_sandbox::Reversal {
            gateway: Gateway::Finrota,
            key: "VZ1".to_owned(),
            kind: "refund".to_owned(),
            amount_minor,
            at: String::new(),
        }));
        ledger.counts.get_mut("VZ1").unwrap().reversals_received = received;
        let attention = attention.iter().map(|&id| id.to_owned()).collect();
        check(&Witnesses { books: &books, ledger: &ledger, attention: &attention, taken_up: true })
    };
    let none: [String; 0] = [];
    assert_eq!(with(back(&["ready", "sending", "done"]), Some(2_000), 1, &[]), none);
    assert_eq!(with(back(&["ready", "sending", "unknown"]), Some(2_000), 1, &["rev_1"]), none);
    assert_wrong(&with(back(&["ready", "sending", "done"]), None, 1, &[]), "said to have gone back");
    assert_wrong(&with(back(&["ready", "sending", "refused"]), Some(2_000), 1, &[]), "went back, and the journal");
    assert_wrong(&with(back(&["ready", "sending", "done"]), Some(2_000), 2, &[]), "2 reversal requests");
    assert_wrong(&with(back(&["ready", "sending", "unknown"]), None, 1, &[]), "not listed");
    assert_wrong(&with(back(&["ready"]), None, 0, &[]), "after a restart");
}
