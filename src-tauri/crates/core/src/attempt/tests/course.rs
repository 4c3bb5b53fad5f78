//! `RULES.md` 1 and 5: the course of an attempt, restarts, and what is sent once.

use super::samples::*;
use crate::answers::{ChallengeFault, GatewayRefusal, NotSentReason, PayAnswer, RefusalReason, Unclear};
use crate::attempt::{
    Effect, Entry, Event, Heard, NotSent, PageEnd, Preparation, Refusal, Refused, Round, State, UnknownCause,
    VezneRefusal, next_due,
};
use crate::evidence::Claim;
use crate::status::{Baseline, Reading};
use crate::time::Millis;

fn refusal_reason(story: &Story) -> RefusalReason {
    let State::Refused(Refused::Gateway(refusal)) = &story.attempt.state else {
        panic!("not refused by the gateway: {:?}", story.attempt.state);
    };
    refusal.reason
}

fn not_sent_reason(story: &Story) -> NotSentReason {
    let State::NotSent(NotSent { reason }) = &story.attempt.state else {
        panic!("it may have been sent: {:?}", story.attempt.state);
    };
    *reason
}

fn sends(story: &Story) -> usize {
    story.all_effects.iter().filter(|effect| **effect == Effect::SendPayment).count()
}

fn reauthorising() -> Story {
    Story::answered(finrota(), PayAnswer::Unauthorised(None))
}

#[test]
fn cancel_is_free_until_the_request_may_have_left() {
    let story = Story::open(finrota()).then(0, Event::CancelRequested);
    assert_eq!(not_sent_reason(&story), NotSentReason::Cancelled);
    assert_eq!(sends(&story), 0);
    for story in [Story::sent(finrota()), reauthorising(), Story::at_bank(finrota())] {
        assert_eq!(story.refused(2, Event::CancelRequested), Refusal::TooLateToCancel);
    }
    assert!(matches!(Story::unknown(finrota()).refused(2, Event::CancelRequested), Refusal::NotNow { .. }));
}

#[test]
fn sending_and_its_baseline_are_written_before_the_request_goes() {
    let story = Story::sent(yolcu());
    assert!(matches!(story.entries[1].1, Entry::BaselineRead(Baseline::Order(_))));
    assert!(matches!(&story.entries[2].1, Entry::Entered(state) if **state == State::Sending(Round::First)));
    assert_eq!(story.effects, [Effect::SendPayment]);
    assert_eq!(story.attempt.sent, Some(START));
}

#[test]
fn what_could_not_be_got_ready_is_not_sent_and_the_card_stays_for_another_try() {
    let story = Story::open(finrota()).then(61, Event::Prepared(Preparation::NotSent(NotSentReason::NoSlot)));
    assert_eq!(not_sent_reason(&story), NotSentReason::NoSlot);
    assert_eq!(story.effects, [Effect::KeepCard]);
}

#[test]
fn what_speaks_against_it_before_sending_is_refused_by_vezne() {
    let why = VezneRefusal::OrderAlreadyPaid;
    let story = Story::open(yolcu()).then(1, Event::Prepared(Preparation::Refused(why.clone())));
    assert_eq!(story.attempt.state, State::Refused(Refused::Vezne(why)));
    assert_eq!(sends(&story), 0);
}

#[test]
fn preparation_that_comes_to_an_end_twice_sends_once() {
    let story = Story::sent(finrota());
    let again = Event::Prepared(Preparation::Done { baseline: None });
    assert_eq!(story.refused(1, again), Refusal::NotNow { state: "sending", event: "prepared" });
}

#[test]
fn a_journal_that_fails_at_sending_leaves_not_sent() {
    let story = Story::sent(finrota()).then(1, Event::JournalFailed);
    assert_eq!(not_sent_reason(&story), NotSentReason::JournalFailed);
    for story in [Story::at_bank(finrota()), Story::unknown(finrota())] {
        assert!(matches!(story.refused(2, Event::JournalFailed), Refusal::NotNow { .. }));
    }
}

#[test]
fn a_journal_that_fails_at_the_second_sending_does_not_hide_the_first_behind_not_sent() {
    let story = reauthorising().then(2, Event::TokenRenewed).then(2, Event::JournalFailed);
    assert_eq!(refusal_reason(&story), RefusalReason::Unauthorised);
    assert_eq!(refusal_reason(&reauthorising().then(2, Event::JournalFailed)), RefusalReason::Unauthorised);
}

#[test]
fn no_byte_left_is_not_sent_but_after_a_401_it_is_refused() {
    let story = Story::answered(finrota(), PayAnswer::NotSent(NotSentReason::Offline));
    assert_eq!(not_sent_reason(&story), NotSentReason::Offline);
    let second = reauthorising()
        .then(2, Event::TokenRenewed)
        .then(3, Event::PayAnswered(PayAnswer::NotSent(NotSentReason::Offline)));
    assert_eq!(refusal_reason(&second), RefusalReason::Unauthorised);
}

#[test]
fn a_401_is_written_down_and_the_payment_is_sent_once_more_with_a_new_token() {
    let story = reauthorising();
    assert_eq!((story.state(), story.effects.clone()), ("reauthorising", vec![Effect::RenewToken]));
    let story = story.then(2, Event::TokenRenewed);
    assert_eq!(story.attempt.state, State::Sending(Round::Second));
    assert_eq!(sends(&story), 2);
    assert_eq!(story.attempt.sent, Some(at(2)), "the pay deadline counts from the second request");
}

#[test]
fn a_second_401_is_refused_and_never_a_third_request() {
    let story = reauthorising().then(2, Event::TokenRenewed);
    let story = story.then(3, Event::PayAnswered(PayAnswer::Unauthorised(Some(text("old token")))));
    assert_eq!(refusal_reason(&story), RefusalReason::Unauthorised);
    assert_eq!(sends(&story), 2);
    assert!(matches!(story.refused(4, Event::TokenRenewed), Refusal::NotNow { .. }));
}

#[test]
fn no_token_to_be_had_is_refused() {
    let story = reauthorising().then(2, Event::TokenUnavailable);
    assert_eq!(refusal_reason(&story), RefusalReason::Unauthorised);
}

#[test]
fn a_new_token_sends_nothing_unless_a_401_asked_for_it() {
    for story in [Story::open(finrota()), Story::sent(finrota()), Story::unknown(finrota())] {
        assert!(matches!(story.refused(2, Event::TokenRenewed), Refusal::NotNow { .. }));
        assert!(matches!(story.refused(2, Event::TokenUnavailable), Refusal::NotNow { .. }));
    }
}

#[test]
fn reauthorising_then_crash_is_refused() {
    let story = reauthorising().then(60, Event::Restarted);
    assert_eq!(refusal_reason(&story), RefusalReason::Unauthorised);
    assert_eq!(sends(&story), 1);
}

#[test]
fn a_restart_before_sending_is_not_sent() {
    let story = Story::open(finrota()).then(60, Event::Restarted);
    assert_eq!(not_sent_reason(&story), NotSentReason::Restarted);
}

/// The journal was restored from before the request may have left: "not sent" would be a guess.
#[test]
fn a_restart_on_a_journal_that_lost_what_came_last_is_unknown_where_it_would_be_not_sent_and_is_asked_about() {
    for story in [Story::open(finrota()), reauthorising()] {
        let before = sends(&story);
        let story = story.then(60, Event::RestartedAfterLoss);
        assert_eq!(story.cause(), UnknownCause::SpanLost);
        assert!(story.asks());
        assert_eq!(sends(&story), before, "nothing is sent after a restart");
    }
    let sent = Story::sent(finrota()).then(60, Event::RestartedAfterLoss);
    assert_eq!(sent.cause(), UnknownCause::Restarted, "all others are taken up as ever");
}

#[test]
fn a_restart_while_the_first_or_second_request_was_under_way_is_unknown_and_asked_about() {
    for story in [Story::sent(finrota()), reauthorising().then(2, Event::TokenRenewed)] {
        let before = sends(&story);
        let story = story.then(60, Event::Restarted);
        assert_eq!(story.cause(), UnknownCause::Restarted);
        assert!(story.asks());
        assert_eq!(sends(&story), before, "nothing is sent after a restart");
    }
}

#[test]
fn a_restart_at_the_bank_goes_on_asking_and_never_opens_the_page_again() {
    let story = Story::at_bank(finrota()).then(60, Event::Restarted);
    assert_eq!(story.attempt.state, State::Confirming(Heard::Nothing));
    assert!(story.asks() && !story.effects.contains(&Effect::OpenBankPage));
    assert!(story.attempt.page_is_gone(at(60)), "a window of ours went with the desk");
}

#[test]
fn a_restart_while_confirming_goes_on_with_what_was_heard() {
    let story = Story::answered(finrota(), PayAnswer::Success(success())).then(60, Event::Restarted);
    assert_eq!(story.attempt.state, State::Confirming(Heard::Success(success())));
    assert!(story.asks());
}

#[test]
fn a_desk_that_is_opened_for_a_moment_again_and_again_stays_confirming_for_thirty_seconds_and_not_for_ever() {
    for intent in [finrota(), yolcu()] {
        let story = Story::at_bank(intent).then(30, Event::Restarted);
        assert_eq!(story.state(), "confirming");
        let story = story.then(59, Event::Restarted);
        assert_eq!((story.state(), story.asks()), ("confirming", true));
        let story = story.then(60, Event::Restarted);
        assert_eq!((story.cause(), story.asks()), (UnknownCause::NoFinalAnswer, true));
    }
    let unaskable = Story::at_bank(not_asked(finrota())).then(30, Event::Restarted).then(60, Event::Restarted);
    assert_eq!(unaskable.cause(), UnknownCause::OnlyReturn(None));
    // What was heard is gone on with, however long ago that was.
    let heard = Story::answered(finrota(), PayAnswer::Success(success())).then(3_600, Event::Restarted);
    assert_eq!((heard.state(), heard.asks()), ("confirming", true));
}

#[test]
fn a_restart_changes_no_unknown_and_no_final_outcome() {
    let story = Story::unknown(finrota());
    let (state, since) = (story.attempt.state.clone(), story.attempt.since);
    let story = story.then(60, Event::Restarted);
    assert_eq!((story.attempt.state.clone(), story.attempt.since), (state, since));
    assert!(story.asks());
    let declined = Story::answered(finrota(), PayAnswer::Failure(failure())).then(2, read(not_paid(), at(1)));
    let state = declined.attempt.state.clone();
    let declined = declined.then(60, Event::Restarted);
    assert_eq!((declined.attempt.state.clone(), declined.effects.len()), (state, 0));
}

#[test]
fn what_the_answer_said_is_written_before_anything_is_asked() {
    let story = Story::answered(finrota(), PayAnswer::Failure(failure()));
    let heard = story.entries.iter().position(|(_, entry)| matches!(entry, Entry::Heard(_))).unwrap();
    assert_eq!(heard, story.entries.len() - 2);
    assert_eq!(story.heard(), Some(&Heard::Failure(failure())));
    assert!(story.asks());
}

#[test]
fn a_refusal_by_the_gateway_is_refused_with_its_words() {
    let refusal = GatewayRefusal { reason: RefusalReason::NotAllowed, text: Some(text("your address")) };
    let story = Story::answered(finrota(), PayAnswer::Refused(refusal.clone()));
    assert_eq!(story.attempt.state, State::Refused(Refused::Gateway(refusal)));
    assert_eq!(story.effects, [Effect::KeepCard]);
}

#[test]
fn an_answer_that_says_neither_yes_nor_no_is_unknown_and_asked_about_at_once() {
    let story = Story::answered(finrota(), PayAnswer::Unclear(Unclear::BankTimeout));
    assert_eq!(story.cause(), UnknownCause::Unclear(Unclear::BankTimeout));
    assert_eq!(story.effects, [Effect::ForgetCard, Effect::AskStatus]);
}

#[test]
fn a_bank_page_that_fails_our_checks_is_unknown_and_never_opened() {
    let story = Story::answered(finrota(), PayAnswer::ChallengeUnusable(ChallengeFault::NotHttps));
    assert_eq!(story.cause(), UnknownCause::Challenge(ChallengeFault::NotHttps));
    assert!(!story.all_effects.contains(&Effect::OpenBankPage));
    assert!(story.attempt.page_is_gone(at(1)), "there never was one");
}

#[test]
fn the_banks_page_is_written_down_before_it_opens() {
    let story = Story::at_bank(finrota());
    assert!(story.entries.iter().any(|(_, entry)| *entry == Entry::PageOpened));
    assert!(story.effects.contains(&Effect::OpenBankPage) && story.effects.contains(&Effect::ForgetCvc));
    assert!(!story.asks(), "the first question comes after 20 seconds");
}

#[test]
fn at_the_bank_it_is_asked_after_20_seconds_and_then_every_15() {
    let story = Story::at_bank(finrota());
    assert_eq!(next_due(&story.attempt, at(1)), Some(at(21)));
    let early = story.then(20, Event::Due);
    assert!(early.effects.is_empty(), "a second too early nothing is asked");
    let story = early.then(21, Event::Due);
    assert_eq!((story.state(), story.asks()), ("at_bank", true));
    let story = story.then(22, read(Reading::NoTrace, at(21)));
    assert_eq!(next_due(&story.attempt, at(22)), Some(at(36)));
}

#[test]
fn a_final_answer_at_the_bank_settles_and_closes_the_window() {
    let story = Story::at_bank(finrota()).then(22, read(paid(), at(21)));
    assert_eq!(story.outcome(), ("approved", "gateway_status", true));
    assert!(story.effects.contains(&Effect::CloseBankPage));
    let story = Story::at_bank(finrota()).then(22, read(not_paid(), at(21)));
    assert_eq!(story.outcome(), ("declined", "gateway_status", true));
    assert!(story.effects.contains(&Effect::CloseBankPage));
}

#[test]
fn no_answer_and_no_trace_leave_the_customer_at_the_bank() {
    for reading in [pending(), Reading::NoTrace, Reading::CouldNotAsk(crate::answers::CouldNotAsk::Offline)] {
        let story = Story::at_bank(finrota()).then(22, read(reading, at(21)));
        assert_eq!((story.state(), story.effects.len()), ("at_bank", 0));
    }
}

#[test]
fn what_only_a_person_can_judge_leaves_the_bank_by_way_of_confirming() {
    let story = Story::at_bank(finrota()).then(22, read(Reading::Attention(seen("5")), at(21)));
    assert_eq!(story.cause(), UnknownCause::Attention(seen("5")));
    let words: Vec<_> = story
        .entries
        .iter()
        .filter_map(|(_, entry)| if let Entry::Entered(state) = entry { Some(state.word()) } else { None })
        .collect();
    assert_eq!(words, ["sending", "at_bank", "confirming", "unknown"]);
}

#[test]
fn after_ten_minutes_at_the_bank_it_goes_on_confirming_and_our_window_stays_until_it_is_closed() {
    let story = Story::at_bank(finrota()).then(600, Event::Due);
    assert_eq!(story.state(), "at_bank");
    let story = story.then(601, Event::Due);
    assert_eq!(story.attempt.state, State::Confirming(Heard::Nothing));
    assert!(story.asks());
    assert!(!story.attempt.page_is_gone(at(601)));
}

#[test]
fn a_page_that_failed_or_was_closed_by_hand_goes_on_confirming() {
    for end in [PageEnd::ClosedByHand, PageEnd::LoadFailed, PageEnd::TlsFailed, PageEnd::ProcessGone, PageEnd::GaveUp] {
        let story = Story::at_bank(finrota()).then(30, Event::PageGone(end));
        assert_eq!(story.attempt.state, State::Confirming(Heard::Nothing));
        assert!(story.asks() && story.attempt.page_is_gone(at(30)));
    }
}

#[test]
fn thirty_seconds_of_confirming_without_a_final_answer_are_unknown_which_goes_on_asking() {
    let story = Story::at_bank(finrota()).then(30, Event::PageGone(PageEnd::ClosedByHand));
    let story = story.then(59, read(pending(), at(58)));
    assert_eq!(story.state(), "confirming");
    let story = story.then(60, read(pending(), at(59)));
    assert_eq!(story.cause(), UnknownCause::NoFinalAnswer);
    assert!(next_due(&story.attempt, at(60)).is_some_and(|due| due <= at(60)));
    let silent = Story::at_bank(finrota()).then(30, Event::PageGone(PageEnd::ClosedByHand)).then(60, Event::Due);
    assert_eq!(silent.cause(), UnknownCause::NoFinalAnswer, "no answer at all comes to the same");
    assert!(silent.asks());
}

#[test]
fn an_unknown_attempt_is_asked_about_by_the_schedule_without_leaving_unknown() {
    let mut story = Story::unknown(finrota()).then(1, read(Reading::NoTrace, at(1)));
    let (mut due, mut next) = (Vec::new(), at(1));
    for _ in 0..6 {
        next = next_due(&story.attempt, next).unwrap();
        due.push(next.since(at(1)).as_millis() / 1000);
        story = story.then_at(next, Event::Due).then_at(next, read(Reading::NoTrace, next));
        assert_eq!(story.state(), "unknown");
    }
    assert_eq!(due, [2, 5, 10, 20, 30, 90]);
}

#[test]
fn what_ends_open_is_due_or_waits_for_the_till_or_stands_in_needs_attention() {
    let intents = || [finrota(), yolcu(), not_asked(finrota()), not_asked(yolcu()), return_settles(finrota())];
    for intent in intents() {
        for story in [
            Story::at_bank(intent.clone()),
            Story::at_bank(intent.clone()).then(30, Event::PageGone(PageEnd::ClosedByHand)),
            Story::at_bank(intent.clone())
                .then(30, Event::ReturnArrived(forged(&intent, Claim::Success)))
                .then(61, Event::Due),
            Story::unknown(intent.clone()),
        ] {
            let due = next_due(&story.attempt, at(61));
            assert!(due.is_some() || story.attempt.needs_attention(at(61)), "{:?}", story.attempt.state);
        }
    }
}

#[test]
fn ask_again_works_on_every_attempt_that_was_sent() {
    let declined = Story::answered(finrota(), PayAnswer::Failure(failure())).then(2, read(not_paid(), at(1)));
    for story in [Story::at_bank(finrota()), Story::unknown(finrota()), declined] {
        assert_eq!(story.then(9, Event::AskRequested).effects, [Effect::AskStatus]);
    }
    assert!(matches!(Story::sent(finrota()).refused(1, Event::AskRequested), Refusal::NotNow { .. }));
}

#[test]
fn the_schedule_counts_from_the_question_not_from_its_answer() {
    let story = Story::at_bank(finrota()).then(21, Event::Due).then(33, read(pending(), at(21)));
    assert_eq!(next_due(&story.attempt, at(33)), Some(at(36)));
    assert_eq!(story.attempt.asking.last, Some(at(21)));
    assert_eq!(at(36).since(at(21)), Millis::seconds(15));
}
