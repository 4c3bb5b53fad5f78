//! A bank whose page attacks the desk: a small server on loop-back that hands out the attack and counts what came of it.
#![expect(clippy::panic, reason = "a test fails by panicking, with what went wrong")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};

const SCRIPT: &str = include_str!("hostile.js");
/// A report is never longer.
const MOST_BYTES: usize = 1024 * 1024;

/// What came of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// By which route or against what.
    pub group: String,
    /// What was tried.
    pub name: String,
    /// `refused`, `silent`, `absent`, `sent`, `reached` or `done`.
    pub outcome: String,
    /// What was said.
    pub detail: String,
}

impl Try {
    /// Whether something inside the desk did it, or at least listened.
    #[must_use]
    pub fn is_breach(&self) -> bool {
        matches!(self.outcome.as_str(), "done" | "reached")
    }
}

#[derive(Debug, Default)]
struct Told {
    tries: Vec<Try>,
    parts: Vec<String>,
    leaving: String,
    in_dialogs: bool,
    finished: bool,
    key: String,
    config: String,
}

/// The bank.
#[derive(Debug)]
pub struct HostileBank {
    port: u16,
    told: Arc<Mutex<Told>>,
    stop: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

/// What the page is told about its victim: everything that a bank could know, and what it could guess.
#[derive(Debug, Clone)]
pub struct Victim {
    /// Every command: the desk's own, and those of Tauri's plugins as `plugin:window|close`.
    pub commands: Vec<String>,
    /// Where the customer is sent back to, nonce and all.
    pub back: Option<String>,
    /// The attempt's reference at the gateway.
    pub reference: String,
    /// Which attacks, in this order.
    pub parts: Vec<&'static str>,
}

fn lock(told: &Mutex<Told>) -> MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

impl HostileBank {
    /// Opens on loop-back.
    ///
    /// # Panics
    /// When no port can be had.
    #[must_use]
    pub fn open() -> Self {
        let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| {
            let port = listener.local_addr()?.port();
            Ok((listener, port))
        });
        let (listener, port) = bound.unwrap_or_else(|error| panic!("no port for the hostile bank: {error}"));
        let (told, stop) = (Arc::<Mutex<Told>>::default(), Arc::<AtomicBool>::default());
        let (shared, stopped) = (Arc::clone(&told), Arc::clone(&stop));
        let accepting = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let shared = Arc::clone(&shared);
                // A page that hangs up early has its own reasons.
                thread::spawn(move || drop(serve(stream, port, &shared)));
            }
        });
        Self { port, told, stop, accepting: Some(accepting) }
    }

    fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where the attack begins.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}/bank", self.origin())
    }

    /// Tells the page about its victim. Until then it waits.
    pub fn aim(&self, victim: &Victim) {
        let few = ["watch", "pay", "history", "bank_close", "plugin:event|listen", "plugin:window|close"];
        let config = json!({
            "home": self.origin(), "commands": victim.commands, "few": few, "back": victim.back,
            "reference": victim.reference, "attempt": "att_0", "parts": victim.parts, "payloads": {}
        });
        lock(&self.told).config = config.to_string();
    }

    /// Tells the page the secret of Tauri's bridge, as if it had found it.
    pub fn reveal(&self, key: &str) {
        key.clone_into(&mut lock(&self.told).key);
    }

    /// Whether it waits for that secret.
    #[must_use]
    pub fn wants_the_key(&self) -> bool {
        let told = lock(&self.told);
        told.key.is_empty() && told.parts.last().is_some_and(|part| part == "keyed")
    }

    /// Everything that was tried so far.
    #[must_use]
    pub fn tries(&self) -> Vec<Try> {
        lock(&self.told).tries.clone()
    }

    /// Whether the page has come to its end.
    #[must_use]
    pub fn has_finished(&self) -> bool {
        lock(&self.told).finished
    }

    /// Whether it opens dialogs now, which a person may have to close.
    #[must_use]
    pub fn opens_dialogs(&self) -> bool {
        lock(&self.told).in_dialogs
    }

    /// How far it has come: the parts begun, and where it last wanted to go.
    #[must_use]
    pub fn progress(&self) -> String {
        let told = lock(&self.told);
        format!("parts {:?}, {} tries, leaving for {:?}", told.parts, told.tries.len(), told.leaving)
    }

    /// How many tries of each group had which outcome.
    #[must_use]
    pub fn tally(&self) -> BTreeMap<String, BTreeMap<String, usize>> {
        let mut tally: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for one in self.tries() {
            *tally.entry(one.group).or_default().entry(one.outcome).or_default() += 1;
        }
        tally
    }
}

impl Drop for HostileBank {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // One more connection, so that the accepting thread looks.
        let _woken = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(accepting) = self.accepting.take() {
            let _joined = accepting.join();
        }
    }
}

fn serve(mut stream: TcpStream, port: u16, told: &Mutex<Told>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let Some((path, body)) = read(&mut stream)? else { return Ok(()) };
    let (kind, more, page) = answer(&path, &body, port, told);
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nAccess-Control-Allow-Origin: *\r\n\
Cache-Control: no-store\r\n{more}Connection: close\r\n\r\n",
        page.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(page.as_bytes())
}

/// The path and the body of a request.
fn read(stream: &mut TcpStream) -> std::io::Result<Option<(String, String)>> {
    let mut bytes = Vec::new();
    let mut some = [0; 64 * 1024];
    loop {
        let count = stream.read(&mut some)?;
        bytes.extend_from_slice(some.get(..count).unwrap_or_default());
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            let body = bytes.get(end.saturating_add(4)..).unwrap_or_default();
            if count == 0 || body.len() >= length.unwrap_or_default() {
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                return Ok(Some((path, String::from_utf8_lossy(body).into_owned())));
            }
        }
        if count == 0 || bytes.len() > MOST_BYTES {
            return Ok(None);
        }
    }
}

/// Content type, more headers, content.
fn answer(path: &str, body: &str, port: u16, told: &Mutex<Told>) -> (&'static str, &'static str, String) {
    let plain = ("text/plain", "", String::new());
    let file = (
        "application/octet-stream",
        "Content-Disposition: attachment; filename=\"evil-bank.sh\"\r\n",
        "evil".to_owned(),
    );
    let mut told = lock(told);
    match path.split('?').next().unwrap_or_default() {
        "/report" => {
            told.tries.extend(tries(body));
            plain
        }
        "/part" => {
            told.parts.push(body.to_owned());
            plain
        }
        "/leaving" => {
            told.leaving = body.to_owned();
            plain
        }
        "/dialogs" => {
            told.in_dialogs = true;
            plain
        }
        "/finished" => {
            told.finished = true;
            plain
        }
        "/key" => ("text/plain", "", told.key.clone()),
        "/download" => file,
        "/attack.js" => ("text/javascript", "", SCRIPT.to_owned()),
        "/frame" => ("text/html", "", "<!DOCTYPE html><p>a frame</p>".to_owned()),
        "/popup" => ("text/html", "", "<!DOCTYPE html><title>Free money</title><p>a pop-up</p>".to_owned()),
        _ => ("text/html", "", page(&told.config, port)),
    }
}

/// The page: the attack once it knows its victim, and until then a look again in a moment.
fn page(config: &str, port: u16) -> String {
    if config.is_empty() {
        return format!(
            "<!DOCTYPE html><title>Hostile Bank</title><meta http-equiv=\"refresh\" content=\"0.2;url=http://127.0.0.1:{port}/bank\">"
        );
    }
    let config = config.replace('<', "\\u003c");
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>Hostile Bank</title></head><body><p>Please wait.</p>\
<script type=\"application/json\" id=\"config\">{config}</script><script src=\"/attack.js\"></script></body></html>"
    )
}

fn tries(body: &str) -> Vec<Try> {
    let Ok(Value::Array(all)) = serde_json::from_str(body) else { return Vec::new() };
    let word = |one: &Value, key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    all.iter()
        .map(|one| Try {
            group: word(one, "group"),
            name: word(one, "name"),
            outcome: word(one, "outcome"),
            detail: word(one, "detail"),
        })
        .collect()
}

/// Every command that the desk's program knows, its own and those of Tauri's plugins, as the build wrote them down.
///
/// # Panics
/// When the desk was not built.
#[must_use]
pub fn all_commands() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gen/schemas/acl-manifests.json");
    let text =
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}: build the desk first", file.display()));
    let all: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut commands = Vec::new();
    for (plugin, manifest) in all.as_object().into_iter().flatten() {
        let permissions = manifest.get("permissions").and_then(Value::as_object);
        let allowed =
            permissions.into_iter().flatten().filter_map(|(_, one)| one.pointer("/commands/allow")?.as_array());
        for command in allowed.flatten().filter_map(Value::as_str) {
            commands.push(match plugin.strip_prefix("core:") {
                Some(plugin) => format!("plugin:{plugin}|{command}"),
                None => command.to_owned(),
            });
        }
    }
    commands.push("plugin:__TAURI_CHANNEL__|fetch".to_owned());
    commands.sort();
    commands.dedup();
    commands
}
