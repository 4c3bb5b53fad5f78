//! The program is killed in the middle of a payment (`kill -9`); the next one settles what can be settled, and never
//! sends a second payment request.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use serde_json::Value;
use vezne_sandbox::{Call, Fault, FaultRule, Gateway};
use vezne_tests::desk::{AtTheBank, Desk, card};
use vezne_tests::run::wait_for;
use vezne_tests::sale::{Sale, assert_counts, assert_said, said};

const SOON: Duration = Duration::from_secs(30);

/// The only payment in the journal.
fn only_payment(desk: &Desk) -> String {
    let listed = desk.run(&["payment", "list"], "");
    assert_eq!(listed.code(), 0, "{listed:#?}");
    let mut ids: Vec<String> = payments(&Value::from(listed.lines())).into_iter().collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "{listed:#?}");
    ids.remove(0)
}

/// Every `payment` field, however deep it stands.
fn payments(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("payment").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(fields.values().flat_map(payments)).collect()
        }
        Value::Array(items) => items.iter().flat_map(payments).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Kills the program while the payment request waits for its answer.
fn killed_while_sending(gateway: Gateway, delay: Duration) -> Desk {
    let desk = Desk::open();
    let millis = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
    desk.fault(FaultRule::new(gateway, Call::Pay, Fault::Delay { millis }).first(1));
    let sale = Sale::of(gateway, "without_3d");
    let running = desk.start(&sale.arguments(), &card(sale.number), sale.at_the_bank);
    let pay = if gateway == Gateway::Finrota { "/b2c/payment" } else { "/payment/pay" };
    wait_for("the payment request", SOON, || {
        desk.sandbox().requests().iter().any(|request| request.path.ends_with(pay)).then_some(())
    });
    let ended = running.kill();
    assert_eq!(ended.code, None, "it was killed: {ended:#?}");
    desk
}

fn a_kill_while_sending(gateway: Gateway) {
    let desk = killed_while_sending(gateway, Duration::from_millis(300));
    wait_for("the charge", SOON, || (!desk.ledger().charges.is_empty()).then_some(()));
    let again = Sale::by(gateway, "5528790000000008").play(&desk);
    assert_eq!((again.code(), said(&again).2.as_str()), (40, "vezne"), "blocked by the killed attempt: {again:#?}");
    let payment = only_payment(&desk);
    let asked = desk.run(&["payment", "ask", &payment], "");
    assert_said(&asked, 0, "approved", "asked after the restart");
    assert_counts(&desk, 1, 1);
}

#[test]
fn a_kill_while_finrota_s_answer_is_awaited_settles_by_asking() {
    a_kill_while_sending(Gateway::Finrota);
}

#[test]
fn a_kill_while_yolcu360_s_answer_is_awaited_settles_by_asking() {
    a_kill_while_sending(Gateway::Yolcu360);
}

/// Kills the program while the customer stands at the bank's page.
fn a_kill_at_the_bank(gateway: Gateway) {
    let desk = Desk::open();
    let sale = Sale::of(gateway, "approve").at_the_bank(AtTheBank::Leaves);
    let running = desk.start(&sale.arguments(), &card(sale.number), sale.at_the_bank);
    desk.wait_for_customer("closed the window");
    let ended = running.kill();
    assert_eq!(ended.code, None, "it was killed: {ended:#?}");
    let payment = only_payment(&desk);
    let shown = desk.run(&["payment", "show", &payment], "").last();
    let state = shown["attempts"][0]["state"].as_str().unwrap_or_else(|| panic!("{shown}")).to_owned();
    assert_eq!(state, "at_bank", "a reader changes nothing");
    // The customer left, so the bank never charged; the desk can only learn that it is not final.
    let asked = desk.run(&["payment", "ask", &payment], "");
    assert_said(&asked, 20, "unknown", "asked after the restart");
    let again = Sale::by(gateway, "5528790000000008").play(&desk);
    assert_said(&again, 40, "refused", "unknown blocks");
    assert_counts(&desk, 1, 0);
}

#[test]
fn a_kill_at_finrota_s_bank_page_leaves_an_unknown_that_blocks() {
    a_kill_at_the_bank(Gateway::Finrota);
}

#[test]
fn a_kill_at_yolcu360_s_bank_page_leaves_an_unknown_that_blocks() {
    a_kill_at_the_bank(Gateway::Yolcu360);
}

#[test]
fn a_customer_who_pays_after_the_program_died_has_paid() {
    let desk = Desk::open();
    // The bank takes its time before it sends the customer back; the program is gone by then.
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Callback, Fault::Delay { millis: 500 }));
    let sale = Sale::of(Gateway::Finrota, "return_302");
    let running = desk.start(&sale.arguments(), &card(sale.number), sale.at_the_bank);
    desk.wait_for_customer("pressed confirm");
    let killed = running.kill();
    assert_eq!(killed.code, None, "it was killed: {killed:#?}");
    desk.wait_for_customer("\nend");
    wait_for("the charge", SOON, || (!desk.ledger().charges.is_empty()).then_some(()));
    let asked = desk.run(&["payment", "ask", &only_payment(&desk)], "");
    assert_said(&asked, 0, "approved", "the gateway was paid");
    assert_counts(&desk, 1, 1);
}

#[test]
fn a_journal_that_saw_a_kill_verifies_and_rebuilds_to_the_same() {
    let desk = killed_while_sending(Gateway::Finrota, Duration::from_millis(100));
    wait_for("the charge", SOON, || (!desk.ledger().charges.is_empty()).then_some(()));
    let asked = desk.run(&["payment", "ask", &only_payment(&desk)], "");
    assert_said(&asked, 0, "approved", "asked");
    for verb in ["verify", "rebuild", "verify"] {
        let ended = desk.run(&["journal", verb], "");
        assert_eq!(ended.code(), 0, "{verb}: {ended:#?}");
    }
    assert_counts(&desk, 1, 1);
}
