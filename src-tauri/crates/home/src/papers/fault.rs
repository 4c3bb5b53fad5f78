//! Why a paper was not issued, saved or printed.

use vezne_core::ports::JournalFault;
use vezne_printing::{Closed, Refusal, Trouble};

/// Why a paper was not issued, saved or printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperFault {
    /// The journal knows of no such attempt or reversal.
    #[error("The journal knows of no such payment.")]
    NotFound,
    /// There is no outcome yet, so there is nothing that a paper could say.
    #[error("There is no outcome yet, so there is no receipt.")]
    NoOutcome,
    /// No receipt printer is set up, or nothing is printed here.
    #[error("No receipt printer is set up.")]
    NoPrinter,
    /// It is on its way to the printer already: a second click.
    #[error("This paper is already on its way to the printer.")]
    UnderWay,
    /// Nothing like that stands in the printer's queue any more.
    #[error("There is no such print job any more.")]
    JobGone,
    /// Something of it may have left already.
    #[error("That can't be done with the print job as it stands now.")]
    NotNow,
    /// The printer's queue could not be written down, so nothing is printed.
    #[error("It could not be written down that this is printed, so it was not.")]
    NotKept,
    /// What is wrong with the printer.
    #[error("{0}")]
    Printer(Trouble),
    /// The paper could not be made.
    #[error("The paper could not be made: {0}")]
    NotMade(String),
    /// The file could not be written.
    #[error("The file could not be written: {0}")]
    File(String),
    /// No program for mails could be started.
    #[error("No program for mails could be started: {0}")]
    Mail(String),
    /// The journal could not be read or written.
    #[error("{0}")]
    Journal(#[from] JournalFault),
}

impl PaperFault {
    /// The code for tables of words; the journal's faults have their own.
    #[must_use]
    pub const fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotFound => "not_found",
            Self::NoOutcome => "paper_no_outcome",
            Self::NoPrinter => "printer_none",
            Self::UnderWay => "paper_under_way",
            Self::JobGone => "paper_job_gone",
            Self::NotNow => "not_now",
            Self::NotKept => "paper_not_kept",
            Self::Printer(trouble) => trouble.code(),
            Self::NotMade(_) => "paper_not_made",
            Self::File(_) => "paper_not_saved",
            Self::Mail(_) => "mail_not_opened",
            Self::Journal(_) => return None,
        })
    }
}

impl From<Closed> for PaperFault {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Stopped => Self::NoPrinter,
            Closed::NotKept => Self::NotKept,
            Closed::Refused(Refusal::UnderWay | Refusal::NumberTaken) => Self::UnderWay,
            Closed::Refused(Refusal::NoSuchJob) => Self::JobGone,
            Closed::Refused(Refusal::NotNow) => Self::NotNow,
        }
    }
}
