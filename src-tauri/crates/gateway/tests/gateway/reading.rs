//! An exchange read by itself means what the client makes of it over the network.

use vezne_core::account::GatewayKind;
use vezne_core::answers::{CannotBeAsked, CouldNotAsk, NotSentReason, PayAnswer, Probe, StatusAnswer, Unclear};
use vezne_core::money::Currency;
use vezne_core::ports::{PayAnswerOrOrder, ReadFault, ReversalBaseline, TryOut};
use vezne_core::reversal::Kind;
use vezne_gateway::reading::{Answered, Body, Reader, SignInFault, Silence};

use crate::server::json;
use crate::world::{NOON, World, intent_at, pair, some_plan};

/// Answers of every kind that either gateway's table names, as status and body.
const ANSWERS: [(u16, &str); 22] = [
    (200, r#"{"paymentType":"DirectSale","success":true,"orderId":991}"#),
    (200, r#"{"paymentType":"RedirectUrl","redirectTo":"https://3ds.bank.com/a","success":false}"#),
    (200, r#"{"paymentType":"RedirectUrl","redirectTo":"https://10.0.0.1/a","success":false}"#),
    (200, r#"{"success":false,"error":"Yetersiz bakiye"}"#),
    (200, r#"{"status":"success","is3dsSecure":true,"paymentID":"pay_1"}"#),
    (200, r#"{"status":"redirect_required","threeDSHtmlContent":"<form></form>"}"#),
    (200, r#"{"status":"success","threeDSHtmlContent":"<form></form>"}"#),
    (200, r#"{"status":"failed","code":2002}"#),
    (200, r#"{"transactionStatusId":1,"lastAmount":555.00,"currencyType":"TRY","referenceNumber":"REF-77"}"#),
    (
        200,
        r#"{"orderedCarProduct":{"status":"reserved","paymentID":"pay_2","pricing":{"total":{"amount":54500,"currency":"TRY"}}}}"#,
    ),
    (200, "[]"),
    (201, r#"{"orderedCarProduct":{"status":"pending"}}"#),
    (302, ""),
    (400, r#"{"code":2001,"details":{"bankCode":"05","bankMessage":"Do not honor"}}"#),
    (400, r#"{"statusCode":400,"message":"returnUrl must be a valid URL"}"#),
    (402, r#"{"code":2007}"#),
    (403, "denied"),
    (404, r#"{"statusCode":404}"#),
    (404, "<html>no such page</html>"),
    (422, r#"{"code":2008}"#),
    (429, "{}"),
    (500, r#"{"paymentType":"DirectSale","success":true}"#),
];

fn reader<'a>(world: &'a World, login: &'a vezne_gateway::Login) -> Reader<'a> {
    Reader { kind: world.config.kind, base_url: &world.config.base_url, login, now: NOON }
}

#[tokio::test]
async fn a_payments_answer_means_the_same_with_and_without_a_network() {
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        for (status, body) in ANSWERS {
            let world = World::new(kind, move |_| json(status, body)).await;
            let over_the_network = world.pay().await;
            let login = pair();
            let intent = world.card_intent(some_plan());
            let by_itself = reader(&world, &login).pay(Ok(Answered::new(status, body)), &intent);
            assert_eq!(
                (format!("{:?}", over_the_network.answer), over_the_network.page),
                (format!("{:?}", by_itself.answer), by_itself.page),
                "{kind:?} {status} {body}"
            );
        }
    }
}

#[tokio::test]
async fn a_status_means_the_same_with_and_without_a_network() {
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        // A server's error is asked again and again until the deadline: that is the client's side, not the reading.
        for (status, body) in ANSWERS.into_iter().filter(|(status, _)| *status != 500) {
            let world = World::new(kind, move |_| json(status, body)).await;
            let attempt = world.attempt();
            let over_the_network = world.gateway.status(&attempt).await;
            let login = pair();
            let by_itself = reader(&world, &login).status(Ok(Answered::new(status, body)), &attempt);
            assert_eq!(over_the_network, by_itself, "{kind:?} {status} {body}");
        }
    }
}

#[tokio::test]
async fn silence_is_not_sent_only_where_nothing_left() {
    let world = World::new(GatewayKind::Finrota, |_| json(200, "{}")).await;
    let login = pair();
    let reader = reader(&world, &login);
    let intent = world.card_intent(some_plan());
    let meaning = |exchange| match reader.pay(exchange, &intent).answer {
        PayAnswerOrOrder::Answer(answer) => answer,
        PayAnswerOrOrder::Order(_) => panic!("no order is known here"),
    };
    assert_eq!(meaning(Err(Silence::NotSent)), PayAnswer::NotSent(NotSentReason::Offline));
    assert_eq!(meaning(Err(Silence::TimedOut)), PayAnswer::Unclear(Unclear::TimedOut));
    assert_eq!(meaning(Err(Silence::Lost)), PayAnswer::Unclear(Unclear::ConnectionLost));
    let cut = Answered { status: 200, headers: Vec::new(), body: Body::Cut };
    assert_eq!(meaning(Ok(cut)), PayAnswer::Unclear(Unclear::Unreadable));
    let attempt = world.attempt();
    assert_eq!(reader.status(Err(Silence::NotSent), &attempt), StatusAnswer::CouldNotAsk(CouldNotAsk::Offline));
    assert_eq!(reader.sign_in(Err(Silence::Lost)).err(), Some(SignInFault::Unanswered));
    assert_eq!(reader.try_out(Err(Silence::TimedOut)), TryOut::NoAnswer(CouldNotAsk::TimedOut));
}

#[tokio::test]
async fn whether_an_order_can_be_cancelled_is_asked_only_when_there_is_one() {
    let world = World::new(GatewayKind::Yolcu360, |_| json(200, "{}")).await;
    let login = pair();
    let reader = reader(&world, &login);
    let target = world.reversal(Kind::Void, 54_500).target;
    let none = reader.before_reversal(
        Ok(Answered::new(404, "{}")),
        || panic!("there is no order to ask about"),
        &target,
        Currency::TRY,
    );
    assert_eq!(none, Err(ReadFault::NotFound));
    let order = r#"{"orderedCarProduct":{"status":"reserved"}}"#;
    let eligible = || Ok(Answered::new(201, r#"{"cancellable":true,"refundable":false}"#));
    let read = reader.before_reversal(Ok(Answered::new(200, order)), eligible, &target, Currency::TRY);
    assert!(matches!(read, Ok(ReversalBaseline::Order { cancellable: true, refundable: false, .. })), "{read:?}");
    assert_eq!(reader.probe(Ok(Answered::new(404, "{}"))), Probe::Gone);
    let turned_away = reader.status(Ok(Answered::new(401, "{}")), &world.attempt());
    assert_eq!(turned_away, StatusAnswer::CannotBeAsked(CannotBeAsked::Unauthorised));
}

/// What a payment's answer means without a network.
fn means(kind: GatewayKind, status: u16, body: &str) -> PayAnswer {
    let base_url = "https://gateway.example/".parse().unwrap();
    let login = pair();
    let reader = Reader { kind, base_url: &base_url, login: &login, now: NOON };
    match reader.pay(Ok(Answered::new(status, body)), &intent_at(kind)).answer {
        PayAnswerOrOrder::Answer(answer) => answer,
        PayAnswerOrOrder::Order(_) => panic!("no order is known here"),
    }
}

#[test]
fn a_bank_that_speaks_in_an_odd_way_keeps_a_401_from_being_sent_again() {
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        for body in [
            r#"{"bankMessage":[{"text":"Do not honor"}]}"#,
            r#"{"code":2001,"details":{"bankCode":{"value":"05"}}}"#,
            r#"{"bankCode":"05","bankCode":"05"}"#,
            r#"{"a":{"b":{"c":{"d":{"e":{"bankCode":"05"}}}}}}"#,
            r#"{"bankCode":"05""#,
        ] {
            assert_eq!(means(kind, 401, body), PayAnswer::Unclear(Unclear::Contradictory), "{kind:?} {body}");
        }
        for body in ["", "denied", r#"{"code":2001,"details":{"bankCode":null,"bankMessage":""}}"#] {
            assert!(matches!(means(kind, 401, body), PayAnswer::Unauthorised(_)), "{kind:?} {body}");
        }
    }
}

#[test]
fn what_is_there_and_cannot_be_read_does_not_pass_for_what_is_not_there() {
    for (kind, body) in [
        (GatewayKind::Finrota, r#"{"success":true,"redirectTo":true}"#),
        (GatewayKind::Finrota, r#"{"success":true,"redirectTo":{"url":"https://3ds.bank.com"}}"#),
        (GatewayKind::Finrota, r#"{"success":false,"redirectTo":"\ud800"}"#),
        (GatewayKind::Finrota, r#"{"success":true,"paymentType":["RedirectUrl"]}"#),
        (GatewayKind::Yolcu360, r#"{"status":"success","threeDSHtmlContent":"\ud800"}"#),
        (GatewayKind::Yolcu360, r#"{"status":"failed","threeDSHtmlContent":{"html":"<form>"}}"#),
    ] {
        assert_eq!(means(kind, 200, body), PayAnswer::Unclear(Unclear::Unreadable), "{kind:?} {body}");
    }
    let blank = r#"{"success":true,"redirectTo":" ","paymentType":""}"#;
    assert!(matches!(means(GatewayKind::Finrota, 200, blank), PayAnswer::Success(_)));
}

#[test]
fn a_refusal_one_part_of_which_says_success_is_unclear() {
    for (kind, body) in [
        (GatewayKind::Finrota, r#"[{"success":true},{"success":false}]"#),
        (GatewayKind::Finrota, r#"[{"message":"no"},{"success":true}]"#),
        (GatewayKind::Finrota, r#"{"success":true,"orderId":1,"orderId":2}"#),
        (GatewayKind::Finrota, r#"{"success":true,"success":false}"#),
        (GatewayKind::Yolcu360, r#"[{"code":2001},{"status":"success"}]"#),
    ] {
        for status in [400, 401, 403, 422, 429] {
            assert_eq!(
                means(kind, status, body),
                PayAnswer::Unclear(Unclear::Contradictory),
                "{kind:?} {status} {body}"
            );
        }
    }
}

#[test]
fn the_banks_time_out_outweighs_a_decline_wherever_it_stands() {
    for body in [
        r#"{"code":2001,"a":{"b":{"c":{"d":{"e":{"code":2008}}}}}}"#,
        r#"{"code":2008,"code":2001}"#,
        r#"{"code":2001,"details":[{"errorCode":"2008"}]}"#,
    ] {
        for status in [200, 400, 401, 402, 422, 429] {
            assert_eq!(
                means(GatewayKind::Yolcu360, status, body),
                PayAnswer::Unclear(Unclear::BankTimeout),
                "{status} {body}"
            );
        }
    }
}
