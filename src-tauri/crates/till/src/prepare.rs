//! Between `Ready` and `Sending`: whatever must be waited for is got, so that nothing waits after it (`RULES.md` 1).

use std::sync::Arc;

use tokio::sync::mpsc;
use vezne_core::account::{GatewayKind, StatusQuery};
use vezne_core::answers::{NotSentReason, OrderFacts, OrderState, SaidAmount};
use vezne_core::attempt::{Intent, Means, Preparation, Subject, VezneRefusal};
use vezne_core::ids::AttemptId;
use vezne_core::limits;
use vezne_core::order::OrderId;
use vezne_core::ports::{BankPages, Clock, Gateway, Rate, ReadFault};
use vezne_core::status::Baseline;
use vezne_core::time::{Millis, Timestamp};

use crate::actor::Inward;
use crate::desk::Desk;

/// What preparation needs, so that it can run as a task.
struct Preparing {
    intent: Intent,
    options_at: Option<Timestamp>,
    /// Whether a restored backup left a span out: then only the order itself can say that it is not paid.
    span_missing: bool,
    gateway: Arc<dyn Gateway>,
    pages: Arc<dyn BankPages>,
    clock: Arc<dyn Clock>,
    inward: mpsc::UnboundedSender<Inward>,
}

impl Desk {
    /// Starts preparing an attempt that stands in `Ready`.
    pub(crate) fn prepare(&self, id: AttemptId) {
        let Some(live) = self.attempts.get(&id) else { return };
        let Some(gateway) = self.gateway_of(id) else { return };
        let preparing = Preparing {
            intent: live.attempt.intent.clone(),
            options_at: live.options_at,
            span_missing: self.missing_span.is_some(),
            gateway,
            pages: Arc::clone(&self.ports.pages),
            clock: Arc::clone(&self.ports.clock),
            inward: self.inward.clone(),
        };
        let broken = Box::new(Preparation::NotSent(NotSentReason::Unprepared));
        let broken = Inward::Prepared { attempt: id, return_url: String::new(), preparation: broken };
        self.beside(preparing.run(), broken);
    }
}

impl Preparing {
    async fn run(self) -> Inward {
        let attempt = self.intent.attempt;
        let mut return_url = String::new();
        let preparation = Box::new(self.prepare(&mut return_url).await);
        Inward::Prepared { attempt, return_url, preparation }
    }

    async fn prepare(&self, return_url: &mut String) -> Preparation {
        match self.intent.means {
            Means::Card(_) => {
                let Intent { attempt, account, terms, .. } = &self.intent;
                match self.pages.return_address(*attempt, account, terms.page).await {
                    Ok(address) => *return_url = address,
                    Err(why) => {
                        tracing::warn!(%attempt, why, "no return address could be made");
                        return Preparation::NotSent(NotSentReason::NoReturnAddress);
                    }
                }
            }
            Means::CreditLimit => {}
        }
        let wait = self.gateway.wait(Rate::Pay);
        if wait > Millis::ZERO {
            let _till_closed = self.inward.send(Inward::SlotWait(self.intent.attempt, wait));
        }
        if let Err(reason) = self.gateway.get_ready().await {
            return Preparation::NotSent(reason);
        }
        match (&self.intent.subject, self.intent.account.gateway) {
            (Subject::Order(order), GatewayKind::Yolcu360) => self.baseline(order).await,
            (Subject::Order(_) | Subject::Reference { .. }, GatewayKind::Finrota | GatewayKind::Yolcu360) => {
                self.options_still_good()
            }
        }
    }

    /// An installment token is not used when it has grown too old while waiting for a slot.
    fn options_still_good(&self) -> Preparation {
        let old = self.options_at.is_some_and(|at| self.clock.now().since(at) > limits::OPTIONS_AGE);
        if old {
            let error = vezne_core::options::ChoiceError::TooOld;
            return Preparation::Refused(VezneRefusal::from(&error));
        }
        Preparation::Done { baseline: None }
    }

    async fn baseline(&self, order: &OrderId) -> Preparation {
        match self.intent.terms.status_query {
            StatusQuery::On => {}
            StatusQuery::Off => return Preparation::Done { baseline: self.stand_in() },
        }
        match self.gateway.order(order.clone()).await {
            Ok(summary) => self.judge(summary.facts),
            Err(ReadFault::NotFound) => Preparation::Refused(VezneRefusal::OrderNotFound),
            Err(fault) => {
                tracing::warn!(attempt = %self.intent.attempt, %fault, "the order could not be read before paying");
                match self.stand_in() {
                    Some(baseline) => Preparation::Done { baseline: Some(baseline) },
                    None => Preparation::Refused(VezneRefusal::OrderUnreadable),
                }
            }
        }
    }

    /// `installment-info` answered for the order a moment ago: not paid yet.
    fn stand_in(&self) -> Option<Baseline> {
        let fresh = self.options_at.is_some_and(|at| self.clock.now().since(at) <= limits::OPTIONS_AGE);
        (fresh && !self.span_missing).then_some(Baseline::InstallmentInfo)
    }

    fn judge(&self, facts: OrderFacts) -> Preparation {
        match &facts.state {
            OrderState::Pending | OrderState::Failed => {}
            OrderState::Reserved if facts.vendor_cancelled => {
                return Preparation::Refused(VezneRefusal::OrderCancelled);
            }
            OrderState::Reserved => return Preparation::Refused(VezneRefusal::OrderAlreadyPaid),
            OrderState::Cancelled | OrderState::Removed => {
                return Preparation::Refused(VezneRefusal::OrderCancelled);
            }
            OrderState::Other(word) => return Preparation::Refused(VezneRefusal::OrderState(word.clone())),
        }
        if facts.price == SaidAmount::UNREADABLE {
            return Preparation::Refused(VezneRefusal::OrderUnreadable);
        }
        if let (Some(shown), Some(now)) = (self.intent.base, facts.price.money())
            && shown != now
        {
            return Preparation::Refused(VezneRefusal::PriceChanged { shown, now });
        }
        Preparation::Done { baseline: Some(Baseline::Order(facts)) }
    }
}
