//! Many schedules on all cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::coverage::Coverage;
use crate::run::{Failure, run};
use crate::schedule::Schedule;

/// What many runs came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many schedules were run.
    pub runs: usize,
    /// What they reached.
    pub coverage: Coverage,
    /// What failed; no more than a few are kept, in the order of their schedules.
    pub failures: Vec<Failure>,
    /// How many failed.
    pub failed: usize,
}

/// Failures that one thread keeps.
const KEPT: usize = 5;
/// Schedules that a thread takes at once.
const TAKEN: usize = 64;

/// Runs them all, on as many threads as there are cores. What it comes to does not depend on their number.
#[must_use]
pub fn run_all(schedules: &[Schedule]) -> Outcome {
    run_each(schedules.len(), |place| schedules.get(place).cloned())
}

/// The same for schedules that are made when they are run.
#[must_use]
pub fn run_each(count: usize, make: impl Fn(usize) -> Option<Schedule> + Sync) -> Outcome {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut whole = Outcome::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| work(count, &next, &make))).collect();
        for worker in workers {
            if let Ok(part) = worker.join() {
                whole.runs += part.runs;
                whole.failed += part.failed;
                whole.coverage.merge(&part.coverage);
                whole.failures.extend(part.failures);
            }
        }
    });
    whole
}

fn work(count: usize, next: &AtomicUsize, make: &impl Fn(usize) -> Option<Schedule>) -> Outcome {
    let mut part = Outcome::default();
    loop {
        let from = next.fetch_add(TAKEN, Ordering::Relaxed);
        if from >= count {
            return part;
        }
        for schedule in (from..count.min(from + TAKEN)).filter_map(make) {
            part.runs += 1;
            match run(&schedule) {
                Ok(verdict) => part.coverage.add(&verdict.cells),
                Err(failure) => {
                    part.failed += 1;
                    if part.failures.len() < KEPT {
                        part.failures.push(*failure);
                    }
                }
            }
        }
    }
}
