//! What an answer to `POST /payment/pay` means, row by row.

use base64::Engine;
use serde_json::json as value;
use vezne_core::account::GatewayKind;
use vezne_core::answers::{ChallengeFault, DeclineReason, OrderState, PayAnswer, RefusalReason, SecureUse, Unclear};
use vezne_core::attempt::{Means, Subject};
use vezne_core::card::CardField;
use vezne_core::ports::{BankPage, PayAnswerOrOrder, PayCall, PayResult};
use vezne_core::time::Millis;

use crate::server::{Act, json, json_with, page};
use crate::world::{CARD, RETURN_URL, World, lira};

const HTML: &str =
    "<!DOCTYPE html><html><body><form id='threeDSForm' action='https://3ds.bank.com/auth'></form></body></html>";

async fn said(act: Act) -> PayResult {
    let world = World::new(GatewayKind::Yolcu360, move |_| act.clone()).await;
    let result = world.pay().await;
    assert_eq!(world.server.requests_to("/payment/pay").len(), 1, "a payment is sent once");
    result
}

async fn meaning(act: Act) -> PayAnswer {
    let PayAnswerOrOrder::Answer(answer) = said(act).await.answer else { panic!("not the whole order") };
    answer
}

async fn unclear(act: Act) -> Unclear {
    let answer = meaning(act).await;
    let PayAnswer::Unclear(why) = answer else { panic!("{answer:?}") };
    why
}

async fn declined(act: Act) -> vezne_core::answers::Failure {
    let answer = meaning(act).await;
    let PayAnswer::Failure(failure) = answer else { panic!("{answer:?}") };
    failure
}

async fn refused(act: Act) -> (RefusalReason, Option<String>) {
    let answer = meaning(act).await;
    let PayAnswer::Refused(refusal) = answer else { panic!("{answer:?}") };
    (refusal.reason, refusal.text.map(|text| text.as_str().to_owned()))
}

fn body(status: &str, secure: bool, html: &str) -> String {
    value!({"status": status, "is3dsSecure": secure, "threeDSHtmlContent": html}).to_string()
}

/// Pays from the credit limit.
async fn limit(answer: &str) -> (PayResult, serde_json::Value) {
    let answer = answer.to_owned();
    let world = World::new(GatewayKind::Yolcu360, move |_| json(200, &answer)).await;
    let intent = world.intent(Subject::Order("order_1".parse().unwrap()), Means::CreditLimit);
    world.gateway.get_ready().await.unwrap();
    let result = world.gateway.pay(PayCall { intent: &intent, card: None, return_url: RETURN_URL, ticket: None }).await;
    (result, world.server.requests_to("/payment/pay")[0].json())
}

#[tokio::test]
async fn the_request_by_card_is_the_documents_field_by_field() {
    let world = World::new(GatewayKind::Yolcu360, |_| json(200, "{}")).await;
    world.pay().await;
    let request = world.server.requests_to("/payment/pay").remove(0);
    assert_eq!(
        request.json(),
        value!({
            "orderID": "order_1",
            "paymentType": "creditCard",
            "payWithCard": {
                "cardNumber": CARD, "expireMonth": "02", "expireYear": "2029", "cardHolderName": "Ayşe Işık",
                "cvc": "987", "installment": 3, "isWith3DSecure": true, "callbackUrl": RETURN_URL,
            },
        })
    );
    assert_eq!(request.header("authorization"), Some("Bearer token-of-yolcu-1"));
}

#[tokio::test]
async fn the_request_from_the_limit_has_no_card() {
    let (result, sent) = limit(r#"{"status":"success","is3dsSecure":false,"threeDSHtmlContent":null}"#).await;
    assert_eq!(sent, value!({"orderID": "order_1", "paymentType": "limit"}));
    assert!(matches!(result.answer, PayAnswerOrOrder::Answer(PayAnswer::Success(_))));
}

#[tokio::test]
async fn a_limit_payment_may_answer_with_the_whole_order() {
    let order = r#"{"paymentType":"limit","orderedCarProduct":{"status":"reserved","vendorCancelled":false,"paymentID":"p9",
        "car":{"pricing":{"paymentTotal":{"amount":54500,"currency":"TRY"}}}}}"#;
    let (result, _) = limit(order).await;
    let PayAnswerOrOrder::Order(facts) = result.answer else { panic!() };
    assert_eq!((facts.state, facts.price), (OrderState::Reserved, lira(54_500).into()));
    assert_eq!(unclear(json(200, order)).await, Unclear::Unreadable, "after a card it is in no table");
}

#[tokio::test]
async fn a_limit_payment_knows_no_bank_page() {
    let (result, _) = limit(&body("redirect_required", true, HTML)).await;
    assert!(matches!(result.answer, PayAnswerOrOrder::Answer(PayAnswer::Unclear(Unclear::Contradictory))));
}

#[tokio::test]
async fn a_success_says_whether_3d_secure_was_used() {
    for (answer, expected) in [
        (r#"{"status":"success","is3dsSecure":false,"threeDSHtmlContent":null}"#, SecureUse::Without),
        (r#"{"status":"success","is3dsSecure":true,"threeDSHtmlContent":""}"#, SecureUse::Used),
        (r#"[{"status":"success"}]"#, SecureUse::NotSaid),
        (r#"[{"status":"success"},{"status":"success"}]"#, SecureUse::NotSaid),
    ] {
        let PayAnswer::Success(success) = meaning(json(200, answer)).await else { panic!("{answer}") };
        assert_eq!(success.secure, expected, "{answer}");
    }
}

#[tokio::test]
async fn a_page_of_the_bank_is_a_challenge_plain_in_base64_and_while_pending() {
    let packed = base64::engine::general_purpose::STANDARD.encode(HTML);
    for (status, content) in [("redirect_required", HTML), ("redirect_required", &packed), ("pending", HTML)] {
        let world = {
            let answer = body(status, true, content);
            World::new(GatewayKind::Yolcu360, move |_| json(200, &answer)).await
        };
        let result = world.pay().await;
        assert!(matches!(result.answer, PayAnswerOrOrder::Answer(PayAnswer::Challenge)), "{status}");
        assert_eq!(result.page, Some(BankPage::Html { html: HTML.to_owned(), base: world.server.url() }));
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_shown_is_said_to_be_so() {
    for (content, fault) in [
        ("<html>no form</html>".to_owned(), ChallengeFault::NoForm),
        (String::new(), ChallengeFault::NoForm),
        (format!("<form>{}", "x".repeat(300 * 1024)), ChallengeFault::TooLarge),
    ] {
        assert_eq!(
            meaning(json(200, &body("redirect_required", true, &content))).await,
            PayAnswer::ChallengeUnusable(fault)
        );
    }
    let answer = r#"{"status":"redirect_required","is3dsSecure":true,"threeDSHtmlContent":null}"#;
    assert_eq!(meaning(json(200, answer)).await, PayAnswer::ChallengeUnusable(ChallengeFault::NoForm));
}

#[tokio::test]
async fn pending_without_a_page_is_in_no_table() {
    let why = unclear(json(200, r#"{"status":"pending","threeDSHtmlContent":null}"#)).await;
    assert!(matches!(why, Unclear::UnknownWord(word) if word.as_str() == "pending"));
}

#[tokio::test]
async fn failed_is_a_failure_although_http_says_two_hundred() {
    let plain = declined(json(200, r#"{"status":"failed","is3dsSecure":false,"threeDSHtmlContent":null}"#)).await;
    assert_eq!(plain.reason, DeclineReason::Other);
    let told = declined(json(200, r#"{"status":"failed","code":2002,"description":"Insufficient funds"}"#)).await;
    assert_eq!(told.reason, DeclineReason::InsufficientFunds);
}

#[tokio::test]
async fn fields_that_contradict_each_other_are_unclear() {
    for answer in [
        body("success", true, HTML),
        body("failed", false, HTML),
        r#"[{"status":"success"},{"status":"failed"}]"#.to_owned(),
    ] {
        assert_eq!(unclear(json(200, &answer)).await, Unclear::Contradictory, "{answer}");
    }
}

#[tokio::test]
async fn an_unknown_word_is_unclear() {
    for word in ["approved", "SUCCESS", "processing"] {
        let why = unclear(json(200, &format!(r#"{{"status":"{word}"}}"#))).await;
        assert!(matches!(why, Unclear::UnknownWord(said) if said.as_str() == word), "{word}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_say_is_unreadable() {
    for answer in ["", "{}", "[]", "null", "\"success\"", "{\"status\":\"succ", r#"{"status":1}"#, "<html></html>"] {
        assert_eq!(unclear(json(200, answer)).await, Unclear::Unreadable, "{answer}");
    }
}

#[tokio::test]
async fn a_decline_carries_the_banks_own_words_and_the_field() {
    let example = r#"{"code":2001,"description":"Credit card declined","details":{"field":"cardNumber",
        "message":"The card was declined by the bank","bankCode":"05","bankMessage":"Do not honor"}}"#;
    for status in [400, 402, 422] {
        let failure = declined(json(status, example)).await;
        assert_eq!(failure.reason, DeclineReason::CardDeclined);
        assert_eq!(failure.text.unwrap().as_str(), "Credit card declined: The card was declined by the bank");
        assert_eq!(failure.bank_code.unwrap().as_str(), "05");
        assert_eq!(failure.bank_text.unwrap().as_str(), "Do not honor");
        assert_eq!(failure.field, Some(CardField::Number));
    }
}

#[tokio::test]
async fn every_decline_code_has_its_reason() {
    for (code, reason) in [
        (2001, DeclineReason::CardDeclined),
        (2002, DeclineReason::InsufficientFunds),
        (2003, DeclineReason::ExpiredCard),
        (2004, DeclineReason::InvalidCardNumber),
        (2005, DeclineReason::InvalidCvc),
        (2006, DeclineReason::ThreeDsFailed),
        (2007, DeclineReason::LimitExceeded),
    ] {
        for status in [400, 402, 422] {
            let body = format!(r#"{{"code":{code},"description":"x","details":[{{"field":"cvc"}}]}}"#);
            assert_eq!(declined(json(status, &body)).await.reason, reason, "{status} {code}");
        }
    }
}

#[tokio::test]
async fn other_codes_of_a_bad_request_are_refused_and_shown_as_given() {
    let (reason, text) = refused(json(400, r#"{"code":6008,"description":"Vendor not allowed"}"#)).await;
    assert_eq!((reason, text.as_deref()), (RefusalReason::BadRequest, Some("6008: Vendor not allowed")));
    assert_eq!(refused(page(422, "<html></html>")).await, (RefusalReason::BadRequest, None));
    let named = r#"{"code":1001,"description":"invalid","details":{"field":"callbackUrl"}}"#;
    assert_eq!(refused(json(400, named)).await.0, RefusalReason::ReturnAddress);
}

#[tokio::test]
async fn payment_required_without_a_readable_error_is_unclear() {
    for act in [page(402, "<html></html>"), json(402, ""), json(402, "{}"), page(402, "no")] {
        assert_eq!(unclear(act).await, Unclear::Unreadable);
    }
    assert_eq!(declined(json(402, r#"{"code":9,"description":"no"}"#)).await.reason, DeclineReason::Other);
}

#[tokio::test]
async fn unauthorised_is_an_old_token_whatever_its_code() {
    for body in [r#"{"code":2001,"description":"Unauthorized"}"#, r#"{"code":2004}"#, ""] {
        assert!(matches!(meaning(json(401, body)).await, PayAnswer::Unauthorised(_)), "{body}");
    }
}

#[tokio::test]
async fn unauthorised_with_the_banks_words_is_unclear() {
    for body in
        [r#"{"code":2001,"details":{"bankCode":"05"}}"#, r#"{"code":2001,"details":[{"bankMessage":"Do not honor"}]}"#]
    {
        assert_eq!(unclear(json(401, body)).await, Unclear::Contradictory, "{body}");
    }
}

#[tokio::test]
async fn forbidden_is_refused() {
    assert_eq!(refused(page(403, "<html>blocked</html>")).await.0, RefusalReason::NotAllowed);
    assert_eq!(refused(json(403, r#"{"code":2002}"#)).await.0, RefusalReason::NotAllowed);
}

#[tokio::test]
async fn not_found_may_mean_already_processed() {
    assert_eq!(unclear(json(404, r#"{"description":"Order not found"}"#)).await, Unclear::NotFoundOrProcessed);
    assert_eq!(unclear(page(404, "")).await, Unclear::NotFoundOrProcessed);
}

#[tokio::test]
async fn too_many_is_refused_with_the_time_to_wait() {
    let act = json_with(429, ("retry-after", "30"), "{}");
    let retry_after = Some(Millis::seconds(30));
    assert_eq!(refused(act).await.0, RefusalReason::TooMany { retry_after });
}

#[tokio::test]
async fn what_is_in_no_table_is_unclear() {
    for status in [201, 202, 301, 302, 307, 308, 408, 409] {
        let act = json_with(status, ("location", "/elsewhere"), r#"{"status":"success"}"#);
        assert_eq!(unclear(act).await, Unclear::UnexpectedStatus { status });
    }
    for status in [500, 502, 503] {
        assert_eq!(unclear(json(status, r#"{"code":2001}"#)).await, Unclear::ServerError { status });
    }
}

#[tokio::test]
async fn the_banks_time_out_is_unclear_under_any_status() {
    for status in [200, 400, 401, 402, 403, 404, 422, 429, 500] {
        let body = r#"{"code":2008,"status":"failed","description":"Payment timeout"}"#;
        assert_eq!(unclear(json(status, body)).await, Unclear::BankTimeout, "{status}");
    }
}
