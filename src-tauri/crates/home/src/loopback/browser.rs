//! The browser is started by a process of its own, which is not given what only the till may know.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
#[cfg(unix)]
use std::time::{Duration, Instant};

use url::{Host, Url};
use vezne_settings::{CredentialsSource, Settings};
use vezne_vault::{CHAIN_KEY_VARIABLE, PASSPHRASE_VARIABLE};

use super::Opener;

/// The longest address that is handed over, in bytes.
const ADDRESS_BYTES: u64 = 4 * 1024;

/// How long after its start a browser that ends with a failure counts as one that did not open.
#[cfg(unix)]
const AT_ONCE: Duration = Duration::from_millis(500);
/// How often it is looked at meanwhile.
#[cfg(unix)]
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The program that opens addresses for this one: as a rule this very program with an argument of its own.
#[derive(Debug, Clone)]
pub struct Started {
    /// Its arguments; the address is not among them, it comes on its standard input.
    pub arguments: Vec<OsString>,
    /// The environment variables that it does not inherit, and so neither does the browser.
    pub hidden: Vec<String>,
}

impl Started {
    /// An opener that starts this program once more, waits for it, and believes its exit code.
    #[must_use]
    pub fn opener(self) -> Opener {
        Arc::new(move |address| {
            let program = std::env::current_exe().map_err(|error| error.to_string())?;
            self.run(Command::new(program), address)
        })
    }

    fn run(&self, mut command: Command, address: &str) -> Result<(), String> {
        command.args(&self.arguments).stdin(Stdio::piped());
        for variable in &self.hidden {
            command.env_remove(variable);
        }
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        // An address fits into the pipe, so this does not wait; dropping the pipe ends it.
        let handed = child.stdin.take().map(|mut pipe| pipe.write_all(address.as_bytes()));
        let ended = child.wait().map_err(|error| error.to_string())?;
        match handed {
            Some(Ok(())) if ended.success() => Ok(()),
            Some(Ok(())) => Err(format!("no browser could be started ({ended})")),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("the address could not be handed over".to_owned()),
        }
    }
}

/// The environment variables that may hold a secret: the vault's own, and those that the settings name as logins.
#[must_use]
pub fn secret_variables(settings: Option<&Settings>) -> Vec<String> {
    let mut names = vec![PASSPHRASE_VARIABLE.to_owned(), CHAIN_KEY_VARIABLE.to_owned()];
    for account in settings.iter().flat_map(|settings| &settings.accounts) {
        match &account.credentials {
            CredentialsSource::Keychain | CredentialsSource::Sealed => {}
            CredentialsSource::EnvironmentPair { key, secret } => names.extend([key.clone(), secret.clone()]),
            CredentialsSource::EnvironmentToken { variable } => names.push(variable.clone()),
        }
    }
    names
}

/// Opens the address that stands on `input` in the system's browser, or in what `BROWSER` names: the started program's part.
/// Only an address on this machine is opened.
///
/// # Errors
/// Why it was not opened.
pub fn open_in_browser(input: impl Read) -> Result<(), String> {
    let address = ours(input)?;
    webbrowser::open(&address).map_err(|error| error.to_string())?;
    goes_on()
}

/// What was started is not waited for, so that one which fails at once would pass for opened. It is the only child that this
/// process can have.
#[cfg(unix)]
fn goes_on() -> Result<(), String> {
    use rustix::process::{WaitOptions, wait};
    let until = Instant::now() + AT_ONCE;
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((_, status))) if status.exit_status() == Some(0) => return Ok(()),
            Ok(Some((_, status))) => return Err(format!("the browser ended at once ({status:?})")),
            Ok(None) if Instant::now() < until => std::thread::sleep(LOOK_AGAIN),
            // It is at work, or there was none to wait for: one in this very terminal has ended well.
            Ok(None) | Err(_) => return Ok(()),
        }
    }
}

/// The system opens it by itself, and has said that it did.
#[cfg(not(unix))]
const fn goes_on() -> Result<(), String> {
    Ok(())
}

fn ours(input: impl Read) -> Result<String, String> {
    let mut address = String::new();
    input.take(ADDRESS_BYTES).read_to_string(&mut address).map_err(|error| error.to_string())?;
    let url = Url::parse(&address).map_err(|error| error.to_string())?;
    match url.host() {
        Some(Host::Ipv4(host)) if host.is_loopback() && url.scheme() == "http" => Ok(url.into()),
        Some(Host::Ipv4(_) | Host::Ipv6(_) | Host::Domain(_)) | None => {
            Err("not an address of this program".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let account = |name: &str, login: &str| {
            format!(
                "[[account]]\nname = \"{name}\"\ngateway = \"finrota\"\nbase_url = \"http://127.0.0.1:9/\"\n\
credentials = {login}\nreturn_mode = \"loopback\"\ncurrencies = [\"TRY\"]\ncustomer_ip = \"127.0.0.1\"\n\n"
            )
        };
        let text = account("a", "{ env = [\"A_KEY\", \"A_SECRET\"] }")
            + &account("b", "{ env = [\"B_TOKEN\"] }\ntoken = true")
            + &account("c", "\"sealed\"");
        Settings::parse(&text, "config.toml").unwrap()
    }

    #[test]
    fn every_variable_that_may_hold_a_secret_is_known() {
        let names = ["VEZNE_PASSPHRASE", "VEZNE_CHAIN_KEY", "A_KEY", "A_SECRET", "B_TOKEN"];
        assert_eq!(secret_variables(Some(&settings())), names);
        assert_eq!(secret_variables(None), &names[..2]);
    }

    #[test]
    fn only_an_address_of_this_machine_is_opened() {
        assert_eq!(ours("http://127.0.0.1:4000/bank/x".as_bytes()).unwrap(), "http://127.0.0.1:4000/bank/x");
        for other in ["", "http://bank.example/", "https://127.0.0.1/", "file:///etc/passwd", "http://192.0.2.1/"] {
            assert!(ours(other.as_bytes()).is_err(), "{other}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_started_program_gets_the_address_and_no_secret_and_its_failure_is_heard() {
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("seen");
        let script = format!("(env; cat) > '{}'; exit $END", seen.display());
        let started = Started { arguments: vec!["-c".into(), script.into()], hidden: vec!["A_SECRET".to_owned()] };
        let run = |end: &str| {
            let mut shell = Command::new("sh");
            shell.env("A_SECRET", "open sesame").env("SHOWN", "shown").env("END", end);
            started.run(shell, "http://127.0.0.1:1/bank/x")
        };
        assert!(run("1").unwrap_err().contains("no browser"));
        run("0").unwrap();
        let seen = std::fs::read_to_string(seen).unwrap();
        assert!(
            seen.contains("http://127.0.0.1:1/bank/x") && seen.contains("SHOWN") && !seen.contains("sesame"),
            "{seen}"
        );
        let nowhere = started.run(Command::new("/nowhere/program"), "http://127.0.0.1:1/");
        assert!(nowhere.is_err());
    }
}
