//! `RULES.md` 2: a return is a hint.

use super::samples::*;
use crate::answers::{DeclineReason, PayAnswer};
use crate::attempt::{
    Alarm, Effect, Entry, Event, Heard, Page, PageEnd, Preparation, ReturnFields, ReturnHint, State, next_due,
};
use crate::evidence::Claim;
use crate::limits;
use crate::status::Reading;
use crate::time::Millis;

fn arrives(hint: &ReturnHint) -> Event {
    Event::ReturnArrived(hint.clone())
}

fn noted(story: &Story) -> usize {
    story.entries.iter().filter(|(_, entry)| matches!(entry, Entry::Returned(_))).count()
}

fn questions(story: &Story) -> usize {
    story.all_effects.iter().filter(|effect| **effect == Effect::AskStatus).count()
}

#[test]
fn a_forged_return_moves_to_confirming_but_leaves_the_window_open() {
    let story = Story::at_bank(finrota()).then(30, arrives(&forged(&finrota(), Claim::Success)));
    assert_eq!(story.attempt.state, State::Confirming(Heard::Nothing));
    assert_eq!(story.effects, [Effect::AskStatus]);
    assert!(!story.attempt.page_is_gone(at(30)));
    assert_eq!(story.attempt.returns.claim, None, "an image can write any words");
}

#[test]
fn a_return_that_is_the_windows_own_page_closes_the_window_and_still_only_asks() {
    let story = Story::at_bank(finrota()).then(30, arrives(&explicit(&finrota(), Claim::Success)));
    assert_eq!(story.attempt.state, State::Confirming(Heard::Nothing));
    assert_eq!(story.effects, [Effect::CloseBankPage, Effect::AskStatus]);
    assert_eq!(story.attempt.returns.claim, Some((Claim::Success, at(30))));
    let story = story.then(31, read(not_paid(), at(30)));
    assert_eq!(story.outcome(), ("declined", "gateway_status", true), "the gateway's word counts, not the return's");
}

#[test]
fn the_real_return_after_a_forged_one_closes_the_window() {
    let story = Story::at_bank(finrota()).then(30, arrives(&forged(&finrota(), Claim::Success)));
    let story = story.then(31, arrives(&explicit(&finrota(), Claim::Failure)));
    assert_eq!(story.effects, [Effect::CloseBankPage]);
    assert_eq!(story.attempt.page, Page::Gone { since: at(31) });
    let story = story.then(31, read(pending(), at(30)));
    assert!(!story.asks(), "the question is one second old");
    assert_eq!(next_due(&story.attempt, at(31)), Some(at(32)), "the news is asked about when two seconds are over");
    assert!(story.then(32, Event::Due).asks());
}

#[test]
fn a_return_before_the_challenge_is_noted_and_asked_about_once_the_challenge_is_known() {
    let early = arrives(&forged(&finrota(), Claim::Success));
    let story = Story::open(finrota()).then(0, early.clone());
    assert_eq!((story.state(), noted(&story), questions(&story)), ("ready", 1, 0));
    let story = story.then(0, Event::Prepared(Preparation::Done { baseline: None })).then(1, early);
    assert_eq!((story.state(), noted(&story), questions(&story)), ("sending", 2, 0));
    let story = story.then(2, Event::PayAnswered(PayAnswer::Challenge));
    assert_eq!((story.state(), story.asks()), ("at_bank", true));
    assert!(!Story::at_bank(finrota()).asks(), "without such a return nothing is asked yet");
}

#[test]
fn a_return_can_not_be_the_own_page_of_a_page_that_never_was() {
    let intent = return_settles(finrota());
    let story = Story::sent(intent.clone()).then(1, arrives(&explicit(&intent, Claim::Success)));
    assert!(story.attempt.page == Page::None && story.attempt.returns.claim.is_none());
    let story = story.then(2, Event::PayAnswered(PayAnswer::Challenge));
    assert_eq!(story.state(), "at_bank", "it settles nothing");
}

#[test]
fn returns_cause_at_most_one_question_in_two_seconds() {
    let hint = forged(&finrota(), Claim::Success);
    let mut story = Story::unknown(finrota()).then(2, read(Reading::NoTrace, at(1)));
    let before = questions(&story);
    for tenth in 0..100 {
        story = story.then_at(at(10).after(Millis(tenth * 100)), arrives(&hint));
    }
    assert!(questions(&story) - before <= 5, "ten seconds of returns: {}", questions(&story) - before);
    assert_eq!(questions(&story) - before, 1, "the twentieth came within two seconds");
}

#[test]
fn a_return_right_after_a_question_waits_until_two_seconds_are_over() {
    let story = Story::unknown(finrota()).then(40, read(Reading::NoTrace, at(40)));
    let story = story.then(41, arrives(&forged(&finrota(), Claim::Success)));
    assert!(!story.asks());
    assert_eq!(next_due(&story.attempt, at(41)), Some(at(42)));
    let story = story.then(42, Event::Due);
    assert!(story.asks());
    let story = story.then(43, read(Reading::NoTrace, at(42)));
    assert_eq!(next_due(&story.attempt, at(43)), Some(at(42).after(Millis::minutes(1))), "once, then the schedule");
    assert!(story.then(44, arrives(&forged(&finrota(), Claim::Success))).asks(), "two seconds are over");
}

#[test]
fn a_return_to_an_unknown_attempt_asks_now() {
    let story = Story::unknown(finrota()).then(2, read(Reading::NoTrace, at(1)));
    let story = story.then(3_000, arrives(&forged(&finrota(), Claim::Failure)));
    assert_eq!((story.state(), story.effects.clone()), ("unknown", vec![Effect::AskStatus]));
}

#[test]
fn a_return_that_came_while_a_slow_question_was_under_way_causes_another_one() {
    let story = Story::unknown(finrota()).then(5, arrives(&forged(&finrota(), Claim::Success)));
    let story = story.then(9, read(Reading::NoTrace, at(4)));
    assert_eq!((story.state(), story.asks()), ("unknown", true));
    let quick = Story::unknown(finrota()).then(5, arrives(&forged(&finrota(), Claim::Success)));
    assert!(!quick.then(5, read(Reading::NoTrace, at(4))).asks(), "two seconds are not over");
}

#[test]
fn the_question_that_a_return_caused_answers_it() {
    let story = Story::unknown(finrota()).then(2, read(Reading::NoTrace, at(1)));
    let story = story.then(40, arrives(&forged(&finrota(), Claim::Success)));
    assert!(story.asks());
    let story = story.then(45, read(Reading::NoTrace, at(40)));
    assert!(!story.asks(), "it left when the return came, and knew of it");
    assert_eq!(next_due(&story.attempt, at(45)), Some(at(40).after(Millis::minutes(1))), "the schedule goes on");
}

#[test]
fn two_returns_in_the_same_instant_cause_one_question() {
    let hint = forged(&finrota(), Claim::Success);
    let story = Story::unknown(finrota()).then(40, arrives(&hint));
    assert!(story.asks());
    assert!(!story.then(40, arrives(&hint)).asks());
}

#[test]
fn a_return_that_came_during_the_question_which_settled_it_causes_no_other() {
    let story = Story::unknown(finrota()).then(40, arrives(&forged(&finrota(), Claim::Success)));
    let story = story.then(45, read(paid(), at(39)));
    assert_eq!((story.state(), story.asks()), ("approved", false));
}

#[test]
fn twenty_returns_are_written_down_and_any_number_is_taken() {
    let mut story = Story::at_bank(finrota());
    for second in 2..100 {
        story = story.then(second * 3, arrives(&explicit(&finrota(), Claim::Failure)));
    }
    assert_eq!(noted(&story), limits::RETURNS_KEPT);
    assert_eq!(noted(&story), 20);
}

#[test]
fn forged_returns_can_not_crowd_out_the_real_one() {
    let mut story = Story::at_bank(finrota());
    for second in 2..100 {
        story = story.then(second, arrives(&forged(&finrota(), Claim::Success)));
    }
    assert_eq!(noted(&story), 19);
    let story = story.then(200, arrives(&explicit(&finrota(), Claim::Failure)));
    assert_eq!(story.attempt.returns.claim, Some((Claim::Failure, at(200))));
    assert!(story.effects.contains(&Effect::CloseBankPage) && story.asks());
}

#[test]
fn a_contrary_claim_against_a_final_outcome_asks_once() {
    let story = Story::at_bank(finrota()).then(22, read(not_paid(), at(21)));
    let story = story.then(30, arrives(&explicit(&finrota(), Claim::Failure)));
    assert!(!story.asks(), "it says the same");
    let story = story.then(40, arrives(&forged(&finrota(), Claim::Success)));
    assert!(!story.asks(), "it is not explicit");
    let story = story.then(50, arrives(&explicit(&finrota(), Claim::Success)));
    assert_eq!((story.outcome().0, story.asks()), ("declined", true));
    let story = story.then(60, arrives(&explicit(&finrota(), Claim::Success)));
    assert!(!story.asks(), "once");
    let approved = Story::at_bank(finrota()).then(22, read(paid(), at(21)));
    assert!(approved.then(30, arrives(&explicit(&finrota(), Claim::Failure))).asks());
}

#[test]
fn the_twentieth_return_against_a_final_outcome_is_not_the_last_that_may_ask() {
    let mut story = Story::at_bank(finrota()).then(22, read(paid(), at(21)));
    for second in 30..60 {
        story = story.then(second, arrives(&explicit(&finrota(), Claim::Success)));
    }
    assert!(story.then(61, arrives(&explicit(&finrota(), Claim::Failure))).asks());
}

#[test]
fn where_nobody_can_be_asked_one_return_against_another_is_for_a_person() {
    for (first, second, paid) in [(Claim::Failure, Claim::Success, true), (Claim::Success, Claim::Failure, false)] {
        let intent = return_settles(finrota());
        let settled = || Story::at_bank(intent.clone()).then(22, arrives(&explicit(&intent, first)));
        let outcome = settled().outcome();
        assert_eq!((outcome.1, outcome.2), ("return_alone", false));
        let story = settled().then(30, arrives(&forged(&intent, second)));
        assert!(story.attempt.contradiction.is_none(), "a hidden frame can say anything");
        let story = story.then(40, arrives(&explicit(&intent, second)));
        assert_eq!(story.outcome(), outcome, "it stays as it is");
        assert_eq!(story.attempt.contradiction.as_ref().map(|word| word.paid), Some(paid));
        assert_eq!(story.effects, [Effect::Raise(Alarm::Contradicted)]);
        let again = story.then(50, arrives(&explicit(&intent, second)));
        assert!(again.effects.is_empty(), "once");
    }
}

#[test]
fn a_return_is_explicit_only_with_the_gateways_words_about_this_attempt() {
    let claims = |intent: &crate::attempt::Intent, fields| {
        ReturnHint { fields, own_page: true }.claim(&intent.subject, intent.reference.as_str())
    };
    let order = |status: &str, order: &str| ReturnFields {
        status: Some(text(status)),
        order: Some(text(order)),
        ..ReturnFields::default()
    };
    let (yolcu, finrota) = (yolcu(), finrota());
    assert_eq!(claims(&yolcu, order("success", "order_1")), Some(Claim::Success));
    assert_eq!(claims(&yolcu, order("failed", "order_1")), Some(Claim::Failure));
    for odd in
        [order("success", "order_2"), order("Success", "order_1"), order("true", "order_1"), order("", "order_1")]
    {
        assert_eq!(claims(&yolcu, odd), None);
    }
    let transaction = |success: &str, reference: &str| ReturnFields {
        success: Some(text(success)),
        client_reference: Some(text(reference)),
        ..ReturnFields::default()
    };
    let own = finrota.reference.as_str();
    assert_eq!(claims(&finrota, transaction("true", own)), Some(Claim::Success));
    assert_eq!(claims(&finrota, transaction("false", own)), Some(Claim::Failure));
    for odd in [transaction("true", "VZ0123456789ABCDEF"), transaction("success", own), order("success", "order_1")] {
        assert_eq!(claims(&finrota, odd), None);
    }
    assert_eq!(claims(&yolcu, transaction("true", yolcu.reference.as_str())), None, "another gateway's words");
}

#[test]
fn an_orders_number_that_could_be_a_cards_is_known_again_behind_its_mask() {
    let long = "1795251600007";
    let masked = text(long);
    assert_ne!(masked.as_str(), long, "it passes the check of a card's number");
    let subject = crate::attempt::Subject::Order(long.parse().unwrap());
    let fields = ReturnFields { status: Some(text("success")), order: Some(masked), ..ReturnFields::default() };
    assert_eq!(ReturnHint { fields, own_page: true }.claim(&subject, ""), Some(Claim::Success));
}

#[test]
fn a_decline_after_the_banks_page_shows_the_words_that_the_page_left_and_claims_nothing_else() {
    let intent = finrota();
    let said = |own_page| {
        let hint = explicit(&intent, Claim::Failure);
        let fields = ReturnFields { error: Some(text("Insufficient funds (51)")), ..hint.fields };
        let story = Story::at_bank(intent.clone()).then(22, Event::ReturnArrived(ReturnHint { fields, own_page }));
        let story = story.then(24, read(not_paid(), at(23)));
        let State::Declined { failure, .. } = story.attempt.state else { panic!("{:?}", story.attempt.state) };
        failure
    };
    let failure = said(true);
    assert_eq!((failure.reason, failure.bank_text), (DeclineReason::Other, Some(text("Insufficient funds (51)"))));
    assert_eq!(said(false).bank_text, None, "a hidden frame's words are nobody's");
}

#[test]
fn md_status_never_counts() {
    let fields = ReturnFields { md_status: Some(text("1")), order: Some(text("order_1")), ..ReturnFields::default() };
    assert_eq!(ReturnHint { fields, own_page: true }.claim(&yolcu().subject, ""), None);
}

#[test]
fn only_the_named_fields_are_kept_and_the_first_of_each_counts() {
    let fields = ReturnFields::pick([
        ("orderId", "order_1"),
        ("orderID", "order_2"),
        ("status", "failed"),
        ("status", "success"),
        ("mdStatus", "1"),
        ("pan", "4155650100416111"),
        ("error", "card 4155650100416111 refused"),
    ]);
    assert_eq!(fields.order, Some(text("order_1")));
    assert_eq!(fields.status, Some(text("failed")));
    assert!(!serde_json::to_string(&fields).unwrap().contains("4155650100416111"));
    assert_eq!(fields.success, None);
}

#[test]
fn each_named_field_is_kept_in_its_own_place() {
    let fields = ReturnFields::pick([
        ("success", "true"),
        ("clientReferenceCode", "VZ01"),
        ("mdStatus", "1"),
        ("error", "timed out"),
        ("status", "failed"),
        ("orderID", "order_1"),
    ]);
    let kept = |value| Some(text(value));
    let expected = ReturnFields {
        status: kept("failed"),
        success: kept("true"),
        order: kept("order_1"),
        client_reference: kept("VZ01"),
        md_status: kept("1"),
        error: kept("timed out"),
    };
    assert_eq!(fields, expected);
}

#[test]
fn the_window_is_closed_when_the_attempt_is_settled_a_person_closes_it_or_the_return_is_its_own_page() {
    let open = Story::at_bank(finrota()).then(30, arrives(&forged(&finrota(), Claim::Success)));
    let unknown = open.then(60, Event::Due);
    assert_eq!((unknown.state(), unknown.effects.contains(&Effect::CloseBankPage)), ("unknown", false));
    let settled = unknown.then(70, read(paid(), at(69)));
    assert!(settled.effects.contains(&Effect::CloseBankPage));
    let by_hand = Story::at_bank(finrota()).then(30, Event::PageGone(PageEnd::ClosedByHand));
    assert!(by_hand.effects.contains(&Effect::CloseBankPage));
}
