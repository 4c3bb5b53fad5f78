//! Every way in which a bank's page comes back, or does not.

use vezne_tests::desk::{AtTheBank, Wishes};
use vezne_tests::desktop::pages::title;
use vezne_tests::desktop::window::{BankWindows, Window, wishes};

use crate::{approved, assert_charged, at_counter, confirmed_and_approved, for_order};

/// Scene and amount: one sale each. The journal must hold the return as one that came by the window's own page.
fn come_back(window: &Window, scenes: &[(&str, &str)]) {
    for (scene, amount) in scenes {
        let reference = format!("RES-{amount}");
        confirmed_and_approved(window, &at_counter(scene, &reference, amount));
    }
}

#[test]
fn the_bank_comes_back_to_our_own_scheme_by_form_redirect_and_script() {
    let window = Window::open();
    window.wait_for_sale();
    let ways = [
        ("return_form_post", "101.00"),
        ("return_302", "102.00"),
        ("return_303", "103.00"),
        ("return_307", "104.00"),
        ("return_script", "105.00"),
        ("return_meta_refresh", "106.00"),
    ];
    come_back(&window, &ways);
    assert_charged(&window, ways.len());
}

#[test]
fn the_bank_comes_back_from_a_frame_late_and_twice() {
    let window = Window::open();
    window.wait_for_sale();
    let ways = [("return_frame", "201.00"), ("return_late", "202.00"), ("return_twice", "203.00")];
    come_back(&window, &ways);
    confirmed_and_approved(&window, &for_order("return_twice", "order_1001"));
    assert_charged(&window, ways.len() + 1);
}

#[test]
fn the_bank_comes_back_to_loop_back() {
    let back = Wishes { comes_back: "return_mode = \"loopback\"\n".to_owned(), ..wishes() };
    let window = Window::with(back, BankWindows::Shared, AtTheBank::Pays);
    window.wait_for_sale();
    let ways = [("return_form_post", "301.00"), ("return_302", "302.00"), ("return_script", "303.00")];
    come_back(&window, &ways);
    confirmed_and_approved(&window, &for_order("forced_3d", "order_1001"));
    assert_charged(&window, ways.len() + 1);
}

#[test]
fn the_bank_comes_back_to_an_https_address_which_is_never_asked_for() {
    // Nobody answers at this address, and nobody has to: it is caught on the way.
    let https = "return_mode = \"https\"\nreturn_url = \"https://return.example/vezne\"\n".to_owned();
    let window = Window::with(Wishes { comes_back: https, ..wishes() }, BankWindows::Shared, AtTheBank::Pays);
    window.wait_for_sale();
    let ways = [("return_https_only", "401.00"), ("return_302", "402.00"), ("return_script", "403.00")];
    come_back(&window, &ways);
    confirmed_and_approved(&window, &for_order("forced_3d", "order_1001"));
    assert_charged(&window, ways.len() + 1);
}

#[test]
fn the_bank_never_comes_back_and_the_desk_finds_out_by_asking() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("return_never", "RES-1", "501.00"));
    window.customer_confirms();
    window.at_the_bank("end");
    assert_eq!(window.heading(), title::AT_BANK, "nothing has been heard yet");
    approved(&window, "asked after twenty seconds");
    assert_charged(&window, 1);
}

#[test]
fn the_page_moves_to_the_browser_and_the_desk_finds_out_by_asking() {
    let window = Window::open();
    window.wait_for_sale();
    window.take(&at_counter("return_form_post", "RES-1", "601.00"));
    window.at_the_bank("code");
    window.press("Open in the browser instead");
    // The embedded window is gone before the browser opens, so that there are never two.
    window.wait_until_the_bank_is_gone();
    window.desk().wait_for_customer("typed 123456");
    approved(&window, "in the browser");
    assert_charged(&window, 1);
}
