//! Exports of the accountant's table.

use std::sync::Arc;

use tauri::ipc::Channel;
use tauri::{Manager as _, State, WebviewWindow};

use super::desk_only;
use crate::desk::Desk;
use crate::exports::{self, Exports};
use crate::session::Sessions as _;
use crate::view::{ExportDone, ExportInput, ExportPlan, ExportProgress, Fault};

/// What an export would hold, and where it would stand.
///
/// # Errors
/// When a day can't be read, or the journal can't.
#[tauri::command]
#[specta::specta]
pub async fn plan_export(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    wanted: ExportInput,
) -> Result<ExportPlan, Fault> {
    desk_only(&window)?;
    let session = desk.session()?;
    exports::planned(&session, &exports::folder(window.path().document_dir().ok(), &desk.home), &wanted).await
}

/// Writes it. Answers when it is whole; `channel` hears how far it is.
///
/// # Errors
/// Why there is none; nothing of it is left then.
#[tauri::command]
#[specta::specta]
pub async fn make_export(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    under_way: State<'_, Arc<Exports>>,
    wanted: ExportInput,
    channel: Channel<ExportProgress>,
) -> Result<ExportDone, Fault> {
    desk_only(&window)?;
    let session = desk.session()?;
    let folder = exports::folder(window.path().document_dir().ok(), &desk.home);
    let tell = move |progress| {
        let _nobody_listens = channel.send(progress);
    };
    exports::made((&session, &under_way), &folder, &wanted, tell).await
}

/// Ends the export that is under way, if there is one. Nothing of it is left.
///
/// # Errors
/// For any window but the desk's.
#[tauri::command]
#[specta::specta]
pub async fn cancel_export(window: WebviewWindow, under_way: State<'_, Arc<Exports>>) -> Result<(), Fault> {
    desk_only(&window)?;
    under_way.cancel();
    Ok(())
}

/// How far the export is that is under way, if there is one: a window that was loaded anew asks.
///
/// # Errors
/// For any window but the desk's.
#[tauri::command]
#[specta::specta]
pub async fn exporting(
    window: WebviewWindow,
    under_way: State<'_, Arc<Exports>>,
) -> Result<Option<ExportProgress>, Fault> {
    desk_only(&window)?;
    Ok(under_way.under_way())
}
