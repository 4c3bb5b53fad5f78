//! Status, void, refund, cancellation, limits and seeds.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Desk, card_of, quick, read};
use crate::{Sandbox, Settings};

#[tokio::test]
async fn the_status_query_takes_exactly_one_parameter() {
    let desk = Desk::open().await;
    desk.finrota_pay("4155650100416111", "REF1", false).await.unwrap();
    let ask = async |query: &str| {
        let url = format!("{}/pws/payment/transaction{query}", desk.sandbox.finrota_url());
        read(desk.http.get(url).bearer_auth(&desk.finrota).send().await.unwrap()).await
    };
    for name in ["clientOrderReferenceCode", "clientReferenceNumber"] {
        let (status, answer) = ask(&format!("?{name}=REF1")).await;
        let data = &answer["data"];
        assert_eq!((status, &data["transactionStatusId"], &data["currencyType"]), (200, &1.into(), &"TRY".into()));
        assert_eq!(data["clientReferenceNumber"], "REF1");
        assert!(!data["transactionDate"].as_str().unwrap().ends_with('Z'));
    }
    assert_eq!(ask("?clientOrderReferenceCode=REF1&clientReferenceNumber=REF1").await.0, 404);
    let (status, answer) = ask("?clientOrderReferenceCode=NOBODY").await;
    assert_eq!((status, &answer["statusCode"], &answer["data"]), (404, &404.into(), &Value::Null));
    assert_eq!(ask("").await.0, 400);
}

#[tokio::test]
async fn a_late_trace_is_not_found_first_and_paid_afterwards() {
    let settings = Settings { bank_delay: Duration::from_secs(600), ..quick() };
    let desk = Desk::open_with(settings).await;
    desk.finrota_pay(card_of("late_trace"), "LATE", false).await.unwrap();
    assert_eq!(desk.finrota_status("LATE").await.0, 404);
    desk.pay_from_limit("order_1037").await.unwrap();
    assert_eq!(desk.order_status("order_1037").await, "pending");
    assert_eq!(desk.sandbox.ledger().charges.len(), 2);
    let settings = Settings { bank_delay: Duration::ZERO, ..quick() };
    let desk = Desk::open_with(settings).await;
    desk.finrota_pay(card_of("late_trace"), "LATE", false).await.unwrap();
    assert_eq!(desk.finrota_status("LATE").await.0, 200);
}

async fn reference_number(desk: &Desk, reference: &str) -> String {
    desk.finrota_status(reference).await.1["data"]["referenceNumber"].as_str().unwrap().to_owned()
}

async fn reverse(desk: &Desk, path: &str, body: Value) -> Value {
    let answer = read(desk.finrota_post(&format!("/pws/payment/{path}"), &body).await.unwrap()).await;
    assert_eq!(answer.0, 200, "{}", answer.1);
    answer.1["data"].clone()
}

#[tokio::test]
async fn a_void_leaves_the_state_at_success_and_the_amount_at_zero() {
    let desk = Desk::open().await;
    desk.finrota_pay("4155650100416111", "VOID", false).await.unwrap();
    let number = reference_number(&desk, "VOID").await;
    let body = json!({ "referenceCode": number, "reason": "given up" });
    let data = reverse(&desk, "cancel", body.clone()).await;
    assert_eq!((&data["isSuccess"], &data["transactionStatusId"]), (&true.into(), &1.into()));
    assert_eq!(desk.finrota_status("VOID").await.1["data"]["lastAmount"].to_string(), "0.0");
    assert_eq!(reverse(&desk, "cancel", body).await["isSuccess"], false);
    let ledger = desk.sandbox.ledger();
    assert_eq!((ledger.net_minor("VOID"), ledger.reversals.len()), (0, 1));
    assert_eq!(ledger.counts_of("VOID").reversals_received, 2);
}

#[tokio::test]
async fn a_refund_without_amount_or_with_the_wrong_name_returns_everything() {
    let desk = Desk::open().await;
    desk.finrota_pay("4155650100416111", "PART", false).await.unwrap();
    let number = reference_number(&desk, "PART").await;
    let data = reverse(&desk, "refund", json!({ "referenceCode": number, "amount": 45.5, "reason": "late" })).await;
    assert_eq!((&data["isSuccess"], &data["transactionStatusId"]), (&true.into(), &6.into()));
    assert_eq!(desk.sandbox.ledger().net_minor("PART"), 49_950);
    let data = reverse(&desk, "refund", json!({ "referenceCode": number, "amount": 500, "reason": "too much" })).await;
    assert_eq!((&data["isSuccess"], &data["errorCode"]), (&false.into(), &"AMOUNT_TOO_HIGH".into()));
    assert_eq!(
        reverse(&desk, "cancel", json!({ "referenceCode": number, "reason": "late" })).await["isSuccess"],
        false
    );
    reverse(&desk, "refund", json!({ "referenceCode": number, "refundAmount": 1, "reason": "the trap" })).await;
    assert_eq!(desk.sandbox.ledger().net_minor("PART"), 0);
}

#[tokio::test]
async fn a_card_that_cannot_be_voided_can_be_refunded() {
    let desk = Desk::open().await;
    desk.finrota_pay(card_of("cannot_void"), "NOVOID", false).await.unwrap();
    let number = reference_number(&desk, "NOVOID").await;
    let body = json!({ "referenceCode": number, "reason": "x" });
    assert_eq!(reverse(&desk, "cancel", body.clone()).await["errorCode"], "VOID_REFUSED");
    assert_eq!(reverse(&desk, "refund", body).await["isSuccess"], true);
}

#[tokio::test]
async fn cancelling_an_order_gives_the_limit_back() {
    let desk = Desk::open().await;
    let limit = |ledger: crate::LedgerSnapshot| ledger.credit_limit_minor["TRY"];
    let before = limit(desk.sandbox.ledger());
    for (order, eligible) in [
        ("order_1001", json!({ "cancellable": true, "refundable": true })),
        ("order_1033", json!({ "cancellable": true, "refundable": false })),
        ("order_1034", json!({ "cancellable": false, "refundable": false })),
    ] {
        desk.pay_from_limit(order).await.unwrap();
        let path = format!("/order/{order}/cancel_eligibility");
        assert_eq!(read(desk.yolcu360_post(&path, &json!({})).await.unwrap()).await.1, eligible);
    }
    let cancel = async |order: &str| {
        read(desk.yolcu360_post(&format!("/order/{order}/cancel"), &json!({})).await.unwrap()).await
    };
    let (status, answer) = cancel("order_1001").await;
    assert_eq!((status, &answer["orderId"], &answer["status"]), (200, &"order_1001".into(), &"cancelled".into()));
    assert_eq!(cancel("order_1033").await.0, 200);
    assert_eq!(cancel("order_1034").await.0, 422);
    assert_eq!(desk.order_status("order_1001").await, "cancelled");
    let ledger = desk.sandbox.ledger();
    assert_eq!((ledger.net_minor("order_1001"), ledger.net_minor("order_1033")), (0, 92_000));
    assert_eq!(limit(ledger), before - 2 * 92_000);
}

#[tokio::test]
async fn a_paid_order_answers_404_to_options_and_payment() {
    let desk = Desk::open().await;
    assert_eq!(desk.yolcu360_options("order_1001", "424242").await.0, 200);
    desk.pay_from_limit("order_1001").await.unwrap();
    assert_eq!(desk.yolcu360_options("order_1001", "424242").await.0, 404);
    let (status, answer) = read(desk.pay_from_limit("order_1001").await.unwrap()).await;
    assert_eq!((status, answer["code"].is_number()), (404, true));
    assert_eq!(desk.order("order_1015").await.0, 404);
    assert_eq!(desk.order("order_9999").await.0, 404);
    assert_eq!(desk.order_status("order_demo_new").await, "pending");
}

#[tokio::test]
async fn the_limit_is_insufficient_with_402_and_2007() {
    let desk = Desk::open().await;
    let (status, answer) = read(desk.pay_from_limit("order_1010").await.unwrap()).await;
    assert_eq!((status, &answer["code"]), (402, &2007.into()));
    assert_eq!(desk.order_status("order_1010").await, "pending");
}

#[tokio::test]
async fn an_order_whose_price_rises_shows_it_after_the_list_was_read() {
    let desk = Desk::open().await;
    let price = |order: Value| order["orderedCarProduct"]["car"]["pricing"]["paymentTotal"]["amount"].clone();
    assert_eq!(price(desk.order("order_1036").await.1), 92_000);
    desk.yolcu360_options("order_1036", "424242").await;
    assert_eq!(price(desk.order("order_1036").await.1), 93_000);
}

#[tokio::test]
async fn the_documented_limits_answer_429_with_a_time_to_wait() {
    let desk = Desk::open_with(Settings { limit_rates: true, ..quick() }).await;
    for _ in 0..10 {
        assert_eq!(desk.pay_from_limit("order_1015").await.unwrap().status(), 404);
    }
    let response = desk.pay_from_limit("order_1001").await.unwrap();
    assert_eq!(response.status(), 429);
    let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    for _ in 0..30 {
        assert_eq!(desk.yolcu360_options("order_1001", "424242").await.0, 200);
    }
    assert_eq!(desk.yolcu360_options("order_1001", "424242").await.0, 429);
    assert!(desk.sandbox.ledger().charges.is_empty());
}

#[tokio::test]
async fn two_starts_have_the_same_orders_limits_and_lists() {
    let (one, two) = (Desk::open().await, Desk::open().await);
    assert_eq!(one.sandbox.ledger(), two.sandbox.ledger());
    for order in crate::practice_orders() {
        assert_eq!(one.order(order.order).await, two.order(order.order).await);
        let lists =
            (one.yolcu360_options(order.order, "424242").await, two.yolcu360_options(order.order, "424242").await);
        assert_eq!(lists.0, lists.1);
    }
    assert_eq!(one.order("order_demo_x").await, two.order("order_demo_x").await);
}

#[tokio::test]
async fn a_token_ends_and_a_refresh_token_works_once() {
    let desk = Desk::open_with(Settings { token_lifetime: Duration::ZERO, ..quick() }).await;
    assert_eq!(desk.order("order_1001").await.0, 401);
    assert_eq!(desk.finrota_status("X").await.0, 401);
    let desk = Desk::open().await;
    let url = format!("{}/auth/login", desk.sandbox.yolcu360_url());
    let body = json!({ "key": crate::YOLCU360_KEY, "secret": crate::YOLCU360_SECRET });
    let (_, login) = read(desk.http.post(url).json(&body).send().await.unwrap()).await;
    let refresh = json!({ "token": login["refreshToken"] });
    assert_eq!(desk.yolcu360_post("/auth/refresh", &refresh).await.unwrap().status(), 200);
    assert_eq!(desk.yolcu360_post("/auth/refresh", &refresh).await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_ledger_over_http_is_the_ledger_and_holds_no_card_number() {
    let desk = Desk::open().await;
    desk.finrota_pay("4155650100416111", "SEEN", false).await.unwrap();
    let text = desk.http.get(desk.sandbox.ledger_url()).send().await.unwrap().text().await.unwrap();
    let snapshot: crate::LedgerSnapshot = serde_json::from_str(&text).unwrap();
    assert_eq!(snapshot, desk.sandbox.ledger());
    let url = format!("{}/requests", desk.sandbox.ledger_url());
    let requests = desk.http.get(url).send().await.unwrap().text().await.unwrap();
    assert!(requests.contains("\"last_four\":\"6111\"") && requests.contains("/finrota/b2c/payment"));
    assert!(!text.contains("4155650100416111") && !requests.contains("4155650100416111"));
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let first = Sandbox::start(quick()).await.unwrap();
    let second = Sandbox::start(Settings { port: first.port(), ..quick() }).await;
    assert!(second.is_err());
}
