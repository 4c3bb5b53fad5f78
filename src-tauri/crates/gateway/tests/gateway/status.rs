//! What became of it: the status queries, the order, the second sign, the connection test.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use vezne_core::account::GatewayKind;
use vezne_core::answers::{
    CannotBeAsked, CouldNotAsk, GatewayNumbers, OrderFacts, OrderState, Probe, SaidAmount, SecureUse, StatusAnswer,
    Success, TransactionFacts, TransactionState,
};
use vezne_core::attempt::{Event, Heard, State, step};
use vezne_core::evidence::Claim;
use vezne_core::money::{Currency, Money};
use vezne_core::ports::TryOut;
use vezne_core::status::{Baseline, Context, OrderContext, TransactionContext, read};
use vezne_core::time::Millis;

use crate::server::{Act, Request, json, json_with, page};
use crate::world::{NOON, World, lira, ordinary, pair};

async fn finrota(script: impl Fn(&Request) -> Act + Send + Sync + 'static) -> (World, StatusAnswer) {
    let world = World::new(GatewayKind::Finrota, script).await;
    let answer = world.gateway.status(&world.attempt()).await;
    (world, answer)
}

async fn yolcu(act: Act) -> StatusAnswer {
    let world = World::new(GatewayKind::Yolcu360, move |_| act.clone()).await;
    world.gateway.status(&world.attempt()).await
}

async fn transaction(body: &str) -> TransactionFacts {
    let act = json(200, body);
    let (_, answer) = finrota(move |_| act.clone()).await;
    let StatusAnswer::Transaction(facts) = answer else { panic!("{answer:?}") };
    facts
}

#[tokio::test]
async fn a_transaction_is_read_at_the_root_in_data_and_in_a_list() {
    let plain = r#"{"id":5,"referenceNumber":"R-1","clientReferenceNumber":"VZX","currencyType":"TRY","installment":3,
        "lastAmount":555.0000,"lastNetAmount":540.1,"transactionDate":"2026-11-21T12:00:00","transactionStatusId":1,
        "maskedCardNumber":"415565******6111"}"#;
    for body in [
        plain.to_owned(),
        format!("[{plain}]"),
        format!(r#"{{"data":{plain},"statusCode":200}}"#),
        format!(r#"{{"data":[{plain}]}}"#),
    ] {
        let facts = transaction(&body).await;
        assert_eq!((facts.state, facts.amount), (TransactionState::Paid, lira(55_500).into()), "{body}");
        assert_eq!(facts.id.unwrap().as_str(), "5");
        assert_eq!(facts.reference_number.unwrap().as_str(), "R-1");
        assert_eq!(facts.client_reference.unwrap().as_str(), "VZX");
        assert_eq!(facts.last_four.unwrap().as_str(), "6111");
    }
}

#[tokio::test]
async fn every_transaction_status_has_its_meaning() {
    for (written, state) in [
        ("1", TransactionState::Paid),
        ("\"2\"", TransactionState::Failed),
        ("3", TransactionState::Pending),
        ("6", TransactionState::PartlyReturned),
        ("4", TransactionState::Other(4)),
        ("-1", TransactionState::Other(-1)),
    ] {
        assert_eq!(transaction(&format!(r#"{{"transactionStatusId":{written}}}"#)).await.state, state);
    }
}

#[tokio::test]
async fn currencies_are_read_as_letters_and_as_the_known_numbers() {
    for (written, money) in [
        ("\"TRY\"", lira(150_050)),
        ("949", lira(150_050)),
        ("\"949\"", lira(150_050)),
        ("840", Money::from_minor(150_050, Currency::USD)),
        ("978", Money::from_minor(150_050, Currency::EUR)),
        ("null", lira(150_050)),
    ] {
        let body = format!(r#"{{"transactionStatusId":1,"lastAmount":"1500.500","currencyType":{written}}}"#);
        assert_eq!(transaction(&body).await.amount, SaidAmount::Said(money), "{written}");
    }
    assert_eq!(transaction(r#"{"transactionStatusId":1}"#).await.amount, SaidAmount::NotSaid);
}

#[tokio::test]
async fn an_amount_that_cannot_be_read_does_not_pass_for_none() {
    for fields in [
        r#""lastAmount":1.005,"currencyType":"TRY""#,
        r#""lastAmount":1.00,"currencyType":"ZZZ""#,
        r#""lastAmount":{},"currencyType":"TRY""#,
    ] {
        let act = json(200, &format!(r#"{{"transactionStatusId":1,{fields}}}"#));
        let (_, answer) = finrota(move |_| act.clone()).await;
        let StatusAnswer::Transaction(facts) = answer else { panic!("{fields}: {answer:?}") };
        assert_eq!((facts.state, facts.amount), (TransactionState::Paid, SaidAmount::UNREADABLE), "{fields}");
    }
}

/// What a confirming attempt becomes after a status answer: its state's word, and how many alarms it raised.
async fn settled(kind: GatewayKind, body: &str) -> (&'static str, usize) {
    let act = json(200, body);
    let world = World::new(kind, move |_| act.clone()).await;
    let mut attempt = world.attempt();
    let heard = Heard::Success(Success { numbers: GatewayNumbers::default(), secure: SecureUse::Used });
    attempt.state = State::Confirming(heard.clone());
    attempt.heard = Some(heard);
    let before = OrderFacts {
        state: OrderState::Pending,
        vendor_cancelled: false,
        payment_id: None,
        updated_at: None,
        payment_type: None,
        price: lira(54_500).into(),
    };
    let baseline = Baseline::Order(before);
    let reference = attempt.intent.reference.clone();
    let context = match kind {
        GatewayKind::Finrota => Context::Transaction(TransactionContext {
            reference: reference.as_str(),
            total: lira(54_500),
            returned: None,
            last_four: None,
        }),
        GatewayKind::Yolcu360 => Context::Order(OrderContext {
            baseline: Some(&baseline),
            sent_type: "creditCard",
            claim: Some(Claim::Success),
            credited: Vec::new(),
            later_sent: false,
            rivals: Vec::new(),
            stray: false,
            cancel_sent: false,
        }),
    };
    let reading = read(&world.gateway.status(&attempt).await, &context);
    let after = step(&attempt, Event::StatusRead { reading, asked: NOON }, NOON).unwrap().attempt;
    (after.state.word(), after.alarms.len())
}

#[tokio::test]
async fn a_payment_whose_amount_cannot_be_read_is_unknown_with_an_alarm() {
    for (status, amount, currency, expected) in [
        (1, "545.00", "\"TRY\"", ("approved", 0)),
        (1, "545.0001", "\"TRY\"", ("unknown", 1)),
        (1, "545.00", "\"ZZZ\"", ("unknown", 1)),
        (1, "545.00", "999", ("unknown", 1)),
        (1, "[545]", "\"TRY\"", ("unknown", 1)),
        (6, "545.0001", "\"TRY\"", ("unknown", 1)),
        // Nothing was paid, so there is nothing to compare: what the status says stands.
        (2, "545.0001", "\"TRY\"", ("unknown", 0)),
        (3, "545.0001", "\"ZZZ\"", ("confirming", 0)),
    ] {
        let body =
            format!(r#"{{"transactionStatusId":{status},"lastAmount":{amount},"currencyType":{currency},"id":1}}"#);
        assert_eq!(settled(GatewayKind::Finrota, &body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn an_order_whose_price_cannot_be_read_is_unknown_with_an_alarm() {
    for (status, amount, currency, expected) in [
        ("reserved", "54500", "TRY", ("approved", 0)),
        ("reserved", "545.5", "TRY", ("unknown", 1)),
        ("reserved", "54500", "ZZZ", ("unknown", 1)),
        ("reserved", "{}", "TRY", ("unknown", 1)),
        ("failed", "545.5", "TRY", ("unknown", 0)),
        ("pending", "545.5", "ZZZ", ("confirming", 0)),
    ] {
        let body = format!(
            r#"{{"orderedCarProduct":{{"status":"{status}","paymentID":"p-1","car":{{"pricing":{{"total":{{"amount":{amount},"currency":"{currency}"}}}}}}}}}}"#
        );
        assert_eq!(settled(GatewayKind::Yolcu360, &body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn not_found_is_asked_once_more_under_the_other_name_one_parameter_at_a_time() {
    let (world, answer) = finrota(|_| json(404, r#"{"message":"not found"}"#)).await;
    assert_eq!(answer, StatusAnswer::NoTrace);
    let reference = world.attempt().intent.reference;
    let asked: Vec<String> =
        world.server.requests_to("/pws/payment/transaction").into_iter().map(|request| request.target).collect();
    assert_eq!(
        asked,
        [
            format!("/pws/payment/transaction?clientOrderReferenceCode={reference}"),
            format!("/pws/payment/transaction?clientReferenceNumber={reference}"),
        ]
    );
}

#[tokio::test]
async fn the_other_name_may_find_it() {
    let (_, answer) = finrota(|request| {
        if request.target.contains("clientReferenceNumber") {
            json(200, r#"{"transactionStatusId":3}"#)
        } else {
            json(404, "{}")
        }
    })
    .await;
    assert!(matches!(answer, StatusAnswer::Transaction(facts) if facts.state == TransactionState::Pending));
}

#[tokio::test]
async fn a_name_that_the_gateway_does_not_take_says_nothing() {
    for refusal in [400, 422] {
        for known in ["clientOrderReferenceCode", "clientReferenceNumber"] {
            let knows = |found: bool| async move {
                let (world, answer) = finrota(move |request| match (request.target.contains(known), found) {
                    (false, _) => json(refusal, r#"{"message":"unknown parameter"}"#),
                    (true, true) => json(200, r#"{"transactionStatusId":1}"#),
                    (true, false) => json(404, r#"{"message":"not found"}"#),
                })
                .await;
                assert!(world.server.requests_to("/pws/payment/transaction").len() <= 2);
                answer
            };
            assert!(matches!(knows(true).await, StatusAnswer::Transaction(_)), "{refusal} {known}");
            assert_eq!(knows(false).await, StatusAnswer::NoTrace, "{refusal} {known}");
        }
    }
    let (_, neither) = finrota(|_| json(400, "{}")).await;
    assert!(matches!(neither, StatusAnswer::CouldNotAsk(_)), "{neither:?}");
}

#[tokio::test]
async fn a_not_found_that_is_not_the_vendors_is_no_answer() {
    let (_, answer) = finrota(|_| page(404, "<html>nginx</html>")).await;
    assert_eq!(answer, StatusAnswer::CouldNotAsk(CouldNotAsk::ServerError));
    assert_eq!(yolcu(page(404, "<html>nginx</html>")).await, StatusAnswer::CouldNotAsk(CouldNotAsk::ServerError));
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let signed_in = AtomicUsize::new(0);
    let world = World::bare(
        GatewayKind::Finrota,
        move |request| match request.path() {
            "/auth/api/token/connect" => {
                let number = signed_in.fetch_add(1, Ordering::SeqCst) + 1;
                json(200, &format!(r#"{{"token":"token-number-{number}"}}"#))
            }
            _ if request.header("authorization") == Some("Bearer token-number-2") => {
                json(200, r#"{"transactionStatusId":1}"#)
            }
            _ => json(401, "{}"),
        },
        |_| {},
        pair(),
    )
    .await;
    assert!(matches!(world.gateway.status(&world.attempt()).await, StatusAnswer::Transaction(_)));
    assert_eq!(world.server.requests_to("/pws/payment/transaction").len(), 2);
}

#[tokio::test]
async fn a_token_refused_twice_cannot_be_asked_with() {
    let (world, answer) = finrota(|_| json(401, "{}")).await;
    assert_eq!(answer, StatusAnswer::CannotBeAsked(CannotBeAsked::Unauthorised));
    assert_eq!(world.server.requests_to("/pws/payment/transaction").len(), 2);
}

#[tokio::test]
async fn forbidden_three_times_running_cannot_be_asked() {
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        let world = World::new(kind, |_| page(403, "<html></html>")).await;
        let attempt = world.attempt();
        for _ in 0..2 {
            let answer = world.gateway.status(&attempt).await;
            assert_eq!(answer, StatusAnswer::CouldNotAsk(CouldNotAsk::NotAllowed));
        }
        let answer = world.gateway.status(&attempt).await;
        assert_eq!(answer, StatusAnswer::CannotBeAsked(CannotBeAsked::NotAllowed));
    }
}

#[tokio::test]
async fn an_answer_between_ends_the_row_of_forbidden() {
    let asked = AtomicUsize::new(0);
    let world = World::new(GatewayKind::Yolcu360, move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        2 => json(404, "{}"),
        _ => page(403, ""),
    })
    .await;
    let attempt = world.attempt();
    for _ in 0..5 {
        let answer = world.gateway.status(&attempt).await;
        assert!(!matches!(answer, StatusAnswer::CannotBeAsked(_)), "{answer:?}");
    }
}

#[tokio::test]
async fn a_switched_off_query_is_not_asked() {
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        let world = World::with(kind, |_| json(200, "{}"), |config| config.status_query = false).await;
        let answer = world.gateway.status(&world.attempt()).await;
        assert_eq!(answer, StatusAnswer::CannotBeAsked(CannotBeAsked::Off));
        assert!(world.server.requests().is_empty());
    }
}

#[tokio::test]
async fn a_read_that_fails_is_repeated_and_a_payment_is_not() {
    let asked = AtomicUsize::new(0);
    let world = World::new(GatewayKind::Yolcu360, move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => json(503, ""),
        1 => Act::Close,
        _ => json(200, r#"{"orderedCarProduct":{"status":"pending"}}"#),
    })
    .await;
    assert!(matches!(world.gateway.status(&world.attempt()).await, StatusAnswer::Order(_)));
    assert_eq!(world.server.requests_to("/order/order_1").len(), 3);
}

#[tokio::test]
async fn a_read_gives_up_after_a_few_tries_and_at_its_deadline() {
    let (world, answer) = finrota(|_| json(500, "")).await;
    assert_eq!(answer, StatusAnswer::CouldNotAsk(CouldNotAsk::ServerError));
    assert_eq!(world.server.requests_to("/pws/payment/transaction").len(), 3);
    let short = Duration::from_millis(300);
    let world = World::with(GatewayKind::Finrota, |_| Act::Silence, |config| config.deadlines.status = short).await;
    let answer = world.gateway.status(&world.attempt()).await;
    assert_eq!(answer, StatusAnswer::CouldNotAsk(CouldNotAsk::TimedOut));
    assert_eq!(yolcu(Act::Flood).await, StatusAnswer::CouldNotAsk(CouldNotAsk::Unreadable));
    assert_eq!(
        yolcu(Act::Cut { status: 200, body: b"{".to_vec() }).await,
        StatusAnswer::CouldNotAsk(CouldNotAsk::Unreadable)
    );
}

#[tokio::test]
async fn who_is_told_to_wait_does_not_ask_meanwhile() {
    let world = World::new(GatewayKind::Finrota, |_| json_with(429, ("retry-after", "60"), "{}")).await;
    let attempt = world.attempt();
    for _ in 0..3 {
        assert_eq!(world.gateway.status(&attempt).await, StatusAnswer::CouldNotAsk(CouldNotAsk::TooMany));
    }
    assert_eq!(world.server.requests_to("/pws/payment/transaction").len(), 1);
    world.clock.advance(Millis::seconds(60));
    world.gateway.status(&attempt).await;
    assert_eq!(world.server.requests_to("/pws/payment/transaction").len(), 2);
}

const ORDER: &str = r#"{"paymentType":"creditCard","paymentCurrency":"TRY","passenger":{"firstName":"Ayşe","lastName":"Işık"},
    "updatedAt":"2026-11-21T11:00:00.000Z","orderedCarProduct":{"status":"reserved","vendorCancelled":false,"paymentID":"pay-1",
    "car":{"brand":"Fiat","model":"Egea","pricing":{"paymentTotal":{"amount":54500.0000,"currency":"TRY"},"total":{"amount":1,"currency":"TRY"}}}}}"#;

#[tokio::test]
async fn an_order_is_read_bare_and_in_an_envelope() {
    for body in
        [ORDER.to_owned(), format!(r#"{{"data":{ORDER}}}"#), format!(r#"{{"order":{ORDER}}}"#), format!("[{ORDER}]")]
    {
        let act = json(200, &body);
        let world = World::new(GatewayKind::Yolcu360, move |_| act.clone()).await;
        let summary = world.gateway.order("order_1".parse().unwrap()).await.unwrap();
        assert_eq!((summary.facts.state, summary.facts.vendor_cancelled), (OrderState::Reserved, false));
        assert_eq!((summary.facts.price, summary.currency), (lira(54_500).into(), Some(Currency::TRY)));
        assert_eq!(summary.facts.payment_id.unwrap().as_str(), "pay-1");
        assert_eq!(summary.facts.updated_at.unwrap().as_str(), "2026-11-21T11:00:00.000Z");
        assert_eq!(summary.facts.payment_type.unwrap().as_str(), "creditCard");
        assert_eq!(summary.passenger.unwrap().expose(), "Ayşe Işık");
        assert_eq!(summary.title.unwrap().as_str(), "Fiat Egea");
    }
}

#[tokio::test]
async fn every_order_status_has_its_meaning() {
    for (word, state) in [
        ("pending", OrderState::Pending),
        ("reserved", OrderState::Reserved),
        ("failed", OrderState::Failed),
        ("cancelled", OrderState::Cancelled),
        ("removed", OrderState::Removed),
        ("limbo", OrderState::Other("limbo".parse().unwrap())),
    ] {
        let act = json(200, &format!(r#"{{"orderedCarProduct":{{"status":"{word}","paymentId":8}}}}"#));
        let StatusAnswer::Order(facts) = yolcu(act).await else { panic!("{word}") };
        assert_eq!((facts.state, facts.price), (state, SaidAmount::NotSaid));
        assert_eq!(facts.payment_id.unwrap().as_str(), "8");
    }
}

#[tokio::test]
async fn the_total_stands_in_for_a_missing_payment_total() {
    let act = json(
        200,
        r#"{"orderedCarProduct":{"status":"pending","car":{"pricing":{"paymentTotal":null,"total":{"amount":"54500","currency":"EUR"}}}}}"#,
    );
    let StatusAnswer::Order(facts) = yolcu(act).await else { panic!() };
    assert_eq!(facts.price, Money::from_minor(54_500, Currency::EUR).into());
}

#[tokio::test]
async fn an_order_without_its_status_is_unreadable_and_a_broken_price_is_no_price() {
    assert_eq!(yolcu(json(200, "{}")).await, StatusAnswer::CouldNotAsk(CouldNotAsk::Unreadable));
    let broken = json(
        200,
        r#"{"orderedCarProduct":{"status":"pending","car":{"pricing":{"total":{"amount":545.5,"currency":"TRY"}}}}}"#,
    );
    let world = World::new(GatewayKind::Yolcu360, move |_| broken.clone()).await;
    let summary = world.gateway.order("order_1".parse().unwrap()).await.unwrap();
    assert_eq!((summary.facts.state, summary.facts.price), (OrderState::Pending, SaidAmount::UNREADABLE));
    let StatusAnswer::Order(facts) = world.gateway.status(&world.attempt()).await else { panic!() };
    assert_eq!(facts.price, SaidAmount::UNREADABLE);
}

#[tokio::test]
async fn long_ids_that_pass_luhn_stay_apart_and_are_not_shown() {
    let read = |id: &str| {
        let act = json(200, &format!(r#"{{"orderedCarProduct":{{"status":"reserved","paymentID":"{id}"}}}}"#));
        async move {
            let StatusAnswer::Order(facts) = yolcu(act).await else { panic!() };
            facts.payment_id.unwrap()
        }
    };
    let (one, same, other) =
        (read("4155650100416111").await, read("4155650100416111").await, read("4242424242424242").await);
    assert_eq!(one, same);
    assert_ne!(one, other);
    assert!(!one.as_str().contains("4155") && one.as_str().starts_with("masked-"));
}

#[tokio::test]
async fn an_order_that_is_not_there_is_no_trace() {
    assert_eq!(yolcu(json(404, r#"{"code":1,"description":"Order not found"}"#)).await, StatusAnswer::NoTrace);
}

#[tokio::test]
async fn the_second_sign_tells_open_from_gone() {
    for (act, probe) in [
        (json(200, r#"{"installmentPrices":[]}"#), Probe::StillOpen),
        (json(404, r#"{"code":1}"#), Probe::Gone),
        (page(404, "<html></html>"), Probe::NoAnswer),
        (json(500, "{}"), Probe::NoAnswer),
        (json(403, "{}"), Probe::NoAnswer),
    ] {
        let world = World::new(GatewayKind::Yolcu360, move |_| act.clone()).await;
        assert_eq!(world.gateway.probe(&world.attempt()).await, probe);
    }
    let world = World::new(GatewayKind::Finrota, |_| json(200, "{}")).await;
    assert_eq!(world.gateway.probe(&world.attempt()).await, Probe::NoAnswer);
}

#[tokio::test]
async fn the_connection_test_tells_askable_from_not() {
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        for (act, found) in [
            (json(404, r#"{"message":"not found"}"#), TryOut::CanBeAsked),
            (json(200, "{}"), TryOut::CanBeAsked),
            (page(404, "<html>nginx</html>"), TryOut::WrongPath),
            (json(401, "{}"), TryOut::CannotBeAsked),
            (json(403, "{}"), TryOut::CannotBeAsked),
            (json(500, "{}"), TryOut::NoAnswer(CouldNotAsk::ServerError)),
        ] {
            let world = World::new(kind, move |_| act.clone()).await;
            assert_eq!(world.gateway.try_out().await, found, "{kind:?}");
        }
        let world = World::bare(
            kind,
            |request| match ordinary(request) {
                Some(_) => json(401, "{}"),
                None => json(200, "{}"),
            },
            |_| {},
            pair(),
        )
        .await;
        assert_eq!(world.gateway.try_out().await, TryOut::SignInRefused);
    }
}
