use tokio::sync::oneshot;
use vezne_core::ports::JournalFault;

use super::*;
use crate::writer::Work;
use crate::{LockFault, OpenFault};

impl Journal {
    /// Lets the database grow by that many pages, as on a disk with no more room.
    async fn leave_room_for(&self, pages: i64) {
        let (reply, answer) = oneshot::channel();
        let Ok(()) = self.writer.as_ref().unwrap().send(Work::LimitPages { pages, reply }).await else { panic!() };
        answer.await.unwrap();
    }
}

/// A batch that needs some 30 pages.
fn big(n: u64) -> Batch {
    let one = intent(n, &format!("R-{n}"));
    let mut records = vec![opened(&one)];
    records.extend((0..400).map(|_| entered(&one, unknown())));
    batch(records)
}

#[tokio::test]
async fn on_a_full_disk_the_reserve_is_used_for_the_answer_and_new_sales_stop() {
    let (_folder, journal) = journal().await;
    journal.append(batch(vec![opened(&intent(1, "R-1"))]), at(1)).await.unwrap();
    assert!(journal.reserve_intact());
    journal.may_take_money().unwrap();
    journal.leave_room_for(0).await;
    // Stands for the answer to a payment that is under way.
    journal.append(big(2), at(2)).await.unwrap();
    assert!(!journal.reserve_intact());
    assert!(journal.verify().await.unwrap().is_sound());

    // The reserve is gone, and the disk is full again: nothing of the batch is written.
    journal.leave_room_for(0).await;
    assert_eq!(journal.append(big(3), at(3)).await, Err(JournalFault::DiskFull));
    assert_eq!(journal.attempt(attempt_id(3)).await.unwrap(), None);
    assert!(journal.verify().await.unwrap().is_sound());

    // Room again.
    journal.leave_room_for(10_000).await;
    journal.append(big(3), at(4)).await.unwrap();
    journal.may_take_money().unwrap();
    assert!(journal.reserve_intact());
    assert!(journal.verify().await.unwrap().is_sound());
}

/// SQLite ends a transaction by itself when a full disk stops some statements, and leaves it open for others.
#[tokio::test]
async fn a_full_disk_is_survived_wherever_in_the_batch_it_strikes() {
    let (_folder, journal) = journal().await;
    let long = "Ş".repeat(2_000);
    let names: Vec<_> = (1..=40).map(|n| (name_id(n), PersonName::new(format!("{n} {long}")))).collect();
    let one = intent(1, "R-1");
    let many = Batch { records: vec![opened(&one)], names };
    for room in 0..12 {
        journal.leave_room_for(room).await;
        std::fs::remove_file(journal.files.reserve()).unwrap();
        assert_eq!(journal.append(many.clone(), at(1)).await, Err(JournalFault::DiskFull), "room for {room} pages");
        journal.may_take_money().unwrap();
        assert_eq!(journal.name(name_id(1)).await.unwrap(), None);
    }
    journal.leave_room_for(0).await;
    journal.append(many, at(2)).await.unwrap();
    assert!(!journal.reserve_intact());
    let report = journal.verify().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.events, report.names), (2, 40));
}

#[tokio::test]
async fn an_older_file_put_in_place_while_none_is_open_is_not_gone_on_with() {
    let (folder, journal) = journal().await;
    let (old, _) = journal.keep_backup(at(1)).await.unwrap();
    journal.append(batch(vec![opened(&intent(1, "R-1"))]), at(2)).await.unwrap();
    journal.close().await;
    let journal = open_in(folder.path()).await;
    std::fs::remove_file(journal.files.reserve()).unwrap();
    journal.leave_room_for(0).await;
    // The file is given up, and nothing was written since the start.
    assert_eq!(journal.append(big(2), at(3)).await, Err(JournalFault::DiskFull));
    // Whoever copies a backup there takes the log of the other file away with it.
    for name in ["journal.db-wal", "journal.db-shm"] {
        let _may_be_gone = std::fs::remove_file(folder.path().join(name));
    }
    std::fs::copy(&old, folder.path().join("other.db")).unwrap();
    std::fs::rename(folder.path().join("other.db"), folder.path().join("journal.db")).unwrap();
    let refused = journal.append(batch(vec![opened(&intent(3, "R-3"))]), at(4)).await;
    assert!(matches!(refused, Err(JournalFault::Gone(_))), "{refused:?}");
}

#[tokio::test]
async fn reopening_after_a_fault_finds_what_got_in_and_goes_on() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    std::fs::remove_file(folder.path().join("journal.reserve")).unwrap();
    journal.reopen().await.unwrap();
    assert!(journal.reserve_intact());
    assert!(journal.attempt(attempt_id(1)).await.unwrap().is_some());
    journal.append(batch(vec![opened(&intent(9, "R-9"))]), at(9)).await.unwrap();
    assert!(journal.verify().await.unwrap().is_sound());
}

#[tokio::test]
async fn reopening_moves_what_it_finds_out_of_the_log_and_into_the_database() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let file = folder.path().join("journal.db");
    // With another connection open, closing the writer's moves nothing by itself.
    let _another = crate::connect::reader(&file).await.unwrap();
    let id = attempt_id(1).to_string();
    let is_in_it = || std::fs::read(&file).unwrap().windows(id.len()).any(|part| part == id.as_bytes());
    assert!(!is_in_it());
    journal.reopen().await.unwrap();
    assert!(is_in_it());
}

#[tokio::test]
async fn a_file_damaged_in_place_is_unreadable_and_not_written_to() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    journal.close().await;
    let file = folder.path().join("journal.db");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(
        &file,
        b"this is no database, and it is longer than a header of a hundred bytes would be, so that \
                            it is looked at and found to be none",
    )
    .unwrap();
    let refused = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(9)).await;
    let Err(OpenFault::Damaged(words)) = refused else { panic!("{refused:?}") };
    assert!(words.contains("not a database"), "{words}");

    // A hole in the middle of the tables.
    let mut holed = whole.clone();
    holed[8192..20480].fill(0xff);
    std::fs::write(&file, &holed).unwrap();
    match Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(9)).await {
        Err(OpenFault::Damaged(_)) => {}
        Err(other) => panic!("{other:?}"),
        Ok((journal, _)) => match journal.verify().await {
            Ok(report) => assert!(!report.is_sound()),
            Err(fault) => assert!(matches!(fault, JournalFault::Damaged(_)), "{fault:?}"),
        },
    }
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.db");
    std::fs::write(&file, b"").unwrap();
    let mut db = raw(folder.path()).await;
    sqlx::query("CREATE TABLE recipes (name TEXT)").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let before = std::fs::read(&file).unwrap();
    let refused = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(9)).await;
    assert!(matches!(refused, Err(OpenFault::NotAJournal(_))), "{refused:?}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn a_home_that_can_not_be_written_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"").unwrap();
    // Under a file nobody can make a folder, whoever they are.
    let refused = Lock::acquire(&file.join("home"));
    assert!(matches!(refused, Err(LockFault::Fault(JournalFault::NotWritable(_)))), "{refused:?}");
    // A folder where the database belongs.
    let home = folder.path().join("home");
    std::fs::create_dir_all(home.join("journal.db")).unwrap();
    let refused = Journal::open(Lock::acquire(&home).unwrap(), keys(), dice(), at(9)).await;
    assert!(matches!(refused, Err(OpenFault::Fault(JournalFault::NotWritable(_)))), "{refused:?}");
}

#[tokio::test]
async fn a_writer_that_somebody_else_keeps_waiting_says_who_is_in_the_way() {
    let (folder, journal) = journal().await;
    let mut other = raw(folder.path()).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let refused = journal.append(batch(vec![opened(&intent(1, "R"))]), at(1)).await;
    let Err(JournalFault::NotWritable(words)) = refused else { panic!("{refused:?}") };
    assert!(words.contains("another program"), "{words}");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    journal.append(batch(vec![opened(&intent(1, "R"))]), at(1)).await.unwrap();
}
