//! Reading one heading of the file key by key, collecting what is wrong.

use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use crate::error::Problem;
use crate::key::{Default, Described, Key, SectionKeys, Written, Wrong};
use crate::near::nearest;

/// The file's text, for lines.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a>(pub(crate) &'a str);

impl<'a> Source<'a> {
    /// From 1.
    pub(crate) fn line(self, offset: usize) -> usize {
        self.0.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }

    /// In characters, from 1.
    pub(crate) fn column(self, offset: usize) -> usize {
        let before = self.0.get(..offset).unwrap_or(self.0);
        before.rsplit('\n').next().unwrap_or("").chars().count() + 1
    }

    fn line_of(self, span: Option<Range<usize>>) -> Option<usize> {
        span.map(|span| self.line(span.start))
    }

    fn slice(self, span: Option<Range<usize>>) -> &'a str {
        span.and_then(|span| self.0.get(span)).unwrap_or("")
    }
}

/// One heading with what is wrong below it so far.
pub(crate) struct Section<'a> {
    table: &'a dyn TableLike,
    source: Source<'a>,
    keys: &'static SectionKeys,
    line: usize,
    pub(crate) problems: Vec<Problem>,
}

impl<'a> Section<'a> {
    /// Begins a heading at `line`; keys that it does not know are refused at once.
    pub(crate) fn begin(table: &'a dyn TableLike, source: Source<'a>, keys: &'static SectionKeys, line: usize) -> Self {
        let mut section = Self { table, source, keys, line, problems: Vec::new() };
        let known: Vec<&str> = keys.keys.iter().map(|key| key.name()).collect();
        for (name, _) in table.iter() {
            if !known.contains(&name) {
                section.problem(section.line_of(name), name, unknown(name, keys.heading, &known));
            }
        }
        section
    }

    /// The line of a key, or of the heading when the key is not written.
    pub(crate) fn line_of(&self, name: &str) -> usize {
        let span = self.table.get_key_value(name).and_then(|(key, item)| key.span().or_else(|| item.span()));
        self.source.line_of(span).unwrap_or(self.line)
    }

    /// Whether the key stands in the file.
    pub(crate) fn is_written(&self, key: &dyn Described) -> bool {
        self.table.contains_key(key.name())
    }

    /// Adds one thing that is wrong.
    pub(crate) fn problem(&mut self, line: usize, key: &str, message: String) {
        self.problems.push(Problem { line, key: key.to_owned(), message });
    }

    /// The key's value, its default, or nothing: then either nothing stands in for it or the problem is noted.
    pub(crate) fn read<T>(&mut self, key: &'static Key<T>) -> Option<T> {
        // What is read is documented: a reader of a key that the table lacks finds nothing, in every test.
        if !self.keys.keys.iter().any(|known| known.name() == key.name) {
            self.problem(self.line, key.name, format!("`{}` is not in the table of {}", key.name, self.keys.heading));
            return None;
        }
        let Some((_, item)) = self.table.get_key_value(key.name) else {
            return self.default(key);
        };
        let line = self.line_of(key.name);
        match self
            .value(item)
            .map_or_else(|| Err(Wrong::unsaid()), |(value, text)| (key.read)(&Written { value: &value, text }))
        {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.problem(line, key.name, not_allowed(key, &wrong));
                None
            }
        }
    }

    fn value(&self, item: &Item) -> Option<(Value, &'a str)> {
        let text = self.source.slice(item.span());
        item.clone().into_value().ok().map(|value| (value, text))
    }

    fn default<T>(&mut self, key: &'static Key<T>) -> Option<T> {
        match key.default {
            Default::Absent(_) => None,
            Default::Required => {
                let message = format!("`{}` is missing; it must be {}", key.name, key.allowed);
                self.problem(self.line, key.name, message);
                None
            }
            Default::Toml(text) => {
                let value =
                    text.parse::<Value>().ok().and_then(|value| (key.read)(&Written { value: &value, text }).ok());
                if value.is_none() {
                    self.problem(self.line, key.name, format!("`{}` must be written: it has no default", key.name));
                }
                value
            }
        }
    }
}

fn not_allowed<T>(key: &Key<T>, wrong: &Wrong) -> String {
    let mut message = format!("`{}` must be {}", key.name, key.allowed);
    if let Some(found) = &wrong.found {
        message.push_str(&format!("; found {found}"));
    }
    if let Some(meant) = wrong.meant {
        message.push_str(&format!("; did you mean \"{meant}\"?"));
    }
    message
}

/// Says what is allowed instead, and never the value: it may be a secret that stands in the wrong place.
pub(crate) fn unknown(name: &str, place: &str, known: &[&str]) -> String {
    let shown: String = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
    let mut message = format!("`{shown}` is not known in {place}");
    if let Some(meant) = nearest(name, known.iter().copied()) {
        message.push_str(&format!("; did you mean `{meant}`?"));
    }
    let folded = name.to_lowercase();
    if ["key", "secret", "password", "passphrase", "token", "pin"].iter().any(|word| folded.contains(word)) {
        message.push_str("; logins never stand in this file, `credentials` says where they are kept");
    }
    message.push_str(&format!("; allowed are {}", known.join(", ")));
    message
}
