//! TLS: what the machine trusts is trusted and nothing else, and money speaks HTTP/1.1 even to a server that offers
//! HTTP/2.
//!
//! The system's certificates are read when an account is connected, so each test runs itself once more in a process
//! whose `SSL_CERT_FILE` names the test's own authority.

use std::process::Command;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use vezne_core::account::GatewayKind;
use vezne_core::answers::{CouldNotAsk, NotSentReason, PayAnswer, StatusAnswer};
use vezne_core::ports::{PayAnswerOrOrder, PayCall};
use vezne_gateway::{GatewayConfig, Login, connect};

use crate::server::{json, serve_one};
use crate::world::{RETURN_URL, StandingClock, World, card, deadlines, some_plan};

const INNER: &str = "VEZNE_TLS_TEST_FOLDER";

/// Runs this very test again, trusting the authority in a fresh folder.
fn again(name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).unwrap();
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
    let leaf_key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let leaf = leaf.signed_by(&leaf_key, &Issuer::from_params(&params, &key)).unwrap();
    std::fs::write(folder.path().join("leaf.der"), leaf.der()).unwrap();
    std::fs::write(folder.path().join("leaf.key"), leaf_key.serialize_der()).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(INNER, folder.path())
        .env("SSL_CERT_FILE", folder.path().join("ca.pem"))
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

fn acceptor(folder: &std::path::Path) -> TlsAcceptor {
    let leaf = std::fs::read(folder.join("leaf.der")).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(std::fs::read(folder.join("leaf.key")).unwrap()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_no_client_auth().with_single_cert(vec![leaf.into()], key).unwrap();
    // HTTP/2 first: a client that offers it gets it.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

fn account(host: &str, port: u16) -> Arc<dyn vezne_core::ports::Gateway> {
    let address = format!("https://{host}:{port}").parse().unwrap();
    let mut config = GatewayConfig::new(GatewayKind::Yolcu360, address, StandingClock::new());
    config.deadlines = deadlines();
    connect(config, Login::Token("a-ready-token".into())).unwrap()
}

async fn pay(gateway: &Arc<dyn vezne_core::ports::Gateway>) -> PayAnswer {
    let helper = World::new(GatewayKind::Yolcu360, |_| json(200, "{}")).await;
    let (intent, card) = (helper.card_intent(some_plan()), card());
    let call = PayCall { intent: &intent, card: Some(&card), return_url: RETURN_URL, ticket: None };
    match gateway.pay(call).await.answer {
        PayAnswerOrOrder::Answer(answer) => answer,
        PayAnswerOrOrder::Order(_) => panic!("no order was sent"),
    }
}

#[tokio::test]
async fn a_payment_speaks_http_1_to_a_server_that_offers_http_2() {
    let Some(folder) = std::env::var_os(INNER) else {
        return again("tls::a_payment_speaks_http_1_to_a_server_that_offers_http_2");
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = acceptor(folder.as_ref());
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(stream).await.unwrap();
        let protocol = stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
        let request = serve_one(&mut stream, json(200, r#"{"status":"success"}"#)).await.unwrap();
        (protocol, request.path().to_owned())
    });
    assert!(matches!(pay(&account("localhost", port)).await, PayAnswer::Success(_)));
    assert_eq!(server.await.unwrap(), (Some(b"http/1.1".to_vec()), "/payment/pay".to_owned()));
}

#[tokio::test]
async fn a_server_that_answers_in_http_2_and_gives_everything_back_gets_a_payment_once() {
    let Some(folder) = std::env::var_os(INNER) else {
        return again("tls::a_server_that_answers_in_http_2_and_gives_everything_back_gets_a_payment_once");
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = acceptor(folder.as_ref());
    let (sender, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let server = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = acceptor.accept(stream).await.unwrap();
            let mut some = [0_u8; 4_096];
            let count = stream.read(&mut some).await.unwrap();
            sender.send(some[..count].to_vec()).unwrap();
            // SETTINGS, then GOAWAY that says: nothing of yours was looked at, send it again.
            let goaway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            let frames = [&[0, 0, 0, 4, 0, 0, 0, 0, 0][..], &goaway].concat();
            let _gone = stream.write_all(&frames).await;
            let _gone = stream.shutdown().await;
        }
    });
    assert!(matches!(pay(&account("localhost", port)).await, PayAnswer::Unclear(_)));
    server.abort();
    let _ended = server.await;
    let first = heard.recv().await.unwrap();
    assert!(first.starts_with(b"POST /payment/pay HTTP/1.1\r\n"));
    assert!(heard.recv().await.is_none(), "it came a second time");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_certainly_not_sent() {
    let Some(folder) = std::env::var_os(INNER) else {
        return again("tls::a_certificate_for_another_name_is_certainly_not_sent");
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = acceptor(folder.as_ref());
    let server = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            assert!(acceptor.accept(stream).await.is_err(), "the client must hang up");
        }
    });
    let gateway = account("127.0.0.1", port);
    assert_eq!(pay(&gateway).await, PayAnswer::NotSent(NotSentReason::Offline));
    let helper = World::new(GatewayKind::Yolcu360, |_| json(200, "{}")).await;
    let asked = gateway.status(&helper.attempt()).await;
    assert_eq!(asked, StatusAnswer::CouldNotAsk(CouldNotAsk::Offline));
    server.abort();
}
