//! What is done after the payment, on a full disk: nothing is sent back that can't be written down, no day is closed in half,
//! no file is left that looks whole and is not.
#![cfg(target_os = "linux")]
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;

use vezne_sandbox::{Call, Fault, FaultRule, Gateway};
use vezne_tests::desk::{Desk, SUPERVISOR, SUPERVISOR_PIN, Wishes, card_of};
use vezne_tests::disk::Disk;
use vezne_tests::run::Ended;
use vezne_tests::sale::{assert_counts, assert_said};

use crate::damage::{
    COMMAND_AT_MOST, MEANWHILE, MEBIBYTES, PLAIN, assert_environment, assert_verifies, run, sell, start,
    wait_for_request,
};

/// A desk with a supervisor on a disk of its own, one sale, and that sale's payment.
fn sold() -> Option<(Desk, Disk, String)> {
    // A gateway that takes its time is waited for.
    let desk = Desk::with(Wishes { timeouts: "reversal_seconds = 20\n".to_owned(), ..Wishes::default() });
    desk.add_supervisor();
    let disk = Disk::under(&desk, MEBIBYTES)?;
    let paid = sell(&desk, &disk, card_of(PLAIN));
    assert_said(&paid, 0, "approved", "with room");
    let payment = paid.last()["payment"].as_str().unwrap_or_default().to_owned();
    Some((desk, disk, payment))
}

fn refund(payment: &str) -> [&str; 9] {
    ["payment", "refund", payment, "--amount", "45.00", "--as", SUPERVISOR, "--reason", "one day less"]
}

/// How many reversals reached the gateway, and what went back.
#[track_caller]
fn assert_back(desk: &Desk, received: u32, minor: &[i64]) {
    let ledger = desk.ledger();
    let back: Vec<i64> = ledger.reversals.iter().map(|reversal| reversal.amount_minor).collect();
    let came = ledger.counts.values().map(|counts| counts.reversals_received).sum::<u32>();
    assert_eq!((came, &back[..]), (received, minor));
}

#[test]
fn on_a_full_disk_nothing_is_sent_back_and_with_room_again_it_is_once() {
    let Some((desk, disk, payment)) = sold() else { return };
    disk.fill();
    assert_environment(&run(&desk, &disk, &refund(&payment), SUPERVISOR_PIN), "disk_full");
    assert_back(&desk, 0, &[]);
    disk.make_room();
    assert_said(&run(&desk, &disk, &refund(&payment), SUPERVISOR_PIN), 0, "approved", "with room again");
    assert_back(&desk, 1, &[4_500]);
    assert_verifies(&run(&desk, &disk, &["journal", "verify"], ""));
}

#[test]
fn the_answer_to_a_refund_that_finds_the_disk_full_is_written_into_the_reserve() {
    let Some((desk, disk, payment)) = sold() else { return };
    let millis = u64::try_from(MEANWHILE.as_millis()).unwrap_or(u64::MAX);
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Refund, Fault::Delay { millis }));
    let running = start(&desk, &disk, &refund(&payment), SUPERVISOR_PIN);
    wait_for_request(&desk, "/refund");
    disk.fill();
    assert_said(&running.wait(COMMAND_AT_MOST), 0, "approved", "the answer is written down");
    assert_back(&desk, 1, &[4_500]);
    disk.make_room();
    assert_verifies(&run(&desk, &disk, &["journal", "verify"], ""));
    let shown = run(&desk, &disk, &["payment", "show", &payment], "");
    assert!(shown.stdout.contains("\"45.00\""), "{shown:#?}");
    assert_counts(&desk, 1, 1);
}

#[test]
fn on_a_full_disk_no_day_is_closed_and_no_number_is_used_up() {
    let Some((desk, disk, _payment)) = sold() else { return };
    disk.fill();
    assert_environment(&run(&desk, &disk, &["close"], ""), "disk_full");
    disk.make_room();
    let closed = run(&desk, &disk, &["close"], "");
    assert_eq!((closed.code(), &closed.last()["close"]), (0, &1.into()), "{closed:#?}");
    assert_eq!(closed.last()["totals"][0]["approved"]["count"], 1, "{closed:#?}");
    let next = run(&desk, &disk, &["close"], "").last();
    assert_eq!((&next["close"], next["totals"].as_array().map(Vec::len)), (&2.into(), Some(0)), "{next}");
    assert_verifies(&run(&desk, &disk, &["journal", "verify"], ""));
}

#[test]
fn an_export_or_a_receipt_that_finds_no_room_leaves_no_file() {
    let Some((desk, disk, payment)) = sold() else { return };
    let exported = desk.home().join("november.csv");
    let exported = exported.to_str().unwrap_or_default();
    let receipt = desk.home().join("receipt.pdf");
    let receipt = receipt.to_str().unwrap_or_default();
    let export = |home: &Disk| -> Ended { run(&desk, home, &["journal", "export", exported], "") };
    let print = |home: &Disk| -> Ended { run(&desk, home, &["payment", "receipt", &payment, "--pdf", receipt], "") };
    // Room to open the journal, and none for anything besides.
    disk.fill();
    for ended in [export(&disk), print(&disk)] {
        assert_eq!(ended.code(), 50, "{ended:#?}");
    }
    for name in ["november.csv", "receipt.pdf"] {
        assert!(!disk.file(name).exists(), "{name}");
    }
    let left: Vec<_> =
        fs::read_dir(disk.file("")).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("november")), "{left:?}");
    disk.make_room();
    for ended in [export(&disk), print(&disk)] {
        assert_eq!(ended.code(), 0, "{ended:#?}");
    }
    assert!(fs::metadata(disk.file("receipt.pdf")).is_ok_and(|file| file.len() > 1000));
}
