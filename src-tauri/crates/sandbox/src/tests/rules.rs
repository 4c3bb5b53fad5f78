//! Faults over HTTP, and what each leaves in the ledger.

use serde_json::Value;

use super::{Desk, read};
use crate::{Call, CutPoint, Fault, FaultRule, Gateway, When};

fn pay(fault: Fault) -> FaultRule {
    FaultRule::new(Gateway::Yolcu360, Call::Pay, fault).first(1)
}

#[tokio::test]
async fn a_status_before_the_work_charges_nothing_and_after_it_charges() {
    let desk = Desk::open().await;
    for (when, order, charged) in [(When::Before, "order_1001", 0), (When::After, "order_1002", 1)] {
        desk.sandbox.add_fault(pay(Fault::Status { status: 503, body: None, when }).on_order(order));
        let (status, answer) = read(desk.pay_from_limit(order).await.unwrap()).await;
        assert_eq!(status, 503);
        assert!(answer["code"].is_number() && answer["details"].is_object(), "{answer}");
        assert_eq!(desk.sandbox.ledger().charges_of(order).count(), charged);
    }
}

#[tokio::test]
async fn answers_that_cannot_be_read_come_after_a_real_charge() {
    let desk = Desk::open().await;
    for (place, fault) in [Fault::CutJson, Fault::NotJson, Fault::EmptyBody].into_iter().enumerate() {
        let order = format!("order_demo_unreadable{place}");
        desk.sandbox.add_fault(pay(fault).on_order(&order));
        let response = desk.pay_from_limit(&order).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(read(response).await.1, Value::Null);
        assert_eq!(desk.sandbox.ledger().charges_of(&order).count(), 1);
    }
}

#[tokio::test]
async fn a_huge_answer_is_a_hundred_megabytes_and_a_slow_one_never_ends() {
    let desk = Desk::open().await;
    desk.sandbox.add_fault(pay(Fault::HugeBody).on_order("order_1001"));
    let mut response = desk.pay_from_limit("order_1001").await.unwrap();
    assert_eq!(response.content_length(), Some(100_000_000));
    assert!(response.chunk().await.unwrap().is_some());
    drop(response);
    desk.sandbox.add_fault(pay(Fault::SlowBody).on_order("order_1002"));
    let mut response = desk.pay_from_limit("order_1002").await.unwrap();
    assert_eq!(response.content_length(), None);
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 1);
}

#[tokio::test]
async fn too_many_requests_say_how_long_to_wait() {
    let desk = Desk::open().await;
    desk.sandbox.add_fault(pay(Fault::TooMany { retry_after: 7 }));
    let response = desk.pay_from_limit("order_1001").await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (429, &"7".parse().unwrap()));
    assert!(desk.sandbox.ledger().charges.is_empty());
}

#[tokio::test]
async fn an_expired_token_is_refused_until_the_desk_has_signed_in_anew() {
    let mut desk = Desk::open().await;
    desk.sandbox.add_fault(pay(Fault::Unauthorized));
    let (status, answer) = read(desk.pay_from_limit("order_1001").await.unwrap()).await;
    // 2001 is "unauthorized" here and "card declined" in a payment answer: the vendor's codes collide.
    assert_eq!((status, &answer["code"]), (401, &2001.into()));
    assert_eq!(desk.pay_from_limit("order_1001").await.unwrap().status(), 401);
    desk.sign_in().await;
    assert_eq!(desk.pay_from_limit("order_1001").await.unwrap().status(), 200);
    let counts = desk.sandbox.ledger().counts_of("order_1001");
    assert_eq!((counts.received, counts.executed), (3, 1));
}

#[tokio::test]
async fn a_redirect_charges_nothing_unless_it_is_followed() {
    let desk = Desk::open().await;
    let to = "/yolcu360/api/v1/payment/pay".to_owned();
    desk.sandbox.add_fault(pay(Fault::Redirect { status: 307, to: to.clone(), when: When::Before }));
    let response = desk.pay_from_limit("order_1001").await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["location"].to_str().unwrap()), (307, &*to));
    assert!(desk.sandbox.ledger().charges.is_empty());
}

#[tokio::test]
async fn a_request_delivered_twice_is_counted_twice_and_charged_once() {
    let desk = Desk::open().await;
    desk.sandbox.add_fault(pay(Fault::Duplicate));
    let (status, answer) = read(desk.pay_from_limit("order_1001").await.unwrap()).await;
    assert_eq!((status, &answer["status"]), (200, &"success".into()));
    let counts = desk.sandbox.ledger().counts_of("order_1001");
    assert_eq!((counts.received, counts.executed, counts.charged), (2, 1, 1));
}

#[tokio::test]
async fn a_status_answer_can_say_pending_although_it_is_paid() {
    let desk = Desk::open().await;
    desk.finrota_pay("4155650100416111", "PAID1", false).await.unwrap();
    let rule = FaultRule::new(Gateway::Finrota, Call::Status, Fault::Pending).on_reference("PAID1").nth(2);
    desk.sandbox.add_fault(rule);
    for expected in [1, 3, 1] {
        assert_eq!(desk.finrota_status("PAID1").await.1["data"]["transactionStatusId"], expected);
    }
}

#[tokio::test]
async fn rules_can_be_added_and_cleared_over_http() {
    let desk = Desk::open().await;
    let url = format!("http://127.0.0.1:{}/faults", desk.sandbox.port());
    let rule = "[[fault]]\ngateway = \"yolcu360\"\ncall = \"order\"\nfault = \"not_json\"\n";
    assert_eq!(desk.http.post(&url).body(rule).send().await.unwrap().status(), 200);
    assert_eq!(desk.order("order_1001").await.1, Value::Null);
    let refused = desk.http.post(&url).body("[[fault]]\ncall = \"pay\"\n").send().await.unwrap();
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("gateway"));
    assert_eq!(desk.http.delete(&url).send().await.unwrap().status(), 200);
    assert_eq!(desk.order_status("order_1001").await, "pending");
}

#[tokio::test]
async fn the_banks_way_back_can_be_cut_after_the_charge() {
    let desk = Desk::open().await;
    let cut = Fault::Cut { at: CutPoint::AfterExecuting };
    desk.sandbox.add_fault(FaultRule::new(Gateway::Finrota, Call::Callback, cut).on_reference("BACK"));
    let answer = read(desk.finrota_pay("4155650100416111", "BACK", true).await.unwrap()).await.1;
    let id = answer["redirectTo"].as_str().unwrap().rsplit_once('/').unwrap().1;
    let verify = format!("{}/verify/{id}", desk.sandbox.bank_url());
    let form = desk.http.post(verify).header("content-type", "application/x-www-form-urlencoded");
    let page = form.body("code=123456").send().await.unwrap().text().await.unwrap();
    let transaction = page.split_once("name='transactionId' value='").unwrap().1.split_once('\'').unwrap().0;
    let callback = format!("{}/callback/{id}", desk.sandbox.finrota_url());
    let form = desk.http.post(callback).header("content-type", "application/x-www-form-urlencoded");
    assert!(form.body(format!("transactionId={transaction}")).send().await.is_err());
    assert_eq!(desk.sandbox.ledger().charges_of("BACK").count(), 1);
}

#[tokio::test]
async fn a_rule_finds_a_reversal_by_the_clients_own_reference() {
    let desk = Desk::open().await;
    desk.finrota_pay("4155650100416111", "MINE", false).await.unwrap();
    let after = Fault::Status { status: 500, body: None, when: When::After };
    desk.sandbox.add_fault(FaultRule::new(Gateway::Finrota, Call::Refund, after).on_reference("MINE"));
    let number = desk.finrota_status("MINE").await.1["data"]["referenceNumber"].clone();
    let body = serde_json::json!({ "referenceCode": number, "amount": 1, "reason": "x" });
    assert_eq!(desk.finrota_post("/pws/payment/refund", &body).await.unwrap().status(), 500);
    assert_eq!(desk.sandbox.ledger().net_minor("MINE"), 54_400);
}
