//! Some of the schedules with the real journal of SQLite beside the simulated one: what holds in memory holds on the disk.

use vezne_simulation::{Watch, drawn, run_watched, scenes};

fn beside(schedules: impl IntoIterator<Item = vezne_simulation::schedule::Schedule>) {
    for schedule in schedules {
        let alone = run_watched(&schedule, Watch::default());
        let both = run_watched(&schedule, Watch { twin: true, ..Watch::default() });
        assert!(both.wrong.is_empty(), "{:#?}\nSCHEDULE='{schedule}' make torture", both.wrong);
        assert_eq!(alone.sum, both.sum, "the real journal changes the course of {schedule}");
    }
}

#[test]
fn every_course_is_the_same_beside_the_real_journal() {
    beside(scenes().unwrap());
}

#[test]
fn drawn_schedules_are_the_same_beside_the_real_journal() {
    beside((1..=60).map(drawn));
}

/// A restart after a supervisor has settled a cancellation: both journals hand out what is still followed. Seed 123101 of e594148,
/// in full: what a seed draws changes with what can be drawn.
#[test]
fn what_a_person_settled_is_followed_alike_by_both_journals() {
    let line = "at=yolcu360 query=on rule=settles page=window style=27 lag=0 who=0/1:1:limit:x1:approves+declines:once \
                | do=pay.0 resolve-twice.0.truth serve.0 void.0 serve.0 kill.90 resolve-reversal.0.yes pay.0 \
                | faults=return#1=forged-failure disk.write#2=full | chaos=150 seed=123101";
    beside([line.parse().unwrap()]);
}
