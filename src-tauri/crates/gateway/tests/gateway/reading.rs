//! An exchange read by itself means what the client makes of it over the network.

use vezne_core::account::GatewayKind;
use vezne_core::answers::{CannotBeAsked, CouldNotAsk, NotSentReason, PayAnswer, Probe, StatusAnswer, Unclear};
use vezne_core::money::Currency;
use vezne_core::ports::{PayAnswerOrOrder, ReadFault, ReversalBaseline, TryOut};
use vezne_core::reversal::Kind;
use vezne_gateway::reading::{Answered, Body, Reader, SignInFault, Silence};

use crate::server::json;
use crate::world::{NOON, World, pair, some_plan};

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
