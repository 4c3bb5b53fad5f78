//! Nobody drives the window from outside: the switch by which a web driver could is taken away before anything starts.

use std::ffi::{OsStr, OsString};
use std::process::Command;

/// With this in its environment the webview lets a web driver read and click everything, in release builds too.
const SWITCH: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Whether this build may be driven: packages are built without the feature.
const MAY_BE_DRIVEN: bool = cfg!(feature = "webdriver");

/// Starts the program anew without the switch when it was started with it. A process can't safely take a variable out of
/// its own environment, so another one takes its place.
///
/// # Errors
/// When the program could not be started anew: it must not go on then.
pub(crate) fn withdraw() -> std::io::Result<()> {
    if MAY_BE_DRIVEN || std::env::var_os(SWITCH).is_none() {
        return Ok(());
    }
    take_place(without_switch(std::env::current_exe()?.as_os_str(), std::env::args_os().skip(1)))
}

fn without_switch(program: &OsStr, arguments: impl Iterator<Item = OsString>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env_remove(SWITCH);
    command
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

    #[test]
    fn the_new_process_has_the_same_arguments_and_no_switch() {
        let command = without_switch(OsStr::new("vezne"), ["--training"].into_iter().map(OsString::from));
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["--training"]);
        assert_eq!(command.get_envs().collect::<Vec<_>>(), [(OsStr::new(SWITCH), None)]);
    }
}
