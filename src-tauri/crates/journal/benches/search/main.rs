//! Search on a million payments: how long a page of fifty takes, for each kind of question.
//!
//! The payments are written straight into the tables, with their terms, as the journal's own writing task would leave them;
//! only the events are left out, which no list reads. The first kind, the newest page without any condition, is what every
//! other one is measured against, in the same run: on a shared machine only that ratio means something.
//!
//! `make bench` runs it. `PAYMENTS=100000` makes fewer, `QUESTIONS=50` asks fewer of each kind, `KEEP=file` keeps the journal: with
//! it `vezne-search` measures the same in the desk's window.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a benchmark stops at the first surprise and prints what it found"
)]

mod made;
mod questions;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use vezne_core::ports::Entropy;
use vezne_core::search::{Query, Today};
use vezne_journal::{ChainKey, Filter, Journal, Keys, Lock};
use zeroize::Zeroizing;

use crate::questions::{Kind, kinds};

/// Rows of a page.
const PAGE: u32 = 50;

struct Os;

impl Entropy for Os {
    fn sixteen(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("randomness");
        bytes
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn main() {
    // `cargo test --benches` and the like call every bench; only `cargo bench` measures.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(number("PAYMENTS", 1_000_000), number("QUESTIONS", 200)));
}

async fn measure(payments: u64, questions: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let open = || async {
        let keys = Keys::only(ChainKey::new("key-1", Zeroizing::new([1; 32])));
        let lock = Lock::acquire(home).expect("the lock");
        Journal::open(lock, keys, Arc::new(Os), made::moment(0)).await.expect("the journal").0
    };
    open().await.close().await;
    let begun = Instant::now();
    made::fill(&home.join("journal.db"), payments).await;
    let size = std::fs::metadata(home.join("journal.db")).expect("the file").len();
    println!(
        "{payments} payments made in {} s; the file has {} MB without events",
        begun.elapsed().as_secs(),
        size / 1_000_000
    );
    let journal = open().await;
    println!("a page of {PAGE} rows, {questions} questions of each kind, in milliseconds");
    println!("{:<44} {:>8} {:>8} {:>8} {:>7}", "", "p50", "p99", "most", "ratio");
    let mut baseline = None;
    for kind in kinds(payments) {
        let took = ask(&journal, &kind, questions).await;
        let base = *baseline.get_or_insert(took.p50);
        let ratio = took.p50.as_nanos() * 100 / base.as_nanos().max(1);
        println!(
            "{:<44} {:>8} {:>8} {:>8} {:>4}.{:02}",
            kind.name,
            millis(took.p50),
            millis(took.p99),
            millis(took.most),
            ratio / 100,
            ratio % 100
        );
    }
    plans(&journal).await;
    journal.close().await;
    if let Some(keep) = std::env::var_os("KEEP") {
        std::fs::copy(home.join("journal.db"), keep).expect("a copy");
    }
}

struct Took {
    p50: Duration,
    p99: Duration,
    most: Duration,
}

async fn ask(journal: &Journal, kind: &Kind, questions: u64) -> Took {
    let zone = TimeZone::get("Europe/Istanbul").expect("the zone");
    let now = made::moment(made::NOW);
    let mut took = Vec::new();
    let mut found = 0;
    for number in 0..questions {
        let line = (kind.line)(number);
        let begun = Instant::now();
        let query = Query::read(&line, Today { now, zone: &zone });
        let after = kind.after.map(|place| made::attempt(place.saturating_sub(number * 100)));
        let rows = journal.list(&Filter { query, after, limit: PAGE }).await.expect("a page");
        took.push(begun.elapsed());
        found += rows.len();
    }
    assert_eq!(found > 0, kind.finds, "{}: what is measured must be what is meant", kind.name);
    took.sort_unstable();
    let at = |permille: usize| took[(took.len() - 1) * permille / 1000];
    Took { p50: at(500), p99: at(990), most: at(1000) }
}

/// What the database means to do for the two kinds of page.
async fn plans(journal: &Journal) {
    let zone = TimeZone::UTC;
    for line in ["", "ayşe 545,00 declined"] {
        let query = Query::read(line, Today { now: made::moment(made::NOW), zone: &zone });
        println!("\nplan of {line:?}:");
        for step in journal.plan(&Filter { query, ..Filter::default() }).await.expect("a plan") {
            println!("  {step}");
        }
    }
}

fn millis(duration: Duration) -> String {
    let micros = duration.as_micros();
    format!("{}.{:02}", micros / 1000, micros % 1000 / 10)
}
