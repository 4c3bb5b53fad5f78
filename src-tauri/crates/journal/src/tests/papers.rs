use std::num::NonZeroU32;

use vezne_core::papers::{PaperIssued, PaperLanguage, PaperWay, PaperWithdrawn};
use vezne_core::ports::JournalFault;

use super::*;

fn issued(copy: u32) -> PaperIssued {
    PaperIssued {
        paper: "att_1.approved".parse().unwrap(),
        copy: NonZeroU32::new(copy),
        way: PaperWay::Printer,
        language: PaperLanguage::Tr,
        payment: Some(payment_id(1)),
        operator: None,
    }
}

fn record(issued: &PaperIssued) -> Batch {
    batch(vec![Record::PaperIssued(issued.clone())])
}

#[tokio::test]
async fn a_paper_is_counted_over_a_restart_and_listed_with_its_payment() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let name = issued(0).paper;
    assert_eq!(journal.copies_of(&name).await.unwrap(), None);
    journal.append(record(&issued(0)), at(50)).await.unwrap();
    journal.append(record(&issued(1)), at(51)).await.unwrap();
    let other = PaperIssued { paper: "close_1".parse().unwrap(), payment: None, ..issued(0) };
    journal.append(record(&other), at(52)).await.unwrap();
    journal.close().await;

    let journal = open_in(folder.path()).await;
    assert_eq!(journal.copies_of(&name).await.unwrap(), Some(1));
    assert_eq!(journal.copies_of(&other.paper).await.unwrap(), Some(0));
    let listed = [(at(50), issued(0)), (at(51), issued(1))];
    assert_eq!(journal.papers_of(payment_id(1)).await.unwrap(), listed);
    let history = journal.payment(payment_id(1)).await.unwrap().unwrap();
    assert!(history.lines.contains(&(at(51), Record::PaperIssued(issued(1)))), "it is a step of its payment");
    let report = journal.verify().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    // Made anew from the events, the table is the same.
    journal.rebuild().await.unwrap();
    assert_eq!(journal.papers_of(payment_id(1)).await.unwrap(), listed);
    assert!(journal.verify().await.unwrap().is_sound());
}

#[tokio::test]
async fn a_paper_that_no_event_tells_of_is_found() {
    let (folder, journal) = journal().await;
    journal.append(record(&issued(0)), at(1)).await.unwrap();
    let copy = "CREATE TEMP TABLE copy AS SELECT * FROM papers";
    let other = "UPDATE copy SET event_id = 'nobody', copy = 7";
    tamper(folder.path(), &[copy, other, "INSERT INTO papers SELECT * FROM copy"]).await;
    let report = journal.verify().await.unwrap();
    assert!(format!("{:?}", report.projections).contains("(rows without events)"), "{report:?}");
}

#[tokio::test]
async fn there_is_no_second_original_and_no_number_twice() {
    let (_folder, journal) = journal().await;
    for copy in [0, 1] {
        journal.append(record(&issued(copy)), at(1)).await.unwrap();
        let again = journal.append(record(&issued(copy)), at(2)).await;
        assert!(matches!(again, Err(JournalFault::NotWritable(_))), "{again:?}");
    }
    assert_eq!(journal.copies_of(&issued(0).paper).await.unwrap(), Some(1));
    assert!(journal.verify().await.unwrap().is_sound());
}

fn withdrawn(copy: u32) -> Batch {
    let PaperIssued { paper, copy, payment, operator, .. } = issued(copy);
    batch(vec![Record::PaperWithdrawn(PaperWithdrawn { paper, copy, payment, operator })])
}

#[tokio::test]
async fn what_was_taken_back_frees_its_number_and_stays_written_down() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let name = issued(0).paper;
    journal.append(record(&issued(0)), at(50)).await.unwrap();
    journal.append(withdrawn(0), at(51)).await.unwrap();
    assert_eq!(journal.copies_of(&name).await.unwrap(), None, "the next one is the first");
    assert!(journal.papers_of(payment_id(1)).await.unwrap().is_empty());
    // Twice, or one that never was: nobody has such a paper.
    for copy in [0, 1] {
        let again = journal.append(withdrawn(copy), at(52)).await;
        assert!(matches!(again, Err(JournalFault::NotWritable(_))), "{again:?}");
    }
    journal.append(record(&issued(0)), at(53)).await.unwrap();
    journal.append(record(&issued(1)), at(54)).await.unwrap();
    journal.append(withdrawn(1), at(55)).await.unwrap();
    assert_eq!(journal.copies_of(&name).await.unwrap(), Some(0));
    let lines = journal.payment(payment_id(1)).await.unwrap().unwrap().lines;
    assert_eq!(lines.iter().filter(|(_, record)| matches!(record, Record::PaperWithdrawn(_))).count(), 2);
    assert!(journal.verify().await.unwrap().is_sound());
    journal.rebuild().await.unwrap();
    assert_eq!(journal.papers_of(payment_id(1)).await.unwrap(), [(at(53), issued(0))]);
    assert!(journal.verify().await.unwrap().is_sound());
    let mut db = raw(folder.path()).await;
    sqlx::query("UPDATE papers SET withdrawn = NULL WHERE copy = 1").execute(&mut db).await.unwrap();
    assert!(!journal.verify().await.unwrap().is_sound(), "a number that somebody took again is noticed");
}

#[tokio::test]
async fn a_count_that_somebody_changed_is_noticed() {
    let (folder, journal) = journal().await;
    journal.append(record(&issued(0)), at(1)).await.unwrap();
    for change in ["UPDATE papers SET copy = 3", "DELETE FROM papers"] {
        let mut db = raw(folder.path()).await;
        sqlx::query(change).execute(&mut db).await.unwrap();
        assert!(!journal.verify().await.unwrap().is_sound(), "{change}");
        journal.rebuild().await.unwrap();
        assert!(journal.verify().await.unwrap().is_sound());
    }
}
