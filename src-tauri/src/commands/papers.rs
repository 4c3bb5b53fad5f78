//! Receipts and the printer.

use std::sync::Arc;

use tauri::{State, WebviewWindow};

use super::desk_only;
use crate::desk::Desk;
use crate::papers;
use crate::session::Sessions as _;
use crate::view::{
    AboutInput, Fault, IssuedView, LanguageWord, PaperLine, PapersInput, PdfInput, ReceiptView, SeenWord, operator,
};

type TheDesk<'a> = State<'a, Arc<Desk>>;

/// A receipt as it will be on paper. Nothing is counted.
///
/// # Errors
/// When there is no outcome yet.
#[tauri::command]
#[specta::specta]
pub async fn receipt(
    window: WebviewWindow,
    desk: TheDesk<'_>,
    about: AboutInput,
    language: LanguageWord,
) -> Result<ReceiptView, Fault> {
    desk_only(&window)?;
    papers::shown(&*desk.session()?, &about, language).await
}

/// A receipt for the system's print dialog: counted, and with its mark.
///
/// # Errors
/// When it could not be written down; nothing is to be printed then.
#[tauri::command]
#[specta::specta]
pub async fn receipt_for_dialog(
    window: WebviewWindow,
    desk: TheDesk<'_>,
    about: AboutInput,
    language: LanguageWord,
    sits: Option<String>,
) -> Result<ReceiptView, Fault> {
    desk_only(&window)?;
    papers::for_dialog(&*desk.session()?, &about, language, operator(sits.as_deref())?).await
}

/// Orders a receipt from the printer.
///
/// # Errors
/// When there is no printer, or it is under way already.
#[tauri::command]
#[specta::specta]
pub async fn print_receipt(
    window: WebviewWindow,
    desk: TheDesk<'_>,
    about: AboutInput,
    language: LanguageWord,
    sits: Option<String>,
) -> Result<IssuedView, Fault> {
    desk_only(&window)?;
    papers::printed(&*desk.session()?, &about, language, operator(sits.as_deref())?).await
}

/// Saves a receipt as PDF in the receipts' folder.
///
/// # Errors
/// When it could not be saved.
#[tauri::command]
#[specta::specta]
pub async fn save_receipt(
    window: WebviewWindow,
    desk: TheDesk<'_>,
    about: AboutInput,
    pdf: PdfInput,
    sits: Option<String>,
) -> Result<IssuedView, Fault> {
    desk_only(&window)?;
    papers::saved(&*desk.session()?, &about, pdf, operator(sits.as_deref())?).await
}

/// Saves a receipt's PDF, and opens the draft of a mail with its text.
///
/// # Errors
/// When it could not be saved, or no mail program could be started.
#[tauri::command]
#[specta::specta]
pub async fn mail_receipt(
    window: WebviewWindow,
    desk: TheDesk<'_>,
    about: AboutInput,
    language: LanguageWord,
    sits: Option<String>,
) -> Result<IssuedView, Fault> {
    desk_only(&window)?;
    papers::mailed(&*desk.session()?, &about, language, operator(sits.as_deref())?).await
}

/// The papers of a payment that were issued, oldest first.
///
/// # Errors
/// When the journal can't be read.
#[tauri::command]
#[specta::specta]
pub async fn payment_papers(
    window: WebviewWindow,
    desk: TheDesk<'_>,
    payment: String,
) -> Result<Vec<PaperLine>, Fault> {
    desk_only(&window)?;
    papers::of_payment(&*desk.session()?, &payment).await
}

/// Says what a person saw of a paper that is asked about.
///
/// # Errors
/// When nobody asks any more.
#[tauri::command]
#[specta::specta]
pub async fn answer_print_job(
    window: WebviewWindow,
    desk: TheDesk<'_>,
    job: u32,
    seen: SeenWord,
    sits: Option<String>,
) -> Result<(), Fault> {
    desk_only(&window)?;
    papers::answered(&*desk.session()?, job, seen, operator(sits.as_deref())?).await
}

/// Takes back a paper that waits for the printer.
///
/// # Errors
/// When something of it may have left.
#[tauri::command]
#[specta::specta]
pub async fn cancel_print_job(
    window: WebviewWindow,
    desk: TheDesk<'_>,
    job: u32,
    sits: Option<String>,
) -> Result<(), Fault> {
    desk_only(&window)?;
    Ok(desk.session()?.papers.cancel(u64::from(job), operator(sits.as_deref())?).await?)
}

/// Tries at once what waits for the printer: someone has seen to it.
///
/// # Errors
/// When there is no printer.
#[tauri::command]
#[specta::specta]
pub async fn hurry_printer(window: WebviewWindow, desk: TheDesk<'_>) -> Result<(), Fault> {
    desk_only(&window)?;
    Ok(desk.session()?.papers.hurry().await?)
}

/// The settings of receipts and the printer, to be changed.
///
/// # Errors
/// When the settings can't be read.
#[tauri::command]
#[specta::specta]
pub async fn papers_input(window: WebviewWindow, desk: TheDesk<'_>) -> Result<PapersInput, Fault> {
    desk_only(&window)?;
    papers::input(&desk)
}

/// Changes the settings of receipts and the printer, and goes on with them.
///
/// # Errors
/// Why not; everything is as it was then.
#[tauri::command]
#[specta::specta]
pub async fn save_papers(window: WebviewWindow, desk: TheDesk<'_>, input: PapersInput) -> Result<(), Fault> {
    desk_only(&window)?;
    papers::save(&desk, input).await
}

/// Prints a test page with settings that need not be saved.
///
/// # Errors
/// What is wrong with them, or with the printer.
#[tauri::command]
#[specta::specta]
pub async fn test_printer(
    window: WebviewWindow,
    desk: TheDesk<'_>,
    input: PapersInput,
    language: LanguageWord,
) -> Result<(), Fault> {
    desk_only(&window)?;
    papers::tested(&desk, input, language).await
}
