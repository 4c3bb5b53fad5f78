//! Settings: merchant accounts and operators.

use std::sync::Arc;

use tauri::State;
use vezne_core::record::Operator;
use vezne_core::text::TypedText;
use vezne_home::hash_pin;
use vezne_till::SettleError;

use super::desk_only;
use crate::accounts;
use crate::desk::Desk;
use crate::session::{Session, Sessions as _};
use crate::training::fresh_operator;
use crate::view::{AccountInput, Code, Fault, Field, OperatorInput, TryOutWord, authority};

/// The longest name of an operator, in characters: as in `veznectl`.
const NAME_CHARS: usize = 40;

/// An account's settings, to be changed. Its login is not among them.
///
/// # Errors
/// When there is no such account, or the settings can't be read.
#[tauri::command]
#[specta::specta]
pub async fn account_input(
    window: tauri::WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    account: String,
) -> Result<AccountInput, Fault> {
    desk_only(&window)?;
    accounts::input(&desk, &account)
}

/// Tries an account out that need not be saved; nothing is paid or kept.
///
/// # Errors
/// What is wrong with it, or why its login can't be had.
#[tauri::command]
#[specta::specta]
pub async fn try_account(
    window: tauri::WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    account: AccountInput,
) -> Result<TryOutWord, Fault> {
    desk_only(&window)?;
    accounts::tried(&desk, account).await
}

/// Adds or changes an account, and opens the till anew with it.
///
/// # Errors
/// Why not; everything is as it was then.
#[tauri::command]
#[specta::specta]
pub async fn save_account(
    window: tauri::WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    account: AccountInput,
) -> Result<(), Fault> {
    desk_only(&window)?;
    accounts::save(&desk, account).await
}

/// Removes an account with its login, and opens the till anew without it.
///
/// # Errors
/// Why not; everything is as it was then.
#[tauri::command]
#[specta::specta]
pub async fn remove_account(
    window: tauri::WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    account: String,
) -> Result<(), Fault> {
    desk_only(&window)?;
    accounts::remove(&desk, &account).await
}

/// Adds an operator. The first ones need nobody's leave; once there is a supervisor, one must agree.
///
/// # Errors
/// Why not.
#[tauri::command]
#[specta::specta]
pub async fn add_operator(
    window: tauri::WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    operator: OperatorInput,
) -> Result<(), Fault> {
    desk_only(&window)?;
    operator_added(&*desk.session()?, operator).await?;
    desk.stream.anew();
    Ok(())
}

async fn operator_added(session: &Session, operator: OperatorInput) -> Result<(), Fault> {
    let OperatorInput { name, role, pin, supervisor } = operator;
    let name = TypedText::parse(&name, NAME_CHARS).map_err(|error| Fault::of_text(error, Field::Name))?;
    let authority = supervisor.map(authority).transpose()?;
    let claimed = authority.is_some();
    let pin_hash = hash_pin(pin.exact(), &session.chain_key).await?;
    let operator = Operator { id: fresh_operator(), name, role: role.into(), pin_hash };
    match session.till.add_operator(operator, authority).await {
        Ok(_) => Ok(()),
        Err(SettleError::NotASupervisor) if !claimed => Err(Fault::new(Code::NeedsSupervisor)),
        Err(error) => Err(error.into()),
    }
}
