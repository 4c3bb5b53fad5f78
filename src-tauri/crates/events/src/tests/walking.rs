//! The walk along chains: epochs, keys that were left or lost, several desks.

use vezne_core::record::{Batch, EpochReason, PersonName, Record};

use super::samples::*;
use crate::verify::{self, Kept, Verification};
use crate::{Break, ChainKey, Event, Keys, Lost, Report, Unverifiable};

fn started(epoch: u32, why: EpochReason) -> Record {
    Record::EpochStarted { epoch, why }
}

fn some(count: usize) -> Batch {
    batch(vec![started(1, EpochReason::NewJournal); count])
}

fn new_epoch(epoch: u32) -> Batch {
    batch(vec![started(epoch, EpochReason::KeyLost)])
}

/// A record that begins nothing.
fn line_batch(count: usize) -> Batch {
    batch(vec![line(vezne_core::attempt::Entry::PageOpened); count])
}

fn first() -> ChainKey {
    key("key-1", 1)
}

fn second() -> ChainKey {
    key("key-2", 2)
}

fn both() -> Keys {
    Keys::new(second(), |id| (id == "key-1").then(first))
}

fn walk(events: &[Event], keys: &Keys) -> Report {
    verify::events(events, keys, |_| None).unwrap()
}

fn first_break(events: &[Event], keys: &Keys) -> Option<(i64, Break)> {
    walk(events, keys).broken.map(|broken| (broken.seq, broken.what))
}

fn span(from: i64, to: i64, key: &str) -> Unverifiable {
    Unverifiable { desk: "dsk_1".to_owned(), from, to, key_id: key.to_owned() }
}

#[test]
fn a_new_epoch_begins_with_its_own_event_and_may_have_a_new_key() {
    let chain = Chain::new("dsk_1").write(some(2), &first(), None);
    let chain = chain.write(new_epoch(2), &second(), Some(2)).write(line_batch(2), &second(), None);
    let report = walk(&chain.events, &both());
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.events, report.epochs), (5, 2));
}

#[test]
fn an_epoch_that_no_event_of_its_own_begins_is_out_of_order() {
    let chain = Chain::new("dsk_1").write(some(2), &first(), None).write(line_batch(1), &first(), Some(2));
    assert_eq!(first_break(&chain.events, &both()), Some((3, Break::Order)));
}

#[test]
fn an_epoch_that_goes_back_is_out_of_order() {
    let chain = Chain::new("dsk_1").write(some(1), &first(), None).write(new_epoch(3), &first(), Some(3));
    let chain = chain.write(new_epoch(2), &first(), Some(2));
    assert_eq!(first_break(&chain.events, &both()), Some((3, Break::Order)));
}

#[test]
fn a_lost_key_named_in_the_midst_of_an_epoch_hides_no_change() {
    let chain = Chain::new("dsk_1").write(some(2), &first(), None).write(line_batch(2), &key("lost", 7), None);
    let chain = chain.write(line_batch(1), &first(), None);
    assert_eq!(first_break(&chain.events, &both()), Some((3, Break::Changed)), "the key that was left came back");
    let later = Chain::new("dsk_1").write(some(2), &first(), None).write(line_batch(2), &second(), None);
    assert!(walk(&later.events, &both()).is_sound(), "a key may be followed by another");
    let again = later.write(new_epoch(2), &first(), Some(2)).write(line_batch(2), &first(), None);
    assert!(walk(&again.events, &both()).is_sound(), "and come back with a new epoch");
}

#[test]
fn each_lost_key_has_a_span_of_its_own() {
    let chain = Chain::new("dsk_1").write(some(2), &key("lost-1", 7), None);
    let chain = chain.write(line_batch(2), &key("lost-2", 8), None).write(line_batch(1), &second(), None);
    let chain = chain.write(new_epoch(2), &key("lost-2", 8), Some(2));
    let report = walk(&chain.events, &both());
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.unverifiable, [span(1, 2, "lost-1"), span(3, 4, "lost-2"), span(6, 6, "lost-2")]);
}

#[test]
fn each_desk_has_a_chain_of_its_own_from_one() {
    let mut events = Chain::new("dsk_1").write(some(2), &second(), None).events;
    events.extend(Chain::new("dsk_2").write(some(3), &second(), None).events);
    let report = walk(&events, &both());
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.events, report.epochs), (5, 2));
    events[3].body.push(' ');
    let broken = walk(&events, &both()).broken.unwrap();
    assert_eq!((broken.desk.as_str(), broken.seq, broken.what), ("dsk_2", 2, Break::Changed));
}

#[test]
fn lost_keys_of_two_desks_are_two_spans() {
    let mut events = Chain::new("dsk_1").write(some(1), &key("lost", 7), None).events;
    let other = Chain::new("dsk_2").write(some(2), &key("lost", 7), None).events;
    events.extend(other);
    let spans = walk(&events, &both()).unverifiable;
    let told: Vec<_> = spans.iter().map(|span| (span.desk.as_str(), span.from, span.to)).collect();
    assert_eq!(told, [("dsk_1", 1, 1), ("dsk_2", 1, 2)]);
}

#[test]
fn a_walk_says_where_it_stands() {
    let keys = both();
    let mut walk = Verification::new(&keys, Vec::new());
    assert_eq!(walk.stands_at(), ("", 0));
    for event in &Chain::new("dsk_1").write(some(2), &second(), None).events {
        walk.take(event).unwrap();
        assert_eq!(walk.stands_at(), ("dsk_1", event.seq));
    }
}

#[test]
fn after_the_first_fault_events_are_counted_and_nothing_is_asked() {
    let names = vec![(name_id(1), PersonName::new("AYŞE"))];
    let records = vec![started(1, EpochReason::NewJournal)];
    let chain = Chain::new("dsk_1").write(some(2), &second(), None).write(Batch { records, names }, &second(), None);
    let mut events = chain.write(new_epoch(2), &second(), Some(2)).events;
    let keys = both();
    let mut sound = Verification::new(&keys, Vec::new());
    let asked: usize = events.iter().map(|event| sound.take(event).unwrap().len()).sum();
    assert_eq!(asked, 1);
    events[0].body.push(' ');
    let mut walk = Verification::new(&keys, Vec::new());
    for event in &events {
        assert!(walk.take(event).unwrap().is_empty());
    }
    let report = walk.end();
    assert_eq!((report.events, report.epochs), (4, 2));
    assert_eq!(report.broken.unwrap().seq, 1);
}

#[test]
fn after_the_first_fault_names_are_not_held_against_anything() {
    let names = vec![(name_id(1), PersonName::new("AYŞE")), (name_id(2), PersonName::new("ALİ"))];
    let records = vec![started(1, EpochReason::NewJournal)];
    let chain = Chain::new("dsk_1").write(Batch { records, names }, &second(), None);
    let report =
        verify::events(&chain.events, &both(), |_| Some(Kept::Name { text: "VELİ".to_owned(), salt: vec![] }));
    let report = report.unwrap();
    assert_eq!(report.names, 1, "the second is not looked at any more");
    assert_eq!(report.broken.unwrap().what, Break::Name { name: name_id(1).to_string() });
}

#[test]
fn commitments_that_can_not_be_read_are_said_with_their_event() {
    let mut event = Chain::new("dsk_1").write(some(1), &second(), None).events.remove(0);
    event.names = "AYŞE".to_owned();
    event.hash = event.link().hash(&second()).to_vec();
    let found = verify::events([&event], &both(), |_| None);
    assert!(format!("{found:?}").contains("the names of event 1"), "{found:?}");
}

/// The walk over events of which some were lost, with what the repair declared of it.
fn walk_with_loss(events: &[Event], declared: &[Lost]) -> Report {
    let keys = both();
    let mut verification = Verification::new(&keys, declared.to_vec());
    for event in events {
        assert!(verification.take(event).unwrap().is_empty());
    }
    verification.end()
}

#[test]
fn a_gap_is_passed_over_when_exactly_this_gap_was_declared() {
    let mut events = Chain::new("dsk_1").write(some(1), &first(), None).write(line_batch(5), &first(), None).events;
    events.drain(2..4);
    let gap = |first, last| Lost { first, last };
    let report = walk_with_loss(&events, &[gap(3, 4)]);
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.lost, [gap(3, 4)]);
    for other in [gap(3, 3), gap(4, 4), gap(3, 5), gap(2, 4)] {
        let report = walk_with_loss(&events, std::slice::from_ref(&other));
        assert_eq!(
            report.broken.map(|broken| (broken.seq, broken.what)),
            Some((3, Break::Gap { found: 5 })),
            "{other}"
        );
        assert!(report.lost.is_empty());
    }
}

#[test]
fn one_lost_event_is_a_gap_too_and_where_none_is_missing_nothing_is_passed_over() {
    let mut events = Chain::new("dsk_1").write(some(1), &first(), None).write(line_batch(4), &first(), None).events;
    let whole = walk_with_loss(&events, &[Lost { first: 3, last: 2 }, Lost { first: 3, last: 3 }]);
    assert!(whole.is_sound() && whole.lost.is_empty(), "{whole:?}");
    events.remove(2);
    let report = walk_with_loss(&events, &[Lost { first: 3, last: 3 }]);
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.lost, [Lost { first: 3, last: 3 }]);
}
