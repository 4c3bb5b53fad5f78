//! The answer to `POST /payment/pay`, by card and from the credit limit.

use std::collections::BTreeMap;

use vezne_core::account::GatewayKind;
use vezne_core::answers::PayAnswer;
use vezne_core::attempt::Means;
use vezne_core::ports::{BankPage, PayAnswerOrOrder};

use super::yolcu_order;
use crate::check::{fields, is_raw, is_said, is_text, texts_are_filtered};
use crate::engine::Target;
use crate::exchange::{self, Parts};
use crate::samples;

/// The target.
pub(super) const TARGET: Target = Target { name: "yolcu_pay", run, words: &WORDS, longest: 16 * 1024 };

const WORDS: [&str; 40] = [
    "\"status\":\"success\"",
    "\"status\":\"failed\"",
    "\"status\":\"redirect_required\"",
    "\"status\":\"pending\"",
    "\"is3dsSecure\":true",
    "\"is3dsSecure\":false",
    "\"threeDSHtmlContent\":\"<form></form>\"",
    "\"threeDSHtmlContent\":\"PGZvcm0+PC9mb3JtPg==\"",
    "\"threeDSHtmlContent\":null",
    "\"threeDSHtmlContent\":\"\"",
    "\"paymentID\":\"pay_1\"",
    "\"code\":2001",
    "\"code\":2002",
    "\"code\":2007",
    "\"code\":2008",
    "\"code\":\"2008\"",
    "\"code\":6008",
    "\"description\":\"x\"",
    "\"details\":{\"field\":\"cardNumber\"}",
    "\"details\":[{\"code\":2008}]",
    "\"bankCode\":\"05\"",
    "\"bankMessage\":\"Do not honor\"",
    "\"orderedCarProduct\":{\"status\":\"reserved\"}",
    "\"vendorCancelled\":true",
    "\"errors\":{}",
    "<form",
    "<FORM >",
    "<html>",
    "data",
    "200\n",
    "201\n",
    "302\n",
    "400\n",
    "401\n",
    "402\n",
    "403\n",
    "404\n",
    "422\n",
    "429\n",
    "500\n",
];

fn run(data: &[u8]) {
    let parts = exchange::parts(data);
    let mut intent = samples::intent(GatewayKind::Yolcu360);
    let document = fields(parts.body).unwrap_or_default();
    for by_card in [true, false] {
        if !by_card {
            intent.means = Means::CreditLimit;
        }
        let result = samples::reader(GatewayKind::Yolcu360).pay(parts.exchange(), &intent);
        texts_are_filtered(&result.answer);
        match result.answer {
            PayAnswerOrOrder::Order(facts) => {
                assert!(!by_card && parts.is(200), "an order where none was asked for");
                yolcu_order::facts_are_said(&facts, parts.body);
            }
            PayAnswerOrOrder::Answer(answer) => {
                assert_eq!(result.page.is_some(), answer == PayAnswer::Challenge);
                meaning(&answer, result.page.as_ref(), &parts, &document);
            }
        }
    }
}

fn meaning(answer: &PayAnswer, page: Option<&BankPage>, parts: &Parts<'_>, document: &BTreeMap<String, String>) {
    let says = |word: &str| is_text(document, "status", word);
    let html = is_said(document, "threeDSHtmlContent");
    match answer {
        PayAnswer::Success(_) => {
            assert!(parts.is(200) && says("success"), "a success that the document does not say");
            assert!(!html, "a success together with a bank's page");
            assert!(!says_timeout(document), "a success beside the bank's time-out");
        }
        PayAnswer::Failure(_) => {
            let by_word = parts.is(200) && says("failed") && !html;
            let by_code = parts.is_one_of(&[400, 422]) && document_names_a_decline(parts.body);
            assert!(by_word || by_code || parts.is(402), "a failure that the document does not say");
            assert!(!says("success"), "a failure of what says success");
            assert!(!says_timeout(document), "a failure beside the bank's time-out");
        }
        PayAnswer::Challenge => {
            assert!(parts.is(200) && html && (says("redirect_required") || says("pending")));
            let Some(BankPage::Html { html, base }) = page else { unreachable!("Yolcu360 gives pages") };
            assert!(html.len() <= 256 * 1024 && html.to_ascii_lowercase().contains("<form"));
            assert_eq!(base, "https://gateway.example/api/v1");
        }
        PayAnswer::ChallengeUnusable(_) => assert!(parts.is(200) && !says("success") && !says("failed")),
        PayAnswer::Refused(_) => {
            assert!(parts.is_one_of(&[400, 403, 422, 429]), "a refusal that no status said");
            assert!(!says("success") && !says_timeout(document));
        }
        PayAnswer::Unauthorised(_) => {
            assert!(parts.is(401) && !is_said(document, "bankCode") && !is_said(document, "bankMessage"));
            assert!(!says("success") && !says_timeout(document));
        }
        PayAnswer::NotSent(_) => assert!(parts.not_sent, "what was sent counts as not sent"),
        PayAnswer::Order(_) => unreachable!("only the till reads an order against the baseline"),
        PayAnswer::Unclear(_) => {}
    }
}

fn says_timeout(document: &BTreeMap<String, String>) -> bool {
    is_raw(document, "code", "2008") || is_text(document, "code", "2008")
}

/// One of the codes 2001 to 2007 stands somewhere, and 2008 does not stand at the root.
fn document_names_a_decline(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    // Escapes may spell the digits; then the text can't tell.
    text.contains("\\u") || (2001..=2007).any(|code: u16| text.contains(&code.to_string()))
}
