//! The list.

use vezne_core::attempt::{Entry, Subject};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId};
use vezne_core::ports::Journal as _;
use vezne_core::record::{Batch, Record};

use super::rig::{CARD, Rig, lira};
use crate::commands::history::{detail, noted, page};
use crate::view::{Code, Field, HistoryFilter, HistoryPage, OutcomeWord, Understood};

fn filter(text: &str, outcome: Option<OutcomeWord>) -> HistoryFilter {
    HistoryFilter {
        text: text.to_owned(),
        outcome,
        account: None,
        operator: None,
        plan: None,
        from: None,
        until: None,
        after: None,
    }
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
    assert_eq!(row.holder.as_deref(), Some("AYŞE YILMAZ"));
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

#[tokio::test]
async fn what_is_asked_beside_the_line_counts_as_well_and_what_was_understood_is_told() {
    let rig = Rig::new().await;
    rig.pay(rig.card_sale("R-1", "545.00", CARD).await).await.unwrap();
    rig.pay(rig.card_sale("R-2", "80.00", "4155654020020011").await).await.unwrap();
    rig.pay(rig.limit_sale("order_1002")).await.unwrap();
    let find = async |filter| page(&rig.session, filter).await.unwrap();
    let line = find(filter("ayşe 545,00 onaylandı bugün", None)).await;
    assert_eq!((subjects(&line), line.named), (vec!["R-1"], false));
    let [Understood::Outcome { outcome: OutcomeWord::Approved }, Understood::Opened { from: Some(_), until: Some(_) }] =
        line.understood.as_slice()
    else {
        panic!("{:?}", line.understood);
    };
    let limit = find(HistoryFilter { plan: Some(0), ..filter("", None) }).await;
    assert_eq!(subjects(&limit), ["order_1002"]);
    let operator = rig.session.journal.operators().await.unwrap()[0].id.to_string();
    let by = find(HistoryFilter { operator: Some(operator), plan: Some(1), ..filter("", None) }).await;
    assert_eq!(subjects(&by), ["R-2", "R-1"]);
    let before = find(HistoryFilter { until: Some("2020-01-01".to_owned()), ..filter("", None) }).await;
    assert_eq!(subjects(&before), Vec::<&str>::new());
    let wrong = HistoryFilter { from: Some("someday".to_owned()), ..filter("", None) };
    assert_eq!(page(&rig.session, wrong).await.unwrap_err().code, Code::NotFound);
    rig.close().await;
}

#[tokio::test]
async fn a_link_names_one_payment_and_its_page_is_found_by_any_id_of_it() {
    let rig = Rig::new().await;
    let paid = rig.pay(rig.card_sale("R-1", "545.00", CARD).await).await.unwrap();
    let shown = detail(&rig.session, &paid.attempt).await.unwrap();
    assert_eq!(
        (shown.payment.clone(), shown.link.clone()),
        (paid.payment.clone(), format!("vezne://payment/{}", paid.payment))
    );
    assert_eq!(detail(&rig.session, &shown.link).await.unwrap(), shown);
    let named = page(&rig.session, filter(&shown.link, None)).await.unwrap();
    assert_eq!((subjects(&named), named.named), (vec!["R-1"], true));
    for nothing in ["pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3", "R-1", ""] {
        assert_eq!(detail(&rig.session, nothing).await.unwrap_err().code, Code::NotFound, "{nothing}");
    }
    rig.close().await;
}

#[tokio::test]
async fn a_note_stands_with_its_writer_and_holds_no_card_data() {
    let rig = Rig::new().await;
    let paid = rig.pay(rig.card_sale("R-1", "545.00", CARD).await).await.unwrap();
    let operator = rig.session.journal.operators().await.unwrap()[0].id.to_string();
    let note = |text: &'static str| noted(&rig.session, &paid.payment, text, Some(&operator));
    note("  Müşteri bankasından mesaj aldı.  ").await.unwrap();
    noted(&rig.session, &paid.payment, "İkinci not", None).await.unwrap();
    for (text, code) in [("", Code::TextMissing), ("kart 4155 6501 0041 6111", Code::CardDataInField)] {
        let fault = note(text).await.unwrap_err();
        assert_eq!((fault.code, fault.field), (code, Some(Field::Note)), "{text}");
    }
    let nobody = noted(&rig.session, "pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3", "x", None).await;
    assert_eq!(nobody.unwrap_err().code, Code::NotFound);
    let notes = detail(&rig.session, &paid.payment).await.unwrap().notes;
    let told: Vec<_> = notes.iter().map(|note| (note.operator.as_deref(), note.text.as_str())).collect();
    assert_eq!(told, [(Some("Ayşe"), "Müşteri bankasından mesaj aldı."), (None, "İkinci not")]);
    assert!(rig.session.journal.verify().await.unwrap().is_sound());
    rig.close().await;
}
