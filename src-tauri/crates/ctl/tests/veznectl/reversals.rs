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
    undo("seen").expect(40, "approved", Some("nothing_contradicts"));
    assert_eq!(undo("not-done").code, 0);
    record("145.01").expect(40, "refused", Some("too_much"));
    assert_eq!(undo("done").code, 0, "the counter-entry is itself corrected");
    record("0.01").expect(40, "refused", Some("already_returned"));
    assert!(desk.sandbox.ledger().reversals.is_empty(), "nothing of it was sent");
    assert_eq!(desk.run(&["journal", "verify", "--json"], "").last()["sound"], true);
}

#[test]
fn an_attempt_is_given_back_by_its_own_id() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let attempt = text(&paid, "attempt");
    let part = ["payment", "refund", attempt, "--amount", "100.00"];
    let last = desk.run(&[&part[..], &RIGHT].concat(), PIN).expect(0, "approved", None);
    assert_eq!((&last["attempt"], text(&last, "amount")), (&paid["attempt"], "100.00"));
    let void = ["payment", "void", attempt];
    let last = desk.run(&[&void[..], &RIGHT].concat(), PIN).expect(40, "refused", Some("void_not_possible"));
    assert!(text(&last, "next").contains(&format!("veznectl payment refund {attempt} ")), "{last}");
    let other = desk.pay_directly("R-2", "5528790000000008", &[]).expect(0, "approved", None);
    let void = ["payment", "void", text(&other, "attempt")];
    desk.run(&[&void[..], &RIGHT].concat(), PIN).expect(0, "approved", None);
    desk.run(&[&void[..], &RIGHT].concat(), PIN).expect(0, "approved", Some("already_void"));
}

/// A refund that the gateway never carried out, and whose answer did not say so.
fn unknown_refund(desk: &Desk, reference: &str, card: &str) -> String {
    let paid = desk.pay_directly(reference, card, &[]).expect(0, "approved", None);
    desk.fault(
        FaultRule::new(Gateway::Finrota, Call::Refund, Fault::Status { status: 500, body: None, when: When::Before })
            .first(1),
    );
    let refund = ["payment", "refund", text(&paid, "payment"), "--amount", "100.00"];
    let last = desk.run(&[&refund[..], &RIGHT].concat(), PIN).expect(20, "unknown", Some("server_error"));
    text(&last, "reversal").to_owned()
}

#[test]
fn an_unknown_refund_is_settled_by_a_supervisor_one_way_or_the_other() {
    let desk = Desk::new();
    for (reference, card, outcome, told) in
        [("R-1", CARD, "done", "approved"), ("R-2", "5528790000000008", "not-done", "refused")]
    {
        let reversal = unknown_refund(&desk, reference, card);
        let seen = ["payment", "resolve", &reversal, "--outcome", "seen", "--yes"];
        desk.run(&[&seen[..], &RIGHT].concat(), PIN).expect(40, "unknown", Some("not_now"));
        let resolve = ["payment", "resolve", &reversal, "--outcome", outcome, "--saw", "P-4711", "--yes"];
        desk.run(&[&resolve[..], &["--json"]].concat(), "").expect(40, "unknown", Some("needs_supervisor"));
        let run = desk.run(&[&resolve[..], &RIGHT].concat(), PIN);
        let last = run.last();
        assert_eq!((run.code, text(&last, "outcome"), text(&last, "reversal")), (0, told, &*reversal), "{run:?}");
        assert_eq!(text(&last["reversal_view"], "saw"), "P-4711");
    }
    assert!(desk.sandbox.ledger().reversals.is_empty());
}

#[test]
fn an_alarm_that_outlived_its_refund_is_answered_by_having_been_seen() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let body = Some(r#"{"data":{"isSuccess":true,"lastAmount":1.00}}"#.to_owned());
    let wrong = Fault::Status { status: 200, body, when: When::After };
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Refund, wrong).first(1));
    let refund = ["payment", "refund", text(&paid, "payment"), "--amount", "100.00"];
    let last = desk.run(&[&refund[..], &RIGHT].concat(), PIN).last();
    let reversal = text(&last, "reversal");
    // Asked afterwards, the gateway has what it should have: it is done, and the alarm stands all the same.
    let asked = desk.run(&["payment", "ask", reversal, "--json"], "").expect(0, "approved", None);
    assert_eq!(asked["reversal_view"]["needs_attention"], true, "{asked}");
    let seen = ["payment", "resolve", reversal, "--outcome", "seen", "--yes"];
    let last = desk.run(&[&seen[..], &RIGHT].concat(), PIN).expect(0, "approved", None);
    assert_eq!(
        (&last["reversal_view"]["needs_attention"], text(&last["reversal_view"], "state")),
        (&false.into(), "done")
    );
}
