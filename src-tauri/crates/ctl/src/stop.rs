//! Ctrl-C and a polite end by the system, while something is under way.

/// Listens for both from when it is made.
pub(crate) struct Stop {
    /// Asked already, and to be told once more.
    again: bool,
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    interrupt: Option<tokio::signal::unix::Signal>,
}

impl Stop {
    /// From now on neither ends the program by itself.
    #[cfg(unix)]
    pub(crate) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self {
            again: false,
            terminate: signal(SignalKind::terminate()).ok(),
            interrupt: signal(SignalKind::interrupt()).ok(),
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
        }
    }

    #[cfg(not(unix))]
    async fn signal(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
