//! The pure half of a gateway: an answer as it came off the wire, read.
//!
//! There is one way to read an answer, and it is this one: the clients in this crate fetch an [`Exchange`] over the
//! network and read it here, and whoever has an exchange from elsewhere (the simulation's gateways, the fuzzer) gets the
//! same meaning without a network. Nothing here waits, sends, or looks at a clock.
//!
//! What a client does *around* one exchange is not here: reads are repeated ([`CouldNotAsk`]
//! is what the last try says), a question answered 401 or 407 is asked once more with a new token (what is read here is the
//! second answer), 403 are counted ([`Forbidden`]), and Finrota's status is asked under a second parameter name after
//! [`NoTrace`](StatusAnswer::NoTrace).
//!
//! ```
//! use vezne_core::account::GatewayKind;
//! use vezne_core::time::Timestamp;
//! use vezne_gateway::Login;
//! use vezne_gateway::reading::{Answered, Reader, SignInFault, Silence};
//!
//! let login = Login::Token("a ready token".into());
//! let base_url = "https://gateway.example/".parse().expect("an address");
//! let now = Timestamp::from_millis(1_795_255_200_000);
//! let reader = Reader { kind: GatewayKind::Finrota, base_url: &base_url, login: &login, now };
//!
//! let answered = Answered::new(200, r#"{"expiry":"2026-11-22T10:00:00Z","token":"T","type":"Bearer"}"#);
//! assert!(reader.sign_in(Ok(answered)).is_ok_and(|given| given.until.is_some()));
//! assert_eq!(reader.sign_in(Err(Silence::NotSent)).err(), Some(SignInFault::Offline));
//! ```

mod answered;
mod ids;
mod reply;
mod silent;

use url::Url;
use vezne_core::account::GatewayKind;
use vezne_core::answers::{CannotBeAsked, CouldNotAsk, NotSentReason, Probe, ReversalAnswer, StatusAnswer};
use vezne_core::attempt::{Attempt, Intent, Subject};
use vezne_core::money::Currency;
use vezne_core::options::OptionList;
use vezne_core::ports::{OptionsQuestion, OrderSummary, PayResult, ReadFault, ReversalBaseline, TryOut};
use vezne_core::reversal::{self, Reversal, Target};
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

use crate::config::{Login, is_loopback};
use crate::field::is_json;
use crate::{finrota, yolcu360};

pub(crate) use answered::append;
pub use answered::{Answered, BODY_BYTES_MOST, Body, Exchange, HEADERS_READ, Silence};
pub(crate) use ids::{id_text, is_digest};
pub(crate) use reply::{Reply, Status};
pub use silent::{Forbidden, SignInFault, SignedIn};
pub(crate) use silent::{MoneySilence, NoAnswer, signed_in};

/// What reading an answer needs to know of the account that asked, and of the moment.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Which API.
    pub kind: GatewayKind,
    /// Where the API begins, as in [`GatewayConfig`](crate::GatewayConfig): a bank page on this machine is taken only when
    /// this is this machine, and a page handed over as HTML belongs to it.
    pub base_url: &'a Url,
    /// The login: an id that may not be kept as it is becomes a digest keyed by it.
    pub login: &'a Login,
    /// Now: `Retry-After` may be a date, and an option list carries the moment it came.
    pub now: Timestamp,
}

impl Reader<'_> {
    fn id_text(&self, id: &str) -> ForeignText {
        id_text(self.login, id)
    }

    fn base(&self) -> &str {
        self.base_url.as_str().trim_end_matches('/')
    }

    fn order_sent(&self, exchange: Exchange) -> Result<Reply, MoneySilence> {
        Ok(Reply::to_order(exchange?, self.now))
    }

    fn question(&self, exchange: Exchange) -> Result<Reply, NoAnswer> {
        let reply = Reply::to_question(exchange?, self.now);
        if reply.turned_away() { Err(NoAnswer::AtAll(CannotBeAsked::Unauthorised)) } else { Ok(reply) }
    }

    /// The answer to a payment: Finrota `POST /b2c/payment`, Yolcu360 `POST /payment/pay` (`GATEWAYS.md`, "What an answer
    /// to a payment call means").
    #[must_use]
    pub fn pay(&self, exchange: Exchange, intent: &Intent) -> PayResult {
        let reply = self.order_sent(exchange);
        let id_text = |id: &str| self.id_text(id);
        match self.kind {
            GatewayKind::Finrota => {
                let is_loopback = is_loopback(self.base_url);
                finrota::reading::pay(
                    reply,
                    &finrota::Sent { reference: &intent.reference, is_loopback, id_text: &id_text },
                )
            }
            GatewayKind::Yolcu360 => {
                let by = yolcu360::PaidBy::of(&intent.means);
                yolcu360::reading::pay(reply, &yolcu360::Sent { by, base: self.base(), id_text: &id_text })
            }
        }
    }

    /// The answer to the status query: Finrota `GET /pws/payment/transaction`, Yolcu360 `GET /order/{id}`.
    #[must_use]
    pub fn status(&self, exchange: Exchange, attempt: &Attempt) -> StatusAnswer {
        let reply = self.question(exchange);
        let id_text = |id: &str| self.id_text(id);
        match (self.kind, &attempt.intent.subject) {
            (GatewayKind::Finrota, _) => {
                let currency = attempt.intent.total().map(|total| total.currency());
                finrota::reading::transaction(reply, currency, &id_text).into()
            }
            (GatewayKind::Yolcu360, Subject::Order(_)) => {
                yolcu360::reading::status(yolcu360::reading::order(reply, &id_text))
            }
            (GatewayKind::Yolcu360, Subject::Reference { .. }) => {
                StatusAnswer::CannotBeAsked(CannotBeAsked::OtherEndpoint)
            }
        }
    }

    /// The answer to Yolcu360 `GET /order/{id}`.
    ///
    /// # Errors
    /// When it tells no order; [`ReadFault::NotFound`] at Finrota, which has none.
    pub fn order(&self, exchange: Exchange) -> Result<OrderSummary, ReadFault> {
        match self.kind {
            GatewayKind::Finrota => Err(ReadFault::NotFound),
            GatewayKind::Yolcu360 => yolcu360::reading::order(self.question(exchange), &|id: &str| self.id_text(id)),
        }
    }

    /// The answer about installments: Finrota `GET /b2c/paymentOptions`, Yolcu360 `POST /payment/installment-info`. Finrota's
    /// installment tokens are dropped here; only the client that pays with them has any use for them.
    ///
    /// # Errors
    /// When it tells no options, or the question is not one of this gateway's.
    pub fn options(&self, exchange: Exchange, question: &OptionsQuestion) -> Result<OptionList, ReadFault> {
        let reply = self.question(exchange);
        match (self.kind, question) {
            (GatewayKind::Finrota, OptionsQuestion::Amount { bin, amount }) => {
                let id_text = |id: &str| self.id_text(id);
                finrota::reading::options(reply, &id_text, (*bin, *amount), self.now).map(|read| read.list)
            }
            (GatewayKind::Yolcu360, OptionsQuestion::Order { bin, .. }) => {
                yolcu360::reading::options(reply, *bin, self.now)
            }
            (GatewayKind::Finrota, OptionsQuestion::Order { .. })
            | (GatewayKind::Yolcu360, OptionsQuestion::Amount { .. }) => Err(ReadFault::NotFound),
        }
    }

    /// What `POST /payment/installment-info` at Yolcu360 says as a second sign about an order that was paid for.
    #[must_use]
    pub fn probe(&self, exchange: Exchange) -> Probe {
        match self.kind {
            GatewayKind::Finrota => Probe::NoAnswer,
            GatewayKind::Yolcu360 => yolcu360::reading::probe(self.question(exchange)),
        }
    }

    /// What stands at the gateway before a reversal: Finrota's status; at Yolcu360 the order, and then the answer to
    /// `POST /order/{id}/cancel_eligibility`, which is asked only when the order was told (`eligibility` stands for that
    /// question, and is not called otherwise, nor at Finrota).
    ///
    /// # Errors
    /// When it is not told, or not enough of it.
    pub fn before_reversal(
        &self,
        exchange: Exchange,
        eligibility: impl FnOnce() -> Exchange,
        target: &Target,
        currency: Currency,
    ) -> Result<ReversalBaseline, ReadFault> {
        let reply = self.question(exchange);
        let id_text = |id: &str| self.id_text(id);
        match (self.kind, target) {
            (GatewayKind::Finrota, Target::Transaction { reference, .. }) => {
                finrota::reading::remaining(finrota::reading::transaction(reply, Some(currency), &id_text), reference)
            }
            (GatewayKind::Yolcu360, Target::Order(_)) => {
                let facts = yolcu360::reading::order(reply, &id_text)?.facts;
                yolcu360::reading::eligibility(self.question(eligibility()), facts)
            }
            (GatewayKind::Finrota, Target::Order(_) | Target::Portal)
            | (GatewayKind::Yolcu360, Target::Transaction { .. } | Target::Portal) => Err(ReadFault::NotFound),
        }
    }

    /// The answer to a void or refund: Finrota `POST /pws/payment/cancel` and `/refund`, Yolcu360 `POST /order/{id}/cancel`.
    #[must_use]
    pub fn reversal(&self, exchange: Exchange, intent: &reversal::Intent) -> ReversalAnswer {
        let reply = self.order_sent(exchange);
        match (self.kind, &intent.target) {
            (GatewayKind::Finrota, Target::Transaction { .. }) => {
                finrota::reading::reversal(reply, intent.amount.currency())
            }
            (GatewayKind::Yolcu360, Target::Order(order)) => yolcu360::reading::reversal(reply, order),
            (GatewayKind::Finrota, Target::Order(_) | Target::Portal)
            | (GatewayKind::Yolcu360, Target::Transaction { .. } | Target::Portal) => {
                ReversalAnswer::NotSent(NotSentReason::Unprepared)
            }
        }
    }

    /// What the status query says of a reversal.
    #[must_use]
    pub fn reversal_status(&self, exchange: Exchange, reversal: &Reversal) -> reversal::Reading {
        let reply = self.question(exchange);
        let id_text = |id: &str| self.id_text(id);
        match (self.kind, &reversal.intent.target) {
            (GatewayKind::Finrota, Target::Transaction { reference, .. }) => {
                let currency = reversal.intent.amount.currency();
                finrota::reading::reversal_status(
                    finrota::reading::transaction(reply, Some(currency), &id_text),
                    reversal,
                    reference,
                )
            }
            (GatewayKind::Yolcu360, Target::Order(_)) => {
                yolcu360::reading::reversal_status(yolcu360::reading::order(reply, &id_text))
            }
            (GatewayKind::Finrota, Target::Order(_) | Target::Portal)
            | (GatewayKind::Yolcu360, Target::Transaction { .. } | Target::Portal) => reversal::Reading::NoAmount,
        }
    }

    /// The answer to a sign-in: Finrota `POST /auth/api/token/connect`, Yolcu360 `POST /auth/login` and `/auth/refresh`.
    ///
    /// # Errors
    /// When it gives no token.
    pub fn sign_in(&self, exchange: Exchange) -> Result<SignedIn, SignInFault> {
        let reply = exchange.map(|answered| Reply::to_question(answered, self.now));
        match self.kind {
            GatewayKind::Finrota => finrota::reading::sign_in(reply),
            GatewayKind::Yolcu360 => yolcu360::reading::sign_in(reply),
        }
    }

    /// The connection test's answer to a question about something made up (`GATEWAYS.md`, Rules).
    #[must_use]
    pub fn try_out(&self, exchange: Exchange) -> TryOut {
        try_out(self.question(exchange))
    }
}

pub(crate) fn try_out(reply: Result<Reply, NoAnswer>) -> TryOut {
    let reply = match reply {
        Ok(reply) => reply,
        Err(NoAnswer::ForNow(why)) => return TryOut::NoAnswer(why),
        Err(NoAnswer::AtAll(_)) => return TryOut::CannotBeAsked,
    };
    let is_the_vendors = reply.body.whole().is_some_and(is_json);
    match reply.status {
        Status::Ok | Status::NotFound if is_the_vendors => TryOut::CanBeAsked,
        Status::Ok | Status::NotFound => TryOut::WrongPath,
        Status::Unauthorised | Status::Forbidden => TryOut::CannotBeAsked,
        Status::TooMany => TryOut::NoAnswer(CouldNotAsk::TooMany),
        Status::BadRequest | Status::PaymentRequired | Status::Server(_) | Status::Other(_) => {
            TryOut::NoAnswer(CouldNotAsk::ServerError)
        }
    }
}
