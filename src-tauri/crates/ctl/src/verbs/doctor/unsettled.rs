//! Attempts that nobody can be asked about, because their account is gone from the settings or points elsewhere.

use std::collections::BTreeMap;

use vezne_core::account::{AccountRef, Endpoint};
use vezne_core::ids::AccountId;
use vezne_core::ports::{Clock as _, Journal as _, JournalFault};
use vezne_core::time::Millis;
use vezne_home::SystemClock;
use vezne_journal::Journal;

use super::{Check, Health, check};

/// An account that is configured.
pub(super) struct Known {
    pub(super) id: String,
    /// Where it points; `None` when its login can't be had now, which is told for itself.
    pub(super) endpoint: Option<Endpoint>,
}

/// One check for each account with such attempts, or one that says that there are none.
pub(super) async fn checks(journal: &Journal, known: &[Known]) -> Vec<Check> {
    match found(journal, known).await {
        Ok(found) if found.is_empty() => {
            vec![check("unsettled", Health::Good, "every attempt's account is configured")]
        }
        Ok(found) => found,
        Err(fault) => vec![check("unsettled", Health::Bad, fault.to_string())],
    }
}

async fn found(journal: &Journal, known: &[Known]) -> Result<Vec<Check>, JournalFault> {
    let unfinished = journal.unfinished(SystemClock.now(), Millis(0)).await?;
    let mut accounts: BTreeMap<AccountId, Vec<AccountRef>> = BTreeMap::new();
    for attempt in unfinished.attempts {
        let account = attempt.intent.account;
        accounts.entry(account.id.clone()).or_default().push(account);
    }
    let mut checks = Vec::new();
    for (id, used) in accounts {
        let count = journal.unsettled_of(&id).await?;
        if count > 0 {
            checks.extend(of_account(&used, count, known.iter().find(|one| one.id == id.as_str())));
        }
    }
    Ok(checks)
}

/// `used` is the account as it was when each of its attempts was made.
fn of_account(used: &[AccountRef], count: u64, known: Option<&Known>) -> Option<Check> {
    let newest = used.last()?;
    let name = format!("· {}", newest.name);
    let Some(known) = known else {
        let words = format!(
            "{count} attempt(s) are not settled, and the account is not in config.toml: nobody asks about them. Put it back"
        );
        return Some(check(&name, Health::Bad, words));
    };
    let now = known.endpoint.as_ref()?;
    let elsewhere = used.iter().filter(|account| account.endpoint != *now).count();
    let other = used.iter().rev().find(|account| account.endpoint != *now)?;
    let how = if other.endpoint.base_url == now.base_url {
        "were made with another login".to_owned()
    } else {
        format!("were made at {}, and the account points to {}", other.endpoint.base_url, now.base_url)
    };
    let words = format!("{elsewhere} attempt(s) that are not settled {how}: nobody asks about them. Put it back");
    Some(check(&name, Health::Bad, words))
}
