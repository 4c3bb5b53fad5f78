//! Void and refund (`RULES.md` 7): everything that could forbid it is asked first, then it is written down, then sent.

use std::sync::Arc;

use tokio::sync::oneshot;
use vezne_core::answers::{CannotBeAsked, CouldNotAsk, NotSentReason, OrderState, ReversalAnswer, Unclear};
use vezne_core::attempt::{Attempt, Refusal, Subject};
use vezne_core::ids::{AttemptId, OperatorId, ReversalId};
use vezne_core::ports::{JournalFault, ReadFault, ReversalBaseline, ReversalCall};
use vezne_core::record::{Batch, Record};
use vezne_core::reversal::{self, Effect, Entry, Event, Intent, Kind, Preparation, Reversal, Target, VezneRefusal};
use vezne_core::rights::Act;
use vezne_core::status::Baseline;
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

use crate::actor::Inward;
use crate::authority::{self, NoAuthority};
use crate::desk::{Desk, LiveReversal};
use crate::request::{ReverseError, ReverseRequest};
use crate::returnable::{Returnable, amount_of};
use crate::unwritten::Doubt;
use crate::view::ReversalView;

type Reply = oneshot::Sender<Result<ReversalView, ReverseError>>;

/// A reversal request with everything that had to be asked for it.
pub(crate) struct ReversalQuote {
    request: ReverseRequest,
    /// Whose money goes back: what was asked of the gateway was asked about this one.
    attempt: AttemptId,
    supervisor: Result<OperatorId, NoAuthority>,
    baseline: Result<ReversalBaseline, ReadFault>,
}

impl Desk {
    /// Checks what the journal alone can say, then reads the gateway's baseline as a task.
    pub(crate) async fn reverse(&mut self, request: ReverseRequest, reply: Reply) {
        let (returnable, served) = match self.returnable(&request, request.attempt).await {
            Ok(found) => found,
            Err(error) => {
                let _front = reply.send(Err(error));
                return;
            }
        };
        let attempt = returnable.attempt.intent.attempt;
        let target = target_of(&returnable.attempt, None);
        let currency = returnable.left.currency();
        let ports = self.ports.clone();
        let misses = Arc::clone(&self.misses);
        let inward = self.inward.clone();
        tokio::spawn(async move {
            let act = match request.kind {
                Kind::Void => Act::Void,
                Kind::Refund => Act::Refund,
            };
            let supervisor = authority::check(&ports, &misses, &request.authority, act).await;
            let baseline = match supervisor {
                Ok(_) => served.gateway.before_reversal(&target, currency).await,
                Err(_) => Err(ReadFault::NotFound),
            };
            let quote = ReversalQuote { request, attempt, supervisor, baseline };
            let _till_closed = inward.send(Inward::ReversalQuoted(Box::new(quote), reply));
        });
    }

    /// The baseline is here: open and send in one go, or say why not.
    pub(crate) async fn reversal_quoted(&mut self, quote: ReversalQuote, reply: Reply) {
        if reply.is_closed() {
            // As with a payment: nothing is begun behind the back of somebody who has gone.
            tracing::info!(payment = %quote.request.payment, "a reversal was given up before it was begun");
            return;
        }
        let opened = self.open_reversal(quote).await;
        let _front = reply.send(opened.map(|reversal| self.reversal_view(&reversal)));
    }

    async fn open_reversal(&mut self, quote: ReversalQuote) -> Result<Reversal, ReverseError> {
        let ReversalQuote { request, attempt, supervisor, baseline } = quote;
        let supervisor = match supervisor {
            Ok(supervisor) => supervisor,
            Err(NoAuthority::NotASupervisor) => return Err(ReverseError::NotASupervisor),
            Err(NoAuthority::Journal(fault)) => return Err(ReverseError::Journal(fault)),
        };
        // Asked again, of the very attempt that the baseline is of: another reversal may have been begun meanwhile.
        let (returnable, served) = self.returnable(&request, Some(attempt)).await?;
        let (baseline, number) = self.judge_baseline(&returnable, baseline).await?;
        let target = match (&returnable.attempt.intent.subject, number) {
            // Cancel and refund speak of the gateway's own number (`RULES.md` 4); without it nothing may be sent.
            (Subject::Reference { .. }, None) => {
                return Err(ReverseError::Refused(VezneRefusal::BaselineUnreadable));
            }
            (Subject::Reference { .. } | Subject::Order(_), number) => target_of(&returnable.attempt, number),
        };
        let amount = amount_of(request.size, returnable.left)?;
        let now = self.now();
        let intent = Intent {
            reversal: ReversalId::from_parts(now, self.ten()),
            payment: request.payment,
            attempt: returnable.attempt.intent.attempt,
            account: served.account.reference.clone(),
            kind: request.kind,
            amount,
            target,
            word: authority::word(supervisor, &request.authority, None),
        };
        let opened = Reversal::open(intent.clone(), now);
        let prepared = Event::Prepared(Preparation::Done { baseline });
        let step = reversal::step(&opened, prepared, now).map_err(|_| ReverseError::Closing)?;
        // Ready, baseline and Sending in one transaction: nothing had to be waited for in between.
        let mut entries = vec![Entry::Opened(Box::new(intent))];
        entries.extend(step.entries);
        let batch = batch_of(&opened, &entries);
        let id = step.reversal.intent.reversal;
        if let Err(fault) = self.write(batch, now).await {
            self.doubt(Doubt::Reversal(id)).await;
            return Err(ReverseError::Journal(fault));
        }
        self.reversals.insert(id, LiveReversal::new(step.reversal.clone()));
        for effect in step.effects {
            self.carry_out_reversal(id, effect);
        }
        self.tell_reversal(id);
        Ok(step.reversal)
    }

    async fn judge_baseline(
        &self,
        returnable: &Returnable,
        baseline: Result<ReversalBaseline, ReadFault>,
    ) -> Result<(Baseline, Option<ForeignText>), ReverseError> {
        match baseline {
            Err(ReadFault::NotFound) => Err(ReverseError::Refused(VezneRefusal::BaselineUnreadable)),
            Err(fault) => Err(ReverseError::Read(fault)),
            Ok(ReversalBaseline::Remaining { amount, number, .. }) => {
                if amount != returnable.left {
                    let expected = returnable.left;
                    return Err(ReverseError::Refused(VezneRefusal::Remaining { expected, found: amount }));
                }
                Ok((Baseline::Remaining(amount), number))
            }
            Ok(ReversalBaseline::Order { facts, cancellable, refundable }) => {
                let cancelled = facts.state == OrderState::Cancelled;
                if !cancellable || cancelled {
                    return Err(ReverseError::Refused(VezneRefusal::NotCancellable));
                }
                if !refundable {
                    return Err(ReverseError::Refused(VezneRefusal::NotRefundable));
                }
                Ok((Baseline::Order(facts), None))
            }
        }
    }

    /// Hands a reversal an event that nobody waits for.
    pub(crate) async fn on_reversal(&mut self, id: ReversalId, event: Event) {
        let word = event.word();
        if let Err(refusal) = self.advance_reversal(id, event).await {
            tracing::debug!(reversal = %id, event = word, %refusal, "an event came too late to matter");
        }
    }

    /// Steps, writes down, acts, tells: the same order as for attempts.
    pub(crate) async fn advance_reversal(&mut self, id: ReversalId, event: Event) -> Result<(), Refusal> {
        let now = self.now();
        let Some(live) = self.reversals.get(&id) else {
            return Err(Refusal::NotNow { state: "not held", event: event.word() });
        };
        let step = reversal::step(&live.reversal, event, now)?;
        if !step.entries.is_empty() {
            let sends = step.effects.contains(&Effect::Send);
            match self.write(batch_of(&step.reversal, &step.entries), now).await {
                Ok(()) => {}
                Err(fault) if sends => return self.reversal_not_written(id, &fault).await,
                Err(fault) => self.hold(batch_of(&step.reversal, &step.entries), now, &fault),
            }
        }
        if let Some(live) = self.reversals.get_mut(&id) {
            live.reversal = step.reversal;
        }
        for effect in step.effects {
            self.carry_out_reversal(id, effect);
        }
        self.tell_reversal(id);
        self.let_go_reversal(id);
        Ok(())
    }

    /// The second sending could not be written: nothing is sent, and the first request was answered 401.
    async fn reversal_not_written(&mut self, id: ReversalId, fault: &JournalFault) -> Result<(), Refusal> {
        tracing::warn!(reversal = %id, %fault, "the journal did not take the sending: nothing is sent");
        let now = self.now();
        let Some(live) = self.reversals.get_mut(&id) else { return Ok(()) };
        let step = reversal::step(&live.reversal, Event::JournalFailed, now)?;
        live.reversal = step.reversal.clone();
        let batch = batch_of(&step.reversal, &step.entries);
        if let Err(fault) = self.write(batch, now).await {
            self.hold(batch_of(&step.reversal, &step.entries), now, &fault);
        }
        self.tell_reversal(id);
        Ok(())
    }

    fn carry_out_reversal(&mut self, id: ReversalId, effect: Effect) {
        let now = self.now();
        let Some(live) = self.reversals.get_mut(&id) else { return };
        let reversal = live.reversal.clone();
        match effect {
            Effect::Raise(cause) => tracing::warn!(reversal = %id, ?cause, "a reversal needs attention"),
            Effect::AskStatus if live.asking => live.pause(now),
            Effect::AskStatus => {
                live.asking = true;
                live.pause(now);
                self.ask_reversal_status(reversal);
            }
            Effect::Send => self.send_reversal(reversal),
            Effect::RenewToken => self.renew_reversal_token(&reversal),
        }
    }

    fn ask_reversal_status(&self, reversal: Reversal) {
        let asked = self.now();
        let id = reversal.intent.reversal;
        let gateway = self.served(&reversal.intent.account).map(|served| Arc::clone(&served.gateway));
        let work = async move {
            let reading = match gateway {
                Some(gateway) => gateway.reversal_status(&reversal).await,
                None => reversal::Reading::CannotBeAsked(CannotBeAsked::OtherEndpoint),
            };
            Inward::ReversalRead { reversal: id, reading: Box::new(reading), asked }
        };
        let unread = Box::new(reversal::Reading::CouldNotAsk(CouldNotAsk::Unreadable));
        self.beside(work, Inward::ReversalRead { reversal: id, reading: unread, asked });
    }

    /// The answer about a reversal came.
    pub(crate) async fn reversal_read(&mut self, id: ReversalId, reading: reversal::Reading, asked: Timestamp) {
        let Some(live) = self.reversals.get_mut(&id) else { return };
        live.asking = false;
        live.paused_until = None;
        let reversal = live.reversal.clone();
        let reading = match self.is_overtaken(&reversal).await {
            Ok(false) => reading,
            // What a later one took away says nothing of this one; of the payment as a whole its attempt is asked.
            Ok(true) => reversal::Reading::NoAmount,
            Err(fault) => {
                tracing::error!(reversal = %id, %fault, "the reversals of this payment could not be read");
                reversal::Reading::CouldNotAsk(CouldNotAsk::Unreadable)
            }
        };
        self.on_reversal(id, Event::Read { reading, asked }).await;
        self.let_go_reversal(id);
    }

    /// Whether a settled one has been followed by another of the same attempt that may have moved money.
    async fn is_overtaken(&self, reversal: &Reversal) -> Result<bool, JournalFault> {
        if !reversal.state.is_final() {
            return Ok(false);
        }
        let history = self.ports.journal.payment(reversal.intent.payment).await?;
        let mut later = history.iter().flat_map(|history| history.reversals.iter().rev());
        let ours = |one: &Reversal| one.intent.attempt == reversal.intent.attempt && one.state.counts();
        Ok(later.by_ref().take_while(|one| one.intent.reversal != reversal.intent.reversal).any(ours))
    }

    fn send_reversal(&self, reversal: Reversal) {
        let id = reversal.intent.reversal;
        let gateway = self.served(&reversal.intent.account).map(|served| Arc::clone(&served.gateway));
        let work = async move {
            let answer = match gateway {
                Some(gateway) => gateway.reverse(ReversalCall { intent: &reversal.intent }).await,
                None => ReversalAnswer::NotSent(NotSentReason::Unprepared),
            };
            Inward::Reversed(id, Box::new(answer))
        };
        self.beside(work, Inward::Reversed(id, Box::new(ReversalAnswer::Unclear(Unclear::ConnectionLost))));
    }

    fn renew_reversal_token(&self, reversal: &Reversal) {
        let id = reversal.intent.reversal;
        let gateway = self.served(&reversal.intent.account).map(|served| Arc::clone(&served.gateway));
        let work = async move {
            let renewed = match gateway {
                Some(gateway) => gateway.renew_token().await.is_ok(),
                None => false,
            };
            Inward::ReversalTokenRenewed(id, renewed)
        };
        self.beside(work, Inward::ReversalTokenRenewed(id, false));
    }
}

fn target_of(attempt: &Attempt, number: Option<ForeignText>) -> Target {
    match &attempt.intent.subject {
        Subject::Order(order) => Target::Order(order.clone()),
        Subject::Reference { .. } => Target::Transaction {
            // Without the gateway's own number there is still our reference to ask by.
            number: number.unwrap_or_else(|| ForeignText::filter(attempt.intent.reference.as_str())),
            reference: attempt.intent.reference.clone(),
        },
    }
}

/// The records of a reversal's new entries.
pub(crate) fn batch_of(reversal: &Reversal, entries: &[Entry]) -> Batch {
    let record = |entry: &Entry| Record::Reversal {
        reversal: reversal.intent.reversal,
        payment: reversal.intent.payment,
        attempt: reversal.intent.attempt,
        entry: entry.clone(),
    };
    Batch { records: entries.iter().map(record).collect(), names: Vec::new() }
}
