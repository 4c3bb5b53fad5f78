//! The duplicate guard and a supervisor's rights.

use vezne_sandbox::{Call, CutPoint, Fault, FaultRule, Gateway};

use crate::desk::{CARD, Desk, PIN, card, text, with_pin};

#[test]
fn a_reference_that_is_paid_is_not_charged_again_and_the_earlier_attempt_is_shown() {
    let desk = Desk::new();
    let first = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let run = desk.pay_directly(" r-1 ", "5528790000000008", &[]);
    let last = run.expect(40, "refused", Some("duplicate_paid"));
    assert_eq!((text(&last, "refused_by"), &last["attempt"]), ("vezne", &serde_json::Value::Null));
    assert_eq!(last["earlier"]["attempt"], first["attempt"]);
    assert_eq!(last["earlier"]["outcome"], "approved");
    assert_eq!(desk.sandbox.ledger().charges.len(), 1);
    // A supervisor's override that names the attempt, or a further part, is another matter.
    let overrides = ["--override", text(&first, "attempt")];
    desk.pay_directly("R-1", "4355084355084358", &overrides).expect(0, "approved", None);
    desk.pay_directly("R-1", "5528790000000008", &overrides).expect(40, "refused", Some("duplicate_paid"));
    desk.pay_directly("R-1", "5528790000000008", &["--part", "deposit"]).expect(0, "approved", None);
    assert_eq!(desk.sandbox.ledger().charges.len(), 3);
}

#[test]
fn an_unknown_attempt_blocks_its_reference_until_it_is_settled_by_a_supervisor() {
    let desk = Desk::new();
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, Fault::Cut { at: CutPoint::BeforeExecuting }).first(1));
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, Fault::EmptyBody));
    let first = desk.pay_directly("R-1", CARD, &[]).expect(20, "unknown", Some("connection_lost"));
    let attempt = text(&first, "attempt");
    let again = desk.pay_directly("R-1", "5528790000000008", &[]).expect(40, "refused", Some("duplicate_open"));
    assert_eq!(again["earlier"]["attempt"], first["attempt"]);
    // Even a supervisor's override does not lift an unknown one.
    desk.pay_directly("R-1", "5528790000000008", &["--override", attempt]).expect(
        40,
        "refused",
        Some("duplicate_open"),
    );
    let right = ["--as", "Deniz", "--reason", "portal shows nothing", "--json"];
    // A script confirms with its arguments and the PIN; what was seen is never made up for it.
    let resolve = [&["resolve", attempt, "--outcome", "declined"][..], &right].concat();
    desk.run(&resolve, "0000").expect(40, "unknown", Some("not_a_supervisor"));
    let settled = desk.run(&resolve, PIN).expect(10, "declined", None);
    assert_eq!(text(&settled, "evidence"), "supervisor");
    let written = desk.run(&["journal", "export", "--what", "events"], "").stdout;
    let word = written.lines().find(|line| line.contains("portal shows nothing")).unwrap();
    assert!(word.matches("portal shows nothing").count() == 1 && word.contains("not said"), "{word}");
    desk.pay_directly("R-1", "5528790000000008", &[]);
    assert_eq!(desk.sandbox.ledger().charges.len(), 1);
}

#[test]
fn the_same_card_and_amount_a_moment_later_asks_the_cashier() {
    let desk = Desk::new();
    desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    desk.pay_directly("R-2", CARD, &[]).expect(40, "refused", Some("duplicate_twin"));
    desk.pay_directly("R-2", CARD, &["--twin-ok"]).expect(0, "approved", None);
}

#[test]
fn what_needs_a_supervisor_is_refused_without_one_or_with_a_wrong_pin_and_nothing_is_sent() {
    let desk = Desk::new();
    desk.pay("R-1", &card(CARD), &["--no-3ds"]).expect(40, "refused", Some("needs_supervisor"));
    desk.pay("R-1", &card(CARD), &["--no-3ds", "--as", "Deniz", "--reason", "x"]).expect(
        40,
        "refused",
        Some("pin_missing"),
    );
    let wrong = with_pin(&card(CARD)).replace(PIN, "8264");
    desk.pay("R-1", &wrong, &["--no-3ds", "--as", "Deniz", "--reason", "x"]).expect(
        40,
        "refused",
        Some("not_a_supervisor"),
    );
    desk.pay("R-1", &with_pin(&card(CARD)), &["--no-3ds", "--as", "Nobody", "--reason", "x"]).expect(
        40,
        "refused",
        Some("not_a_supervisor"),
    );
    desk.pay_directly("R-1", CARD, &["--operator", "Nobody"]).expect(40, "refused", Some("unknown_operator"));
    assert!(desk.sandbox.ledger().counts.is_empty());
}

#[test]
fn every_act_of_a_supervisor_without_name_reason_or_pin_is_refused_and_says_so_in_its_last_line() {
    let desk = Desk::new();
    let (att, rev, pay) =
        ("att_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3", "rev_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3", "pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3");
    let card_pay = "pay --account counter --reference R-1 --amount 545.00 --currency TRY --card-stdin --json";
    let card_pay: Vec<&str> = card_pay.split(' ').collect();
    let limit = ["pay", "--account", "agency", "--order", "order_1002", "--from-limit", "--json", "--override", att];
    let acts: [Vec<&str>; 9] = [
        [&card_pay[..], &["--no-3ds"]].concat(),
        [&card_pay[..], &["--override", att]].concat(),
        limit.to_vec(),
        vec!["void", pay, "--json"],
        vec!["refund", pay, "--amount", "1.00", "--json"],
        vec!["set-aside", att, "--json"],
        vec!["set-aside", att, "--yes", "--json"],
        vec!["resolve", att, "--outcome", "declined", "--json"],
        vec!["resolve", rev, "--outcome", "done", "--yes", "--json"],
    ];
    for act in &acts {
        let stdin = if act.contains(&"--card-stdin") { card(CARD) } else { String::new() };
        for (right, reason) in [
            (&[][..], "needs_supervisor"),
            (&["--reason", "x"], "needs_supervisor"),
            (&["--as", "Deniz"], "reason_missing"),
            (&["--as", "Deniz", "--reason", "x"], "pin_missing"),
        ] {
            let run = desk.run(&[act, right].concat(), &stdin);
            // What is asked for is not begun; of what is named and not there nothing is said.
            match act[0] {
                "pay" | "void" | "refund" => drop(run.expect(40, "refused", Some(reason))),
                _ => drop(run.failed(40, reason)),
            }
        }
    }
    assert!(desk.sandbox.ledger().counts.is_empty());
}

#[test]
fn a_second_supervisor_needs_the_first_ones_agreement() {
    let desk = Desk::new();
    let add = ["operator", "add", "--name", "Ece", "--role", "supervisor", "--json"];
    desk.run(&add, "8264\n").failed(40, "needs_supervisor");
    desk.run(&[&add[..], &["--as", "Deniz"]].concat(), "8264\n7391\n").failed(40, "reason_missing");
    let agreed = [&add[..], &["--as", "Deniz", "--reason", "new colleague"]].concat();
    desk.run(&agreed, "8264\n0000\n").failed(40, "not_a_supervisor");
    desk.run(&agreed, "8264\n").failed(40, "pin_missing");
    desk.run(&agreed, "1234\n7391\n").failed(40, "pin_refused");
    assert_eq!(desk.run(&agreed, "8264\n7391\n").code, 0);
    desk.run(&agreed, "8264\n7391\n").failed(40, "name_taken");
    let listed = desk.run(&["operator", "list"], "");
    assert!(listed.stdout.contains("Deniz") && listed.stdout.contains("Ece"), "{}", listed.stdout);
    assert!(!listed.stdout.contains("argon2"));
}
