//! One input through one target, and what came of it.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::time::{Duration, Instant};

use super::watch;

/// What was wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The input.
    pub input: Vec<u8>,
    /// What happened, in words.
    pub what: String,
    /// Where, so that two inputs with the same fault are known to be alike.
    pub place: String,
}

thread_local! {
    static LAST: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// From now on a panic of this thread is noted and not printed, while a target runs.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |told| {
            if !RUNNING.get() {
                return usual(told);
            }
            let payload = told.payload();
            let words = payload
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| payload.downcast_ref::<&str>().copied());
            let place = told.location().map(ToString::to_string).unwrap_or_default();
            LAST.set(Some((words.unwrap_or("a panic without words").to_owned(), place)));
        }));
    });
}

thread_local! {
    static RUNNING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Runs the target once.
///
/// # Errors
/// What it panicked with.
pub(crate) fn once(run: fn(&[u8]), input: &[u8]) -> Result<Duration, Failure> {
    listen();
    RUNNING.set(true);
    let began = Instant::now();
    let ended = panic::catch_unwind(AssertUnwindSafe(|| run(input)));
    let took = began.elapsed();
    RUNNING.set(false);
    if ended.is_ok() {
        return Ok(took);
    }
    let (what, place) = LAST.take().unwrap_or_default();
    Err(Failure { input: input.to_vec(), what, place })
}

/// Runs the target, and again when it took long: only what is slow every time is slow. On a busy machine an input may wait
/// for its turn, so what counts then is the time on the processor.
///
/// # Errors
/// A panic, or three slow runs.
pub(crate) fn bounded(run: fn(&[u8]), input: &[u8]) -> Result<(), Failure> {
    let mut took = once(run, input)?;
    for _ in 0..2 {
        if took <= watch::SLOW {
            return Ok(());
        }
        let before = watch::processor_time();
        let waited = once(run, input)?;
        let worked = before.zip(watch::processor_time()).map(|(before, after)| after.saturating_sub(before));
        took = took.min(worked.unwrap_or(waited));
    }
    if took <= watch::SLOW {
        return Ok(());
    }
    let what = format!("{} bytes took {} ms", input.len(), took.as_millis());
    Err(Failure { input: input.to_vec(), what, place: "slow".to_owned() })
}

/// How much an input makes the peak of this process's memory grow; a failure when that is beyond the bound.
///
/// # Errors
/// Beyond the bound, or a panic.
pub(crate) fn small(run: fn(&[u8]), input: &[u8]) -> Result<(), Failure> {
    let Some(before) = watch::measure_memory_anew() else { return Ok(()) };
    once(run, input)?;
    let grown = watch::memory_peak().unwrap_or(before).saturating_sub(before);
    if grown <= watch::LARGE_KIB {
        return Ok(());
    }
    let what = format!("{} bytes took {grown} KiB of memory", input.len());
    Err(Failure { input: input.to_vec(), what, place: "large".to_owned() })
}

/// The same fault with fewer bytes: pieces are left out as long as it stays.
pub(crate) fn minimised(run: fn(&[u8]), failure: Failure) -> Failure {
    let mut best = failure;
    let mut piece = best.input.len().div_ceil(2);
    let until = Instant::now().checked_add(Duration::from_secs(20));
    while piece > 0 {
        let mut at = 0_usize;
        let mut shorter = false;
        while at < best.input.len() && until.is_none_or(|until| Instant::now() < until) {
            let mut candidate = best.input.clone();
            candidate.drain(at..at.saturating_add(piece).min(best.input.len()));
            let found = match best.place.as_str() {
                "slow" => bounded(run, &candidate),
                "large" => small(run, &candidate),
                _ => once(run, &candidate).map(drop),
            };
            match found {
                Err(found) if found.place == best.place => {
                    best = found;
                    shorter = true;
                }
                Err(_) | Ok(()) => at = at.saturating_add(piece),
            }
        }
        if !shorter {
            piece /= 2;
        }
        if until.is_some_and(|until| Instant::now() >= until) {
            break;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hates_x(input: &[u8]) {
        assert!(!input.contains(&b'x'), "there is an x");
    }

    #[test]
    fn a_failure_is_heard_and_made_as_small_as_it_can_be() {
        assert!(bounded(hates_x, b"abc").is_ok());
        let failure = bounded(hates_x, b"a long text with an x somewhere in it").unwrap_err();
        assert!(failure.what.contains("there is an x") && failure.place.contains("trial.rs"), "{failure:?}");
        assert_eq!(minimised(hates_x, failure).input, b"x");
    }

    #[test]
    fn memory_that_grows_beyond_the_bound_is_noticed() {
        fn eats(input: &[u8]) {
            let large = vec![input.len(); 16 * 1024 * 1024];
            assert!(std::hint::black_box(large).len() > 1);
        }
        if watch::measure_memory_anew().is_some() {
            assert!(small(hates_x, b"abc").is_ok());
            assert_eq!(small(eats, b"abc").unwrap_err().place, "large");
        }
    }
}
