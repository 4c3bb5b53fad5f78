#![doc = include_str!("../README.md")]

pub mod block;
mod close;
mod compose;
mod edge;
pub mod escpos;
mod figures;
mod font;
pub mod grid;
pub mod mail;
mod paper;
pub mod pdf;
pub mod raster;
mod receipt;
mod words;
mod wrap;

pub use close::ClosePaper;
pub use figures::{amount, moment};
pub use font::FontError;
pub use receipt::{Basis, Doubt, Marks, Means, Next, Numbers, Plan, Receipt, RefusedBy, Subject, Told};

/// The language of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, figures written `1,234.50`.
    English,
    /// Turkish, figures written `1.234,50`.
    Turkish,
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
