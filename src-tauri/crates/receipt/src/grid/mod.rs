//! Papers in columns of equal width: what a mail's text and a printer's own letters have in common.

mod lines;

use unicode_width::UnicodeWidthStr;

pub use lines::lay_out;

use crate::block::{Align, Document};

/// How a line's letters look, where the paper knows more than one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    /// As they are.
    Plain,
    /// Bold.
    Bold,
    /// Bold and twice as high.
    Tall,
    /// Bold, twice as high and twice as wide: such a line has half as many columns.
    Double,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The first of its columns, counted from 0.
    pub column: usize,
    /// How many columns it may fill.
    pub columns: usize,
    /// Where in them it stands.
    pub align: Align,
    /// The text; never wider than its columns.
    pub text: String,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How it looks.
    pub look: Look,
    /// Its pieces, from left to right, which never overlap. None is an empty line.
    pub spans: Vec<Span>,
}

/// How many columns a text fills.
#[must_use]
pub fn columns_of(text: &str) -> usize {
    text.width()
}

impl Line {
    /// The line with spaces between its pieces and none at its end. Spaces that may not break are plain ones.
    #[must_use]
    pub fn text(&self) -> String {
        let mut line = String::new();
        for span in &self.spans {
            let spare = span.columns.saturating_sub(columns_of(&span.text));
            let before = match span.align {
                Align::Left => 0,
                Align::Centre => spare / 2,
                Align::Right => spare,
            };
            let gap = span.column.saturating_add(before).saturating_sub(columns_of(&line));
            line.extend(std::iter::repeat_n(' ', gap));
            line.push_str(&span.text);
        }
        line.replace('\u{a0}', " ").trim_end().to_owned()
    }
}

/// The whole paper as plain text of at most that many columns: for a mail's draft and for previews.
#[must_use]
pub fn plain_text(document: &Document, columns: usize) -> String {
    let mut text = String::new();
    for line in lay_out(document, columns) {
        let written = line.text();
        match line.look {
            // Plain text has one size of letters: what is centred among half as many columns is centred among all.
            Look::Double => {
                let bare = written.trim_start();
                text.extend(std::iter::repeat_n(' ', columns.saturating_sub(columns_of(bare)) / 2));
                text.push_str(bare);
            }
            Look::Plain | Look::Bold | Look::Tall => text.push_str(&written),
        }
        text.push('\n');
    }
    text
}
