//! Yolcu360: whose status is it (`RULES.md` 4).

use vezne_core::answers::{CouldNotAsk, OrderState, PayAnswer, StatusAnswer, Unclear};
use vezne_core::attempt::UnknownCause;
use vezne_core::ports::{PayAnswerOrOrder, PayResult, ReadFault};
use vezne_core::status::Baseline;
use vezne_till::{AttemptView, PayError, PayMeans, Verdict};

use crate::support::*;

fn asked(rig: &Rig, state: OrderState, payment: Option<&'static str>) {
    rig.yolcu.status.always(move |_| StatusAnswer::Order(facts(state.clone(), payment)));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_can_not_be_paid_is_refused_before_sending() {
    let dearer = {
        let mut dearer = facts(OrderState::Pending, None);
        dearer.price = lira(60_000).into();
        dearer
    };
    let vendor_cancelled = {
        let mut cancelled = facts(OrderState::Reserved, Some("p0"));
        cancelled.vendor_cancelled = true;
        cancelled
    };
    for (found, code) in [
        (Ok(facts(OrderState::Reserved, Some("p0"))), "order_already_paid"),
        (Ok(facts(OrderState::Cancelled, None)), "order_cancelled"),
        (Ok(facts(OrderState::Removed, None)), "order_cancelled"),
        (Ok(vendor_cancelled), "order_cancelled"),
        (Ok(facts(OrderState::Other(text("frozen")), None)), "order_state"),
        (Ok(dearer), "price_changed"),
        (Err(ReadFault::NotFound), "order_not_found"),
    ] {
        let rig = Rig::start().await;
        rig.yolcu.order.then(move |_| found.map(summary));
        let view = rig.pay_until(order("order_1"), "refused").await;
        assert_eq!((view.refused_by, view.reason.unwrap().code), (Some("vezne"), code));
        rig.pass(60).await;
        assert_eq!(rig.yolcu.pay.count(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_price_other_than_shown_is_refused_before_anything_is_opened() {
    let rig = Rig::start().await;
    let mut request = order("order_1");
    request.amount = Some(lira(50_000));
    let error = rig.till().pay(request).await.unwrap_err();
    assert!(matches!(error, PayError::Refused(vezne_core::attempt::VezneRefusal::PriceChanged { .. })), "{error:?}");
    assert!(rig.journal.everything().lines().all(|line| !line.contains("opened")));
    assert_eq!(rig.yolcu.get_ready.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn fresh_options_stand_in_for_an_order_that_can_not_be_read() {
    let rig = Rig::start().await;
    rig.yolcu.order.then(|_| Err(ReadFault::CouldNotAsk(CouldNotAsk::TimedOut)));
    let view = rig.pay_until(order("order_1"), "approved").await;
    assert_eq!(rig.journal.folded(view.attempt).baseline, Some(Baseline::InstallmentInfo));

    let rig = Rig::start().await;
    rig.yolcu.order.then(|_| Err(ReadFault::CouldNotAsk(CouldNotAsk::TimedOut)));
    asked(&rig, OrderState::Failed, Some("p1"));
    let view = rig.pay_until(order("order_1"), "unknown").await;
    assert_eq!(view.reason.unwrap().code, "gateway_state", "without a baseline \"failed\" is for a person");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_can_not_be_read_is_refused_when_no_options_stand_in() {
    let rig = Rig::start().await;
    rig.yolcu.order.then(|_| Err(ReadFault::CouldNotAsk(CouldNotAsk::TimedOut)));
    let mut request = order("order_1");
    request.means = PayMeans::CreditLimit;
    let view = rig.pay_until(request, "refused").await;
    assert_eq!(view.reason.unwrap().code, "order_unreadable");
    assert_eq!(rig.yolcu.pay.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_limit_answer_that_is_the_whole_order_is_read_against_the_baseline() {
    let limit = |state, payment| {
        let mut facts = facts(state, payment);
        facts.payment_type = Some(text("limit"));
        facts
    };
    for (answered, state) in [
        (limit(OrderState::Reserved, Some("p1")), "approved"),
        (limit(OrderState::Failed, Some("p1")), "declined"),
        (limit(OrderState::Pending, None), "unknown"),
        (limit(OrderState::Other(text("odd")), Some("p1")), "unknown"),
    ] {
        let rig = Rig::start().await;
        let same = answered.clone();
        rig.yolcu.pay.then(move |call: &PaySeen| {
            assert_eq!((&call.card, call.return_url.as_str()), (&None, ""));
            PayResult { answer: PayAnswerOrOrder::Order(answered), page: None }
        });
        rig.yolcu.status.always(move |_| StatusAnswer::Order(same.clone()));
        let mut request = order("order_1");
        request.means = PayMeans::CreditLimit;
        rig.pay_until(request, state).await;
        assert_eq!(rig.log.count("pages: address"), 0, "no return is to be caught");
    }
}

/// A first attempt that is set aside, and a second one that is on its way.
async fn two_attempts(rig: &Rig) -> (AttemptView, AttemptView) {
    rig.yolcu.pay.then(|_| timed_out());
    asked(rig, OrderState::Pending, None);
    let first = rig.pay_until(order("order_1"), "unknown").await;
    rig.pass(400).await;
    let first = rig.till().settle(verdict(first.attempt, Verdict::SetAside)).await.unwrap();
    let mut request = order("order_1");
    request.means = by_card(MASTERCARD);
    let second = rig.pay_until(request, "unknown").await;
    (first, second)
}

#[tokio::test(start_paused = true)]
async fn a_payment_credited_to_one_attempt_is_no_trace_to_the_other() {
    let rig = Rig::start().await;
    rig.yolcu.pay.then(|_| timed_out());
    asked(&rig, OrderState::Pending, None);
    let first = rig.pay_until(order("order_1"), "unknown").await;
    rig.pass(400).await;
    rig.till().settle(verdict(first.attempt, Verdict::SetAside)).await.unwrap();
    rig.yolcu.pay.then(|_| success_numbered(Some("p2")));
    asked(&rig, OrderState::Reserved, Some("p2"));
    let mut request = order("order_1");
    request.means = by_card(MASTERCARD);
    let second = rig.pay_until(request, "approved").await;
    rig.pass(7_200).await;
    assert_eq!(rig.view(first.attempt).await.state, "set_aside", "the order's payment is the second one's");
    assert!(rig.view(second.attempt).await.alarms.is_empty());
}

#[tokio::test(start_paused = true)]
async fn once_a_later_attempt_was_sent_failed_and_pending_say_nothing_of_the_earlier_one() {
    let rig = Rig::start().await;
    rig.yolcu.pay.then(|_| timed_out());
    let (first, second) = {
        rig.yolcu.pay.then(|_| timed_out());
        two_attempts(&rig).await
    };
    asked(&rig, OrderState::Failed, Some("p9"));
    rig.pass(7_200).await;
    assert_eq!(rig.view(first.attempt).await.state, "set_aside");
    assert_eq!(
        rig.view(second.attempt).await.state,
        "unknown",
        "nor of the later one: nobody knows whose failure it is"
    );
}

#[tokio::test(start_paused = true)]
async fn a_set_aside_attempt_that_the_bank_turns_down_late_does_not_decline_the_one_on_its_way() {
    let rig = Rig::start().await;
    rig.yolcu.pay.then(|_| timed_out());
    asked(&rig, OrderState::Pending, None);
    let first = rig.pay_until(order("order_1"), "unknown").await;
    rig.pass(400).await;
    rig.till().settle(verdict(first.attempt, Verdict::SetAside)).await.unwrap();
    rig.yolcu.pay.then(|_| challenge());
    let mut request = order("order_1");
    request.means = by_card(MASTERCARD);
    let second = rig.pay_until(request, "at_bank").await;
    asked(&rig, OrderState::Failed, Some("p1"));
    rig.pass(60).await;
    assert_eq!(rig.view(second.attempt).await.state, "at_bank", "the order speaks of the first one");
    rig.till().returned(second.attempt, returned(&second, false)).await;
    rig.until(second.attempt, "declined").await;
}

#[tokio::test(start_paused = true)]
async fn a_decline_that_the_order_shows_late_does_not_decline_the_next_attempt() {
    for (pause, state) in [(5, "unknown"), (300, "declined")] {
        let rig = Rig::start().await;
        declined_at_once(&rig).await;
        rig.pass(pause).await;
        let next = next_one_before_a_failure_is_shown(&rig).await;
        rig.pass(3_600).await;
        assert_eq!(rig.view(next.attempt).await.state, state, "{pause} s later");
    }
}

/// An attempt whose pay answer says no, while the order shows nothing of it yet.
async fn declined_at_once(rig: &Rig) {
    rig.yolcu.pay.then(|_| failure());
    asked(rig, OrderState::Pending, None);
    rig.pay_until(order("order_1"), "declined").await;
}

/// The next attempt on the order, of which nothing is heard, while the order shows a failure from then on.
async fn next_one_before_a_failure_is_shown(rig: &Rig) -> AttemptView {
    rig.yolcu.pay.then(|_| timed_out());
    let next = rig.pay_until(order("order_1"), "unknown").await;
    asked(rig, OrderState::Failed, Some("p1"));
    next
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_forward_does_not_make_a_moment_long_enough_for_the_order_to_have_shown_a_decline() {
    let rig = Rig::start().await;
    declined_at_once(&rig).await;
    rig.clock.set_by_seconds(3_600);
    rig.pass(5).await;
    let next = next_one_before_a_failure_is_shown(&rig).await;
    rig.pass(3_600).await;
    assert_eq!(rig.view(next.attempt).await.state, "unknown");
}

#[tokio::test(start_paused = true)]
async fn neither_does_it_when_the_till_that_saw_the_clock_being_set_has_ended_since() {
    let mut rig = Rig::start().await;
    declined_at_once(&rig).await;
    rig.clock.set_by_seconds(3_600);
    rig.pass(5).await;
    let next = next_one_before_a_failure_is_shown(&rig).await;
    rig.restart().await;
    rig.pass(3_600).await;
    assert_eq!(rig.view(next.attempt).await.state, "unknown");
}

#[tokio::test(start_paused = true)]
async fn nor_when_the_clock_was_set_while_no_till_was_open() {
    let mut rig = Rig::start().await;
    rig.pass(600).await;
    declined_at_once(&rig).await;
    rig.stop().await;
    rig.clock.set_by_seconds(3_600);
    rig.restart().await;
    let next = next_one_before_a_failure_is_shown(&rig).await;
    rig.pass(3_600).await;
    assert_eq!(rig.view(next.attempt).await.state, "unknown");
}

#[tokio::test(start_paused = true)]
async fn which_attempt_is_the_later_one_does_not_hang_on_a_clock_that_was_set_back() {
    let rig = Rig::start().await;
    rig.yolcu.pay.then(|_| timed_out());
    asked(&rig, OrderState::Pending, None);
    let first = rig.pay_until(order("order_1"), "unknown").await;
    rig.pass(400).await;
    rig.till().settle(verdict(first.attempt, Verdict::SetAside)).await.unwrap();
    rig.clock.set_by_seconds(-3_600);
    rig.yolcu.pay.then(|_| timed_out());
    let mut request = order("order_1");
    request.means = by_card(MASTERCARD);
    let second = rig.pay_until(request, "unknown").await;
    let view = rig.view(second.attempt).await;
    asked(&rig, OrderState::Failed, Some("p9"));
    rig.till().settle(verdict(second.attempt, Verdict::Declined)).await.unwrap();
    rig.pass(7_200).await;
    assert_eq!((rig.view(first.attempt).await.state, view.state), ("set_aside", "unknown"));
}

#[tokio::test(start_paused = true)]
async fn with_two_unsettled_attempts_a_paid_order_is_nobodys_until_a_person_looks() {
    let rig = Rig::start().await;
    rig.yolcu.pay.then(|_| timed_out());
    rig.yolcu.pay.then(|_| timed_out());
    let (first, second) = {
        asked(&rig, OrderState::Pending, None);
        let first = rig.pay_until(order("order_1"), "unknown").await;
        rig.pass(400).await;
        rig.till().settle(verdict(first.attempt, Verdict::SetAside)).await.unwrap();
        let mut request = order("order_1");
        request.means = by_card(MASTERCARD);
        (first, rig.pay_until(request, "unknown").await)
    };
    asked(&rig, OrderState::Reserved, Some("p1"));
    let alarmed = |view: &AttemptView| view.alarms.iter().any(|one| one.code == "paid_by_unknown_card");
    rig.until_view(second.attempt, "alarmed", alarmed).await;
    rig.until_view(first.attempt, "alarmed", alarmed).await;
    assert_eq!(rig.view(first.attempt).await.state, "set_aside");
    let error = rig.till().pay(order("order_1")).await.unwrap_err();
    assert!(matches!(error, PayError::Blocked(_)), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_siblings_can_not_be_told_from_the_answer_stays_unknown() {
    let rig = Rig::start().await;
    rig.yolcu.pay.then(|_| answer(PayAnswer::Unclear(Unclear::NotFoundOrProcessed)));
    asked(&rig, OrderState::Pending, None);
    let view = rig.pay_until(order("order_1"), "unknown").await;
    let stored = rig.journal.folded(view.attempt);
    let vezne_core::attempt::State::Unknown(unknown) = &stored.state else { panic!("unknown") };
    assert_eq!(unknown.cause, UnknownCause::Unclear(Unclear::NotFoundOrProcessed));
    rig.pass(3_600).await;
    assert_eq!(rig.view(view.attempt).await.state, "unknown", "pending is how an unpaid order looks");
    asked(&rig, OrderState::Reserved, Some("p1"));
    rig.until(view.attempt, "approved").await;
}

/// The order is reserved, but the attempts that follow another one can't be asked about just now.
fn reserved_but_not_for_followers(rig: &Rig) {
    rig.yolcu.status.always(|attempt| match attempt.intent.card().unwrap().last_four.as_str() {
        "4444" => StatusAnswer::CouldNotAsk(CouldNotAsk::Offline),
        _ => StatusAnswer::Order(facts(OrderState::Reserved, Some("p1"))),
    });
}

/// A payment by another card that the gateway took without telling its number, and about which it can't be asked.
async fn approved_without_a_number(rig: &Rig) -> AttemptView {
    reserved_but_not_for_followers(rig);
    rig.yolcu.pay.then(|_| success_numbered(None));
    let mut request = order("order_1");
    request.means = by_card(MASTERCARD);
    let view = rig.pay_until(request, "approved").await;
    assert!(view.unconfirmed && view.gateway_payment.is_none());
    view
}

#[tokio::test(start_paused = true)]
async fn one_reserved_answer_does_not_approve_a_set_aside_attempt_beside_one_without_a_number() {
    let rig = Rig::start().await;
    rig.yolcu.pay.then(|_| timed_out());
    asked(&rig, OrderState::Pending, None);
    let first = rig.pay_until(order("order_1"), "unknown").await;
    rig.pass(400).await;
    rig.till().settle(verdict(first.attempt, Verdict::SetAside)).await.unwrap();
    let second = approved_without_a_number(&rig).await;
    rig.till().ask_again(first.attempt).await.unwrap();
    rig.pass(1).await;
    assert_eq!(rig.view(first.attempt).await.state, "set_aside", "the answer is the second one's");
    asked(&rig, OrderState::Reserved, Some("p1"));
    let second = rig.until_view(second.attempt, "confirmed", |view| !view.unconfirmed).await;
    assert_eq!(second.gateway_payment.as_deref(), Some("p1"));
    rig.pass(7_200).await;
    assert_eq!(rig.view(first.attempt).await.state, "set_aside");
    assert!(rig.view(second.attempt).await.alarms.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_declined_attempts_recheck_is_not_contradicted_by_the_payment_of_one_without_a_number() {
    let rig = Rig::start().await;
    rig.yolcu.pay.then(|_| failure());
    asked(&rig, OrderState::Pending, None);
    let first = rig.pay_until(order("order_1"), "declined").await;
    approved_without_a_number(&rig).await;
    rig.pass(120).await;
    assert_eq!(rig.asked_at(first.attempt), [0, 10, 60]);
    let first = rig.view(first.attempt).await;
    assert!(!first.contradicted && first.alarms.is_empty(), "{first:?}");
}
