//! The fields of one line, each of which is taken once.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use vezne_core::money::{Currency, Money};

use super::Wrong;

/// What is left of a line's fields, each with its number in the line.
#[derive(Debug)]
pub(super) struct Fields(BTreeMap<String, (usize, Value)>);

/// All fields in their order, those that stand there twice too: serde's own map would keep the last of them.
struct Everything(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Everything {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Everything;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Everything, A::Error> {
                let mut all = Vec::new();
                while let Some(field) = map.next_entry()? {
                    all.push(field);
                }
                Ok(Everything(all))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl Fields {
    pub(super) fn read(line: &[u8]) -> Result<Self, Wrong> {
        let Everything(all) = serde_json::from_slice(line).map_err(|error| Wrong::NotJson(error.column()))?;
        let mut fields = BTreeMap::new();
        for (number, (name, value)) in (1_usize..).zip(all) {
            if fields.insert(name, (number, value)).is_some() {
                return Err(Wrong::Twice(number));
            }
        }
        Ok(Self(fields))
    }

    /// The field, and whether it is the only one.
    pub(super) fn only(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|_| self.0.len() == 1).map(|(_, value)| value)
    }

    pub(super) fn take(&mut self, name: &'static str) -> Result<Value, Wrong> {
        self.0.remove(name).map(|(_, value)| value).ok_or(Wrong::Missing(name))
    }

    /// A text, or none.
    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<String>, Wrong> {
        match self.take(name)? {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                Err(Wrong::Field { name, expected: "a text" })
            }
        }
    }

    /// A text that must be there.
    pub(super) fn some_text(&mut self, name: &'static str) -> Result<String, Wrong> {
        self.text(name)?.ok_or(Wrong::Field { name, expected: "a text" })
    }

    /// What a text names, or none where there is none.
    pub(super) fn named<T>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Wrong> {
        match self.text(name)? {
            None => Ok(None),
            Some(text) => read(&text).map(Some).ok_or(Wrong::Field { name, expected }),
        }
    }

    /// What a text that must be there names.
    pub(super) fn some<T: FromStr>(&mut self, name: &'static str, expected: &'static str) -> Result<T, Wrong> {
        self.named(name, expected, |text| text.parse().ok())?.ok_or(Wrong::Field { name, expected })
    }

    pub(super) fn flag(&mut self, name: &'static str) -> Result<bool, Wrong> {
        self.take(name)?.as_bool().ok_or(Wrong::Field { name, expected: "true or false" })
    }

    /// An amount of the currency; both or none of them. As it is written, and not `545.0` or `5.45e2`.
    pub(super) fn amount(&mut self, name: &'static str, currency: Option<Currency>) -> Result<Option<Money>, Wrong> {
        let expected = "an amount with the decimals of its currency, and nothing where there is no currency";
        let read = |text: &str| {
            let amount = Money::from_decimal_text(text, currency?).ok()?;
            (amount.amount_text() == text).then_some(amount)
        };
        self.named(name, expected, read)
    }

    /// That nothing is left.
    pub(super) fn end(&self) -> Result<(), Wrong> {
        match self.0.values().next() {
            None => Ok(()),
            Some((number, _)) => Err(Wrong::Unknown(*number)),
        }
    }
}
