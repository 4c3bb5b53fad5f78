//! What a home does for its journal beside the running till: a whole check soon after the start and once a day, and a backup
//! once a day.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use vezne_core::ports::Clock;
use vezne_journal::{BackupFault, Journal};

/// When the journal is cared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Care {
    /// So long after the start: whoever opens a desk wants to take a payment first.
    pub after: Duration,
    /// And then every so often.
    pub every: Duration,
}

/// How long a backup counts as today's: a desk that is opened at nine each morning makes one each morning.
const BACKUP_AGE: Duration = Duration::from_secs(20 * 60 * 60);

impl Care {
    /// Soon after the start, and then every day.
    #[must_use]
    pub const fn daily() -> Self {
        Self { after: Duration::from_secs(15), every: Duration::from_secs(24 * 60 * 60) }
    }

    /// Takes care for as long as it is not stopped.
    pub(crate) async fn take(self, journal: Arc<Journal>, clock: Arc<dyn Clock>) {
        tokio::time::sleep(self.after).await;
        loop {
            look_after(&journal, clock.as_ref()).await;
            tokio::time::sleep(self.every).await;
        }
    }
}

/// Checks, then backs up: what is damaged is no backup, and the good ones are kept.
async fn look_after(journal: &Journal, clock: &dyn Clock) {
    match journal.check().await {
        Ok(report) if report.damage().is_none() => {
            tracing::info!(events = report.events, "the journal is as it was written")
        }
        // The journal itself has said so, and stopped new sales.
        Ok(_) => return,
        Err(fault) => {
            tracing::error!(%fault, "the journal could not be checked");
            return;
        }
    }
    let age = journal.backups().first().and_then(|newest| SystemTime::now().duration_since(newest.made).ok());
    if age.is_some_and(|age| age < BACKUP_AGE) {
        return;
    }
    match journal.keep_backup(clock.now()).await {
        Ok((path, report)) => tracing::info!(path = %path.display(), events = report.events, "a backup was made"),
        Err(BackupFault::Exists(path)) => tracing::info!(path = %path.display(), "there is a backup of this second"),
        Err(fault) => tracing::error!(%fault, "no backup could be made"),
    }
}
