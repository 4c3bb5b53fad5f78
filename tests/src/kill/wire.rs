//! The way from the program to the gateways: a relay that knows which request is on it, and where in it a program falls.
//!
//! What a dead program has sent whole is delivered all the same, as a network would; what it has sent by half is not.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::plan::{Point, WireCall};
use super::trap::Trap;
use crate::run::found_within;

/// The longest message that is taken whole; longer ones are passed on as they come.
const WHOLE_BYTES: usize = 1024 * 1024;
/// Where a challenge begins, in an answer.
const PAGE: &str = "/bank/start/";

#[derive(Debug)]
struct Shared {
    trap: Trap,
    gateways: u16,
    under_way: AtomicUsize,
    pages: Mutex<Vec<String>>,
    closed: AtomicBool,
}

/// The wire; dropping it takes no new connections any more.
#[derive(Debug)]
pub struct Wire {
    port: u16,
    shared: Arc<Shared>,
}

impl Wire {
    /// A wire to the practice gateways on this port.
    ///
    /// # Errors
    /// When no port is to be had.
    pub fn to(gateways: u16, trap: Trap) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            trap,
            gateways,
            under_way: AtomicUsize::new(0),
            pages: Mutex::new(Vec::new()),
            closed: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                if serving.closed.load(Ordering::SeqCst) {
                    break;
                }
                let shared = Arc::clone(&serving);
                // A connection that breaks is what is played here.
                thread::spawn(move || serve(client, &shared).unwrap_or_default());
            }
        });
        Ok(Self { port, shared })
    }

    /// The port that programs speak to.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Waits until the gateways have answered everything that was sent, for at most this long.
    pub fn quiet(&self, at_most: Duration) {
        let _quiet = found_within(at_most, Duration::from_millis(1), || {
            (self.shared.under_way.load(Ordering::SeqCst) == 0).then_some(())
        });
    }

    /// Where the challenges begin that were opened since the last call.
    #[must_use]
    pub fn pages(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.pages.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        let _woken = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

/// Carries the requests of one connection, one after the other.
fn serve(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut gateway = TcpStream::connect((Ipv4Addr::LOCALHOST, shared.gateways))?;
    gateway.set_nodelay(true)?;
    while let Message::Whole(request) = message(&mut client)? {
        let call = WireCall::of(&first_line(&request));
        let point = call.and_then(|call| shared.trap.heard(call));
        if point == Some(Point::Half) {
            gateway.write_all(half(&request))?;
            shared.trap.strike();
            return Ok(());
        }
        if point == Some(Point::Arrived) {
            shared.trap.strike();
        }
        shared.under_way.fetch_add(1, Ordering::SeqCst);
        let answer = gateway.write_all(&request).and_then(|()| message(&mut gateway));
        if let Ok(Message::Whole(bytes) | Message::Cut(bytes) | Message::Endless(bytes)) = &answer {
            note_page(shared, bytes);
        }
        shared.under_way.fetch_sub(1, Ordering::SeqCst);
        match answer? {
            Message::Whole(answer) => pass_on(&mut client, &answer, point, shared)?,
            Message::Cut(part) => {
                client.write_all(&part)?;
                if point.is_some() {
                    shared.trap.strike();
                }
                return Ok(());
            }
            Message::Endless(part) => {
                client.write_all(&part)?;
                let _carried = io::copy(&mut gateway, &mut client);
                return Ok(());
            }
        }
    }
    Ok(())
}

fn pass_on(client: &mut TcpStream, answer: &[u8], point: Option<Point>, shared: &Shared) -> io::Result<()> {
    match point {
        Some(Point::Executed) => shared.trap.strike(),
        Some(Point::HalfAnswer) => {
            client.write_all(half(answer))?;
            // Long enough for the program to read it.
            thread::sleep(Duration::from_micros(500));
            shared.trap.strike();
        }
        Some(Point::Answered { micros }) => {
            client.write_all(answer)?;
            thread::sleep(Duration::from_micros(micros.into()));
            shared.trap.strike();
        }
        Some(Point::Half | Point::Arrived) | None => client.write_all(answer)?,
    }
    Ok(())
}

fn half(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len() / 2).unwrap_or_default()
}

/// A request or an answer as far as it came.
enum Message {
    Whole(Vec<u8>),
    /// The connection ended in it.
    Cut(Vec<u8>),
    /// It says no length, or one that is too long to wait for.
    Endless(Vec<u8>),
}

/// Reads one message by its announced length.
fn message(from: &mut TcpStream) -> io::Result<Message> {
    let mut bytes = Vec::new();
    let mut some = [0; 16 * 1024];
    loop {
        if let Some(length) = announced(&bytes) {
            match length {
                Some(length) if length > WHOLE_BYTES => return Ok(Message::Endless(bytes)),
                Some(length) if bytes.len() >= length => return Ok(Message::Whole(bytes)),
                Some(_) => {}
                None => return Ok(Message::Endless(bytes)),
            }
        }
        match from.read(&mut some) {
            Ok(0) | Err(_) => return Ok(Message::Cut(bytes)),
            Ok(read) => bytes.extend_from_slice(some.get(..read).unwrap_or_default()),
        }
    }
}

/// Once the head is here: the whole message's length, or `None` inside where it comes in chunks.
fn announced(bytes: &[u8]) -> Option<Option<usize>> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..end)?).to_ascii_lowercase();
    if head.contains("\r\ntransfer-encoding:") {
        return Some(None);
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    Some(Some(end.saturating_add(4).saturating_add(length.unwrap_or_default())))
}

fn first_line(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == b'\r').unwrap_or_default();
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}

/// Remembers where a challenge begins: the customer may have the page, whatever becomes of the program.
fn note_page(shared: &Shared, answer: &[u8]) {
    let text = String::from_utf8_lossy(answer);
    let Some((_, after)) = text.split_once(PAGE) else { return };
    let id: String = after.chars().take_while(char::is_ascii_alphanumeric).collect();
    let url = format!("http://127.0.0.1:{}{PAGE}{id}", shared.gateways);
    shared.pages.lock().unwrap_or_else(PoisonError::into_inner).push(url);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_whole_by_its_own_length_and_one_in_chunks_has_none() {
        assert_eq!(announced(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n"), None);
        assert_eq!(announced(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"), Some(Some(40)));
        assert_eq!(announced(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Some(Some(27)));
        assert_eq!(announced(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), Some(None));
    }
}
