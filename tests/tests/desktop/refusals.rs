//! No, in all its forms: declined, cancelled, given up, refused before sending, not sent.

use vezne_tests::desk::{AGENCY, AtTheBank, Desk};
use vezne_tests::desktop::books;
use vezne_tests::desktop::pages::title;
use vezne_tests::desktop::window::{BankWindows, Window, wishes};
use vezne_tests::relay::Relay;

use crate::{assert_charged, at_counter, for_order};

#[track_caller]
fn declined(window: &Window, words: &str) {
    assert_eq!(window.outcome(), title::DECLINED, "{}", window.text());
    window.wait_until_the_bank_is_gone();
    let text = window.text();
    assert!(text.to_lowercase().contains(&words.to_lowercase()), "{words:?} in {text}");
}

#[test]
fn declined_at_once_after_the_bank_s_page_and_by_the_customer_s_cancel() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("decline_2002_402", "RES-1", "101.00"));
    declined(&window, "insufficient funds");
    window.leave_picture("declined");
    window.next_sale();
    window.take(&at_counter("challenge_do_not_honour", "RES-2", "102.00"));
    window.customer_confirms();
    declined(&window, "declined");
    window.next_sale();
    window.take(&at_counter("forced_3d", "RES-3", "103.00"));
    window.customer_cancels();
    declined(&window, "");
    window.next_sale();
    window.take(&for_order("forced_3d", "order_1001"));
    window.customer_cancels();
    declined(&window, "");
    assert_eq!(books::count(window.desk(), "declined"), 4);
    assert_charged(&window, 0);
}

#[test]
fn the_credit_limit_does_not_cover_an_order_and_another_is_paid_already() {
    let window = Window::open();
    window.wait_for_sale();
    window.pay_from_limit(AGENCY, "order_1010");
    declined(&window, "limit");
    window.next_sale();
    // Paid already: said beside the order, and nothing can be sent.
    window.choose_account(AGENCY);
    window.fill("Order id", "order_1011");
    window.wait_for_text("already paid");
    assert_eq!(window.desk().ledger().counts_of("order_1011").received, 0);
    assert_charged(&window, 0);
}

#[test]
fn the_gateway_goes_down_before_the_payment_and_nothing_is_sent() {
    let desk = Desk::with(wishes());
    let relay = Relay::until(&desk, "/b2c/paymentOptions");
    let window = Window::over(desk, BankWindows::Shared, AtTheBank::Pays);
    window.wait_for_sale();
    window.take(&at_counter("without_3d", "RES-1", "104.00"));
    assert_eq!(window.outcome(), title::NOT_SENT, "{}", window.text());
    window.leave_picture("not-sent");
    assert!(relay.is_closed(), "the options were asked for");
    assert_charged(&window, 0);
}

#[test]
fn the_bank_s_window_is_closed_by_hand_and_the_outcome_is_unknown_not_declined() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("forced_3d", "RES-1", "105.00"));
    window.at_the_bank("code");
    let bank = window.screen().wait_for_window("127.0.0.1");
    window.screen().close(&bank);
    // Closing asks first; kept, the page is still there.
    window.press("Keep it open");
    assert!(window.bank_is_open());
    window.screen().close(&bank);
    window.press("Close and ask");
    window.wait_until_the_bank_is_gone();
    assert_eq!(window.outcome(), title::UNKNOWN, "{}", window.text());
    // The same booking is blocked until it is settled.
    let blocked = window
        .desk()
        .run(&["pay", "--account", "counter", "--reference", "RES-1", "--amount", "105.00", "--currency", "TRY"], "");
    assert_ne!(blocked.code(), 0, "a running desk owns the journal: {blocked:#?}");
    assert_charged(&window, 0);
}

#[test]
fn the_customer_gives_up_and_the_outcome_is_unknown() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("forced_3d", "RES-1", "106.00"));
    window.at_the_bank("code");
    window.press("The customer gave up");
    window.press("Close the page and ask");
    window.wait_until_the_bank_is_gone();
    assert_eq!(window.outcome(), title::UNKNOWN, "{}", window.text());
    assert_eq!(books::count(window.desk(), "unknown"), 1);
    assert_charged(&window, 0);
}
