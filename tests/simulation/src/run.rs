//! Runs a schedule.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::coverage::Cells;
use crate::journal::TwinHome;
use crate::life::live;
use crate::plant::Plant;
use crate::schedule::{Boundary, Fault, Schedule};
use crate::watch;
use crate::world::World;

/// More lives than any schedule needs.
const LIVES_MOST: u32 = 60;

/// How a run is watched.
#[derive(Debug, Clone, Copy, Default)]
pub struct Watch {
    /// A defect that is planted first.
    pub plant: Plant,
    /// Whether every passing of a boundary is remembered.
    pub passings: bool,
    /// Whether the course is written down in words.
    pub words: bool,
    /// Whether the real journal of SQLite stands beside the simulated one.
    pub twin: bool,
}

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Ran {
    /// What is wrong; nothing, if all is as it must be.
    pub wrong: Vec<String>,
    /// What was reached.
    pub cells: Cells,
    /// The passings of boundaries, while faults could come.
    pub passings: Vec<(Boundary, u16)>,
    /// The faults that came.
    pub fired: Vec<Fault>,
    /// A number that any difference in the course changes.
    pub sum: u64,
    /// The course in words.
    pub words: Vec<String>,
}

/// All was as it must be.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// What was reached.
    pub cells: Cells,
    /// A number that any difference in the course changes.
    pub sum: u64,
}

/// Something was not.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The schedule, which repeats it.
    pub schedule: Schedule,
    /// What is wrong.
    pub wrong: Vec<String>,
    /// The course.
    pub words: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for wrong in &self.wrong {
            writeln!(formatter, "WRONG: {wrong}")?;
        }
        writeln!(formatter, "repeat: {}", self.schedule)?;
        self.words.iter().try_for_each(|line| writeln!(formatter, "  {line}"))
    }
}

impl std::error::Error for Failure {}

/// Runs a schedule against the product as it is.
///
/// # Errors
/// What is wrong, with the course in words.
pub fn run(schedule: &Schedule) -> Result<Verdict, Box<Failure>> {
    let ran = run_watched(schedule, Watch::default());
    if ran.wrong.is_empty() {
        return Ok(Verdict { cells: ran.cells, sum: ran.sum });
    }
    let again = run_watched(schedule, Watch { words: true, ..Watch::default() });
    let mut wrong = ran.wrong;
    if again.wrong != wrong {
        wrong.push("and the second run of it came to something else".to_owned());
    }
    Err(Box::new(Failure { schedule: schedule.clone(), wrong, words: again.words }))
}

/// Runs a schedule and tells everything of it.
#[must_use]
pub fn run_watched(schedule: &Schedule, watch: Watch) -> Ran {
    watch::begin();
    let schedule = Arc::new(schedule.clone());
    let world = World::new(schedule, watch.plant, (watch.passings, watch.words));
    if watch.twin {
        match TwinHome::new() {
            Ok(home) => world.with(|state| state.twin_home = Some(home)),
            Err(error) => world.wrong(format!("no place for the real journal: {error}")),
        }
    }
    let whole = catch_unwind(AssertUnwindSafe(|| lives(&world)));
    let noise = watch::end();
    if whole.is_err() {
        world.wrong("a panic ended the run".to_owned());
    }
    for panic in noise.panics {
        world.wrong(format!("panic: {panic}"));
    }
    let passings = world.passings();
    world.with(|state| {
        let disk = |at: Boundary| at.word().starts_with("disk.");
        if state.fired.iter().all(|fault| !disk(fault.at)) {
            for error in &noise.errors {
                state.wrong(format!("an error was logged and no disk failed: {error}"));
            }
        }
        let (sum, words) = state.trace.take();
        Ran {
            wrong: std::mem::take(&mut state.wrong),
            cells: std::mem::take(&mut state.cells),
            passings,
            fired: std::mem::take(&mut state.fired),
            sum,
            words,
        }
    })
}

/// One life after the other, until the schedule is done.
fn lives(world: &Arc<World>) {
    for _ in 0..LIVES_MOST {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build() {
            Ok(runtime) => runtime,
            Err(error) => return world.wrong(format!("no runtime: {error}")),
        };
        let done = runtime.block_on(async {
            world.begin_life();
            tokio::select! {
                biased;
                () = world.died() => false,
                () = live(world) => true,
            }
        });
        let wrong = world.with(|state| !state.wrong.is_empty());
        let death = runtime.block_on(async { world.end_life() });
        drop(runtime);
        if done || wrong {
            return;
        }
        if death.power_cut
            && let Some(disk) = world.with(|state| state.disk.clone())
        {
            disk.power_cut();
        }
    }
    world.wrong("the desk never comes to the end of the schedule".to_owned());
}
