//! CSV as Excel opens it with a double click.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::column::{COLUMNS, Line, Value};
use crate::head::Head;
use crate::row::PaymentRow;
use crate::text::{clean, cut, guarded};
use crate::words::{self, Language};

pub use crate::text::unguarded;

/// With this Excel knows that a file is UTF-8; without it, it reads Turkish letters wrong.
const BOM: &str = "\u{feff}";

/// How cells are separated and numbers and days written. Excel takes a file as its system's region says, and nothing in
/// the file can change that, so there is one form for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Separators {
    /// `;` between cells, `1234,50`, `21.11.2026`: where a comma is the decimal sign, as in Turkey.
    Semicolon,
    /// `,` between cells, `1234.50`, `2026-11-21`: where a point is.
    Comma,
}

impl Separators {
    /// Those that are usual where the language is spoken.
    #[must_use]
    pub const fn of(language: Language) -> Self {
        match language {
            Language::English => Self::Comma,
            Language::Turkish => Self::Semicolon,
        }
    }

    const fn cell(self) -> char {
        match self {
            Self::Semicolon => ';',
            Self::Comma => ',',
        }
    }
}

/// A table of CSV that is being written: UTF-8 with a byte order mark, CRLF after every line, the titles in the first.
#[derive(Debug)]
pub struct Separated<W> {
    out: W,
    head: Head,
    separators: Separators,
    line: String,
}

impl<W: Write> Separated<W> {
    /// Writes the titles.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn begin(separators: Separators, head: &Head, out: W) -> io::Result<Self> {
        let mut table = Self { out, head: head.clone(), separators, line: String::from(BOM) };
        for (place, column) in COLUMNS.iter().enumerate() {
            table.cell(place, &column.title(head));
        }
        table.send()?;
        Ok(table)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn row(&mut self, row: &PaymentRow) -> io::Result<()> {
        let line = Line::of(row, &self.head.zone);
        for (place, column) in COLUMNS.iter().enumerate() {
            let text = self.shown(column.value(&line));
            self.cell(place, &text);
        }
        self.send()
    }

    /// Writes what is left, and gives the output back.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn end(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }

    fn shown<'a>(&self, value: Value<'a>) -> Cow<'a, str> {
        let language = self.head.language;
        let own = |text: String| Cow::Owned(text);
        match value {
            Value::Empty => Cow::Borrowed(""),
            Value::Text(text) => safe(text),
            Value::Own(text) => text,
            Value::Word { shown, .. } => in_language(language, shown),
            Value::Flag(flag) => Cow::Borrowed(language.of(if flag { &words::YES } else { &words::NO })),
            Value::Count(count) => own(count.to_string()),
            Value::Amount(amount) => own(match self.separators {
                Separators::Semicolon => amount.amount_text().replace('.', ","),
                Separators::Comma => amount.amount_text(),
            }),
            Value::Day(day) => own(match self.separators {
                Separators::Semicolon => format!("{:02}.{:02}.{:04}", day.day(), day.month(), day.year()),
                Separators::Comma => day.to_string(),
            }),
            Value::Time(time) => own(format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())),
            Value::Instant(moment) => own(moment.to_string()),
            Value::Codes(codes) => own(joined(codes)),
        }
    }

    fn cell(&mut self, place: usize, text: &str) {
        if place > 0 {
            self.line.push(self.separators.cell());
        }
        let quoted = text.contains([self.separators.cell(), '"', '\n']) || text != text.trim();
        if quoted {
            self.line.push('"');
            self.line.push_str(&text.replace('"', "\"\""));
            self.line.push('"');
        } else {
            self.line.push_str(text);
        }
    }

    fn send(&mut self) -> io::Result<()> {
        self.line.push_str("\r\n");
        self.out.write_all(self.line.as_bytes())?;
        self.line.clear();
        Ok(())
    }
}

/// A text of others as it may stand in a cell.
fn safe(text: &str) -> Cow<'_, str> {
    match clean(text) {
        Cow::Borrowed(text) => cut(guarded(text)),
        Cow::Owned(text) => Cow::Owned(cut(guarded(&text)).into_owned()),
    }
}

pub(crate) fn in_language(language: Language, [english, turkish]: [Cow<'static, str>; 2]) -> Cow<'static, str> {
    match language {
        Language::English => english,
        Language::Turkish => turkish,
    }
}

/// Codes with a space between them.
pub(crate) fn joined(codes: &[crate::row::Code]) -> String {
    let mut text = String::new();
    for code in codes {
        let space = if text.is_empty() { "" } else { " " };
        // Writing into a string can't fail.
        let _ = write!(text, "{space}{code}");
    }
    text
}
