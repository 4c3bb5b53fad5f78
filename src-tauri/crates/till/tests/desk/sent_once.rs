//! What may have reached a gateway is never sent again; the one exception is a 401.

use vezne_core::answers::{CouldNotAsk, NotSentReason, PayAnswer, StatusAnswer};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn after_a_401_the_token_is_renewed_and_the_request_sent_a_second_time() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| unauthorised());
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    assert_eq!(
        rig.journal.words(view.attempt),
        ["ready", "sending", "reauthorising", "sending", "heard", "confirming", "asked", "approved"]
    );
    rig.log.assert_order(&[
        "disk: sending",
        "gateway: pay",
        "disk: reauthorising",
        "gateway: renew token",
        "disk: sending",
        "gateway: pay",
        "disk: heard, confirming",
    ]);
    assert_eq!((rig.finrota.pay.count(), rig.finrota.renew_token.count()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_second_401_is_a_refusal() {
    let rig = Rig::start().await;
    rig.finrota.pay.always(|_| unauthorised());
    let view = rig.pay_until(booking("R-1", 54_500), "refused").await;
    assert_eq!((view.refused_by, view.reason.unwrap().code), (Some("gateway"), "unauthorised"));
    rig.pass(3_600).await;
    assert_eq!((rig.finrota.pay.count(), rig.finrota.renew_token.count()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn without_a_new_token_a_401_is_a_refusal() {
    let rig = Rig::start().await;
    rig.finrota.pay.always(|_| unauthorised());
    rig.finrota.renew_token.always(|()| Err(CouldNotAsk::SignIn));
    let view = rig.pay_until(booking("R-1", 54_500), "refused").await;
    assert_eq!(view.reason.unwrap().code, "unauthorised");
    assert_eq!(rig.finrota.pay.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_second_sending_that_can_not_be_written_is_a_refusal_and_not_sent() {
    for fault in [Fault::Lost, Fault::DidGetIn] {
        let rig = Rig::start().await;
        rig.finrota.pay.then(|_| unauthorised());
        let gate = rig.finrota.renew_token.then_held(|()| Ok(()));
        let attempt = rig.begin(booking("R-1", 54_500)).await;
        rig.until(attempt, "reauthorising").await;
        rig.journal.fail_next("sending", fault);
        gate.release();
        rig.until(attempt, "refused").await;
        assert_eq!(rig.finrota.pay.count(), 1, "{fault:?}");
        assert_eq!(rig.journal.folded(attempt).state.word(), "refused");
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_request_that_did_not_leave_hides_nothing() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| unauthorised());
    rig.finrota.pay.then(|_| answer(PayAnswer::NotSent(NotSentReason::Offline)));
    let view = rig.pay_until(booking("R-1", 54_500), "refused").await;
    assert_eq!(view.reason.unwrap().code, "unauthorised");
}

#[tokio::test(start_paused = true)]
async fn a_time_out_is_asked_about_at_the_moments_of_the_schedule_and_settled_by_a_later_answer() {
    let rig = Rig::start().await;
    rig.finrota.pay.then_after(120, |_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    assert_eq!(view.reason.unwrap().code, "timed_out");
    rig.pass(200).await;
    let asked = rig.asked_at(view.attempt);
    assert_eq!(asked, [0, 2, 5, 10, 20, 30, 90, 150].map(|after| 120 + after));
    rig.finrota.status.always(paid_transaction);
    rig.until(view.attempt, "approved").await;
    assert_eq!(rig.asked_at(view.attempt).last(), Some(&(120 + 210)));
    assert_eq!(rig.finrota.pay.count(), 1, "it is never sent again");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_attempt_is_asked_about_for_weeks_at_the_pace_of_the_rules_and_nothing_spins() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(|_| StatusAnswer::CouldNotAsk(CouldNotAsk::Offline));
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    let sleeps = || rig.clock.sleeps.load(std::sync::atomic::Ordering::SeqCst);
    let before = sleeps();
    rig.pass(10 * 86_400).await;
    let asked = rig.finrota.status.count();
    // 6 at first, 14 in the first quarter of an hour, about 92 in the first day, 144 to the seventh, 3 after.
    assert!((250..=270).contains(&asked), "{asked} questions in ten days");
    let slept = sleeps() - before;
    assert!(slept <= 6 * asked, "{slept} sleeps for {asked} questions");
    assert_eq!(rig.view(view.attempt).await.questions, u32::try_from(asked).unwrap());
    assert_eq!(rig.finrota.pay.count(), 1);
    assert_eq!(rig.till().attention().await.0.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_question_that_hangs_is_not_asked_a_second_time_and_nothing_spins_meanwhile() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    let gate = rig.finrota.status.then_held(paid_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    let sleeps = || rig.clock.sleeps.load(std::sync::atomic::Ordering::SeqCst);
    let before = sleeps();
    rig.pass(100).await;
    assert_eq!(rig.finrota.status.count(), 1);
    assert!(sleeps() - before <= 210, "{} sleeps in 100 s", sleeps() - before);
    gate.release();
    rig.until(view.attempt, "approved").await;
}

#[tokio::test(start_paused = true)]
async fn a_request_of_which_no_byte_left_is_not_sent_and_may_be_repeated() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| answer(PayAnswer::NotSent(NotSentReason::Offline)));
    let view = rig.pay_until(booking("R-1", 54_500), "not_sent").await;
    assert_eq!(view.reason.unwrap().code, "offline");
    let again = rig.pay_until(booking("R-1", 54_500), "approved").await;
    assert_eq!(again.payment, view.payment, "it is the same debt");
    assert_ne!(again.reference, view.reference, "under a reference of its own");
}

#[tokio::test(start_paused = true)]
async fn cancelling_is_free_until_the_sending_and_too_late_after_it() {
    let rig = Rig::start().await;
    let ready = rig.finrota.get_ready.then_held(|()| Ok(()));
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    rig.till().cancel(attempt).await.unwrap();
    assert_eq!(rig.view(attempt).await.reason.unwrap().code, "cancelled");
    ready.release();
    rig.pass(60).await;
    assert_eq!(rig.finrota.pay.count(), 0, "a preparation that comes late sends nothing");

    let gate = rig.finrota.pay.then_held(|_| success());
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    rig.until(attempt, "sending").await;
    let refused = rig.till().cancel(attempt).await.unwrap_err();
    assert!(refused.to_string().contains("may have left"), "{refused}");
    gate.release();
    rig.until(attempt, "approved").await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_without_a_slot_a_sign_in_or_a_return_address() {
    for (reason, code) in [
        (NotSentReason::NoSlot, "no_slot"),
        (NotSentReason::SignInRefused, "sign_in_refused"),
        (NotSentReason::Offline, "offline"),
    ] {
        let rig = Rig::start().await;
        rig.finrota.get_ready.then(move |()| Err(reason));
        let view = rig.pay_until(booking("R-1", 54_500), "not_sent").await;
        assert_eq!(view.reason.unwrap().code, code);
        assert_eq!(rig.finrota.pay.count(), 0);
    }
    let rig = Rig::start().await;
    rig.pages.address.then(|_| Err("no port is free".to_owned()));
    let view = rig.pay_until(booking("R-1", 54_500), "not_sent").await;
    assert_eq!(view.reason.unwrap().code, "no_return_address");
    assert_eq!((rig.finrota.get_ready.count(), rig.finrota.pay.count()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn options_that_grew_too_old_while_waiting_for_a_slot_are_not_paid_from() {
    let rig = Rig::start().await;
    rig.finrota.get_ready.then_after(21 * 60, |()| Ok(()));
    let view = rig.pay_until(booking("R-1", 54_500), "refused").await;
    assert_eq!((view.refused_by, view.reason.unwrap().code), (Some("vezne"), "option_not_offered"));
    assert_eq!(rig.finrota.pay.count(), 0);
}
