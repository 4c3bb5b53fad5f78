//! Sales in which nothing goes wrong, at both gateways, by card and from the credit limit.

use vezne_tests::desk::AGENCY;
use vezne_tests::desktop::pages::{CardSale, Subject};
use vezne_tests::desktop::window::Window;

use crate::{approved, assert_charged, at_counter, confirmed_and_approved, for_order};

#[test]
fn a_sale_at_finrota_without_a_bank_s_page_and_one_in_three_installments_with_it() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("without_3d", "RES-1", "120.00"));
    approved(&window, "without 3-D Secure");
    let in_three = CardSale { installments: 3, ..at_counter("return_form_post", "RES-2", "545.00") };
    window.key_in(&in_three);
    // The button says what will happen: the document's own example.
    let _button = window.find("button", "Take 555.00 TRY in 3 installments");
    window.leave_picture("sale-keyed-in");
    window.pay(3);
    window.at_the_bank("code");
    window.leave_picture("at-the-bank");
    window.customer_confirms();
    approved(&window, "in three installments");
    let charges = window.desk().ledger().charges;
    let last = charges.last().map(|charge| (charge.amount_minor, charge.installments));
    assert_eq!(last, Some((55_500, 3)));
    assert_charged(&window, 2);
}

#[test]
fn an_order_at_yolcu360_by_card_with_the_page_as_html_and_in_base64_and_from_the_credit_limit() {
    let window = Window::open();
    window.wait_for_sale();
    confirmed_and_approved(&window, &for_order("forced_3d", "order_1001"));
    confirmed_and_approved(&window, &for_order("base64_html", "order_1002"));
    confirmed_and_approved(&window, &for_order("pending_challenge", "order_1003"));
    window.pay_from_limit(AGENCY, "order_1008");
    approved(&window, "from the limit");
    assert_charged(&window, 4);
}

#[test]
fn two_customers_at_once_the_first_one_s_page_is_parked_and_both_are_paid() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("return_302", "RES-10", "310.00"));
    window.at_the_bank("code");
    window.press("Serve the next customer");
    window.wait_for_sale();
    window.take(&CardSale {
        subject: Subject::Reference("RES-11", "320.00"),
        ..at_counter("without_3d", "RES-11", "320.00")
    });
    approved(&window, "the second customer");
    // The first one comes back to their page, which was never loaded anew.
    window.press("RES-10");
    window.customer_confirms();
    approved(&window, "the first customer");
    assert_charged(&window, 2);
}
