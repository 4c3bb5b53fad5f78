//! Everything that is printed goes through here: words for a person, or one JSON object a line for a script.

use std::io::{IsTerminal, Write};
use std::time::Instant;

use serde::Serialize;

/// How wide the labels before values are.
const LABEL: usize = 14;

/// Where words and objects go. Nobody reading them (a closed pipe) never stops a payment: write errors are let go.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    json: bool,
    started: Instant,
    /// Whether waiting is shown by a line that overwrites itself.
    live: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, started: Instant::now(), live: !json && std::io::stderr().is_terminal() }
    }

    /// Whether objects are wanted.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// Milliseconds since the program began.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A line for a person; a script is not told.
    pub(crate) fn line(&self, text: &str) {
        if !self.json {
            self.wipe_waiting();
            let _nobody = writeln!(std::io::stdout().lock(), "{text}");
        }
    }

    /// A label and its value for a person; further lines of the value are aligned below the first.
    pub(crate) fn field(&self, label: &str, value: &str) {
        let indent = " ".repeat(LABEL.saturating_add(2));
        let value = value.replace('\n', &format!("\n{indent}"));
        self.line(&format!("  {label:<LABEL$}{value}"));
    }

    /// A step of something that takes time: a line with the time, or an object.
    pub(crate) fn step(&self, word: &str, text: &str, ids: &impl Serialize) {
        let elapsed_ms = self.elapsed_ms();
        if self.json {
            self.object(&Step { progress: word, elapsed_ms, message: text, ids });
        } else {
            self.line(&format!("{:>9}  {text}", seconds(elapsed_ms)));
        }
    }

    /// Shows that time passes, where someone watches.
    pub(crate) fn waiting(&self, text: &str) {
        if self.live {
            let _nobody = write!(std::io::stderr().lock(), "\r\u{1b}[K{:>9}  {text}", seconds(self.elapsed_ms()));
        }
    }

    /// An object for a script; a person is not shown it.
    pub(crate) fn object(&self, object: &impl Serialize) {
        if self.json
            && let Ok(line) = serde_json::to_string(object)
        {
            let mut out = std::io::stdout().lock();
            let _nobody = writeln!(out, "{line}").and_then(|()| out.flush());
        }
    }

    /// A warning beside the result, for a person.
    pub(crate) fn warn(&self, text: &str) {
        if !self.json {
            self.wipe_waiting();
            let _nobody = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Bytes as they are (an export).
    pub(crate) fn bytes(&self, bytes: &[u8]) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush())
    }

    fn wipe_waiting(&self) {
        if self.live {
            let _nobody = write!(std::io::stderr().lock(), "\r\u{1b}[K");
        }
    }
}

#[derive(Serialize)]
struct Step<'a, T: Serialize> {
    progress: &'a str,
    elapsed_ms: u64,
    message: &'a str,
    #[serde(flatten)]
    ids: &'a T,
}

/// Milliseconds as seconds with one decimal.
pub(crate) fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, (ms % 1000) / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_written_in_seconds_without_a_float() {
        assert_eq!(seconds(0), "0.0 s");
        assert_eq!(seconds(1_950), "1.9 s");
        assert_eq!(seconds(125_049), "125.0 s");
    }
}
