//! The day close: what it would say, the close itself, earlier ones, and the comparison with the gateways.

use std::io::Write as _;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tauri::{Manager as _, State, WebviewWindow};
use vezne_core::papers::PaperWay;
use vezne_core::ports::Journal as _;
use vezne_home::{ExportExisting, WholeFile, papers};
use vezne_settings::papers::PdfPaper;

use super::desk_only;
use super::sale::names;
use crate::desk::Desk;
use crate::session::{Session, Sessions};
use crate::view::{
    CloseFile, CloseRow, CloseView, ClosesPage, Code, ComparingView, Fault, IssuedView, LanguageWord, SaveClose,
    SupervisorInput, authority, operator,
};

/// The rows of a page.
const PAGE: u32 = 30;

type Open<'a> = State<'a, Arc<dyn Sessions>>;

/// The closes before this number, newest first.
///
/// # Errors
/// When the journal can't be read.
#[tauri::command]
#[specta::specta]
pub async fn closes(window: WebviewWindow, desk: Open<'_>, before: Option<u32>) -> Result<ClosesPage, Fault> {
    desk_only(&window)?;
    page(&*desk.session()?, before).await
}

/// What a close made now would say.
///
/// # Errors
/// When the journal can't be read.
#[tauri::command]
#[specta::specta]
pub async fn close_preview(window: WebviewWindow, desk: Open<'_>) -> Result<CloseView, Fault> {
    desk_only(&window)?;
    preview(&*desk.session()?).await
}

/// Closes the day; over what a restored backup left out only with a supervisor.
///
/// # Errors
/// Why not; no close was made then, except where it is not known yet.
#[tauri::command]
#[specta::specta]
pub async fn close_day(
    window: WebviewWindow,
    desk: Open<'_>,
    operator: Option<String>,
    supervisor: Option<SupervisorInput>,
) -> Result<CloseView, Fault> {
    desk_only(&window)?;
    closed(&*desk.session()?, operator.as_deref(), supervisor).await
}

/// An earlier close.
///
/// # Errors
/// When there is none of that number, or the journal can't be read.
#[tauri::command]
#[specta::specta]
pub async fn day_close(window: WebviewWindow, desk: Open<'_>, number: u32) -> Result<CloseView, Fault> {
    desk_only(&window)?;
    shown(&*desk.session()?, number).await
}

/// Begins to ask the gateways about every payment of a close.
///
/// # Errors
/// Why it was not begun.
#[tauri::command]
#[specta::specta]
pub async fn compare_close(
    window: WebviewWindow,
    desk: Open<'_>,
    number: u32,
    operator: Option<String>,
) -> Result<ComparingView, Fault> {
    desk_only(&window)?;
    begun(&*desk.session()?, number, operator.as_deref()).await
}

/// Stops the comparison that is under way; what it found so far is kept.
///
/// # Errors
/// When no till is open.
#[tauri::command]
#[specta::specta]
pub async fn stop_comparing(window: WebviewWindow, desk: Open<'_>) -> Result<(), Fault> {
    desk_only(&window)?;
    desk.session()?.till.stop_comparing().await;
    Ok(())
}

/// The comparison that is under way, if there is one.
///
/// # Errors
/// When no till is open.
#[tauri::command]
#[specta::specta]
pub async fn comparing(window: WebviewWindow, desk: Open<'_>) -> Result<Option<ComparingView>, Fault> {
    desk_only(&window)?;
    Ok(desk.session()?.till.comparing().await.as_ref().map(Into::into))
}

/// Saves a close as a paper or as a table; answers where. Its paper is counted like any other.
///
/// # Errors
/// When there is none of that number, or it can't be written.
#[tauri::command]
#[specta::specta]
pub async fn save_close(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    save: SaveClose,
    sits: Option<String>,
) -> Result<String, Fault> {
    desk_only(&window)?;
    let folder = crate::exports::folder(window.path().document_dir().ok(), &desk.home);
    let session = desk.session()?;
    saved(&session, &folder, &save, sits.as_deref()).await.map(|path| path.display().to_string())
}

/// Orders the paper of a close from the printer.
///
/// # Errors
/// When there is none of that number, no printer, or it is under way already.
#[tauri::command]
#[specta::specta]
pub async fn print_close(
    window: WebviewWindow,
    desk: Open<'_>,
    number: u32,
    language: LanguageWord,
    sits: Option<String>,
) -> Result<IssuedView, Fault> {
    desk_only(&window)?;
    printed(&*desk.session()?, number, language, sits.as_deref()).await
}

/// The paper of a close goes to the system's print dialog: it is counted, and what is printed bears its mark.
///
/// # Errors
/// When there is none of that number, or it could not be written down; nothing is to be printed then.
#[tauri::command]
#[specta::specta]
pub async fn close_for_dialog(
    window: WebviewWindow,
    desk: Open<'_>,
    number: u32,
    language: LanguageWord,
    sits: Option<String>,
) -> Result<IssuedView, Fault> {
    desk_only(&window)?;
    for_dialog(&*desk.session()?, number, language, sits.as_deref()).await
}

pub(super) async fn page(session: &Session, before: Option<u32>) -> Result<ClosesPage, Fault> {
    let mut rows: Vec<CloseRow> =
        session.journal.closes(before, PAGE.saturating_add(1)).await?.into_iter().map(Into::into).collect();
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    Ok(ClosesPage { rows, more })
}

pub(super) async fn preview(session: &Session) -> Result<CloseView, Fault> {
    let zone = super::history::zone(session);
    let basis = session.journal.close_basis(zone.clone()).await?;
    let label = basis.label(session.clock.now(), &zone);
    Ok(CloseView::before(&basis, &label, &names(session).await?))
}

pub(super) async fn closed(
    session: &Session,
    sits: Option<&str>,
    supervisor: Option<SupervisorInput>,
) -> Result<CloseView, Fault> {
    let authority = supervisor.map(authority).transpose()?;
    let closed = session.till.close_day_as(operator(sits)?, authority).await?;
    Ok(CloseView::made(&closed, &names(session).await?))
}

pub(super) async fn shown(session: &Session, number: u32) -> Result<CloseView, Fault> {
    let closed = session.journal.day_close(Some(number)).await?.ok_or(Fault::new(Code::NoSuchClose))?;
    Ok(CloseView::made(&closed, &names(session).await?))
}

pub(super) async fn begun(session: &Session, number: u32, sits: Option<&str>) -> Result<ComparingView, Fault> {
    Ok((&session.till.compare_close(number, operator(sits)?).await?).into())
}

async fn made(session: &Session, number: u32) -> Result<papers::ClosedDay, Fault> {
    let closed = session.journal.day_close(Some(number)).await?.ok_or(Fault::new(Code::NoSuchClose))?;
    let operators = session.journal.operators().await?;
    let names = operators.into_iter().map(|one| (one.id, one.name.as_str().to_owned())).collect();
    Ok(papers::ClosedDay { closed, names, training: session.is_training() })
}

pub(super) async fn saved(
    session: &Session,
    folder: &Path,
    save: &SaveClose,
    sits: Option<&str>,
) -> Result<PathBuf, Fault> {
    let day = made(session, save.number).await?;
    let failed = |error: &dyn std::fmt::Display| Fault::new(Code::ExportFailed).because(error.to_string());
    std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let place = |extension| crate::exports::free_name(folder, &day.stem(), extension);
    let turkish = save.language == LanguageWord::Tr;
    let (bytes, path) = match save.file {
        CloseFile::Pdf => {
            let paper = day.paper(&session.papers.settings(), save.language.into());
            let to = papers::PdfTo { file: Some(place("pdf")), paper: Some(PdfPaper::A4) };
            return Ok(session.papers.save(&paper, to, operator(sits)?).await?.path);
        }
        CloseFile::Csv => (day.csv(turkish).map_err(|error| failed(&error))?, place("csv")),
        CloseFile::Jsonl => (day.jsonl().map_err(|error| failed(&error))?, place("jsonl")),
    };
    let mut file = WholeFile::begin(&path, ExportExisting::Keep).map_err(|error| failed(&error))?;
    file.write_all(&bytes).and_then(|()| file.end()).map_err(|error| failed(&error))?;
    Ok(path)
}

pub(super) async fn printed(
    session: &Session,
    number: u32,
    language: LanguageWord,
    sits: Option<&str>,
) -> Result<IssuedView, Fault> {
    let paper = made(session, number).await?.paper(&session.papers.settings(), language.into());
    let copy = session.papers.print(&paper, operator(sits)?).await?;
    Ok(IssuedView { copy: copy.map(NonZeroU32::get), path: None })
}

pub(super) async fn for_dialog(
    session: &Session,
    number: u32,
    language: LanguageWord,
    sits: Option<&str>,
) -> Result<IssuedView, Fault> {
    let paper = made(session, number).await?.paper(&session.papers.settings(), language.into());
    let issued = session.papers.issue(&paper, PaperWay::Dialog, operator(sits)?).await?;
    Ok(IssuedView { copy: issued.copy.map(NonZeroU32::get), path: None })
}
