//! The day close: what it would say, the close itself, earlier ones, and the comparison with the gateways.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tauri::{Manager as _, State, WebviewWindow};
use vezne_core::ports::Journal as _;
use vezne_home::papers;

use super::desk_only;
use super::sale::names;
use crate::desk::Desk;
use crate::session::{Session, Sessions};
use crate::view::{
    CloseFile, CloseRow, CloseView, ClosesPage, Code, ComparingView, Fault, LanguageWord, SaveClose, operator,
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

/// Closes the day.
///
/// # Errors
/// Why not; no close was made then.
#[tauri::command]
#[specta::specta]
pub async fn close_day(window: WebviewWindow, desk: Open<'_>, operator: Option<String>) -> Result<CloseView, Fault> {
    desk_only(&window)?;
    closed(&*desk.session()?, operator.as_deref()).await
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

/// Saves a close as a paper or as a table; answers where.
///
/// # Errors
/// When there is none of that number, or it can't be written.
#[tauri::command]
#[specta::specta]
pub async fn save_close(window: WebviewWindow, desk: State<'_, Arc<Desk>>, save: SaveClose) -> Result<String, Fault> {
    desk_only(&window)?;
    let documents = window.path().document_dir().ok().filter(|folder| folder.is_dir());
    let folder = documents.map_or_else(|| desk.home.folder().join("exports"), |folder| folder.join("Vezne"));
    let session = desk.session()?;
    saved(&session, &folder, &save).await.map(|path| path.display().to_string())
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

pub(super) async fn closed(session: &Session, sits: Option<&str>) -> Result<CloseView, Fault> {
    let closed = session.till.close_day(operator(sits)?).await?;
    Ok(CloseView::made(&closed, &names(session).await?))
}

pub(super) async fn shown(session: &Session, number: u32) -> Result<CloseView, Fault> {
    let closed = session.journal.day_close(Some(number)).await?.ok_or(Fault::new(Code::NoSuchClose))?;
    Ok(CloseView::made(&closed, &names(session).await?))
}

pub(super) async fn begun(session: &Session, number: u32, sits: Option<&str>) -> Result<ComparingView, Fault> {
    Ok((&session.till.compare_close(number, operator(sits)?).await?).into())
}

pub(super) async fn saved(session: &Session, folder: &Path, save: &SaveClose) -> Result<PathBuf, Fault> {
    let closed = session.journal.day_close(Some(save.number)).await?.ok_or(Fault::new(Code::NoSuchClose))?;
    let named = format!("vezne-close-{}-{}", save.number, closed.close.label.to);
    let operators = session.journal.operators().await?;
    let names = operators.into_iter().map(|one| (one.id, one.name.as_str().to_owned())).collect();
    let paper = papers::ClosedDay { closed, names, training: session.training.is_some() };
    let failed = |error: &dyn std::fmt::Display| Fault::new(Code::ExportFailed).because(error.to_string());
    let turkish = save.language == LanguageWord::Tr;
    let bytes = match save.file {
        CloseFile::Pdf => paper.pdf(&session.papers.settings(), turkish).map_err(|error| failed(&error))?,
        CloseFile::Csv => paper.csv(turkish).map_err(|error| failed(&error))?,
        CloseFile::Jsonl => paper.jsonl().map_err(|error| failed(&error))?,
    };
    let extension = match save.file {
        CloseFile::Pdf => "pdf",
        CloseFile::Csv => "csv",
        CloseFile::Jsonl => "jsonl",
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let path = crate::exports::free_name(folder, &named, extension);
    write(&path, &bytes).map_err(|error| failed(&error))?;
    Ok(path)
}

/// A new file, its owner's alone, whole when this returns.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
