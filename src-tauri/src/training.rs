//! Training mode: both gateways and a bank inside this very program, a home of its own, no money.
//!
//! The practice home is wiped at each start of training: the practice gateways and their ledger live in memory, so what an
//! earlier run left unsettled could never be asked about, and would stand in Needs attention for ever.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};

use secrecy::SecretString;
use vezne_core::ids::OperatorId;
use vezne_core::ports::{Clock as _, Entropy as _};
use vezne_core::record::Operator;
use vezne_core::rights::Role;
use vezne_home::{Home, OpenTill, OsEntropy, PRACTICE_MARK, SystemClock, hash_pin};
use vezne_sandbox::{
    FINROTA_API_KEY, FINROTA_SECRET_KEY, PRACTICE_CODE, Sandbox, YOLCU360_KEY, YOLCU360_SECRET, practice_cards,
    practice_orders,
};
use vezne_settings::papers::{PapersDraft, with_papers};
use vezne_vault::Credentials;

use crate::view::{Code, Fault, Practice, PracticeCardView, PracticeOrderView};

/// The practice home inside the real one.
const FOLDER: &str = "training";
/// The supervisor whose PIN the panel shows.
const SUPERVISOR: &str = "Deniz";
/// Not a secret: it guards nothing but practice.
const SUPERVISOR_PIN: &str = "7391";
/// The cashier.
const CASHIER: &str = "Ece";
/// Not a secret either.
const CASHIER_PIN: &str = "2846";
/// Stable ids of the two accounts.
const FINROTA: &str = "practice-desk";
const YOLCU360: &str = "practice-agency";

/// The practice home of a desk.
pub(crate) fn home(desk: &Home) -> Home {
    Home::at(desk.folder().join(FOLDER))
}

/// Starts the practice gateways and makes the practice home anew. Nothing of an earlier run is left in it.
///
/// # Errors
/// [`Code::TrainingFailed`] with the system's words.
pub(crate) async fn begin(desk: &Home) -> Result<(Home, Sandbox), Fault> {
    let failed = |error: std::io::Error| Fault::new(Code::TrainingFailed).because(error);
    let home = home(desk);
    wipe(&home).map_err(failed)?;
    home.create()?;
    let sandbox = Sandbox::start(vezne_sandbox::Settings::default()).await.map_err(failed)?;
    let config = config(&sandbox.finrota_url(), &sandbox.yolcu360_url());
    home.write_config(&with_the_desks_papers(config, desk))?;
    // With a key of its own in a file, practice leaves the keychain of whoever trains alone.
    write_key(&home).map_err(failed)?;
    Ok((home, sandbox))
}

/// Only a practice home is wiped. Somebody may have put a real desk's home there, and its journal is sacred.
fn wipe(home: &Home) -> std::io::Result<()> {
    let absent = |error: &std::io::Error| error.kind() == ErrorKind::NotFound;
    let mut entries = match std::fs::read_dir(home.folder()) {
        Ok(entries) => entries,
        Err(error) if absent(&error) => return Ok(()),
        Err(error) => return Err(error),
    };
    if entries.next().is_none() {
        return Ok(());
    }
    if !home.is_practice() {
        return Err(std::io::Error::other(format!("{} is no practice home", home.folder().display())));
    }
    // The settings with the mark go last, so that a wipe that was cut short can be taken up.
    for entry in std::fs::read_dir(home.folder())? {
        let path = entry?.path();
        if path == home.config() {
            continue;
        }
        if path.is_dir() && !path.is_symlink() { std::fs::remove_dir_all(path)? } else { std::fs::remove_file(path)? }
    }
    std::fs::remove_file(home.config())
}

/// Practice has the desk's own header and printer, so that what is practised looks as it will; only its files stay in practice.
fn with_the_desks_papers(config: String, desk: &Home) -> String {
    let Ok(settings) = desk.settings() else { return config };
    let draft = PapersDraft { folder: String::new(), ..PapersDraft::of(&settings.receipt, &settings.printer) };
    // It was made of settings that could be read, and so can be.
    with_papers(&config, &draft).unwrap_or(config)
}

fn write_key(home: &Home) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(home.folder().join(vezne_vault::KEY_FILE))?.write_all(chain_key().as_bytes())
}

fn chain_key() -> String {
    let halves = [OsEntropy.sixteen(), OsEntropy.sixteen()].concat();
    halves.iter().map(|byte| format!("{byte:02x}")).chain(["\n".to_owned()]).collect()
}

/// The practice desk's `config.toml`. The window says beside a name which gateway it is.
fn config(finrota: &str, yolcu360: &str) -> String {
    format!(
        "{PRACTICE_MARK} practice gateways on this machine. No money moves.\n\
[[account]]\nid = \"{FINROTA}\"\nname = \"Practice desk\"\ngateway = \"finrota\"\nbase_url = \"{finrota}\"\n\
credentials = \"sealed\"\nreturn_mode = \"custom_scheme\"\nreversals = true\ncurrencies = [\"TRY\", \"EUR\", \"USD\"]\n\
customer_ip = \"127.0.0.1\"\nconfirm_above = \"50000.00\"\n\n\
[[account]]\nid = \"{YOLCU360}\"\nname = \"Practice agency\"\ngateway = \"yolcu360\"\n\
base_url = \"{yolcu360}\"\ncredentials = \"sealed\"\nreturn_mode = \"custom_scheme\"\nreversals = true\n\
currencies = [\"TRY\", \"EUR\", \"USD\"]\nconfirm_above = \"50000.00\"\n\n\
[desk]\nid = \"practice\"\n"
    )
}

/// The practice logins by account id: no secrets, they open nothing but a sandbox.
pub(crate) fn logins() -> [(&'static str, Credentials); 2] {
    [
        (FINROTA, Credentials::Pair { key: FINROTA_API_KEY.into(), secret: FINROTA_SECRET_KEY.into() }),
        (YOLCU360, Credentials::Pair { key: YOLCU360_KEY.into(), secret: YOLCU360_SECRET.into() }),
    ]
}

/// Adds the practice operators to a fresh practice till. The cashier first: once there is a supervisor, one must agree.
///
/// # Errors
/// [`Code::TrainingFailed`] with words.
pub(crate) async fn add_operators(open: &OpenTill) -> Result<(), Fault> {
    let failed = |error: &dyn std::fmt::Display| Fault::new(Code::TrainingFailed).because(error);
    for (name, pin, role) in [(CASHIER, CASHIER_PIN, Role::Cashier), (SUPERVISOR, SUPERVISOR_PIN, Role::Supervisor)] {
        let pin_hash = hash_pin(SecretString::from(pin), &open.chain_key).await.map_err(|error| failed(&error))?;
        let name = name.parse().map_err(|error: vezne_core::text::TypedTextError| failed(&error))?;
        let operator = Operator { id: fresh_operator(), name, role, pin_hash };
        open.till.add_operator(operator, None).await.map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// A new operator's id.
pub(crate) fn fresh_operator() -> OperatorId {
    let [a, b, c, d, e, f, g, h, i, j, ..] = OsEntropy.sixteen();
    OperatorId::from_parts(SystemClock.now(), [a, b, c, d, e, f, g, h, i, j])
}

/// What the panel shows.
pub(crate) fn table() -> Practice {
    Practice {
        cards: practice_cards().iter().map(PracticeCardView::from).collect(),
        orders: practice_orders().iter().filter_map(PracticeOrderView::of).collect(),
        bank_code: PRACTICE_CODE.to_owned(),
        supervisor: SUPERVISOR.to_owned(),
        supervisor_pin: SUPERVISOR_PIN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use vezne_settings::Settings;

    use super::*;

    #[test]
    fn the_practice_configuration_is_one_that_vezne_reads_and_has_a_login_for_each_account() {
        let text = config("http://127.0.0.1:4000/finrota", "http://127.0.0.1:4000/yolcu360/api/v1");
        let settings = Settings::parse(&text, "config.toml").unwrap();
        let ids: Vec<&str> = settings.accounts.iter().map(|account| account.id.as_str()).collect();
        assert_eq!(ids, logins().map(|(id, _)| id));
        assert!(settings.accounts.iter().all(|account| account.is_loopback() && account.status_query));
        assert!(settings.accounts.iter().all(|account| account.confirm_above.is_some()));
        let names: Vec<&str> = settings.accounts.iter().map(|account| account.name.as_str()).collect();
        assert_eq!(names, ["Practice desk", "Practice agency"], "the window adds the gateway's name itself");
    }

    #[tokio::test]
    async fn each_training_begins_with_an_empty_home_and_leaves_the_real_one_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), "").unwrap();
        let desk = Home::at(folder.path());
        let (practice, sandbox) = begin(&desk).await.unwrap();
        sandbox.stop().await;
        std::fs::write(practice.folder().join("journal.db"), "of an earlier run").unwrap();
        let key = std::fs::read_to_string(practice.folder().join("chain.key")).unwrap();
        let (practice, sandbox) = begin(&desk).await.unwrap();
        sandbox.stop().await;
        assert!(!practice.folder().join("journal.db").exists());
        assert_ne!(std::fs::read_to_string(practice.folder().join("chain.key")).unwrap(), key);
        assert!(desk.config().exists());
    }

    #[tokio::test]
    async fn a_real_desks_home_in_that_place_is_not_wiped() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Home::at(folder.path());
        let real = home(&desk);
        real.create().unwrap();
        std::fs::write(real.config(), "[desk]\n").unwrap();
        std::fs::write(real.folder().join("journal.db"), "every payment").unwrap();
        assert_eq!(begin(&desk).await.unwrap_err().code, Code::TrainingFailed);
        assert_eq!(std::fs::read_to_string(real.folder().join("journal.db")).unwrap(), "every payment");
    }

    #[test]
    fn the_panel_shows_every_card_and_order() {
        let table = table();
        assert_eq!(table.cards.len(), practice_cards().len());
        assert_eq!(table.orders.len(), practice_orders().len());
        assert_eq!(table.bank_code, "123456");
    }
}
