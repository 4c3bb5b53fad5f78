//! 3-D Secure: the customer at the bank's page, every way back from it, and what a return is worth.

use std::thread;

use vezne_sandbox::Gateway;
use vezne_tests::desk::{AtTheBank, Desk};
use vezne_tests::sale::{Sale, assert_counts, assert_said, said};

// 3-D Secure: every way back from the bank.

fn comes_back(gateway: Gateway, scene: &'static str, how: &str) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, scene).play(&desk);
    assert_said(&ended, 0, "approved", scene);
    assert_eq!(said(&ended).3, "gateway_status", "a return only leads to a question: {scene}");
    desk.wait_for_customer("\nend");
    let log = desk.customer_log();
    assert!(log.contains(how), "{scene} did not come back as {how:?}:\n{log}");
    assert_counts(&desk, 1, 1);
}

/// Scene and a step that only this way back has.
const WAYS: &[(&str, &str)] = &[
    ("return_form_post", "page \"return\""),
    ("return_302", "302 to http://127.0.0.1"),
    ("return_303", "303 to http://127.0.0.1"),
    ("return_307", "307 to http://127.0.0.1"),
    ("return_script", "a script leads to"),
    ("return_meta_refresh", "a meta refresh leads to"),
    ("return_frame", "the frame leads the window to"),
    ("return_late", "302 to http://127.0.0.1"),
    ("return_twice", "200 in a frame: http://127.0.0.1"),
    ("return_popup", "page \"return_popup\""),
];

fn every_way_back(gateway: Gateway) {
    for some in WAYS.chunks(5) {
        thread::scope(|scope| {
            for &(scene, how) in some {
                scope.spawn(move || comes_back(gateway, scene, how));
            }
        });
    }
}

#[test]
fn finrota_s_customer_comes_back_in_every_way_that_banks_know() {
    every_way_back(Gateway::Finrota);
}

#[test]
fn yolcu360_s_customer_comes_back_in_every_way_that_banks_know() {
    every_way_back(Gateway::Yolcu360);
}

fn never_comes_back(gateway: Gateway) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, "return_never").play(&desk);
    assert_said(&ended, 0, "approved", "no return, so the desk asked by itself");
    assert_counts(&desk, 1, 1);
    assert!(desk.customer_log().contains("page \"end\""), "{}", desk.customer_log());
}

#[test]
fn finrota_s_customer_never_comes_back_and_the_desk_asks_by_itself() {
    never_comes_back(Gateway::Finrota);
}

#[test]
fn yolcu360_s_customer_never_comes_back_and_the_desk_asks_by_itself() {
    never_comes_back(Gateway::Yolcu360);
}

#[test]
fn a_bank_that_declines_and_never_sends_its_customer_back_is_found_out_by_asking() {
    let desk = Desk::open();
    let ended = Sale::of(Gateway::Finrota, "challenge_never_returns_declined").play(&desk);
    assert_said(&ended, 10, "declined", "no return, declined");
    assert_counts(&desk, 1, 0);
}

#[test]
fn the_bank_s_page_may_come_in_base64_or_in_an_array() {
    for scene in ["base64_html", "array_wrapped"] {
        let desk = Desk::open();
        let ended = Sale::of(Gateway::Yolcu360, scene).play(&desk);
        assert_said(&ended, 0, "approved", scene);
        assert!(desk.customer_log().contains("typed 123456"), "{scene}: {}", desk.customer_log());
        assert_counts(&desk, 1, 1);
    }
    let desk = Desk::open();
    assert_said(&Sale::of(Gateway::Finrota, "array_wrapped").play(&desk), 0, "approved", "array_wrapped");
}

#[test]
fn a_challenge_that_leads_nowhere_is_unknown() {
    let table: [(Gateway, &str); 3] = [
        (Gateway::Finrota, "no_address"),
        (Gateway::Yolcu360, "no_address"),
        (Gateway::Yolcu360, "challenge_without_form"),
    ];
    for (gateway, scene) in table {
        let desk = Desk::open();
        let ended = Sale::of(gateway, scene).play(&desk);
        assert_said(&ended, 20, "unknown", scene);
        assert_counts(&desk, 1, 0);
    }
}

// No, at the bank.

#[test]
fn a_bank_that_declines_after_its_page_declines() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        thread::scope(|scope| {
            for scene in
                ["challenge_do_not_honour", "challenge_failed", "authenticated_not_charged", "success_page_not_charged"]
            {
                scope.spawn(move || {
                    let desk = Desk::open();
                    let ended = Sale::of(gateway, scene).play(&desk);
                    assert_said(&ended, 10, "declined", scene);
                    assert_counts(&desk, 1, 0);
                });
            }
        });
    }
}

#[test]
fn a_page_that_says_failed_does_not_undo_a_charge() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        let ended = Sale::of(gateway, "failure_page_charged").play(&desk);
        assert_said(&ended, 0, "approved", "the gateway's word counts, not the page's");
        assert_counts(&desk, 1, 1);
    }
}

fn gives_up(gateway: Gateway, at_the_bank: AtTheBank, step: &str) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, "approve").at_the_bank(at_the_bank).play(&desk);
    assert_said(&ended, 10, "declined", step);
    assert!(desk.customer_log().contains(step), "{}", desk.customer_log());
    assert_counts(&desk, 1, 0);
}

#[test]
fn a_customer_who_cancels_at_the_bank_has_not_paid() {
    gives_up(Gateway::Finrota, AtTheBank::Cancels, "pressed cancel");
    gives_up(Gateway::Yolcu360, AtTheBank::Cancels, "pressed cancel");
}

#[test]
fn a_customer_who_types_three_wrong_codes_has_not_paid() {
    gives_up(Gateway::Finrota, AtTheBank::MistypesTheCode, "typed 000000");
    gives_up(Gateway::Yolcu360, AtTheBank::MistypesTheCode, "typed 000000");
}

#[test]
fn forged_returns_never_make_a_payment() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        let ended = Sale::of(gateway, "return_302").at_the_bank(AtTheBank::Forges).play(&desk);
        assert_said(&ended, 10, "declined", "forged");
        desk.wait_for_customer("\nend");
        let log = desk.customer_log();
        assert!(log.contains("as a guessed address: 404") && log.contains("as a page: 200"), "{log}");
        assert_counts(&desk, 1, 0);
    }
}
