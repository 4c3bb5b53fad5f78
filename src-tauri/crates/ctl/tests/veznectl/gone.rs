//! A journal that was there and is not is missed, by everyone.

use crate::desk::{CARD, Desk, PIN, text};

fn without_its_journal() -> (Desk, serde_json::Value) {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
        let _none = std::fs::remove_file(desk.home().join(name));
    }
    assert!(desk.home().join("journal.head").exists());
    (desk, paid)
}

#[test]
fn the_doctor_and_the_repair_miss_it_and_say_what_to_do() {
    let (desk, _) = without_its_journal();
    let doctor = desk.run(&["doctor"], "");
    assert_eq!(doctor.code, 1, "{doctor:?}");
    assert!(doctor.stdout.contains("it is gone") && !doctor.stdout.contains("none yet"), "{doctor:?}");
    assert!(doctor.stdout.contains("Put it, or a copy of it, back as"), "{doctor:?}");
    let last = desk.run(&["journal", "repair", "--json"], "").failed(50, "journal_gone");
    assert!(text(&last, "next").contains("journal.db"), "{last}");
    // A home that never had one is a new home.
    let new = Desk::bare("");
    let doctor = new.run(&["doctor"], "");
    assert!(doctor.code == 0 && doctor.stdout.contains("the first payment makes it"), "{doctor:?}");
}

#[test]
fn no_verb_that_asks_settles_or_gives_back_makes_an_empty_one_in_its_place() {
    let (desk, paid) = without_its_journal();
    let (payment, attempt) = (text(&paid, "payment"), text(&paid, "attempt"));
    let right = ["--as", "Deniz", "--reason", "x", "--json"];
    let verbs = [
        vec!["payment", "ask", payment],
        vec!["payment", "show", payment],
        vec!["payment", "note", payment, "--text", "x"],
        vec!["payment", "receipt", payment],
        vec!["payment", "receipt", payment, "--mail"],
        [&["payment", "void", payment][..], &right].concat(),
        [&["payment", "set-aside", attempt, "--yes"][..], &right].concat(),
        [&["payment", "resolve", attempt, "--outcome", "declined", "--saw", "P", "--yes"][..], &right].concat(),
        [&["payment", "record-return", payment, "--saw", "P", "--yes"][..], &right].concat(),
        vec!["journal", "rebuild"],
        vec!["journal", "verify"],
        vec!["close", "compare", "1"],
        vec!["list"],
    ];
    for verb in verbs {
        let run = desk.run(&[&verb[..], &["--json"]].concat(), PIN);
        let last = run.last();
        assert_eq!((run.code, text(&last, "reason")), (50, "journal_gone"), "{verb:?}: {run:?}");
        assert!(!desk.home().join("journal.db").exists(), "{verb:?}");
    }
    let person = desk.run(&["payment", "ask", payment], "");
    assert!(!person.stdout.contains("charged") && person.stdout.contains("stands as it was"), "{person:?}");
    // A new home has none to ask about either, and gets none by being asked.
    let new = Desk::bare("");
    new.run(&["payment", "ask", payment, "--json"], "").failed(50, "journal");
    assert!(!new.home().join("journal.db").exists());
}
