//! Cut points, on a bare socket: what really leaves before the connection is gone.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Desk;
use crate::{Call, CutPoint, Fault, FaultRule, Gateway, Sandbox, When};

/// Sends one limit payment and leaves its answer unread.
async fn send_pay(desk: &Desk, order: &str) -> TcpStream {
    let body = format!("{{\"orderID\":\"{order}\",\"paymentType\":\"limit\"}}");
    let request = format!(
        "POST /yolcu360/api/v1/payment/pay HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        desk.yolcu360,
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", desk.sandbox.port())).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Sends one limit payment and reads until the connection ends; whether it ended with an error, and what had come.
async fn pay_raw(desk: &Desk, order: &str) -> (bool, String) {
    let mut stream = send_pay(desk, order).await;
    let mut got = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut got)).await;
    let failed = read.expect("the connection ends").is_err();
    (failed, String::from_utf8(got).unwrap())
}

fn cut(sandbox: &Sandbox, at: CutPoint, order: &str) {
    let rule = FaultRule::new(Gateway::Yolcu360, Call::Pay, Fault::Cut { at });
    sandbox.add_fault(if at == CutPoint::BeforeBody { rule.first(1) } else { rule.on_order(order) });
}

#[tokio::test]
async fn a_cut_before_the_answer_is_a_reset_without_a_byte() {
    let desk = Desk::open().await;
    for (at, order, charged) in [
        (CutPoint::BeforeBody, "order_1001", 0),
        (CutPoint::BeforeExecuting, "order_1002", 0),
        (CutPoint::AfterExecuting, "order_1003", 1),
    ] {
        cut(&desk.sandbox, at, order);
        let (reset, got) = pay_raw(&desk, order).await;
        assert!(reset, "{at:?} must be a reset");
        assert_eq!(got, "", "{at:?}");
        assert_eq!(desk.sandbox.ledger().charges_of(order).count(), charged, "{at:?}");
    }
}

#[tokio::test]
async fn a_cut_in_the_headers_ends_before_their_end() {
    let desk = Desk::open().await;
    cut(&desk.sandbox, CutPoint::MidHeaders, "order_1001");
    let (_, got) = pay_raw(&desk, "order_1001").await;
    assert!(got.starts_with("HTTP/1.1 200 OK\r\n") && !got.contains("\r\n\r\n"), "{got:?}");
    assert_eq!(desk.sandbox.ledger().charges_of("order_1001").count(), 1);
}

#[tokio::test]
async fn a_cut_in_the_body_stays_short_of_its_content_length() {
    let desk = Desk::open().await;
    cut(&desk.sandbox, CutPoint::MidBody, "order_1001");
    let (_, got) = pay_raw(&desk, "order_1001").await;
    let (head, body) = got.split_once("\r\n\r\n").unwrap();
    let announced: usize =
        head.to_lowercase().split_once("content-length: ").unwrap().1.lines().next().unwrap().parse().unwrap();
    assert!(!body.is_empty() && body.len() < announced, "{body:?} of {announced}");
    assert_eq!(desk.sandbox.ledger().charges_of("order_1001").count(), 1);
}

#[tokio::test]
async fn an_answer_that_never_comes_ends_when_the_hold_is_over() {
    let desk = Desk::open().await;
    for (when, order, charged) in [(When::Before, "order_1001", 0), (When::After, "order_1002", 1)] {
        let rule = FaultRule::new(Gateway::Yolcu360, Call::Pay, Fault::Hold { when }).on_order(order);
        desk.sandbox.add_fault(rule);
        assert_eq!(pay_raw(&desk, order).await.1, "");
        assert_eq!(desk.sandbox.ledger().charges_of(order).count(), charged);
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_stop_the_gateway() {
    let desk = Desk::open().await;
    let rule = FaultRule::new(Gateway::Yolcu360, Call::Pay, Fault::Delay { millis: 40 });
    desk.sandbox.add_fault(rule);
    let mut stream = send_pay(&desk, "order_1001").await;
    let until = async |done: &dyn Fn(&crate::LedgerSnapshot) -> bool| {
        while !done(&desk.sandbox.ledger()) {
            tokio::task::yield_now().await;
        }
    };
    let received = until(&|ledger| ledger.counts_of("order_1001").received == 1);
    tokio::time::timeout(Duration::from_secs(10), received).await.unwrap();
    stream.shutdown().await.unwrap();
    drop(stream);
    assert!(desk.sandbox.ledger().charges.is_empty(), "the client is gone before the work is done");
    let charged = until(&|ledger| ledger.charges_of("order_1001").count() == 1);
    tokio::time::timeout(Duration::from_secs(10), charged).await.unwrap();
}

#[tokio::test]
async fn stopping_ends_connections_that_are_held() {
    let settings = crate::Settings { hold: Duration::from_secs(600), ..super::quick() };
    let desk = Desk::open_with(settings).await;
    let rule = FaultRule::new(Gateway::Yolcu360, Call::Pay, Fault::Hold { when: When::Before });
    desk.sandbox.add_fault(rule);
    let port = desk.sandbox.port();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(b"GET /ledger HTTP/1.1\r\nHost: sandbox\r\n\r\n").await.unwrap();
    assert!(stream.read_u8().await.is_ok());
    desk.sandbox.stop().await;
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "the port is free");
}
