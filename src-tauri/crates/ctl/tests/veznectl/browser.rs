//! A browser as a script: it is told the address as a real one is, and follows forms, scripts and redirects.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::thread::JoinHandle;

use url::Url;
use vezne_sandbox::PRACTICE_CODE;

use crate::desk::Desk;

/// What the customer does at the bank.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Customer {
    Confirms,
    Cancels,
}

/// What the browser saw.
#[derive(Debug)]
pub(crate) struct Seen {
    /// What it was started with.
    pub(crate) started_with: Url,
    /// The last page's text.
    pub(crate) last: String,
}

/// The value of `BROWSER`, and the browser at work as soon as it is started.
pub(crate) fn wait_for(desk: &Desk, customer: Customer) -> (String, JoinHandle<Seen>) {
    let (pipe, script) = (desk.beside("address.pipe"), desk.beside("browser.sh"));
    for old in [&pipe, &script] {
        let _none = std::fs::remove_file(old);
    }
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Everything the browser is started with is seen here, so that a bank's address among it would be noticed.
    std::fs::write(&script, format!("#!/bin/sh\nprintf '%s' \"$*\" > '{}'\n", pipe.display())).unwrap();
    make_executable(&script);
    let following = std::thread::spawn(move || {
        let mut address = String::new();
        // Waits until the script is run.
        std::fs::File::open(pipe).unwrap().read_to_string(&mut address).unwrap();
        follow(Url::parse(&address).unwrap(), customer)
    });
    (script.display().to_string(), following)
}

fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

enum Next {
    Get(Url),
    Post(Url, String),
    Stop,
}

fn follow(started_with: Url, customer: Customer) -> Seen {
    let mut next = Next::Get(started_with.clone());
    let mut last = String::new();
    for _ in 0..30 {
        let (url, method, body) = match &next {
            Next::Get(url) => (url.clone(), "GET", String::new()),
            Next::Post(url, body) => (url.clone(), "POST", body.clone()),
            Next::Stop => break,
        };
        last = request(&url, method, &body);
        next =
            if url.path().starts_with("/return/") { Next::Stop } else { after(&url, &last, method, &body, customer) };
    }
    Seen { started_with, last }
}

fn after(at: &Url, answer: &str, method: &str, body: &str, customer: Customer) -> Next {
    let (head, page) = answer.split_once("\r\n\r\n").unwrap();
    let location = head.lines().find_map(|line| line.to_lowercase().starts_with("location:").then(|| line[9..].trim()));
    if let Some(location) = location {
        let to = at.join(location).unwrap();
        return if head.starts_with("HTTP/1.1 307") && method == "POST" {
            Next::Post(to, body.to_owned())
        } else {
            Next::Get(to)
        };
    }
    if let Some((_, script)) = page.split_once("window.location.href = '") {
        let target = script.split('\'').next().unwrap();
        return Next::Get(at.join(&target.replace("\\u003c", "<")).unwrap());
    }
    if !page.contains("<form") {
        return Next::Stop;
    }
    let action = attribute(page, "action=").unwrap();
    // A page that is handed on names where its relative addresses lead.
    let base =
        page.split_once("<base ").and_then(|(_, rest)| attribute(rest, "href=")).map(|href| Url::parse(&href).unwrap());
    let to = base.as_ref().unwrap_or(at).join(&action).unwrap();
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for input in page.split("<input ").skip(1) {
        let input = input.split('>').next().unwrap();
        if let (Some(name), Some(value)) = (attribute(input, "name="), attribute(input, "value=")) {
            form.append_pair(&name, &value);
        }
    }
    if page.contains("name=\"code\"") {
        form.append_pair("code", PRACTICE_CODE);
        form.append_pair("action", if customer == Customer::Confirms { "confirm" } else { "cancel" });
    }
    Next::Post(to, form.finish())
}

fn attribute(html: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(name)?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let value = rest[1..].split(quote).next()?;
    Some(value.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", "\""))
}

fn request(url: &Url, method: &str, body: &str) -> String {
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut stream = TcpStream::connect(&host).unwrap();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    write!(
        stream,
        "{method} {}{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nSec-Fetch-Dest: document\r\n\
Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        url.path(),
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
