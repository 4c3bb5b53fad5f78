//! An export through the real window: written whole, stopped half way with nothing left, and never in two at once.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use vezne_core::attempt::{Entry, Means, Subject};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId};
use vezne_core::ports::Journal as _;
use vezne_core::record::{Batch, Record};
use vezne_core::time::Timestamp;
use vezne_journal::{Journal, Keys, Lock};
use vezne_tests::desk::{AtTheBank, Desk};
use vezne_tests::desktop::window::{BankWindows, Window, wishes};

use crate::history::{Os, chain_key, id, pay};
use crate::{approved, assert_charged, at_counter};

/// What stands in the folder that exports are written into.
fn files(window: &Window) -> Vec<String> {
    let folder = window.desk().home().join("exports");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The path that the dialog says the file stands at.
fn path_shown(window: &Window) -> PathBuf {
    let ends = |word: &&str| word.ends_with(".jsonl") && word.starts_with('/');
    window.wait("the path", || window.text().split_whitespace().find(ends).map(PathBuf::from))
}

fn lines(path: &Path) -> Vec<Value> {
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_export_is_written_whole_and_one_that_is_stopped_leaves_nothing() {
    let window = Window::open();
    window.wait_for_sale();
    for (reference, amount) in [("RES-1", "120.00"), ("RES-2", "80.00")] {
        window.take(&at_counter("without_3d", reference, amount));
        approved(&window, reference);
    }
    window.press("History");
    window.press("Export");
    window.wait_for_text("2 lines to look at");
    window.click("radio", "JSON lines");
    window.press("Write the file");
    window.wait_for_text("Written: 2 lines.");
    let path = path_shown(&window);
    let written = lines(&path);
    let booked: Vec<&Value> = written.iter().filter_map(|line| line.get("booking")).collect();
    assert_eq!(booked, ["RES-1", "RES-2"]);
    assert_eq!(written.last().unwrap(), &serde_json::json!({ "rows": 2 }), "it is whole");
    window.press("Close");
    // What an earlier run left half written is swept at the next start, and what is whole stays.
    let left = path.with_file_name("vezne-left.csv.part");
    std::fs::write(&left, "half a name").unwrap();
    let whole = files(&window);
    let mut window = window;
    window.kill();
    window.start();
    window.wait_for_sale();
    window.wait("the sweep", || (!left.exists()).then_some(()));
    assert_eq!(files(&window).len(), whole.len() - 1, "{whole:?}");
    assert!(path.exists());
    assert_charged(&window, 2);
}

/// Writes so many settled payments into the desk's journal, each like the one that was paid: enough for an export to be stopped
/// on its way by a person.
async fn many(desk: &Desk, paid: AttemptId, count: u64) {
    let keys = Keys::only(chain_key(desk));
    let now = Timestamp::from_millis(1_790_000_000_000);
    let (journal, _) = Journal::open(Lock::acquire(&desk.home()).unwrap(), keys, Arc::new(Os), now).await.unwrap();
    let model = journal.attempt(paid).await.unwrap().unwrap();
    let mut records = Vec::new();
    for number in 0..count {
        let ten: [u8; 10] = [&[1, 1][..], &number.to_be_bytes()].concat().try_into().unwrap();
        let mut intent = model.intent.clone();
        intent.payment = PaymentId::from_parts(now, ten);
        intent.attempt = AttemptId::from_parts(now, ten);
        intent.reference = AttemptReference::from_random(u128::from(number).to_be_bytes());
        intent.subject = Subject::Reference { reference: format!("OLD-{number}").parse().unwrap(), part: None };
        if let Means::Card(card) = &mut intent.means {
            card.holder = None;
        }
        let (attempt, payment) = (intent.attempt, intent.payment);
        for entry in [Entry::Opened(Box::new(intent)), Entry::Entered(Box::new(model.state.clone()))] {
            records.push(Record::Attempt { attempt, payment, entry });
        }
        if records.len() >= 800 || number + 1 == count {
            let batch = Batch { records: std::mem::take(&mut records), names: Vec::new() };
            journal.append(batch, now).await.unwrap();
        }
    }
    journal.close().await;
}

#[test]
fn an_export_that_is_stopped_on_its_way_leaves_nothing_and_the_next_one_is_whole() {
    const OLD: u64 = 30_000;
    let desk = Desk::with(wishes());
    let paid = pay(&desk, "without_3d", "RES-1", "120.00");
    let attempt: AttemptId = id(&paid, "attempt").parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(many(&desk, attempt, OLD));
    let window = Window::over(desk, BankWindows::Shared, AtTheBank::Pays);
    window.wait_for_sale();
    window.press("History");
    window.press("Export");
    window.wait_for_text("30,001 lines to look at");
    window.press("Write the file");
    window.press("Stop");
    window.wait_for_text("Nothing of it is left.");
    assert_eq!(files(&window), [""; 0]);
    window.click("radio", "JSON lines");
    window.press("Write the file");
    window.wait_for_text("Written: 30,001 lines.");
    let written = lines(&path_shown(&window));
    assert_eq!(written.last().unwrap(), &serde_json::json!({ "rows": OLD + 1 }));
    assert_eq!(window.desk().ledger().charges.len(), 1);
}
