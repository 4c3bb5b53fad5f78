use vezne_core::ports::JournalFault;
use vezne_core::record::EpochReason;

use super::*;
use crate::{Break, Broken, Report};

async fn verified(journal: &Journal) -> Report {
    journal.verify().await.unwrap()
}

async fn broken_by(statements: &[&str]) -> Option<(i64, Break)> {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    assert_eq!(verified(&journal).await.broken, None);
    tamper(folder.path(), statements).await;
    let report = verified(&journal).await;
    assert!(!report.is_sound());
    report.broken.map(|Broken { seq, what, .. }| (seq, what))
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_or_remove_an_event() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let mut db = raw(folder.path()).await;
    for forbidden in [
        "UPDATE events SET at_ms = at_ms + 1 WHERE seq = 3",
        "DELETE FROM events WHERE seq = 13",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 2",
    ] {
        let refused = sqlx::query(forbidden).execute(&mut db).await;
        assert!(refused.is_err(), "{forbidden}");
    }
    assert!(verified(&journal).await.is_sound());
}

#[tokio::test]
async fn a_changed_byte_is_found_in_whatever_column_it_is() {
    for change in [
        "UPDATE events SET body = replace(body, '55500', '55501') WHERE seq = 4",
        "UPDATE events SET at_ms = at_ms + 1 WHERE seq = 4",
        "UPDATE events SET attempt_id = 'att_x' WHERE seq = 4",
        // Naming a key that nobody knows hides nothing.
        "UPDATE events SET key_id = 'lost', body = replace(body, '55500', '55501') WHERE seq = 4",
        "UPDATE events SET names = '[]' WHERE seq = 4",
        "UPDATE events SET event_id = 'evt_x' WHERE seq = 4",
        "UPDATE events SET hash = zeroblob(32) WHERE seq = 4",
    ] {
        assert_eq!(broken_by(&[change]).await, Some((4, Break::Changed)), "{change}");
    }
}

#[tokio::test]
async fn a_removed_event_leaves_a_gap() {
    let found = broken_by(&["DELETE FROM events WHERE seq = 5"]).await;
    assert_eq!(found, Some((5, Break::Gap { found: 6 })));
    // Closing the gap moves the break, it does not mend it.
    let found = broken_by(&["DELETE FROM events WHERE seq = 5", "UPDATE events SET seq = seq - 1 WHERE seq > 5"]).await;
    assert_eq!(found, Some((5, Break::Order)));
}

#[tokio::test]
async fn the_newest_events_can_not_be_cut_off_unseen() {
    let found = broken_by(&["DELETE FROM events WHERE seq > 11"]).await;
    assert_eq!(found, Some((12, Break::CutShort { known: 13 })));
}

#[tokio::test]
async fn a_swapped_pair_is_found() {
    let found = broken_by(&[
        "UPDATE events SET seq = 1000 WHERE seq = 5",
        "UPDATE events SET seq = 5 WHERE seq = 6",
        "UPDATE events SET seq = 6 WHERE seq = 1000",
    ])
    .await;
    assert_eq!(found, Some((5, Break::Order)));
    let found = broken_by(&[
        "CREATE TEMP TABLE pair AS SELECT seq, body, at_ms FROM events WHERE seq IN (5, 6)",
        "UPDATE events SET body = (SELECT body FROM pair WHERE seq = 11 - events.seq) WHERE seq IN (5, 6)",
    ])
    .await;
    assert_eq!(found, Some((5, Break::Changed)));
}

#[tokio::test]
async fn a_changed_name_is_found_and_an_erased_one_breaks_nothing() {
    let name = name_id(1).to_string();
    let found = broken_by(&["UPDATE names SET text = 'ÇAĞLA IŞIL' WHERE text = 'ÇAĞLA IŞIK'"]).await;
    assert_eq!(found, Some((4, Break::Name { name: name.clone() })));
    let removed = [
        "DELETE FROM name_words WHERE name_id IN (SELECT name_id FROM names WHERE text = 'ÇAĞLA IŞIK')",
        "DELETE FROM names WHERE text = 'ÇAĞLA IŞIK'",
    ];
    assert_eq!(broken_by(&removed).await, Some((4, Break::NameGone { name })));

    let (folder, journal) = journal().await;
    fill(&journal).await;
    let before = dump(folder.path()).await;
    assert!(journal.erase_name(name_id(1), at(90)).await.unwrap());
    assert!(!journal.erase_name(name_id(1), at(91)).await.unwrap());
    assert_eq!(journal.name(name_id(1)).await.unwrap(), None);
    assert_eq!(journal.name(name_id(2)).await.unwrap(), Some(PersonName::new("ALİ")));
    journal.rebuild().await.unwrap();
    assert_eq!(dump(folder.path()).await, before);
    let report = verified(&journal).await;
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.names, report.names_erased), (1, 1));
    let found = journal.list(&asking::text("çağla")).await.unwrap();
    assert!(found.is_empty());
}

#[tokio::test]
async fn an_erased_name_is_nowhere_on_the_disk() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let holds = |needle: &str| {
        let needle = needle.as_bytes();
        std::fs::read_dir(folder.path()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(needle.len()).any(|window| window == needle)
        })
    };
    assert!(holds("ÇAĞLA") && holds("cagla"));
    journal.erase_name(name_id(1), at(90)).await.unwrap();
    assert!(!holds("ÇAĞLA") && !holds("cagla") && holds("ALİ"));
}

#[tokio::test]
async fn a_projection_that_differs_is_named_and_a_rebuild_puts_it_right() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let before = dump(folder.path()).await;
    for change in [
        "UPDATE attempts SET reason = 'x' WHERE place = 4",
        "UPDATE payments SET approved = 0 WHERE approved = 1",
        "UPDATE reversals SET amount_minor = 1",
        "UPDATE operators SET name = 'x' WHERE seq = 2",
        "DELETE FROM rights_used",
        "DELETE FROM attempts WHERE place = 4",
    ] {
        tamper(folder.path(), &[change]).await;
        let report = verified(&journal).await;
        assert!(report.broken.is_none() && !report.projections.is_empty(), "{change}: {report:?}");
        journal.rebuild().await.unwrap();
        assert_eq!(dump(folder.path()).await, before, "{change}");
        assert!(verified(&journal).await.is_sound(), "{change}");
    }
}

#[tokio::test]
async fn rows_that_no_event_tells_of_are_found() {
    for (table, column) in [("attempts", "attempt_id"), ("reversals", "reversal_id"), ("payments", "payment_id")] {
        let (folder, journal) = journal().await;
        fill(&journal).await;
        let copy = format!("CREATE TEMP TABLE copy AS SELECT * FROM {table} LIMIT 1");
        let other = format!("UPDATE copy SET place = 4000, last_seq = 4000, {column} = 'nobody'");
        let keys = "UPDATE copy SET reference = 'VZNOBODY', blocks = 0";
        let insert = format!("INSERT INTO {table} SELECT * FROM copy");
        let all = [copy.as_str(), &other, keys, &insert];
        let own = all.into_iter().filter(|one| table == "attempts" || *one != keys).collect::<Vec<_>>();
        tamper(folder.path(), &own).await;
        let report = verified(&journal).await;
        assert!(format!("{:?}", report.projections).contains("(rows without events)"), "{table}: {report:?}");
    }
}

#[tokio::test]
async fn missing_triggers_are_found() {
    let (folder, journal) = journal().await;
    let mut db = raw(folder.path()).await;
    sqlx::query("DROP TRIGGER events_are_never_changed").execute(&mut db).await.unwrap();
    assert_eq!(verified(&journal).await.broken.unwrap().what, Break::Unguarded);
}

#[tokio::test]
async fn a_lost_key_starts_an_epoch_and_its_span_is_unverifiable_not_broken() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    journal.close().await;
    let lock = Lock::acquire(folder.path()).unwrap();
    let (journal, start) = Journal::open(lock, Keys::only(key("key-2", 2)), dice(), at(100)).await.unwrap();
    assert_eq!((start.epoch, start.began, start.missing), (2, Some(EpochReason::KeyLost), None));
    journal.append(batch(vec![opened(&intent(8, "R-8"))]), at(101)).await.unwrap();
    let report = verified(&journal).await;
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.events, report.epochs), (15, 2));
    let words: Vec<String> = report.unverifiable.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["cannot be verified before event 14 (from event 1 on): key key-1 is lost"]);
    let epochs = journal.epochs().await.unwrap();
    assert_eq!(
        epochs.iter().map(|epoch| epoch.why).collect::<Vec<_>>(),
        [EpochReason::NewJournal, EpochReason::KeyLost]
    );
    assert_eq!((epochs[1].seq, epochs[1].before), (14, Some(at(8))));
}

#[tokio::test]
async fn a_key_that_was_changed_and_kept_verifies_everything() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    journal.close().await;
    let lock = Lock::acquire(folder.path()).unwrap();
    let both = Keys::new(key("key-2", 2), |id| (id == "key-1").then(|| key("key-1", 1)));
    let (journal, start) = Journal::open(lock, both, dice(), at(100)).await.unwrap();
    assert_eq!((start.epoch, start.began), (1, None));
    journal.append(batch(vec![opened(&intent(8, "R-8"))]), at(101)).await.unwrap();
    let report = verified(&journal).await;
    assert!(report.is_sound() && report.unverifiable.is_empty(), "{report:?}");
    assert!(matches!(
        journal.append(batch(vec![opened(&intent(9, "R-8"))]), at(102)).await,
        Err(JournalFault::KeyTaken)
    ));
}
