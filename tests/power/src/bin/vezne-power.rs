//! The long run: `vezne-power [STATES]` examines states of all scenes, seed by seed, until so many distinct ones (10,000 if
//! nothing is said) stand in `tests/power/power.tsv` for the present sources. What stands there is not done again.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use vezne_power::Fault;
use vezne_power::explore::{Effort, Seen, Violation, explore};
use vezne_power::folder;
use vezne_power::recording::{Place, Recording};
use vezne_power::scenes::Scene;
use vezne_power::table::{Row, Table, fingerprint};

/// States of one scene and seed.
const BATCH: usize = 1_000;
/// Seeded plans for each moment.
const BY_CHANCE: usize = 12;
/// Every so many states the real program is started.
const BY_PROGRAM: usize = 40;
/// Above this no scene has states left that were not seen.
const SEEDS_MOST: u64 = 1_000;
/// States with something wrong that are kept for looking.
const KEPT_MOST: usize = 20;

fn say(words: &str) {
    // Nobody to tell when standard output is gone.
    let _ = writeln!(std::io::stdout(), "{words}");
}

struct Run {
    table: Table,
    folder: PathBuf,
    fingerprint: String,
    threads: usize,
}

impl Run {
    fn recording(&self, scene: Scene) -> Result<Recording, Fault> {
        let place = Place(self.folder.join(scene.name()));
        if !place.is_whole() {
            say(&format!("recording {}", scene.name()));
            scene.record(&place)?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let recording = runtime.map_err(|error| Fault::of("a runtime", &error))?.block_on(Recording::load(&place))?;
        let early = recording.left_too_early()?;
        if early.is_empty() {
            Ok(recording)
        } else {
            Err(Fault(format!("{}: left too early: {early:?}", scene.name())))
        }
    }

    fn batch(&self, recording: &Recording, seed: u64, seen: &mut Seen) -> Result<Vec<Violation>, Fault> {
        let began = Instant::now();
        let effort =
            Effort { states: BATCH, by_chance: BY_CHANCE, by_program: BY_PROGRAM, seed, threads: self.threads };
        let found = explore(recording, effort, seen)?;
        let row = Row {
            scene: recording.name.clone(),
            seed,
            moments: found.moments,
            cases: found.cases,
            states: found.states,
            violations: found.violations.len(),
            seconds: began.elapsed().as_secs(),
            fingerprint: self.fingerprint.clone(),
        };
        say(&row.line());
        self.table.append(&row)?;
        Ok(found.violations)
    }

    fn keep(&self, recording: &Recording, violation: &Violation, number: usize) -> Result<(), Fault> {
        let (tree, _) = recording.state(violation.after, violation.plan)?;
        let at = self.folder.join(format!("wrong-{number}"));
        say(&format!("{violation:?}\n  kept in {}", at.display()));
        folder::write(&tree, &at, &self.folder)
    }
}

fn run(states: usize) -> Result<usize, Fault> {
    let fingerprint = fingerprint(Path::new("."))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let folder = target.join("power").join(fingerprint.get(..12).unwrap_or(&fingerprint));
    // Absolute: the traced programs run elsewhere.
    let made = std::fs::create_dir_all(&folder).and_then(|()| folder.canonicalize());
    let folder = made.map_err(|error| Fault::of("the recordings' folder", &error))?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let run = Run { table: Table::at(Path::new("tests/power/power.tsv")), folder, fingerprint, threads };
    let mut scenes = Vec::new();
    for scene in Scene::ALL {
        scenes.push((run.recording(scene)?, Seen::default()));
    }
    let mut violations = 0;
    for seed in 1..=SEEDS_MOST {
        for (recording, seen) in &mut scenes {
            let rows = run.table.of(&run.fingerprint)?;
            if rows.iter().map(|row| row.states).sum::<usize>() >= states {
                say(&format!(
                    "{} distinct states stand in the table",
                    rows.iter().map(|row| row.states).sum::<usize>()
                ));
                return Ok(rows.iter().map(|row| row.violations).sum());
            }
            if rows.iter().any(|row| row.scene == recording.name && row.seed == seed) {
                // What was examined then must not be counted again.
                let effort = Effort { states: BATCH, by_chance: BY_CHANCE, by_program: BY_PROGRAM, seed, threads: 0 };
                vezne_power::explore::pass_over(recording, effort, seen)?;
                continue;
            }
            for violation in run.batch(recording, seed, seen)? {
                violations += 1;
                if violations <= KEPT_MOST {
                    run.keep(recording, &violation, violations)?;
                }
            }
        }
    }
    Ok(violations)
}

fn main() -> ExitCode {
    let states = std::env::args().nth(1).and_then(|states| states.parse().ok()).unwrap_or(10_000);
    match run(states) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(violations) => {
            say(&format!("{violations} states with something wrong"));
            ExitCode::FAILURE
        }
        Err(fault) => {
            say(&format!("vezne-power: {fault}"));
            ExitCode::FAILURE
        }
    }
}
