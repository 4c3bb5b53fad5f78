//! A question that the gateway does not answer is told as one: what stands was known before.

use vezne_sandbox::{Call, CutPoint, Fault, FaultRule, Gateway, When};

use crate::desk::{CARD, Desk, PIN, text};

/// From now on the gateway gives no answer that tells anything.
fn nobody_answers(desk: &Desk) {
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, Fault::EmptyBody));
}

#[test]
fn an_approved_payment_that_cant_be_asked_about_stays_approved_and_the_missing_answer_is_said() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let ask = ["payment", "ask", text(&paid, "payment")];
    let answered = desk.run(&ask, "");
    assert!(answered.code == 0 && !answered.stdout.contains("could not be asked"), "{answered:?}");
    nobody_answers(&desk);
    let person = desk.run(&ask, "");
    assert_eq!(person.code, 0, "{person:?}");
    for words in ["APPROVED", "The gateway could not be asked: ", "What stands here was known before."] {
        assert!(person.stdout.contains(words), "{words}: {person:?}");
    }
    let script = desk.run(&[&ask[..], &["--json"]].concat(), "").expect(0, "approved", None);
    assert_eq!(text(&script, "unanswered"), "unreadable");
    assert!(text(&script, "message").contains("could not be asked"), "{script}");
    // The steps tell the three questions apart: at the payment, answered, not answered twice.
    let shown = desk.run(&["payment", "show", text(&paid, "payment"), "--json"], "").last();
    let steps: Vec<&str> = shown["history"].as_array().unwrap().iter().map(|line| text(line, "what")).collect();
    let unanswered = steps.iter().filter(|step| step.starts_with("could not be asked: ")).count();
    let answered = steps.iter().filter(|step| **step == "asked: paid").count();
    assert!((unanswered, answered >= 1) == (2, true), "{steps:?}");
    assert!(!steps.contains(&"asked"), "{steps:?}");
}

#[test]
fn an_unknown_payment_whose_gateway_is_silent_is_not_told_as_not_final_yet() {
    let desk = Desk::new();
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, Fault::Cut { at: CutPoint::AfterExecuting }).first(1));
    nobody_answers(&desk);
    let doubtful = desk.pay_directly("R-1", CARD, &[]).expect(20, "unknown", Some("connection_lost"));
    let ask = ["payment", "ask", text(&doubtful, "payment")];
    let person = desk.run(&ask, "");
    assert_eq!(person.code, 20, "{person:?}");
    assert!(person.stdout.contains("The gateway could not be asked"), "{person:?}");
    assert!(!person.stdout.contains("gives no final answer"), "{person:?}");
    let script = desk.run(&[&ask[..], &["--json"]].concat(), "").expect(20, "unknown", Some("connection_lost"));
    assert_eq!(text(&script, "unanswered"), "unreadable");
}

#[test]
fn an_unknown_refund_that_cant_be_asked_about_says_so() {
    let desk = Desk::new();
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let fails = Fault::Status { status: 500, body: None, when: When::Before };
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Refund, fails).first(1));
    let refund = [
        "payment",
        "refund",
        text(&paid, "payment"),
        "--as",
        "Deniz",
        "--reason",
        "late",
        "--amount",
        "45.00",
        "--json",
    ];
    let returned = desk.run(&refund, PIN).expect(20, "unknown", Some("server_error"));
    nobody_answers(&desk);
    let ask = ["payment", "ask", text(&returned, "reversal"), "--json"];
    let last = desk.run(&ask, "").expect(20, "unknown", Some("server_error"));
    assert_eq!(text(&last, "unanswered"), "unreadable");
    let shown = desk.run(&["payment", "show", text(&paid, "payment")], "");
    assert!(shown.stdout.contains("could not be asked: "), "{shown:?}");
}
