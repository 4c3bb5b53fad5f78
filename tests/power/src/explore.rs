//! Many states: chosen, told apart, examined on all cores.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::Fault;
use crate::check::{Bench, Index, Wrong, by_program};
use crate::plan::{Plan, plans};
use crate::random::Random;
use crate::recording::{Moment, Recording};

/// A state in which something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The scene.
    pub scene: String,
    /// After so many things had happened.
    pub after: usize,
    /// How the cut treated what was pending.
    pub plan: Plan,
    /// What is wrong.
    pub wrong: Vec<Wrong>,
}

/// How much is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// At most so many states.
    pub states: usize,
    /// Seeded plans for each moment, beside the systematic ones.
    pub by_chance: usize,
    /// Every so many states the real program is started at one too; 0 for never.
    pub by_program: usize,
    /// The seed.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
}

/// What was looked at and found.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Moments from which at least one state was taken.
    pub moments: usize,
    /// States examined now: what was found on the disk, and what was promised then.
    pub cases: usize,
    /// How many of them differ from all others by what was found on the disk alone.
    pub states: usize,
    /// What is wrong; in the order of the moments.
    pub violations: Vec<Violation>,
}

/// What was seen already, over several recordings and seeds.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// What was found on the disk.
    pub states: HashSet<[u8; 32]>,
    /// The same with what was promised: the same bytes are another case once more is promised.
    cases: HashSet<([u8; 32], i64)>,
}

/// A chosen state: which moment, how the cut treated it, and what tells it from others.
type Choice = (usize, Plan, [u8; 32]);

/// A moment with the plans that are left for it, the next one last.
type Open = (Moment, Vec<Plan>);

/// All moments by their kind, in an order of the seed's own.
fn by_kind(recording: &Recording, effort: Effort) -> Result<Vec<VecDeque<Open>>, Fault> {
    let mut random = Random::of(effort.seed);
    let names = recording.names();
    let mut kinds: BTreeMap<String, Vec<Open>> = BTreeMap::new();
    recording.moments(|moment| {
        let mut plans = plans(moment.disk.pending().len(), effort.by_chance, random.next());
        random.shuffle(&mut plans);
        let kind = recording.kind(&names, moment.after);
        kinds.entry(kind).or_default().push((moment.clone(), plans));
        Ok(())
    })?;
    let mut kinds: Vec<VecDeque<Open>> = kinds
        .into_values()
        .map(|mut moments| {
            random.shuffle(&mut moments);
            moments.into()
        })
        .collect();
    random.shuffle(&mut kinds);
    Ok(kinds)
}

/// Chooses states that were not `seen` yet, one of each kind of moment by turns: a reserve that is filled once counts as much
/// as a log that is written all day. What was chosen is seen afterwards.
fn choose(recording: &Recording, effort: Effort, seen: &mut Seen) -> Result<Vec<Choice>, Fault> {
    let mut kinds = by_kind(recording, effort)?;
    let mut chosen = Vec::new();
    while chosen.len() < effort.states && !kinds.is_empty() {
        for moments in &mut kinds {
            if chosen.len() >= effort.states {
                break;
            }
            chosen.extend(next(moments, seen));
        }
        kinds.retain(|moments| !moments.is_empty());
    }
    chosen.sort_by_key(|(after, ..)| *after);
    Ok(chosen)
}

/// The next state of these moments that was not seen; a moment with nothing left is taken out.
fn next(moments: &mut VecDeque<Open>, seen: &mut Seen) -> Option<Choice> {
    while let Some((moment, mut plans)) = moments.pop_front() {
        while let Some(plan) = plans.pop() {
            let hash = moment.disk.cut(&plan.fates(moment.disk.pending())).hash();
            if seen.cases.insert((hash, moment.promise.seq)) {
                let after = moment.after;
                moments.push_back((moment, plans));
                return Some((after, plan, hash));
            }
        }
    }
    None
}

/// Counts as seen what was examined with this effort before, and examines nothing.
///
/// # Errors
/// The test's own.
pub fn pass_over(recording: &Recording, effort: Effort, seen: &mut Seen) -> Result<(), Fault> {
    let chosen = choose(recording, effort, seen)?;
    seen.states.extend(chosen.into_iter().map(|(.., hash)| hash));
    Ok(())
}

/// How the index of the log is found in this state: by turns.
fn index(hash: [u8; 32]) -> Index {
    let [first, second, ..] = hash;
    match first % 3 {
        0 => Index::Absent,
        1 => Index::Stale,
        _ => Index::Garbage(u64::from(second)),
    }
}

/// Examines states of a recording that were not `seen` yet.
///
/// # Errors
/// The test's own.
pub fn explore(recording: &Recording, effort: Effort, seen: &mut Seen) -> Result<Findings, Fault> {
    let chosen = choose(recording, effort, seen)?;
    let states = chosen.iter().filter(|(.., hash)| seen.states.insert(*hash)).count();
    let mut wanted: Vec<(Moment, Vec<Choice>)> = Vec::new();
    recording.moments(|moment| {
        let of_it: Vec<Choice> = chosen.iter().filter(|(after, ..)| *after == moment.after).copied().collect();
        if !of_it.is_empty() {
            wanted.push((moment.clone(), of_it));
        }
        Ok(())
    })?;
    let (next, counted) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let found = Mutex::new(Vec::new());
    let work = || -> Result<(), Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Fault::of("a runtime", &error))?;
        let bench = Bench::new()?;
        while let Some((moment, of_it)) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (after, plan, hash) in of_it {
                let tree = moment.disk.cut(&plan.fates(moment.disk.pending()));
                let state = (&tree, &moment.promise);
                let mut wrong = runtime.block_on(bench.examine(recording, state, index(*hash)))?;
                let count = counted.fetch_add(1, Ordering::Relaxed);
                if count.checked_rem(effort.by_program) == Some(0) {
                    let at = bench.lay(recording, &tree, index(*hash))?;
                    wrong.extend(by_program(&at.join(&recording.home), &moment.promise)?);
                }
                if !wrong.is_empty() {
                    let violation = Violation { scene: recording.name.clone(), after: *after, plan: *plan, wrong };
                    found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(violation);
                }
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..effort.threads.max(1)).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            thread.join().map_err(|_| Fault("examining a state panicked".to_owned()))??;
        }
        Ok::<(), Fault>(())
    })?;
    let mut violations = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    violations.sort_by_key(|violation| violation.after);
    Ok(Findings { moments: wanted.len(), cases: chosen.len(), states, violations })
}
