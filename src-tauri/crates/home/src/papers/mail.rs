//! Opening a mail's draft in whatever the system writes mail with.

use std::process::{Command, Stdio};

use super::PaperFault;

impl super::Draft {
    /// Opens the draft in the system's mail program.
    ///
    /// # Errors
    /// [`PaperFault::Mail`] where none could be started; the PDF is saved all the same.
    pub fn open(&self) -> Result<(), PaperFault> {
        open(&self.address)
    }
}

#[cfg(target_os = "linux")]
fn command(address: &str) -> Command {
    let mut command = Command::new("xdg-open");
    command.arg(address);
    command
}

#[cfg(target_os = "macos")]
fn command(address: &str) -> Command {
    let mut command = Command::new("open");
    command.arg(address);
    command
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn command(address: &str) -> Command {
    // Not through a shell: an address holds `&` and `%`.
    let mut command = Command::new("rundll32");
    command.args(["url.dll,FileProtocolHandler", address]);
    command
}

fn open(address: &str) -> Result<(), PaperFault> {
    // It is made of our own paper, and nothing else is ever opened here.
    if !address.starts_with("mailto:") {
        return Err(PaperFault::Mail("not a mail's address".to_owned()));
    }
    let mut command = command(address);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| PaperFault::Mail(error.to_string()))?;
    // It goes on by itself; its end is awaited so that no dead process is left.
    std::thread::spawn(move || child.wait());
    Ok(())
}
