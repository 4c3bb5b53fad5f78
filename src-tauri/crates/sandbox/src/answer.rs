//! An answer before it meets the wire.

use std::time::Duration;

use serde::Serialize;

use crate::fault::{Fault, Gateway};
use crate::fields::Problem;

/// What a call answers, and the fault its scene asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Waited before the answer leaves; the work is done by then.
    pub(crate) delay: Duration,
    /// A fault of the scene; a rule of the faults file goes before it.
    pub(crate) fault: Option<Fault>,
}

/// A refusal travels as an error so that checks can be written one after the other.
pub(crate) type Handled = Result<Answer, Box<Answer>>;

pub(crate) fn either(handled: Handled) -> Answer {
    handled.unwrap_or_else(|refusal| *refusal)
}

impl Answer {
    fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Answer {
        Answer { status, content_type, headers: Vec::new(), body, delay: Duration::ZERO, fault: None }
    }

    pub(crate) fn json(status: u16, value: &impl Serialize) -> Answer {
        let body = serde_json::to_vec(value).unwrap_or_else(|error| {
            tracing::error!(%error, "an answer could not be written as JSON");
            b"null".to_vec()
        });
        Answer::new(status, "application/json; charset=utf-8", body)
    }

    pub(crate) fn html(status: u16, page: String) -> Answer {
        Answer::new(status, "text/html; charset=utf-8", page.into_bytes())
    }

    pub(crate) fn text(status: u16, text: &str) -> Answer {
        Answer::new(status, "text/plain; charset=utf-8", text.as_bytes().to_vec())
    }

    pub(crate) fn redirect(status: u16, to: String) -> Answer {
        Answer::new(status, "text/html; charset=utf-8", Vec::new()).with_header("location", to)
    }

    /// Nothing was carried out; the fault decides what leaves.
    pub(crate) fn unexecuted(fault: Fault) -> Answer {
        Answer { fault: Some(fault), ..Answer::text(500, "") }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Answer {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn with_fault(self, fault: Option<Fault>) -> Answer {
        Answer { fault, ..self }
    }

    pub(crate) fn boxed(self) -> Box<Answer> {
        Box::new(self)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FinrotaError<'a> {
    status_code: u16,
    error: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct YolcuDetails<'a> {
    field: &'a str,
    message: &'a str,
    #[serde(rename = "bankCode", skip_serializing_if = "Option::is_none")]
    bank_code: Option<&'a str>,
    #[serde(rename = "bankMessage", skip_serializing_if = "Option::is_none")]
    bank_message: Option<&'a str>,
}

#[derive(Serialize)]
struct YolcuError<'a> {
    code: u32,
    description: &'a str,
    details: YolcuDetails<'a>,
}

fn phrase(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500..=599 => "System error",
        _ => "Error",
    }
}

/// Finrota's error form.
pub(crate) fn finrota_error(status: u16, message: &str) -> Answer {
    Answer::json(status, &FinrotaError { status_code: status, error: phrase(status), message })
}

/// Yolcu360's error form ("Example Error Response"), without the bank's fields.
pub(crate) fn yolcu360_error(status: u16, code: u32, problem: &Problem) -> Answer {
    let details =
        YolcuDetails { field: &problem.field, message: &problem.message, bank_code: None, bank_message: None };
    Answer::json(status, &YolcuError { code, description: phrase(status), details })
}

/// Yolcu360's error form for a decline or time-out of the bank.
pub(crate) fn yolcu360_bank_error(status: u16, code: u32, texts: (&str, &str, &str), bank: (&str, &str)) -> Answer {
    let (description, field, message) = texts;
    let details = YolcuDetails { field, message, bank_code: Some(bank.0), bank_message: Some(bank.1) };
    Answer::json(status, &YolcuError { code, description, details })
}

/// Yolcu360's API-wide code for an HTTP status. Its 2001 collides with "card declined" on purpose: so it does at the vendor.
pub(crate) fn yolcu360_code(status: u16) -> u32 {
    match status {
        401 => 2001,
        403 => 2002,
        404 => 1004,
        429 => 1029,
        500..=599 => 1000,
        _ => 1001,
    }
}

/// The vendor's error form for any status.
pub(crate) fn vendor_error(gateway: Gateway, status: u16, problem: &Problem) -> Answer {
    match gateway {
        Gateway::Finrota => {
            let colon = if problem.field.is_empty() { "" } else { ": " };
            finrota_error(status, &format!("{}{colon}{}", problem.field, problem.message))
        }
        Gateway::Yolcu360 => yolcu360_error(status, yolcu360_code(status), problem),
    }
}
