//! Ctrl-C and a polite end by the system, while something is under way.

/// Listens for both from when it is made.
pub(crate) struct Stop {
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
        Self { terminate: signal(SignalKind::terminate()).ok(), interrupt: signal(SignalKind::interrupt()).ok() }
    }

    /// From now on it does not end the program by itself.
    #[cfg(not(unix))]
    pub(crate) fn listen() -> Self {
        Self {}
    }

    /// Waits for one of them.
    #[cfg(unix)]
    pub(crate) async fn asked(&mut self) {
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

    /// Waits for it.
    #[cfg(not(unix))]
    pub(crate) async fn asked(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
