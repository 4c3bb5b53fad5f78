//! Whether the time of day can tell how long ago something was. It can be set; what a process measures by itself can't.

use tokio::time::Instant;
use vezne_core::time::{Millis, Timestamp};

/// A clock that is kept right is moved by less than this at once.
const MOVED: Millis = Millis::seconds(20);

/// The time of day beside the time that passes.
pub(crate) struct Steady {
    began: Instant,
    seen: Timestamp,
    at: Instant,
    /// The time of day right after it was last set forward.
    moved: Option<Timestamp>,
}

impl Steady {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { began: Instant::now(), seen: now, at: Instant::now(), moved: None }
    }

    /// Compares the two. Called often: what is noticed is what happened in between. A machine that slept looks like one whose
    /// clock was set forward, which costs nothing but trust.
    pub(crate) fn look(&mut self, now: Timestamp) {
        let passed = u64::try_from(self.at.elapsed().as_millis()).unwrap_or(u64::MAX);
        let by_the_day = now.since(self.seen).as_millis();
        if by_the_day > passed.saturating_add(MOVED.as_millis()) {
            tracing::warn!(seconds = (by_the_day - passed) / 1000, "the clock was set forward, or the machine slept");
            self.moved = Some(now);
        }
        (self.seen, self.at) = (now, Instant::now());
    }

    /// Whether this till has run for so long: what it has not seen of the clock lies further back.
    pub(crate) fn has_run_for(&self, span: Millis) -> bool {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX) >= span.as_millis()
    }

    /// Whether the clock was set forward since this moment: then less time has passed than the clock says.
    pub(crate) fn moved_since(&self, since: Timestamp) -> bool {
        self.moved.is_some_and(|moved| since < moved)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    #[tokio::test(start_paused = true)]
    async fn a_clock_set_forward_is_noticed_and_one_that_goes_on_or_back_is_not() {
        let mut steady = Steady::new(NOW);
        tokio::time::advance(Duration::from_secs(3_600)).await;
        let later = NOW.after(Millis::hours(1));
        steady.look(later);
        assert!(!steady.moved_since(NOW));
        // Kept right, by a few seconds.
        steady.look(later.after(Millis::seconds(19)));
        assert!(!steady.moved_since(NOW));
        steady.look(later.after(Millis::minutes(30)));
        assert!(steady.moved_since(NOW) && steady.moved_since(later));
        assert!(!steady.moved_since(later.after(Millis::minutes(30))), "what came after it is told by the same clock");
        let mut back = Steady::new(later);
        back.look(NOW);
        assert!(!back.moved_since(Timestamp::from_millis(0)));
    }
}
