//! What may be given back and which way, what was done in the portal, and a person's word on reversals and lists.

use vezne_core::account::StatusQuery;
use vezne_core::answers::{OrderState, ReversalAnswer, SaidAmount, StatusAnswer, TransactionState, Unclear};
use vezne_core::attempt::{CounterOutcome, Refusal};
use vezne_core::ports::{PayAnswerOrOrder, PayResult};
use vezne_core::reversal::{Kind, Reading, Reversal};
use vezne_core::status::Seen;
use vezne_till::{
    AttemptView, ListedWord, PayMeans, PortalReturn, ReversalVerdict, ReverseError, ReverseRequest, ReverseSize,
    SettleError, Verdict, Way, WhyNothing, WhyPortal, WhyRefund,
};

use crate::support::*;

async fn paid(rig: &Rig) -> AttemptView {
    rig.finrota.before_reversal.always(|_| Ok(remaining(54_500)));
    rig.pay_until(booking("R-1", 54_500), "approved").await
}

fn done(left: i64) -> ReversalAnswer {
    ReversalAnswer::Done { last_amount: Some(lira(left)) }
}

fn refund(view: &AttemptView, kurus: i64, shown_left: i64) -> ReverseRequest {
    ReverseRequest {
        payment: view.payment,
        attempt: None,
        kind: Kind::Refund,
        size: ReverseSize::Part(lira(kurus)),
        shown_left: Some(lira(shown_left)),
        authority: supervisor(),
    }
}

fn in_portal(view: &AttemptView, kurus: i64) -> PortalReturn {
    PortalReturn {
        payment: view.payment,
        attempt: None,
        kind: Kind::Refund,
        size: ReverseSize::Part(lira(kurus)),
        shown_left: None,
        saw: "portal 4711".parse().unwrap(),
        authority: supervisor(),
    }
}

async fn way(rig: &Rig, view: &AttemptView) -> Way {
    rig.till().returns(view.payment).await.unwrap().way
}

#[tokio::test(start_paused = true)]
async fn a_second_click_that_comes_after_the_first_one_is_done_returns_nothing_more() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|_| done(44_500));
    let first = rig.till().reverse(refund(&view, 10_000, 54_500)).await.unwrap();
    rig.until_reversal(first.reversal, "done").await;
    rig.finrota.before_reversal.always(|_| Ok(remaining(44_500)));
    // The same dialog, or another window that has not been drawn anew: it still says that 545.00 is left.
    let again = rig.till().reverse(refund(&view, 10_000, 54_500)).await.unwrap_err();
    assert!(matches!(again, ReverseError::Changed { left } if left == lira(44_500)), "{again:?}");
    assert_eq!(rig.finrota.reverse.count(), 1);
    // Two that were asked for at once, from what both were shown.
    let gate = rig.finrota.reverse.then_held(|_| done(34_500));
    let ask = || rig.till().reverse(refund(&view, 10_000, 44_500));
    let (one, two) = tokio::join!(ask(), ask());
    gate.release();
    rig.pass(1).await;
    assert!(one.is_ok() != two.is_ok());
    assert_eq!(rig.finrota.reverse.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_way_back_is_told_by_the_rules_that_decide_it() {
    let mut rig = Rig::start().await;
    let view = paid(&rig).await;
    let Way::Void { until, partly: true } = way(&rig, &view).await else { panic!("the same day, and all of it") };
    let before = rig.view(view.attempt).await.opened;
    assert!(until > before && until.since(before) < vezne_core::time::Millis::hours(24));

    let gate = rig.finrota.reverse.then_held(|_| done(44_500));
    let first = rig.till().reverse(refund(&view, 10_000, 54_500)).await.unwrap();
    let on_its_way = rig.till().returns(view.payment).await.unwrap();
    let sums = on_its_way.sums.unwrap();
    assert_eq!((&*sums.under_way.amount, &*sums.left.amount), ("100.00", "445.00"));
    assert_eq!(on_its_way.way, Way::Nothing { why: WhyNothing::Open, reversal: Some(first.reversal) });
    gate.release();
    rig.until_reversal(first.reversal, "done").await;
    assert_eq!(way(&rig, &view).await, Way::Refund { why: WhyRefund::PartGone, partly: true });

    let other = {
        let mut request = booking("R-2", 100);
        request.means = by_card(MASTERCARD);
        rig.pay_until(request, "approved").await
    };
    rig.pass(86_400).await;
    assert_eq!(way(&rig, &other).await, Way::Refund { why: WhyRefund::DayOver, partly: true });
    rig.finrota_account.reversals = false;
    rig.restart().await;
    assert_eq!(way(&rig, &other).await, Way::Portal { why: WhyPortal::Off });
    let all = rig.till().record_return(in_portal(&other, 100)).await.unwrap();
    let gone = Way::Nothing { why: WhyNothing::AllGone, reversal: Some(all.reversal) };
    assert_eq!(way(&rig, &other).await, gone);
}

#[tokio::test(start_paused = true)]
async fn an_order_goes_back_whole_or_not_at_all_and_by_hand_where_it_was_paid_twice() {
    let mut rig = Rig::start().await;
    let view = rig.pay_until(order("order_1"), "approved").await;
    assert!(matches!(way(&rig, &view).await, Way::Void { partly: false, .. }));
    rig.yolcu_account.reversals = false;
    rig.restart().await;
    rig.till().record_return(in_portal(&view, 100)).await.unwrap();
    rig.yolcu_account.reversals = true;
    rig.restart().await;
    assert_eq!(way(&rig, &view).await, Way::Portal { why: WhyPortal::PartGone });
}

#[tokio::test(start_paused = true)]
async fn an_order_that_two_attempts_have_paid_is_never_cancelled() {
    let rig = Rig::start().await;
    rig.yolcu.pay.then(|_| timed_out());
    let pending = || facts(OrderState::Pending, None);
    rig.yolcu.status.always(move |_| StatusAnswer::Order(pending()));
    let first = rig.pay_until(order("order_1"), "unknown").await;
    rig.pass(400).await;
    rig.till().settle(verdict(first.attempt, Verdict::SetAside)).await.unwrap();
    let mut other = order("order_1");
    other.means = by_card(MASTERCARD);
    rig.yolcu.status.always(|_| StatusAnswer::Order(facts(OrderState::Reserved, Some("p2"))));
    let second = rig.pay_until(other, "approved").await;
    rig.till().settle(verdict(first.attempt, Verdict::Approved)).await.unwrap();
    assert_eq!(way(&rig, &second).await, Way::Portal { why: WhyPortal::TwoApproved });
    let request = ReverseRequest {
        payment: second.payment,
        attempt: Some(second.attempt),
        kind: Kind::Void,
        size: ReverseSize::Whole,
        shown_left: None,
        authority: supervisor(),
    };
    let error = rig.till().reverse(request).await.unwrap_err();
    assert!(matches!(error, ReverseError::TwoApproved), "{error:?}");
    assert_eq!((rig.yolcu.before_reversal.count(), rig.yolcu.reverse.count()), (0, 0));

    // Once the gateway has given one of them back by hand, the order is paid once, and can be cancelled like any other.
    let all = PortalReturn { attempt: Some(first.attempt), size: ReverseSize::Whole, ..in_portal(&first, 0) };
    rig.till().record_return(all).await.unwrap();
    assert!(matches!(way(&rig, &second).await, Way::Void { partly: false, .. }));
}

#[tokio::test(start_paused = true)]
async fn where_the_gateway_can_not_be_asked_what_is_left_nothing_but_the_portal_is_offered() {
    let rig = Rig::start_with(|rig| rig.finrota_account.terms.status_query = StatusQuery::Off).await;
    rig.finrota.pay.then(|_| success());
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    assert_eq!(way(&rig, &view).await, Way::Portal { why: WhyPortal::CannotBeAsked });
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_price_nobody_could_read_goes_back_in_the_portal_with_the_amount_that_is_told() {
    let rig = Rig::start().await;
    let priceless = |state, payment| {
        let mut facts = facts(state, payment);
        facts.price = SaidAmount::NotSaid;
        facts.payment_type = Some(text("limit"));
        facts
    };
    rig.yolcu.order.always(move |_| Ok(summary(priceless(OrderState::Pending, None))));
    rig.yolcu.pay.then(move |_| PayResult {
        answer: PayAnswerOrOrder::Order(priceless(OrderState::Reserved, Some("p1"))),
        page: None,
    });
    rig.yolcu.status.always(move |_| StatusAnswer::Order(priceless(OrderState::Reserved, Some("p1"))));
    let mut request = order("order_1");
    request.means = PayMeans::CreditLimit;
    request.amount = None;
    let view = rig.pay_until(request, "approved").await;

    let returns = rig.till().returns(view.payment).await.unwrap();
    assert_eq!((returns.sums, returns.way), (None, Way::Portal { why: WhyPortal::AmountNotKnown }));
    assert!(returns.currencies.contains(&"TRY"), "{:?}", returns.currencies);
    let whole = PortalReturn { size: ReverseSize::Whole, ..in_portal(&view, 0) };
    let error = rig.till().record_return(whole).await.unwrap_err();
    assert!(matches!(error, ReverseError::AmountNotKnown), "{error:?}");
    let recorded = rig.till().record_return(in_portal(&view, 54_500)).await.unwrap();
    assert_eq!((recorded.state, &*recorded.amount.amount), ("done", "545.00"));
    let twice = rig.till().record_return(in_portal(&view, 54_500)).await.unwrap_err();
    assert!(matches!(twice, ReverseError::AlreadyReturned(id) if id == recorded.reversal), "{twice:?}");
    assert!(matches!(way(&rig, &view).await, Way::Nothing { why: WhyNothing::AllGone, .. }));
    let correct = |verdict| rig.till().settle_reversal(recorded.reversal, verdict, supervisor(), slip());
    correct(ReversalVerdict::NotDone).await.unwrap();
    assert_eq!(way(&rig, &view).await, Way::Portal { why: WhyPortal::AmountNotKnown });
    assert_eq!(correct(ReversalVerdict::Done).await.unwrap().state, "done");
}

#[tokio::test(start_paused = true)]
async fn what_was_done_in_the_portal_counts_and_nothing_is_sent_of_it() {
    let mut rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota_account.reversals = false;
    rig.restart().await;
    let recorded = rig.till().record_return(in_portal(&view, 10_000)).await.unwrap();
    assert_eq!(
        (recorded.state, recorded.evidence, recorded.saw.as_deref()),
        ("done", Some("portal"), Some("portal 4711"))
    );
    assert_eq!(rig.journal.reversal_words(recorded.reversal), ["reversal ready", "reversal done"]);
    let too_much = rig.till().record_return(in_portal(&view, 44_501)).await.unwrap_err();
    assert!(matches!(too_much, ReverseError::TooMuch { left } if left == lira(44_500)), "{too_much:?}");
    let mut wrong = in_portal(&view, 1);
    wrong.authority = authority("Şefika", "0000");
    assert!(matches!(rig.till().record_return(wrong).await.unwrap_err(), ReverseError::NotASupervisor));
    // From now on the gateway is expected to have so much less.
    rig.finrota.status.always(|attempt| {
        let mut answer = transaction(attempt, TransactionState::Paid);
        if let StatusAnswer::Transaction(facts) = &mut answer {
            facts.amount = lira(44_500).into();
        }
        answer
    });
    rig.restart().await;
    rig.till().ask_again(view.attempt).await.unwrap();
    rig.pass(5).await;
    let view = rig.view(view.attempt).await;
    assert!(!view.contradicted && view.alarms.is_empty(), "{view:#?}");
    assert_eq!((rig.finrota.reverse.count(), rig.finrota.reversal_status.count()), (0, 0));

    // What was written down wrongly is corrected by a counter-entry, and is left again.
    let id = recorded.reversal;
    let corrected = rig.till().settle_reversal(id, ReversalVerdict::NotDone, supervisor(), slip()).await.unwrap();
    assert_eq!(corrected.state, "not_done");
    assert_eq!(rig.till().returns(view.payment).await.unwrap().sums.unwrap().left.amount, "545.00");
    rig.till().record_return(in_portal(&view, 54_500)).await.unwrap();
    let twice = rig.till().settle_reversal(id, ReversalVerdict::Done, supervisor(), slip()).await.unwrap_err();
    assert!(matches!(twice, SettleError::TooMuch { .. }), "{twice:?}");
}

#[tokio::test(start_paused = true)]
async fn an_alarm_about_what_is_left_outlives_its_settling_and_a_restart_until_it_was_seen() {
    let mut rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|_| done(0));
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(0)), Seen::default()));
    let reversal = rig.till().reverse(refund(&view, 10_000, 54_500)).await.unwrap();
    rig.until_reversal(reversal.reversal, "unknown").await;
    let seen = || rig.till().settle_reversal(reversal.reversal, ReversalVerdict::Seen, supervisor(), None);
    assert!(matches!(seen().await.unwrap_err(), SettleError::Refused(Refusal::NotNow { .. })), "not settled yet");
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(44_500)), Seen::default()));
    let reversal = rig.until_reversal(reversal.reversal, "done").await;
    assert!(reversal.needs_attention && reversal.alarms.len() == 1);
    rig.restart().await;
    assert_eq!(rig.till().attention().await.1.len(), 1, "it stands there still");
    let verdict = ReversalVerdict::Seen;
    let seen = rig.till().settle_reversal(reversal.reversal, verdict, supervisor(), None).await.unwrap();
    assert!(!seen.needs_attention && seen.state == "done");
    rig.restart().await;
    assert!(rig.till().attention().await.1.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_the_gateway_itself_said_of_a_reversal_is_corrected_only_where_it_contradicts_itself() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|_| done(44_500));
    let reversal = rig.till().reverse(refund(&view, 10_000, 54_500)).await.unwrap();
    rig.until_reversal(reversal.reversal, "done").await;
    let not_done = || rig.till().settle_reversal(reversal.reversal, ReversalVerdict::NotDone, supervisor(), slip());
    let error = not_done().await.unwrap_err();
    assert!(matches!(error, SettleError::Refused(Refusal::NothingContradicts)), "{error:?}");
    // It says now that all of it is still there.
    rig.finrota.status.always(paid_transaction);
    rig.till().ask_again(view.attempt).await.unwrap();
    let shown = rig.until_view(view.attempt, "contradicted", |view| view.contradicted).await;
    let said = shown.contradiction.unwrap();
    assert_eq!((said.paid, said.amount.unwrap().amount.as_str()), (true, "545.00"));
    assert_eq!(not_done().await.unwrap().state, "not_done");
}

#[tokio::test(start_paused = true)]
async fn late_money_of_a_reversal_that_was_settled_as_not_done_is_noticed_even_after_a_restart() {
    let mut rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|_| ReversalAnswer::Unclear(Unclear::TimedOut));
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(54_500)), Seen::default()));
    let reversal = rig.till().reverse(refund(&view, 10_000, 54_500)).await.unwrap();
    rig.until_reversal(reversal.reversal, "unknown").await;
    let id = reversal.reversal;
    rig.till().settle_reversal(id, ReversalVerdict::NotDone, supervisor(), slip()).await.unwrap();
    rig.restart().await;
    let asked = rig.finrota.reversal_status.count();
    rig.pass(2 * 3_600).await;
    assert_eq!(rig.finrota.reversal_status.count(), asked + 2, "hourly, for a day");
    assert!(!rig.reversal(id).await.needs_attention, "nothing has changed there");
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(44_500)), Seen::default()));
    rig.pass(3_600).await;
    let late = rig.reversal(id).await;
    assert_eq!((late.state, late.alarms[0].code, late.needs_attention), ("not_done", "contradicted", true));
    // The counter-entry answers it, and what the gateway goes on saying is no news.
    let counted = rig.till().settle_reversal(id, ReversalVerdict::Done, supervisor(), slip()).await.unwrap();
    assert!(counted.state == "done" && !counted.needs_attention);
    // What a later one takes away is not laid to this one's charge, asked by the hour or by a person.
    rig.finrota.before_reversal.always(|_| Ok(remaining(44_500)));
    rig.finrota.reverse.then(|_| done(34_500));
    let next = rig.till().reverse(refund(&view, 10_000, 44_500)).await.unwrap();
    rig.until_reversal(next.reversal, "done").await;
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(34_500)), Seen::default()));
    rig.till().ask_reversal_again(id).await.unwrap();
    rig.pass(2 * 3_600).await;
    let again = rig.reversal(id).await;
    assert!(again.questions > late.questions && !again.needs_attention, "{again:#?}");
}

#[tokio::test(start_paused = true)]
async fn what_went_back_was_paid_whatever_a_counter_entry_says() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|_| done(44_500));
    let reversal = rig.till().reverse(refund(&view, 10_000, 54_500)).await.unwrap();
    rig.until_reversal(reversal.reversal, "done").await;
    rig.finrota.status.always(failed_transaction);
    rig.till().ask_again(view.attempt).await.unwrap();
    rig.until_view(view.attempt, "contradicted", |view| view.contradicted).await;
    let declined = || rig.till().settle(verdict(view.attempt, Verdict::Declined));
    let error = declined().await.unwrap_err();
    assert!(matches!(error, SettleError::WentBack(id) if id == reversal.reversal), "{error:?}");
    // First the reversal is corrected, then the attempt may count as not paid.
    let not_done = rig.till().settle_reversal(reversal.reversal, ReversalVerdict::NotDone, supervisor(), slip());
    assert_eq!(not_done.await.unwrap().state, "not_done");
    assert_eq!(declined().await.unwrap().state, "declined");
}

#[tokio::test(start_paused = true)]
async fn a_list_is_settled_with_one_pin_each_by_its_own_rules() {
    let rig = Rig::start().await;
    rig.finrota.status.always(pending_transaction);
    let mut unknown = Vec::new();
    for (number, reference) in ["R-1", "R-2", "R-3"].into_iter().enumerate() {
        rig.finrota.pay.then(|_| timed_out());
        let amount = 54_500 + i64::try_from(number).unwrap();
        unknown.push(rig.pay_until(booking(reference, amount), "unknown").await);
        rig.pass(if number == 1 { 86_400 } else { 1 }).await;
    }
    let word =
        |view: &AttemptView, outcome| ListedWord { attempt: view.attempt, outcome, saw: "portal".parse().unwrap() };
    let words = vec![
        word(&unknown[0], CounterOutcome::Approved),
        word(&unknown[2], CounterOutcome::Declined),
        word(&unknown[1], CounterOutcome::Declined),
    ];
    let wrong = rig.till().settle_list(words.clone(), authority("Şefika", "0000")).await.unwrap_err();
    assert!(matches!(wrong, SettleError::NotASupervisor), "{wrong:?}");
    let asked = rig.pins.verify.count();
    let settled = rig.till().settle_list(words, supervisor()).await.unwrap();
    assert_eq!(rig.pins.verify.count(), asked + 1, "one PIN for all of them");
    assert_eq!(settled[0].1.as_ref().unwrap().state, "approved");
    assert!(matches!(settled[1].1, Err(SettleError::NotListed(_))), "not unknown for a day yet: {settled:?}");
    assert_eq!(settled[2].1.as_ref().unwrap().state, "declined");
    assert!(matches!(rig.till().settle_list(Vec::new(), supervisor()).await, Err(SettleError::NotListed(_))));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_reversal_is_settled_only_by_somebody_who_says_what_they_saw() {
    let rig = Rig::start().await;
    let view = paid(&rig).await;
    rig.finrota.reverse.then(|_| ReversalAnswer::Unclear(Unclear::TimedOut));
    rig.finrota.reversal_status.always(|_| Reading::NotYet(Seen::default()));
    let reversal = rig.till().reverse(refund(&view, 100, 54_500)).await.unwrap();
    rig.until_reversal(reversal.reversal, "unknown").await;
    let settle = |saw| rig.till().settle_reversal(reversal.reversal, ReversalVerdict::Done, supervisor(), saw);
    let blind = settle(None).await.unwrap_err();
    assert!(matches!(blind, SettleError::Refused(Refusal::PortalReferenceMissing)), "{blind:?}");
    assert!(settle(slip()).await.unwrap().by_word);
}
