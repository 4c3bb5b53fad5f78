//! A day close as a paper and as a table.

use std::collections::BTreeMap;

use vezne_core::close::Closed;
use vezne_core::ids::OperatorId;
use vezne_core::papers::PaperName;
use vezne_export::{Language as Written, Separators, close_csv, close_json, close_lines};
use vezne_receipt::block::Document;
use vezne_receipt::{ClosePaper, Language, Marks};
use vezne_settings::Settings;

use super::source::{Paper, merchant};

/// A close, with the names of those in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClosedDay {
    /// The close.
    pub closed: Closed,
    /// The operators' names.
    pub names: BTreeMap<OperatorId, String>,
    /// Whether it was made in training mode.
    pub training: bool,
}

impl ClosedDay {
    /// Its paper, with the merchant's header.
    #[must_use]
    pub fn document(&self, settings: &Settings, language: Language) -> Document {
        let marks = Marks { training: self.training, ..Marks::default() };
        let (closed, names) = (self.closed.clone(), self.names.clone());
        ClosePaper { merchant: merchant(settings), closed, names, marks }.document(language)
    }

    /// Its paper, to be issued like any other: the first one is the original, and every further one says that it is a copy.
    #[must_use]
    pub fn paper(&self, settings: &Settings, language: Language) -> Paper {
        let number = self.closed.close.number;
        Paper {
            name: PaperName::of_close(number, self.closed.seq),
            about: None,
            payment: None,
            subject: number.to_string(),
            stem: self.stem(),
            document: self.document(settings, language),
        }
    }

    /// What a file of it is called, without an ending.
    #[must_use]
    pub fn stem(&self) -> String {
        let practice = if self.training { "-practice" } else { "" };
        format!("vezne-close-{}-{}{practice}", self.closed.close.number, self.closed.close.label.to)
    }

    /// Its lines as CSV, in the language's form.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn csv(&self, turkish: bool) -> std::io::Result<Vec<u8>> {
        let language = if turkish { Written::Turkish } else { Written::English };
        let mut bytes = Vec::new();
        close_csv(
            &close_lines(&self.closed, &self.names, self.training),
            Separators::of(language),
            language,
            &mut bytes,
        )?;
        Ok(bytes)
    }

    /// Its lines as JSON.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn jsonl(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        close_json(&close_lines(&self.closed, &self.names, self.training), &mut bytes)?;
        Ok(bytes)
    }
}
