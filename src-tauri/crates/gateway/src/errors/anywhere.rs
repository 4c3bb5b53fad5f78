//! What stands anywhere in an answer, however deep, however often and of whatever type.
//!
//! Two things in an answer decide whether a payment is sent a second time or counts as not charged: a word of the bank's,
//! and the bank's time-out. They are not only read where the vendor's document puts them, because an answer that has them
//! elsewhere, twice, or as something other than text is not one that says that nothing was processed.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::BANK_TIMEOUT;
use crate::field::json_text;

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Anywhere {
    /// `bankCode` or `bankMessage` says something.
    pub(crate) bank_speaks: bool,
    /// A code says 2008.
    pub(crate) timed_out: bool,
}

/// The fields in which the bank speaks, and those that hold codes; in small letters.
const BANK_FIELDS: [&str; 2] = ["bankcode", "bankmessage"];
const CODE_FIELDS: [&str; 2] = ["code", "errorcode"];

impl Anywhere {
    /// Looks through a whole body. One that can't be read to its end, but names a field of the bank's, counts as the bank's.
    pub(crate) fn of(body: &[u8]) -> Self {
        let mut found = Self::default();
        let Some(text) = json_text(body) else {
            found.bank_speaks = names_the_bank(&String::from_utf8_lossy(body));
            return found;
        };
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read = Look { found: &mut found, name: None }.deserialize(&mut deserializer);
        if read.is_err() || deserializer.end().is_err() {
            found.bank_speaks |= names_the_bank(text);
        }
        found
    }
}

fn names_the_bank(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    BANK_FIELDS.iter().any(|name| text.contains(name))
}

/// Walks through a value and whatever is in it; with the name of the field that it is, if it is one.
struct Look<'a> {
    found: &'a mut Anywhere,
    name: Option<&'a str>,
}

impl Look<'_> {
    fn named(&self, names: &[&str]) -> bool {
        self.name.is_some_and(|name| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)))
    }

    /// The field says something, whatever it is.
    fn said<E>(&mut self) -> Result<(), E> {
        self.found.bank_speaks |= self.named(&BANK_FIELDS);
        Ok(())
    }

    fn number<E>(&mut self, number: Option<i64>) -> Result<(), E> {
        self.found.timed_out |= number == Some(BANK_TIMEOUT) && self.named(&CODE_FIELDS);
        self.said()
    }
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(mut self, _value: bool) -> Result<(), E> {
        self.said()
    }

    fn visit_u64<E>(mut self, value: u64) -> Result<(), E> {
        self.number(i64::try_from(value).ok())
    }

    fn visit_i64<E>(mut self, value: i64) -> Result<(), E> {
        self.number(Some(value))
    }

    fn visit_f64<E>(mut self, _value: f64) -> Result<(), E> {
        self.said()
    }

    fn visit_str<E>(mut self, value: &str) -> Result<(), E> {
        if value.trim().is_empty() { Ok(()) } else { self.number(value.trim().parse().ok()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { found, name } = self;
        while let Some(inner) = map.next_key::<String>()? {
            Look { found: &mut *found, name }.said::<A::Error>()?;
            map.next_value_seed(Look { found: &mut *found, name: Some(&inner) })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self { found, name } = self;
        while seq.next_element_seed(Look { found: &mut *found, name })?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> (bool, bool) {
        let anywhere = Anywhere::of(body.as_bytes());
        (anywhere.bank_speaks, anywhere.timed_out)
    }

    #[test]
    fn the_bank_is_heard_however_deep_however_often_and_in_whatever_form() {
        for body in [
            r#"{"bankCode":"05"}"#,
            r#"{"bankCode":5}"#,
            r#"{"BankMessage":{"text":"no"}}"#,
            r#"{"bankMessage":[{}, "no"]}"#,
            r#"{"bankCode":"05","bankCode":"05"}"#,
            r#"{"a":{"b":[{"c":{"d":{"e":{"f":{"bankCode":false}}}}}]}}"#,
            r#"{"bankCode":"\ud800"}"#,
            r#"{"bankCode":"05""#,
            &format!("{}{}", r#"{"a":"#.repeat(200), r#"{"bankCode":"05"}"#),
        ] {
            assert!(found(body).0, "{body}");
        }
        for body in
            ["", "{}", r#"{"bankCode":null,"bankMessage":" "}"#, r#"{"bank":"05"}"#, "<html>denied</html>", "[1]"]
        {
            assert!(!found(body).0, "{body}");
        }
    }

    #[test]
    fn the_banks_time_out_is_heard_wherever_a_code_says_it() {
        for body in [
            r#"{"code":2008}"#,
            r#"{"code":" 2008 "}"#,
            r#"{"code":2001,"code":2008}"#,
            r#"{"a":[{"errorCode":2008}]}"#,
            r#"{"code":{"value":1},"details":[[{"Code":"2008"}]]}"#,
        ] {
            assert!(found(body).1, "{body}");
        }
        for body in [r#"{"code":2001}"#, r#"{"code":20080}"#, r#"{"port":2008}"#, r#"{"code":null}"#] {
            assert!(!found(body).1, "{body}");
        }
    }
}
