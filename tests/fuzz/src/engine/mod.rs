//! The loop: take a known input, change it, run the target, keep what reaches something new.

mod corpus;
mod coverage;
mod mutate;
mod random;
mod spans;
mod trial;
mod watch;

use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use corpus::{committed, distinct, keep, name_of, read};
pub use coverage::Coverage;
pub use mutate::Mutator;
pub use random::Random;
pub use trial::Failure;

/// Something that reads bytes from outside.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name: the folder of its corpus, and its line in the table.
    pub name: &'static str,
    /// Reads an input; panics when what came of it is not as it must be.
    pub run: fn(&[u8]),
    /// Words of its format.
    pub words: &'static [&'static str],
    /// The longest input that is made, in bytes.
    pub longest: usize,
}

/// How long a run goes on, and where it keeps what it finds.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long.
    pub time: Duration,
    /// How many inputs at most.
    pub executions: u64,
    /// Where chance begins.
    pub seed: u64,
    /// Where new inputs and failures are kept; `None` keeps nothing.
    pub work: Option<PathBuf>,
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Inputs run.
    pub executions: u64,
    /// For so long.
    pub time: Duration,
    /// Known inputs at its beginning.
    pub corpus: usize,
    /// Inputs that reached something new.
    pub added: usize,
    /// Counters reached, of all there are; nothing when built without.
    pub reached: Option<(usize, usize)>,
    /// What failed, made small; one for each place.
    pub failures: Vec<Failure>,
}

/// Failures at different places after which a run ends.
const FAILURES_MOST: usize = 8;

/// Inputs between two looks at the memory.
const BATCH: usize = 128;

/// Runs a target on its known inputs, and then on changed ones.
///
/// # Errors
/// When the corpus can't be read, or what was found not be kept.
pub fn hunt(target: &Target, limits: &Limits) -> std::io::Result<Outcome> {
    let mut inputs: Vec<Vec<u8>> = read(&committed(target.name))?.into_iter().map(|(_, input)| input).collect();
    if let Some(work) = &limits.work {
        inputs.extend(read(&work.join("inputs").join(target.name))?.into_iter().map(|(_, input)| input));
    }
    let inputs = distinct(inputs);
    let mut hunt = Hunt::new(target, limits, inputs);
    hunt.replay()?;
    hunt.mutate()?;
    Ok(hunt.ended())
}

struct Hunt<'a> {
    target: &'a Target,
    limits: &'a Limits,
    inputs: Vec<Vec<u8>>,
    began: Instant,
    outcome: Outcome,
    coverage: Option<Coverage>,
    watchdog: watch::Watchdog,
    batch: Vec<Vec<u8>>,
    before: Option<u64>,
}

impl<'a> Hunt<'a> {
    fn new(target: &'a Target, limits: &'a Limits, inputs: Vec<Vec<u8>>) -> Self {
        let kept = limits.work.clone().unwrap_or_else(|| std::env::temp_dir().join("vezne-fuzz"));
        let outcome = Outcome { corpus: inputs.len(), ..Outcome::default() };
        Self {
            target,
            limits,
            inputs,
            began: Instant::now(),
            outcome,
            coverage: Coverage::open(),
            watchdog: watch::Watchdog::start(kept.join("failures").join(target.name)),
            batch: Vec::with_capacity(BATCH),
            before: None,
        }
    }

    fn over(&self) -> bool {
        self.began.elapsed() >= self.limits.time
            || self.outcome.executions >= self.limits.executions
            || self.outcome.failures.len() >= FAILURES_MOST
    }

    /// Every known input, always.
    fn replay(&mut self) -> std::io::Result<()> {
        for input in self.inputs.clone() {
            self.run(&input)?;
        }
        self.look_at_memory()
    }

    fn mutate(&mut self) -> std::io::Result<()> {
        let (words, longest) = (self.target.words, self.target.longest);
        let mut mutator = Mutator { random: Random::of(self.limits.seed), words, longest };
        if self.inputs.is_empty() {
            self.inputs.push(Vec::new());
        }
        while !self.over() {
            let base = choose(&mut mutator.random, &self.inputs);
            let other = choose(&mut mutator.random, &self.inputs);
            let input = mutator.mutate(&base, &other);
            if self.run(&input)? {
                self.outcome.added = self.outcome.added.saturating_add(1);
                if let Some(work) = &self.limits.work {
                    keep(&work.join("inputs").join(self.target.name), &input)?;
                }
                self.inputs.push(input);
            }
        }
        self.look_at_memory()
    }

    /// Whether it reached something new.
    fn run(&mut self, input: &[u8]) -> std::io::Result<bool> {
        self.watchdog.begin(input);
        let ended = trial::bounded(self.target.run, input);
        self.watchdog.end();
        self.outcome.executions = self.outcome.executions.saturating_add(1);
        let news = self.coverage.as_mut().map_or(0, Coverage::news);
        if let Err(failure) = ended {
            self.failed(failure)?;
            return Ok(false);
        }
        self.batch.push(input.to_vec());
        if self.batch.len() >= BATCH {
            self.look_at_memory()?;
        }
        Ok(news > 0)
    }

    /// The peak is looked at once for many inputs; when it grew, each of them is run by itself.
    fn look_at_memory(&mut self) -> std::io::Result<()> {
        let batch = std::mem::take(&mut self.batch);
        if let (Some(before), Some(peak)) = (self.before, watch::memory_peak())
            && peak.saturating_sub(before) > watch::LARGE_KIB
        {
            for input in &batch {
                if let Err(failure) = trial::small(self.target.run, input) {
                    self.failed(failure)?;
                }
            }
        }
        self.before = watch::measure_memory_anew();
        Ok(())
    }

    fn failed(&mut self, failure: Failure) -> std::io::Result<()> {
        if self.outcome.failures.iter().any(|known| known.place == failure.place) {
            return Ok(());
        }
        let failure = trial::minimised(self.target.run, failure);
        if let Some(work) = &self.limits.work {
            keep(&work.join("failures").join(self.target.name), &failure.input)?;
        }
        self.outcome.failures.push(failure);
        Ok(())
    }

    fn ended(self) -> Outcome {
        let reached = self.coverage.as_ref().map(Coverage::reached);
        Outcome { time: self.began.elapsed(), reached, ..self.outcome }
    }
}

/// One of them; half the time one of the newest.
fn choose(random: &mut Random, inputs: &[Vec<u8>]) -> Vec<u8> {
    const NEWEST: usize = 16;
    let newest = inputs.get(inputs.len().saturating_sub(NEWEST)..).unwrap_or(inputs);
    let of = if random.below(2) == 0 { newest } else { inputs };
    random.pick(of).cloned().unwrap_or_default()
}

/// The fewest small inputs that reach what these reach beyond `first`, in the order of their length. Without counters: all.
#[must_use]
pub fn fewest(target: &Target, first: &[Vec<u8>], mut inputs: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    inputs.sort_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    inputs.dedup();
    let Some(mut coverage) = Coverage::open() else { return inputs };
    // What the first run of all reaches by itself (tables made once) belongs to no input.
    let _warm = trial::once(target.run, b"");
    coverage.forget();
    for input in first {
        let _known = trial::once(target.run, input);
        coverage.news();
    }
    inputs.retain(|input| trial::once(target.run, input).is_ok() && coverage.news() > 0);
    inputs
}

/// A target in a test: its corpus, then changed inputs, as many as a test may take; with `VEZNE_FUZZ_SECONDS` set, as long as
/// that says, and a line about it for the table.
///
/// # Panics
/// When anything fails; with the input, in a form that can be put into a test.
pub fn in_a_test(target: &Target) {
    let seconds = std::env::var("VEZNE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let seed = std::env::var("SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let limits = Limits {
        time: Duration::from_secs(seconds.unwrap_or(2)),
        executions: if seconds.is_some() { u64::MAX } else { 3_000 },
        seed,
        work: None,
    };
    let outcome = hunt(target, &limits);
    assert!(outcome.is_ok(), "the corpus of {} can't be read: {outcome:?}", target.name);
    let Ok(outcome) = outcome else { return };
    assert!(outcome.corpus > 0, "{} has no corpus", target.name);
    if seconds.is_some() {
        tell(target, &outcome);
    }
    assert!(outcome.failures.is_empty(), "{}", told(target, &outcome.failures));
}

/// What failed, in words.
#[must_use]
pub fn told(target: &Target, failures: &[Failure]) -> String {
    failures.iter().fold(String::new(), |mut text, failure| {
        text.push_str(&format!(
            "{}: {} ({})\n  b\"{}\"\n",
            target.name,
            failure.what,
            failure.place,
            failure.input.escape_ascii()
        ));
        text
    })
}

/// The line for the table: target, executions, seconds, known inputs, new ones, failures, counters reached.
pub fn tell(target: &Target, outcome: &Outcome) {
    use std::io::Write as _;
    let reached = outcome.reached.map_or_else(|| "-".to_owned(), |(some, all)| format!("{some}/{all}"));
    // A test's own way of printing would keep it back.
    let _written = writeln!(
        std::io::stdout(),
        "fuzzed\t{}\t{}\t{}\t{}\t{}\t{}\t{reached}",
        target.name,
        outcome.executions,
        outcome.time.as_secs(),
        outcome.corpus,
        outcome.added,
        outcome.failures.len(),
    );
}
