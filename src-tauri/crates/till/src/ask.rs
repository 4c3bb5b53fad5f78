//! Asking what became of an attempt, and reading the answer against everything the journal knows.

use vezne_core::account::GatewayKind;
use vezne_core::answers::{CannotBeAsked, CouldNotAsk, OrderState, Probe, StatusAnswer};
use vezne_core::attempt::{Attempt, Event, Heard, Means, Outcome, Subject};
use vezne_core::evidence::{Claim, Evidence};
use vezne_core::ids::AttemptId;
use vezne_core::limits;
use vezne_core::money::Money;
use vezne_core::reversal::{self, Reversal};
use vezne_core::status::{self, Baseline, Context, OrderContext, Reading, Returned, Rival, TransactionContext};
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

use crate::actor::Inward;
use crate::desk::Desk;

/// An order's context with its own baseline, so that it can outlive the borrow of the desk.
pub(crate) struct OwnedOrderContext {
    baseline: Option<Baseline>,
    rest: OrderContext<'static>,
}

impl OwnedOrderContext {
    pub(crate) fn borrowed(&self) -> OrderContext<'_> {
        OrderContext { baseline: self.baseline.as_ref(), ..self.rest.clone() }
    }
}

impl Desk {
    /// Asks the gateway, unless a question is under way already: its answer will do.
    pub(crate) fn ask_status(&mut self, id: AttemptId) {
        let now = self.now();
        let gateway = self.gateway_of(id);
        let Some(live) = self.attempts.get_mut(&id) else { return };
        if live.asking {
            live.pause(now);
            return;
        }
        live.asking = true;
        live.pause(now);
        let attempt = live.attempt.clone();
        let work = async move {
            let answer = match gateway {
                Some(gateway) => gateway.status(&attempt).await,
                None => StatusAnswer::CannotBeAsked(CannotBeAsked::OtherEndpoint),
            };
            Inward::StatusAnswered { attempt: id, answer: Box::new(answer), asked: now }
        };
        let unread = Box::new(StatusAnswer::CouldNotAsk(CouldNotAsk::Unreadable));
        self.beside(work, Inward::StatusAnswered { attempt: id, answer: unread, asked: now });
    }

    /// Asks `installment-info` as a second sign.
    pub(crate) fn probe(&mut self, id: AttemptId) {
        let now = self.now();
        let gateway = self.gateway_of(id);
        let Some(live) = self.attempts.get_mut(&id) else { return };
        if live.probing {
            live.pause(now);
            return;
        }
        live.probing = true;
        live.pause(now);
        let attempt = live.attempt.clone();
        let work = async move {
            let probe = match gateway {
                Some(gateway) => gateway.probe(&attempt).await,
                // Asked nowhere else; without an answer it would be due again at once, for ever.
                None => Probe::NoAnswer,
            };
            Inward::Probed(id, probe)
        };
        self.beside(work, Inward::Probed(id, Probe::NoAnswer));
    }

    /// The answer came: it is read, and the attempt takes the reading.
    pub(crate) async fn status_answered(&mut self, id: AttemptId, answer: &StatusAnswer, asked: Timestamp) {
        if let Some(live) = self.attempts.get_mut(&id) {
            live.asking = false;
            live.paused_until = None;
        }
        let reading = self.read(id, answer, asked).await;
        self.compare_reading(id, &reading, asked).await;
        self.hint(id, Event::StatusRead { reading, asked }).await;
    }

    async fn read(&mut self, id: AttemptId, answer: &StatusAnswer, asked: Timestamp) -> Reading {
        let Some(live) = self.attempts.get(&id) else {
            return Reading::CouldNotAsk(CouldNotAsk::Unreadable);
        };
        match live.attempt.intent.account.gateway {
            GatewayKind::Yolcu360 => match self.order_context(id).await {
                Some(context) => status::read(answer, &Context::Order(context.borrowed())),
                // The journal can't be read now: the answer is not lost, it is asked for again.
                None => Reading::CouldNotAsk(CouldNotAsk::Unreadable),
            },
            GatewayKind::Finrota => {
                let attempt = live.attempt.clone();
                // Without the reversals, what they returned would look like an amount that is not as expected.
                let Some(reversals) = self.reversals_of(&attempt).await else {
                    return Reading::CouldNotAsk(CouldNotAsk::Unreadable);
                };
                let Some(total) = attempt.intent.total() else {
                    return Reading::Attention(status::Seen::default());
                };
                let context = TransactionContext {
                    reference: attempt.intent.reference.as_str(),
                    total,
                    returned: returned(total, &reversals, asked),
                    last_four: attempt.intent.card().map(|card| card.last_four),
                };
                status::read(answer, &Context::Transaction(context))
            }
        }
    }

    /// What surrounds an answer about an order: the baseline and the other attempts on it.
    pub(crate) async fn order_context(&self, id: AttemptId) -> Option<OwnedOrderContext> {
        let attempt = &self.attempts.get(&id)?.attempt;
        let siblings = match self.ports.journal.attempts_on(&attempt.intent.guard_key()).await {
            Ok(siblings) => siblings,
            Err(fault) => {
                tracing::error!(attempt = %id, %fault, "the attempts on this order could not be read");
                return None;
            }
        };
        let others: Vec<&Attempt> = siblings.iter().filter(|other| other.intent.attempt != id).collect();
        // By their place in the journal: the time of day may have been set back between the two.
        let mut later = siblings.iter().rev().take_while(|other| other.intent.attempt != id);
        let mut earlier = siblings.iter().take_while(|other| other.intent.attempt != id);
        let reversals = self.reversals_of(attempt).await?;
        Some(OwnedOrderContext {
            baseline: attempt.baseline.clone(),
            rest: OrderContext {
                baseline: None,
                sent_type: sent_type(&attempt.intent.means),
                claim: attempt.own_claim(),
                credited: others.iter().filter_map(|other| credited(other)).collect(),
                later_sent: later.any(|other| other.sent.is_some()),
                rivals: others.iter().filter_map(|other| rival(other)).collect(),
                stray: earlier.any(|other| is_stray(other, attempt)),
                cancel_sent: reversals.iter().any(|reversal| reversal.state.counts()),
            },
        })
    }

    /// Whether an order that is paid for now may not have shown this decline yet. The time of day says so, unless it was set
    /// since; and a till that was started a moment ago can't know whether it was.
    pub(crate) fn may_be_unshown(&self, earlier: &Attempt) -> bool {
        let answered = matches!(earlier.state.evidence(), Some(Evidence::PayAnswer));
        if earlier.state.outcome() != Some(Outcome::Declined) || !answered {
            return false;
        }
        self.now().since(earlier.since) < limits::ORDER_LAGS
            || self.steady.moved_since(earlier.since)
            || !self.steady.has_run_for(limits::ORDER_LAGS)
    }

    /// The reversals of an attempt's payment; `None` when they can't be read.
    pub(crate) async fn reversals_of(&self, attempt: &Attempt) -> Option<Vec<Reversal>> {
        // Only what was approved can be reversed, and what was approved stays final.
        if !attempt.state.is_final() {
            return Some(Vec::new());
        }
        match self.ports.journal.payment(attempt.intent.payment).await {
            Ok(Some(history)) => {
                let ours = |reversal: &Reversal| reversal.intent.attempt == attempt.intent.attempt;
                Some(history.reversals.into_iter().filter(ours).collect())
            }
            Ok(None) => Some(Vec::new()),
            Err(fault) => {
                tracing::error!(attempt = %attempt.intent.attempt, %fault, "the reversals could not be read");
                None
            }
        }
    }
}

/// The word that we sent as `paymentType`.
const fn sent_type(means: &Means) -> &'static str {
    match means {
        Means::Card(_) => "creditCard",
        Means::CreditLimit => "limit",
    }
}

/// The gateway's payment id that an approved attempt stands on, so that no other one may claim it.
fn credited(attempt: &Attempt) -> Option<ForeignText> {
    match &attempt.intent.subject {
        Subject::Order(_) if attempt.state.is_approved() => {}
        Subject::Order(_) | Subject::Reference { .. } => return None,
    }
    match attempt.state.evidence() {
        Some(Evidence::GatewayStatus(seen)) => seen.payment_id.clone(),
        Some(
            Evidence::PayAnswer
            | Evidence::ReturnAndProbe(_)
            | Evidence::ReturnAlone(_)
            | Evidence::Supervisor(_)
            | Evidence::CounterEntry(_),
        )
        | None => match &attempt.heard {
            Some(Heard::Success(success)) => success.numbers.payment.clone(),
            Some(Heard::Failure(_) | Heard::Nothing) | None => None,
        },
    }
}

/// Another attempt that a "reserved" may belong to: one that was sent and is not settled, and one that is approved while
/// nobody knows the gateway's number for it (`RULES.md` 4: one answer is evidence for one attempt).
fn rival(attempt: &Attempt) -> Option<Rival> {
    attempt.sent?;
    if !attempt.state.is_final() {
        return Some(Rival { claim: attempt.own_claim() });
    }
    let unnumbered = attempt.state.is_approved() && credited(attempt).is_none();
    unnumbered.then_some(Rival { claim: Some(Claim::Success) })
}

/// Whether the order has failed since the earlier attempt was prepared, as the later one's baseline shows.
fn has_failed_between(earlier: &Attempt, attempt: &Attempt) -> bool {
    match (&earlier.baseline, &attempt.baseline) {
        (Some(Baseline::Order(before)), Some(Baseline::Order(after))) => {
            after.state == OrderState::Failed
                && (before.state != OrderState::Failed || before.payment_id != after.payment_id)
        }
        (Some(Baseline::Order(_) | Baseline::InstallmentInfo | Baseline::Remaining(_)) | None, _) => false,
    }
}

/// What our own reversals returned, surely and perhaps, as an answer to a question of `asked` can know it: what came to be done
/// since, it may have seen or not.
fn returned(total: Money, reversals: &[Reversal], asked: Timestamp) -> Option<Returned> {
    let zero = Money::from_minor(0, total.currency());
    let sum = |surely: bool| {
        reversals
            .iter()
            .filter(|reversal| match reversal.state {
                reversal::State::Done { .. } => surely == (reversal.since <= asked),
                reversal::State::Ready
                | reversal::State::Sending(_)
                | reversal::State::Reauthorising
                | reversal::State::Unknown { .. } => !surely,
                reversal::State::Refused(_) | reversal::State::NotDone { .. } | reversal::State::NotSent { .. } => {
                    false
                }
            })
            .try_fold(zero, |sum, reversal| sum.checked_add(reversal.intent.amount))
    };
    if reversals.is_empty() {
        return None;
    }
    Some(Returned { done: sum(true)?, unknown: sum(false)? })
}

/// Whether an earlier attempt was declined without the order having shown it: by the pay answer a moment before this one
/// was opened (whatever the baseline shows may be of one before it), or by a word of weight less than the gateway's,
/// behind which the bank may still turn it down.
fn is_stray(earlier: &Attempt, attempt: &Attempt) -> bool {
    if earlier.sent.is_none() || earlier.state.outcome() != Some(Outcome::Declined) {
        return false;
    }
    match earlier.state.evidence() {
        Some(Evidence::GatewayStatus(_)) | None => false,
        // The span counts for attempts that an older version opened: they have no such word with them.
        Some(Evidence::PayAnswer) => {
            attempt.intent.behind_decline || attempt.opened.since(earlier.since) < limits::ORDER_LAGS
        }
        Some(
            Evidence::ReturnAndProbe(_)
            | Evidence::ReturnAlone(_)
            | Evidence::Supervisor(_)
            | Evidence::CounterEntry(_),
        ) => !has_failed_between(earlier, attempt),
    }
}
