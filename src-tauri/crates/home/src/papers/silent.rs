//! Printing by itself after an approval, where the desk was told to.

use tokio::sync::broadcast::{self, error::RecvError};
use vezne_core::attempt::Outcome;
use vezne_core::time::Millis;
use vezne_receipt::Language;
use vezne_till::{AttemptView, Change};

use super::{About, PaperFault, Papers, made};

/// An approval that comes later than this after its beginning finds no customer at the counter: its receipt is printed when
/// somebody asks for it.
const CUSTOMER_WAITS: Millis = Millis::minutes(30);

impl Papers {
    /// Prints the receipt of each payment that is approved from now on, once, while the desk is told to. Returns when the till is closed.
    pub async fn print_after_approval(&self, mut changes: broadcast::Receiver<Change>) {
        loop {
            match changes.recv().await {
                Ok(Change::Attempt(attempt)) => {
                    if let Err(fault) = self.print_if_due(&attempt).await {
                        tracing::warn!(%fault, "a receipt could not be printed by itself");
                    }
                }
                Ok(Change::Reversal(_) | Change::Journal(_) | Change::Closed { .. } | Change::Comparing(_)) => {}
                // What was missed can be printed by hand.
                Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "approvals may have been missed"),
                Err(RecvError::Closed) => return,
            }
        }
    }

    async fn print_if_due(&self, attempt: &AttemptView) -> Result<(), PaperFault> {
        let approved = attempt.outcome == Some(Outcome::Approved) && !attempt.not_written_down;
        if !self.settings().receipt.after_approval || !approved || attempt.since.since(attempt.opened) > CUSTOMER_WAITS
        {
            return Ok(());
        }
        let paper = self.receipt(About::Attempt(attempt.attempt), self.silent_language()).await?;
        // An attempt is told about again and again; its receipt is printed by itself once.
        if self.inner.journal.copies_of(&paper.name).await?.is_some() {
            return Ok(());
        }
        self.print(&paper, attempt.operator).await.map(drop)
    }

    fn silent_language(&self) -> Language {
        let settings = self.settings();
        made::language(settings.receipt.language.unwrap_or(settings.desk.language))
    }
}
