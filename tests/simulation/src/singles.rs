//! Every single fault at every boundary, and every pair of them.

use crate::run::{Watch, run_watched};
use crate::schedule::{Boundary, Fault, Schedule};

/// So many passings of one boundary are given faults; what comes after them is more of the same.
const PASSINGS_MOST: u16 = 6;
/// The journal is written at each step of a course, so there each passing is another one.
const WRITES_MOST: u16 = 40;

/// Whether faults are put at this passing.
const fn counts(at: Boundary, nth: u16) -> bool {
    match at {
        Boundary::DiskWrite | Boundary::DiskSync | Boundary::DiskCommit => nth <= WRITES_MOST,
        Boundary::DiskRead => nth <= 20,
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

/// Every fault that makes sense in this course: what passes each boundary is found by running it.
#[must_use]
pub fn faults_of(course: &Schedule) -> Vec<Fault> {
    faults_after(course, 0)
}

fn faults_after(course: &Schedule, from: usize) -> Vec<Fault> {
    let ran = run_watched(course, Watch { passings: true, ..Watch::default() });
    let passings = ran.passings.into_iter().skip(from).filter(|(at, nth)| counts(*at, *nth));
    passings.flat_map(|(at, nth)| at.faults().iter().map(move |what| Fault { at, nth, what: *what })).collect()
}
