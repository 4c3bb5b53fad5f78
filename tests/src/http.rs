//! The smallest HTTP/1.1 client that a scripted browser and a web driver's client need: plain http, one request a
//! connection, no redirects of its own.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use url::Url;

/// How long connecting, and each read, may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Answers above this are cut off; no page and no screenshot is this long.
const BODY_LIMIT_BYTES: u64 = 16 * 1024 * 1024;

/// A request as a browser makes it.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Where to; http only.
    pub url: Url,
    /// A form's body, urlencoded; empty for GET.
    pub form: String,
    /// What asks for it, as `Sec-Fetch-Dest`: `document`, `iframe` or `image`.
    pub destination: &'static str,
}

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The `Location` header, if there is one.
    pub location: Option<String>,
    /// The body as text; bytes that are no UTF-8 are replaced.
    pub body: String,
}

fn wrong(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}

/// Sends a request and reads its answer.
///
/// # Errors
/// When the address is not plain http, nobody listens there, or the answer is no HTTP.
pub fn send(request: &Request) -> io::Result<Response> {
    if request.url.scheme() != "http" {
        return Err(wrong("this browser knows plain http only"));
    }
    let host = request.url.host_str().ok_or_else(|| wrong("an address without a host"))?;
    let port = request.url.port_or_known_default().ok_or_else(|| wrong("an address without a port"))?;
    let mut stream = TcpStream::connect((host, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(head(request, host, port).as_bytes())?;
    stream.write_all(request.form.as_bytes())?;
    answer(stream)
}

/// Sends JSON to a server on this machine, as programs speak to each other, and reads its answer. An empty `json` sends no body.
///
/// # Errors
/// When nobody listens there, the answer takes longer than `patience`, or it is no HTTP.
pub fn call(method: &str, port: u16, path: &str, json: &str, patience: Duration) -> io::Result<Response> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let length = json.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json; charset=utf-8\r\n\
Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(json.as_bytes())?;
    answer(stream)
}

/// Reads an answer: until it is whole by its own length, or until the server hangs up.
fn answer(stream: TcpStream) -> io::Result<Response> {
    let mut bytes = Vec::new();
    let mut stream = stream.take(BODY_LIMIT_BYTES);
    let mut some = [0; 16 * 1024];
    loop {
        let read = stream.read(&mut some)?;
        bytes.extend_from_slice(some.get(..read).unwrap_or_default());
        if read == 0 || is_whole(&bytes) {
            return parse(&bytes);
        }
    }
}

/// Whether everything that the head announces has come. Chunks announce nothing.
fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    length.is_some_and(|length| bytes.len() >= end.saturating_add(4).saturating_add(length))
}

fn head(request: &Request, host: &str, port: u16) -> String {
    let path = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    let mode = if request.destination == "image" { "no-cors" } else { "navigate" };
    let mut head = format!(
        "{} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: vezne-customer\r\n\
Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\nAccept-Language: tr,en;q=0.8\r\n\
Sec-Fetch-Dest: {}\r\nSec-Fetch-Mode: {mode}\r\nSec-Fetch-Site: cross-site\r\nConnection: close\r\n",
        request.method, request.destination
    );
    if request.method == "POST" {
        let length = request.form.len();
        head += &format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n");
    }
    head + "\r\n"
}

fn parse(bytes: &[u8]) -> io::Result<Response> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(|| wrong("an answer without a head"))?;
    let (head, rest) = bytes.split_at_checked(end).ok_or_else(|| wrong("an answer without a head"))?;
    let rest = rest.get(4..).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|word| word.parse().ok());
    let mut response = Response {
        status: status.ok_or_else(|| wrong("an answer without a status"))?,
        location: None,
        body: String::new(),
    };
    let mut chunked = false;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        match name.to_ascii_lowercase().as_str() {
            "location" => response.location = Some(value.trim().to_owned()),
            "transfer-encoding" => chunked = value.trim().eq_ignore_ascii_case("chunked"),
            _ => {}
        }
    }
    let body = if chunked { unchunk(rest) } else { rest.to_vec() };
    response.body = String::from_utf8_lossy(&body).into_owned();
    Ok(response)
}

/// What the chunks carry; a broken end gives what came before it.
fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = rest.get(..end).map(String::from_utf8_lossy).unwrap_or_default();
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16).unwrap_or_default();
        let start = end.saturating_add(2);
        let Some(chunk) = rest.get(start..start.saturating_add(size)).filter(|chunk| !chunk.is_empty()) else { break };
        whole.extend_from_slice(chunk);
        rest = rest.get(start.saturating_add(size).saturating_add(2)..).unwrap_or_default();
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_chunks_is_put_together() {
        let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n3;x=1\r\nefg\r\n0\r\n\r\n";
        let response = parse(bytes).unwrap();
        assert_eq!((response.status, response.body.as_str()), (200, "abcdefg"));
    }

    #[test]
    fn a_redirect_is_read_and_not_followed() {
        let response = parse(b"HTTP/1.1 302 Found\r\nlocation: /next?a=1\r\n\r\n").unwrap();
        assert_eq!((response.status, response.location.as_deref()), (302, Some("/next?a=1")));
    }

    #[test]
    fn only_plain_http_is_spoken() {
        let url = Url::parse("https://127.0.0.1/").unwrap();
        let request = Request { method: "GET", url, form: String::new(), destination: "document" };
        assert!(send(&request).is_err());
    }
}
