//! A card as it is handed to a front in one JSON object: `veznectl` reads it from standard input, the desk from its
//! window. Strict, and without copies of its own: what is read lies in the caller's buffer, which the caller wipes.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use vezne_core::card::{CardDetails, CardError, CardHolder, CardNumber, Cvc, Expiry};
use zeroize::Zeroizing;

/// A name of a field is shown only up to this length: no card number is as short and of such characters.
const NAME_CHARS: usize = 24;

/// Why a card could not be read. No words of it repeat a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardJsonError {
    /// Nothing but white space.
    #[error("It is empty.")]
    Empty,
    /// No JSON object. Serde's own words may repeat what was read, so only the place is told.
    #[error("It is no JSON object (line {line}, column {column}).")]
    NoObject {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// A field that no card has; its name where that is surely no card data, else its number.
    #[error("{0} is not known.")]
    UnknownField(String),
    /// The same field a second time.
    #[error("The field {0} stands there twice.")]
    Twice(&'static str),
    /// A field is missing.
    #[error("The field {0} is missing.")]
    Missing(&'static str),
    /// A field is something other than text.
    #[error("The field {0} must be text.")]
    NotText(&'static str),
    /// A field is something other than a whole number.
    #[error("The field {0} must be a whole number.")]
    NotANumber(&'static str),
    /// What was typed is no card.
    #[error("{0}")]
    Card(#[from] CardError),
}

/// A text of the object: in the caller's buffer, or, where it holds escapes, in one of its own that is wiped.
#[derive(Debug)]
pub enum CardText<'a> {
    /// As it stands there.
    Plain(&'a str),
    /// With its escapes read.
    Escaped(Zeroizing<String>),
}

impl Deref for CardText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Escaped(text) => text,
        }
    }
}

/// The fields of one JSON object, each once, each known.
pub struct CardJson<'a>(Vec<(&'static str, &'a RawValue)>);

impl fmt::Debug for CardJson<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CardJson(…)")
    }
}

impl<'a> CardJson<'a> {
    /// The fields that every card has.
    pub const FIELDS: [&'static str; 5] = ["number", "holder", "expiry_month", "expiry_year", "cvc"];

    /// Reads the object. It may hold the fields of a card, and those named in `also`.
    ///
    /// # Errors
    /// When it is no object, or holds a field twice or one that is not known.
    pub fn read(bytes: &'a [u8], also: &[&'static str]) -> Result<Self, CardJsonError> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(CardJsonError::Empty);
        }
        let Fields(found) = serde_json::from_slice::<Fields<'_>>(bytes)
            .map_err(|error| CardJsonError::NoObject { line: error.line(), column: error.column() })?;
        let mut fields: Vec<(&'static str, &'a RawValue)> = Vec::with_capacity(found.len());
        for (place, (name, value)) in found.into_iter().enumerate() {
            let known = Self::FIELDS.iter().chain(also).copied().find(|known| *known == name);
            let known = known.ok_or_else(|| CardJsonError::UnknownField(described(&name, place)))?;
            if fields.iter().any(|(before, _)| *before == known) {
                return Err(CardJsonError::Twice(known));
            }
            fields.push((known, value));
        }
        Ok(Self(fields))
    }

    /// The card, checked against today's (year, month).
    ///
    /// # Errors
    /// When a field is missing or wrong.
    pub fn card(&self, today: (u16, u8)) -> Result<CardDetails, CardJsonError> {
        let number = CardNumber::parse(&self.needed("number")?)?;
        let holder = CardHolder::parse(&self.needed("holder")?)?;
        let month = u8::try_from(self.whole_number("expiry_month")?).unwrap_or(u8::MAX);
        let expiry = Expiry::parse(month, self.whole_number("expiry_year")?)?;
        expiry.check(today)?;
        let cvc = Cvc::parse(&self.needed("cvc")?, number.brand())?;
        Ok(CardDetails { number, holder, expiry, cvc })
    }

    /// A text; `None` where there is no such field.
    ///
    /// # Errors
    /// When it is there and no text.
    pub fn text(&self, name: &'static str) -> Result<Option<CardText<'a>>, CardJsonError> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        let inner = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        if let Some(plain) = inner.filter(|inner| !inner.contains('\\')) {
            return Ok(Some(CardText::Plain(plain)));
        }
        match serde_json::from_str::<String>(raw) {
            Ok(text) => Ok(Some(CardText::Escaped(Zeroizing::new(text)))),
            Err(_) => Err(CardJsonError::NotText(name)),
        }
    }

    fn needed(&self, name: &'static str) -> Result<CardText<'a>, CardJsonError> {
        self.text(name)?.ok_or(CardJsonError::Missing(name))
    }

    fn whole_number(&self, name: &'static str) -> Result<u16, CardJsonError> {
        let raw = self.raw(name).ok_or(CardJsonError::Missing(name))?;
        raw.parse().map_err(|_| CardJsonError::NotANumber(name))
    }

    fn raw(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(found, _)| *found == name).map(|(_, raw)| raw.get())
    }
}

/// A name of a reasonable length is no card number; anything else is not repeated.
fn described(name: &str, place: usize) -> String {
    let plain = name.len() <= NAME_CHARS && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if plain { format!("The field {name}") } else { format!("Field number {}", place.saturating_add(1)) }
}

/// The fields as they stand in the text. Serde's own errors repeat values, so no value is read by it here.
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Fields<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        r#"{"number":"4155650100416111","holder":"AYŞE YILMAZ","expiry_month":12,"expiry_year":2026,"cvc":"000"}"#;

    fn card(text: &str) -> Result<CardDetails, CardJsonError> {
        CardJson::read(text.as_bytes(), &[])?.card((2026, 11))
    }

    #[test]
    fn a_card_is_read_with_and_without_escapes() {
        assert_eq!(card(GOOD).unwrap().number.expose(), "4155650100416111");
        let escaped = GOOD.replace('Ş', "\\u015e").replace("4155", "\\u0034155");
        let card = card(&escaped).unwrap();
        assert_eq!((card.holder.expose(), card.number.expose()), ("AYŞE YILMAZ", "4155650100416111"));
    }

    #[test]
    fn only_the_fields_that_were_asked_for_may_stand_beside_the_card() {
        let with_pin = GOOD.replace('}', r#","supervisor_pin":"7391"}"#);
        let fields = CardJson::read(with_pin.as_bytes(), &["supervisor_pin"]).unwrap();
        assert_eq!(&*fields.text("supervisor_pin").unwrap().unwrap(), "7391");
        assert_eq!(card(&with_pin).unwrap_err(), CardJsonError::UnknownField("The field supervisor_pin".to_owned()));
        assert!(
            CardJson::read(GOOD.as_bytes(), &["supervisor_pin"]).unwrap().text("supervisor_pin").unwrap().is_none()
        );
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field_and_no_value_is_repeated() {
        for (text, words) in [
            ("", "empty"),
            ("4155650100416111", "no JSON object"),
            ("\"4155650100416111\"", "no JSON object"),
            ("{\"number\":\"4155650100416111\"", "no JSON object"),
            (&GOOD.replace("\"number\"", "\"pan\""), "field pan is not known"),
            (&GOOD.replace("\"number\"", "\"4155650100416111\""), "Field number 1"),
            (&GOOD.replace("\"cvc\":\"000\"", "\"number\":\"1\""), "twice"),
            (&GOOD.replace(",\"cvc\":\"000\"", ""), "cvc is missing"),
            (&GOOD.replace("\"4155650100416111\"", "4155650100416111"), "number must be text"),
            (&GOOD.replace("\"expiry_month\":12", "\"expiry_month\":\"12\""), "whole number"),
            (&GOOD.replace("6111", "6112"), "check digit"),
            (&GOOD.replace("2026", "2025"), "expired"),
            (&GOOD.replace("\"000\"", "\"00\""), "number of digits"),
        ] {
            let error = card(text).unwrap_err();
            for told in [error.to_string(), format!("{error:?}")] {
                for secret in ["4155650100416", "AYŞE", "\"00\""] {
                    assert!(!told.contains(secret), "{told}");
                }
            }
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}
