//! From settings to what printing and papers need, and a document's bytes.

use vezne_core::papers::PaperLanguage;
use vezne_printing::{Manner, Way};
use vezne_receipt::block::Document;
use vezne_receipt::escpos::{self, CodePage, Columns, Cutter, Letters, Printer};
use vezne_receipt::{Language, pdf};
use vezne_settings::papers::PdfPaper;
use vezne_settings::{PrinterCutter, PrinterLetters, PrinterPaper, PrinterPlace, PrinterSettings};

use super::{PaperFault, prints_sheets};

/// A language of the settings as papers know it.
#[must_use]
pub const fn language(language: vezne_settings::Language) -> Language {
    match language {
        vezne_settings::Language::English => Language::English,
        vezne_settings::Language::Turkish => Language::Turkish,
    }
}

pub(crate) const fn core_language(language: Language) -> PaperLanguage {
    match language {
        Language::English => PaperLanguage::En,
        Language::Turkish => PaperLanguage::Tr,
    }
}

/// The sheet of a PDF.
#[must_use]
pub const fn sheet(paper: PdfPaper) -> pdf::Paper {
    match paper {
        PdfPaper::A4 => pdf::Paper::A4,
        PdfPaper::Roll80 => pdf::Paper::Roll80,
        PdfPaper::Roll58 => pdf::Paper::Roll58,
    }
}

/// The way to the printer; `None` where there is none.
#[must_use]
pub fn way_of(printer: &PrinterSettings) -> Option<Way> {
    let place = printer.place.as_ref()?;
    Some(match place {
        PrinterPlace::Network(address) => Way::Network(address.clone()),
        PrinterPlace::Device(path) => Way::Device(path.clone()),
        PrinterPlace::Spooler(queue) => Way::Spooler { queue: queue.clone(), raw: !prints_sheets(printer.paper) },
    })
}

pub(crate) fn manner(printer: &PrinterSettings) -> Manner {
    Manner { asks: printer.status, ..Manner::default() }
}

fn of_printer(settings: &PrinterSettings) -> Printer {
    let own = |page: CodePage| Letters::Own { page, number: settings.code_page.unwrap_or(page.usual_number()) };
    Printer {
        columns: match settings.paper {
            PrinterPaper::Roll80 | PrinterPaper::A4 => Columns::C48,
            PrinterPaper::Roll80Narrow => Columns::C42,
            PrinterPaper::Roll58 => Columns::C32,
        },
        letters: match settings.letters {
            PrinterLetters::Cp857 => own(CodePage::Cp857),
            PrinterLetters::Windows1254 => own(CodePage::Windows1254),
            PrinterLetters::Ascii => Letters::Ascii,
            PrinterLetters::Drawn => Letters::Drawn,
        },
        feed: settings.feed,
        cutter: match settings.cutter {
            PrinterCutter::None => Cutter::None,
            PrinterCutter::Partial => Cutter::Partial,
            PrinterCutter::Full => Cutter::Full,
        },
    }
}

/// The columns of this printer's paper, for a preview.
#[must_use]
pub fn columns(settings: &PrinterSettings) -> Columns {
    of_printer(settings).columns
}

/// What the printer is sent.
///
/// # Errors
/// [`PaperFault::NotMade`], which a build with sound fonts never meets.
pub fn bytes(document: &Document, settings: &PrinterSettings) -> Result<Vec<u8>, PaperFault> {
    let not_made = |words: String| PaperFault::NotMade(words);
    if prints_sheets(settings.paper) {
        return pdf::write(document, pdf::Paper::A4).map_err(|error| not_made(error.to_string()));
    }
    escpos::write(document, of_printer(settings)).map_err(|error| not_made(error.to_string()))
}
