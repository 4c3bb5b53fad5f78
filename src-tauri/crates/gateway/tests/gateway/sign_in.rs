//! Tokens: fetched once for all who want one, renewed before their end, refused without a fuss.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json as value;
use vezne_core::account::GatewayKind;
use vezne_core::answers::{CouldNotAsk, NotSentReason, StatusAnswer};
use vezne_core::time::Millis;
use vezne_gateway::{ConnectError, GatewayConfig, Login, connect, endpoint, fingerprint};

use crate::server::{Act, json};
use crate::world::{StandingClock, World, pair};

#[tokio::test]
async fn both_sign_ins_are_written_as_documented() {
    for (kind, path, body) in [
        (
            GatewayKind::Finrota,
            "/auth/api/token/connect",
            value!({"apiKey": "the-key-of-the-desk", "secretKey": "the-secret-of-the-desk"}),
        ),
        (
            GatewayKind::Yolcu360,
            "/auth/login",
            value!({"key": "the-key-of-the-desk", "secret": "the-secret-of-the-desk"}),
        ),
    ] {
        let world = World::new(kind, |_| json(200, "{}")).await;
        world.gateway.get_ready().await.unwrap();
        let request = world.server.requests_to(path).remove(0);
        assert_eq!((request.method.as_str(), request.json()), ("POST", body));
        assert_eq!(request.header("authorization"), None);
    }
}

#[tokio::test]
async fn many_callers_share_one_sign_in() {
    let world = World::new(GatewayKind::Yolcu360, |_| json(200, r#"{"orderedCarProduct":{"status":"pending"}}"#)).await;
    let attempt = world.attempt();
    let ask = || world.gateway.status(&attempt);
    let answers = tokio::join!(ask(), ask(), ask(), ask(), ask());
    assert!(matches!(answers.0, StatusAnswer::Order(_)) && matches!(answers.4, StatusAnswer::Order(_)));
    assert_eq!(world.server.requests_to("/auth/login").len(), 1);
}

#[tokio::test]
async fn many_callers_share_one_refusal() {
    let world = World::bare(GatewayKind::Yolcu360, |_| json(401, "{}"), |_| {}, pair()).await;
    let ready = || world.gateway.get_ready();
    let answers = tokio::join!(ready(), ready(), ready());
    assert_eq!(
        answers,
        (Err(NotSentReason::SignInRefused), Err(NotSentReason::SignInRefused), Err(NotSentReason::SignInRefused))
    );
    assert_eq!(world.server.requests_to("/auth/login").len(), 1);
}

#[tokio::test]
async fn a_token_is_renewed_before_its_end() {
    for (kind, first, renewed) in [
        (GatewayKind::Finrota, "/auth/api/token/connect", "/auth/api/token/connect"),
        (GatewayKind::Yolcu360, "/auth/login", "/auth/refresh"),
    ] {
        let world = World::new(kind, |request| match request.path() {
            "/auth/refresh" => json(200, r#"{"accessToken":"token-of-yolcu-2"}"#),
            _ => json(200, "{}"),
        })
        .await;
        world.gateway.get_ready().await.unwrap();
        world.clock.advance(Millis::hours(23));
        world.gateway.get_ready().await.unwrap();
        assert_eq!(world.server.requests().len(), 1, "still good for an hour");
        world.clock.advance(Millis::minutes(59));
        world.clock.advance(Millis::seconds(30));
        world.gateway.get_ready().await.unwrap();
        let paths: Vec<String> = world.server.requests().iter().map(|request| request.path().to_owned()).collect();
        assert_eq!(paths, [first, renewed]);
    }
}

#[tokio::test]
async fn a_refused_refresh_falls_back_to_the_login() {
    let world = World::new(GatewayKind::Yolcu360, |_| json(401, "{}")).await;
    world.gateway.get_ready().await.unwrap();
    world.clock.advance(Millis::hours(24));
    world.gateway.get_ready().await.unwrap();
    let paths: Vec<String> = world.server.requests().iter().map(|request| request.path().to_owned()).collect();
    assert_eq!(paths, ["/auth/login", "/auth/refresh", "/auth/login"]);
    assert_eq!(world.server.requests()[1].json(), value!({"token": "refresh-1"}));
}

#[tokio::test]
async fn renewing_fetches_whatever_is_kept() {
    let world = World::new(GatewayKind::Finrota, |_| json(200, "{}")).await;
    world.gateway.get_ready().await.unwrap();
    world.gateway.renew_token().await.unwrap();
    world.gateway.renew_token().await.unwrap();
    assert_eq!(world.server.requests_to("/auth/api/token/connect").len(), 3);
}

#[tokio::test]
async fn a_ready_token_is_used_and_cannot_be_renewed() {
    let login = Login::Token("a-ready-token".into());
    let world = World::bare(GatewayKind::Yolcu360, |_| json(404, "{}"), |_| {}, login).await;
    world.gateway.get_ready().await.unwrap();
    assert_eq!(world.gateway.status(&world.attempt()).await, StatusAnswer::NoTrace);
    assert_eq!(world.server.requests()[0].header("authorization"), Some("Bearer a-ready-token"));
    assert_eq!(world.gateway.renew_token().await, Err(CouldNotAsk::SignIn));
    assert_eq!(world.server.requests().len(), 1);
}

#[tokio::test]
async fn a_sign_in_that_fails_says_how() {
    for (act, why) in [
        (json(400, "{}"), NotSentReason::SignInRefused),
        (json(401, "{}"), NotSentReason::SignInRefused),
        (json(403, "{}"), NotSentReason::SignInRefused),
        (json(200, "{}"), NotSentReason::SignInUnanswered),
        (json(500, "{}"), NotSentReason::SignInUnanswered),
        (json(429, "{}"), NotSentReason::SignInUnanswered),
        (Act::Close, NotSentReason::SignInUnanswered),
    ] {
        for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
            let answer = act.clone();
            let world = World::bare(kind, move |_| answer.clone(), |_| {}, pair()).await;
            assert_eq!(world.gateway.get_ready().await, Err(why), "{act:?}");
        }
    }
}

#[tokio::test]
async fn a_sign_in_is_repeated_when_the_server_stumbles() {
    let asked = AtomicUsize::new(0);
    let world = World::bare(
        GatewayKind::Finrota,
        move |_| {
            if asked.fetch_add(1, Ordering::SeqCst) == 0 {
                json(503, "")
            } else {
                json(200, r#"{"token":"t-12345678"}"#)
            }
        },
        |_| {},
        pair(),
    )
    .await;
    assert_eq!(world.gateway.get_ready().await, Ok(()));
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let config =
        |address: &str| GatewayConfig::new(GatewayKind::Finrota, address.parse().unwrap(), StandingClock::new());
    for address in ["http://127.0.0.1:1/", "http://localhost/", "http://[::1]:8/api/v1"] {
        assert!(connect(config(address), pair()).is_ok(), "{address}");
    }
    for address in ["http://gateway.example/", "http://192.168.1.1/", "http://127.0.0.1.example/"] {
        assert_eq!(connect(config(address), pair()).err(), Some(ConnectError::PlainHttp), "{address}");
    }
    for address in ["ftp://127.0.0.1/", "https://u:p@gateway.example/", "https://gateway.example/?a=b", "mailto:a@b"] {
        assert_eq!(connect(config(address), pair()).err(), Some(ConnectError::Address), "{address}");
    }
}

#[test]
fn a_fingerprint_names_the_key_and_leads_nowhere() {
    let one = fingerprint(&pair());
    assert_eq!((one.len(), &one), (16, &fingerprint(&pair())));
    let other_secret = Login::Pair { key: "the-key-of-the-desk".into(), secret: "new".into() };
    assert_eq!(fingerprint(&other_secret), one, "a new secret of the same account is the same account");
    assert_ne!(fingerprint(&Login::Pair { key: "k".into(), secret: "s".into() }), one);
    assert_ne!(fingerprint(&Login::Token("the-key-of-the-desk".into())), one);
    let address = "https://api.pro.yolcu360.com/api/v1/".parse().unwrap();
    let config = GatewayConfig::new(GatewayKind::Yolcu360, address, StandingClock::new());
    let found = endpoint(&config, &pair());
    assert_eq!(
        (found.base_url.as_str(), found.host.as_str()),
        ("https://api.pro.yolcu360.com/api/v1", "api.pro.yolcu360.com")
    );
}
