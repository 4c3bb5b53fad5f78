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
    open_at(&printer.address, true)
}

fn open_at(address: &str, after_approval: bool) -> Window {
    let usual = wishes();
    let papers = format!(
        "{}\n[receipt]\nheader = [\"Isik Oto\"]\nprint_after_approval = {after_approval}\n\n[printer]\nway = \"network\"\naddress = \"{address}\"\n",
        usual.timeouts
    );
    let desk = Desk::with(Wishes { timeouts: papers, ..usual });
    desk.add_supervisor();
    Window::over(desk, BankWindows::Shared, AtTheBank::Pays)
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
    for words in ["Isik Oto", "Payment approved", "RES-1", "120.00 TRY", "Not a fiscal document"] {
        assert!(first.contains(words), "{words}\n{first}");
    }
    assert!(!first.contains("COPY"), "{first}");
    // A gateway on this machine makes no training.
    assert!(!first.contains("TRAINING"), "{first}");

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

/// Saves the paper of the preview that stands open as PDF, and reads it.
fn saved(window: &Window) -> String {
    let before = if window.desk().home().join("receipts").exists() { pdfs(window) } else { Vec::new() };
    window.press("Save as PDF");
    window.wait_for_text("Saved: ");
    let now = window.wait("the PDF", || {
        pdfs(window).into_iter().find(|path| !before.contains(path) && path.metadata().is_ok_and(|file| file.len() > 0))
    });
    window.press("Close");
    // A sentence may go on in the next line.
    text_of(&now).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_says(paper: &str, wanted: &[&str], unwanted: &[&str]) {
    for words in wanted {
        assert!(paper.contains(words), "{words}\n{paper}");
    }
    for words in unwanted {
        assert!(!paper.contains(words), "{words}\n{paper}");
    }
}

#[test]
fn each_outcome_has_a_paper_of_its_own_that_claims_no_more_than_is_known() {
    let printer = Printer::start();
    let window = open_at(&printer.address, false);
    window.wait_for_sale();

    window.take(&at_counter("decline_2002_402", "RES-1", "120.00"));
    assert_eq!(window.outcome(), title::DECLINED, "{}", window.text());
    window.press("Receipt");
    window.wait_for_text("this will be the original");
    window.leave_picture("receipt-declined");
    let paper = saved(&window);
    assert_says(
        &paper,
        &["Isik Oto", "Payment declined", "Not charged", "RES-1", "120.00 TRY", "Not a fiscal document"],
        &["Payment approved", "COPY", "safe to pay again"],
    );
    window.next_sale();

    window.take(&at_counter("forced_3d", "RES-2", "130.00"));
    window.at_the_bank("code");
    window.press("The customer gave up");
    window.press("Close the page and ask");
    window.wait_until_the_bank_is_gone();
    assert_eq!(window.outcome(), title::UNKNOWN, "{}", window.text());
    window.press("Receipt");
    window.wait_for_text("this will be the original");
    window.leave_picture("receipt-unknown");
    let paper = saved(&window);
    assert_says(
        &paper,
        &["Outcome not known yet", "This paper does not say that it was", "RES-2", "130.00 TRY"],
        &["Payment approved", "Payment declined", "Not charged", "Nothing was charged"],
    );
    assert_charged(&window, 0);
}

#[test]
fn each_refund_of_a_payment_has_its_own_receipt_told_apart_where_it_is_asked_for() {
    let printer = Printer::start();
    let usual = wishes();
    let counter = "reversals = true\n".to_owned();
    let desk = Desk::with(Wishes { counter, ..usual });
    desk.add_supervisor();
    let window = Window::over(desk, BankWindows::Shared, AtTheBank::Pays);
    window.wait_for_sale();
    window.take(&at_counter("without_3d", "RES-1", "545.00"));
    assert_eq!(window.outcome(), title::APPROVED, "{}", window.text());
    window.open_payment("RES-1");
    window.refund_part("100.00");
    window.wait_for_text("Refunded · 100.00 TRY");
    window.refund_part("44.99");
    window.wait_for_text("Refunded · 44.99 TRY");
    let look = "const one = [...document.querySelectorAll('main .one')].find((one) => one.innerText.replace(/\\s+/g, ' ').includes(arguments[0])); \
                if (!document.querySelector('dialog[open]')) [...one.querySelectorAll('.acts button')].at(-1).click(); return true";
    for (amount, other) in [("100.00 TRY", "44.99 TRY"), ("44.99 TRY", "100.00 TRY")] {
        window.wait("the screen to take a press", || {
            let _pressed = window.page().run(look, &[format!("Refunded · {amount}").into()]);
            window.text().contains("this will be the original").then_some(())
        });
        let paper = saved(&window);
        assert_says(&paper, &["Refunded", amount, "545.00 TRY", "Refund no."], &[other, "COPY"]);
    }
    window.leave_picture("receipts-of-refunds");
    assert_eq!(printer.count(), 0);
}

#[test]
fn a_printer_that_refuses_is_late_or_busy_loses_nothing_and_prints_nothing_twice() {
    let address = Printer::nobody();
    let window = open_at(&address.to_string(), true);
    window.wait_for_sale();
    window.take(&at_counter("without_3d", "RES-1", "120.00"));
    assert_eq!(window.outcome(), title::APPROVED, "{}", window.text());
    window.wait_for_text("address takes no print jobs.");
    window.leave_picture("printer-refuses");

    let printer = Printer::at(&address.to_string());
    printer.becomes(Mood::Late(std::time::Duration::from_millis(1_500)));
    window.press("Try now");
    let printed = printer.texts(1);
    assert!(printed.first().is_some_and(|paper| paper.contains("RES-1") && !paper.contains("COPY")), "{printed:?}");
    window.wait("the queue to be empty", || (!window.text().contains("print jobs")).then_some(()));

    // It has answered before: silent now, it is busy, and gets nothing.
    printer.becomes(Mood::Busy);
    // The first one may not have been told as printed yet.
    window.wait("the copy to be ordered", || {
        window.press("Print");
        window.text().contains("Copy 1 goes to the printer.").then_some(())
    });
    window.wait_for_text("does not take the receipt");
    window.leave_picture("printer-busy");
    printer.becomes(Mood::Sound);
    window.press("Try now");
    let printed = printer.texts(2);
    assert!(printed.get(1).is_some_and(|paper| paper.contains("COPY 1")), "{printed:?}");
    window.wait("the queue to be empty", || (!window.text().contains("does not take")).then_some(()));
    assert_eq!(printer.count(), 2, "nothing twice");
    assert_charged(&window, 1);
}
