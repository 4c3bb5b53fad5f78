//! The bank's address and page: our checks before anyone sees it, and how a page is handed on to a browser.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use vezne_core::account::GatewayKind;
use vezne_core::answers::{ChallengeFault, PayAnswer};
use vezne_core::ports::{BankPage, PayAnswerOrOrder, PayResult};
use vezne_gateway::reading::Answered;
use vezne_home::fuzzing::{check, with_base};

use super::finrota_pay::public_https;
use crate::engine::Target;
use crate::samples;

/// The target: the bytes are the address, the page, or the page's base64.
pub(super) const TARGET: Target = Target { name: "bank_page", run, words: &WORDS, longest: 400 * 1024 };

const WORDS: [&str; 36] = [
    "<form",
    "<FORM>",
    "<form/>",
    "<form\t",
    "<formula>",
    "<html>",
    "<head>",
    "<HEAD lang='tr'>",
    "<header>",
    "<base href='/'>",
    "<!DOCTYPE html>",
    "<!doctype",
    "</form>",
    "<script>",
    "PGZvcm0+PC9mb3JtPg==",
    "https://",
    "http://",
    "https://3ds.bank.com/a?b=c",
    "https://127.0.0.1/",
    "https://10.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://localhost./",
    "https://bank.com@192.168.1.1/",
    "https://intranet/",
    "https://xn--",
    "https://bank。com/",
    "javascript:",
    "data:text/html,",
    "\u{feff}",
    "\\\\",
    "%2e%2e",
    "\u{ad}",
    "https://①②⑦.0.0.1/",
];

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    address(&text);
    html(&text, &text);
    html(&STANDARD.encode(data), &text);
    for base in ["https://gateway.example/api/v1", "https://x/\"><script>&"] {
        handed_on(&text, base);
    }
}

fn paid(kind: GatewayKind, answer: &serde_json::Value) -> PayResult {
    samples::reader(kind).pay(Ok(Answered::new(200, answer.to_string())), &samples::intent(kind))
}

fn address(text: &str) {
    let result =
        paid(GatewayKind::Finrota, &json!({"paymentType": "RedirectUrl", "redirectTo": text, "success": false}));
    match (result.answer, result.page) {
        (PayAnswerOrOrder::Answer(PayAnswer::Challenge), Some(BankPage::Address(address))) => {
            public_https(&address);
            assert!(check(&BankPage::Address(address)).is_ok(), "checked, and not fit to be handed on");
        }
        (PayAnswerOrOrder::Answer(PayAnswer::ChallengeUnusable(_)), None) => {}
        (answer, page) => unreachable!("an address means {answer:?} with {page:?}"),
    }
}

fn html(content: &str, plain: &str) {
    let result = paid(GatewayKind::Yolcu360, &json!({"status": "redirect_required", "threeDSHtmlContent": content}));
    match (result.answer, result.page) {
        (PayAnswerOrOrder::Answer(PayAnswer::Challenge), Some(BankPage::Html { html, .. })) => {
            assert!(html.len() <= 256 * 1024, "a page of {} bytes", html.len());
            assert!(html.to_ascii_lowercase().contains("<form"), "a page without a form");
            let from_here = content.contains(&html)
                || plain.contains(&html)
                || STANDARD_ANY.with(|decode| decode(content).contains(&html));
            assert!(from_here, "a page that nobody sent");
        }
        (PayAnswerOrOrder::Answer(PayAnswer::ChallengeUnusable(fault)), None) => {
            assert!(matches!(fault, ChallengeFault::NoForm | ChallengeFault::TooLarge), "{fault:?}");
        }
        (answer, page) => unreachable!("a page means {answer:?} with {page:?}"),
    }
}

thread_local! {
    /// Base64 with or without padding, in either alphabet, with white space between.
    static STANDARD_ANY: fn(&str) -> String = |text| {
        let packed: String = text.trim().trim_start_matches('\u{feff}').chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let packed = packed.replace('-', "+").replace('_', "/");
        let bytes = base64::engine::general_purpose::STANDARD_NO_PAD.decode(packed.trim_end_matches('='));
        bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    };
}

/// Nothing but one base goes in, and it can't break out of its quotes.
fn handed_on(html: &str, base: &str) {
    let page = with_base(html, base);
    if page == html {
        assert!(html.to_ascii_lowercase().contains("<base"));
        return;
    }
    let quoted = base.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let tag = format!("<base href=\"{quoted}\">");
    assert_eq!(page.len(), html.len().saturating_add(tag.len()));
    let place = page.find(&tag);
    let without = place.and_then(|at| Some(format!("{}{}", page.get(..at)?, page.get(at.checked_add(tag.len())?..)?)));
    assert_eq!(without.as_deref(), Some(html), "the bank's page was changed");
    if html.trim_start().to_ascii_lowercase().starts_with("<!doctype") && html.contains('>') {
        assert!(page.trim_start().to_ascii_lowercase().starts_with("<!doctype"), "before the doctype");
    }
}
