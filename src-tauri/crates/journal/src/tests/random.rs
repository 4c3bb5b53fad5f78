//! Ten thousand random batches: the journal and a model in memory say the same, to the last column.

use std::collections::BTreeMap;

use tokio::sync::oneshot;
use vezne_core::answers::{DeclineReason, Failure, GatewayRefusal, NotSentReason, RefusalReason, Unclear};
use vezne_core::attempt::{Alarm, Attempt, Contradiction, Heard, NotSent, Refused, Round};
use vezne_core::ports::JournalFault;
use vezne_core::reversal::Reversal;
use vezne_core::status::Seen;

use super::{exporting, *};
use crate::tables::{attempts, reversals};
use crate::writer::Work;
use vezne_events::rows::{self, Standing};

const BATCHES: u64 = 10_000;

/// A small generator with a fixed seed: the same ten thousand every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

fn any_state(dice: &mut Dice) -> State {
    let failure = Failure::plain(DeclineReason::CardDeclined);
    let (evidence, unconfirmed) = (Evidence::PayAnswer, Confirmation::Unconfirmed);
    match dice.below(14) {
        0 | 1 => State::Sending(Round::First),
        2 => State::Reauthorising,
        3 => State::AtBank,
        4 => State::Confirming(Heard::Nothing),
        5 => unknown(),
        6 => set_aside(),
        7 | 8 => approved(),
        9 => State::Approved { evidence, confirmation: unconfirmed },
        10 => State::Declined { failure, evidence, confirmation: unconfirmed },
        11 => State::Refused(Refused::Gateway(GatewayRefusal { reason: RefusalReason::NotAllowed, text: None })),
        12 => State::NotSent(NotSent { reason: NotSentReason::Offline }),
        _ => counter(CounterOutcome::Declined),
    }
}

fn any_entry(dice: &mut Dice) -> Entry {
    match dice.below(7) {
        0 => Entry::PageOpened,
        6 => Entry::PageMoved,
        1 => Entry::Alarmed(Alarm::PaidByUnknownCard),
        2 => Entry::Contradicted(Contradiction { seen: Seen::default(), paid: true }),
        _ => Entry::Entered(Box::new(any_state(dice))),
    }
}

fn any_reversal_entry(dice: &mut Dice) -> reversal::Entry {
    let state = match dice.below(5) {
        0 => reversal::State::Sending(Round::First),
        1 => reversal::State::Done { proof: reversal::Proof::Answer },
        2 => reversal::State::NotDone { word: word() },
        3 => reversal::State::NotSent { reason: NotSentReason::NoSlot },
        _ => {
            let cause = reversal::UnknownCause::Unclear(Unclear::TimedOut);
            return match dice.below(2) {
                0 => reversal::Entry::Alarmed(cause),
                _ => reversal::Entry::Entered(Box::new(reversal::State::Unknown { cause })),
            };
        }
    };
    reversal::Entry::Entered(Box::new(state))
}

/// An attempt or reversal, and the numbers of its first and last event.
type Placed<T> = (T, i64, i64);

/// What the journal should hold.
#[derive(Default)]
struct Model {
    seq: i64,
    attempts: BTreeMap<u64, Placed<Attempt>>,
    reversals: BTreeMap<u64, Placed<Reversal>>,
}

/// What the model held before a batch.
struct Before {
    seq: i64,
    attempts: Vec<(u64, Option<Placed<Attempt>>)>,
    reversals: Vec<(u64, Option<Placed<Reversal>>)>,
}

/// Ids are made of the number alone; its lowest 20 bits are the last four letters.
fn number_of(id: &str) -> u64 {
    const LETTERS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digit = |letter| u64::try_from(LETTERS.find(letter).unwrap()).unwrap();
    id[id.len() - 4..].chars().fold(0, |number, letter| number * 32 + digit(letter))
}

impl Model {
    /// Takes the records as the journal would.
    fn take(&mut self, records: &[Record], now: Timestamp) -> Before {
        let mut before = Before { seq: self.seq, attempts: Vec::new(), reversals: Vec::new() };
        for record in records {
            self.seq += 1;
            if let Some((attempt, entry)) = record.attempt_line() {
                let number = number_of(&attempt.to_string());
                before.attempts.push((number, self.attempts.get(&number).cloned()));
                if let Entry::Opened(intent) = entry {
                    self.attempts.insert(number, (Attempt::open((**intent).clone(), now), self.seq, self.seq));
                } else {
                    let known = self.attempts.get_mut(&number).unwrap();
                    known.0.apply(entry, now).unwrap();
                    known.2 = self.seq;
                }
            }
            if let Some((reversal, entry)) = record.reversal_line() {
                let number = number_of(&reversal.to_string());
                before.reversals.push((number, self.reversals.get(&number).cloned()));
                if let reversal::Entry::Opened(intent) = entry {
                    self.reversals.insert(number, (Reversal::open((**intent).clone(), now), self.seq, self.seq));
                } else {
                    let known = self.reversals.get_mut(&number).unwrap();
                    known.0.apply(entry, now).unwrap();
                    known.2 = self.seq;
                }
            }
        }
        before
    }

    /// Takes a batch back.
    fn restore(&mut self, before: Before) {
        self.seq = before.seq;
        for (number, known) in before.attempts.into_iter().rev() {
            match known {
                Some(known) => drop(self.attempts.insert(number, known)),
                None => drop(self.attempts.remove(&number)),
            }
        }
        for (number, known) in before.reversals.into_iter().rev() {
            match known {
                Some(known) => drop(self.reversals.insert(number, known)),
                None => drop(self.reversals.remove(&number)),
            }
        }
    }

    /// What must be refused about it.
    fn fault(&self) -> Option<JournalFault> {
        let mut keys: Vec<_> = self
            .attempts
            .values()
            .filter(|(attempt, ..)| attempt.state.blocks())
            .map(|(attempt, ..)| attempt.intent.guard_key())
            .collect();
        let mut payments: Vec<_> = self
            .reversals
            .values()
            .filter(|(reversal, ..)| !reversal.state.is_final())
            .map(|(reversal, ..)| reversal.intent.payment)
            .collect();
        let (all_keys, all_payments) = (keys.len(), payments.len());
        keys.sort();
        keys.dedup();
        payments.sort();
        payments.dedup();
        if keys.len() < all_keys {
            Some(JournalFault::KeyTaken)
        } else if payments.len() < all_payments {
            Some(JournalFault::ReversalOpen)
        } else {
            None
        }
    }
}

/// One of them: the newest ones, or one that is still open.
fn pick<'a, T>(dice: &mut Dice, all: &'a BTreeMap<u64, Placed<T>>, open: impl Fn(&T) -> bool) -> Option<&'a T> {
    let place = usize::try_from(dice.below(12)).unwrap();
    let open: Vec<&T> = match dice.below(3) {
        0 => all.values().rev().take(12).map(|(one, ..)| one).collect(),
        _ => all.values().rev().map(|(one, ..)| one).filter(|one| open(one)).take(40).collect(),
    };
    open.get(place % open.len().max(1)).copied()
}

fn any_batch(dice: &mut Dice, model: &Model, number: u64) -> Vec<Record> {
    let attempt = pick(dice, &model.attempts, |attempt| attempt.state.blocks());
    let Some(attempt) = attempt.filter(|_| dice.below(3) > 0) else {
        let mut one = intent(number, &format!("R-{}", dice.below(60)));
        if dice.below(5) == 0 {
            one = on_limit(one);
        }
        let mut records = vec![opened(&one)];
        records.extend((0..dice.below(3)).map(|_| line(&one, any_entry(dice))));
        return records;
    };
    let reversal = pick(dice, &model.reversals, |reversal| !reversal.state.is_final());
    match (dice.below(10), reversal) {
        (0 | 1, _) => vec![reversal_opened(&refund(number, &attempt.intent, lira(100)))],
        (2 | 3, Some(reversal)) => vec![reversal_line(&reversal.intent, any_reversal_entry(dice))],
        (4, _) => vec![right_used(Some(attempt.intent.attempt)), line(&attempt.intent, any_entry(dice))],
        _ => (0..=dice.below(3)).map(|_| line(&attempt.intent, any_entry(dice))).collect(),
    }
}

#[tokio::test]
async fn ten_thousand_random_batches_leave_projections_that_equal_the_fold() {
    let (folder, journal) = journal().await;
    // Ten thousand syncs would take longer than everything else; what is tested here is not the disk.
    let (reply, done) = oneshot::channel();
    let run = Work::Run { sql: "PRAGMA synchronous = OFF", reply };
    assert!(journal.writer.as_ref().unwrap().send(run).await.is_ok());
    done.await.unwrap();

    let mut dice = Dice(0x5EED_0001);
    let mut model = Model { seq: 1, ..Model::default() };
    let mut refused = 0;
    for number in 1..=BATCHES {
        let records = any_batch(&mut dice, &model, number);
        let before = model.take(&records, at(number));
        let expected = model.fault();
        let appended = journal.append(batch(records), at(number)).await;
        match expected {
            None => appended.unwrap(),
            Some(fault) => {
                assert_eq!(appended, Err(fault), "batch {number}");
                model.restore(before);
                refused += 1;
            }
        }
    }
    let counts = (refused, model.attempts.len(), model.reversals.len());
    assert!(counts.0 > 500 && counts.1 > 500 && counts.2 > 100, "{counts:?}");
    compare(&folder, &journal, &model).await;
}

async fn compare(folder: &TempDir, journal: &Journal, model: &Model) {
    let desk = journal.desk().to_string();
    let mut db = raw(folder.path()).await;
    for (attempt, first_seq, last_seq) in model.attempts.values() {
        let id = attempt.intent.attempt;
        assert_eq!(journal.attempt(id).await.unwrap().as_ref(), Some(attempt));
        let standing = Standing { desk: &desk, first_seq: *first_seq, last_seq: *last_seq };
        let row = attempts::get(&mut db, &id.to_string()).await.unwrap();
        assert_eq!(row, Some(rows::attempt(attempt, standing)));
    }
    for (reversal, first_seq, last_seq) in model.reversals.values() {
        let id = reversal.intent.reversal;
        assert_eq!(journal.reversal(id).await.unwrap().as_ref(), Some(reversal));
        let standing = Standing { desk: &desk, first_seq: *first_seq, last_seq: *last_seq };
        let row = reversals::get(&mut db, &id.to_string()).await.unwrap();
        assert_eq!(row, Some(rows::reversal(reversal, standing)));
    }
    let unfinished = journal.unfinished(at(BATCHES), Millis::ZERO).await.unwrap();
    let watched = |attempt: &Attempt| {
        let lasts = attempt.contradiction.is_some() || !attempt.alarms.is_empty();
        !attempt.state.is_final() || lasts || attempt.needs_attention(at(BATCHES))
    };
    assert_eq!(unfinished.attempts.len(), model.attempts.values().filter(|(attempt, ..)| watched(attempt)).count());
    let report = journal.verify().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(i64::try_from(report.events).unwrap(), model.seq);
    let before = dump(folder.path()).await;
    assert_eq!(before.iter().filter(|row| row.starts_with("attempts|")).count(), model.attempts.len());
    journal.rebuild().await.unwrap();
    assert!(dump(folder.path()).await == before, "a rebuild changed the projections");
    imported(journal, &mut db).await;
}

/// Whoever has nothing but the exported events makes the same tables of them.
async fn imported(journal: &Journal, db: &mut SqliteConnection) {
    let (made, back) = exporting::rows_of(&exporting::every_event(journal).await);
    assert_eq!(i64::try_from(made.len()).unwrap(), attempts::count(db).await.unwrap());
    assert_eq!(i64::try_from(back.len()).unwrap(), reversals::count(db).await.unwrap());
    for row in made {
        assert_eq!(attempts::get(db, &row.attempt_id).await.unwrap().as_ref(), Some(&row));
    }
    for row in back {
        assert_eq!(reversals::get(db, &row.reversal_id).await.unwrap().as_ref(), Some(&row));
    }
}
