//! The sandbox's faults file.

use vezne_sandbox::parse_faults;

use crate::engine::Target;

/// The target.
pub(super) const TARGET: Target = Target { name: "faults", run, words: &WORDS, longest: 8 * 1024 };

const WORDS: [&str; 22] = [
    "[[fault]]\n",
    "{\"fault\":[",
    "[{",
    "gateway = \"finrota\"\n",
    "gateway = \"yolcu360\"\n",
    "call = \"pay\"\n",
    "call = \"status\"\n",
    "fault = \"delay\"\n",
    "fault = \"status\"\n",
    "fault = \"cut\"\n",
    "millis = 100\n",
    "status = 500\n",
    "when = \"after\"\n",
    "nth = 1\n",
    "nth = 0\n",
    "first = 2\n",
    "always = true\n",
    "retry_after = 7\n",
    "to = \"https://x/\"\n",
    "\"gateway\":\"finrota\",",
    "\"call\":\"pay\",",
    "\"fault\":\"hold\"",
];

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(error) = parse_faults(&text) {
        let lines = text.split('\n').count();
        assert!((1..=lines.max(1)).contains(&error.line), "line {} of {lines}", error.line);
        assert!(error.to_string().len() < text.len().saturating_mul(2).saturating_add(1_000), "{error}");
    }
}
