//! Runs one target for a while, or makes its corpus as small as it can be. `scripts/fuzz.sh` starts it; by hand:
//!
//! ```text
//! fuzz names
//! fuzz run TARGET --seconds 60 --seed 1 --work target/fuzz
//! fuzz fewest TARGET --work target/fuzz
//! ```

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use vezne_fuzz::engine::{self, Limits, Target};
use vezne_fuzz::targets;

/// The most bytes of a target's committed corpus, and of one input in it.
const CORPUS_BYTES: usize = 14 * 1024;
const INPUT_BYTES: usize = 1_536;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let option = |name: &str| {
        let place = words.iter().position(|word| *word == name)?;
        words.get(place.checked_add(1)?).copied()
    };
    let work = PathBuf::from(option("--work").unwrap_or("target/fuzz"));
    let number = |name: &str| option(name).and_then(|text| text.parse().ok());
    let done = match (words.first().copied(), words.get(1).and_then(|name| targets::named(name))) {
        (Some("names"), _) => names(),
        (Some("run"), Some(target)) => {
            run(&target, number("--seconds").unwrap_or(60), number("--seed").unwrap_or(1), work)
        }
        (Some("fewest"), Some(target)) => fewest(&target, &work),
        _ => {
            Err("fuzz names | fuzz run TARGET [--seconds N] [--seed N] [--work DIR] | fuzz fewest TARGET [--work DIR]"
                .to_owned())
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(words) => {
            // Nothing else to do when this fails, too.
            let _written = writeln!(std::io::stderr(), "{words}");
            ExitCode::from(2)
        }
    }
}

fn say(line: &str) -> Result<bool, String> {
    writeln!(std::io::stdout(), "{line}").map(|()| true).map_err(|error| error.to_string())
}

fn names() -> Result<bool, String> {
    targets::ALL.iter().try_fold(true, |_, target| say(target.name))
}

fn run(target: &Target, seconds: u64, seed: u64, work: PathBuf) -> Result<bool, String> {
    let limits = Limits { time: Duration::from_secs(seconds), executions: u64::MAX, seed, work: Some(work) };
    let outcome = engine::hunt(target, &limits).map_err(|error| error.to_string())?;
    engine::tell(target, &outcome);
    if outcome.failures.is_empty() {
        return Ok(true);
    }
    say(&engine::told(target, &outcome.failures))?;
    Ok(false)
}

/// Puts the fewest small inputs that reach everything in the place of the committed corpus. Inputs whose names say that they
/// once failed stay.
fn fewest(target: &Target, work: &std::path::Path) -> Result<bool, String> {
    let words = |error: std::io::Error| error.to_string();
    let folder = engine::committed(target.name);
    let committed = engine::read(&folder).map_err(words)?;
    let found = engine::read(&work.join("inputs").join(target.name)).map_err(words)?;
    let is_kept = |name: &str| name.contains('.') || name.contains('-');
    let mut inputs: Vec<Vec<u8>> = found.into_iter().map(|(_, input)| input).collect();
    inputs.extend(committed.iter().filter(|(name, _)| !is_kept(name)).map(|(_, input)| input.clone()));
    inputs.retain(|input| input.len() <= INPUT_BYTES);
    let by_hand: Vec<Vec<u8>> =
        committed.iter().filter(|(name, _)| is_kept(name)).map(|(_, input)| input.clone()).collect();
    let mut room = CORPUS_BYTES.saturating_sub(by_hand.iter().map(Vec::len).sum());
    let few = engine::fewest(target, &by_hand, inputs);
    for (name, _) in committed.iter().filter(|(name, _)| !is_kept(name)) {
        std::fs::remove_file(folder.join(name)).map_err(words)?;
    }
    let mut kept = 0_usize;
    for input in few {
        let Some(left) = room.checked_sub(input.len()) else { continue };
        room = left;
        kept = kept.saturating_add(1);
        engine::keep(&folder, &input).map_err(words)?;
    }
    say(&format!("{}: {} by hand, {kept} found", target.name, by_hand.len()))
}
