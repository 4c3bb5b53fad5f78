//! The ways back from the bank.

use serde_json::Value;

use super::browser::{Arrival, Browser, Person};
use super::{Desk, card_of, read};

async fn finrota(desk: &Desk, scene: &str) -> (Vec<Arrival>, Vec<String>) {
    let reference = scene.to_uppercase();
    let answer: Value = read(desk.finrota_pay(card_of(scene), &reference, true).await.unwrap()).await.1;
    assert_eq!(
        answer,
        serde_json::json!({
            "paymentType": "RedirectUrl", "redirectTo": answer["redirectTo"], "success": false
        })
    );
    let mut browser = Browser::new(&desk.http, Person::TypesTheCode);
    let arrivals = browser.open(answer["redirectTo"].as_str().unwrap()).await;
    (arrivals, browser.pages)
}

async fn yolcu360(desk: &Desk, scene: &str) -> Vec<Arrival> {
    let order = format!("order_demo_{scene}");
    let answer: Value = read(desk.yolcu360_pay(&order, card_of(scene), true).await.unwrap()).await.1;
    assert_eq!((&answer["status"], &answer["is3dsSecure"]), (&"redirect_required".into(), &true.into()));
    let html = answer["threeDSHtmlContent"].as_str().unwrap();
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("method='POST'"), "{html}");
    Browser::new(&desk.http, Person::TypesTheCode).show(html).await
}

#[tokio::test]
async fn each_kind_of_return_reaches_the_merchant_in_its_own_way() {
    let desk = Desk::open().await;
    let kinds: &[(&str, &[&str])] = &[
        ("return_form_post", &["form"]),
        ("return_302", &["302"]),
        ("return_303", &["303"]),
        ("return_307", &["307"]),
        ("return_script", &["script"]),
        ("return_meta_refresh", &["meta"]),
        ("return_frame", &["top"]),
        ("return_late", &["302"]),
        ("return_twice", &["frame", "script"]),
        ("return_never", &[]),
        ("return_popup", &["script"]),
        ("return_https_only", &["form"]),
    ];
    for (scene, expected) in kinds {
        let (arrivals, pages) = finrota(&desk, scene).await;
        let by: Vec<_> = arrivals.iter().map(|arrival| arrival.by.as_str()).collect();
        assert_eq!(by, *expected, "{scene}");
        for arrival in &arrivals {
            let kept = ["return_form_post", "return_307", "return_https_only"].contains(scene);
            assert_eq!(arrival.method == "POST", kept, "{scene}");
            assert_eq!(arrival.fields["nonce"], "n1", "the merchant's own query is kept");
            assert_eq!((&*arrival.fields["success"], &*arrival.fields["error"]), ("true", ""));
            assert_eq!(arrival.fields["clientReferenceCode"], scene.to_uppercase());
            assert!(!arrival.fields["orderId"].is_empty());
        }
        assert!(pages.iter().any(|page| page.contains(&format!("data-scene=\"{scene}\""))), "{scene}");
        let arrivals = yolcu360(&desk, scene).await;
        assert_eq!(arrivals.len(), expected.len(), "{scene}");
        for arrival in arrivals {
            assert_eq!(arrival.fields["orderID"], format!("order_demo_{scene}"));
            assert_eq!(arrival.fields["status"], "success");
        }
        assert_eq!(desk.order_status(&format!("order_demo_{scene}")).await, "reserved");
    }
}

#[tokio::test]
async fn a_page_can_claim_the_opposite_of_the_truth() {
    let desk = Desk::open().await;
    for (scene, claim, charged) in [
        ("success_page_not_charged", "true", 0),
        ("failure_page_charged", "false", 1),
        ("authenticated_not_charged", "false", 0),
    ] {
        let (arrivals, _) = finrota(&desk, scene).await;
        assert_eq!(arrivals[0].fields["success"], claim, "{scene}");
        assert_eq!(desk.sandbox.ledger().charges_of(&scene.to_uppercase()).count(), charged, "{scene}");
    }
}

#[tokio::test]
async fn a_callback_that_is_repeated_or_forged_charges_nothing_more() {
    let desk = Desk::open().await;
    let answer = read(desk.yolcu360_pay("order_1001", "4242424242424242", true).await.unwrap()).await.1;
    let mut browser = Browser::new(&desk.http, Person::TypesTheCode);
    let callback = format!("{}/payment/3ds-callback/order_1001", desk.sandbox.yolcu360_url());
    let forged = [("language", "en"), ("paymentId", "payment_1"), ("transactionId", "txn_1")];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(forged).finish();
    let post = |body: String| {
        let request = desk.http.post(&callback).header("content-type", "application/x-www-form-urlencoded");
        request.body(body).send()
    };
    assert_eq!(post(body).await.unwrap().status(), 404);
    assert!(desk.sandbox.ledger().charges.is_empty());
    browser.show(answer["threeDSHtmlContent"].as_str().unwrap()).await;
    let page = browser.pages.iter().find(|page| page.contains("data-page='to_gateway'")).unwrap();
    let value = |name: &str| {
        let (_, rest) = page.split_once(&format!("name='{name}' value='")).unwrap();
        rest.split_once('\'').unwrap().0.to_owned()
    };
    let (payment, transaction) = (value("paymentId"), value("transactionId"));
    let again = format!("language=en&paymentId={payment}&transactionId={transaction}");
    let repeated = post(again).await.unwrap();
    assert_eq!(repeated.status(), 200);
    assert!(repeated.text().await.unwrap().contains("status=success"));
    assert_eq!(desk.sandbox.ledger().charges_of("order_1001").count(), 1);
}

#[tokio::test]
async fn a_custom_scheme_gets_its_return_too() {
    let desk = Desk::open().await;
    let mut body = super::yolcu360_body("order_1001", card_of("return_302"), true);
    body["payWithCard"]["callbackUrl"] = "vezne-return://done/n1".into();
    let answer = read(desk.yolcu360_post("/payment/pay", &body).await.unwrap()).await.1;
    let html = answer["threeDSHtmlContent"].as_str().unwrap();
    let id = html.split_once("name='MD' value='").unwrap().1.split_once('\'').unwrap().0;
    let verify = format!("{}/verify/{id}", desk.sandbox.bank_url());
    let form = desk.http.post(verify).header("content-type", "application/x-www-form-urlencoded");
    let page = form.body("code=123456").send().await.unwrap().text().await.unwrap();
    let field = |name: &str| page.split_once(&format!("name='{name}' value='")).unwrap().1.split_once('\'').unwrap().0;
    let (payment, transaction) = (field("paymentId"), field("transactionId"));
    let callback = format!("{}/payment/3ds-callback/order_1001", desk.sandbox.yolcu360_url());
    let form = desk.http.post(callback).header("content-type", "application/x-www-form-urlencoded");
    let body = format!("language=en&paymentId={payment}&transactionId={transaction}");
    let response = form.body(body).send().await.unwrap();
    let location = response.headers()["location"].to_str().unwrap();
    assert_eq!(location, "vezne-return://done/n1?orderID=order_1001&status=success");
}

/// Types the code and stops on the page that leads back to the gateway: its address and its fields.
pub(super) async fn before_the_callback(desk: &Desk, challenge: &str) -> (String, Vec<(String, String)>) {
    let verify = format!("{}/verify/{challenge}", desk.sandbox.bank_url());
    let form = desk.http.post(verify).header("content-type", "application/x-www-form-urlencoded");
    let page = form.body("code=123456").send().await.unwrap().text().await.unwrap();
    let target = page.split_once("action='").unwrap().1.split_once('\'').unwrap().0.to_owned();
    let inputs = page.split("<input type='hidden' name='").skip(1);
    let fields = inputs.map(|input| {
        let (name, rest) = input.split_once("' value='").unwrap();
        (name.to_owned(), rest.split_once('\'').unwrap().0.to_owned())
    });
    (target, fields.collect())
}

#[tokio::test]
async fn only_the_banks_own_id_settles_and_it_settles_once() {
    let desk = Desk::open().await;
    let answer = read(desk.finrota_pay("4155650100416111", "ONCE", true).await.unwrap()).await.1;
    let finrota = answer["redirectTo"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned();
    let answer = read(desk.yolcu360_pay("order_1001", "4242424242424242", true).await.unwrap()).await.1;
    let html = answer["threeDSHtmlContent"].as_str().unwrap();
    let yolcu360 = html.split_once("name='MD' value='").unwrap().1.split_once('\'').unwrap().0.to_owned();
    for (challenge, key) in [(finrota, "ONCE"), (yolcu360, "order_1001")] {
        let (target, fields) = before_the_callback(&desk, &challenge).await;
        let post = async |transaction: Option<&str>| {
            let mut body = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in &fields {
                let forged = transaction.filter(|_| name == "transactionId");
                body.append_pair(name, forged.unwrap_or(value));
            }
            let form = desk.http.post(&target).header("content-type", "application/x-www-form-urlencoded");
            form.body(body.finish()).send().await.unwrap().status().as_u16()
        };
        let charges = || desk.sandbox.ledger().charges_of(key).count();
        assert_eq!((post(Some("txn_guess")).await, charges()), (400, 0), "{key}");
        assert_eq!((post(None).await, charges()), (200, 1), "{key}");
        assert_eq!((post(None).await, charges()), (200, 1), "{key}: told again, not charged again");
    }
}
