//! `veznectl` at work in a desk of its own, traced.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use vezne_tests::desk::{AtTheBank, Desk};
use vezne_tests::run::{Ended, Running};

use crate::Fault;
use crate::folder;
use crate::recording::Place;
use crate::strace::TRACED;

/// Longer than the slowest of these programs, traced on a busy machine.
const AT_MOST: Duration = Duration::from_secs(120);

/// A desk whose programs are traced from now on.
#[derive(Debug)]
pub struct Traced<'a> {
    desk: &'a Desk,
    place: Place,
    home: String,
    programs: usize,
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Fault + '_ {
    move |error| Fault::of(&path.display().to_string(), &error)
}

impl<'a> Traced<'a> {
    /// Begins a recording at `place`, which is made anew. `home` is where the home lies inside the desk's folder.
    ///
    /// # Errors
    /// The folder can't be copied.
    pub fn begin(desk: &'a Desk, home: &str, place: &Place) -> Result<Self, Fault> {
        if place.0.exists() {
            fs::remove_dir_all(&place.0).map_err(failed(&place.0))?;
        }
        fs::create_dir_all(&place.0).map_err(failed(&place.0))?;
        let kept = desk.folder().join("kept");
        fs::create_dir_all(&kept).map_err(failed(&kept))?;
        keep(desk.folder(), &place.base())?;
        Ok(Self { desk, place: place.clone(), home: home.to_owned(), programs: 0 })
    }

    /// The home's folder.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.desk.folder().join(&self.home)
    }

    /// A file outside the home that is looked at too.
    #[must_use]
    pub fn kept(&self, name: &str) -> String {
        self.desk.folder().join("kept").join(name).display().to_string()
    }

    /// Starts `veznectl … --json`.
    #[must_use]
    pub fn start(&mut self, arguments: &[&str], input: &str, at_the_bank: AtTheBank) -> Running {
        let mut all = arguments.to_vec();
        all.push("--json");
        let program = self.desk.command(&all, at_the_bank);
        self.start_other(&program, input)
    }

    /// Starts any program, with its arguments and exactly its environment.
    #[must_use]
    pub fn start_other(&mut self, program: &Command, input: &str) -> Running {
        let mut command = Command::new("strace");
        command.args(["-f", "-y", "-xx", "-s", "1048576", "--seccomp-bpf", "-e"]).arg(format!("trace={TRACED}"));
        // Signals and ends of threads say nothing here.
        command.args(["-e", "signal=none", "-o"]).arg(self.place.trace(self.programs)).arg("--");
        command.arg(program.get_program()).args(program.get_args());
        command.env_clear();
        for (name, value) in program.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        command.env("VEZNE_HOME", self.home());
        if let Some(folder) = program.get_current_dir() {
            command.current_dir(folder);
        }
        self.programs = self.programs.saturating_add(1);
        Running::start(&mut command, input)
    }

    /// Runs `veznectl … --json` to its end.
    #[must_use]
    pub fn run(&mut self, arguments: &[&str], input: &str) -> Ended {
        self.start(arguments, input, AtTheBank::Pays).wait(AT_MOST)
    }

    /// The program that ran last promised this file inside the desk's folder.
    ///
    /// # Errors
    /// It can't be noted.
    pub fn promised(&self, path: &str) -> Result<(), Fault> {
        let note = self.place.promised(self.programs.saturating_sub(1));
        fs::write(&note, path).map_err(failed(&note))
    }

    /// `kill -9` of the program that runs now, not of its tracer.
    ///
    /// # Errors
    /// It can't be found.
    pub fn kill(&self, running: Running) -> Result<Ended, Fault> {
        let trace = self.place.trace(self.programs.saturating_sub(1));
        let text = fs::read(&trace).map_err(failed(&trace))?;
        let first = text.split(|byte| *byte == b' ').next().unwrap_or_default();
        let pid = String::from_utf8_lossy(first).into_owned();
        let killed = Command::new("kill").args(["-9", &pid]).status().map_err(|error| Fault::of("kill", &error))?;
        if !killed.success() {
            return Err(Fault(format!("process {pid} could not be killed")));
        }
        Ok(running.wait(AT_MOST))
    }

    /// Ends the recording: what is there now is how it ended.
    ///
    /// # Errors
    /// The folder can't be copied.
    pub fn end(self) -> Result<(), Fault> {
        keep(self.desk.folder(), &self.place.end())?;
        let root = self.place.root();
        let text = format!("{}\n{}\n", self.desk.folder().display(), self.home);
        fs::write(&root, text).map_err(failed(&root))
    }
}

/// Copies what is looked at.
fn keep(desk: &Path, to: &Path) -> Result<(), Fault> {
    for part in ["home", "kept"] {
        if desk.join(part).exists() {
            folder::copy(&desk.join(part), &to.join(part))?;
        }
    }
    Ok(())
}
