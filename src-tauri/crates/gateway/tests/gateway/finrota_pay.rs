//! What an answer to `POST /b2c/payment` means, row by row.

use serde_json::json as value;
use vezne_core::account::GatewayKind;
use vezne_core::answers::{ChallengeFault, DeclineReason, NotSentReason, PayAnswer, RefusalReason, SecureUse, Unclear};
use vezne_core::ports::{BankPage, PayAnswerOrOrder, PayResult};
use vezne_core::time::Millis;

use crate::server::{Act, json, json_with, page};
use crate::world::{CARD, RETURN_URL, World};

async fn said(act: Act) -> PayResult {
    let world = World::new(GatewayKind::Finrota, move |_| act.clone()).await;
    let result = world.pay().await;
    assert_eq!(world.server.requests_to("/b2c/payment").len(), 1, "a payment is sent once");
    result
}

async fn meaning(act: Act) -> PayAnswer {
    let PayAnswerOrOrder::Answer(answer) = said(act).await.answer else { panic!("no order is known here") };
    answer
}

async fn refused(act: Act) -> (RefusalReason, Option<String>) {
    let answer = meaning(act).await;
    let PayAnswer::Refused(refusal) = answer else { panic!("{answer:?}") };
    (refusal.reason, refusal.text.map(|text| text.as_str().to_owned()))
}

async fn unclear(act: Act) -> Unclear {
    let answer = meaning(act).await;
    let PayAnswer::Unclear(why) = answer else { panic!("{answer:?}") };
    why
}

#[tokio::test]
async fn the_request_is_the_documents_field_by_field() {
    let world = World::new(GatewayKind::Finrota, |_| json(200, r#"{"paymentType":"DirectSale","success":true}"#)).await;
    world.pay().await;
    let request = world.server.requests_to("/b2c/payment").remove(0);
    let reference = vezne_core::ids::AttemptReference::from_random([3; 16]);
    assert_eq!(
        request.json(),
        value!({
            "card": {"cardNumber": CARD, "cardHolderName": "Ayşe Işık", "cvv": "987", "expMonth": 2, "expYear": 2029},
            "returnUrl": RETURN_URL,
            "clientReferenceCode": reference.as_str(),
            "use3D": true,
            "installmentToken": "installment-token-3",
            "customerIpAddress": "78.190.57.187",
        })
    );
    assert_eq!(request.method, "POST");
    assert_eq!(request.header("authorization"), Some("Bearer token-of-finrota-1"));
    assert_eq!(request.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn without_a_set_address_the_machines_own_is_sent() {
    let world = World::with(GatewayKind::Finrota, |_| json(200, "{}"), |config| config.customer_ip = None).await;
    world.pay().await;
    let sent = world.server.requests_to("/b2c/payment")[0].json();
    let address: std::net::IpAddr = sent["customerIpAddress"].as_str().unwrap().parse().unwrap();
    assert!(!address.is_unspecified());
}

#[tokio::test]
async fn a_direct_sale_is_a_success_without_3d_secure() {
    let answer = r#"{"paymentType":"DirectSale","success":true,"orderId":991,"error":null}"#;
    let PayAnswer::Success(success) = meaning(json(200, answer)).await else { panic!() };
    assert_eq!(success.secure, SecureUse::Without);
    assert_eq!(success.numbers.payment.unwrap().as_str(), "991");
}

#[tokio::test]
async fn a_success_without_a_payment_type_says_nothing_of_3d_secure() {
    let PayAnswer::Success(success) = meaning(json(200, r#"{"success":true}"#)).await else { panic!() };
    assert_eq!(success.secure, SecureUse::NotSaid);
}

#[tokio::test]
async fn a_redirect_with_success_false_goes_on_to_the_bank() {
    let answer = r#"{"paymentType":"RedirectUrl","redirectTo":"https://3ds.bank.com.tr/x","success":false}"#;
    let result = said(json(200, answer)).await;
    assert!(matches!(result.answer, PayAnswerOrOrder::Answer(PayAnswer::Challenge)));
    assert_eq!(result.page, Some(BankPage::Address("https://3ds.bank.com.tr/x".to_owned())));
}

#[tokio::test]
async fn a_redirect_is_one_with_the_flag_or_the_type_missing() {
    for answer in [
        r#"{"paymentType":"RedirectUrl","redirectTo":"https://3ds.bank.com.tr/x"}"#,
        r#"{"redirectTo":"https://3ds.bank.com.tr/x","success":false}"#,
        r#"[{"paymentType":"RedirectUrl","redirectTo":"https://3ds.bank.com.tr/x","success":false}]"#,
    ] {
        assert_eq!(meaning(json(200, answer)).await, PayAnswer::Challenge, "{answer}");
    }
}

#[tokio::test]
async fn a_redirect_that_leads_nowhere_safe_is_not_opened() {
    for (address, fault) in [
        ("null", ChallengeFault::NoAddress),
        ("\"\"", ChallengeFault::NoAddress),
        ("\"http://bank.com.tr/\"", ChallengeFault::NotHttps),
        ("\"https://192.168.1.5/\"", ChallengeFault::PrivateHost),
    ] {
        let answer = format!(r#"{{"paymentType":"RedirectUrl","redirectTo":{address},"success":false}}"#);
        let result = said(json(200, &answer)).await;
        let PayAnswerOrOrder::Answer(answer) = result.answer else { panic!() };
        assert_eq!((answer, result.page), (PayAnswer::ChallengeUnusable(fault), None), "{address}");
    }
}

#[tokio::test]
async fn a_practice_bank_on_loopback_is_opened_by_an_account_on_loopback() {
    let answer = r#"{"paymentType":"RedirectUrl","redirectTo":"http://127.0.0.1:9/3ds","success":false}"#;
    assert_eq!(meaning(json(200, answer)).await, PayAnswer::Challenge);
}

#[tokio::test]
async fn success_false_without_a_redirect_is_a_failure_in_the_gateways_words() {
    for answer in [
        r#"{"success":false,"error":"Yetersiz bakiye"}"#,
        r#"{"paymentType":"DirectSale","redirectTo":null,"success":false,"error":"Yetersiz bakiye"}"#,
    ] {
        let PayAnswer::Failure(failure) = meaning(json(200, answer)).await else { panic!("{answer}") };
        assert_eq!(failure.reason, DeclineReason::InsufficientFunds);
        assert_eq!(failure.text.unwrap().as_str(), "Yetersiz bakiye");
    }
    let PayAnswer::Failure(failure) = meaning(json(200, r#"{"success":false}"#)).await else { panic!() };
    assert_eq!((failure.reason, failure.text), (DeclineReason::Other, None));
}

#[tokio::test]
async fn fields_that_contradict_each_other_are_unclear() {
    for answer in [
        r#"{"paymentType":"RedirectUrl","redirectTo":"https://b.com.tr/","success":true}"#,
        r#"{"paymentType":"RedirectUrl","success":true}"#,
        r#"{"paymentType":"DirectSale","redirectTo":"https://b.com.tr/","success":true}"#,
        r#"{"paymentType":"DirectSale","redirectTo":"https://b.com.tr/","success":false}"#,
        r#"[{"success":true},{"success":false}]"#,
        r#"{"paymentType":"DirectSale","success":true,"clientReferenceCode":"VZSOMEONEELSE0000000"}"#,
    ] {
        assert_eq!(unclear(json(200, answer)).await, Unclear::Contradictory, "{answer}");
    }
}

#[tokio::test]
async fn an_unknown_payment_type_is_unclear() {
    let Unclear::UnknownWord(word) = unclear(json(200, r#"{"paymentType":"Wallet","success":true}"#)).await else {
        panic!()
    };
    assert_eq!(word.as_str(), "Wallet");
}

#[tokio::test]
async fn an_answer_that_does_not_say_is_unreadable() {
    for answer in ["", "{}", "[]", "null", "{\"success\":", r#"{"success":"true"}"#, r#"{"paymentType":"DirectSale"}"#]
    {
        assert_eq!(unclear(json(200, answer)).await, Unclear::Unreadable, "{answer}");
    }
    assert_eq!(unclear(page(200, "<html>Welcome to the hotel</html>")).await, Unclear::Unreadable);
}

#[tokio::test]
async fn a_bad_request_is_refused_in_every_form_of_error() {
    for (status, body, text) in [
        (
            400,
            r#"{"statusCode":400,"error":"Bad Request","message":"binNumber is wrong"}"#,
            "binNumber is wrong: Bad Request",
        ),
        (400, r#"{"statusCode":400,"message":"Validation","errors":["expMonth"]}"#, "Validation: expMonth"),
        (422, r#"{"success":false,"error":"No"}"#, "No"),
        (
            400,
            r#"{"message":"No","statusCode":400,"exceptions":null,"data":{"errorCode":"E1","errorMessage":"Why","isSuccess":false},"oldData":null,"errors":null}"#,
            "E1: No: Why",
        ),
        (400, r#"{"code":2001,"description":"this code is the other gateway's"}"#, "this code is the other gateway's"),
    ] {
        assert_eq!(refused(json(status, body)).await, (RefusalReason::BadRequest, Some(text.to_owned())), "{body}");
    }
    assert_eq!(refused(page(400, "<html></html>")).await, (RefusalReason::BadRequest, None));
}

#[tokio::test]
async fn a_bad_request_that_names_the_return_address_says_so() {
    let (reason, _) = refused(json(400, r#"{"statusCode":400,"message":"returnUrl is not a valid url"}"#)).await;
    assert_eq!(reason, RefusalReason::ReturnAddress);
}

#[tokio::test]
async fn unauthorised_is_said_once_and_not_sent_again_by_the_client() {
    let answer = meaning(json(401, r#"{"statusCode":401,"message":"Unauthorized"}"#)).await;
    let PayAnswer::Unauthorised(Some(text)) = answer else { panic!("{answer:?}") };
    assert_eq!(text.as_str(), "Unauthorized");
    assert_eq!(meaning(page(401, "")).await, PayAnswer::Unauthorised(None));
}

#[tokio::test]
async fn unauthorised_with_the_banks_words_is_unclear() {
    let body = r#"{"message":"x","data":{"bankCode":"05"}}"#;
    assert_eq!(unclear(json(401, body)).await, Unclear::Contradictory);
}

#[tokio::test]
async fn forbidden_is_refused_whatever_its_body() {
    assert_eq!(refused(page(403, "<html>blocked</html>")).await, (RefusalReason::NotAllowed, None));
    let (reason, text) = refused(json(403, r#"{"message":"ip"}"#)).await;
    assert_eq!((reason, text.as_deref()), (RefusalReason::NotAllowed, Some("ip")));
}

#[tokio::test]
async fn not_found_is_a_wrong_address() {
    assert_eq!(refused(page(404, "<html></html>")).await.0, RefusalReason::WrongAddress);
}

#[tokio::test]
async fn too_many_is_refused_with_the_time_to_wait() {
    let act = json_with(429, ("retry-after", "61"), r#"{"message":"slow down"}"#);
    let wait = Some(Millis::seconds(61));
    assert_eq!(refused(act).await.0, RefusalReason::TooMany { retry_after: wait });
    assert_eq!(refused(json(429, "")).await.0, RefusalReason::TooMany { retry_after: None });
}

#[tokio::test]
async fn a_status_that_is_in_no_table_is_unclear() {
    for status in [201, 202, 204, 301, 302, 307, 308, 402, 405, 407, 408, 409, 418, 451] {
        let act = json_with(status, ("location", "/elsewhere"), r#"{"paymentType":"DirectSale","success":true}"#);
        let why = unclear(act).await;
        let expected = if status == 402 { Unclear::Contradictory } else { Unclear::UnexpectedStatus { status } };
        assert_eq!(why, expected, "{status}");
    }
    assert_eq!(unclear(json(402, "{}")).await, Unclear::UnexpectedStatus { status: 402 });
}

#[tokio::test]
async fn a_refusal_that_claims_success_is_unclear() {
    for status in [400, 401, 403, 404, 422, 429] {
        assert_eq!(unclear(json(status, r#"{"success":true}"#)).await, Unclear::Contradictory, "{status}");
    }
}

#[tokio::test]
async fn a_server_error_is_unclear() {
    for status in [500, 502, 503, 504] {
        assert_eq!(unclear(json(status, r#"{"success":false}"#)).await, Unclear::ServerError { status });
    }
}

#[tokio::test]
async fn the_banks_time_out_is_unclear_under_any_status() {
    for status in [200, 400, 401, 402, 403, 404, 422, 429, 500] {
        let body = r#"{"code":2008,"success":false,"error":"time-out"}"#;
        assert_eq!(unclear(json(status, body)).await, Unclear::BankTimeout, "{status}");
    }
}

#[tokio::test]
async fn a_token_pays_once_and_only_what_it_was_given_for() {
    let world = World::new(GatewayKind::Finrota, |_| json(200, r#"{"success":true}"#)).await;
    let (intent, ticket) = world.prepared().await;
    world.send(&intent, ticket).await;
    let again = world.send(&intent, ticket).await;
    let unprepared = PayAnswer::NotSent(NotSentReason::Unprepared);
    assert!(matches!(again.answer, PayAnswerOrOrder::Answer(ref answer) if *answer == unprepared));
    let never_asked = world.send(&intent, Some(vezne_core::ports::OptionsTicket(7))).await;
    assert!(matches!(never_asked.answer, PayAnswerOrOrder::Answer(ref answer) if *answer == unprepared));
    assert_eq!(world.server.requests_to("/b2c/payment").len(), 1);
}

#[tokio::test]
async fn after_an_old_token_the_same_attempt_may_send_once_more_and_no_other() {
    let world = World::new(GatewayKind::Finrota, |_| json(401, "")).await;
    let (intent, ticket) = world.prepared().await;
    world.send(&intent, ticket).await;
    let mut other = intent.clone();
    other.reference = vezne_core::ids::AttemptReference::from_random([9; 16]);
    world.send(&other, ticket).await;
    assert_eq!(world.server.requests_to("/b2c/payment").len(), 1, "another attempt does not get the token");
    world.gateway.renew_token().await.unwrap();
    world.send(&intent, ticket).await;
    assert_eq!(world.server.requests_to("/b2c/payment").len(), 2);
}

#[tokio::test]
async fn a_token_is_too_old_after_twenty_minutes() {
    let world = World::new(GatewayKind::Finrota, |_| json(200, r#"{"success":true}"#)).await;
    let (intent, ticket) = world.prepared().await;
    world.clock.advance(Millis::minutes(20));
    world.clock.advance(Millis(1));
    world.send(&intent, ticket).await;
    assert_eq!(world.server.requests_to("/b2c/payment").len(), 0);
}
