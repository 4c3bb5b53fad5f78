//! "Another card now" (`RULES.md` 3).

use vezne_core::answers::StatusAnswer;
use vezne_core::attempt::Refusal;
use vezne_core::guard::Block;
use vezne_core::reference::Part;
use vezne_till::{AttemptView, PayError, PayRequest, SettleError, Verdict};

use crate::support::*;

async fn unknown(rig: &Rig) -> AttemptView {
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    rig.pay_until(booking("R-1", 54_500), "unknown").await
}

/// One that was set aside for another card, after 400 seconds of questions.
pub(crate) async fn set_aside(rig: &Rig) -> AttemptView {
    let view = unknown(rig).await;
    rig.pass(400).await;
    rig.till().settle(verdict(view.attempt, Verdict::SetAside)).await.unwrap()
}

fn other_card() -> PayRequest {
    let mut request = booking("R-1", 54_500);
    request.means = by_card(MASTERCARD);
    request
}

#[tokio::test(start_paused = true)]
async fn it_needs_three_answered_questions_after_the_pay_deadline_and_half_a_minute() {
    let rig = Rig::start().await;
    let view = unknown(&rig).await;
    let refusal = |error| {
        let SettleError::Refused(refusal) = error else { panic!("not refused: {error:?}") };
        refusal
    };
    rig.pass(119).await;
    let early = refusal(rig.till().settle(verdict(view.attempt, Verdict::SetAside)).await.unwrap_err());
    assert!(matches!(early, Refusal::NotAskedEnough { answered: 0, needed: 3 }), "{early:?}");
    rig.pass(2).await;
    for _ in 0..3 {
        rig.till().ask_again(view.attempt).await.unwrap();
        rig.pass(1).await;
    }
    let soon = refusal(rig.till().settle(verdict(view.attempt, Verdict::SetAside)).await.unwrap_err());
    assert!(matches!(soon, Refusal::TooSoon { .. }), "{soon:?}");
    rig.pass(26).await;
    rig.till().ask_again(view.attempt).await.unwrap();
    rig.pass(1).await;
    rig.till().settle(verdict(view.attempt, Verdict::SetAside)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn questions_that_nobody_answered_do_not_count() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(|_| StatusAnswer::CouldNotAsk(vezne_core::answers::CouldNotAsk::Offline));
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    rig.pass(3_600).await;
    let error = rig.till().settle(verdict(view.attempt, Verdict::SetAside)).await.unwrap_err();
    assert!(matches!(error, SettleError::Refused(Refusal::NotAskedEnough { answered: 0, .. })), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn where_nothing_can_be_asked_it_needs_ten_minutes_and_the_portals_reference() {
    let rig = Rig::start_with(|rig| {
        rig.finrota_account.terms.status_query = vezne_core::account::StatusQuery::Off;
    })
    .await;
    rig.finrota.pay.then(|_| timed_out());
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    let request = |saw: bool| {
        let mut request = verdict(view.attempt, Verdict::SetAside);
        request.saw = request.saw.filter(|_| saw);
        request
    };
    rig.pass(120 + 599).await;
    assert!(matches!(
        rig.till().settle(request(true)).await.unwrap_err(),
        SettleError::Refused(Refusal::TooSoon { .. })
    ));
    rig.pass(1).await;
    assert!(matches!(
        rig.till().settle(request(false)).await.unwrap_err(),
        SettleError::Refused(Refusal::PortalReferenceMissing)
    ));
    rig.till().settle(request(true)).await.unwrap();
    assert_eq!(rig.finrota.status.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_next_attempt_with_another_card_follows_it_in_the_same_payment() {
    let rig = Rig::start().await;
    let aside = set_aside(&rig).await;
    assert_eq!((aside.state, aside.outcome), ("set_aside", Some(vezne_core::attempt::Outcome::Unknown)));
    rig.finrota.pay.then(|call: &PaySeen| {
        assert!(call.intent.follows.is_some());
        success()
    });
    rig.finrota.status.always(move |attempt| match attempt.intent.follows {
        Some(_) => paid_transaction(attempt),
        None => pending_transaction(attempt),
    });
    let next = rig.pay_until(other_card(), "approved").await;
    assert_eq!(next.payment, aside.payment);
    assert!(next.alarms.is_empty());
    assert_eq!(rig.till().attention().await.0, [rig.view(aside.attempt).await]);
}

#[tokio::test(start_paused = true)]
async fn when_both_end_approved_there_is_a_lasting_alarm_on_both() {
    let mut rig = Rig::start().await;
    let aside = set_aside(&rig).await;
    rig.finrota.status.always(move |attempt| match attempt.intent.follows {
        Some(_) => paid_transaction(attempt),
        None => pending_transaction(attempt),
    });
    let next = rig.pay_until(other_card(), "approved").await;
    rig.finrota.status.always(paid_transaction);
    let is_alarmed = |view: &AttemptView| view.alarms.iter().any(|alarm| alarm.code == "both_approved");
    rig.until_view(aside.attempt, "alarmed", is_alarmed).await;
    rig.until_view(next.attempt, "alarmed", is_alarmed).await;
    rig.restart().await;
    let (attention, _) = rig.till().attention().await;
    assert_eq!(attention.len(), 2);
    for view in attention {
        assert_eq!(view.alarms.len(), 1);
        rig.till().settle(verdict(view.attempt, Verdict::Approved)).await.unwrap();
    }
    assert!(rig.till().attention().await.0.is_empty());
    rig.restart().await;
    assert!(rig.till().attention().await.0.is_empty(), "an alarm that was answered does not come again");
}

#[tokio::test(start_paused = true)]
async fn a_crash_between_the_second_approval_and_its_alarm_does_not_lose_the_alarm() {
    let mut rig = Rig::start().await;
    let aside = set_aside(&rig).await;
    rig.finrota.status.always(move |attempt| match attempt.intent.follows {
        Some(_) => paid_transaction(attempt),
        None => pending_transaction(attempt),
    });
    rig.pay_until(other_card(), "approved").await;
    rig.finrota.status.always(paid_transaction);
    rig.journal.fail_next("alarmed", Fault::Lost);
    rig.journal.fail_next("alarmed", Fault::Lost);
    rig.journal.fail_next("alarmed", Fault::Lost);
    rig.until(aside.attempt, "approved").await;
    rig.stop().await;
    rig.restart().await;
    assert_eq!(rig.till().attention().await.0.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_same_card_is_refused_until_an_override_names_it_and_that_once() {
    let rig = Rig::start().await;
    let aside = set_aside(&rig).await;
    let block = |error| {
        let PayError::Blocked(block) = error else { panic!("not blocked: {error:?}") };
        *block
    };
    let error = rig.till().pay(booking("R-1", 54_500)).await.unwrap_err();
    assert!(matches!(block(error), Block::SetAsideSameCard(_)));
    let overriding = || {
        let mut request = booking("R-1", 54_500);
        request.overrides = Some(aside.attempt);
        request.authority = Some(supervisor());
        request
    };
    let mut wrong_pin = overriding();
    wrong_pin.authority = Some(authority("Şefika", "0000"));
    assert!(matches!(rig.till().pay(wrong_pin).await.unwrap_err(), PayError::NotASupervisor));
    rig.finrota.pay.then(|_| failure());
    rig.finrota.status.always(move |attempt| match attempt.intent.follows {
        Some(_) => failed_transaction(attempt),
        None => pending_transaction(attempt),
    });
    rig.pay_until(overriding(), "declined").await;
    let error = rig.till().pay(overriding()).await.unwrap_err();
    assert!(matches!(block(error), Block::SetAsideSameCard(_)), "an override is for one use");
}

/// The gateway says of attempts with these cards that they are paid, and of all others that they are pending.
fn only_paid(rig: &Rig, cards: &'static [&'static str]) {
    rig.finrota.status.always(move |attempt| {
        let last_four = attempt.intent.card().unwrap().last_four;
        if cards.iter().any(|card| card.ends_with(last_four.as_str())) {
            paid_transaction(attempt)
        } else {
            pending_transaction(attempt)
        }
    });
}

fn is_alarmed(view: &AttemptView) -> bool {
    view.alarms.iter().any(|alarm| alarm.code == "both_approved")
}

#[tokio::test(start_paused = true)]
async fn both_are_alarmed_although_the_journal_could_not_be_read_when_the_second_was_approved() {
    let rig = Rig::start().await;
    let aside = set_aside(&rig).await;
    only_paid(&rig, &[MASTERCARD]);
    let next = rig.pay_until(other_card(), "approved").await;
    rig.journal.fail_siblings(true);
    only_paid(&rig, &[VISA, MASTERCARD]);
    rig.until(aside.attempt, "approved").await;
    rig.pass(10).await;
    assert!(!is_alarmed(&rig.view(aside.attempt).await), "nobody can tell yet");
    rig.journal.fail_siblings(false);
    rig.pass(2).await;
    assert!(is_alarmed(&rig.view(aside.attempt).await) && is_alarmed(&rig.view(next.attempt).await));
    rig.pass(60).await;
    assert_eq!(rig.view(next.attempt).await.alarms.len(), 1, "once");
}

#[tokio::test(start_paused = true)]
async fn the_first_and_the_last_of_a_chain_of_set_aside_attempts_are_alarmed_when_both_end_approved() {
    let rig = Rig::start().await;
    let first = set_aside(&rig).await;
    rig.finrota.pay.then(|_| timed_out());
    let second = rig.pay_until(other_card(), "unknown").await;
    rig.pass(400).await;
    rig.till().settle(verdict(second.attempt, Verdict::SetAside)).await.unwrap();
    only_paid(&rig, &[THIRD_CARD]);
    let mut request = booking("R-1", 54_500);
    request.means = by_card(THIRD_CARD);
    let third = rig.pay_until(request, "approved").await;
    assert!(third.alarms.is_empty());
    only_paid(&rig, &[THIRD_CARD, VISA]);
    rig.until_view(first.attempt, "alarmed", is_alarmed).await;
    rig.until_view(third.attempt, "alarmed", is_alarmed).await;
    let second = rig.view(second.attempt).await;
    assert_eq!((second.state, second.alarms.len()), ("set_aside", 0));
}

#[tokio::test(start_paused = true)]
async fn another_part_that_was_paid_meanwhile_is_no_twin_of_the_one_that_was_set_aside() {
    let rig = Rig::start().await;
    let part = |part, card| {
        let mut request = booking("R-1", 54_500);
        request.subject =
            vezne_core::attempt::Subject::Reference { reference: "R-1".parse().unwrap(), part: Some(part) };
        request.means = by_card(card);
        request
    };
    rig.finrota.pay.then(|_| timed_out());
    only_paid(&rig, &[MASTERCARD]);
    let rental = rig.pay_until(part(Part::Rental, VISA), "unknown").await;
    rig.pass(400).await;
    rig.till().settle(verdict(rental.attempt, Verdict::SetAside)).await.unwrap();
    let deposit = rig.pay_until(part(Part::Deposit, MASTERCARD), "approved").await;
    only_paid(&rig, &[MASTERCARD, VISA]);
    let rental = rig.until(rental.attempt, "approved").await;
    settle_down().await;
    assert!(!is_alarmed(&rig.view(rental.attempt).await), "both parts are owed");
    assert!(!is_alarmed(&rig.view(deposit.attempt).await), "both parts are owed");
}

#[tokio::test(start_paused = true)]
async fn what_is_declared_no_part_may_be_the_money_of_the_part_that_was_set_aside() {
    let rig = Rig::start().await;
    let mut rental = booking("R-1", 54_500);
    rental.subject =
        vezne_core::attempt::Subject::Reference { reference: "R-1".parse().unwrap(), part: Some(Part::Rental) };
    rental.means = by_card(VISA);
    rig.finrota.pay.then(|_| timed_out());
    only_paid(&rig, &[MASTERCARD]);
    let rental = rig.pay_until(rental, "unknown").await;
    rig.pass(400).await;
    rig.till().settle(verdict(rental.attempt, Verdict::SetAside)).await.unwrap();
    let mut undeclared = booking("R-1", 54_500);
    undeclared.means = by_card(MASTERCARD);
    let undeclared = rig.pay_until(undeclared, "approved").await;
    only_paid(&rig, &[MASTERCARD, VISA]);
    rig.until_view(rental.attempt, "alarmed", is_alarmed).await;
    rig.until_view(undeclared.attempt, "alarmed", is_alarmed).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_supervisor_lets_stand_beside_an_approved_one_on_purpose_is_no_alarm() {
    let rig = Rig::start().await;
    set_aside(&rig).await;
    only_paid(&rig, &[MASTERCARD, THIRD_CARD]);
    let paid = rig.pay_until(other_card(), "approved").await;
    let mut request = booking("R-1", 54_500);
    request.means = by_card(THIRD_CARD);
    request.overrides = Some(paid.attempt);
    request.authority = Some(supervisor());
    let beside = rig.pay_until(request, "approved").await;
    settle_down().await;
    assert!(!is_alarmed(&rig.view(paid.attempt).await));
    assert!(!is_alarmed(&rig.view(beside.attempt).await));
}
