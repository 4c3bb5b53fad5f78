//! One call over HTTP: reads are repeated within their deadline, calls that move money are sent once.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response};
use vezne_core::time::{Millis, Timestamp};
use zeroize::Zeroizing;

use crate::body::Body;
use crate::client::Clients;
use crate::config::{ConnectError, GatewayConfig, Login, keyed_digest};
use crate::rate::{Lane, Pace, Rates};
use crate::retry;
use crate::token::Bearer;
use vezne_core::text::ForeignText;

/// An answer: its status and its body.
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: Status,
    /// `Retry-After`, or what the rate-limit headers say instead.
    pub(crate) retry_after: Option<Millis>,
    /// The body.
    pub(crate) body: Body,
}

/// The HTTP statuses that the contract tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// 200.
    Ok,
    /// 400 and 422.
    BadRequest,
    /// 401.
    Unauthorised,
    /// 402.
    PaymentRequired,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 429.
    TooMany,
    /// 5xx.
    Server(u16),
    /// Any other.
    Other(u16),
}

impl Status {
    pub(crate) const fn of(code: u16) -> Self {
        match code {
            200 => Self::Ok,
            400 | 422 => Self::BadRequest,
            401 => Self::Unauthorised,
            402 => Self::PaymentRequired,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            429 => Self::TooMany,
            500..=599 => Self::Server(code),
            _ => Self::Other(code),
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Silence {
    /// Name lookup, connect or TLS failed: certainly no byte of the request left.
    NotSent,
    /// The deadline passed; the request may have arrived.
    TimedOut,
    /// The connection broke; the request may have arrived.
    Lost,
}

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

    /// An id of the gateway's as it may be kept. Ids are compared, so one that the filter would mask (long numbers pass
    /// Luhn by chance) becomes a digest instead of stars that all look alike.
    pub(crate) fn id_text(&self, id: &str) -> ForeignText {
        let kept = ForeignText::filter(id);
        if kept.as_str() == id.trim() {
            return kept;
        }
        ForeignText::filter(&format!("{DIGEST}{}", spelled(&keyed_digest(&self.login, id))))
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
        let mut reply = self.reply(response, question.lane, question.bearer.map(|(bearer, _)| bearer)).await;
        if reply.status == Status::Other(201) {
            // "Created" is how some servers answer any POST; for a question it makes no difference.
            reply.status = Status::Ok;
        }
        Ok(reply)
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
            Ok(self.reply(response, lane, Some(bearer)).await)
        };
        tokio::time::timeout(deadline, sent).await.unwrap_or(Err(Silence::TimedOut))
    }

    async fn reply(&self, response: Response, lane: Lane, bearer: Option<&Bearer>) -> Reply {
        let status = Status::of(response.status().as_u16());
        let now = self.now();
        let retry_after = wait_said(response.headers(), status, now);
        if let Some(wait) = retry_after {
            self.pace.block(lane, now, wait);
        }
        let mut body = Body::read(response).await;
        if let Some(bearer) = bearer {
            // Exposed to be found and blotted out where the gateway repeats it.
            body.blot(bearer.expose());
        }
        Reply { status, retry_after, body }
    }
}

/// How the digest of an id begins.
const DIGEST: &str = "masked-";

/// Whether that was kept in place of an id, which it can't be used as.
pub(crate) fn is_digest(kept: &ForeignText) -> bool {
    kept.as_str().starts_with(DIGEST)
}

/// Digits as letters, so that a digest can never look like a card number.
fn spelled(digest: &str) -> String {
    digest
        .chars()
        .map(|c| c.to_digit(10).and_then(|digit| char::from_u32(u32::from('g').saturating_add(digit))).unwrap_or(c))
        .collect()
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

/// How long the gateway wants to be left alone: `Retry-After` in seconds or as a date; else, when it says that no call
/// remains, the time to the reset (`X-RateLimit-Remaining`/`-Reset`, or `RateLimit` with `r` and `t`).
fn wait_said(headers: &reqwest::header::HeaderMap, status: Status, now: Timestamp) -> Option<Millis> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let asked = matches!(status, Status::TooMany | Status::Server(503));
    if let Some(wait) = text(RETRY_AFTER.as_str()).filter(|_| asked).and_then(|said| seconds_or_date(said, now)) {
        return Some(wait);
    }
    if text("x-ratelimit-remaining").is_some_and(|left| left == "0") {
        return text("x-ratelimit-reset").and_then(|said| reset(said, now));
    }
    let limit = text("ratelimit")?;
    let part = |name: &str| {
        limit.split([',', ';']).filter_map(|part| part.split_once('=')).find(|(key, _)| key.trim() == name)
    };
    let left = part("r").or_else(|| part("remaining"))?.1.trim();
    let reset_in = part("t").or_else(|| part("reset"))?.1.trim();
    (left == "0").then(|| reset_in.parse().ok().map(Millis::seconds)).flatten()
}

fn seconds_or_date(said: &str, now: Timestamp) -> Option<Millis> {
    if let Ok(seconds) = said.parse() {
        return Some(Millis::seconds(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(said).ok()?;
    Some(Timestamp::from(date.timestamp()).since(now))
}

/// A reset is written as seconds from now, or as a moment in seconds since 1970; a billion tells them apart.
fn reset(said: &str, now: Timestamp) -> Option<Millis> {
    const MOMENT: i64 = 1_000_000_000;
    let seconds: i64 = said.parse().ok()?;
    if seconds < MOMENT {
        return u64::try_from(seconds).ok().map(Millis::seconds);
    }
    Some(Timestamp::from_millis(seconds.saturating_mul(1_000)).since(now))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::*;

    fn waits(pairs: &[(&'static str, &'static str)], status: u16) -> Option<Millis> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        wait_said(&headers, Status::of(status), Timestamp::from_millis(1_445_412_420_000))
    }

    #[test]
    fn every_way_of_saying_wait_is_understood() {
        assert_eq!(waits(&[("retry-after", "7")], 429), Some(Millis::seconds(7)));
        assert_eq!(waits(&[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], 429), Some(Millis::seconds(60)));
        assert_eq!(waits(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "9")], 200), Some(Millis::seconds(9)));
        let moment = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1445412425")];
        assert_eq!(waits(&moment, 200), Some(Millis::seconds(5)));
        assert_eq!(waits(&[("ratelimit", "\"default\";r=0;t=12")], 200), Some(Millis::seconds(12)));
        assert_eq!(waits(&[("ratelimit", "limit=10, remaining=0, reset=3")], 200), Some(Millis::seconds(3)));
    }

    #[test]
    fn who_is_not_told_to_wait_does_not() {
        assert_eq!(waits(&[], 429), None);
        assert_eq!(waits(&[("retry-after", "soon")], 429), None);
        assert_eq!(waits(&[("retry-after", "7")], 200), None);
        assert_eq!(waits(&[("x-ratelimit-remaining", "3"), ("x-ratelimit-reset", "9")], 200), None);
        assert_eq!(waits(&[("ratelimit", "\"default\";r=2;t=12")], 200), None);
    }

    #[test]
    fn only_two_hundred_is_a_plain_yes() {
        for code in [201, 204, 301, 302, 307, 408, 409, 418] {
            assert_eq!(Status::of(code), Status::Other(code));
        }
        assert_eq!((Status::of(400), Status::of(422)), (Status::BadRequest, Status::BadRequest));
    }
}
