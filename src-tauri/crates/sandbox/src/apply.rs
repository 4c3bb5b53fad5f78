//! Faults applied to answers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;

use crate::answer::{Answer, vendor_error};
use crate::fault::{Call, CutPoint, Fault, Gateway, When};
use crate::fields::Problem;
use crate::money::raw;
use crate::world::too_many;

/// What finally happens on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outgoing {
    Whole(Answer),
    /// The connection is reset without a byte.
    Gone,
    /// Nothing for a long time, then the connection is reset.
    Held,
    CutInHead(Answer),
    CutInBody(Answer),
    Huge,
    Slow,
}

/// What a fault makes of an answer. For faults that strike before the work, the answer is ignored.
pub(crate) fn apply(fault: &Fault, (gateway, call): (Gateway, Call), answer: Answer) -> Outgoing {
    match fault {
        Fault::Delay { .. } | Fault::Duplicate => Outgoing::Whole(answer),
        Fault::Hold { when: When::Before | When::After } => Outgoing::Held,
        Fault::Cut { at } => match at {
            CutPoint::BeforeBody | CutPoint::BeforeExecuting | CutPoint::AfterExecuting => Outgoing::Gone,
            CutPoint::MidHeaders => Outgoing::CutInHead(answer),
            CutPoint::MidBody => Outgoing::CutInBody(answer),
        },
        Fault::Status { status, body, .. } => Outgoing::Whole(with_status(gateway, *status, body.as_deref())),
        Fault::CutJson => {
            let mut answer = answer;
            answer.body.truncate(answer.body.len() / 2);
            Outgoing::Whole(answer)
        }
        Fault::NotJson => {
            let page = "<!DOCTYPE html><html><body><h1>Service notice</h1></body></html>";
            Outgoing::Whole(Answer::html(200, page.to_owned()))
        }
        Fault::EmptyBody => Outgoing::Whole(Answer { body: Vec::new(), ..answer }),
        Fault::HugeBody => Outgoing::Huge,
        Fault::SlowBody => Outgoing::Slow,
        Fault::TooMany { retry_after } => Outgoing::Whole(too_many(gateway, *retry_after)),
        Fault::Unauthorized => {
            let problem = Problem::new("Authorization", "the access token has expired");
            Outgoing::Whole(vendor_error(gateway, 401, &problem))
        }
        Fault::Redirect { status, to, .. } => Outgoing::Whole(Answer::redirect(*status, to.clone())),
        Fault::Pending => Outgoing::Whole(edit(answer, |fields| say_pending(gateway, call, fields))),
        Fault::ArrayWrapped => Outgoing::Whole(in_array(answer, |element| vec![element])),
        Fault::ArrayDiffers => Outgoing::Whole(in_array(answer, |element| {
            let other = contradict(&element);
            vec![element, other]
        })),
        Fault::Base64Html => Outgoing::Whole(edit(answer, html_in_base64)),
    }
}

fn with_status(gateway: Gateway, status: u16, body: Option<&str>) -> Answer {
    let Some(body) = body else {
        let problem = match (gateway, status) {
            (Gateway::Yolcu360, 404) => Problem::new("orderID", "Order not found or payment already processed"),
            (_, 500..=599) => Problem::new("", "Payment processor error"),
            (_, _) => Problem::new("", "The request was not accepted"),
        };
        return vendor_error(gateway, status, &problem);
    };
    match body.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => Answer { content_type: "application/json", ..Answer::text(status, body) },
        Some(b'<') => Answer::html(status, body.to_owned()),
        Some(_) | None => Answer::text(status, body),
    }
}

type Object = BTreeMap<String, Box<RawValue>>;

/// Changes a JSON object's fields as text, so that amounts keep their decimals.
fn edit(answer: Answer, change: impl FnOnce(&mut Object)) -> Answer {
    let Ok(mut fields) = serde_json::from_slice::<Object>(&answer.body) else { return answer };
    change(&mut fields);
    let body = Answer::json(answer.status, &fields).body;
    Answer { body, ..answer }
}

fn in_array(answer: Answer, wrap: impl FnOnce(Box<RawValue>) -> Vec<Box<RawValue>>) -> Answer {
    let Ok(element) = serde_json::from_slice::<Box<RawValue>>(&answer.body) else { return answer };
    let body = Answer::json(answer.status, &wrap(element)).body;
    Answer { body, ..answer }
}

/// The same object with the opposite result.
fn contradict(element: &RawValue) -> Box<RawValue> {
    let mut fields: Object = serde_json::from_str(element.get()).unwrap_or_default();
    let opposite = |text: &str| match text {
        "true" => "false",
        "false" => "true",
        "\"failed\"" => "\"success\"",
        _ => "\"failed\"",
    };
    for name in ["success", "status"] {
        if let Some(value) = fields.get_mut(name) {
            *value = raw(opposite(value.get()).to_owned());
        }
    }
    raw(serde_json::to_string(&fields).unwrap_or_default())
}

fn inside(fields: &mut Object, name: &str, field: &str, value: &str) {
    let Some(object) = fields.get_mut(name) else { return };
    let Ok(mut inner) = serde_json::from_str::<Object>(object.get()) else { return };
    inner.insert(field.to_owned(), raw(value.to_owned()));
    *object = raw(serde_json::to_string(&inner).unwrap_or_default());
}

fn say_pending(gateway: Gateway, call: Call, fields: &mut Object) {
    match (gateway, call) {
        (Gateway::Yolcu360, Call::Pay) => {
            fields.insert("status".to_owned(), raw("\"pending\"".to_owned()));
        }
        (Gateway::Yolcu360, Call::Order | Call::Status) => inside(fields, "orderedCarProduct", "status", "\"pending\""),
        (Gateway::Finrota, Call::Status) => inside(fields, "data", "transactionStatusId", "3"),
        (Gateway::Finrota | Gateway::Yolcu360, _) => {}
    }
}

fn html_in_base64(fields: &mut Object) {
    let Some(value) = fields.get_mut("threeDSHtmlContent") else { return };
    if let Ok(html) = serde_json::from_str::<String>(value.get()) {
        *value = raw(format!("\"{}\"", STANDARD.encode(html)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(fault: &Fault, call: (Gateway, Call), body: &str) -> String {
        let answer = Answer { body: body.as_bytes().to_vec(), ..Answer::json(200, &()) };
        let Outgoing::Whole(answer) = apply(fault, call, answer) else { panic!("a whole answer") };
        String::from_utf8(answer.body).unwrap()
    }

    #[test]
    fn faults_change_answers_without_touching_their_decimals() {
        let status = (Gateway::Finrota, Call::Status);
        let body = r#"{"data":{"lastAmount":1500.5000,"transactionStatusId":1}}"#;
        let pending = answered(&Fault::Pending, status, body);
        assert_eq!(pending, r#"{"data":{"lastAmount":1500.5000,"transactionStatusId":3}}"#);
        let pay = (Gateway::Yolcu360, Call::Pay);
        assert_eq!(answered(&Fault::ArrayWrapped, pay, r#"{"status":"success"}"#), r#"[{"status":"success"}]"#);
        let differs = answered(&Fault::ArrayDiffers, pay, r#"{"status":"success"}"#);
        assert_eq!(differs, r#"[{"status":"success"},{"status":"failed"}]"#);
        let html = answered(&Fault::Base64Html, pay, r#"{"threeDSHtmlContent":"<p>"}"#);
        assert_eq!(html, r#"{"threeDSHtmlContent":"PHA+"}"#);
        assert_eq!(answered(&Fault::CutJson, pay, r#"{"status":"success"}"#), r#"{"status":"#);
    }
}
