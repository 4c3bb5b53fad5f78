//! A journal that is damaged or gone while the desk is open: said at once, and no money is taken.

use std::time::Duration;

use vezne_till::{Change, JournalState};

use super::rig::Rig;
use crate::view::{Code, JournalView, PayStop};

const CARD: &str = "4155650000001013";

/// The code with which new money is refused, as the window is told it.
async fn told(changes: &mut tokio::sync::broadcast::Receiver<Change>) -> Code {
    loop {
        let change = tokio::time::timeout(Duration::from_secs(30), changes.recv()).await.unwrap().unwrap();
        if let Change::Journal(state @ JournalState::Refusing { .. }) = change {
            let JournalView::Refusing { fault } = JournalView::from(&state) else { panic!("{state:?}") };
            return fault.code;
        }
    }
}

fn code(stop: Result<crate::view::AttemptView, PayStop>) -> Code {
    match stop {
        Err(PayStop::Wrong { fault } | PayStop::Options { fault }) => fault.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_found_damaged_by_its_check_is_said_without_a_sale_and_takes_no_money() {
    let rig = Rig::new().await;
    let mut changes = rig.session.till.changes();
    let sale = rig.card_sale("RES-1", "545.00", CARD).await;
    // A page in the middle of the file, while it is open.
    let mut bytes = std::fs::read(rig.file("journal.db")).unwrap();
    let log = std::fs::read(rig.file("journal.db-wal")).unwrap();
    assert!(!log.is_empty() && bytes.len() % 4096 == 0);
    let end = bytes.len();
    bytes[end.min(4096)..].fill(0x5a);
    std::fs::write(rig.file("journal.db"), &bytes).unwrap();
    assert!(
        rig.session.journal.check().await.is_err_and(|_| true)
            || !rig.session.journal.verify().await.unwrap().is_sound()
    );
    assert_eq!(told(&mut changes).await, Code::Damaged);
    assert_eq!(code(rig.pay(sale).await), Code::Damaged);
    assert_eq!(rig.charged(), Vec::<i64>::new());
    assert!(rig.file("journal.damaged").exists(), "it is remembered at the next start");
    rig.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_that_is_moved_away_is_noticed_before_money_is_taken_and_goes_on_when_it_is_back() {
    let rig = Rig::new().await;
    let mut changes = rig.session.till.changes();
    let sale = rig.card_sale("RES-1", "545.00", CARD).await;
    std::fs::rename(rig.file("journal.db"), rig.file("elsewhere.db")).unwrap();
    assert_eq!(code(rig.pay(sale.clone()).await), Code::Gone);
    assert_eq!(told(&mut changes).await, Code::Gone);
    assert_eq!(rig.charged(), Vec::<i64>::new());
    std::fs::rename(rig.file("elsewhere.db"), rig.file("journal.db")).unwrap();
    let view = rig.pay(sale).await.unwrap();
    assert_eq!(view.outcome, Some(crate::view::OutcomeWord::Approved), "{view:?}");
    assert_eq!(rig.charged(), [54_500]);
    rig.close().await;
}
