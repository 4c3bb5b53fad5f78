//! The bank's page: shown, parked, closed, moved to the browser.

use std::sync::Arc;

use vezne_core::ids::AttemptId;

use super::desk_only;
use crate::bank::PageFault;
use crate::session::Sessions;
use crate::view::{Code, Fault};

type Desk<'a> = tauri::State<'a, Arc<dyn Sessions>>;

impl From<PageFault> for Fault {
    fn from(fault: PageFault) -> Self {
        match fault {
            PageFault::NoPage => Self::new(Code::NoPage),
            PageFault::NotOffered => Self::new(Code::BrowserNotOffered),
            PageFault::NotShown(why) => Self::new(Code::BankPage).because(why),
        }
    }
}

fn attempt_of(attempt: &str) -> Result<AttemptId, Fault> {
    attempt.parse().map_err(|_| Fault::new(Code::NotFound))
}

/// Brings a page to the front.
///
/// # Errors
/// When there is none.
#[tauri::command]
#[specta::specta]
pub async fn bank_show(window: tauri::WebviewWindow, desk: Desk<'_>, attempt: String) -> Result<(), Fault> {
    desk_only(&window)?;
    Ok(desk.session()?.bank()?.bring_up(attempt_of(&attempt)?)?)
}

/// Hides a page; it goes on working.
///
/// # Errors
/// When there is none.
#[tauri::command]
#[specta::specta]
pub async fn bank_park(window: tauri::WebviewWindow, desk: Desk<'_>, attempt: String) -> Result<(), Fault> {
    desk_only(&window)?;
    Ok(desk.session()?.bank()?.park(attempt_of(&attempt)?)?)
}

/// Closes a page because a person says so; the payment is asked about, not declined.
///
/// # Errors
/// When there is none.
#[tauri::command]
#[specta::specta]
pub async fn bank_close(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    attempt: String,
    gave_up: bool,
) -> Result<(), Fault> {
    desk_only(&window)?;
    Ok(desk.session()?.bank()?.close_by_hand(attempt_of(&attempt)?, gave_up)?)
}

/// The answer to "close it?": no.
///
/// # Errors
/// When there is none.
#[tauri::command]
#[specta::specta]
pub async fn bank_keep(window: tauri::WebviewWindow, desk: Desk<'_>, attempt: String) -> Result<(), Fault> {
    desk_only(&window)?;
    Ok(desk.session()?.bank()?.bring_up(attempt_of(&attempt)?)?)
}

/// Moves a page from its window to the system's browser, once.
///
/// # Errors
/// When that is not offered, or it can't be shown there.
#[tauri::command]
#[specta::specta]
pub async fn bank_to_browser(window: tauri::WebviewWindow, desk: Desk<'_>, attempt: String) -> Result<(), Fault> {
    desk_only(&window)?;
    let (session, attempt) = (desk.session()?, attempt_of(&attempt)?);
    let (bank, till) = (session.bank()?, &session.till);
    // Asked before the window goes: where nobody could be asked afterwards, it stays.
    let asked = till.attempt(attempt).await?;
    if !asked.is_some_and(|view| view.can_be_asked) {
        return Err(PageFault::NotOffered.into());
    }
    let moving = bank.take_out(attempt).await?;
    match till.page_moved(attempt).await {
        Ok(()) => Ok(bank.show_moved(moving).await?),
        // The window is gone, and the page must not be opened elsewhere.
        Err(why) => {
            drop(moving);
            // Settled meanwhile, it is closed already; why it did not move is what is told.
            let _closed_already = bank.close_by_hand(attempt, false);
            Err(why.into())
        }
    }
}
