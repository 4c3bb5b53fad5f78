//! The program takes its own place once, with another environment, before anything starts:
//!
//! - Nobody drives the window from outside: the switch by which a web driver could is taken away.
//! - What the window's library frees is written over. The web view tells this process, key by key, what stands around the
//!   caret, for input methods; a card number is among that, and the library's own heap would leave it lying about. So in this
//!   process the library uses the system's heap (`Malloc`), and that one writes over what it is given back (`perturb`; without
//!   `tcache`, which would pass small pieces on as they are). The web view's own processes, which show strangers' pages,
//!   keep the library's heap: it is the harder one to attack, and pages that saw a card end with their process.

use std::ffi::{OsStr, OsString};
use std::process::Command;

use crate::arguments::OPEN_PAGE;

/// With this in its environment the webview lets a web driver read and click everything, in release builds too.
const SWITCH: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Whether this build may be driven: packages are built without the feature.
const MAY_BE_DRIVEN: bool = cfg!(feature = "webdriver");

/// With this in its environment the window's library has no heap of its own.
const SYSTEM_HEAP: &str = "Malloc";

/// What the system's heap is told.
const TUNABLES: &str = "GLIBC_TUNABLES";
const WIPES: &str = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0";

/// Whether a driver has the window in its hands.
#[cfg(target_os = "linux")]
pub(crate) fn is_driven() -> bool {
    MAY_BE_DRIVEN && std::env::var_os(SWITCH).is_some()
}

/// Starts the program anew if its environment is not yet what it must be. A process can't safely take a variable out of
/// its own environment in general, so another one takes its place.
///
/// # Errors
/// When the program could not be started anew: it must not go on then.
pub(crate) fn start_anew() -> std::io::Result<()> {
    let found = Found {
        switch: std::env::var_os(SWITCH).is_some(),
        tunables: std::env::var_os(TUNABLES),
        system_heap: std::env::var_os(SYSTEM_HEAP).is_some(),
    };
    let for_one_page = std::env::args_os().any(|word| word == OPEN_PAGE);
    if found.is_right(for_one_page) {
        settle_heap(found.system_heap && found.wipes());
        return Ok(());
    }
    take_place(found.anew(std::env::current_exe()?.as_os_str(), std::env::args_os().skip(1)))
}

/// The library has decided on its heap when it was loaded, and the system's heap when the process began; from then on nobody
/// need know what they were told, least of all the processes that this one starts.
fn settle_heap(told: bool) {
    if told && !vezne_memory::forget_variables(&[SYSTEM_HEAP, TUNABLES]) {
        tracing::warn!("the web view's processes inherit this one's way with memory");
    }
}

/// What the environment holds of all this.
struct Found {
    switch: bool,
    tunables: Option<OsString>,
    system_heap: bool,
}

impl Found {
    fn wipes(&self) -> bool {
        self.tunables.as_ref().is_some_and(|set| set.to_string_lossy().contains(WIPES))
    }

    fn is_right(&self, for_one_page: bool) -> bool {
        let heap = for_one_page || !cfg!(target_os = "linux") || (self.wipes() && self.system_heap);
        heap && (MAY_BE_DRIVEN || !self.switch)
    }

    fn anew(&self, program: &OsStr, arguments: impl Iterator<Item = OsString>) -> Command {
        let mut command = Command::new(program);
        command.args(arguments);
        if !MAY_BE_DRIVEN {
            command.env_remove(SWITCH);
        }
        if cfg!(target_os = "linux") {
            // What somebody has set stays, but for what is said again: the last word counts.
            let mut tunables = self.tunables.clone().unwrap_or_default();
            if !tunables.is_empty() {
                tunables.push(":");
            }
            tunables.push(WIPES);
            command.env(TUNABLES, tunables).env(SYSTEM_HEAP, "1");
        }
        command
    }
}

/// The same process goes on as the new one, so whoever started it sees no difference.
#[cfg(unix)]
fn take_place(mut command: Command) -> std::io::Result<()> {
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

/// Where a process can't be replaced, this one waits and ends as the new one ends.
#[cfg(not(unix))]
fn take_place(mut command: Command) -> std::io::Result<()> {
    let status = command.status()?;
    std::process::exit(status.code().unwrap_or(1));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(found: &Found) -> Vec<(String, Option<String>)> {
        let command = found.anew(OsStr::new("vezne"), ["--training"].into_iter().map(OsString::from));
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["--training"]);
        let text = |text: &OsStr| text.to_string_lossy().into_owned();
        command.get_envs().map(|(name, value)| (text(name), value.map(text))).collect()
    }

    #[test]
    #[cfg(not(feature = "webdriver"))]
    fn the_new_process_has_the_same_arguments_and_no_switch() {
        let found = Found { switch: true, tunables: Some(WIPES.into()), system_heap: true };
        assert!(!found.is_right(false) && !found.is_right(true));
        assert!(environment(&found).contains(&(SWITCH.to_owned(), None)));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_new_process_wipes_its_heap_and_what_was_set_stays() {
        let bare = Found { switch: false, tunables: None, system_heap: false };
        assert!(!bare.is_right(false), "it starts anew once");
        assert!(bare.is_right(true), "what opens one page in a browser has no use for it");
        assert!(environment(&bare).contains(&(TUNABLES.to_owned(), Some(WIPES.to_owned()))));
        let set = Found { tunables: Some("glibc.malloc.arena_max=1".into()), ..bare };
        let both = format!("glibc.malloc.arena_max=1:{WIPES}");
        assert!(environment(&set).contains(&(TUNABLES.to_owned(), Some(both.clone()))));
        assert!(
            Found { tunables: Some(both.into()), system_heap: true, switch: false }.is_right(false),
            "and not again"
        );
    }
}
