//! A journal that can't be written.

use vezne_core::note::Note;
use vezne_core::ports::{Clock as _, Journal as _, JournalFault};
use vezne_core::record::{Batch, Record};
use vezne_till::{JournalState, PayError, ReverseError, ReverseRequest, ReverseSize};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn an_opening_that_can_not_be_written_calls_nobody() {
    let rig = Rig::start().await;
    rig.journal.fail_next("ready", Fault::Lost);
    let error = rig.till().pay(booking("R-1", 54_500)).await.unwrap_err();
    assert!(matches!(error, PayError::Journal(JournalFault::NotWritable(_))), "{error:?}");
    rig.pass(300).await;
    assert_eq!((rig.finrota.get_ready.count(), rig.finrota.pay.count()), (0, 0));
    rig.pay_until(booking("R-1", 54_500), "approved").await;
}

#[tokio::test(start_paused = true)]
async fn an_opening_that_did_get_in_is_followed_by_not_sent_and_blocks_nobody() {
    let rig = Rig::start().await;
    rig.journal.fail_next("ready", Fault::DidGetIn);
    let error = rig.till().pay(booking("R-1", 54_500)).await.unwrap_err();
    assert!(matches!(error, PayError::Journal(_)), "{error:?}");
    settle_down().await;
    rig.log.assert_order(&["disk failed but has: ready", "disk: not_sent"]);
    assert_eq!(rig.finrota.pay.count(), 0);
    rig.pay_until(booking("R-1", 54_500), "approved").await;
    assert_eq!(rig.finrota.pay.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_opening_that_did_get_in_while_the_disk_went_blocks_nobody_once_the_disk_is_back() {
    let rig = Rig::start().await;
    rig.journal.fail_next("ready", Fault::DidGetIn);
    rig.journal.fail_reopen();
    assert!(rig.till().pay(booking("R-1", 54_500)).await.is_err());
    rig.pass(10).await;
    assert_eq!(rig.log.count("disk: not_sent"), 0);
    rig.journal.is_well_again();
    rig.pass(2).await;
    assert_eq!(rig.log.count("disk: not_sent"), 1);
    rig.pay_until(booking("R-1", 54_500), "approved").await;
}

#[tokio::test(start_paused = true)]
async fn a_sending_that_can_not_be_written_is_not_sent() {
    let rig = Rig::start().await;
    rig.journal.fail_next("sending", Fault::Lost);
    let view = rig.pay_until(booking("R-1", 54_500), "not_sent").await;
    assert_eq!(view.reason.unwrap().code, "journal_failed");
    rig.pass(300).await;
    assert_eq!(rig.finrota.pay.count(), 0);
    assert_eq!(rig.journal.words(view.attempt), ["ready", "not_sent"]);
}

#[tokio::test(start_paused = true)]
async fn a_sending_that_did_get_in_is_followed_by_not_sent() {
    let rig = Rig::start().await;
    rig.journal.fail_next("sending", Fault::DidGetIn);
    let view = rig.pay_until(booking("R-1", 54_500), "not_sent").await;
    assert_eq!(view.reason.unwrap().code, "journal_failed");
    rig.log.assert_order(&["disk failed but has: sending", "disk: reopened", "disk: not_sent"]);
    rig.pass(300).await;
    assert_eq!(rig.finrota.pay.count(), 0);
    assert_eq!(rig.journal.words(view.attempt), ["ready", "sending", "not_sent"]);
}

#[tokio::test(start_paused = true)]
async fn a_sending_that_did_get_in_before_the_disk_went_is_not_sent_once_the_disk_is_back() {
    let rig = Rig::start().await;
    rig.finrota.get_ready.then_after(1, |()| Ok(()));
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    rig.journal.fail_next("sending", Fault::DidGetIn);
    rig.journal.fail_next("not_sent", Fault::Lost);
    rig.journal.fail_reopen();
    let view = rig.until(attempt, "not_sent").await;
    assert!(view.not_written_down);
    rig.journal.is_well_again();
    rig.pass(5).await;
    assert_eq!(rig.journal.words(attempt), ["ready", "sending", "not_sent"]);
    assert!(!rig.view(attempt).await.not_written_down);
    assert_eq!(rig.finrota.pay.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_can_not_be_written_is_shown_held_and_written_in_order_when_the_disk_is_back() {
    let rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| success());
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    settle_down().await;
    rig.journal.fail_all();
    gate.release();
    let view = rig.until(attempt, "approved").await;
    assert!(view.not_written_down, "do not close");
    assert!(matches!(rig.till().journal_state().await, JournalState::NotWritten(_)));
    let refused = rig.till().pay(booking("R-2", 100)).await.unwrap_err();
    assert!(matches!(refused, PayError::Journal(_)), "{refused:?}");
    let reverse = ReverseRequest {
        payment: view.payment,
        attempt: None,
        kind: vezne_core::reversal::Kind::Refund,
        size: ReverseSize::Whole,
        shown_left: None,
        authority: supervisor(),
    };
    let refused = rig.till().reverse(reverse).await.unwrap_err();
    assert!(matches!(refused, ReverseError::Journal(_)), "{refused:?}");
    rig.pass(60).await;
    assert_eq!(rig.journal.words(attempt), ["ready", "sending"]);

    rig.journal.is_well_again();
    rig.pass(2).await;
    assert_eq!(rig.till().journal_state().await, JournalState::Written);
    assert_eq!(rig.journal.words(attempt), ["ready", "sending", "heard", "confirming", "asked", "approved"]);
    assert!(!rig.view(attempt).await.not_written_down);
    rig.pay_until(booking("R-2", 100), "approved").await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_did_get_in_is_not_written_twice() {
    let rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| success());
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    settle_down().await;
    rig.journal.fail_next("heard", Fault::DidGetIn);
    gate.release();
    rig.until(attempt, "approved").await;
    rig.pass(5).await;
    assert_eq!(rig.journal.words(attempt), ["ready", "sending", "heard", "confirming", "asked", "approved"]);
    assert_eq!(rig.till().journal_state().await, JournalState::Written);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_did_get_in_is_not_written_twice_although_a_note_was_filed_behind_it() {
    let rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| success());
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    settle_down().await;
    rig.journal.fail_next("heard", Fault::DidGetIn);
    rig.journal.fail_reopen();
    gate.release();
    rig.until(attempt, "approved").await;
    let note = Note { payment: rig.view(attempt).await.payment, operator: None, text: "back soon".parse().unwrap() };
    let batch = Batch { records: vec![Record::NoteAdded(note)], names: Vec::new() };
    rig.journal.append(batch, rig.clock.now()).await.unwrap();
    rig.journal.is_well_again();
    rig.pass(10).await;
    assert!(!rig.view(attempt).await.not_written_down);
    assert_eq!(rig.journal.words(attempt), ["ready", "sending", "heard", "confirming", "asked", "approved"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_ready_when_the_disk_goes_is_not_sent() {
    let rig = Rig::start().await;
    let first = rig.finrota.pay.then_held(|_| success());
    let one = rig.begin(booking("R-1", 100)).await;
    settle_down().await;
    let ready = rig.finrota.get_ready.then_held(|()| Ok(()));
    let mut request = booking("R-2", 200);
    request.means = by_card(MASTERCARD);
    let two = rig.begin(request).await;
    rig.journal.fail_all();
    first.release();
    rig.until(one, "approved").await;
    ready.release();
    let view = rig.until(two, "not_sent").await;
    assert!(view.not_written_down);
    assert_eq!(rig.finrota.pay.count(), 1);
    rig.journal.is_well_again();
    rig.pass(2).await;
    assert_eq!(rig.journal.words(two), ["ready", "not_sent"]);
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_stops_before_the_answer_is_written_finds_it_unknown_and_asks() {
    let mut rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| success());
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    settle_down().await;
    rig.journal.fail_all();
    gate.release();
    rig.until(attempt, "approved").await;
    rig.stop().await;
    rig.journal.is_well_again();
    rig.restart().await;
    assert_eq!(rig.view(attempt).await.evidence, Some("gateway_status"));
    assert_eq!(rig.journal.words(attempt), ["ready", "sending", "unknown", "asked", "approved"]);
    assert_eq!(rig.finrota.pay.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_sale_begins_when_the_reserved_space_is_gone() {
    let rig = Rig::start().await;
    rig.journal.refuse_new_money();
    let refused = rig.till().pay(booking("R-1", 100)).await.unwrap_err();
    assert!(matches!(refused, PayError::Journal(JournalFault::DiskFull)), "{refused:?}");
    assert!(rig.log.lines().is_empty(), "nobody was asked for anything");
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_back_does_not_put_off_the_writing_of_what_is_held() {
    let rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| success());
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    settle_down().await;
    rig.journal.fail_all();
    gate.release();
    rig.until(attempt, "approved").await;
    rig.clock.set_by_seconds(-3_600);
    rig.journal.is_well_again();
    rig.pass(10).await;
    assert!(!rig.view(attempt).await.not_written_down);
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_closes_writes_what_it_holds() {
    let rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| failure());
    rig.finrota.status.always(failed_transaction);
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    settle_down().await;
    rig.journal.fail_all();
    gate.release();
    rig.until(attempt, "declined").await;
    rig.journal.is_well_again();
    rig.till().close().await;
    assert_eq!(rig.journal.words(attempt), ["ready", "sending", "heard", "confirming", "asked", "declined"]);
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_takes_no_new_money_is_told_at_once_and_again_when_it_does() {
    let rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| success());
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    settle_down().await;
    // The answer goes into the reserve, and there is none for the next one.
    rig.journal.refuse_new_money();
    gate.release();
    rig.until(attempt, "approved").await;
    let state = rig.till().journal_state().await;
    assert!(matches!(state, JournalState::Refusing { code: "disk_full", .. }), "{state:?}");
    let refused = rig.till().pay(booking("R-2", 100)).await.unwrap_err();
    assert!(matches!(refused, PayError::Journal(JournalFault::DiskFull)), "{refused:?}");
    let mut changes = rig.till().changes();
    rig.journal.is_well_again();
    rig.pass(6).await;
    let told = std::iter::from_fn(|| changes.try_recv().ok());
    let told: Vec<_> = told.filter(|change| matches!(change, vezne_till::Change::Journal(_))).collect();
    assert_eq!(told, [vezne_till::Change::Journal(JournalState::Written)]);
    rig.pay_until(booking("R-2", 100), "approved").await;
}
