//! Money back and exports, as the window asks for them.

use std::sync::{Arc, Mutex};

use vezne_till::Change;

use super::rig::{CARD, PIN, Rig, lira, supervisor};
use crate::commands::{history, outcome, returns};
use crate::exports::{self, Exports};
use crate::view::{
    AttemptView, Code, ExportFormat, ExportInput, Field, LanguageWord, LineKind, MoneyView, PortalReturnInput,
    ReversalKind, ReversalVerdictWord, ReversalView, ReverseInput, SettleListInput, SettleReversalInput, WayView,
    WhyNothing, WhyRefund,
};

fn refund(paid: &AttemptView, amount: Option<&str>, left: &MoneyView) -> ReverseInput {
    ReverseInput {
        payment: paid.payment.clone(),
        attempt: paid.attempt.clone(),
        kind: ReversalKind::Refund,
        amount: amount.map(lira),
        shown_left: left.clone(),
        supervisor: supervisor(PIN),
    }
}

/// Begins it and follows it to its end.
async fn given_back(rig: &Rig, input: ReverseInput) -> ReversalView {
    let mut changes = rig.session.till.changes();
    let mut view = returns::begun(&rig.session, input).await.unwrap();
    while !["done", "refused", "unknown", "not_sent"].contains(&view.state.as_str()) {
        if let Change::Reversal(changed) = changes.recv().await.unwrap() {
            view = (&*changed).into();
        }
    }
    view
}

async fn paid(rig: &Rig) -> AttemptView {
    rig.pay(rig.card_sale("R-1", "545.00", CARD).await).await.unwrap()
}

async fn left(rig: &Rig, payment: &str) -> MoneyView {
    returns::standing(&rig.session, payment).await.unwrap().sums.unwrap().left
}

#[tokio::test]
async fn parts_go_back_from_what_was_shown_as_left_and_a_second_click_finds_it_changed() {
    let rig = Rig::new().await;
    let paid = paid(&rig).await;
    let payment = paid.payment.as_str();
    let standing = returns::standing(&rig.session, payment).await.unwrap();
    assert!(matches!(standing.way, WayView::Void { partly: true, .. }), "{standing:?}");
    let all = standing.sums.clone().unwrap().left;
    let done = given_back(&rig, refund(&paid, Some("100.00"), &all)).await;
    assert_eq!((done.state.as_str(), done.should_remain.clone()), ("done", Some(lira("445.00"))));
    let twice = returns::begun(&rig.session, refund(&paid, Some("100.00"), &all)).await.unwrap_err();
    assert_eq!((twice.code, twice.text.as_deref()), (Code::ReturnChanged, Some("445.00 TRY")));
    let rest = left(&rig, payment).await;
    let too_much = returns::begun(&rig.session, refund(&paid, Some("445.01"), &rest)).await.unwrap_err();
    assert_eq!((too_much.code, too_much.field), (Code::TooMuch, Some(Field::Amount)));
    let mut wrong = refund(&paid, None, &rest);
    wrong.supervisor = supervisor("0000000000");
    let wrong = returns::begun(&rig.session, wrong).await.unwrap_err();
    assert_eq!((wrong.code, wrong.field), (Code::NotASupervisor, Some(Field::Pin)));
    let way = returns::standing(&rig.session, payment).await.unwrap().way;
    assert_eq!(way, WayView::Refund { why: WhyRefund::PartGone, partly: true });
    given_back(&rig, refund(&paid, None, &rest)).await;
    let gone = returns::standing(&rig.session, payment).await.unwrap().way;
    assert!(matches!(gone, WayView::Nothing { why: WhyNothing::AllGone, .. }), "{gone:?}");
    let backs: Vec<i64> = rig.sandbox.ledger().reversals.iter().map(|back| back.amount_minor).collect();
    assert_eq!(backs, [10_000, 44_500]);
    rig.close().await;
}

#[tokio::test]
async fn what_was_done_in_the_portal_is_written_down_shown_with_who_and_why_and_corrected() {
    let rig = Rig::new().await;
    let paid = paid(&rig).await;
    let input = |saw: &str| PortalReturnInput {
        payment: paid.payment.clone(),
        attempt: paid.attempt.clone(),
        kind: ReversalKind::Refund,
        amount: Some(lira("45.00")),
        shown_left: Some(lira("545.00")),
        saw: saw.to_owned(),
        confirmed: true,
        supervisor: supervisor(PIN),
    };
    let blind = returns::recorded(&rig.session, input(" ")).await.unwrap_err();
    assert_eq!((blind.code, blind.field), (Code::TextMissing, Some(Field::Saw)));
    let card = returns::recorded(&rig.session, input(CARD)).await.unwrap_err();
    assert_eq!(card.code, Code::CardDataInField, "nothing of a card is ever written down");
    let unsure = PortalReturnInput { confirmed: false, ..input("P-4711") };
    assert_eq!(returns::recorded(&rig.session, unsure).await.unwrap_err().code, Code::NotConfirmed);
    let done = returns::recorded(&rig.session, input("P-4711")).await.unwrap();
    assert!(done.in_portal && done.by_word && done.evidence.as_deref() == Some("portal"));
    assert_eq!(left(&rig, &paid.payment).await, lira("500.00"));
    let detail = history::detail(&rig.session, &paid.payment).await.unwrap();
    let said: Vec<&str> = detail
        .lines
        .iter()
        .filter(|line| line.about == done.reversal && line.kind == LineKind::PersonSettled)
        .filter_map(|line| line.detail.as_deref())
        .collect();
    assert!(said.iter().any(|words| words.starts_with("Deniz: ") && words.contains("P-4711")), "{said:?}");
    let settle = |verdict, saw: Option<&str>| SettleReversalInput {
        reversal: done.reversal.clone(),
        verdict,
        saw: saw.map(str::to_owned),
        confirmed: verdict != ReversalVerdictWord::Seen,
        supervisor: supervisor(PIN),
    };
    let nothing = returns::settled(&rig.session, settle(ReversalVerdictWord::Seen, None)).await.unwrap_err();
    assert_eq!(nothing.code, Code::NothingContradicts);
    let blind = returns::settled(&rig.session, settle(ReversalVerdictWord::NotDone, None)).await.unwrap_err();
    assert_eq!((blind.code, blind.field), (Code::PortalReference, Some(Field::Saw)));
    let unsure = SettleReversalInput { confirmed: false, ..settle(ReversalVerdictWord::NotDone, Some("P-4712")) };
    assert_eq!(returns::settled(&rig.session, unsure).await.unwrap_err().code, Code::NotConfirmed);
    let undone = returns::settled(&rig.session, settle(ReversalVerdictWord::NotDone, Some("P-4712"))).await.unwrap();
    assert_eq!(undone.state, "not_done");
    assert_eq!(left(&rig, &paid.payment).await, lira("545.00"));
    assert!(rig.sandbox.ledger().reversals.is_empty(), "nothing of it was sent");
    rig.close().await;
}

#[tokio::test]
async fn an_amount_that_goes_back_is_read_by_the_same_rules_as_one_that_is_taken() {
    assert_eq!(returns::typed("45,00", "TRY").unwrap(), lira("45.00"));
    let two = returns::typed("1.500", "TRY").unwrap_err();
    assert_eq!((two.code, two.readings.len()), (Code::AmountAmbiguous, 2));
    assert_eq!(returns::typed("0", "TRY").unwrap_err().code, Code::AmountNotPositive);
    assert_eq!(returns::typed("1", "XYZ").unwrap_err().code, Code::Currency);
}

#[tokio::test]
async fn a_list_with_nothing_in_it_or_with_what_is_settled_is_not_taken() {
    let rig = Rig::new().await;
    let paid = paid(&rig).await;
    let list = |rows| SettleListInput { rows, supervisor: supervisor(PIN) };
    assert_eq!(returns::listed(&rig.session, list(Vec::new())).await.unwrap_err().code, Code::NotListed);
    let row = crate::view::ListedInput {
        attempt: paid.attempt.clone(),
        outcome: crate::view::ListedOutcome::Declined,
        saw: "P-1".to_owned(),
    };
    let answers = returns::listed(&rig.session, list(vec![row])).await.unwrap();
    assert_eq!(answers[0].fault.as_ref().map(|fault| fault.code), Some(Code::NotListed));
    assert_eq!(outcome::stands(&rig.session, &paid.attempt).await.unwrap().evidence, paid.evidence);
    rig.close().await;
}

fn everything(format: ExportFormat) -> ExportInput {
    ExportInput {
        format,
        language: LanguageWord::Tr,
        from: None,
        to: None,
        outcome: None,
        account: None,
        operator: None,
        plan: None,
        reversals: true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_gets_a_name_of_its_own_tells_how_far_it_is_and_is_cancelled_whole() {
    let rig = Rig::new().await;
    let paid = paid(&rig).await;
    given_back(&rig, refund(&paid, Some("45.00"), &lira("545.00"))).await;
    let folder = rig.file("exports");
    let under_way = Arc::new(Exports::default());
    let told = Arc::new(Mutex::new(Vec::new()));
    let plan = exports::planned(&rig.session, &folder, &everything(ExportFormat::Csv)).await.unwrap();
    assert_eq!((plan.rows, plan.folder), (2, folder.display().to_string()));
    for end in [".csv", "-2.csv"] {
        let heard = Arc::clone(&told);
        let tell = move |progress: crate::view::ExportProgress| heard.lock().unwrap().push(progress.at);
        let parts = (&rig.session, &under_way);
        let done = exports::made(parts, &folder, &everything(ExportFormat::Csv), tell).await.unwrap();
        assert!(done.path.ends_with(end) && done.rows == 2, "{done:?}");
    }
    assert_eq!(*told.lock().unwrap(), [2, 2]);
    for (plan, rows) in [(1, 2), (12, 0), (0, 0)] {
        let alone = ExportInput { plan: Some(plan), ..everything(ExportFormat::Csv) };
        let done = exports::made((&rig.session, &under_way), &rig.file("by plan"), &alone, |_| ()).await.unwrap();
        assert_eq!(done.rows, rows, "in {plan}");
    }
    let parts = (&rig.session, &under_way);
    let wrong = ExportInput { from: Some("2026-13-01".to_owned()), ..everything(ExportFormat::Xlsx) };
    let wrong = exports::made(parts, &folder, &wrong, |_| ()).await.unwrap_err();
    assert_eq!(wrong.code, Code::ExportDay);
    let stopping = Arc::new(Exports::default());
    let cancel = Arc::clone(&stopping);
    let parts = (&rig.session, &stopping);
    let cancelled =
        exports::made(parts, &folder, &everything(ExportFormat::Xlsx), move |_| cancel.cancel()).await.unwrap_err();
    assert_eq!(cancelled.code, Code::ExportCancelled);
    assert_eq!((under_way.under_way(), stopping.under_way()), (None, None));
    under_way.cancel();
    // The desk is closed in the middle of one: nothing of it is left when that is done.
    let (closing, seen) = (Arc::new(Exports::default()), Arc::new(Mutex::new(None)));
    let (watched, heard) = (Arc::clone(&closing), Arc::clone(&seen));
    let tell = move |_| *heard.lock().unwrap() = watched.under_way();
    let parts = (&rig.session, &closing);
    let wanted = everything(ExportFormat::Xlsx);
    let (made, ()) = tokio::join!(exports::made(parts, &folder, &wanted, tell), closing.end());
    assert_eq!(made.unwrap_err().code, Code::ExportCancelled);
    assert_eq!(seen.lock().unwrap().map(|progress| progress.of), Some(2));
    assert_eq!(closing.under_way(), None);
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "only the two that are whole: {left:?}");
    rig.close().await;
}
