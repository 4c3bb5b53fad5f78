//! A verb that only asks, shows or settles and fails says nothing about money that is not so.

use std::io::{BufRead, BufReader};

use serde_json::Value;
use vezne_sandbox::{Call, CutPoint, Fault, FaultRule, Gateway};

use crate::desk::{CARD, Desk, PIN, Run, card, text};

const NOTHING: [&str; 4] = ["NOT SENT", "Nothing was sent", "nothing was charged", "REFUSED"];

/// A charge whose answer never came, and which can't be asked about.
fn unknown(desk: &Desk, reference: &str) -> Value {
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, Fault::Cut { at: CutPoint::AfterExecuting }).first(1));
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, Fault::EmptyBody));
    desk.pay_directly(reference, "4546711234567894", &[]).expect(20, "unknown", Some("connection_lost"))
}

fn deniz<'a>(verb: &[&'a str]) -> Vec<&'a str> {
    [verb, &["--as", "Deniz", "--reason", "customer waits"]].concat()
}

/// What a person reads, and then what a script does, of the same failure.
fn both(desk: &Desk, verb: &[&str], stdin: &str) -> (Run, Run) {
    (desk.run(verb, stdin), desk.run(&[verb, &["--json"]].concat(), stdin))
}

#[track_caller]
fn claims_nothing(run: &Run) {
    for lie in NOTHING {
        assert!(!run.stdout.contains(lie), "{lie}: {}", run.stdout);
    }
    assert!(run.stdout.contains("stands as it was"), "{}", run.stdout);
}

#[test]
fn a_question_that_cant_be_put_leaves_a_charged_payment_charged() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let ids = [text(&paid, "payment"), text(&paid, "attempt")];
    let good = desk.config_text();
    desk.config("[[account]\n");
    for id in ids {
        let (person, script) = both(&desk, &["payment", "ask", id], "");
        claims_nothing(&person);
        for words in ["NOT ASKED", "APPROVED  545.00 TRY", "Money moved"] {
            assert!(person.stdout.contains(words), "{words}: {person:?}");
        }
        let last = script.expect(2, "approved", Some("configuration"));
        assert_eq!((&last["payment"], &last["attempt"]), (&paid["payment"], &paid["attempt"]));
        assert_eq!((text(&last, "failed"), text(&last, "amount")), ("not_asked", "545.00"));
    }
    // The disk takes nothing: the lock's place is no file that could be written.
    desk.config(&good);
    std::fs::remove_file(desk.home().join("journal.lock")).unwrap();
    std::fs::create_dir(desk.home().join("journal.lock")).unwrap();
    let (person, script) = both(&desk, &["payment", "ask", ids[0]], "");
    claims_nothing(&person);
    script.expect(50, "approved", Some("journal"));
    // With the journal itself unreadable nothing is claimed at all; what was named is named back.
    std::fs::write(desk.home().join("journal.db"), b"no database any more ".repeat(400)).unwrap();
    let (person, script) = both(&desk, &["payment", "ask", ids[0]], "");
    claims_nothing(&person);
    assert_eq!(script.failed(50, "journal")["payment"], paid["payment"]);
    let (person, script) = both(&desk, &["payment", "show", ids[1]], "");
    claims_nothing(&person);
    assert_eq!(script.failed(50, "journal_damaged")["attempt"], paid["attempt"]);
    assert!(!person.stdout.contains("no money is taken"), "{person:?}");
}

#[test]
fn beside_another_process_every_verb_says_how_the_payment_stands() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let doubtful = unknown(&desk, "R-2");
    let waiting =
        ["pay", "--account", "counter", "--reference", "R-3", "--amount", "1.00", "--currency", "TRY", "--card-stdin"];
    let mut command = desk.command(&[&waiting[..], &["--json"]].concat());
    command.env("BROWSER", "/nowhere/browser").env("PATH", "/nowhere");
    let mut running = desk.start(command, &card("5528790000000008"));
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let told = lines.by_ref().map(Result::unwrap).find(|line| line.contains("open_bank_page")).unwrap();
    let at_bank: Value = serde_json::from_str(&told).unwrap();

    for (which, outcome) in [(&paid, "approved"), (&doubtful, "unknown"), (&at_bank, "unknown")] {
        let (payment, attempt) = (text(which, "payment"), text(which, "attempt"));
        let resolve = deniz(&["payment", "resolve", attempt, "--outcome", "declined", "--saw", "P-1", "--yes"]);
        let set_aside = deniz(&["payment", "set-aside", attempt, "--yes"]);
        for verb in
            [&["payment", "ask", payment][..], &["payment", "note", payment, "--text", "x"], &resolve, &set_aside]
        {
            let (person, script) = both(&desk, verb, PIN);
            claims_nothing(&person);
            let last = script.expect(50, outcome, Some("journal_in_use"));
            assert_eq!((text(&last, "payment"), text(&last, "attempt")), (payment, attempt), "{verb:?}");
        }
    }
    running.kill().unwrap();
    running.wait().unwrap();
    // Nobody follows the third one now, and whoever looks for what is open is told so.
    let listed = desk.run(&["list", "--attention"], "");
    assert!(listed.stdout.contains("In progress besides: 1"), "{listed:?}");
}

#[test]
fn a_settling_that_is_refused_tells_the_outcome_that_stands_and_not_that_nothing_was_charged() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let doubtful = unknown(&desk, "R-2");
    for (which, outcome) in [(&paid, "approved"), (&doubtful, "unknown")] {
        let attempt = text(which, "attempt");
        let set_aside = ["payment", "set-aside", attempt, "--yes"];
        let resolve = ["payment", "resolve", attempt, "--outcome", "declined", "--saw", "P-1", "--yes"];
        for (verb, pin, reason) in [
            (deniz(&set_aside), "0000", "not_a_supervisor"),
            (deniz(&resolve), "0000", "not_a_supervisor"),
            (set_aside.to_vec(), "", "needs_supervisor"),
            (resolve.to_vec(), "", "needs_supervisor"),
            (deniz(&set_aside), "", "pin_missing"),
        ] {
            let (person, script) = both(&desk, &verb, pin);
            claims_nothing(&person);
            let last = script.expect(40, outcome, Some(reason));
            assert_eq!(last["attempt"], which["attempt"], "{last}");
        }
    }
    // Too soon, and too few answers.
    let (person, script) = both(&desk, &deniz(&["payment", "set-aside", text(&doubtful, "attempt"), "--yes"]), PIN);
    claims_nothing(&person);
    assert!(person.stdout.contains("Do not charge again"), "{person:?}");
    assert_eq!((script.code, text(&script.last(), "outcome")), (40, "unknown"), "{script:?}");
}

#[test]
fn a_return_that_is_not_begun_says_that_nothing_went_back_by_it_and_names_its_payment() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let payment = text(&paid, "payment");
    for verb in ["void", "refund"] {
        let (person, script) = both(&desk, &deniz(&["payment", verb, payment]), "0000");
        assert!(person.stdout.contains("nothing was returned by it"), "{person:?}");
        assert!(!person.stdout.contains("charged") && !person.stdout.contains("REFUSED"), "{person:?}");
        let last = script.expect(40, "refused", Some("not_a_supervisor"));
        assert_eq!((&last["payment"], last.get("reversal")), (&paid["payment"], None), "{last}");
    }
    // What went back by hand went back, whether or not it can be written down.
    let record = deniz(&["payment", "record-return", payment, "--saw", "P-1", "--yes"]);
    let (person, script) = both(&desk, &record, "0000");
    assert!(
        person.stdout.contains("NOT WRITTEN DOWN") && !person.stdout.contains("nothing was returned"),
        "{person:?}"
    );
    assert_eq!(text(&script.last(), "failed"), "not_written_down");
    desk.config("[[account]\n");
    desk.run(&[&record[..], &["--json"]].concat(), PIN).failed(2, "configuration");
}

#[test]
fn verbs_of_no_payment_fail_without_an_outcome() {
    let desk = Desk::new();
    desk.config("[[account]\n");
    for verb in [
        &["close"][..],
        &["options", "--account", "counter", "--amount", "1.00", "--currency", "TRY", "--bin", "415565"],
    ] {
        let (person, script) = both(&desk, verb, "");
        assert!(person.stdout.contains("Nothing about the money has changed"), "{person:?}");
        assert!(NOTHING.iter().all(|lie| !person.stdout.contains(lie)), "{person:?}");
        script.failed(2, "configuration");
    }
    let unread = desk.run(&["payment", "ask", "--json"], "");
    unread.failed(2, "arguments");
    let nobody = desk.run(&["payment", "ask", "pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3", "--json"], "");
    assert_eq!(nobody.code, 2, "{nobody:?}");
    assert_eq!(nobody.last()["payment"], "pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3");
}
