//! Receipts through the real window: printed by itself after an approval, saved as PDF, and never a second original.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use vezne_tests::desk::{AtTheBank, Desk, Wishes, card_of};
use vezne_tests::desktop::by_hand::ByHand;
use vezne_tests::desktop::pages::title;
use vezne_tests::desktop::window::{BankWindows, Window, wishes};
use vezne_tests::printer::{Mood, Printer};

use crate::{assert_charged, at_counter};

fn open(printer: &Printer) -> Window {
    let usual = wishes();
    let papers = format!(
        "{}\n[receipt]\nheader = [\"Isik Oto\"]\nprint_after_approval = true\n\n[printer]\nway = \"network\"\naddress = \"{}\"\n",
        usual.timeouts, printer.address
    );
    Window::over(Desk::with(Wishes { timeouts: papers, ..usual }), BankWindows::Shared, AtTheBank::Pays)
}

fn pdfs(window: &Window) -> Vec<PathBuf> {
    let files = std::fs::read_dir(window.desk().home().join("receipts")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

fn text_of(pdf: &Path) -> String {
    let read = Command::new("pdftotext").args(["-layout".as_ref(), pdf.as_os_str(), "-".as_ref()]).output().unwrap();
    String::from_utf8(read.stdout).unwrap()
}

#[test]
fn an_approval_is_printed_by_itself_and_what_comes_after_is_a_copy() {
    let printer = Printer::start();
    let mut window = open(&printer);
    window.wait_for_sale();
    window.take(&at_counter("without_3d", "RES-1", "120.00"));
    assert_eq!(window.outcome(), title::APPROVED, "{}", window.text());
    let printed = printer.texts(1);
    let first = printed.first().unwrap();
    for words in ["Isik Oto", "TRAINING MODE", "Payment approved", "RES-1", "120.00 TRY", "Not a fiscal document"] {
        assert!(first.contains(words), "{words}\n{first}");
    }
    assert!(!first.contains("COPY"), "{first}");

    // The same paper once more, by hand: seen first, then printed and saved.
    window.press("Receipt");
    window.wait_for_text("This will be copy 1.");
    window.leave_picture("receipt");
    window.press("Print");
    window.wait_for_text("Copy 1 goes to the printer.");
    assert!(printer.texts(2).get(1).unwrap().contains("COPY 1"));
    window.press("Save as PDF");
    window.wait_for_text("Saved: ");
    let saved = pdfs(&window);
    let text = text_of(saved.first().unwrap());
    assert!(text.contains("COPY 2") && text.contains("Payment approved") && text.contains("120.00 TRY"), "{text}");

    // Over a sudden end of the desk too.
    window.kill();
    let listed = window.desk().run(&["payment", "list"], "");
    let payment =
        listed.lines().first().and_then(|line| line.get("payment")).and_then(Value::as_str).map(str::to_owned);
    let told = window.desk().run(&["payment", "receipt", &payment.unwrap()], "");
    let issued = told.lines().first().and_then(|line| line.get("issued")).and_then(Value::as_array).cloned().unwrap();
    let ways: Vec<&str> = issued.iter().filter_map(|one| one.get("way").and_then(Value::as_str)).collect();
    assert_eq!(ways, ["printer", "printer", "pdf"]);
    assert_charged(&window, 1);
}

#[test]
fn a_printer_in_trouble_keeps_nobody_from_selling_and_prints_nothing_twice() {
    let printer = Printer::start();
    let mut window = open(&printer);
    window.wait_for_sale();
    printer.becomes(Mood::NoPaper);
    window.take(&at_counter("without_3d", "RES-1", "120.00"));
    assert_eq!(window.outcome(), title::APPROVED, "{}", window.text());
    window.wait_for_text("The printer has no paper. Put a new roll in.");
    window.leave_picture("printer-no-paper");
    assert_eq!(printer.count(), 0);
    window.next_sale();

    // A restart amid that: it waits on the disk, and comes out once.
    window.kill();
    printer.becomes(Mood::Gone(60));
    window.start();
    // It breaks off half-way, so a person is asked, and nothing is sent again by itself.
    window.wait_for_text("Did the receipt come out whole?");
    window.leave_picture("printer-asks");
    assert_eq!(printer.count(), 1);
    printer.becomes(Mood::Sound);
    window.press("Print a copy");
    let printed = printer.texts(2);
    let copy = printed.get(1).unwrap();
    assert!(copy.contains("COPY 1") && copy.contains("RES-1"), "{copy}");
    window.wait_for_sale();
    assert_charged(&window, 1);
}

/// A desk that nobody drives: WebKit lets a driven page print nothing.
#[test]
fn the_system_s_print_dialog_and_mail_program_are_opened_by_real_keys_and_both_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("xdg-open");
    let opened = folder.path().join("opened");
    std::fs::write(&program, format!("#!/bin/sh\nprintf '%s' \"$1\" >'{}'\n", opened.display())).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let hands = ByHand::over(Desk::with(wishes()), &vec![("PATH", path.into())]);
    hands.wait_for_sale();
    hands.key_in(("RES-1", "120.00"), card_of("without_3d"), "123");
    hands.pay();
    hands.wait_for_outcome("approved");
    hands.go_to("d");
    hands.go_to("e");
    let address = hands.wait("the draft of a mail", || {
        std::fs::read_to_string(&opened).ok().filter(|address| address.contains("TRY"))
    });
    assert!(address.starts_with("mailto:?subject=Payment%20approved&body="), "{address}");
    assert!(address.contains("RES-1") && !address.contains(card_of("without_3d")), "{address}");
    hands.go_to("w");
    let _dialog = hands.screen().wait_for_window("Print");
    hands.picture("print-dialog");
    hands.screen().press("Escape");
    hands.wait("both in the journal", || {
        let listed = hands.desk().run(&["payment", "list"], "").lines();
        let payment = listed.first()?.get("payment")?.as_str()?.to_owned();
        let told = hands.desk().run(&["payment", "receipt", &payment], "").lines();
        let issued = told.first()?.get("issued")?.as_array()?.clone();
        let ways: Vec<&str> = issued.iter().filter_map(|one| one.get("way").and_then(Value::as_str)).collect();
        (ways == ["mail", "dialog"]).then_some(())
    });
}
