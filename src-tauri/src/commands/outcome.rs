//! What may be done about an attempt: ask again, a supervisor's word.

use std::sync::Arc;

use vezne_core::ids::{AttemptId, ReversalId};
use vezne_till::{SettleRequest, Verdict};

use super::desk_only;
use crate::session::{Session, Sessions};
use crate::view::{AttemptView, Code, Fault, Field, SettleInput, VerdictWord, authority, confirmed};

type Desk<'a> = tauri::State<'a, Arc<dyn Sessions>>;

/// Asks the gateway about an attempt now; the answer comes as a change.
///
/// # Errors
/// When there is nothing to ask about.
#[tauri::command]
#[specta::specta]
pub async fn ask_again(window: tauri::WebviewWindow, desk: Desk<'_>, attempt: String) -> Result<(), Fault> {
    desk_only(&window)?;
    let attempt: AttemptId = attempt.parse()?;
    Ok(desk.session()?.till.ask_again(attempt).await?)
}

/// Asks the gateway about a reversal now; the answer comes as a change.
///
/// # Errors
/// When there is nothing to ask about.
#[tauri::command]
#[specta::specta]
pub async fn ask_reversal_again(window: tauri::WebviewWindow, desk: Desk<'_>, reversal: String) -> Result<(), Fault> {
    desk_only(&window)?;
    let reversal: ReversalId = reversal.parse()?;
    Ok(desk.session()?.till.ask_reversal_again(reversal).await?)
}

/// One attempt as it stands.
///
/// # Errors
/// When the journal knows of no such attempt, or can't be read.
#[tauri::command]
#[specta::specta]
pub async fn attempt(window: tauri::WebviewWindow, desk: Desk<'_>, attempt: String) -> Result<AttemptView, Fault> {
    desk_only(&window)?;
    stands(&*desk.session()?, &attempt).await
}

/// A supervisor's word on an attempt: approved, declined, or "another card now".
///
/// # Errors
/// Why it was not taken.
#[tauri::command]
#[specta::specta]
pub async fn settle(window: tauri::WebviewWindow, desk: Desk<'_>, settle: SettleInput) -> Result<AttemptView, Fault> {
    desk_only(&window)?;
    settled(&*desk.session()?, settle).await
}

pub(super) async fn stands(session: &Session, attempt: &str) -> Result<AttemptView, Fault> {
    let view = session.till.attempt(attempt.parse()?).await?;
    view.map(|view| (&view).into()).ok_or(Fault::new(Code::NotFound))
}

pub(super) async fn settled(session: &Session, settle: SettleInput) -> Result<AttemptView, Fault> {
    let SettleInput { attempt, verdict, supervisor, saw, confirmed: sure } = settle;
    confirmed(sure)?;
    let authority = authority(supervisor)?;
    let saw = saw.filter(|saw| !saw.trim().is_empty()).map(|saw| saw.parse()).transpose();
    let request = SettleRequest {
        attempt: attempt.parse()?,
        verdict: match verdict {
            VerdictWord::Approved => Verdict::Approved,
            VerdictWord::Declined => Verdict::Declined,
            VerdictWord::SetAside => Verdict::SetAside,
        },
        authority,
        saw: saw.map_err(|error| Fault::of_text(error, Field::Saw))?,
    };
    Ok((&session.till.settle(request).await?).into())
}
