//! The disk under a desk is full, read-only or gone, or its journal is damaged: the till refuses to take money that it can't
//! write down, says so in words, and loses nothing that was written. The ledger is the witness.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use vezne_sandbox::{Call, Fault, FaultRule, Gateway};
use vezne_tests::desk::{AtTheBank, Desk, card, card_of};
use vezne_tests::disk::{Disk, Reader};
use vezne_tests::run::{Ended, Running, program, wait_for};
use vezne_tests::sale::{Sale, assert_counts, assert_said, reason};

pub(crate) const PLAIN: &str = "without_3d";
const OTHER: &str = "5528790000000008";
/// How long the gateway takes while a test does something to the disk.
pub(crate) const MEANWHILE: Duration = Duration::from_millis(2500);
pub(crate) const COMMAND_AT_MOST: Duration = Duration::from_secs(60);
/// A disk of this size holds the journal, its reserve and a little more.
pub(crate) const MEBIBYTES: u32 = 24;

/// `veznectl` on the disk.
pub(crate) fn start(desk: &Desk, disk: &Disk, arguments: &[&str], input: &str) -> Running {
    let mut all = arguments.to_vec();
    all.push("--json");
    Running::start(&mut disk.command(&desk.command(&all, AtTheBank::Pays)), input)
}

pub(crate) fn run(desk: &Desk, disk: &Disk, arguments: &[&str], input: &str) -> Ended {
    start(desk, disk, arguments, input).wait(COMMAND_AT_MOST)
}

/// A sale on the disk.
pub(crate) fn sell(desk: &Desk, disk: &Disk, number: &'static str) -> Ended {
    run(desk, disk, &Sale::by(Gateway::Finrota, number).arguments(), &card(number))
}

/// The machine was in the way, for this reason, and nobody was asked for money.
#[track_caller]
pub(crate) fn assert_environment(ended: &Ended, code: &str) {
    assert_eq!((ended.code(), reason(ended).0.as_str()), (50, code), "{ended:#?}");
    let words = ended.stderr.clone() + &ended.stdout;
    assert!(!words.contains("approved"), "{words}");
}

#[track_caller]
pub(crate) fn assert_verifies(ended: &Ended) {
    assert_eq!(ended.code(), 0, "the journal does not verify: {ended:#?}");
}

pub(crate) fn wait_for_request(desk: &Desk, path: &str) {
    wait_for(path, Duration::from_secs(20), || {
        desk.sandbox()
            .requests()
            .iter()
            .any(|request| request.path.split('?').next().is_some_and(|found| found.ends_with(path)))
            .then_some(())
    });
}

#[test]
fn a_full_disk_takes_no_money_and_one_with_room_again_does() {
    let desk = Desk::open();
    let Some(disk) = Disk::under(&desk, MEBIBYTES) else { return };
    assert_said(&sell(&desk, &disk, card_of(PLAIN)), 0, "approved", "with room");
    disk.fill();
    let refused =
        run(&desk, &disk, &Sale::by(Gateway::Finrota, OTHER).with(&["--part", "deposit"]).arguments(), &card(OTHER));
    assert_environment(&refused, "disk_full");
    assert_counts(&desk, 1, 1);
    // SQLite needs a little room even to read.
    assert_environment(&run(&desk, &disk, &["journal", "verify"], ""), "disk_full");
    disk.make_room();
    let paid =
        run(&desk, &disk, &Sale::by(Gateway::Finrota, OTHER).with(&["--part", "deposit"]).arguments(), &card(OTHER));
    assert_said(&paid, 0, "approved", "with room again");
    assert_counts(&desk, 2, 2);
    assert_verifies(&run(&desk, &disk, &["journal", "verify"], ""));
}

#[test]
fn a_desk_on_a_disk_that_was_never_anything_but_full_takes_no_money() {
    let desk = Desk::open();
    let Some(disk) = Disk::under(&desk, 4) else { return };
    disk.fill();
    let refused = sell(&desk, &disk, card_of(PLAIN));
    assert_eq!(refused.code(), 50, "{refused:#?}");
    disk.make_room();
    // Room for a journal, and none for its reserve.
    assert_environment(&sell(&desk, &disk, card_of(PLAIN)), "disk_full");
    assert_counts(&desk, 0, 0);
}

/// The gateway is asked for the money; the disk gets full before it answers. Without the reserve somebody reads the journal besides.
fn full_before_the_answer(reserve: bool) -> Option<(Desk, Disk, Running, Option<Reader>)> {
    let desk = Desk::open();
    let disk = Disk::under(&desk, MEBIBYTES)?;
    let millis = u64::try_from(MEANWHILE.as_millis()).unwrap_or(u64::MAX);
    let wishes = vezne_tests::desk::Wishes { timeouts: "pay_seconds = 20\n".to_owned(), ..Default::default() };
    desk.configure(&wishes);
    fs::copy(desk.home().join("config.toml"), disk.file("config.toml")).ok()?;
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, Fault::Delay { millis }));
    let number = card_of(PLAIN);
    let running = start(&desk, &disk, &Sale::by(Gateway::Finrota, number).arguments(), &card(number));
    wait_for_request(&desk, "/b2c/payment");
    let mut reader = None;
    if !reserve {
        fs::remove_file(disk.file("journal.reserve")).ok()?;
        // Moving the log into the database would make room; while somebody reads, it can't be cut.
        reader = Some(disk.read_on("journal.db"));
    }
    disk.fill();
    Some((desk, disk, running, reader))
}

#[test]
fn an_answer_on_a_full_disk_is_written_into_the_reserve_and_new_sales_stop() {
    let Some((desk, disk, running, _nobody)) = full_before_the_answer(true) else { return };
    let paid = running.wait(COMMAND_AT_MOST);
    assert_said(&paid, 0, "approved", "the answer is written down");
    assert_counts(&desk, 1, 1);
    assert_verifies(&run(&desk, &disk, &["journal", "verify"], ""));
    disk.fill();
    assert_environment(&sell(&desk, &disk, OTHER), "disk_full");
    disk.make_room();
    let payment = paid.last().get("payment").and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_said(&run(&desk, &disk, &["payment", "ask", &payment], ""), 0, "approved", "as it was");
    assert_counts(&desk, 1, 1);
}

#[test]
fn an_answer_that_finds_no_room_at_all_is_shown_as_not_written_down_and_found_again() {
    let Some((desk, disk, running, reader)) = full_before_the_answer(false) else { return };
    let shown = running.wait(COMMAND_AT_MOST);
    drop(reader);
    let last = shown.last();
    assert_eq!(shown.code(), 50, "{shown:#?}");
    assert_eq!(last.get("not_written_down"), Some(&Value::Bool(true)), "{last}");
    assert_eq!(
        last.get("outcome").and_then(Value::as_str),
        Some("approved"),
        "the outcome is shown all the same: {last}"
    );
    disk.make_room();
    // The program is gone and its word with it; the journal knows that a request had left.
    let payment = last.get("payment").and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_said(&run(&desk, &disk, &["payment", "ask", &payment], ""), 0, "approved", "asked again");
    assert_counts(&desk, 1, 1);
    assert_verifies(&run(&desk, &disk, &["journal", "verify"], ""));
}

#[test]
fn a_disk_that_was_mounted_read_only_takes_no_money_and_loses_nothing() {
    let desk = Desk::open();
    let Some(disk) = Disk::under(&desk, MEBIBYTES) else { return };
    assert_said(&sell(&desk, &disk, card_of(PLAIN)), 0, "approved", "writable");
    disk.read_only();
    let refused = sell(&desk, &disk, OTHER);
    assert_eq!(refused.code(), 50, "{refused:#?}");
    disk.writable();
    assert_verifies(&run(&desk, &disk, &["journal", "verify"], ""));
    assert_counts(&desk, 1, 1);
}

/// The disk gets full while the gateway is asked for the installments: the attempt can't be written down.
#[test]
fn a_disk_that_gets_full_before_the_request_leaves_sends_nothing() {
    let desk = Desk::open();
    let Some(disk) = Disk::under(&desk, MEBIBYTES) else { return };
    let millis = u64::try_from(MEANWHILE.as_millis()).unwrap_or(u64::MAX);
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Options, Fault::Delay { millis }));
    let number = card_of(PLAIN);
    let running = start(&desk, &disk, &Sale::by(Gateway::Finrota, number).arguments(), &card(number));
    wait_for_request(&desk, "/b2c/paymentOptions");
    fs::remove_file(disk.file("journal.reserve")).unwrap_or_default();
    disk.fill();
    let refused = running.wait(COMMAND_AT_MOST);
    assert_environment(&refused, "disk_full");
    assert_counts(&desk, 0, 0);
}

/// Somebody who may read the home and not write it.
fn as_nobody(desk: &Desk, arguments: &[&str], input: &str) -> Ended {
    let mut all = arguments.to_vec();
    all.push("--json");
    let inner = desk.command(&all, AtTheBank::Pays);
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]);
    command.arg(program("veznectl")).args(inner.get_args()).env_clear();
    command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path))).current_dir(desk.folder());
    Running::start(&mut command, input).wait(COMMAND_AT_MOST)
}

fn mode(path: &PathBuf, mode: u32) {
    let done = fs::set_permissions(path, fs::Permissions::from_mode(mode));
    assert!(done.is_ok(), "{}: {done:?}", path.display());
}

/// Permissions bind nobody who is root, so this is played by somebody else.
#[test]
#[expect(clippy::print_stderr, reason = "a test that can't be run says so loudly")]
fn a_file_or_folder_without_the_right_to_write_takes_no_money() {
    let desk = Desk::open();
    if chown(desk.home(), Some(65534), Some(65534)).is_err() {
        eprintln!("SKIPPED: only root can play somebody else");
        return;
    }
    mode(&desk.folder().to_owned(), 0o777);
    let number = card_of(PLAIN);
    let sale = Sale::by(Gateway::Finrota, number);
    let first = as_nobody(&desk, &sale.arguments(), &card(number));
    assert_said(&first, 0, "approved", "with the right to write");
    let journal = desk.home().join("journal.db");
    let part = Sale::by(Gateway::Finrota, OTHER).with(&["--part", "deposit"]);
    mode(&journal, 0o400);
    let refused = as_nobody(&desk, &part.arguments(), &card(OTHER));
    assert_eq!(refused.code(), 50, "{refused:#?}");
    assert_counts(&desk, 1, 1);
    mode(&journal, 0o600);
    // In a folder that nothing can be made in, the files that are there may be enough: then it is written down.
    mode(&desk.home(), 0o500);
    let ended = as_nobody(&desk, &part.arguments(), &card(OTHER));
    mode(&desk.home(), 0o700);
    let charged = u32::from(ended.code() == 0);
    assert!(charged == 1 || ended.code() == 50, "{ended:#?}");
    assert_counts(&desk, 1 + charged, 1 + charged);
    let verified = as_nobody(&desk, &["journal", "verify"], "");
    assert_verifies(&verified);
    let listed = as_nobody(&desk, &["payment", "list"], "");
    let approved = listed.lines().iter().filter(|line| line["outcome"] == "approved").count();
    assert_eq!(approved, if charged == 1 { 2 } else { 1 }, "{listed:#?}");
}

fn options_asked(desk: &Desk) -> usize {
    desk.sandbox().requests().iter().filter(|seen| seen.path.contains("paymentOptions")).count()
}

/// A sale whose installments take a while, so that something can be done to the home before money is asked for.
fn slowly(desk: &Desk) -> Running {
    let millis = u64::try_from(MEANWHILE.as_millis()).unwrap_or(u64::MAX);
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Options, Fault::Delay { millis }).first(1));
    let sale = Sale::by(Gateway::Finrota, OTHER).with(&["--part", "deposit"]);
    let before = options_asked(desk);
    let running = desk.start(&sale.arguments(), &card(OTHER), AtTheBank::Pays);
    wait_for("the options", Duration::from_secs(20), || (options_asked(desk) > before).then_some(()));
    running
}

#[test]
fn a_journal_that_is_removed_while_the_till_runs_is_noticed_before_money_is_taken_and_given_back() {
    let desk = Desk::open();
    assert_said(&Sale::of(Gateway::Finrota, PLAIN).play(&desk), 0, "approved", "first");
    let running = slowly(&desk);
    fs::remove_file(desk.home().join("journal.db")).unwrap_or_default();
    assert_environment(&running.wait(COMMAND_AT_MOST), "journal_gone");
    assert_counts(&desk, 1, 1);
    // What was open was copied before it was let go of: nothing is lost, and no empty journal takes its place.
    let refused = Sale::by(Gateway::Finrota, OTHER).play(&desk);
    assert_eq!(refused.code(), 50, "{refused:#?}");
    let repaired = desk.run(&["journal", "repair"], "");
    assert_eq!(repaired.code(), 0, "{repaired:#?}");
    assert!(repaired.last().get("epoch").is_some_and(Value::is_null), "nothing is missing: {repaired:#?}");
    assert_verifies(&desk.run(&["journal", "verify"], ""));
    assert_eq!(reason(&Sale::by(Gateway::Finrota, OTHER).play(&desk)).0, "duplicate_paid", "the payment is known");
    assert_counts(&desk, 1, 1);
}

#[test]
fn a_folder_that_is_moved_away_while_the_till_runs_takes_no_money_and_goes_on_when_it_is_back() {
    let desk = Desk::open();
    assert_said(&Sale::of(Gateway::Finrota, PLAIN).play(&desk), 0, "approved", "first");
    let running = slowly(&desk);
    let away = desk.folder().join("away");
    assert!(fs::rename(desk.home(), &away).is_ok());
    assert_environment(&running.wait(COMMAND_AT_MOST), "journal_gone");
    assert_counts(&desk, 1, 1);
    assert!(fs::rename(&away, desk.home()).is_ok());
    assert_verifies(&desk.run(&["journal", "verify"], ""));
    let paid = Sale::by(Gateway::Finrota, OTHER).with(&["--part", "deposit"]).play(&desk);
    assert_said(&paid, 0, "approved", "the folder is back");
    assert_counts(&desk, 2, 2);
}

/// Zeroes every page in which this is written, in the journal's file and in its log.
fn damage(desk: &Desk, needle: &str) {
    let mut struck = 0;
    for (name, first, step) in [("journal.db", 0, 4096), ("journal.db-wal", 32 + 24, 4096 + 24)] {
        let path = desk.home().join(name);
        let Ok(mut bytes) = fs::read(&path) else { continue };
        let mut at = first;
        while let Some(page) = bytes.get_mut(at..at + 4096) {
            if page.windows(needle.len()).any(|window| window == needle.as_bytes()) {
                page.fill(0);
                struck += 1;
            }
            at += step;
        }
        assert!(fs::write(&path, bytes).is_ok());
    }
    assert!(struck > 0, "{needle} is not in the journal");
}

#[test]
fn a_damaged_journal_takes_no_money_until_it_is_repaired_and_what_is_lost_needs_a_supervisor() {
    let desk = Desk::open();
    desk.add_supervisor();
    assert_said(&Sale::of(Gateway::Finrota, PLAIN).play(&desk), 0, "approved", "first");
    damage(&desk, "\"approved\"");
    let refused = Sale::by(Gateway::Finrota, OTHER).play(&desk);
    assert_environment(&refused, "journal_damaged");
    assert_eq!(desk.run(&["payment", "list"], "").code(), 50);
    assert_ne!(desk.run(&["journal", "verify"], "").code(), 0);
    let repaired = desk.run(&["journal", "repair"], "");
    assert_eq!(repaired.code(), 0, "{repaired:#?}");
    let said = repaired.last();
    assert_eq!(said["repaired"], Value::Bool(true), "{said}");
    let aside = PathBuf::from(said["aside"].as_str().unwrap_or_default());
    assert!(aside.join("journal.db").is_file(), "the damaged file is kept: {said}");
    let newest = (said["ends_after"].as_i64(), said["known_last"].as_i64());
    assert!(newest.0.is_some() && newest.0 < newest.1, "how the payment ended is lost, and that is known: {said}");
    let verified = desk.run(&["journal", "verify"], "");
    assert_verifies(&verified);
    assert!(verified.last()["missing"].is_object(), "{verified:#?}");
    // Who knows what was paid in the span that is lost? A supervisor, who has looked.
    let again = Sale::by(Gateway::Finrota, OTHER).play(&desk);
    assert_eq!(reason(&again).0, "journal_span_missing", "{again:#?}");
    assert_counts(&desk, 1, 1);
    let asked = desk.run(&["journal", "repair"], "");
    assert_eq!(asked.last()["repaired"], Value::Bool(false), "{asked:#?}");
}

#[test]
fn a_damaged_journal_with_a_backup_is_whole_again_and_still_knows_what_is_paid() {
    let desk = Desk::open();
    assert_said(&Sale::of(Gateway::Finrota, PLAIN).play(&desk), 0, "approved", "first");
    let backup = desk.run(&["journal", "backup"], "");
    assert_eq!(backup.code(), 0, "{backup:#?}");
    damage(&desk, "\"approved\"");
    assert_environment(&Sale::by(Gateway::Finrota, OTHER).play(&desk), "journal_damaged");
    let repaired = desk.run(&["journal", "repair"], "");
    assert!(repaired.last()["epoch"].is_null() && repaired.code() == 0, "nothing is missing: {repaired:#?}");
    assert_verifies(&desk.run(&["journal", "verify"], ""));
    assert_eq!(reason(&Sale::by(Gateway::Finrota, OTHER).play(&desk)).0, "duplicate_paid");
    let part = Sale::by(Gateway::Finrota, OTHER).with(&["--part", "deposit"]).play(&desk);
    assert_said(&part, 0, "approved", "sales go on");
    assert_counts(&desk, 2, 2);
}
