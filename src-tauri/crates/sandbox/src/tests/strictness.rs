//! What the documents do not allow is refused, and the answer names it.

use serde_json::{Value, json};

use super::{Desk, read, yolcu360_body};

/// Sets, or with `None` removes, the field at a dotted path.
fn change(mut body: Value, path: &str, value: Option<Value>) -> Value {
    let (parent, field) = path.rsplit_once('.').map_or(("", path), |(parent, field)| (parent, field));
    let object = if parent.is_empty() { &mut body } else { &mut body[parent] };
    let object = object.as_object_mut().unwrap();
    match value {
        Some(value) => object.insert(field.to_owned(), value),
        None => object.remove(field),
    };
    body
}

#[tokio::test]
async fn finrota_refuses_a_wrong_payment_and_names_the_field() {
    let desk = Desk::open().await;
    let good = desk.finrota_body("4155650100416111", "STRICT", false).await;
    let table: &[(&str, Option<Value>, &str)] = &[
        ("card", None, "card: is required"),
        ("card", Some("x".into()), "card: must be an object, got a string"),
        ("card.cardNumber", None, "card.cardNumber: is required"),
        ("card.cardNumber", Some("4155 6501 0041 6111".into()), "card.cardNumber: must be 13 to 19 digits"),
        ("card.cardNumber", Some("4155650100416112".into()), "card.cardNumber: has a wrong check digit"),
        ("card.cardNumber", Some(4_155_650_100_416_111_i64.into()), "card.cardNumber: must be a string, got a number"),
        ("card.cardHolderName", Some("".into()), "card.cardHolderName: must not be empty"),
        ("card.cvv", Some("0000".into()), "card.cvv: must be 3 digits"),
        ("card.cvv", Some(0.into()), "card.cvv: must be a string"),
        ("card.expMonth", Some("12".into()), "card.expMonth: must be an integer, got a string"),
        ("card.expMonth", Some(13.into()), "card.expMonth: must be between 1 and 12"),
        ("card.expYear", Some(26.into()), "card.expYear: must be between 2000"),
        ("card.expireYear", Some(2026.into()), "card.expireYear: is not a known field"),
        ("card.cvc", Some("000".into()), "card.cvc: is not a known field"),
        ("returnUrl", Some("/return".into()), "returnUrl: must be an absolute URL"),
        ("returnUrl", None, "returnUrl: is required"),
        ("callbackUrl", Some("https://a.example".into()), "callbackUrl: is not a known field"),
        ("clientReferenceCode", Some("A".repeat(33).into()), "clientReferenceCode: must be 1 to 32"),
        ("clientReferenceCode", Some("A B".into()), "clientReferenceCode: must be 1 to 32"),
        ("use3D", Some("true".into()), "use3D: must be a boolean, got a string"),
        ("installmentToken", Some("INSTALLMENT_TOKEN".into()), "installmentToken: is unknown"),
        ("installmentToken", None, "installmentToken: is required"),
        ("customerIpAddress", Some("desk".into()), "customerIpAddress: must be an IP address"),
        ("customerIpAddress", None, "customerIpAddress: is required"),
        ("amount", Some(545.into()), "amount: is not a known field"),
    ];
    for (path, value, expected) in table {
        let body = change(good.clone(), path, value.clone());
        let (status, answer) = read(desk.finrota_post("/b2c/payment", &body).await.unwrap()).await;
        assert_eq!(status, 400, "{path}");
        let message = answer["message"].as_str().unwrap();
        assert!(message.starts_with(expected), "{path}: {message}");
        assert_eq!(answer["statusCode"], 400);
    }
    assert_eq!(desk.sandbox.ledger().counts_of("STRICT").executed, 0);
    assert_eq!(desk.finrota_post("/b2c/payment", &good).await.unwrap().status(), 200, "the good one still works");
}

#[tokio::test]
async fn a_finrota_reference_and_an_installment_token_work_once() {
    let desk = Desk::open().await;
    let first = desk.finrota_body("4155650100416111", "ONCE", false).await;
    desk.finrota_post("/b2c/payment", &first).await.unwrap();
    let (status, answer) = read(desk.finrota_post("/b2c/payment", &first).await.unwrap()).await;
    assert_eq!((status, answer["message"].as_str()), (400, Some("clientReferenceCode: has been used already")));
    let other = change(first.clone(), "clientReferenceCode", Some("TWICE".into()));
    let (status, answer) = read(desk.finrota_post("/b2c/payment", &other).await.unwrap()).await;
    assert_eq!(status, 400);
    assert!(answer["message"].as_str().unwrap().starts_with("installmentToken: has been used already"));
    let token = desk.installment_token("4242424242424242", "545.00", "TRY").await;
    let foreign = change(other, "installmentToken", Some(token.into()));
    let (status, answer) = read(desk.finrota_post("/b2c/payment", &foreign).await.unwrap()).await;
    assert_eq!((status, answer["message"].as_str()), (400, Some("installmentToken: belongs to another card BIN")));
    assert_eq!(desk.sandbox.ledger().charges.len(), 1);
}

#[tokio::test]
async fn finrota_options_want_their_own_header_and_plain_parameters() {
    let desk = Desk::open().await;
    let table = [
        ("41556", "545.00", "TRY", "binNumber: must be the first 6 to 8 digits"),
        ("415565010", "545.00", "TRY", "binNumber: must be"),
        ("415565", "545,00", "TRY", "amount: must be a decimal"),
        ("415565", "545.00001", "TRY", "amount: must have at most 4"),
        ("415565", "0", "TRY", "amount: must be greater than zero"),
        ("415565", "545.00", "TL", "currency: must be TRY, USD or EUR"),
        ("415565", "545.00", "TRY&installment=3", "installment: is not a known parameter"),
    ];
    for (bin, amount, currency, expected) in table {
        let (status, answer) = read(desk.finrota_options(bin, amount, currency).await).await;
        assert_eq!(status, 400, "{expected}");
        assert!(answer["message"].as_str().unwrap().starts_with(expected), "{answer}");
    }
    let url = format!("{}/b2c/paymentOptions?binNumber=415565&amount=1&currency=TRY", desk.sandbox.finrota_url());
    let (status, answer) = read(desk.http.get(url).bearer_auth(&desk.finrota).send().await.unwrap()).await;
    assert_eq!(status, 401);
    assert!(answer["message"].as_str().unwrap().starts_with("Proxy-Authorization: must be"), "{answer}");
}

#[tokio::test]
async fn finrota_options_have_the_documents_fields_and_exact_decimals() {
    let desk = Desk::open().await;
    let text = desk.finrota_options("415565", "1500.5000", "TRY").await.text().await.unwrap();
    assert!(text.contains("\"amount\":1500.5000") && text.contains("\"processAmount\":1500.5000"), "{text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert!(answer["id"].is_i64() && answer["postTitle"].is_string() && answer["isDefaultPos"] == true);
    let three = &answer["installments"][1];
    assert_eq!(three["installment"], 3);
    for (field, kind) in [("currencyId", "string"), ("token", "string"), ("posId", "int"), ("commApplyTypeId", "int")] {
        assert_eq!(three[field].is_string(), kind == "string", "{field}");
    }
    let troy: Value = desk.finrota_options("979209", "100", "TRY").await.json().await.unwrap();
    let defaults: Vec<_> = troy.as_array().unwrap().iter().map(|program| program["isDefaultPos"] == true).collect();
    assert_eq!(defaults, [false, true]);
    for (bin, currency) in [("540134", "TRY"), ("545616", "TRY")] {
        let empty: Value = desk.finrota_options(bin, "100", currency).await.json().await.unwrap();
        assert_eq!(empty, json!([]));
    }
    let six: Value = desk.finrota_options("435508", "100", "TRY").await.json().await.unwrap();
    let eight: Value = desk.finrota_options("43550843", "100", "TRY").await.json().await.unwrap();
    assert_ne!(six["id"], eight["id"]);
}

#[tokio::test]
async fn yolcu360_refuses_a_wrong_payment_and_names_the_field() {
    let desk = Desk::open().await;
    let good = yolcu360_body("order_1001", "4242424242424242", false);
    let table: &[(&str, Option<Value>, &str, &str)] = &[
        ("orderID", None, "orderID", "is required"),
        ("orderId", Some("order_1001".into()), "orderId", "is not a known field"),
        ("paymentType", Some("card".into()), "paymentType", "must be creditCard or limit"),
        ("paymentType", Some("limit".into()), "payWithCard", "must be absent"),
        ("payWithCard", None, "payWithCard", "is required"),
        ("payWithCard.cardNumber", Some("4242 4242 4242 4242".into()), "payWithCard.cardNumber", "must be 13 to 19"),
        ("payWithCard.expireMonth", Some(12.into()), "payWithCard.expireMonth", "must be a string, got a number"),
        ("payWithCard.expireMonth", Some("1".into()), "payWithCard.expireMonth", "must be \"01\""),
        ("payWithCard.expireMonth", Some("13".into()), "payWithCard.expireMonth", "must be \"01\""),
        ("payWithCard.expireYear", Some("30".into()), "payWithCard.expireYear", "must be a year of 4 digits"),
        ("payWithCard.expireYear", Some(2030.into()), "payWithCard.expireYear", "must be a string"),
        ("payWithCard.cvc", Some("1234".into()), "payWithCard.cvc", "must be 3 digits"),
        ("payWithCard.cvv", Some("123".into()), "payWithCard.cvv", "is not a known field"),
        ("payWithCard.installment", Some("1".into()), "payWithCard.installment", "must be an integer"),
        ("payWithCard.installment", Some(5.into()), "payWithCard.installment", "is not offered"),
        ("payWithCard.isWith3DSecure", Some(0.into()), "payWithCard.isWith3DSecure", "must be a boolean"),
        ("payWithCard.callbackUrl", Some("return".into()), "payWithCard.callbackUrl", "must be an absolute URL"),
        ("payWithCard.returnUrl", Some("https://a.example".into()), "payWithCard.returnUrl", "is not a known field"),
    ];
    for (path, value, field, expected) in table {
        let body = change(good.clone(), path, value.clone());
        let (status, answer) = read(desk.yolcu360_post("/payment/pay", &body).await.unwrap()).await;
        assert_eq!((status, answer["details"]["field"].as_str()), (400, Some(*field)), "{path}: {answer}");
        assert!(answer["details"]["message"].as_str().unwrap().starts_with(expected), "{path}: {answer}");
        assert!(!(2001..=2008).contains(&answer["code"].as_i64().unwrap()), "not a decline");
    }
    assert_eq!(desk.sandbox.ledger().counts_of("order_1001").executed, 0);
    assert_eq!(desk.yolcu360_options("order_1001", "42424242").await.0, 400, "six digits, says the document");
}

#[tokio::test]
async fn a_post_that_is_not_json_is_refused() {
    let desk = Desk::open().await;
    for (url, token) in [
        (format!("{}/b2c/payment", desk.sandbox.finrota_url()), &desk.finrota),
        (format!("{}/payment/pay", desk.sandbox.yolcu360_url()), &desk.yolcu360),
    ] {
        let plain = desk.http.post(&url).bearer_auth(token).body("{}").send().await.unwrap();
        assert_eq!(plain.status(), 400);
        assert!(plain.text().await.unwrap().contains("application/json"));
        let broken = desk.http.post(&url).bearer_auth(token).header("content-type", "application/json");
        assert_eq!(broken.body("{\"orderID\":").send().await.unwrap().status(), 400);
    }
}

#[tokio::test]
async fn wrong_credentials_and_another_gateways_token_get_401() {
    let desk = Desk::open().await;
    let url = format!("{}/auth/api/token/connect", desk.sandbox.finrota_url());
    let body = json!({ "apiKey": crate::FINROTA_API_KEY, "secretKey": "guess" });
    assert_eq!(desk.http.post(url).json(&body).send().await.unwrap().status(), 401);
    let url = format!("{}/auth/login", desk.sandbox.yolcu360_url());
    let (status, answer) =
        read(desk.http.post(url).json(&json!({ "key": "a", "secret": "b" })).send().await.unwrap()).await;
    assert_eq!((status, &answer["code"]), (401, &2004.into()));
    let url = format!("{}/order/order_1001", desk.sandbox.yolcu360_url());
    assert_eq!(desk.http.get(&url).bearer_auth(&desk.finrota).send().await.unwrap().status(), 401);
    assert_eq!(desk.http.get(&url).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_wrong_path_is_told_from_an_unknown_order() {
    let desk = Desk::open().await;
    let url = format!("{}/orders/order_1001", desk.sandbox.yolcu360_url());
    let (status, answer) = read(desk.http.get(url).bearer_auth(&desk.yolcu360).send().await.unwrap()).await;
    assert_eq!((status, answer), (404, Value::Null), "not the vendor's JSON");
    let (status, answer) = desk.order("order_1015").await;
    assert_eq!((status, answer["code"].is_number()), (404, true));
}
