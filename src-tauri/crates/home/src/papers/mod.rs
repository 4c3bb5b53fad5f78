//! Papers that leave the desk: receipts and whatever else is printed, saved or mailed.
//!
//! A paper is numbered and written in the journal first, and leaves the desk after that. So a crash never yields two
//! originals: what may have left counts as out, and the next one says that it is a copy.

mod closed;
mod fault;
mod file;
mod kept;
mod made;
mod mail;
mod queue;
mod silent;
mod source;

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::tz::TimeZone;
use tokio::sync::watch;
use vezne_core::ids::OperatorId;
use vezne_core::papers::{PaperIssued, PaperWay};
use vezne_core::ports::{Clock, Journal as _};
use vezne_core::record::{Batch, Record};
use vezne_journal::Journal;
use vezne_printing::{Press, Queue};
use vezne_receipt::block::Document;
use vezne_receipt::{CopyMark, pdf, test_page};
use vezne_settings::papers::PdfPaper;
use vezne_settings::{PrinterPaper, Settings};

pub use closed::ClosedDay;
pub use fault::PaperFault;
pub use kept::{Queued, queued};
pub use made::{bytes, columns, language, sheet, way_of};
pub use source::{About, Desk, Paper, merchant, receipt};

use kept::{Kept, Pile};

/// A paper that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The number of the copy; none for the first one.
    pub copy: Option<NonZeroU32>,
    /// The paper with its mark.
    pub document: Document,
}

/// Where a PDF is saved, and for which paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PdfTo {
    /// The file, which must not be there yet; none for the receipts' folder and a name of its own.
    pub file: Option<PathBuf>,
    /// The paper; none for what the settings say.
    pub paper: Option<PdfPaper>,
}

/// A paper that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The number of the copy; none for the first one.
    pub copy: Option<NonZeroU32>,
    /// Where it is.
    pub path: PathBuf,
}

/// The draft of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The number of the copy; none for the first one.
    pub copy: Option<NonZeroU32>,
    /// The `mailto:` address with the paper's text.
    pub address: String,
    /// The PDF, saved beside.
    pub path: PathBuf,
}

/// What a person says of a paper of which nobody knows whether it came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It came out.
    CameOut,
    /// It did not, or not whole: print a copy.
    Copy,
    /// It is not needed any more.
    Drop,
}

/// The papers of an open till.
#[derive(Clone)]
pub struct Papers {
    inner: Arc<Inner>,
}

struct Inner {
    journal: Arc<Journal>,
    clock: Arc<dyn Clock>,
    told: Arc<Told>,
    zone: TimeZone,
    home: PathBuf,
    /// One paper is numbered at a time.
    turn: tokio::sync::Mutex<()>,
    pile: Arc<Pile>,
    press: Mutex<Option<Press>>,
    /// Counts the changes of the settings: whoever follows a press's queue goes on with the next one's.
    presses: watch::Sender<u64>,
}

/// What the desk is told of papers and the printer; the settings can be changed while it works.
struct Told {
    settings: RwLock<Arc<Settings>>,
    training: bool,
}

impl Told {
    fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Made while a till is opened.
pub(crate) struct PapersParts {
    pub(crate) home: PathBuf,
    pub(crate) training: bool,
    pub(crate) journal: Arc<Journal>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    pub(crate) zone: TimeZone,
}

impl Papers {
    pub(crate) fn new(parts: PapersParts) -> Self {
        let PapersParts { home, training, journal, clock, settings, zone } = parts;
        let told = Arc::new(Told { settings: RwLock::new(Arc::new(settings)), training });
        let pile = Arc::new(Pile::at(&home, Arc::clone(&journal), Arc::clone(&told)));
        let (turn, press) = (tokio::sync::Mutex::new(()), Mutex::new(None));
        let presses = watch::Sender::new(0);
        Self { inner: Arc::new(Inner { journal, clock, told, zone, home, turn, pile, press, presses }) }
    }

    /// Takes up the queue of the printer, if there is one: what waits is printed from now on.
    pub async fn start_printing(&self) {
        let settings = self.settings();
        let Some(way) = way_of(&settings.printer) else { return };
        let queue = self.inner.pile.read().await;
        let papers: Arc<dyn vezne_printing::Papers> = Arc::<Pile>::clone(&self.inner.pile);
        let press = Press::start(queue, way, made::manner(&settings.printer), papers);
        *self.inner.press.lock().unwrap_or_else(PoisonError::into_inner) = Some(press);
    }

    /// Stops printing; what waits is printed after the next start.
    pub async fn stop_printing(&self) {
        let press = self.inner.press.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(press) = press {
            press.stop().await;
        }
    }

    /// The printer's queue and every change of it; `None` where nothing is printed.
    #[must_use]
    pub fn queue(&self) -> Option<watch::Receiver<Queue>> {
        self.press().ok().map(|press| press.queue())
    }

    /// What this desk was told of papers and the printer.
    #[must_use]
    pub fn settings(&self) -> Arc<Settings> {
        self.inner.told.settings()
    }

    /// Whether this is training: no money moves, and every paper says so.
    #[must_use]
    pub fn is_training(&self) -> bool {
        self.inner.told.training
    }

    /// The receipt of an attempt or a reversal, as the journal tells of it now.
    ///
    /// # Errors
    /// [`PaperFault::NotFound`], [`PaperFault::NoOutcome`], or the journal's fault.
    pub async fn receipt(&self, about: About, language: vezne_receipt::Language) -> Result<Paper, PaperFault> {
        let settings = self.settings();
        let desk = Desk { settings: &settings, training: self.inner.told.training };
        receipt(&self.inner.journal, &desk, about, language).await
    }

    /// A paper as the next one of it would be: with the mark of a copy if one was issued before.
    ///
    /// # Errors
    /// The journal's fault.
    pub async fn preview(&self, paper: &Paper) -> Result<Issued, PaperFault> {
        let copy = self.next_number(paper).await?;
        Ok(Issued { copy, document: marked(paper, copy) })
    }

    async fn next_number(&self, paper: &Paper) -> Result<Option<NonZeroU32>, PaperFault> {
        let copies = self.inner.journal.copies_of(&paper.name).await?;
        Ok(copies.and_then(|copies| NonZeroU32::new(copies.saturating_add(1))))
    }

    /// Numbers a paper and writes in the journal that it is issued. What is returned may leave the desk.
    ///
    /// # Errors
    /// The journal's fault; nothing may leave then.
    pub async fn issue(
        &self,
        paper: &Paper,
        way: PaperWay,
        operator: Option<OperatorId>,
    ) -> Result<Issued, PaperFault> {
        let _turn = self.inner.turn.lock().await;
        self.issue_in_turn(paper, way, operator).await
    }

    async fn issue_in_turn(
        &self,
        paper: &Paper,
        way: PaperWay,
        operator: Option<OperatorId>,
    ) -> Result<Issued, PaperFault> {
        let copy = self.next_number(paper).await?;
        let issued = PaperIssued {
            paper: paper.name.clone(),
            copy,
            way,
            language: made::core_language(paper.document.language),
            payment: paper.payment,
            operator,
        };
        let batch = Batch { records: vec![Record::PaperIssued(issued)], names: Vec::new() };
        self.inner.journal.append(batch, self.inner.clock.now()).await?;
        Ok(Issued { copy, document: marked(paper, copy) })
    }

    /// Orders a paper from the printer. It is printed as soon as the printer takes it, over a restart too.
    ///
    /// # Errors
    /// [`PaperFault::NoPrinter`], [`PaperFault::UnderWay`] for a second click, [`PaperFault::NotKept`], or the journal's fault.
    pub async fn print(&self, paper: &Paper, operator: Option<OperatorId>) -> Result<Option<NonZeroU32>, PaperFault> {
        // The turn first: the printer may be changed meanwhile.
        let _turn = self.inner.turn.lock().await;
        let press = self.press()?;
        if press.queue().borrow().is_under_way(paper.name.as_str()) {
            return Err(PaperFault::UnderWay);
        }
        let issued = self.issue_in_turn(paper, PaperWay::Printer, operator).await?;
        self.inner.pile.put(Kept::of(paper, issued.copy));
        press.order(paper.name.as_str(), issued.copy).await?;
        Ok(issued.copy)
    }

    fn press(&self) -> Result<Press, PaperFault> {
        let press = self.inner.press.lock().unwrap_or_else(PoisonError::into_inner);
        press.clone().ok_or(PaperFault::NoPrinter)
    }

    /// Saves a paper as PDF. Nothing is overwritten.
    ///
    /// # Errors
    /// [`PaperFault::File`], [`PaperFault::NotMade`], or the journal's fault; no file is left then.
    pub async fn save(&self, paper: &Paper, to: PdfTo, operator: Option<OperatorId>) -> Result<Saved, PaperFault> {
        let (copy, path, _) = self.save_as(paper, PaperWay::Pdf, to, operator).await?;
        Ok(Saved { copy, path })
    }

    /// Saves a paper as a file of the printer's bytes.
    ///
    /// # Errors
    /// As [`Papers::save`].
    pub async fn save_bytes(
        &self,
        paper: &Paper,
        to: PathBuf,
        operator: Option<OperatorId>,
    ) -> Result<Saved, PaperFault> {
        let (copy, path, _) =
            self.save_as(paper, PaperWay::Bytes, PdfTo { file: Some(to), paper: None }, operator).await?;
        Ok(Saved { copy, path })
    }

    /// Drafts a mail with the paper's text, and saves its PDF beside.
    ///
    /// # Errors
    /// As [`Papers::save`].
    pub async fn draft(&self, paper: &Paper, to: &str, operator: Option<OperatorId>) -> Result<Draft, PaperFault> {
        let (copy, path, document) = self.save_as(paper, PaperWay::Mail, PdfTo::default(), operator).await?;
        Ok(Draft { copy, address: vezne_receipt::mail::draft(&document, to), path })
    }

    /// Where PDFs are saved.
    fn folder(&self) -> PathBuf {
        self.settings().receipt.folder.clone().unwrap_or_else(|| self.inner.home.join("receipts"))
    }

    async fn save_as(
        &self,
        paper: &Paper,
        way: PaperWay,
        to: PdfTo,
        operator: Option<OperatorId>,
    ) -> Result<(Option<NonZeroU32>, PathBuf, Document), PaperFault> {
        // The place first: a folder that is not there uses up no number.
        let place = file::Place::take(to.file, &self.folder(), &paper.stem).await?;
        let _turn = self.inner.turn.lock().await;
        let issued = match self.issue_in_turn(paper, way, operator).await {
            Ok(issued) => issued,
            Err(fault) => {
                place.give_up().await;
                return Err(fault);
            }
        };
        let (document, settings) = (issued.document.clone(), self.settings());
        let sheet = sheet(to.paper.unwrap_or(settings.receipt.pdf));
        let make = move || match way {
            PaperWay::Bytes => bytes(&document, &settings.printer),
            PaperWay::Pdf | PaperWay::Mail | PaperWay::Printer | PaperWay::Dialog => {
                pdf::write(&document, sheet).map_err(|error| PaperFault::NotMade(error.to_string()))
            }
        };
        let path = place.fill(make).await?;
        Ok((issued.copy, path, issued.document))
    }

    /// Prints a test page at once, past the queue. It is no receipt, and is not counted.
    ///
    /// # Errors
    /// [`PaperFault::NoPrinter`], or what is wrong with the printer.
    pub async fn test(&self, language: vezne_receipt::Language) -> Result<(), PaperFault> {
        let Inner { zone, clock, .. } = &*self.inner;
        try_out(&self.settings(), clock.now(), zone, language).await
    }
}

/// Prints a test page with these settings, saved or not.
///
/// # Errors
/// [`PaperFault::NoPrinter`], or what is wrong with the printer.
pub async fn try_out(
    settings: &Settings,
    now: vezne_core::time::Timestamp,
    zone: &TimeZone,
    language: vezne_receipt::Language,
) -> Result<(), PaperFault> {
    let way = way_of(&settings.printer).ok_or(PaperFault::NoPrinter)?;
    let document = test_page(&merchant(settings), now, zone, language);
    let bytes = bytes(&document, &settings.printer)?;
    match vezne_printing::send(&way, &bytes, &made::manner(&settings.printer)).await {
        vezne_printing::End::Confirmed | vezne_printing::End::Taken => Ok(()),
        vezne_printing::End::NothingLeft(trouble) | vezne_printing::End::Unknown(trouble) => {
            Err(PaperFault::Printer(trouble))
        }
    }
}

fn marked(paper: &Paper, copy: Option<NonZeroU32>) -> Document {
    let document = paper.document.clone();
    match copy {
        Some(number) => document.as_copy(CopyMark::Number(number)),
        None => document,
    }
}

/// Whether this printer prints sheets, which the system drives.
pub(crate) const fn prints_sheets(paper: PrinterPaper) -> bool {
    match paper {
        PrinterPaper::A4 => true,
        PrinterPaper::Roll80 | PrinterPaper::Roll80Narrow | PrinterPaper::Roll58 => false,
    }
}

#[cfg(test)]
mod tests;
