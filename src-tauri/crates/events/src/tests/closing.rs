//! A close that is counted again from its events says what it said when it was made, wherever between two events it stands.

use vezne_core::attempt::{Alarm, Attempt, Contradiction, Entry, Round, State, Unknown, UnknownCause};
use vezne_core::close::{Covers, DayClose, Label, Sum, Tally};
use vezne_core::evidence::{Confirmation, Evidence};
use vezne_core::record::{EpochReason, Record};
use vezne_core::reversal::{self, Reversal};
use vezne_core::status::Seen;

use super::samples::*;
use crate::closing::{Made, Recount, misfits};
use crate::{Line, Lost, chain};

/// One payment as it comes to be written, with closes in between.
#[derive(Default)]
struct Desk {
    seq: i64,
    attempt: (Option<Attempt>, Option<Attempt>),
    reversal: (Option<Reversal>, Option<Reversal>),
    of_attempt: Vec<Line>,
    of_reversal: Vec<Line>,
    closes: Vec<Made>,
}

impl Desk {
    fn write(&mut self, record: &Record) {
        self.seq += 1;
        let moment = at(self.seq.unsigned_abs() * 60);
        let line = Line { seq: self.seq, at_ms: moment.as_millis(), body: serde_json::to_string(record).unwrap() };
        if let Some((_, entry)) = record.attempt_line() {
            if let Entry::Opened(intent) = entry {
                self.attempt.1 = Some(Attempt::open((**intent).clone(), moment));
            } else {
                self.attempt.1.as_mut().unwrap().apply(entry, moment).unwrap();
            }
            self.of_attempt.push(line);
        } else if let Some((_, entry)) = record.reversal_line() {
            if let reversal::Entry::Opened(intent) = entry {
                self.reversal.1 = Some(Reversal::open((**intent).clone(), moment));
            } else {
                self.reversal.1.as_mut().unwrap().apply(entry, moment).unwrap();
            }
            self.of_reversal.push(line);
        }
    }

    fn close(&mut self) {
        let label = Label {
            zone: "Europe/Istanbul".to_owned(),
            from: "2026-11-21".parse().unwrap(),
            to: "2026-11-21".parse().unwrap(),
        };
        let mut tally = Tally::new(label.time_zone());
        if let Some(attempt) = &self.attempt.1 {
            tally.attempt(self.attempt.0.as_ref(), attempt);
        }
        if let Some(reversal) = &self.reversal.1 {
            tally.reversal(self.reversal.0.as_ref(), reversal, self.attempt.1.as_ref());
        }
        let before = self.closes.last();
        let close = DayClose {
            number: before.map_or(1, |before| before.close.number + 1),
            covers: Covers {
                after: before.map_or(0, |before| before.seq),
                since: before.map(|before| before.close.at),
                tip: self.seq,
                tip_hash: String::new(),
            },
            at: at(self.seq.unsigned_abs() * 60 + 30),
            label,
            operator: None,
            missing: None,
            figures: tally.end(),
        };
        self.seq += 1;
        self.closes.push(Made { close, seq: self.seq, hash: Vec::new() });
        self.attempt.0.clone_from(&self.attempt.1);
        self.reversal.0.clone_from(&self.reversal.1);
    }

    fn differences(&self) -> Vec<String> {
        let mut recount = Recount::new(self.closes.clone());
        recount.attempt(&self.of_attempt).unwrap();
        recount.reversal(&self.of_reversal, &self.of_attempt).unwrap();
        recount.differences()
    }
}

/// What came to stand after these records, with a close behind each whose bit is set.
fn desk(records: &[Record], closes: usize) -> Desk {
    let mut desk = Desk::default();
    for (place, record) in records.iter().enumerate() {
        desk.write(record);
        if closes >> place & 1 == 1 {
            desk.close();
        }
    }
    desk
}

/// Every beginning of a history, closed at every choice of places in it and twice behind it.
fn every_close_is_counted_alike(history: &[Record]) {
    let elsewhere = Record::EpochStarted { epoch: 1, why: EpochReason::NewJournal };
    for length in 1..=history.len() {
        let mut records = history[..length].to_vec();
        records.extend([elsewhere.clone(), elsewhere.clone()]);
        for closes in 0..1 << records.len() {
            let desk = desk(&records, closes);
            assert_eq!(desk.differences(), [""; 0], "{length} records, closes {closes:b}");
        }
    }
}

fn stands(state: State) -> Record {
    line(Entry::Entered(Box::new(state)))
}

fn comes_to(state: reversal::State) -> Record {
    reversal_line(reversal::Entry::Entered(Box::new(state)))
}

fn approved() -> State {
    State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Confirmed }
}

fn done() -> reversal::State {
    reversal::State::Done { proof: reversal::Proof::Answer }
}

#[test]
fn an_attempt_is_counted_alike_wherever_its_closes_stand() {
    every_close_is_counted_alike(&[
        line(Entry::Opened(Box::new(intent()))),
        stands(State::Sending(Round::First)),
        stands(State::Unknown(Unknown { cause: UnknownCause::Restarted })),
        stands(approved()),
        line(Entry::Alarmed(Alarm::PaidByUnknownCard)),
        line(Entry::Contradicted(Contradiction { seen: Seen::default(), paid: false })),
    ]);
}

#[test]
fn a_reversal_is_counted_alike_wherever_its_closes_stand() {
    every_close_is_counted_alike(&[
        line(Entry::Opened(Box::new(intent()))),
        stands(approved()),
        reversal_line(reversal::Entry::Opened(Box::new(refund()))),
        comes_to(reversal::State::Unknown { cause: reversal::UnknownCause::Restarted }),
        comes_to(done()),
        reversal_line(reversal::Entry::Alarmed(reversal::UnknownCause::Restarted)),
    ]);
}

#[test]
fn a_figure_that_is_another_is_told_and_an_hour_that_lies_elsewhere_is_not() {
    let records = [line(Entry::Opened(Box::new(intent()))), stands(approved())];
    let mut desk = desk(&records, 0b11);
    let second = &mut desk.closes[1].close.figures;
    assert_eq!(second.cells[0].sums.approved, Sum { count: 1, minor: 55_500 });
    // The rules of the time zone are others than they were.
    second.hours[0].start = at(7);
    assert_eq!(desk.differences(), [""; 0]);
    desk.closes[1].close.figures.cells[0].sums.approved.minor += 1;
    assert_eq!(desk.differences(), ["close 2: its figures are not those of its events"]);
}

const HASH: [u8; 2] = [1, 2];

/// A close of what lies between the close before it and itself.
fn made(number: u32, after: i64, seq: i64) -> Made {
    let mut desk = Desk { seq: seq - 1, ..Desk::default() };
    desk.close();
    let mut made = desk.closes.remove(0);
    made.close.number = number;
    made.close.covers.after = after;
    made.close.covers.tip_hash = chain::hex(&HASH);
    made
}

#[test]
fn what_is_missing_between_two_closes_is_told_unless_events_between_them_were_declared_lost() {
    let hashes = [Some(HASH.to_vec()), Some(HASH.to_vec())];
    let whole = [made(1, 0, 5), made(2, 5, 10)];
    assert_eq!(misfits(&whole, &[], &hashes), [""; 0]);
    // The second is called the third.
    let closes = [made(1, 0, 5), made(3, 5, 10)];
    let told = |first, last| misfits(&closes, &[Lost { first, last }], &hashes);
    assert_eq!(misfits(&closes, &[], &hashes), ["close 3: number 2 is missing"]);
    for (first, last) in [(6, 7), (3, 6), (6, 6), (8, 12), (9, 9)] {
        assert_eq!(told(first, last), [""; 0], "{first} to {last} may have been a close");
    }
    for (first, last) in [(2, 3), (3, 5), (5, 5), (10, 10), (10, 12), (12, 13)] {
        assert_eq!(told(first, last).len(), 1, "{first} to {last} lies elsewhere");
    }
}

#[test]
fn a_close_whose_last_event_is_another_is_told_unless_that_event_was_declared_lost() {
    let closes = [made(1, 0, 5), made(2, 5, 10)];
    for other in [None, Some(vec![1, 3])] {
        let hashes = [Some(HASH.to_vec()), other];
        let told = |lost: &[Lost]| misfits(&closes, lost, &hashes);
        let words = ["close 2: event 9 is another one than it was anchored to"];
        assert_eq!(told(&[]), words);
        for (first, last) in [(9, 9), (8, 9), (9, 11), (8, 10)] {
            assert_eq!(told(&[Lost { first, last }]), [""; 0], "{first} to {last}");
        }
        for (first, last) in [(7, 8), (8, 8), (10, 10), (10, 11)] {
            assert_eq!(told(&[Lost { first, last }]), words, "{first} to {last}");
        }
    }
}
