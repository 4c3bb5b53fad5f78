//! Taking up, at start, everything that is not settled or is still followed.

use vezne_core::attempt::{Attempt, Event};
use vezne_core::evidence::Evidence;
use vezne_core::ids::{AttemptId, PaymentId, ReversalId};
use vezne_core::limits;
use vezne_core::ports::JournalFault;
use vezne_core::reversal;
use vezne_core::time::{Millis, Timestamp};

use crate::desk::{Desk, LiveAttempt, LiveReversal};
use crate::view::{AttemptView, PaymentView, ReversalView};

/// Final attempts younger than this may still be followed by questions (a supervisor's word: seven days).
const FOLLOWED: Millis = Millis::days(8);

impl Desk {
    /// Reads what is unfinished and hands each of it the news that the desk has started again.
    pub(crate) async fn take_up(&mut self) -> Result<(), JournalFault> {
        self.missing_span = self.ports.journal.missing_span().await?;
        let unfinished = self.ports.journal.unfinished(self.now(), FOLLOWED).await?;
        let attempts: Vec<AttemptId> = unfinished.attempts.iter().map(|attempt| attempt.intent.attempt).collect();
        for attempt in unfinished.attempts {
            self.attempts.insert(attempt.intent.attempt, LiveAttempt::taken_up(attempt));
        }
        let reversals: Vec<ReversalId> = unfinished.reversals.iter().map(|one| one.intent.reversal).collect();
        for reversal in unfinished.reversals {
            self.reversals.insert(reversal.intent.reversal, LiveReversal::new(reversal));
        }
        tracing::info!(attempts = attempts.len(), reversals = reversals.len(), "the till takes up what is not settled");
        // First, because what is settled and needs nothing more is let go of below.
        for id in &attempts {
            self.look_again_for_a_twin_approval(*id).await;
        }
        for id in attempts {
            let event = match self.attempts.get(&id) {
                Some(live) if self.lost_something_since(live.attempt.since) => Event::RestartedAfterLoss,
                Some(_) | None => Event::Restarted,
            };
            self.hint(id, event).await;
        }
        for id in reversals {
            let event = match self.reversals.get(&id) {
                Some(live) if self.lost_something_since(live.reversal.since) => reversal::Event::RestartedAfterLoss,
                Some(_) | None => reversal::Event::Restarted,
            };
            self.on_reversal(id, event).await;
        }
        Ok(())
    }

    /// Whether the journal may have lost what came after this moment: a backup was restored, or a damaged journal repaired.
    /// Everything that stood open then has been taken up since, so this is true at the first start only.
    fn lost_something_since(&self, since: Timestamp) -> bool {
        self.missing_span.is_some_and(|span| since <= span.until)
    }

    /// The desk may have stopped between a second approval and its alarm.
    async fn look_again_for_a_twin_approval(&mut self, id: AttemptId) {
        let Some(live) = self.attempts.get(&id) else { return };
        let attempt = &live.attempt;
        // To be set aside takes longer than this.
        let took_long = attempt.since.since(attempt.opened) >= limits::SET_ASIDE_QUIET;
        if (attempt.intent.follows.is_some() || took_long) && !answered(attempt) {
            self.look_for_a_twin_approval(id, answered).await;
        }
    }

    pub(crate) async fn show_attempt(&self, id: AttemptId) -> Result<Option<AttemptView>, JournalFault> {
        if let Some(live) = self.attempts.get(&id) {
            return Ok(Some(self.attempt_view(live)));
        }
        Ok(self.ports.journal.attempt(id).await?.map(|attempt| self.view_of(&attempt)))
    }

    pub(crate) async fn show_reversal(&self, id: ReversalId) -> Result<Option<ReversalView>, JournalFault> {
        if let Some(live) = self.reversals.get(&id) {
            return Ok(Some(self.reversal_view(&live.reversal)));
        }
        let now = self.now();
        Ok(self.ports.journal.reversal(id).await?.map(|reversal| ReversalView::of(&reversal, now)))
    }

    pub(crate) async fn show_payment(&self, id: PaymentId) -> Result<Option<PaymentView>, JournalFault> {
        let Some(history) = self.ports.journal.payment(id).await? else { return Ok(None) };
        let now = self.now();
        let view = |attempt: &Attempt| match self.attempts.get(&attempt.intent.attempt) {
            Some(live) => self.attempt_view(live),
            None => self.view_of(attempt),
        };
        let attempts = history.attempts.iter().map(view).collect();
        let reversals = history
            .reversals
            .iter()
            .map(|reversal| match self.reversals.get(&reversal.intent.reversal) {
                Some(live) => self.reversal_view(&live.reversal),
                None => ReversalView::of(reversal, now),
            })
            .collect();
        Ok(Some(PaymentView { payment: id, attempts, reversals }))
    }

    /// Every attempt that has no outcome yet, newest first; all of them are held by the desk.
    pub(crate) fn open_attempts(&self) -> Vec<AttemptView> {
        let open = self.attempts.values().filter(|live| live.attempt.state.is_open());
        let mut views: Vec<AttemptView> = open.map(|live| self.attempt_view(live)).collect();
        views.sort_by_key(|view| std::cmp::Reverse((view.opened, view.attempt)));
        views
    }

    /// Everything that needs attention; all of it is held by the desk.
    pub(crate) fn attention(&self) -> (Vec<AttemptView>, Vec<ReversalView>) {
        let now = self.now();
        let mut attempts: Vec<AttemptView> = self
            .attempts
            .values()
            .filter(|live| live.attempt.needs_attention(now))
            .map(|live| self.attempt_view(live))
            .collect();
        attempts.sort_by_key(|view| view.opened);
        let mut reversals: Vec<ReversalView> = self
            .reversals
            .values()
            .filter(|live| live.reversal.needs_attention())
            .map(|live| self.reversal_view(&live.reversal))
            .collect();
        reversals.sort_by_key(|view| view.opened);
        (attempts, reversals)
    }
}

/// Whether a supervisor's counter-entry has answered the alarms of an attempt.
fn answered(attempt: &Attempt) -> bool {
    attempt.state.evidence().is_some_and(|evidence| match evidence {
        Evidence::CounterEntry(_) => true,
        Evidence::GatewayStatus(_)
        | Evidence::PayAnswer
        | Evidence::ReturnAndProbe(_)
        | Evidence::ReturnAlone(_)
        | Evidence::Supervisor(_) => false,
    })
}
