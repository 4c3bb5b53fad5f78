//! A conversation with a printer, over anything that bytes go through both ways.
//!
//! Two questions are asked, both as Epson describes them. `DLE EOT n` is answered at once, past everything that waits in the
//! printer: whether it has paper, whether its cover is open. `GS r 1` is answered in its turn: whoever answers it has worked
//! through everything before it.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep, timeout};

use crate::trouble::{End, Trouble};

/// Bytes handed over at a time, so that a printer that has stopped is noticed.
const PIECE: usize = 1024;
/// How often a road is looked at that still has something to take.
const LOOK: Duration = Duration::from_millis(25);

/// How a printer is talked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// Whether it is asked how it does. One that does not understand the question may print it.
    pub asks: bool,
    /// How long until it must be reached.
    pub reach: Duration,
    /// How long until it answers a question at once.
    pub answer: Duration,
    /// How long after a paper a first answer is still waited for, of a printer that has never given one.
    pub late: Duration,
    /// How long it may take no byte.
    pub stall: Duration,
    /// How long until it says that it has printed everything.
    pub confirm: Duration,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            asks: true,
            reach: Duration::from_secs(3),
            answer: Duration::from_millis(700),
            late: Duration::from_secs(2),
            stall: Duration::from_secs(10),
            confirm: Duration::from_secs(20),
        }
    }
}

/// What a printer says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    Good,
    Bad(Trouble),
    /// It does not answer such questions.
    Mute,
}

/// What an answer means.
type Judge = fn(u8) -> Option<Trouble>;

/// What of the bytes that were handed over is still on this side of the cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    Nothing,
    Something,
    /// The system does not tell.
    NotKnown,
}

/// Anything that bytes go through both ways.
pub(crate) trait Road: AsyncRead + AsyncWrite + Unpin {
    /// What has not gone over yet.
    fn left(&self) -> Left;
}

/// Sends a paper and finds out how that ended. `answers` says whether this printer has ever answered a question: of one that
/// has, silence means that it is busy, and not that it can't speak.
pub(crate) async fn deliver<S: Road>(mut stream: S, bytes: &[u8], manner: &Manner, answers: &mut bool) -> End {
    let within = if *answers { manner.stall } else { manner.answer };
    match health(&mut stream, manner, within).await {
        Health::Good => *answers = true,
        Health::Mute if manner.asks && *answers => return End::NothingLeft(Trouble::Slow),
        Health::Mute => {
            return match hand_over(&mut stream, bytes, manner).await {
                Ok(()) => taken(&mut stream, manner, answers).await,
                Err(end) => end,
            };
        }
        // Nothing of the paper has been sent.
        Health::Bad(trouble) => return End::NothingLeft(trouble),
    }
    match hand_over(&mut stream, bytes, manner).await {
        Ok(()) => confirmed(&mut stream, manner).await,
        Err(end) => end,
    }
}

/// Asks how the printer does, and sends nothing else. Its first answer has that long.
pub(crate) async fn health<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    manner: &Manner,
    first: Duration,
) -> Health {
    if !manner.asks {
        return Health::Mute;
    }
    let mut mute = true;
    // Why it is off line, then its paper, then its errors.
    let questions: [(u8, Judge); 3] = [(2, off_line), (4, paper), (3, fault)];
    for (question, judge) in questions {
        let within = if mute { first } else { manner.answer };
        match status(stream, question, within).await {
            Ok(Some(answer)) => {
                mute = false;
                if let Some(trouble) = judge(answer) {
                    return Health::Bad(trouble);
                }
            }
            // One that does not answer the first question does not answer the others.
            Ok(None) => break,
            Err(trouble) => return Health::Bad(trouble),
        }
    }
    if mute { Health::Mute } else { Health::Good }
}

const fn off_line(answer: u8) -> Option<Trouble> {
    if answer & 0x04 != 0 {
        Some(Trouble::CoverOpen)
    } else if answer & 0x20 != 0 {
        Some(Trouble::NoPaper)
    } else {
        None
    }
}

const fn paper(answer: u8) -> Option<Trouble> {
    if answer & 0x60 != 0 { Some(Trouble::NoPaper) } else { None }
}

/// The knife, errors that need the switch, errors that mend themselves.
const fn fault(answer: u8) -> Option<Trouble> {
    if answer & 0x68 != 0 { Some(Trouble::Fault) } else { None }
}

/// An answer to `DLE EOT`; None where there is none in time.
async fn status<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    question: u8,
    within: Duration,
) -> Result<Option<u8>, Trouble> {
    match timeout(within, stream.write_all(&[0x10, 0x04, question])).await {
        Err(_) => return Ok(None),
        Ok(Err(_)) => return Err(Trouble::Gone),
        Ok(Ok(())) => {}
    }
    answer(stream, within, is_status).await.map_err(|_| Trouble::Gone)
}

/// An answer to `DLE EOT` has these bits fixed; whatever else comes is no answer to it.
const fn is_status(byte: u8) -> bool {
    byte & 0x93 == 0x12
}

/// The first byte that is an answer; None where there is none in time.
async fn answer<S: AsyncRead + Unpin>(
    stream: &mut S,
    within: Duration,
    fits: fn(u8) -> bool,
) -> io::Result<Option<u8>> {
    let waited = timeout(within, async {
        loop {
            let byte = stream.read_u8().await?;
            // Some printers report by themselves whatever changes, four bytes at a time, of which the last three look like
            // any answer.
            if byte & 0x93 == 0x10 {
                stream.read_exact(&mut [0; 3]).await?;
            } else if fits(byte) {
                return Ok(byte);
            }
        }
    });
    waited.await.map_or(Ok(None), |read: io::Result<u8>| read.map(Some))
}

/// Hands over every byte, or says how far it came.
async fn hand_over<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8], manner: &Manner) -> Result<(), End> {
    let mut left = bytes;
    let ended = |left: &[u8], trouble| {
        if left.len() == bytes.len() { End::NothingLeft(trouble) } else { End::Unknown(trouble) }
    };
    while !left.is_empty() {
        let piece = left.get(..PIECE).unwrap_or(left);
        match timeout(manner.stall, stream.write(piece)).await {
            Ok(Ok(0)) | Ok(Err(_)) => return Err(ended(left, Trouble::Gone)),
            Ok(Ok(count)) => left = left.get(count..).unwrap_or_default(),
            Err(_) => return Err(ended(left, Trouble::Slow)),
        }
    }
    match timeout(manner.stall, stream.flush()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Unknown(Trouble::Gone)),
        Err(_) => Err(End::Unknown(Trouble::Slow)),
    }
}

/// Waits until the printer says that it is through.
async fn confirmed<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, manner: &Manner) -> End {
    match timeout(manner.stall, stream.write_all(b"\x1dr\x01")).await {
        Err(_) => return End::Unknown(Trouble::Slow),
        Ok(Err(_)) => return End::Unknown(Trouble::Gone),
        Ok(Ok(())) => {}
    }
    // Bits 4 and 7 are never set in this answer; bit 4 is always set in one to DLE EOT.
    match answer(stream, manner.confirm, |byte| byte & 0x90 == 0).await {
        Ok(Some(_)) => End::Confirmed,
        Err(_) => End::Unknown(Trouble::Gone),
        // It stopped on the way: it may say why.
        Ok(None) => match health(stream, manner, manner.answer).await {
            Health::Bad(trouble) => End::Unknown(trouble),
            Health::Good | Health::Mute => End::Unknown(Trouble::Slow),
        },
    }
}

/// A printer that has not answered yet. If it does now, it was busy, and is asked whether it is through; else what can be seen
/// is whether the connection broke, and whether everything has gone over.
async fn taken<S: Road>(stream: &mut S, manner: &Manner, answers: &mut bool) -> End {
    if manner.asks {
        match answer(stream, manner.late, is_status).await {
            Ok(Some(byte)) => {
                *answers = true;
                return match off_line(byte) {
                    Some(trouble) => End::Unknown(trouble),
                    None => confirmed(stream, manner).await,
                };
            }
            // It hung up after the last byte: a broken connection is another error.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return End::Taken,
            Err(_) => return End::Unknown(Trouble::Gone),
            Ok(None) => {}
        }
    }
    let until = Instant::now() + manner.stall;
    while stream.left() == Left::Something {
        if Instant::now() >= until {
            return End::Unknown(Trouble::Slow);
        }
        sleep(LOOK).await;
    }
    if stream.shutdown().await.is_err() {
        return End::Unknown(Trouble::Gone);
    }
    let mut rest = Vec::new();
    match timeout(manner.answer, stream.take(4096).read_to_end(&mut rest)).await {
        Ok(Err(_)) => End::Unknown(Trouble::Gone),
        Ok(Ok(_)) | Err(_) => End::Taken,
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
