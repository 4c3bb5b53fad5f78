//! No input may take long, or much memory.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// An input still running after this long counts as hanging: the process is ended, the input kept.
const HANGS: Duration = Duration::from_secs(20);

/// How long one input may take, measured again before it is believed. Built without optimisation everything is slower.
pub(crate) const SLOW: Duration = Duration::from_millis(if cfg!(debug_assertions) { 2_000 } else { 250 });

/// How much memory one input may take at its peak, in KiB: a mebibyte of body is read into at most some copies of it.
pub(crate) const LARGE_KIB: u64 = 48 * 1024;

/// What runs now, and since when.
type Now = Arc<Mutex<Option<(Instant, Vec<u8>)>>>;

/// Ends the process when an input hangs.
pub(crate) struct Watchdog(Now);

impl Watchdog {
    /// Watches; a hanging input is written to `kept`.
    pub(crate) fn start(kept: PathBuf) -> Self {
        let now: Now = Arc::default();
        let watched = Arc::downgrade(&now);
        std::thread::spawn(move || {
            while let Some(now) = watched.upgrade() {
                let hangs =
                    now.lock().unwrap_or_else(PoisonError::into_inner).take_if(|(since, _)| since.elapsed() > HANGS);
                if let Some((_, input)) = hangs {
                    // The process ends either way.
                    let _folder = fs::create_dir_all(&kept);
                    let _written = fs::write(kept.join("hangs"), &input);
                    std::process::abort();
                }
                drop(now);
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        Self(now)
    }

    /// This input runs from now on.
    pub(crate) fn begin(&self, input: &[u8]) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), input.to_vec()));
    }

    /// It has ended.
    pub(crate) fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// How long this thread has been on a processor; `None` where that can't be told.
pub(crate) fn processor_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Begins to measure the peak of this process's memory anew, and says how much it holds now, in KiB; `None` where that can't
/// be told.
pub(crate) fn measure_memory_anew() -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    memory("VmRSS:")
}

/// The peak since then, in KiB.
pub(crate) fn memory_peak() -> Option<u64> {
    memory("VmHWM:")
}

fn memory(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
