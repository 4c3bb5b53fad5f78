//! Long work beside a running till takes half of the time at the most.

use std::time::{Duration, Instant};

/// So long is worked before a rest.
const WORK: Duration = Duration::from_millis(20);

/// When work rests.
#[derive(Debug)]
pub(crate) struct Pace {
    since: Option<Instant>,
}

impl Pace {
    /// Without a rest: somebody waits for it.
    pub(crate) const fn full() -> Self {
        Self { since: None }
    }

    /// As long at rest as at work.
    pub(crate) fn gentle() -> Self {
        Self { since: Some(Instant::now()) }
    }

    /// Rests if it is time to.
    pub(crate) async fn rest(&mut self) {
        let Some(since) = &mut self.since else { return };
        let worked = since.elapsed();
        if worked >= WORK {
            tokio::time::sleep(worked).await;
            *since = Instant::now();
        }
    }
}
