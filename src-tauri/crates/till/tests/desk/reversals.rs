//! Void and refund (`RULES.md` 7).

use vezne_core::answers::{
    CouldNotAsk, GatewayRefusal, NotSentReason, OrderState, RefusalReason, ReversalAnswer, Unclear,
};
use vezne_core::ports::{JournalFault, ReadFault, ReversalBaseline};
use vezne_core::reversal::{Kind, Reading, Reversal, VezneRefusal};
use vezne_core::status::Seen;
use vezne_till::{
    AttemptView, PortalReturn, ReversalVerdict, ReversalView, ReverseError, ReverseRequest, ReverseSize, SettleError,
};

use crate::support::*;

fn request(view: &AttemptView, kind: Kind, size: ReverseSize) -> ReverseRequest {
    ReverseRequest { payment: view.payment, attempt: None, kind, size, shown_left: None, authority: supervisor() }
}

fn refund(view: &AttemptView, kurus: i64) -> ReverseRequest {
    request(view, Kind::Refund, ReverseSize::Part(lira(kurus)))
}

/// A paid booking of 545.00, and a gateway that has so much of it left.
async fn paid(rig: &Rig) -> AttemptView {
    rig.finrota.before_reversal.always(|_| Ok(remaining(54_500)));
    rig.pay_until(booking("R-1", 54_500), "approved").await
}

fn in_portal(view: &AttemptView) -> PortalReturn {
    PortalReturn {
        payment: view.payment,
        attempt: Some(view.attempt),
        kind: Kind::Refund,
        size: ReverseSize::Whole,
        shown_left: Some(lira(54_500)),
        saw: "portal 4711".parse().unwrap(),
        authority: supervisor(),
    }
}

fn done(left: i64) -> ReversalAnswer {
    ReversalAnswer::Done { last_amount: Some(lira(left)) }
}

async fn begin(rig: &Rig, request: ReverseRequest) -> ReversalView {
    rig.till().reverse(request).await.expect("nothing forbids this reversal")
}

#[tokio::test(start_paused = true)]
async fn a_void_is_on_disk_before_it_is_sent() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|intent| {
        assert_eq!((intent.kind, intent.amount), (Kind::Void, lira(54_500)));
        assert!(format!("{:?}", intent.target).contains("RN-1"), "the number that the query gave");
        done(0)
    });
    let reversal = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
    let reversal = rig.until_reversal(reversal.reversal, "done").await;
    assert_eq!(reversal.evidence, Some("reversal_answer"));
    rig.log.assert_order(&[
        "gateway: before reversal",
        "disk: reversal ready, reversal baseline, reversal sending",
        "gateway: reverse",
        "disk: reversal done",
    ]);
    let again = rig.till().reverse(request(&view, Kind::Void, ReverseSize::Whole)).await.unwrap_err();
    assert!(matches!(again, ReverseError::AlreadyReturned(id) if id == reversal.reversal), "{again:?}");
    assert_eq!((rig.finrota.before_reversal.count(), rig.finrota.reverse.count()), (1, 1), "without a call");
}

#[tokio::test(start_paused = true)]
async fn partial_refunds_go_to_the_last_unit_and_not_one_further() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    let mut left = 54_500;
    for part in [54_498, 1, 1] {
        rig.finrota.before_reversal.always(move |_| Ok(remaining(left)));
        let error = rig.till().reverse(refund(&view, left + 1)).await.unwrap_err();
        assert!(matches!(error, ReverseError::TooMuch { left: found } if found == lira(left)), "{error:?}");
        left -= part;
        rig.finrota.reverse.then(move |_| done(left));
        let reversal = begin(&rig, refund(&view, part)).await;
        rig.until_reversal(reversal.reversal, "done").await;
    }
    let error = rig.till().reverse(refund(&view, 1)).await.unwrap_err();
    assert!(matches!(error, ReverseError::TooMuch { .. } | ReverseError::AlreadyReturned(_)), "{error:?}");
    assert_eq!(rig.finrota.reverse.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn amounts_that_make_no_sense_are_refused() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    let dollars = vezne_core::money::Money::from_minor(100, vezne_core::money::Currency::USD);
    for size in [ReverseSize::Part(lira(0)), ReverseSize::Part(lira(-1)), ReverseSize::Part(dollars)] {
        let error = rig.till().reverse(request(&view, Kind::Refund, size)).await.unwrap_err();
        assert!(matches!(error, ReverseError::BadAmount(_)), "{error:?}");
    }
    let error = rig.till().reverse(request(&view, Kind::Void, ReverseSize::Part(lira(1)))).await.unwrap_err();
    assert!(matches!(error, ReverseError::VoidNotPossible(_)), "{error:?}");
    assert_eq!(rig.finrota.before_reversal.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_reversal_at_a_time_and_an_unknown_one_counts_in_full() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|_| ReversalAnswer::Unclear(Unclear::TimedOut));
    rig.finrota.reversal_status.always(|_| Reading::NotYet(Seen::default()));
    let first = begin(&rig, refund(&view, 100)).await;
    rig.until_reversal(first.reversal, "unknown").await;
    let error = rig.till().reverse(refund(&view, 100)).await.unwrap_err();
    assert!(matches!(error, ReverseError::OneAtATime(id) if id == first.reversal), "{error:?}");
    assert_eq!(rig.finrota.reverse.count(), 1);
    let settled =
        rig.till().settle_reversal(first.reversal, ReversalVerdict::NotDone, supervisor(), slip()).await.unwrap();
    assert_eq!(settled.state, "not_done");
    rig.finrota.reverse.then(|_| done(0));
    let all = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
    rig.until_reversal(all.reversal, "done").await;
}

#[tokio::test(start_paused = true)]
async fn a_double_click_sends_once() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    let gate = rig.finrota.reverse.then_held(|_| done(0));
    let whole = || rig.till().reverse(request(&view, Kind::Void, ReverseSize::Whole));
    let (one, two) = tokio::join!(whole(), whole());
    assert_eq!(one.is_ok(), two.is_err());
    let error = one.err().or(two.err()).unwrap();
    assert!(matches!(error, ReverseError::OneAtATime(_)), "{error:?}");
    gate.release();
    rig.pass(1).await;
    assert_eq!(rig.finrota.reverse.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn another_last_amount_than_was_asked_for_is_an_alarm() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|_| done(0));
    let reversal = begin(&rig, refund(&view, 100)).await;
    let reversal = rig.until_reversal(reversal.reversal, "unknown").await;
    assert_eq!(reversal.alarms.len(), 1);
    assert_eq!(rig.till().attention().await.1.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_about_and_never_sent_again() {
    let mut rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then_after(60, |_| ReversalAnswer::Unclear(Unclear::TimedOut));
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(54_500)), Seen::default()));
    let reversal = begin(&rig, refund(&view, 100)).await;
    rig.until_reversal(reversal.reversal, "unknown").await;
    rig.pass(31).await;
    assert_eq!(rig.finrota.reversal_status.count(), 6);
    rig.restart().await;
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(54_400)), Seen::default()));
    let reversal = rig.until_reversal(reversal.reversal, "done").await;
    assert_eq!(reversal.evidence, Some("gateway_status"));
    assert_eq!(rig.finrota.reverse.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_restart_half_way_is_unknown_and_sends_nothing() {
    let mut rig = Rig::start().await;
    let view = paid(&rig).await;
    let gate = rig.finrota.reverse.then_held(|_| done(0));
    rig.finrota.reversal_status.always(|_| Reading::CouldNotAsk(CouldNotAsk::Offline));
    let reversal = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
    settle_down().await;
    rig.restart().await;
    assert_eq!(rig.reversal(reversal.reversal).await.reason.unwrap().code, "restarted");
    gate.release();
    rig.pass(600).await;
    assert_eq!((rig.reversal(reversal.reversal).await.state, rig.finrota.reverse.count()), ("unknown", 1));
    rig.till().settle_reversal(reversal.reversal, ReversalVerdict::Done, supervisor(), slip()).await.unwrap();
    assert!(rig.till().attention().await.1.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_fails_at_the_opening_sends_nothing_and_blocks_nothing() {
    for fault in [Fault::Lost, Fault::DidGetIn] {
        let rig = Rig::start().await;
        let view = paid(&rig).await;
        rig.journal.fail_next("reversal ready", fault);
        let error = rig.till().reverse(request(&view, Kind::Void, ReverseSize::Whole)).await.unwrap_err();
        assert!(matches!(error, ReverseError::Journal(JournalFault::NotWritable(_))), "{error:?}");
        rig.pass(5).await;
        assert_eq!(rig.finrota.reverse.count(), 0);
        rig.finrota.reverse.then(|_| done(0));
        let reversal = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
        rig.until_reversal(reversal.reversal, "done").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_401_is_tried_once_more_with_a_new_token() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|_| ReversalAnswer::Unauthorised(None));
    rig.finrota.reverse.then(|_| done(0));
    let reversal = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
    rig.until_reversal(reversal.reversal, "done").await;
    assert_eq!(
        rig.journal.reversal_words(reversal.reversal)[2..],
        ["reversal sending", "reversal reauthorising", "reversal sending", "reversal done"]
    );

    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.always(|_| ReversalAnswer::Unauthorised(None));
    let reversal = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
    rig.until_reversal(reversal.reversal, "refused").await;
    assert_eq!((rig.finrota.reverse.count(), rig.finrota.renew_token.count()), (2, 1));

    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.always(|_| ReversalAnswer::Unauthorised(None));
    rig.finrota.renew_token.then(|()| Err(CouldNotAsk::SignIn));
    let reversal = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
    rig.until_reversal(reversal.reversal, "refused").await;
    assert_eq!(rig.finrota.reverse.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_second_sending_that_can_not_be_written_is_not_sent() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|_| ReversalAnswer::Unauthorised(None));
    rig.journal.fail_next("reversal sending", Fault::Lost);
    let reversal = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
    rig.until_reversal(reversal.reversal, "refused").await;
    assert_eq!(rig.finrota.reverse.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_can_not_be_written_is_shown_and_held() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    let gate = rig.finrota.reverse.then_held(|_| done(0));
    let reversal = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
    rig.journal.fail_all();
    gate.release();
    let shown = rig.until_reversal(reversal.reversal, "done").await;
    assert!(shown.not_written_down);
    rig.journal.is_well_again();
    rig.pass(2).await;
    assert_eq!(rig.journal.folded_reversal(reversal.reversal).state.word(), "done");
    assert!(!rig.reversal(reversal.reversal).await.not_written_down);
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_says_no_or_was_not_reached_leaves_the_money_returnable() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    let refusal = GatewayRefusal { reason: RefusalReason::BadRequest, text: Some(text("too late")) };
    rig.finrota.reverse.then(|_| ReversalAnswer::NotDone { refusal, last_amount: None });
    let first = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
    let first = rig.until_reversal(first.reversal, "refused").await;
    assert_eq!((first.refused_by, first.reason.unwrap().text), (Some("gateway"), Some("too late".to_owned())));
    rig.finrota.reverse.then(|_| ReversalAnswer::NotSent(NotSentReason::Offline));
    let second = begin(&rig, request(&view, Kind::Refund, ReverseSize::Whole)).await;
    rig.until_reversal(second.reversal, "not_sent").await;
    rig.finrota.reverse.then(|_| done(0));
    let third = begin(&rig, request(&view, Kind::Refund, ReverseSize::Whole)).await;
    rig.until_reversal(third.reversal, "done").await;
}

#[tokio::test(start_paused = true)]
async fn what_the_gateway_has_left_must_be_what_the_journal_expects() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.before_reversal.then(|_| Ok(remaining(54_400)));
    let error = rig.till().reverse(refund(&view, 100)).await.unwrap_err();
    assert!(matches!(error, ReverseError::Refused(VezneRefusal::Remaining { .. })), "{error:?}");
    rig.finrota.before_reversal.then(|_| Err(ReadFault::NotFound));
    let error = rig.till().reverse(refund(&view, 100)).await.unwrap_err();
    assert!(matches!(error, ReverseError::Refused(VezneRefusal::BaselineUnreadable)), "{error:?}");
    rig.finrota.before_reversal.then(|_| Err(ReadFault::CouldNotAsk(CouldNotAsk::Offline)));
    let error = rig.till().reverse(refund(&view, 100)).await.unwrap_err();
    assert!(matches!(error, ReverseError::Read(_)), "{error:?}");
    assert_eq!(rig.finrota.reverse.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn it_is_refused_without_a_supervisor_switched_off_unpaid_or_at_another_address() {
    let mut rig = Rig::start().await;
    let view = paid(&rig).await;
    let mut wrong = refund(&view, 100);
    wrong.authority = authority("Şefika", "0000");
    assert!(matches!(rig.till().reverse(wrong).await.unwrap_err(), ReverseError::NotASupervisor));
    assert_eq!(rig.finrota.before_reversal.count(), 0, "nobody is asked for somebody without the right");
    rig.finrota_account.reversals = false;
    rig.restart().await;
    assert!(matches!(rig.till().reverse(refund(&view, 100)).await.unwrap_err(), ReverseError::SwitchedOff));
    rig.finrota_account.reversals = true;
    rig.finrota_account.reference.endpoint.key_fingerprint = "beef".to_owned();
    rig.restart().await;
    assert!(matches!(rig.till().reverse(refund(&view, 100)).await.unwrap_err(), ReverseError::AccountGone));
    rig.finrota.pay.then(|_| failure());
    rig.finrota.status.always(failed_transaction);
    let mut unpaid = booking("R-2", 100);
    unpaid.means = by_card(MASTERCARD);
    let unpaid = rig.pay_until(unpaid, "declined").await;
    assert!(matches!(rig.till().reverse(refund(&unpaid, 100)).await.unwrap_err(), ReverseError::NotApproved));
}

#[tokio::test(start_paused = true)]
async fn a_void_belongs_to_the_business_day_of_the_payment_not_of_its_confirmation() {
    let rig = Rig::start().await;
    rig.finrota.before_reversal.always(|_| Ok(remaining(54_500)));
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    rig.pass(2 * 86_400).await;
    rig.finrota.status.always(paid_transaction);
    rig.until(view.attempt, "approved").await;
    let error = rig.till().reverse(request(&view, Kind::Void, ReverseSize::Whole)).await.unwrap_err();
    assert!(matches!(error, ReverseError::VoidNotPossible(_)), "{error:?}");
    rig.finrota.reverse.then(|_| done(0));
    begin(&rig, request(&view, Kind::Refund, ReverseSize::Whole)).await;
}

/// One that was set aside and the one that followed it, both paid after all: 545.00 each, one payment.
async fn both_approved(rig: &Rig) -> (AttemptView, AttemptView) {
    rig.finrota.before_reversal.always(|_| Ok(remaining(54_500)));
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let first = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    rig.pass(400).await;
    rig.till().settle(verdict(first.attempt, vezne_till::Verdict::SetAside)).await.unwrap();
    rig.finrota.status.always(paid_transaction);
    let mut other = booking("R-1", 54_500);
    other.means = by_card(MASTERCARD);
    let second = rig.pay_until(other, "approved").await;
    rig.until(first.attempt, "approved").await;
    assert_eq!(first.payment, second.payment);
    (first, second)
}

/// A reversal of all of this very attempt, as the screen shows it.
fn all_of(view: &AttemptView) -> ReverseRequest {
    ReverseRequest {
        attempt: Some(view.attempt),
        shown_left: Some(lira(54_500)),
        ..request(view, Kind::Refund, ReverseSize::Whole)
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_approved_attempts_the_one_that_was_named_goes_back_and_no_other() {
    let rig = Rig::start().await;
    let (first, second) = both_approved(&rig).await;
    let nameless = rig.till().reverse(request(&first, Kind::Refund, ReverseSize::Whole)).await.unwrap_err();
    assert!(matches!(nameless, ReverseError::WhichAttempt), "{nameless:?}");
    for (view, offered_next) in [(&second, Some(&first)), (&first, None)] {
        assert_eq!(rig.till().returns(first.payment).await.unwrap().attempt, view.attempt);
        rig.finrota.reverse.then(|_| done(0));
        let reversal = begin(&rig, all_of(view)).await;
        assert_eq!(rig.until_reversal(reversal.reversal, "done").await.attempt, view.attempt);
        // The second click, another window, the same command once more: what is left now is the other attempt's.
        let again = rig.till().reverse(all_of(view)).await.unwrap_err();
        assert!(matches!(again, ReverseError::AlreadyReturned(id) if id == reversal.reversal), "{again:?}");
        let again = rig.till().record_return(in_portal(view)).await.unwrap_err();
        assert!(matches!(again, ReverseError::AlreadyReturned(id) if id == reversal.reversal), "{again:?}");
        let offered = rig.till().returns(first.payment).await.unwrap();
        assert_eq!(offered.attempt, offered_next.unwrap_or(&second).attempt);
    }
    assert_eq!(rig.finrota.reverse.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_second_click_whose_baseline_comes_after_the_first_one_is_done_leaves_the_other_attempt_alone() {
    let rig = Rig::start().await;
    let (_, second) = both_approved(&rig).await;
    // The second click is asked for first, and its answer is the slow one.
    let slow = rig.finrota.before_reversal.then_held(|_| Ok(remaining(54_500)));
    let click = tokio::spawn({
        let till = rig.till().clone();
        let request = all_of(&second);
        async move { till.reverse(request).await }
    });
    settle_down().await;
    rig.finrota.reverse.then(|_| done(0));
    let reversal = begin(&rig, all_of(&second)).await;
    rig.until_reversal(reversal.reversal, "done").await;
    slow.release();
    let error = click.await.unwrap().unwrap_err();
    assert!(matches!(error, ReverseError::AlreadyReturned(id) if id == reversal.reversal), "{error:?}");
    assert_eq!(rig.finrota.reverse.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_corrected_reversal_must_fit_into_what_is_left_of_its_own_attempt() {
    let rig = Rig::start().await;
    let (first, second) = both_approved(&rig).await;
    let wrong = rig.till().record_return(in_portal(&second)).await.unwrap();
    let correct = |verdict| rig.till().settle_reversal(wrong.reversal, verdict, supervisor(), slip());
    correct(ReversalVerdict::NotDone).await.unwrap();
    rig.till().record_return(in_portal(&second)).await.unwrap();
    // 545.00 is left, but of the other one.
    assert_eq!(rig.till().returns(first.payment).await.unwrap().attempt, first.attempt);
    let twice = correct(ReversalVerdict::Done).await.unwrap_err();
    assert!(matches!(twice, SettleError::TooMuch { left } if left == lira(0)), "{twice:?}");
}

#[tokio::test(start_paused = true)]
async fn a_correction_waits_for_a_reversal_that_is_under_way() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    let wrong = rig.till().record_return(PortalReturn { attempt: None, ..in_portal(&view) }).await.unwrap();
    let correct = |verdict| rig.till().settle_reversal(wrong.reversal, verdict, supervisor(), slip());
    correct(ReversalVerdict::NotDone).await.unwrap();
    let gate = rig.finrota.reverse.then_held(|_| done(54_400));
    let open = begin(&rig, refund(&view, 100)).await;
    let error = correct(ReversalVerdict::Done).await.unwrap_err();
    assert!(matches!(error, SettleError::OneAtATime(id) if id == open.reversal), "{error:?}");
    gate.release();
    rig.until_reversal(open.reversal, "done").await;
}

#[tokio::test(start_paused = true)]
async fn an_order_is_cancelled_as_a_whole_or_not_at_all() {
    let rig = Rig::start().await;
    let baseline = |cancellable, refundable| {
        Ok(ReversalBaseline::Order { facts: facts(OrderState::Reserved, Some("p1")), cancellable, refundable })
    };
    let view = rig.pay_until(order("order_1"), "approved").await;
    let part = request(&view, Kind::Refund, ReverseSize::Part(lira(100)));
    assert!(matches!(rig.till().reverse(part).await.unwrap_err(), ReverseError::WholeOnly));
    for (cancellable, refundable, refusal) in
        [(false, true, VezneRefusal::NotCancellable), (true, false, VezneRefusal::NotRefundable)]
    {
        rig.yolcu.before_reversal.then(move |_| baseline(cancellable, refundable));
        let error = rig.till().reverse(request(&view, Kind::Void, ReverseSize::Whole)).await.unwrap_err();
        let ReverseError::Refused(found) = error else { panic!("not refused: {error:?}") };
        assert_eq!(found, refusal);
    }
    assert_eq!(rig.yolcu.reverse.count(), 0);
    rig.yolcu.before_reversal.then(move |_| baseline(true, true));
    let reversal = begin(&rig, request(&view, Kind::Void, ReverseSize::Whole)).await;
    rig.until_reversal(reversal.reversal, "done").await;
}

#[tokio::test(start_paused = true)]
async fn without_the_gateways_own_number_nothing_is_sent() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota
        .before_reversal
        .always(|_| Ok(ReversalBaseline::Remaining { amount: lira(54_500), seen: Seen::default(), number: None }));
    let error = rig.till().reverse(refund(&view, 100)).await.unwrap_err();
    assert!(matches!(error, ReverseError::Refused(VezneRefusal::BaselineUnreadable)), "{error:?}");
    rig.pass(60).await;
    assert_eq!(rig.finrota.reverse.count(), 0);
    assert!(rig.log.lines().iter().all(|line| !line.contains("reversal ready")), "{:?}", rig.log.lines());
}
