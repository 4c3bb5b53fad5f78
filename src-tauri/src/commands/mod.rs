//! One file a screen: parse, ask the till, return.

pub mod bank;
pub mod card;
pub mod close;
pub mod export;
pub mod history;
pub mod outcome;
pub mod papers;
pub mod returns;
pub mod sale;
pub mod settings;
pub mod start;
#[cfg(test)]
mod tests;

use crate::view::Fault;

/// Refuses every window but the desk's, whatever the capabilities say.
///
/// # Errors
/// [`crate::view::Code::Internal`] for any other window.
pub(crate) fn desk_only(window: &tauri::WebviewWindow) -> Result<(), Fault> {
    crate::ipc::may_ask(window.label())
}
