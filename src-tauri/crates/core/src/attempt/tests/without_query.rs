//! `RULES.md` 2, "Without one": what settles where nobody can be asked.

use super::samples::*;
use crate::answers::{CannotBeAsked, PayAnswer, Probe, Unclear};
use crate::attempt::{Effect, Event, Intent, PageEnd, UnknownCause, next_due};
use crate::evidence::Claim;
use crate::status::Reading;

fn returned(intent: &Intent, claim: Claim) -> Story {
    Story::at_bank(intent.clone()).then(30, Event::ReturnArrived(explicit(intent, claim)))
}

fn unaskable(why: CannotBeAsked) -> Reading {
    Reading::CannotBeAsked(why)
}

#[test]
fn a_direct_answer_settles_at_once_its_success_unconfirmed() {
    let intent = not_asked(finrota());
    let yes = Story::answered(intent.clone(), PayAnswer::Success(success()));
    assert_eq!(yes.outcome(), ("approved", "pay_answer", false));
    assert!(!yes.asks());
    let no = Story::answered(intent, PayAnswer::Failure(failure()));
    assert_eq!(no.outcome(), ("declined", "pay_answer", true));
}

#[test]
fn a_lost_answer_is_unknown_and_stands_in_needs_attention() {
    let story = Story::answered(not_asked(finrota()), PayAnswer::Unclear(Unclear::ConnectionLost));
    assert!(!story.asks() && story.attempt.needs_attention(at(1)));
    assert_eq!(next_due(&story.attempt, at(1)), None, "there is nothing to do by itself");
}

#[test]
fn a_return_at_finrota_leaves_unknown_with_what_it_said() {
    for claim in [Claim::Success, Claim::Failure] {
        let story = returned(&not_asked(finrota()), claim);
        assert_eq!(story.cause(), UnknownCause::OnlyReturn(Some(claim)));
    }
}

#[test]
fn a_page_that_said_nothing_is_unknown_after_30_seconds() {
    let story = Story::at_bank(not_asked(finrota())).then(30, Event::PageGone(PageEnd::ClosedByHand));
    assert_eq!(story.state(), "confirming");
    assert_eq!(next_due(&story.attempt, at(30)), Some(at(60)));
    let story = story.then(60, Event::Due);
    assert_eq!(story.cause(), UnknownCause::OnlyReturn(None));
}

#[test]
fn a_forged_return_settles_nothing_whatever_the_owner_set() {
    for intent in [not_asked(finrota()), not_asked(yolcu()), return_settles(finrota()), return_settles(yolcu())] {
        for claim in [Claim::Success, Claim::Failure] {
            let story = Story::at_bank(intent.clone()).then(30, Event::ReturnArrived(forged(&intent, claim)));
            let story = story.then(61, Event::Due);
            assert_eq!(story.cause(), UnknownCause::OnlyReturn(None));
        }
    }
}

#[test]
fn an_explicit_return_settles_unconfirmed_where_the_owner_set_it() {
    for intent in [return_settles(finrota()), return_settles(yolcu())] {
        assert_eq!(returned(&intent, Claim::Success).outcome(), ("approved", "return_alone", false));
        assert_eq!(returned(&intent, Claim::Failure).outcome(), ("declined", "return_alone", false));
    }
}

#[test]
fn the_owners_setting_means_nothing_while_the_gateway_can_be_asked() {
    let mut intent = finrota();
    intent.terms.return_rule = crate::account::ReturnRule::Settles;
    let story = returned(&intent, Claim::Success);
    assert_eq!((story.state(), story.asks()), ("confirming", true));
    let refused = story.then(31, read(unaskable(CannotBeAsked::Unauthorised), at(30)));
    assert_eq!(refused.outcome(), ("approved", "return_alone", false), "a 401 with a fresh token makes it count");
}

#[test]
fn a_return_settles_nothing_where_the_gateway_answers_that_it_has_no_trace() {
    let mut intent = finrota();
    intent.terms.return_rule = crate::account::ReturnRule::Settles;
    let mut story = returned(&intent, Claim::Success).then(60, Event::Due);
    for reading in [Reading::NoTrace, pending(), Reading::CouldNotAsk(crate::answers::CouldNotAsk::Offline)] {
        story = story.then(62, read(reading, at(61)));
        assert_eq!(story.cause(), UnknownCause::NoFinalAnswer, "the gateway can be asked, so it has the word");
    }
}

#[test]
fn a_403_three_times_running_falls_back_to_what_the_return_said() {
    let story = returned(&finrota(), Claim::Failure).then(31, read(unaskable(CannotBeAsked::NotAllowed), at(30)));
    assert_eq!(story.cause(), UnknownCause::OnlyReturn(Some(Claim::Failure)));
}

#[test]
fn an_explicit_success_at_yolcu360_needs_installment_info_to_have_turned_to_404() {
    let intent = not_asked(yolcu());
    let story = returned(&intent, Claim::Success);
    assert_eq!((story.state(), story.effects.contains(&Effect::Probe)), ("confirming", true));
    let gone = story.then(31, Event::Probed(Probe::Gone));
    assert_eq!(gone.outcome(), ("approved", "return_and_probe", false));
    let open = returned(&intent, Claim::Success).then(31, Event::Probed(Probe::StillOpen));
    assert_eq!(open.state(), "confirming");
    assert_eq!(next_due(&open.attempt, at(31)), Some(at(40)));
}

#[test]
fn a_404_without_an_earlier_200_is_no_second_sign() {
    let mut story = returned(&not_asked(yolcu()), Claim::Success);
    story.attempt.baseline = None;
    let refolded = crate::attempt::step(&story.attempt, Event::Probed(Probe::Gone), at(31)).unwrap();
    assert_eq!(refolded.attempt.state.word(), "confirming");
}

#[test]
fn a_404_without_a_return_is_no_second_sign() {
    let story = Story::at_bank(not_asked(yolcu())).then(30, Event::PageGone(PageEnd::ClosedByHand));
    assert_eq!(story.then(31, Event::Probed(Probe::Gone)).state(), "confirming");
}

#[test]
fn an_explicit_failure_at_yolcu360_needs_the_order_unpaid_after_10_and_after_60_seconds() {
    let intent = not_asked(yolcu());
    let mut story = returned(&intent, Claim::Failure).then(31, Event::Probed(Probe::StillOpen));
    for due in [40, 90] {
        assert_eq!(story.state(), "confirming");
        story = if due == 90 { story } else { story.then(due, Event::Due) };
        if due == 40 {
            assert!(story.effects.contains(&Effect::Probe));
            story = story.then(41, Event::Probed(Probe::StillOpen)).then(60, Event::Due);
        } else {
            assert_eq!(next_due(&story.attempt, at(60)), Some(at(90)));
            story = story.then(90, Event::Due);
            assert!(story.effects.contains(&Effect::Probe));
            story = story.then(91, Event::Probed(Probe::StillOpen));
        }
    }
    assert_eq!(story.outcome(), ("declined", "return_and_probe", false));
}

#[test]
fn one_look_at_the_order_after_60_seconds_is_not_two() {
    let story = returned(&not_asked(yolcu()), Claim::Failure)
        .then(31, Event::Probed(Probe::StillOpen))
        .then(41, Event::Probed(Probe::NoAnswer))
        .then(91, Event::Probed(Probe::StillOpen));
    assert_eq!(story.state(), "confirming", "the time for a second sign is not over");
    assert_eq!(story.then(120, Event::Due).cause(), UnknownCause::OnlyReturn(Some(Claim::Failure)));
}

#[test]
fn an_explicit_failure_of_an_order_that_is_gone_stays_unknown() {
    let story = returned(&not_asked(yolcu()), Claim::Failure).then(41, Event::Probed(Probe::Gone)).then(60, Event::Due);
    assert_eq!(story.cause(), UnknownCause::OnlyReturn(Some(Claim::Failure)));
}

#[test]
fn there_is_no_second_sign_at_finrota() {
    for (claim, probe) in [(Claim::Success, Probe::Gone), (Claim::Failure, Probe::StillOpen)] {
        let mut story = returned(&not_asked(finrota()), claim);
        story.attempt.baseline = Some(crate::status::Baseline::InstallmentInfo);
        for second in [41, 91] {
            let taken = crate::attempt::step(&story.attempt, Event::Probed(probe), at(second)).unwrap();
            story.attempt = taken.attempt;
            assert_eq!(story.state(), "unknown");
        }
    }
}

#[test]
fn a_second_sign_settles_nothing_while_the_gateway_can_be_asked() {
    let story = returned(&yolcu(), Claim::Success).then(31, Event::Probed(Probe::Gone));
    assert_eq!(story.state(), "confirming");
}

#[test]
fn unconfirmed_outcomes_are_asked_about_for_a_quarter_of_an_hour_and_need_attention_after_a_day() {
    let story = returned(&finrota(), Claim::Success);
    let story = story.then(31, read(unaskable(CannotBeAsked::Unauthorised), at(30)));
    assert_eq!(story.state(), "unknown");
    let mut settled = Story::answered(finrota(), PayAnswer::Success(success())).then(2, read(Reading::NoTrace, at(1)));
    let day = 24 * 3600 + 2;
    assert!(!settled.attempt.needs_attention(at(day)) && settled.attempt.needs_attention(at(day + 1)));
    let mut questions = 0;
    let mut now = at(2);
    while let Some(due) = next_due(&settled.attempt, now) {
        (now, questions) = (due, questions + 1);
        settled = settled.then_at(now, Event::Due);
        assert!(settled.asks());
        settled = settled.then_at(now, read(Reading::NoTrace, now));
        assert!(questions < 100);
    }
    assert_eq!(questions, 19);
    let confirmed = settled.then(1_000, read(paid(), at(999)));
    assert_eq!(confirmed.outcome(), ("approved", "gateway_status", true));
    assert!(!confirmed.attempt.needs_attention(at(10 * day)));
}

#[test]
fn a_success_of_an_order_that_is_still_unpaid_after_a_minute_is_left_to_a_person() {
    let story = returned(&not_asked(yolcu()), Claim::Success)
        .then(31, Event::Probed(Probe::StillOpen))
        .then(41, Event::Probed(Probe::StillOpen));
    assert_eq!(story.state(), "confirming", "it may still come");
    let story = story.then(91, Event::Probed(Probe::StillOpen));
    assert_eq!(story.cause(), UnknownCause::OnlyReturn(Some(Claim::Success)));
}

#[test]
fn an_order_that_was_unpaid_a_minute_after_the_return_and_is_gone_later_was_not_paid_by_this_attempt() {
    let intent = not_asked(yolcu());
    let story = returned(&intent, Claim::Success)
        .then(41, Event::Probed(Probe::StillOpen))
        .then(91, Event::Probed(Probe::StillOpen));
    assert_eq!(story.cause(), UnknownCause::OnlyReturn(Some(Claim::Success)));
    // The bank's last page is loaded anew, and the order has been paid by somebody else.
    let story = story.then(700, Event::ReturnArrived(explicit(&intent, Claim::Success)));
    assert!(story.effects.contains(&Effect::Probe));
    assert_eq!(story.then(701, Event::Probed(Probe::Gone)).state(), "unknown");
}

#[test]
fn an_order_that_is_gone_says_nothing_of_an_attempt_that_was_set_aside() {
    let returned = || returned(&not_asked(yolcu()), Claim::Success).then(120, Event::Due);
    assert_eq!(returned().state(), "unknown");
    assert_eq!(returned().then(121, Event::Probed(Probe::Gone)).outcome(), ("approved", "return_and_probe", false));
    let aside = returned().then(800, Event::SetAside(word()));
    assert_eq!(aside.state(), "set_aside");
    assert_eq!(aside.then(801, Event::Probed(Probe::Gone)).state(), "set_aside");
}

#[test]
fn an_order_is_looked_at_until_the_gateway_itself_answers_again() {
    let found_out = returned(&yolcu(), Claim::Failure)
        .then(31, read(unaskable(CannotBeAsked::Unauthorised), at(30)))
        .then(32, Event::Probed(Probe::StillOpen));
    assert!(found_out.attempt.found_unaskable());
    let looked = found_out.then(40, Event::Due);
    assert!(looked.effects.contains(&Effect::Probe), "ten seconds after the return");
    let answers = looked.then(41, read(Reading::NoTrace, at(40))).then(90, Event::Due);
    assert!(!answers.effects.contains(&Effect::Probe), "the gateway has the word");
}

#[test]
fn without_an_earlier_200_no_second_sign_is_asked_for() {
    let intent = not_asked(yolcu());
    let unread = Event::Prepared(crate::attempt::Preparation::Done { baseline: None });
    let story = Story::open(intent.clone()).then(0, unread).then(1, Event::PayAnswered(PayAnswer::Challenge));
    let story = story.then(30, Event::ReturnArrived(explicit(&intent, Claim::Success)));
    assert!(!story.effects.contains(&Effect::Probe));
    assert_eq!(story.cause(), UnknownCause::OnlyReturn(Some(Claim::Success)));
}

#[test]
fn where_the_gateway_can_be_asked_an_explicit_return_prolongs_nothing() {
    for intent in [finrota(), yolcu()] {
        let story = returned(&intent, Claim::Success).then(60, Event::Due);
        assert_eq!(story.cause(), UnknownCause::NoFinalAnswer, "thirty seconds, as without a return");
    }
}

#[test]
fn a_return_that_finds_the_desk_asleep_still_has_its_time_for_a_second_sign() {
    let intent = not_asked(yolcu());
    let story = Story::at_bank(intent.clone()).then(30, Event::PageGone(PageEnd::ClosedByHand));
    let story = story.then(130, Event::ReturnArrived(explicit(&intent, Claim::Success)));
    assert_eq!((story.state(), story.effects.contains(&Effect::Probe)), ("confirming", true));
    assert_eq!(story.then(132, Event::Probed(Probe::Gone)).outcome(), ("approved", "return_and_probe", false));
}
