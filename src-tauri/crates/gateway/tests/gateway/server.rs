//! A scripted gateway on loop-back: it answers with exactly the bytes it is told to, and keeps every request.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path with its query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Which connection it came by.
    pub(crate) connection: usize,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Answers, and keeps the connection.
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8> },
    /// Answers, then closes the connection although it was to be kept.
    AnswerAndClose { body: Vec<u8> },
    /// Closes without a word.
    Close,
    /// States a longer body than it sends, then closes.
    Cut { status: u16, body: Vec<u8> },
    /// Never answers.
    Silence,
    /// Begins a body and sends a byte again and again, for ever.
    Endless,
    /// Sends a hundred megabytes.
    Flood,
}

/// An answer of JSON.
pub(crate) fn json(status: u16, body: &str) -> Act {
    Act::Answer { status, headers: vec![("content-type", "application/json".to_owned())], body: body.into() }
}

/// An answer of JSON with one more header.
pub(crate) fn json_with(status: u16, header: (&'static str, &str), body: &str) -> Act {
    Act::Answer { status, headers: vec![(header.0, header.1.to_owned())], body: body.into() }
}

/// An answer of a web page.
pub(crate) fn page(status: u16, body: &str) -> Act {
    Act::Answer { status, headers: vec![("content-type", "text/html".to_owned())], body: body.into() }
}

/// How the script decides.
pub(crate) type Script = Arc<dyn Fn(&Request) -> Act + Send + Sync>;

/// The running server; it ends when this is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Request>>>,
    /// Bytes of bodies that were written.
    pub(crate) written: Arc<AtomicUsize>,
    /// How many requests came: to wait for without sleeping.
    pub(crate) count: watch::Receiver<usize>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Shared {
    script: Script,
    seen: Arc<Mutex<Vec<Request>>>,
    written: Arc<AtomicUsize>,
    count: watch::Sender<usize>,
}

impl Server {
    pub(crate) async fn start(script: impl Fn(&Request) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loop-back");
        let port = listener.local_addr().expect("its address").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::new(AtomicUsize::new(0));
        let (sender, count) = watch::channel(0);
        let shared = Arc::new(Shared {
            script: Arc::new(script),
            seen: Arc::clone(&seen),
            written: Arc::clone(&written),
            count: sender,
        });
        let task = tokio::spawn(async move {
            let mut connection = 0;
            while let Ok((stream, _)) = listener.accept().await {
                connection += 1;
                tokio::spawn(serve(stream, connection, Arc::clone(&shared)));
            }
        });
        Self { port, seen, written, count, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Every request so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().expect("no test panicked inside").clone()
    }

    /// Every request to a path so far.
    pub(crate) fn requests_to(&self, path: &str) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.path() == path).collect()
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, connection: usize, shared: Arc<Shared>) {
    while let Some(request) = read_request(&mut stream, connection).await {
        let act = (shared.script)(&request);
        shared.seen.lock().expect("no test panicked inside").push(request);
        shared.count.send_modify(|count| *count += 1);
        if !perform(&mut stream, act, &shared.written).await {
            return;
        }
    }
}

/// Whether the connection goes on.
async fn perform(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), act: Act, written: &AtomicUsize) -> bool {
    match act {
        Act::Answer { status, headers, body } => {
            let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let sent = [head.as_bytes(), b"\r\n", &body].concat();
            stream.write_all(&sent).await.is_ok()
        }
        Act::AnswerAndClose { body } => {
            let head = format!("HTTP/1.1 200 X\r\nconnection: keep-alive\r\ncontent-length: {}\r\n\r\n", body.len());
            let _gone = stream.write_all(&[head.as_bytes(), &body].concat()).await;
            false
        }
        Act::Close => false,
        Act::Cut { status, body } => {
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len() + 100);
            let _gone = stream.write_all(&[head.as_bytes(), &body].concat()).await;
            false
        }
        Act::Silence => {
            // Until the client hangs up.
            let mut byte = [0_u8; 1];
            let _gone = stream.read(&mut byte).await;
            false
        }
        Act::Endless => {
            let mut going = stream.write_all(b"HTTP/1.1 200 X\r\ncontent-length: 900000\r\n\r\n{").await.is_ok();
            while going {
                going = stream.write_all(b" ").await.is_ok() && stream.flush().await.is_ok();
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            false
        }
        Act::Flood => {
            let block = vec![b' '; 64 * 1024];
            let mut going = stream.write_all(b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n").await.is_ok();
            for _ in 0..1_600 {
                going = going && stream.write_all(b"10000\r\n").await.is_ok();
                going = going && stream.write_all(&block).await.is_ok() && stream.write_all(b"\r\n").await.is_ok();
                if !going {
                    return false;
                }
                written.fetch_add(block.len(), Ordering::SeqCst);
            }
            false
        }
    }
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin), connection: usize) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut byte = [0_u8; 1];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).ok()?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap_or(0));
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request { method, target, headers, body, connection })
}

/// Serves one connection of any kind (the TLS test brings its own), and says what was asked.
pub(crate) async fn serve_one(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), act: Act) -> Option<Request> {
    let request = read_request(stream, 1).await?;
    perform(stream, act, &AtomicUsize::new(0)).await;
    Some(request)
}
