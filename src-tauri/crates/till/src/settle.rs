//! A supervisor's word on attempts and reversals. The PIN is checked as a task: that may take as long as a keychain does,
//! and nothing else waits for it.

use std::sync::Arc;

use tokio::sync::oneshot;
use vezne_core::attempt::{Event, Outcome};
use vezne_core::ids::{AttemptId, ReversalId};
use vezne_core::reversal;
use vezne_core::rights::Act;
use vezne_core::text::TypedText;

use crate::actor::Inward;
use crate::authority::{self, Known, NoAuthority};
use crate::desk::{Desk, LiveReversal};
use crate::request::{Authority, SettleError, SettleRequest, Verdict};
use crate::view::{AttemptView, ReversalView, counter_outcome};

/// A supervisor's word on an unknown reversal.
pub(crate) struct ReversalWord {
    pub(crate) reversal: ReversalId,
    /// Whether the money went back.
    pub(crate) done: bool,
    pub(crate) authority: Authority,
    pub(crate) saw: Option<TypedText>,
}

/// A word that waits for its PIN to be checked, with the front that waits for an answer.
pub(crate) enum Word {
    OnAttempt(SettleRequest, oneshot::Sender<Result<AttemptView, SettleError>>),
    OnReversal(ReversalWord, oneshot::Sender<Result<ReversalView, SettleError>>),
}

impl Word {
    const fn authority(&self) -> &Authority {
        match self {
            Self::OnAttempt(request, _) => &request.authority,
            Self::OnReversal(word, _) => &word.authority,
        }
    }

    fn is_given_up(&self) -> bool {
        match self {
            Self::OnAttempt(_, reply) => reply.is_closed(),
            Self::OnReversal(_, reply) => reply.is_closed(),
        }
    }
}

impl Desk {
    pub(crate) async fn settle(
        &self,
        request: SettleRequest,
        reply: oneshot::Sender<Result<AttemptView, SettleError>>,
    ) {
        match self.stands(request.attempt).await {
            Ok(_) => self.check_word(Word::OnAttempt(request, reply)),
            Err(error) => {
                let _front = reply.send(Err(error));
            }
        }
    }

    /// Checks the PIN of a word beside the actor; the word comes back with whose it is.
    pub(crate) fn check_word(&self, word: Word) {
        let ports = self.ports.clone();
        let misses = Arc::clone(&self.misses);
        let inward = self.inward.clone();
        tokio::spawn(async move {
            let known = authority::know(&ports, &misses, word.authority()).await;
            let _till_closed = inward.send(Inward::Word(Box::new(word), known));
        });
    }

    /// The PIN was checked: the word counts against what stands there now.
    pub(crate) async fn word_checked(&mut self, word: Word, known: Result<Known, NoAuthority>) {
        if word.is_given_up() {
            tracing::info!("a supervisor's word was given up before its PIN was checked");
            return;
        }
        match word {
            Word::OnAttempt(request, reply) => {
                let _front = reply.send(self.settle_attempt(request, known).await);
            }
            Word::OnReversal(word, reply) => {
                let _front = reply.send(self.settle_reversal(word, known).await);
            }
        }
    }

    async fn settle_attempt(
        &mut self,
        request: SettleRequest,
        known: Result<Known, NoAuthority>,
    ) -> Result<AttemptView, SettleError> {
        let SettleRequest { attempt, verdict, authority, saw } = request;
        let view = self.stands(attempt).await?;
        let open = view.outcome.is_none_or(|outcome| outcome == Outcome::Unknown);
        let act = match verdict {
            Verdict::SetAside => Act::SetAside,
            Verdict::Approved | Verdict::Declined if open => Act::Resolve,
            Verdict::Approved | Verdict::Declined => Act::CounterEntry,
        };
        let supervisor = known?.may(act)?;
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

    async fn settle_reversal(
        &mut self,
        word: ReversalWord,
        known: Result<Known, NoAuthority>,
    ) -> Result<ReversalView, SettleError> {
        let ReversalWord { reversal: id, done, authority, saw } = word;
        let supervisor = known?.may(Act::Resolve)?;
        let word = authority::word(supervisor, &authority, saw);
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
