//! A network printer, played.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use vezne_printing::{Manner, Way};

/// What a played printer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Takes, prints, answers.
    Sound,
    /// Takes and prints, and never says a word.
    Mute,
    /// Says that it has no paper.
    NoPaper,
    /// Says that its cover is open.
    CoverOpen,
    /// Answers questions at once, and takes nothing.
    Stuck,
    /// Runs out of paper after that many bytes: what comes after waits in it for ever.
    RunsOut(usize),
    /// Answers questions at once, reports by itself whenever it is written to, and never says that it is through.
    Chatty,
    /// Answers its first question after that time, then everything at once.
    Late(Duration),
    /// Takes whatever comes, answers nothing and prints nothing: it is busy with another desk's paper, or with itself.
    Busy,
    /// Breaks the connection after that many bytes of a paper.
    Gone(usize),
}

/// A printer with what came out of it.
pub(crate) struct Played {
    pub(crate) way: Way,
    pub(crate) mood: Arc<Mutex<Mood>>,
    papers: watch::Receiver<Vec<Vec<u8>>>,
}

/// Long times for what comes, however busy the machine is. A test that waits for what never comes shortens its own.
pub(crate) fn manner() -> Manner {
    let long = Duration::from_secs(20);
    Manner { asks: true, reach: long, answer: long, late: long, stall: long, confirm: long }
}

/// For what never comes.
pub(crate) const NEVER: Duration = Duration::from_millis(200);

impl Played {
    pub(crate) async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let way = Way::Network(listener.local_addr().unwrap().to_string());
        let (mood, (out, papers)) = (Arc::new(Mutex::new(mood)), watch::channel(Vec::new()));
        let played = Self { way, mood: Arc::clone(&mood), papers };
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let mood = *mood.lock().unwrap();
                // One paper at a time, as printers do.
                let paper = serve(stream, mood).await;
                if !paper.is_empty() {
                    out.send_modify(|papers| papers.push(paper));
                }
            }
        });
        played
    }

    /// What was printed, whole or in part, in order, once there are that many papers.
    pub(crate) async fn papers(&self, count: usize) -> Vec<Vec<u8>> {
        self.papers.clone().wait_for(|papers| papers.len() >= count).await.unwrap().clone()
    }
}

/// One connection: questions are answered, the rest is printed.
async fn serve(mut stream: TcpStream, mood: Mood) -> Vec<u8> {
    let (mut paper, mut pending, mut first) = (Vec::new(), Vec::new(), true);
    loop {
        let mut buffer = [0; 512];
        let Ok(count @ 1..) = stream.read(&mut buffer).await else { return paper };
        pending.extend_from_slice(buffer.get(..count).unwrap());
        while let Some(byte) = pending.first().copied() {
            let head: Vec<u8> = pending.iter().copied().take(3).collect();
            if matches!(byte, 0x10 | 0x1d) && head.len() < 3 && b"\x10\x04".iter().chain(b"\x1dr").any(|b| *b == byte) {
                // A question that is not here as a whole yet.
                break;
            }
            match head.as_slice() {
                [0x10, 0x04, question] => {
                    let question = *question;
                    pending.drain(..3);
                    if let Mood::Late(after) = mood
                        && std::mem::take(&mut first)
                    {
                        tokio::time::sleep(after).await;
                    }
                    if let Some(answer) = at_once(mood, question, paper.len()) {
                        stream.write_all(&[answer]).await.unwrap();
                    }
                }
                [0x1d, b'r', 1] => {
                    pending.drain(..3);
                    if matches!(mood, Mood::Sound | Mood::Late(_)) {
                        stream.write_all(&[0x00]).await.unwrap();
                    }
                }
                _ if mood == Mood::Busy => pending.clear(),
                _ => {
                    pending.remove(0);
                    if mood == Mood::Chatty && paper.is_empty() {
                        stream.write_all(&[0x14, 0x00, 0x0f, 0x00]).await.unwrap();
                    }
                    // Past its paper's end it keeps what comes, and prints none of it.
                    if !matches!(mood, Mood::RunsOut(most) if paper.len() >= most) {
                        paper.push(byte);
                    }
                }
            }
            if matches!(mood, Mood::Gone(most) if paper.len() >= most) {
                return paper;
            }
        }
        if mood == Mood::Stuck && pending.is_empty() {
            // From here on it takes nothing, and the connection stays open.
            stuck(&mut stream).await;
            return paper;
        }
    }
}

/// Answers the other questions, then takes nothing until the other side gives up.
async fn stuck(stream: &mut TcpStream) {
    for _ in 0..2 {
        let mut question = [0; 3];
        if stream.read_exact(&mut question).await.is_err() {
            return;
        }
        stream.write_all(&[0x12]).await.unwrap();
    }
    // Full at both ends: only the other side's end wakes this one.
    stream.ready(tokio::io::Interest::ERROR).await.ok();
}

fn at_once(mood: Mood, question: u8, printed: usize) -> Option<u8> {
    let empty = matches!(mood, Mood::NoPaper) || matches!(mood, Mood::RunsOut(most) if printed >= most);
    match (mood, question) {
        (Mood::Mute | Mood::Busy, _) => None,
        (Mood::CoverOpen, 2) => Some(0x16),
        (_, 2) if empty => Some(0x32),
        (_, 4) if empty => Some(0x72),
        _ => Some(0x12),
    }
}
