//! The machine in the way: exit 50, nothing sent, and words that help.

use std::io::{BufRead, BufReader};

use crate::desk::{CARD, Desk, card, text, with_pin};

const PAY: [&str; 7] = ["pay", "--account", "agency", "--order", "order_1002", "--from-limit", "--json"];

fn nothing_was_sent(desk: &Desk) {
    assert!(desk.sandbox.ledger().counts.is_empty(), "{:?}", desk.sandbox.ledger());
}

#[test]
fn a_running_desk_keeps_writers_out_by_its_pid_and_lets_readers_in() {
    let desk = Desk::new();
    // A payment that waits for a customer at the bank holds the journal.
    let mut command = desk.command(&[
        "pay",
        "--account",
        "counter",
        "--reference",
        "R-1",
        "--amount",
        "545.00",
        "--currency",
        "TRY",
        "--card-stdin",
        "--json",
    ]);
    command.env("BROWSER", "/nowhere/browser").env("PATH", "/nowhere");
    let mut running = desk.start(command, &card(CARD));
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let told = lines.by_ref().map(Result::unwrap).find(|line| line.contains("open_bank_page")).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let pid = format!("process {}", running.id());
    let ask = ["payment", "ask", text(&told, "payment"), "--json"];
    for last in [
        desk.run(&PAY, "").expect(50, "not_sent", Some("journal_in_use")),
        desk.run(&ask, "").expect(50, "unknown", Some("journal_in_use")),
        desk.run(&["journal", "rebuild", "--json"], "").failed(50, "journal_in_use"),
    ] {
        assert!(text(&last, "detail").contains(&pid), "{last}");
    }
    for reader in [
        &["list", "--json"][..],
        &["show", text(&told, "payment"), "--json"],
        &["journal", "verify", "--json"],
        &["journal", "export"],
        &["operator", "list", "--json"],
    ] {
        let run = desk.run(reader, "");
        assert_eq!(run.code, 0, "{reader:?}: {run:?}");
    }
    let doctor = desk.run(&["doctor"], "");
    assert!(doctor.stdout.contains(&pid), "{}", doctor.stdout);
    running.kill().unwrap();
    running.wait().unwrap();
}

#[test]
fn a_journal_that_cant_be_read_stops_everything_and_is_left_as_it_is() {
    let desk = Desk::new();
    let journal = desk.home().join("journal.db");
    for rest in ["journal.db-wal", "journal.db-shm"] {
        let _none = std::fs::remove_file(desk.home().join(rest));
    }
    let garbage = b"this is not a database at all ".repeat(400);
    std::fs::write(&journal, &garbage).unwrap();
    desk.run(&PAY, "").expect(50, "not_sent", Some("journal_damaged"));
    desk.run(&["list", "--json"], "").failed(50, "journal_damaged");
    assert_eq!(desk.run(&["doctor", "--json"], "").code, 1);
    assert_eq!(std::fs::read(&journal).unwrap(), garbage);
    nothing_was_sent(&desk);
}

#[test]
fn a_journal_of_a_newer_version_is_refused_with_what_to_do() {
    let desk = Desk::new();
    let run = std::process::Command::new("sqlite3")
        .arg(desk.home().join("journal.db"))
        .arg("INSERT INTO _sqlx_migrations SELECT 99990101000000, 'newer', installed_on, 1, checksum, 0 FROM _sqlx_migrations LIMIT 1")
        .status();
    match run {
        Ok(status) => assert!(status.success()),
        Err(error) => panic!("this test needs the sqlite3 program: {error}"),
    }
    let list = desk.run(&["list", "--json"], "").failed(50, "journal");
    for last in [desk.run(&PAY, "").expect(50, "not_sent", Some("journal")), list] {
        assert!(text(&last, "detail").contains("install the newer program"), "{last}");
    }
    nothing_was_sent(&desk);
}

#[test]
fn a_disk_that_takes_no_more_stops_new_payments() {
    let desk = Desk::bare("");
    // No file may grow beyond 64 blocks of 512 bytes: what a full disk looks like to the program.
    let through = ["sh", "-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"];
    let command = desk.command_through(&through, &PAY);
    let run = desk.finish(desk.start(command, ""));
    let last = run.last();
    assert_eq!((run.code, text(&last, "outcome")), (50, "not_sent"), "{run:?}");
    nothing_was_sent(&desk);
}

#[test]
fn a_folder_that_cant_be_written_is_named() {
    let desk = Desk::bare("");
    // Where the system makes no folders for anyone, the superuser included.
    let file = desk.beside("file");
    std::fs::write(&file, "").unwrap();
    let mut command = desk.command(&["operator", "add", "--name", "D", "--role", "cashier", "--json"]);
    command.env("VEZNE_HOME", file.join("home"));
    let run = desk.finish(desk.start(command, "7391"));
    assert_eq!(run.code, 2, "config.toml can't even be looked for: {run:?}");
    let mut command = desk.command(&["operator", "add", "--name", "D", "--role", "cashier", "--json"]);
    command.env("VEZNE_HOME", "/proc/vezne");
    let last = desk.finish(desk.start(command, "7391")).failed(50, "home_unusable");
    assert!(text(&last, "detail").contains("/proc/vezne"), "{last}");
}

#[test]
fn a_login_that_is_not_there_says_which_variable() {
    let desk = Desk::bare("");
    let mut command = desk.command(&PAY);
    command.env_remove("TEST_yolcu360_KEY");
    let last = desk.finish(desk.start(command, "")).expect(50, "not_sent", Some("vault"));
    assert!(text(&last, "detail").contains("TEST_yolcu360_KEY"), "{last}");
    // The other account is not in its way.
    let mut command =
        desk.command(&["options", "--account", "counter", "--amount", "1.00", "--currency", "TRY", "--bin", "415565"]);
    command.env_remove("TEST_yolcu360_KEY");
    assert_eq!(desk.finish(desk.start(command, "")).code, 0);
}

#[test]
fn a_payment_that_was_cut_off_by_a_crash_is_unknown_afterwards_and_never_sent_again() {
    let desk = Desk::new();
    desk.fault(vezne_sandbox::FaultRule::new(
        vezne_sandbox::Gateway::Finrota,
        vezne_sandbox::Call::Pay,
        vezne_sandbox::Fault::Hold { when: vezne_sandbox::When::After },
    ));
    let mut command = desk.command(&[
        "pay",
        "--account",
        "counter",
        "--reference",
        "R-1",
        "--amount",
        "545.00",
        "--currency",
        "TRY",
        "--card-stdin",
        "--json",
        "--no-3ds",
        "--as",
        "Deniz",
        "--reason",
        "x",
    ]);
    command.env("VEZNE_LOG", "off");
    let mut running = desk.start(command, &with_pin(&card(CARD)));
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let told = lines.by_ref().map(Result::unwrap).find(|line| line.contains("\"sending\"")).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    let run = desk.run(&["payment", "ask", text(&told, "payment"), "--json"], "");
    let last = run.last();
    // Whether the request had left when the power went: asking tells. It is never sent again.
    assert!(matches!((run.code, text(&last, "outcome")), (0, "approved") | (20, "unknown")), "{run:?}");
    let ledger = desk.sandbox.ledger();
    assert!(ledger.counts.values().all(|counts| counts.received <= 1), "{ledger:?}");
}
