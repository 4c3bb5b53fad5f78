//! What a verification found, in words.

use crate::{Break, Broken, Lost, Report, Unverifiable};

fn broken(what: Break) -> Broken {
    Broken { desk: "dsk_1".to_owned(), seq: 7, what }
}

#[test]
fn each_break_is_said_with_its_number() {
    let name = || "nam_1".to_owned();
    for (what, words) in [
        (Break::Changed, "event 7 is not what was written"),
        (Break::Gap { found: 9 }, "event 7 is missing: the next one there is 9"),
        (Break::Order, "event 7 does not follow the one before it"),
        (Break::Name { name: name() }, "the name nam_1 beside event 7 is not what was written"),
        (Break::NameGone { name: name() }, "the name nam_1 beside event 7 is gone without being erased"),
        (Break::CutShort { known: 12 }, "the events from 7 to 12 are missing at the end"),
        (Break::Replaced, "event 7 is another one than was written here"),
        (Break::Unguarded, "the triggers that forbid changing events are gone"),
    ] {
        assert_eq!(broken(what).to_string(), words);
    }
}

#[test]
fn a_span_without_its_key_can_not_be_verified_before_the_event_after_it() {
    let span = Unverifiable { desk: "dsk_1".to_owned(), from: 1, to: 4, key_id: "key-0".to_owned() };
    assert_eq!(span.to_string(), "cannot be verified before event 5 (from event 1 on): key key-0 is lost");
}

#[test]
fn a_span_that_was_lost_is_said_with_both_its_ends() {
    assert_eq!(Lost { first: 3, last: 9 }.to_string(), "events 3 to 9 are lost, as the repair declared");
}

#[test]
fn the_gravest_finding_is_said_first() {
    let mut report = Report::default();
    assert!(report.is_sound());
    assert_eq!(report.first_fault(), None);
    report.differs("attempts", "att_1");
    assert!(!report.is_sound());
    assert_eq!(report.first_fault().unwrap(), "attempts att_1 differs from its events; a rebuild puts it right");
    report.database.push("row 3 missing from index".to_owned());
    assert_eq!(report.first_fault().unwrap(), "the database is damaged: row 3 missing from index");
    report.broken = Some(broken(Break::Order));
    assert_eq!(report.first_fault().unwrap(), "event 7 does not follow the one before it");
}

#[test]
fn a_hundred_differing_rows_are_named_and_not_one_more() {
    let mut report = Report::default();
    for number in 0..150 {
        report.differs("payments", &number.to_string());
    }
    assert_eq!(report.projections.len(), 100);
    assert_eq!(report.projections[0], "payments 0");
    assert_eq!(report.projections[99], "payments 99");
}
