//! A bank whose page attacks the desk. It tries everything; nothing may succeed.

#![expect(clippy::print_stdout, reason = "how much was tried belongs to what the test says")]

use std::collections::BTreeSet;

use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};
use vezne_tests::desk::{AtTheBank, Desk};
use vezne_tests::desktop::books;
use vezne_tests::desktop::hostile::{HostileBank, Try, Victim, all_commands};
use vezne_tests::desktop::pages::title;
use vezne_tests::desktop::window::{BankWindows, Window, wishes};

use crate::bank_pages::named;
use crate::{approved, assert_charged, at_counter};

/// Everything that can be tried without ending the page, in this order.
const PARTS: [&str; 10] =
    ["sniff", "commands", "keyed", "frames", "returns", "files", "windows", "permissions", "elsewhere", "dialogs"];
/// What only the gateway's word may make of it.
const SETTLED: [&str; 4] = [title::APPROVED, title::DECLINED, title::REFUSED, title::NOT_SENT];
/// Pop-ups that one bank's page may have open at once; banks need one.
const POPUPS_AT_MOST: usize = 3;

/// Sends the next customer to the hostile bank instead of the practice one: the real challenge is open all the same, so
/// a forged return has something to forge.
fn lure(desk: &Desk, bank: &HostileBank) {
    let body = format!(r#"{{"paymentType":"RedirectUrl","redirectTo":"{}","success":false}}"#, bank.address());
    let fault = Fault::Status { status: 200, body: Some(body), when: When::After };
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, fault));
}

/// Tauri asks nobody's rights where a channel's large messages are fetched: its secret alone guards them. That is why the
/// bank's window has no bridge, and no page there can hear the secret; here it was given.
fn is_tauri_s_own(one: &Try) -> bool {
    one.group.starts_with("with the secret")
        && one.name == "plugin:__TAURI_CHANNEL__|fetch"
        && one.detail.contains("missing channel id header")
}

/// The secret of Tauri's bridge, which its debug builds tell whoever reads their standard error.
fn secret_of(complaints: &str) -> Option<String> {
    let (_, after) = complaints.split_once("__TAURI_INVOKE_KEY__ expected ")?;
    after.split_once(" but received").map(|(key, _)| key.to_owned())
}

fn attacked(bank_windows: BankWindows) {
    let window = Window::with(wishes(), bank_windows, AtTheBank::Pays);
    let bank = HostileBank::open();
    window.wait_for_sale();
    lure(window.desk(), &bank);
    window.take(&at_counter("forced_3d", "RES-1", "101.00"));
    window.wait_for_heading(title::AT_BANK);
    let challenge = window.desk().sandbox().challenges().pop();
    let commands = all_commands();
    assert!(commands.len() > 180, "too few commands to try: {}", commands.len());
    bank.aim(&Victim {
        commands: commands.clone(),
        back: challenge.as_ref().map(|known| known.return_url.clone()),
        reference: challenge.map(|known| known.key).unwrap_or_default(),
        parts: PARTS.to_vec(),
    });
    let bank_window = window.screen().wait_for_window("127.0.0.1");
    let mut most_windows = 0;
    window.wait(&format!("the end of the attack ({})", bank.address()), || {
        most_windows = most_windows.max(window.screen().windows().len());
        if bank.wants_the_key() {
            bank.reveal(&secret_of(&window.driver().complaints()).unwrap_or_default());
        }
        if bank.opens_dialogs() {
            // A dialog belongs to its page: a person answers it there.
            window.screen().focus(&bank_window);
            window.screen().press("Return");
        }
        // A forged return may lead to a question, and nobody's answer to *unknown*: never to an outcome.
        let heading = window.heading();
        if SETTLED.contains(&heading.as_str()) {
            window.give_up(&format!("a forgery made it {heading}: {}", bank.progress()));
        }
        if window.screen().windows().len() < 2 && !bank.has_finished() {
            window.give_up(&format!("the bank's window is gone: {}", bank.progress()));
        }
        bank.has_finished().then_some(())
    });
    let tries = bank.tries();
    println!("{} tries: {:#?}", tries.len(), bank.tally());
    let breaches: Vec<&Try> = tries.iter().filter(|one| one.is_breach() && !is_tauri_s_own(one)).collect();
    assert!(breaches.is_empty(), "{} of {} succeeded: {breaches:#?}", breaches.len(), tries.len());
    assert!(tries.len() > 2500, "too few tries: {}", tries.len());
    let tried: BTreeSet<&str> =
        tries.iter().filter(|one| one.group == "route fetch").map(|one| one.name.as_str()).collect();
    assert_eq!(tried.len(), commands.len(), "every command was tried");
    // With the secret in hand, the list of rights answers; it has to be heard saying no.
    let told_no = tries.iter().filter(|one| one.group.starts_with("with the secret") && one.outcome == "refused");
    assert!(told_no.count() >= commands.len(), "nothing said no: {:#?}", bank.tally());
    // Two windows are the desk's and the bank's.
    assert!(most_windows <= 2 + POPUPS_AT_MOST, "{most_windows} windows at once");
    for folder in [window.screen().folder(), window.desk().folder()] {
        let found = named(folder, "evil");
        assert!(found.is_empty(), "a download was taken: {found:?}");
    }
    // Nothing of it moved the attempt: not approved, not declined, nothing charged; and the desk works on.
    assert_eq!(books::count(window.desk(), "approved") + books::count(window.desk(), "declined"), 0);
    window.desk().sandbox().clear_faults();
    window.wait_for_heading(title::UNKNOWN);
    window.press("Next customer");
    window.wait_for_sale();
    window.take(&at_counter("without_3d", "RES-2", "102.00"));
    approved(&window, "the next customer, after the attack");
    assert_charged(&window, 1);
}

#[test]
fn a_hostile_bank_in_a_window_as_at_a_real_desk_gets_nothing() {
    attacked(BankWindows::Own);
}
