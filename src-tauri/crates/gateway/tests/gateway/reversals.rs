//! Void and refund.

use serde_json::json as value;
use vezne_core::account::GatewayKind;
use vezne_core::answers::{CouldNotAsk, NotSentReason, OrderState, RefusalReason, ReversalAnswer, Unclear};
use vezne_core::money::Currency;
use vezne_core::ports::{ReadFault, ReversalBaseline, ReversalCall};
use vezne_core::reversal::{Kind, Reading, Reversal, Target};
use vezne_core::status::Baseline;

use crate::server::{Act, Request, json};
use crate::world::{NOON, World, lira};

const REASON: &str = "customer \"changed\" plans";

async fn reversed(world: &World, kind: Kind, minor: i64) -> ReversalAnswer {
    let intent = world.reversal(kind, minor);
    world.gateway.reverse(ReversalCall { intent: &intent }).await
}

fn finrota_script(act: Act) -> impl Fn(&Request) -> Act + Send + Sync + 'static {
    move |request| match request.path() {
        "/pws/payment/transaction" => json(
            200,
            r#"{"transactionStatusId":1,"referenceNumber":"REF-77","lastAmount":555.00,"currencyType":"TRY"}"#,
        ),
        _ => act.clone(),
    }
}

async fn finrota(act: Act, kind: Kind) -> ReversalAnswer {
    let world = World::new(GatewayKind::Finrota, finrota_script(act)).await;
    let answer = reversed(&world, kind, 55_500).await;
    let sent =
        world.server.requests_to("/pws/payment/cancel").len() + world.server.requests_to("/pws/payment/refund").len();
    assert_eq!(sent, 1, "a reversal is sent once");
    answer
}

async fn yolcu(act: Act) -> ReversalAnswer {
    let world = World::new(GatewayKind::Yolcu360, move |_| act.clone()).await;
    let answer = reversed(&world, Kind::Void, 54_500).await;
    assert_eq!(world.server.requests_to("/order/order_1/cancel").len(), 1);
    answer
}

#[tokio::test]
async fn a_void_and_a_refund_are_written_as_documented() {
    let done = json(200, r#"{"data":{"isSuccess":true}}"#);
    let world = World::new(GatewayKind::Finrota, finrota_script(done.clone())).await;
    reversed(&world, Kind::Void, 55_500).await;
    let request = world.server.requests_to("/pws/payment/cancel").remove(0);
    assert_eq!(request.json(), value!({"referenceCode": "REF-77", "reason": REASON}));
    assert_eq!(request.header("authorization"), Some("Bearer token-of-finrota-1"));
    for field in ["amount", "refundAmount"] {
        let set = |config: &mut vezne_gateway::GatewayConfig| config.refund_amount_field = field.to_owned();
        let world = World::with(GatewayKind::Finrota, finrota_script(done.clone()), set).await;
        reversed(&world, Kind::Refund, 12_050).await;
        let body = world.server.requests_to("/pws/payment/refund").remove(0).body;
        let text = String::from_utf8(body).unwrap();
        assert!(text.contains(&format!("\"{field}\":120.50")), "the digits as they are: {text}");
        assert!(
            text.contains(r#""referenceCode":"REF-77""#) && text.contains(r#""reason":"customer \"changed\" plans""#)
        );
    }
}

#[tokio::test]
async fn is_success_decides_and_the_rest_of_the_amount_is_told() {
    let envelope = |success: &str| {
        format!(
            r#"{{"message":"m","statusCode":200,"exceptions":null,"data":{{"lastAmount":434.5000,"transactionStatusId":1,"errorCode":null,"errorMessage":null,"isSuccess":{success}}},"oldData":null,"errors":null}}"#
        )
    };
    let done = finrota(json(200, &envelope("true")), Kind::Refund).await;
    assert_eq!(done, ReversalAnswer::Done { last_amount: Some(lira(43_450)) });
    // What is left stands beside a no as well: it must be held against what was there.
    let answer = finrota(json(200, &envelope("false")), Kind::Refund).await;
    let ReversalAnswer::NotDone { refusal, last_amount } = answer else { panic!() };
    assert_eq!(last_amount, Some(lira(43_450)));
    assert_eq!((refusal.reason, refusal.text.unwrap().as_str()), (RefusalReason::BadRequest, "m"));
    for unclear in ["null", "\"true\"", "1"] {
        let answer = finrota(json(200, &envelope(unclear)), Kind::Refund).await;
        assert_eq!(answer, ReversalAnswer::Unclear(Unclear::Unreadable), "{unclear}");
    }
}

#[tokio::test]
async fn what_contradicts_itself_or_cannot_be_read_is_unclear() {
    for (body, why) in [
        (r#"{"statusCode":500,"data":{"isSuccess":true}}"#, Unclear::Contradictory),
        (r#"{"data":{"isSuccess":true,"lastAmount":1.005}}"#, Unclear::Unreadable),
        ("{}", Unclear::Unreadable),
        ("", Unclear::Unreadable),
    ] {
        assert_eq!(finrota(json(200, body), Kind::Void).await, ReversalAnswer::Unclear(why), "{body}");
    }
}

#[tokio::test]
async fn every_other_status_is_read_like_a_payments() {
    for (act, reason) in [
        (json(400, "{}"), RefusalReason::BadRequest),
        (json(422, "{}"), RefusalReason::BadRequest),
        (json(403, ""), RefusalReason::NotAllowed),
        (json(404, "{}"), RefusalReason::WrongAddress),
        (json(429, ""), RefusalReason::TooMany { retry_after: None }),
    ] {
        let ReversalAnswer::NotDone { refusal, .. } = finrota(act, Kind::Void).await else { panic!("{reason:?}") };
        assert_eq!(refusal.reason, reason);
    }
    for act in [json(500, "{}"), json(302, "{}"), json(409, "{}"), Act::Close, json(400, r#"{"code":2008}"#)] {
        assert!(matches!(finrota(act, Kind::Void).await, ReversalAnswer::Unclear(_)));
    }
    assert_eq!(finrota(json(401, ""), Kind::Void).await, ReversalAnswer::Unauthorised(None));
    assert_eq!(yolcu(json(401, "")).await, ReversalAnswer::Unauthorised(None));
    assert_eq!(yolcu(json(404, "{}")).await, ReversalAnswer::Unclear(Unclear::NotFoundOrProcessed));
    assert_eq!(yolcu(Act::Close).await, ReversalAnswer::Unclear(Unclear::ConnectionLost));
}

#[tokio::test]
async fn a_cancelled_order_is_done_when_it_says_so() {
    let done = ReversalAnswer::Done { last_amount: None };
    for body in [r#"{"success":true,"message":"ok","orderId":"order_1","status":"cancelled"}"#, r#"{"success":true}"#] {
        assert_eq!(yolcu(json(200, body)).await, done, "{body}");
    }
    for body in [
        "{}",
        r#"{"success":true,"orderId":"order_2"}"#,
        r#"{"success":true,"status":"pending"}"#,
        r#"{"success":false,"status":"cancelled"}"#,
    ] {
        assert!(matches!(yolcu(json(200, body)).await, ReversalAnswer::Unclear(_)), "{body}");
    }
    assert!(matches!(
        yolcu(json(200, r#"{"success":false,"message":"too late"}"#)).await,
        ReversalAnswer::NotDone { .. }
    ));
}

#[tokio::test]
async fn switched_off_reversals_are_never_sent() {
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        let world = World::with(kind, |_| json(200, "{}"), |config| config.reversals = false).await;
        let answer = reversed(&world, Kind::Void, 55_500).await;
        assert_eq!(answer, ReversalAnswer::NotSent(NotSentReason::Unprepared));
        assert!(world.server.requests().is_empty());
    }
}

#[tokio::test]
async fn a_reference_number_that_looks_like_a_card_is_sent_exactly_and_never_shown() {
    let number = "4155650100416111";
    let world = World::new(GatewayKind::Finrota, move |request| match request.path() {
        "/pws/payment/transaction" => json(
            200,
            &format!(r#"{{"transactionStatusId":1,"referenceNumber":{number},"lastAmount":555,"currencyType":"TRY"}}"#),
        ),
        _ => json(200, r#"{"data":{"isSuccess":true}}"#),
    })
    .await;
    let mut intent = world.reversal(Kind::Void, 55_500);
    let baseline = world.gateway.before_reversal(&intent.target, Currency::TRY).await.unwrap();
    let ReversalBaseline::Remaining { amount, number: Some(kept), .. } = baseline else { panic!() };
    assert_eq!(amount, lira(55_500));
    assert!(!kept.as_str().contains("4155"));
    if let Target::Transaction { number, .. } = &mut intent.target {
        *number = kept;
    }
    world.gateway.reverse(ReversalCall { intent: &intent }).await;
    assert_eq!(world.server.requests_to("/pws/payment/cancel")[0].json()["referenceCode"], value!(number));
}

#[tokio::test]
async fn a_payment_whose_number_is_not_told_is_not_reversed() {
    for number in ["", r#","referenceNumber":null"#, r#","referenceNumber":" ""#] {
        let world = World::new(GatewayKind::Finrota, move |_| {
            json(200, &format!(r#"{{"transactionStatusId":1,"lastAmount":555.00,"currencyType":"TRY"{number}}}"#))
        })
        .await;
        let intent = world.reversal(Kind::Void, 55_500);
        let fault = world.gateway.before_reversal(&intent.target, Currency::TRY).await.unwrap_err();
        assert_eq!(fault, ReadFault::CouldNotAsk(CouldNotAsk::Unreadable), "{number}");
    }
}

/// `RULES.md` 4: an answer is not ours only if the reference differs. Its number would name somebody else's payment.
#[tokio::test]
async fn what_is_told_of_another_transaction_is_neither_a_baseline_nor_a_word_on_a_reversal() {
    for (told, ours) in [
        (r#","clientReferenceNumber":"SOMEBODY-ELSES""#.to_owned(), false),
        (String::new(), true),
        (r#","clientReferenceNumber":" {reference} ""#.to_owned(), true),
    ] {
        let world = World::new(GatewayKind::Finrota, move |request: &Request| {
            let asked = request.target.rsplit('=').next().unwrap_or_default().to_owned();
            let told = told.replace("{reference}", &asked.to_lowercase());
            let facts =
                r#""transactionStatusId":1,"referenceNumber":"REF-77","lastAmount":455.00,"currencyType":"TRY""#;
            json(200, &format!("{{{facts}{told}}}"))
        })
        .await;
        let intent = world.reversal(Kind::Refund, 10_000);
        let baseline = world.gateway.before_reversal(&intent.target, Currency::TRY).await;
        let mut reversal = Reversal::open(intent, NOON);
        reversal.baseline = Some(Baseline::Remaining(lira(55_500)));
        let read = world.gateway.reversal_status(&reversal).await;
        if ours {
            assert!(matches!(baseline, Ok(ReversalBaseline::Remaining { .. })), "{baseline:?}");
            assert!(matches!(read, Reading::Done(_)), "{read:?}");
        } else {
            assert_eq!((baseline, read), (Err(ReadFault::NotFound), Reading::NoAmount));
        }
    }
}

#[tokio::test]
async fn a_digest_is_never_sent_in_place_of_the_number() {
    for told in [r#""referenceNumber":"REF-78""#, r#""id":1"#] {
        let world = World::new(GatewayKind::Finrota, move |request| match request.path() {
            "/pws/payment/transaction" => {
                json(200, &format!(r#"{{"transactionStatusId":1,"lastAmount":555.00,"currencyType":"TRY",{told}}}"#))
            }
            _ => json(200, r#"{"data":{"isSuccess":true}}"#),
        })
        .await;
        for kind in [Kind::Void, Kind::Refund] {
            let mut intent = world.reversal(kind, 55_500);
            // As another run of the program kept it.
            if let Target::Transaction { number, .. } = &mut intent.target {
                *number = "masked-abcdefghijklmnop".parse().unwrap();
            }
            let answer = world.gateway.reverse(ReversalCall { intent: &intent }).await;
            assert_eq!(answer, ReversalAnswer::NotSent(NotSentReason::Unprepared), "{told}");
        }
        let asked = world.server.requests_to("/pws/payment/transaction").len();
        assert_eq!((asked, world.server.requests().len()), (2, 3), "two questions, a sign-in, and no reversal");
    }
}

#[tokio::test]
async fn a_masked_number_that_a_restart_forgot_is_brought_back_by_a_question() {
    let script = |request: &Request| match request.path() {
        "/pws/payment/transaction" => json(
            200,
            r#"{"transactionStatusId":1,"referenceNumber":"4155650100416111","lastAmount":555,"currencyType":"TRY"}"#,
        ),
        _ => json(200, r#"{"data":{"isSuccess":true}}"#),
    };
    let before = World::new(GatewayKind::Finrota, script).await;
    let mut intent = before.reversal(Kind::Void, 55_500);
    let baseline = before.gateway.before_reversal(&intent.target, Currency::TRY).await.unwrap();
    let ReversalBaseline::Remaining { number: Some(kept), .. } = baseline else { panic!() };
    if let Target::Transaction { number, .. } = &mut intent.target {
        *number = kept;
    }
    let after = World::new(GatewayKind::Finrota, script).await;
    after.gateway.reverse(ReversalCall { intent: &intent }).await;
    let sent = after.server.requests_to("/pws/payment/cancel").remove(0).json();
    assert_eq!(sent["referenceCode"], value!("4155650100416111"));
}

#[tokio::test]
async fn before_a_reversal_the_gateway_says_what_stands() {
    let world = World::new(GatewayKind::Yolcu360, |request| match request.path() {
        "/order/order_1" => json(200, r#"{"orderedCarProduct":{"status":"reserved"}}"#),
        _ => json(200, r#"{"cancellable":true,"refundable":false}"#),
    })
    .await;
    let intent = world.reversal(Kind::Void, 54_500);
    let baseline = world.gateway.before_reversal(&intent.target, Currency::TRY).await.unwrap();
    let ReversalBaseline::Order { facts, cancellable, refundable } = baseline else { panic!() };
    assert_eq!((facts.state, cancellable, refundable), (OrderState::Reserved, true, false));
    let asked = world.server.requests_to("/order/order_1/cancel_eligibility").remove(0);
    assert_eq!(asked.method, "POST");

    let world = World::new(GatewayKind::Finrota, |_| json(200, r#"{"transactionStatusId":1}"#)).await;
    let intent = world.reversal(Kind::Void, 55_500);
    let fault = world.gateway.before_reversal(&intent.target, Currency::TRY).await.unwrap_err();
    assert!(matches!(fault, ReadFault::Amount { field: "lastAmount", .. }));
}

#[tokio::test]
async fn a_lost_reversal_is_told_by_what_is_left() {
    for (left, expected) in [("434.50", "done"), ("555.00", "not yet"), ("500.00", "other"), ("null", "no amount")] {
        let world = World::new(GatewayKind::Finrota, move |_| {
            json(200, &format!(r#"{{"transactionStatusId":1,"lastAmount":{left},"currencyType":"TRY"}}"#))
        })
        .await;
        let mut reversal = Reversal::open(world.reversal(Kind::Refund, 12_050), NOON);
        reversal.baseline = Some(Baseline::Remaining(lira(55_500)));
        let found = match world.gateway.reversal_status(&reversal).await {
            Reading::Done(_) => "done",
            Reading::NotYet(_) => "not yet",
            Reading::OtherAmount { .. } => "other",
            Reading::NoAmount => "no amount",
            Reading::CouldNotAsk(_) | Reading::CannotBeAsked(_) => "no answer",
        };
        assert_eq!(found, expected, "{left}");
    }
}

#[tokio::test]
async fn a_lost_cancel_is_done_once_the_order_is_cancelled() {
    for (word, is_done) in [("cancelled", true), ("reserved", false), ("removed", false)] {
        let world = World::new(GatewayKind::Yolcu360, move |_| {
            json(200, &format!(r#"{{"orderedCarProduct":{{"status":"{word}"}}}}"#))
        })
        .await;
        let reversal = Reversal::open(world.reversal(Kind::Void, 54_500), NOON);
        let reading = world.gateway.reversal_status(&reversal).await;
        assert_eq!(matches!(reading, Reading::Done(_)), is_done, "{word}");
    }
}
