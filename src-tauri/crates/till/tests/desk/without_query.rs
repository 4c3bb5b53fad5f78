//! Where the gateway can't be asked (`RULES.md` 2, "Without one").

use vezne_core::account::{ReturnRule, StatusQuery};
use vezne_core::answers::{CannotBeAsked, Probe, StatusAnswer};
use vezne_core::ports::PayResult;

use crate::support::*;

async fn off(rule: ReturnRule) -> Rig {
    Rig::start_with(|rig| {
        for account in [&mut rig.finrota_account, &mut rig.yolcu_account] {
            account.terms.status_query = StatusQuery::Off;
            account.terms.return_rule = rule;
        }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_direct_answer_settles_and_nobody_is_asked() {
    let answers: [(fn() -> PayResult, _, _); 2] = [(success, "approved", true), (failure, "declined", false)];
    for (answered, state, unconfirmed) in answers {
        let rig = off(ReturnRule::Hint).await;
        rig.finrota.pay.then(move |_| answered());
        let view = rig.pay_until(booking("R-1", 54_500), state).await;
        assert_eq!((view.unconfirmed, view.evidence), (unconfirmed, Some("pay_answer")));
        rig.pass(86_400).await;
        assert_eq!(rig.finrota.status.count(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_return_alone_leaves_it_unknown_and_says_what_it_said() {
    for (success, code) in [(true, "only_the_return_said_success"), (false, "only_the_return_said_failure")] {
        let rig = off(ReturnRule::Hint).await;
        rig.finrota.pay.then(|_| challenge());
        let view = rig.pay_until(booking("R-1", 54_500), "at_bank").await;
        rig.till().returned(view.attempt, returned(&view, success)).await;
        let view = rig.until(view.attempt, "unknown").await;
        assert_eq!(view.reason.unwrap().code, code);
        assert_eq!(rig.finrota.status.count(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn by_the_owners_setting_an_explicit_return_settles_unconfirmed_and_a_forged_one_does_not() {
    for (success, state) in [(true, "approved"), (false, "declined")] {
        let rig = off(ReturnRule::Settles).await;
        rig.finrota.pay.then(|_| challenge());
        let view = rig.pay_until(booking("R-1", 54_500), "at_bank").await;
        rig.till().returned(view.attempt, forged(&view, !success)).await;
        rig.pass(5).await;
        assert_eq!(rig.view(view.attempt).await.state, "confirming");
        rig.till().returned(view.attempt, returned(&view, success)).await;
        let view = rig.until(view.attempt, state).await;
        assert_eq!((view.unconfirmed, view.evidence), (true, Some("return_alone")));
    }
}

#[tokio::test(start_paused = true)]
async fn at_yolcu_a_success_with_installment_info_gone_is_approved_unconfirmed() {
    let rig = off(ReturnRule::Hint).await;
    rig.yolcu.probe.always(|_| Probe::Gone);
    rig.yolcu.pay.then(|_| challenge());
    let view = rig.pay_until(order("order_1"), "at_bank").await;
    rig.till().returned(view.attempt, returned(&view, true)).await;
    let view = rig.until(view.attempt, "approved").await;
    assert_eq!((view.unconfirmed, view.evidence), (true, Some("return_and_probe")));
    assert_eq!((rig.yolcu.status.count(), rig.yolcu.order.count()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn at_yolcu_a_failure_is_declined_only_when_the_order_is_still_open_after_10_and_60_seconds() {
    let rig = off(ReturnRule::Hint).await;
    rig.yolcu.probe.always(|_| Probe::StillOpen);
    rig.yolcu.pay.then(|_| challenge());
    let view = rig.pay_until(order("order_1"), "at_bank").await;
    rig.till().returned(view.attempt, returned(&view, false)).await;
    let view = rig.until(view.attempt, "declined").await;
    assert_eq!(rig.clock.elapsed() / 1_000, 60);
    assert_eq!((view.unconfirmed, view.evidence), (true, Some("return_and_probe")));

    let rig = off(ReturnRule::Hint).await;
    rig.yolcu.probe.then(|_| Probe::StillOpen);
    rig.yolcu.probe.then(|_| Probe::StillOpen);
    rig.yolcu.probe.always(|_| Probe::Gone);
    rig.yolcu.pay.then(|_| challenge());
    let view = rig.pay_until(order("order_1"), "at_bank").await;
    rig.till().returned(view.attempt, returned(&view, false)).await;
    rig.pass(7_200).await;
    assert_eq!(rig.view(view.attempt).await.state, "unknown", "a failure that says so and an order that is gone");
}

#[tokio::test(start_paused = true)]
async fn without_return_or_answer_nobody_said_anything_and_nothing_spins() {
    let rig = off(ReturnRule::Hint).await;
    rig.finrota.pay.then(|_| challenge());
    let view = rig.pay_until(booking("R-1", 54_500), "at_bank").await;
    let view = rig.until(view.attempt, "unknown").await;
    assert_eq!(view.reason.unwrap().code, "nobody_said_anything");
    let before = rig.clock.sleeps.load(std::sync::atomic::Ordering::SeqCst);
    rig.pass(86_400).await;
    assert!(rig.clock.sleeps.load(std::sync::atomic::Ordering::SeqCst) - before < 10);
    assert_eq!((rig.finrota.status.count(), view.next_question), (0, None));
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_turns_out_not_to_answer_leaves_it_to_a_person() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| challenge());
    rig.finrota.status.always(|_| StatusAnswer::CannotBeAsked(CannotBeAsked::Unauthorised));
    let view = rig.pay_until(booking("R-1", 54_500), "at_bank").await;
    rig.till().returned(view.attempt, returned(&view, true)).await;
    let view = rig.until(view.attempt, "unknown").await;
    assert_eq!(view.reason.unwrap().code, "only_the_return_said_success");
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_back_after_a_second_sign_strands_nothing() {
    for (back, success) in [(3_600, false), (365 * 86_400, false), (3_600, true)] {
        let rig = off(ReturnRule::Hint).await;
        rig.yolcu.probe.always(|_| Probe::StillOpen);
        rig.yolcu.pay.then(|_| challenge());
        let attempt = rig.begin(order("order_1")).await;
        let view = rig.until(attempt, "at_bank").await;
        rig.till().returned(attempt, returned(&view, success)).await;
        settle_down().await;
        assert_eq!((rig.view(attempt).await.state, rig.yolcu.probe.count()), ("confirming", 1));
        rig.clock.set_by_seconds(-back);
        rig.pass(120).await;
        assert_eq!(rig.view(attempt).await.state, "unknown", "{back} s back");
    }
}
