//! A supervisor's word on attempts and reversals. The PIN is checked as a task: that may take as long as a keychain does,
//! and nothing else waits for it.

use std::sync::Arc;

use tokio::sync::oneshot;
use vezne_core::attempt::{Event, Outcome};
use vezne_core::ids::{AttemptId, OperatorId, ReversalId};
use vezne_core::money::Money;
use vezne_core::reversal::{self, Reversal};
use vezne_core::rights::Act;
use vezne_core::text::TypedText;

use crate::actor::Inward;
use crate::authority::{self, Known, NoAuthority};
use crate::close;
use crate::desk::{Desk, LiveReversal};
use crate::listed::Settled;
use crate::request::{
    Authority, ListedWord, PortalReturn, ReversalVerdict, ReverseError, SettleError, SettleRequest, Verdict,
};
use crate::view::{AttemptView, ReversalView, counter_outcome};

/// A supervisor's word on a reversal.
pub(crate) struct ReversalWord {
    pub(crate) reversal: ReversalId,
    pub(crate) verdict: ReversalVerdict,
    pub(crate) authority: Authority,
    pub(crate) saw: Option<TypedText>,
}

/// How that stood which a person speaks of, when they spoke. The gateway may answer while their PIN is checked, and a word on what
/// nobody knew is none against what the gateway has said since.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stood {
    Open,
    Settled,
}

/// A word that waits for its PIN to be checked, with the front that waits for an answer.
pub(crate) enum Word {
    Attempt(SettleRequest, Stood, oneshot::Sender<Result<AttemptView, SettleError>>),
    Reversal(ReversalWord, Stood, oneshot::Sender<Result<ReversalView, SettleError>>),
    List(Vec<ListedWord>, Authority, oneshot::Sender<Result<Settled, SettleError>>),
    Return(PortalReturn, oneshot::Sender<Result<ReversalView, ReverseError>>),
    Close(Option<OperatorId>, Authority, close::Reply),
}

impl Word {
    const fn authority(&self) -> &Authority {
        match self {
            Self::Attempt(request, ..) => &request.authority,
            Self::Reversal(word, ..) => &word.authority,
            Self::List(_, authority, _) => authority,
            Self::Return(request, _) => &request.authority,
            Self::Close(_, authority, _) => authority,
        }
    }

    fn is_given_up(&self) -> bool {
        match self {
            Self::Attempt(_, _, reply) => reply.is_closed(),
            Self::Reversal(_, _, reply) => reply.is_closed(),
            Self::List(_, _, reply) => reply.is_closed(),
            Self::Return(_, reply) => reply.is_closed(),
            Self::Close(_, _, reply) => reply.is_closed(),
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
            Ok(view) => {
                let open = view.outcome.is_none_or(|outcome| outcome == Outcome::Unknown);
                let stood = if open { Stood::Open } else { Stood::Settled };
                self.check_word(Word::Attempt(request, stood, reply));
            }
            Err(error) => {
                let _front = reply.send(Err(error));
            }
        }
    }

    pub(crate) async fn settle_a_reversal(
        &self,
        word: ReversalWord,
        reply: oneshot::Sender<Result<ReversalView, SettleError>>,
    ) {
        match self.found_reversal(word.reversal).await {
            Ok(found) => {
                let stood = if found.state.is_final() { Stood::Settled } else { Stood::Open };
                self.check_word(Word::Reversal(word, stood, reply));
            }
            Err(error) => {
                let _front = reply.send(Err(error));
            }
        }
    }

    /// A list to be settled with one PIN.
    pub(crate) fn listed(
        &self,
        words: Vec<ListedWord>,
        authority: Authority,
        reply: oneshot::Sender<Result<Settled, SettleError>>,
    ) {
        match Self::look_at_list(&words) {
            Ok(()) => self.check_word(Word::List(words, authority, reply)),
            Err(error) => {
                let _front = reply.send(Err(error));
            }
        }
    }

    /// Something that went back in the portal, to be written down.
    pub(crate) async fn returned_in_portal(
        &self,
        request: PortalReturn,
        reply: oneshot::Sender<Result<ReversalView, ReverseError>>,
    ) {
        match self.look_at_portal_return(&request).await {
            Ok(()) => self.check_word(Word::Return(request, reply)),
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
            Word::Attempt(request, stood, reply) => {
                let _front = reply.send(self.settle_attempt(request, stood, known).await);
            }
            Word::Reversal(word, stood, reply) => {
                let _front = reply.send(self.settle_reversal(word, stood, known).await);
            }
            Word::List(words, authority, reply) => {
                let _front = reply.send(self.settle_list(words, &authority, known).await);
            }
            Word::Return(request, reply) => {
                let _front = reply.send(self.record_return(request, known).await);
            }
            Word::Close(operator, authority, reply) => self.close_over_missing(operator, authority, known, reply).await,
        }
    }

    async fn settle_attempt(
        &mut self,
        request: SettleRequest,
        stood: Stood,
        known: Result<Known, NoAuthority>,
    ) -> Result<AttemptView, SettleError> {
        let SettleRequest { attempt, verdict, authority, saw } = request;
        let view = self.stands(attempt).await?;
        let act = match (verdict, stood) {
            (Verdict::SetAside, _) => Act::SetAside,
            (Verdict::Approved | Verdict::Declined, Stood::Open) => Act::Resolve,
            (Verdict::Approved | Verdict::Declined, Stood::Settled) => Act::CounterEntry,
        };
        let supervisor = known?.may(act)?;
        match verdict {
            Verdict::Declined => self.nothing_went_back(&view).await?,
            Verdict::Approved | Verdict::SetAside => {}
        }
        let word = authority::word(supervisor, &authority, saw);
        let event = match (counter_outcome(verdict), stood) {
            (None, _) => Event::SetAside(word),
            (Some(outcome), Stood::Open) => Event::Resolved { outcome, word },
            (Some(outcome), Stood::Settled) => Event::CounterEntered { outcome, word },
        };
        self.person(attempt, event).await?;
        self.stands(attempt).await
    }

    /// What was not paid can't have gone back: the sums of a day would give back what was never taken.
    async fn nothing_went_back(&self, view: &AttemptView) -> Result<(), SettleError> {
        let history = self.ports.journal.payment(view.payment).await.map_err(SettleError::Journal)?;
        let mut all = history.iter().flat_map(|history| &history.reversals);
        let went = all.find(|one| one.intent.attempt == view.attempt && one.state.counts());
        went.map_or(Ok(()), |reversal| Err(SettleError::WentBack(reversal.intent.reversal)))
    }

    async fn stands(&self, attempt: AttemptId) -> Result<AttemptView, SettleError> {
        self.show_attempt(attempt).await.map_err(SettleError::Journal)?.ok_or(SettleError::NotFound)
    }

    async fn settle_reversal(
        &mut self,
        word: ReversalWord,
        stood: Stood,
        known: Result<Known, NoAuthority>,
    ) -> Result<ReversalView, SettleError> {
        let ReversalWord { reversal: id, verdict, authority, saw } = word;
        let found = self.found_reversal(id).await?;
        let settled = stood == Stood::Settled;
        let (act, done) = match verdict {
            ReversalVerdict::Seen => (Act::Acknowledge, None),
            ReversalVerdict::Done => (if settled { Act::CounterEntry } else { Act::Resolve }, Some(true)),
            ReversalVerdict::NotDone => (if settled { Act::CounterEntry } else { Act::Resolve }, Some(false)),
        };
        let supervisor = known?.may(act)?;
        let word = authority::word(supervisor, &authority, saw);
        let event = match done {
            None => reversal::Event::Acknowledged(word),
            Some(done) if settled => {
                let contested = self.may_be_corrected(&found, done).await?;
                reversal::Event::CounterEntered { done, word, contested }
            }
            Some(done) => reversal::Event::Resolved { done, word },
        };
        self.person_on_reversal(id, event).await?;
        self.show_reversal(id).await.map_err(SettleError::Journal)?.ok_or(SettleError::NotFound)
    }

    async fn found_reversal(&self, id: ReversalId) -> Result<Reversal, SettleError> {
        match self.reversals.get(&id) {
            Some(live) => Ok(live.reversal.clone()),
            None => self.ports.journal.reversal(id).await.map_err(SettleError::Journal)?.ok_or(SettleError::NotFound),
        }
    }

    /// Whether the gateway contradicts the attempt that a reversal belongs to. What did not count until now must wait for
    /// one that is under way, and still fit into what is left of that attempt.
    async fn may_be_corrected(&self, reversal: &Reversal, done: bool) -> Result<bool, SettleError> {
        let intent = &reversal.intent;
        if done && !reversal.state.counts() {
            self.may_write_down().map_err(SettleError::Journal)?;
            let standing = self.standing(intent.payment, Some(intent.attempt)).await;
            let left = match standing.and_then(|standing| standing.may_go_back(None)) {
                Ok(sums) => sums.map(|sums| sums.left),
                Err(ReverseError::Journal(fault)) => return Err(SettleError::Journal(fault)),
                Err(ReverseError::OneAtATime(open)) => return Err(SettleError::OneAtATime(open)),
                Err(_) => Some(Money::from_minor(0, intent.amount.currency())),
            };
            if let Some(left) = left.filter(|left| left.minor() < intent.amount.minor()) {
                return Err(SettleError::TooMuch { left });
            }
        }
        let attempt = self.show_attempt(intent.attempt).await.map_err(SettleError::Journal)?;
        Ok(attempt.is_some_and(|attempt| attempt.contradicted))
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
