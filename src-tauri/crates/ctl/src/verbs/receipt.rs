//! `veznectl payment receipt`

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use tokio::time::timeout;
use vezne_core::ids::{AttemptId, ReversalId};
use vezne_core::papers::{PaperIssued, PaperWay};
use vezne_core::ports::Journal as _;
use vezne_core::time::Timestamp;
use vezne_home::papers::{self, About, Paper, PaperFault, Papers};
use vezne_home::{HomeFault, OpenTill, PdfTo};
use vezne_journal::Journal;
use vezne_printing::{Queue, Stand, Trouble};
use vezne_receipt::block::Document;
use vezne_receipt::{CopyMark, Language, grid, mail, pdf};
use vezne_settings::Settings;
use vezne_settings::papers::PdfPaper;

use crate::args::{LanguageArg, PaperArg, ReceiptArgs};
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;

/// Columns of the text: a roll of 80 mm.
const COLUMNS: usize = 48;
/// How long a paper may take to be printed while this waits.
const PRINTING: Duration = Duration::from_secs(60);

/// What came of it, for a script.
#[derive(Debug, Serialize)]
struct Told<'a> {
    payment: Option<String>,
    paper: &'a str,
    title: &'a str,
    language: &'static str,
    /// The way's word; `text` for what was only shown.
    way: &'static str,
    /// Whether it was written down, and so counts.
    counted: bool,
    /// The number of the copy; null for the first one, and for one that nobody counted.
    copy: Option<NonZeroU32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<&'a str>,
    /// What was issued of this payment before.
    issued: Vec<Before>,
}

#[derive(Debug, Serialize)]
struct Before {
    at: Timestamp,
    #[serde(flatten)]
    paper: PaperIssued,
}

/// What is wanted of the paper.
enum Wanted {
    Text,
    Pdf(PathBuf),
    Bytes(PathBuf),
    Print,
    Mail,
}

impl Wanted {
    fn of(args: &ReceiptArgs) -> Self {
        match (&args.pdf, &args.escpos, args.print, args.mail) {
            (Some(file), ..) => Self::Pdf(file.clone()),
            (None, Some(file), ..) => Self::Bytes(file.clone()),
            (None, None, true, _) => Self::Print,
            (None, None, false, true) => Self::Mail,
            (None, None, false, false) => Self::Text,
        }
    }
}

pub(crate) async fn run(context: &Context, args: &ReceiptArgs) -> Result<Exit, Failure> {
    let wanted = Wanted::of(args);
    if matches!(wanted, Wanted::Text) {
        return beside(context, args, &wanted).await;
    }
    let (opening, _news) = context.opening();
    context.needs_journal(&opening).await?;
    match context.home.open_till(opening).await {
        Ok(open) => {
            let done = counted(context, args, &wanted, &open).await;
            open.close().await;
            done
        }
        // A desk is running: a file can be made of what its journal says, and says itself that nobody counted it.
        Err(HomeFault::InUse { .. }) if !matches!(wanted, Wanted::Print) => beside(context, args, &wanted).await,
        Err(fault) => Err(fault.into()),
    }
}

/// With the journal in hand: the paper is numbered and written down before it leaves.
async fn counted(context: &Context, args: &ReceiptArgs, wanted: &Wanted, open: &OpenTill) -> Result<Exit, Failure> {
    let (about, language) = (about(&open.journal, args).await?, language(args, &open.settings));
    let sheet = args.paper.map(pdf_paper);
    let paper = open.papers.receipt(about, language).await?;
    let operator = context::operator(&open.ports, args.operator.as_deref()).await?;
    let issued = before(&open.journal, &paper).await?;
    let told = |way: PaperWay, copy| Told { way: way.word(), counted: true, copy, ..told(&paper, language, issued) };
    match wanted {
        Wanted::Pdf(file) => {
            let to = PdfTo { file: Some(file.clone()), paper: sheet };
            let saved = open.papers.save(&paper, to, operator).await?;
            say(context, &Told { file: Some(shown(&saved.path)), ..told(PaperWay::Pdf, saved.copy) });
        }
        Wanted::Bytes(file) => {
            let saved = open.papers.save_bytes(&paper, file.clone(), operator).await?;
            say(context, &Told { file: Some(shown(&saved.path)), ..told(PaperWay::Bytes, saved.copy) });
        }
        Wanted::Mail => {
            let draft = open.papers.draft(&paper, "", operator).await?;
            let (file, mail) = (Some(shown(&draft.path)), Some(draft.address.as_str()));
            say(context, &Told { file, mail, ..told(PaperWay::Mail, draft.copy) });
        }
        Wanted::Print => {
            open.papers.start_printing().await;
            let copy = open.papers.print(&paper, operator).await?;
            printed(&open.papers, paper.name.as_str(), copy).await?;
            say(context, &told(PaperWay::Printer, copy));
        }
        // Nothing leaves: it is shown without a lock.
        Wanted::Text => {}
    }
    Ok(Exit::Done)
}

/// Waits for the paper's end, or for what keeps it from ending.
pub(super) async fn printed(papers: &Papers, paper: &str, copy: Option<NonZeroU32>) -> Result<(), Failure> {
    let mut queue = papers.queue().ok_or(PaperFault::NoPrinter)?;
    let ours = |queue: &Queue| {
        let job = queue.jobs().iter().find(|job| job.paper == paper && job.copy == copy);
        job.map(|job| job.stand)
    };
    let waits = |queue: &Queue| {
        let stand = ours(queue);
        matches!(stand, Some(Stand::Printing { .. } | Stand::Waiting { trouble: None, .. }))
    };
    let ended = timeout(PRINTING, queue.wait_for(|queue| !waits(queue))).await;
    let stand = ended.ok().and_then(Result::ok).map(|queue| ours(&queue));
    match stand {
        Some(None) => Ok(()),
        Some(Some(Stand::Asked { trouble: Trouble::Outdated })) => Err(waiting(Trouble::Outdated)),
        Some(Some(Stand::Asked { trouble })) => {
            Err(Failure { exit: Exit::Unknown, ..Failure::environment(Code::PaperAsked).because(trouble) })
        }
        Some(Some(Stand::Waiting { trouble: Some(trouble), .. })) => Err(waiting(trouble)),
        Some(Some(Stand::Waiting { trouble: None, .. } | Stand::Printing { .. })) | None => Err(waiting(Trouble::Slow)),
    }
}

fn waiting(trouble: Trouble) -> Failure {
    Failure::not_sent(Code::PaperWaits).because(trouble)
}

/// Beside a running desk, or only shown: what its journal says, marked as a copy that nobody counted.
async fn beside(context: &Context, args: &ReceiptArgs, wanted: &Wanted) -> Result<Exit, Failure> {
    let settings = context.home.settings()?;
    let (opening, _news) = context.opening();
    let reading = context.open_reading(&opening).await?;
    let language = language(args, &settings);
    let about = about(&reading.journal, args).await?;
    let desk = papers::Desk { settings: &settings, training: context.home.is_practice() };
    let paper = papers::receipt(&reading.journal, &desk, about, language).await?;
    let issued = before(&reading.journal, &paper).await?;
    reading.journal.close().await;
    let document = paper.document.clone().as_copy(CopyMark::Uncounted);
    let told = told(&paper, language, issued);
    match wanted {
        Wanted::Text | Wanted::Print => {
            let text = grid::plain_text(&document, COLUMNS);
            context.output.line(text.trim_end());
            context.output.object(&Told { text: Some(text), ..told });
        }
        Wanted::Pdf(file) => {
            write(file, &pdf_of(&document, args.paper.map_or(settings.receipt.pdf, pdf_paper))?)?;
            say(context, &Told { way: PaperWay::Pdf.word(), file: Some(shown(file)), ..told });
        }
        Wanted::Bytes(file) => {
            write(file, &papers::bytes(&document, &settings.printer)?)?;
            say(context, &Told { way: PaperWay::Bytes.word(), file: Some(shown(file)), ..told });
        }
        Wanted::Mail => {
            let address = mail::draft(&document, "");
            say(context, &Told { way: PaperWay::Mail.word(), mail: Some(&address), ..told });
        }
    }
    Ok(Exit::Done)
}

const fn pdf_paper(paper: PaperArg) -> PdfPaper {
    match paper {
        PaperArg::A4 => PdfPaper::A4,
        PaperArg::Roll80 => PdfPaper::Roll80,
        PaperArg::Roll58 => PdfPaper::Roll58,
    }
}

fn pdf_of(document: &Document, paper: PdfPaper) -> Result<Vec<u8>, PaperFault> {
    pdf::write(document, papers::sheet(paper)).map_err(|error| PaperFault::NotMade(error.to_string()))
}

/// Writes a file that is not there yet.
fn write(file: &Path, bytes: &[u8]) -> Result<(), PaperFault> {
    let fault = |error: std::io::Error| PaperFault::File(format!("{}: {error}", file.display()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file).map_err(fault)?;
    std::io::Write::write_all(&mut opened, bytes).and_then(|()| opened.sync_all()).map_err(fault)
}

fn told<'a>(paper: &'a Paper, language: Language, issued: Vec<Before>) -> Told<'a> {
    Told {
        payment: paper.payment.map(|payment| payment.to_string()),
        paper: paper.name.as_str(),
        title: paper.document.title.as_str(),
        language: language.code(),
        way: "text",
        counted: false,
        copy: None,
        file: None,
        text: None,
        mail: None,
        issued,
    }
}

fn say(context: &Context, told: &Told<'_>) {
    let output = &context.output;
    output.object(told);
    let mark = match (told.counted, told.copy) {
        (true, None) => "the first one",
        (true, Some(_)) => "a copy",
        (false, _) => "a copy that is not counted: a desk is running",
    };
    let number = told.copy.map(|copy| format!(" {copy}")).unwrap_or_default();
    output.line(&format!("  {} ({mark}{number})", told.title));
    if let Some(file) = &told.file {
        output.field("file", file);
    }
    if let Some(mail) = told.mail {
        output.field("mail", mail);
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

async fn before(journal: &Journal, paper: &Paper) -> Result<Vec<Before>, Failure> {
    let Some(payment) = paper.payment else { return Ok(Vec::new()) };
    let issued = journal.papers_of(payment).await?;
    Ok(issued.into_iter().map(|(at, paper)| Before { at, paper }).collect())
}

const fn language(args: &ReceiptArgs, settings: &Settings) -> Language {
    let own = match settings.receipt.language {
        Some(language) => papers::language(language),
        None => papers::language(settings.desk.language),
    };
    match args.lang {
        Some(LanguageArg::En) => Language::English,
        Some(LanguageArg::Tr) => Language::Turkish,
        None => own,
    }
}

/// Of what the receipt speaks: what was named, else the payment's approved attempt, else its newest one with an outcome.
async fn about(journal: &Journal, args: &ReceiptArgs) -> Result<About, Failure> {
    let not_found = || Failure::refused(Code::NotFound);
    let payment = context::payment(journal, &args.payment).await?;
    let history = journal.payment(payment).await?.ok_or_else(not_found)?;
    let given = args.payment.trim().to_ascii_lowercase();
    let attempt = args.attempt.as_deref().or_else(|| given.starts_with("att_").then_some(args.payment.as_str()));
    let reversal = args.reversal.as_deref().or_else(|| given.starts_with("rev_").then_some(args.payment.as_str()));
    if let Some(reversal) = reversal {
        let id: ReversalId = context::id(reversal)?;
        let known = history.reversals.iter().any(|one| one.intent.reversal == id);
        return known.then_some(About::Reversal(id)).ok_or_else(not_found);
    }
    if let Some(attempt) = attempt {
        let id: AttemptId = context::id(attempt)?;
        let known = history.attempts.iter().any(|one| one.intent.attempt == id);
        return known.then_some(About::Attempt(id)).ok_or_else(not_found);
    }
    let newest = |wanted: fn(&vezne_core::attempt::State) -> bool| {
        history.attempts.iter().rev().find(|attempt| wanted(&attempt.state)).map(|attempt| attempt.intent.attempt)
    };
    let found = newest(vezne_core::attempt::State::is_approved).or_else(|| newest(|state| !state.is_open()));
    found.map(About::Attempt).ok_or_else(|| PaperFault::NoOutcome.into())
}

impl From<PaperFault> for Failure {
    fn from(fault: PaperFault) -> Self {
        match fault {
            PaperFault::NotFound => Self::refused(Code::NotFound),
            PaperFault::NoOutcome => Self::refused(Code::PaperNoOutcome),
            PaperFault::UnderWay => Self::refused(Code::PaperUnderWay),
            PaperFault::JobGone | PaperFault::NotNow => Self::refused(Code::NotNow),
            PaperFault::NoPrinter => Self::arguments(Code::PrinterNone),
            PaperFault::NotKept => Self::environment(Code::PaperNotKept),
            PaperFault::Printer(trouble) => Self::not_sent(Code::PaperWaits).because(trouble),
            PaperFault::NotMade(words) => Self::environment(Code::PaperNotMade).because(words),
            PaperFault::File(words) => Self::environment(Code::PaperNotSaved).because(words),
            PaperFault::Mail(words) => Self::environment(Code::PaperNotSaved).because(words),
            PaperFault::Journal(fault) => fault.into(),
        }
    }
}
