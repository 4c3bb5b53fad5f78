//! Connections, and the way of a request from the socket to an answer.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Interval;
use tokio_rustls::TlsAcceptor;
use url::form_urlencoded;

use crate::answer::Answer;
use crate::apply::Outgoing;
use crate::dispatch;
use crate::request::{Incoming, Route};
use crate::wire::{CutStream, Scissors};
use crate::world::World;

/// Request bodies above this are refused.
const BODY_LIMIT_BYTES: usize = 64 * 1024;
/// The size of a "huge" answer.
const HUGE_BYTES: u64 = 100_000_000;
/// How long no connection is accepted after accepting one has failed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
const HUGE_CHUNK: &[u8] = &[b' '; 64 * 1024];
/// A "slow" answer sends one byte this often.
const SLOW_BYTE_EVERY: Duration = Duration::from_millis(200);

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    world: Mutex<World>,
    pub(crate) hold: Duration,
}

impl Shared {
    pub(crate) fn new(world: World, hold: Duration) -> Shared {
        Shared { world: Mutex::new(world), hold }
    }

    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut World) -> R) -> R {
        work(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut on purpose")]
struct Cut;

/// What a connection passes through.
#[derive(Clone)]
pub(crate) enum Door {
    Plain,
    Tls(TlsAcceptor),
}

/// Accepts until told to stop, then ends all connections.
pub(crate) async fn serve(listener: TcpListener, door: Door, shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, door.clone(), Arc::clone(&shared)));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    // Out of file handles, say: trying again at once would only burn the processor.
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = stop.changed() => break,
        }
    }
    connections.shutdown().await;
}

async fn connection(stream: TcpStream, door: Door, shared: Arc<Shared>) {
    let scissors = Scissors::new();
    let stream = CutStream::new(stream, scissors.clone());
    match door {
        Door::Plain => speak(stream, scissors, shared).await,
        // A client that looks at the certificate hangs up here.
        Door::Tls(acceptor) => match acceptor.accept(stream).await {
            Ok(stream) => speak(stream, scissors, shared).await,
            Err(error) => tracing::debug!(%error, "a TLS connection did not come about"),
        },
    }
}

async fn speak(stream: impl AsyncRead + AsyncWrite + Unpin, scissors: Scissors, shared: Arc<Shared>) {
    let service = service_fn(|request| respond(request, Arc::clone(&shared), scissors.clone()));
    let io = TokioIo::new(stream);
    if let Err(error) = hyper::server::conn::http1::Builder::new().serve_connection(io, service).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn respond(
    request: Request<hyper::body::Incoming>,
    shared: Arc<Shared>,
    scissors: Scissors,
) -> Result<Response<Outbody>, Cut> {
    let (head, body) = request.into_parts();
    let route = Route::of(&head.method, head.uri.path());
    let cut = || {
        scissors.reset_at_end();
        Err(Cut)
    };
    if shared.with(|world| dispatch::cuts_before_body(world, &route, &head)) {
        return cut();
    }
    // A request that does not arrive whole is carried out by nobody.
    let body = match Limited::new(body, BODY_LIMIT_BYTES).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return cut(),
    };
    let query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let incoming = Incoming { route, query, headers: head.headers.clone(), body };
    // A task of its own: a client that hangs up does not stop the gateway's work.
    let work = tokio::spawn(dispatch::handle(Arc::clone(&shared), head, incoming));
    match work.await {
        Ok(Outgoing::Whole(answer)) => Ok(response(answer)),
        Ok(Outgoing::CutInHead(answer)) => {
            scissors.cut_after(24);
            Ok(response(answer))
        }
        Ok(Outgoing::CutInBody(answer)) => {
            scissors.cut_in_body(answer.body.len() / 2);
            Ok(response(answer))
        }
        Ok(Outgoing::Huge) => Ok(endless(Outbody::Huge { left: HUGE_BYTES })),
        Ok(Outgoing::Slow) => Ok(endless(Outbody::Slow(Box::pin(tokio::time::interval(SLOW_BYTE_EVERY))))),
        Ok(Outgoing::Held) => {
            tokio::time::sleep(shared.hold).await;
            cut()
        }
        Ok(Outgoing::Gone) | Err(_) => cut(),
    }
}

fn response(answer: Answer) -> Response<Outbody> {
    let mut response = Response::builder().status(answer.status).header(CONTENT_TYPE, answer.content_type);
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    response.body(Outbody::Whole(Some(Bytes::from(answer.body)))).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer is not valid HTTP");
        let mut plain = Response::new(Outbody::Whole(None));
        *plain.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        plain
    })
}

fn endless(body: Outbody) -> Response<Outbody> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An answer's body.
#[derive(Debug)]
pub(crate) enum Outbody {
    Whole(Option<Bytes>),
    /// Blanks, which JSON allows anywhere, as many as are left.
    Huge {
        left: u64,
    },
    /// A blank now and then, for ever.
    Slow(Pin<Box<Interval>>),
}

impl Body for Outbody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match &mut *self {
            Outbody::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Outbody::Huge { left: 0 } => Poll::Ready(None),
            Outbody::Huge { left } => {
                let size = usize::try_from(*left).map_or(HUGE_CHUNK.len(), |left| left.min(HUGE_CHUNK.len()));
                *left = left.saturating_sub(u64::try_from(size).unwrap_or(*left));
                let chunk = HUGE_CHUNK.get(..size).unwrap_or(HUGE_CHUNK);
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(chunk)))))
            }
            Outbody::Slow(interval) => interval.poll_tick(cx).map(|_| Some(Ok(Frame::data(Bytes::from_static(b" "))))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Outbody::Whole(bytes) => bytes.is_none(),
            Outbody::Huge { left } => *left == 0,
            Outbody::Slow(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Outbody::Whole(bytes) => {
                let size = bytes.as_ref().map_or(0, Bytes::len);
                SizeHint::with_exact(u64::try_from(size).unwrap_or_default())
            }
            Outbody::Huge { left } => SizeHint::with_exact(*left),
            Outbody::Slow(_) => SizeHint::default(),
        }
    }
}
