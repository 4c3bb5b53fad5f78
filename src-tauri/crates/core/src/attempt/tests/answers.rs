//! `RULES.md` 2, with the status query on: what an answer settles.

use super::samples::*;
use crate::answers::{CannotBeAsked, CouldNotAsk, PayAnswer, SecureUse, Success, Unclear};
use crate::attempt::{Alarm, Effect, Event, Heard, PageEnd, State, ThreeDs, UnknownCause, next_due};
use crate::evidence::Claim;
use crate::status::{Mismatch, Reading};

fn heard_success() -> Story {
    Story::answered(finrota(), PayAnswer::Success(success()))
}

fn heard_failure() -> Story {
    Story::answered(finrota(), PayAnswer::Failure(failure()))
}

fn back_from_the_bank() -> Story {
    Story::at_bank(finrota()).then(30, Event::PageGone(PageEnd::ClosedByHand))
}

fn mismatch() -> Reading {
    let what = Mismatch::Amount { expected: lira(55_500), found: lira(1) };
    Reading::Mismatch { what, seen: seen("1") }
}

fn could_not_ask() -> Reading {
    Reading::CouldNotAsk(CouldNotAsk::TimedOut)
}

#[test]
fn a_success_that_the_gateway_bears_out_is_approved() {
    let story = heard_success();
    assert_eq!(story.state(), "confirming", "not approved before it was asked");
    let story = story.then(2, read(paid(), at(1)));
    assert_eq!(story.outcome(), ("approved", "gateway_status", true));
    assert!(story.effects.contains(&Effect::ForgetCard));
}

#[test]
fn a_success_without_a_trace_or_an_answer_is_approved_unconfirmed() {
    for reading in [Reading::NoTrace, could_not_ask(), Reading::CannotBeAsked(CannotBeAsked::Unauthorised)] {
        let story = heard_success().then(2, read(reading, at(1)));
        assert_eq!(story.outcome(), ("approved", "pay_answer", false));
    }
}

#[test]
fn a_success_still_pending_stays_30_seconds_in_confirming_and_is_unknown_then() {
    let story = heard_success().then(2, read(pending(), at(1))).then(30, read(pending(), at(29)));
    assert_eq!(story.attempt.state, State::Confirming(Heard::Success(success())));
    let story = story.then(31, read(pending(), at(31)));
    assert_eq!(story.cause(), UnknownCause::NoFinalAnswer);
}

#[test]
fn a_success_that_the_gateway_calls_failed_is_unknown_and_settles_only_30_seconds_later() {
    let story = heard_success().then(2, read(not_paid(), at(1)));
    assert_eq!(story.cause(), UnknownCause::SuccessThenNotPaid);
    let story = story.then(31, read(not_paid(), at(31)));
    assert_eq!(story.state(), "unknown", "asked 29 seconds after the contradiction");
    let settled = story.then(32, read(not_paid(), at(32)));
    assert_eq!(settled.outcome(), ("declined", "gateway_status", true));
    let paid_after_all = heard_success().then(2, read(not_paid(), at(1))).then(4, read(paid(), at(3)));
    assert_eq!(paid_after_all.outcome(), ("approved", "gateway_status", true));
}

#[test]
fn a_success_of_another_amount_is_unknown_with_an_alarm() {
    let story = heard_success().then(2, read(mismatch(), at(1)));
    assert!(matches!(story.cause(), UnknownCause::Mismatch(_)));
    assert!(story.effects.iter().any(|effect| matches!(effect, Effect::Raise(Alarm::Mismatch(_)))));
    assert_eq!(story.attempt.alarms.len(), 1);
    let again = story.then(4, read(mismatch(), at(3)));
    assert_eq!(again.attempt.alarms.len(), 1, "the same alarm is raised once");
}

#[test]
fn a_failure_is_not_declined_before_one_question_was_asked() {
    let story = heard_failure();
    assert_eq!((story.state(), story.asks()), ("confirming", true));
}

#[test]
fn a_failure_that_the_gateway_calls_paid_is_approved() {
    let story = heard_failure().then(2, read(paid(), at(1)));
    assert_eq!(story.outcome(), ("approved", "gateway_status", true));
}

#[test]
fn a_failure_is_declined_with_its_own_reason_whether_or_not_the_question_was_answered() {
    for (reading, evidence) in [
        (not_paid(), "gateway_status"),
        (Reading::NoTrace, "pay_answer"),
        (could_not_ask(), "pay_answer"),
        (Reading::CannotBeAsked(CannotBeAsked::NotAllowed), "pay_answer"),
    ] {
        let story = heard_failure().then(2, read(reading, at(1)));
        assert_eq!(story.outcome(), ("declined", evidence, true));
        assert!(matches!(&story.attempt.state, State::Declined { failure: why, .. } if *why == failure()));
        assert_eq!(story.effects, [Effect::KeepCard]);
    }
}

#[test]
fn a_decline_is_asked_again_after_10_and_60_seconds_and_then_no_more() {
    let mut story = heard_failure().then(2, read(not_paid(), at(1)));
    for due in [12, 62] {
        assert_eq!(next_due(&story.attempt, at(2)), Some(at(due)));
        story = story.then(due, Event::Due);
        assert!(story.asks());
        story = story.then(due + 1, read(Reading::NoTrace, at(due)));
        assert_eq!((story.state(), story.effects.len()), ("declined", 0));
    }
    assert_eq!(next_due(&story.attempt, at(63)), None);
}

#[test]
fn a_failure_still_pending_is_unknown() {
    let story = heard_failure().then(2, read(pending(), at(1)));
    assert_eq!(story.cause(), UnknownCause::FailedButPending);
}

#[test]
fn after_a_challenge_only_the_gateways_answer_counts() {
    let silent = [pending(), Reading::NoTrace, could_not_ask()];
    for reading in silent {
        assert_eq!(back_from_the_bank().then(32, read(reading, at(31))).state(), "confirming");
    }
    assert_eq!(back_from_the_bank().then(32, read(paid(), at(31))).outcome(), ("approved", "gateway_status", true));
    assert_eq!(back_from_the_bank().then(32, read(not_paid(), at(31))).outcome(), ("declined", "gateway_status", true));
}

#[test]
fn no_number_of_empty_or_failed_answers_turns_unknown_into_declined() {
    let mut story = Story::unknown(finrota());
    for second in 2..200 {
        let reading = if second % 2 == 0 { Reading::NoTrace } else { could_not_ask() };
        story = story.then(second, read(reading, at(second)));
        assert_eq!(story.state(), "unknown");
    }
    assert_eq!(story.then(201, read(not_paid(), at(200))).outcome(), ("declined", "gateway_status", true));
}

#[test]
fn unknown_that_the_gateway_calls_paid_is_approved() {
    let story = Story::unknown(finrota()).then(4, read(Reading::PaidPartlyReturned(seen("6")), at(3)));
    assert_eq!(story.outcome(), ("approved", "gateway_status", true));
}

#[test]
fn a_state_that_only_a_person_can_judge_is_never_declined() {
    for reading in [Reading::Attention(seen("removed")), Reading::OwnReversal(seen("cancelled"))] {
        for story in [heard_success(), heard_failure(), back_from_the_bank(), Story::unknown(finrota())] {
            let story = story.then(40, read(reading.clone(), at(39)));
            assert_eq!(story.state(), "unknown");
            assert!(story.attempt.needs_attention(at(40)));
        }
    }
}

#[test]
fn an_order_paid_by_a_card_that_nobody_can_name_is_unknown_with_an_alarm() {
    for story in [heard_success(), heard_failure(), back_from_the_bank(), Story::unknown(finrota())] {
        let story = story.then(40, read(Reading::PaidByUnknownCard(seen("reserved")), at(39)));
        assert_eq!(story.state(), "unknown");
        assert_eq!(story.attempt.alarms, [Alarm::PaidByUnknownCard]);
    }
}

#[test]
fn a_limit_answer_that_is_the_whole_order_is_heard_and_asked_about_like_any_other() {
    let paid_order = Story::answered(yolcu(), PayAnswer::Order(paid()));
    assert!(matches!(paid_order.attempt.state, State::Confirming(Heard::Success(_))) && paid_order.asks());
    let failed_order = Story::answered(yolcu(), PayAnswer::Order(not_paid()));
    assert!(matches!(failed_order.attempt.state, State::Confirming(Heard::Failure(_))) && failed_order.asks());
    for reading in [pending(), Reading::NoTrace] {
        let story = Story::answered(yolcu(), PayAnswer::Order(reading));
        assert_eq!((story.state(), story.asks()), ("confirming", true), "not final: asked about for 30 seconds");
    }
    let removed = Story::answered(yolcu(), PayAnswer::Order(Reading::Attention(seen("removed"))));
    assert_eq!((removed.state(), removed.asks()), ("unknown", true));
    let wrong = Story::answered(yolcu(), PayAnswer::Order(mismatch()));
    assert!(matches!(wrong.cause(), UnknownCause::Mismatch(_)) && wrong.attempt.alarms.len() == 1);
}

#[test]
fn the_gateway_that_did_without_3d_secure_is_told_from_the_one_that_used_it() {
    let with = |secure, three_ds| {
        let mut intent = finrota();
        intent.means = card_means(lira(55_500), three_ds);
        let answer = Success { secure, ..success() };
        Story::answered(intent, PayAnswer::Success(answer)).attempt.did_without_3ds()
    };
    assert!(with(SecureUse::Without, ThreeDs::Asked));
    assert!(with(SecureUse::Without, ThreeDs::Forced));
    assert!(with(SecureUse::NotSaid, ThreeDs::Asked), "there was no bank page, and it says nothing");
    assert!(!with(SecureUse::Used, ThreeDs::Asked), "used without a page: the bank asked nothing of the customer");
    assert!(!with(SecureUse::Without, ThreeDs::NotAsked));
    let unclear = Story::answered(finrota(), PayAnswer::Unclear(Unclear::TimedOut));
    assert!(!unclear.attempt.did_without_3ds());
}

#[test]
fn the_own_claim_is_the_answers_before_the_returns() {
    assert_eq!(heard_success().attempt.own_claim(), Some(Claim::Success));
    assert_eq!(heard_failure().attempt.own_claim(), Some(Claim::Failure));
    let story = Story::at_bank(finrota()).then(30, Event::ReturnArrived(explicit(&finrota(), Claim::Failure)));
    assert_eq!(story.attempt.own_claim(), Some(Claim::Failure));
    let forged_only = Story::at_bank(finrota()).then(30, Event::ReturnArrived(forged(&finrota(), Claim::Success)));
    assert_eq!(forged_only.attempt.own_claim(), None);
}

#[test]
fn an_answer_that_comes_in_a_state_without_a_request_is_refused() {
    for story in [Story::open(finrota()), Story::unknown(finrota()), Story::at_bank(finrota())] {
        let late = Event::PayAnswered(PayAnswer::Success(success()));
        assert!(matches!(story.refused(90, late), crate::attempt::Refusal::NotNow { .. }));
    }
    assert!(matches!(Story::sent(finrota()).refused(1, read(paid(), at(1))), crate::attempt::Refusal::NotNow { .. }));
}
