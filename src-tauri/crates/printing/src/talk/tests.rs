//! A printer that never answers, over a road that says what has not gone over yet.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{DuplexStream, ReadBuf};

use super::*;

/// Takes everything at once, and holds it back for as long as it is told to.
pub(super) struct Held {
    stream: DuplexStream,
    holds: Arc<AtomicBool>,
}

impl AsyncRead for Held {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Held {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Road for Held {
    fn left(&self) -> Left {
        if self.holds.load(Ordering::SeqCst) { Left::Something } else { Left::Nothing }
    }
}

/// A road on which so many bytes can be on their way, and its other end.
pub(super) fn road(room: usize, holds: bool) -> (Held, DuplexStream, Arc<AtomicBool>) {
    let (stream, other) = tokio::io::duplex(room);
    let holds = Arc::new(AtomicBool::new(holds));
    (Held { stream, holds: Arc::clone(&holds) }, other, holds)
}

fn held(holds: bool) -> (Held, DuplexStream, Arc<AtomicBool>) {
    road(64 * 1024, holds)
}

fn manner() -> Manner {
    let short = Duration::from_millis(100);
    Manner { asks: false, reach: short, answer: short, late: short, stall: short, confirm: short }
}

#[tokio::test]
async fn what_a_device_still_holds_back_is_not_taken() {
    let (road, _other, _) = held(true);
    assert_eq!(deliver(road, b"a paper", &manner(), &mut false).await, End::Unknown(Trouble::Slow));
    let (road, _other, _) = held(false);
    assert_eq!(deliver(road, b"a paper", &manner(), &mut false).await, End::Taken);
}

#[tokio::test]
async fn the_tail_of_a_paper_is_waited_for() {
    let (road, mut other, holds) = held(true);
    let manner = Manner { stall: Duration::from_secs(20), ..manner() };
    let passes_on = async {
        let mut paper = [0; 7];
        other.read_exact(&mut paper).await.unwrap();
        holds.store(false, Ordering::SeqCst);
        paper
    };
    let mut answers = false;
    let (end, paper) = tokio::join!(deliver(road, b"a paper", &manner, &mut answers), passes_on);
    assert_eq!((end, &paper), (End::Taken, b"a paper"));
    assert!(!answers, "it said nothing");
}
