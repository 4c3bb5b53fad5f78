//! Money is sent once, and "not sent" is said only when that is certain.

use std::io::{BufRead, BufReader};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use vezne_core::account::GatewayKind;
use vezne_core::answers::{NotSentReason, PayAnswer, Unclear};
use vezne_core::ports::{PayAnswerOrOrder, PayResult};

use crate::server::{Act, json};
use crate::world::{World, ordinary};

const BOTH: [(GatewayKind, &str); 2] =
    [(GatewayKind::Finrota, "/b2c/payment"), (GatewayKind::Yolcu360, "/payment/pay")];

fn meaning(result: PayResult) -> PayAnswer {
    match result.answer {
        PayAnswerOrOrder::Answer(answer) => answer,
        PayAnswerOrOrder::Order(_) => panic!("no order was sent"),
    }
}

#[tokio::test]
async fn a_server_that_reads_and_closes_gets_one_request() {
    for (kind, path) in BOTH {
        let world = World::new(kind, |_| Act::Close).await;
        assert_eq!(meaning(world.pay().await), PayAnswer::Unclear(Unclear::ConnectionLost));
        assert_eq!(world.server.requests_to(path).len(), 1);
    }
}

#[tokio::test]
async fn a_connection_kept_from_the_sign_in_is_not_used_to_pay() {
    for (kind, path) in BOTH {
        let world = World::bare(
            kind,
            |request| match ordinary(request) {
                // Says that it keeps the connection, and closes it.
                Some(Act::Answer { body, .. }) => Act::AnswerAndClose { body },
                _ => json(200, r#"{"status":"success","success":true}"#),
            },
            |_| {},
            crate::world::pair(),
        )
        .await;
        assert!(matches!(meaning(world.pay().await), PayAnswer::Success(_)));
        let paid = world.server.requests_to(path);
        assert_eq!(paid.len(), 1);
        let earlier = world.server.requests().into_iter().filter(|request| request.path() != path);
        assert!(earlier.into_iter().all(|request| request.connection != paid[0].connection));
    }
}

#[tokio::test]
async fn every_payment_has_a_connection_of_its_own() {
    let world = World::new(GatewayKind::Yolcu360, |_| json(200, r#"{"status":"failed"}"#)).await;
    for _ in 0..3 {
        world.pay().await;
    }
    let mut connections: Vec<usize> =
        world.server.requests_to("/payment/pay").iter().map(|request| request.connection).collect();
    connections.dedup();
    assert_eq!(connections.len(), 3);
}

#[tokio::test]
async fn a_cut_answer_is_unclear_even_when_it_begins_like_a_refusal() {
    for (kind, path) in BOTH {
        for status in [200, 400, 401, 402, 403, 404, 429] {
            let world = World::new(kind, move |_| Act::Cut { status, body: b"{\"success\":true".to_vec() }).await;
            assert_eq!(meaning(world.pay().await), PayAnswer::Unclear(Unclear::Unreadable), "{status}");
            assert_eq!(world.server.requests_to(path).len(), 1);
        }
        let world = World::new(kind, |_| Act::Cut { status: 500, body: Vec::new() }).await;
        assert_eq!(meaning(world.pay().await), PayAnswer::Unclear(Unclear::ServerError { status: 500 }));
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_unclear_at_the_deadline() {
    for act in [Act::Silence, Act::Endless] {
        for (kind, path) in BOTH {
            let act = act.clone();
            let short = Duration::from_millis(300);
            let world = World::with(kind, move |_| act.clone(), |config| config.deadlines.pay = short).await;
            let (intent, ticket) = world.prepared().await;
            let begun = Instant::now();
            assert_eq!(meaning(world.send(&intent, ticket).await), PayAnswer::Unclear(Unclear::TimedOut));
            assert!(begun.elapsed() < Duration::from_secs(5));
            assert_eq!(world.server.requests_to(path).len(), 1);
        }
    }
}

#[tokio::test]
async fn a_hundred_megabytes_never_enter_memory() {
    for (kind, _) in BOTH {
        let world = World::new(kind, |_| Act::Flood).await;
        assert_eq!(meaning(world.pay().await), PayAnswer::Unclear(Unclear::Unreadable));
        let taken = world.server.written.load(Ordering::SeqCst);
        assert!(taken < 20 * 1024 * 1024, "{taken} bytes were taken off the line");
    }
}

#[tokio::test]
async fn a_closed_port_is_certainly_not_sent_and_the_token_stays_usable() {
    let world = World::new(GatewayKind::Finrota, |_| json(200, r#"{"success":true}"#)).await;
    let (intent, ticket) = world.prepared().await;
    let World { server, gateway, .. } = world;
    // Nobody listens there any more.
    let mut count = server.count.clone();
    drop(server);
    let _closed = count.changed().await;
    let card = crate::world::card();
    for _ in 0..2 {
        let call = vezne_core::ports::PayCall { intent: &intent, card: Some(&card), return_url: "x", ticket };
        let answer = meaning(gateway.pay(call).await);
        assert_eq!(answer, PayAnswer::NotSent(NotSentReason::Offline));
    }
}

#[tokio::test]
async fn a_name_that_cannot_be_found_is_offline() {
    let clock = crate::world::StandingClock::new();
    let address = "https://gateway.invalid".parse().unwrap();
    let mut config = vezne_gateway::GatewayConfig::new(GatewayKind::Yolcu360, address, clock);
    config.deadlines = crate::world::deadlines();
    let login = vezne_gateway::Login::Token("ready-token-1".into());
    match vezne_gateway::connect(config, login) {
        Ok(gateway) => {
            let order = "order_1".parse().unwrap();
            let answer = gateway.order(order).await;
            let offline = vezne_core::answers::CouldNotAsk::Offline;
            assert_eq!(answer, Err(vezne_core::ports::ReadFault::CouldNotAsk(offline)));
        }
        // A machine without any trusted certificate says so instead.
        Err(why) => assert_eq!(why, vezne_gateway::ConnectError::Certificates),
    }
}

#[tokio::test]
async fn a_redirect_is_followed_by_neither_client() {
    for (kind, _) in BOTH {
        let world = World::new(kind, |_| crate::server::json_with(307, ("location", "/stolen"), "")).await;
        world.pay().await;
        world.gateway.status(&world.attempt()).await;
        assert!(world.server.requests_to("/stolen").is_empty());
    }
}

#[tokio::test]
async fn a_proxy_that_the_environment_names_is_not_used() {
    const INNER: &str = "VEZNE_PROXY_TEST";
    if std::env::var_os(INNER).is_none() {
        return with_a_proxy_in_the_environment(INNER, "once::a_proxy_that_the_environment_names_is_not_used");
    }
    // Whoever heeds the environment goes there, so the proxy is a real one.
    let _first = rustls::crypto::ring::default_provider().install_default();
    let refused = reqwest::Client::builder().build().unwrap().get("http://control.invalid/").send().await;
    assert!(refused.is_err(), "it answers nobody");
    for (kind, path) in BOTH {
        let world = World::new(kind, |_| json(200, r#"{"status":"success","success":true}"#)).await;
        assert!(matches!(meaning(world.pay().await), PayAnswer::Success(_)));
        assert_eq!(world.server.requests_to(path).len(), 1);
    }
}

/// The environment is read when an account is connected, so the test runs itself again in one that names a proxy.
fn with_a_proxy_in_the_environment(inner: &str, name: &str) {
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    let (heard, asked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in proxy.incoming() {
            let mut line = String::new();
            let _length = BufReader::new(stream.unwrap()).read_line(&mut line);
            if heard.send(line).is_err() {
                return;
            }
        }
    });
    let names = ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"];
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(inner, "1")
        .envs(names.map(|name| (name, &address)))
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let through: Vec<String> = asked.try_iter().collect();
    assert!(!through.is_empty() && through.iter().all(|line| line.contains("control.invalid")), "{through:?}");
}
