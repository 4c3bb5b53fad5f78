//! The return from the bank: query, body in any form, the browser's own headers; and what of it counts.

use vezne_core::account::GatewayKind;
use vezne_core::attempt::{Event, ReturnFields, ReturnHint, State, step};
use vezne_core::evidence::Claim;
use vezne_home::fuzzing::is_own_page;
use vezne_home::return_fields;

use crate::check::texts_are_filtered;
use crate::engine::Target;
use crate::samples;

/// The target: the first line is the query, the second the content type (and headers after `;;`), the rest the body.
pub(super) const TARGET: Target = Target { name: "bank_return", run, words: &WORDS, longest: 80 * 1024 };

const WORDS: [&str; 34] = [
    "status=success",
    "status=failed",
    "success=true",
    "success=false",
    "orderID=order_1",
    "orderId=order_1",
    "mdStatus=1",
    "clientReferenceCode=",
    "error=x",
    "&",
    "=",
    "%",
    "%00",
    "%F0%9F",
    "+",
    "\n",
    "\r\n\r\n",
    "application/x-www-form-urlencoded\n",
    "multipart/form-data; boundary=XX\n",
    "multipart/form-data; boundary=\"\"\n",
    "--XX\r\n",
    "--XX--",
    "name=\"status\"",
    "Content-Disposition: form-data; name=\"success\"",
    ";;sec-fetch-dest: document",
    ";;sec-fetch-dest: iframe",
    ";;sec-fetch-mode: navigate",
    ";;accept: text/html",
    ";;accept: */*",
    "text/plain\n",
    "application/json\n",
    "GET ",
    "POST ",
    "; charset=utf-8",
];

fn run(data: &[u8]) {
    let mut lines = data.splitn(3, |byte| *byte == b'\n');
    let mut line = || String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let (query, second) = (line(), line());
    let body = lines.next().unwrap_or_default();
    let mut pieces = second.split(";;");
    let kind = pieces.next().unwrap_or_default();
    let mut headers: Vec<(String, String)> = pieces
        .filter_map(|header| header.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect();
    if !kind.is_empty() {
        headers.push(("content-type".to_owned(), kind.to_owned()));
    }
    let fields = return_fields(&query, body, kind);
    texts_are_filtered(&fields);
    assert_eq!(return_fields(&query, body, kind), fields, "one return says one thing");
    let method = if query.starts_with("POST ") { "POST" } else { "GET" };
    let own_page = is_own_page(method, &headers);
    let names = |wanted: &str, value: &str| {
        headers.iter().any(|(name, found)| name.eq_ignore_ascii_case(wanted) && found.eq_ignore_ascii_case(value))
    };
    if names("sec-fetch-dest", "iframe") || names("sec-fetch-dest", "image") {
        let says_document = names("sec-fetch-dest", "document");
        assert!(!own_page || says_document, "a frame or an image passed for the page");
    }
    for gateway in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        counts(gateway, &fields);
    }
    let again = serde_json::to_string(&fields).ok().and_then(|text| serde_json::from_str::<ReturnFields>(&text).ok());
    assert_eq!(again.as_ref(), Some(&fields), "written down, it says something else");
}

/// What a return claims; and that it never settles what the gateway can be asked about.
fn counts(gateway: GatewayKind, fields: &ReturnFields) {
    let attempt = samples::attempt(gateway);
    let reference = attempt.intent.reference.as_str();
    let text = |field: &Option<vezne_core::text::ForeignText>| field.as_ref().map(|text| text.as_str().to_owned());
    for own_page in [false, true] {
        let hint = ReturnHint { fields: fields.clone(), own_page };
        let claim = hint.claim(&attempt.intent.subject, reference);
        assert!(own_page || claim.is_none(), "what is not the window's own page claims something");
        match (claim, gateway) {
            (None, _) => {}
            (Some(claim), GatewayKind::Finrota) => {
                assert_eq!(text(&fields.client_reference).as_deref(), Some(reference));
                let word = if claim == Claim::Success { "true" } else { "false" };
                assert_eq!(text(&fields.success).as_deref(), Some(word));
            }
            (Some(claim), GatewayKind::Yolcu360) => {
                assert_eq!(text(&fields.order).as_deref(), Some("order_1"));
                let word = if claim == Claim::Success { "success" } else { "failed" };
                assert_eq!(text(&fields.status).as_deref(), Some(word));
            }
        }
        let Ok(taken) = step(&attempt, Event::ReturnArrived(hint), samples::NOON) else { continue };
        assert!(!taken.attempt.state.is_final(), "a return settled an attempt");
        assert_eq!(taken.attempt.state, State::Ready, "a return moved an attempt that was not sent");
    }
}
