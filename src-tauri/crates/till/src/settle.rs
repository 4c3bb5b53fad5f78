//! A supervisor's word on attempts and reversals.

use vezne_core::attempt::Event;
use vezne_core::ids::{AttemptId, ReversalId};
use vezne_core::reversal;
use vezne_core::rights::Act;
use vezne_core::text::TypedText;

use crate::authority;
use crate::desk::{Desk, LiveReversal};
use crate::request::{Authority, SettleError, SettleRequest, Verdict};
use crate::view::{AttemptView, ReversalView, counter_outcome};

impl Desk {
    pub(crate) async fn settle(&mut self, request: SettleRequest) -> Result<AttemptView, SettleError> {
        let SettleRequest { attempt, verdict, authority, saw } = request;
        let view = self.show_attempt(attempt).await.map_err(SettleError::Journal)?.ok_or(SettleError::NotFound)?;
        let open = view.outcome.is_none_or(|outcome| outcome == vezne_core::attempt::Outcome::Unknown);
        let act = match verdict {
            Verdict::SetAside => Act::SetAside,
            Verdict::Approved | Verdict::Declined if open => Act::Resolve,
            Verdict::Approved | Verdict::Declined => Act::CounterEntry,
        };
        let supervisor = authority::check(&self.ports, &authority, act).await?;
        let word = authority::word(supervisor, &authority, saw);
        let event = match counter_outcome(verdict) {
            None => Event::SetAside(word),
            Some(outcome) if open => Event::Resolved { outcome, word },
            Some(outcome) => Event::CounterEntered { outcome, word },
        };
        self.person(attempt, event).await?;
        self.stands(attempt).await
    }

    async fn stands(&self, attempt: AttemptId) -> Result<AttemptView, SettleError> {
        self.show_attempt(attempt).await.map_err(SettleError::Journal)?.ok_or(SettleError::NotFound)
    }

    pub(crate) async fn settle_reversal(
        &mut self,
        id: ReversalId,
        done: bool,
        authority: &Authority,
        saw: Option<TypedText>,
    ) -> Result<ReversalView, SettleError> {
        let supervisor = authority::check(&self.ports, authority, Act::Resolve).await?;
        let word = authority::word(supervisor, authority, saw);
        self.person_on_reversal(id, reversal::Event::Resolved { done, word }).await?;
        self.show_reversal(id).await.map_err(SettleError::Journal)?.ok_or(SettleError::NotFound)
    }

    /// An event that a person asked for on a reversal.
    pub(crate) async fn person_on_reversal(
        &mut self,
        id: ReversalId,
        event: reversal::Event,
    ) -> Result<(), SettleError> {
        if !self.reversals.contains_key(&id) {
            match self.ports.journal.reversal(id).await {
                Ok(Some(reversal)) => {
                    self.reversals.insert(id, LiveReversal::new(reversal));
                }
                Ok(None) => return Err(SettleError::NotFound),
                Err(fault) => return Err(SettleError::Journal(fault)),
            }
        }
        self.advance_reversal(id, event).await.map_err(SettleError::Refused)
    }
}
