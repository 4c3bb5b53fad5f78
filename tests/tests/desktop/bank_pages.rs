//! What banks' pages do beside asking for a code: pop-ups, frames of other hosts, files, bad certificates.

use std::fs;
use std::path::Path;

use vezne_sandbox::PRACTICE_CODE;
use vezne_tests::desktop::pages::title;
use vezne_tests::desktop::window::Window;

use crate::{approved, assert_charged, at_counter, confirmed_and_approved};

#[test]
fn a_pop_up_that_nobody_clicked_for_completes_and_closes_itself() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("bank_popup_by_itself", "RES-1", "101.00"));
    approved(&window, "a pop-up by itself");
    let left = window.screen().windows();
    assert_eq!(left.len(), 1, "an empty window stayed: {left:?}");
    assert_charged(&window, 1);
}

#[test]
fn a_pop_up_that_asks_for_the_code_takes_real_keys_and_moves_its_opener() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("return_popup", "RES-1", "102.00"));
    window.at_the_bank("popup");
    let before = window.screen().windows();
    window.press_in_bank("button");
    // The driver does not see pop-ups; the screen does.
    let popup = window.wait("the pop-up", || {
        window.screen().windows().into_iter().find(|(id, _)| before.iter().all(|(known, _)| known != id))
    });
    window.type_at_the_bank(&popup.0, PRACTICE_CODE);
    approved(&window, "a pop-up with a code");
    assert_charged(&window, 1);
}

#[test]
fn a_frame_of_another_host_keeps_its_cookie() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("bank_foreign_frame", "RES-1", "103.00"));
    window.customer_confirms_in_frame();
    approved(&window, "a frame of another host");
    assert_charged(&window, 1);
}

#[test]
fn a_file_that_the_bank_pushes_is_not_taken_and_the_sale_goes_on() {
    let window = Window::open();
    window.wait_for_sale();
    confirmed_and_approved(&window, &at_counter("bank_pushes_file", "RES-1", "104.00"));
    for folder in [window.screen().folder(), window.desk().folder()] {
        let found = named(folder, "bank-slip");
        assert!(found.is_empty(), "a download was taken: {found:?}");
    }
    assert_charged(&window, 1);
}

#[test]
fn a_certificate_of_nobody_closes_the_page_and_the_outcome_is_unknown_not_declined() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("bank_bad_certificate", "RES-1", "105.00"));
    assert_eq!(window.outcome(), title::UNKNOWN, "{}", window.text());
    window.wait_until_the_bank_is_gone();
    window.leave_picture("unknown");
    let text = window.text();
    assert!(text.contains("Do not charge this card again"), "{text}");
    assert!(text.contains("certificate"), "the timeline says why: {text}");
    assert_charged(&window, 0);
}

/// Every file below a folder whose name has this text.
pub(crate) fn named(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().contains(text)) {
                found.push(path.display().to_string());
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                waiting.push(path);
            }
        }
    }
    found
}
