use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::*;
use crate::{LockFault, OpenFault};

#[tokio::test]
async fn a_second_owner_is_told_the_pid_of_the_first_and_may_read() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let refused = Lock::acquire(folder.path()).unwrap_err();
    assert!(matches!(refused, LockFault::LockedBy { pid: Some(pid) } if pid == std::process::id()));
    assert!(refused.to_string().contains(&std::process::id().to_string()));

    let beside = Journal::open_read_only(folder.path(), keys()).await.unwrap();
    assert_eq!(beside.desk(), journal.desk());
    journal.append(batch(vec![opened(&intent(30, "R-30"))]), at(30)).await.unwrap();
    assert!(beside.attempt(attempt_id(30)).await.unwrap().is_some());
    assert!(beside.verify().await.unwrap().is_sound());
    beside.backup(&folder.path().join("beside.db")).await.unwrap();
    assert!(beside.append(batch(vec![opened(&intent(31, "R-31"))]), at(31)).await.is_err());
    assert!(beside.may_take_money().is_err() && beside.rebuild().await.is_err());
    journal.close().await;
    drop(Lock::acquire(folder.path()).unwrap());
    // And with no desk running.
    let alone = Journal::open_read_only(folder.path(), keys()).await.unwrap();
    assert!(alone.attempt(attempt_id(30)).await.unwrap().is_some());
}

#[test]
fn the_lock_of_a_process_that_is_killed_is_free_again() {
    let folder = tempfile::tempdir().unwrap();
    // This very test program, holding the lock until it is killed.
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::owning::holds_the_lock_for_another_test", "--nocapture"])
        .env(HOME, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("locked")));
    let refused = Lock::acquire(folder.path()).unwrap_err();
    assert!(matches!(refused, LockFault::LockedBy { pid: Some(pid) } if pid == child.id()), "{refused:?}");
    child.kill().unwrap();
    child.wait().unwrap();
    Lock::acquire(folder.path()).unwrap();
}

const HOME: &str = "VEZNE_JOURNAL_TEST_LOCK";

/// The other process of the test above; by itself it does nothing.
#[test]
#[expect(clippy::print_stdout, reason = "it tells its parent process that it holds the lock")]
fn holds_the_lock_for_another_test() {
    let Ok(home) = std::env::var(HOME) else { return };
    let _lock = Lock::acquire(Path::new(&home)).unwrap();
    println!("locked");
    // Until the parent goes away or kills it.
    let _ = std::io::stdin().lines().count();
}

#[tokio::test]
async fn reading_what_is_not_there_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Journal::open_read_only(folder.path(), keys()).await;
    assert!(matches!(missing, Err(OpenFault::Missing(_))));
    assert!(!folder.path().join("journal.db").exists());
}

#[tokio::test]
async fn a_journal_that_was_closed_is_one_file_although_it_was_read_meanwhile() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    assert!(journal.attempt(attempt_id(1)).await.unwrap().is_some());
    journal.close().await;
    assert!(!folder.path().join("journal.db-wal").exists());
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(folder.path().join("journal.db"), copy.path().join("journal.db")).unwrap();
    assert!(open_in(copy.path()).await.attempt(attempt_id(1)).await.unwrap().is_some());
}

const WRITER_HOME: &str = "VEZNE_JOURNAL_TEST_WRITER";

#[tokio::test]
async fn what_was_acknowledged_before_the_process_was_killed_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for round in 0..4 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::owning::writes_until_it_is_killed", "--nocapture"])
            .env(WRITER_HOME, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let numbers = lines.by_ref().filter_map(|line| line.unwrap().strip_prefix("written ")?.parse::<u64>().ok());
        // Killed in the middle of its work, each time after another number of acknowledgements.
        for number in numbers.take(7 + 3 * round) {
            acknowledged = number;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What was on its way to us when it was killed counts too.
        for number in lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("written ")?.parse().ok()) {
            acknowledged = number;
        }
        let (journal, start) =
            Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(1)).await.unwrap();
        assert_eq!(start.epoch, 1);
        for number in 1..=acknowledged {
            let history = journal.payment(payment_id(number)).await.unwrap().unwrap();
            assert_eq!(history.lines.len(), 2, "attempt {number}");
        }
        let report = journal.verify().await.unwrap();
        assert!(report.is_sound(), "{report:?}");
        journal.close().await;
    }
    assert!(acknowledged >= 40, "{acknowledged}");
}

/// The other process of the test above; by itself it does nothing.
#[tokio::test]
#[expect(clippy::print_stdout, reason = "it tells its parent process what it has written")]
async fn writes_until_it_is_killed() {
    let Ok(home) = std::env::var(WRITER_HOME) else { return };
    let (journal, _) = Journal::open(Lock::acquire(Path::new(&home)).unwrap(), keys(), dice(), at(1)).await.unwrap();
    let mut number = 1;
    while journal.attempt(attempt_id(number)).await.unwrap().is_some() {
        number += 1;
    }
    loop {
        let one = intent(number, &format!("R-{number}"));
        journal.append(batch(vec![opened(&one), entered(&one, unknown())]), at(number)).await.unwrap();
        println!("written {number}");
        number += 1;
    }
}
