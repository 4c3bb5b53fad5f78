//! `veznectl sandbox`

use std::io::ErrorKind;
use std::path::Path;

use serde::Serialize;
use vezne_home::PRACTICE_MARK;
use vezne_sandbox::{
    FINROTA_API_KEY, FINROTA_SECRET_KEY, Sandbox, Settings, YOLCU360_KEY, YOLCU360_SECRET, parse_faults,
};

use crate::args::SandboxArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::output::Output;
use crate::stop::Stop;

/// The largest faults file that is read, in bytes.
const FAULTS_BYTES: u64 = 1024 * 1024;

#[derive(Serialize)]
struct Addresses {
    finrota: String,
    yolcu360: String,
    bank: String,
    ledger: String,
    port: u16,
}

pub(crate) async fn run(output: &Output, args: SandboxArgs) -> Result<Exit, Failure> {
    let faults = match &args.faults {
        Some(path) => {
            parse_faults(&faults_text(path)?).map_err(|error| Failure::arguments(Code::File).because(error))?
        }
        None => Vec::new(),
    };
    let mut stop = Stop::listen();
    let sandbox = Sandbox::start(Settings { port: args.port, faults, ..Settings::default() })
        .await
        .map_err(|error| Failure::environment(Code::Port).because(error))?;
    let addresses = Addresses {
        finrota: sandbox.finrota_url(),
        yolcu360: sandbox.yolcu360_url(),
        bank: sandbox.bank_url(),
        ledger: sandbox.ledger_url(),
        port: sandbox.port(),
    };
    if let Some(home) = &args.write_home {
        write_home(home, &addresses)?;
    }
    output.object(&addresses);
    output.line(&format!(
        "finrota {} yolcu360 {} bank {} ledger {}",
        addresses.finrota, addresses.yolcu360, addresses.bank, addresses.ledger
    ));
    if args.config {
        output.line("");
        output.line(&config(&addresses));
    }
    stop.asked().await;
    sandbox.stop().await;
    Ok(Exit::Done)
}

fn faults_text(path: &Path) -> Result<String, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::arguments(Code::File).because(format!("{}: {error}", path.display()));
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > FAULTS_BYTES {
        return Err(Failure::arguments(Code::File).because("A faults file has at most 1 MiB."));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

/// A ready `config.toml`: both gateways at these addresses, everything they can do switched on.
fn config(addresses: &Addresses) -> String {
    format!(
        "{PRACTICE_MARK} practice gateways on this machine. No money moves.\n\
[[account]]\nname = \"counter\"\ngateway = \"finrota\"\nbase_url = \"{}\"\n\
credentials = {{ env = [\"VEZNE_PRACTICE_FINROTA_KEY\", \"VEZNE_PRACTICE_FINROTA_SECRET\"] }}\n\
return_mode = \"loopback\"\nreversals = true\ncurrencies = [\"TRY\", \"EUR\", \"USD\"]\ncustomer_ip = \"127.0.0.1\"\n\n\
[[account]]\nname = \"agency\"\ngateway = \"yolcu360\"\nbase_url = \"{}\"\n\
credentials = {{ env = [\"VEZNE_PRACTICE_YOLCU360_KEY\", \"VEZNE_PRACTICE_YOLCU360_SECRET\"] }}\n\
return_mode = \"loopback\"\nreversals = true\ncurrencies = [\"TRY\", \"EUR\", \"USD\"]\n",
        addresses.finrota, addresses.yolcu360
    )
}

/// The practice logins, which are no secrets: they open nothing but a sandbox.
fn environment() -> String {
    format!(
        "export VEZNE_PRACTICE_FINROTA_KEY={FINROTA_API_KEY}\nexport VEZNE_PRACTICE_FINROTA_SECRET={FINROTA_SECRET_KEY}\n\
export VEZNE_PRACTICE_YOLCU360_KEY={YOLCU360_KEY}\nexport VEZNE_PRACTICE_YOLCU360_SECRET={YOLCU360_SECRET}\n"
    )
}

fn write_home(folder: &Path, addresses: &Addresses) -> Result<(), Failure> {
    let home = vezne_home::Home::at(folder);
    home.create()?;
    let path = home.config();
    // Only a practice home is written over: a real desk's settings never.
    match std::fs::read_to_string(&path) {
        Ok(text) if text.starts_with(PRACTICE_MARK) => {}
        Ok(_) => return Err(Failure::environment(Code::Exists).because(path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(file(&path, &error)),
    }
    std::fs::write(&path, config(addresses)).map_err(|error| file(&path, &error))?;
    let path = folder.join("practice.env");
    std::fs::write(&path, environment()).map_err(|error| file(&path, &error))
}

fn file(path: &Path, error: &std::io::Error) -> Failure {
    Failure::environment(Code::File).because(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_practice_configuration_is_one_that_vezne_reads() {
        let addresses = Addresses {
            finrota: "http://127.0.0.1:4000/finrota".into(),
            yolcu360: "http://127.0.0.1:4000/yolcu360/api/v1".into(),
            bank: String::new(),
            ledger: String::new(),
            port: 4000,
        };
        let folder = tempfile::tempdir().unwrap();
        write_home(folder.path(), &addresses).unwrap();
        let settings = vezne_home::Home::at(folder.path()).settings().unwrap();
        assert_eq!(settings.accounts.len(), 2);
        write_home(folder.path(), &addresses).unwrap();
        std::fs::write(folder.path().join("config.toml"), "[desk]\n").unwrap();
        assert_eq!(write_home(folder.path(), &addresses).unwrap_err().code, Code::Exists);
    }
}
