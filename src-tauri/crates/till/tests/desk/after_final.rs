//! After a final outcome: rechecks, contradictions, counter-entries.

use vezne_core::answers::{NotSentReason, ReversalAnswer, StatusAnswer, TransactionState};
use vezne_core::attempt::Refusal;
use vezne_core::guard::Block;
use vezne_core::reversal::Kind;
use vezne_till::{AttemptView, PayError, ReverseRequest, ReverseSize, SettleError, Verdict};

use crate::support::*;

async fn declined(rig: &Rig) -> AttemptView {
    rig.finrota.pay.then(|_| failure());
    rig.finrota.status.always(|_| StatusAnswer::NoTrace);
    rig.pay_until(booking("R-1", 54_500), "declined").await
}

#[tokio::test(start_paused = true)]
async fn a_decline_is_asked_about_again_after_10_and_60_seconds_and_then_let_be() {
    let rig = Rig::start().await;
    let view = declined(&rig).await;
    rig.pass(86_400).await;
    assert_eq!(rig.asked_at(view.attempt), [0, 10, 60]);
    assert_eq!(rig.view(view.attempt).await.next_question, None);
}

#[tokio::test(start_paused = true)]
async fn a_declined_payment_that_was_paid_raises_a_lasting_alarm_and_blocks_until_the_counter_entry() {
    let mut rig = Rig::start().await;
    let view = declined(&rig).await;
    rig.finrota.status.always(paid_transaction);
    let view = rig.until_view(view.attempt, "contradicted", |view| view.contradicted).await;
    assert_eq!(view.state, "declined", "evidence never overwrites a final outcome");
    let blocked = rig.till().pay(booking("R-1", 54_500)).await.unwrap_err();
    let PayError::Blocked(block) = blocked else { panic!("not blocked: {blocked:?}") };
    assert!(matches!(*block, Block::Contradicted(_)), "{block:?}");
    rig.pass(30 * 86_400).await;
    rig.restart().await;
    assert_eq!(rig.till().attention().await.0.len(), 1, "the alarm lasts");
    let mut wrong = verdict(view.attempt, Verdict::Approved);
    wrong.authority = authority("Şefika", "0000");
    assert!(matches!(rig.till().settle(wrong).await.unwrap_err(), SettleError::NotASupervisor));
    let settled = rig.till().settle(verdict(view.attempt, Verdict::Approved)).await.unwrap();
    assert_eq!((settled.state, settled.evidence), ("approved", Some("counter_entry")));
    assert!(!settled.contradicted && settled.alarms.is_empty());
    assert!(rig.till().attention().await.0.is_empty());
    let words = rig.journal.words(view.attempt);
    let lasting: Vec<_> = words.into_iter().filter(|word| *word != "asked").collect();
    assert_eq!(lasting[4..], ["declined", "contradicted", "alarmed", "approved"]);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_contradicts_needs_no_counter_entry() {
    let rig = Rig::start().await;
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    let error = rig.till().settle(verdict(view.attempt, Verdict::Declined)).await.unwrap_err();
    assert!(matches!(error, SettleError::Refused(_)), "{error:?}");
    assert_eq!(rig.view(view.attempt).await.state, "approved");
}

#[tokio::test(start_paused = true)]
async fn asking_again_works_on_every_attempt_that_was_sent_or_not() {
    let rig = Rig::start().await;
    rig.finrota.get_ready.then(|()| Err(NotSentReason::NoSlot));
    let view = rig.pay_until(booking("R-1", 54_500), "not_sent").await;
    rig.till().ask_again(view.attempt).await.unwrap();
    let view = rig.until_view(view.attempt, "contradicted", |view| view.contradicted).await;
    assert_eq!(view.state, "not_sent");
    assert!(view.needs_attention);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_could_confirm_is_followed_for_a_quarter_of_an_hour() {
    let rig = Rig::start().await;
    rig.finrota.status.always(|_| StatusAnswer::NoTrace);
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    assert!(view.unconfirmed);
    rig.pass(3_600).await;
    let asked = rig.asked_at(view.attempt);
    assert_eq!(asked[..7], [0, 2, 5, 10, 20, 30, 90]);
    assert!(asked.last().unwrap() <= &900, "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_is_still_unconfirmed_after_24_hours_stands_in_needs_attention() {
    let rig = Rig::start().await;
    rig.finrota.status.always(|_| StatusAnswer::NoTrace);
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.pass(86_000).await;
    assert!(rig.till().attention().await.0.is_empty());
    rig.pass(401).await;
    assert_eq!(rig.till().attention().await.0.len(), 1);
    rig.finrota.status.always(paid_transaction);
    rig.till().ask_again(view.attempt).await.unwrap();
    rig.until_view(view.attempt, "confirmed", |view| !view.unconfirmed).await;
    assert!(rig.till().attention().await.0.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_restart_does_not_take_an_unconfirmed_outcome_out_of_sight() {
    let mut rig = Rig::start().await;
    rig.finrota.status.always(|_| StatusAnswer::NoTrace);
    rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.pass(3_600).await;
    rig.restart().await;
    rig.pass(86_400).await;
    assert_eq!(rig.till().attention().await.0.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_unconfirmed_outcome_is_never_too_old_to_need_attention() {
    let mut rig = Rig::start().await;
    rig.finrota.status.always(|_| StatusAnswer::NoTrace);
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.pass(30 * 86_400).await;
    rig.restart().await;
    assert_eq!(rig.till().attention().await.0, [rig.view(view.attempt).await]);
    rig.finrota.status.always(paid_transaction);
    rig.till().ask_again(view.attempt).await.unwrap();
    rig.until_view(view.attempt, "confirmed", |view| !view.unconfirmed).await;
    rig.restart().await;
    assert!(rig.till().attention().await.0.is_empty());
}

#[tokio::test(start_paused = true)]
async fn another_amount_than_expected_is_unknown_with_an_alarm() {
    let rig = Rig::start().await;
    rig.finrota.status.always(|attempt| {
        let StatusAnswer::Transaction(mut facts) = transaction(attempt, TransactionState::Paid) else { unreachable!() };
        facts.amount = lira(54_400).into();
        StatusAnswer::Transaction(facts)
    });
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    assert_eq!(view.reason.unwrap().code, "not_as_expected");
    assert_eq!(view.alarms[0].code, "other_amount");
}

#[tokio::test(start_paused = true)]
async fn a_return_against_a_final_outcome_asks_once_and_overwrites_nothing() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| challenge());
    rig.finrota.status.always(failed_transaction);
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    let view = rig.until(attempt, "declined").await;
    let asked = rig.finrota.status.count();
    for _ in 0..5 {
        rig.till().returned(attempt, returned(&view, true)).await;
        rig.pass(3).await;
    }
    assert_eq!(rig.finrota.status.count(), asked + 1);
    assert_eq!(rig.view(attempt).await.state, "declined");
}

#[tokio::test(start_paused = true)]
async fn what_a_supervisor_settled_is_asked_about_hourly_and_contradicted_if_need_be() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    let settled = rig.till().settle(verdict(view.attempt, Verdict::Declined)).await.unwrap();
    assert_eq!(settled.evidence, Some("supervisor"));
    let before = rig.finrota.status.count();
    rig.pass(3 * 3_600 + 10).await;
    assert_eq!(rig.finrota.status.count(), before + 3);
    rig.finrota.status.always(paid_transaction);
    rig.until_view(view.attempt, "contradicted", |view| view.contradicted).await;
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_back_strands_no_question() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    rig.pass(400).await;
    rig.clock.set_by_seconds(-365 * 86_400);
    let asked = rig.finrota.status.count();
    rig.pass(130).await;
    assert!(rig.finrota.status.count() > asked, "asked within the interval");
    rig.finrota.status.always(paid_transaction);
    rig.until(view.attempt, "approved").await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_not_held_against_an_outcome_while_the_reversals_can_not_be_read() {
    let rig = Rig::start().await;
    rig.finrota.before_reversal.always(|_| Ok(remaining(54_500)));
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.finrota.reverse.then(|_| ReversalAnswer::Done { last_amount: Some(lira(54_400)) });
    let request = ReverseRequest {
        payment: view.payment,
        attempt: None,
        kind: Kind::Refund,
        size: ReverseSize::Part(lira(100)),
        shown_left: None,
        authority: supervisor(),
    };
    let reversal = rig.till().reverse(request).await.unwrap();
    rig.until_reversal(reversal.reversal, "done").await;
    rig.finrota.status.always(|attempt| {
        let StatusAnswer::Transaction(mut facts) = transaction(attempt, TransactionState::Paid) else { unreachable!() };
        facts.amount = lira(54_400).into();
        StatusAnswer::Transaction(facts)
    });
    let asked = rig.finrota.status.count();
    for unreadable in [true, false] {
        rig.journal.fail_payments(unreadable);
        rig.till().ask_again(view.attempt).await.unwrap();
        rig.pass(1).await;
        let view = rig.view(view.attempt).await;
        assert!(!view.contradicted && view.alarms.is_empty(), "unreadable: {unreadable}, {view:?}");
    }
    assert_eq!(rig.finrota.status.count(), asked + 2);
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_who_says_nothing_of_what_they_saw_settles_nothing() {
    let rig = Rig::start().await;
    let missing = |error: &SettleError| matches!(error, SettleError::Refused(Refusal::PortalReferenceMissing));
    let silent = |attempt, outcome| {
        let mut request = verdict(attempt, outcome);
        request.saw = None;
        request
    };
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    rig.pass(900).await;
    for outcome in [Verdict::Approved, Verdict::Declined] {
        let error = rig.till().settle(silent(view.attempt, outcome)).await.unwrap_err();
        assert!(missing(&error), "{error:?}");
    }
    assert_eq!(rig.view(view.attempt).await.state, "unknown");
    rig.till().settle(verdict(view.attempt, Verdict::Declined)).await.unwrap();
    rig.finrota.status.always(paid_transaction);
    let view = rig.until_view(view.attempt, "contradicted", |view| view.contradicted).await;
    let error = rig.till().settle(silent(view.attempt, Verdict::Approved)).await.unwrap_err();
    assert!(missing(&error), "{error:?}");
    assert!(rig.view(view.attempt).await.contradicted);
    rig.till().settle(verdict(view.attempt, Verdict::Approved)).await.unwrap();
}
