//! `make torture`: shares what is left to try among processes, and adds up what they found in the table.
//!
//! `vezne-torture TABLE` goes on for `MINUTES` with `JOBS` processes; `KIND` is `pairs` or `seeds`, of one gateway
//! (`pairs-finrota`) or both, or all. `SEED` or `SCHEDULE` runs one and tells its course. `COMMIT` names what was tried.

#![expect(clippy::print_stdout, reason = "it is a program that tells people what it found")]

use std::env;
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use vezne_simulation::schedule::Schedule;
use vezne_simulation::torture::{Kind, Line, Table, Unit, product};
use vezne_simulation::{Watch, drawn, run_watched};

/// A schedule makes and drops thousands of small things: a third of its time went into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Every so many schedules one is run with the real journal beside the simulated one.
const TWIN_EVERY: u64 = 100;

/// How long nothing may be heard of any process before something hangs.
const SILENCE_MOST: Duration = Duration::from_secs(1_800);

/// How many failures of one piece are told in full.
const TOLD_MOST: u64 = 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let ended = match arguments.first().map(String::as_str) {
        Some("--worker") => work(),
        Some(table) => match (number("SEED"), env::var("SCHEDULE").ok().filter(|line| !line.is_empty())) {
            (Some(seed), _) => Ok(repeat(&drawn(seed))),
            (None, Some(line)) => line.parse().map_err(io::Error::other).map(|schedule| repeat(&schedule)),
            (None, None) => {
                let minutes = number("MINUTES").unwrap_or(10);
                let cores = thread::available_parallelism().map_or(1, usize::from);
                let jobs = number("JOBS").and_then(|jobs| usize::try_from(jobs).ok()).unwrap_or(cores).max(1);
                torture(Path::new(table), Duration::from_secs(minutes.saturating_mul(60)), jobs)
            }
        },
        None => Err(io::Error::other("which table?")),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("torture: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one schedule and tells its course; true when all was as it must be.
fn repeat(schedule: &Schedule) -> bool {
    println!("{schedule}");
    let ran = run_watched(schedule, Watch { words: true, twin: true, ..Watch::default() });
    for line in &ran.words {
        println!("  {line}");
    }
    for wrong in &ran.wrong {
        println!("WRONG: {wrong}");
    }
    ran.wrong.is_empty()
}

/// A process of its own: reads pieces, runs them, tells what became of them.
fn work() -> io::Result<bool> {
    for line in io::stdin().lock().lines() {
        let unit: Unit = line?.parse().map_err(io::Error::other)?;
        let (mut runs, mut twins, mut failures) = (0_u64, 0_u64, 0_u64);
        unit.each(|schedule| {
            let twin = runs % TWIN_EVERY == TWIN_EVERY / 2;
            let ran = run_watched(schedule, Watch { twin, ..Watch::default() });
            runs = runs.saturating_add(1);
            twins = twins.saturating_add(u64::from(twin));
            if !ran.wrong.is_empty() {
                failures = failures.saturating_add(1);
                if failures <= TOLD_MOST {
                    let beside = if twin { " (beside the real journal)" } else { "" };
                    println!("fail {schedule}\t{}{beside}", ran.wrong.join("; ").replace(['\n', '\t'], " "));
                }
            }
        })
        .map_err(io::Error::other)?;
        println!("done {runs} {twins} {failures}");
        io::stdout().flush()?;
    }
    Ok(true)
}

/// What is heard of a process: its number, and a line or its end.
type Heard = (usize, Option<String>);

struct Worker {
    child: Child,
    orders: ChildStdin,
    unit: Option<Unit>,
    began: Instant,
}

impl Worker {
    fn start(number: usize, heard: &Sender<Heard>) -> io::Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        let mut child = command.arg("--worker").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let orders = child.stdin.take().ok_or_else(|| io::Error::other("a process without an ear"))?;
        let answers = child.stdout.take().ok_or_else(|| io::Error::other("a process without a mouth"))?;
        let heard = heard.clone();
        thread::spawn(move || {
            for line in BufReader::new(answers).lines().map_while(Result::ok) {
                let _ = heard.send((number, Some(line)));
            }
            let _ = heard.send((number, None));
        });
        Ok(Self { child, orders, unit: None, began: Instant::now() })
    }

    fn takes(&mut self, unit: Unit) -> io::Result<()> {
        writeln!(self.orders, "{unit}")?;
        self.unit = Some(unit);
        self.began = Instant::now();
        Ok(())
    }
}

/// One run of the torture.
struct Torture {
    table: Table,
    commit: String,
    kinds: Vec<Kind>,
    /// The pieces that this run began.
    taken: Vec<Unit>,
    failed: bool,
    runs: u64,
}

impl Torture {
    /// The next piece: of each kind in turn.
    fn next(&mut self) -> Option<Unit> {
        let turn = self.taken.len().checked_rem(self.kinds.len()).unwrap_or(0);
        let kinds = self.kinds.iter().cycle().skip(turn).take(self.kinds.len());
        let unit = kinds.filter_map(|kind| self.table.next(*kind, product(kind.gateway), &self.taken)).next()?;
        self.taken.push(unit);
        Some(unit)
    }

    /// Takes a process's word in; true when it is free again.
    fn hears(&mut self, line: &str, unit: Unit, took: Duration) -> io::Result<bool> {
        if let Some((schedule, words)) = line.strip_prefix("fail ").and_then(|line| line.split_once('\t')) {
            self.failed = true;
            println!("WRONG in {unit}: {words}\n  SCHEDULE='{schedule}' make torture");
            return Ok(false);
        }
        let numbers: Vec<u64> = line.split_whitespace().skip(1).filter_map(|number| number.parse().ok()).collect();
        let [runs, twins, failures] = numbers.as_slice() else { return Ok(false) };
        self.runs = self.runs.saturating_add(*runs);
        self.table.add(Line {
            span: unit,
            product: product(unit.kind.gateway).to_owned(),
            commit: self.commit.clone(),
            runs: *runs,
            twins: *twins,
            failures: *failures,
            seconds: took.as_secs(),
        })?;
        Ok(true)
    }
}

fn torture(path: &Path, span: Duration, jobs: usize) -> io::Result<bool> {
    let kinds = match env::var("KIND").ok().filter(|kind| !kind.is_empty()) {
        None => Kind::ALL.to_vec(),
        Some(word) => Kind::meant(&word).map_err(io::Error::other)?,
    };
    let commit = env::var("COMMIT").unwrap_or_else(|_| "?".to_owned());
    let mut run = Torture { table: Table::read(path)?, commit, kinds, taken: Vec::new(), failed: false, runs: 0 };
    let (sender, heard) = mpsc::channel();
    let began = Instant::now();
    let mut workers = Vec::new();
    for number in 0..jobs {
        let mut worker = Worker::start(number, &sender)?;
        if let Some(unit) = run.next() {
            worker.takes(unit)?;
        }
        workers.push(worker);
    }
    let ended = drive(&mut run, &mut workers, &heard, began, span);
    for mut worker in workers {
        drop(worker.orders);
        if ended.is_err() {
            let _ = worker.child.kill();
        }
        let _ = worker.child.wait();
    }
    ended?;
    tell(&run, began.elapsed());
    Ok(!run.failed)
}

fn drive(
    run: &mut Torture,
    workers: &mut [Worker],
    heard: &Receiver<Heard>,
    began: Instant,
    span: Duration,
) -> io::Result<()> {
    let mut told = Instant::now();
    while workers.iter().any(|worker| worker.unit.is_some()) {
        let (number, line) = match heard.recv_timeout(SILENCE_MOST) {
            Ok(heard) => heard,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                let at: Vec<String> =
                    workers.iter().filter_map(|worker| worker.unit).map(|unit| unit.to_string()).collect();
                return Err(io::Error::other(format!("nothing is heard any more of: {}", at.join(", "))));
            }
        };
        let Some(worker) = workers.get_mut(number) else { continue };
        let Some(unit) = worker.unit else { continue };
        let Some(line) = line else {
            return Err(io::Error::other(format!("a process died in {unit}")));
        };
        if !run.hears(&line, unit, worker.began.elapsed())? {
            continue;
        }
        worker.unit = None;
        if began.elapsed() < span
            && let Some(next) = run.next()
        {
            worker.takes(next)?;
        }
        if told.elapsed() > Duration::from_secs(60) {
            told = Instant::now();
            tell(run, began.elapsed());
        }
    }
    Ok(())
}

fn tell(run: &Torture, took: Duration) {
    let seconds = took.as_secs().max(1);
    println!("torture: {} schedules in {seconds} s, {} a second", run.runs, run.runs / seconds);
    for kind in Kind::ALL {
        let product = product(kind.gateway);
        let (runs, failures) = run.table.sum(kind, product);
        println!("torture: {kind}: {runs} with these sources ({product}), {failures} failed");
    }
    println!("torture: {} ever", run.table.ever());
}
