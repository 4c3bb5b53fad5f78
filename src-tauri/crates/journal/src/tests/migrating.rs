use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use vezne_core::ports::JournalFault;

use super::*;
use crate::OpenFault;
use crate::migrate::{MIGRATIONS, newest};

/// The version after this program's.
fn later() -> i64 {
    newest(&MIGRATIONS) + 1
}

fn with_a_later_version(sql: &'static str) -> Migrator {
    let mut migrations = MIGRATIONS.migrations.to_vec();
    migrations.push(Migration::new(later(), Cow::Borrowed("later"), MigrationType::Simple, Cow::Borrowed(sql), false));
    Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT }
}

async fn open_at(home: &Path, migrations: &Migrator) -> Result<(Journal, crate::Start), OpenFault> {
    Journal::open_with(Lock::acquire(home).unwrap(), keys(), dice(), migrations, at(100)).await
}

#[tokio::test]
async fn an_older_journal_is_copied_before_it_is_brought_up() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    journal.close().await;
    let later_one = with_a_later_version("CREATE TABLE later (x INTEGER) STRICT");
    let (journal, start) = open_at(folder.path(), &later_one).await.unwrap();
    assert_eq!(start.migrated_from, Some(later() - 1));
    let copy = start.copied_to.unwrap();
    assert_eq!(copy, folder.path().join(format!("journal.before-version-{}.db", later())));
    assert!(journal.verify().await.unwrap().is_sound());
    journal.close().await;
    // The copy is a whole journal of this program's version.
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::copy(&copy, elsewhere.path().join("journal.db")).unwrap();
    let old = open_in(elsewhere.path()).await;
    assert_eq!(old.verify().await.unwrap().events, 13 + 1);
    // Opened again, nothing more is to be done.
    let (_, start) = open_at(folder.path(), &later_one).await.unwrap();
    assert_eq!((start.migrated_from, start.copied_to), (None, None));
}

#[tokio::test]
async fn a_migration_that_fails_changes_nothing() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    journal.close().await;
    let wrong = with_a_later_version("CREATE TABLE later (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1)");
    let refused = open_at(folder.path(), &wrong).await;
    assert!(matches!(refused, Err(OpenFault::Fault(JournalFault::NotWritable(_)))), "{refused:?}");
    let journal = open_in(folder.path()).await;
    assert!(journal.verify().await.unwrap().is_sound());
    // The second copy takes another name.
    journal.close().await;
    let (_, start) = open_at(folder.path(), &with_a_later_version("CREATE TABLE later (x)")).await.unwrap();
    assert_eq!(start.copied_to.unwrap(), folder.path().join(format!("journal.before-version-{}.2.db", later())));
}

#[tokio::test]
async fn a_journal_of_a_newer_version_is_refused_in_clear_words_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = open_at(folder.path(), &with_a_later_version("CREATE TABLE later (x)")).await.unwrap();
    journal.close().await;
    let before = std::fs::read(folder.path().join("journal.db")).unwrap();
    let refused = Journal::open(Lock::acquire(folder.path()).unwrap(), keys(), dice(), at(100)).await.unwrap_err();
    assert!(matches!(refused, OpenFault::Newer { found, known } if found == later() && known == later() - 1));
    assert!(
        refused.to_string().contains(&format!("version {}", later()))
            && refused.to_string().contains(&format!("up to {}", later() - 1)),
        "{refused}"
    );
    let reading = Journal::open_read_only(folder.path(), keys()).await.unwrap_err();
    assert!(matches!(reading, OpenFault::Newer { .. }));
    assert_eq!(std::fs::read(folder.path().join("journal.db")).unwrap(), before);
}

#[tokio::test]
async fn a_version_that_was_made_otherwise_is_refused() {
    let (folder, journal) = journal().await;
    journal.close().await;
    let mut migrations = MIGRATIONS.migrations.to_vec();
    migrations[0].checksum = Cow::Owned(vec![1; 48]);
    let other = Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT };
    let refused = open_at(folder.path(), &other).await;
    assert!(matches!(refused, Err(OpenFault::Foreign { version: 1 })), "{refused:?}");
}

/// Journals out there hold these versions as they are: a change to a file, even of a comment, makes this program refuse them.
#[test]
fn versions_are_never_changed() {
    let sum = |one: &Migration| (one.version, vezne_events::chain::hex(&one.checksum[..8]));
    let found: Vec<_> = MIGRATIONS.iter().map(sum).collect();
    let known = [
        (1, "9f69974acb0a527a"),
        (2, "e4fd122d7a2872c6"),
        (3, "0e0bf377d8166364"),
        (4, "41e8c6022d13d1f0"),
        (5, "9b4c8f99fd2fa748"),
        (6, "f785309a9846029d"),
        (7, "99b72f5c9bc0345f"),
        (8, "539c6cae0f4288d5"),
        (9, "4cca22501acbf193"),
    ];
    assert_eq!(found, known.map(|(version, sum)| (version, sum.to_owned())));
}

/// Events and names that version 1 wrote, kept as a file: whoever changes how events are encoded, hashed or read
/// fails here.
#[tokio::test]
async fn what_version_1_wrote_still_verifies_and_reads() {
    let folder = tempfile::tempdir().unwrap();
    let files = crate::files::Files::new(folder.path());
    crate::files::private_file(&files.database()).unwrap();
    let one = Migrator { migrations: Cow::Owned(MIGRATIONS.migrations[..1].to_vec()), ..Migrator::DEFAULT };
    crate::migrate::bring_up(&files, &one).await.unwrap();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/version-1.sql");
    let mut db = raw(folder.path()).await;
    sqlx::raw_sql(&std::fs::read_to_string(fixture).unwrap()).execute(&mut db).await.unwrap();
    db.close().await.unwrap();

    let journal = open_in(folder.path()).await;
    journal.rebuild().await.unwrap();
    let report = journal.verify().await.unwrap();
    assert!(report.is_sound() && report.unverifiable.is_empty(), "{report:?}");
    assert_eq!((report.events, report.epochs, report.names), (13, 1, 2));
    assert_eq!(
        outcomes(&journal.list(&crate::Filter::default()).await.unwrap()),
        [None, Some(Outcome::Unknown), Some(Outcome::Approved)]
    );
}

/// A program of version 5 took an alarm of a reversal away when the gateway settled it afterwards, and its rows say so still.
#[tokio::test]
async fn an_alarm_that_outlives_its_settling_stands_as_soon_as_an_older_journal_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let six = Migrator { migrations: Cow::Owned(MIGRATIONS.migrations[..6].to_vec()), ..Migrator::DEFAULT };
    let files = crate::files::Files::new(folder.path());
    crate::files::private_file(&files.database()).unwrap();
    crate::migrate::bring_up(&files, &six).await.unwrap();
    let (journal, _) = open_at(folder.path(), &six).await.unwrap();
    let paid = intent(1, "R-1");
    let back = refund(1, &paid, lira(500));
    let cause = reversal::UnknownCause::Amount { expected: lira(100), found: lira(0) };
    let unknown = reversal::Entry::Entered(Box::new(reversal::State::Unknown { cause: cause.clone() }));
    let records = vec![
        opened(&paid),
        entered(&paid, approved()),
        reversal_opened(&back),
        reversal_line(&back, unknown),
        reversal_line(&back, reversal::Entry::Alarmed(cause)),
        reversal_done(&back),
    ];
    journal.append(batch(records), at(1)).await.unwrap();
    journal.close().await;
    let mut db = raw(folder.path()).await;
    sqlx::query("UPDATE reversals SET alarmed = 0, watched = 0, attention = 0").execute(&mut db).await.unwrap();
    db.close().await.unwrap();

    let journal = open_in(folder.path()).await;
    let attention = journal.needs_attention(at(2)).await.unwrap();
    assert_eq!(attention.reversals.len(), 1, "it was never answered for");
    assert_eq!(journal.unfinished(at(2), Millis::days(8)).await.unwrap().reversals.len(), 1);
    let report = journal.verify().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[tokio::test]
async fn a_first_start_that_was_cut_off_while_the_file_was_made_begins_again() {
    let elsewhere = tempfile::tempdir().unwrap();
    let mut db =
        SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", elsewhere.path().join("journal.db").display()))
            .await
            .unwrap();
    // More than SQLite keeps in memory: a part of it is in the file, and how to take it back beside it.
    for statement in [
        "PRAGMA journal_mode = DELETE",
        "PRAGMA cache_size = 2",
        "BEGIN",
        "CREATE TABLE half (x BLOB)",
        "INSERT INTO half VALUES (zeroblob(100000)), (zeroblob(100000))",
    ] {
        sqlx::query(statement).execute(&mut db).await.unwrap();
    }
    let home = tempfile::tempdir().unwrap();
    for name in ["journal.db", "journal.db-journal"] {
        std::fs::copy(elsewhere.path().join(name), home.path().join(name)).unwrap();
    }
    assert!(std::fs::metadata(home.path().join("journal.db")).unwrap().len() > 4096);
    let (journal, start) = open_at(home.path(), &MIGRATIONS).await.unwrap();
    assert_eq!(start.began, Some(vezne_core::record::EpochReason::NewJournal));
    assert!(journal.verify().await.unwrap().is_sound());
}
