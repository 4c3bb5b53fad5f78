//! Ctrl-C, a terminal that is closed, and a polite end by the system, while something is under way.

use crate::failure::Failure;
use crate::messages::Code;

/// Listens for all of them from when it is made.
pub(crate) struct Stop {
    /// Asked already, and to be told once more.
    again: bool,
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    interrupt: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
}

impl Stop {
    /// From now on none of them ends the program by itself.
    #[cfg(unix)]
    pub(crate) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        // Whoever started it with `nohup` means it to outlive the terminal.
        let hangup = if hangup_is_ignored() { None } else { signal(SignalKind::hangup()).ok() };
        Self {
            again: false,
            terminate: signal(SignalKind::terminate()).ok(),
            interrupt: signal(SignalKind::interrupt()).ok(),
            hangup,
        }
    }

    /// From now on it does not end the program by itself.
    #[cfg(not(unix))]
    pub(crate) fn listen() -> Self {
        Self { again: false }
    }

    /// The next [`Stop::asked`] returns at once: whoever heard of it could not act on it yet.
    pub(crate) const fn ask_again(&mut self) {
        self.again = true;
    }

    /// What `work` comes to, or that it was stopped first; the work is then dropped where it stands.
    pub(crate) async fn unless_asked<T>(
        &mut self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            done = work => done,
            () = self.asked() => Err(Failure::not_sent(Code::Cancelled)),
        }
    }

    /// Waits for one of them.
    pub(crate) async fn asked(&mut self) {
        if !std::mem::take(&mut self.again) {
            self.signal().await;
        }
    }

    #[cfg(unix)]
    async fn signal(&mut self) {
        async fn one(signal: Option<&mut tokio::signal::unix::Signal>) {
            let came = match signal {
                Some(signal) => signal.recv().await,
                None => None,
            };
            if came.is_none() {
                std::future::pending::<()>().await;
            }
        }
        tokio::select! {
            () = one(self.terminate.as_mut()) => {}
            () = one(self.interrupt.as_mut()) => {}
            () = one(self.hangup.as_mut()) => {}
        }
    }

    #[cfg(not(unix))]
    async fn signal(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Whether this program was started with SIGHUP ignored, where the system tells (Linux).
#[cfg(unix)]
fn hangup_is_ignored() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores_hangup(&status))
}

/// The first bit of the mask is signal 1, SIGHUP.
#[cfg(unix)]
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_hangup_that_is_ignored_from_outside_is_seen() {
        assert!(ignores_hangup("Name:\tveznectl\nSigIgn:\t0000000000001001\n"));
        assert!(!ignores_hangup("Name:\tveznectl\nSigIgn:\t0000000000001000\n") && !ignores_hangup(""));
    }
}
