//! Receipts shown, printed, saved and mailed from the window, and the settings of papers and the printer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vezne_core::ids::{OperatorId, PaymentId};
use vezne_core::papers::PaperWay;
use vezne_core::ports::Journal as _;
use vezne_home::papers::{columns, try_out};
use vezne_home::{Issued, Paper, Papers, PdfTo};
use vezne_receipt::block::Document;
use vezne_receipt::{grid, raster};
use vezne_settings::papers::{PapersDraft, PrinterSettings, with_papers};
use vezne_settings::{Settings, SettingsError};

use crate::accounts::{changeable, not_in_training, settings_text};
use crate::desk::Desk;
use crate::session::Session;
use crate::view::{
    AboutInput, Code, Fault, Field, IssuedView, LanguageWord, Names, PaperLine, PapersInput, PdfInput, ReceiptView,
    SeenWord,
};

/// The receipt in that language.
async fn paper(session: &Session, about: &AboutInput, language: LanguageWord) -> Result<Paper, Fault> {
    Ok(session.papers.receipt(about.read()?, language.into()).await?)
}

/// A receipt as the next one of it will be.
///
/// # Errors
/// When there is no outcome yet, or the journal can't be read.
pub(crate) async fn shown(session: &Session, about: &AboutInput, language: LanguageWord) -> Result<ReceiptView, Fault> {
    let paper = paper(session, about, language).await?;
    let issued = session.papers.preview(&paper).await?;
    drawn(&session.papers, &paper, issued, language).await
}

/// A receipt for the system's print dialog: counted, and with its mark.
///
/// # Errors
/// When it could not be written down; nothing is to be printed then.
pub(crate) async fn for_dialog(
    session: &Session,
    about: &AboutInput,
    language: LanguageWord,
    operator: Option<OperatorId>,
) -> Result<ReceiptView, Fault> {
    let paper = paper(session, about, language).await?;
    let issued = session.papers.issue(&paper, PaperWay::Dialog, operator).await?;
    drawn(&session.papers, &paper, issued, language).await
}

async fn drawn(papers: &Papers, paper: &Paper, issued: Issued, language: LanguageWord) -> Result<ReceiptView, Fault> {
    let Issued { copy, document } = issued;
    let settings = papers.settings().printer.clone();
    let made = tokio::task::spawn_blocking(move || picture(&document, &settings)).await;
    let (text, picture, width, height) = made.map_err(|error| Fault::new(Code::PaperNotMade).because(error))??;
    let title = paper.document.title.as_str().to_owned();
    let copy = copy.map(std::num::NonZeroU32::get);
    Ok(ReceiptView { paper: paper.name.to_string(), title, language, copy, text, picture, width, height })
}

type Drawn = (String, String, u32, u32);

fn picture(document: &Document, settings: &PrinterSettings) -> Result<Drawn, Fault> {
    let not_made = |words: String| Fault::new(Code::PaperNotMade).because(words);
    let columns = columns(settings);
    let bitmap = raster::draw(document, columns.dots()).map_err(|error| not_made(error.to_string()))?;
    let png = bitmap.png().map_err(|error| not_made(error.to_string()))?;
    let size = |dots: usize| u32::try_from(dots).unwrap_or(u32::MAX);
    let picture = format!("data:image/png;base64,{}", STANDARD.encode(png));
    Ok((grid::plain_text(document, columns.count()), picture, size(bitmap.width()), size(bitmap.height())))
}

/// Orders a receipt from the printer.
///
/// # Errors
/// When there is no printer, it is under way already, or it could not be written down.
pub(crate) async fn printed(
    session: &Session,
    about: &AboutInput,
    language: LanguageWord,
    operator: Option<OperatorId>,
) -> Result<IssuedView, Fault> {
    let copy = session.papers.print(&paper(session, about, language).await?, operator).await?;
    Ok(IssuedView { copy: copy.map(std::num::NonZeroU32::get), path: None })
}

/// Saves a receipt as PDF in the receipts' folder.
///
/// # Errors
/// When it could not be saved; nothing is left then.
pub(crate) async fn saved(
    session: &Session,
    about: &AboutInput,
    pdf: PdfInput,
    operator: Option<OperatorId>,
) -> Result<IssuedView, Fault> {
    let to = PdfTo { file: None, paper: Some(pdf.paper.into()) };
    let saved = session.papers.save(&paper(session, about, pdf.language).await?, to, operator).await?;
    let path = Some(saved.path.display().to_string());
    Ok(IssuedView { copy: saved.copy.map(std::num::NonZeroU32::get), path })
}

/// Saves a receipt's PDF, and opens the draft of a mail with its text.
///
/// # Errors
/// When it could not be saved, or no mail program could be started.
pub(crate) async fn mailed(
    session: &Session,
    about: &AboutInput,
    language: LanguageWord,
    operator: Option<OperatorId>,
) -> Result<IssuedView, Fault> {
    let draft = session.papers.draft(&paper(session, about, language).await?, "", operator).await?;
    if session.has_screen() {
        draft.open().await?;
    }
    let path = Some(draft.path.display().to_string());
    Ok(IssuedView { copy: draft.copy.map(std::num::NonZeroU32::get), path })
}

/// The papers of a payment that were issued, oldest first.
///
/// # Errors
/// When the journal can't be read.
pub(crate) async fn of_payment(session: &Session, payment: &str) -> Result<Vec<PaperLine>, Fault> {
    let payment: PaymentId = payment.parse()?;
    let names = Names::of(&session.journal.operators().await?);
    let issued = session.journal.papers_of(payment).await?;
    Ok(issued.iter().map(|(at, one)| PaperLine::of(*at, one, &names)).collect())
}

/// Says what a person saw of a paper that is asked about.
///
/// # Errors
/// When nobody asks any more, or it could not be written down.
pub(crate) async fn answered(
    session: &Session,
    job: u32,
    seen: SeenWord,
    operator: Option<OperatorId>,
) -> Result<(), Fault> {
    Ok(session.papers.answer(u64::from(job), seen.into(), operator).await?)
}

/// `[receipt]` and `[printer]` as they stand.
///
/// # Errors
/// When the settings can't be read.
pub(crate) fn input(desk: &Desk) -> Result<PapersInput, Fault> {
    let settings = Settings::parse(&settings_text(&desk.home)?, "config.toml").map_err(|error| wrong(&error))?;
    Ok(PapersDraft::of(&settings.receipt, &settings.printer).into())
}

/// Writes `[receipt]` and `[printer]`, and goes on with them. Payments under way are not disturbed: nothing of them depends on it.
///
/// # Errors
/// What is wrong with them, or what could not be written; everything is as it was then.
pub(crate) async fn save(desk: &Desk, input: PapersInput) -> Result<(), Fault> {
    let _turn = desk.turn().await;
    let session = changeable(desk)?;
    let text = with_papers(&settings_text(&desk.home)?, &input.into()).map_err(|error| wrong(&error))?;
    let settings = Settings::parse(&text, "config.toml").map_err(|error| wrong(&error))?;
    desk.home.write_config(&text)?;
    match session {
        Some(session) => session.papers.change(settings).await,
        // The till is opened with them.
        None => desk.reopen().await,
    }
    Ok(())
}

/// Prints a test page with settings that need not be saved.
///
/// # Errors
/// What is wrong with them, or with the printer.
pub(crate) async fn tested(desk: &Desk, input: PapersInput, language: LanguageWord) -> Result<(), Fault> {
    not_in_training(desk)?;
    let text = with_papers(&settings_text(&desk.home)?, &input.into()).map_err(|error| wrong(&error))?;
    let settings = Settings::parse(&text, "config.toml").map_err(|error| wrong(&error))?;
    let zone = jiff::tz::TimeZone::get(&settings.desk.timezone).unwrap_or(jiff::tz::TimeZone::UTC);
    let now = jiff::Timestamp::now().into();
    Ok(try_out(&settings, now, &zone, language.into()).await?)
}

/// What is wrong with them, and the field that the first of it is about.
fn wrong(error: &SettingsError) -> Fault {
    let SettingsError::Wrong { problems, .. } = error else { return Fault::new(Code::Configuration).because(error) };
    let words: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    let fault = Fault::new(Code::PapersWrong).because(words.join("\n"));
    match problems.iter().find_map(|problem| field_of(&problem.key)) {
        Some(field) => fault.at(field),
        None => fault,
    }
}

fn field_of(key: &str) -> Option<Field> {
    match key {
        "header" => Some(Field::Header),
        "folder" => Some(Field::Folder),
        "address" | "way" | "paper" => Some(Field::Address),
        _ => None,
    }
}

#[cfg(test)]
#[path = "papers_tests.rs"]
mod tests;
