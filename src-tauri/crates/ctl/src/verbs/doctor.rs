//! `veznectl doctor`: is this desk fit to take payments?

use serde::Serialize;
use vezne_core::ports::{Journal as _, TryOut};
use vezne_home::{HomeFault, OpenReading};
use vezne_journal::{Lock, LockFault, RESERVE_BYTES};
use vezne_vault::ChainKeySource;

use crate::args::DoctorArgs;
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::verbs::verify;

mod unsettled;

use unsettled::Known;

/// Below this, new sales may stop soon: the reserve of the journal and room to work.
const DISK_BYTES: u64 = 64 * 1024 * 1024;
/// A clock before this moment was never set: this program did not exist then.
const CLOCK_FLOOR: &str = "2026-01-01T00:00:00Z";

/// A newest backup older than this many days is worth a word: the desk was closed for long, or makes none.
const BACKUP_DAYS: u64 = 7;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Health {
    Good,
    Warning,
    Bad,
}

#[derive(Debug, Serialize)]
struct Check {
    check: String,
    health: Health,
    words: String,
}

fn check(name: &str, health: Health, words: impl Into<String>) -> Check {
    Check { check: name.to_owned(), health, words: words.into() }
}

pub(crate) async fn run(context: &Context, args: DoctorArgs) -> Result<Exit, Failure> {
    let mut checks = vec![folder(context), clock(), disk(context), lock(context)];
    let (of_accounts, known) = accounts(context, args.online).await;
    let (opening, _news) = context.opening();
    match context.home.open_reading(&opening).await {
        Ok(reading) => {
            checks.extend(journal(&reading, &context::zone(&context.home)).await);
            if let Some(known) = known {
                checks.extend(unsettled::checks(&reading.journal, &known).await);
            }
            reading.journal.close().await;
        }
        Err(HomeFault::NoJournal(_)) if context.journal_is_missed() => {
            let gone = context.gone();
            let words =
                [gone.detail.as_deref(), gone.next.as_deref()].into_iter().flatten().collect::<Vec<_>>().join("\n");
            checks.push(check("journal", Health::Bad, format!("it is gone: {words}")));
        }
        Err(HomeFault::NoJournal(_)) => {
            checks.push(check("journal", Health::Good, "none yet; the first payment makes it"));
        }
        Err(fault) => checks.push(check("journal", Health::Bad, fault.to_string())),
    }
    checks.extend(of_accounts);
    let mut exit = Exit::Done;
    for one in &checks {
        context.output.object(one);
        let mark = match one.health {
            Health::Good => "ok",
            Health::Warning => "look",
            Health::Bad => "BAD",
        };
        context.output.field(&one.check, &format!("{mark:<6}{}", one.words.replace('\n', "\n      ")));
        if one.health == Health::Bad {
            exit = Exit::CheckFailed;
        }
    }
    Ok(exit)
}

fn folder(context: &Context) -> Check {
    let folder = context.home.folder();
    let words = folder.display().to_string();
    let Ok(found) = std::fs::metadata(folder) else {
        return check("home", Health::Warning, format!("{words} is not there yet"));
    };
    if !found.is_dir() {
        return check("home", Health::Bad, format!("{words} is no folder"));
    }
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0 {
        return check("home", Health::Warning, format!("{words} can be entered by others: chmod 700"));
    }
    check("home", Health::Good, words)
}

fn clock() -> Check {
    let now = jiff::Timestamp::now();
    let floor = CLOCK_FLOOR.parse::<jiff::Timestamp>().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let health = if now < floor { Health::Bad } else { Health::Good };
    check("clock", health, now.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}

fn disk(context: &Context) -> Check {
    // The nearest folder that is there: the home may not be made yet.
    let place = context.home.folder().ancestors().find(|folder| folder.is_dir());
    match place.map(fs4::available_space) {
        Some(Ok(bytes)) => {
            let health = if bytes < DISK_BYTES { Health::Bad } else { Health::Good };
            check("disk", health, format!("{} MiB free", bytes / (1024 * 1024)))
        }
        Some(Err(error)) => check("disk", Health::Warning, error.to_string()),
        None => check("disk", Health::Bad, "the home folder has no place"),
    }
}

fn lock(context: &Context) -> Check {
    if !context.home.folder().join("journal.db").exists() {
        return check("desk", Health::Good, "none is running");
    }
    // Given back at once when it is free.
    match Lock::acquire(context.home.folder()) {
        Ok(_free) => check("desk", Health::Good, "none is running"),
        Err(LockFault::LockedBy { pid }) => {
            let pid = pid.map_or_else(|| "of another program".to_owned(), |pid| format!("process {pid}"));
            check("desk", Health::Good, format!("one is running: {pid}"))
        }
        Err(LockFault::Fault(fault)) => check("desk", Health::Bad, fault.to_string()),
    }
}

async fn journal(reading: &OpenReading, zone: &jiff::tz::TimeZone) -> Vec<Check> {
    let mut checks = Vec::new();
    checks.push(match reading.journal.verify().await {
        Ok(report) => match report.first_fault() {
            Some(fault) => check("journal", Health::Bad, fault),
            None if !report.unverifiable.is_empty() => {
                let spans: Vec<String> = report.unverifiable.iter().map(ToString::to_string).collect();
                check("journal", Health::Warning, spans.join("\n"))
            }
            None => check("journal", Health::Good, format!("{} events, all as they were written", report.events)),
        },
        Err(fault) => check("journal", Health::Bad, fault.to_string()),
    });
    match reading.journal.missing_span().await {
        Ok(Some(span)) => checks.push(check("restored", Health::Warning, verify::missing_words(span, zone))),
        Ok(None) => {}
        Err(fault) => checks.push(check("restored", Health::Bad, fault.to_string())),
    }
    checks.push(if reading.journal.reserve_intact() {
        let mebibytes = RESERVE_BYTES / (1024 * 1024);
        check("reserve", Health::Good, format!("{mebibytes} MiB are kept back for answers on a full disk"))
    } else {
        check("reserve", Health::Warning, "the space for writing down answers on a full disk is not whole")
    });
    checks.push(backup(reading));
    checks.push(match &reading.chain_key {
        Ok(key) => match key.place() {
            ChainKeySource::PlainFile => check(
                "chain key",
                Health::Warning,
                format!("{} in a plain file beside the journal: the chain proves accident, not malice", key.id()),
            ),
            place @ (ChainKeySource::Keychain | ChainKeySource::Sealed | ChainKeySource::Environment) => {
                check("chain key", Health::Good, format!("{} in {place}", key.id()))
            }
        },
        Err(error) => check("chain key", Health::Bad, error.to_string()),
    });
    checks
}

/// The age of the newest of the home's own backups.
fn backup(reading: &OpenReading) -> Check {
    let Some(newest) = reading.journal.backups().into_iter().next() else {
        return check("backup", Health::Warning, "none yet: a desk makes one each day; or veznectl journal backup");
    };
    let age = std::time::SystemTime::now().duration_since(newest.made).unwrap_or_default();
    let hours = age.as_secs() / 3600;
    let words = match hours {
        0 => "the newest is less than an hour old".to_owned(),
        1..48 => format!("the newest is {hours} h old"),
        _ => format!("the newest is {} days old", hours / 24),
    };
    let health = if hours < 24 * BACKUP_DAYS { Health::Good } else { Health::Warning };
    check("backup", health, format!("{words}: {}", newest.path.display()))
}

/// The accounts' checks, and where they point; nothing of the latter when the settings can't be read.
async fn accounts(context: &Context, online: bool) -> (Vec<Check>, Option<Vec<Known>>) {
    let settings = match context.home.settings() {
        Ok(settings) => settings,
        Err(fault) => return (vec![check("config.toml", Health::Bad, fault.to_string())], None),
    };
    let mut checks = vec![check("config.toml", Health::Good, format!("{} account(s)", settings.accounts.len()))];
    let mut known = Vec::new();
    for account in &settings.accounts {
        let name = format!("· {}", account.name);
        let (opening, _news) = context.opening();
        let found = context.home.account(&account.id, &opening).await;
        let endpoint = found.as_ref().ok().and_then(|found| found.as_ref());
        let endpoint = endpoint.map(|served| served.account.reference.endpoint.clone());
        known.push(Known { id: account.id.clone(), endpoint });
        checks.push(match found {
            Ok(Some(served)) if online => of_try_out(&name, &served.gateway.try_out().await),
            Ok(Some(served)) => {
                let host = &served.account.reference.endpoint.host;
                check(&name, Health::Good, format!("{host}, its login is there (not asked: --online)"))
            }
            Ok(None) => check(&name, Health::Bad, "is gone"),
            Err(fault) => check(&name, Health::Bad, fault.to_string()),
        });
    }
    (checks, Some(known))
}

fn of_try_out(name: &str, found: &TryOut) -> Check {
    match found {
        TryOut::CanBeAsked => check(name, Health::Good, "signed in; payments can be asked about"),
        TryOut::WrongPath => check(name, Health::Bad, "signed in; the status address is wrong (`status_path`)"),
        TryOut::CannotBeAsked => check(
            name,
            Health::Warning,
            "signed in; payments can't be asked about: set `status_query = false` and state `return_settles`",
        ),
        TryOut::SignInRefused => check(name, Health::Bad, "the login is refused"),
        TryOut::NoAnswer(why) => check(name, Health::Bad, format!("no answer ({why:?})")),
    }
}
