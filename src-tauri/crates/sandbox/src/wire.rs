//! A TCP stream that can be cut at a chosen point of the answer.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Where the answer under way ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    /// Nothing is cut.
    Whole,
    /// Only this many more bytes go out, counted from the status line.
    After { bytes: usize },
    /// Only this many bytes of the body go out after the head.
    AfterHead { bytes: usize },
}

#[derive(Debug)]
struct State {
    plan: Plan,
    /// The connection ends with a reset instead of an orderly end.
    reset: bool,
}

/// The hand on the scissors: the request's code holds it, the stream obeys.
#[derive(Debug, Clone)]
pub(crate) struct Scissors(Arc<Mutex<State>>);

impl Scissors {
    pub(crate) fn new() -> Scissors {
        Scissors(Arc::new(Mutex::new(State { plan: Plan::Whole, reset: false })))
    }

    fn with<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// When the stream is dropped, the peer gets a reset.
    pub(crate) fn reset_at_end(&self) {
        self.with(|state| state.reset = true);
    }

    /// Lets a part of the status line and headers out, then ends the connection.
    pub(crate) fn cut_after(&self, bytes: usize) {
        self.with(|state| state.plan = Plan::After { bytes });
    }

    /// Lets the head and a part of the body out, then ends the connection.
    pub(crate) fn cut_in_body(&self, bytes: usize) {
        self.with(|state| state.plan = Plan::AfterHead { bytes });
    }

    /// How many of these bytes may still be written; `None` when all may.
    fn allowed(&self, bytes: &[u8]) -> Option<usize> {
        self.with(|state| match state.plan {
            Plan::Whole => None,
            Plan::After { bytes: left } => Some(left),
            Plan::AfterHead { bytes: after } => {
                // hyper writes the whole head from one buffer, so its end is always inside a single write.
                let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
                state.plan = Plan::After { bytes: head + after };
                Some(head + after)
            }
        })
    }

    fn written(&self, count: usize) {
        self.with(|state| {
            if let Plan::After { bytes } = &mut state.plan {
                *bytes = bytes.saturating_sub(count);
            }
        });
    }
}

/// The stream under hyper's connection.
#[derive(Debug)]
pub(crate) struct CutStream {
    stream: TcpStream,
    scissors: Scissors,
}

impl CutStream {
    pub(crate) fn new(stream: TcpStream, scissors: Scissors) -> CutStream {
        CutStream { stream, scissors }
    }
}

impl Drop for CutStream {
    fn drop(&mut self) {
        if self.scissors.with(|state| state.reset) && self.stream.set_zero_linger().is_err() {
            tracing::debug!("the socket was already gone when it was to be reset");
        }
    }
}

impl AsyncRead for CutStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CutStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = match self.scissors.allowed(buf) {
            None => buf,
            Some(0) => return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
            Some(count) => buf.get(..count).unwrap_or(buf),
        };
        let written = Pin::new(&mut self.stream).poll_write(cx, allowed);
        if let Poll::Ready(Ok(count)) = &written {
            self.scissors.written(*count);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
