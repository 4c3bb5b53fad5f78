//! One key of the file: the parser and the documentation read the same entry.

use toml_edit::Value;

use crate::model::Gateway;

/// A key with everything that the parser and the documentation need to know of it.
pub(crate) struct Key<T> {
    pub(crate) name: &'static str,
    /// The kind of value, for a person.
    pub(crate) kind: &'static str,
    /// Continues "must be …".
    pub(crate) allowed: &'static str,
    pub(crate) default: Default,
    /// The gateway that alone knows this key.
    pub(crate) only: Option<Gateway>,
    pub(crate) meaning: &'static str,
    pub(crate) read: fn(&Written<'_>) -> Result<T, Wrong>,
}

/// What stands in for a key that is not written.
#[derive(Clone, Copy)]
pub(crate) enum Default {
    /// It must be written.
    Required,
    /// This TOML, read by the same reader as the file.
    Toml(&'static str),
    /// Nothing, or something worked out from other keys; in words.
    Absent(&'static str),
}

/// A value as it stands in the file.
pub(crate) struct Written<'a> {
    pub(crate) value: &'a Value,
    /// Its text, for decimals that must not pass through a float.
    pub(crate) text: &'a str,
}

/// A value that is not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// What stands there instead, only where that can be no secret.
    pub(crate) found: Option<String>,
    /// What was probably meant.
    pub(crate) meant: Option<&'static str>,
}

impl Wrong {
    /// Wrong, without repeating the value.
    pub(crate) const fn unsaid() -> Self {
        Self { found: None, meant: None }
    }
}

/// What the documentation and the search for unknown keys see of a key, whatever its type.
pub(crate) trait Described: Sync {
    fn name(&self) -> &'static str;
    fn kind(&self) -> &'static str;
    fn allowed(&self) -> &'static str;
    fn default(&self) -> Default;
    fn only(&self) -> Option<Gateway>;
    fn meaning(&self) -> &'static str;
}

impl<T> Described for Key<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> &'static str {
        self.kind
    }

    fn allowed(&self) -> &'static str {
        self.allowed
    }

    fn default(&self) -> Default {
        self.default
    }

    fn only(&self) -> Option<Gateway> {
        self.only
    }

    fn meaning(&self) -> &'static str {
        self.meaning
    }
}

/// One kind of heading with its keys.
pub(crate) struct SectionKeys {
    /// The heading as it is written.
    pub(crate) heading: &'static str,
    pub(crate) keys: &'static [&'static dyn Described],
}
