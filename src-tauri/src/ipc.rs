//! The one list of commands. The build names the same ones in the app's manifest, and a test compares the two.
#![expect(clippy::unimplemented, reason = "x")]
use crate::commands::{history, outcome, sale};
use crate::view::*;
type R<T> = Result<T, Fault>;
macro_rules! cmds { ($($name:ident($($a:ident: $t:ty),*) -> $r:ty;)*) => {
 $(#[tauri::command] #[specta::specta] #[expect(unused_variables, missing_docs, reason="x")] pub async fn $name($($a: $t),*) -> $r { unimplemented!() })*
 #[must_use] pub fn builder() -> tauri_specta::Builder<tauri::Wry> { tauri_specta::Builder::new().disable_serde_phases().commands(tauri_specta::collect_commands![$($name,)* sale::read_amount, sale::read_subject, sale::order, sale::options, sale::guard, sale::pay, sale::forget_cards, sale::cancel, outcome::ask_again, outcome::ask_reversal_again, outcome::attempt, outcome::settle, history::history, history::payment]) }
}}
cmds! {
 watch(channel: tauri::ipc::Channel<DeskEvent>) -> R<Hello>;
 set_preferences(preferences: Preferences) -> R<()>;
 begin_training() -> R<()>;
 leave_training() -> R<()>;
 unlock_vault(passphrase: String) -> R<()>;
 open_till() -> R<()>;
 bank_show(attempt: String) -> R<()>;
 bank_park(attempt: String) -> R<()>;
 bank_close(attempt: String, gave_up: bool) -> R<()>;
 bank_keep(attempt: String) -> R<()>;
 bank_to_browser(attempt: String) -> R<()>;
 account_input(account: String) -> R<AccountInput>;
 try_account(account: AccountInput) -> R<TryOutWord>;
 save_account(account: AccountInput) -> R<()>;
 remove_account(account: String) -> R<()>;
 add_operator(operator: OperatorInput) -> R<()>;
}
#[cfg(test)]
mod tests {
    #[test]
    fn x() {
        super::builder().export(specta_typescript::Typescript::default(), "ui/src/ipc/bindings.ts").unwrap();
    }
}
