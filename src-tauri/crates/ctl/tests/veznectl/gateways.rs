//! Gateways that misbehave: whatever they answer, nobody is told that money moved or did not unless that is known.

use vezne_sandbox::{Call, CutPoint, Fault, FaultRule, Gateway, When};

use crate::desk::{CARD, Desk, text};

/// A desk that gives up early, so that a gateway that never answers can be tested.
fn impatient() -> Desk {
    let desk =
        Desk::bare("[timeouts]\npay_seconds = 2\nstatus_seconds = 2\noptions_seconds = 2\nsign_in_seconds = 2\n");
    let add = ["operator", "add", "--name", "Deniz", "--role", "supervisor", "--json"];
    assert_eq!(desk.run(&add, crate::desk::PIN).code, 0);
    desk
}

#[test]
fn an_answer_that_is_garbage_huge_endless_or_missing_is_unknown_and_the_status_settles_it() {
    for (fault, name) in [
        (Fault::NotJson, "not json"),
        (Fault::HugeBody, "100 MB"),
        (Fault::SlowBody, "endless"),
        (Fault::EmptyBody, "empty"),
        (Fault::Hold { when: When::After }, "never"),
    ] {
        let desk = impatient();
        desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, fault));
        let run = desk.pay_directly("R-1", CARD, &[]);
        let last = run.expect(20, "unknown", text_of(&run));
        assert!(text(&last, "next").contains("payment ask"), "{name}: {last}");
        let asked = desk.run(&["payment", "ask", text(&last, "payment"), "--json"], "");
        asked.expect(0, "approved", None);
        assert_eq!(desk.sandbox.ledger().charges.len(), 1, "{name}");
        let reference = text(&last["view"], "reference");
        assert_eq!(desk.sandbox.ledger().counts_of(reference).received, 1, "{name}: sent once");
    }
}

/// Whatever the cause is called, there is one.
fn text_of(run: &crate::desk::Run) -> Option<&'static str> {
    let last = run.last();
    let known = ["unreadable_answer", "timed_out", "connection_lost", "no_final_answer"];
    known.into_iter().find(|word| last["reason"] == *word)
}

#[test]
fn a_gateway_that_cant_be_reached_means_not_sent() {
    let desk = Desk::new();
    // Nothing listens there, and no other test can be given it: a port that was free a moment ago may be another's sandbox.
    let config = desk.config_text().replace(&format!(":{}", desk.sandbox.port()), ":1");
    desk.config(&config);
    let run = desk.pay_directly("R-1", CARD, &[]);
    let last = run.last();
    assert_eq!((run.code, text(&last, "outcome")), (30, "not_sent"), "{run:?}");
    let run = desk.run(&["pay", "--account", "agency", "--order", "order_1001", "--from-limit", "--json"], "");
    let last = run.last();
    assert_eq!((run.code, text(&last, "outcome")), (30, "not_sent"), "{run:?}");
}

#[test]
fn a_login_that_is_refused_means_not_sent() {
    let desk = Desk::bare("");
    let mut command = desk.command(&["pay", "--account", "agency", "--order", "order_1001", "--from-limit", "--json"]);
    command.env("TEST_yolcu360_SECRET", "wrong");
    let run = desk.finish(desk.start(command, ""));
    let last = run.last();
    assert!(matches!(run.code, 30 | 40), "{run:?}");
    assert_ne!(text(&last, "outcome"), "unknown");
    assert!(desk.sandbox.ledger().charges.is_empty());
}

#[test]
fn a_cut_connection_before_the_gateway_did_anything_stays_unknown_until_it_is_known() {
    let desk = Desk::new();
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, Fault::Cut { at: CutPoint::BeforeBody }));
    let last = desk.pay_directly("R-1", CARD, &[]).expect(20, "unknown", Some("connection_lost"));
    let asked = desk.run(&["payment", "ask", text(&last, "attempt"), "--json"], "");
    // No trace is no proof: it stays unknown.
    asked.expect(20, "unknown", Some("connection_lost"));
    let listed = desk.run(&["list", "--attention", "--json"], "");
    assert!(listed.stdout.contains(text(&last, "attempt")), "{}", listed.stdout);
}

#[test]
fn the_limit_of_the_gateway_is_a_refusal_and_nothing_was_charged() {
    let desk = Desk::new();
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, Fault::TooMany { retry_after: 30 }));
    let last = desk.pay_directly("R-1", CARD, &[]).expect(40, "refused", Some("too_many_requests"));
    assert_eq!(last["refused_by"], "gateway");
}
