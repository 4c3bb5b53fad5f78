//! The clock and the randomness of this machine.

use std::time::Duration;

use vezne_core::ports::{Answer, Clock, Entropy};
use vezne_core::time::Timestamp;

/// The longest single sleep: a machine that was asleep itself, or whose clock was set, is noticed after this.
const LONGEST_SLEEP: Duration = Duration::from_secs(60 * 60);

/// This machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }

    fn sleep_until(&self, until: Timestamp) -> Answer<'static, ()> {
        // A timer may wake some microseconds early by the wall clock, and the caller would spin: one millisecond more.
        let wait = until.since(self.now()).as_duration().min(LONGEST_SLEEP);
        Box::pin(async move {
            if !wait.is_zero() {
                tokio::time::sleep(wait.saturating_add(Duration::from_millis(1))).await;
            }
        })
    }
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn sixteen(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        loop {
            // References and nonces must never be guessable or equal, so there is no fallback: without randomness the
            // program waits for it. On the systems Vezne runs on, this does not fail after start.
            if getrandom::fill(&mut bytes).is_ok() {
                return bytes;
            }
            tracing::error!("the system gives no random numbers; waiting for them");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleeping_until_a_moment_ends_after_it() {
        let until = SystemClock.now().after(vezne_core::time::Millis(20));
        SystemClock.sleep_until(until).await;
        assert!(SystemClock.now() >= until);
        SystemClock.sleep_until(Timestamp::from_millis(0)).await;
    }

    #[test]
    fn random_bytes_differ() {
        assert_ne!(OsEntropy.sixteen(), OsEntropy.sixteen());
    }
}
