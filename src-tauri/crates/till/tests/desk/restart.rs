//! The desk's process ends without a word, and a new one takes up what it finds (`RULES.md` 1). Nothing is ever sent by
//! a restart.

use vezne_core::answers::{NotSentReason, OrderState, StatusAnswer};
use vezne_core::ports::{MissingSpan, PayResult};
use vezne_till::PayError;

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn what_was_ready_is_not_sent() {
    let mut rig = Rig::start().await;
    let _held = rig.finrota.get_ready.then_held(|()| Ok(()));
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    rig.restart().await;
    let view = rig.view(attempt).await;
    assert_eq!((view.state, view.reason.unwrap().code), ("not_sent", "restarted"));
    rig.pass(3_600).await;
    assert_eq!(rig.finrota.pay.count(), 0);
    rig.pay_until(booking("R-1", 54_500), "approved").await;
}

/// The journal was restored from before the request may have left: the gateway is asked, and the key stays blocked.
#[tokio::test(start_paused = true)]
async fn what_was_ready_in_a_journal_that_lost_what_came_after_is_unknown_and_asked_about() {
    let mut rig = Rig::start().await;
    let _held = rig.finrota.get_ready.then_held(|()| Ok(()));
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    let opened = rig.view(attempt).await.opened;
    rig.journal.miss(MissingSpan { from: opened, until: opened.after(vezne_core::time::Millis::minutes(5)) });
    rig.finrota.status.always(paid_transaction);
    rig.restart().await;
    rig.until(attempt, "approved").await;
    assert_eq!((rig.finrota.status.count(), rig.finrota.pay.count()), (1, 0), "asked at once, and nothing is sent");
}

#[tokio::test(start_paused = true)]
async fn a_request_under_way_is_unknown_asked_about_at_once_and_never_sent_again() {
    for round in 1..=2 {
        let mut rig = Rig::start().await;
        if round == 2 {
            rig.finrota.pay.then(|_| unauthorised());
        }
        let gate = rig.finrota.pay.then_held(|_| success());
        rig.finrota.status.always(pending_transaction);
        let attempt = rig.begin(booking("R-1", 54_500)).await;
        settle_down().await;
        rig.restart().await;
        let view = rig.view(attempt).await;
        assert_eq!((view.state, view.reason.unwrap().code), ("unknown", "restarted"));
        assert_eq!(rig.finrota.status.count(), 1, "asked at once");
        gate.release();
        rig.pass(60).await;
        assert_eq!(rig.view(attempt).await.state, "unknown", "an answer to the process that is gone is nobody's");
        let blocked = rig.till().pay(booking("R-1", 54_500)).await.unwrap_err();
        assert!(matches!(blocked, PayError::Blocked(_)), "{blocked:?}");
        rig.finrota.status.always(paid_transaction);
        rig.until(attempt, "approved").await;
        assert_eq!(rig.finrota.pay.count(), round);
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_being_renewed_is_a_refusal() {
    let mut rig = Rig::start().await;
    rig.finrota.pay.then(|_| unauthorised());
    let gate = rig.finrota.renew_token.then_held(|()| Ok(()));
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    rig.until(attempt, "reauthorising").await;
    rig.restart().await;
    assert_eq!(rig.view(attempt).await.state, "refused");
    gate.release();
    rig.pass(3_600).await;
    assert_eq!(rig.finrota.pay.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_customer_at_the_bank_is_asked_about_and_the_page_is_not_opened_again() {
    let mut rig = Rig::start().await;
    rig.finrota.pay.then(|_| challenge());
    rig.finrota.status.always(pending_transaction);
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    rig.until(attempt, "at_bank").await;
    rig.restart().await;
    assert_eq!(rig.view(attempt).await.state, "confirming");
    assert_eq!((rig.pages.open.count(), rig.finrota.status.count()), (1, 1));
    let view = rig.view(attempt).await;
    rig.until(attempt, "unknown").await;
    rig.till().returned(attempt, returned(&view, true)).await;
    rig.finrota.status.always(paid_transaction);
    rig.until(attempt, "approved").await;
    assert_eq!(rig.pages.open.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_confirmation_goes_on_with_what_was_heard() {
    let answers: [(fn() -> PayResult, _); 2] = [(success, "approved"), (failure, "declined")];
    for (heard, state) in answers {
        let mut rig = Rig::start().await;
        rig.finrota.pay.then(move |_| heard());
        let _held = rig.finrota.status.then_held(paid_transaction);
        let attempt = rig.begin(booking("R-1", 54_500)).await;
        rig.until(attempt, "confirming").await;
        rig.finrota.status.always(|_| StatusAnswer::NoTrace);
        rig.restart().await;
        rig.until(attempt, state).await;
        assert_eq!(rig.finrota.pay.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn unknown_and_set_aside_go_on_being_asked_about() {
    let mut rig = Rig::start().await;
    rig.finrota.status.always(pending_transaction);
    rig.finrota.pay.then(|_| timed_out());
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    rig.until(attempt, "unknown").await;
    rig.pass(400).await;
    rig.restart().await;
    assert_eq!(rig.view(attempt).await.state, "unknown");
    let asked = rig.finrota.status.count();
    rig.pass(61).await;
    assert!(rig.finrota.status.count() > asked);
    rig.till().settle(verdict(attempt, vezne_till::Verdict::SetAside)).await.unwrap();
    rig.restart().await;
    assert_eq!(rig.view(attempt).await.state, "set_aside");
    assert_eq!(rig.till().attention().await.0.len(), 1);
    rig.finrota.status.always(failed_transaction);
    rig.until(attempt, "declined").await;
}

#[tokio::test(start_paused = true)]
async fn final_outcomes_stay_what_they_are() {
    let mut rig = Rig::start().await;
    let approved = rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.finrota.get_ready.then(|()| Err(NotSentReason::NoSlot));
    let mut request = booking("R-2", 100);
    request.means = by_card(MASTERCARD);
    let not_sent = rig.pay_until(request, "not_sent").await;
    let before = rig.journal.lines().len();
    rig.restart().await;
    rig.pass(60).await;
    assert_eq!(rig.view(approved.attempt).await, approved);
    assert_eq!(rig.view(not_sent.attempt).await.state, "not_sent");
    assert_eq!(rig.journal.lines().len(), before, "nothing is written about what is over");
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_stops_and_starts_a_hundred_times_sends_once_and_asks_at_the_same_pace() {
    let mut rig = Rig::start().await;
    rig.yolcu.status.always(|_| StatusAnswer::Order(facts(OrderState::Pending, Some("p1"))));
    rig.yolcu.pay.then(|_| timed_out());
    let attempt = rig.begin(order("order_1")).await;
    rig.until(attempt, "unknown").await;
    for _ in 0..100 {
        rig.restart().await;
        assert_eq!(rig.view(attempt).await.state, "unknown");
    }
    assert_eq!(rig.yolcu.pay.count(), 1);
    rig.yolcu.status.always(|_| StatusAnswer::Order(facts(OrderState::Reserved, Some("p1"))));
    rig.until(attempt, "approved").await;
}

#[tokio::test(start_paused = true)]
async fn an_account_that_points_elsewhere_now_is_never_asked() {
    let mut rig = Rig::start().await;
    rig.finrota.status.always(pending_transaction);
    rig.finrota.pay.then(|_| timed_out());
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    rig.until(attempt, "unknown").await;
    let asked = rig.finrota.status.count();
    rig.finrota_account.reference.endpoint.key_fingerprint = "beef".to_owned();
    rig.restart().await;
    rig.pass(3_600).await;
    assert_eq!(rig.finrota.status.count(), asked, "the other login is asked nothing");
    let view = rig.view(attempt).await;
    assert_eq!(view.state, "unknown");
    assert!(view.questions > u32::try_from(asked).unwrap());
    rig.till().ask_again(attempt).await.unwrap();
    rig.pass(1).await;
    assert_eq!(rig.finrota.status.count(), asked);
}

#[tokio::test(start_paused = true)]
async fn a_second_sign_is_not_asked_for_at_another_address_and_nothing_spins() {
    let mut rig = Rig::start_with(|rig| {
        rig.yolcu_account.terms.status_query = vezne_core::account::StatusQuery::Off;
    })
    .await;
    rig.yolcu.probe.always(|_| vezne_core::answers::Probe::StillOpen);
    rig.yolcu.pay.then(|_| challenge());
    let attempt = rig.begin(order("order_1")).await;
    let view = rig.until(attempt, "at_bank").await;
    rig.till().returned(attempt, returned(&view, false)).await;
    rig.pass(15).await;
    let probed = rig.yolcu.probe.count();
    assert!(probed >= 1);
    rig.yolcu_account.reference.endpoint.base_url = "https://elsewhere.example".to_owned();
    rig.restart().await;
    rig.pass(600).await;
    assert_eq!(rig.yolcu.probe.count(), probed);
    assert_eq!(rig.view(attempt).await.state, "unknown");
}
