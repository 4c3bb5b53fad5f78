//! The heart of the till: an event is stepped, written down, acted on, told. In that order.

use std::sync::Arc;

use vezne_core::attempt::{self, Attempt, Effect, Event, Refusal};
use vezne_core::ids::AttemptId;
use vezne_core::ports::JournalFault;
use vezne_core::record::{Batch, Record};

use crate::actor::Inward;
use crate::desk::{Desk, LiveAttempt};
use crate::kept::WithoutCvc;
use crate::overtaken::InTheWay;
use crate::request::SettleError;

impl Desk {
    /// Takes an event for a live attempt: one that is not held any more is read from the journal first.
    pub(crate) async fn advance(&mut self, id: AttemptId, event: Event) -> Result<(), Refusal> {
        if !self.attempts.contains_key(&id) && !self.take_from_journal(id).await {
            return Err(Refusal::NotNow { state: "not in the journal", event: event.word() });
        }
        let now = self.now();
        let Some(live) = self.attempts.get(&id) else {
            return Err(Refusal::NotNow { state: "not in the journal", event: event.word() });
        };
        let was_approved = live.attempt.state.is_approved();
        let in_the_way = InTheWay::of(&live.attempt);
        // Only what was unknown for a while can have been set aside and followed by another attempt.
        let linked = live.attempt.intent.follows.is_some() || !live.attempt.state.is_open();
        let step = match attempt::step(&live.attempt, event, now) {
            Ok(step) => step,
            Err(refusal) => {
                self.let_go(id);
                return Err(refusal);
            }
        };
        if !step.entries.is_empty() {
            let sends = step.effects.contains(&Effect::SendPayment);
            let batch = batch_of(&step.attempt, &step.entries);
            match self.write(batch, now).await {
                Ok(()) => {}
                Err(fault) if sends => {
                    self.sending_not_written(id, &fault).await;
                    return Ok(());
                }
                // An answer is here and can't be written down: it is shown, held and retried (`RULES.md` 8).
                Err(fault) => self.hold(batch_of(&step.attempt, &step.entries), now, &fault),
            }
        }
        if let Some(live) = self.attempts.get_mut(&id) {
            live.attempt = step.attempt;
        }
        // A return beyond the twentieth changes nothing: a flood of them must not drown the listeners.
        let news = !(step.entries.is_empty() && step.effects.is_empty());
        for effect in step.effects {
            self.carry_out(id, effect).await;
        }
        if news {
            self.tell_attempt(id);
        }
        self.stop_overtaken(id, in_the_way).await;
        if linked && !was_approved {
            self.look_for_a_twin_approval(id, |_| false).await;
        }
        self.let_go(id);
        Ok(())
    }

    /// An event that a person asked for, with the till's words for "not found" and "not now".
    pub(crate) async fn person(&mut self, id: AttemptId, event: Event) -> Result<(), SettleError> {
        if !self.attempts.contains_key(&id) {
            match self.ports.journal.attempt(id).await {
                Ok(Some(attempt)) => {
                    self.attempts.insert(id, LiveAttempt::taken_up(attempt));
                }
                Ok(None) => return Err(SettleError::NotFound),
                Err(fault) => return Err(SettleError::Journal(fault)),
            }
        }
        self.advance(id, event).await.map_err(SettleError::Refused)
    }

    async fn take_from_journal(&mut self, id: AttemptId) -> bool {
        match self.ports.journal.attempt(id).await {
            Ok(Some(attempt)) => {
                self.attempts.insert(id, LiveAttempt::taken_up(attempt));
                true
            }
            Ok(None) => false,
            Err(fault) => {
                tracing::error!(attempt = %id, %fault, "an attempt could not be read from the journal");
                false
            }
        }
    }

    async fn carry_out(&mut self, id: AttemptId, effect: Effect) {
        match effect {
            Effect::SendPayment => self.send_payment(id),
            Effect::RenewToken => self.renew_token(id),
            Effect::OpenBankPage => self.open_bank_page(id),
            Effect::CloseBankPage => self.ports.pages.close(id).await,
            Effect::AskStatus => self.ask_status(id),
            Effect::Probe => self.probe(id),
            Effect::Raise(alarm) => {
                tracing::warn!(attempt = %id, ?alarm, "an attempt needs attention");
            }
            Effect::ForgetCard => {
                if let Some(live) = self.attempts.get_mut(&id) {
                    // While the request is under way its task still holds the card; it is wiped when the task ends.
                    live.card = None;
                    live.without_cvc = None;
                }
            }
            Effect::ForgetCvc => {
                if let Some(live) = self.attempts.get_mut(&id) {
                    live.without_cvc = live.card.take().and_then(Arc::into_inner).map(WithoutCvc::from);
                }
            }
            Effect::KeepCard => self.keep_card(id),
        }
    }

    fn keep_card(&mut self, id: AttemptId) {
        let now = self.now();
        let Some(live) = self.attempts.get_mut(&id) else { return };
        // A task that still held the card would mean that its answer is not here: then there is nothing to keep.
        let whole = live.card.take().and_then(Arc::into_inner).map(WithoutCvc::from);
        let Some(card) = whole.or(live.without_cvc.take()) else { return };
        let until = self.kept.keep(id, card, now);
        // A timer of its own, because timers are monotonic: a clock that is set back must not make the card stay.
        let over = self.ports.clock.sleep_until(until);
        let inward = self.inward.clone();
        tokio::spawn(async move {
            over.await;
            let _till_closed = inward.send(Inward::KeptLongEnough(id));
        });
    }

    /// The write of `Sending` failed: nothing is sent. If the entry did get in, `NotSent` follows it (`RULES.md` 1).
    async fn sending_not_written(&mut self, id: AttemptId, fault: &JournalFault) {
        tracing::warn!(attempt = %id, %fault, "the journal did not take the sending: nothing is sent");
        let reopened = self.ports.journal.reopen().await;
        let stored = match reopened {
            Ok(()) => self.ports.journal.attempt(id).await.ok().flatten(),
            Err(_) => None,
        };
        let now = self.now();
        let Some(live) = self.attempts.get_mut(&id) else { return };
        if let Some(stored) = stored {
            live.attempt = stored;
        }
        let Ok(step) = attempt::step(&live.attempt, Event::JournalFailed, now) else { return };
        live.attempt = step.attempt.clone();
        let batch = batch_of(&step.attempt, &step.entries);
        if let Err(fault) = self.write(batch, now).await {
            self.hold(batch_of(&step.attempt, &step.entries), now, &fault);
        }
        for effect in step.effects {
            match effect {
                Effect::KeepCard => self.keep_card(id),
                Effect::SendPayment
                | Effect::RenewToken
                | Effect::OpenBankPage
                | Effect::CloseBankPage
                | Effect::AskStatus
                | Effect::Probe
                | Effect::Raise(_)
                | Effect::ForgetCvc
                | Effect::ForgetCard => {}
            }
        }
        self.tell_attempt(id);
        self.let_go(id);
    }
}

/// The records of an attempt's new entries.
pub(crate) fn batch_of(attempt: &Attempt, entries: &[attempt::Entry]) -> Batch {
    let record = |entry: &attempt::Entry| Record::Attempt {
        attempt: attempt.intent.attempt,
        payment: attempt.intent.payment,
        entry: entry.clone(),
    };
    Batch { records: entries.iter().map(record).collect(), names: Vec::new() }
}
