//! A program that is meant to be killed.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::plan::{Moment, Reach};
use super::trap::{Listener, Trap};

/// Between two looks whether it has ended.
const LOOK: Duration = Duration::from_millis(1);
/// How long its last words are waited for: what it started may hold its output open.
const LAST_WORDS: Duration = Duration::from_millis(50);
/// A moment that never comes: after this the program is killed wherever it stands.
const PATIENCE: Duration = Duration::from_secs(3);

/// How it ended.
#[derive(Debug, Clone)]
pub struct Death {
    /// Whether it was the kill that ended it.
    pub killed: bool,
    /// Its exit code, when it ended by itself.
    pub code: Option<i32>,
    /// What it said, as far as that is JSON.
    pub said: Vec<Value>,
    /// How long it lived.
    pub lived: Duration,
}

/// Runs `command` in a process group of its own until `moment`, and kills it there. A program that never comes to that
/// moment ends by itself, or after a while where it stands.
///
/// # Errors
/// When it can't be started or its home can't be watched.
pub fn run(
    mut command: Command,
    input: &str,
    (moment, reach): (Moment, Reach),
    (trap, home): (&Trap, &Path),
) -> io::Result<Death> {
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let listener = Listener::of(moment, home)?;
    let began = Instant::now();
    let mut child = command.spawn()?;
    trap.arm(child.id(), reach, moment);
    listener.listen(trap);
    if let Some(mut stdin) = child.stdin.take() {
        // A program that fell before it read this is what this is about.
        let _given = stdin.write_all(input.as_bytes());
    }
    let (tell, told) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        let trap = trap.clone();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                trap.line(&line);
                if let Ok(value @ Value::Object(_)) = serde_json::from_str(&line)
                    && tell.send(value).is_err()
                {
                    return;
                }
            }
        });
    }
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if began.elapsed() > PATIENCE {
            trap.strike();
        }
        thread::sleep(LOOK);
    };
    let lived = began.elapsed();
    trap.disarm();
    let mut said = Vec::new();
    while let Ok(value) = told.recv_timeout(LAST_WORDS) {
        said.push(value);
    }
    Ok(Death { killed: status.signal() == Some(9), code: status.code(), said, lived })
}
