//! A desk for one test: its own home, its own practice gateways, and `veznectl` at work in them.
#![expect(clippy::panic, reason = "a test fails by panicking, with what went wrong")]

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use vezne_sandbox::{
    FINROTA_API_KEY, FINROTA_SECRET_KEY, FaultRule, LedgerSnapshot, Sandbox, Settings, YOLCU360_KEY, YOLCU360_SECRET,
};

use crate::run::{Ended, Running, program, wait_for};

/// The name of the Finrota account in every test home.
pub const COUNTER: &str = "counter";
/// The name of the Yolcu360 account in every test home.
pub const AGENCY: &str = "agency";
/// The supervisor that [`Desk::with_supervisor`] adds.
pub const SUPERVISOR: &str = "Ayla";
/// Her PIN.
pub const SUPERVISOR_PIN: &str = "4829150637";

/// No command takes longer: the slowest waits for a bank that never sends its customer back.
const COMMAND_AT_MOST: Duration = Duration::from_secs(100);

/// What a test wants otherwise than usual.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// More lines for the Finrota account in `config.toml`.
    pub counter: String,
    /// More lines for the Yolcu360 account.
    pub agency: String,
    /// How both accounts' customers come back: `return_mode` and what belongs to it.
    pub comes_back: String,
    /// The `[timeouts]` section's lines.
    pub timeouts: String,
    /// How the practice gateways are started.
    pub sandbox: Settings,
}

impl Default for Wishes {
    /// Short waits, reversals on, no rate limits, so that tests are quick.
    fn default() -> Self {
        Self {
            counter: "reversals = true\n".to_owned(),
            agency: "reversals = true\n".to_owned(),
            comes_back: "return_mode = \"loopback\"\n".to_owned(),
            timeouts: "pay_seconds = 1.5\nreversal_seconds = 1.5\nstatus_seconds = 5\n".to_owned(),
            sandbox: Settings {
                hold: Duration::from_secs(30),
                bank_delay: Duration::from_millis(400),
                limit_rates: false,
                ..Settings::default()
            },
        }
    }
}

/// What the customer does at the bank, as `CUSTOMER` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtTheBank {
    /// Types the right code.
    Pays,
    /// Types a wrong code until the bank gives up.
    MistypesTheCode,
    /// Presses Cancel.
    Cancels,
    /// Closes the window.
    Leaves,
    /// Presses Cancel and forges the return.
    Forges,
}

impl AtTheBank {
    const fn word(self) -> &'static str {
        match self {
            Self::Pays => "code",
            Self::MistypesTheCode => "wrong",
            Self::Cancels => "cancel",
            Self::Leaves => "leave",
            Self::Forges => "forge",
        }
    }
}

/// A desk.
#[derive(Debug)]
pub struct Desk {
    folder: TempDir,
    sandbox: Sandbox,
    transcript: Option<Mutex<PathBuf>>,
    /// The time of day at which this desk's programs start, if it is another than now.
    clock: Mutex<Option<String>>,
    // Dropped last: the sandbox lives on it.
    runtime: Runtime,
}

fn ok<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("the desk for this test could not be set up: {error}"))
}

impl Desk {
    /// A desk as most tests want it.
    #[must_use]
    pub fn open() -> Self {
        Self::with(Wishes::default())
    }

    /// A desk with a supervisor.
    #[must_use]
    pub fn with_supervisor() -> Self {
        let desk = Self::open();
        desk.add_supervisor();
        desk
    }

    /// A desk with wishes.
    ///
    /// # Panics
    /// When it can't be set up.
    #[must_use]
    pub fn with(wishes: Wishes) -> Self {
        let runtime = ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build());
        let sandbox = ok(runtime.block_on(Sandbox::start(wishes.sandbox.clone())));
        let folder = ok(tempfile::tempdir());
        ok(fs::create_dir(folder.path().join("home")));
        let desk =
            Self { transcript: transcript_file().map(Mutex::new), clock: Mutex::new(None), folder, sandbox, runtime };
        // A link, since `BROWSER` is split at blanks and colons, which the checkout's path may have.
        ok(link(&program("vezne-customer"), &desk.folder.path().join("customer")));
        desk.configure(&wishes);
        desk
    }

    /// Writes `config.toml` anew.
    ///
    /// # Panics
    /// When it can't be written.
    pub fn configure(&self, wishes: &Wishes) {
        let config = format!(
            r#"[[account]]
name = "{COUNTER}"
gateway = "finrota"
base_url = "{}"
credentials = {{ env = ["TEST_COUNTER_KEY", "TEST_COUNTER_SECRET"] }}
{}
currencies = ["TRY", "EUR", "USD"]
customer_ip = "203.0.113.7"
{}
[[account]]
name = "{AGENCY}"
gateway = "yolcu360"
base_url = "{}"
credentials = {{ env = ["TEST_AGENCY_KEY", "TEST_AGENCY_SECRET"] }}
{}
currencies = ["TRY", "EUR", "USD"]
{}
[timeouts]
{}"#,
            self.sandbox.finrota_url(),
            wishes.comes_back,
            wishes.counter,
            self.sandbox.yolcu360_url(),
            wishes.comes_back,
            wishes.agency,
            wishes.timeouts
        );
        ok(fs::write(self.home().join("config.toml"), config));
    }

    /// Adds [`SUPERVISOR`].
    ///
    /// # Panics
    /// When that fails.
    pub fn add_supervisor(&self) {
        let added = self.run(&["operator", "add", "--name", SUPERVISOR, "--role", "supervisor"], SUPERVISOR_PIN);
        assert!(added.code == Some(0), "{added:?}");
    }

    /// The home folder.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A folder for other files of this test; the home lies in it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What was really charged so far.
    #[must_use]
    pub fn ledger(&self) -> LedgerSnapshot {
        self.sandbox.ledger()
    }

    /// The practice gateways.
    #[must_use]
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Arms a fault.
    pub fn fault(&self, rule: FaultRule) {
        self.sandbox.add_fault(rule);
    }

    /// The customers' log, whole.
    #[must_use]
    pub fn customer_log(&self) -> String {
        fs::read_to_string(self.folder.path().join("customer.log")).unwrap_or_default()
    }

    /// Waits until the customers' log says this.
    pub fn wait_for_customer(&self, step: &str) {
        wait_for(&format!("the customer's {step:?}"), Duration::from_secs(30), || {
            self.customer_log().contains(step).then_some(())
        });
    }

    /// `veznectl` with this home, ready to be started.
    #[must_use]
    pub fn command(&self, arguments: &[&str], at_the_bank: AtTheBank) -> Command {
        let mut command = Command::new(program("veznectl"));
        command.env_clear();
        for kept in ["PATH", "SystemRoot", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .envs(self.environment(at_the_bank))
            .args(arguments);
        command
    }

    /// What every program of this desk finds in its environment: home, logins, and the customer as its browser.
    #[must_use]
    pub fn environment(&self, at_the_bank: AtTheBank) -> Vec<(&'static str, OsString)> {
        let mut environment = vec![
            ("VEZNE_HOME", self.home().into()),
            ("VEZNE_NO_KEYCHAIN", "1".into()),
            ("TEST_COUNTER_KEY", FINROTA_API_KEY.into()),
            ("TEST_COUNTER_SECRET", FINROTA_SECRET_KEY.into()),
            ("TEST_AGENCY_KEY", YOLCU360_KEY.into()),
            ("TEST_AGENCY_SECRET", YOLCU360_SECRET.into()),
            ("BROWSER", self.folder.path().join("customer").into()),
            ("CUSTOMER", at_the_bank.word().into()),
            ("CUSTOMER_LOG", self.folder.path().join("customer.log").into()),
        ];
        if let Some(moment) = &*self.clock.lock().unwrap_or_else(PoisonError::into_inner) {
            environment.extend([
                ("LD_PRELOAD", fake_time().into()),
                // It goes on from there; what waits goes by the true one.
                ("FAKETIME", format!("@{moment}").into()),
                ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
                ("TZ", "UTC".into()),
            ]);
        }
        environment
    }

    /// From now on this desk's programs start at another time of day: in UTC, written `2026-10-25 00:30:00`. The practice
    /// gateways keep the true one.
    pub fn set_clock(&self, moment: &str) {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some(moment.to_owned());
    }

    /// Runs `veznectl … --json` to its end; a customer at the bank pays.
    pub fn run(&self, arguments: &[&str], input: &str) -> Ended {
        self.run_with(arguments, input, AtTheBank::Pays)
    }

    /// Runs `veznectl … --json` to its end.
    pub fn run_with(&self, arguments: &[&str], input: &str, at_the_bank: AtTheBank) -> Ended {
        let ended = self.start(arguments, input, at_the_bank).wait(COMMAND_AT_MOST);
        self.write_transcript(arguments, &ended);
        ended
    }

    /// Starts `veznectl … --json`.
    #[must_use]
    pub fn start(&self, arguments: &[&str], input: &str, at_the_bank: AtTheBank) -> Running {
        let mut all = arguments.to_vec();
        all.push("--json");
        Running::start(&mut self.command(&all, at_the_bank), input)
    }

    /// `payment show` of what `ended` paid or tried to pay.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn show(&self, ended: &Ended) -> Value {
        let last = ended.last();
        let Some(payment) = last.get("payment").and_then(Value::as_str) else { panic!("no payment in {last}") };
        let shown = self.run(&["payment", "show", payment], "");
        assert!(shown.code == Some(0), "{shown:?}");
        shown.last()
    }

    /// Runs something on the desk's own runtime.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    fn write_transcript(&self, arguments: &[&str], ended: &Ended) {
        let Some(file) = &self.transcript else { return };
        let mut text = String::from("$ veznectl");
        for argument in arguments {
            // Writing to a string never fails.
            let _ = write!(text, " {argument}");
        }
        let _ = writeln!(text, " --json\n{}{}[exit {}]\n", ended.stderr, plain(&ended.stdout), ended.code());
        let path = file.lock().unwrap_or_else(PoisonError::into_inner);
        let before = fs::read_to_string(&*path).unwrap_or_default();
        ok(fs::write(&*path, before + &text));
    }
}

/// Output without the long views that its last line carries for fronts.
fn plain(stdout: &str) -> String {
    let mut text = String::new();
    for line in stdout.lines() {
        let mut value = serde_json::from_str(line).unwrap_or(Value::Null);
        let shown = match value.as_object_mut() {
            Some(fields) => {
                fields.retain(|key, value| !matches!(key.as_str(), "view" | "reversal_view") && !value.is_null());
                value.to_string()
            }
            None => line.to_owned(),
        };
        text.push_str(&shown);
        text.push('\n');
    }
    text
}

/// The library that tells a program another time.
fn fake_time() -> PathBuf {
    let folders = ok(fs::read_dir("/usr/lib")).flatten().map(|entry| entry.path());
    let places = folders.chain([PathBuf::from("/usr/lib")]).map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    let found = places.into_iter().find(|library| library.is_file());
    found.unwrap_or_else(|| panic!("libfaketime is not installed: `make setup` installs the package faketime"))
}

/// `VEZNE_TRANSCRIPT`'s file for this test.
fn transcript_file() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("VEZNE_TRANSCRIPT")?);
    ok(fs::create_dir_all(&folder));
    let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
    Some(folder.join(test).with_extension("txt"))
}

#[cfg(unix)]
fn link(program: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(program, to)
}

#[cfg(not(unix))]
fn link(program: &Path, to: &Path) -> std::io::Result<()> {
    fs::copy(program, to).map(drop)
}

/// A card as `--card-stdin` reads it.
#[must_use]
pub fn card(number: &str) -> String {
    let cvc = if number.len() == 15 { "1234" } else { "123" };
    card_with(number, cvc, None)
}

/// A card with this CVC and, for what needs one, the supervisor's PIN.
#[must_use]
pub fn card_with(number: &str, cvc: &str, pin: Option<&str>) -> String {
    let mut card = json!({
        "number": number, "holder": "Deneme Müşteri", "expiry_month": 12, "expiry_year": 2030, "cvc": cvc
    });
    if let (Some(pin), Some(fields)) = (pin, card.as_object_mut()) {
        fields.insert("supervisor_pin".to_owned(), Value::from(pin));
    }
    card.to_string()
}

/// The number of the practice card that plays `scene`.
///
/// # Panics
/// When no card does.
#[must_use]
pub fn card_of(scene: &str) -> &'static str {
    let found = vezne_sandbox::practice_cards().iter().find(|card| card.scene == scene);
    found.unwrap_or_else(|| panic!("no practice card plays {scene}")).number
}
