//! A program, started and watched: its output line by line, its end by a deadline.
#![expect(clippy::panic, reason = "a test fails by panicking, with what the program said")]

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Between two looks at something that is waited for.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A program of this workspace, beside the test that asks for it.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    // target/debug/deps/rows-… → target/debug/veznectl
    let folder = here.parent().map(|deps| if deps.ends_with("deps") { deps.parent().unwrap_or(deps) } else { deps });
    let path = folder.unwrap_or(&here).join(name).with_extension(std::env::consts::EXE_EXTENSION);
    if !path.is_file() {
        panic!("{} is not built: run `cargo build --workspace --bins` first (`make test` does)", path.display());
    }
    path
}

/// Looks until `look` finds something.
///
/// # Panics
/// When the deadline is over.
pub fn wait_for<T>(what: &str, deadline: Duration, look: impl FnMut() -> Option<T>) -> T {
    match found_within(deadline, LOOK_EVERY, look) {
        Some(found) => found,
        None => panic!("waited {deadline:?} in vain for {what}"),
    }
}

/// Looks every so often until `look` finds something or the deadline is over.
pub fn found_within<T>(deadline: Duration, every: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let until = Instant::now() + deadline;
    loop {
        let found = look();
        if found.is_some() || Instant::now() > until {
            return found;
        }
        thread::sleep(every);
    }
}

type Shared = Arc<Mutex<String>>;

/// A program that runs.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stdout: Shared,
    stderr: Shared,
    readers: Vec<JoinHandle<()>>,
}

/// A program that has ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Running {
    /// Starts `command` and hands it `input`.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start(command: &mut Command, input: &str) -> Self {
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = started.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        if let Some(mut stdin) = child.stdin.take() {
            // A program that does not read its input closes it: no matter.
            let _given = stdin.write_all(input.as_bytes());
        }
        let (stdout, stderr) = (Shared::default(), Shared::default());
        let mut readers = Vec::new();
        readers.extend(child.stdout.take().map(|stream| gather(stream, &stdout)));
        readers.extend(child.stderr.take().map(|stream| gather(stream, &stderr)));
        Self { child, stdout, stderr, readers }
    }

    /// What it has written to standard output so far.
    #[must_use]
    pub fn stdout(&self) -> String {
        text(&self.stdout)
    }

    /// What it has written to standard error so far.
    #[must_use]
    pub fn stderr(&self) -> String {
        text(&self.stderr)
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as `kill -9` does.
    #[must_use]
    pub fn kill(mut self) -> Ended {
        // It may have ended by itself a moment ago.
        let _killed = self.child.kill();
        self.wait(Duration::from_secs(10))
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end in time; it is killed then.
    #[must_use]
    pub fn wait(mut self, deadline: Duration) -> Ended {
        let until = Instant::now() + deadline;
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if Instant::now() < until => thread::sleep(LOOK_EVERY),
                Ok(None) | Err(_) => {
                    let _killed = self.child.kill();
                    panic!("still running after {deadline:?}\n{}\n{}", self.stdout(), self.stderr());
                }
            }
        };
        self.ended(status)
    }

    fn ended(&mut self, status: ExitStatus) -> Ended {
        for reader in self.readers.drain(..) {
            // A reader that panicked has nothing more to say.
            let _joined = reader.join();
        }
        Ended { code: status.code(), stdout: text(&self.stdout), stderr: text(&self.stderr) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A test that fails half-way leaves nothing running.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _killed = self.child.kill();
            let _status = self.child.wait();
        }
    }
}

fn text(shared: &Shared) -> String {
    shared.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn gather(stream: impl Read + Send + 'static, into: &Shared) -> JoinHandle<()> {
    let into = Arc::clone(into);
    thread::spawn(move || {
        let mut lines = BufReader::new(stream);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            into.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    })
}

impl Ended {
    /// The exit code, or -1 when a signal ended it.
    #[must_use]
    pub fn code(&self) -> i32 {
        self.code.unwrap_or(-1)
    }

    /// Every line of standard output that is a JSON object.
    #[must_use]
    pub fn lines(&self) -> Vec<Value> {
        self.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(Value::is_object).collect()
    }

    /// The last line of standard output, which must be a JSON object.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn last(&self) -> Value {
        let last = self.stdout.lines().last().unwrap_or_default();
        match serde_json::from_str(last) {
            Ok(value @ Value::Object(_)) => value,
            Ok(_) | Err(_) => panic!("the last line is no JSON object: {last:?}\n{}", self.stderr),
        }
    }
}
