//! "Same card again", and when the card is wiped (`RULES.md` 10).

use vezne_till::{PayError, PayRequest};

use crate::support::*;

async fn again(rig: &Rig, of: &vezne_till::AttemptView) -> PayRequest {
    let mut request = booking("R-1", 54_500);
    request.means = same_card(rig.till(), of.attempt).await.expect("the card is kept");
    request
}

async fn declined(rig: &Rig) -> vezne_till::AttemptView {
    rig.finrota.pay.then(|_| failure());
    rig.finrota.status.always(|_| vezne_core::answers::StatusAnswer::NoTrace);
    rig.pay_until(booking("R-1", 54_500), "declined").await
}

async fn is_forgotten(rig: &Rig, of: &vezne_till::AttemptView) -> bool {
    matches!(same_card(rig.till(), of.attempt).await, Err(PayError::CardForgotten))
}

#[tokio::test(start_paused = true)]
async fn a_declined_card_is_used_again_with_a_new_security_code() {
    let rig = Rig::start().await;
    let view = declined(&rig).await;
    rig.pass(119).await;
    rig.finrota.pay.then(|call: &PaySeen| {
        assert_eq!(call.card, Some((VISA.to_owned(), "123".to_owned())), "the old code is not kept");
        success()
    });
    let second = rig.pay_until(again(&rig, &view).await, "approved").await;
    assert_eq!(second.payment, view.payment);
    assert!(is_forgotten(&rig, &view).await, "used up");
    assert!(is_forgotten(&rig, &second).await, "wiped when approved");
}

#[tokio::test(start_paused = true)]
async fn after_120_seconds_the_card_is_gone() {
    let rig = Rig::start().await;
    let view = declined(&rig).await;
    rig.pass(120).await;
    assert!(is_forgotten(&rig, &view).await);
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_back_does_not_make_the_card_stay_longer() {
    for back in [3_600, 60] {
        let rig = Rig::start().await;
        let view = declined(&rig).await;
        rig.pass(100).await;
        rig.clock.set_by_seconds(-back);
        rig.pass(20).await;
        assert!(is_forgotten(&rig, &view).await, "set back by {back} s");
    }
}

#[tokio::test(start_paused = true)]
async fn lock_and_new_sale_wipe_the_card() {
    let rig = Rig::start().await;
    let view = declined(&rig).await;
    rig.till().forget_cards().await;
    assert!(is_forgotten(&rig, &view).await);
}

#[tokio::test(start_paused = true)]
async fn a_card_in_the_hands_of_a_request_that_fails_is_not_kept_past_a_lock() {
    let rig = Rig::start().await;
    let view = declined(&rig).await;
    let gate = rig.finrota.options.then_held(|_| Err(vezne_core::ports::ReadFault::NotFound));
    let till = rig.till().clone();
    let request = again(&rig, &view).await;
    let paying = tokio::spawn(async move { till.pay(request).await });
    settle_down().await;
    rig.till().forget_cards().await;
    settle_down().await;
    gate.release();
    assert!(paying.await.unwrap().is_err());
    assert!(is_forgotten(&rig, &view).await);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_not_begun_gives_the_card_back_for_what_is_left_of_its_time() {
    let rig = Rig::start().await;
    let view = declined(&rig).await;
    rig.pass(100).await;
    rig.finrota.options.then(|_| Err(vezne_core::ports::ReadFault::NotFound));
    assert!(matches!(rig.till().pay(again(&rig, &view).await).await, Err(PayError::Refused(_))));
    rig.pass(19).await;
    rig.finrota.options.then(|_| Err(vezne_core::ports::ReadFault::NotFound));
    assert!(!is_forgotten(&rig, &view).await);
    rig.pass(1).await;
    assert!(is_forgotten(&rig, &view).await);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_payment_keeps_no_card_even_when_it_is_declined_later() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    assert!(is_forgotten(&rig, &view).await);
    rig.finrota.status.always(failed_transaction);
    rig.until(view.attempt, "declined").await;
    assert!(is_forgotten(&rig, &view).await);
}

#[tokio::test(start_paused = true)]
async fn a_card_that_went_to_the_bank_is_kept_without_its_cvc_until_the_bank_has_declined() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| challenge());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "at_bank").await;
    assert!(is_forgotten(&rig, &view).await, "not offered while the customer is at the bank");
    rig.finrota.status.always(failed_transaction);
    rig.until(view.attempt, "declined").await;
    assert!(!is_forgotten(&rig, &view).await);
}

#[tokio::test(start_paused = true)]
async fn a_lock_while_the_customer_is_at_the_bank_wipes_the_card() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| challenge());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "at_bank").await;
    rig.till().forget_cards().await;
    rig.finrota.status.always(failed_transaction);
    rig.until(view.attempt, "declined").await;
    assert!(is_forgotten(&rig, &view).await);
}

#[tokio::test(start_paused = true)]
async fn refused_and_not_sent_payments_keep_the_card() {
    for keeps in ["refused", "not_sent"] {
        let rig = Rig::start().await;
        if keeps == "refused" {
            rig.finrota.pay.then(|_| unauthorised());
            rig.finrota.renew_token.then(|()| Err(vezne_core::answers::CouldNotAsk::SignIn));
        } else {
            rig.finrota.get_ready.then(|()| Err(vezne_core::answers::NotSentReason::NoSlot));
        }
        let view = rig.pay_until(booking("R-1", 54_500), keeps).await;
        rig.pay_until(again(&rig, &view).await, "approved").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_restart_keeps_no_card() {
    let mut rig = Rig::start().await;
    let view = declined(&rig).await;
    rig.restart().await;
    assert!(is_forgotten(&rig, &view).await);
}
