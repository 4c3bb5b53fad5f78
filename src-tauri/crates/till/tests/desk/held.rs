//! The card that was handed over, while its payment is still being asked about (`RULES.md` 10).

use vezne_core::ids::HeldId;
use vezne_core::ports::{Clock, ReadFault};
use vezne_till::{PayError, PayMeans, PayRequest};

use crate::support::*;

fn sale(held: HeldId) -> PayRequest {
    let mut request = booking("R-1", 54_500);
    request.means = by_held(held);
    request
}

/// A payment that is refused before there is an attempt, whatever else is true.
fn without_3ds(held: HeldId) -> PayRequest {
    let mut request = sale(held);
    request.means = PayMeans::Held { held, choice: choice(1), shown: None, three_ds: false };
    request
}

async fn is_held(rig: &Rig, held: HeldId) -> bool {
    match rig.till().pay(without_3ds(held)).await {
        Err(PayError::NeedsSupervisor(_)) => true,
        Err(PayError::CardForgotten) => false,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_is_handed_over_once_and_paid_with_once() {
    let rig = Rig::start().await;
    let held = rig.till().hold(card(VISA)).await;
    assert_eq!(held.to_string().parse(), Ok(held), "its name crosses as text");
    rig.finrota.pay.then(|call: &PaySeen| {
        assert_eq!(call.card, Some((VISA.to_owned(), "987".to_owned())));
        success()
    });
    rig.finrota.status.always(paid_transaction);
    rig.pay_until(sale(held), "approved").await;
    assert!(!is_held(&rig, held).await, "used up");
}

#[tokio::test(start_paused = true)]
async fn once_there_is_an_attempt_the_card_is_not_held_whatever_becomes_of_it() {
    let rig = Rig::start().await;
    let held = rig.till().hold(card(VISA)).await;
    rig.finrota.pay.then(|_| failure());
    rig.finrota.status.always(failed_transaction);
    let view = rig.pay_until(sale(held), "declined").await;
    assert!(!is_held(&rig, held).await);
    assert!(same_card(rig.till(), view.attempt).await.is_ok(), "it is kept, without its CVC");
}

#[tokio::test(start_paused = true)]
async fn every_question_before_there_is_an_attempt_leaves_the_card_held() {
    let rig = Rig::start_with(|rig| rig.finrota_account.confirm_above = Some(lira(1_000_000))).await;
    rig.finrota.status.always(paid_transaction);
    let mut other = booking("R-2", 100);
    other.means = by_card(MASTERCARD);
    rig.pay_until(other, "approved").await;
    let held = rig.till().hold(card(VISA)).await;
    let pay = async |change: &dyn Fn(&mut PayRequest)| {
        let mut request = sale(held);
        change(&mut request);
        rig.till().pay(request).await.unwrap_err()
    };
    let paid = |request: &mut PayRequest| request.subject = booking("R-2", 1).subject;
    assert!(matches!(pay(&paid).await, PayError::Blocked(_)));
    let dear = |request: &mut PayRequest| request.amount = Some(lira(1_000_001));
    assert!(matches!(pay(&dear).await, PayError::TypeTwice { .. }));
    let wrong_pin = |request: &mut PayRequest| request.authority = Some(authority("Şefika", "0000"));
    assert!(matches!(pay(&wrong_pin).await, PayError::NotASupervisor));
    rig.finrota.options.then(|_| Err(ReadFault::NotFound));
    assert!(matches!(pay(&|_| {}).await, PayError::Refused(_)));
    let changed = |request: &mut PayRequest| {
        let choice = vezne_core::options::Choice { shown_total: Some(lira(1)), ..choice(1) };
        request.means = PayMeans::Held { held, choice, shown: None, three_ds: true };
    };
    assert!(matches!(pay(&changed).await, PayError::Refused(_)));
    assert!(is_held(&rig, held).await);
    rig.pay_until(sale(held), "approved").await;
}

#[tokio::test(start_paused = true)]
async fn after_a_restored_backup_the_question_for_a_supervisor_leaves_the_card_held() {
    let mut rig = Rig::start().await;
    let from = rig.clock.now();
    rig.journal.miss(vezne_core::ports::MissingSpan { from, until: from.after(vezne_core::time::Millis::hours(1)) });
    rig.restart().await;
    let held = rig.till().hold(card(VISA)).await;
    assert!(matches!(rig.till().pay(sale(held)).await, Err(PayError::SpanMissing { .. })));
    let mut request = sale(held);
    request.authority = Some(supervisor());
    rig.pay_until(request, "approved").await;
}

#[tokio::test(start_paused = true)]
async fn a_card_is_held_for_120_seconds_from_its_handing_over_and_no_refusal_makes_it_longer() {
    let rig = Rig::start().await;
    let held = rig.till().hold(card(VISA)).await;
    rig.pass(119).await;
    assert!(is_held(&rig, held).await);
    rig.pass(1).await;
    assert!(!is_held(&rig, held).await);
}

#[tokio::test(start_paused = true)]
async fn a_held_card_is_wiped_by_a_timer_so_that_a_clock_set_back_does_not_make_it_stay() {
    for in_hand in [false, true] {
        let rig = Rig::start().await;
        let held = rig.till().hold(card(VISA)).await;
        rig.pass(100).await;
        rig.clock.set_by_seconds(-3_600);
        let gate = in_hand.then(|| rig.finrota.options.then_held(|_| Err(ReadFault::NotFound)));
        let till = rig.till().clone();
        let paying = in_hand.then(|| tokio::spawn(async move { till.pay(sale(held)).await }));
        rig.pass(20).await;
        if let (Some(gate), Some(paying)) = (gate, paying) {
            gate.release();
            assert!(matches!(paying.await.unwrap(), Err(PayError::Refused(_))));
        }
        assert!(!is_held(&rig, held).await, "in the hands of a payment: {in_hand}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_card_is_held_at_a_time_and_a_new_one_wipes_the_old() {
    let rig = Rig::start().await;
    let old = rig.till().hold(card(VISA)).await;
    let gate = rig.finrota.options.then_held(|_| Err(ReadFault::NotFound));
    let till = rig.till().clone();
    let paying = tokio::spawn(async move { till.pay(sale(old)).await });
    settle_down().await;
    let new = rig.till().hold(card(MASTERCARD)).await;
    settle_down().await;
    gate.release();
    assert!(paying.await.unwrap().is_err());
    assert!(!is_held(&rig, old).await, "not put back in the place of the new one");
    assert!(is_held(&rig, new).await);
    let newest = rig.till().hold(card(VISA)).await;
    assert!(!is_held(&rig, new).await && is_held(&rig, newest).await);
}

#[tokio::test(start_paused = true)]
async fn lock_and_new_sale_wipe_the_held_card_even_out_of_the_hands_of_a_payment_that_fails() {
    let rig = Rig::start().await;
    let held = rig.till().hold(card(VISA)).await;
    rig.till().forget_cards().await;
    assert!(!is_held(&rig, held).await);
    let held = rig.till().hold(card(VISA)).await;
    let gate = rig.finrota.options.then_held(|_| Err(ReadFault::NotFound));
    let till = rig.till().clone();
    let paying = tokio::spawn(async move { till.pay(sale(held)).await });
    settle_down().await;
    rig.till().forget_cards().await;
    settle_down().await;
    gate.release();
    assert!(paying.await.unwrap().is_err());
    assert!(!is_held(&rig, held).await);
}

#[tokio::test(start_paused = true)]
async fn a_held_card_ends_with_its_till() {
    let mut rig = Rig::start().await;
    let held = rig.till().hold(card(VISA)).await;
    rig.till().close().await;
    assert!(matches!(rig.till().pay(sale(held)).await, Err(PayError::Closing)));
    rig.restart().await;
    assert!(!is_held(&rig, held).await);
}

#[tokio::test(start_paused = true)]
async fn a_payment_that_was_given_up_before_it_was_begun_leaves_the_card_held() {
    let rig = Rig::start().await;
    let held = rig.till().hold(card(VISA)).await;
    let gate = rig.finrota.options.then_held(|_| Err(ReadFault::NotFound));
    let till = rig.till().clone();
    let paying = tokio::spawn(async move { till.pay(sale(held)).await });
    settle_down().await;
    assert!(!is_held(&rig, held).await, "in the hands of the first payment");
    paying.abort();
    settle_down().await;
    gate.release();
    settle_down().await;
    assert!(is_held(&rig, held).await);
}

async fn declined(rig: &Rig) -> vezne_till::AttemptView {
    rig.finrota.pay.then(|_| failure());
    rig.finrota.status.always(failed_transaction);
    rig.pay_until(booking("R-1", 54_500), "declined").await
}

#[tokio::test(start_paused = true)]
async fn the_same_card_again_is_used_up_only_by_an_attempt() {
    let rig = Rig::start().await;
    let view = declined(&rig).await;
    let first = rig.till().hold_again(view.attempt, new_cvc()).await.unwrap();
    assert!(is_held(&rig, first).await);
    let second = rig.till().hold_again(view.attempt, new_cvc()).await.unwrap();
    assert!(!is_held(&rig, first).await && is_held(&rig, second).await);
    let other = rig.till().hold(card(MASTERCARD)).await;
    assert!(!is_held(&rig, second).await && is_held(&rig, other).await);
    let third = rig.till().hold_again(view.attempt, new_cvc()).await.unwrap();
    rig.finrota.status.always(paid_transaction);
    rig.pay_until(sale(third), "approved").await;
    assert!(!is_held(&rig, third).await);
    assert!(matches!(same_card(rig.till(), view.attempt).await, Err(PayError::CardForgotten)));
    assert_eq!(rig.view(view.attempt).await.same_card_until, None);
}

#[tokio::test(start_paused = true)]
async fn a_card_held_again_is_held_no_longer_than_it_is_kept() {
    let rig = Rig::start().await;
    let view = declined(&rig).await;
    rig.pass(100).await;
    let held = rig.till().hold_again(view.attempt, new_cvc()).await.unwrap();
    rig.pass(19).await;
    assert!(is_held(&rig, held).await);
    rig.pass(1).await;
    assert!(!is_held(&rig, held).await);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_the_till_never_gave_holds_no_card() {
    let rig = Rig::start().await;
    let held = rig.till().hold(card(VISA)).await;
    assert!(!is_held(&rig, HeldId::from_parts(rig.clock.now(), [9; 10])).await);
    assert!(is_held(&rig, held).await);
}
