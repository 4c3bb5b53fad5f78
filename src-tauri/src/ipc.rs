//! The one list of commands. The build names the same ones in the app's manifest, the desk's capability lets the desk's
//! window call them, and a test compares the three. What crosses is written down for the window by the same tests.

use tauri::ipc::{Invoke, InvokeError};
use tauri_specta::collect_commands;

use crate::commands::{bank, card, close, export, history, outcome, papers, returns, sale, settings, start};
use crate::view::{Code, Fault};

/// The desk's own window. The bank's windows have other labels, and are let ask nothing.
pub const DESK: &str = "desk";

/// The two commands that carry bytes: a card crosses once, into a buffer that wipes itself, and never as JSON.
const RAW: [&str; 2] = ["hand_card", "hand_cvc"];

/// Every typed command.
#[must_use]
pub fn builder() -> tauri_specta::Builder<tauri::Wry> {
    tauri_specta::Builder::new().disable_serde_phases().commands(collect_commands![
        start::watch,
        start::set_preferences,
        start::begin_training,
        start::leave_training,
        start::unlock_vault,
        start::open_till,
        start::repair_journal,
        start::close_desk,
        start::renew_page,
        start::page_stands,
        sale::read_amount,
        sale::read_subject,
        sale::order,
        sale::options,
        sale::guard,
        sale::pay,
        sale::forget_cards,
        sale::cancel,
        outcome::ask_again,
        outcome::ask_reversal_again,
        outcome::attempt,
        outcome::settle,
        returns::returns,
        returns::read_return_amount,
        returns::reverse,
        returns::record_return,
        returns::settle_reversal,
        returns::settle_list,
        export::plan_export,
        export::make_export,
        export::cancel_export,
        export::exporting,
        close::closes,
        close::close_preview,
        close::close_day,
        close::day_close,
        close::compare_close,
        close::stop_comparing,
        close::comparing,
        close::save_close,
        close::print_close,
        close::close_for_dialog,
        bank::bank_show,
        bank::bank_park,
        bank::bank_close,
        bank::bank_keep,
        bank::bank_to_browser,
        history::history,
        history::payment,
        history::add_note,
        settings::account_input,
        settings::try_account,
        settings::save_account,
        settings::remove_account,
        settings::add_operator,
        papers::receipt,
        papers::receipt_for_dialog,
        papers::print_receipt,
        papers::save_receipt,
        papers::mail_receipt,
        papers::payment_papers,
        papers::answer_print_job,
        papers::cancel_print_job,
        papers::hurry_printer,
        papers::papers_input,
        papers::save_papers,
        papers::test_printer,
    ])
}

/// Answers every command, and whoever calls from another window than the desk's with a refusal.
///
/// The access list refuses the others before this is asked; this holds if a capability is ever written wrongly.
pub(crate) fn handler() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
    // The handler borrows the list, and both live as long as the program.
    let typed = Box::leak(Box::new(builder())).invoke_handler();
    let raw: Box<dyn Fn(Invoke<tauri::Wry>) -> bool + Send + Sync> =
        Box::new(tauri::generate_handler![card::hand_card, card::hand_cvc]);
    move |invoke| {
        if let Err(fault) = may_ask(invoke.message.webview_ref().label()) {
            invoke.resolver.invoke_error(InvokeError::from(fault));
            return true;
        }
        if RAW.contains(&invoke.message.command()) { raw(invoke) } else { typed(invoke) }
    }
}

/// Whether the window with this label may ask for anything at all.
///
/// # Errors
/// A fault that tells a hostile page nothing.
pub(crate) fn may_ask(label: &str) -> Result<(), Fault> {
    if label == DESK {
        return Ok(());
    }
    tracing::error!(label, "a window that is not the desk's has called a command");
    Err(Fault::new(Code::Internal))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;
    use std::path::{Path, PathBuf};

    use vezne_core::card::{Brand, table};

    use super::*;

    fn names() -> BTreeSet<&'static str> {
        include_str!("../commands.txt").lines().collect()
    }

    /// The commands that the generated bindings call.
    fn called(bindings: &str) -> BTreeSet<&str> {
        let calls = bindings.split("__TAURI_INVOKE").skip(1);
        calls.filter_map(|call| call.split_once("(\"")?.1.split_once('"')).map(|(name, _)| name).collect()
    }

    fn bindings() -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bindings.ts");
        builder().export(specta_typescript::Typescript::default(), &file).unwrap();
        std::fs::read_to_string(file).unwrap()
    }

    fn in_ui(file: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/ipc").join(file)
    }

    fn is_current(file: &str, made: &str) {
        let path = in_ui(file);
        if std::env::var_os("VEZNE_UPDATE_DOCS").is_some() {
            std::fs::write(&path, made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == made, "{file} is not current: run VEZNE_UPDATE_DOCS=1 cargo test -p vezne");
    }

    #[test]
    fn every_command_is_named_in_the_manifest_and_let_to_the_desk_and_nothing_else_is() {
        let manifest = names();
        let bindings = bindings();
        let mut there = called(&bindings);
        there.extend(RAW);
        assert_eq!(there, manifest, "src-tauri/commands.txt");
        let capability: serde_json::Value = serde_json::from_str(include_str!("../capabilities/desk.json")).unwrap();
        let permissions = capability["permissions"].as_array().unwrap();
        let let_to_desk: BTreeSet<String> =
            permissions.iter().map(|permission| permission.as_str().unwrap().to_owned()).collect();
        let mut wanted: BTreeSet<String> =
            manifest.iter().map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
        // On macOS a page's `window.print` is a command of the shell; everywhere else it is the page's own.
        wanted.insert("core:webview:allow-print".to_owned());
        assert_eq!(let_to_desk, wanted, "src-tauri/capabilities/desk.json");
        assert_eq!(capability["windows"], serde_json::json!([DESK]));
        assert!(capability.get("remote").is_none() && capability.get("webviews").is_none());
    }

    #[test]
    fn there_is_no_other_capability() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities");
        let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, ["desk.json"]);
        let config: serde_json::Value = serde_json::from_str(include_str!("../../tauri.conf.json")).unwrap();
        let security = &config["app"]["security"];
        assert_eq!(security["capabilities"], serde_json::json!(["desk"]));
        assert_eq!((&security["freezePrototype"], &config["app"]["withGlobalTauri"]), (&true.into(), &false.into()));
        let csp = security["csp"].as_str().unwrap();
        assert!(!csp.contains("unsafe") && csp.starts_with("default-src 'none';"), "{csp}");
    }

    #[test]
    fn only_the_desks_own_window_may_ask() {
        assert_eq!(may_ask(DESK), Ok(()));
        for label in ["", "Desk", "desk2", "bank-att_01", "main"] {
            assert_eq!(may_ask(label).map_err(|fault| fault.code), Err(Code::Internal), "{label}");
        }
    }

    #[test]
    fn the_windows_bindings_are_current() {
        is_current("bindings.ts", &bindings());
    }

    #[test]
    fn the_windows_table_of_brands_is_current() {
        is_current("brands.ts", &brands());
    }

    const BRANDS: &str = "// Generated from core's table of brands by a test of the shell. Do not edit.

export type BrandRules = {
  brand: string;
  name: string;
  /** First digits, from and to, as text of one length. */
  prefixes: [string, string][];
  /** Digits in all, the usual length first. */
  lengths: number[];
  cvc: number;
  /** Digits in each group of the usual length. */
  groups: number[];
};

";

    /// The window tells a card's brand while it is typed, by the same table as core.
    fn brands() -> String {
        let mut text = format!("{BRANDS}export const brands: BrandRules[] = [\n");
        for rules in table().into_iter().filter(|rules| rules.brand != Brand::Other) {
            let word = serde_json::to_value(rules.brand).unwrap();
            let ranges = rules.ranges.iter().map(|range| {
                let width = usize::from(range.digits);
                format!("['{:0width$}', '{:0width$}']", range.low, range.high)
            });
            let [cvc] = rules.cvc_digits else { panic!("{} has more than one length of security code", rules.name) };
            writeln!(
                text,
                "  {{ brand: '{}', name: '{}', prefixes: [{}], lengths: {:?}, cvc: {cvc}, groups: {:?} }},",
                word.as_str().unwrap(),
                rules.name,
                ranges.collect::<Vec<_>>().join(", "),
                rules.brand.lengths(),
                rules.lengths[0].groups,
            )
            .unwrap();
        }
        text.push_str("];\n");
        text
    }
}
