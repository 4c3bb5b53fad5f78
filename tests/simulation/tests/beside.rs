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

/// A restart after a supervisor has settled a cancellation: both journals hand out what is still followed.
#[test]
fn what_a_person_settled_is_followed_alike_by_both_journals() {
    beside([drawn(123_101)]);
}
