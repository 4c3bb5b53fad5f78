//! Installment options.

use serde_json::json as value;
use vezne_core::account::GatewayKind;
use vezne_core::answers::CouldNotAsk;
use vezne_core::money::{Currency, Money};
use vezne_core::options::{OptionList, ThreeDsRule};
use vezne_core::ports::{OptionsQuestion, ReadFault};

use crate::server::{Act, json, page};
use crate::world::{OPTIONS, World, bin, lira, ordinary, pair};

async fn finrota(act: Act) -> Result<OptionList, ReadFault> {
    let world = World::bare(
        GatewayKind::Finrota,
        move |request| if request.path() == "/b2c/paymentOptions" { act.clone() } else { ordinary(request).unwrap() },
        |_| {},
        pair(),
    )
    .await;
    let question = OptionsQuestion::Amount { bin: bin("41556501"), amount: lira(54_500) };
    world.gateway.options(question).await.map(|(list, _)| list)
}

async fn yolcu(act: Act) -> Result<OptionList, ReadFault> {
    let world = World::new(GatewayKind::Yolcu360, move |_| act.clone()).await;
    let question = OptionsQuestion::Order { bin: bin("54321012"), order: "order_1".parse().unwrap() };
    let list = world.gateway.options(question).await.map(|(list, _)| list);
    let request = world.server.requests_to("/payment/installment-info").remove(0);
    assert_eq!(request.json(), value!({"orderID": "order_1", "binNumber": "543210"}));
    list
}

#[tokio::test]
async fn finrota_is_asked_with_decimals_and_the_documents_header() {
    let world = World::new(GatewayKind::Finrota, |_| json(200, "{}")).await;
    let (list, _) = world.finrota_options().await;
    let request = world.server.requests_to("/b2c/paymentOptions").remove(0);
    assert_eq!(request.target, "/b2c/paymentOptions?binNumber=41556501&amount=545.00&currency=TRY");
    assert_eq!(request.header("proxy-authorization"), Some("Bearer token-of-finrota-1"));
    assert_eq!(request.header("authorization"), None);
    let program = &list.programs[0];
    assert_eq!((program.id.0.as_str(), program.is_default), ("7", true));
    assert_eq!(program.name.as_ref().unwrap().as_str(), "World");
    let totals: Vec<(u8, Money, Money)> =
        program.options.iter().map(|option| (option.installments, option.monthly, option.total)).collect();
    assert_eq!(totals, [(1, lira(54_500), lira(54_500)), (3, lira(18_500), lira(55_500))]);
    assert_eq!(program.options[1].commission.as_ref().unwrap().as_str(), "1.8349");
    assert_eq!((list.base, list.three_ds), (Some(lira(54_500)), ThreeDsRule::Optional));
}

#[tokio::test]
async fn a_header_that_is_not_taken_is_tried_the_other_way_and_remembered() {
    for status in [401, 407] {
        let world = World::bare(
            GatewayKind::Finrota,
            move |request| match (request.path(), request.header("authorization")) {
                ("/b2c/paymentOptions", None) => json(status, "{}"),
                _ => ordinary(request).unwrap(),
            },
            |_| {},
            pair(),
        )
        .await;
        world.finrota_options().await;
        world.finrota_options().await;
        let headers: Vec<bool> = world
            .server
            .requests_to("/b2c/paymentOptions")
            .iter()
            .map(|request| request.header("authorization").is_some())
            .collect();
        assert_eq!(headers, [false, true, true], "{status}");
        assert_eq!(world.server.requests_to("/auth/api/token/connect").len(), 1);
    }
}

#[tokio::test]
async fn programs_come_alone_in_a_list_or_in_an_envelope_and_the_default_first() {
    let one = r#"{"id":"A","name":"Axess","postTitle":null,"isDefaultPos":false,"installments":[{"amount":1,"installment":"1","token":"t"}]}"#;
    let default = r#"{"id":9,"posTitle":"Bank","isDefaultPos":true,"installments":[{"amount":"1.0","installment":1,"token":"t"}]}"#;
    assert_eq!(finrota(json(200, one)).await.unwrap().programs.len(), 1);
    for body in [format!("[{one},{default}]"), format!(r#"{{"data":[{one},{default}]}}"#)] {
        let list = finrota(json(200, &body)).await.unwrap();
        let ids: Vec<&str> = list.programs.iter().map(|program| program.id.0.as_str()).collect();
        assert_eq!(ids, ["9", "A"]);
        assert_eq!(list.programs[0].name.as_ref().unwrap().as_str(), "Bank");
    }
}

#[tokio::test]
async fn two_programs_of_the_same_name_can_be_told_apart() {
    let one = r#"{"id":1,"installments":[{"amount":1,"installment":1,"token":"t"}]}"#;
    let list = finrota(json(200, &format!("[{one},{one}]"))).await.unwrap();
    assert_ne!(list.programs[0].id, list.programs[1].id);
}

#[tokio::test]
async fn an_empty_list_is_a_normal_answer() {
    for body in ["[]", r#"{"data":[]}"#, r#"{"id":1,"installments":[]}"#, r#"{"id":1,"installments":null}"#] {
        assert!(finrota(json(200, body)).await.unwrap().programs.is_empty(), "{body}");
    }
    assert!(yolcu(json(200, r#"{"installmentPrices":[]}"#)).await.unwrap().programs.is_empty());
    assert!(yolcu(json(200, r#"{"installmentPrices":null}"#)).await.unwrap().programs.is_empty());
}

#[tokio::test]
async fn an_option_that_cannot_be_shown_or_paid_is_left_out() {
    let body = r#"{"id":1,"installments":[
        {"amount":10,"installment":1},
        {"installment":2,"token":"t"},
        {"amount":10,"token":"t"},
        {"amount":10,"installment":200,"token":"t"},
        {"amount":10,"installment":4,"token":"t"},
        {"amount":0,"installment":5,"installmentAmount":0,"token":"t"},
        "odd", null,
        {"amount":12.00,"installment":"6","installmentAmount":"2.0","token":"t"}]}"#;
    let list = finrota(json(200, body)).await.unwrap();
    let kept: Vec<u8> = list.programs[0].options.iter().map(|option| option.installments).collect();
    assert_eq!(kept, [6]);
}

#[tokio::test]
async fn an_amount_that_does_not_fit_names_its_field() {
    for (field, row) in [
        ("amount", r#"{"amount":545.005,"installment":1,"token":"t"}"#),
        ("installmentAmount", r#"{"amount":545,"installment":3,"installmentAmount":181.6667,"token":"t"}"#),
        ("amount", r#"{"amount":"12,50","installment":1,"token":"t"}"#),
    ] {
        let fault = finrota(json(200, &format!(r#"{{"id":1,"installments":[{row}]}}"#))).await.unwrap_err();
        assert!(matches!(fault, ReadFault::Amount { field: named, .. } if named == field), "{row}: {fault:?}");
    }
    let fault = yolcu(json(
        200,
        r#"{"installmentPrices":[{"number":1,"price":{"amount":545.5,"currency":"TRY"},"totalPrice":{"amount":1,"currency":"TRY"}}]}"#,
    ))
    .await
    .unwrap_err();
    assert!(matches!(fault, ReadFault::Amount { field: "installmentPrices.price", .. }), "{fault:?}");
}

#[tokio::test]
async fn an_option_with_an_amount_that_does_not_fit_takes_no_other_one_with_it() {
    let body = r#"{"id":1,"installments":[
        {"amount":1000.00,"installment":1,"installmentAmount":1000.00,"token":"t"},
        {"amount":1020.00,"installment":2,"installmentAmount":510,"token":"t"},
        {"amount":1000.00,"installment":3,"installmentAmount":333.3333,"token":"t"}]}"#;
    let list = finrota(json(200, body)).await.unwrap();
    let kept: Vec<u8> = list.programs[0].options.iter().map(|option| option.installments).collect();
    assert_eq!(kept, [1, 2]);
    let price = |number: u8, each: &str, total: &str| {
        let money = |amount: &str| format!(r#"{{"amount":{amount},"currency":"TRY"}}"#);
        format!(r#"{{"number":{number},"price":{},"totalPrice":{}}}"#, money(each), money(total))
    };
    let prices = [price(1, "54500", "54500"), price(3, "18166.67", "54500"), price(2, "27250", "54500")].join(",");
    let list = yolcu(json(200, &format!(r#"{{"installmentPrices":[{prices}]}}"#))).await.unwrap();
    let kept: Vec<u8> = list.programs[0].options.iter().map(|option| option.installments).collect();
    assert_eq!(kept, [1, 2]);
}

#[tokio::test]
async fn an_amount_beyond_a_floats_precision_is_read_exactly() {
    let body = r#"{"id":1,"installments":[{"amount":90071992547409.93,"installment":1,"token":"t"}]}"#;
    let list = finrota(json(200, body)).await.unwrap();
    assert_eq!(list.programs[0].options[0].total, lira(9_007_199_254_740_993));
}

#[tokio::test]
async fn the_documents_installment_info_is_read_whole() {
    let body = r#"{"bankCode":12,"bankName":"Example Bank","binNumber":"543210","cardAssociation":"MasterCard","cardFamily":"World",
        "cardType":"credit","shouldForceTo3D":true,"supportedCurrencies":["TRY","USD","EUR"],"installmentPrices":[
        {"number":1,"price":{"amount":54500,"currency":"TRY"},"totalPrice":{"amount":54500,"currency":"TRY"}},
        {"number":3,"price":{"amount":18500,"currency":"TRY"},"totalPrice":{"amount":55500.0000,"currency":"TRY"}}]}"#;
    let list = yolcu(json(200, body)).await.unwrap();
    assert_eq!((list.base, list.three_ds), (Some(lira(54_500)), ThreeDsRule::Forced));
    assert_eq!(list.currencies, [Currency::TRY, Currency::USD, Currency::EUR]);
    let option = &list.programs[0].options[1];
    assert_eq!((option.installments, option.monthly, option.total), (3, lira(18_500), lira(55_500)));
    let texts = [&list.bank, &list.family, &list.association, &list.card_type];
    let texts: Vec<&str> = texts.iter().map(|text| text.as_ref().unwrap().as_str()).collect();
    assert_eq!(texts, ["Example Bank", "World", "MasterCard", "credit"]);
    assert_eq!(list.bin.as_str(), "543210");
}

#[tokio::test]
async fn a_force_that_cannot_be_read_as_no_locks_3d_secure_on() {
    for (written, rule) in [
        ("false", ThreeDsRule::Optional),
        ("null", ThreeDsRule::Optional),
        ("true", ThreeDsRule::Forced),
        ("\"true\"", ThreeDsRule::Forced),
        ("1", ThreeDsRule::Forced),
    ] {
        let body = format!(r#"{{"shouldForceTo3D":{written},"installmentPrices":[]}}"#);
        assert_eq!(yolcu(json(200, &body)).await.unwrap().three_ds, rule, "{written}");
    }
}

#[tokio::test]
async fn what_the_gateway_says_instead_of_options_is_told_apart() {
    let refused = ReadFault::Refused(Some("No".parse().unwrap()));
    assert_eq!(finrota(json(400, r#"{"message":"No"}"#)).await.unwrap_err(), refused);
    assert_eq!(yolcu(json(422, r#"{"description":"No"}"#)).await.unwrap_err(), refused);
    assert_eq!(yolcu(json(404, r#"{"code":1}"#)).await.unwrap_err(), ReadFault::NotFound);
    for act in [page(404, "<html></html>"), json(503, "")] {
        let fault = yolcu(act).await.unwrap_err();
        assert_eq!(fault, ReadFault::CouldNotAsk(CouldNotAsk::ServerError));
    }
    for act in [page(200, "<html></html>"), Act::Cut { status: 200, body: b"[".to_vec() }] {
        assert_eq!(finrota(act).await.unwrap_err(), ReadFault::CouldNotAsk(CouldNotAsk::Unreadable));
    }
}

#[tokio::test]
async fn a_currency_that_the_account_does_not_take_is_not_asked_for() {
    let world = World::new(GatewayKind::Finrota, |_| json(200, OPTIONS)).await;
    let amount = Money::from_minor(100, Currency::USD);
    let asked = world.gateway.options(OptionsQuestion::Amount { bin: bin("415565"), amount }).await;
    assert_eq!(asked.err(), Some(ReadFault::Refused(None)));
    assert!(world.server.requests().is_empty());
}
