//! "What an answer to a payment call means": one test for each row of the table in docs/gateways.md, for each gateway,
//! over real HTTP. The witness is the sandbox's ledger: how many payment requests came, and what was really charged.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::thread;

use vezne_sandbox::{Call, CutPoint, Fault, FaultRule, Gateway, When};
use vezne_tests::desk::{AtTheBank, Desk, Wishes, card_of};
use vezne_tests::run::Ended;
use vezne_tests::sale::{Sale, from_limit, reason, said, seen};

/// Plain approval, for rows that a fault plays.
const PLAIN: &str = "without_3d";

fn status_call(gateway: Gateway) -> Call {
    match gateway {
        Gateway::Finrota => Call::Status,
        Gateway::Yolcu360 => Call::Order,
    }
}

/// A desk at which nobody can ask what became of a payment, so that the pay answer's own meaning shows.
fn mute(gateway: Gateway) -> Desk {
    let desk = Desk::open();
    let busy = Fault::Status { status: 503, body: None, when: When::Before };
    desk.fault(FaultRule::new(gateway, status_call(gateway), busy));
    desk
}

fn pay_fault(gateway: Gateway, fault: Fault) -> Desk {
    let desk = Desk::open();
    desk.fault(FaultRule::new(gateway, Call::Pay, fault));
    desk
}

fn answered(status: u16) -> Fault {
    Fault::Status { status, body: None, when: When::Before }
}

/// The payment request came `received` times and the money moved `charged` times.
#[track_caller]
fn witness(desk: &Desk, received: u32, charged: u32, about: &str) {
    let counts = seen(desk);
    assert_eq!((counts.received, counts.charged), (received, charged), "{about}");
    assert_eq!(desk.ledger().charges.len(), usize::try_from(charged).unwrap(), "{about}");
}

#[track_caller]
fn assert_said(ended: &Ended, code: i32, outcome: &str, refused_by: &str, about: &str) {
    let (found, word, by, _) = said(ended);
    assert_eq!((found, word.as_str(), by.as_str()), (code, outcome, refused_by), "{about}\n{ended:#?}");
}

/// The journal's word on the newest attempt of a payment.
fn written(desk: &Desk, ended: &Ended, key: &str) -> String {
    let shown = desk.show(ended);
    let attempts = shown["attempts"].as_array().unwrap();
    attempts.last().unwrap()[key].as_str().unwrap_or_default().to_owned()
}

// No byte of the request left: not sent.

fn nothing_left_the_machine(gateway: Gateway) {
    let desk = Desk::open();
    let relay = vezne_tests::relay::Relay::until(
        &desk,
        match gateway {
            Gateway::Finrota => "/b2c/paymentOptions",
            Gateway::Yolcu360 => "/payment/installment-info",
        },
    );
    let ended = Sale::of(gateway, PLAIN).play(&desk);
    assert_said(&ended, 30, "not_sent", "", "the connection was refused");
    assert!(relay.is_closed(), "the options were never asked for");
    assert_eq!(written(&desk, &ended, "state"), "not_sent");
    witness(&desk, 0, 0, "nothing left");
    drop(relay);
    desk.configure(&Wishes::default());
    let again = Sale::of(gateway, PLAIN).play(&desk);
    assert_said(&again, 0, "approved", "", "it is safe to do again");
    witness(&desk, 1, 1, "again");
}

#[test]
fn finrota_refuses_the_connection_and_nothing_is_sent() {
    nothing_left_the_machine(Gateway::Finrota);
}

#[test]
fn yolcu360_refuses_the_connection_and_nothing_is_sent() {
    nothing_left_the_machine(Gateway::Yolcu360);
}

// Sent, then time-out, reset, 5xx, a cut or unreadable answer: unknown, and settled only by asking.

/// Scene, charges, code of the reason.
const LOST: &[(&str, u32, &str)] = &[
    ("timeout_before", 0, "timed_out"),
    ("timeout_after", 1, "timed_out"),
    ("cut_before", 0, "connection_lost"),
    ("cut_after", 1, "connection_lost"),
    ("cut_in_headers", 1, "connection_lost"),
    ("cut_in_body", 1, "unreadable_answer"),
    ("error_500_before", 0, "server_error"),
    ("error_500_after", 1, "server_error"),
    ("error_502_after", 1, "server_error"),
    ("cut_json_after", 1, "unreadable_answer"),
    ("not_json_after", 1, "unreadable_answer"),
    ("empty_after", 1, "unreadable_answer"),
    ("array_differs", 1, "contradictory_answer"),
    ("unknown_word", 1, "unknown_word"),
];

fn lost_answer(gateway: Gateway, scene: &'static str, charged: u32, why: &str) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, scene).play(&desk);
    assert_said(&ended, 20, "unknown", "", scene);
    assert_eq!(reason(&ended).0, why, "{scene}");
    let history = desk.show(&ended)["history"].clone();
    let was_unknown = history.as_array().unwrap().iter().any(|line| line["what"] == "unknown");
    assert!(was_unknown, "it is written down, whatever was learnt since: {history}");
    witness(&desk, 1, charged, scene);
    // Asked, the gateway tells; a charge becomes known, silence proves nothing.
    let payment = ended.last()["payment"].as_str().unwrap().to_owned();
    let asked = desk.run(&["payment", "ask", &payment], "");
    match charged {
        0 => assert_said(&asked, 20, "unknown", "", scene),
        _ => {
            assert_said(&asked, 0, "approved", "", scene);
            assert_eq!(said(&asked).3, "gateway_status", "{scene}");
        }
    }
    witness(&desk, 1, charged, scene);
}

fn all_lost(gateway: Gateway, part: &'static [(&'static str, u32, &'static str)]) {
    thread::scope(|scope| {
        for &(scene, charged, why) in part {
            let builder = thread::Builder::new().name(format!("{gateway:?} {scene}"));
            builder.spawn_scoped(scope, move || lost_answer(gateway, scene, charged, why)).unwrap();
        }
    });
}

#[test]
fn finrota_gives_no_readable_answer_and_the_outcome_is_unknown() {
    let (first, second) = LOST.split_at(LOST.len() / 2);
    all_lost(Gateway::Finrota, first);
    all_lost(Gateway::Finrota, second);
}

#[test]
fn yolcu360_gives_no_readable_answer_and_the_outcome_is_unknown() {
    let (first, second) = LOST.split_at(LOST.len() / 2);
    all_lost(Gateway::Yolcu360, first);
    all_lost(Gateway::Yolcu360, second);
}

/// Faults that no card plays: endless and enormous answers, redirects, and a connection that is reset under the request.
fn hostile_answers(gateway: Gateway) {
    let redirect = Fault::Redirect { status: 307, to: "/elsewhere".to_owned(), when: When::Before };
    let table = [
        (Fault::HugeBody, 1),
        (Fault::SlowBody, 1),
        (redirect, 0),
        (Fault::Cut { at: CutPoint::BeforeBody }, 0),
        (answered(408), 0),
        (answered(409), 0),
        (answered(503), 0),
    ];
    thread::scope(|scope| {
        for (fault, charged) in table {
            scope.spawn(move || {
                let about = format!("{gateway:?} {fault:?}");
                let desk = Desk::open();
                // A cut under the head is not even counted as received: nobody read whose it was.
                let received = u32::from(fault != Fault::Cut { at: CutPoint::BeforeBody });
                desk.fault(FaultRule::new(gateway, Call::Pay, fault));
                let ended = Sale::of(gateway, PLAIN).play(&desk);
                assert_said(&ended, 20, "unknown", "", &about);
                witness(&desk, received, charged, &about);
            });
        }
    });
}

#[test]
fn finrota_answers_endlessly_hugely_or_elsewhere_and_the_outcome_is_unknown() {
    hostile_answers(Gateway::Finrota);
}

#[test]
fn yolcu360_answers_endlessly_hugely_or_elsewhere_and_the_outcome_is_unknown() {
    hostile_answers(Gateway::Yolcu360);
}

// 400, 422: refused by the gateway before processing.

fn not_processed(gateway: Gateway, status: u16, why: &str) {
    let desk = pay_fault(gateway, answered(status));
    let ended = Sale::of(gateway, PLAIN).play(&desk);
    let about = format!("{gateway:?} {status}");
    assert_said(&ended, 40, "refused", "gateway", &about);
    assert_eq!(reason(&ended).0, why, "{about}");
    assert_eq!(written(&desk, &ended, "refused_by"), "gateway", "{about}");
    witness(&desk, 1, 0, &about);
    desk.sandbox().clear_faults();
    assert_said(&Sale::of(gateway, PLAIN).play(&desk), 0, "approved", "", "it may be tried again at once");
    witness(&desk, 2, 1, &about);
}

#[test]
fn finrota_answers_400_or_422_and_nothing_is_charged() {
    not_processed(Gateway::Finrota, 400, "bad_request");
    not_processed(Gateway::Finrota, 422, "bad_request");
}

#[test]
fn yolcu360_answers_400_or_422_without_a_card_code_and_nothing_is_charged() {
    not_processed(Gateway::Yolcu360, 400, "bad_request");
    not_processed(Gateway::Yolcu360, 422, "bad_request");
}

#[test]
fn yolcu360_answers_400_or_422_with_2001_to_2007_and_the_card_is_declined() {
    const WORDS: [&str; 7] = [
        "card_declined",
        "insufficient_funds",
        "expired_card",
        "invalid_card_number",
        "invalid_cvc",
        "three_ds_failed",
        "limit_exceeded",
    ];
    for status in ["400", "422"] {
        thread::scope(|scope| {
            for (code, word) in (2001..).zip(WORDS) {
                scope.spawn(move || {
                    let cards = vezne_sandbox::practice_cards();
                    let scene = format!("decline_{code}_{status}");
                    let card = cards.iter().find(|card| card.scene == scene).unwrap();
                    let desk = Desk::open();
                    let ended = Sale::by(Gateway::Yolcu360, card.number).play(&desk);
                    assert_said(&ended, 10, "declined", "", &scene);
                    assert_eq!(reason(&ended).0, word, "{scene}");
                    witness(&desk, 1, 0, &scene);
                });
            }
        });
    }
}

// 401: not processed. A new token, sent once more, then refused.

fn token_ran_out(gateway: Gateway) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, "expired_token").play(&desk);
    assert_said(&ended, 0, "approved", "", "a fresh token helps");
    witness(&desk, 2, 1, "sent once more, after a new sign-in, and charged once");

    let desk = pay_fault(gateway, Fault::Unauthorized);
    let ended = Sale::of(gateway, PLAIN).play(&desk);
    assert_said(&ended, 40, "refused", "gateway", "a fresh token does not help");
    assert_eq!(reason(&ended).0, "unauthorised");
    witness(&desk, 2, 0, "never a third time");
}

#[test]
fn finrota_answers_401_and_is_asked_once_more_with_a_new_token() {
    token_ran_out(Gateway::Finrota);
}

#[test]
fn yolcu360_answers_401_and_is_asked_once_more_with_a_new_token() {
    token_ran_out(Gateway::Yolcu360);
}

#[test]
fn yolcu360_answers_401_with_a_bank_message_and_the_outcome_is_unknown() {
    let desk = Desk::open();
    let body = r#"{"code":2001,"description":"Credit card declined","details":{"bankCode":"05","bankMessage":"Do not honor"}}"#;
    let fault = Fault::Status { status: 401, body: Some(body.to_owned()), when: When::After };
    desk.fault(FaultRule::new(Gateway::Yolcu360, Call::Pay, fault));
    let ended = Sale::of(Gateway::Yolcu360, PLAIN).play(&desk);
    assert_said(&ended, 20, "unknown", "", "a bank has been asked");
    witness(&desk, 1, 1, "not sent again");
}

// 402 (Yolcu360): declined, or the limit is not sufficient.

#[test]
fn yolcu360_answers_402_and_the_card_is_declined() {
    let desk = Desk::open();
    let ended = Sale::of(Gateway::Yolcu360, "decline_2002_402").play(&desk);
    assert_said(&ended, 10, "declined", "", "402 with 2002");
    assert_eq!(reason(&ended).0, "insufficient_funds");
    witness(&desk, 1, 0, "402");
}

#[test]
fn yolcu360_answers_402_with_2007_and_the_limit_is_not_sufficient() {
    let desk = Desk::open();
    let ended = from_limit(&desk, "order_1010");
    assert_said(&ended, 10, "declined", "", "402 with 2007");
    assert_eq!(reason(&ended).0, "limit_exceeded");
    witness(&desk, 1, 0, "402 with 2007");
    let by_card = desk.run_with(
        &["pay", "--account", "agency", "--order", "order_1010", "--card-stdin"],
        &vezne_tests::desk::card(card_of(PLAIN)),
        AtTheBank::Pays,
    );
    assert_said(&by_card, 0, "approved", "", "the same order by card");
    witness(&desk, 2, 1, "the same order by card");
}

// 403 with a body that is no JSON: the caller's address is not allowed.

fn address_not_allowed(gateway: Gateway) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, "forbidden_address").play(&desk);
    assert_said(&ended, 40, "refused", "gateway", "403");
    assert_eq!(reason(&ended).0, "not_allowed");
    witness(&desk, 1, 0, "403");
}

#[test]
fn finrota_answers_403_without_json_and_nothing_is_charged() {
    address_not_allowed(Gateway::Finrota);
}

#[test]
fn yolcu360_answers_403_without_json_and_nothing_is_charged() {
    address_not_allowed(Gateway::Yolcu360);
}

// 404: a wrong address at Finrota, ambiguous at Yolcu360.

#[test]
fn finrota_answers_404_and_the_address_is_wrong() {
    let desk = pay_fault(Gateway::Finrota, answered(404));
    let ended = Sale::of(Gateway::Finrota, PLAIN).play(&desk);
    assert_said(&ended, 40, "refused", "gateway", "404");
    assert_eq!(reason(&ended).0, "wrong_address");
    witness(&desk, 1, 0, "404");
}

#[test]
fn yolcu360_answers_404_although_it_charged_and_only_asking_settles_it() {
    let desk = Desk::open();
    let ended = Sale::of(Gateway::Yolcu360, "not_found_after").play(&desk);
    assert_said(&ended, 20, "unknown", "", "404 means not found or processed");
    assert_eq!(reason(&ended).0, "not_found_or_processed");
    let payment = ended.last()["payment"].as_str().unwrap().to_owned();
    assert_said(&desk.run(&["payment", "ask", &payment], ""), 0, "approved", "", "the order is reserved");
    witness(&desk, 1, 1, "404 after charging");
}

// 429: not processed; wait. The next try is a new attempt.

fn told_to_wait(gateway: Gateway) {
    let desk = Desk::open();
    let sale = || Sale::of(gateway, "too_many").play(&desk);
    let ended = sale();
    assert_said(&ended, 40, "refused", "gateway", "429");
    assert_eq!(reason(&ended).0, "too_many_requests");
    witness(&desk, 1, 0, "not sent again by itself");
    assert_said(&sale(), 0, "approved", "", "tried again by a person");
    witness(&desk, 2, 1, "the second attempt");
}

#[test]
fn finrota_answers_429_and_a_person_tries_again() {
    told_to_wait(Gateway::Finrota);
}

#[test]
fn yolcu360_answers_429_and_a_person_tries_again() {
    told_to_wait(Gateway::Yolcu360);
}

// 200 with a redirect or HTML: the bank's page.

fn sent_to_the_bank(gateway: Gateway) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, "approve").play(&desk);
    assert_said(&ended, 0, "approved", "", "the customer typed the code");
    assert_eq!(said(&ended).3, "gateway_status");
    assert!(desk.customer_log().contains("typed 123456 and pressed confirm"), "{}", desk.customer_log());
    witness(&desk, 1, 1, "challenge");
}

#[test]
fn finrota_answers_with_a_redirect_and_the_customer_goes_to_the_bank() {
    sent_to_the_bank(Gateway::Finrota);
}

#[test]
fn yolcu360_answers_with_html_and_the_customer_goes_to_the_bank() {
    sent_to_the_bank(Gateway::Yolcu360);
}

#[test]
fn yolcu360_answers_pending_with_html_and_the_customer_goes_to_the_bank() {
    let desk = Desk::open();
    let ended = Sale::of(Gateway::Yolcu360, "pending_challenge").play(&desk);
    assert_said(&ended, 0, "approved", "", "pending with HTML");
    witness(&desk, 1, 1, "pending with HTML");
}

// 200 success: confirmed by asking, then approved.

fn approved_at_once(gateway: Gateway) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, PLAIN).play(&desk);
    assert_said(&ended, 0, "approved", "", "success");
    let last = ended.last();
    assert_eq!((last["unconfirmed"].as_bool(), last["evidence"].as_str()), (Some(false), Some("gateway_status")));
    assert_eq!((last["amount"].as_str(), last["currency"].as_str()), (Some("545.00"), Some("TRY")));
    assert_eq!(desk.ledger().charges[0].amount_minor, 54_500);
    witness(&desk, 1, 1, "success");

    let desk = mute(gateway);
    let ended = Sale::of(gateway, PLAIN).play(&desk);
    assert_said(&ended, 0, "approved", "", "success, and nobody can be asked");
    assert_eq!((ended.last()["unconfirmed"].as_bool(), said(&ended).3.as_str()), (Some(true), "pay_answer"));
    witness(&desk, 1, 1, "success, and nobody can be asked");
}

#[test]
fn finrota_says_success_and_it_is_confirmed_by_asking() {
    approved_at_once(Gateway::Finrota);
}

#[test]
fn yolcu360_says_success_and_it_is_confirmed_by_asking() {
    approved_at_once(Gateway::Yolcu360);
}

// 200 `success: false` without a redirect, or `failed`: asked once, then declined with the given text.

#[test]
fn finrota_says_no_and_the_bank_s_words_are_shown() {
    let desk = Desk::open();
    let ended = Sale::of(Gateway::Finrota, "decline_2001_200").play(&desk);
    assert_said(&ended, 10, "declined", "", "success: false");
    assert!(reason(&ended).1.contains("Do not honor"), "{:?}", reason(&ended));
    assert_eq!(written(&desk, &ended, "state"), "declined");
    let asked =
        desk.sandbox().requests().iter().filter(|request| request.path.contains("/pws/payment/transaction")).count();
    assert_eq!(asked, 1, "asked once before it is shown");
    witness(&desk, 1, 0, "success: false");
}

#[test]
fn yolcu360_says_failed_and_it_is_declined_after_one_question() {
    let desk = Desk::open();
    let ended = Sale::of(Gateway::Yolcu360, "decline_2001_200").play(&desk);
    assert_said(&ended, 10, "declined", "", "failed");
    assert_eq!(written(&desk, &ended, "state"), "declined");
    let requests = desk.sandbox().requests();
    let paid = requests.iter().position(|request| request.path.ends_with("/payment/pay")).unwrap();
    let asked = requests[paid..].iter().filter(|request| request.path.contains("/order/")).count();
    assert_eq!(asked, 1, "asked once before it is shown");
    witness(&desk, 1, 0, "failed");
}

#[test]
fn a_failure_that_the_status_contradicts_is_not_declined() {
    // The answer says no, the books say yes: the desk must not take the money a second time.
    let desk = Desk::open();
    let body = r#"{"paymentType":"DirectSale","success":false,"error":"General error"}"#;
    let fault = Fault::Status { status: 200, body: Some(body.to_owned()), when: When::After };
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, fault));
    let ended = Sale::of(Gateway::Finrota, PLAIN).play(&desk);
    assert_said(&ended, 0, "approved", "", "the gateway's newest word counts");
    witness(&desk, 1, 1, "success: false, although charged");
}
