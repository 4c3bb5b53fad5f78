//! Sending a payment, once, and what its answer brings.

use std::sync::Arc;

use vezne_core::answers::{NotSentReason, PayAnswer, Unclear};
use vezne_core::attempt::{Event, Page};
use vezne_core::ids::AttemptId;
use vezne_core::ports::{BankPage, Gateway, PayAnswerOrOrder, PayCall, PayResult};
use vezne_core::status;

use crate::actor::Inward;
use crate::desk::Desk;

impl Desk {
    /// Hands the request to the network. Only the machine's `SendPayment` leads here, after `Sending` is on disk.
    pub(crate) fn send_payment(&mut self, id: AttemptId) {
        let Some(live) = self.attempts.get(&id) else { return };
        let intent = live.attempt.intent.clone();
        let card = live.card.clone();
        let return_url = live.return_url.clone();
        let ticket = live.ticket;
        let gateway = self.served(&intent.account).map(|served| Arc::clone(&served.gateway));
        let work = async move {
            let result = match gateway {
                Some(gateway) => {
                    let call = PayCall { intent: &intent, card: card.as_deref(), return_url: &return_url, ticket };
                    gateway.pay(call).await
                }
                // The account went away between preparation and sending: nothing left this machine.
                None => PayResult {
                    answer: PayAnswerOrOrder::Answer(PayAnswer::NotSent(NotSentReason::Offline)),
                    page: None,
                },
            };
            // The card goes before the answer is told, so that the till holds the last copy.
            drop(card);
            Inward::Paid(id, Box::new(result))
        };
        let lost = PayAnswerOrOrder::Answer(PayAnswer::Unclear(Unclear::ConnectionLost));
        self.beside(work, Inward::Paid(id, Box::new(PayResult { answer: lost, page: None })));
    }

    /// The pay call is over.
    pub(crate) async fn paid(&mut self, id: AttemptId, result: PayResult) {
        let PayResult { answer, page } = result;
        let answer = match answer {
            PayAnswerOrOrder::Answer(answer) => answer,
            PayAnswerOrOrder::Order(facts) => match self.order_context(id).await {
                Some(context) => PayAnswer::Order(status::read_order(&facts, &context.borrowed())),
                None => PayAnswer::Unclear(Unclear::Contradictory),
            },
        };
        if let Some(live) = self.attempts.get_mut(&id) {
            live.page = page;
        }
        self.hint(id, Event::PayAnswered(answer)).await;
    }

    /// Fetches a new token for the one repetition of `RULES.md` 5.
    pub(crate) fn renew_token(&mut self, id: AttemptId) {
        let Some(gateway) = self.gateway_of(id) else { return };
        let work = async move { Inward::TokenRenewed(id, gateway.renew_token().await.is_ok()) };
        self.beside(work, Inward::TokenRenewed(id, false));
    }

    /// Shows the bank's page.
    pub(crate) fn open_bank_page(&mut self, id: AttemptId) {
        let page: Option<BankPage> = self.attempts.get_mut(&id).and_then(|live| live.page.take());
        let pages = Arc::clone(&self.ports.pages);
        let work = async move {
            let shown = match page {
                Some(page) => pages.open(id, page).await,
                None => Err("the gateway handed over no page".to_owned()),
            };
            match shown {
                Ok(()) => Inward::PageShown(id),
                Err(why) => {
                    tracing::warn!(attempt = %id, why, "the bank's page could not be shown");
                    Inward::PageNotShown(id)
                }
            }
        };
        self.beside(work, Inward::PageNotShown(id));
    }

    /// The bank's page is before the customer. What was settled while it opened must not stay open behind its back.
    pub(crate) async fn page_shown(&self, id: AttemptId) {
        let wanted = self.attempts.get(&id).is_some_and(|live| match live.attempt.page {
            Page::Open { .. } => true,
            Page::None | Page::Gone { .. } => false,
        });
        if !wanted {
            self.ports.pages.close(id).await;
        }
    }

    /// The gateway of a live attempt, while its account still points where it was sent.
    pub(crate) fn gateway_of(&self, id: AttemptId) -> Option<Arc<dyn Gateway>> {
        let live = self.attempts.get(&id)?;
        self.served(&live.attempt.intent.account).map(|served| Arc::clone(&served.gateway))
    }
}
