//! A long day at one desk, in one process: `vezne-day ATTEMPTS` opens the journal of `VEZNE_HOME` with the product's own
//! code, writes down so many attempts with their outcomes (more than SQLite's log holds before it is moved into the
//! database), erases a name, which cuts the log off, writes one more, and closes. For being traced.

use std::process::ExitCode;
use std::sync::Arc;

use vezne_core::attempt::{Entry, State};
use vezne_core::evidence::{Confirmation, Evidence};
use vezne_core::ids::NameId;
use vezne_core::ports::Journal as _;
use vezne_core::record::{Batch, PersonName};
use vezne_home::OsEntropy;
use vezne_journal::{ChainKey, Journal, Keys, Lock};
use vezne_power::attempt::{intent, line, now, opened, ten};
use vezne_vault::{Environment, PassphraseSource, SealCost, Vault};
use zeroize::Zeroizing;

async fn day(attempts: u64) -> Result<(), Box<dyn std::error::Error>> {
    let home = std::path::PathBuf::from(std::env::var_os("VEZNE_HOME").ok_or("VEZNE_HOME is not set")?);
    let lock = Lock::acquire(&home)?;
    let vault = Vault::open_with(&home, PassphraseSource::Environment, Environment::given([]), SealCost::DESK);
    let key = vault.chain_key().await?;
    let keys = Keys::only(ChainKey::new(key.id().as_str(), Zeroizing::new(*key.expose())));
    let (journal, _) = Journal::open(lock, keys, Arc::new(OsEntropy), now()).await?;
    let first = NameId::from_parts(now(), ten(1));
    for n in 1..=attempts {
        let holder = if n == 1 { first } else { NameId::from_parts(now(), ten(n)) };
        let intent = intent(n, Some(holder)).ok_or("an attempt")?;
        let name = (holder, PersonName::new("Deneme Müşteri"));
        journal.append(Batch { records: vec![opened(&intent)], names: vec![name] }, now()).await?;
        let approved = State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Confirmed };
        let entered = line(&intent, Entry::Entered(Box::new(approved)));
        journal.append(Batch { records: vec![entered], names: Vec::new() }, now()).await?;
    }
    if !journal.erase_name(first, now()).await? {
        return Err("the name was not there".into());
    }
    let last = intent(attempts.saturating_add(1), None).ok_or("an attempt")?;
    journal.append(Batch { records: vec![opened(&last)], names: Vec::new() }, now()).await?;
    journal.close().await;
    Ok(())
}

fn main() -> ExitCode {
    let attempts = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let done = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(day(attempts)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            // Nobody to tell when standard error is gone.
            let _ = writeln!(std::io::stderr(), "vezne-day: {error}");
            ExitCode::FAILURE
        }
    }
}
