#![doc = include_str!("../README.md")]

pub mod block;
mod close;
mod compose;
mod edge;
pub mod escpos;
mod figures;
mod font;
mod from_journal;
pub mod grid;
pub mod mail;
mod paper;
pub mod pdf;
pub mod raster;
mod receipt;
mod test_page;
mod words;
mod wrap;

use serde::{Deserialize, Serialize};
use vezne_core::papers::PaperLanguage;

pub use close::ClosePaper;
pub use figures::{amount, moment};
pub use font::FontError;
pub use from_journal::{Around, Slip};
pub use receipt::{
    Basis, CopyMark, Doubt, HeaderLine, Marks, Means, Next, NotBack, Numbers, Plan, Proves, Receipt, RefusedBy, Secure,
    Subject, Told,
};
pub use test_page::test_page;

/// The language of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English, figures written `1,234.50`.
    English,
    /// Turkish, figures written `1.234,50`.
    Turkish,
}

impl From<PaperLanguage> for Language {
    fn from(language: PaperLanguage) -> Self {
        match language {
            PaperLanguage::En => Self::English,
            PaperLanguage::Tr => Self::Turkish,
        }
    }
}

impl Language {
    /// The code of BCP 47: `en`, `tr`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Turkish => "tr",
        }
    }
}
