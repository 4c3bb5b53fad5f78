//! Each card and each order, played to its end on both gateways: the ledger says what the scene says.

use base64::Engine as _;
use serde_json::Value;

use super::browser::{Browser, Person};
use super::{Desk, read};
use crate::{ChargeKind, practice_cards, practice_orders};

/// Scenes that charge nothing on either gateway, with 3-D Secure asked and passed.
const UNCHARGED: &[&str] = &[
    "challenge_do_not_honour",
    "challenge_insufficient_funds",
    "challenge_failed",
    "challenge_start_fails",
    "authenticated_not_charged",
    "success_page_not_charged",
    "challenge_never_returns_declined",
    "timeout_before",
    "cut_before",
    "cut_after_declined",
    "error_500_before",
    "forbidden_address",
    "no_address",
    "too_many",
    "expired_token",
    // This browser keeps no cookies.
    "bank_foreign_frame",
    "bank_bad_certificate",
];

/// Scenes that charge nothing on Yolcu360 alone.
const UNCHARGED_YOLCU360: &[&str] = &["code_2008_not_charged", "challenge_without_form"];

fn is_charged(scene: &str, yolcu360: bool) -> bool {
    let declined = scene.starts_with("decline_");
    let on_yolcu360_only = yolcu360 && UNCHARGED_YOLCU360.contains(&scene);
    !(declined || on_yolcu360_only || UNCHARGED.contains(&scene))
}

/// Passes a challenge, if the answer is one.
async fn pass(desk: &Desk, answer: Value) {
    let answer = if answer.is_array() { answer[0].clone() } else { answer };
    let mut browser = Browser::new(&desk.http, Person::TypesTheCode);
    if let Some(url) = answer["redirectTo"].as_str() {
        browser.open(url).await;
    }
    if let Some(content) = answer["threeDSHtmlContent"].as_str() {
        let html = if content.starts_with('<') {
            content.to_owned()
        } else {
            String::from_utf8(base64::engine::general_purpose::STANDARD.decode(content).unwrap()).unwrap()
        };
        browser.show(&html).await;
    }
}

#[tokio::test]
async fn every_card_charges_on_finrota_exactly_when_its_scene_says_so() {
    let mut desk = Desk::open().await;
    for (place, card) in practice_cards().iter().enumerate() {
        let reference = format!("TRUTH{place:03}");
        let offered = card.number != "5401341234567891";
        if let Ok(response) = desk.finrota_pay(card.number, &reference, true).await {
            pass(&desk, read(response).await.1).await;
        }
        desk.sign_in().await;
        let ledger = desk.sandbox.ledger();
        let charges: Vec<_> = ledger.charges_of(&reference).collect();
        assert_eq!(charges.len(), usize::from(offered && is_charged(card.scene, false)), "{card:?}");
        assert!(charges.iter().all(|charge| charge.amount_minor == 54_500 && charge.kind == ChargeKind::Card));
        assert_eq!(ledger.counts_of(&reference).received, 1, "{card:?}");
    }
}

#[tokio::test]
async fn every_card_charges_on_yolcu360_exactly_when_its_scene_says_so() {
    let mut desk = Desk::open().await;
    for (place, card) in practice_cards().iter().enumerate() {
        let demo = format!("order_demo_truth_{place}");
        let order = if card.number.starts_with("545616") { "order_1006" } else { &demo };
        let offered = card.number != "5401341234567891";
        if let Ok(response) = desk.yolcu360_pay(order, card.number, true).await {
            pass(&desk, read(response).await.1).await;
        }
        desk.sign_in().await;
        let ledger = desk.sandbox.ledger();
        let charged = ledger.charges_of(order).count();
        assert_eq!(charged, usize::from(offered && is_charged(card.scene, true)), "{card:?}");
        assert_eq!(ledger.counts_of(order).received, 1, "{card:?}");
    }
}

#[tokio::test]
async fn every_order_is_charged_to_the_limit_exactly_when_its_scene_says_so() {
    const UNCHARGED_ORDERS: &[&str] = &[
        "reserved",
        "cancelled",
        "removed",
        "not_found",
        "cut_before",
        "error_500_before",
        "timeout_before",
        "code_2008_not_charged",
        "too_many",
        "expired_token",
        "decline_2001_200",
        "no_agreement",
        "whole_order_failed",
    ];
    let mut desk = Desk::open().await;
    for order in practice_orders() {
        let before = desk.sandbox.ledger().credit_limit_minor[order.currency];
        let _ = desk.pay_from_limit(order.order).await;
        desk.sign_in().await;
        let ledger = desk.sandbox.ledger();
        let too_much = order.amount_minor > before;
        let expected = !UNCHARGED_ORDERS.contains(&order.scene) && !too_much;
        assert_eq!(ledger.charges_of(order.order).count(), usize::from(expected), "{order:?}");
        let sunk = if expected { order.amount_minor } else { 0 };
        assert_eq!(ledger.credit_limit_minor[order.currency], before - sunk, "{order:?}");
    }
}

#[tokio::test]
async fn a_card_without_3d_is_charged_at_once_and_the_document_answers_come_back() {
    let desk = Desk::open().await;
    let (status, answer) = read(desk.finrota_pay("4155650100416111", "DIRECT1", false).await.unwrap()).await;
    assert_eq!((status, &answer["paymentType"], &answer["success"]), (200, &"DirectSale".into(), &true.into()));
    let (status, answer) = read(desk.yolcu360_pay("order_1001", "4242424242424242", false).await.unwrap()).await;
    let document = serde_json::json!({ "status": "success", "is3dsSecure": false, "threeDSHtmlContent": null });
    assert_eq!((status, answer), (200, document));
    assert_eq!(desk.order_status("order_1001").await, "reserved");
    assert_eq!(desk.finrota_status("DIRECT1").await.1["data"]["transactionStatusId"], 1);
}

#[tokio::test]
async fn a_decline_has_the_form_and_code_that_its_card_says() {
    let desk = Desk::open().await;
    for card in practice_cards().iter().filter(|card| card.scene.starts_with("decline_")) {
        let (code, form) = card.scene.trim_start_matches("decline_").split_once('_').unwrap();
        let order = format!("order_demo_{}", card.scene);
        let (status, answer) = read(desk.yolcu360_pay(&order, card.number, false).await.unwrap()).await;
        assert_eq!(status.to_string(), form, "{card:?}");
        if status == 200 {
            assert_eq!(answer["status"], "failed");
        } else {
            assert_eq!(answer["code"].to_string(), code);
            assert!(answer["details"]["bankMessage"].is_string());
        }
        assert_eq!(desk.order_status(&order).await, "failed");
        let (status, answer) = read(desk.finrota_pay(card.number, card.scene, false).await.unwrap()).await;
        assert_eq!((status, &answer["success"]), (200, &false.into()));
        assert!(answer["error"].as_str().is_some_and(|text| !text.is_empty()) && answer["redirectTo"].is_null());
        assert_eq!(desk.finrota_status(card.scene).await.1["data"]["transactionStatusId"], 2);
    }
    assert!(desk.sandbox.ledger().charges.is_empty());
}

#[tokio::test]
async fn a_declined_order_gets_a_new_payment_id_and_can_be_paid_again() {
    let desk = Desk::open().await;
    let declines = super::card_of("decline_2002_402");
    let mut ids = Vec::new();
    for _ in 0..2 {
        assert_eq!(desk.yolcu360_pay("order_1002", declines, false).await.unwrap().status(), 402);
        ids.push(desk.order("order_1002").await.1["orderedCarProduct"]["paymentID"].clone());
    }
    assert_ne!(ids[0], ids[1]);
    assert_eq!(desk.yolcu360_pay("order_1002", "4242424242424242", false).await.unwrap().status(), 200);
    let counts = desk.sandbox.ledger().counts_of("order_1002");
    assert_eq!((counts.received, counts.executed, counts.charged), (3, 3, 1));
}

#[tokio::test]
async fn cancelling_at_the_bank_or_three_wrong_codes_charge_nothing() {
    let desk = Desk::open().await;
    for (person, reference) in [(Person::Cancels, "GAVEUP"), (Person::TypesAWrongCode, "WRONG")] {
        let answer = read(desk.finrota_pay("4155650100416111", reference, true).await.unwrap()).await.1;
        let mut browser = Browser::new(&desk.http, person);
        let arrivals = browser.open(answer["redirectTo"].as_str().unwrap()).await;
        assert_eq!(arrivals[0].fields["success"], "false");
        assert_eq!(desk.finrota_status(reference).await.1["data"]["transactionStatusId"], 2);
        let order = format!("order_demo_{reference}");
        let answer = read(desk.yolcu360_pay(&order, "4242424242424242", true).await.unwrap()).await.1;
        let arrivals = browser.show(answer["threeDSHtmlContent"].as_str().unwrap()).await;
        assert_eq!(arrivals[0].fields["status"], "failed");
        assert_eq!(desk.order_status(&order).await, "failed");
        let codes = browser.pages.iter().filter(|page| page.contains("data-page=\"code\"")).count();
        assert_eq!(codes, if person == Person::Cancels { 2 } else { 6 });
    }
    assert!(desk.sandbox.ledger().charges.is_empty());
}

#[tokio::test]
async fn two_challenges_of_one_order_charge_it_once() {
    let desk = Desk::open().await;
    let mut pages = Vec::new();
    for _ in 0..2 {
        pages.push(read(desk.yolcu360_pay("order_1003", "4242424242424242", true).await.unwrap()).await.1);
    }
    for page in pages {
        pass(&desk, page).await;
    }
    assert_eq!(desk.sandbox.ledger().charges_of("order_1003").count(), 1);
}

#[tokio::test]
async fn a_card_that_is_told_to_wait_or_to_sign_in_is_approved_at_the_next_try() {
    let mut desk = Desk::open().await;
    for (scene, status) in [("too_many", 429), ("expired_token", 401)] {
        let order = format!("order_demo_{scene}");
        for expected in [status, 200] {
            let response = desk.yolcu360_pay(&order, super::card_of(scene), false).await.unwrap();
            assert_eq!(response.status().as_u16(), expected, "{scene}");
            desk.sign_in().await;
        }
        for (reference, expected) in [("TRY1", status), ("TRY2", 200)] {
            let reference = format!("{scene}{reference}");
            let response = desk.finrota_pay(super::card_of(scene), &reference, false).await.unwrap();
            assert_eq!(response.status().as_u16(), expected, "{scene}");
            desk.sign_in().await;
        }
    }
    assert_eq!(desk.sandbox.ledger().charges.len(), 4);
}

#[tokio::test]
async fn a_card_can_force_3d_or_do_without_it() {
    let desk = Desk::open().await;
    let (_, list) = desk.yolcu360_options("order_1001", "454671").await;
    assert_eq!(list["shouldForceTo3D"], true);
    let forced = read(desk.yolcu360_pay("order_1001", "4546711234567894", false).await.unwrap()).await.1;
    assert_eq!((&forced["status"], &forced["is3dsSecure"]), (&"redirect_required".into(), &true.into()));
    let without = read(desk.yolcu360_pay("order_1001", super::card_of("without_3d"), true).await.unwrap()).await.1;
    assert_eq!((&without["status"], &without["is3dsSecure"]), (&"success".into(), &false.into()));
    let forced = read(desk.finrota_pay("4546711234567894", "FORCED", false).await.unwrap()).await.1;
    assert_eq!(forced["paymentType"], "RedirectUrl");
    let without = read(desk.finrota_pay(super::card_of("without_3d"), "WITHOUT", true).await.unwrap()).await.1;
    assert_eq!((&without["paymentType"], &without["success"]), (&"DirectSale".into(), &true.into()));
}

#[tokio::test]
async fn odd_answers_have_the_form_that_their_card_says() {
    let desk = Desk::open().await;
    let pay = async |scene: &str| {
        let order = format!("order_demo_{scene}");
        read(desk.yolcu360_pay(&order, super::card_of(scene), true).await.unwrap()).await
    };
    assert_eq!(pay("pending").await.1["status"], "pending");
    let pending = pay("pending_challenge").await.1;
    assert!(pending["status"] == "pending" && pending["threeDSHtmlContent"].is_string());
    let charged = pay("code_2008_charged").await;
    assert_eq!((charged.0, &charged.1["code"]), (402, &2008.into()));
    let uncharged = pay("code_2008_not_charged").await;
    assert_eq!((uncharged.0, &uncharged.1["code"]), (400, &2008.into()));
    assert_eq!(pay("whole_order").await.1["orderedCarProduct"]["status"], "reserved");
    assert_eq!(pay("not_found_after").await.0, 404);
    assert_eq!(pay("forbidden_address").await, (403, Value::Null));
    assert_eq!(pay("array_differs").await.1.as_array().unwrap().len(), 2);
    assert!(pay("array_wrapped").await.1[0]["threeDSHtmlContent"].is_string());
    assert!(!pay("base64_html").await.1["threeDSHtmlContent"].as_str().unwrap().starts_with('<'));
    assert!(!pay("challenge_without_form").await.1["threeDSHtmlContent"].as_str().unwrap().contains("<form"));
    let no_address = pay("no_address").await.1;
    assert!(no_address["status"] == "redirect_required" && no_address["threeDSHtmlContent"].is_null());
    let both = pay("success_with_challenge").await.1;
    assert!(both["status"] == "success" && both["threeDSHtmlContent"].is_string());
}
