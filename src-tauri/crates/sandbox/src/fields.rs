//! A strict reader of JSON objects: each field is asked for by name and type, and what nobody asked for is an error.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::value::RawValue;
use url::Url;

/// What is wrong with a request, for the vendor's error form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { field: field.into(), message: message.into() }
    }
}

/// One JSON object whose fields are taken out one by one.
pub(crate) struct Fields {
    path: String,
    left: BTreeMap<String, Box<RawValue>>,
}

impl Fields {
    /// The request's body as an object.
    pub(crate) fn of_body(body: &[u8]) -> Result<Fields, Problem> {
        let text = std::str::from_utf8(body).map_err(|_| Problem::new("body", "must be UTF-8"))?;
        if text.trim().is_empty() {
            return Err(Problem::new("body", "is empty, a JSON object is required"));
        }
        let left = serde_json::from_str(text)
            .map_err(|error| Problem::new("body", format!("is not a JSON object: line {}", error.line())))?;
        Ok(Fields { path: String::new(), left })
    }

    fn name(&self, field: &str) -> String {
        if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) }
    }

    fn raw(&mut self, field: &str) -> Result<Box<RawValue>, Problem> {
        self.left.remove(field).ok_or_else(|| Problem::new(self.name(field), "is required"))
    }

    fn wrong_type(&self, field: &str, wanted: &str, raw: &RawValue) -> Problem {
        Problem::new(self.name(field), format!("must be {wanted}, got {}", json_type(raw.get())))
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.left.contains_key(field)
    }

    /// Drops a field that the vendor's own pages show but that has no effect.
    pub(crate) fn ignore(&mut self, field: &str) {
        self.left.remove(field);
    }

    pub(crate) fn string(&mut self, field: &str) -> Result<String, Problem> {
        let raw = self.raw(field)?;
        let text: String = serde_json::from_str(raw.get()).map_err(|_| self.wrong_type(field, "a string", &raw))?;
        if text.trim().is_empty() {
            return Err(Problem::new(self.name(field), "must not be empty"));
        }
        Ok(text)
    }

    /// A string that `check` accepts; `wanted` completes the sentence "must be …".
    pub(crate) fn string_that(
        &mut self,
        field: &str,
        wanted: &str,
        check: impl Fn(&str) -> bool,
    ) -> Result<String, Problem> {
        let text = self.string(field)?;
        if check(&text) { Ok(text) } else { Err(Problem::new(self.name(field), format!("must be {wanted}"))) }
    }

    pub(crate) fn integer(&mut self, field: &str) -> Result<i64, Problem> {
        let raw = self.raw(field)?;
        raw.get().parse().map_err(|_| self.wrong_type(field, "an integer", &raw))
    }

    pub(crate) fn integer_in(&mut self, field: &str, from: i64, to: i64) -> Result<i64, Problem> {
        let number = self.integer(field)?;
        if (from..=to).contains(&number) {
            Ok(number)
        } else {
            Err(Problem::new(self.name(field), format!("must be between {from} and {to}, got {number}")))
        }
    }

    pub(crate) fn boolean(&mut self, field: &str) -> Result<bool, Problem> {
        let raw = self.raw(field)?;
        raw.get().parse().map_err(|_| self.wrong_type(field, "a boolean", &raw))
    }

    /// A JSON number in minor units, read from its text.
    pub(crate) fn amount(&mut self, field: &str) -> Result<i64, Problem> {
        let raw = self.raw(field)?;
        if json_type(raw.get()) != "a number" {
            return Err(self.wrong_type(field, "a number", &raw));
        }
        crate::money::minor_units(raw.get()).map_err(|message| Problem::new(self.name(field), message))
    }

    pub(crate) fn object(&mut self, field: &str) -> Result<Fields, Problem> {
        let raw = self.raw(field)?;
        let left = serde_json::from_str(raw.get()).map_err(|_| self.wrong_type(field, "an object", &raw))?;
        Ok(Fields { path: self.name(field), left })
    }

    /// An absolute URL of a scheme that a browser can be sent to; custom schemes are welcome.
    pub(crate) fn url(&mut self, field: &str) -> Result<Url, Problem> {
        let text = self.string(field)?;
        let url = Url::parse(&text).map_err(|_| Problem::new(self.name(field), "must be an absolute URL"))?;
        match url.scheme() {
            "javascript" | "data" | "file" | "blob" | "about" | "mailto" | "vbscript" => {
                Err(Problem::new(self.name(field), format!("must not use the scheme {}", url.scheme())))
            }
            "http" | "https" => Ok(url),
            _ if text.contains("://") => Ok(url),
            _ => Err(Problem::new(self.name(field), "must be an absolute URL")),
        }
    }

    pub(crate) fn ip_address(&mut self, field: &str) -> Result<IpAddr, Problem> {
        let text = self.string(field)?;
        text.parse().map_err(|_| Problem::new(self.name(field), "must be an IP address"))
    }

    /// Ends the reading: a field that nobody asked for is an error.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(field) => Err(Problem::new(self.name(field), "is not a known field")),
        }
    }
}

fn json_type(text: &str) -> &'static str {
    match text.trim_start().bytes().next() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') | None => "null",
        Some(_) => "a number",
    }
}

/// The Luhn check of a string of digits.
pub(crate) fn luhn(digits: &str) -> bool {
    let sum: Option<u32> = digits
        .chars()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = digit.to_digit(10)?;
            Some(match (place % 2, digit) {
                (0, _) => digit,
                (_, 5..=9) => digit * 2 - 9,
                (_, _) => digit * 2,
            })
        })
        .sum();
    sum.is_some_and(|sum| sum % 10 == 0)
}

/// 13 to 19 digits and nothing else.
pub(crate) fn is_card_number(text: &str) -> bool {
    (13..=19).contains(&text.len()) && is_digits(text)
}

pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Three digits, or four on American Express.
pub(crate) fn is_cvc(cvc: &str, number: &str) -> bool {
    let amex = number.starts_with("34") || number.starts_with("37");
    is_digits(cvc) && (cvc.len() == 3 || (amex && cvc.len() == 4))
}

/// The last four digits, the only part of a card number that is ever kept.
pub(crate) fn last_four(number: &str) -> String {
    let skip = number.chars().count().saturating_sub(4);
    number.chars().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields {
        Fields::of_body(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_wrong_type_is_named_with_what_was_sent() {
        let problem = fields(r#"{"expMonth":"12"}"#).integer("expMonth").unwrap_err();
        assert_eq!(problem, Problem::new("expMonth", "must be an integer, got a string"));
        let problem = fields(r#"{"use3D":1}"#).boolean("use3D").unwrap_err();
        assert_eq!(problem, Problem::new("use3D", "must be a boolean, got a number"));
        let problem = fields(r#"{"cvv":0}"#).string("cvv").unwrap_err();
        assert_eq!(problem, Problem::new("cvv", "must be a string, got a number"));
    }

    #[test]
    fn an_unknown_field_inside_an_object_is_named_with_its_path() {
        let mut body = fields(r#"{"card":{"number":"1"}}"#);
        let problem = body.object("card").unwrap().finish().unwrap_err();
        assert_eq!(problem, Problem::new("card.number", "is not a known field"));
    }

    #[test]
    fn return_addresses_may_use_a_custom_scheme_but_must_be_absolute() {
        for good in ["https://merchant.com", "http://127.0.0.1:9/r?n=1", "vezne-return://done/abc"] {
            let json = format!("{{\"returnUrl\":\"{good}\"}}");
            assert!(fields(&json).url("returnUrl").is_ok(), "{good}");
        }
        for bad in ["/return", "merchant.com", "javascript:alert(1)", "vezne:opaque", "file:///etc"] {
            let json = format!("{{\"returnUrl\":\"{bad}\"}}");
            assert_eq!(fields(&json).url("returnUrl").unwrap_err().field, "returnUrl", "{bad}");
        }
    }

    #[test]
    fn the_check_digit_is_checked() {
        assert!(luhn("4155650100416111"));
        assert!(!luhn("4155650100416112"));
        assert!(!luhn("41556501004161x1"));
    }
}
