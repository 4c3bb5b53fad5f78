//! Sales in the desk's real window: the desk is killed, started again, and settles by itself what can be settled.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::books::Attempt;
use super::dice::Dice;
use super::drill::{Drill, Played};
use super::oracle::Word;
use super::plan::{Case, File, Moment, Reach};
use super::rules::sent_again;
use super::stand::Stand;
use super::tally::Phase;
use super::trap::Listener;
use crate::desk::{AtTheBank, COUNTER};
use crate::desktop::driver::Driver;
use crate::desktop::pages::{CardSale, Subject, seek};
use crate::run::found_within;

/// A moment that never comes: a customer who stays at the bank. The desk is then killed where it stands.
const PATIENCE: Duration = Duration::from_secs(3);
/// A desk that has come back asks at once, and again a few seconds later.
const SETTLES: Duration = Duration::from_secs(45);
/// A killed process that syncs to a slow disk dies when that is done.
const DIES: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(20);
/// Presses a button a moment later, so that whoever asked for it is answered before anybody falls.
const PRESS_SOON: &str = "const button = arguments[0]; setTimeout(() => button.click(), 40)";
/// What the Pay button says.
const PAY: &str = "in one payment";

/// Plays these in one window, one after the other.
#[must_use]
pub fn play(cases: &[Case]) -> Vec<Played> {
    if cases.is_empty() {
        return Vec::new();
    }
    // In windows of its own, or in the system's browser, where the scripted customer comes back by itself.
    let own_windows = cases.first().is_some_and(|case| case.seed.is_multiple_of(2));
    let comes_back = if own_windows { "custom_scheme" } else { "loopback" };
    let mut stand = Stand::open(comes_back).with_window(AtTheBank::Pays);
    let mut all = Vec::new();
    for (place, case) in cases.iter().enumerate() {
        if place > 0 {
            stand.window().start();
        }
        let played =
            one(&mut stand, case, place).unwrap_or_else(|words| Played { wrong: vec![words], ..Played::default() });
        all.push(played);
    }
    all
}

fn one(stand: &mut Stand, case: &Case, place: usize) -> Result<Played, String> {
    let mut falls = vec![sale(stand, case, place)?];
    let before = stand.ledger();
    Drill::of(stand, case, place).customers_go_on();
    stand.window().start();
    for _ in &case.again {
        // Somewhere in what it does after its start.
        let mut dice = Dice::of("restart", case.seed);
        let moment = Moment::After(Duration::from_millis(dice.below(400)));
        fall_at(stand, moment, |_| {})?;
        falls.push(Phase::Restart);
        stand.window().start();
    }
    let settled = settled(stand, case, place)?;
    let again = sent_again(&before, &stand.ledger());
    // The second payment is `veznectl`'s: the desk must be gone for it, and at its next start it finds what was paid.
    fall_at(stand, Moment::After(Duration::ZERO), |_| {})?;
    let mut drill = Drill::of(stand, case, place);
    drill.played.falls = falls;
    drill.played.wrong.extend(again);
    drill.judge(Some(settled))?;
    drill.pay_again()?;
    Ok(drill.played)
}

/// Keys the sale in, presses Pay, and kills the desk at its moment; says where that was.
fn sale(stand: &mut Stand, case: &Case, place: usize) -> Result<Phase, String> {
    let (reference, amount) = (case.subject(), Drill::of(stand, case, place).amount());
    let number = case.card.clone().unwrap_or_default();
    let window = stand.window();
    // What needs attention is what a desk shows first.
    window.press("Sale");
    window.wait_for_sale();
    let subject = Subject::Reference(&reference, &amount);
    window.key_in(&CardSale { account: COUNTER, subject, number: &number, installments: 1 });
    let button = window.wait("the Pay button", || seek(window.page(), "button", PAY));
    let button = Driver::argument(&button);
    let moment = match case.moment {
        // The window says nothing on a terminal.
        Moment::Said { micros, .. } => Moment::Changed { file: File::Head, nth: 2, micros },
        moment @ (Moment::After(_) | Moment::Changed { .. } | Moment::Wire { .. }) => moment,
    };
    for fault in &case.faults {
        stand.desk().fault(fault.clone());
    }
    let press = |stand: &mut Stand| {
        // The desk may fall before it is told.
        let _fallen = stand.window().driver().try_run(PRESS_SOON, std::slice::from_ref(&button));
    };
    fall_at(stand, moment, press)?;
    stand.quiet(None);
    stand.desk().sandbox().clear_faults();
    let phase = Drill::of(stand, case, place).phase(&stand.books()?);
    Ok(phase)
}

/// Arms the trap for the running desk, does what brings the moment about, and waits for the desk's end.
fn fall_at(stand: &mut Stand, moment: Moment, begin: impl FnOnce(&mut Stand)) -> Result<(), String> {
    let [pid] = stand.window().pids()[..] else { return Err("not one desk is running".to_owned()) };
    let home = stand.desk().home();
    let listener = Listener::of(moment, &home).map_err(|error| format!("the home can't be watched: {error}"))?;
    stand.trap().arm(pid, Reach::Program, moment);
    listener.listen(stand.trap());
    begin(stand);
    let gone = || is_gone(pid).then_some(());
    if found_within(PATIENCE, LOOK, gone).is_none() {
        stand.trap().strike();
    }
    found_within(DIES, LOOK, gone).ok_or_else(|| "the desk survived a kill".to_owned())?;
    match holders(&home) {
        holders if holders.is_empty() => Ok(()),
        holders => Err(format!("the desk is gone, and its home is still held by {holders:?}")),
    }
}

/// Whether nothing of a process is left but its exit code. Its arguments vanish earlier than its open files, which a thread
/// in the middle of a sync keeps.
fn is_gone(pid: u32) -> bool {
    let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) else { return true };
    status.contains("State:\tZ") && status.contains("Threads:\t1\n")
}

/// Programs that have a file of this home open, its logs apart: whoever inherits a lock keeps the next desk out.
fn holders(home: &Path) -> Vec<(String, PathBuf)> {
    let mut held = Vec::new();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    for process in processes.filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok()) {
        let open = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        let files = open.filter_map(|file| fs::read_link(file.path()).ok());
        let files = files.filter(|file| file.starts_with(home) && !file.starts_with(home.join("logs")));
        let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
        held.extend(files.map(|file| (name.trim().to_owned(), file)));
    }
    held
}

/// Waits until the desk that came back has settled what the gateway answers finally about, and says what that is.
fn settled(stand: &Stand, case: &Case, place: usize) -> Result<Word, String> {
    let drill = Drill::of(stand, case, place);
    let look = || -> Result<Option<Attempt>, String> { Ok(drill.attempt(&stand.books()?).cloned()) };
    let Some(attempt) = look()? else { return Ok(Word::NotFinal) };
    let word = stand.gateway_says(&attempt).map_err(|error| format!("the gateway is gone: {error}"))?;
    let at_rest = |attempt: &Attempt| match word {
        Word::Paid | Word::NotPaid => attempt.is_final(),
        // It may stay open for half a minute more; what counts is that it was taken up.
        Word::NotFinal => !matches!(attempt.state(), "ready" | "sending" | "reauthorising"),
    };
    // A desk that never comes to rest is told by the judge, who looks next.
    let _rested = found_within(SETTLES, LOOK, || look().ok().flatten().filter(at_rest));
    Ok(word)
}
