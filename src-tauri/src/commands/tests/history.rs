//! The list.

use vezne_core::attempt::{Entry, Subject};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId};
use vezne_core::ports::Journal as _;
use vezne_core::record::{Batch, Record};

use super::rig::{CARD, Rig, lira};
use crate::commands::history::page;
use crate::view::{Code, HistoryFilter, HistoryPage, OutcomeWord};

fn filter(text: &str, outcome: Option<OutcomeWord>) -> HistoryFilter {
    HistoryFilter { text: text.to_owned(), outcome, after: None }
}

fn subjects(page: &HistoryPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.subject.as_str()).collect()
}

#[tokio::test]
async fn payments_are_found_by_what_is_known_of_them_newest_first() {
    let rig = Rig::new().await;
    rig.pay(rig.card_sale("İZMİR-1", "545.00", CARD).await).await.unwrap();
    rig.pay(rig.card_sale("R-2", "80.00", "4155654020020011").await).await.unwrap();
    rig.pay(rig.limit_sale("order_1002")).await.unwrap();
    let find = async |text: &str, outcome| page(&rig.session, filter(text, outcome)).await.unwrap();
    assert_eq!(subjects(&find("", None).await), ["order_1002", "R-2", "İZMİR-1"]);
    // Long enough that no attempt's random reference has them too.
    let known = [("izmir", "İZMİR-1"), ("415565 6111", "İZMİR-1"), ("545.00", "İZMİR-1"), ("order_1002", "order_1002")];
    for (text, subject) in known {
        assert_eq!(subjects(&find(text, None).await), [subject], "{text}");
    }
    assert_eq!(subjects(&find("yılmaz", None).await), ["R-2", "İZMİR-1"], "the holder's name");
    let declined = find("", Some(OutcomeWord::Declined)).await;
    assert_eq!(subjects(&declined), ["R-2"]);
    let row = &find("izmir", None).await.rows[0];
    assert_eq!((row.total.clone(), row.installments), (Some(lira("545.00")), Some(1)));
    assert_eq!((row.operator.as_deref(), row.outcome), (Some("Ayşe"), Some(OutcomeWord::Approved)));
    let card = row.card.clone().unwrap();
    assert_eq!((card.brand.as_str(), card.last_four.as_str()), ("Visa", "6111"));
    let order = &find("order_1002", None).await.rows[0];
    assert_eq!((order.card.clone(), order.installments, order.operator.clone()), (None, None, None));
    rig.close().await;
}

#[tokio::test]
async fn a_long_list_comes_in_pages_and_says_whether_there_is_more() {
    let rig = Rig::new().await;
    let first = rig.pay(rig.limit_sale("order_1003")).await.unwrap();
    let attempt = rig.session.journal.attempt(first.attempt.parse().unwrap()).await.unwrap().unwrap();
    let now = rig.session.clock.now();
    let opened = |number: u8| {
        let mut intent = attempt.intent.clone();
        intent.attempt = AttemptId::from_parts(now, [number; 10]);
        intent.payment = PaymentId::from_parts(now, [number; 10]);
        intent.reference = AttemptReference::from_random([number; 16]);
        intent.subject = Subject::Order(format!("copy_{number}").parse().unwrap());
        let (attempt, payment) = (intent.attempt, intent.payment);
        Record::Attempt { attempt, payment, entry: Entry::Opened(Box::new(intent)) }
    };
    let batch = Batch { records: (1..=50).map(opened).collect(), names: Vec::new() };
    rig.session.journal.append(batch, now).await.unwrap();
    let newest = page(&rig.session, filter("", None)).await.unwrap();
    assert_eq!((newest.rows.len(), newest.more, newest.rows[0].subject.as_str()), (50, true, "copy_50"));
    assert_eq!(newest.rows[0].outcome, None, "under way");
    let after = Some(newest.rows[49].attempt.clone());
    let rest = page(&rig.session, HistoryFilter { after, ..filter("", None) }).await.unwrap();
    assert_eq!((subjects(&rest), rest.more), (vec!["order_1003"], false));
    let wrong = HistoryFilter { after: Some("x".to_owned()), ..filter("", None) };
    assert_eq!(page(&rig.session, wrong).await.unwrap_err().code, Code::NotFound);
    rig.close().await;
}
