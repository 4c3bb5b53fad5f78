//! PDF: text that can be selected, searched and copied, fonts inside, A4 pages or a roll's length.

mod file;

use crate::block::Document;
use crate::font::{FontError, Fonts};
use crate::paper::{Sheet, lay_out};

/// The paper a PDF is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paper {
    /// A4, as many pages as it takes.
    A4,
    /// A roll of 80 mm, one page as long as it must be.
    Roll80,
    /// A roll of 58 mm, one page as long as it must be.
    Roll58,
}

/// Why there is no PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// A font can't be read.
    #[error(transparent)]
    Font(#[from] FontError),
    /// A font can't be cut down to the letters used.
    #[error("a font of the receipts can't be cut down to the letters used: {0}")]
    Subset(String),
}

/// The document as a PDF file. The same document gives the same bytes.
///
/// # Errors
/// When a font can't be read or cut down, which a build with sound fonts never meets.
pub fn write(document: &Document, paper: Paper) -> Result<Vec<u8>, PdfError> {
    let sheet = match paper {
        Paper::A4 => Sheet::A4,
        Paper::Roll80 => Sheet::ROLL_80,
        Paper::Roll58 => Sheet::ROLL_58,
    };
    let fonts = Fonts::open()?;
    file::write(document, &lay_out(document, sheet, &fonts), &fonts)
}
