use std::sync::Arc;

use vezne_core::ports::MissingSpan;
use vezne_core::record::EpochReason;

use super::*;
use crate::BackupFault;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_the_desk_writes_is_one_whole_moment() {
    let (folder, journal) = journal().await;
    let journal = Arc::new(journal);
    let writing = {
        let journal = Arc::clone(&journal);
        tokio::spawn(async move {
            for n in 1..=150 {
                let one = intent(n, &format!("R-{n}"));
                journal.append(batch(vec![opened(&one), entered(&one, approved())]), at(n)).await.unwrap();
            }
        })
    };
    let mut counts = Vec::new();
    while !writing.is_finished() {
        let path = folder.path().join(format!("copy-{}.db", counts.len()));
        let report = journal.backup(&path).await.unwrap();
        assert!(report.is_sound() && report.events % 2 == 1, "{report:?}");
        counts.push(report.events);
    }
    writing.await.unwrap();
    assert!(counts.first() < counts.last(), "{counts:?}");
    assert!(counts.iter().any(|count| *count < 301), "no backup was made during the writes: {counts:?}");
    assert_eq!(journal.verify().await.unwrap().events, 301);
}

#[tokio::test]
async fn a_backup_overwrites_nothing_and_leaves_nothing_behind_when_it_fails() {
    let (folder, journal) = journal().await;
    let path = folder.path().join("taken.db");
    std::fs::write(&path, b"precious").unwrap();
    assert!(matches!(journal.backup(&path).await, Err(BackupFault::Exists(_))));
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    tamper(folder.path(), &["UPDATE events SET at_ms = 1 WHERE seq = 1"]).await;
    let path = folder.path().join("broken.db");
    assert!(matches!(journal.backup(&path).await, Err(BackupFault::Broken(_))));
    assert!(journal.backup(&folder.path().join("no/such/folder.db")).await.is_err());
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("broken") || name.contains(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_restored_backup_starts_an_epoch_and_says_what_is_missing() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let copy = folder.path().join("copy.db");
    journal.backup(&copy).await.unwrap();
    for n in 20..25 {
        journal.append(batch(vec![opened(&intent(n, &format!("lost-{n}")))]), at(n)).await.unwrap();
    }
    journal.close().await;
    std::fs::copy(&copy, folder.path().join("journal.db")).unwrap();

    let (journal, start) = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(100)).await.unwrap();
    assert_eq!((start.epoch, start.began), (2, Some(EpochReason::Restored)));
    let missing = start.missing.unwrap();
    assert_eq!((missing.from, missing.until, missing.after_seq, missing.last_seq), (at(8), at(100), 13, Some(18)));
    assert_eq!(journal.attempt(attempt_id(20)).await.unwrap(), None);
    let span = journal.missing_span().await.unwrap();
    assert_eq!(span, Some(MissingSpan { from: at(8), until: at(100) }));
    let report = journal.verify().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    journal.close().await;
    // Once is enough.
    let (journal, start) = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(200)).await.unwrap();
    assert_eq!((start.epoch, start.began, start.missing), (2, None, None));
    assert_eq!(journal.missing_span().await.unwrap(), span, "still missing");
    journal.append(batch(vec![opened(&intent(30, "R-30"))]), at(201)).await.unwrap();
}

#[tokio::test]
async fn a_backup_taken_to_another_machine_is_noticed_without_any_marker() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let elsewhere = tempfile::tempdir().unwrap();
    journal.backup(&elsewhere.path().join("journal.db")).await.unwrap();
    let (other, start) =
        Journal::open(Lock::acquire(elsewhere.path()).unwrap(), keys(), dice(), at(100)).await.unwrap();
    assert_eq!((start.epoch, start.began), (2, Some(EpochReason::Restored)));
    assert_eq!(start.missing.unwrap().last_seq, None);
    assert!(other.verify().await.unwrap().is_sound());
    // The journal it was made of is untouched.
    drop(journal);
    let _ = folder;
}

#[tokio::test]
async fn an_older_file_put_back_by_hand_is_noticed() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    journal.close().await;
    let file = folder.path().join("journal.db");
    let older = std::fs::read(&file).unwrap();
    let journal = open_in(folder.path()).await;
    journal.append(batch(vec![opened(&intent(20, "lost"))]), at(20)).await.unwrap();
    journal.close().await;
    std::fs::write(&file, &older).unwrap();
    let (journal, start) = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(100)).await.unwrap();
    assert_eq!((start.began, start.missing.unwrap().last_seq), (Some(EpochReason::Restored), Some(14)));
    journal.close().await;
    // And one that went on differently under the same numbers.
    std::fs::write(&file, &older).unwrap();
    std::fs::remove_file(folder.path().join("journal.head")).unwrap();
    let journal = open_in(folder.path()).await;
    journal.append(batch(vec![opened(&intent(21, "a"))]), at(20)).await.unwrap();
    journal.close().await;
    std::fs::write(&file, &older).unwrap();
    let kept = std::fs::read(folder.path().join("journal.head")).unwrap();
    std::fs::remove_file(folder.path().join("journal.head")).unwrap();
    let journal = open_in(folder.path()).await;
    journal.append(batch(vec![opened(&intent(22, "b")), opened(&intent(23, "c"))]), at(20)).await.unwrap();
    journal.close().await;
    std::fs::write(folder.path().join("journal.head"), kept).unwrap();
    let (_, start) = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(100)).await.unwrap();
    assert_eq!((start.epoch, start.began), (2, Some(EpochReason::Restored)));
    assert_eq!(start.missing.unwrap().last_seq, None);
}

#[tokio::test]
async fn a_file_with_as_many_events_but_another_last_one_is_noticed() {
    let (folder, journal) = journal().await;
    journal.close().await;
    let (file, marker) = (folder.path().join("journal.db"), folder.path().join("journal.head"));
    let common = std::fs::read(&file).unwrap();
    let journal = open_in(folder.path()).await;
    journal.append(batch(vec![opened(&intent(21, "a"))]), at(20)).await.unwrap();
    journal.close().await;
    let of_a = std::fs::read(&marker).unwrap();
    std::fs::write(&file, &common).unwrap();
    std::fs::remove_file(&marker).unwrap();
    let journal = open_in(folder.path()).await;
    journal.append(batch(vec![opened(&intent(22, "b"))]), at(20)).await.unwrap();
    journal.close().await;
    std::fs::write(&marker, of_a).unwrap();
    let (_, start) = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(100)).await.unwrap();
    assert_eq!(start.began, Some(EpochReason::Restored));
    // How many are missing nobody can say: the numbers are all there.
    assert_eq!((start.missing.unwrap().after_seq, start.missing.unwrap().last_seq), (2, None));
}

#[tokio::test]
async fn a_journal_removed_beside_its_marker_is_no_new_journal() {
    let (folder, journal) = journal().await;
    journal.close().await;
    std::fs::remove_file(folder.path().join("journal.db")).unwrap();
    let (_, start) = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(100)).await.unwrap();
    assert_eq!((start.epoch, start.began), (2, Some(EpochReason::Restored)));
    assert_eq!(start.missing.unwrap().last_seq, Some(1));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_journal_or_its_copies() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("new/home");
    let journal = open_in(&home).await;
    fill(&journal).await;
    journal.backup(&home.join("copy.db")).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home), 0o700);
    let mut names = Vec::new();
    for file in std::fs::read_dir(&home).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(
        names,
        [
            "copy.db",
            "journal.db",
            "journal.db-shm",
            "journal.db-wal",
            "journal.head",
            "journal.lock",
            "journal.reserve"
        ]
    );
}
