//! A network printer, played: it answers what receipt printers are asked, and keeps what it printed.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::run::wait_for;

/// What the printer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Takes, prints, answers.
    Sound,
    /// Says that it has no paper.
    NoPaper,
    /// Answers its first question after that time, then everything at once.
    Late(Duration),
    /// Takes whatever comes, answers nothing and prints nothing: it is busy with another desk's paper.
    Busy,
    /// Breaks off after that many bytes of a paper.
    Gone(usize),
}

/// A printer with what came out of it.
#[derive(Debug)]
pub struct Printer {
    /// Host and port.
    pub address: String,
    mood: Arc<Mutex<Mood>>,
    papers: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// Longer than any paper takes.
const AT_MOST: Duration = Duration::from_secs(45);
/// How a paper begins, and the question after it.
const BEGIN: &[u8] = b"\x1b@";
const IS_IT_DONE: &[u8] = b"\x1dr\x01";

impl Printer {
    /// A printer on loop-back that listens until the test ends.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start() -> Self {
        Self::at("127.0.0.1:0")
    }

    /// A printer at this address.
    ///
    /// # Panics
    /// When the port is not free.
    #[must_use]
    pub fn at(address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap_or_else(|error| panic!("no port: {error}"));
        let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
        let (mood, papers) = (Arc::new(Mutex::new(Mood::Sound)), Arc::<Mutex<Vec<Vec<u8>>>>::default());
        let printer = Self { address, mood: Arc::clone(&mood), papers: Arc::clone(&papers) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let now = *mood.lock().unwrap_or_else(PoisonError::into_inner);
                let paper = serve(stream, now);
                if !paper.is_empty() {
                    papers.lock().unwrap_or_else(PoisonError::into_inner).push(paper);
                }
            }
        });
        printer
    }

    /// An address on loop-back where nobody listens.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn nobody() -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        listener.unwrap_or_else(|error| panic!("no port: {error}"))
    }

    /// From now on it does so.
    pub fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// How many papers came out, whole or in part.
    #[must_use]
    pub fn count(&self) -> usize {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// What was printed, once there are that many papers. Letters beyond ASCII are not told apart here.
    #[must_use]
    pub fn texts(&self, count: usize) -> Vec<String> {
        wait_for("papers", AT_MOST, || (self.count() >= count).then_some(()));
        let papers = self.papers.lock().unwrap_or_else(PoisonError::into_inner);
        papers.iter().map(|paper| String::from_utf8_lossy(paper).into_owned()).collect()
    }
}

/// One connection: questions before a paper are answered at once, the one after it at its end.
fn serve(mut stream: TcpStream, mood: Mood) -> Vec<u8> {
    let (mut asked, mut paper, mut buffer, mut first) = (Vec::new(), Vec::new(), [0; 4096], true);
    loop {
        let Ok(count @ 1..) = stream.read(&mut buffer) else { return paper };
        if mood == Mood::Busy {
            continue;
        }
        let taken = buffer.get(..count).unwrap_or_default();
        if paper.is_empty() {
            asked.extend_from_slice(taken)
        } else {
            paper.extend_from_slice(taken)
        }
        while asked.starts_with(&[0x10, 0x04]) && asked.len() >= 3 {
            let question: Vec<u8> = asked.drain(..3).collect();
            if let Mood::Late(after) = mood
                && std::mem::take(&mut first)
            {
                std::thread::sleep(after);
            }
            let empty = mood == Mood::NoPaper && question.last() == Some(&4);
            if stream.write_all(&[if empty { 0x72 } else { 0x12 }]).is_err() {
                return paper;
            }
        }
        if asked.starts_with(BEGIN) {
            paper.append(&mut asked);
        }
        if let Mood::Gone(most) = mood
            && paper.len() >= most
        {
            paper.truncate(most);
            return paper;
        }
        if paper.ends_with(IS_IT_DONE) {
            paper.truncate(paper.len().saturating_sub(IS_IT_DONE.len()));
            // Whoever asked may have gone already.
            stream.write_all(&[0]).ok();
            return paper;
        }
    }
}
