//! Papers as others read them: PDFs through poppler, a printer's bytes through a parser that knows nothing of the writer.
//!
//! Everything that is looked at is left in a folder beside the built tests (`papers`), as PDF, text and pictures.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests, outside of their functions"
)]

mod close;
mod pdfs;
mod printer;
mod prints;
mod properties;
mod samples;

use std::path::PathBuf;

/// Where papers are left to be looked at.
fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("papers");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
