//! A desk's home on a disk of its own: small, and full, read-only or empty when a test wants it so.
//!
//! The disk is a file system in memory, mounted over the home in a mount namespace that nobody else sees. That takes root, or
//! a kernel that lets a user make namespaces of their own.
#![expect(clippy::panic, reason = "a test fails by panicking, with what went wrong")]
#![expect(clippy::print_stderr, reason = "a test that can't be run says so loudly")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::desk::Desk;

/// Mounts the disk over the home, with what was in the home on it, says so, and keeps the namespace until it is told to end.
const HOLD: &str = "set -e; cp -a \"$1/.\" \"$2\"; mount -t tmpfs -o \"size=$3,mode=0700\" vezne \"$1\"; \
                    cp -a \"$2/.\" \"$1\"; echo ready; cat >/dev/null";

/// A program that reads a database.
#[derive(Debug)]
pub struct Reader(Child);

impl Drop for Reader {
    fn drop(&mut self) {
        // Without its input it comes to its end.
        drop(self.0.stdin.take());
        let _ended = self.0.wait();
    }
}

/// Such a disk.
#[derive(Debug)]
pub struct Disk {
    holder: Child,
    home: PathBuf,
    /// Whether the namespace has users of its own.
    users: bool,
}

impl Disk {
    /// Puts the desk's home on a disk of so many mebibytes. `None`, and a loud word, where the system does not let anybody.
    ///
    /// # Panics
    /// When the home can't be copied.
    #[must_use]
    pub fn under(desk: &Desk, mebibytes: u32) -> Option<Self> {
        let seed = desk.folder().join("seed");
        if let Err(error) = fs::create_dir_all(&seed) {
            panic!("{}: {error}", seed.display());
        }
        for users in [false, true] {
            let flags = if users { "-Urm" } else { "-m" };
            let mut command = Command::new("unshare");
            command.args([flags, "--propagation", "private", "sh", "-c", HOLD, "sh"]);
            command.arg(desk.home()).arg(&seed).arg(format!("{mebibytes}m"));
            let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
            let Ok(mut holder) = started else { continue };
            let mut line = String::new();
            if let Some(stdout) = holder.stdout.take() {
                let _ended = BufReader::new(stdout).read_line(&mut line);
            }
            if line.trim() == "ready" {
                return Some(Self { holder, home: desk.home(), users });
            }
            let _ended = (holder.kill(), holder.wait());
        }
        eprintln!("SKIPPED: no file system can be mounted here, neither as root nor in a namespace of one's own");
        None
    }

    /// The same command, run where the disk is.
    #[must_use]
    pub fn command(&self, inner: &Command) -> Command {
        let mut command = self.enter();
        command.arg(inner.get_program()).args(inner.get_args());
        command.env_clear();
        for (name, value) in inner.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command.current_dir("/");
        command
    }

    fn enter(&self) -> Command {
        let mut command = Command::new("nsenter");
        if self.users {
            command.args(["--user", "--preserve-credentials"]);
        }
        command.args(["--target", &self.holder.id().to_string(), "--mount", "--"]);
        command
    }

    /// A file of the home, as it is seen from outside of the namespace.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        let inside = self.home.strip_prefix("/").unwrap_or(&self.home);
        PathBuf::from(format!("/proc/{}/root", self.holder.id())).join(inside).join(name)
    }

    /// Fills the disk to the last byte.
    ///
    /// # Panics
    /// When it does not get full.
    pub fn fill(&self) {
        let path = self.file("filler");
        let Ok(mut file) = fs::File::create(&path) else { return };
        for size in [64 * 1024, 4096, 1] {
            let chunk = vec![0x5a_u8; size];
            let mut written = 0_u32;
            while file.write_all(&chunk).is_ok() {
                written = written.saturating_add(1);
                assert!(written < 100_000, "the disk does not get full");
            }
        }
    }

    /// Another program reads this database until what this answers is dropped: its log can't be cut meanwhile.
    ///
    /// # Panics
    /// When it can't be read.
    #[must_use]
    pub fn read_on(&self, name: &str) -> Reader {
        let mut command = self.command(Command::new("sqlite3").arg(self.home.join(name)));
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut program) = started else { panic!("sqlite3 can't be started") };
        let mut said = String::new();
        if let (Some(stdin), Some(stdout)) = (program.stdin.as_mut(), program.stdout.take()) {
            let _ended = stdin.write_all(b"BEGIN;\nSELECT count(*) FROM events;\n");
            let _ended = BufReader::new(stdout).read_line(&mut said);
        }
        assert!(said.trim().parse::<u32>().is_ok(), "{name} can't be read: {said}");
        Reader(program)
    }

    /// Makes room again.
    ///
    /// # Panics
    /// When that fails.
    pub fn make_room(&self) {
        if let Err(error) = fs::remove_file(self.file("filler")) {
            panic!("the filler: {error}");
        }
    }

    /// From now on nothing can be written.
    ///
    /// # Panics
    /// When the disk can't be mounted so.
    pub fn read_only(&self) {
        let done = self.enter().args(["mount", "-o", "remount,ro"]).arg(&self.home).status();
        assert!(done.is_ok_and(|status| status.success()), "not remounted");
    }

    /// Everything can be written again.
    ///
    /// # Panics
    /// When the disk can't be mounted so.
    pub fn writable(&self) {
        let done = self.enter().args(["mount", "-o", "remount,rw"]).arg(&self.home).status();
        assert!(done.is_ok_and(|status| status.success()), "not remounted");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The namespace ends with its last process, and the disk with it.
        let _ended = (self.holder.kill(), self.holder.wait());
    }
}
