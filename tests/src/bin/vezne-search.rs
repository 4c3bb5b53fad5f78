//! How long it takes in the real window from a key to the painted list: `vezne-search JOURNAL [QUESTIONS]`, over a copy of a journal
//! such as the search bench keeps (`KEEP=file`). The window measures itself, from the key's event to the frame that
//! follows the one with the rows on it, so the wait for a burst of keys to end (30 ms) is in it.

#[cfg(target_os = "linux")]
fn main() {
    measured::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod measured {
    #![expect(
        clippy::panic,
        clippy::print_stdout,
        reason = "a tool stops at the first surprise and prints what it found"
    )]

    use std::fs;

    use serde_json::Value;
    use vezne_tests::desk::{AtTheBank, Desk};
    use vezne_tests::desktop::window::{BankWindows, Window, wishes};

    /// What is typed, letter by letter.
    const LINES: [&str; 10] = [
        "ayşe",
        "RES-0214-",
        "YILDIRIM",
        "545,00",
        "6111",
        "declined",
        "işıl çelik",
        "3x today",
        "havalimanı",
        "gökçe",
    ];
    /// Puts the line as far as it is typed into the field, as a key does, and answers when.
    const TYPE: &str = "const q = document.querySelector('[name=q]'); q.value = arguments[0]; const at = performance.now(); \
                        q.dispatchEvent(new InputEvent('input', { bubbles: true })); return at";
    /// The newest measure, if it began after that key.
    const LOOK: &str = "const [one] = performance.getEntriesByName('vezne:search'); \
                        return one && one.startTime >= arguments[0] - 1 ? one.duration : null";

    pub(crate) fn main() {
        let mut arguments = std::env::args().skip(1);
        let Some(journal) = arguments.next() else { panic!("vezne-search JOURNAL [QUESTIONS]") };
        let questions: usize = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(200);
        let desk = Desk::with(wishes());
        // The home's own folder and key first; the journal then goes on under another key, in a new epoch.
        desk.add_supervisor();
        for file in ["journal.db", "journal.db-wal", "journal.db-shm", "journal.head"] {
            let _not_there = fs::remove_file(desk.home().join(file));
        }
        fs::copy(&journal, desk.home().join("journal.db")).unwrap_or_else(|error| panic!("{journal}: {error}"));
        let window = Window::over(desk, BankWindows::Shared, AtTheBank::Pays);
        window.press("History");
        let rows = "return document.querySelectorAll('li[data-place]').length";
        window.wait("rows", || (window.page().run(rows, &[]).as_u64() > Some(5)).then_some(()));
        let mut took = Vec::new();
        'asked: loop {
            for line in LINES {
                for end in line.char_indices().map(|(place, c)| place + c.len_utf8()) {
                    if took.len() >= questions {
                        break 'asked;
                    }
                    took.push(key(&window, line.get(..end).unwrap_or(line)));
                }
            }
        }
        window.leave_picture("searched");
        took.sort_by(f64::total_cmp);
        let at =
            |permille: usize| took.get((took.len().saturating_sub(1)) * permille / 1000).copied().unwrap_or_default();
        println!("from a key to the painted list, {} keys, in milliseconds", took.len());
        println!("p50 {:.0}  p90 {:.0}  p99 {:.0}  most {:.0}", at(500), at(900), at(990), at(1000));
    }

    fn key(window: &Window, typed: &str) -> f64 {
        let at = window.page().run(TYPE, &[typed.into()]);
        let at: &[Value] = std::slice::from_ref(&at);
        window.wait(&format!("{typed:?}"), || window.page().run(LOOK, at).as_f64())
    }
}
