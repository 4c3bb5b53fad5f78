//! One file a screen: parse, ask the till, return.

pub mod bank;
pub mod card;
pub mod history;
pub mod outcome;
pub mod sale;
pub mod settings;
pub mod start;
#[cfg(test)]
mod tests;

use crate::view::{Code, Fault};

/// The desk's own window: the only one that may ask for anything.
const DESK_LABEL: &str = "desk";

/// Refuses every window but the desk's, whatever the capabilities say.
///
/// # Errors
/// [`Code::Internal`] for any other window.
pub fn desk_only(window: &tauri::WebviewWindow) -> Result<(), Fault> {
    if window.label() == DESK_LABEL {
        return Ok(());
    }
    tracing::error!(label = window.label(), "a window that is not the desk's has called a command");
    Err(Fault::new(Code::Internal))
}
