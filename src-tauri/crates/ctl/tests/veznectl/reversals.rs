//! Void and refund.

use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};

use crate::desk::{CARD, Desk, PIN, text};

const RIGHT: [&str; 5] = ["--as", "Deniz", "--reason", "customer asked", "--json"];

#[test]
fn a_payment_is_voided_once_and_a_second_time_is_already_void() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let payment = text(&paid, "payment");
    desk.run(&["payment", "void", payment, "--json"], "").expect(40, "refused", Some("needs_supervisor"));
    let void = [&["payment", "void", payment][..], &RIGHT].concat();
    let last = desk.run(&void, PIN).expect(0, "approved", None);
    assert!(text(&last, "reversal").starts_with("rev_"), "{last}");
    assert_eq!(text(&last, "amount"), "545.00");
    let again = desk.run(&void, PIN).expect(0, "approved", Some("already_void"));
    assert_eq!(again["reversal"], last["reversal"]);
    let reference = text(&paid["view"], "reference");
    let ledger = desk.sandbox.ledger();
    assert_eq!((ledger.net_minor(reference), ledger.counts_of(reference).reversals_received), (0, 1));
}

#[test]
fn a_part_is_refunded_and_never_more_than_what_is_left() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let payment = text(&paid, "payment");
    let refund = |amount| desk.run(&[&["payment", "refund", payment, "--amount", amount][..], &RIGHT].concat(), PIN);
    refund("545.001").expect(40, "refused", Some("amount"));
    refund("600.00").expect(40, "refused", Some("too_much"));
    refund("100.00").expect(0, "approved", None);
    refund("500.00").expect(40, "refused", Some("too_much"));
    assert_eq!(desk.sandbox.ledger().net_minor(text(&paid["view"], "reference")), 44_500);
}

#[test]
fn what_was_not_paid_or_may_not_be_reversed_is_refused() {
    let desk = Desk::new();
    let declined = desk.pay_directly("R-1", "4155654020020029", &[]).last();
    let void = |payment: &str| desk.run(&[&["payment", "void", payment][..], &RIGHT].concat(), PIN);
    void(text(&declined, "payment")).expect(40, "refused", Some("not_approved"));
    void("pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3").expect(40, "refused", Some("not_found"));
    let paid = desk.pay_directly("R-2", CARD, &[]).expect(0, "approved", None);
    desk.config(&desk.config_text().replace("reversals = true", "reversals = false"));
    void(text(&paid, "payment")).expect(40, "refused", Some("reversals_off"));
    assert!(desk.sandbox.ledger().reversals.is_empty());
}

#[test]
fn what_is_left_can_not_be_read_so_vezne_refuses_and_nothing_is_sent() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, Fault::EmptyBody));
    let refund = ["payment", "refund", text(&paid, "payment")];
    let last = desk.run(&[&refund[..], &RIGHT].concat(), PIN).expect(40, "refused", Some("baseline_unreadable"));
    assert_eq!(text(&last, "refused_by"), "vezne");
    let person = desk.run(&[&refund[..], &RIGHT[..4]].concat(), PIN);
    assert_eq!(person.code, 40);
    assert!(person.stdout.contains("nothing was returned") && !person.stdout.contains("charged"), "{person:?}");
    assert!(desk.sandbox.ledger().reversals.is_empty());
}

#[test]
fn a_void_that_is_not_possible_offers_the_refund_with_its_command() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let payment = text(&paid, "payment");
    desk.run(&[&["refund", payment, "--amount", "100.00"][..], &RIGHT].concat(), PIN).expect(0, "approved", None);
    let void = ["void", payment];
    let last = desk.run(&[&void[..], &RIGHT].concat(), PIN).expect(40, "refused", Some("void_not_possible"));
    let command = format!("veznectl payment refund {payment} --as Deniz --reason 'customer asked'");
    assert!(text(&last, "next").ends_with(&command), "{last}");
    let person = desk.run(&[&void[..], &RIGHT[..4]].concat(), PIN).stdout;
    assert!(person.contains("nothing was returned") && !person.contains("charged"), "{person}");
    // What is offered works.
    let offered = ["payment", "refund", payment, "--as", "Deniz", "--reason", "customer asked", "--json"];
    let last = desk.run(&offered, PIN).expect(0, "approved", None);
    assert_eq!(text(&last, "amount"), "445.00");
}

#[test]
fn a_void_that_the_gateway_refuses_only_offers_the_refund() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let payment = text(&paid, "payment");
    let refuses =
        Fault::Status { status: 400, body: Some("{\"message\":\"batch is closed\"}".to_owned()), when: When::Before };
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Cancel, refuses).first(1));
    let run = desk.run(&[&["void", payment][..], &RIGHT].concat(), PIN);
    let last = run.last();
    assert_eq!((run.code, text(&last, "refused_by")), (40, "gateway"), "{run:?}");
    assert!(text(&last, "next").contains(&format!("veznectl payment refund {payment} --as Deniz")), "{last}");
    assert!(!run.stdout.contains("charged"), "{run:?}");
    desk.run(&[&["refund", payment][..], &RIGHT].concat(), PIN).expect(0, "approved", None);
}

#[test]
fn what_went_back_in_the_portal_is_written_down_counts_and_is_corrected() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let payment = text(&paid, "payment");
    desk.config(&desk.config_text().replace("reversals = true", "reversals = false"));
    let record = |amount: &str| {
        let what = ["payment", "record-return", payment, "--amount", amount, "--saw", "P-4711", "--yes"];
        desk.run(&[&what[..], &RIGHT].concat(), PIN)
    };
    let alone = ["payment", "record-return", payment, "--saw", "P-4711", "--yes", "--json"];
    desk.run(&alone, "").expect(40, "refused", Some("needs_supervisor"));
    let done = record("145.00").expect(0, "approved", None);
    assert_eq!((text(&done, "evidence"), text(&done, "amount")), ("portal", "145.00"));
    record("400.01").expect(40, "refused", Some("too_much"));
    record("400.00").expect(0, "approved", None);
    record("0.01").expect(40, "refused", Some("already_returned"));
    let reversal = text(&done, "reversal");
    let undo = |outcome: &str| {
        let what = ["payment", "resolve", reversal, "--outcome", outcome, "--saw", "P-4712", "--yes"];
        desk.run(&[&what[..], &RIGHT].concat(), PIN)
    };
    undo("seen").expect(40, "refused", Some("nothing_contradicts"));
    assert_eq!(undo("not-done").code, 0);
    record("145.01").expect(40, "refused", Some("too_much"));
    assert_eq!(undo("done").code, 0, "the counter-entry is itself corrected");
    record("0.01").expect(40, "refused", Some("already_returned"));
    assert!(desk.sandbox.ledger().reversals.is_empty(), "nothing of it was sent");
    assert_eq!(desk.run(&["journal", "verify", "--json"], "").last()["sound"], true);
}
