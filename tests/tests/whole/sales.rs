//! `veznectl pay`, played to its end. The ledger says what really happened.

use std::thread;

use serde_json::Value;
use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};
use vezne_tests::desk::{COUNTER, Desk, SUPERVISOR, SUPERVISOR_PIN, Wishes};
use vezne_tests::sale::{
    Sale, assert_counts, assert_refused, assert_said, charged_minor, from_limit, id, reason, said, settled,
};

const PLAIN: &str = "without_3d";

// Direct sales.

#[test]
fn a_finrota_sale_in_three_installments_costs_what_the_option_said() {
    let desk = Desk::open();
    let options =
        desk.run(&["options", "--account", COUNTER, "--amount", "545.00", "--currency", "TRY", "--bin", "415565"], "");
    assert_eq!(options.code(), 0, "{options:#?}");
    let ended = Sale::of(Gateway::Finrota, PLAIN).with(&["--installments", "3"]).play(&desk);
    assert_said(&ended, 0, "approved", "three installments");
    let ledger = desk.ledger();
    let charge = &ledger.charges[0];
    assert_eq!(charge.installments, 3);
    let amount = format!("{}.{:02}", charge.amount_minor / 100, charge.amount_minor % 100);
    assert_eq!(ended.last()["amount"].as_str(), Some(amount.as_str()));
    assert!(options.stdout.contains(&amount), "{} is not among the options: {}", amount, options.stdout);
}

#[test]
fn a_yolcu360_order_in_three_installments_is_the_document_s_555() {
    let desk = Desk::open();
    let ended = Sale::of(Gateway::Yolcu360, PLAIN).with(&["--installments", "3"]).play(&desk);
    assert_said(&ended, 0, "approved", "three installments");
    assert_eq!(ended.last()["amount"].as_str(), Some("555.00"));
    assert_eq!(charged_minor(&desk), [55_500]);
}

#[test]
fn cards_of_every_brand_pay_at_both_gateways() {
    thread::scope(|scope| {
        for number in ["4155650100416111", "5528790000000008", "9792096695823360", "374427000000003"] {
            scope.spawn(move || {
                for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
                    let desk = Desk::open();
                    let ended = Sale::by(gateway, number).play(&desk);
                    assert_said(&ended, 0, "approved", number);
                    assert_counts(&desk, 1, 1);
                }
            });
        }
    });
}

#[test]
fn a_gateway_that_does_without_3ds_is_said() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        let ended = Sale::of(gateway, PLAIN).play(&desk);
        assert_said(&ended, 0, "approved", "without_3d");
        assert_eq!(desk.show(&ended)["attempts"][0]["without_3ds"], Value::Bool(true), "{gateway:?}");
    }
}

// Declines.

#[test]
fn each_reason_of_a_decline_has_its_own_word_at_yolcu360_and_the_bank_s_text_at_finrota() {
    let table = [
        ("decline_2001_402", "card_declined", "Do not honor"),
        ("decline_2002_402", "insufficient_funds", "Insufficient funds"),
        ("decline_2003_402", "expired_card", "Expired card"),
        ("decline_2004_402", "invalid_card_number", "Invalid card number"),
        ("decline_2005_402", "invalid_cvc", "CVV validation error"),
        ("decline_2006_402", "three_ds_failed", "3-D Secure authentication failed"),
        ("decline_2007_402", "limit_exceeded", "Exceeds withdrawal amount limit"),
    ];
    for some in table.chunks(4) {
        thread::scope(|scope| {
            for &(scene, word, text) in some {
                scope.spawn(move || {
                    let desk = Desk::open();
                    let ended = Sale::of(Gateway::Yolcu360, scene).play(&desk);
                    assert_said(&ended, 10, "declined", scene);
                    assert_eq!(reason(&ended).0, word, "{scene}");
                    let ended = Sale::of(Gateway::Finrota, scene).play(&desk);
                    assert_said(&ended, 10, "declined", scene);
                    assert!(reason(&ended).1.contains(text), "{scene}: {:?}", reason(&ended));
                    assert_counts(&desk, 2, 0);
                });
            }
        });
    }
}

// The credit limit.

#[test]
fn orders_are_paid_from_the_credit_limit() {
    let desk = Desk::open();
    let before = desk.ledger().credit_limit_minor["TRY"];
    for order in ["order_1002", "order_1016", "order_1028"] {
        let ended = from_limit(&desk, order);
        assert_said(&ended, 0, "approved", order);
    }
    assert_counts(&desk, 3, 3);
    assert_eq!(desk.ledger().credit_limit_minor["TRY"], before - charged_minor(&desk).iter().sum::<i64>());
}

#[test]
fn an_order_above_the_limit_is_declined_and_one_without_an_agreement_refused() {
    let desk = Desk::open();
    let ended = from_limit(&desk, "order_1010");
    assert_said(&ended, 10, "declined", "limit");
    assert_eq!(reason(&ended).0, "limit_exceeded");
    let ended = from_limit(&desk, "order_1039");
    assert_said(&ended, 40, "refused", "no agreement");
    assert_eq!(said(&ended).2, "gateway");
    assert_counts(&desk, 2, 0);
}

#[test]
fn an_account_without_credit_limit_sends_nothing() {
    let wishes = Wishes { agency: "credit_limit = false\n".to_owned(), ..Wishes::default() };
    let desk = Desk::with(wishes);
    assert_refused(&from_limit(&desk, "order_1002"), "no_credit_limit");
    assert_counts(&desk, 0, 0);
}

#[test]
fn orders_that_cannot_be_paid_are_refused_before_anything_is_sent() {
    let desk = Desk::open();
    for (order, why) in [
        ("order_1011", "order_already_paid"),
        ("order_1012", "order_cancelled"),
        ("order_1014", "order_cancelled"),
        ("order_1015", "order_not_found"),
    ] {
        let ended = from_limit(&desk, order);
        assert_refused(&ended, why);
    }
    assert_counts(&desk, 0, 0);
}

#[test]
fn an_order_that_failed_before_can_be_paid() {
    let desk = Desk::open();
    assert_said(&from_limit(&desk, "order_1013"), 0, "approved", "failed before");
    assert_counts(&desk, 1, 1);
}

// Unknown, and what becomes of it.

#[test]
fn an_unknown_outcome_settles_by_asking_and_is_never_charged_again() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        // Whoever has the till open asks about it at once; nobody answers yet. An order is read before it is paid, too.
        answers(&desk, gateway, if gateway == Gateway::Finrota { 1 } else { 2 }, (503, None));
        let unknown = Sale::of(gateway, "cut_after").play(&desk);
        assert_said(&unknown, 20, "unknown", "cut");
        let again = Sale::of(gateway, "approve").play(&desk);
        assert_refused(&again, "duplicate_open");
        desk.sandbox().clear_faults();
        let asked = settled(&desk, unknown);
        assert_said(&asked, 0, "approved", "asked");
        assert_refused(&Sale::of(gateway, "approve").play(&desk), "duplicate_paid");
        assert_counts(&desk, 1, 1);
    }
}

/// A gateway whose status answers say `body` from the `first`-th on.
fn says(desk: &Desk, gateway: Gateway, first: u32, body: &str) {
    answers(desk, gateway, first, (200, Some(body)));
}

/// The same with another HTTP status.
fn answers(desk: &Desk, gateway: Gateway, first: u32, (status, body): (u16, Option<&str>)) {
    let call = if gateway == Gateway::Finrota { Call::Status } else { Call::Order };
    let odd = Fault::Status { status, body: body.map(str::to_owned), when: When::Before };
    for nth in first..first + 60 {
        desk.fault(FaultRule::new(gateway, call, odd.clone()).nth(nth));
    }
}

fn transaction(status: u8, amount: &str, currency: &str) -> String {
    format!(
        r#"{{"id":7,"referenceNumber":"R7","transactionStatusId":{status},"lastAmount":{amount},"currencyType":"{currency}"}}"#
    )
}

fn order_with(status: &str, amount: &str, currency: &str) -> String {
    format!(
        r#"{{"paymentType":"creditCard","updatedAt":"2099-01-01T00:00:00Z","orderedCarProduct":{{"status":"{status}","vendorCancelled":false,"paymentID":"new","car":{{"pricing":{{"paymentTotal":{{"amount":{amount},"currency":"{currency}"}}}}}}}}}}"#
    )
}

#[test]
fn a_payment_whose_amount_cannot_be_read_is_unknown_with_an_alarm() {
    thread::scope(|scope| {
        for (gateway, first, body) in [
            (Gateway::Finrota, 1, transaction(1, "545.0001", "TRY")),
            (Gateway::Finrota, 1, transaction(1, "545.00", "ZZZ")),
            (Gateway::Yolcu360, 2, order_with("reserved", "54500.5", "TRY")),
            (Gateway::Yolcu360, 2, order_with("reserved", "54500", "ZZZ")),
        ] {
            scope.spawn(move || {
                let desk = Desk::open();
                says(&desk, gateway, first, &body);
                let ended = Sale::of(gateway, PLAIN).play(&desk);
                assert_said(&ended, 20, "unknown", &body);
                assert_eq!(reason(&ended).0, "not_as_expected", "{body}");
                let last = ended.last();
                let codes: Vec<&str> =
                    last["view"]["alarms"].as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
                assert_eq!(codes, ["amount_unreadable"], "{body}: {ended:#?}");
                assert_counts(&desk, 1, 1);
            });
        }
    });
}

#[test]
fn an_amount_that_cannot_be_read_takes_nothing_from_a_no() {
    for (gateway, first, body) in [
        (Gateway::Finrota, 1, transaction(2, "545.0001", "ZZZ")),
        (Gateway::Yolcu360, 2, order_with("failed", "54500.5", "ZZZ")),
    ] {
        let desk = Desk::open();
        says(&desk, gateway, first, &body);
        assert_said(&Sale::of(gateway, "decline_2001_200").play(&desk), 10, "declined", &body);
        assert_counts(&desk, 1, 0);
    }
}

#[test]
fn a_pending_order_in_place_of_an_answer_is_asked_about_and_never_taken_for_a_yes() {
    let body = order_with("pending", "125000", "TRY").replace("creditCard", "limit");
    for (when, code, outcome, charged) in [(When::After, 0, "approved", 1), (When::Before, 20, "unknown", 0)] {
        let desk = Desk::open();
        let pending = Fault::Status { status: 200, body: Some(body.clone()), when };
        desk.fault(FaultRule::new(Gateway::Yolcu360, Call::Pay, pending));
        assert_said(&from_limit(&desk, "order_1002"), code, outcome, "pending");
        assert_counts(&desk, 1, charged);
    }
}

#[test]
fn an_unknown_from_the_limit_settles_by_asking() {
    let desk = Desk::open();
    for order in ["order_1020", "order_1021", "order_1023", "order_1025", "order_1035"] {
        let unknown = from_limit(&desk, order);
        assert_said(&unknown, 20, "unknown", order);
        assert_said(&settled(&desk, unknown), 0, "approved", order);
    }
    assert_counts(&desk, 5, 5);
}

#[test]
fn a_bank_that_declined_behind_a_lost_answer_is_found_out_by_asking() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        let unknown = Sale::of(gateway, "cut_after_declined").play(&desk);
        assert_said(&unknown, 20, "unknown", "cut_after_declined");
        assert_said(&settled(&desk, unknown), 10, "declined", "cut_after_declined");
        assert_counts(&desk, 1, 0);
    }
}

#[test]
fn a_timed_out_payment_of_code_2008_is_never_sent_again() {
    let desk = Desk::open();
    let charged = Sale::of(Gateway::Yolcu360, "code_2008_charged").play(&desk);
    assert_said(&charged, 20, "unknown", "2008, charged");
    assert_said(&settled(&desk, charged), 0, "approved", "2008, charged");
    assert_counts(&desk, 1, 1);
    let desk = Desk::open();
    let not_charged = Sale::of(Gateway::Yolcu360, "code_2008_not_charged").play(&desk);
    assert_said(&not_charged, 20, "unknown", "2008, not charged");
    assert_said(&settled(&desk, not_charged), 20, "unknown", "2008, not charged");
    assert_counts(&desk, 1, 0);
}

#[test]
fn a_supervisor_settles_what_the_gateway_never_answers() {
    let desk = Desk::with_supervisor();
    let unknown = Sale::of(Gateway::Finrota, "cut_before").play(&desk);
    assert_said(&unknown, 20, "unknown", "cut_before");
    let attempt = id(&unknown, "attempt");
    let mut arguments = vec!["payment", "resolve", &attempt, "--outcome", "declined", "--saw", "portal shows nothing"];
    let nobody = desk.run(&[&arguments[..], &["--yes"]].concat(), "");
    assert_eq!((nobody.code(), reason(&nobody).0.as_str()), (40, "needs_supervisor"), "{nobody:#?}");
    arguments.extend(["--as", SUPERVISOR, "--reason", "customer waits"]);
    let without_pin = desk.run(&arguments, "");
    assert_eq!((without_pin.code(), reason(&without_pin).0.as_str()), (40, "pin_missing"), "{without_pin:#?}");
    let wrong_pin = desk.run(&arguments, "111222");
    assert_eq!((wrong_pin.code(), reason(&wrong_pin).0.as_str()), (40, "not_a_supervisor"), "{wrong_pin:#?}");
    // Nobody sits at a terminal: reason and PIN are the confirmation.
    let resolved = desk.run(&arguments, SUPERVISOR_PIN);
    assert_said(&resolved, 10, "declined", "a supervisor's word");
    assert_eq!(said(&resolved).3, "supervisor");
    assert_said(&Sale::by(Gateway::Finrota, "5528790000000008").play(&desk), 0, "approved", "another card");
    assert_counts(&desk, 2, 1);
}
