//! A PIN that takes its time, and PINs that are guessed.

use std::time::Duration;

use vezne_core::answers::{ReversalAnswer, StatusAnswer, TransactionFacts};
use vezne_core::attempt::Attempt;
use vezne_core::ids::OperatorId;
use vezne_core::record::Record;
use vezne_core::reversal::{Kind, Reversal};
use vezne_core::rights::Role;
use vezne_core::status::Seen;
use vezne_till::{AttemptView, ReversalVerdict, ReverseRequest, ReverseSize, SettleError, Till, Verdict};

use crate::support::*;

async fn unknown(rig: &Rig) -> AttemptView {
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(|attempt| match attempt.intent.base.unwrap().minor() {
        100 => paid_transaction(attempt),
        _ => pending_transaction(attempt),
    });
    rig.pay_until(booking("R-1", 54_500), "unknown").await
}

/// Another sale, from Pay to its outcome.
async fn another_sale(rig: &Rig, reference: &str) {
    let mut request = booking(reference, 100);
    request.means = by_card(MASTERCARD);
    request.twin_confirmed = true;
    let sale = rig.pay_until(request, "approved");
    tokio::time::timeout(Duration::from_secs(3_600), sale).await.expect("a sale waits for no PIN");
}

fn whole_refund(view: &AttemptView) -> ReverseRequest {
    ReverseRequest {
        payment: view.payment,
        attempt: None,
        kind: Kind::Refund,
        size: ReverseSize::Whole,
        shown_left: None,
        authority: supervisor(),
    }
}

fn guess(
    till: &Till,
    name: &str,
    pin: &str,
    number: u8,
) -> impl Future<Output = Result<OperatorId, SettleError>> + use<> {
    let (till, authority) = (till.clone(), authority(name, pin));
    async move { till.add_operator(operator(&format!("Yeni {number}"), Role::Cashier, number), Some(authority)).await }
}

#[tokio::test(start_paused = true)]
async fn a_pin_check_that_hangs_stops_no_other_sale() {
    let rig = Rig::start().await;
    let view = unknown(&rig).await;
    let before = rig.clock.elapsed();
    let gate = rig.pins.verify.then_held(is_right);
    let till = rig.till().clone();
    let settling = tokio::spawn(async move { till.settle(verdict(view.attempt, Verdict::Declined)).await });
    settle_down().await;
    another_sale(&rig, "R-2").await;
    assert_eq!(rig.view(view.attempt).await.state, "unknown");
    gate.release();
    assert_eq!(settling.await.unwrap().unwrap().state, "declined");

    let gate = rig.pins.verify.then_held(is_right);
    let adding = tokio::spawn(guess(rig.till(), "Şefika", "1234", 9));
    settle_down().await;
    another_sale(&rig, "R-3").await;
    gate.release();
    adding.await.unwrap().unwrap();
    assert_eq!(rig.clock.elapsed(), before, "nobody waited for anything");
}

#[tokio::test(start_paused = true)]
async fn a_pin_check_for_a_reversals_word_stops_no_other_sale() {
    let rig = Rig::start().await;
    rig.finrota.before_reversal.always(|_| Ok(remaining(54_500)));
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.finrota.reverse.then(|_| ReversalAnswer::Unclear(vezne_core::answers::Unclear::TimedOut));
    let request = whole_refund(&view);
    let reversal = rig.till().reverse(request).await.unwrap().reversal;
    rig.until_reversal(reversal, "unknown").await;
    let gate = rig.pins.verify.then_held(is_right);
    let till = rig.till().clone();
    let settling =
        tokio::spawn(async move { till.settle_reversal(reversal, ReversalVerdict::Done, supervisor(), slip()).await });
    settle_down().await;
    another_sale(&rig, "R-2").await;
    assert_eq!(rig.reversal(reversal).await.state, "unknown");
    gate.release();
    assert_eq!(settling.await.unwrap().unwrap().state, "done");
}

#[tokio::test(start_paused = true)]
async fn a_word_counts_against_what_stands_there_when_its_pin_was_checked() {
    let rig = Rig::start().await;
    let view = unknown(&rig).await;
    let gate = rig.pins.verify.then_held(is_right);
    let till = rig.till().clone();
    let settling = tokio::spawn(async move { till.settle(verdict(view.attempt, Verdict::Declined)).await });
    settle_down().await;
    rig.finrota.status.always(paid_transaction);
    rig.until(view.attempt, "approved").await;
    gate.release();
    let error = settling.await.unwrap().unwrap_err();
    assert!(matches!(error, SettleError::Refused(_)), "{error:?}");
    assert_eq!(rig.view(view.attempt).await.state, "approved", "the gateway was quicker");
}

/// Paid, but not as much as was asked for.
fn paid_otherwise(attempt: &Attempt) -> StatusAnswer {
    let StatusAnswer::Transaction(facts) = paid_transaction(attempt) else { panic!("no transaction") };
    StatusAnswer::Transaction(TransactionFacts { amount: lira(1).into(), ..facts })
}

#[tokio::test(start_paused = true)]
async fn a_word_on_what_nobody_knew_is_no_counter_entry_against_what_the_gateway_says_meanwhile() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(paid_otherwise);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    // An alarm stands, so a counter-entry would be taken.
    rig.until_view(view.attempt, "alarmed", |view| !view.alarms.is_empty()).await;
    let gate = rig.pins.verify.then_held(is_right);
    let till = rig.till().clone();
    let settling = tokio::spawn(async move { till.settle(verdict(view.attempt, Verdict::Declined)).await });
    settle_down().await;
    rig.finrota.status.always(paid_transaction);
    rig.until(view.attempt, "approved").await;
    gate.release();
    let error = settling.await.unwrap().unwrap_err();
    assert!(matches!(error, SettleError::Refused(_)), "{error:?}");
    let now = rig.view(view.attempt).await;
    assert_eq!((now.state, now.evidence), ("approved", Some("gateway_status")));
}

#[tokio::test(start_paused = true)]
async fn a_word_on_an_unknown_reversal_is_none_on_one_that_the_gateway_has_settled_meanwhile() {
    let rig = Rig::start().await;
    rig.finrota.before_reversal.always(|_| Ok(remaining(54_500)));
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    let other_than_asked = |_: &_| ReversalAnswer::Done { last_amount: Some(lira(54_400)) };
    rig.finrota.reverse.then(other_than_asked);
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(54_400)), Seen::default()));
    let request = whole_refund(&view);
    let reversal = rig.till().reverse(request).await.unwrap().reversal;
    assert_eq!(rig.until_reversal(reversal, "unknown").await.alarms.len(), 1, "a counter-entry would be taken");
    let gate = rig.pins.verify.then_held(is_right);
    let till = rig.till().clone();
    let settling =
        tokio::spawn(
            async move { till.settle_reversal(reversal, ReversalVerdict::NotDone, supervisor(), slip()).await },
        );
    settle_down().await;
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(0)), Seen::default()));
    rig.until_reversal(reversal, "done").await;
    gate.release();
    let error = settling.await.unwrap().unwrap_err();
    assert!(matches!(error, SettleError::Refused(_)), "{error:?}");
    assert_eq!(rig.reversal(reversal).await.state, "done");
}

#[tokio::test(start_paused = true)]
async fn what_a_front_gave_up_while_the_pin_was_checked_is_not_done() {
    let rig = Rig::start().await;
    let view = unknown(&rig).await;
    let gate = rig.pins.verify.then_held(is_right);
    let till = rig.till().clone();
    let front = tokio::spawn(async move { till.settle(verdict(view.attempt, Verdict::Declined)).await });
    settle_down().await;
    front.abort();
    assert!(front.await.unwrap_err().is_cancelled());
    gate.release();
    settle_down().await;
    assert_eq!(rig.view(view.attempt).await.state, "unknown");

    rig.finrota.before_reversal.always(|_| Ok(remaining(100)));
    let mut request = booking("R-2", 100);
    request.means = by_card(MASTERCARD);
    let paid = rig.pay_until(request, "approved").await;
    let gate = rig.finrota.before_reversal.then_held(|_| Ok(remaining(100)));
    let till = rig.till().clone();
    let request = whole_refund(&paid);
    let front = tokio::spawn(async move { till.reverse(request).await });
    settle_down().await;
    front.abort();
    assert!(front.await.unwrap_err().is_cancelled());
    gate.release();
    rig.pass(60).await;
    assert_eq!(rig.finrota.reverse.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn of_two_first_operators_at_once_the_second_needs_the_first_ones_leave() {
    let rig = Rig::start().await;
    rig.journal.lose_pins(LOST);
    let add = |name, number| rig.till().add_operator(operator(name, Role::Supervisor, number), None);
    let (one, two) = tokio::join!(add("Bir", 7), add("İki", 8));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let error = one.err().or(two.err()).unwrap();
    assert!(matches!(error, SettleError::NotASupervisor), "{error:?}");
    let added = |record: &Record| matches!(record, Record::OperatorAdded(_));
    assert_eq!(rig.journal.lines().iter().filter(|(_, record)| added(record)).count(), 2, "Şefika and one more");
}

#[tokio::test(start_paused = true)]
async fn wrong_pins_are_answered_later_and_later_until_a_right_one_comes() {
    let rig = Rig::start().await;
    let mut waited = Vec::new();
    for _ in 0..9 {
        let before = rig.clock.elapsed();
        let error = guess(rig.till(), "Şefika", "0000", 2).await.unwrap_err();
        assert!(matches!(error, SettleError::NotASupervisor), "{error:?}");
        waited.push((rig.clock.elapsed() - before) / 1_000);
    }
    assert_eq!(waited, [0, 0, 1, 2, 4, 8, 16, 30, 30]);
    let before = rig.clock.elapsed();
    guess(rig.till(), " ŞEFİKA ", "1234", 2).await.unwrap();
    for _ in 0..2 {
        guess(rig.till(), "Şefika", "0000", 3).await.unwrap_err();
    }
    assert_eq!(rig.clock.elapsed(), before, "a right one is answered at once and forgives");
}

#[tokio::test(start_paused = true)]
async fn names_that_nobody_has_are_answered_as_late_as_others() {
    let rig = Rig::start().await;
    let mut waited = Vec::new();
    for _ in 0..5 {
        let before = rig.clock.elapsed();
        guess(rig.till(), "Nobody", "0000", 2).await.unwrap_err();
        waited.push((rig.clock.elapsed() - before) / 1_000);
    }
    assert_eq!(waited, [0, 0, 1, 2, 4]);
}

#[tokio::test(start_paused = true)]
async fn guesses_made_side_by_side_wait_for_each_other_and_for_nobody_else() {
    let rig = Rig::start().await;
    guess(rig.till(), "Şefika", "1234", 2).await.unwrap();
    let guesses: Vec<_> = (0..6).map(|_| tokio::spawn(guess(rig.till(), "Şefika", "0000", 3))).collect();
    settle_down().await;
    assert_eq!(rig.pins.verify.count(), 1 + 3, "the third miss holds the next guess up");
    let before = rig.clock.elapsed();
    another_sale(&rig, "R-1").await;
    // A cashier's PIN is right and not enough; what matters here is that the answer comes at once.
    let error = guess(rig.till(), "Yeni 2", "1234", 4).await.unwrap_err();
    assert!(matches!(error, SettleError::NotASupervisor), "{error:?}");
    assert_eq!(rig.clock.elapsed(), before, "others wait for nothing");
    for guess in guesses {
        guess.await.unwrap().unwrap_err();
    }
    assert_eq!((rig.clock.elapsed() - before) / 1_000, 1 + 2 + 4 + 8);
}
