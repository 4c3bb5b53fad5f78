//! News of an earlier attempt while a later one waits to be sent: what the guard looked at is no longer so (`RULES.md` 3 and 6).

use vezne_core::answers::StatusAnswer;
use vezne_core::attempt::Subject;
use vezne_core::reference::Part;
use vezne_till::{AttemptView, PayRequest, Verdict};

use crate::set_aside::set_aside;
use crate::support::*;

fn other_card(reference: &str) -> PayRequest {
    let mut request = booking(reference, 54_500);
    request.means = by_card(MASTERCARD);
    request
}

fn part(mut request: PayRequest, part: Part) -> PayRequest {
    if let Subject::Reference { part: of, .. } = &mut request.subject {
        *of = Some(part);
    }
    request
}

fn is_stopped(view: &AttemptView) {
    assert_eq!(view.reason.as_ref().map(|reason| reason.code), Some("overtaken"), "{view:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_set_aside_and_turns_out_paid_stops_the_other_card_that_waits_for_a_slot() {
    let mut rig = Rig::start().await;
    let aside = set_aside(&rig).await;
    let slot = rig.finrota.get_ready.then_held(|()| Ok(()));
    let next = rig.begin(other_card("R-1")).await;
    settle_down().await;
    assert_eq!(rig.view(next).await.state, "ready");
    rig.finrota.status.always(paid_transaction);
    rig.until(aside.attempt, "approved").await;
    is_stopped(&rig.until(next, "refused").await);
    slot.release();
    rig.pass(3_600).await;
    assert_eq!((rig.finrota.pay.count(), rig.view(next).await.state), (1, "refused"), "one charge and no more");
    assert!(rig.view(aside.attempt).await.alarms.is_empty(), "nothing was paid twice");
    rig.restart().await;
    is_stopped(&rig.view(next).await);
}

#[tokio::test(start_paused = true)]
async fn a_decline_that_the_gateway_takes_back_stops_the_one_that_waits() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| failure());
    rig.finrota.status.always(|_| StatusAnswer::NoTrace);
    let declined = rig.pay_until(booking("R-1", 54_500), "declined").await;
    let slot = rig.finrota.get_ready.then_held(|()| Ok(()));
    let next = rig.begin(other_card("R-1")).await;
    rig.finrota.status.always(paid_transaction);
    rig.until_view(declined.attempt, "contradicted", |view| view.contradicted).await;
    is_stopped(&rig.until(next, "refused").await);
    slot.release();
    rig.pass(60).await;
    assert_eq!(rig.finrota.pay.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_override_given_before_the_news_does_not_count_after_it() {
    let rig = Rig::start().await;
    let aside = set_aside(&rig).await;
    let slot = rig.finrota.get_ready.then_held(|()| Ok(()));
    let mut same_card = booking("R-1", 54_500);
    same_card.overrides = Some(aside.attempt);
    same_card.authority = Some(supervisor());
    let next = rig.begin(same_card).await;
    rig.finrota.status.always(paid_transaction);
    rig.until(aside.attempt, "approved").await;
    is_stopped(&rig.until(next, "refused").await);
    slot.release();
    rig.pass(60).await;
    assert_eq!(rig.finrota.pay.count(), 1);
}

/// Found by the simulation (seed 28828, with this rule in its books).
#[tokio::test(start_paused = true)]
async fn one_that_was_turned_away_for_its_old_token_is_not_sent_again_behind_the_news() {
    let rig = Rig::start().await;
    let aside = set_aside(&rig).await;
    rig.finrota.pay.then(|_| unauthorised());
    let token = rig.finrota.renew_token.then_held(|()| Ok(()));
    let next = rig.begin(other_card("R-1")).await;
    rig.until(next, "reauthorising").await;
    rig.finrota.status.always(paid_transaction);
    rig.until(aside.attempt, "approved").await;
    is_stopped(&rig.until(next, "refused").await);
    token.release();
    rig.pass(3_600).await;
    assert_eq!(
        (rig.finrota.pay.count(), rig.view(next).await.state),
        (2, "refused"),
        "the first, and the one turned away"
    );
}

#[tokio::test(start_paused = true)]
async fn neither_a_further_part_nor_another_reference_is_stopped() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(part(booking("R-1", 54_500), Part::Deposit), "unknown").await;
    rig.pass(400).await;
    let aside = rig.till().settle(verdict(view.attempt, Verdict::SetAside)).await.unwrap();
    let (first, second) = (rig.finrota.get_ready.then_held(|()| Ok(())), rig.finrota.get_ready.then_held(|()| Ok(())));
    let rental = rig.begin(part(other_card("R-1"), Part::Rental)).await;
    let mut elsewhere = other_card("R-2");
    elsewhere.twin_confirmed = true;
    let elsewhere = rig.begin(elsewhere).await;
    rig.finrota.status.always(paid_transaction);
    rig.until(aside.attempt, "approved").await;
    settle_down().await;
    assert_eq!((rig.view(rental).await.state, rig.view(elsewhere).await.state), ("ready", "ready"));
    first.release();
    second.release();
    rig.until(rental, "approved").await;
    rig.until(elsewhere, "approved").await;
}
