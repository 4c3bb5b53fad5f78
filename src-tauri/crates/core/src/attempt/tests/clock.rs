//! `RULES.md` 8: a clock set back strands nothing, and floods nobody.

use super::samples::*;
use crate::account::PagePlace;
use crate::answers::{PayAnswer, Probe};
use crate::attempt::{CounterOutcome, Event, PageEnd, UnknownCause, next_due};
use crate::evidence::Claim;
use crate::status::Reading;
use crate::time::{Millis, Timestamp};

const YEAR: i64 = 365 * 86_400_000;

fn year_earlier(seconds: u64) -> Timestamp {
    Timestamp::from_millis(at(seconds).as_millis() - YEAR)
}

/// Serves an attempt for a while after the clock went back: the questions asked, and when.
fn serve(mut story: Story, from: Timestamp, span: Millis) -> (Story, Vec<Timestamp>) {
    let mut now = from;
    let mut asked = Vec::new();
    while let Some(due) = next_due(&story.attempt, now) {
        now = now.max(due);
        if now.since(from) > span {
            break;
        }
        let before = story.attempt.clone();
        story = story.then_at(now, Event::Due);
        if story.asks() {
            asked.push(now);
            story = story.then_at(now, read(Reading::NoTrace, now));
        }
        assert_ne!(story.attempt, before, "what is due comes to something");
        assert!(asked.len() < 1_000, "a flood of questions");
    }
    (story, asked)
}

#[test]
fn an_unknown_attempt_is_asked_about_at_once_and_then_at_a_steady_pace() {
    let story = Story::unknown(finrota()).then(400, read(Reading::NoTrace, at(400)));
    let (story, asked) = serve(story, year_earlier(400), Millis::minutes(10));
    assert_eq!(story.state(), "unknown");
    assert_eq!(asked[0], year_earlier(400));
    assert!((5..=20).contains(&asked.len()), "{}", asked.len());
}

#[test]
fn the_customer_at_the_bank_is_asked_about_and_gets_the_ten_minutes_anew() {
    let story = Story::at_bank(finrota());
    let (story, asked) = serve(story, year_earlier(60), Millis::minutes(9));
    assert_eq!(story.state(), "at_bank");
    assert_eq!(asked[0].since(year_earlier(60)), Millis::seconds(20));
    let (story, _) = serve(story, year_earlier(60), Millis::minutes(11));
    assert_eq!(story.state(), "unknown");
}

#[test]
fn confirming_still_ends_after_30_seconds() {
    let story = Story::at_bank(finrota()).then(30, Event::PageGone(PageEnd::ClosedByHand));
    let (story, _) = serve(story, year_earlier(31), Millis::seconds(30));
    assert_eq!(story.state(), "unknown");
}

#[test]
fn a_restart_behind_a_clock_that_was_set_back_begins_the_time_of_confirming_anew() {
    let story = Story::at_bank(finrota()).then(30, Event::Restarted).then_at(year_earlier(40), Event::Restarted);
    assert_eq!((story.state(), story.attempt.since), ("confirming", year_earlier(40)));
}

#[test]
fn a_second_sign_beside_a_return_is_not_waited_for_until_the_clock_has_caught_up() {
    for claim in [Claim::Success, Claim::Failure] {
        let intent = not_asked(yolcu());
        let returned = Story::at_bank(intent.clone()).then(30, Event::ReturnArrived(explicit(&intent, claim)));
        let probed = returned.then_at(year_earlier(30), Event::Probed(Probe::StillOpen));
        let (story, _) = serve(probed, year_earlier(31), Millis::seconds(91));
        assert_eq!(story.cause(), UnknownCause::OnlyReturn(Some(claim)));
    }
}

#[test]
fn a_page_in_the_systems_browser_is_gone_ten_minutes_after_the_clock_went_back() {
    for intent in [in_browser(finrota()), in_browser(not_asked(finrota()))] {
        assert_eq!(intent.terms.page, PagePlace::Browser);
        let story = Story::at_bank(intent).then(30, Event::PageGone(PageEnd::GaveUp)).then(60, Event::Due);
        let (story, _) = serve(story, year_earlier(60), Millis::minutes(1));
        assert!(!story.attempt.page_is_gone(year_earlier(120)));
        let word = Event::Resolved { outcome: CounterOutcome::Declined, word: word() };
        assert_eq!(story.then_at(year_earlier(661), word).state(), "declined");
    }
}

#[test]
fn a_decline_is_still_asked_about_twice_more() {
    let story = Story::answered(finrota(), PayAnswer::Failure(failure())).then(2, read(not_paid(), at(1)));
    let (story, asked) = serve(story, year_earlier(3), Millis::minutes(10));
    assert_eq!((story.state(), asked.len()), ("declined", 2));
}

#[test]
fn a_return_from_before_the_clock_went_back_does_not_ask_every_two_seconds() {
    let hint = forged(&finrota(), Claim::Success);
    let story = Story::unknown(finrota()).then(400, read(Reading::NoTrace, at(400)));
    let story = story.then(401, Event::ReturnArrived(hint));
    let (_, asked) = serve(story, year_earlier(401), Millis::minutes(10));
    assert!(asked.len() <= 20, "{}", asked.len());
}

#[test]
fn the_next_question_is_never_later_than_now_and_its_interval() {
    let story = Story::unknown(finrota()).then(400, read(Reading::NoTrace, at(400)));
    for back in [1, 1_000, 60_000, YEAR] {
        let now = Timestamp::from_millis(at(400).as_millis() - back);
        assert!(next_due(&story.attempt, now).unwrap() <= now.after(Millis::minutes(1)));
    }
}

#[test]
fn a_return_after_the_clock_went_back_is_asked_about_at_once() {
    let hint = || Event::ReturnArrived(forged(&finrota(), Claim::Success));
    let story = Story::unknown(finrota()).then(400, hint());
    assert!(story.asks());
    assert!(story.then_at(year_earlier(400), hint()).asks(), "nobody can say that two seconds are not over");
}

#[test]
fn no_time_at_the_bank_is_over_at_once() {
    let mut intent = finrota();
    intent.terms.challenge = Millis(0);
    assert_eq!(Story::at_bank(intent).then(1, Event::Due).state(), "confirming");
}
