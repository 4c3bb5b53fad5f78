//! A display of its own: X server, window manager, message bus; real keys, and pictures of it.
#![expect(clippy::panic, reason = "a test fails by panicking, with what went wrong")]

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use tempfile::TempDir;

use super::process::{Environment, Guarded, installed};
use crate::run::wait_for;

/// Everything here starts in a fraction of this.
const START: Duration = Duration::from_secs(20);
/// Between two keys of a person: slower than a scanner, which activates nothing.
const KEY_MILLIS: &str = "45";

/// A display.
#[derive(Debug)]
pub struct Screen {
    // The window manager and the bus end before the display, and the folder goes last.
    _others: Vec<Guarded>,
    _display: Guarded,
    environment: Environment,
    folder: TempDir,
}

impl Screen {
    /// A display of 1400 × 1000 with nothing on it.
    ///
    /// # Panics
    /// When something that it needs is not installed or does not start.
    #[must_use]
    pub fn open() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder for a screen: {error}"));
        let mut environment = surroundings(folder.path());
        let words = ["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0", "1400x1000x24"];
        let mut display = Guarded::start("Xvfb", &words.map(OsString::from), &environment, folder.path());
        let number = first_line("a display", &mut display);
        environment.push(("DISPLAY", format!(":{number}").into()));
        let words = ["--session", "--nofork", "--nopidfile", "--print-address=1"];
        let mut bus = Guarded::start("dbus-daemon", &words.map(OsString::from), &environment, folder.path());
        let address = first_line("a message bus", &mut bus);
        environment.push(("DBUS_SESSION_BUS_ADDRESS", address.into()));
        let manager = Guarded::start("openbox", &["--sm-disable".into()], &environment, folder.path());
        let screen = Self { _others: vec![manager, bus], _display: display, environment, folder };
        wait_for("the window manager", START, || {
            let said = screen.ask("xprop", &["-root", "_NET_SUPPORTING_WM_CHECK"]);
            String::from_utf8_lossy(&said.stdout).contains("window id").then_some(())
        });
        screen
    }

    /// What programs on this screen find in their environment.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// For files of everything on this screen.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn ask(&self, program: &str, words: &[&str]) -> Output {
        let asked = Command::new(installed(program))
            .args(words)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .current_dir(self.folder())
            .output();
        asked.unwrap_or_else(|error| panic!("{program} can't be started: {error}"))
    }

    fn xdotool(&self, words: &[&str]) -> String {
        String::from_utf8_lossy(&self.ask("xdotool", words).stdout).trim().to_owned()
    }

    /// The visible windows of people's programs, by number, oldest first, with their titles.
    #[must_use]
    pub fn windows(&self) -> Vec<(String, String)> {
        let said = self.ask("xprop", &["-root", "_NET_CLIENT_LIST"]);
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let (_, list) = said.split_once('#').unwrap_or_default();
        let ids = list.split(',').map(str::trim).filter(|id| !id.is_empty());
        ids.map(|id| (id.to_owned(), self.xdotool(&["getwindowname", id]))).collect()
    }

    /// Waits for a window whose title has this text.
    pub fn wait_for_window(&self, title: &str) -> String {
        wait_for(&format!("a window {title:?}"), START, || {
            self.windows().into_iter().find(|(_, name)| name.contains(title)).map(|(id, _)| id)
        })
    }

    /// Gives a window the keyboard.
    pub fn focus(&self, window: &str) {
        self.xdotool(&["windowactivate", "--sync", window]);
    }

    /// Types text as a person does, into whatever has the keyboard.
    pub fn type_text(&self, text: &str) {
        self.xdotool(&["type", "--delay", KEY_MILLIS, "--", text]);
    }

    /// Presses a key: `Return`, `Tab`, `ctrl+Return`.
    pub fn press(&self, key: &str) {
        self.xdotool(&["key", "--delay", KEY_MILLIS, "--", key]);
    }

    /// Asks a window to close, as its cross does: by the window manager's own key.
    pub fn close(&self, window: &str) {
        self.focus(window);
        self.press("alt+F4");
    }

    /// A picture of the whole screen as PNG.
    ///
    /// # Panics
    /// When none can be taken.
    pub fn picture(&self, to: &Path) {
        self.picture_of("root", to);
    }

    /// A picture of one window, as far as nothing covers it, as PNG.
    ///
    /// # Panics
    /// When none can be taken.
    pub fn picture_of(&self, window: &str, to: &Path) {
        let to = to.to_string_lossy().into_owned();
        let taken = self.ask("import", &["-window", window, &to]);
        assert!(taken.status.success(), "no picture: {}", String::from_utf8_lossy(&taken.stderr));
    }
}

/// A small world: folders of its own, nothing of the person who runs the tests.
fn surroundings(folder: &Path) -> Environment {
    let mut environment: Environment = vec![
        ("LANG", "C.UTF-8".into()),
        // No accessibility bus: starting one takes longer than a whole sale.
        ("NO_AT_BRIDGE", "1".into()),
        ("GSETTINGS_BACKEND", "memory".into()),
        ("GTK_USE_PORTAL", "0".into()),
        // There is no graphics card behind a virtual display.
        ("LIBGL_ALWAYS_SOFTWARE", "1".into()),
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".into()),
    ];
    for kept in ["PATH", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(kept) {
            environment.push((kept, value));
        }
    }
    let places = [
        ("HOME", "."),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_RUNTIME_DIR", "run"),
        ("TMPDIR", "tmp"),
    ];
    for (name, place) in places {
        let path: PathBuf = folder.join(place);
        if let Err(error) = fs::create_dir_all(&path) {
            panic!("{}: {error}", path.display());
        }
        if name == "XDG_RUNTIME_DIR" && fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).is_err() {
            panic!("{} can't be made private", path.display());
        }
        environment.push((name, path.into_os_string()));
    }
    environment
}

fn first_line(what: &str, program: &mut Guarded) -> String {
    wait_for(what, START, || {
        program.insist();
        let said = program.output();
        said.split_once('\n').map(|(line, _)| line.trim().to_owned()).filter(|line| !line.is_empty())
    })
}
