//! The customer at the bank: the page, its returns, and its end.

use vezne_core::account::PagePlace;
use vezne_core::answers::{ChallengeFault, PayAnswer};
use vezne_core::attempt::PageEnd;

use crate::support::*;

async fn at_bank(rig: &Rig) -> vezne_till::AttemptView {
    rig.finrota.pay.then(|_| challenge());
    rig.finrota.status.always(pending_transaction);
    rig.pay_until(booking("R-1", 54_500), "at_bank").await
}

#[tokio::test(start_paused = true)]
async fn the_page_is_opened_once_a_forged_return_leaves_it_open_and_the_real_one_closes_it() {
    let rig = Rig::start().await;
    let view = at_bank(&rig).await;
    rig.log.assert_order(&["disk: page opened, at_bank", "pages: open"]);
    rig.till().returned(view.attempt, forged(&view, true)).await;
    rig.until(view.attempt, "confirming").await;
    settle_down().await;
    assert_eq!((rig.finrota.status.count(), rig.log.count("pages: close")), (1, 0), "a forgery only asks");
    rig.finrota.status.always(paid_transaction);
    rig.pass(1).await;
    rig.till().returned(view.attempt, returned(&view, true)).await;
    settle_down().await;
    assert_eq!(rig.log.count("pages: close"), 1);
    rig.until(view.attempt, "approved").await;
    assert_eq!((rig.pages.open.count(), rig.log.count("pages: close")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_return_alone_never_settles_where_the_gateway_can_be_asked() {
    let rig = Rig::start().await;
    let view = at_bank(&rig).await;
    rig.till().returned(view.attempt, returned(&view, true)).await;
    rig.until(view.attempt, "unknown").await;
    rig.pass(3_600).await;
    assert_eq!(rig.view(view.attempt).await.state, "unknown");
}

#[tokio::test(start_paused = true)]
async fn without_any_return_it_is_asked_after_20_seconds_and_then_every_15() {
    let rig = Rig::start().await;
    let view = at_bank(&rig).await;
    rig.pass(100).await;
    assert_eq!(rig.asked_at(view.attempt), [20, 35, 50, 65, 80, 95]);
    rig.finrota.status.always(paid_transaction);
    rig.until(view.attempt, "approved").await;
    assert_eq!(rig.clock.elapsed(), 110_000);
    assert_eq!(rig.log.count("pages: close"), 1, "the final answer closes the bank's window");
}

#[tokio::test(start_paused = true)]
async fn a_window_closed_by_hand_is_asked_about_at_once() {
    let rig = Rig::start().await;
    let view = at_bank(&rig).await;
    rig.finrota.status.always(failed_transaction);
    rig.till().page_gone(view.attempt, PageEnd::ClosedByHand).await;
    let view = rig.until(view.attempt, "declined").await;
    assert_eq!(view.reason.unwrap().code, "other", "nobody says whether the customer was confirmed");
    assert_eq!(rig.clock.elapsed(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_can_not_be_shown_is_asked_about() {
    let rig = Rig::start().await;
    rig.pages.open.then(|_| Err("no webview".to_owned()));
    rig.finrota.pay.then(|_| challenge());
    rig.finrota.status.always(pending_transaction);
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    rig.until(attempt, "confirming").await;
    let view = rig.until(attempt, "unknown").await;
    assert_eq!(view.reason.unwrap().code, "no_final_answer");
    assert_eq!(rig.asked_at(attempt)[..6], [0, 2, 5, 10, 20, 30]);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_fails_our_checks_is_never_opened() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| answer(PayAnswer::ChallengeUnusable(ChallengeFault::PrivateHost)));
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    assert_eq!(view.reason.unwrap().code, "bank_page_unusable");
    assert_eq!(rig.pages.open.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn when_the_customers_time_is_over_it_is_asked_about_and_then_unknown() {
    let rig = Rig::start().await;
    let view = at_bank(&rig).await;
    rig.until(view.attempt, "confirming").await;
    assert_eq!(rig.clock.elapsed(), 600_000);
    rig.until(view.attempt, "unknown").await;
    assert_eq!(rig.clock.elapsed(), 630_000);
    let refused = rig.till().settle(verdict(view.attempt, vezne_till::Verdict::Declined)).await.unwrap_err();
    assert!(refused.to_string().contains("page may still be open"), "our window is still before the customer");
    rig.till().page_gone(view.attempt, PageEnd::ClosedByHand).await;
    rig.till().settle(verdict(view.attempt, vezne_till::Verdict::Declined)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn in_the_systems_browser_a_page_is_gone_only_when_its_time_is_over() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| challenge());
    rig.finrota.status.always(pending_transaction);
    let mut request = booking("R-1", 54_500);
    request.page = Some(PagePlace::Browser);
    let view = rig.pay_until(request, "at_bank").await;
    rig.till().page_gone(view.attempt, PageEnd::GaveUp).await;
    rig.until(view.attempt, "unknown").await;
    let settle = || rig.till().settle(verdict(view.attempt, vezne_till::Verdict::Declined));
    assert!(settle().await.is_err());
    rig.pass(600).await;
    settle().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_a_thousand_returns_is_written_twenty_times_and_asks_once_in_two_seconds() {
    let rig = Rig::start().await;
    let view = at_bank(&rig).await;
    for burst in 0..10 {
        for _ in 0..100 {
            rig.till().returned(view.attempt, forged(&view, burst % 2 == 0)).await;
        }
        rig.pass(1).await;
    }
    let words = rig.journal.words(view.attempt);
    let written = words.iter().filter(|word| **word == "returned").count();
    assert!((1..=20).contains(&written), "{written} returns written");
    let asked = rig.asked_at(view.attempt);
    assert!(asked.windows(2).all(|pair| pair[1] - pair[0] >= 2), "{asked:?}");
    assert!((3..=6).contains(&asked.len()), "{asked:?}");
    rig.finrota.status.always(paid_transaction);
    rig.till().returned(view.attempt, returned(&view, true)).await;
    rig.until(view.attempt, "approved").await;
    assert!(rig.log.count("pages: close") >= 1, "the last place is kept for the real one");
}

#[tokio::test(start_paused = true)]
async fn returns_that_change_nothing_tell_nobody_anything() {
    let rig = Rig::start().await;
    let view = at_bank(&rig).await;
    let mut changes = rig.till().changes();
    for _ in 0..3_000 {
        rig.till().returned(view.attempt, forged(&view, true)).await;
    }
    settle_down().await;
    let mut told = 0;
    while changes.try_recv().is_ok() {
        told += 1;
    }
    assert!((1..100).contains(&told), "{told} changes told: a listener must not be flooded");
}

#[tokio::test(start_paused = true)]
async fn a_return_before_the_challenge_is_known_is_asked_about_when_it_is() {
    let rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| challenge());
    rig.finrota.status.always(pending_transaction);
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    let view = rig.until(attempt, "sending").await;
    rig.till().returned(attempt, forged(&view, true)).await;
    settle_down().await;
    assert_eq!((rig.view(attempt).await.state, rig.finrota.status.count()), ("sending", 0));
    gate.release();
    rig.until(attempt, "at_bank").await;
    settle_down().await;
    assert_eq!(rig.finrota.status.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_window_that_opens_after_the_outcome_is_known_is_closed_again() {
    let rig = Rig::start().await;
    let opening = rig.pages.open.then_held(|_| Ok(()));
    let view = at_bank(&rig).await;
    rig.finrota.status.always(paid_transaction);
    rig.till().ask_again(view.attempt).await.unwrap();
    rig.until(view.attempt, "approved").await;
    rig.log.clear();
    opening.release();
    settle_down().await;
    assert_eq!(rig.log.count("pages: close"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_opened_in_the_browser_instead_is_written_down_and_outlives_its_window_and_the_desk() {
    let mut rig = Rig::start().await;
    let view = at_bank(&rig).await;
    rig.finrota.status.always(pending_transaction);
    rig.till().page_moved(view.attempt).await.unwrap();
    let moved = rig.view(view.attempt).await;
    assert_eq!((moved.state, moved.place), ("at_bank", PagePlace::Browser));
    assert!(rig.till().page_moved(view.attempt).await.is_err(), "once");
    rig.till().page_gone(view.attempt, PageEnd::ClosedByHand).await;
    assert_eq!(rig.view(view.attempt).await.state, "at_bank");
    rig.restart().await;
    assert_eq!(rig.view(view.attempt).await.place, PagePlace::Browser);
    rig.until(view.attempt, "unknown").await;
    let settle = || rig.till().settle(verdict(view.attempt, vezne_till::Verdict::Declined));
    assert!(settle().await.is_err(), "the customer may still type the code");
    rig.pass(600).await;
    settle().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_page_stays_in_its_window_where_nobody_can_be_asked_what_became_of_it() {
    let rig =
        Rig::start_with(|rig| rig.finrota_account.terms.status_query = vezne_core::account::StatusQuery::Off).await;
    rig.finrota.pay.then(|_| challenge());
    let view = rig.pay_until(booking("R-1", 54_500), "at_bank").await;
    assert!(matches!(rig.till().page_moved(view.attempt).await, Err(vezne_till::SettleError::Refused(_))));
    assert_eq!(rig.view(view.attempt).await.place, PagePlace::Window);
}
