//! Yolcu360 Pro (`yolcu360-payment-api.txt`).

mod map;
mod order;
pub(crate) mod reading;
mod sign_in;
mod wire;

use bytes::Bytes;
use reqwest::Method;
use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use url::form_urlencoded;
use vezne_core::answers::{CannotBeAsked, CouldNotAsk, NotSentReason, Probe, ReversalAnswer, StatusAnswer};
use vezne_core::attempt::{Attempt, Means, Subject};
use vezne_core::card::Bin;
use vezne_core::money::Currency;
use vezne_core::options::OptionList;
use vezne_core::order::OrderId;
use vezne_core::ports::{
    Answer, Gateway, OptionsQuestion, OptionsTicket, OrderSummary, PayCall, PayResult, Rate, ReadFault,
    ReversalBaseline, ReversalCall, TryOut,
};
use vezne_core::reversal::{self, Reversal, Target};
use vezne_core::text::ForeignText;
use vezne_core::time::{Millis, Timestamp};

use crate::account::{Account, Read, made_up};
use crate::call::MoneyOrder;
use crate::config::{ConnectError, GatewayConfig, Login};
use crate::money::not_sent;
use crate::rate::{Lane, Rates};
use crate::reading::{NoAnswer, Reply};
use crate::secret_body::fixed_json;
pub(crate) use map::{PaidBy, Sent};
use wire::{BODY_BYTES, InstallmentInfoRequest};

/// Document, Rate Limiting: 10 payments and 30 questions for options a minute and user.
const RATES: Rates = Rates { pay: Some(10), options: Some(30) };

/// One Yolcu360 account.
pub(crate) struct Yolcu360 {
    account: Account,
    /// Numbers the answers to options questions; nothing is kept under them, because nothing secret comes with them.
    tickets: AtomicU64,
}

impl Yolcu360 {
    pub(crate) fn new(config: GatewayConfig, login: Login) -> Result<Self, ConnectError> {
        let account = Account::new(config, login, RATES, Box::new(sign_in::Yolcu360SignIn))?;
        Ok(Self { account, tickets: AtomicU64::new(0) })
    }

    fn config(&self) -> &GatewayConfig {
        &self.account.line.config
    }

    fn id_text(&self, id: &str) -> ForeignText {
        self.account.line.id_text(id)
    }

    async fn post(&self, path: &str, body: &impl Serialize, deadline: Duration, lane: Lane) -> Result<Reply, NoAnswer> {
        // None of them can be too large: an id and six digits at most.
        let body = fixed_json(body, BODY_BYTES).ok_or(NoAnswer::ForNow(CouldNotAsk::ServerError))?;
        let read = Read { method: Method::POST, path, body: Some(Bytes::from_owner(body)), deadline, lane };
        self.account.read(&read).await
    }

    async fn installment_info(&self, order: &OrderId, bin: Bin) -> Result<Reply, NoAnswer> {
        let six = bin.first_six();
        let request = InstallmentInfoRequest { order_id: order.as_str(), bin_number: six.as_str() };
        let deadline = self.config().deadlines.options;
        self.post("/payment/installment-info", &request, deadline, Lane::Rated(Rate::Options)).await
    }

    async fn ask_options(&self, order: &OrderId, bin: Bin) -> Result<(OptionList, OptionsTicket), ReadFault> {
        let reply = self.installment_info(order, bin).await;
        let list = reading::options(reply, bin, self.account.line.now())?;
        tracing::info!(order = %order, "the gateway told the installment options");
        Ok((list, OptionsTicket(self.tickets.fetch_add(1, Ordering::Relaxed))))
    }

    /// `GET /order/{id}`; 403 are counted, because this is the status query.
    async fn ask_order(&self, order: &OrderId) -> Result<OrderSummary, ReadFault> {
        if !self.config().status_query {
            return Err(ReadFault::CannotBeAsked(CannotBeAsked::Off));
        }
        let path = order_path(order, "");
        let deadline = self.config().deadlines.status;
        let read = Read { method: Method::GET, path: &path, body: None, deadline, lane: Lane::Reads };
        reading::order(self.account.read_status(&read).await, &|id: &str| self.id_text(id))
    }

    async fn order_facts(&self, order: &OrderId) -> StatusAnswer {
        reading::status(self.ask_order(order).await)
    }

    async fn send_payment(&self, call: PayCall<'_>) -> PayResult {
        let Subject::Order(order) = &call.intent.subject else { return not_sent(NotSentReason::Unprepared) };
        let by = PaidBy::of(&call.intent.means);
        let body = match (&call.intent.means, call.card) {
            (Means::Card(means), Some(card)) => {
                let parts = wire::CardParts {
                    installment: means.plan.option.installments,
                    is_with_3d_secure: call.intent.wants_3ds(),
                    callback_url: call.return_url,
                };
                wire::card_body(order.as_str(), card, &parts)
            }
            (Means::CreditLimit, None) => wire::limit_body(order.as_str()),
            (Means::Card(_), None) | (Means::CreditLimit, Some(_)) => None,
        };
        let Some(body) = body else { return not_sent(NotSentReason::Unprepared) };
        tracing::info!(attempt = %call.intent.attempt, order = %order, "the payment request is being sent");
        let deadline = self.config().deadlines.pay;
        let order = MoneyOrder { path: "/payment/pay", body, deadline, lane: Lane::Rated(Rate::Pay) };
        let reply = self.account.move_money(order).await;
        let id_text = |id: &str| self.id_text(id);
        reading::pay(reply, &Sent { by, base: self.config().base(), id_text: &id_text })
    }

    async fn ask_probe(&self, attempt: &Attempt) -> Probe {
        let (Subject::Order(order), Some(card)) = (&attempt.intent.subject, attempt.intent.card()) else {
            return Probe::NoAnswer;
        };
        reading::probe(self.installment_info(order, card.bin).await)
    }

    async fn cancellable(&self, target: &Target) -> Result<ReversalBaseline, ReadFault> {
        let Target::Order(order) = target else { return Err(ReadFault::NotFound) };
        let facts = self.ask_order(order).await?.facts;
        let path = order_path(order, "/cancel_eligibility");
        let reply = self.post(&path, &Nothing {}, self.config().deadlines.status, Lane::Reads).await;
        reading::eligibility(reply, facts)
    }

    async fn send_cancel(&self, call: ReversalCall<'_>) -> ReversalAnswer {
        let Target::Order(order) = &call.intent.target else {
            return ReversalAnswer::NotSent(NotSentReason::Unprepared);
        };
        let body = fixed_json(&Nothing {}, BODY_BYTES).filter(|_| self.config().reversals);
        let Some(body) = body else { return ReversalAnswer::NotSent(NotSentReason::Unprepared) };
        tracing::info!(reversal = %call.intent.reversal, order = %order, "the cancel request is being sent");
        let path = order_path(order, "/cancel");
        let deadline = self.config().deadlines.reversal;
        reading::reversal(
            self.account.move_money(MoneyOrder { path: &path, body, deadline, lane: Lane::Reads }).await,
            order,
        )
    }

    async fn read_cancel(&self, target: &Target) -> reversal::Reading {
        let Target::Order(order) = target else { return reversal::Reading::NoAmount };
        reading::reversal_status(self.ask_order(order).await)
    }
}

/// An empty JSON object: the calls about cancelling name everything in their path.
#[derive(Serialize)]
struct Nothing {}

/// The address of an order; whatever an id may hold one day, it stays one segment.
fn order_path(order: &OrderId, tail: &str) -> String {
    let segment: String = form_urlencoded::byte_serialize(order.as_str().as_bytes()).collect();
    format!("/order/{segment}{tail}")
}

impl Gateway for Yolcu360 {
    fn options(&self, question: OptionsQuestion) -> Answer<'_, Result<(OptionList, OptionsTicket), ReadFault>> {
        Box::pin(async move {
            match question {
                OptionsQuestion::Order { bin, order } => self.ask_options(&order, bin).await,
                // This gateway knows amounts only by their order.
                OptionsQuestion::Amount { .. } => Err(ReadFault::NotFound),
            }
        })
    }

    fn order(&self, order: OrderId) -> Answer<'_, Result<OrderSummary, ReadFault>> {
        Box::pin(async move { self.ask_order(&order).await })
    }

    fn wait(&self, rate: Rate) -> Millis {
        self.account.wait(rate)
    }

    fn wait_to_read(&self) -> Millis {
        self.account.wait_to_read()
    }

    fn sent_before(&self, at: Timestamp) {
        self.account.sent_before(at);
    }

    fn get_ready(&self) -> Answer<'_, Result<(), NotSentReason>> {
        Box::pin(self.account.get_ready())
    }

    fn renew_token(&self) -> Answer<'_, Result<(), CouldNotAsk>> {
        Box::pin(self.account.renew_token())
    }

    fn pay<'a>(&'a self, call: PayCall<'a>) -> Answer<'a, PayResult> {
        Box::pin(self.send_payment(call))
    }

    fn status<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a, StatusAnswer> {
        Box::pin(async move {
            match &attempt.intent.subject {
                Subject::Order(order) => self.order_facts(order).await,
                Subject::Reference { .. } => StatusAnswer::CannotBeAsked(CannotBeAsked::OtherEndpoint),
            }
        })
    }

    fn probe<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a, Probe> {
        Box::pin(self.ask_probe(attempt))
    }

    fn before_reversal<'a>(
        &'a self,
        target: &'a Target,
        _currency: Currency,
    ) -> Answer<'a, Result<ReversalBaseline, ReadFault>> {
        Box::pin(self.cancellable(target))
    }

    fn reverse<'a>(&'a self, call: ReversalCall<'a>) -> Answer<'a, ReversalAnswer> {
        Box::pin(self.send_cancel(call))
    }

    fn reversal_status<'a>(&'a self, reversal: &'a Reversal) -> Answer<'a, reversal::Reading> {
        Box::pin(self.read_cancel(&reversal.intent.target))
    }

    fn try_out(&self) -> Answer<'_, TryOut> {
        Box::pin(async move { self.account.try_out(&format!("/order/{}", made_up())).await })
    }
}
