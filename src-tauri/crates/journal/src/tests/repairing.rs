//! Repair in the corners: cut off at any moment, branches of restored backups, fragments, removed files, names.

use std::collections::BTreeSet;

use vezne_core::ports::JournalFault;
use vezne_core::record::EpochReason;

use super::damage::{End, Whole, events_in, open};
use super::*;
use crate::files::Files;
use crate::{OpenFault, Repair, Repaired};

async fn repair(home: &Path) -> Repair {
    crate::repair(Lock::acquire(home).unwrap(), keys(), dice(), &[], at(6_000)).await.unwrap()
}

async fn repaired(home: &Path) -> Box<Repaired> {
    match repair(home).await {
        Repair::Done(repaired) => repaired,
        other @ (Repair::NotNeeded | Repair::Finished) => panic!("{other:?}"),
    }
}

/// Zeroes every page of the database that holds one of these words.
fn wipe_pages_with(home: &Path, words: &[&str]) {
    let path = home.join("journal.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let mut wiped = 0;
    for page in bytes.chunks_mut(4096) {
        if words.iter().any(|word| page.windows(word.len()).any(|window| window == word.as_bytes())) {
            page.fill(0);
            wiped += 1;
        }
    }
    assert!(wiped > 0, "{words:?}");
    std::fs::write(&path, bytes).unwrap();
}

/// Makes rows of these events unreadable, and no others: one byte of the last word of each.
pub(super) fn spoil(home: &Path, event_ids: &[&str]) {
    let path = home.join("journal.db");
    let mut bytes = std::fs::read(&path).unwrap();
    for id in event_ids {
        let found: Vec<usize> = bytes
            .windows(id.len())
            .enumerate()
            .filter(|(_, window)| *window == id.as_bytes())
            .map(|(at, _)| at)
            .collect();
        assert!(!found.is_empty(), "{id}");
        for at in found {
            bytes[at + 40] ^= 1;
        }
    }
    std::fs::write(&path, bytes).unwrap();
}

#[tokio::test]
async fn a_sound_journal_is_not_touched() {
    let whole = Whole::make(End::Closed).await;
    let home = whole.with("journal.db", &whole.read("journal.db"), true);
    assert_eq!(repair(home.path()).await, Repair::NotNeeded);
    assert_eq!(std::fs::read(home.path().join("journal.db")).unwrap(), whole.read("journal.db"));
    // Nor is a home without a journal.
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(repair(empty.path()).await, Repair::NotNeeded);
}

#[tokio::test]
async fn a_removed_or_empty_journal_is_not_begun_anew_while_backups_are_at_hand() {
    let whole = Whole::make(End::Closed).await;
    for emptied in [false, true] {
        let home = whole.with("journal.db", b"", true);
        if !emptied {
            std::fs::remove_file(home.path().join("journal.db")).unwrap();
        }
        assert!(matches!(open(home.path()).await, Err(OpenFault::Gone(_))));
        let beside = Journal::open_read_only(home.path(), keys()).await;
        assert!(matches!(beside, Err(OpenFault::Gone(_) | OpenFault::Missing(_))), "{beside:?}");
        let done = repaired(home.path()).await;
        assert_eq!(done.events, u64::try_from(whole.backed_up.len()).unwrap());
        assert_eq!(done.ends_after, whole.backed_up.last().copied());
        let (journal, _) = open(home.path()).await.unwrap();
        assert!(journal.missing_span().await.unwrap().is_some());
        assert!(journal.verify().await.unwrap().is_sound());
        journal.close().await;
    }
}

#[tokio::test]
async fn a_log_beside_an_empty_file_is_read_before_sqlite_throws_it_away() {
    let whole = Whole::make(End::Killed).await;
    let home = whole.with("journal.db", b"", false);
    assert!(matches!(open(home.path()).await, Err(OpenFault::Damaged(_))));
    let log = std::fs::read(home.path().join("journal.db-wal")).unwrap();
    assert_eq!(log, whole.read("journal.db-wal"), "it was only looked at");
    repaired(home.path()).await;
    let after: BTreeSet<i64> = events_in(home.path()).await.iter().map(|event| event.seq).collect();
    assert!(whole.events.iter().all(|event| after.contains(&event.seq)), "everything was in the log");
}

/// Killed after each step of putting the new journal in place, the next start finishes it.
#[tokio::test]
async fn a_repair_that_is_cut_off_anywhere_leaves_the_old_journal_or_the_new_one() {
    let whole = Whole::make(End::Closed).await;
    let damaged = whole.with("journal.db", &whole.read("journal.db"), true);
    wipe_pages_with(damaged.path(), &["\"sending\""]);
    let before = std::fs::read(damaged.path().join("journal.db")).unwrap();
    // What a whole repair makes.
    let copy = copy_of(damaged.path());
    repaired(copy.path()).await;
    let after = std::fs::read(copy.path().join("journal.db")).unwrap();
    let new_head = std::fs::read(copy.path().join("journal.head")).unwrap();
    for step in 0..6 {
        let home = copy_of(damaged.path());
        let files = Files::new(home.path());
        // As the repair does it, up to this step.
        std::fs::write(files.found(), b"half a list").unwrap();
        std::fs::write(files.repaired(), if step == 0 { &after[..after.len() / 2] } else { &after[..] }).unwrap();
        if step >= 2 {
            std::fs::write(files.swapping(), &new_head).unwrap();
        }
        if step >= 3 {
            let _none = std::fs::remove_file(files.log());
        }
        if step >= 4 {
            std::fs::rename(files.repaired(), files.database()).unwrap();
        }
        if step >= 5 {
            std::fs::remove_file(files.head()).unwrap();
        }
        let opened = open(home.path()).await;
        if step < 2 {
            // Nothing was decided: the damaged one is as it was, and a repair begins from the start.
            assert!(matches!(opened, Err(OpenFault::Damaged(_))), "step {step}: {opened:?}");
            assert!(!files.repaired().exists() && !files.found().exists(), "step {step}");
            assert_eq!(std::fs::read(files.database()).unwrap(), before, "step {step}");
            repaired(home.path()).await;
        } else {
            let (journal, start) = opened.unwrap_or_else(|fault| panic!("step {step}: {fault:?}"));
            assert_eq!(start.began, None, "step {step}");
            journal.close().await;
        }
        let (journal, _) = open(home.path()).await.unwrap();
        assert!(journal.verify().await.unwrap().is_sound(), "step {step}");
        journal.close().await;
        assert!(!files.swapping().exists() && !files.repaired().exists(), "step {step}");
    }
}

fn copy_of(home: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(home).unwrap().flatten() {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    copy
}

#[tokio::test]
async fn an_attempt_whose_opening_is_lost_is_told_as_a_fragment_with_what_is_known_of_it() {
    let (folder, journal) = journal().await;
    let (one, two) = (intent(1, "R-1"), intent(2, "R-2"));
    journal.append(batch(vec![opened(&one)]), at(1)).await.unwrap();
    journal.append(batch(vec![entered(&one, approved())]), at(2)).await.unwrap();
    journal.append(batch(vec![opened(&two), entered(&two, approved())]), at(3)).await.unwrap();
    let events = events_in(folder.path()).await;
    journal.close().await;
    spoil(folder.path(), &[&events[1].event_id]);
    let done = repaired(folder.path()).await;
    assert_eq!((done.lost.len(), done.lost[0].first, done.lost[0].last), (1, 2, 2));
    assert_eq!((done.ends_after, done.refused > 0), (None, true));
    assert_eq!(done.fragments.len(), 1, "{:?}", done.fragments);
    let words = &done.fragments[0];
    for known in [one.attempt.to_string(), one.payment.to_string(), "approved".to_owned(), "event 3".to_owned()] {
        assert!(words.contains(&known), "{words}");
    }
    let (journal, _) = open(folder.path()).await.unwrap();
    let report = journal.verify().await.unwrap();
    assert!(report.is_sound() && report.fragments.len() == 1 && report.lost.len() == 1, "{report:?}");
    let why: Vec<EpochReason> = journal.epochs().await.unwrap().into_iter().map(|epoch| epoch.why).collect();
    assert_eq!(why, [EpochReason::NewJournal, EpochReason::Restored]);
    let span = journal.missing_span().await.unwrap().unwrap();
    assert_eq!((span.from, span.until), (START, at(6_000)));
    assert!(journal.attempt(two.attempt).await.unwrap().is_some());
    journal.rebuild().await.unwrap();
    assert!(journal.verify().await.unwrap().is_sound());
    // A second repair finds nothing to do, and a backup of this journal is as good as any.
    journal.keep_backup(at(7_000)).await.unwrap();
    journal.close().await;
    assert_eq!(repair(folder.path()).await, Repair::NotNeeded);
}

/// By what is left both attempts stand open on one key; that the second was opened shows that the first had ended.
#[tokio::test]
async fn two_attempts_that_would_block_one_key_do_not_keep_a_journal_from_being_repaired() {
    let (folder, journal) = journal().await;
    let (one, two) = (intent(1, "R-1"), intent(2, "R-1"));
    journal.append(batch(vec![opened(&one), entered(&one, unknown())]), at(1)).await.unwrap();
    journal.append(batch(vec![entered(&one, counter(CounterOutcome::Declined))]), at(2)).await.unwrap();
    journal.append(batch(vec![opened(&two), entered(&two, unknown())]), at(3)).await.unwrap();
    let events = events_in(folder.path()).await;
    journal.close().await;
    spoil(folder.path(), &[&events[3].event_id]);
    let done = repaired(folder.path()).await;
    assert_eq!(done.fragments.len(), 1, "{done:?}");
    assert!(done.fragments[0].contains(&one.attempt.to_string()), "{done:?}");
    let (journal, _) = open(folder.path()).await.unwrap();
    assert!(journal.attempt(two.attempt).await.unwrap().is_some());
    assert!(journal.verify().await.unwrap().is_sound());
    let third = journal.append(batch(vec![opened(&intent(3, "R-1"))]), at(6_001)).await;
    assert_eq!(third, Err(JournalFault::KeyTaken));
    journal.close().await;
}

/// A backup was restored once: what came after it in the old file has the same numbers, in an older epoch.
#[tokio::test]
async fn what_a_restored_backup_left_behind_is_not_taken_for_this_chain() {
    let (folder, journal) = journal().await;
    journal.append(batch(vec![opened(&intent(1, "R-1"))]), at(1)).await.unwrap();
    let (first, _) = journal.keep_backup(at(10)).await.unwrap();
    for n in 20..24 {
        journal.append(batch(vec![opened(&intent(n, &format!("left-{n}")))]), at(n)).await.unwrap();
    }
    // This one holds the branch that is left.
    journal.keep_backup(at(30)).await.unwrap();
    journal.close().await;
    std::fs::copy(&first, folder.path().join("journal.db")).unwrap();
    let (journal, start) = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(40)).await.unwrap();
    assert_eq!(start.began, Some(EpochReason::Restored));
    for n in 50..54 {
        journal.append(batch(vec![opened(&intent(n, &format!("kept-{n}")))]), at(n)).await.unwrap();
    }
    let events = events_in(folder.path()).await;
    journal.close().await;
    spoil(folder.path(), &[&events[4].event_id]);
    let done = repaired(folder.path()).await;
    assert_eq!((done.lost.len(), done.lost[0].first), (1, 5), "{done:?}");
    let after = events_in(folder.path()).await;
    for event in after.iter().filter(|event| event.epoch <= 2) {
        assert!(events.contains(event), "of the other branch: {event:?}");
    }
    let (journal, _) = open(folder.path()).await.unwrap();
    assert!(journal.verify().await.unwrap().is_sound());
    assert!(journal.attempt(attempt_id(21)).await.unwrap().is_none());
    journal.close().await;
}

#[tokio::test]
async fn a_name_that_was_erased_stays_erased_whatever_a_backup_still_holds() {
    let (folder, journal) = journal().await;
    let one = with_holder(intent(1, "R-1"), name_id(1));
    let two = with_holder(intent(2, "R-2"), name_id(2));
    journal.append(named(vec![opened(&one)], name_id(1), "AYŞE"), at(1)).await.unwrap();
    journal.append(named(vec![opened(&two)], name_id(2), "ALİ"), at(2)).await.unwrap();
    journal.keep_backup(at(10)).await.unwrap();
    assert!(journal.erase_name(name_id(1), at(11)).await.unwrap());
    let events = events_in(folder.path()).await;
    journal.close().await;
    spoil(folder.path(), &[&events[2].event_id]);
    let done = repaired(folder.path()).await;
    assert_eq!((done.epoch, done.names, done.names_lost, done.backups.len()), (None, 1, 0, 1), "{done:?}");
    let (journal, _) = open(folder.path()).await.unwrap();
    assert_eq!(journal.name(name_id(1)).await.unwrap(), None);
    assert_eq!(journal.name(name_id(2)).await.unwrap(), Some(PersonName::new("ALİ")));
    journal.close().await;
}

#[tokio::test]
async fn what_stands_under_a_lost_key_is_kept_although_nobody_can_verify_it() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    journal.close().await;
    let other = Keys::only(key("key-2", 2));
    let lock = Lock::acquire(folder.path()).unwrap();
    let (journal, _) = Journal::open(lock, other.clone(), dice(), at(100)).await.unwrap();
    journal.append(batch(vec![opened(&intent(8, "R-8"))]), at(101)).await.unwrap();
    let events = events_in(folder.path()).await;
    journal.close().await;
    wipe_pages_with(folder.path(), &["CREATE TABLE attempts"]);
    let lock = Lock::acquire(folder.path()).unwrap();
    let Ok(Repair::Done(done)) = crate::repair(lock, other.clone(), dice(), &[], at(6_000)).await else { panic!() };
    assert_eq!((done.events, done.unverifiable, done.epoch), (15, 13, None), "{done:?}");
    assert_eq!(events_in(folder.path()).await, events);
}

#[tokio::test]
async fn a_file_that_is_removed_while_it_is_open_is_not_written_into_the_void() {
    let (folder, journal) = journal().await;
    journal.append(batch(vec![opened(&intent(1, "R-1"))]), at(1)).await.unwrap();
    let path = folder.path().join("journal.db");
    let elsewhere = folder.path().join("elsewhere.db");
    std::fs::rename(&path, &elsewhere).unwrap();
    assert!(matches!(journal.may_take_money(), Err(JournalFault::Gone(_))));
    let refused = journal.append(batch(vec![opened(&intent(2, "R-2"))]), at(2)).await;
    assert!(matches!(refused, Err(JournalFault::Gone(_))), "{refused:?}");
    // What was open is copied for whoever repairs.
    assert!(folder.path().join("backups/rescued-1.db").is_file());
    assert!(journal.reopen().await.is_err());
    // Another file in its place is not written to either.
    std::fs::copy(&elsewhere, &path).unwrap();
    assert!(matches!(journal.may_take_money(), Err(JournalFault::Gone(_))));
    std::fs::remove_file(&path).unwrap();
    // Put back, it goes on where it stood.
    std::fs::rename(&elsewhere, &path).unwrap();
    journal.may_take_money().unwrap();
    journal.append(batch(vec![opened(&intent(2, "R-2"))]), at(3)).await.unwrap();
    assert!(journal.verify().await.unwrap().is_sound());
    // Its log alone is missed as well: what is committed stands there first.
    std::fs::remove_file(folder.path().join("journal.db-wal")).unwrap();
    assert!(matches!(journal.may_take_money(), Err(JournalFault::Gone(_))));
    journal.close().await;
}

#[tokio::test]
async fn an_older_file_in_the_place_of_one_that_was_given_up_is_not_gone_on_with() {
    let (folder, journal) = journal().await;
    let (old, _) = journal.keep_backup(at(1)).await.unwrap();
    journal.append(batch(vec![opened(&intent(1, "R-1"))]), at(2)).await.unwrap();
    journal.close().await;
    let (journal, _) = open(folder.path()).await.unwrap();
    std::fs::copy(&old, folder.path().join("other.db")).unwrap();
    std::fs::rename(folder.path().join("other.db"), folder.path().join("journal.db")).unwrap();
    // Nor when the one that was open is given up, and what stands there is opened: nothing was written since the start.
    for _ in 0..2 {
        let refused = journal.append(batch(vec![opened(&intent(2, "R-2"))]), at(3)).await;
        assert!(matches!(refused, Err(JournalFault::Gone(_))), "{refused:?}");
    }
    assert!(matches!(journal.reopen().await, Err(JournalFault::Gone(_))));
    journal.close().await;
}

#[tokio::test]
async fn damage_that_is_found_in_use_stops_new_sales_and_is_told_to_whoever_waits() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    tamper(folder.path(), &["UPDATE events SET at_ms = at_ms + 1 WHERE seq = 5"]).await;
    journal.may_take_money().unwrap();
    assert!(journal.check().await.unwrap().damage().is_some());
    journal.news().await;
    assert!(matches!(journal.may_take_money(), Err(JournalFault::Damaged(_))));
    journal.close().await;
    // An event that somebody changed is taken for damaged, and is not taken over.
    let done = repaired(folder.path()).await;
    assert_eq!((done.lost.len(), done.lost[0].first, done.lost[0].last), (1, 5, 5), "{done:?}");
}

#[tokio::test]
async fn projections_that_differ_are_made_anew_by_the_check() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let mut db = raw(folder.path()).await;
    sqlx::query("UPDATE attempts SET search = 'nonsense' WHERE place > 0").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    assert!(!journal.check().await.unwrap().projections.is_empty());
    assert!(journal.verify().await.unwrap().is_sound());
    journal.may_take_money().unwrap();
}

#[tokio::test]
async fn the_last_seven_backups_are_kept_and_a_bad_one_lets_go_of_none() {
    let (folder, journal) = journal().await;
    for n in 1..=9 {
        journal.append(batch(vec![opened(&intent(n, &format!("R-{n}")))]), at(n * 100)).await.unwrap();
        journal.keep_backup(at(n * 100)).await.unwrap();
    }
    let names = |journal: &Journal| -> Vec<String> {
        let name = |kept: crate::Kept| kept.path.file_name().unwrap().to_str().unwrap().to_owned();
        journal.backups().into_iter().map(name).collect()
    };
    let kept = names(&journal);
    assert_eq!((kept.len(), kept[0].as_str()), (7, "journal-20261121-091500.db"), "{kept:?}");
    // A copy that was cut off is none, and is cleared away.
    std::fs::write(folder.path().join("backups/journal-20261121-100000.db"), b"").unwrap();
    std::fs::write(folder.path().join("backups/journal-20261121-100000.db.part"), b"half").unwrap();
    assert_eq!(names(&journal), kept);
    tamper(folder.path(), &["UPDATE events SET at_ms = 1 WHERE seq = 1"]).await;
    assert!(journal.keep_backup(at(5_000)).await.is_err());
    assert_eq!(names(&journal), kept);
    let left = std::fs::read_dir(folder.path().join("backups")).unwrap().count();
    assert_eq!(left, 7, "nothing half is left");
}

/// A power cut while the log was moved into the database: its pages are torn, and the log has them all.
#[tokio::test]
async fn a_first_page_that_is_torn_below_a_whole_log_is_no_damage() {
    let whole = Whole::make(End::Killed).await;
    let mut bytes = whole.read("journal.db");
    bytes[..4096].fill(0);
    let home = whole.with("journal.db", &bytes, false);
    let (journal, start) = open(home.path()).await.unwrap();
    assert_eq!((start.began, start.missing), (None, None));
    assert!(journal.verify().await.unwrap().is_sound());
    journal.close().await;
    assert_eq!(events_in(home.path()).await, whole.events);
}
