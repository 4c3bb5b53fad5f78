//! Advice that fits what it is given about.

use crate::desk::{CARD, Desk, card, text};

#[test]
fn an_order_whose_price_nobody_told_is_paid_without_a_word_of_an_amount_above() {
    let desk = Desk::bare("");
    let pay = ["pay", "--account", "agency", "--order", "order_1017", "--from-limit"];
    let person = desk.run(&pay, "");
    assert_eq!(person.code, 0, "{person:?}");
    assert!(!person.stdout.contains("the amount above"), "{person:?}");
    assert!(person.stdout.contains("must be looked up in the gateway's portal"), "{person:?}");
    let other = Desk::bare("");
    let script = other.run(&[&pay[..], &["--json"]].concat(), "").expect(0, "approved", None);
    assert!(script["amount"].is_null() && text(&script, "message").contains("How much is not known"), "{script}");
    // The question about it says the same.
    let asked = other.run(&["payment", "ask", text(&script, "payment")], "");
    assert!(!asked.stdout.contains("the amount above") && asked.stdout.contains("portal"), "{asked:?}");
}

#[test]
fn an_order_that_answers_404_to_a_card_may_be_paid_and_that_is_said() {
    let desk = Desk::bare("");
    for order in ["order_1011", "order_1012", "order_1015"] {
        let pay = ["pay", "--account", "agency", "--order", order, "--card-stdin"];
        let last =
            desk.run(&[&pay[..], &["--json"]].concat(), &card(CARD)).expect(40, "refused", Some("order_not_found"));
        assert!(text(&last, "message").contains("or it is already paid"), "{last}");
        assert!(text(&last, "next").contains("gateway's portal"), "{last}");
        let person = desk.run(&pay, &card(CARD));
        assert!(
            !person.stdout.contains("does not know this order\n") && !person.stdout.contains("doesn't"),
            "{person:?}"
        );
        let options = ["options", "--account", "agency", "--order", order, "--bin", "415565"];
        let asked = desk.run(&options, "");
        assert!(asked.stdout.contains("already paid") && asked.stdout.contains("portal"), "{asked:?}");
    }
}

#[test]
fn a_paid_order_is_not_advised_to_be_paid_in_parts_and_a_paid_reference_is() {
    let desk = Desk::new();
    let order = ["pay", "--account", "agency", "--order", "order_1002", "--from-limit", "--json"];
    desk.run(&order, "").expect(0, "approved", None);
    let again = desk.run(&order, "").expect(40, "refused", Some("duplicate_paid"));
    assert!(!text(&again, "next").contains("--part") && text(&again, "next").contains("--override"), "{again}");
    desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let again = desk.pay_directly("R-1", "5528790000000008", &[]).expect(40, "refused", Some("duplicate_paid"));
    assert!(text(&again, "next").contains("--part"), "{again}");
}

#[test]
fn a_decline_from_the_limit_speaks_of_no_card() {
    let desk = Desk::bare("");
    for order in ["order_1010", "order_1038"] {
        let run = desk.run(&["pay", "--account", "agency", "--order", order, "--from-limit", "--json"], "");
        let last = run.last();
        assert_eq!((run.code, text(&last, "outcome")), (10, "declined"), "{run:?}");
        assert!(!text(&last, "next").contains("another card"), "{last}");
        assert!(!text(&last, "message").contains("card"), "{last}");
        assert!(text(&last, "next").contains("Pay the same order by card"), "{last}");
    }
}

#[test]
fn the_arguments_that_are_missing_are_listed_on_one_line() {
    let desk = Desk::bare("");
    let last = desk.run(&["pay", "--json"], "").expect(2, "refused", Some("arguments"));
    let detail = text(&last, "detail");
    for missing in ["--account <NAME>", "--order <ID>", "--from-limit", "--card-stdin"] {
        assert!(detail.contains(missing) && !detail.contains('\n'), "{missing}: {detail}");
    }
}

#[test]
fn a_second_pin_that_is_missing_is_asked_for_as_a_second_line() {
    let desk = Desk::new();
    let add = ["operator", "add", "--name", "Ece", "--role", "cashier", "--as", "Deniz", "--reason", "new", "--json"];
    let last = desk.run(&add, "8264\n").failed(40, "pin_missing");
    assert!(
        text(&last, "detail").contains("2 lines are expected, one PIN each: the new PIN, then the supervisor's"),
        "{last}"
    );
    assert!(!text(&last, "next").contains("only line"), "{last}");
    assert_eq!(desk.run(&add, "8264\n7391\n").code, 0);
}

#[test]
fn a_browser_that_fails_at_once_has_opened_nothing_and_the_address_is_told() {
    use std::io::{BufRead, BufReader};
    let desk = Desk::bare("");
    let pay =
        ["pay", "--account", "counter", "--reference", "R-1", "--amount", "1.00", "--currency", "TRY", "--card-stdin"];
    let mut command = desk.command(&[&pay[..], &["--json"]].concat());
    command.env("BROWSER", "/bin/false");
    let mut running = desk.start(command, &card(CARD));
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let told = lines.by_ref().map(Result::unwrap).find(|line| line.contains("bank_page")).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(text(&told, "progress"), "open_bank_page", "{told}");
    assert!(text(&told, "address").starts_with("http://127.0.0.1:"), "{told}");
}
