use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use vezne_core::account::{Endpoint, GatewayKind};
use vezne_core::time::Timestamp;

use super::*;

#[derive(Default)]
struct Counting(AtomicU8);

impl Entropy for Counting {
    fn sixteen(&self) -> [u8; 16] {
        [self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1); 16]
    }
}

struct Bench {
    loopback: Arc<Loopback>,
    returns: mpsc::Receiver<Returned>,
    opened: mpsc::UnboundedReceiver<String>,
    attempt: AttemptId,
    account: AccountRef,
}

fn bench() -> Bench {
    let (tell, opened) = mpsc::unbounded_channel();
    let opener: Opener = Arc::new(move |address| tell.send(address.to_owned()).map_err(|error| error.to_string()));
    let (loopback, returns) = Loopback::new(Arc::new(Counting::default()), opener, Arc::new(|_| {}));
    let attempt = AttemptId::from_parts(Timestamp::from_millis(1), [1; 10]);
    let endpoint = Endpoint { base_url: "https://a".into(), host: "a".into(), key_fingerprint: "f".into() };
    let account =
        AccountRef { id: "a".parse().unwrap(), name: "a".parse().unwrap(), gateway: GatewayKind::Finrota, endpoint };
    Bench { loopback, returns, opened, attempt, account }
}

/// Sends one request as bytes and reads the whole answer.
async fn ask(address: &str, method: &str, headers: &str, body: &str) -> String {
    let rest = address.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let host_line = if headers.contains("Host:") { String::new() } else { format!("Host: {host}\r\n") };
    let request =
        format!("{method} /{path} HTTP/1.1\r\n{host_line}{headers}Content-Length: {}\r\n\r\n{body}", body.len());
    // A refused request may be answered before it is read to its end.
    let _early = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn the_gateways_html_is_handed_out_exactly_once_and_never_kept() {
    let mut bench = bench();
    bench.loopback.return_address(bench.attempt, &bench.account, PagePlace::Browser).await.unwrap();
    let page = BankPage::Html { html: "<form action='/x'>bank</form>".into(), base: "https://gateway.example/".into() };
    bench.loopback.open(bench.attempt, page).await.unwrap();
    let address = bench.opened.recv().await.unwrap();
    assert!(ask(&address, "HEAD", "", "").await.starts_with("HTTP/1.1 405"));
    assert!(ask(&address, "GET", "Sec-Purpose: prefetch\r\n", "").await.starts_with("HTTP/1.1 503"));
    assert!(ask(&address, "GET", "Host: evil.example\r\n", "").await.starts_with("HTTP/1.1 421"));
    let first = ask(&address, "GET", "", "").await;
    assert!(first.starts_with("HTTP/1.1 200") && first.contains("<base href=\"https://gateway.example/\">"), "{first}");
    for header in ["cache-control: no-store", "referrer-policy: no-referrer", "frame-ancestors 'none'", "sandbox"] {
        assert!(first.contains(header), "{header}");
    }
    let second = ask(&address, "GET", "", "").await;
    assert!(second.starts_with("HTTP/1.1 410") && !second.contains("bank</form>"), "{second}");
}

#[tokio::test]
async fn the_banks_address_is_not_in_what_the_browser_is_started_with() {
    let mut bench = bench();
    bench.loopback.return_address(bench.attempt, &bench.account, PagePlace::Browser).await.unwrap();
    let page = BankPage::Address("https://bank.example/3ds?secret=1".into());
    bench.loopback.open(bench.attempt, page).await.unwrap();
    let address = bench.opened.recv().await.unwrap();
    assert!(!address.contains("secret"));
    let answer = ask(&address, "GET", "", "").await;
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("location: https://bank.example/3ds?secret=1"));
    assert!(ask(&address, "GET", "", "").await.starts_with("HTTP/1.1 410"));
}

#[tokio::test]
async fn a_page_is_withheld_once_the_attempt_is_settled() {
    let mut bench = bench();
    bench.loopback.return_address(bench.attempt, &bench.account, PagePlace::Browser).await.unwrap();
    bench.loopback.open(bench.attempt, BankPage::Address("https://bank.example/".into())).await.unwrap();
    let address = bench.opened.recv().await.unwrap();
    bench.loopback.close(bench.attempt).await;
    assert!(ask(&address, "GET", "", "").await.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn returns_by_query_form_and_multipart_are_delivered_with_whether_they_became_the_windows_own_page() {
    let mut bench = bench();
    let address = bench.loopback.return_address(bench.attempt, &bench.account, PagePlace::Browser).await.unwrap();
    assert_eq!(
        address,
        bench.loopback.return_address(bench.attempt, &bench.account, PagePlace::Browser).await.unwrap()
    );
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let multipart = "Content-Type: multipart/form-data; boundary=B\r\nSec-Fetch-Dest: document\r\n";
    let parts = "--B\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\nsuccess\r\n--B--\r\n";
    let query = format!("{address}?status=success&card=4155650100416111");
    for (address, method, headers, body, own_page) in [
        (query.as_str(), "GET", "", "", true),
        (&query, "GET", "Sec-Fetch-Dest: image\r\n", "", false),
        (&query, "GET", "Sec-Fetch-Dest: iframe\r\n", "", false),
        (&query, "GET", "Sec-Fetch-Dest: iframe\r\nAccept: text/html\r\n", "", false),
        (&query, "GET", "Sec-Fetch-Dest: document\r\nAccept: */*\r\n", "", true),
        (&query, "GET", "Sec-Fetch-Mode: no-cors\r\n", "", false),
        (&query, "GET", "Sec-Fetch-Site: cross-site\r\nAccept: text/html\r\n", "", false),
        (&query, "GET", "Accept: image/avif,image/webp,*/*;q=0.8\r\n", "", false),
        (&query, "GET", "Accept: image/avif,text/html\r\n", "", false),
        (&query, "GET", "Accept: */*\r\n", "", false),
        (&query, "GET", "Accept: Text/HTML,application/xhtml+xml,*/*;q=0.8\r\n", "", true),
        (&query, "POST", "Content-Type: text/plain\r\n", "", false),
        (&query, "POST", "Sec-Fetch-Site: cross-site\r\n", "", false),
        (&address, "POST", "", "status=success", true),
        (&address, "POST", form, "status=success", true),
        (&address, "POST", multipart, parts, true),
    ] {
        let answer = ask(address, method, headers, body).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("pencereyi kapatabilirsiniz"), "{answer}");
        let returned = bench.returns.recv().await.unwrap();
        assert_eq!((returned.attempt, returned.hint.own_page), (bench.attempt, own_page), "{headers}");
        assert_eq!(returned.hint.fields.status.unwrap().as_str(), "success", "{headers}");
    }
}

#[tokio::test]
async fn an_unknown_nonce_and_what_is_too_large_reach_nobody() {
    let mut bench = bench();
    let address = bench.loopback.return_address(bench.attempt, &bench.account, PagePlace::Browser).await.unwrap();
    let (base, _) = address.rsplit_once('/').unwrap();
    for odd in ["", "x", "01JD7Z3GK8M2Q4R6T8V0X1Y2Z3"] {
        assert!(ask(&format!("{base}/{odd}"), "GET", "", "").await.starts_with("HTTP/1.1 404"), "{odd}");
    }
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let large = ask(&address, "POST", form, &format!("status={}", "x".repeat(70_000))).await;
    assert!(large.is_empty() || large.starts_with("HTTP/1.1 413"), "{large}");
    let long = ask(&format!("{address}?{}", "x".repeat(17_000)), "GET", "", "").await;
    assert!(long.starts_with("HTTP/1.1 414"), "{long}");
    assert!(ask(&address, "DELETE", "", "").await.starts_with("HTTP/1.1 405"));
    assert!(bench.returns.try_recv().is_err());
}

#[tokio::test]
async fn without_a_browser_a_person_gets_the_address() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let opener: Opener = Arc::new(|_| Err("none".to_owned()));
    let notices: Notices = Arc::new(move |notice| tell.send(notice).unwrap());
    let (loopback, _returns) = Loopback::new(Arc::new(Counting::default()), opener, notices);
    let bench = bench();
    loopback.return_address(bench.attempt, &bench.account, PagePlace::Browser).await.unwrap();
    loopback.open(bench.attempt, BankPage::Address("https://bank.example/".into())).await.unwrap();
    let Some(Notice::OpenYourself { address, .. }) = told.recv().await else { panic!("no address") };
    assert!(ask(&address, "GET", "", "").await.starts_with("HTTP/1.1 303"));
}

#[tokio::test]
async fn a_page_whose_return_address_is_not_this_ones_is_shown_all_the_same() {
    let mut bench = bench();
    let page = BankPage::Address("https://bank.example/3ds".into());
    bench.loopback.open(bench.attempt, page.clone()).await.unwrap();
    let address = bench.opened.recv().await.unwrap();
    assert!(ask(&address, "GET", "", "").await.contains("location: https://bank.example/3ds"));
    assert!(ask(&address, "GET", "", "").await.starts_with("HTTP/1.1 410"));
    bench.loopback.open(bench.attempt, page).await.unwrap();
    bench.loopback.close(bench.attempt).await;
    let withheld = bench.opened.recv().await.unwrap();
    assert!(ask(&withheld, "GET", "", "").await.starts_with("HTTP/1.1 404"), "closed before it was fetched");
}
