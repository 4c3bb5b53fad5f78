//! The ways to a printer.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;

use crate::talk::{Health, Left, Manner, Road, deliver, health};
use crate::trouble::{End, Trouble};

/// Where a printer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// A device file, such as `/dev/usb/lp0`. On Windows a printer is reached over the network or not by this way.
    Device(PathBuf),
    /// Host and port, such as `192.168.1.50:9100`.
    Network(String),
    /// A print queue of the system, by its name, through `lp`.
    Spooler {
        /// The queue.
        queue: String,
        /// Whether the bytes are the printer's own language, which the system must not touch.
        raw: bool,
    },
}

/// Sends a paper. It returns in bounded time, whatever the printer does.
pub async fn send(way: &Way, bytes: &[u8], manner: &Manner) -> End {
    send_to_known(way, bytes, manner, &mut false).await
}

/// Sends a paper to a printer of which is known whether it has ever answered a question, and notes when it does.
pub(crate) async fn send_to_known(way: &Way, bytes: &[u8], manner: &Manner, answers: &mut bool) -> End {
    match way {
        Way::Network(address) => match connected(address, manner).await {
            Ok(stream) => deliver(stream, bytes, manner, answers).await,
            Err(trouble) => End::NothingLeft(trouble),
        },
        Way::Device(path) => match device::open(path) {
            Ok(stream) => deliver(stream, bytes, manner, answers).await,
            Err(trouble) => End::NothingLeft(trouble),
        },
        Way::Spooler { queue, raw } => spool(Path::new("lp"), (queue, *raw), bytes, manner).await,
    }
}

/// Asks a printer how it does, for the settings' test: none is no trouble that it knows of.
pub async fn ask(way: &Way, manner: &Manner) -> Option<Trouble> {
    let health = match way {
        Way::Network(address) => match connected(address, manner).await {
            Ok(mut stream) => health(&mut stream, manner, manner.answer).await,
            Err(trouble) => Health::Bad(trouble),
        },
        Way::Device(path) => match device::open(path) {
            Ok(mut stream) => health(&mut stream, manner, manner.answer).await,
            Err(trouble) => Health::Bad(trouble),
        },
        // The system's queue takes papers whether its printer is on or not, and says itself what is wrong.
        Way::Spooler { .. } => Health::Mute,
    };
    match health {
        Health::Bad(trouble) => Some(trouble),
        Health::Good | Health::Mute => None,
    }
}

async fn connected(address: &str, manner: &Manner) -> Result<TcpStream, Trouble> {
    match timeout(manner.reach, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => {
            // Questions are a few bytes, and their answers are waited for.
            stream.set_nodelay(true).map_err(|_| Trouble::Gone)?;
            Ok(stream)
        }
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => Err(Trouble::Refusing),
        Ok(Err(_)) | Err(_) => Err(Trouble::NotReachable),
    }
}

impl Road for TcpStream {
    fn left(&self) -> Left {
        let (Ok(own), Ok(other)) = (self.local_addr(), self.peer_addr()) else { return Left::NotKnown };
        unsent(own, other)
    }
}

/// What the other side has not acknowledged, as the system lists its connections.
#[cfg(target_os = "linux")]
fn unsent(own: SocketAddr, other: SocketAddr) -> Left {
    let list = if own.is_ipv4() { "/proc/self/net/tcp" } else { "/proc/self/net/tcp6" };
    let Ok(list) = std::fs::read_to_string(list) else { return Left::NotKnown };
    let (own, other) = (listed(own), listed(other));
    let queue = list.lines().find_map(|line| {
        let mut words = line.split_ascii_whitespace().skip(1);
        let ours = words.next()? == own && words.next()? == other;
        // Behind the state: what is still to be sent, a colon, what is still to be read.
        if ours { words.nth(1)?.split(':').next() } else { None }
    });
    match queue.and_then(|queue| u64::from_str_radix(queue, 16).ok()) {
        Some(0) => Left::Nothing,
        Some(_) => Left::Something,
        None => Left::NotKnown,
    }
}

/// An address as that list writes it: words of four bytes as they stand in memory.
#[cfg(target_os = "linux")]
fn listed(address: SocketAddr) -> String {
    use std::fmt::Write as _;
    let octets = match address.ip() {
        std::net::IpAddr::V4(ip) => ip.octets().to_vec(),
        std::net::IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let mut text = String::new();
    for word in octets.as_chunks::<4>().0 {
        // Writing to a text in memory does not fail.
        write!(text, "{:08X}", u32::from_ne_bytes(*word)).ok();
    }
    write!(text, ":{:04X}", address.port()).ok();
    text
}

#[cfg(not(target_os = "linux"))]
fn unsent(_: SocketAddr, _: SocketAddr) -> Left {
    Left::NotKnown
}

/// Through the system's own command: what it has taken, it prints when it can.
async fn spool(program: &Path, (queue, raw): (&str, bool), bytes: &[u8], manner: &Manner) -> End {
    // A name that begins with a hyphen would be read as an option.
    if queue.is_empty() || queue.starts_with('-') {
        return End::NothingLeft(Trouble::NoQueue);
    }
    let mut command = Command::new(program);
    command.args(["-s", "-d", queue]);
    if raw {
        command.args(["-o", "raw"]);
    }
    command.arg("-").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let Ok(mut child) = command.spawn() else { return End::NothingLeft(Trouble::NoQueue) };
    let Some(mut input) = child.stdin.take() else { return End::NothingLeft(Trouble::NoQueue) };
    let errand = async {
        // One that does not want them all may still have said why by how it ends.
        let written = input.write_all(bytes).await.is_ok() && input.shutdown().await.is_ok();
        drop(input);
        (written, child.wait().await)
    };
    match timeout(manner.stall.saturating_add(manner.confirm), errand).await {
        Ok((true, Ok(status))) if status.success() => End::Taken,
        // It hands a paper over whole, at its end, or not at all.
        Ok((_, Ok(_))) => End::NothingLeft(Trouble::NoQueue),
        Ok((_, Err(_))) => End::Unknown(Trouble::Gone),
        Err(_) => End::Unknown(Trouble::Slow),
    }
}

#[cfg(unix)]
mod device {
    use std::fs::OpenOptions;
    use std::io::{self, ErrorKind};
    use std::os::unix::fs::OpenOptionsExt;
    use std::path::Path;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
    use tokio::net::unix::pipe::{Receiver, Sender};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use crate::talk::{Left, Road};
    use crate::trouble::Trouble;

    /// A device file, read and written without holding a thread: a printer without paper takes nothing for hours.
    pub(super) struct Device {
        to: Sender,
        from: Receiver,
    }

    pub(super) fn open(path: &Path) -> Result<Device, Trouble> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
        let file = options.open(path).map_err(|error| trouble(&error))?;
        // A file of the disk takes everything and prints nothing.
        if file.metadata().map_err(|error| trouble(&error))?.is_file() {
            return Err(Trouble::NotReachable);
        }
        let twin = file.try_clone().map_err(|error| trouble(&error))?;
        let to = Sender::from_file_unchecked(file).map_err(|error| trouble(&error))?;
        let from = Receiver::from_file_unchecked(twin).map_err(|error| trouble(&error))?;
        Ok(Device { to, from })
    }

    impl Road for Device {
        /// What a device has taken, it may still hold back: Linux throws away what a USB printer has not got yet when its file
        /// is closed. It takes more only when it has passed the last piece on, so it is asked anew, past tokio's memory.
        fn left(&self) -> Left {
            let mut file = [PollFd::new(&self.to, PollFlags::OUT)];
            match poll(&mut file, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })) {
                Ok(_) if file.iter().any(|file| file.revents().contains(PollFlags::OUT)) => Left::Nothing,
                Ok(_) => Left::Something,
                Err(_) => Left::NotKnown,
            }
        }
    }

    fn trouble(error: &io::Error) -> Trouble {
        if error.kind() == ErrorKind::PermissionDenied { Trouble::NotAllowed } else { Trouble::NotReachable }
    }

    impl AsyncRead for Device {
        fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.from).poll_read(cx, buf)
        }
    }

    impl AsyncWrite for Device {
        fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            Pin::new(&mut self.to).poll_write(cx, buf)
        }

        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.to).poll_flush(cx)
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.to).poll_shutdown(cx)
        }
    }
}

#[cfg(not(unix))]
mod device {
    use std::path::Path;

    use tokio::net::TcpStream;

    use crate::trouble::Trouble;

    /// There are no device files to be opened here: printers are reached over the network.
    pub(super) fn open(_path: &Path) -> Result<TcpStream, Trouble> {
        Err(Trouble::NotReachable)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    /// A print system that does what the script says, in a folder of its own.
    #[expect(clippy::unwrap_used, reason = "a helper of tests, outside of their functions")]
    async fn spooled(script: &str, queue: &str, within: Duration) -> (End, tempfile::TempDir) {
        // A program that is still open for writing can't be started, and whoever starts another one at that moment has it
        // open for an instant: so one after the other.
        static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let _one = ONE.lock().await;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("lp");
        fs::write(&program, format!("#!/bin/sh\ncd '{}'\n{script}\n", folder.path().display())).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        let manner = Manner { stall: within, confirm: within, ..Manner::default() };
        let end = spool(&program, (queue, true), b"a paper", &manner).await;
        (end, folder)
    }

    #[tokio::test]
    async fn the_system_takes_a_paper_with_its_queue_and_untouched() {
        let (end, folder) = spooled("echo \"$@\" > arguments; cat > paper", "counter-2", LONG).await;
        assert_eq!(end, End::Taken);
        assert_eq!(fs::read(folder.path().join("paper")).unwrap(), b"a paper");
        assert_eq!(fs::read_to_string(folder.path().join("arguments")).unwrap(), "-s -d counter-2 -o raw -\n");
    }

    #[tokio::test]
    async fn a_device_that_takes_nothing_more_now_has_not_passed_everything_on() {
        use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
        use rustix::termios::{Action, tcflow};

        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let path = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let stream = device::open(Path::new(&path)).unwrap();
        assert_eq!(stream.left(), Left::Nothing);
        let same = fs::File::options().read(true).write(true).open(&path).unwrap();
        tcflow(&same, Action::OOff).unwrap();
        assert_eq!(stream.left(), Left::Something);
        tcflow(&same, Action::OOn).unwrap();
        assert_eq!(stream.left(), Left::Nothing);
    }

    #[tokio::test]
    async fn a_queue_that_there_is_not_takes_nothing() {
        assert_eq!(spooled("cat > paper; exit 1", "counter-2", LONG).await.0, End::NothingLeft(Trouble::NoQueue));
        assert_eq!(spooled("exit 1", "counter-2", LONG).await.0, End::NothingLeft(Trouble::NoQueue));
        let manner = Manner::default();
        let nowhere = spool(Path::new("/nowhere/lp"), ("counter-2", false), b"a paper", &manner).await;
        assert_eq!(nowhere, End::NothingLeft(Trouble::NoQueue));
    }

    #[tokio::test]
    async fn a_name_that_looks_like_an_option_is_no_queue() {
        let (end, folder) = spooled("cat > paper", "-oraw", LONG).await;
        assert_eq!(end, End::NothingLeft(Trouble::NoQueue));
        assert!(!folder.path().join("paper").exists());
    }

    #[tokio::test]
    async fn a_print_system_that_does_not_end_is_unknown() {
        assert_eq!(
            spooled("exec sleep 60", "counter-2", Duration::from_millis(100)).await.0,
            End::Unknown(Trouble::Slow)
        );
    }
}
