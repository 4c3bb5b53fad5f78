//! The desk is killed while the customer is at the bank, and started again.

use url::Url;
use vezne_tests::customer::{Customer, Temper};
use vezne_tests::desktop::books;
use vezne_tests::desktop::window::Window;

use crate::{assert_charged, at_counter};

/// The customer is at the code page; the desk is killed. Gives the page's address.
fn killed_at_the_bank(window: &mut Window, amount: &str) -> Url {
    window.wait_for_sale();
    window.take(&at_counter("return_form_post", "RES-1", amount));
    window.at_the_bank("code");
    let address = window.driver().address().unwrap_or_default();
    window.kill();
    assert_eq!(books::count(window.desk(), "approved"), 0);
    let address = Url::parse(&address);
    assert!(address.is_ok(), "the bank's page had an address");
    address.unwrap_or_else(|error| unreachable!("{error}"))
}

#[test]
fn a_desk_killed_at_the_bank_asks_at_its_next_start_and_finds_the_charge() {
    let mut window = Window::open();
    let page = killed_at_the_bank(&mut window, "201.00");
    // The customer has the page on another device and goes on; nobody is there to come back to.
    let paid = Customer::new(Temper::TypesTheCode, None).and_then(|mut customer| customer.open(page.as_str()));
    assert!(paid.is_err(), "the way back led to the desk, which is gone");
    assert_eq!(window.desk().ledger().charges.len(), 1);
    window.start();
    window.wait("the charge in the journal", || (books::count(window.desk(), "approved") == 1).then_some(()));
    assert!(!window.bank_is_open(), "the bank's page is not opened again");
    assert_charged(&window, 1);
}

#[test]
fn a_desk_killed_at_the_bank_lists_the_unknown_at_its_next_start() {
    let mut window = Window::open();
    let _page = killed_at_the_bank(&mut window, "202.00");
    window.start();
    window.wait("the unknown in the journal", || (books::count(window.desk(), "unknown") == 1).then_some(()));
    window.wait_for_text("1 needs attention");
    window.leave_picture("needs-attention");
    assert!(!window.bank_is_open(), "the bank's page is not opened again");
    assert_charged(&window, 0);
}
