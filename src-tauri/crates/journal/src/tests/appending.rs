use vezne_core::attempt::{Attempt, Contradiction};
use vezne_core::ports::JournalFault;
use vezne_core::status::Seen;

use super::*;

#[tokio::test]
async fn what_is_appended_is_read_back_as_its_fold() {
    let (_folder, journal) = journal().await;
    let first = intent(1, "REZ-1");
    let entries = [
        Entry::Opened(Box::new(first.clone())),
        Entry::Entered(Box::new(State::Sending(vezne_core::attempt::Round::First))),
        Entry::Entered(Box::new(unknown())),
    ];
    for (n, entry) in entries.iter().enumerate() {
        let seconds = u64::try_from(n).unwrap();
        journal.append(batch(vec![line(&first, entry.clone())]), at(seconds)).await.unwrap();
    }
    let folded = Attempt::fold((0..).map(at).zip(entries)).unwrap();
    assert_eq!(journal.attempt(first.attempt).await.unwrap(), Some(folded.clone()));
    assert_eq!(journal.attempt(attempt_id(9)).await.unwrap(), None);
    let history = journal.payment(first.payment).await.unwrap().unwrap();
    assert_eq!((history.attempts.as_slice(), history.lines.len()), ([folded].as_slice(), 3));
    assert_eq!(history.lines[2], (at(2), entered(&first, unknown())));
    assert_eq!(journal.payment(payment_id(9)).await.unwrap(), None);
    assert_eq!(journal.find_reference(first.reference.clone()).await.unwrap(), Some(first.attempt));
}

#[tokio::test]
async fn everything_is_there_after_closing_and_opening_again() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let before = journal.payment(payment_id(1)).await.unwrap().unwrap();
    let desk = journal.desk();
    journal.close().await;
    let (journal, start) = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(60)).await.unwrap();
    assert_eq!((journal.desk(), start.epoch, start.began), (desk, 1, None));
    assert_eq!(journal.payment(payment_id(1)).await.unwrap().unwrap(), before);
    assert_eq!(journal.operators().await.unwrap().len(), 2);
    assert_eq!(journal.reversal(reversal_id(1)).await.unwrap().unwrap().opened, at(7));
    let report = journal.verify().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.events, report.epochs, report.names), (13, 1, 2));
}

#[tokio::test]
async fn two_attempts_at_once_on_one_reference_and_one_of_them_is_refused_whole() {
    let (_folder, journal) = journal().await;
    let (one, other) = (intent(1, "REZ 1"), intent(2, "rez 1"));
    let name = name_id(7);
    let (a, b) = tokio::join!(
        journal.append(batch(vec![opened(&one)]), at(1)),
        journal.append(named(vec![right_used(None), opened(&other)], name, "AYŞE"), at(1)),
    );
    assert_eq!((a, b), (Ok(()), Err(JournalFault::KeyTaken)));
    assert_eq!(journal.attempt(other.attempt).await.unwrap(), None);
    assert_eq!(journal.name(name).await.unwrap(), None);
    assert_eq!(journal.verify().await.unwrap().events, 2);
    // The journal goes on at once.
    journal.append(batch(vec![entered(&one, approved())]), at(2)).await.unwrap();
    journal.append(batch(vec![opened(&other)]), at(3)).await.unwrap();
}

#[tokio::test]
async fn setting_aside_and_opening_the_next_on_its_key_is_one_batch() {
    let (_folder, journal) = journal().await;
    // The next one's id sorts before the first one's: the order of ids must not matter.
    let (first, next) = (intent(9, "R"), intent(2, "R"));
    journal.append(batch(vec![opened(&first), entered(&first, unknown())]), at(1)).await.unwrap();
    journal.append(batch(vec![entered(&first, set_aside()), opened(&next)]), at(2)).await.unwrap();
    assert_eq!(journal.attempts_on(&first.guard_key()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_override_is_for_one_use_unless_its_attempt_came_to_nothing() {
    let (_folder, journal) = journal().await;
    let earlier = intent(1, "R");
    journal.append(batch(vec![opened(&earlier), entered(&earlier, approved())]), at(1)).await.unwrap();
    let over = |n| Intent { overrides: Some(earlier.attempt), ..intent(n, "R") };
    let not_sent = State::NotSent(vezne_core::attempt::NotSent { reason: vezne_core::answers::NotSentReason::Offline });
    journal.append(batch(vec![opened(&over(2)), entered(&over(2), not_sent)]), at(2)).await.unwrap();
    assert!(!journal.override_used(earlier.attempt).await.unwrap());
    journal.append(batch(vec![opened(&over(3)), entered(&over(3), approved())]), at(3)).await.unwrap();
    assert!(journal.override_used(earlier.attempt).await.unwrap());
    assert_eq!(journal.append(batch(vec![opened(&over(4))]), at(4)).await, Err(JournalFault::OverrideUsed));
    // A later fact about the one that came to nothing is still written down.
    let paid = Entry::Contradicted(Contradiction { seen: Seen::default(), paid: true });
    let counter = entered(&over(2), counter(CounterOutcome::Approved));
    journal.append(batch(vec![line(&over(2), paid), counter]), at(5)).await.unwrap();
}

#[tokio::test]
async fn a_second_reversal_of_a_payment_waits_for_the_first() {
    let (_folder, journal) = journal().await;
    let paid = intent(1, "R");
    let (one, two) = (refund(1, &paid, lira(100)), refund(2, &paid, lira(200)));
    journal.append(batch(vec![opened(&paid), entered(&paid, approved()), reversal_opened(&one)]), at(1)).await.unwrap();
    let refused = journal.append(batch(vec![reversal_opened(&two)]), at(2)).await;
    assert_eq!(refused, Err(JournalFault::ReversalOpen));
    journal.append(batch(vec![reversal_done(&one), reversal_opened(&two)]), at(3)).await.unwrap();
    assert_eq!(journal.payment(paid.payment).await.unwrap().unwrap().reversals.len(), 2);
}

#[tokio::test]
async fn an_append_whose_caller_went_away_is_written_whole_or_not_at_all() {
    let (_folder, journal) = journal().await;
    let journal = Arc::new(journal);
    let mut dropped = Vec::new();
    for n in 1..=60 {
        let one = intent(n, &format!("R-{n}"));
        let records = vec![opened(&one), entered(&one, unknown()), entered(&one, approved())];
        let its = Arc::clone(&journal);
        let task = tokio::spawn(async move { its.append(batch(records), at(1)).await });
        // Each is dropped after another number of turns of the scheduler, the first ones before they began.
        for _ in 0..n {
            tokio::task::yield_now().await;
        }
        task.abort();
        if task.await.is_err() {
            dropped.push(n);
        }
    }
    // Work is done in order, so that this one is after all that was handed over.
    journal.append(batch(vec![opened(&intent(99, "last"))]), at(2)).await.unwrap();
    let (mut whole, mut dropped_and_written) = (0, false);
    for n in 1..=60 {
        if let Some(history) = journal.payment(payment_id(n)).await.unwrap() {
            assert_eq!(history.lines.len(), 3, "attempt {n}");
            whole += 1;
            dropped_and_written |= dropped.contains(&n);
        }
    }
    assert!(dropped_and_written, "none was dropped while it was being written: {dropped:?}");
    let report = journal.verify().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.events, 1 + 3 * whole + 1);
}

#[tokio::test]
async fn only_the_journal_starts_an_epoch_and_a_batch_has_its_limits() {
    let (_folder, journal) = journal().await;
    let epoch = Record::EpochStarted { epoch: 2, why: vezne_core::record::EpochReason::Restored };
    assert!(matches!(journal.append(batch(vec![epoch]), at(1)).await, Err(JournalFault::NotWritable(_))));
    let nameless = named(Vec::new(), name_id(1), "AYŞE");
    assert!(matches!(journal.append(nameless, at(1)).await, Err(JournalFault::NotWritable(_))));
    journal.append(Batch::default(), at(1)).await.unwrap();
    // A line of an attempt that was never opened is no history.
    let orphan = entered(&intent(1, "R"), unknown());
    assert!(journal.append(batch(vec![orphan]), at(1)).await.is_err());
    assert_eq!(journal.verify().await.unwrap().events, 1);
    journal.append(batch(vec![opened(&intent(1, "R"))]), at(1)).await.unwrap();
}

#[tokio::test]
async fn two_operators_never_have_the_same_name() {
    let (_folder, journal) = journal().await;
    journal.append(batch(vec![operator_added(1, "Işık", Role::Cashier)]), at(1)).await.unwrap();
    let second = journal.append(batch(vec![operator_added(2, "IŞIK", Role::Cashier)]), at(2)).await;
    assert!(matches!(second, Err(JournalFault::NotWritable(_))), "{second:?}");
    let known = journal.operators().await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].pin_hash, "$argon2id$secret");
}

/// What is told to be written is on the disk: in WAL mode, `FULL` syncs at each commit and nothing less does.
#[tokio::test]
async fn the_writing_connection_syncs_every_commit() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let mut db = crate::connect::writer(&folder.path().join("journal.db")).await.unwrap();
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut db).await.unwrap();
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut db).await.unwrap();
    db.close().await.unwrap();
    assert_eq!((synchronous, mode.as_str()), (2, "wal"));
}
