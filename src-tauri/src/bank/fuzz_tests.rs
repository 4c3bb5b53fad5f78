//! What the desk reads of addresses and of its own preferences file (`tests/fuzz` has the loop).

use std::sync::LazyLock;

use url::Url;
use vezne_core::ids::{AttemptId, Nonce};
use vezne_core::time::Timestamp;
use vezne_fuzz::check::texts_are_filtered;
use vezne_fuzz::engine::{Target, in_a_test};

use super::address::{below, nonce_below, nonce_of_scheme, of_scheme};
use super::policy::{Ground, judge};
use super::returns::{Landing, Returns, Way};

const TARGET: Target = Target { name: "desk_bytes", run, words: &WORDS, longest: 24 * 1024 };

const WORDS: [&str; 30] = [
    "vezne-return://return/",
    "vezne-return://localhost/return/",
    "http://vezne-return.localhost/return/",
    "https://vezne-return.localhost/return/",
    "https://desk.example/back/",
    "http://127.0.0.1:4000/return/abc",
    "?status=success&orderID=order_1",
    "?success=true&clientReferenceCode=VZ1",
    "#x",
    "?",
    "&",
    "%2F",
    "/../",
    "//",
    "\\\\",
    "@",
    ":443",
    "https://10.0.0.1/",
    "https://[::1]/",
    "https://0x7f.1/",
    "https://bank.com.tr:8443/",
    "about:blank",
    "about:srcdoc",
    "data:text/html,",
    "blob:https://bank.com/",
    "javascript:",
    "{\"language\":\"tr\",",
    "\"theme\":\"dark\",",
    "\"account\":\"sisli\",",
    "\"operator\":7}",
];

static PAGE: LazyLock<Option<Url>> = LazyLock::new(|| Url::parse("https://desk.example/back").ok());

fn attempt(last: u8) -> AttemptId {
    AttemptId::from_parts(Timestamp::from_millis(1), [0, 0, 0, 0, 0, 0, 0, 0, 0, last])
}

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let read = crate::preferences::of_text(&text);
    let fits = |id: &Option<String>| id.as_ref().is_none_or(|id| id.chars().count() <= 80);
    assert!(fits(&read.account) && fits(&read.operator), "an id that is too long to be one");
    // Every line is an address, so that one input is a page's whole course.
    let addresses: Vec<Url> = text.lines().take(64).filter_map(|line| Url::parse(line).ok()).collect();
    let returns = Returns::default();
    let (scheme, https, loopback) =
        (Nonce::from_random([1; 16]), Nonce::from_random([2; 16]), Nonce::from_random([3; 16]));
    let page = PAGE.as_ref().unwrap();
    returns.expect(attempt(1), scheme, Way::Scheme);
    returns.expect(attempt(2), https, Way::Https(page.clone()));
    returns.expect(attempt(3), loopback, Way::Loopback(Url::parse("http://127.0.0.1:4000/return/abc").unwrap()));
    let mut told = 0_usize;
    for url in &addresses {
        ground(url);
        if let Some(caught) = returns.caught(url) {
            let nonce = match caught.attempt {
                one if one == attempt(1) => scheme,
                two if two == attempt(2) => https,
                _ => loopback,
            };
            let carries = url.path().to_ascii_lowercase().contains(&nonce.expose().to_ascii_lowercase());
            assert!(carries || nonce == loopback, "a return without its nonce: {url}");
            for hint in [
                returns.passed(caught.attempt, url),
                returns.landed(caught.attempt, url, Landing::Stopped),
                returns.landed(caught.attempt, url, Landing::Shown),
            ] {
                texts_are_filtered(&hint);
                told += usize::from(hint.is_some_and(|hint| !hint.own_page));
            }
        }
    }
    assert!(told <= 3 * 64, "a page told {told} hints");
    own(&text);
}

/// Where a page may go, told apart from how the desk tells it.
fn ground(url: &Url) {
    for ground in [Ground::Public, Ground::ThisMachine] {
        if judge(url, ground).is_err() || matches!(url.as_str(), "about:blank" | "about:srcdoc") {
            continue;
        }
        let host = url.host_str().unwrap_or_default();
        let is_number = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let here = ["127.", "localhost", "[::1]"].iter().any(|own| host.starts_with(own));
        match ground {
            Ground::Public => {
                assert!(
                    url.scheme() == "https" && host.contains(['.', ':']) && !(is_number && host.starts_with("127.")),
                    "{url}"
                )
            }
            Ground::ThisMachine => assert!(url.scheme() == "https" || (url.scheme() == "http" && here), "{url}"),
        }
        assert!(!(is_number && host.starts_with("10.")), "{url}");
    }
}

/// Our own addresses are known again, whatever a gateway adds to them.
fn own(added: &str) {
    let nonce = Nonce::from_random([7; 16]);
    let added: String = added.chars().take(200).collect();
    if let Ok(url) = Url::parse(&format!("{}?{added}", of_scheme(nonce))) {
        assert_eq!(nonce_of_scheme(&url), Some(nonce), "{url}");
    }
    let page = PAGE.as_ref().unwrap();
    if let Ok(url) = Url::parse(&format!("{}?{added}", below(page, nonce))) {
        assert_eq!(nonce_below(page, &url), Some(nonce), "{url}");
    }
}

#[test]
fn fuzzed_addresses_and_preferences_are_read_or_refused() {
    in_a_test(&TARGET);
}
