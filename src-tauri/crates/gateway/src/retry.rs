//! Repeating reads: a few times, further and further apart, within the read's own deadline. Payments and reversals
//! never come here.

use std::time::Duration;

/// How often a read is sent at most.
pub(crate) const TRIES_MOST: u32 = 3;

/// The pause before the try that follows `done` tries: 200 ms doubled each time, between half and all of it, so that
/// desks that failed together don't come back together.
pub(crate) fn pause(done: u32) -> Duration {
    let whole = 200_u64.saturating_mul(2_u64.saturating_pow(done.saturating_sub(1)));
    let half = whole / 2;
    let mut byte = [0_u8; 1];
    // Without randomness the pause is whole, which only means less spread.
    let share = if getrandom::fill(&mut byte).is_ok() { u64::from(byte[0]) } else { 255 };
    Duration::from_millis(half.saturating_add(half.saturating_mul(share) / 255))
}

/// Whether an HTTP status may be gone when a read is repeated.
pub(crate) const fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 500 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_spread_within_bounds() {
        for _ in 0..100 {
            let (first, second) = (pause(1), pause(2));
            assert!((100..=200).contains(&first.as_millis()), "{first:?}");
            assert!((200..=400).contains(&second.as_millis()), "{second:?}");
        }
    }

    #[test]
    fn only_what_may_pass_is_repeated() {
        for status in [400, 401, 403, 404, 409, 422, 429, 501] {
            assert!(!may_pass(status));
        }
        assert!(may_pass(503));
    }
}
