//! The day close in the real window: with unknowns, on the two days when Berlin's clocks change, and printed again.

use vezne_sandbox::{Call, CutPoint, Fault, FaultRule, Gateway, When};
use vezne_tests::desk::{AtTheBank, Desk, Wishes};
use vezne_tests::desktop::pages::title;
use vezne_tests::desktop::window::{BankWindows, Window, wishes};

use crate::{approved, assert_charged, at_counter};

/// The anchor that stands on the screen.
fn anchor(window: &Window, number: u32) -> String {
    let begins = format!("{number}-");
    let is_anchor = |word: &&str| word.starts_with(&begins) && word.split('-').count() == 5;
    window.wait("the anchor", || window.text().split_whitespace().find(is_anchor).map(str::to_owned))
}

/// Goes to the day close and presses its one button.
fn close_the_day(window: &Window, number: u32) -> String {
    window.press("Close");
    window.wait_for_text(&format!("What day close no. {number} would say"));
    window.leave_picture(&format!("close-{number}-before"));
    window.press(&format!("Close the day: no. {number}"));
    let anchor = anchor(window, number);
    window.leave_picture(&format!("close-{number}-made"));
    anchor
}

#[test]
fn a_day_is_closed_with_an_unknown_that_is_listed_and_settled_in_the_next_close() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("without_3d", "RES-1", "120.00"));
    approved(&window, "the first sale");
    let busy = Fault::Status { status: 503, body: None, when: When::Before };
    window.desk().fault(FaultRule::new(Gateway::Finrota, Call::Status, busy));
    let cut = Fault::Cut { at: CutPoint::AfterExecuting };
    window.desk().fault(FaultRule::new(Gateway::Finrota, Call::Pay, cut));
    window.take(&at_counter("without_3d", "RES-2", "200.00"));
    assert_eq!(window.outcome(), title::UNKNOWN, "{}", window.text());
    let first = close_the_day(&window, 1);
    let text = window.text();
    assert!(text.contains("120.00 TRY") && !text.contains("320.00"), "the unknown one is in no sum: {text}");
    // It is listed, with a way to it.
    window.press("RES-2");
    window.wait_for_text("Not known yet");
    window.desk().sandbox().clear_faults();
    window.press("Ask now");
    window.wait("the gateway's word", || window.text().contains("Approved").then_some(()));
    let second = close_the_day(&window, 2);
    window.wait_for_text("SETTLED SINCE THE LAST CLOSE");
    window.wait_for_text("200.00 TRY");
    assert_ne!(first, second);
    // The first one is shown again as it was made, and compared with the gateway.
    window.press("1 ");
    window.wait_for_text(&first);
    window.press("Compare with the gateway");
    window.wait_for_text("Compare again");
    window.wait_for_text("both say the same");
    // It was compared, and the next close has nothing of that.
    window.press("Save as PDF");
    window.wait_for_text("Saved:");
    let third = close_the_day(&window, 3);
    window.press("Compare with the gateway");
    window.wait_for_text("Nothing to compare.");
    assert_ne!(second, third);
    assert_charged(&window, 2);
    let held = window.desk().run(&["journal", "verify", "--anchor", &first, "--anchor", &second], "");
    assert_eq!(held.code(), 0, "{held:#?}");
}

fn in_berlin(moment: &str) -> Desk {
    let usual = wishes();
    let timeouts = format!("{}[desk]\ntimezone = \"Europe/Berlin\"\n", usual.timeouts);
    let desk = Desk::with(Wishes { timeouts, ..usual });
    desk.set_clock(moment);
    desk
}

/// A sale and a close at a time of day that the desk is told.
fn sells_and_closes(moment: &str, day: &str) {
    let desk = in_berlin(moment);
    let window = Window::over(desk, BankWindows::Shared, AtTheBank::Pays);
    window.wait_for_sale();
    window.take(&at_counter("without_3d", "RES-1", "120.00"));
    approved(&window, moment);
    let anchor = close_the_day(&window, 1);
    window.wait_for_text(day);
    window.wait_for_text("Europe/Berlin");
    let shown = window.desk().run(&["close", "show", "1"], "").last();
    let said = |place: &str| shown.pointer(place).and_then(serde_json::Value::as_str);
    assert_eq!((said("/anchor"), said("/totals/0/net")), (Some(anchor.as_str()), Some("120.00")), "{shown}");
    assert_charged(&window, 1);
}

#[test]
fn a_day_is_closed_in_the_hour_that_comes_twice_when_berlins_clocks_go_back() {
    // 02:30, for the second time.
    sells_and_closes("2026-10-25 01:30:00", "Sun, 25 Oct 2026");
}

#[test]
fn a_day_is_closed_just_after_the_hour_that_berlins_clocks_leave_out() {
    // 03:00:30, half a minute after 01:59:59.
    sells_and_closes("2026-03-29 01:00:30", "Sun, 29 Mar 2026");
}
