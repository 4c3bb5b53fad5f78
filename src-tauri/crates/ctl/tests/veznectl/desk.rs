//! A desk to test on: a home folder, practice gateways, and `veznectl` as a process.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use vezne_sandbox::{FINROTA_API_KEY, FINROTA_SECRET_KEY, FaultRule, Sandbox, Settings, YOLCU360_KEY, YOLCU360_SECRET};

/// The PIN of the supervisor Deniz.
pub(crate) const PIN: &str = "7391";
/// The Finrota document's card.
pub(crate) const CARD: &str = "4155650100416111";
/// A holder's name with Turkish letters.
pub(crate) const HOLDER: &str = "AYŞE ÇIĞLI";

pub(crate) struct Desk {
    folder: TempDir,
    pub(crate) sandbox: Sandbox,
    /// Keeps the sandbox going.
    _runtime: Runtime,
}

/// What one run of `veznectl` came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The last line as an object.
    pub(crate) fn last(&self) -> Value {
        let line = self.stdout.lines().last().unwrap_or_else(|| panic!("no output: {self:?}"));
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// Checks the exit code, the outcome and the reason, and gives the last line.
    pub(crate) fn expect(&self, code: i32, outcome: &str, reason: Option<&str>) -> Value {
        let last = self.last();
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(last["outcome"], outcome, "{last}");
        assert_eq!(last["reason"].as_str(), reason, "{last}");
        for key in ["payment", "attempt", "outcome", "refused_by", "evidence", "unconfirmed", "amount", "currency"] {
            assert!(last.get(key).is_some(), "the last line lacks {key}: {last}");
        }
        last
    }
}

impl Run {
    /// Checks the exit code and the reason of a verb that failed and tells of no payment, and gives the last line.
    pub(crate) fn failed(&self, code: i32, reason: &str) -> Value {
        let last = self.last();
        assert_eq!((self.code, text(&last, "reason")), (code, reason), "{self:?}");
        assert!(last["outcome"].is_null() && last["refused_by"].is_null(), "{last}");
        text(&last, "failed");
        last
    }
}

impl Desk {
    /// A desk with both practice accounts, and a supervisor Deniz.
    pub(crate) fn new() -> Self {
        let desk = Self::bare("");
        let run = desk.run(&["operator", "add", "--name", "Deniz", "--role", "supervisor", "--json"], PIN);
        assert_eq!(run.code, 0, "{run:?}");
        desk
    }

    /// The same with more lines in `config.toml`, and nobody at it.
    pub(crate) fn bare(more: &str) -> Self {
        let runtime = Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(Settings::default())).unwrap();
        let desk = Self { folder: tempfile::tempdir().unwrap(), sandbox, _runtime: runtime };
        let account = |name: &str, gateway: &str, url: &str| {
            format!(
                "[[account]]\nname = \"{name}\"\ngateway = \"{gateway}\"\nbase_url = \"{url}\"\n\
credentials = {{ env = [\"TEST_{gateway}_KEY\", \"TEST_{gateway}_SECRET\"] }}\nreturn_mode = \"loopback\"\n\
reversals = true\ncurrencies = [\"TRY\", \"EUR\"]\n\n"
            )
        };
        let config = account("counter", "finrota", &desk.sandbox.finrota_url())
            + &account("agency", "yolcu360", &desk.sandbox.yolcu360_url())
            + more;
        std::fs::create_dir(desk.home()).unwrap();
        desk.config(&config);
        desk
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A file beside the home.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes `config.toml`.
    pub(crate) fn config(&self, text: &str) {
        std::fs::write(self.home().join("config.toml"), text).unwrap();
    }

    pub(crate) fn config_text(&self) -> String {
        std::fs::read_to_string(self.home().join("config.toml")).unwrap()
    }

    pub(crate) fn fault(&self, rule: FaultRule) {
        self.sandbox.add_fault(rule);
    }

    /// `veznectl` with these arguments, not started yet: nothing of this process's environment reaches it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_through(&[], arguments)
    }

    /// The same through another program.
    pub(crate) fn command_through(&self, through: &[&str], arguments: &[&str]) -> Command {
        let veznectl = env!("CARGO_BIN_EXE_veznectl");
        let line: Vec<&str> = through.iter().copied().chain([veznectl]).collect();
        let mut command = Command::new(line[0]);
        command
            .args(&line[1..])
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("VEZNE_HOME", self.home())
            .env("VEZNE_NO_KEYCHAIN", "1")
            .env("VEZNE_LOG", "trace")
            .env("TEST_finrota_KEY", FINROTA_API_KEY)
            .env("TEST_finrota_SECRET", FINROTA_SECRET_KEY)
            .env("TEST_yolcu360_KEY", YOLCU360_KEY)
            .env("TEST_yolcu360_SECRET", YOLCU360_SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to the end, and looks for what must never be anywhere.
    pub(crate) fn run(&self, arguments: &[&str], stdin: &str) -> Run {
        self.finish(self.start(self.command(arguments), stdin))
    }

    pub(crate) fn start(&self, mut command: Command, stdin: &str) -> Child {
        let mut child = command.spawn().unwrap();
        // One that ends before it has read everything closes the pipe.
        let _closed = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child
    }

    pub(crate) fn finish(&self, child: Child) -> Run {
        let output = child.wait_with_output().unwrap();
        let run = Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!run.stderr.contains("panicked"), "{run:?}");
        self.nothing_secret_is_kept(&run);
        run
    }

    /// Pays at Finrota with a card.
    pub(crate) fn pay(&self, reference: &str, card: &str, more: &[&str]) -> Run {
        let mut arguments = vec!["pay", "--account", "counter", "--reference", reference, "--json", "--card-stdin"];
        if !more.contains(&"--amount") {
            arguments.extend(["--amount", "545.00", "--currency", "TRY"]);
        }
        arguments.extend(more);
        self.run(&arguments, card)
    }

    /// The same without 3-D Secure, as a supervisor allows it.
    pub(crate) fn pay_directly(&self, reference: &str, number: &str, more: &[&str]) -> Run {
        let direct = ["--no-3ds", "--as", "Deniz", "--reason", "no phone"];
        self.pay(reference, &with_pin(&card(number)), &[&direct, more].concat())
    }

    /// No number, token or secret stands in the output or in any file of the home.
    fn nothing_secret_is_kept(&self, run: &Run) {
        let mut places = vec![("standard output".to_owned(), run.stdout.clone())];
        places.push(("standard error".to_owned(), run.stderr.clone()));
        read_all(&self.home(), &mut places);
        let secrets: Vec<&str> = vezne_sandbox::practice_cards()
            .iter()
            .map(|card| card.number)
            .chain([FINROTA_SECRET_KEY, YOLCU360_SECRET, FINROTA_API_KEY, YOLCU360_KEY])
            .chain(["finrota-access-", "y360-refresh-", "\"cvc\":\"", "\"cvv\":\"", "PaReq", "4155 6501 0041 6111"])
            .collect();
        for (place, text) in &places {
            for secret in &secrets {
                assert!(!text.contains(secret), "{secret} stands in {place}");
            }
        }
    }
}

/// Every file but the journal's reserve, which is 8 MiB of noise that is written before anything else and never again.
fn read_all(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_all(&path, into);
        } else if entry.file_name() != "journal.reserve"
            && let Ok(bytes) = std::fs::read(&path)
        {
            into.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

/// A card as it comes on standard input.
pub(crate) fn card(number: &str) -> String {
    let cvc = if number.len() == 15 { "1234" } else { "000" };
    format!(
        "{{\"number\":\"{number}\",\"holder\":\"{HOLDER}\",\"expiry_month\":12,\"expiry_year\":2030,\"cvc\":\"{cvc}\"}}"
    )
}

/// The card with Deniz's PIN beside it.
pub(crate) fn with_pin(card: &str) -> String {
    card.replace('}', &format!(",\"supervisor_pin\":\"{PIN}\"}}"))
}

/// A text of the last line.
pub(crate) fn text<'a>(last: &'a Value, key: &str) -> &'a str {
    last[key].as_str().unwrap_or_else(|| panic!("no {key} in {last}"))
}
