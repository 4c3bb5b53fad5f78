//! What the window asks first, and how it comes to another till.

use std::sync::Arc;

use tauri::ipc::Channel;
use tauri::{AppHandle, State, WebviewWindow};

use vezne_core::ids::AttemptId;

use super::desk_only;
use crate::desk::Desk;
use crate::stream::Source;
use crate::view::{Code, DeskEvent, Fault, Hello, Preferences, RepairView, TypedSecret};
use crate::window::GoesOn;

/// More attempts than anyone follows at once.
const CARRIED_MOST: usize = 32;

/// Everything as it stands now; from then on every change goes into the channel. A second call takes the first one's
/// place.
#[tauri::command]
#[specta::specta]
pub async fn watch(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    channel: Channel<DeskEvent>,
) -> Result<Hello, Fault> {
    desk_only(&window)?;
    // The window fetches a long event by a command of Tauri's own that no access list covers. Tauri 2.12.5 answers a window
    // with what was sent to that very window and nothing else, so a bank's page that calls it finds nothing.
    let source: Arc<dyn Source> = desk.inner().clone();
    Ok(desk.stream.watch(source, move |event| channel.send(event).is_ok()).await)
}

/// Keeps what a person prefers.
#[tauri::command]
#[specta::specta]
pub async fn set_preferences(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    preferences: Preferences,
) -> Result<(), Fault> {
    desk_only(&window)?;
    desk.set_preferences(preferences)
}

/// Closes the real till and opens the practice one.
#[tauri::command]
#[specta::specta]
pub async fn begin_training(window: WebviewWindow, desk: State<'_, Arc<Desk>>) -> Result<(), Fault> {
    desk_only(&window)?;
    desk.begin_training().await
}

/// Closes the practice till and opens the real one.
#[tauri::command]
#[specta::specta]
pub async fn leave_training(window: WebviewWindow, desk: State<'_, Arc<Desk>>) -> Result<(), Fault> {
    desk_only(&window)?;
    desk.leave_training().await
}

/// Opens the sealed file for as long as the desk is open.
#[tauri::command]
#[specta::specta]
pub async fn unlock_vault(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    passphrase: TypedSecret,
) -> Result<(), Fault> {
    desk_only(&window)?;
    desk.unlock(passphrase.exact()).await
}

/// Tries again to open the till.
#[tauri::command]
#[specta::specta]
pub async fn open_till(window: WebviewWindow, desk: State<'_, Arc<Desk>>) -> Result<(), Fault> {
    desk_only(&window)?;
    desk.open_till().await
}

/// Replaces the page by a fresh one in a fresh process, because this one has seen a card. The fresh page is told what was
/// shown, which attempts' ends nobody has seen yet, and which are known.
#[tauri::command]
#[specta::specta]
pub async fn renew_page(
    window: WebviewWindow,
    shown: Option<String>,
    watched: Vec<String>,
    known: Vec<String>,
) -> Result<(), Fault> {
    desk_only(&window)?;
    let goes_on = GoesOn { shown: ids(shown.as_slice()).pop(), watched: ids(&watched), known: ids(&known) };
    crate::window::renew_page(&window, &goes_on).map_err(|_| Fault::new(Code::Internal))
}

/// What stands in an address is what was read here, and nothing that a page made up.
fn ids(texts: &[String]) -> Vec<AttemptId> {
    texts.iter().filter_map(|attempt| attempt.parse().ok()).take(CARRIED_MOST).collect()
}

/// The fresh page is there.
#[tauri::command]
#[specta::specta]
pub async fn page_stands(window: WebviewWindow) -> Result<(), Fault> {
    desk_only(&window)?;
    crate::window::page_stands(&window).map_err(|_| Fault::new(Code::Internal))
}

/// Sets the damaged journal aside and puts together what it and the backups still hold.
#[tauri::command]
#[specta::specta]
pub async fn repair_journal(window: WebviewWindow, desk: State<'_, Arc<Desk>>) -> Result<RepairView, Fault> {
    desk_only(&window)?;
    desk.repair_journal().await
}

/// Closes the desk: the answer to `close_asked`, when a person means it.
#[tauri::command]
#[specta::specta]
pub async fn close_desk(app: AppHandle, window: WebviewWindow, desk: State<'_, Arc<Desk>>) -> Result<(), Fault> {
    desk_only(&window)?;
    crate::window::end(&app, Arc::clone(desk.inner()));
    Ok(())
}
