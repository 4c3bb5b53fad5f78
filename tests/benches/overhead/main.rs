//! Own overhead of a card payment: the whole till (guard, journal, client, asking) against the same HTTP calls made by a
//! bare client, plus as many commits as the rules need. Both in one run, in turn, against one sandbox without delays.
//!
//! `make bench` prints p50 and p99 of each and their ratio; `SALES=1000 make bench` takes more of them. It is never a test:
//! these figures are of a shared machine, and only the ratio means something.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a benchmark stops at the first surprise and prints what it found"
)]

mod bare;
mod till;

use std::time::{Duration, Instant};

/// Sales that are not counted, so that connections, caches and the journal's file are warm.
const WARM_UP: usize = 20;

fn main() {
    let sales: usize = std::env::var("SALES").ok().and_then(|text| text.parse().ok()).unwrap_or(300);
    // `cargo test --benches` and the like call every bench; only `cargo bench` measures.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(sales));
}

async fn measure(sales: usize) {
    // The same crypto provider for the bare client as for ours.
    let _already_there = rustls::crypto::ring::default_provider().install_default();
    let settings = vezne_sandbox::Settings { limit_rates: false, ..vezne_sandbox::Settings::default() };
    let sandbox = vezne_sandbox::Sandbox::start(settings).await.expect("the sandbox starts");
    let folder = tempfile::tempdir().expect("a folder");
    let mut bare = bare::Bare::begin(&sandbox.finrota_url(), folder.path()).await;
    let mut till = till::Counter::begin(&sandbox.finrota_url(), folder.path()).await;
    let (mut bare_took, mut till_took) = (Vec::new(), Vec::new());
    for sale in 0..WARM_UP + sales {
        // In turn, and each first every other time, so that neither profits from what the other warmed up.
        let first = sale % 2 == 0;
        if first {
            bare_took.push(timed(bare.sale(sale)).await);
        }
        till_took.push(timed(till.sale(sale)).await);
        if !first {
            bare_took.push(timed(bare.sale(sale)).await);
        }
    }
    let charges = sandbox.ledger().charges.len();
    assert_eq!(charges, 2 * (WARM_UP + sales), "every sale is charged once: otherwise the figures mean nothing");
    report(&mut bare_took.split_off(WARM_UP), &mut till_took.split_off(WARM_UP));
    till.end().await;
    sandbox.stop().await;
}

async fn timed(work: impl Future<Output = ()>) -> Duration {
    let begun = Instant::now();
    work.await;
    begun.elapsed()
}

fn report(bare: &mut [Duration], till: &mut [Duration]) {
    bare.sort_unstable();
    till.sort_unstable();
    println!("own overhead of a card payment, {} sales each, in turn", bare.len());
    println!("(3 HTTP calls and {} commits a sale; fsync on the same disk)", bare::COMMITS);
    println!("{:>6} {:>12} {:>12} {:>8}", "", "bare", "till", "ratio");
    for (name, permille) in [("p50", 500), ("p90", 900), ("p99", 990)] {
        let (bare, till) = (percentile(bare, permille), percentile(till, permille));
        println!("{name:>6} {:>12} {:>12} {:>8}", micros(bare), micros(till), ratio(till, bare));
    }
}

fn percentile(sorted: &[Duration], permille: usize) -> Duration {
    let last = sorted.len().saturating_sub(1);
    sorted[last * permille / 1000]
}

fn micros(time: Duration) -> String {
    format!("{} \u{b5}s", time.as_micros())
}

/// The ratio with two decimals, in integers: no floats here either.
fn ratio(of: Duration, to: Duration) -> String {
    let hundredths = of.as_nanos() * 100 / to.as_nanos().max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
