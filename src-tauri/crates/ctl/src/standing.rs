//! What is known of a payment beside a verb that failed: its failure changes nothing about that.

use vezne_core::ids::{AttemptId, PaymentId, ReversalId};
use vezne_core::ports::{Clock as _, Journal as _};
use vezne_core::search::{Named, named};
use vezne_home::SystemClock;
use vezne_till::{AttemptView, PaymentView, ReversalView};
use vezne_vault::PassphraseSource;

use crate::context::Context;

/// The ids that were given, and how that stands, as far as the journal can be read.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    pub(crate) payment: Option<PaymentId>,
    pub(crate) attempt: Option<AttemptId>,
    pub(crate) reversal: Option<ReversalId>,
    pub(crate) view: Option<AttemptView>,
    pub(crate) reversal_view: Option<ReversalView>,
}

impl Standing {
    /// Reads how what was named stands. It never locks, asks nobody for a passphrase, and fails by knowing less.
    pub(crate) async fn read(context: &Context, given: &str) -> Self {
        let mut standing = Self::default();
        let Some(what) = named(given) else { return standing };
        match what {
            Named::Payment(payment) => standing.payment = Some(payment),
            Named::Attempt(attempt) => standing.attempt = Some(attempt),
            Named::Reversal(reversal) => standing.reversal = Some(reversal),
        }
        let (mut opening, _news) = context.opening();
        opening.passphrase = PassphraseSource::Environment;
        if let Ok(reading) = context.home.open_reading(&opening).await {
            standing.look(&reading.journal).await;
            reading.journal.close().await;
        }
        standing
    }

    async fn look(&mut self, journal: &vezne_journal::Journal) {
        let now = SystemClock.now();
        if let Some(reversal) = self.reversal {
            if let Ok(Some(found)) = journal.reversal(reversal).await {
                (self.payment, self.attempt) = (Some(found.intent.payment), Some(found.intent.attempt));
                self.reversal_view = Some(ReversalView::of(&found, now));
            }
            return;
        }
        if let Some(attempt) = self.attempt {
            self.view = journal.attempt(attempt).await.ok().flatten().map(|found| AttemptView::of(&found, now));
        } else if let Some(payment) = self.payment
            && let Ok(Some(history)) = journal.payment(payment).await
        {
            let attempts: Vec<_> = history.attempts.iter().map(|one| AttemptView::of(one, now)).collect();
            self.view = telling(&attempts).cloned();
        }
        if let Some(view) = &self.view {
            (self.payment, self.attempt) = (Some(view.payment), Some(view.attempt));
        }
    }
}

/// The attempt that tells how its payment stands: one that is not settled, else one that is approved, else the newest.
pub(crate) fn telling(attempts: &[AttemptView]) -> Option<&AttemptView> {
    let unsettled =
        || attempts.iter().rfind(|one| !matches!(one.state, "approved" | "declined" | "refused" | "not_sent"));
    let approved = || attempts.iter().rfind(|one| one.state == "approved");
    unsettled().or_else(approved).or_else(|| attempts.last())
}

/// The attempt that was named, else the one that tells how the payment stands.
pub(crate) fn which<'a>(payment: &'a PaymentView, given: &str) -> Option<&'a AttemptView> {
    let named = payment.attempts.iter().find(|one| one.attempt.to_string().eq_ignore_ascii_case(given.trim()));
    named.or_else(|| telling(&payment.attempts))
}
