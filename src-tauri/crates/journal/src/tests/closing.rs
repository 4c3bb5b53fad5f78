//! Day closes over a real file: numbers, spans, anchors, sums, and what verification says of each.

use vezne_core::close::{About, Basis, Comparison, DayClose, Recorded, Standing, Sum};
use vezne_core::ports::JournalFault;

use super::*;
use crate::AnchorCheck;

fn zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Europe/Istanbul").unwrap()
}

async fn basis(journal: &Journal) -> Basis {
    journal.close_basis(zone()).await.unwrap()
}

pub(super) async fn close(journal: &Journal, seconds: u64) -> DayClose {
    let close = basis(journal).await.close(at(seconds), &zone(), Some(supervisor()));
    journal.append(batch(vec![Record::DayClosed(Box::new(close.clone()))]), at(seconds)).await.unwrap();
    close
}

fn sum(count: u32, minor: i64) -> Sum {
    Sum { count, minor }
}

#[tokio::test]
async fn the_first_close_covers_everything_and_the_next_one_what_came_since() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let first = close(&journal, 20).await;
    assert_eq!((first.number, first.covers.after, first.covers.since), (1, 0, None));
    let [(currency, sums)] = first.figures.totals()[..] else { panic!("{:?}", first.figures.totals()) };
    assert_eq!(currency, Some(Currency::TRY));
    assert_eq!((sums.approved, sums.reversed, sums.net()), (sum(1, 55_500), sum(1, 10_000), 45_500));
    // The unknown one and the one in progress are listed, and in no sum.
    let open: Vec<Standing> = first.figures.open.iter().map(|(standing, _)| *standing).collect();
    assert_eq!(open, [Standing::Unknown, Standing::InProgress]);

    // Two closes in one day: the second one covers nothing but what came since.
    let second = close(&journal, 21).await;
    assert_eq!((second.number, second.covers.after, second.covers.since), (2, first.covers.tip + 1, Some(at(20))));
    assert!(second.figures.cells.is_empty() && second.figures.late.is_empty());
    assert_eq!(second.figures.open.len(), 2, "what is not settled is listed in each close");

    // What was unknown is settled: it belongs to the close in which that was recorded.
    let late = intent(2, "=cmd");
    journal.append(batch(vec![entered(&late, approved())]), at(30)).await.unwrap();
    let third = close(&journal, 31).await;
    assert_eq!(third.figures.totals()[0].1.approved, sum(1, 55_500));
    assert_eq!(third.figures.late.len(), 1);
    assert_eq!(third.figures.late[0].outcome, Recorded::Approved);
    assert_eq!(third.figures.late[0].line.about, About::Attempt(late.attempt));
    assert_eq!(third.figures.open.len(), 1);

    let report = journal.verify().await.unwrap();
    assert!(report.is_sound() && report.closes == 3, "{report:?}");
    let before = dump(folder.path()).await;
    assert_eq!(before.iter().filter(|row| row.starts_with("closes|")).count(), 3);
    journal.rebuild().await.unwrap();
    assert_eq!(dump(folder.path()).await, before, "a rebuild gives the same closes");
}

#[tokio::test]
async fn a_journal_without_any_payment_can_be_closed_again_and_again() {
    let (_folder, journal) = journal().await;
    for number in 1..=3 {
        let made = close(&journal, u64::from(number)).await;
        assert_eq!(made.number, number);
        assert_eq!(made.figures, vezne_core::close::Figures::default());
    }
    assert!(journal.verify().await.unwrap().is_sound());
    let listed = journal.closes(None, 10).await.unwrap();
    assert_eq!(listed.iter().map(|line| line.number).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(journal.closes(Some(2), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_close_that_something_was_written_behind_is_refused_and_nothing_is_lost() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    let stale = basis(&journal).await.close(at(20), &zone(), None);
    journal.append(batch(vec![entered(&intent(3, "REZ-3"), approved())]), at(21)).await.unwrap();
    let record = || Record::DayClosed(Box::new(stale.clone()));
    assert_eq!(journal.append(batch(vec![record()]), at(22)).await, Err(JournalFault::CloseOutrun));
    // Nor is one taken that does not stand alone at the chain's end, or skips a number.
    let fresh = basis(&journal).await.close(at(22), &zone(), None);
    let behind = vec![right_used(None), Record::DayClosed(Box::new(fresh.clone()))];
    assert_eq!(journal.append(batch(behind), at(22)).await, Err(JournalFault::CloseOutrun));
    let skipping = DayClose { number: 2, ..fresh };
    let skipping = vec![Record::DayClosed(Box::new(skipping))];
    assert_eq!(journal.append(batch(skipping), at(22)).await, Err(JournalFault::CloseOutrun));
    assert_eq!(close(&journal, 23).await.number, 1);
    assert!(journal.verify().await.unwrap().is_sound());
}

#[tokio::test]
async fn a_restart_between_two_closes_changes_neither_numbers_nor_spans() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let first = close(&journal, 20).await;
    journal.close().await;
    let journal = open_in(folder.path()).await;
    let second = close(&journal, 30).await;
    assert_eq!((second.number, second.covers.after), (2, first.covers.tip + 1));
    let kept = journal.day_close(Some(1)).await.unwrap().unwrap();
    assert_eq!((kept.close, kept.seq), (first, second.covers.after));
    assert_eq!(journal.day_close(None).await.unwrap().unwrap().close, second);
    assert_eq!(journal.day_close(Some(3)).await.unwrap(), None);
}

#[tokio::test]
async fn a_printed_anchor_tells_whether_the_journal_still_says_what_it_said() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    journal.close().await;
    // The same journal goes on twice, as after a backup that was restored.
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::copy(folder.path().join("journal.db"), elsewhere.path().join("journal.db")).unwrap();
    let (journal, other) = (open_in(folder.path()).await, open_in(elsewhere.path()).await);
    close(&journal, 20).await;
    close(&other, 20).await;
    let printed = journal.day_close(Some(1)).await.unwrap().unwrap().anchor;
    assert_eq!(journal.check_anchor(&printed).await.unwrap(), AnchorCheck::Holds);
    let theirs = other.day_close(Some(1)).await.unwrap().unwrap().anchor;
    assert_ne!(printed, theirs);
    assert_eq!(other.check_anchor(&printed).await.unwrap(), AnchorCheck::Another(theirs));
    let second = printed.to_string().replacen('1', "2", 1).parse().unwrap();
    assert_eq!(journal.check_anchor(&second).await.unwrap(), AnchorCheck::NoSuchClose);
}

#[tokio::test]
async fn a_close_whose_event_was_changed_or_removed_is_noticed() {
    for (statement, words) in [
        (
            "UPDATE events SET body = replace(body, '55500', '55400') WHERE kind = 'day_closed'",
            "is not what was written",
        ),
        ("DELETE FROM events WHERE kind = 'day_closed' AND seq = 14", "event 14 is missing"),
        ("UPDATE closes SET seq = seq + 100, tip_seq = tip_seq + 100 WHERE number = 2", "day closes"),
        ("DELETE FROM closes WHERE number = 1", "day closes"),
    ] {
        let (folder, journal) = journal().await;
        fill(&journal).await;
        close(&journal, 20).await;
        close(&journal, 21).await;
        journal.close().await;
        tamper(folder.path(), &[statement]).await;
        let journal = Journal::open_read_only(folder.path(), keys()).await;
        let found = match journal {
            Ok(journal) => journal.verify().await.unwrap().first_fault().unwrap(),
            Err(fault) => fault.to_string(),
        };
        assert!(found.contains(words), "{statement}: {found}");
    }
}

/// Somebody with the chain's key writes closes that don't fit: the chain is whole, and the closes are not.
#[tokio::test]
async fn a_close_that_does_not_fit_is_noticed_even_in_a_whole_chain() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    close(&journal, 20).await;
    let honest = basis(&journal).await.close(at(21), &zone(), None);
    journal.close().await;
    let renumbered = DayClose { number: 3, ..honest.clone() };
    let mut reaches_back = honest.clone();
    reaches_back.covers.after = 3;
    let mut elsewhere = honest.clone();
    elsewhere.covers.tip_hash = "00".repeat(32);
    let mut richer = honest.clone();
    richer.figures.open.clear();
    for (wrong, words) in [
        (renumbered, "number 2 is missing"),
        (reaches_back, "does not begin at event 14"),
        (elsewhere, "another one than it was anchored to"),
        (richer, "its figures are not those of its events"),
    ] {
        let home = tempfile::tempdir().unwrap();
        for name in ["journal.db", "journal.head"] {
            std::fs::copy(folder.path().join(name), home.path().join(name)).unwrap();
        }
        write_past_the_check(home.path(), &Record::DayClosed(Box::new(wrong))).await;
        let journal = open_in(home.path()).await;
        let report = journal.verify().await.unwrap();
        assert_eq!(report.broken, None);
        let faults = report.close_faults.join("; ");
        assert!(faults.contains(words), "{words}: {faults}");
        assert!(!report.is_sound());
    }
}

/// Chains a record with the key, and makes the projections anew.
async fn write_past_the_check(home: &Path, record: &Record) {
    let mut db = raw(home).await;
    let desk: String = sqlx::query_scalar("SELECT desk_id FROM events LIMIT 1").fetch_one(&mut db).await.unwrap();
    let tip = crate::tables::events::tip(&mut db, &desk).await.unwrap();
    let draft = vezne_events::Draft::of(batch(vec![record.clone()]), at(21), &Os).unwrap().unwrap();
    let place = vezne_events::Place::after(tip.as_ref(), &desk, None).unwrap();
    for event in vezne_events::chained(&draft, &key("key-1", 1), &Os, place).unwrap() {
        crate::tables::events::insert(&mut db, &event).await.unwrap();
    }
    let _as_far_as_it_goes = crate::rebuild::all(&mut db).await;
    db.close().await.unwrap();
}

#[tokio::test]
async fn a_close_ends_the_rule_of_a_restored_backup() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let copy = folder.path().join("copy.db");
    journal.backup(&copy).await.unwrap();
    journal.append(batch(vec![entered(&intent(3, "REZ-3"), approved())]), at(50)).await.unwrap();
    journal.close().await;
    for name in ["journal.db-wal", "journal.db-shm"] {
        let _none = std::fs::remove_file(folder.path().join(name));
    }
    std::fs::rename(copy, folder.path().join("journal.db")).unwrap();
    let (journal, _) = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(100)).await.unwrap();
    let span = journal.missing_span().await.unwrap();
    assert!(span.is_some());
    let made = close(&journal, 110).await;
    assert_eq!(made.missing, span, "the close says what is missing");
    assert_eq!(journal.missing_span().await.unwrap(), None);
    assert_eq!(close(&journal, 111).await.missing, None);
    journal.close().await;
    let journal = open_in(folder.path()).await;
    assert_eq!(journal.missing_span().await.unwrap(), None, "after a restart too");
    assert!(journal.verify().await.unwrap().is_sound());
}

#[tokio::test]
async fn a_comparison_is_kept_with_its_close_and_with_no_other() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    close(&journal, 20).await;
    close(&journal, 21).await;
    let closed = journal.day_close(Some(1)).await.unwrap().unwrap();
    let ids = journal.attempts_of_close(&closed).await.unwrap();
    assert_eq!(ids, [attempt_id(1), attempt_id(2), attempt_id(3)]);
    let comparison = Comparison {
        number: 1,
        close_seq: closed.seq,
        began: at(30),
        ended: at(31),
        operator: None,
        agreed: 1,
        unanswered: 1,
        cannot_be_asked: 0,
        nothing_sent: 1,
        left: 0,
        differences: Vec::new(),
    };
    let record = |comparison: &Comparison| Record::CloseCompared(Box::new(comparison.clone()));
    journal.append(batch(vec![record(&comparison)]), at(31)).await.unwrap();
    let astray = Comparison { close_seq: closed.seq + 5, ..comparison.clone() };
    assert!(journal.append(batch(vec![record(&astray)]), at(31)).await.is_err());
    assert_eq!(journal.day_close(Some(1)).await.unwrap().unwrap().comparisons, [comparison]);
    assert_eq!(journal.day_close(Some(2)).await.unwrap().unwrap().comparisons, []);
    assert!(journal.verify().await.unwrap().is_sound());
}

/// What a comparison asks about is what the close counts or lists: neither what the last comparison asked about, nor less.
#[tokio::test]
async fn a_comparisons_own_questions_are_no_part_of_the_next_close_and_an_old_payments_return_is() {
    use vezne_core::status::{Reading, Seen};
    let (_folder, journal) = journal().await;
    let (paid, given_back, confirmed) = (intent(1, "R-1"), intent(2, "R-2"), intent(3, "R-3"));
    let weak = State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Unconfirmed };
    for (one, state) in [(&paid, approved()), (&given_back, approved()), (&confirmed, weak)] {
        journal.append(batch(vec![opened(one), entered(one, state)]), at(1)).await.unwrap();
    }
    close(&journal, 20).await;
    let of = async |number| {
        let closed = journal.day_close(Some(number)).await.unwrap().unwrap();
        journal.attempts_of_close(&closed).await.unwrap()
    };
    assert_eq!(of(1).await, [attempt_id(1), attempt_id(2), attempt_id(3)]);
    // The comparison asks about each of them; one is confirmed by it; and the next day some of the money goes back.
    for one in [&paid, &given_back, &confirmed] {
        let asked = Entry::Asked { asked: at(30), reading: Box::new(Reading::Paid(Seen::default())) };
        journal.append(batch(vec![line(one, asked)]), at(31)).await.unwrap();
    }
    journal.append(batch(vec![entered(&confirmed, approved())]), at(32)).await.unwrap();
    let back = refund(1, &given_back, lira(10_000));
    journal.append(batch(vec![reversal_opened(&back), reversal_done(&back)]), at(40)).await.unwrap();
    close(&journal, 50).await;
    assert_eq!(of(2).await, [attempt_id(2)]);
    close(&journal, 51).await;
    assert_eq!(of(3).await, []);
}

/// A counter-entry changes what an earlier close counted: both say so, and together they are right.
#[tokio::test]
async fn a_counter_entry_after_a_close_is_taken_back_in_the_next_one() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    let first = close(&journal, 20).await;
    let corrected = intent(1, "REZ-İ1");
    journal.append(batch(vec![entered(&corrected, counter(CounterOutcome::Declined))]), at(30)).await.unwrap();
    let second = close(&journal, 31).await;
    let sums = second.figures.totals()[0].1;
    assert_eq!((sums.withdrawn, sums.declined), (sum(1, 55_500), sum(1, 55_500)));
    assert_eq!(second.figures.corrected[0].was, Recorded::Approved);
    assert_eq!(second.figures.corrected[0].is, Some(Recorded::Declined));
    assert_eq!(first.figures.totals()[0].1.net() + sums.net(), -10_000, "only the refund is left");
    assert!(journal.verify().await.unwrap().is_sound());
}
