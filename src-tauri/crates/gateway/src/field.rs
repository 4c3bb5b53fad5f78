//! One JSON field as it stood in an answer, read only when its meaning is asked for.
//!
//! A field of an unexpected type must not make a whole answer unreadable, and an amount must be read from the digits
//! that were sent: so wire types hold fields untouched, and `map.rs` asks each for what it needs.

use std::fmt;

use secrecy::SecretString;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use zeroize::Zeroize;

/// A field that may be missing, null or anything else. Debug output never shows what is in it, and it is wiped when it
/// is dropped: it may be a token, a bank's page or a person's name.
#[derive(Clone, Default)]
pub(crate) struct Field(Option<Box<RawValue>>);

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self((raw.get() != "null").then_some(raw)))
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Field(…)" } else { "Field(none)" })
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        if let Some(raw) = self.0.take() {
            Box::<str>::from(raw).zeroize();
        }
    }
}

impl Field {
    fn of(raw: &RawValue) -> Self {
        Self((raw.get() != "null").then(|| raw.to_owned()))
    }

    /// The field as a part of the answer, if it is there and not null.
    pub(crate) fn raw(&self) -> Option<&RawValue> {
        self.0.as_deref()
    }

    /// Whether it is there and not null.
    pub(crate) const fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// Whether it says anything: it is there, not null and no blank text. What says something and can't be read is not
    /// the same as what is not there.
    pub(crate) fn is_said(&self) -> bool {
        let Some(raw) = self.raw() else { return false };
        serde_json::from_str::<String>(raw.get()).map_or(true, |text| !text.trim().is_empty())
    }

    /// Whether it says something other than a text or a number.
    pub(crate) fn is_odd(&self) -> bool {
        self.is_said() && self.text().is_none()
    }

    /// This field, or the other when this one is missing or null.
    pub(crate) fn or<'a>(&'a self, other: &'a Self) -> &'a Self {
        if self.is_there() { self } else { other }
    }

    /// A text, or a number as it is written. Blank counts as missing.
    pub(crate) fn text(&self) -> Option<String> {
        let raw = self.raw()?.get();
        let text = match raw.as_bytes().first()? {
            b'"' => serde_json::from_str(raw).ok()?,
            b'-' | b'0'..=b'9' => raw.to_owned(),
            _ => return None,
        };
        Some(text).filter(|text| !text.trim().is_empty())
    }

    /// Only a text, not a number.
    pub(crate) fn word(&self) -> Option<String> {
        self.raw()?.get().starts_with('"').then(|| self.text()).flatten()
    }

    /// A text or number that is a secret: nothing of it stays behind here.
    pub(crate) fn secret(&self) -> Option<SecretString> {
        // The text is as long as its buffer, so wrapping it up moves nothing.
        self.text().map(SecretString::from)
    }

    /// A whole number, bare or as text.
    pub(crate) fn int(&self) -> Option<i64> {
        self.text()?.trim().parse().ok()
    }

    /// `true` or `false` as JSON writes them, nothing else: what money hangs on is not guessed from `"true"` or 1.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self.raw()?.get() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The digits of a number, bare or as text, exactly as they were sent.
    pub(crate) fn number_text(&self) -> Option<String> {
        self.text().map(|text| text.trim().to_owned())
    }

    /// It as an object (or whatever `T` is), if it reads as one.
    pub(crate) fn as_part<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.raw()?.get()).ok()
    }

    /// It as a list of fields; `None` when it is no list.
    pub(crate) fn as_list(&self) -> Option<Vec<Self>> {
        self.as_part()
    }
}

/// Why an answer does not have one content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotOne {
    /// Not JSON, not an object, or an empty list.
    Unreadable,
    /// A list whose elements differ.
    Differing,
}

/// The one object of an answer: the root itself, or the element of a list at the root (seen at Yolcu360). Several
/// elements are one when they are equal.
pub(crate) fn one_object<T: DeserializeOwned>(body: &[u8]) -> Result<T, NotOne> {
    let text = json_text(body).ok_or(NotOne::Unreadable)?;
    if !text.starts_with('[') {
        return object(text).ok_or(NotOne::Unreadable);
    }
    let elements: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| NotOne::Unreadable)?;
    let first = elements.first().ok_or(NotOne::Unreadable)?.get();
    if elements.len() == 1 {
        return object(first).ok_or(NotOne::Unreadable);
    }
    // Compared as values, so that white space and the order of fields make no difference. No amount is read from these.
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).map_err(|_| NotOne::Unreadable);
    let expected = value(first)?;
    for other in elements.iter().skip(1) {
        if value(other.get())? != expected {
            return Err(NotOne::Differing);
        }
    }
    object(first).ok_or(NotOne::Unreadable)
}

/// Whether a field of an answer's object, the root or any element of a list at the root, claims something; also where it
/// stands twice, or beside others that do.
pub(crate) fn any_says(body: &[u8], name: &str, claims: fn(&Field) -> bool) -> bool {
    named(body, name).iter().any(claims)
}

/// The same of a field inside of a field.
pub(crate) fn any_inside_says(body: &[u8], outer: &str, name: &str, claims: fn(&Field) -> bool) -> bool {
    named(body, outer).iter().any(|part| part.raw().is_some_and(|raw| any_says(raw.get().as_bytes(), name, claims)))
}

/// Every field of that name, in the order in which they stand.
fn named(body: &[u8], name: &str) -> Vec<Field> {
    let Some(text) = json_text(body) else { return Vec::new() };
    let objects: Vec<&RawValue> = if text.starts_with('[') {
        serde_json::from_str(text).unwrap_or_default()
    } else {
        serde_json::from_str(text).ok().into_iter().collect()
    };
    let pairs = objects.into_iter().filter_map(|object| serde_json::from_str::<Pairs<'_>>(object.get()).ok());
    pairs.flat_map(|Pairs(pairs)| pairs).filter(|(found, _)| found == name).map(|(_, raw)| Field::of(raw)).collect()
}

/// The fields of an object as they stand there, also twice.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Pairs<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Reading)
    }
}

/// An object read as `T`; a `T` made of named fields would otherwise be read from a list, too.
pub(crate) fn object<T: DeserializeOwned>(text: &str) -> Option<T> {
    text.trim_start().starts_with('{').then(|| serde_json::from_str(text).ok()).flatten()
}

/// A body as JSON text: UTF-8, without a byte order mark and white space around it.
pub(crate) fn json_text(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    Some(text.trim_start_matches('\u{feff}').trim())
}

/// Whether a body is a JSON object or list at all: what tells the vendor's own 404 from a web server's.
pub(crate) fn is_json(body: &[u8]) -> bool {
    json_text(body)
        .is_some_and(|text| text.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Answer {
        #[serde(default)]
        a: Field,
    }

    fn a(json: &str) -> Field {
        one_object::<Answer>(json.as_bytes()).unwrap().a
    }

    #[test]
    fn a_field_of_another_type_is_only_missing() {
        assert_eq!(a(r#"{"a":{"b":1}}"#).text(), None);
        assert_eq!(a(r#"{"a":null}"#).text(), None);
        assert!(!a(r#"{"a":null}"#).is_there());
        assert!(!a("{}").is_there());
        assert_eq!(a(r#"{"a":17}"#).text().as_deref(), Some("17"));
        assert_eq!(a(r#"{"a":"17"}"#).int(), Some(17));
        assert_eq!(a(r#"{"a":17}"#).word(), None);
        assert_eq!(a(r#"{"a":" "}"#).text(), None);
    }

    #[test]
    fn a_flag_is_never_guessed() {
        for json in [r#"{"a":"true"}"#, r#"{"a":1}"#, r#"{"a":null}"#] {
            assert_eq!(a(json).flag(), None, "{json}");
        }
        assert_eq!(a(r#"{"a":true}"#).flag(), Some(true));
    }

    #[test]
    fn an_amount_keeps_every_digit_that_was_sent() {
        for digits in ["1500.500", "0.1", "9007199254740993", "123456789012345.6789"] {
            assert_eq!(a(&format!(r#"{{"a":{digits}}}"#)).number_text().as_deref(), Some(digits));
        }
    }

    #[test]
    fn a_list_around_an_answer_is_taken_off_when_its_elements_agree() {
        assert_eq!(a(r#"[{"a":1}]"#).int(), Some(1));
        assert_eq!(a(r#"[{"a":1,"b":2},{"b":2, "a":1}]"#).int(), Some(1));
        assert_eq!(one_object::<Answer>(br#"[{"a":1},{"a":2}]"#).unwrap_err(), NotOne::Differing);
        for body in ["", "[]", "[[1]]", "[1]", "null", "\"a\"", "{", "<html>", "{\"a\":1,\"a\":2}"] {
            assert_eq!(one_object::<Answer>(body.as_bytes()).unwrap_err(), NotOne::Unreadable, "{body}");
        }
        assert_eq!(one_object::<Answer>("\u{feff} {\"a\":1}".as_bytes()).unwrap().a.int(), Some(1));
    }

    #[test]
    fn debug_output_shows_no_content() {
        assert!(!format!("{:?}", a(r#"{"a":"secret"}"#)).contains("secret"));
    }
}
