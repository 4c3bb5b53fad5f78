//! The accountant's table of a journal with a million payments: how long it takes, how much memory, how large the file is.
//! From the journal's events to the synced file, as the desk and `veznectl` do it; each format in a process of its own,
//! because the peak of memory is the process's.
//!
//! `ONLY=export PAYMENTS=100000 make bench` takes fewer. With `WRITTEN=1000000` all of them are written through the journal, which
//! takes ten minutes, and checking that journal is measured too. It is never a test: these figures are of a shared machine.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a benchmark stops at the first surprise and prints what it found"
)]

mod made;

use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vezne_core::close::{Anchor, Closed};
use vezne_core::ports::Journal as _;
use vezne_core::time::Timestamp;
use vezne_home::{ExportExisting, ExportOrder, TableFormat, TableLanguage, TableSeparators, export_file, head_of};
use vezne_journal::{Journal, Wanted};

/// Names the format to a child of this program.
const FORMAT: &str = "VEZNE_BENCH_FORMAT";
/// Not a table, but the journal's first day close, which covers all of it.
const CLOSE: &str = "close";
/// Not a table either, but everything that `journal verify --deep` looks at.
const CHECK: &str = "check";
/// Names the journal's folder to it.
const HOME: &str = "VEZNE_BENCH_HOME";

fn main() {
    if let (Ok(format), Some(home)) = (std::env::var(FORMAT), std::env::var_os(HOME)) {
        return match format.as_str() {
            CLOSE => close(Path::new(&home)),
            CHECK => check(Path::new(&home)),
            _ => one(&format, Path::new(&home)),
        };
    }
    // `cargo test --benches` and the like call every bench; only `cargo bench` measures.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let (payments, written) = (number("PAYMENTS", 1_000_000), number("WRITTEN", 2_000));
    let folder = tempfile::tempdir().expect("a folder");
    let began = Instant::now();
    runtime().block_on(made::fill(folder.path(), payments, written));
    let size = std::fs::metadata(folder.path().join("journal.db")).expect("the journal").len();
    println!("{payments} payments made in {:.0?}, journal of {} MB", began.elapsed(), size / 1_000_000);
    // Copies carry hashes that are not theirs.
    let checked = (written >= payments).then_some(CHECK);
    for format in [CLOSE, "csv", "jsonl", "xlsx"].into_iter().chain(checked) {
        let program = std::env::current_exe().expect("this program");
        let ended = Command::new(program).env(FORMAT, format).env(HOME, folder.path()).status().expect("a child");
        assert!(ended.success(), "{format}: {ended}");
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

/// One format, from the journal to the file.
fn one(format: &str, home: &Path) {
    let written = match format {
        "csv" => TableFormat::Csv(TableSeparators::Semicolon),
        "jsonl" => TableFormat::JsonLines,
        _ => TableFormat::Xlsx,
    };
    let head = head_of(TableLanguage::Turkish, "Europe/Istanbul", (None, None), Timestamp::from_millis(0));
    let order = ExportOrder {
        wanted: Wanted::all(),
        format: written,
        head: head.expect("a zone"),
        desk: "desk-1".to_owned(),
        training: false,
    };
    let path = home.join("export").with_extension(written.extension());
    let (done, took) = runtime().block_on(async {
        let journal = Arc::new(Journal::open_read_only(home, made::keys()).await.expect("the journal"));
        let began = Instant::now();
        let place = (path.clone(), ExportExisting::Keep);
        let going = |_, _| ControlFlow::Continue(());
        let done = export_file(Arc::clone(&journal), order, place, going).await.expect("an export");
        journal.close().await;
        (done, began.elapsed())
    });
    std::fs::remove_file(path).expect("the file is there");
    println!(
        "{format}: {} lines, {:.1} s, processor {:.1} s, peak of memory {} MB, file {} MB",
        done.rows,
        took.as_secs_f64(),
        processor().as_secs_f64(),
        peak_kb() / 1_000,
        done.bytes / 1_000_000
    );
}

/// What the first close of the journal would say, and what a comparison of it would ask about.
fn close(home: &Path) {
    let zone = jiff::tz::TimeZone::get("Europe/Istanbul").expect("a zone");
    let (basis, asked, drawn, took) = runtime().block_on(async {
        let journal = Journal::open_read_only(home, made::keys()).await.expect("the journal");
        let began = Instant::now();
        let basis = journal.close_basis(zone.clone()).await.expect("a close");
        let drawn = began.elapsed();
        let close = basis.clone().close(Timestamp::from_millis(0), &zone, None);
        let seq = close.covers.tip + 1;
        let closed = Closed { anchor: Anchor::of(close.number, &[]), close, seq, comparisons: Vec::new() };
        let asked = journal.attempts_of_close(&closed).await.expect("its attempts").len();
        journal.close().await;
        (basis, asked, drawn, began.elapsed() - drawn)
    });
    println!(
        "first close: {} cells, {:.1} s; the {asked} payments that a comparison asks about, {:.1} s; peak of memory {} MB",
        basis.figures.cells.len(),
        drawn.as_secs_f64(),
        took.as_secs_f64(),
        peak_kb() / 1_000
    );
}

/// The chain, the rows and the pages, and then the search index besides.
fn check(home: &Path) {
    let (events, plain, deep) = runtime().block_on(async {
        let journal = Journal::open_read_only(home, made::keys()).await.expect("the journal");
        let began = Instant::now();
        let report = journal.verify().await.expect("a check");
        assert!(report.is_sound(), "{report:?}");
        let plain = began.elapsed();
        let deep = journal.verify_deep().await.expect("a check");
        assert!(deep.is_sound(), "{deep:?}");
        let took = began.elapsed() - plain;
        journal.close().await;
        (report.events, plain, took)
    });
    println!(
        "check: {events} events, {:.1} s; with the search index, {:.1} s; peak of memory {} MB",
        plain.as_secs_f64(),
        deep.as_secs_f64(),
        peak_kb() / 1_000
    );
}

/// The peak of this process's memory, in kB.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

/// How long a processor has worked for this process.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|text| text.parse::<u64>().ok()).sum();
    // A tick is a hundredth of a second.
    Duration::from_millis(ticks * 10)
}
