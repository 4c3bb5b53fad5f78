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
    // Everything is in the log while the desk is open: its pages turn to nonsense under it.
    let mut log = std::fs::read(rig.file("journal.db-wal")).unwrap();
    assert!(log.len() > 4096, "there is a log");
    for frame in log[32..].chunks_mut(4096 + 24) {
        frame[24..].fill(0x5a);
    }
    let mut file = std::fs::File::options().write(true).open(rig.file("journal.db-wal")).unwrap();
    std::io::Write::write_all(&mut file, &log).unwrap();
    rig.session.journal.check().await.unwrap_err();
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
