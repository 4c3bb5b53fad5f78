//! How much SQLite has to do, counted in the steps of its machine and not in seconds: what is written or asked at a desk costs in a
//! large journal what it costs in a small one, and what reads all of it costs as much more as there is more of it.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::tz::TimeZone;
use tokio::sync::oneshot;
use vezne_core::attempt::Round;
use vezne_core::ids::AccountId;
use vezne_core::ports::CardTrace;
use vezne_core::search::{Query, Today};

use super::*;
use crate::tables::{attempts, reversals};
use crate::writer::Work;
use crate::{Filter, closes, list, reads, rebuild, verify};

const SMALL: u64 = 150;
const LARGE: u64 = 1_500;
/// Sales that are counted, one event a batch.
const SALES: u64 = 15;

/// Counts the steps of what is done on a connection.
async fn counted(db: &mut SqliteConnection) -> Arc<AtomicU64> {
    let steps = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&steps);
    let mut handle = db.lock_handle().await.unwrap();
    handle.set_progress_handler(1, move || {
        counter.fetch_add(1, Ordering::Relaxed);
        true
    });
    steps
}

impl Journal {
    /// Counts the steps of what is written.
    async fn counted(&self) -> Arc<AtomicU64> {
        let (reply, answer) = oneshot::channel();
        assert!(self.writer.as_ref().unwrap().send(Work::Count { reply }).await.is_ok());
        answer.await.unwrap()
    }
}

impl crate::writer::Writer {
    pub(crate) async fn count(&mut self) -> Arc<AtomicU64> {
        counted(self.connection.as_mut().unwrap()).await
    }
}

/// A payment as busy desks leave it: approved, and one in ten refunded in part.
fn sale(n: u64) -> Vec<Vec<Record>> {
    let one = intent(n, &format!("REZ-{n:05}"));
    let sending = entered(&one, State::Sending(Round::First));
    let mut course =
        vec![vec![opened(&one), sending], vec![entered(&one, State::AtBank)], vec![entered(&one, approved())]];
    if n.is_multiple_of(10) {
        let back = refund(n, &one, lira(100));
        course.extend([vec![reversal_opened(&back)], vec![reversal_done(&back)]]);
    }
    course
}

async fn of_size(payments: u64) -> (TempDir, Journal) {
    let (folder, journal) = journal().await;
    for first in (0..payments).step_by(100) {
        let records = (first..payments.min(first + 100)).flat_map(sale).flatten().collect();
        journal.append(batch(records), at(first)).await.unwrap();
    }
    (folder, journal)
}

/// What the sales after `payments` others take.
async fn writing(payments: u64) -> u64 {
    let (_folder, journal) = of_size(payments).await;
    let steps = journal.counted().await;
    for records in (payments..payments + SALES).flat_map(sale) {
        journal.append(batch(records), at(payments)).await.unwrap();
    }
    steps.load(Ordering::Relaxed)
}

#[tokio::test]
async fn a_sale_costs_in_a_large_journal_what_it_costs_in_a_small_one() {
    let (small, large) = (writing(SMALL).await, writing(LARGE).await);
    assert!(small > 1_000 && large * 2 < small * 3, "{small} steps after {SMALL} payments, {large} after {LARGE}");
}

/// What the questions of a busy desk take, by name.
async fn asking(payments: u64) -> Vec<(&'static str, u64)> {
    let (folder, _journal) = of_size(payments).await;
    let mut db = raw(folder.path()).await;
    let steps = counted(&mut db).await;
    let mut took = Vec::new();
    let newest = intent(payments - 1, &format!("REZ-{:05}", payments - 1));
    let (id, now) = (newest.attempt.to_string(), at(payments));
    let card = CardNumber::parse("4155650100416111").unwrap().summary();
    let trace = CardTrace { bin: card.bin, last_four: card.last_four, base: lira(54_500) };
    // Read once before: the plans are made, the schema is known.
    for round in 0..2 {
        let mut note = |name| {
            let count = steps.swap(0, Ordering::Relaxed);
            if round == 1 {
                took.push((name, count));
            }
        };
        note("nothing");
        let key = newest.guard_key();
        drop(reads::neighbours(&mut db, "", &key, Some(&trace)).await.unwrap());
        note("the guard");
        drop(reads::attempt(&mut db, &id).await.unwrap());
        note("an attempt");
        drop(reads::payment(&mut db, newest.payment).await.unwrap());
        note("a payment");
        assert!(reads::find_reference(&mut db, &newest.reference).await.unwrap().is_some());
        note("a reference");
        drop(reads::attention(&mut db, now).await.unwrap());
        note("attention");
        assert!(reads::missing_span(&mut db).await.unwrap().is_none());
        note("what is missing");
        let account: AccountId = account().id;
        attempts::unsettled_of_account(&mut db, account.as_str()).await.unwrap();
        reversals::unsettled_of_account(&mut db, account.as_str()).await.unwrap();
        note("an account's unsettled");
        drop(attempts::sent_lately(&mut db, account.as_str()).await.unwrap());
        note("an account's rate");
        for line in ["", "rez-0014", "approved", "555,00", "6111"] {
            let query = Query::read(line, Today { now, zone: &TimeZone::UTC });
            drop(list::rows(&mut db, &Filter { query, ..Filter::default() }).await.unwrap());
            note(line);
        }
    }
    took
}

#[tokio::test]
async fn a_question_costs_in_a_large_journal_what_it_costs_in_a_small_one() {
    let (small, large) = (asking(SMALL).await, asking(LARGE).await);
    for ((name, small), (_, large)) in small.iter().zip(&large) {
        assert!(*large * 2 <= *small * 3 + 200, "{name:?}: {small} steps of {SMALL} payments, {large} of {LARGE}");
    }
}

/// What a close on top of `payments` others that are closed takes.
async fn closing(payments: u64) -> u64 {
    let (folder, journal) = of_size(payments).await;
    let basis = journal.close_basis(TimeZone::UTC).await.unwrap();
    let close = basis.close(at(payments), &TimeZone::UTC, None);
    journal.append(batch(vec![Record::DayClosed(Box::new(close))]), at(payments)).await.unwrap();
    let today = (payments..payments + SALES).flat_map(sale).flatten().collect();
    journal.append(batch(today), at(payments)).await.unwrap();
    let mut db = raw(folder.path()).await;
    let steps = counted(&mut db).await;
    drop(closes::basis(&mut db, TimeZone::UTC).await.unwrap());
    steps.load(Ordering::Relaxed)
}

#[tokio::test]
async fn a_day_is_closed_in_a_large_journal_as_in_a_small_one() {
    let (small, large) = (closing(SMALL).await, closing(LARGE).await);
    assert!(small > 100 && large * 2 < small * 3, "{small} steps after {SMALL} payments, {large} after {LARGE}");
}

/// What checking, drawing up the first close and making everything anew take.
async fn walking(payments: u64) -> [u64; 4] {
    let (folder, journal) = of_size(payments).await;
    let mut db = raw(folder.path()).await;
    let steps = counted(&mut db).await;
    let mut report = verify::all(&mut db, &keys()).await.unwrap();
    let checked = steps.swap(0, Ordering::Relaxed);
    verify::compare_terms(&mut db, &mut report).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    let deep = steps.swap(0, Ordering::Relaxed);
    drop(closes::basis(&mut db, TimeZone::UTC).await.unwrap());
    let closed = steps.swap(0, Ordering::Relaxed);
    drop(journal);
    rebuild::all(&mut db).await.unwrap();
    [checked, deep, closed, steps.load(Ordering::Relaxed)]
}

#[tokio::test]
async fn a_walk_over_everything_takes_as_much_longer_as_there_is_more_of_it() {
    let (small, large) = (walking(SMALL).await, walking(LARGE).await);
    for (name, (small, large)) in ["check", "index", "close", "rebuild"].into_iter().zip(small.into_iter().zip(large)) {
        let (one, many) = (small / SMALL, large / LARGE);
        assert!(one > 0 && many * 2 < one * 3, "{name}: {one} steps a payment of {SMALL}, {many} of {LARGE}");
    }
}
