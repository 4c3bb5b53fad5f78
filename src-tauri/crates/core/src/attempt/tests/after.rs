//! `RULES.md` 3: after a final outcome, and what only a person may do.

use super::samples::*;
use crate::account::PagePlace;
use crate::answers::{CannotBeAsked, CouldNotAsk, PayAnswer};
use crate::attempt::{Alarm, CounterOutcome, Effect, Event, Intent, PageEnd, Refusal, State, UnknownCause, next_due};
use crate::evidence::Claim;
use crate::limits;
use crate::status::{Mismatch, Reading};
use crate::time::Millis;

fn approved() -> Story {
    Story::answered(finrota(), PayAnswer::Success(success())).then(2, read(paid(), at(1)))
}

fn declined() -> Story {
    Story::answered(finrota(), PayAnswer::Failure(failure())).then(2, read(not_paid(), at(1)))
}

fn mismatch() -> Reading {
    Reading::Mismatch { what: Mismatch::Card, seen: seen("other card") }
}

fn resolved(outcome: CounterOutcome) -> Event {
    Event::Resolved { outcome, word: word() }
}

fn counter(outcome: CounterOutcome) -> Event {
    Event::CounterEntered { outcome, word: word() }
}

/// Unknown after the bank's page was closed at second 30.
fn unknown_after_the_bank(intent: Intent) -> Story {
    Story::at_bank(intent).then(30, Event::PageGone(PageEnd::ClosedByHand)).then(60, Event::Due)
}

fn asked_at(mut story: Story, seconds: &[u64], reading: &Reading) -> Story {
    for second in seconds {
        story = story.then(second + 1, read(reading.clone(), at(*second)));
    }
    story
}

#[test]
fn contrary_evidence_never_overwrites_a_final_outcome_and_raises_a_lasting_alarm() {
    let story = approved().then(99, read(not_paid(), at(98)));
    assert_eq!(story.outcome(), ("approved", "gateway_status", true));
    assert!(story.effects.contains(&Effect::Raise(Alarm::Contradicted)));
    assert!(story.attempt.contradiction.as_ref().is_some_and(|mark| !mark.paid));
    let story = story.then(120, read(paid(), at(119)));
    assert!(story.attempt.needs_attention(at(9_999_999)), "it lasts, whatever comes after it");
    let story = declined().then(99, read(paid(), at(98)));
    assert_eq!((story.outcome().0, story.attempt.contradiction.as_ref().unwrap().paid), ("declined", true));
    let again = story.then(120, read(paid(), at(119)));
    assert!(again.effects.is_empty(), "the same word twice is one contradiction");
}

#[test]
fn a_confirmation_does_not_move_the_time_of_the_outcome_and_a_counter_entry_to_another_does() {
    let silent = read(Reading::CouldNotAsk(CouldNotAsk::Offline), at(1));
    let story = Story::answered(finrota(), PayAnswer::Success(success())).then(2, silent);
    assert!(story.attempt.state.is_unconfirmed());
    let story = story.then(600, read(paid(), at(599)));
    assert!(!story.attempt.state.is_unconfirmed());
    assert_eq!((story.attempt.outcome_since, story.attempt.since), (at(2), at(600)));
    let story = story.then(700, read(not_paid(), at(699))).then(800, counter(CounterOutcome::Declined));
    assert_eq!((story.outcome().0, story.attempt.outcome_since), ("declined", at(800)));
}

#[test]
fn money_that_moved_for_a_refused_or_unsent_attempt_is_a_contradiction() {
    let refused = Story::answered(finrota(), PayAnswer::Unauthorised(None)).then(2, Event::TokenUnavailable);
    let not_sent = Story::open(finrota()).then(0, Event::CancelRequested);
    for story in [refused, not_sent] {
        let word = story.state();
        let story = story.then(99, read(paid(), at(98)));
        assert_eq!((story.state(), story.attempt.contradiction.is_some()), (word, true));
        let quiet = story.then(120, read(not_paid(), at(119)));
        assert_eq!(quiet.state(), word);
    }
}

#[test]
fn another_amount_after_an_approval_is_contradicted_with_its_own_alarm() {
    let story = approved().then(99, read(mismatch(), at(98)));
    assert_eq!(story.attempt.alarms, [Alarm::Mismatch(Mismatch::Card), Alarm::Contradicted]);
}

#[test]
fn no_trace_pending_and_our_own_reversal_are_never_contrary_evidence() {
    let silent = [
        Reading::NoTrace,
        pending(),
        Reading::OwnReversal(seen("cancelled")),
        Reading::CouldNotAsk(CouldNotAsk::Offline),
        Reading::CannotBeAsked(CannotBeAsked::Off),
    ];
    for reading in silent {
        for story in [approved(), declined()] {
            let before = story.attempt.state.clone();
            let story = story.then(99, read(reading.clone(), at(98)));
            assert_eq!(story.attempt.state, before);
            assert!(story.attempt.contradiction.is_none() && story.effects.is_empty());
        }
    }
    let partly = approved().then(99, read(Reading::PaidPartlyReturned(seen("6")), at(98)));
    assert!(partly.attempt.contradiction.is_none());
}

#[test]
fn a_counter_entry_sets_the_outcome_that_counts_and_clears_the_mark() {
    let story = declined().then(99, read(paid(), at(98))).then(200, counter(CounterOutcome::Approved));
    assert_eq!(story.outcome(), ("approved", "counter_entry", true));
    assert!(story.attempt.contradiction.is_none() && story.attempt.alarms.is_empty());
    assert!(!story.attempt.needs_attention(at(200)));
}

#[test]
fn what_a_counter_entry_has_answered_for_is_no_news_when_the_gateway_says_it_again() {
    let story = approved().then(99, read(mismatch(), at(98))).then(100, counter(CounterOutcome::Approved));
    let again = story.then(120, read(mismatch(), at(119)));
    assert!(again.effects.is_empty() && !again.attempt.needs_attention(at(121)), "the supervisor had it before them");
    let other = Reading::Mismatch { what: Mismatch::Card, seen: seen("yet another card") };
    let news = again.then(140, read(other, at(139)));
    assert!(news.effects.contains(&Effect::Raise(Alarm::Contradicted)) && news.attempt.contradiction.is_some());
    let declined = approved().then(99, read(not_paid(), at(98))).then(100, counter(CounterOutcome::Declined));
    assert!(declined.then(120, read(paid(), at(119))).attempt.contradiction.is_some(), "now it says the contrary");
}

#[test]
fn what_nobody_can_confirm_may_be_settled_in_a_list_at_once_and_other_unknowns_after_a_day() {
    let lost = unknown_after_the_bank(finrota());
    let since = lost.attempt.since;
    assert_eq!(lost.attempt.listed_from(), Some(since.after(limits::LISTED)));
    assert_eq!(approved().attempt.listed_from(), None);
    let unasked = unknown_after_the_bank(not_asked(finrota()));
    assert!(
        matches!(unasked.attempt.state, State::Unknown(ref unknown) if matches!(unknown.cause, UnknownCause::OnlyReturn(_)))
    );
    assert_eq!(unasked.attempt.listed_from(), Some(unasked.attempt.since));
}

#[test]
fn a_counter_entry_without_a_contradiction_is_refused() {
    assert_eq!(approved().refused(99, counter(CounterOutcome::Declined)), Refusal::NothingContradicts);
    assert!(matches!(Story::unknown(finrota()).refused(99, counter(CounterOutcome::Declined)), Refusal::NotNow { .. }));
}

#[test]
fn what_a_supervisor_settled_can_be_corrected_by_a_counter_entry() {
    let story = Story::unknown(finrota()).then(300, resolved(CounterOutcome::Declined));
    let story = story.then(400, counter(CounterOutcome::Approved));
    assert_eq!(story.outcome(), ("approved", "counter_entry", true));
}

#[test]
fn an_attempt_and_its_follower_both_approved_raise_an_alarm_until_a_counter_entry() {
    let alarm = Alarm::BothApproved { other: attempt_id(2) };
    let story = approved().then(99, Event::AlarmRaised(alarm.clone()));
    assert!(story.effects == [Effect::Raise(alarm.clone())] && story.attempt.needs_attention(at(99)));
    let again = story.then(100, Event::AlarmRaised(alarm));
    assert!(again.effects.is_empty());
    assert!(!again.then(200, counter(CounterOutcome::Approved)).attempt.needs_attention(at(200)));
}

#[test]
fn a_person_settles_an_unknown_attempt_only_when_its_bank_page_is_gone() {
    let open = Story::at_bank(finrota()).then(601, Event::Due).then(631, Event::Due);
    assert_eq!(open.cause(), UnknownCause::NoFinalAnswer);
    assert_eq!(open.refused(99_999, resolved(CounterOutcome::Declined)), Refusal::PageStillOpen);
    assert_eq!(open.refused(99_999, Event::SetAside(word())), Refusal::PageStillOpen);
    let closed = open.then(100_000, Event::PageGone(PageEnd::ClosedByHand));
    let settled = closed.then(100_001, resolved(CounterOutcome::Declined));
    assert_eq!(settled.outcome(), ("declined", "supervisor", true));
}

#[test]
fn a_page_in_the_systems_browser_is_gone_when_its_time_is_over_whatever_a_person_says() {
    let intent = in_browser(finrota());
    for end in [PageEnd::GaveUp, PageEnd::ClosedByHand, PageEnd::ProcessGone, PageEnd::TlsFailed] {
        let story = Story::at_bank(intent.clone()).then(30, Event::PageGone(end)).then(60, Event::Due);
        assert!(story.all_effects.iter().all(|effect| *effect != Effect::CloseBankPage), "its return can still come");
        assert_eq!(story.refused(600, resolved(CounterOutcome::Declined)), Refusal::PageStillOpen);
        assert_eq!(story.then(601, resolved(CounterOutcome::Declined)).state(), "declined");
    }
    let never_opened = Story::at_bank(intent).then(2, Event::PageGone(PageEnd::LoadFailed));
    assert!(never_opened.attempt.page_is_gone(at(2)));
}

#[test]
fn a_page_in_the_systems_browser_outlives_the_desk() {
    let story = Story::at_bank(in_browser(finrota())).then(60, Event::Restarted).then(90, Event::Due);
    assert_eq!(story.refused(100, resolved(CounterOutcome::Declined)), Refusal::PageStillOpen);
    assert_eq!(story.then(601, resolved(CounterOutcome::Declined)).state(), "declined");
    let ours = Story::at_bank(finrota()).then(60, Event::Restarted).then(90, Event::Due);
    assert_eq!(ours.then(100, resolved(CounterOutcome::Declined)).state(), "declined");
}

#[test]
fn a_page_in_the_systems_browser_is_gone_once_its_return_came() {
    let intent = in_browser(finrota());
    let story = Story::at_bank(intent.clone()).then(30, Event::ReturnArrived(forged(&intent, Claim::Success)));
    assert!(!story.attempt.page_is_gone(at(31)), "an image can come back too");
    let story = story.then(40, Event::ReturnArrived(explicit(&intent, Claim::Success)));
    assert!(story.attempt.page_is_gone(at(40)));
    assert_eq!(story.attempt.quiet_since(at(50)), Some(at(40)));
}

#[test]
fn a_person_settles_nothing_but_unknown_and_set_aside() {
    for story in [Story::open(finrota()), Story::sent(finrota()), Story::at_bank(finrota()), approved(), declined()] {
        assert!(matches!(story.refused(99, resolved(CounterOutcome::Approved)), Refusal::NotNow { .. }));
    }
}

#[test]
fn what_a_supervisor_settled_is_asked_about_hourly_for_a_day_and_then_daily_for_a_week() {
    let mut story = Story::unknown(finrota()).then(300, resolved(CounterOutcome::Declined));
    let settled = story.attempt.since;
    let mut times = Vec::new();
    while let Some(due) = next_due(&story.attempt, times.last().copied().unwrap_or(settled)) {
        times.push(due);
        assert!(times.len() <= 30, "it never ends");
        story = story.then_at(due, Event::Due);
        assert!(story.asks());
        story = story.then_at(due, read(Reading::NoTrace, due));
    }
    assert_eq!(
        (times.len(), times[0].since(settled), times[29].since(settled)),
        (30, Millis::hours(1), Millis::days(7))
    );
    let contradicted = story.then(2_000_000, read(paid(), at(1_999_999)));
    assert_eq!((contradicted.outcome().0, contradicted.attempt.contradiction.is_some()), ("declined", true));
}

#[test]
fn another_card_now_needs_three_answered_questions_since_the_page_was_gone() {
    let story = asked_at(unknown_after_the_bank(finrota()), &[5, 25, 61, 62], &Reading::NoTrace);
    let refusal = story.refused(64, Event::SetAside(word()));
    assert_eq!(refusal, Refusal::NotAskedEnough { answered: 2, needed: 3 }, "two were asked before it was gone");
    let silence = asked_at(story, &[64, 66, 68], &Reading::CouldNotAsk(CouldNotAsk::TimedOut));
    assert_eq!(
        silence.refused(70, Event::SetAside(word())),
        Refusal::NotAskedEnough { answered: 2, needed: 3 },
        "a question without an answer does not count"
    );
    let story = asked_at(silence, &[71], &pending()).then(73, Event::SetAside(word()));
    assert_eq!((story.state(), story.attempt.state.blocks()), ("set_aside", false));
}

#[test]
fn another_card_now_needs_the_last_answer_30_seconds_after_the_page_was_gone() {
    let closed = Story::at_bank(finrota()).then(30, Event::PageGone(PageEnd::ClosedByHand)).then(60, Event::Due);
    let story = asked_at(closed, &[40, 50, 59], &Reading::NoTrace);
    assert!(matches!(story.refused(61, Event::SetAside(word())), Refusal::TooSoon { until, .. } if until == at(60)));
    let story = asked_at(story, &[60], &Reading::NoTrace);
    assert_eq!(story.then(62, Event::SetAside(word())).state(), "set_aside");
}

#[test]
fn another_card_now_counts_from_the_pay_deadline_where_there_was_no_page() {
    let story = asked_at(Story::unknown(finrota()), &[10, 50, 119], &Reading::NoTrace);
    assert_eq!(story.refused(151, Event::SetAside(word())), Refusal::NotAskedEnough { answered: 0, needed: 3 });
    let story = asked_at(story, &[120, 130, 150], &Reading::NoTrace);
    assert_eq!(story.then(152, Event::SetAside(word())).state(), "set_aside");
}

#[test]
fn another_card_now_is_refused_once_the_gateway_said_paid() {
    for reading in [mismatch(), Reading::PaidByUnknownCard(seen("reserved"))] {
        let story = asked_at(unknown_after_the_bank(finrota()), &[61, 65], &Reading::NoTrace);
        let story = asked_at(story, &[70], &reading);
        let story = asked_at(story, &[75, 80, 85], &Reading::NoTrace);
        assert_eq!(story.refused(90, Event::SetAside(word())), Refusal::SaidPaid);
    }
}

#[test]
fn another_card_now_where_nothing_can_be_asked_needs_the_portals_reference_and_ten_minutes() {
    let story = unknown_after_the_bank(not_asked(finrota()));
    assert!(matches!(story.refused(629, Event::SetAside(word())), Refusal::TooSoon { until, .. } if until == at(630)));
    assert_eq!(story.refused(630, Event::SetAside(blind_word())), Refusal::PortalReferenceMissing);
    assert_eq!(story.then(630, Event::SetAside(word())).state(), "set_aside");
    let found_out = asked_at(unknown_after_the_bank(finrota()), &[61, 62, 70], &Reading::NoTrace)
        .then(72, read(Reading::CannotBeAsked(CannotBeAsked::Unauthorised), at(71)));
    assert!(matches!(found_out.refused(75, Event::SetAside(word())), Refusal::TooSoon { .. }));
}

#[test]
fn set_aside_counts_as_unknown_everywhere_and_is_asked_about() {
    let story = asked_at(unknown_after_the_bank(finrota()), &[61, 62, 70], &Reading::NoTrace);
    let story = story.then(80, Event::SetAside(word()));
    assert_eq!(story.attempt.state.outcome().unwrap().word(), "unknown");
    assert!(story.attempt.needs_attention(at(80)) && !story.attempt.state.is_final());
    assert!(next_due(&story.attempt, at(80)).is_some());
    assert!(matches!(story.refused(90, Event::SetAside(word())), Refusal::NotNow { .. }), "once");
    assert_eq!(story.then(90, read(paid(), at(89))).outcome(), ("approved", "gateway_status", true));
    let story = asked_at(unknown_after_the_bank(finrota()), &[61, 62, 70], &Reading::NoTrace);
    let story = story.then(80, Event::SetAside(word())).then(95, resolved(CounterOutcome::Declined));
    assert_eq!(story.outcome(), ("declined", "supervisor", true));
}

#[test]
fn only_an_unknown_attempt_can_be_set_aside() {
    let confirming = Story::at_bank(finrota()).then(30, Event::PageGone(PageEnd::ClosedByHand));
    for story in [confirming, Story::at_bank(finrota()), approved(), declined()] {
        assert!(matches!(story.refused(99, Event::SetAside(word())), Refusal::NotNow { .. }));
    }
}

#[test]
fn only_the_states_that_may_still_move_money_block_their_key() {
    assert!(Story::unknown(finrota()).attempt.state.blocks());
    assert!(Story::open(finrota()).attempt.state.blocks());
    assert!(!approved().attempt.state.blocks() && !declined().attempt.state.blocks());
    assert!(matches!(declined().attempt.state, State::Declined { .. }));
    assert_eq!(limits::SET_ASIDE_QUESTIONS, 3);
}

#[test]
fn a_page_that_left_its_window_for_the_browser_is_gone_when_its_time_is_over_and_not_with_the_window() {
    let moved = || Story::at_bank(finrota()).then(100, Event::PageMoved);
    assert_eq!((moved().state(), moved().attempt.place()), ("at_bank", PagePlace::Browser));
    assert!(moved().effects.is_empty());
    for end in [PageEnd::ClosedByHand, PageEnd::LoadFailed, PageEnd::TlsFailed, PageEnd::ProcessGone] {
        let story = moved().then(101, Event::PageGone(end));
        assert_eq!(story.state(), "at_bank", "the window's end ({end:?}) is no news of the page");
        let story = story.then(601, Event::Due).then(631, Event::Due);
        assert_eq!(story.refused(699, resolved(CounterOutcome::Declined)), Refusal::PageStillOpen);
        assert_eq!(story.then(700, resolved(CounterOutcome::Declined)).state(), "declined");
    }
    let gave_up = moved().then(110, Event::PageGone(PageEnd::GaveUp)).then(141, Event::Due);
    assert_eq!(gave_up.refused(200, resolved(CounterOutcome::Declined)), Refusal::PageStillOpen);
    let returned = moved().then(110, Event::ReturnArrived(explicit(&finrota(), Claim::Failure)));
    assert!(returned.attempt.page_is_gone(at(110)), "its return came");
}

#[test]
fn a_page_that_left_its_window_outlives_the_desk() {
    let story = Story::at_bank(finrota()).then(100, Event::PageMoved).then(110, Event::Restarted).then(141, Event::Due);
    assert_eq!(story.refused(699, resolved(CounterOutcome::Declined)), Refusal::PageStillOpen);
    assert_eq!(story.then(700, resolved(CounterOutcome::Declined)).state(), "declined");
}

#[test]
fn a_page_is_moved_once_while_it_is_open_and_somebody_can_be_asked() {
    let refused = |story: &Story| matches!(story.refused(50, Event::PageMoved), Refusal::NotNow { .. });
    assert!(refused(&Story::at_bank(finrota()).then(40, Event::PageMoved)), "twice");
    assert!(refused(&Story::at_bank(in_browser(finrota()))), "it is there already");
    assert!(refused(&Story::at_bank(not_asked(finrota()))), "nobody could say what became of it");
    let unaskable = read(Reading::CannotBeAsked(CannotBeAsked::Unauthorised), at(20));
    assert!(refused(&Story::at_bank(finrota()).then(21, unaskable)));
    assert!(refused(&Story::at_bank(finrota()).then(40, Event::PageGone(PageEnd::ClosedByHand))), "it is gone");
    assert!(refused(&Story::sent(finrota())), "there is none");
    let unknown = Story::at_bank(finrota()).then(601, Event::Due).then(631, Event::Due);
    assert_eq!(unknown.then(640, Event::PageMoved).state(), "unknown", "the window is still before the customer");
}
