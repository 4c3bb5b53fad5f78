//! From records to events and back.

use vezne_core::attempt::{Attempt, Entry, Round, State};
use vezne_core::ports::JournalFault;
use vezne_core::record::{Batch, EpochReason, Operator, PersonName, Record};
use vezne_core::reversal::{self, Reversal};
use vezne_core::rights::{Act, Role};

use super::samples::*;
use crate::chained::{Draft, Place, RECORDS_MOST, refuse_epochs, ten};
use crate::fold::{fold_attempt, fold_reversal, is_opened, parse, told};
use crate::head::Head;
use crate::{Event, Keys, Line};

fn lines(events: &[Event]) -> Vec<Line> {
    events.iter().map(Event::line).collect()
}

fn entered() -> Entry {
    Entry::Entered(Box::new(State::Sending(Round::First)))
}

fn an_attempt() -> Vec<Event> {
    let records = vec![line(Entry::Opened(Box::new(intent()))), line(entered())];
    Chain::new("dsk_1").write(batch(records), &key("key-1", 1), None).events
}

fn a_reversal() -> Vec<Event> {
    let sending = reversal::Entry::Entered(Box::new(reversal::State::Sending(Round::First)));
    let records = vec![reversal_line(reversal::Entry::Opened(Box::new(refund()))), reversal_line(sending)];
    Chain::new("dsk_1").write(batch(records), &key("key-1", 1), None).events
}

fn unreadable<T: std::fmt::Debug>(found: Result<T, JournalFault>) -> String {
    let fault = found.unwrap_err();
    let JournalFault::Unreadable(words) = fault else { panic!("{fault:?}") };
    words
}

#[test]
fn an_attempt_is_the_fold_of_its_lines() {
    let mut expected = Attempt::open(intent(), at(1));
    expected.apply(&entered(), at(1)).unwrap();
    assert_eq!(fold_attempt(&lines(&an_attempt())).unwrap(), Some(expected));
    assert_eq!(fold_attempt(&[]).unwrap(), None);
}

#[test]
fn a_reversal_is_the_fold_of_its_lines() {
    let mut expected = Reversal::open(refund(), at(1));
    let sending = reversal::State::Sending(Round::First);
    expected.apply(&reversal::Entry::Entered(Box::new(sending)), at(1)).unwrap();
    assert_eq!(fold_reversal(&lines(&a_reversal())).unwrap(), Some(expected));
    assert_eq!(fold_reversal(&[]).unwrap(), None);
}

#[test]
fn lines_that_belong_to_something_else_or_do_not_begin_are_unreadable_and_numbered() {
    let (attempt, reversal) = (lines(&an_attempt()), lines(&a_reversal()));
    assert!(unreadable(fold_attempt(&reversal)).contains("event 1 is filed under"));
    assert!(unreadable(fold_reversal(&attempt)).contains("event 1 is filed under"));
    assert!(unreadable(fold_attempt(&attempt[1..])).contains("from 2 on"));
    assert!(unreadable(fold_reversal(&reversal[1..])).contains("from 2 on"));
    assert!(unreadable(parse("{}", 7)).contains("event 7"));
}

#[test]
fn only_lines_that_begin_with_an_opening_are_more_than_a_fragment() {
    for whole in [lines(&an_attempt()), lines(&a_reversal())] {
        assert!(is_opened(&whole).unwrap());
        assert!(!is_opened(&whole[1..]).unwrap(), "its beginning is lost");
    }
    assert!(!is_opened(&[]).unwrap());
}

#[test]
fn a_line_tells_when_it_was_written_and_what() {
    let events = an_attempt();
    let (moment, record) = told(&events[1].line()).unwrap();
    assert_eq!((moment, record), (at(1), line(entered())));
}

#[test]
fn an_event_is_filed_under_what_it_speaks_of() {
    let operator = Operator {
        id: operator_id(),
        name: "Ayşe".parse().unwrap(),
        role: Role::Cashier,
        pin_hash: "$argon2id$hash".to_owned(),
    };
    let used = Record::RightUsed {
        operator: operator_id(),
        act: Act::Void,
        reason: "erken dönüş".parse().unwrap(),
        about: None,
    };
    let records = vec![
        line(entered()),
        reversal_line(reversal::Entry::Opened(Box::new(refund()))),
        Record::OperatorAdded(operator),
        used,
        Record::EpochStarted { epoch: 1, why: EpochReason::NewJournal },
    ];
    let events = Chain::new("dsk_1").write(batch(records.clone()), &key("key-1", 1), None).events;
    let (payment, attempt) = (Some(payment_id().to_string()), Some(attempt_id(1).to_string()));
    let filed = [
        ("attempt", payment.clone(), attempt.clone(), None),
        ("reversal", payment, attempt, Some(reversal_id().to_string())),
        ("operator_added", None, None, None),
        ("right_used", None, None, None),
        ("epoch_started", None, None, None),
    ];
    for ((event, (kind, payment, attempt, reversal)), record) in events.iter().zip(filed).zip(records) {
        assert_eq!(event.kind, kind);
        assert_eq!((&event.payment_id, &event.attempt_id, &event.reversal_id), (&payment, &attempt, &reversal));
        assert_eq!(parse(&event.body, event.seq).unwrap(), record);
        assert_eq!((event.desk_id.as_str(), event.epoch, event.at_ms), ("dsk_1", 1, at(1).as_millis()));
    }
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

#[test]
fn a_names_commitment_stands_in_the_first_event_that_speaks_of_the_name_else_in_the_first_of_all() {
    let records = vec![line(entered()), line(Entry::Opened(Box::new(intent()))), line(entered())];
    let names = vec![(name_id(1), PersonName::new("AYŞE")), (name_id(9), PersonName::new("ALİ"))];
    let events = Chain::new("dsk_1").write(Batch { records, names }, &key("key-1", 1), None).events;
    let speaks = |event: &Event, n| event.names.contains(&name_id(n).to_string());
    let places: Vec<_> = events.iter().map(|event| (speaks(event, 1), speaks(event, 9))).collect();
    assert_eq!(places, [(false, true), (true, false), (false, false)]);
}

#[test]
fn the_chain_goes_on_from_its_newest_event() {
    let chain = Chain::new("dsk_1").write(batch(vec![line(entered())]), &key("key-1", 1), None);
    let first = chain.events[0].clone();
    let chain = chain.write(batch(vec![line(entered())]), &key("key-1", 1), Some(2));
    let next = &chain.events[1];
    assert_eq!((next.epoch, next.seq, &next.previous_hash), (2, 2, &first.hash));
    let mut cut = chain.tip().unwrap();
    cut.hash.pop();
    assert!(unreadable(Place::after(Some(&cut), "dsk_1", None)).contains("no hash"));
}

#[test]
fn a_batch_may_have_a_thousand_records_and_none_may_begin_an_epoch() {
    let full = || batch(vec![line(entered()); RECORDS_MOST]);
    assert!(Draft::of(full(), at(1), &Counting::new()).is_ok());
    assert!(refuse_epochs(&full()).is_ok());
    let epoch = Record::EpochStarted { epoch: 2, why: EpochReason::Restored };
    assert!(refuse_epochs(&batch(vec![line(entered()), epoch])).is_err());
}

#[test]
fn an_id_takes_the_first_ten_of_sixteen_bytes() {
    assert_eq!(ten(&Counting::new()), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

#[test]
fn the_head_is_the_newest_event_with_its_hash_in_digits() {
    let events = an_attempt();
    let head = Head::of(&events[1]);
    assert_eq!((head.desk.as_str(), head.epoch, head.seq), ("dsk_1", 1, 2));
    assert_eq!(head.hash, crate::chain::hex(&events[1].hash));
    assert_eq!(crate::chain::hex(&[0x00, 0x1f, 0xa0, 0xff]), "001fa0ff");
    assert_eq!(Head::parse("another file\n"), None);
}

#[test]
fn a_key_is_found_by_its_id_and_an_older_one_by_whoever_keeps_them() {
    let older = |id: &str| (id == "key-0").then(|| key("key-0", 9));
    let keys = Keys::new(key("key-1", 1), older);
    assert_eq!(keys.current().id(), "key-1");
    let found = |id: &str| keys.find(id).map(|key| (key.id().to_owned(), *key.expose()));
    assert_eq!(found("key-1"), Some(("key-1".to_owned(), [1; 32])));
    assert_eq!(found("key-0"), Some(("key-0".to_owned(), [9; 32])));
    assert_eq!(found("key-7"), None);
    assert!(Keys::only(key("key-1", 1)).find("key-0").is_none());
}
