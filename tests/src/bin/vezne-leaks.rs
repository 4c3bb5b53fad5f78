//! XXX experiment
#![allow(missing_docs, clippy::all, clippy::unwrap_used, clippy::print_stdout, clippy::allow_attributes_without_reason, clippy::allow_attributes, clippy::panic)]
use std::time::{Duration, Instant};
use vezne_tests::desk::{COUNTER, AtTheBank};
use vezne_tests::desktop::pages::{CardSale, Subject};
use vezne_tests::desktop::window::{BankWindows, Window, wishes};
use vezne_tests::leaks::canary::Canary;
use vezne_tests::leaks::memory::{self, Counts};
use vezne_tests::leaks::search::Search;

fn look(window: &Window, canary: &Canary, when: &str) {
    let codes = canary.code_alone();
    let search = Search::of([canary.on_disk(), codes.clone()].concat());
    let begun = Instant::now();
    let mut counts = Counts::new();
    let mut all = 0;
    for process in memory::processes_of(window.screen().folder()) {
        let n = memory::search(&process, &search, &codes, &mut counts);
        println!("   {} {} {} MiB", process.pid, process.name, n >> 20);
        all += n;
    }
    println!("== {when}: {} MiB in {:?}", all >> 20, begun.elapsed());
    for (place, count) in &counts {
        println!("{:>6}  {} | {} | {}", count, place.process, place.mapping, place.form);
    }
}

fn main() {
    let start = Instant::now();
    let window = Window::with(wishes(), BankWindows::Own, AtTheBank::Pays);
    println!("started {:?}", start.elapsed());
    window.wait_for_sale();
    println!("sale {:?}", start.elapsed());
    let amex = Canary { number: "374427000001555", code: "8306" };
    let visa = Canary { number: "4155650000001013", code: "907" };
    look(&window, &amex, "before (control)");
    look(&window, &visa, "before (control)");
    let scenario = std::env::args().nth(1).unwrap_or("direct".into());
    let (canary, number) = if scenario == "direct" { (visa, visa.number) } else { (Canary{number:"374427000000003", ..amex}, "374427000000003") };
    let sale = CardSale { account: COUNTER, subject: Subject::Reference("RES-1", "120.00"), number, installments: 1 };
    let t = Instant::now();
    window.key_in_by_hand(&sale, canary.code);
    println!("typed in {:?}", t.elapsed());
    look(&window, &canary, "typed");
    window.pay(1);
    if scenario != "direct" {
        let bank = window.screen().wait_for_window("127.0.0.1");
        window.type_at_the_bank(&bank, vezne_sandbox::PRACTICE_CODE);
    }
    println!("outcome {}", window.outcome());
    look(&window, &canary, "outcome");
    std::thread::sleep(Duration::from_secs(5));
    look(&window, &canary, "5 s later");
    window.next_sale();
    std::thread::sleep(Duration::from_secs(3));
    look(&window, &canary, "next sale + 3 s");
}
