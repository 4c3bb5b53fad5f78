//! The bank's window exactly as at a real desk: its own data folder, seen by no driver, reached by real keys only.

use std::thread;
use std::time::Duration;

use vezne_sandbox::PRACTICE_CODE;
use vezne_tests::desk::{AtTheBank, Desk};
use vezne_tests::desktop::driver::Driver;
use vezne_tests::desktop::screen::Screen;
use vezne_tests::desktop::window::{BankWindows, Window, packaged_binary, wishes};

use crate::bank_pages::named;
use crate::{approved, assert_charged, at_counter};

#[test]
fn the_bank_s_window_has_a_folder_of_its_own_takes_real_keys_and_leaves_nothing_behind() {
    let window = Window::with(wishes(), BankWindows::Own, AtTheBank::Pays);
    window.wait_for_sale();
    window.take(&at_counter("return_form_post", "RES-1", "101.00"));
    let bank = window.screen().wait_for_window("127.0.0.1");
    assert!(window.others().is_empty(), "a driver must not see a bank's window that stands by itself");
    window.type_at_the_bank(&bank, PRACTICE_CODE);
    approved(&window, "with real keys");
    // A second one in the same run: the way back works again, in a new folder.
    window.take(&at_counter("bank_by_itself", "RES-2", "102.00"));
    approved(&window, "by itself");
    window.take(&at_counter("bank_popup_by_itself", "RES-3", "103.00"));
    approved(&window, "a pop-up by itself");
    window.wait("the end of the bank's folders", || named(&window.desk().home(), "Cookies").is_empty().then_some(()));
    let left = window.screen().windows();
    assert_eq!(left.len(), 1, "a window stayed: {left:?}");
    assert_charged(&window, 3);
}

#[test]
fn a_desk_as_it_is_packaged_cannot_be_driven() {
    let desk = Desk::with(wishes());
    let screen = Screen::open();
    let arguments = ["--home".to_owned(), desk.home().to_string_lossy().into_owned()];
    let environment = desk.environment(AtTheBank::Pays);
    thread::scope(|scope| {
        let driven = scope.spawn(|| {
            Driver::try_start(&screen, &packaged_binary(), &arguments, &environment, Duration::from_secs(6)).is_ok()
        });
        // It does start, and shows its window: only the driver gets nothing.
        let _window = screen.wait_for_window("Vezne");
        assert!(matches!(driven.join(), Ok(false)), "the driver got a session");
    });
}
