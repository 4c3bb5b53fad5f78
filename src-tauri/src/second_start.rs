//! One running desk a home folder. Whoever starts it again sees the one that runs: the second start asks the first, over
//! a local socket in the home folder, to come to the front, and ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use interprocess::local_socket::{Listener, ListenerOptions, Name, Stream, prelude::*};
use vezne_core::search::{Named, named};

/// Held by the running desk; the system lets go of it however the process ends.
const LOCK_FILE: &str = "desk.lock";
/// The socket's file.
#[cfg(unix)]
const SOCKET_FILE: &str = "desk.sock";
/// What the second start asks.
const SHOW: &str = "show\n";
/// What it asks where it was given a link: this, and the id that the link names.
const OPEN: &str = "open ";
/// The longest question.
const QUESTION_BYTES: u64 = 64;
/// What the first answers when its window was asked to come to the front.
const SHOWN: &str = "shown\n";
/// How long the second start waits for a first one that is just starting, or is busy.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one side waits for the other's line.
const LINE_DEADLINE: Duration = Duration::from_secs(3);
/// Between two tries to reach a first start that is not listening yet.
const PAUSE: Duration = Duration::from_millis(50);

/// Which start this is.
pub(crate) enum Start {
    /// The first: it goes on, and answers at the door.
    First(Door),
    /// The second, and the first has come to the front.
    Shown,
    /// The second, and the first gave no answer in time.
    Silent,
}

/// Where later starts ask. The home folder is this desk's as long as it lives.
pub(crate) struct Door {
    /// Holds the system's lock as long as it is open.
    lock: File,
    /// `None` where no socket could be made: a second start then ends without raising this one.
    listener: Option<Listener>,
}

/// Finds out which start this is, in a home folder that is there.
///
/// # Errors
/// The system's, when the lock's file can't be made.
pub(crate) fn knock(folder: &Path, link: Option<Named>) -> std::io::Result<Start> {
    knock_for(folder, link, PATIENCE)
}

fn knock_for(folder: &Path, link: Option<Named>, patience: Duration) -> std::io::Result<Start> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options.open(folder.join(LOCK_FILE))?;
    let begun = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(Start::First(answering(folder, lock))),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        // Whoever holds the lock may be about to end: then it is tried again, until somebody answers or patience ends.
        match ask_once(folder, link) {
            Ok(()) => return Ok(Start::Shown),
            Err(error) if begun.elapsed() >= patience => {
                tracing::warn!(%error, "the desk that runs gives no answer");
                return Ok(Start::Silent);
            }
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}

/// The door of the desk that holds the lock.
fn answering(folder: &Path, lock: File) -> Door {
    let listener = match listen(folder) {
        Ok(listener) => Some(listener),
        Err(error) => {
            // A path that is too long for a socket, say: the desk works, only a second start can't raise it.
            tracing::warn!(%error, "later starts can't be answered");
            None
        }
    };
    Door { lock, listener }
}

fn ask_once(folder: &Path, link: Option<Named>) -> std::io::Result<()> {
    let mut stream = Stream::connect(name(folder)?)?;
    be_bounded(&stream);
    let question = link.map_or_else(|| SHOW.to_owned(), |named| format!("{OPEN}{named}\n"));
    stream.write_all(question.as_bytes())?;
    if line(&stream)? == SHOWN { Ok(()) } else { Err(std::io::Error::other("another answer than expected")) }
}

impl Door {
    /// Answers from now on, on a thread of its own: `raise` brings the window to the front, and shows what a link names.
    pub(crate) fn open(self, raise: impl Fn(Option<Named>) + Send + 'static) {
        let answering = std::thread::Builder::new().name("door".to_owned()).spawn(move || {
            let Self { lock, listener } = self;
            if let Some(listener) = listener {
                for stream in listener.incoming() {
                    match stream.and_then(|stream| answer(stream, &raise)) {
                        Ok(()) => tracing::info!("a second start was shown this desk"),
                        Err(error) => tracing::info!(%error, "a second start could not be answered"),
                    }
                }
            }
            // Never reached while the listener lives; without one the lock must outlive this thread all the same.
            Box::leak(Box::new(lock));
        });
        if let Err(error) = answering {
            tracing::warn!(%error, "later starts can't be answered");
        }
    }
}

fn answer(mut stream: Stream, raise: &impl Fn(Option<Named>)) -> std::io::Result<()> {
    be_bounded(&stream);
    let asked = line(&stream)?;
    let link = asked.strip_prefix(OPEN).and_then(|id| id.strip_suffix('\n')).and_then(named);
    if asked != SHOW && link.is_none() {
        return Err(std::io::Error::other("another question than expected"));
    }
    raise(link);
    stream.write_all(SHOWN.as_bytes())
}

/// One line, and no more of it than the longest there is.
fn line(stream: &Stream) -> std::io::Result<String> {
    let mut line = String::new();
    BufReader::new(stream.take(QUESTION_BYTES)).read_line(&mut line)?;
    Ok(line)
}

/// Where the platform can't bound a wait, the other side is a desk too and answers at once.
fn be_bounded(stream: &Stream) {
    let bounded = stream.set_recv_timeout(Some(LINE_DEADLINE)).and(stream.set_send_timeout(Some(LINE_DEADLINE)));
    if let Err(error) = bounded {
        tracing::debug!(%error, "a local socket without deadlines");
    }
}

/// What a desk that ended badly has left is replaced: the lock says that nobody listens there.
fn listen(folder: &Path) -> std::io::Result<Listener> {
    let options = ListenerOptions::new().name(name(folder)?).try_overwrite(true);
    #[cfg(target_os = "linux")]
    let options = interprocess::os::unix::local_socket::ListenerOptionsExt::mode(options, 0o600);
    options.create_sync()
}

#[cfg(unix)]
fn name(folder: &Path) -> std::io::Result<Name<'static>> {
    folder.join(SOCKET_FILE).to_fs_name::<interprocess::local_socket::GenericFilePath>()
}

/// Pipes have a namespace of their own, so the folder is in the name.
#[cfg(not(unix))]
fn name(folder: &Path) -> std::io::Result<Name<'static>> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    format!("vezne-desk-{:016x}", hasher.finish()).to_ns_name::<interprocess::local_socket::GenericNamespaced>()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn first(folder: &Path) -> Door {
        match knock(folder, None).unwrap() {
            Start::First(door) => door,
            Start::Shown | Start::Silent => panic!("somebody else is there"),
        }
    }

    #[test]
    fn a_second_start_raises_the_first_and_ends() {
        let folder = tempfile::tempdir().unwrap();
        let (raised, news) = mpsc::channel();
        first(folder.path()).open(move |link| raised.send(link).unwrap());
        for _ in 0..3 {
            assert!(matches!(knock(folder.path(), None).unwrap(), Start::Shown));
            news.recv().unwrap();
        }
    }

    #[test]
    fn a_second_start_with_a_link_has_the_first_show_what_it_names() {
        let folder = tempfile::tempdir().unwrap();
        let (raised, news) = mpsc::channel();
        first(folder.path()).open(move |link| raised.send(link).unwrap());
        let payment = vezne_core::ids::PaymentId::from_parts(vezne_core::time::Timestamp::from_millis(1), [7; 10]);
        let link = named(&vezne_core::search::link(payment));
        assert!(matches!(knock(folder.path(), link).unwrap(), Start::Shown));
        assert_eq!(news.recv().unwrap(), Some(Named::Payment(payment)));
    }

    #[test]
    fn a_first_start_that_does_not_answer_is_not_waited_for_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let door = first(folder.path());
        std::fs::remove_file(folder.path().join(SOCKET_FILE)).unwrap();
        assert!(matches!(knock_for(folder.path(), None, Duration::ZERO).unwrap(), Start::Silent));
        drop(door);
    }

    #[test]
    fn a_start_beside_a_desk_that_is_just_ending_becomes_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let mut ending = first(folder.path());
        // It answers nobody any more, and still holds the lock when the next one knocks.
        drop(ending.listener.take());
        assert!(matches!(knock_for(folder.path(), None, Duration::ZERO).unwrap(), Start::Silent));
        let path = folder.path().to_owned();
        let next = std::thread::spawn(move || knock(&path, None).unwrap());
        drop(ending);
        assert!(matches!(next.join().unwrap(), Start::First(_)));
    }

    #[test]
    fn what_a_desk_that_ended_badly_left_behind_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let mut door = first(folder.path());
        door.listener.as_mut().unwrap().do_not_reclaim_name_on_drop();
        drop(door);
        assert!(folder.path().join(SOCKET_FILE).exists());
        let (raised, news) = mpsc::channel();
        first(folder.path()).open(move |link| raised.send(link).unwrap());
        assert!(matches!(knock(folder.path(), None).unwrap(), Start::Shown));
        news.recv().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn the_socket_and_the_lock_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let _door = first(folder.path());
        for file in [LOCK_FILE, SOCKET_FILE] {
            let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }

    #[test]
    fn who_asks_something_else_gets_no_answer() {
        let folder = tempfile::tempdir().unwrap();
        let (raised, news) = mpsc::channel();
        first(folder.path()).open(move |link| raised.send(link).unwrap());
        let mut stream = Stream::connect(name(folder.path()).unwrap()).unwrap();
        stream.write_all(b"pay 545.00\n").unwrap();
        assert_eq!(line(&stream).unwrap_or_default(), "");
        let mut stream = Stream::connect(name(folder.path()).unwrap()).unwrap();
        stream.write_all(b"open ../../etc/passwd\n").unwrap();
        assert_eq!(line(&stream).unwrap_or_default(), "");
        assert!(matches!(knock(folder.path(), None).unwrap(), Start::Shown));
        news.recv().unwrap();
        assert!(news.try_recv().is_err(), "it was raised by a stranger's question");
    }
}
