//! The power goes at moments of real programs' lives; whatever that leaves on the disk, nothing that was promised is lost.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use vezne_power::explore::{Effort, Findings, Seen, explore};
use vezne_power::recorder::Op;
use vezne_power::recording::{Place, Recording};
use vezne_power::requests::Request;
use vezne_power::scenes::Scene;

/// A share of the states that a scene may leave; `scripts/power.sh` looks at thousands.
const STATES: usize = 86;

/// Records a scene with the program as it is now. The recording stays there, for looking at a state again.
fn recorded(scene: Scene, of: &str) -> Recording {
    let place = Place(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("power").join(of).join(scene.name()));
    scene.record(&place).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Recording::load(&place)).unwrap()
}

fn looked_at(recording: &Recording, states: usize) -> Findings {
    // Another seed each time would find more, and fail where nobody changed anything.
    let effort = Effort { states, by_chance: 6, by_program: 20, seed: 1, threads: 1 };
    explore(recording, effort, &mut Seen::default()).unwrap()
}

/// Nothing left too early, and no state in which something is wrong.
fn survives(scene: Scene, requests: &[&str]) {
    let recording = recorded(scene, "cuts");
    let left: Vec<&str> = recording
        .requests
        .iter()
        .map(|request| match request {
            Request::PaymentOf(_) => "reference",
            Request::PaymentFor(_) => "order",
            Request::Reversal => "reversal",
        })
        .collect();
    assert_eq!(left, requests, "every request was seen leaving");
    assert_eq!(
        recording.left_too_early().unwrap(),
        [],
        "truth 1: written down and synced before the first byte leaves"
    );
    assert!(recording.ops.iter().any(|op| matches!(op, Op::Known(_))), "the journal told how far it is");
    let found = looked_at(&recording, STATES);
    assert!(found.states > STATES / 2, "{} states of {} moments", found.states, found.moments);
    assert!(
        found.violations.is_empty(),
        "{} of {} states: {:#?}",
        found.violations.len(),
        found.cases,
        found.violations
    );
}

#[test]
fn a_cut_during_the_first_start_and_the_first_payments_loses_none() {
    survives(Scene::First, &["reference", "order"]);
}

#[test]
fn a_cut_during_payments_of_all_kinds_loses_none() {
    survives(Scene::Kinds, &["reference", "order", "order", "order", "reference", "order"]);
}

#[test]
fn a_cut_during_reversals_loses_none() {
    survives(Scene::Reversals, &["reference", "reversal", "reversal", "reference", "reversal"]);
}

#[test]
fn a_cut_after_a_kill_and_during_the_next_start_loses_nothing() {
    survives(Scene::Killed, &["reference", "reference"]);
}

#[test]
fn a_second_cut_during_the_start_after_the_first_loses_nothing() {
    survives(Scene::CutBefore, &["reference"]);
}

#[test]
fn a_cut_during_backup_export_and_rebuild_loses_nothing() {
    survives(Scene::Keeping, &["reference"]);
}

#[test]
fn a_cut_while_the_log_is_moved_and_cut_off_loses_nothing() {
    survives(Scene::LongDay, &["reference"]);
}
