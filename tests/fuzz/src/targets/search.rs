//! What is typed or pasted into the search line of the history, and links that another program hands over.

use jiff::tz::TimeZone;
use vezne_core::search::{Named, Query, STARTS_MOST, Today, WANTED_MOST, Wanted, figures, key, link, named, starts};

use crate::engine::Target;
use crate::samples::NOON;

/// The target.
pub(super) const TARGET: Target = Target { name: "search", run, words: &WORDS, longest: 512 };

const WORDS: [&str; 28] = [
    "vezne://payment/",
    "pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3",
    "att_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3",
    "rev_",
    "ayşe",
    "IŞIL ÇELİK",
    "ı\u{307}",
    "545",
    "545,00",
    "1.234.567,89",
    "TRY",
    "₺",
    "declined",
    "kabul edilmedi",
    "not sent",
    "tek çekim",
    "3x",
    "6 taksit",
    "•••• 6111",
    "415565******6111",
    "today",
    "dün",
    "2026-11-01..2026-11-21",
    "..21.11.2026",
    "29.02.2027",
    "\"",
    "RES-2026/0418",
    "<>",
];

fn run(data: &[u8]) {
    let line = String::from_utf8_lossy(data);
    for zone in [TimeZone::UTC, TimeZone::fixed(jiff::tz::offset(3)), TimeZone::fixed(jiff::tz::offset(-11))] {
        let today = Today { now: NOON, zone: &zone };
        let query = Query::read(&line, today);
        // A word gives two conditions at the most.
        assert!(query.conditions().len() <= WANTED_MOST + 1, "{line:?}: {} conditions", query.conditions().len());
        for wanted in query.conditions() {
            one(&line, wanted);
        }
        match (&query, line.split_whitespace().count()) {
            (Query::All(all), 0) => assert!(all.len() <= 1, "{line:?}"),
            (Query::All(all), _) => {
                assert!(!all.is_empty() || line.chars().all(|c| !c.is_alphanumeric()), "{line:?} asks for everything")
            }
            (Query::Named(one), _) => assert!(named(&one.to_string()) == Some(*one), "{line:?}: {one}"),
        }
        // A line says the same each time.
        assert_eq!(Query::read(&line, today), query);
    }
    if let Some(Named::Payment(payment)) = named(&line) {
        assert_eq!(named(&link(payment)), Some(Named::Payment(payment)));
    }
    let found = starts(&line);
    assert!(
        found.len() <= STARTS_MOST && found.iter().all(|start| start.chars().all(char::is_alphanumeric)),
        "{found:?}"
    );
    let folded = key(&line);
    assert_eq!(key(&folded), folded, "{line:?} is compared otherwise the second time");
    for word in line.split_whitespace() {
        let (meant, _) = figures(word);
        assert!(meant.len() <= 4, "{word:?} means {} amounts", meant.len());
    }
}

fn one(line: &str, wanted: &Wanted) {
    match wanted {
        Wanted::LastFour(digits) => {
            assert!(digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{line:?}: {digits:?}");
        }
        Wanted::Opened { from, until } => {
            let (Some(from), Some(until)) = (from, until) else { return };
            assert!(from <= until, "{line:?} ends before it begins");
        }
        Wanted::Word(word) => {
            assert!(word.key.as_ref().is_none_or(|key| !key.is_empty()), "{line:?}: an empty word");
        }
        Wanted::Nothing | Wanted::Outcome(_) | Wanted::Account(_) | Wanted::Operator(_) | Wanted::Plan(_) => {}
    }
}
