//! What every paper is made of: blocks, in order, without any idea of a paper's size.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

use crate::Language;
use crate::receipt::CopyMark;
use crate::words::words;

/// Text that may be printed: composed, on one line, without control characters and without anything that shows nothing or
/// turns the direction of its neighbours. So no text can be a command to a printer, whoever wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Text(String);

impl Text {
    /// What of the text may be printed. Line breaks and tabs become spaces.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let clean: String = text.nfc().map(unbroken).filter(|c| !is_unprintable(*c)).collect();
        Self(clean.trim().to_owned())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to print.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl From<&ForeignText> for Text {
    fn from(text: &ForeignText) -> Self {
        Self::new(text.as_str())
    }
}

const fn unbroken(c: char) -> char {
    if matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}') { ' ' } else { c }
}

/// Controls of both sets, soft hyphens, zero-width characters, marks and overrides of direction, variation selectors,
/// tags, private use.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

/// Where a text stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the column's beginning: words.
    Left,
    /// In its middle: headlines.
    Centre,
    /// At its end: figures.
    Right,
}

/// A line of a list: what it is, and what it is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What it is.
    pub label: Text,
    /// What it is here.
    pub value: Text,
    /// Where the value stands on a paper with room beside it: words to the left, amounts under each other to the right.
    pub align: Align,
    /// Set in bold: a total.
    pub strong: bool,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// What stands above it.
    pub head: Text,
    /// Where its cells stand.
    pub align: Align,
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    /// One text for each column; what is missing is empty, what is too many is not printed.
    pub cells: Vec<Text>,
    /// Set in bold: a total.
    pub strong: bool,
}

/// A table. Where a paper is too narrow for it, each of its lines becomes a list of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its lines, in order.
    pub rows: Vec<TableRow>,
}

/// One piece of a paper, over its whole width.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// The lines at the head: whose paper this is. The first is bold.
    Head(Vec<Text>),
    /// A warning that must be seen first: a copy, training.
    Mark(Text),
    /// What this paper says, in one line.
    Title(Text),
    /// The one figure that matters.
    Figure(Text),
    /// The heading of what follows.
    Heading(Text),
    /// A list of labels and values.
    Rows(Vec<Row>),
    /// A table.
    Table(Table),
    /// Running text.
    Paragraph(Text),
    /// Running text in bold.
    Strong(Text),
    /// Small print.
    Small(Text),
    /// A line across.
    Rule,
    /// A little room.
    Gap,
}

/// A whole paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The language it is in.
    pub language: Language,
    /// Its name, for lists of files and print jobs.
    pub title: Text,
    /// The moment it speaks of.
    pub moment: Timestamp,
    /// What stands on it.
    pub blocks: Vec<Block>,
}

impl Document {
    /// The same paper with the mark that it is a copy, behind the marks that it has.
    #[must_use]
    pub fn as_copy(mut self, mark: CopyMark) -> Self {
        let marks = self.blocks.iter().take_while(|block| matches!(block, Block::Mark(_))).count();
        let text = Text::from((words(self.language).copy)(mark));
        self.blocks.insert(marks, Block::Mark(text));
        self
    }

    /// The same paper with the marks of training mode: above everything, and in its small print.
    #[must_use]
    pub fn as_training(mut self) -> Self {
        let words = words(self.language);
        self.blocks.insert(0, Block::Mark(Text::new(words.training)));
        self.blocks.push(Block::Small(Text::new(words.training_small)));
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_commands_a_printer_is_taken_out_of_a_text() {
        for (text, clean) in [
            ("\u{1b}p\u{0}\u{19}\u{fa}Ayşe", "p\u{fa}Ayşe"),
            ("one\ntwo\tthree\r\nfour", "one two three  four"),
            ("a\u{9b}2Jb", "a2Jb"),
            ("\u{202e}x\u{200b}y\u{feff}", "xy"),
            ("S\u{327}ule", "Şule"),
        ] {
            assert_eq!(Text::new(text).as_str(), clean, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_holds_a_control_character(text in any::<String>()) {
            let text = Text::new(&text);
            let commands = text.as_str().chars().filter(|c| c.is_control()).count();
            prop_assert_eq!(commands, 0);
            prop_assert_eq!(Text::new(text.as_str()), text.clone());
        }
    }
}
