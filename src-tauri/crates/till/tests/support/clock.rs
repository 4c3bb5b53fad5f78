//! A clock on tokio's paused time, that can be set back; and randomness that is none.

use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};

use tokio::time::Instant;
use vezne_core::ports::{Answer, Clock, Entropy};
use vezne_core::time::Timestamp;

/// 2027-01-15, 11:00 in Istanbul.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// So many sleeps that are over before they begin, at one moment, are a loop that never ends.
const SPINS_MOST: usize = 200;

pub(crate) struct FakeClock {
    began: Instant,
    offset: AtomicI64,
    pub(crate) sleeps: AtomicUsize,
    spinning: AtomicUsize,
    spun_at: AtomicI64,
}

impl FakeClock {
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            offset: AtomicI64::new(0),
            sleeps: AtomicUsize::new(0),
            spinning: AtomicUsize::new(0),
            spun_at: AtomicI64::new(0),
        }
    }

    /// Sets the time of day forth or, negative, back. Timers that run are not touched: they are monotonic.
    pub(crate) fn set_by_seconds(&self, seconds: i64) {
        self.offset.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    /// Virtual milliseconds since the beginning, whatever the time of day says.
    pub(crate) fn elapsed(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_millis()).unwrap()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(START.as_millis() + self.elapsed() + self.offset.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, until: Timestamp) -> Answer<'static, ()> {
        self.sleeps.fetch_add(1, Ordering::SeqCst);
        let span = until.since(self.now());
        let at = self.elapsed();
        if self.spun_at.swap(at, Ordering::SeqCst) == at && span.as_millis() == 0 {
            let spins = self.spinning.fetch_add(1, Ordering::SeqCst);
            assert!(spins < SPINS_MOST, "the till spins: {spins} sleeps that were over before they began");
        } else if span.as_millis() > 0 {
            self.spinning.store(0, Ordering::SeqCst);
        }
        Box::pin(tokio::time::sleep(span.as_duration()))
    }
}

/// Sixteen bytes that count.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Entropy for Counting {
    fn sixteen(&self) -> [u8; 16] {
        let number = u128::from(self.0.fetch_add(1, Ordering::SeqCst) + 1);
        // In the upper bytes, because ids take the first ten and references ten of them.
        (number << 64 | number).to_be_bytes()
    }
}
