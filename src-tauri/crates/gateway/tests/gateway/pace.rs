//! The documented rates: payments queue, options queue, and the wait can be seen.

use std::time::Duration;

use vezne_core::account::GatewayKind;
use vezne_core::answers::{CouldNotAsk, NotSentReason};
use vezne_core::ports::{OptionsQuestion, Rate, ReadFault};
use vezne_core::time::Millis;

use crate::server::{json, json_with};
use crate::world::{World, bin};

#[tokio::test]
async fn the_eleventh_payment_waits_in_the_queue_and_then_goes() {
    let world = World::new(GatewayKind::Yolcu360, |_| json(200, r#"{"status":"failed"}"#)).await;
    for _ in 0..10 {
        world.pay().await;
    }
    assert_eq!(world.gateway.wait(Rate::Pay), Millis::minutes(1));
    let mut ready = world.gateway.get_ready();
    tokio::select! {
        biased;
        _ = &mut ready => panic!("it did not wait"),
        () = tokio::task::yield_now() => {}
    }
    world.clock.advance(Millis::minutes(1));
    assert_eq!(ready.await, Ok(()));
    let intent = world.card_intent(crate::world::some_plan());
    world.send(&intent, None).await;
    assert_eq!(world.server.requests_to("/payment/pay").len(), 11);
}

#[tokio::test]
async fn who_would_wait_longer_than_allowed_is_not_sent() {
    let shorter = Duration::from_secs(59);
    let world =
        World::with(GatewayKind::Yolcu360, |_| json(200, "{}"), |config| config.deadlines.limiter_wait = shorter).await;
    for _ in 0..10 {
        world.gateway.get_ready().await.unwrap();
    }
    assert_eq!(world.gateway.get_ready().await, Err(NotSentReason::NoSlot));
}

#[tokio::test]
async fn the_second_sending_after_an_old_token_counts_without_waiting() {
    let world = World::new(GatewayKind::Yolcu360, |_| json(401, "")).await;
    let (intent, ticket) = world.prepared().await;
    world.send(&intent, ticket).await;
    world.send(&intent, ticket).await;
    for _ in 0..8 {
        world.gateway.get_ready().await.unwrap();
    }
    assert_eq!(world.gateway.wait(Rate::Pay), Millis::minutes(1));
}

#[tokio::test]
async fn a_failed_sign_in_gives_the_slot_back() {
    let world = World::bare(GatewayKind::Yolcu360, |_| json(401, "{}"), |_| {}, crate::world::pair()).await;
    for _ in 0..30 {
        assert_eq!(world.gateway.get_ready().await, Err(NotSentReason::SignInRefused));
    }
    assert_eq!(world.gateway.wait(Rate::Pay), Millis::ZERO);
}

#[tokio::test]
async fn retry_after_a_payment_holds_the_next_one_back() {
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        let world = World::new(kind, |_| json_with(429, ("retry-after", "42"), "{}")).await;
        world.pay().await;
        assert_eq!(world.gateway.wait(Rate::Pay), Millis::seconds(42));
        assert_eq!(world.gateway.wait(Rate::Options), Millis::ZERO);
        world.clock.advance(Millis::seconds(42));
        assert_eq!(world.gateway.wait(Rate::Pay), Millis::ZERO);
    }
}

#[tokio::test]
async fn the_gateways_own_count_is_obeyed() {
    let world = World::new(GatewayKind::Yolcu360, |_| json_with(200, ("ratelimit", "\"pay\";r=0;t=17"), "{}")).await;
    world.pay().await;
    assert_eq!(world.gateway.wait(Rate::Pay), Millis::seconds(17));
}

#[tokio::test]
async fn options_have_thirty_a_minute() {
    let world = World::with(
        GatewayKind::Yolcu360,
        |_| json(200, r#"{"installmentPrices":[]}"#),
        |config| config.deadlines.limiter_wait = Duration::from_secs(1),
    )
    .await;
    let question = || OptionsQuestion::Order { bin: bin("415565"), order: "order_1".parse().unwrap() };
    for _ in 0..30 {
        world.gateway.options(question()).await.unwrap();
    }
    let refused = world.gateway.options(question()).await.err();
    assert_eq!(refused, Some(ReadFault::CouldNotAsk(CouldNotAsk::TooMany)));
    assert_eq!(world.server.requests_to("/payment/installment-info").len(), 30);
}
