//! What is typed from the paper of a day close: anchors, days, the names of papers, and labels as they are stored.

use vezne_core::close::{Anchor, Day, Label};
use vezne_core::papers::PaperName;

use crate::engine::Target;

/// The target.
pub(super) const TARGET: Target = Target { name: "anchor", run, words: &WORDS, longest: 1024 };

const WORDS: [&str; 18] = [
    "7-K3QF-9WZ2-0B4D-M6RT",
    "#7 k3qf 9wz2 ob4d m6rt",
    "4294967295-ZZZZ-ZZZZ-ZZZZ-ZZZZ",
    "4294967296",
    "0-0000",
    "+7",
    "\u{2013}",
    "-",
    " ",
    "OIL",
    "ﬀ",
    "2026-11-21",
    "-009999-01-01",
    "2026-11-21T00:00:00Z",
    "2026-W47-6",
    "close.7.42",
    "+03:00",
    "Europe/Istanbul",
];

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(anchor) = text.parse::<Anchor>() {
        let printed = anchor.to_string();
        assert_eq!(printed.parse(), Ok(anchor.clone()), "{text:?} prints {printed}, which is another anchor");
        assert_eq!(anchor.number() > 0, printed.starts_with(|digit: char| ('1'..='9').contains(&digit)), "{printed}");
        let digits = printed.split('-').skip(1).collect::<Vec<_>>();
        assert!(digits.len() == 4 && digits.iter().all(|group| group.len() == 4), "{printed}");
        assert!(!printed.contains(['I', 'L', 'O', 'U']), "{printed} is misread");
        // Whoever copies it in small letters and without groups means the same.
        let (number, rest) = printed.split_once('-').unwrap_or_default();
        let copied = format!("{number} {}", rest.replace('-', "").to_lowercase());
        assert_eq!(copied.parse(), Ok(anchor), "{copied}");
    }
    if let Ok(day) = text.parse::<Day>() {
        assert_eq!(day.to_string().parse(), Ok(day), "{text:?}");
    }
    if let Ok(name) = text.parse::<PaperName>() {
        assert_eq!(name.as_str(), text, "a name is as it is written");
        assert!(name.as_str().len() <= 80 && !name.as_str().contains(['/', '\\', ' ']), "{name}");
        let written = serde_json::to_string(&name).ok();
        let read = written.and_then(|text| serde_json::from_str::<PaperName>(&text).ok());
        assert_eq!(read, Some(name));
    }
    if let Ok(label) = serde_json::from_str::<Label>(&text) {
        // Whatever zone stands there: a paper is drawn in one.
        let _zone = label.time_zone();
        let written = serde_json::to_string(&label).ok();
        assert_eq!(written.and_then(|text| serde_json::from_str(&text).ok()), Some(label));
    }
}
