//! A journal that was damaged while the desk was closed: the window says so, takes no money, and has it restored.

use std::fs;

use vezne_sandbox::Gateway;
use vezne_tests::desk::AtTheBank;
use vezne_tests::desk::Desk;
use vezne_tests::desktop::window::{BankWindows, Window, wishes};
use vezne_tests::sale::{Sale, assert_said};

use crate::{approved, assert_charged, at_counter};

#[test]
fn a_damaged_journal_is_set_aside_and_restored_from_the_window_and_sales_go_on() {
    let desk = Desk::with(wishes());
    let first = Sale::of(Gateway::Finrota, "without_3d").play(&desk);
    assert_said(&first, 0, "approved", "before the damage");
    assert_eq!(desk.run(&["journal", "backup"], "").code(), 0);
    let path = desk.home().join("journal.db");
    let mut bytes = fs::read(&path).unwrap_or_default();
    // The newest entries, and whatever else says how the payment ended.
    for page in bytes.chunks_mut(4096) {
        if page.windows(10).any(|window| window == b"\"approved\"") {
            page.fill(0);
        }
    }
    assert!(fs::write(&path, bytes).is_ok());
    let window = Window::over(desk, BankWindows::Shared, AtTheBank::Pays);
    window.wait_for_text("The journal is damaged, so no payment is taken.");
    window.leave_picture("journal-damaged");
    window.press("Set the damaged journal aside and restore");
    window.wait_for_text("Nothing is missing.");
    window.leave_picture("journal-restored");
    window.press("Open Vezne");
    window.wait_for_sale();
    window.take(&at_counter("without_3d", "RES-AFTER", "301.00"));
    approved(&window, "after the repair");
    assert_charged(&window, 2);
}
