//! The same looking finds what a program that does not wait for the disk would lose: defects planted into the recording.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use vezne_power::check::Wrong;
use vezne_power::disk::Change;
use vezne_power::explore::{Effort, Seen, Violation, explore};
use vezne_power::recorder::Op;
use vezne_power::recording::{Place, Recording};
use vezne_power::scenes::Scene;

fn recorded(of: &str) -> Recording {
    let place = Place(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("power/planted").join(of));
    Scene::Killed.record(&place).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Recording::load(&place)).unwrap()
}

fn violations(recording: &Recording) -> Vec<Violation> {
    let effort = Effort { states: 60, by_chance: 4, by_program: 0, seed: 2, threads: 2 };
    explore(recording, effort, &mut Seen::default()).unwrap().violations
}

fn loses_an_attempt(found: &[Violation]) -> bool {
    found.iter().flat_map(|violation| &violation.wrong).any(|wrong| matches!(wrong, Wrong::LostAttempt(_)))
}

fn is_of_the_journal(name: &str) -> bool {
    name.starts_with("journal.db")
}

/// Whether the database itself is written next: the log is being moved into it.
fn moves_the_log(recording: &Recording, names: &[String], from: usize) -> bool {
    let next = recording.ops.iter().skip(from).find_map(|op| {
        let Op::Change(Change::Write { file, .. }) = op else { return None };
        names.get(*file)
    });
    next.is_some_and(|name| name == "journal.db")
}

#[test]
fn without_syncs_of_the_journal_attempts_are_lost_and_that_is_noticed_twice() {
    let recording = recorded("off");
    assert_eq!(recording.left_too_early().unwrap(), []);
    // `synchronous = OFF`.
    let careless = recording.without_syncs(|name, _| is_of_the_journal(name));
    assert_eq!(careless.left_too_early().unwrap().len(), recording.requests.len(), "by the calls alone");
    let found = violations(&careless);
    assert!(loses_an_attempt(&found), "by opening states: {found:#?}");
}

#[test]
fn a_log_that_is_synced_only_when_it_is_moved_loses_attempts_and_that_is_noticed_twice() {
    let recording = recorded("normal");
    let names = recording.names();
    // `synchronous = NORMAL`: consistent at any time, and behind.
    let lazy =
        recording.without_syncs(|name, place| name == "journal.db-wal" && !moves_the_log(&recording, &names, place));
    assert!(!lazy.left_too_early().unwrap().is_empty(), "by the calls alone");
    let found = violations(&lazy);
    assert!(loses_an_attempt(&found), "by opening states: {found:#?}");
    // A log that was torn in its midst, with whole commits behind the tear, is noticed; nothing else keeps it from opening.
    for wrong in found.iter().flat_map(|violation| &violation.wrong) {
        if let Wrong::NotOpened(words) = wrong {
            assert!(words.contains("the newest events") && words.contains("write-ahead log"), "{words}");
        }
    }
}

#[test]
fn one_skipped_sync_before_a_request_is_enough() {
    let recording = recorded("one");
    let left = recording.ops.iter().position(|op| matches!(op, Op::Left(_))).unwrap();
    let names = recording.names();
    let last = recording.ops.iter().take(left).rposition(
        |op| matches!(op, Op::SyncBegun { node, .. } if names.get(*node).is_some_and(|name| name == "journal.db-wal")),
    );
    let skipped = recording.without_syncs(|_, place| Some(place) == last);
    assert_eq!(skipped.left_too_early().unwrap().len(), 1);
}
