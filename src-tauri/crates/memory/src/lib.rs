#![doc = include_str!("../README.md")]

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

/// A heap that writes zeros over everything that it is given back.
pub type WipingHeap = ZeroAlloc<System>;

/// The one heap of a program, for its `#[global_allocator]`.
pub const WIPING_HEAP: WipingHeap = ZeroAlloc(System);

/// With this in its environment, a debug build may be read by its own user's other programs.
#[cfg(all(target_os = "linux", debug_assertions))]
const READABLE_VARIABLE: &str = "VEZNE_MEMORY_READABLE";

/// Lets nobody read this process's memory, as far as the system can be asked for that: no core dumps, here and in what it
/// starts; on Linux, no debugger and no reader of the same user either. Holds until another program takes the process's place.
///
/// # Errors
/// When the system refuses: nothing is less safe than it was, and whoever called should write it down.
#[cfg(unix)]
pub fn keep_private() -> std::io::Result<()> {
    use rustix::process::{setrlimit, Resource, Rlimit};
    let made_unreadable = make_unreadable();
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    made_unreadable
}

/// Elsewhere the system writes no memory down unless its owner has set it up so, and has no such switch for a program.
///
/// # Errors
/// None here.
#[cfg(not(unix))]
pub const fn keep_private() -> std::io::Result<()> {
    Ok(())
}

/// Takes variables out of this process's environment, so that what it starts does not find them. Says whether that was done.
///
/// Another thread that reads the environment meanwhile would read what is being moved about; so nothing is done once there is
/// a second thread, or where it can't be told how many there are.
#[must_use]
pub fn forget_variables(names: &[&str]) -> bool {
    let threads = std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    if threads != 1 {
        return false;
    }
    for name in names {
        std::env::remove_var(name);
    }
    true
}

#[cfg(target_os = "linux")]
fn make_unreadable() -> std::io::Result<()> {
    #[cfg(debug_assertions)]
    if std::env::var_os(READABLE_VARIABLE).is_some_and(|value| value == "1") {
        return Ok(());
    }
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

#[cfg(all(unix, not(target_os = "linux")))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail where there is something to do")]
const fn make_unreadable() -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[global_allocator]
    static HEAP: WipingHeap = WIPING_HEAP;

    #[test]
    fn a_program_with_several_threads_keeps_its_environment() {
        let (done, wait) = std::sync::mpsc::channel::<()>();
        let second = std::thread::spawn(move || wait.recv().is_err());
        assert!(!forget_variables(&["PATH"]) && std::env::var_os("PATH").is_some());
        drop(done);
        assert!(second.join().unwrap());
    }

    #[test]
    fn nothing_is_dumped_and_nobody_reads() {
        keep_private().unwrap();
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_ascii_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"]);
        let behaviour = rustix::process::dumpable_behavior().unwrap();
        assert_eq!(behaviour, rustix::process::DumpableBehavior::NotDumpable);
        // What the programs ask of themselves still works.
        assert!(std::env::current_exe().is_ok() && std::fs::read_to_string("/proc/self/status").is_ok());
    }
}
