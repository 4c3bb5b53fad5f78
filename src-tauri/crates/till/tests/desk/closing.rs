//! Closing the day, and comparing a close with the gateways.

use vezne_core::account::StatusQuery;
use vezne_core::answers::{CouldNotAsk, OrderState, ReversalAnswer, StatusAnswer, TransactionState};
use vezne_core::close::{Finding, Recorded, Standing};
use vezne_core::ports::{Clock, JournalFault, MissingSpan, ReversalBaseline};
use vezne_core::record::{Batch, Record};
use vezne_core::reversal::Kind;
use vezne_core::rights::Act;
use vezne_core::time::Millis;
use vezne_till::{AttemptView, Change, CloseError, ComparingView, PayError, ReverseRequest, ReverseSize};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn a_day_without_payments_is_closed_at_once_and_several_times() {
    let rig = Rig::start().await;
    for number in 1..=3 {
        let closed = rig.till().close_day(None).await.unwrap();
        assert_eq!(closed.close.number, number);
        assert!(closed.close.figures.cells.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_close_waits_for_nobody_at_the_bank_and_settles_nothing() {
    let rig = Rig::start().await;
    rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.finrota.pay.then(|_| challenge());
    rig.finrota.status.always(pending_transaction);
    let at_bank = rig.pay_until(booking("R-2", 10_000), "at_bank").await;
    let before = rig.clock.now();
    let closed = rig.till().close_day(None).await.unwrap();
    assert_eq!(rig.clock.now(), before, "no time has passed");
    let totals = closed.close.figures.totals();
    assert_eq!(totals[0].1.approved.minor, 54_500);
    assert_eq!(closed.close.figures.open[0].0, Standing::InProgress);
    assert_eq!(rig.view(at_bank.attempt).await.state, "at_bank");
    // It is settled later, and belongs to the close in which that was recorded.
    rig.finrota.status.always(paid_transaction);
    rig.until(at_bank.attempt, "approved").await;
    let next = rig.till().close_day(None).await.unwrap();
    assert_eq!(next.close.figures.late[0].outcome, Recorded::Approved);
    assert_eq!(next.close.figures.totals()[0].1.approved.minor, 10_000);
    assert!(next.close.figures.open.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_written_while_a_close_is_drawn_up_makes_it_be_drawn_up_again() {
    let rig = Rig::start().await;
    let paid = rig.pay_until(booking("R-1", 54_500), "approved").await;
    let noise = || Record::RightUsed {
        operator: operator("x", vezne_core::rights::Role::Supervisor, 1).id,
        act: Act::Resolve,
        reason: "arada".parse().unwrap(),
        about: Some(paid.attempt),
    };
    // More often than it is tried beside the actor: in the end the actor does it alone.
    for _ in 0..6 {
        rig.journal.writes_meanwhile(Batch { records: vec![noise()], names: Vec::new() });
    }
    let closed = rig.till().close_day(None).await.unwrap();
    assert_eq!(closed.seq, i64::try_from(rig.journal.lines().len()).unwrap(), "it stands at the end");
    assert_eq!(closed.close.covers.tip + 1, closed.seq);
    assert_eq!(rig.log.count("disk: day closed"), 1);
}

#[tokio::test(start_paused = true)]
async fn two_closes_at_once_are_two_closes() {
    let rig = Rig::start().await;
    rig.pay_until(booking("R-1", 54_500), "approved").await;
    let (one, two) = tokio::join!(rig.till().close_day(None), rig.till().close_day(None));
    let mut numbers = [one.unwrap().close.number, two.unwrap().close.number];
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_can_not_be_written_says_so_and_closes_nothing() {
    let rig = Rig::start().await;
    rig.journal.fail_all();
    let error = rig.till().close_day(None).await.unwrap_err();
    assert!(matches!(error, CloseError::Journal(JournalFault::NotWritable(_))), "{error:?}");
    rig.journal.is_well_again();
    assert_eq!(rig.till().close_day(None).await.unwrap().close.number, 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_closed_over_an_answer_that_is_not_written_down_yet() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let unknown = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    rig.journal.fail_all();
    rig.finrota.status.always(paid_transaction);
    rig.until(unknown.attempt, "approved").await;
    let error = rig.till().close_day(None).await.unwrap_err();
    assert!(matches!(error, CloseError::NotWritten(_)), "{error:?}");
    rig.journal.is_well_again();
    rig.pass(5).await;
    let closed = rig.till().close_day(None).await.unwrap();
    assert_eq!(closed.close.figures.totals()[0].1.approved.count, 1);
}

#[tokio::test(start_paused = true)]
async fn a_close_that_got_in_although_the_disk_said_no_is_told_as_made() {
    let rig = Rig::start().await;
    rig.journal.fail_next("day closed", Fault::DidGetIn);
    let closed = rig.till().close_day(None).await.unwrap();
    assert_eq!(closed.close.number, 1);
    assert_eq!(rig.till().close_day(None).await.unwrap().close.number, 2);
}

#[tokio::test(start_paused = true)]
async fn a_close_ends_the_rule_of_a_restored_backup_and_says_what_is_missing() {
    let mut rig = Rig::start().await;
    let from = rig.clock.now();
    let span = MissingSpan { from, until: from.after(Millis::hours(1)) };
    rig.journal.miss(span);
    rig.restart().await;
    let error = rig.till().pay(booking("R-1", 54_500)).await.unwrap_err();
    assert!(matches!(error, PayError::SpanMissing { .. }), "{error:?}");
    // A supervisor must agree: it ends the rule that only a supervisor may pass.
    let before = rig.journal.lines().len();
    assert_eq!(rig.till().close_day(None).await.unwrap_err(), CloseError::NeedsSupervisor);
    let wrong = rig.till().close_day_as(None, Some(authority("Şefika", "0000"))).await.unwrap_err();
    assert_eq!(wrong, CloseError::NotASupervisor);
    assert_eq!(rig.journal.lines().len(), before);
    let closed = rig.till().close_day_as(None, Some(supervisor())).await.unwrap();
    assert_eq!(closed.close.missing, Some(span));
    let used = rig.journal.lines().into_iter().filter_map(|(_, record)| {
        let Record::RightUsed { act, .. } = record else { return None };
        Some(act)
    });
    assert_eq!(used.collect::<Vec<_>>(), [Act::CloseOverMissing]);
    rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.restart().await;
    rig.pay_until(booking("R-2", 20_000), "approved").await;
}

/// Compares a close to its end.
async fn compare(rig: &Rig, number: u32) -> ComparingView {
    let mut changes = rig.till().changes();
    rig.till().compare_close(number, None).await.unwrap();
    loop {
        if let Change::Comparing(view) = changes.recv().await.unwrap()
            && view.ended
        {
            return *view;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_comparison_asks_about_each_payment_and_lists_what_differs() {
    let rig = Rig::start().await;
    let paid = rig.pay_until(booking("R-1", 54_500), "approved").await;
    let gone = rig.pay_until(booking("R-2", 20_000), "approved").await;
    rig.finrota.pay.then(|_| failure());
    rig.finrota.status.then(failed_transaction);
    let said_no = rig.pay_until(booking("R-3", 30_000), "declined").await;
    rig.finrota.get_ready.then(|()| Err(vezne_core::answers::NotSentReason::Offline));
    rig.pay_until(booking("R-4", 1_000), "not_sent").await;
    rig.pass(300).await;
    let closed = rig.till().close_day(None).await.unwrap();
    let missing = gone.reference.clone();
    // Nothing is known there of what we hold for paid; what we hold for declined is paid there.
    rig.finrota.status.always(move |attempt| {
        if attempt.intent.reference == missing { StatusAnswer::NoTrace } else { paid_transaction(attempt) }
    });
    let view = compare(&rig, closed.close.number).await;
    assert_eq!((view.of, view.done, view.agreed, view.nothing_sent, view.differences), (4, 4, 1, 1, 2));
    let kept = rig.journal_close(1);
    let [comparison] = &kept.comparisons[..] else { panic!("{kept:?}") };
    assert!(comparison.is_whole());
    let found: Vec<_> = comparison.differences.iter().map(|one| (one.attempt, one.finding.clone())).collect();
    assert!(
        found.contains(&(gone.attempt, Finding::MissingThere))
            && found.contains(&(said_no.attempt, Finding::PaidThere))
    );
    // An answer is evidence like any other question's.
    assert!(rig.view(said_no.attempt).await.contradicted);
    assert!(!rig.view(paid.attempt).await.contradicted);
    assert_eq!(rig.till().comparing().await, None);
}

#[tokio::test(start_paused = true)]
async fn what_went_back_there_and_not_here_is_told_from_another_amount() {
    let rig = Rig::start().await;
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.till().close_day(None).await.unwrap();
    rig.finrota.status.always(|attempt| {
        let StatusAnswer::Transaction(mut facts) = transaction(attempt, TransactionState::PartlyReturned) else {
            unreachable!()
        };
        facts.amount = vezne_core::answers::SaidAmount::Said(lira(50_000));
        StatusAnswer::Transaction(facts)
    });
    compare(&rig, 1).await;
    let difference = rig.journal_close(1).comparisons[0].differences[0].clone();
    assert_eq!(difference.attempt, view.attempt);
    assert_eq!(difference.finding, Finding::ReturnedThere { expected: lira(54_500), found: lira(50_000) });
}

#[tokio::test(start_paused = true)]
async fn what_is_unknown_is_settled_by_the_comparison_as_by_any_question() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let unknown = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    rig.till().close_day(None).await.unwrap();
    rig.finrota.status.always(paid_transaction);
    compare(&rig, 1).await;
    assert_eq!(rig.journal_close(1).comparisons[0].differences[0].finding, Finding::SettledThere);
    assert_eq!(rig.view(unknown.attempt).await.state, "approved");
}

#[tokio::test(start_paused = true)]
async fn a_comparison_is_stopped_half_way_and_keeps_what_it_heard() {
    let rig = Rig::start().await;
    for number in 1..=4 {
        rig.pay_until(booking(&format!("R-{number}"), number * 1_000), "approved").await;
    }
    rig.till().close_day(None).await.unwrap();
    rig.finrota.status.then(paid_transaction);
    let gate = rig.finrota.status.then_held(paid_transaction);
    rig.till().compare_close(1, None).await.unwrap();
    rig.pass(1).await;
    let error = rig.till().compare_close(1, None).await.unwrap_err();
    assert_eq!(error, CloseError::Comparing);
    let under_way = rig.till().comparing().await.unwrap();
    assert_eq!((under_way.done, under_way.of), (1, 4));
    // A close is made meanwhile: neither waits for the other.
    assert_eq!(rig.till().close_day(None).await.unwrap().close.number, 2);
    rig.till().stop_comparing().await;
    settle_down().await;
    let comparison = rig.journal_close(1).comparisons[0].clone();
    assert_eq!((comparison.agreed, comparison.left), (1, 3));
    assert!(!comparison.is_whole());
    // The answer that was under way is heard, and asks nothing more.
    gate.release();
    rig.pass(10).await;
    assert_eq!(rig.till().comparing().await, None);
    compare(&rig, 1).await;
    assert_eq!(rig.journal_close(1).comparisons[1].agreed, 4);
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_does_not_answer_is_not_asked_about_a_whole_day() {
    let rig = Rig::start().await;
    for number in 1..=8 {
        rig.pay_until(booking(&format!("R-{number}"), number * 1_000), "approved").await;
    }
    rig.till().close_day(None).await.unwrap();
    rig.finrota.status.always(|_| StatusAnswer::CouldNotAsk(CouldNotAsk::Offline));
    let before = rig.finrota.status.count();
    let view = compare(&rig, 1).await;
    assert_eq!((view.unanswered, view.agreed), (8, 0));
    assert_eq!(rig.finrota.status.count() - before, 3);
}

#[tokio::test(start_paused = true)]
async fn a_comparison_of_an_empty_close_or_of_none_asks_nobody() {
    let rig = Rig::start().await;
    assert_eq!(rig.till().compare_close(1, None).await.unwrap_err(), CloseError::NotFound);
    rig.till().close_day(None).await.unwrap();
    let view = compare(&rig, 1).await;
    assert_eq!((view.of, view.done), (0, 0));
    assert_eq!(rig.finrota.status.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_second_close_has_nothing_of_what_the_comparison_of_the_first_one_asked_about() {
    let rig = Rig::start().await;
    for number in 1..=3 {
        rig.pay_until(booking(&format!("R-{number}"), number * 1_000), "approved").await;
    }
    rig.till().close_day(None).await.unwrap();
    assert_eq!(compare(&rig, 1).await.agreed, 3);
    rig.till().close_day(None).await.unwrap();
    let view = compare(&rig, 2).await;
    assert_eq!((view.of, view.done), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn money_of_an_earlier_day_that_went_back_today_is_compared_today() {
    let rig = Rig::start().await;
    let paid = rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.till().close_day(None).await.unwrap();
    rig.finrota.before_reversal.always(|_| Ok(remaining(54_500)));
    rig.finrota.reverse.then(|_| ReversalAnswer::Done { last_amount: Some(lira(54_400)) });
    let back = rig.till().reverse(give_back(&paid, Kind::Refund, ReverseSize::Part(lira(100)))).await.unwrap();
    rig.until_reversal(back.reversal, "done").await;
    rig.till().close_day(None).await.unwrap();
    // There, nothing of it is known.
    let view = compare(&rig, 2).await;
    assert_eq!((view.of, view.differences), (1, 1));
    let finding = rig.journal_close(2).comparisons[0].differences[0].finding.clone();
    assert_eq!(finding, Finding::OtherAmount { expected: lira(54_400), found: lira(54_500) });
}

fn give_back(of: &AttemptView, kind: Kind, size: ReverseSize) -> ReverseRequest {
    ReverseRequest {
        payment: of.payment,
        attempt: Some(of.attempt),
        kind,
        size,
        shown_left: None,
        authority: supervisor(),
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_was_cancelled_here_and_stands_there_as_reserved_is_a_difference() {
    let rig = Rig::start().await;
    let paid = rig.pay_until(order("order_1"), "approved").await;
    let other_card = vezne_till::PayRequest { means: by_card(MASTERCARD), ..order("order_2") };
    let untouched = rig.pay_until(other_card, "approved").await;
    let facts = facts(OrderState::Reserved, Some("p1"));
    rig.yolcu.before_reversal.then(move |_| Ok(ReversalBaseline::Order { facts, cancellable: true, refundable: true }));
    let back = rig.till().reverse(give_back(&paid, Kind::Void, ReverseSize::Whole)).await.unwrap();
    rig.until_reversal(back.reversal, "done").await;
    rig.pass(1).await;
    rig.till().close_day(None).await.unwrap();
    let view = compare(&rig, 1).await;
    assert_eq!((view.of, view.agreed, view.differences), (2, 1, 1));
    let difference = rig.journal_close(1).comparisons[0].differences[0].clone();
    assert_eq!((difference.attempt, difference.finding), (paid.attempt, Finding::NotReturnedThere));
    assert_ne!(paid.attempt, untouched.attempt);
    assert!(!rig.view(paid.attempt).await.contradicted);
}

#[tokio::test(start_paused = true)]
async fn a_till_that_is_shut_in_the_middle_of_a_comparison_keeps_its_list_and_says_that_it_is_over() {
    for shut in [true, false] {
        let mut rig = Rig::start().await;
        for number in 1..=3 {
            rig.pay_until(booking(&format!("R-{number}"), number * 1_000), "approved").await;
        }
        rig.till().close_day(None).await.unwrap();
        rig.finrota.status.then(|_| StatusAnswer::NoTrace);
        let _held = rig.finrota.status.then_held(paid_transaction);
        let mut changes = rig.till().changes();
        rig.till().compare_close(1, None).await.unwrap();
        rig.pass(2).await;
        if shut {
            rig.till().close().await;
        }
        rig.stop().await;
        let comparison = rig.journal_close(1).comparisons[0].clone();
        assert_eq!((comparison.differences.len(), comparison.left), (1, 2));
        let mut ended = false;
        while let Ok(change) = changes.recv().await {
            ended |= matches!(&change, Change::Comparing(view) if view.ended);
        }
        assert!(ended, "whoever watches is told");
        // One that is opened again compares nothing by itself, and may be asked to.
        rig.restart().await;
        assert_eq!(rig.till().comparing().await, None);
        assert_eq!(compare(&rig, 1).await.agreed, 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_comparison_asks_once_a_second_and_rests_while_the_gateway_has_too_many() {
    let rig = Rig::start().await;
    for number in 1..=4 {
        rig.pay_until(booking(&format!("R-{number}"), number * 1_000), "approved").await;
    }
    rig.till().close_day(None).await.unwrap();
    let began = rig.clock.now();
    let asked = rig.finrota.status.count();
    rig.finrota.status.then(paid_transaction);
    rig.finrota.status.then(|_| StatusAnswer::CouldNotAsk(CouldNotAsk::TooMany));
    let view = compare(&rig, 1).await;
    assert_eq!((view.agreed, view.unanswered), (4, 0), "none is lost, and none counts as silence");
    assert_eq!(rig.finrota.status.count() - asked, 5);
    let took = rig.clock.now().since(began);
    assert!((Millis::seconds(13)..Millis::seconds(15)).contains(&took), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn while_the_gateway_takes_no_questions_none_is_pressed_upon_it() {
    let rig = Rig::start().await;
    rig.pay_until(booking("R-1", 1_000), "approved").await;
    rig.till().close_day(None).await.unwrap();
    *rig.finrota.busy.lock().unwrap() = Millis::seconds(30);
    let asked = rig.finrota.status.count();
    rig.till().compare_close(1, None).await.unwrap();
    rig.pass(20).await;
    assert_eq!(rig.finrota.status.count(), asked);
    *rig.finrota.busy.lock().unwrap() = Millis::ZERO;
    rig.pass(40).await;
    assert_eq!(rig.journal_close(1).comparisons[0].agreed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_has_too_many_questions_for_ever_is_left_in_the_end() {
    let rig = Rig::start().await;
    rig.pay_until(booking("R-1", 1_000), "approved").await;
    rig.till().close_day(None).await.unwrap();
    rig.finrota.status.always(|_| StatusAnswer::CouldNotAsk(CouldNotAsk::TooMany));
    let view = compare(&rig, 1).await;
    assert_eq!((view.agreed, view.unanswered), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_asked_about_at_all_does_not_make_a_comparison_partial() {
    let rig = Rig::start_with(|rig| {
        rig.finrota_account.terms.status_query = StatusQuery::Off;
    })
    .await;
    rig.pay_until(booking("R-1", 1_000), "approved").await;
    rig.pay_until(order("order_1"), "approved").await;
    rig.till().close_day(None).await.unwrap();
    let view = compare(&rig, 1).await;
    assert_eq!((view.of, view.done, view.agreed, view.cannot_be_asked, view.unanswered), (2, 2, 1, 1, 0));
    assert!(rig.journal_close(1).comparisons[0].is_whole());
}

#[tokio::test(start_paused = true)]
async fn an_answer_older_than_a_refund_does_not_contradict_it() {
    let rig = Rig::start().await;
    let paid = rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.finrota.before_reversal.always(|_| Ok(remaining(54_500)));
    rig.finrota.reverse.then(|_| ReversalAnswer::Done { last_amount: Some(lira(54_400)) });
    let question = rig.finrota.status.then_held(paid_transaction);
    rig.till().ask_again(paid.attempt).await.unwrap();
    rig.pass(1).await;
    let back = rig.till().reverse(give_back(&paid, Kind::Refund, ReverseSize::Part(lira(100)))).await.unwrap();
    rig.until_reversal(back.reversal, "done").await;
    // The gateway had said so before the money went back.
    question.release();
    rig.pass(1).await;
    assert!(!rig.view(paid.attempt).await.contradicted);
    // A question that leaves later is told what stands there now.
    rig.pass(1).await;
    rig.till().ask_again(paid.attempt).await.unwrap();
    rig.pass(1).await;
    assert!(rig.view(paid.attempt).await.contradicted);
}

#[tokio::test(start_paused = true)]
async fn a_close_without_anything_missing_uses_no_right_whoever_agreed() {
    let rig = Rig::start().await;
    rig.till().close_day_as(None, Some(authority("nobody", "0000"))).await.unwrap();
    assert!(rig.journal.lines().iter().all(|(_, record)| !matches!(record, Record::RightUsed { .. })));
}

/// Waits for the close to be told of.
async fn until_closed(changes: &mut tokio::sync::broadcast::Receiver<Change>) -> u32 {
    loop {
        if let Change::Closed { number } = changes.recv().await.unwrap() {
            return number;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_close_that_was_made_and_can_not_be_read_is_not_called_not_made() {
    let rig = Rig::start().await;
    let mut changes = rig.till().changes();
    rig.journal.fail_closes(true);
    assert_eq!(rig.till().close_day(None).await.unwrap_err(), CloseError::NotKnown);
    // Nor is another one begun while nobody knows.
    assert_eq!(rig.till().close_day(None).await.unwrap_err(), CloseError::NotKnown);
    rig.journal.fail_closes(false);
    assert_eq!(until_closed(&mut changes).await, 1, "it is told when the journal can be read");
    assert_eq!(rig.till().close_day(None).await.unwrap().close.number, 2);
}

#[tokio::test(start_paused = true)]
async fn a_close_in_doubt_that_did_not_get_in_leaves_the_next_one_its_number() {
    let rig = Rig::start().await;
    rig.journal.fail_next("day closed", Fault::Lost);
    rig.journal.fail_reopen();
    assert_eq!(rig.till().close_day(None).await.unwrap_err(), CloseError::NotKnown);
    rig.journal.is_well_again();
    rig.pass(5).await;
    assert_eq!(rig.till().close_day(None).await.unwrap().close.number, 1);
    rig.journal.fail_next("day closed", Fault::DidGetIn);
    rig.journal.fail_reopen();
    let mut changes = rig.till().changes();
    assert_eq!(rig.till().close_day(None).await.unwrap_err(), CloseError::NotKnown);
    rig.journal.is_well_again();
    assert_eq!(until_closed(&mut changes).await, 2);
}
