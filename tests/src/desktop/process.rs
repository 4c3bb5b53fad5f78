//! Programs that end with the test, whatever becomes of the test.
#![expect(clippy::panic, reason = "a test fails by panicking, with what is missing")]

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Runs a program in a group of its own and watches standard input: when that ends (a test that drops it, a test process
/// that is gone), the program is asked to end, and then its whole group is made to.
const WATCH: &str = r#"exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{ cat <&3 >/dev/null; kill -TERM "$child"; sleep 1; kill -KILL 0; } 2>/dev/null &
exec 3<&-
wait "$child"
kill -KILL 0"#;

/// Where a program is, and which package has it.
const PACKAGES: [(&str, &str); 8] = [
    ("Xvfb", "xvfb"),
    ("openbox", "openbox"),
    ("dbus-daemon", "dbus"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("xdotool", "xdotool"),
    ("xprop", "x11-utils"),
    ("import", "imagemagick"),
    ("sh", "dash"),
];

/// The path of a program that the desktop tests need.
///
/// # Panics
/// When it is not installed: these tests are never skipped.
#[must_use]
pub fn installed(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| {
        let package = PACKAGES.iter().find(|(known, _)| *known == name).map_or(name, |(_, package)| package);
        panic!("{name} is not installed: the desktop tests need the package {package} (`make setup` installs it)")
    })
}

/// The environment of everything that belongs to one screen.
pub type Environment = Vec<(&'static str, OsString)>;

/// A program that runs until this is dropped.
#[derive(Debug)]
pub struct Guarded {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Guarded {
    /// Starts a program; what it says goes to `folder/name.out` and `folder/name.log`.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start(name: &str, arguments: &[OsString], environment: &Environment, folder: &Path) -> Self {
        let path = if Path::new(name).is_absolute() { PathBuf::from(name) } else { installed(name) };
        Self::start_at(&path, arguments, environment, folder)
    }

    /// The same for a program at a place.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start_at(path: &Path, arguments: &[OsString], environment: &Environment, folder: &Path) -> Self {
        let name = path.display().to_string();
        let short = path.file_name().unwrap_or_default().to_owned();
        let log = folder.join(&short).with_extension("log");
        let out = folder.join(&short).with_extension("out");
        let (Ok(errors), Ok(output)) = (File::create(&log), File::create(out)) else {
            panic!("no log can be written in {}", folder.display())
        };
        let child = Command::new(installed("sh"))
            .args(["-c", WATCH, "watch"])
            .arg(path)
            .args(arguments)
            .env_clear()
            .envs(environment.iter().cloned())
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn();
        let child = child.unwrap_or_else(|error| panic!("{name} can't be started: {error}"));
        Self { name, child, log }
    }

    /// What it has written to standard output.
    #[must_use]
    pub fn output(&self) -> String {
        fs::read_to_string(self.log.with_extension("out")).unwrap_or_default()
    }

    /// What it has complained about.
    #[must_use]
    pub fn complaints(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Fails when it has ended by itself.
    ///
    /// # Panics
    /// With what it said last.
    pub fn insist(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            panic!("{} has ended:\n{}", self.name, self.complaints());
        }
    }

    /// Whether it still runs.
    #[must_use]
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // It ends within a second by the words of `WATCH`; its exit code says nothing.
        let _ended = self.child.wait();
    }
}

/// Every process with this text in its arguments.
#[must_use]
pub fn with_argument(text: &str) -> Vec<u32> {
    let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
    let numbers = all.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers
        .filter(|pid| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.split(|byte| *byte == 0).any(|argument| argument == text.as_bytes())
        })
        .collect()
}

/// The program that a process runs.
#[must_use]
pub fn program_of(pid: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/exe")).ok()
}

/// Ends a process at once, as `kill -9` does.
pub fn kill(pid: u32) {
    // It may be gone already.
    let _status = Command::new(installed("kill")).args(["-KILL", &pid.to_string()]).stderr(Stdio::null()).status();
}
