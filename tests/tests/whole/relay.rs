//! A relay in front of a desk's sandbox that stops listening at a chosen request: from then on nobody can connect.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use vezne_tests::desk::{Desk, Wishes};

/// The relay; dropping it ends it.
pub(crate) struct Relay {
    closed: Arc<AtomicBool>,
    port: u16,
}

impl Relay {
    /// Relays for `desk` until a request's head contains `path`. That request is still answered.
    pub(crate) fn until(desk: &Desk, path: &'static str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let closed = Arc::new(AtomicBool::new(false));
        let sandbox = desk.sandbox().port();
        let flag = Arc::clone(&closed);
        thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                if flag.load(Ordering::SeqCst) {
                    break;
                }
                let gateway = TcpStream::connect((Ipv4Addr::LOCALHOST, sandbox)).unwrap();
                let flag = Arc::clone(&flag);
                let (from, to) = (client.try_clone().unwrap(), gateway.try_clone().unwrap());
                thread::spawn(move || pump(from, to, |bytes| watch(bytes, path, &flag, port)));
                thread::spawn(move || pump(gateway, client, |_| {}));
            }
        });
        let through = desk.home().join("config.toml");
        desk.configure(&Wishes::default());
        let config = std::fs::read_to_string(&through).unwrap();
        let config = config.replace(&format!("127.0.0.1:{sandbox}"), &format!("127.0.0.1:{port}"));
        std::fs::write(through, config).unwrap();
        Self { closed, port }
    }

    /// Whether the chosen request came.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        close(&self.closed, self.port);
    }
}

/// Sets the flag and wakes the acceptor with a last connection, so that it lets the port go.
fn close(flag: &AtomicBool, port: u16) {
    if !flag.swap(true, Ordering::SeqCst) {
        let _woken = TcpStream::connect((Ipv4Addr::LOCALHOST, port));
        // The port is free once nobody can connect any more.
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            thread::yield_now();
        }
    }
}

fn watch(bytes: &[u8], path: &str, flag: &AtomicBool, port: u16) {
    if String::from_utf8_lossy(bytes).contains(path) {
        close(flag, port);
    }
}

/// Carries bytes one way; `seen` is shown each piece before it goes on.
fn pump(mut from: TcpStream, mut to: TcpStream, mut seen: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        seen(&buffer[..read]);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ended = to.shutdown(Shutdown::Write);
}
