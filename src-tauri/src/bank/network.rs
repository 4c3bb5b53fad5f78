//! The network processes of closed bank windows. WebKitGTK starts one for each data folder and never ends it: it would keep
//! every address that the bank's page had, and 12 MB of memory, until the desk ends.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rustix::process::{Pid, PidfdFlags, Signal, getpid, pidfd_open, pidfd_send_signal};

/// Its name as the system shortens it.
const NAME: &str = "WebKitNetworkPr";

/// The desk's own network processes. They are the program's, not a till's: the next till has the same.
static OWN: OnceLock<BTreeSet<i32>> = OnceLock::new();

/// A bank's window is about to be built. What runs before the very first one is the desk's.
pub(super) fn a_window_opens() {
    OWN.get_or_init(|| running().collect());
}

/// No bank's window is open: every process that is not the desk's is ended. Nobody needs it any more.
///
/// Not while a web driver steers the window: WebKit takes the end of any network process, whoever's it was, as the end of
/// the driver's session. The desk's own page notices nothing.
pub(super) fn no_window_is_open() {
    let Some(own) = OWN.get().filter(|_| !crate::anew::is_driven()) else { return };
    for pid in running().filter(|pid| !own.contains(pid)) {
        if end(pid).is_some() {
            tracing::debug!(pid, "the network process of a closed bank window is ended");
        }
    }
}

/// The network processes of this program that have not ended.
fn running() -> impl Iterator<Item = i32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(|pid| is_ours(*pid))
}

fn is_ours(pid: i32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| is_network_process_of(&stat, getpid()))
}

/// Whether that line of the system's tells of a running network process whose parent is `parent`.
fn is_network_process_of(stat: &str, parent: Pid) -> bool {
    // The name stands in brackets and may hold some itself.
    let Some((name, rest)) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(") ")) else { return false };
    let mut fields = rest.split(' ');
    let (state, of) = (fields.next(), fields.next().and_then(|pid| pid.parse().ok()));
    name == NAME && state != Some("Z") && of == Some(parent.as_raw_nonzero().get())
}

/// Ends a process. It is asked once more whose it is when nobody else can get its number any more.
fn end(pid: i32) -> Option<()> {
    let process = pidfd_open(Pid::from_raw(pid)?, PidfdFlags::empty()).ok()?;
    if !is_ours(pid) {
        return None;
    }
    pidfd_send_signal(process, Signal::KILL).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_running_network_process_of_our_own_is_one() {
        let parent = Pid::from_raw(100).unwrap();
        assert!(is_network_process_of("7 (WebKitNetworkPr) S 100 7 7 0", parent));
        for other in [
            "7 (WebKitNetworkPr) S 101 7 7 0",
            "7 (WebKitNetworkPr) Z 100 7 7 0",
            "7 (WebKitWebProces) S 100 7 7 0",
            "7 (a) S 100 (WebKitNetworkPr) S 1 7",
            "",
            "7 (WebKitNetworkPr",
        ] {
            assert!(!is_network_process_of(other, parent), "{other}");
        }
    }

    #[test]
    fn before_a_bank_window_was_opened_nothing_is_ended() {
        no_window_is_open();
        assert!(OWN.get().is_none());
        a_window_opens();
        assert_eq!(OWN.get(), Some(&BTreeSet::new()), "a test has no web view");
    }
}
