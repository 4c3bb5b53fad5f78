//! WebKit's web driver, and a client that speaks as much of its language (W3C WebDriver) as the tests need.
#![expect(clippy::panic, reason = "a test fails by panicking, with what the driver said")]

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::process::{Environment, Guarded};
use super::screen::Screen;
use crate::http;
use crate::run::wait_for;

/// How long the driver and a session may take to start.
const START: Duration = Duration::from_secs(30);
/// How long any other word may take: a page that waits in `confirm()` would hold it up for ever.
const PATIENCE: Duration = Duration::from_secs(15);
/// The key under which an element crosses.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element(String);

/// The driver with one program's windows in its hands.
#[derive(Debug)]
pub struct Driver {
    session: String,
    port: u16,
    process: Guarded,
}

fn free_port() -> u16 {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    bound.unwrap_or_else(|error| panic!("no free port: {error}")).port()
}

impl Driver {
    /// Starts the driver on this screen and lets it start a program.
    ///
    /// # Panics
    /// When the driver is not installed, or the program does not open a window.
    #[must_use]
    pub fn start(screen: &Screen, program: &Path, arguments: &[String], more: &Environment) -> Self {
        Self::try_start(screen, program, arguments, more, START).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same for a program that may refuse to be driven; `patience` is how long it has.
    ///
    /// # Errors
    /// When the program gives the driver nothing.
    ///
    /// # Panics
    /// When the driver is not installed.
    pub fn try_start(
        screen: &Screen,
        program: &Path,
        arguments: &[String],
        more: &Environment,
        patience: Duration,
    ) -> Result<Self, String> {
        let mut environment = screen.environment().clone();
        environment.extend(more.iter().cloned());
        environment.push(("TAURI_WEBVIEW_AUTOMATION", "true".into()));
        let port = free_port();
        let words = [format!("--port={port}").into(), "--host=127.0.0.1".into()];
        let mut process = Guarded::start("WebKitWebDriver", &words, &environment, screen.folder());
        wait_for("the web driver", START, || {
            process.insist();
            http::call("GET", port, "/status", "", PATIENCE).ok().filter(|answer| answer.status == 200).map(drop)
        });
        let mut driver = Self { session: String::new(), port, process };
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": { "binary": program, "args": arguments }
        } } });
        let answer = driver.say_within("POST", "/session", &wanted, patience).map_err(|error| {
            format!("{} gives the driver nothing: {error}\n{}", program.display(), driver.process.complaints())
        })?;
        driver.session = answer.get("sessionId").and_then(Value::as_str).unwrap_or_default().to_owned();
        if driver.session.is_empty() { Err(format!("a session without a name: {answer}")) } else { Ok(driver) }
    }

    /// What the driver and its program have complained about.
    #[must_use]
    pub fn complaints(&self) -> String {
        self.process.complaints()
    }

    fn say_within(&self, method: &str, path: &str, body: &Value, patience: Duration) -> Result<Value, String> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = http::call(method, self.port, path, &body, patience).map_err(|error| error.to_string())?;
        let whole: Value = serde_json::from_str(&answer.body).map_err(|error| format!("{error}: {}", answer.body))?;
        let value = whole.get("value").cloned().unwrap_or(Value::Null);
        if answer.status == 200 { Ok(value) } else { Err(format!("{method} {path}: {value}")) }
    }

    fn say(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        self.say_within(method, &format!("/session/{}{path}", self.session), body, PATIENCE)
    }

    fn insist(&self, method: &str, path: &str, body: &Value) -> Value {
        self.say(method, path, body).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Runs a function's body in the page and gives what it returns; `arguments` are its `arguments`.
    ///
    /// # Errors
    /// When the page or the driver refuses.
    pub fn try_run(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        self.say("POST", "/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// The same, insisting.
    ///
    /// # Panics
    /// When it fails.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.try_run(script, arguments).unwrap_or_else(|error| panic!("{error}\nin: {script}"))
    }

    /// The element that a script returned.
    #[must_use]
    pub fn element(value: &Value) -> Option<Element> {
        value.get(ELEMENT).and_then(Value::as_str).map(|id| Element(id.to_owned()))
    }

    /// An element as a script's argument.
    #[must_use]
    pub fn argument(element: &Element) -> Value {
        json!({ ELEMENT: element.0 })
    }

    /// Clicks an element as a mouse does.
    ///
    /// # Errors
    /// When it is covered, hidden or gone.
    pub fn click(&self, element: &Element) -> Result<(), String> {
        self.say("POST", &format!("/element/{}/click", element.0), &json!({})).map(drop)
    }

    /// Types into an element.
    ///
    /// # Panics
    /// When it takes no keys.
    pub fn type_into(&self, element: &Element, text: &str) {
        self.insist("POST", &format!("/element/{}/value", element.0), &json!({ "text": text }));
    }

    /// The windows that the driver can see.
    ///
    /// # Panics
    /// When the driver does not say.
    #[must_use]
    pub fn windows(&self) -> Vec<String> {
        let said = self.insist("GET", "/window/handles", &Value::Null);
        let all = said.as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter().filter_map(|handle| handle.as_str().map(str::to_owned)).collect()
    }

    /// Goes on in another window.
    ///
    /// # Errors
    /// When it is gone.
    pub fn switch(&self, window: &str) -> Result<(), String> {
        self.say("POST", "/window", &json!({ "handle": window })).map(drop)
    }

    /// The window that is spoken to.
    ///
    /// # Panics
    /// When it is gone.
    #[must_use]
    pub fn window(&self) -> String {
        self.insist("GET", "/window", &Value::Null).as_str().unwrap_or_default().to_owned()
    }

    /// Goes on in a frame of this page; `None` is the page itself.
    ///
    /// # Panics
    /// When it is gone.
    pub fn enter_frame(&self, frame: Option<&Element>) {
        let id = frame.map_or(Value::Null, Self::argument);
        self.insist("POST", "/frame", &json!({ "id": id }));
    }

    /// The address of the window that is spoken to.
    ///
    /// # Errors
    /// When it is gone.
    pub fn address(&self) -> Result<String, String> {
        self.say("GET", "/url", &Value::Null).map(|url| url.as_str().unwrap_or_default().to_owned())
    }

    /// A picture of the window that is spoken to, as PNG in base64.
    ///
    /// # Errors
    /// When none can be taken, because the window is covered, say.
    pub fn picture(&self) -> Result<String, String> {
        self.say("GET", "/screenshot", &Value::Null).map(|text| text.as_str().unwrap_or_default().to_owned())
    }
}
