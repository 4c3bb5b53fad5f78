//! Finrota B2C (`finrota-b2c-api.txt`).

mod map;
mod numbers;
mod options;
pub(crate) mod reading;
mod reversal;
mod sign_in;
mod status;
mod tickets;
mod wire;

use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Method;
use secrecy::ExposeSecret;
use url::form_urlencoded;
use vezne_core::answers::{CannotBeAsked, CouldNotAsk, NotSentReason, PayAnswer, Probe, ReversalAnswer, StatusAnswer};
use vezne_core::attempt::{Attempt, Means};
use vezne_core::card::Bin;
use vezne_core::ids::AttemptReference;
use vezne_core::money::{Currency, Money};
use vezne_core::options::OptionList;
use vezne_core::order::OrderId;
use vezne_core::ports::{
    Answer, Gateway, OptionsQuestion, OptionsTicket, OrderSummary, PayAnswerOrOrder, PayCall, PayResult, Rate,
    ReadFault, ReversalBaseline, ReversalCall, TryOut,
};
use vezne_core::reversal::{Reading, Reversal, Target};
use vezne_core::text::ForeignText;
use vezne_core::time::Millis;

use crate::account::{Account, Read, made_up};
use crate::call::{Carrier, MoneyOrder};
use crate::config::{ConnectError, GatewayConfig, Login};
use crate::money::not_sent;
use crate::rate::{Lane, Rates};
use crate::reading::Status;
pub(crate) use map::Sent;
use numbers::Numbers;
use tickets::Tickets;

/// Finrota documents no rates; only what it says in its answers is obeyed.
const RATES: Rates = Rates { pay: None, options: None };

/// One Finrota account.
pub(crate) struct Finrota {
    account: Account,
    tickets: Tickets,
    /// The header that the options question is asked with first.
    options_carrier: Carrier,
    /// Whether `Authorization` was taken where that header was not.
    plain_header_works: AtomicBool,
    /// `referenceNumber` as the status query wrote it.
    numbers: Numbers,
}

impl Finrota {
    pub(crate) fn new(config: GatewayConfig, login: Login) -> Result<Self, ConnectError> {
        let options_carrier = Carrier::named(&config.options_auth_header)?;
        Ok(Self {
            account: Account::new(config, login, RATES, Box::new(sign_in::FinrotaSignIn))?,
            tickets: Tickets::new(),
            options_carrier,
            plain_header_works: AtomicBool::new(false),
            numbers: Numbers::new(),
        })
    }

    fn config(&self) -> &GatewayConfig {
        &self.account.line.config
    }

    fn id_text(&self, id: &str) -> ForeignText {
        self.account.line.id_text(id)
    }

    async fn ask_options(&self, bin: Bin, amount: Money) -> Result<(OptionList, OptionsTicket), ReadFault> {
        let path = with_query(
            "/b2c/paymentOptions",
            &[
                ("binNumber", bin.as_str()),
                ("amount", &amount.gateway_decimal_text()),
                ("currency", amount.currency().code()),
            ],
        );
        let deadline = self.config().deadlines.options;
        let read = Read { method: Method::GET, path: &path, body: None, deadline, lane: Lane::Rated(Rate::Options) };
        let mut carriers = vec![self.options_carrier.clone()];
        if !self.options_carrier.is_authorization() {
            carriers.push(Carrier::AUTHORIZATION);
        }
        if self.plain_header_works.load(Ordering::Acquire) {
            carriers.reverse();
        }
        let (reply, carrier) = self.account.read_by(&read, &carriers).await?;
        if reply.status == Status::Ok {
            self.plain_header_works.store(carrier.is_some_and(Carrier::is_authorization), Ordering::Release);
        }
        let now = self.account.line.now();
        let read = reading::options(Ok(reply), &|id: &str| self.id_text(id), (bin, amount), now)?;
        let default = read.list.programs.first().map(|program| program.id.clone());
        let ticket = self.tickets.keep(bin, default, read.rows, now);
        tracing::info!(programs = read.list.programs.len(), "the gateway told the installment options");
        Ok((read.list, ticket))
    }

    async fn send_payment(&self, call: PayCall<'_>) -> PayResult {
        let gone = not_sent(NotSentReason::Unprepared);
        let (Some(card), Some(ticket), Means::Card(means)) = (call.card, call.ticket, &call.intent.means) else {
            return gone;
        };
        let line = &self.account.line;
        let Some(taken) = self.tickets.take(ticket, &means.plan, call.intent, line.now()) else { return gone };
        let own_address = match &self.config().customer_ip {
            Some(address) => address.clone(),
            None => outbound_address(),
        };
        let parts = wire::PaymentParts {
            return_url: call.return_url,
            reference: call.intent.reference.as_str(),
            use_3d: call.intent.wants_3ds(),
            // Exposed into the body of the payment, which it is for.
            installment_token: taken.token.expose_secret(),
            customer_ip: &own_address,
        };
        let Some(body) = wire::payment_body(card, &parts) else { return gone };
        tracing::info!(attempt = %call.intent.attempt, reference = %call.intent.reference, "the payment request is being sent");
        let deadline = self.config().deadlines.pay;
        let reply = self
            .account
            .move_money(MoneyOrder { path: "/b2c/payment", body, deadline, lane: Lane::Rated(Rate::Pay) })
            .await;
        let reply = reply.map(|mut reply| {
            reply.body.blot(taken.token.expose_secret());
            reply
        });
        let id_text = |id: &str| self.id_text(id);
        let is_loopback = self.config().is_loopback();
        let sent = Sent { reference: &call.intent.reference, is_loopback, id_text: &id_text };
        let result = reading::pay(reply, &sent);
        self.after_payment(taken, &result, call.intent.reference.clone());
        result
    }

    /// An installment token that the gateway has not taken in may be used again.
    fn after_payment(&self, taken: tickets::Taken, result: &PayResult, reference: AttemptReference) {
        let now = self.account.line.now();
        match &result.answer {
            PayAnswerOrOrder::Answer(PayAnswer::NotSent(_)) => self.tickets.put_back(taken, None, now),
            PayAnswerOrOrder::Answer(PayAnswer::Unauthorised(_)) => self.tickets.put_back(taken, Some(reference), now),
            PayAnswerOrOrder::Answer(
                PayAnswer::Success(_)
                | PayAnswer::Failure(_)
                | PayAnswer::Order(_)
                | PayAnswer::Challenge
                | PayAnswer::ChallengeUnusable(_)
                | PayAnswer::Refused(_)
                | PayAnswer::Unclear(_),
            )
            | PayAnswerOrOrder::Order(_) => {}
        }
    }
}

impl Gateway for Finrota {
    fn options(&self, question: OptionsQuestion) -> Answer<'_, Result<(OptionList, OptionsTicket), ReadFault>> {
        Box::pin(async move {
            match question {
                OptionsQuestion::Amount { bin, amount } if self.config().currencies.contains(&amount.currency()) => {
                    self.ask_options(bin, amount).await
                }
                // This account takes no such currency; this gateway knows no orders.
                OptionsQuestion::Amount { .. } => Err(ReadFault::Refused(None)),
                OptionsQuestion::Order { .. } => Err(ReadFault::NotFound),
            }
        })
    }

    fn order(&self, _order: OrderId) -> Answer<'_, Result<OrderSummary, ReadFault>> {
        Box::pin(async { Err(ReadFault::NotFound) })
    }

    fn wait(&self, rate: Rate) -> Millis {
        self.account.wait(rate)
    }

    fn wait_to_read(&self) -> Millis {
        self.account.wait_to_read()
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
            if !self.config().status_query {
                return StatusAnswer::CannotBeAsked(CannotBeAsked::Off);
            }
            let currency = attempt.intent.total().map(|total| total.currency());
            self.ask_status(&attempt.intent.reference, currency).await.into()
        })
    }

    fn probe<'a>(&'a self, _attempt: &'a Attempt) -> Answer<'a, Probe> {
        Box::pin(async { Probe::NoAnswer })
    }

    fn before_reversal<'a>(
        &'a self,
        target: &'a Target,
        currency: Currency,
    ) -> Answer<'a, Result<ReversalBaseline, ReadFault>> {
        Box::pin(self.remaining(target, currency))
    }

    fn reverse<'a>(&'a self, call: ReversalCall<'a>) -> Answer<'a, ReversalAnswer> {
        Box::pin(self.send_reversal(call))
    }

    fn reversal_status<'a>(&'a self, reversal: &'a Reversal) -> Answer<'a, Reading> {
        Box::pin(self.read_reversal(reversal))
    }

    fn try_out(&self) -> Answer<'_, TryOut> {
        Box::pin(async move {
            let name = made_up();
            let path = with_query(&self.config().status_path, &[(self.config().status_parameter.as_str(), &name)]);
            self.account.try_out(&path).await
        })
    }
}

fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{path}?{query}")
}

/// The address under which this machine's packets leave it. Connecting a datagram socket sends nothing; it only asks
/// the system for its route. The addresses are kept for documentation and reach nobody.
fn outbound_address() -> String {
    let toward = |local: &str, far: &str| {
        let socket = UdpSocket::bind(local).ok()?;
        socket.connect(far).ok()?;
        Some(socket.local_addr().ok()?.ip().to_string())
    };
    toward("0.0.0.0:0", "192.0.2.1:9")
        .or_else(|| toward("[::]:0", "[2001:db8::1]:9"))
        .unwrap_or_else(|| "127.0.0.1".to_owned())
}
