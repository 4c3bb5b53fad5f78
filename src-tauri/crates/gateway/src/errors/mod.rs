//! What an error says, whichever form it is written in.
//!
//! Yolcu360 writes `{code, description, details{field, message, bankCode, bankMessage}}` (document: Example Error
//! Response; `details` seen as a list, too). Of Finrota `{statusCode, error, message}`, `{statusCode, message, errors}`,
//! `{success:false, error}` and the envelope `{message, statusCode, exceptions, data{errorCode, errorMessage, …}, errors}`
//! are known. Everything that is shown passes [`ForeignText`].

mod anywhere;
mod decline;
mod shown;

use std::collections::BTreeMap;

pub(crate) use anywhere::Anywhere;
pub(crate) use decline::{BANK_TIMEOUT, decline_of_code, decline_of_words};
use serde::Deserialize;
pub(crate) use shown::shown;
use vezne_core::card::CardField;
use vezne_core::text::{ForeignText, fold};

use crate::field::{Field, json_text, object};

/// An error's fields in every form that is known.
#[derive(Default, Deserialize)]
#[serde(default)]
struct WireError {
    code: Field,
    #[serde(rename = "errorCode")]
    error_code: Field,
    description: Field,
    message: Field,
    error: Field,
    #[serde(rename = "errorMessage")]
    error_message: Field,
    title: Field,
    detail: Field,
    details: Field,
    errors: Field,
    exceptions: Field,
    data: Field,
    field: Field,
    #[serde(rename = "bankCode")]
    bank_code: Field,
    #[serde(rename = "bankMessage")]
    bank_message: Field,
}

/// What an error says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ErrorSays {
    /// `code` or `errorCode`, when it is a number.
    pub(crate) code: Option<i64>,
    /// Its words; with the code in front, when that has no meaning of its own here.
    pub(crate) text: Option<ForeignText>,
    /// `bankCode`.
    pub(crate) bank_code: Option<ForeignText>,
    /// `bankMessage`.
    pub(crate) bank_text: Option<ForeignText>,
    /// The field of the card that `details.field` names.
    pub(crate) field: Option<CardField>,
    /// Whether it speaks of the return address.
    pub(crate) names_return_address: bool,
}

impl ErrorSays {
    /// Reads a body. `None` when it says nothing: empty, cut, a web page, or an object without any known field.
    pub(crate) fn read(body: Option<&[u8]>) -> Option<Self> {
        let text = json_text(body?)?;
        let wire = if text.starts_with('[') {
            // A list around errors is read like the list inside one: every element speaks.
            WireError { details: serde_json::from_str(text).ok()?, ..WireError::default() }
        } else if let Some(wire) = object::<WireError>(text) {
            wire
        } else {
            return plain_text(text);
        };
        let says = Self::of(&wire);
        (says != Self::default()).then_some(says)
    }

    fn of(wire: &WireError) -> Self {
        let inner = inner_parts(wire);
        let parts = || std::iter::once(wire).chain(&inner);
        let first = |pick: fn(&WireError) -> &Field| parts().find_map(|part| pick(part).text());
        let codes: Vec<i64> = parts().filter_map(|part| part.code.or(&part.error_code).int()).collect();
        // Wherever the bank's time-out stands, it outweighs what stands beside it.
        let code = codes.iter().find(|code| **code == BANK_TIMEOUT).or_else(|| codes.first()).copied();
        let written_code = first(|part| &part.code).or_else(|| first(|part| &part.error_code));
        let words = words(wire, &inner);
        let named = first(|part| &part.field);
        let speaks_of_return = |text: &str| {
            let folded = fold(text);
            ["returnurl", "return url", "callbackurl", "callback url"].iter().any(|name| folded.contains(name))
        };
        let keys_of_errors = keys(&wire.errors);
        let names_return_address = words.iter().chain(&named).chain(&keys_of_errors).any(|text| speaks_of_return(text));
        Self {
            code,
            text: said(&words, code, written_code.as_deref()),
            bank_code: first(|part| &part.bank_code).map(|text| ForeignText::filter(&text)),
            bank_text: first(|part| &part.bank_message).map(|text| shown(&text)),
            field: named.as_deref().or_else(|| keys_of_errors.first().map(String::as_str)).and_then(card_field),
            names_return_address,
        }
    }

    /// Whether the bank has said anything: then a 401 is more than an old token.
    pub(crate) const fn has_bank_fields(&self) -> bool {
        self.bank_code.is_some() || self.bank_text.is_some()
    }
}

/// A short answer that is no JSON: its text, unless it is a page.
fn plain_text(text: &str) -> Option<ErrorSays> {
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let is_text = !text.is_empty() && !is_json && !text.starts_with(['<', '{', '[', '"']);
    is_text.then(|| ErrorSays { text: Some(shown(text)), ..ErrorSays::default() })
}

/// How deep objects inside an error are looked at, and how many.
const DEPTH_MOST: usize = 4;
const PARTS_MOST: usize = 40;

/// The objects inside an error that speak for it: `details`, `data`, `errors`, and the elements where these are lists.
fn inner_parts(wire: &WireError) -> Vec<WireError> {
    let mut parts = Vec::new();
    collect(wire, DEPTH_MOST, &mut parts);
    parts
}

fn collect(wire: &WireError, depth: usize, parts: &mut Vec<WireError>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for field in [&wire.details, &wire.data, &wire.errors, &wire.error] {
        let elements = field.as_list().unwrap_or_else(|| vec![field.clone()]);
        for part in elements.iter().filter_map(|element| object::<WireError>(element.raw()?.get())) {
            if parts.len() >= PARTS_MOST {
                return;
            }
            let place = parts.len();
            collect(&part, depth, parts);
            parts.insert(place, part);
        }
    }
}

/// Every different text, the general ones first.
fn words(wire: &WireError, inner: &[WireError]) -> Vec<String> {
    const MOST: usize = 6;
    let mut words: Vec<String> = Vec::new();
    let mut add = |text: Option<String>| {
        if let Some(text) = text.filter(|text| words.len() < MOST && !words.contains(text)) {
            words.push(text);
        }
    };
    for part in std::iter::once(wire).chain(inner) {
        for field in [&part.description, &part.message, &part.error, &part.error_message, &part.title, &part.detail] {
            add(field.word());
        }
    }
    for field in [&wire.details, &wire.errors, &wire.exceptions] {
        add(field.word());
        for text in field.as_list().unwrap_or_default() {
            add(text.word());
        }
    }
    for value in named_values(&wire.errors).into_values() {
        add(value.word());
        for text in value.as_list().unwrap_or_default() {
            add(text.word());
        }
    }
    words
}

/// `errors` seen as `{field: [message, …]}`.
fn named_values(field: &Field) -> BTreeMap<String, Field> {
    field.raw().and_then(|raw| object(raw.get())).unwrap_or_default()
}

fn keys(field: &Field) -> Vec<String> {
    named_values(field).into_keys().collect()
}

/// The text for the screen. A code that has a meaning here is shown by that meaning; any other stands in front.
fn said(words: &[String], code: Option<i64>, written: Option<&str>) -> Option<ForeignText> {
    let known = code.is_some_and(|code| (2001..=2008).contains(&code));
    let mut parts: Vec<&str> = written.filter(|_| !known).into_iter().collect();
    // Long words of a general kind ("Bad Request") stay in front, as the gateway put them.
    parts.extend(words.iter().map(String::as_str));
    let text = shown(&parts.join(": "));
    (!text.is_empty()).then_some(text)
}

/// The card's field that a gateway's field name means.
fn card_field(name: &str) -> Option<CardField> {
    let name: String = fold(name).chars().filter(char::is_ascii_alphanumeric).collect();
    let has = |part: &str| name.contains(part);
    if has("cardnumber") || has("cardno") || name == "pan" {
        Some(CardField::Number)
    } else if has("holder") || has("nameoncard") {
        Some(CardField::Holder)
    } else if has("expir") || has("expmonth") || has("expyear") || has("expdate") {
        Some(CardField::Expiry)
    } else if has("cvc") || has("cvv") || has("cv2") || has("securitycode") {
        Some(CardField::Cvc)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> ErrorSays {
        ErrorSays::read(Some(body.as_bytes())).unwrap()
    }

    fn text(body: &str) -> String {
        read(body).text.unwrap().as_str().to_owned()
    }

    #[test]
    fn every_known_form_gives_its_words() {
        for (body, expected) in [
            (
                r#"{"code":2001,"description":"Credit card declined","details":{"message":"declined by the bank"}}"#,
                "Credit card declined: declined by the bank",
            ),
            (r#"{"code":6008,"description":"Vendor not allowed"}"#, "6008: Vendor not allowed"),
            (
                r#"{"statusCode":400,"error":"Bad Request","message":"binNumber is required"}"#,
                "binNumber is required: Bad Request",
            ),
            (
                r#"{"statusCode":400,"message":"Validation","errors":{"card.cvv":["too short"]}}"#,
                "Validation: too short",
            ),
            (r#"{"statusCode":400,"message":["a","b"],"errors":["c"]}"#, "c"),
            (r#"{"success":false,"error":"Yetersiz bakiye"}"#, "Yetersiz bakiye"),
            (
                r#"{"message":null,"data":{"isSuccess":false,"errorCode":"E7","errorMessage":"No"},"errors":null}"#,
                "E7: No",
            ),
            (r#"{"details":[{"message":"first"},{"message":"second"}]}"#, "first: second"),
            (r#"[{"error":"in a list"}]"#, "in a list"),
            ("plain words", "plain words"),
        ] {
            assert_eq!(text(body), expected, "{body}");
        }
    }

    #[test]
    fn what_says_nothing_is_nothing() {
        for body in ["", "{}", "[]", "<html>denied</html>", "{\"cut\":", "null", r#"{"details":null}"#] {
            assert_eq!(ErrorSays::read(Some(body.as_bytes())), None, "{body}");
        }
        assert_eq!(ErrorSays::read(None), None);
    }

    #[test]
    fn the_banks_fields_are_found_inside_details_whether_object_or_list() {
        for body in [
            r#"{"code":2001,"details":{"field":"cardNumber","bankCode":"05","bankMessage":"Do not honor"}}"#,
            r#"{"code":2001,"details":[{"field":"cardNumber"},{"bankCode":"05","bankMessage":"Do not honor"}]}"#,
        ] {
            let says = read(body);
            assert!(says.has_bank_fields());
            assert_eq!(says.bank_code.unwrap().as_str(), "05");
            assert_eq!(says.bank_text.unwrap().as_str(), "Do not honor");
            assert_eq!((says.code, says.field), (Some(2001), Some(CardField::Number)));
        }
        let second = r#"[{"code":2001},{"code":7,"details":[{"errors":{"bankCode":"05"}}]}]"#;
        assert!(read(second).has_bank_fields(), "however deep and in whichever element");
        assert_eq!(read(r#"{"code":2001,"details":{"code":2008}}"#).code, Some(BANK_TIMEOUT));
        assert!(!read(r#"{"code":2001,"details":{"bankCode":null,"bankMessage":""}}"#).has_bank_fields());
    }

    #[test]
    fn a_gateways_field_names_are_mapped_to_the_cards() {
        for (name, field) in [
            ("cardNumber", CardField::Number),
            ("payWithCard.cardNumber", CardField::Number),
            ("cardHolderName", CardField::Holder),
            ("expireMonth", CardField::Expiry),
            ("expYear", CardField::Expiry),
            ("cvc", CardField::Cvc),
            ("Card.Cvv", CardField::Cvc),
        ] {
            assert_eq!(card_field(name), Some(field), "{name}");
        }
        assert_eq!(card_field("orderID"), None);
    }

    #[test]
    fn an_error_about_the_return_address_is_recognised() {
        for body in [
            r#"{"statusCode":400,"message":"returnUrl must be a valid URL"}"#,
            r#"{"statusCode":400,"errors":{"ReturnUrl":["not valid"]}}"#,
            r#"{"code":1001,"description":"x","details":{"field":"payWithCard.callbackUrl"}}"#,
        ] {
            assert!(read(body).names_return_address, "{body}");
        }
        assert!(!read(r#"{"message":"binNumber"}"#).names_return_address);
    }

    #[test]
    fn card_data_and_tokens_that_a_gateway_repeats_are_masked() {
        let body = r#"{"message":"bad request {cardNumber:4155650100416111, cvv: 987, Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.abcdefgh}"}"#;
        let shown = text(body);
        for secret in ["4155", "6111", "987", "eyJhbGci"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
