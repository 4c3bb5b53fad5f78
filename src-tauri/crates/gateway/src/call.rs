//! One call over HTTP: reads are repeated within their deadline, calls that move money are sent once.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response};
use vezne_core::time::Timestamp;
use zeroize::Zeroizing;

use crate::body::receive;
use crate::client::Clients;
use crate::config::{ConnectError, GatewayConfig, Login};
use crate::rate::{Lane, Pace, Rates};
use crate::reading::{Answered, HEADERS_READ, Reply, Silence, Status, id_text};
use crate::retry;
use crate::token::Bearer;
use vezne_core::text::ForeignText;

/// The header that carries the token.
#[derive(Debug, Clone)]
pub(crate) struct Carrier(HeaderName);

impl Carrier {
    pub(crate) const AUTHORIZATION: Self = Self(reqwest::header::AUTHORIZATION);

    pub(crate) fn named(name: &str) -> Result<Self, ConnectError> {
        HeaderName::from_bytes(name.as_bytes()).map(Self).map_err(|_| ConnectError::OptionsAuthHeader)
    }

    pub(crate) fn is_authorization(&self) -> bool {
        self.0 == reqwest::header::AUTHORIZATION
    }
}

/// A question that changes nothing at the gateway.
pub(crate) struct Question<'a> {
    pub(crate) method: Method,
    /// The path under the base address, with its query.
    pub(crate) path: &'a str,
    /// A JSON body, if it has one.
    pub(crate) body: Option<Bytes>,
    /// The token and the header that carries it; none for the sign-in.
    pub(crate) bearer: Option<(&'a Bearer, &'a Carrier)>,
    /// How long it may take, repetitions and all.
    pub(crate) deadline: Duration,
    /// What it counts against.
    pub(crate) lane: Lane,
}

/// A request that moves money.
pub(crate) struct MoneyOrder<'a> {
    /// The path under the base address.
    pub(crate) path: &'a str,
    /// Its JSON body, which may hold a card.
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// How long it may take, whole.
    pub(crate) deadline: Duration,
    /// What it counts against.
    pub(crate) lane: Lane,
}

/// The line to one merchant account at its gateway: what both gateways share.
pub(crate) struct Line {
    pub(crate) config: GatewayConfig,
    pub(crate) pace: Pace,
    clients: Clients,
    login: Login,
}

impl Line {
    pub(crate) fn new(config: GatewayConfig, login: Login, rates: Rates) -> Result<Arc<Self>, ConnectError> {
        config.check()?;
        let clients = Clients::new(&config)?;
        Ok(Arc::new(Self { config, pace: Pace::new(rates), clients, login }))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.config.clock.now()
    }

    pub(crate) const fn login(&self) -> &Login {
        &self.login
    }

    /// An id of the gateway's as it may be kept.
    pub(crate) fn id_text(&self, id: &str) -> ForeignText {
        id_text(&self.login, id)
    }

    fn request(&self, client: &Client, method: Method, path: &str) -> RequestBuilder {
        client
            .request(method, format!("{}{path}", self.config.base()))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
    }

    /// Asks, and asks again after what may pass, until the deadline.
    pub(crate) async fn ask(&self, question: &Question<'_>) -> Result<Reply, Silence> {
        let mut last = Err(Silence::TimedOut);
        let tries = async {
            for done in 1..=retry::TRIES_MOST {
                last = self.ask_once(question).await;
                let again = match &last {
                    Ok(reply) => match reply.status {
                        Status::Server(code) | Status::Other(code) => retry::may_pass(code),
                        Status::Ok
                        | Status::BadRequest
                        | Status::Unauthorised
                        | Status::PaymentRequired
                        | Status::Forbidden
                        | Status::NotFound
                        | Status::TooMany => false,
                    },
                    Err(_) => true,
                };
                if !again || done == retry::TRIES_MOST {
                    return;
                }
                tokio::time::sleep(retry::pause(done)).await;
                self.pace.count(question.lane, self.now());
            }
        };
        // When the deadline cuts a later try short, what an earlier one found still stands.
        let _ended = tokio::time::timeout(question.deadline, tries).await;
        last
    }

    async fn ask_once(&self, question: &Question<'_>) -> Result<Reply, Silence> {
        let mut request = self.request(&self.clients.reads, question.method.clone(), question.path);
        if let Some((bearer, carrier)) = question.bearer {
            request = request.header(carrier.0.clone(), bearer.header());
        }
        if let Some(body) = &question.body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body.clone());
        }
        let response = request.send().await.map_err(|error| silence(&error))?;
        let answered = received(response, question.bearer.map(|(bearer, _)| bearer)).await;
        Ok(self.heed(Reply::to_question(answered, self.now()), question.lane))
    }

    /// Sends a request that moves money. Once: nothing here or below repeats it.
    pub(crate) async fn send_once(&self, order: MoneyOrder<'_>, bearer: &Bearer) -> Result<Reply, Silence> {
        let MoneyOrder { path, body, deadline, lane } = order;
        // The buffer is handed over, not copied, and is wiped when the HTTP client lets go of it.
        let request = self
            .request(&self.clients.money, Method::POST, path)
            .header(reqwest::header::AUTHORIZATION, bearer.header())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(Bytes::from_owner(body));
        let sent = async {
            let response = request.send().await.map_err(|error| silence(&error))?;
            let answered = received(response, Some(bearer)).await;
            Ok(self.heed(Reply::to_order(answered, self.now()), lane))
        };
        tokio::time::timeout(deadline, sent).await.unwrap_or(Err(Silence::TimedOut))
    }

    /// Leaves the gateway alone for as long as it asks.
    fn heed(&self, reply: Reply, lane: Lane) -> Reply {
        if let Some(wait) = reply.retry_after {
            self.pace.block(lane, self.now(), wait);
        }
        reply
    }
}

/// The answer as it came, whole or not; where it repeats our token, that is blotted out.
async fn received(response: Response, bearer: Option<&Bearer>) -> Answered {
    let status = response.status().as_u16();
    let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let headers = HEADERS_READ.iter().filter_map(|name| Some(((*name).to_owned(), text(name)?.to_owned()))).collect();
    let mut body = receive(response).await;
    if let Some(bearer) = bearer {
        // Exposed to be found and blotted out where the gateway repeats it.
        body.blot(bearer.expose());
    }
    Answered { status, headers, body }
}

/// What an error of the HTTP client means for the request.
fn silence(error: &reqwest::Error) -> Silence {
    if error.is_connect() {
        Silence::NotSent
    } else if error.is_timeout() {
        Silence::TimedOut
    } else {
        Silence::Lost
    }
}
