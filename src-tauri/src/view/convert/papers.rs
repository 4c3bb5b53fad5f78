//! Papers and the printer's queue.

use vezne_core::papers::{PaperIssued, PaperLanguage, PaperWay};
use vezne_core::time::Timestamp;
use vezne_home::{About, PaperFault, Papers, Seen};
use vezne_printing::{Job, Queue, Stand, Trouble};
use vezne_settings::papers::{PapersDraft, PdfPaper};

use super::Names;
use crate::view::{
    AboutInput, Code, Fault, LanguageWord, PaperLine, PaperWayWord, PapersInput, PdfPaperWord, PrintJobView,
    PrintStand, PrinterView, SeenWord,
};

impl AboutInput {
    /// The ids.
    ///
    /// # Errors
    /// When they are none.
    pub(crate) fn read(&self) -> Result<About, Fault> {
        Ok(match self {
            Self::Attempt { attempt } => About::Attempt(attempt.parse()?),
            Self::Reversal { reversal } => About::Reversal(reversal.parse()?),
        })
    }
}

impl From<SeenWord> for Seen {
    fn from(word: SeenWord) -> Self {
        match word {
            SeenWord::CameOut => Self::CameOut,
            SeenWord::Copy => Self::Copy,
            SeenWord::Drop => Self::Drop,
        }
    }
}

impl From<LanguageWord> for vezne_receipt::Language {
    fn from(word: LanguageWord) -> Self {
        match word {
            LanguageWord::En => Self::English,
            LanguageWord::Tr => Self::Turkish,
        }
    }
}

const fn of_settings(language: vezne_settings::Language) -> LanguageWord {
    match language {
        vezne_settings::Language::English => LanguageWord::En,
        vezne_settings::Language::Turkish => LanguageWord::Tr,
    }
}

impl From<PaperWay> for PaperWayWord {
    fn from(way: PaperWay) -> Self {
        match way {
            PaperWay::Printer => Self::Printer,
            PaperWay::Pdf => Self::Pdf,
            PaperWay::Mail => Self::Mail,
            PaperWay::Dialog => Self::Dialog,
            PaperWay::Bytes => Self::Bytes,
        }
    }
}

impl PaperLine {
    /// A paper that was issued then.
    pub(crate) fn of(at: Timestamp, issued: &PaperIssued, names: &Names) -> Self {
        let (about, says) = issued.paper.as_str().rsplit_once('.').unwrap_or((issued.paper.as_str(), ""));
        Self {
            at: at.to_string(),
            about: about.to_owned(),
            says: says.to_owned(),
            copy: issued.copy.map(std::num::NonZeroU32::get),
            way: issued.way.into(),
            language: match issued.language {
                PaperLanguage::En => LanguageWord::En,
                PaperLanguage::Tr => LanguageWord::Tr,
            },
            operator: issued.operator.map(|operator| names.name(operator)),
        }
    }
}

impl PrinterView {
    /// The printer as it stands now.
    pub(crate) fn of(papers: &Papers) -> Self {
        let queue = papers.queue().map(|queue| queue.borrow().clone()).unwrap_or_default();
        Self::with(papers, &queue)
    }

    /// The printer with this queue.
    pub(crate) fn with(papers: &Papers, queue: &Queue) -> Self {
        let settings = papers.settings();
        Self {
            set_up: settings.printer.place.is_some(),
            after_approval: settings.receipt.after_approval,
            language: settings.receipt.language.map(of_settings),
            pdf: settings.receipt.pdf.into(),
            jobs: queue.jobs().iter().map(|job| job_view(papers, job)).collect(),
        }
    }
}

fn job_view(papers: &Papers, job: &Job) -> PrintJobView {
    let (stand, trouble, next) = match job.stand {
        Stand::Waiting { trouble, due, .. } => (PrintStand::Waiting, trouble, Some(due.to_string())),
        Stand::Printing { .. } => (PrintStand::Printing, None, None),
        Stand::Asked { trouble } => (PrintStand::Asked, Some(trouble), None),
    };
    let (title, subject) = papers.words_of(job).unwrap_or_else(|| (job.paper.clone(), String::new()));
    PrintJobView {
        // A queue that has seen four thousand million papers shows the last number for all the others.
        job: u32::try_from(job.id.number()).unwrap_or(u32::MAX),
        paper: job.paper.clone(),
        title,
        subject,
        copy: job.copy.map(std::num::NonZeroU32::get),
        stand,
        trouble: trouble.map(code_of),
        ordered: job.ordered.to_string(),
        next,
    }
}

impl From<PdfPaper> for PdfPaperWord {
    fn from(paper: PdfPaper) -> Self {
        match paper {
            PdfPaper::A4 => Self::A4,
            PdfPaper::Roll80 => Self::Roll80,
            PdfPaper::Roll58 => Self::Roll58,
        }
    }
}

impl From<PdfPaperWord> for PdfPaper {
    fn from(word: PdfPaperWord) -> Self {
        match word {
            PdfPaperWord::A4 => Self::A4,
            PdfPaperWord::Roll80 => Self::Roll80,
            PdfPaperWord::Roll58 => Self::Roll58,
        }
    }
}

/// The code of what is wrong with a printer.
fn code_of(trouble: Trouble) -> Code {
    Code::of_word(trouble.code()).unwrap_or(Code::PrinterFault)
}

impl From<PaperFault> for Fault {
    fn from(fault: PaperFault) -> Self {
        match fault {
            PaperFault::NotFound => Self::new(Code::NotFound),
            PaperFault::NoOutcome => Self::new(Code::PaperNoOutcome),
            PaperFault::NoPrinter => Self::new(Code::PrinterNone),
            PaperFault::UnderWay => Self::new(Code::PaperUnderWay),
            PaperFault::JobGone => Self::new(Code::PaperJobGone),
            PaperFault::NotNow => Self::new(Code::NotNow),
            PaperFault::NotKept => Self::new(Code::PaperNotKept),
            PaperFault::Printer(trouble) => Self::new(code_of(trouble)),
            PaperFault::NotMade(words) => Self::new(Code::PaperNotMade).because(words),
            PaperFault::File(words) => Self::new(Code::PaperNotSaved).because(words),
            PaperFault::Mail(words) => Self::new(Code::MailNotOpened).because(words),
            PaperFault::Journal(fault) => fault.into(),
        }
    }
}

impl From<PapersDraft> for PapersInput {
    fn from(draft: PapersDraft) -> Self {
        let PapersDraft {
            header,
            language,
            after_approval,
            folder,
            pdf,
            way,
            address,
            paper,
            letters,
            code_page,
            cutter,
            feed,
            status,
        } = draft;
        Self {
            header,
            language,
            after_approval,
            folder,
            pdf,
            way,
            address,
            paper,
            letters,
            code_page,
            cutter,
            feed,
            status,
        }
    }
}

impl From<PapersInput> for PapersDraft {
    fn from(input: PapersInput) -> Self {
        let PapersInput {
            header,
            language,
            after_approval,
            folder,
            pdf,
            way,
            address,
            paper,
            letters,
            code_page,
            cutter,
            feed,
            status,
        } = input;
        Self {
            header,
            language,
            after_approval,
            folder,
            pdf,
            way,
            address,
            paper,
            letters,
            code_page,
            cutter,
            feed,
            status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_of_a_printer_has_a_code_of_its_own() {
        let all = [
            Trouble::NotReachable,
            Trouble::Refusing,
            Trouble::NotAllowed,
            Trouble::NoPaper,
            Trouble::CoverOpen,
            Trouble::Fault,
            Trouble::Slow,
            Trouble::Gone,
            Trouble::NoQueue,
            Trouble::Stopped,
            Trouble::NotMade,
            Trouble::NotKept,
            Trouble::Outdated,
        ];
        for trouble in all {
            assert_eq!(code_of(trouble).word(), trouble.code());
        }
    }
}
