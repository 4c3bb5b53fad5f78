//! Waits for one moment in a program's life and kills it there, once.

use std::mem::MaybeUninit;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::OwnedFd;
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::plan::{File, Moment, Point, Reach, WireCall};

/// How often a file's watcher looks whether it is still needed.
const LOOK: Duration = Duration::from_millis(50);

/// What is about to be killed, and when.
#[derive(Debug)]
struct Armed {
    pid: Pid,
    reach: Reach,
    moment: Moment,
    seen: u32,
}

/// The trap; everything that hears of a moment holds one.
#[derive(Debug, Clone, Default)]
pub struct Trap(Arc<Mutex<Option<Armed>>>);

impl Trap {
    fn state(&self) -> MutexGuard<'_, Option<Armed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the trap for a program that has just begun.
    pub fn arm(&self, pid: u32, reach: Reach, moment: Moment) {
        let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
        *self.state() = pid.map(|pid| Armed { pid, reach, moment, seen: 0 });
    }

    /// Takes the trap away, because the program has ended.
    pub fn disarm(&self) {
        *self.state() = None;
    }

    fn is_armed(&self) -> bool {
        self.state().is_some()
    }

    /// Kills, unless that was done already or the program has ended.
    pub fn strike(&self) {
        let Some(armed) = self.state().take() else { return };
        // It may be gone by itself in this very moment.
        let _gone = match armed.reach {
            Reach::Program => kill_process(armed.pid, Signal::KILL),
            Reach::Group => kill_process_group(armed.pid, Signal::KILL),
        };
    }

    /// Kills after a little while.
    fn strike_after(&self, micros: u32) {
        if micros > 0 {
            thread::sleep(Duration::from_micros(micros.into()));
        }
        self.strike();
    }

    /// A request came over the wire: where in it the program is to fall, if it is this one.
    #[must_use]
    pub fn heard(&self, call: WireCall) -> Option<Point> {
        let mut state = self.state();
        let armed = state.as_mut()?;
        let Moment::Wire { call: wanted, nth, point } = armed.moment else { return None };
        if wanted != call {
            return None;
        }
        armed.seen = armed.seen.saturating_add(1);
        (armed.seen == nth).then_some(point)
    }

    /// The program has said a line.
    pub fn line(&self, line: &str) {
        let wanted = match self.state().as_ref().map(|armed| armed.moment) {
            Some(Moment::Said { word, micros }) if line.contains(word) => Some(micros),
            Some(_) | None => None,
        };
        if let Some(micros) = wanted {
            self.strike_after(micros);
        }
    }
}

/// What must listen beside the program itself: to the clock or to a file of its home. Made before the program begins, so
/// that it misses nothing.
#[derive(Debug)]
pub struct Listener {
    began: Instant,
    what: What,
}

#[derive(Debug)]
enum What {
    Nothing,
    Clock(Duration),
    File { watch: OwnedFd, name: &'static str, nth: u32, micros: u32 },
}

impl Listener {
    /// What `moment` needs.
    ///
    /// # Errors
    /// When the folder can't be watched.
    pub fn of(moment: Moment, home: &Path) -> std::io::Result<Self> {
        let what = match moment {
            Moment::After(delay) => What::Clock(delay),
            Moment::Changed { file, nth, micros } => {
                let watch = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
                inotify::add_watch(&watch, home, WatchFlags::MODIFY)?;
                let name = match file {
                    File::Log => "journal.db-wal",
                    File::Head => "journal.head",
                };
                What::File { watch, name, nth, micros }
            }
            Moment::Said { .. } | Moment::Wire { .. } => What::Nothing,
        };
        Ok(Self { began: Instant::now(), what })
    }

    /// Listens, in a thread of its own, until the moment or the program's end.
    pub fn listen(self, trap: &Trap) {
        let trap = trap.clone();
        match self.what {
            What::Nothing => {}
            What::Clock(delay) => {
                thread::spawn(move || {
                    thread::sleep(delay.saturating_sub(self.began.elapsed()));
                    trap.strike();
                });
            }
            What::File { watch, name, nth, micros } => {
                thread::spawn(move || {
                    if changed(&watch, name, nth, &trap).is_some() {
                        trap.strike_after(micros);
                    }
                });
            }
        }
    }
}

/// Returns at the nth change of the file, or with `None` when nobody is to be killed any more.
fn changed(watch: &OwnedFd, name: &str, nth: u32, trap: &Trap) -> Option<()> {
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut reader = inotify::Reader::new(watch, &mut buffer);
    let mut seen = 0_u32;
    let look = rustix::time::Timespec::try_from(LOOK).ok()?;
    while trap.is_armed() {
        let mut ready = [PollFd::new(watch, PollFlags::IN)];
        if poll(&mut ready, Some(&look)).is_err() {
            return None;
        }
        while let Ok(event) = reader.next() {
            if event.file_name().is_some_and(|file| file.to_bytes() == name.as_bytes()) {
                seen = seen.saturating_add(1);
                if seen == nth {
                    return Some(());
                }
            }
        }
    }
    None
}
