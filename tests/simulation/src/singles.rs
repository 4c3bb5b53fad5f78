//! Every single fault at every boundary, and every pair of them.

use crate::run::{Watch, run_watched};
use crate::scenes::scenes;
use crate::schedule::{Boundary, Fault, NotASchedule, Schedule};

/// So many passings of one boundary are given faults; what comes after them is more of the same.
const PASSINGS_MOST: u16 = 3;
/// The journal is written at each step of a course, so there each passing is another one.
const WRITES_MOST: u16 = 14;
/// The journal's reads.
const READS_MOST: u16 = 12;

/// Whether faults are put at this passing.
const fn counts(at: Boundary, nth: u16) -> bool {
    match at {
        Boundary::DiskWrite | Boundary::DiskSync | Boundary::DiskCommit => nth <= WRITES_MOST,
        Boundary::DiskRead => nth <= READS_MOST,
        Boundary::DiskOpen
        | Boundary::DiskReopen
        | Boundary::SignIn
        | Boundary::Options
        | Boundary::Order
        | Boundary::Pay
        | Boundary::Status
        | Boundary::Probe
        | Boundary::BeforeReversal
        | Boundary::Reverse
        | Boundary::ReversalStatus
        | Boundary::Address
        | Boundary::PageOpen
        | Boundary::PageClose
        | Boundary::Return
        | Boundary::Pin => nth <= PASSINGS_MOST,
    }
}

/// Every course without a fault and with every single one. What each course passes is found by running it without one.
///
/// # Errors
/// Never, as a test holds the courses to their grammar.
pub fn singles() -> Result<Vec<Schedule>, NotASchedule> {
    let of = |course: &Schedule| {
        let faults = faults_of(course).into_iter().map(|fault| course.with(fault));
        std::iter::once(course.clone()).chain(faults).collect::<Vec<_>>()
    };
    Ok(scenes()?.iter().flat_map(of).collect())
}

/// Every fault that makes sense in this course: what passes each boundary is found by running it.
#[must_use]
pub fn faults_of(course: &Schedule) -> Vec<Fault> {
    put(course, passings(course), 0)
}

/// Every fault that can come after the first one in this course. What it passes then is found by running it with that one.
#[must_use]
pub fn seconds_of(course: &Schedule, first: Fault) -> Vec<Fault> {
    let passings = passings(&course.with(first));
    let place = passings.iter().position(|(at, nth)| *at == first.at && *nth == first.nth);
    place.map(|place| put(course, passings, place + 1)).unwrap_or_default()
}

/// A schedule with a fault, with every other one that can come after it.
#[must_use]
pub fn pairs_of(single: &Schedule) -> Vec<Schedule> {
    let Some((last, before)) = single.faults.split_last() else { return Vec::new() };
    let course = Schedule { faults: before.to_vec(), ..single.clone() };
    seconds_of(&course, *last).into_iter().map(|second| single.with(second)).collect()
}

fn passings(schedule: &Schedule) -> Vec<(Boundary, u16)> {
    run_watched(schedule, Watch { passings: true, ..Watch::default() }).passings
}

fn put(course: &Schedule, passings: Vec<(Boundary, u16)>, from: usize) -> Vec<Fault> {
    let passings = passings.into_iter().skip(from).filter(|(at, nth)| counts(*at, *nth));
    let faults = passings.flat_map(|(at, nth)| at.faults().iter().map(move |what| Fault { at, nth, what: *what }));
    faults.filter(|fault| fault.what.can_be_at(course.scene.gateway)).collect()
}
