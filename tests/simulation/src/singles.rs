//! Every single fault at every boundary, and every pair of them.

use crate::run::{Watch, run_watched};
use crate::scenes::scenes;
use crate::schedule::{Boundary, Fault, NotASchedule, Schedule};

/// So many passings of one boundary are given faults; what comes after them is more of the same.
const PASSINGS_MOST: u16 = 5;
/// The journal is written at each step of a course, so there each passing is another one.
const WRITES_MOST: u16 = 30;
/// The journal's reads.
const READS_MOST: u16 = 16;

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

/// Every course with every single fault. What each course passes is found by running it without one.
///
/// # Errors
/// Never, as a test holds the courses to their grammar.
pub fn singles() -> Result<Vec<Schedule>, NotASchedule> {
    Ok(scenes()?.iter().flat_map(singles_of).collect())
}

/// One course with every single fault, the course without any first.
#[must_use]
pub fn singles_of(course: &Schedule) -> Vec<Schedule> {
    let faults = faults_after(course, 0);
    std::iter::once(course.clone()).chain(faults.into_iter().map(|fault| course.with(fault))).collect()
}

/// A schedule with one fault, with every other one that can come after it. What it passes then is found by running it.
#[must_use]
pub fn pairs_of(single: &Schedule) -> Vec<Schedule> {
    let Some(first) = single.faults.first() else { return Vec::new() };
    let passings = run_watched(single, Watch { passings: true, ..Watch::default() }).passings;
    let Some(place) = passings.iter().position(|(at, nth)| *at == first.at && *nth == first.nth) else {
        return Vec::new();
    };
    put(single, passings, place + 1).into_iter().map(|fault| single.with(fault)).collect()
}

fn faults_after(course: &Schedule, from: usize) -> Vec<Fault> {
    put(course, run_watched(course, Watch { passings: true, ..Watch::default() }).passings, from)
}

fn put(course: &Schedule, passings: Vec<(Boundary, u16)>, from: usize) -> Vec<Fault> {
    let passings = passings.into_iter().skip(from).filter(|(at, nth)| counts(*at, *nth));
    let faults = passings.flat_map(|(at, nth)| at.faults().iter().map(move |what| Fault { at, nth, what: *what }));
    faults.filter(|fault| fault.what.can_be_at(course.scene.gateway)).collect()
}
