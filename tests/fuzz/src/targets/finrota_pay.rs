//! The answer to `POST /b2c/payment`.

use vezne_core::account::GatewayKind;
use vezne_core::answers::PayAnswer;
use vezne_core::ports::{BankPage, PayAnswerOrOrder};

use crate::check::{fields, is_raw, is_said, is_text, texts_are_filtered};
use crate::engine::Target;
use crate::{exchange, samples};

/// The target.
pub(super) const TARGET: Target = Target { name: "finrota_pay", run, words: &WORDS, longest: 16 * 1024 };

const WORDS: [&str; 40] = [
    "\"paymentType\":\"RedirectUrl\"",
    "\"paymentType\":\"DirectSale\"",
    "\"redirectTo\":\"https://3ds.bank.com/a\"",
    "\"redirectTo\":null",
    "\"redirectTo\":\"\"",
    "\"redirectTo\":\"http://10.0.0.1/\"",
    "\"success\":true",
    "\"success\":false",
    "\"success\":null",
    "\"success\":\"true\"",
    "\"error\":\"Yetersiz bakiye\"",
    "\"orderId\":991",
    "\"clientReferenceCode\":\"X\"",
    "\"code\":2008",
    "\"code\":\"2008\"",
    "\"errorCode\":2001",
    "\"bankCode\":\"05\"",
    "\"bankMessage\":\"Do not honor\"",
    "\"details\":{}",
    "\"errors\":{\"returnUrl\":[\"no\"]}",
    "\"message\":\"x\"",
    "\"statusCode\":400",
    "\"data\":{\"errorCode\":2008}",
    "https://127.0.0.1/",
    "https://localhost/",
    "https://bank.com@10.0.0.1/",
    "https://0x7f.1/",
    "https://[::1]/",
    "javascript:alert(1)",
    "200\n",
    "201\n",
    "302\n",
    "400\n",
    "401\n",
    "402\n",
    "403\n",
    "404\n",
    "429\n",
    "500\n",
    "lost\n",
];

fn run(data: &[u8]) {
    let parts = exchange::parts(data);
    let intent = samples::intent(GatewayKind::Finrota);
    let result = samples::reader(GatewayKind::Finrota).pay(parts.exchange(), &intent);
    texts_are_filtered(&result.answer);
    let document = fields(parts.body).unwrap_or_default();
    let redirects = is_said(&document, "redirectTo");
    let PayAnswerOrOrder::Answer(answer) = result.answer else { unreachable!("Finrota knows no orders") };
    assert_eq!(
        result.page.is_some(),
        answer == PayAnswer::Challenge,
        "a page belongs to a challenge and to nothing else"
    );
    match answer {
        PayAnswer::Success(_) => {
            assert!(parts.is(200), "a success that no 200 said");
            assert!(is_raw(&document, "success", "true"), "a success that the document does not say");
            assert!(!redirects, "a success together with a redirect");
            assert!(!is_text(&document, "paymentType", "RedirectUrl"), "a success of a redirect");
            assert!(!says_timeout(&document), "a success beside the bank's time-out");
        }
        PayAnswer::Failure(_) => {
            assert!(parts.is(200), "a failure that no 200 said");
            assert!(is_raw(&document, "success", "false"), "a failure that the document does not say");
            assert!(!redirects, "success:false with a redirect goes on");
            assert!(!says_timeout(&document), "a failure beside the bank's time-out");
        }
        PayAnswer::Challenge => {
            assert!(parts.is(200) && redirects && !is_raw(&document, "success", "true"));
            let Some(BankPage::Address(address)) = result.page else { unreachable!("Finrota gives addresses") };
            public_https(&address);
        }
        PayAnswer::ChallengeUnusable(_) => assert!(parts.is(200) && !is_raw(&document, "success", "true")),
        PayAnswer::Refused(_) => {
            assert!(parts.is_one_of(&[400, 403, 404, 422, 429]), "a refusal that no status said");
            assert!(!is_raw(&document, "success", "true"), "a refusal of what says success");
            assert!(!says_timeout(&document), "a refusal beside the bank's time-out");
        }
        PayAnswer::Unauthorised(_) => {
            assert!(parts.is(401) && !is_said(&document, "bankCode") && !is_said(&document, "bankMessage"));
            assert!(!says_timeout(&document));
        }
        PayAnswer::NotSent(_) => assert!(parts.not_sent, "what was sent counts as not sent"),
        PayAnswer::Order(_) => unreachable!("Finrota knows no orders"),
        PayAnswer::Unclear(_) => {}
    }
}

fn says_timeout(document: &std::collections::BTreeMap<String, String>) -> bool {
    is_raw(document, "code", "2008") || is_text(document, "code", "2008")
}

/// Only https, to a host that everyone knows by the same name.
pub(super) fn public_https(address: &str) {
    assert!(address.is_ascii(), "an address that was not handed on as it was parsed");
    let url = url::Url::parse(address);
    let Ok(url) = url else { unreachable!("an address that can't be read was let through: {address}") };
    assert_eq!(url.as_str(), address, "what was checked is not what is opened");
    assert_eq!(url.scheme(), "https", "{address}");
    let host = url.host_str().unwrap_or_default();
    assert!(
        !host.is_empty() && host != "localhost" && !host.ends_with(".localhost") && !host.ends_with(".local"),
        "{address}"
    );
    for private in ["127.", "10.", "192.168.", "169.254.", "0.", "[::1]", "[fd", "[fe8"] {
        let is_number = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') || host.starts_with('[');
        assert!(!(is_number && host.starts_with(private)), "{address}");
    }
}
