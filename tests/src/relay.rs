//! A relay in front of a desk's sandbox that stops listening at a chosen request: from then on nobody can connect, until it
//! listens again.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::desk::Desk;
use crate::run::wait_for;

/// Until then a port that was let go can be had again.
const PORT_BACK: Duration = Duration::from_secs(10);

/// The relay; dropping it ends it.
#[derive(Debug)]
pub struct Relay {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    port: u16,
    sandbox: u16,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Closes at a request whose head contains this.
    Until(&'static str),
    Closed,
}

impl Relay {
    /// Relays for `desk`, whose configuration then names the relay.
    ///
    /// # Panics
    /// When no port is to be had, or the configuration can't be written.
    #[must_use]
    pub fn before(desk: &Desk) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = listener.unwrap_or_else(|error| panic!("no port for a relay: {error}"));
        let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
        let sandbox = desk.sandbox().port();
        let shared = Arc::new(Shared { port, sandbox, state: Mutex::new(State::Open) });
        listen(listener, &shared);
        let file = desk.home().join("config.toml");
        let config = std::fs::read_to_string(&file).unwrap_or_default();
        let config = config.replace(&format!("127.0.0.1:{sandbox}"), &format!("127.0.0.1:{port}"));
        std::fs::write(file, config).unwrap_or_else(|error| panic!("the relay can't be configured: {error}"));
        Self { shared }
    }

    /// Relays for `desk` until a request's head contains `path`. That request is still answered.
    #[must_use]
    pub fn until(desk: &Desk, path: &'static str) -> Self {
        let relay = Self::before(desk);
        relay.close_at(path);
        relay
    }

    /// Closes at the next request whose head contains `path`. That request is still answered.
    pub fn close_at(&self, path: &'static str) {
        self.shared.set(State::Until(path));
    }

    /// Whether the chosen request came.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.state() == State::Closed
    }

    /// Listens again, where it did.
    pub fn open_again(&self) {
        let listener =
            wait_for("the relay's port", PORT_BACK, || TcpListener::bind((Ipv4Addr::LOCALHOST, self.shared.port)).ok());
        self.shared.set(State::Open);
        listen(listener, &self.shared);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl Shared {
    fn state(&self) -> State {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State) -> State {
        std::mem::replace(&mut *self.state.lock().unwrap_or_else(PoisonError::into_inner), state)
    }

    /// Says so, and wakes the acceptor with a last connection, so that it lets the port go.
    fn close(&self) {
        if self.set(State::Closed) != State::Closed {
            let _woken = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
            // The port is free once nobody can connect any more.
            while self.state() == State::Closed && TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                thread::yield_now();
            }
        }
    }

    fn watch(&self, bytes: &[u8]) {
        if let State::Until(path) = self.state()
            && String::from_utf8_lossy(bytes).contains(path)
        {
            self.close();
        }
    }
}

fn listen(listener: TcpListener, shared: &Arc<Shared>) {
    let shared = Arc::clone(shared);
    thread::spawn(move || {
        while let Ok((client, _)) = listener.accept() {
            if shared.state() == State::Closed {
                break;
            }
            let gateway = TcpStream::connect((Ipv4Addr::LOCALHOST, shared.sandbox));
            let ends = gateway.and_then(|gateway| Ok((client.try_clone()?, gateway.try_clone()?, client, gateway)));
            // A connection that can't be made is none.
            let Ok((from, to, client, gateway)) = ends else { continue };
            let watching = Arc::clone(&shared);
            thread::spawn(move || pump(from, to, |bytes| watching.watch(bytes)));
            thread::spawn(move || pump(gateway, client, |_| {}));
        }
    });
}

/// Carries bytes one way; `seen` is shown each piece before it goes on.
fn pump(mut from: TcpStream, mut to: TcpStream, mut seen: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let piece = buffer.get(..read).unwrap_or_default();
        seen(piece);
        if to.write_all(piece).is_err() {
            break;
        }
    }
    let _ended = to.shutdown(Shutdown::Write);
}
