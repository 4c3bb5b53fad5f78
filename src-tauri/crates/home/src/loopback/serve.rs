//! The server: two kinds of address, and a bound on everything.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use vezne_core::attempt::ReturnHint;
use vezne_core::ports::BankPage;

use super::Returned;
use super::form;
use super::pages::{self, Words};
use super::registry::{Fetched, Registry};

/// Connections at once; more wait to be accepted.
const CONNECTIONS_MOST: usize = 32;
/// The longest head of a request, in bytes (hyper wants at least 8 KiB).
const HEAD_BYTES: usize = 32 * 1024;
/// A request's head must have come by then.
const HEAD_WAIT: Duration = Duration::from_secs(10);
/// A connection ends by then, whatever it does.
const CONNECTION_MOST: Duration = Duration::from_secs(60);
/// How long a return waits for a till that is busy.
const TILL_WAIT: Duration = Duration::from_secs(10);

type Reply = Response<Full<Bytes>>;

/// What every request is answered from.
struct Room {
    port: u16,
    registry: Arc<Registry>,
    returns: mpsc::Sender<Returned>,
}

/// Serves until aborted.
pub(super) async fn serve(listener: TcpListener, port: u16, registry: Arc<Registry>, returns: mpsc::Sender<Returned>) {
    let room = Arc::new(Room { port, registry, returns });
    let places = Arc::new(Semaphore::new(CONNECTIONS_MOST));
    // The connections' tasks live in this set, so that they end with the server.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        while connections.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => {
                let room = Arc::clone(&room);
                connections.spawn(async move {
                    let _over = tokio::time::timeout(CONNECTION_MOST, connection(stream, room)).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection to the return address failed");
                // Too many open files, as a rule: accepting again at once would only spin.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, room: Arc<Room>) {
    let service = service_fn(move |request| {
        let room = Arc::clone(&room);
        async move { Ok::<_, Infallible>(room.answer(request).await) }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WAIT)
        .max_buf_size(HEAD_BYTES)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection to the return address ended early");
    }
}

impl Room {
    async fn answer(&self, request: Request<Incoming>) -> Reply {
        if !self.is_meant(request.headers()) {
            return own(StatusCode::MISDIRECTED_REQUEST, &pages::NOT_FOUND);
        }
        let path = request.uri().path().to_owned();
        if let Some(nonce) = path.strip_prefix("/bank/") {
            return self.bank(nonce, &request);
        }
        if let Some(nonce) = path.strip_prefix("/return/") {
            return self.returned(nonce, request).await;
        }
        own(StatusCode::NOT_FOUND, &pages::NOT_FOUND)
    }

    /// Whether the request names this very address: a name that someone points at this machine is not it.
    fn is_meant(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        host == format!("127.0.0.1:{}", self.port) || host == format!("localhost:{}", self.port)
    }

    fn bank(&self, nonce: &str, request: &Request<Incoming>) -> Reply {
        if request.method() != Method::GET {
            return own(StatusCode::METHOD_NOT_ALLOWED, &pages::REFUSED);
        }
        // A browser that fetches ahead would use up the one time.
        let ahead = [HeaderName::from_static("sec-purpose"), HeaderName::from_static("purpose")];
        if ahead.iter().any(|name| request.headers().contains_key(name)) {
            return own(StatusCode::SERVICE_UNAVAILABLE, &pages::REFUSED);
        }
        let fetched = nonce.parse().map_or(Fetched::Unknown, |nonce| self.registry.fetch(nonce));
        match fetched {
            Fetched::Unknown => own(StatusCode::NOT_FOUND, &pages::NOT_FOUND),
            Fetched::Before => own(StatusCode::GONE, &pages::OPENED_BEFORE),
            Fetched::Page(BankPage::Html { html, base }) => {
                let body = pages::with_base(&html, &base);
                html_reply(StatusCode::OK, body, HeaderValue::from_static(pages::BANK_POLICY))
            }
            Fetched::Page(BankPage::Address(address)) => match HeaderValue::from_str(&address) {
                Ok(address) => {
                    let mut reply = own(StatusCode::SEE_OTHER, &pages::RETURNED);
                    reply.headers_mut().insert(header::LOCATION, address);
                    *reply.body_mut() = Full::default();
                    reply
                }
                Err(_) => own(StatusCode::BAD_GATEWAY, &pages::REFUSED),
            },
        }
    }

    async fn returned(&self, nonce: &str, request: Request<Incoming>) -> Reply {
        let found = nonce.parse().ok().and_then(|nonce| self.registry.attempt_of(nonce));
        let Some(attempt) = found else { return own(StatusCode::NOT_FOUND, &pages::NOT_FOUND) };
        if request.method() != Method::GET && request.method() != Method::POST {
            return own(StatusCode::METHOD_NOT_ALLOWED, &pages::REFUSED);
        }
        let query = request.uri().query().unwrap_or_default().to_owned();
        if query.len() > form::RETURN_QUERY_BYTES {
            return own(StatusCode::URI_TOO_LONG, &pages::REFUSED);
        }
        let own_page = is_own_page(request.method(), request.headers());
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
        let Ok(body) = Limited::new(request.into_body(), form::RETURN_BODY_BYTES).collect().await else {
            return own(StatusCode::PAYLOAD_TOO_LARGE, &pages::REFUSED);
        };
        let fields = form::return_fields(&query, &body.to_bytes(), kind.as_deref().unwrap_or_default());
        let returned = Returned { attempt, hint: ReturnHint { fields, own_page } };
        tracing::info!(%attempt, own_page, "a return from the bank came");
        match tokio::time::timeout(TILL_WAIT, self.returns.send(returned)).await {
            Ok(Ok(())) => own(StatusCode::OK, &pages::RETURNED),
            // The till asks by itself; the customer is done here all the same.
            Ok(Err(_)) | Err(_) => own(StatusCode::SERVICE_UNAVAILABLE, &pages::RETURNED),
        }
    }
}

/// Whether the browser is going to show the answer as the window's own page. Browsers say so themselves; an image or a
/// frame must not pass for it (`RULES.md` 2). Of a program that says nothing at all about what fetches, a form that was
/// posted counts, and a request that wants a page first or does not say what it wants.
pub(super) fn is_own_page(method: &Method, headers: &HeaderMap) -> bool {
    let text =
        |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default().trim().to_ascii_lowercase());
    if let Some(dest) = text("sec-fetch-dest") {
        return dest == "document";
    }
    if headers.keys().any(|name| name.as_str().starts_with("sec-fetch-")) {
        return false;
    }
    if method == Method::POST {
        return form::is_form(&text("content-type").unwrap_or_default());
    }
    text("accept").is_none_or(|accept| accept.starts_with("text/html"))
}

fn own(status: StatusCode, words: &Words) -> Reply {
    html_reply(status, words.html(), HeaderValue::from_static(pages::OWN_POLICY))
}

fn html_reply(status: StatusCode, html: String, policy: HeaderValue) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from(html)));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    reply
}
