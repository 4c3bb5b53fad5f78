//! Opening a mail's draft in whatever the system writes mail with.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use super::PaperFault;

impl super::Draft {
    /// Opens the draft in the system's mail program.
    ///
    /// # Errors
    /// [`PaperFault::Mail`] where there is none; the PDF is saved all the same.
    pub async fn open(&self) -> Result<(), PaperFault> {
        open(&self.address).await
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

/// How long it may take until it says that there is nothing to write mail with; one that goes on has found something.
const SAYS_NO: Duration = Duration::from_secs(2);

async fn open(address: &str) -> Result<(), PaperFault> {
    // It is made of our own paper, and nothing else is ever opened here.
    if !address.starts_with("mailto:") {
        return Err(PaperFault::Mail("not a mail's address".to_owned()));
    }
    started(command(address)).await
}

async fn started(mut command: Command) -> Result<(), PaperFault> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| PaperFault::Mail(error.to_string()))?;
    match timeout(SAYS_NO, child.wait()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(PaperFault::Mail(status.to_string())),
        Ok(Err(error)) => Err(PaperFault::Mail(error.to_string())),
        Err(_) => {
            // It goes on by itself; its end is awaited so that no dead process is left.
            tokio::spawn(async move { child.wait().await });
            Ok(())
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn a_system_without_a_mail_program_is_told_of() {
        assert_eq!(started(shell("exit 0")).await, Ok(()));
        assert!(matches!(started(shell("exit 3")).await, Err(PaperFault::Mail(_))), "as xdg-open ends then");
        assert!(matches!(started(Command::new("/nowhere/xdg-open")).await, Err(PaperFault::Mail(_))));
        // A mail program that stays in front is one.
        assert_eq!(started(shell("exec sleep 4")).await, Ok(()));
        assert!(matches!(open("file:///etc/passwd").await, Err(PaperFault::Mail(_))));
    }
}
