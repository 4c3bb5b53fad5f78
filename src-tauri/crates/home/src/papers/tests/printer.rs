//! A network printer, played on loop-back.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the printer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// Takes, prints, answers.
    Sound,
    /// Says that it has no paper.
    NoPaper,
    /// Breaks off after that many bytes of a paper.
    Gone(usize),
    /// Takes a paper byte by byte, and answers at its end.
    Slow,
}

/// A printer with what came out of it.
pub(super) struct Printer {
    pub(super) address: String,
    pub(super) mood: Arc<Mutex<Mood>>,
    papers: watch::Receiver<Vec<Vec<u8>>>,
}

impl Printer {
    pub(super) async fn start(mood: Mood) -> Self {
        Self::at(TcpListener::bind("127.0.0.1:0").await.unwrap(), mood)
    }

    pub(super) fn at(listener: TcpListener, mood: Mood) -> Self {
        let address = listener.local_addr().unwrap().to_string();
        let (mood, (out, papers)) = (Arc::new(Mutex::new(mood)), watch::channel(Vec::new()));
        let played = Self { address, mood: Arc::clone(&mood), papers };
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let mood = *mood.lock().unwrap();
                let paper = serve(stream, mood).await;
                if !paper.is_empty() {
                    out.send_modify(|papers| papers.push(paper));
                }
            }
        });
        played
    }

    /// The text of what was printed, whole or in part, once there are that many papers.
    pub(super) async fn texts(&self, count: usize) -> Vec<String> {
        let papers = self.papers.clone().wait_for(|papers| papers.len() >= count).await.unwrap().clone();
        papers.iter().map(|paper| String::from_utf8_lossy(paper).into_owned()).collect()
    }

    pub(super) fn count(&self) -> usize {
        self.papers.borrow().len()
    }
}

const BEGIN: &[u8] = b"\x1b@";
const IS_IT_DONE: &[u8] = b"\x1dr\x01";

/// One connection: questions before a paper are answered at once, the one after it at its end.
async fn serve(mut stream: TcpStream, mood: Mood) -> Vec<u8> {
    let (mut asked, mut paper) = (Vec::new(), Vec::new());
    let mut buffer = [0; 4096];
    loop {
        let size = if mood == Mood::Slow { 16 } else { buffer.len() };
        let Ok(count @ 1..) = stream.read(&mut buffer[..size]).await else { return paper };
        if paper.is_empty() {
            asked.extend_from_slice(&buffer[..count]);
        } else {
            paper.extend_from_slice(&buffer[..count]);
        }
        while asked.starts_with(&[0x10, 0x04]) && asked.len() >= 3 {
            let question: Vec<u8> = asked.drain(..3).collect();
            let answer = if mood == Mood::NoPaper && question[2] == 4 { 0x72 } else { 0x12 };
            stream.write_all(&[answer]).await.unwrap();
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
            paper.truncate(paper.len() - IS_IT_DONE.len());
            stream.write_all(&[0]).await.unwrap();
            return paper;
        }
    }
}
