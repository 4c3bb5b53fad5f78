//! A small journal to be damaged, and what is known of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use vezne_events::Event;

use super::*;
use crate::tables::events as event_table;
use crate::{Repair, Repaired, Start};

/// How many payments the journal has; the backup is made when half of them are there.
const PAYMENTS: u64 = 16;

/// A journal as files, and everything that was written into it.
pub(super) struct Whole {
    /// Holds the folder.
    _folder: TempDir,
    home: PathBuf,
    pub(super) events: Vec<Event>,
    rows: Vec<Row>,
    /// The numbers of the events that are in the backup.
    pub(super) backed_up: BTreeSet<i64>,
}

/// How the desk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Closed: everything is in the database's own file.
    Closed,
    /// Killed: the newest part is in the write-ahead log.
    Killed,
}

/// Some payments of every kind, one of them with a line too long for a page.
async fn pay(journal: &Journal, from: u64, to: u64) {
    for n in from..to {
        let one = with_holder(intent(n, &format!("REZ-{n}")), name_id(n));
        journal.append(named(vec![opened(&one)], name_id(n), &format!("MÜŞTERİ {n}")), at(n * 10)).await.unwrap();
        let sending = State::Sending(vezne_core::attempt::Round::First);
        journal.append(batch(vec![entered(&one, sending)]), at(n * 10 + 1)).await.unwrap();
        let end = if n % 3 == 0 { unknown() } else { approved() };
        journal.append(batch(vec![entered(&one, end)]), at(n * 10 + 2)).await.unwrap();
    }
}

/// Too long for one page: it goes on in others.
fn long_word() -> Record {
    Record::RightUsed {
        operator: supervisor(),
        act: vezne_core::rights::Act::Refund,
        reason: "uzun ".repeat(60).trim().parse().unwrap(),
        about: None,
    }
}

impl Whole {
    pub(super) async fn make(end: End) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let work = folder.path().join("work");
        let home = folder.path().join("home");
        std::fs::create_dir_all(&work).unwrap();
        std::fs::create_dir_all(&home).unwrap();
        let journal = open_in(&work).await;
        journal.append(batch(vec![operator_added(1, "Ayşe", Role::Supervisor), long_word()]), at(1)).await.unwrap();
        pay(&journal, 1, PAYMENTS / 2).await;
        let (_, report) = journal.keep_backup(at(1_000)).await.unwrap();
        let backed_up = (1..=i64::try_from(report.events).unwrap()).collect();
        pay(&journal, PAYMENTS / 2, PAYMENTS).await;
        let mut db = raw(&work).await;
        let events = event_table::page(&mut db, "", 0).await.unwrap();
        db.close().await.unwrap();
        if end == End::Closed {
            journal.close().await;
        }
        for name in ["journal.db", "journal.db-wal", "journal.head", "backups"] {
            copy(&work.join(name), &home.join(name));
        }
        std::fs::hard_link(work.join("journal.reserve"), home.join("journal.reserve")).unwrap();
        if end == End::Killed {
            assert!(home.join("journal.db-wal").exists(), "the newest part is in the log");
            journal.close().await;
        }
        let rows = rows(&home, &events);
        Self { _folder: folder, home, events, rows, backed_up }
    }

    pub(super) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.home.join(name)).unwrap()
    }

    /// A home of its own with these files, one of them as `bytes` say.
    pub(super) fn with(&self, name: &str, bytes: &[u8], backup: bool) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(&self.home).unwrap() {
            let entry = entry.unwrap();
            let to = folder.path().join(entry.file_name());
            if entry.file_name() == "journal.reserve" {
                // Eight mebibytes for each of a thousand homes would take a while.
                std::fs::hard_link(entry.path(), to).unwrap();
            } else if backup || entry.file_name() != "backups" {
                copy(&entry.path(), &to);
            }
        }
        std::fs::write(folder.path().join(name), bytes).unwrap();
        folder
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else if from.exists() {
        std::fs::copy(from, to).unwrap();
    }
}

/// What became of damage.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Noticed {
    /// It struck nothing that matters: everything is there and verifies.
    Harmless,
    /// The journal was not opened.
    AtOpening,
    /// It was opened, said what is missing, and began an epoch.
    AsRestored,
    /// It was opened, and the check beside the running till finds it.
    ByCheck,
    /// Only projections were struck: made anew from the events.
    MadeAnew,
}

pub(super) async fn open(home: &Path) -> Result<(Journal, Start), crate::OpenFault> {
    Journal::open(Lock::acquire(home).unwrap(), keys(), dice(), at(5_000)).await
}

impl Whole {
    /// Opens a damaged home and looks whether the damage is noticed; fails if anything is lost in silence.
    pub(super) async fn notice(&self, home: &Path, about: &str) -> Noticed {
        let (journal, start) = match open(home).await {
            Err(crate::OpenFault::Damaged(_) | crate::OpenFault::Gone(_) | crate::OpenFault::Foreign { .. }) => {
                return Noticed::AtOpening;
            }
            Err(other) => panic!("{about}: {other:?}"),
            Ok(opened) => opened,
        };
        let noticed = match journal.check().await {
            Err(_) => Noticed::ByCheck,
            Ok(report) if report.damage().is_some() => Noticed::ByCheck,
            Ok(report) if !report.projections.is_empty() => Noticed::MadeAnew,
            Ok(_) if start.missing.is_some() => Noticed::AsRestored,
            Ok(_) => Noticed::Harmless,
        };
        if noticed == Noticed::ByCheck {
            let refused = journal.may_take_money();
            assert!(matches!(refused, Err(vezne_core::ports::JournalFault::Damaged(_))), "{about}: {refused:?}");
        }
        journal.close().await;
        match noticed {
            Noticed::Harmless | Noticed::MadeAnew => {
                assert_eq!(events_in(home).await, self.events, "{about}: something is lost and nobody says so");
            }
            Noticed::ByCheck => {
                // It is not forgotten over a restart.
                let again = open(home).await.err();
                assert!(matches!(again, Some(crate::OpenFault::Damaged(_))), "{about}: {again:?}");
            }
            Noticed::AsRestored | Noticed::AtOpening => {}
        }
        noticed
    }

    /// Repairs a damaged home and holds the result against what was written and what was still there.
    pub(super) async fn repair(
        &self,
        home: &Path,
        (intact, backup): (&BTreeSet<i64>, bool),
        about: &str,
    ) -> Box<Repaired> {
        let before = files_of(home);
        let lock = Lock::acquire(home).unwrap();
        let repaired = crate::repair(lock, keys(), dice(), &[], at(6_000)).await;
        let Ok(Repair::Done(repaired)) = repaired else { panic!("{about}: {repaired:?}") };
        for (name, bytes) in before {
            let aside = std::fs::read(repaired.aside.join(&name)).unwrap();
            assert!(aside == bytes, "{about}: {name} was not set aside as it was");
        }
        let (journal, start) = open(home).await.unwrap_or_else(|fault| panic!("{about}: {fault:?}"));
        assert_eq!(start.began, None, "{about}: the repair had begun the epoch");
        let report = journal.verify().await.unwrap();
        assert!(report.is_sound(), "{about}: {report:?}");
        journal.may_take_money().unwrap();
        let missing = journal.missing_span().await.unwrap();
        journal.close().await;
        let after = events_in(home).await;
        let there: BTreeMap<i64, &Event> = after.iter().map(|event| (event.seq, event)).collect();
        for event in after.iter().filter(|event| event.epoch == 1) {
            assert!(self.events.contains(event), "{about}: invented or changed: {event:?}");
        }
        let kept = |event: &Event| there.get(&event.seq).is_some_and(|found| *found == event);
        for event in &self.events {
            let saved = intact.contains(&event.seq) || (backup && self.backed_up.contains(&event.seq));
            assert!(!saved || kept(event), "{about}: event {} could be read and is lost", event.seq);
        }
        let complete = self.events.iter().all(kept);
        assert_eq!(repaired.epoch.is_none(), complete && repaired.ends_after.is_none(), "{about}: {repaired:?}");
        assert_eq!(missing.is_some(), repaired.epoch.is_some(), "{about}: {repaired:?}");
        self.everybody_is_known(home, &after, &repaired, about).await;
        repaired
    }

    /// Every attempt of which anything is left is known, or told as a fragment.
    async fn everybody_is_known(&self, home: &Path, after: &[Event], repaired: &Repaired, about: &str) {
        let mut db = raw(home).await;
        let known: Vec<String> =
            sqlx::query_scalar("SELECT attempt_id FROM attempts").fetch_all(&mut db).await.unwrap();
        db.close().await.unwrap();
        for id in after.iter().filter_map(|event| event.attempt_id.as_ref()) {
            let told = repaired.fragments.iter().any(|fragment| fragment.contains(id));
            assert!(known.contains(id) != told, "{about}: {id} is forgotten, or told twice: {repaired:?}");
        }
    }

    /// The events whose row is still there in a damaged home, byte by byte, in some page of the database or some frame of its
    /// log: by where the bytes were that SQLite's format makes of them, and not by the code that is tested. A row that goes on
    /// in another page is left out.
    pub(super) fn intact(&self, home: &Path) -> BTreeSet<i64> {
        let read = |name: &str| std::fs::read(home.join(name)).unwrap_or_default();
        let files: BTreeMap<&str, Vec<u8>> = FILES.into_iter().map(|name| (name, read(name))).collect();
        let there = |row: &&Row| files[row.file].get(row.at..row.at + row.bytes.len()) == Some(&row.bytes[..]);
        self.rows.iter().filter(there).map(|row| row.seq).collect()
    }
}

/// Where rows are.
const FILES: [&str; 2] = ["journal.db", "journal.db-wal"];

/// A row in one piece, and where it is.
pub(super) struct Row {
    file: &'static str,
    at: usize,
    seq: i64,
    bytes: Vec<u8>,
}

/// Every place at which one of these events stands.
fn rows(home: &Path, events: &[Event]) -> Vec<Row> {
    let mut found = Vec::new();
    for file in FILES {
        let bytes = std::fs::read(home.join(file)).unwrap_or_default();
        let ids = bytes.windows(4).enumerate().filter(|(_, four)| *four == b"evt_").map(|(at, _)| at);
        for id in ids {
            for event in events.iter().filter(|event| bytes[id..].starts_with(event.event_id.as_bytes())) {
                let row = row_of(event);
                let header = usize::from(row[0]);
                let at = id - header.min(id);
                if bytes[at..].starts_with(&row) {
                    found.push(Row { file, at, seq: event.seq, bytes: row });
                }
            }
        }
    }
    assert!(found.iter().map(|row| row.seq).collect::<BTreeSet<_>>().len() + 3 > events.len(), "rows are not found");
    found
}

/// An event as SQLite writes it, without what stands before its header.
fn row_of(event: &Event) -> Vec<u8> {
    let mut kinds: Vec<u8> = Vec::new();
    let mut body: Vec<u8> = Vec::new();
    let text = |text: Option<&str>, kinds: &mut Vec<u8>, body: &mut Vec<u8>| match text {
        None => kinds.push(0),
        Some(text) => {
            varint(u64::try_from(text.len() * 2 + 13).unwrap(), kinds);
            body.extend(text.as_bytes());
        }
    };
    let number = |number: i64, kinds: &mut Vec<u8>, body: &mut Vec<u8>| {
        let (kind, bytes) = match number {
            0 => (8, 0),
            1 => (9, 0),
            -128..=127 => (1, 1),
            -32_768..=32_767 => (2, 2),
            -8_388_608..=8_388_607 => (3, 3),
            -2_147_483_648..=2_147_483_647 => (4, 4),
            -140_737_488_355_328..=140_737_488_355_327 => (5, 6),
            _ => (6, 8),
        };
        kinds.push(kind);
        body.extend(&number.to_be_bytes()[8 - bytes..]);
    };
    text(Some(&event.event_id), &mut kinds, &mut body);
    text(Some(&event.desk_id), &mut kinds, &mut body);
    number(event.epoch, &mut kinds, &mut body);
    number(event.seq, &mut kinds, &mut body);
    number(event.at_ms, &mut kinds, &mut body);
    text(Some(&event.kind), &mut kinds, &mut body);
    for id in [&event.payment_id, &event.attempt_id, &event.reversal_id] {
        text(id.as_deref(), &mut kinds, &mut body);
    }
    for column in [&event.body, &event.names, &event.key_id] {
        text(Some(column), &mut kinds, &mut body);
    }
    for hash in [&event.previous_hash, &event.hash] {
        kinds.push(76);
        body.extend(hash);
    }
    let mut row = vec![u8::try_from(kinds.len() + 1).unwrap()];
    row.extend(kinds);
    row.extend(body);
    row
}

fn varint(number: u64, into: &mut Vec<u8>) {
    if number >= 1 << 14 {
        into.push(u8::try_from(number >> 14).unwrap() | 0x80);
    }
    if number >= 1 << 7 {
        into.push(u8::try_from((number >> 7) & 0x7f).unwrap() | 0x80);
    }
    into.push(u8::try_from(number & 0x7f).unwrap());
}

pub(super) async fn events_in(home: &Path) -> Vec<Event> {
    let mut db = raw(home).await;
    let events = event_table::page(&mut db, "", 0).await.unwrap();
    db.close().await.unwrap();
    events
}

fn files_of(home: &Path) -> Vec<(String, Vec<u8>)> {
    let names = ["journal.db", "journal.db-wal", "journal.head"];
    let read = |name: &str| std::fs::read(home.join(name)).ok().map(|bytes| (name.to_owned(), bytes));
    names.into_iter().filter_map(read).collect()
}
