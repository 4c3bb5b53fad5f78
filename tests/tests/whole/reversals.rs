//! Money back: voids, refunds and cancellations, with the ledger as the witness of what was really returned.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use vezne_sandbox::{Call, CutPoint, Fault, FaultRule, Gateway, When};
use vezne_tests::desk::{Desk, SUPERVISOR, SUPERVISOR_PIN, Wishes};
use vezne_tests::run::Ended;
use vezne_tests::sale::{Sale, assert_said, from_limit, reason, said};

const PLAIN: &str = "without_3d";

/// Minor units that went back, one entry a reversal, and how many requests for it came.
#[track_caller]
fn assert_returned(desk: &Desk, amounts: &[i64], received: u32) {
    let ledger = desk.ledger();
    let returned: Vec<i64> = ledger.reversals.iter().map(|reversal| reversal.amount_minor).collect();
    assert_eq!(returned, amounts);
    assert_eq!(ledger.counts.values().map(|counts| counts.reversals_received).sum::<u32>(), received);
}

/// A paid sale of 545.00 TRY and its payment's id.
fn paid(desk: &Desk, gateway: Gateway, scene: &str) -> String {
    let ended = Sale::of(gateway, scene).play(desk);
    assert_said(&ended, 0, "approved", scene);
    payment(&ended)
}

fn payment(ended: &Ended) -> String {
    ended.last()["payment"].as_str().unwrap_or_else(|| panic!("no payment in {ended:#?}")).to_owned()
}

fn back(desk: &Desk, verb: &str, payment: &str, more: &[&str]) -> Ended {
    let mut arguments = vec!["payment", verb, payment, "--as", SUPERVISOR, "--reason", "car was not available"];
    arguments.extend(more);
    desk.run(&arguments, SUPERVISOR_PIN)
}

#[test]
fn a_void_returns_everything_once_and_a_second_one_is_already_void_without_a_call() {
    let desk = Desk::with_supervisor();
    let payment = paid(&desk, Gateway::Finrota, PLAIN);
    let void = back(&desk, "void", &payment, &[]);
    assert_said(&void, 0, "approved", "void");
    assert!(void.last()["reversal"].is_string(), "{void:#?}");
    assert_returned(&desk, &[54_500], 1);
    let listed = desk.run(&["payment", "list"], "");
    assert!(listed.stdout.contains(r#""returned":""#), "the list says what went back: {listed:#?}");
    let again = back(&desk, "void", &payment, &[]);
    assert_eq!(again.code(), 0, "{again:#?}");
    assert!(again.stdout.contains("already_void"), "{again:#?}");
    assert_returned(&desk, &[54_500], 1);
}

#[test]
fn partial_refunds_go_to_the_last_unit_and_not_one_further() {
    let desk = Desk::with_supervisor();
    let payment = paid(&desk, Gateway::Finrota, PLAIN);
    for amount in ["500.00", "44.99"] {
        assert_said(&back(&desk, "refund", &payment, &["--amount", amount]), 0, "approved", amount);
    }
    let too_much = back(&desk, "refund", &payment, &["--amount", "0.02"]);
    assert_said(&too_much, 40, "refused", "one unit too much");
    assert_eq!(reason(&too_much).0, "too_much");
    assert_said(&back(&desk, "refund", &payment, &["--amount", "0.01"]), 0, "approved", "the last unit");
    let nothing_left = back(&desk, "refund", &payment, &["--amount", "0.01"]);
    assert_returned(&desk, &[50_000, 4_499, 1], 3);
    assert!(nothing_left.code() == 40 || nothing_left.stdout.contains("already"), "{nothing_left:#?}");
}

#[test]
fn a_reversal_needs_a_supervisor_and_their_pin() {
    let desk = Desk::with_supervisor();
    let payment = paid(&desk, Gateway::Finrota, PLAIN);
    let nobody = desk.run(&["payment", "void", &payment], "");
    assert_eq!((nobody.code(), reason(&nobody).0.as_str()), (40, "needs_supervisor"), "{nobody:#?}");
    let wrong = desk.run(&["payment", "void", &payment, "--as", SUPERVISOR, "--reason", "because"], "000000");
    assert_eq!((wrong.code(), reason(&wrong).0.as_str()), (40, "not_a_supervisor"), "{wrong:#?}");
    assert_returned(&desk, &[], 0);
}

#[test]
fn a_lost_refund_answer_is_unknown_and_settles_by_asking_without_a_second_refund() {
    let desk = Desk::with_supervisor();
    let payment = paid(&desk, Gateway::Finrota, PLAIN);
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Refund, Fault::Cut { at: CutPoint::AfterExecuting }));
    // The first question gives the baseline; those after it are not answered.
    let busy = Fault::Status { status: 503, body: None, when: When::Before };
    for later in 2..40 {
        desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, busy.clone()).nth(later));
    }
    let lost = back(&desk, "refund", &payment, &["--amount", "100.00"]);
    assert_said(&lost, 20, "unknown", "lost answer");
    let blocked = back(&desk, "refund", &payment, &["--amount", "1.00"]);
    assert_eq!((blocked.code(), reason(&blocked).0.as_str()), (40, "reversal_open"), "{blocked:#?}");
    desk.sandbox().clear_faults();
    let asked = desk.run(&["payment", "ask", &payment], "");
    assert_eq!(asked.code(), 0, "{asked:#?}");
    let shown = desk.run(&["payment", "show", &payment], "").last();
    assert_eq!(shown["reversals"][0]["state"].as_str(), Some("done"), "{shown}");
    assert_returned(&desk, &[10_000], 1);
    assert_said(&back(&desk, "refund", &payment, &["--amount", "1.00"]), 0, "approved", "the next refund");
    assert_returned(&desk, &[10_000, 100], 2);
}

#[test]
fn a_void_that_the_gateway_refuses_returns_nothing_and_says_so() {
    let desk = Desk::with_supervisor();
    let payment = paid(&desk, Gateway::Finrota, "cannot_void");
    let void = back(&desk, "void", &payment, &[]);
    assert_said(&void, 40, "refused", "cannot be voided");
    assert_eq!(said(&void).2, "gateway");
    assert_returned(&desk, &[], 1);
}

#[test]
fn after_the_hour_of_voids_a_payment_is_given_back_by_a_refund() {
    let desk =
        Desk::with(Wishes { counter: "reversals = true\nvoid_until = \"00:00\"\n".to_owned(), ..Wishes::default() });
    desk.add_supervisor();
    let payment = paid(&desk, Gateway::Finrota, PLAIN);
    let void = back(&desk, "void", &payment, &[]);
    assert_eq!((void.code(), reason(&void).0.as_str()), (40, "void_not_possible"), "{void:#?}");
    assert_returned(&desk, &[], 0);
    assert_said(&back(&desk, "refund", &payment, &[]), 0, "approved", "refund");
    assert_returned(&desk, &[54_500], 1);
}

#[test]
fn a_payment_whose_number_the_gateway_does_not_tell_is_not_given_back() {
    let desk = Desk::with_supervisor();
    let payment = paid(&desk, Gateway::Finrota, PLAIN);
    let nameless = r#"{"id":7,"transactionStatusId":1,"lastAmount":545.00,"currencyType":"TRY"}"#.to_owned();
    let answer = Fault::Status { status: 200, body: Some(nameless), when: When::Before };
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, answer));
    for verb in ["void", "refund"] {
        assert_eq!(back(&desk, verb, &payment, &[]).code(), 40, "{verb}");
    }
    assert_returned(&desk, &[], 0);
}

#[test]
fn reversals_that_the_owner_has_not_switched_on_are_refused() {
    let off = Wishes { counter: String::new(), agency: String::new(), ..Wishes::default() };
    let desk = Desk::with(off);
    desk.add_supervisor();
    let order = payment(&from_limit(&desk, "order_1002"));
    for payment in [paid(&desk, Gateway::Finrota, PLAIN), order] {
        let void = back(&desk, "void", &payment, &[]);
        assert_eq!((void.code(), reason(&void).0.as_str()), (40, "reversals_off"), "{void:#?}");
    }
    assert_returned(&desk, &[], 0);
}

#[test]
fn an_unpaid_payment_has_nothing_to_return() {
    let desk = Desk::with_supervisor();
    let declined = Sale::of(Gateway::Finrota, "decline_2002_402").play(&desk);
    assert_said(&declined, 10, "declined", "declined");
    let void = back(&desk, "void", &payment(&declined), &[]);
    assert_eq!((void.code(), reason(&void).0.as_str()), (40, "not_approved"), "{void:#?}");
    assert_returned(&desk, &[], 0);
}

#[test]
fn a_yolcu360_order_is_cancelled_as_a_whole() {
    let desk = Desk::with_supervisor();
    let ended = from_limit(&desk, "order_1002");
    assert_said(&ended, 0, "approved", "limit");
    let payment = payment(&ended);
    let part = back(&desk, "refund", &payment, &["--amount", "1.00"]);
    assert_eq!((part.code(), reason(&part).0.as_str()), (40, "whole_only"), "{part:#?}");
    assert_said(&back(&desk, "void", &payment, &[]), 0, "approved", "cancel");
    assert_returned(&desk, &[125_000], 1);
}

#[test]
fn a_yolcu360_order_that_is_not_cancellable_or_not_refundable_is_left_alone() {
    let desk = Desk::with_supervisor();
    for (order, why) in [("order_1034", "not_cancellable"), ("order_1033", "not_refundable")] {
        let ended = from_limit(&desk, order);
        assert_said(&ended, 0, "approved", order);
        let void = back(&desk, "void", &payment(&ended), &[]);
        assert_eq!((void.code(), reason(&void).0.as_str()), (40, why), "{void:#?}");
    }
    assert_returned(&desk, &[], 0);
}

#[test]
fn a_lost_cancel_answer_is_found_out_by_reading_the_order() {
    let desk = Desk::with_supervisor();
    let ended = from_limit(&desk, "order_1002");
    assert_said(&ended, 0, "approved", "limit");
    desk.fault(FaultRule::new(Gateway::Yolcu360, Call::Cancel, Fault::Cut { at: CutPoint::AfterExecuting }));
    let void = back(&desk, "void", &payment(&ended), &[]);
    assert_said(&void, 20, "unknown", "lost answer");
    let asked = desk.run(&["payment", "ask", &payment(&ended)], "");
    assert_said(&asked, 0, "approved", "the order is cancelled");
    assert_returned(&desk, &[125_000], 1);
}
