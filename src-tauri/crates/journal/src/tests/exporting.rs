use super::*;
use std::ops::ControlFlow;

use std::collections::BTreeMap;

use vezne_core::attempt::Outcome;
use vezne_core::search::PlanWanted;
use vezne_events::rows::{self, AttemptRow, ReversalRow, Standing};
use vezne_events::{Line, fold};

use crate::{ExportRequest, Taker, Told, Wanted};

async fn exported(journal: &Journal, from: u64, until: u64) -> String {
    let request = ExportRequest { from: at(from), until: at(until) };
    let mut output = Vec::new();
    journal.export(&request, &mut output).await.unwrap();
    String::from_utf8(output).unwrap()
}

#[tokio::test]
async fn exported_events_carry_their_chain_and_no_pin_hash() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    let lines = exported(&journal, 0, 100).await;
    assert!(!lines.contains("argon2id") && !lines.contains("pin_hash"));
    let events = counted(&lines);
    assert_eq!(events.len(), 13);
    for pair in events.windows(2) {
        assert_eq!(pair[0]["hash"], pair[1]["previous"]);
    }
    assert_eq!(events[1]["body"]["operator_added"]["name"], "Ayşe Işık");
    assert_eq!(events[3]["names"][0]["name"], name_id(1).to_string());
    assert_eq!(counted(&exported(&journal, 100, 200).await), [serde_json::Value::Null; 0], "nothing is counted too");
}

/// The events of an export that is whole: its last line counts them.
fn counted(exported: &str) -> Vec<serde_json::Value> {
    let mut lines: Vec<serde_json::Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.pop(), Some(serde_json::json!({ "events": lines.len() })), "it is cut off");
    lines
}

/// A return survives a repair, and the opening of the attempt it belongs to does not.
#[tokio::test]
async fn after_a_repair_a_return_without_its_attempts_opening_is_still_told() {
    let (folder, journal) = journal().await;
    let (lost, kept) = (intent(1, "R-1"), intent(2, "R-2"));
    journal.append(batch(vec![opened(&lost)]), at(1)).await.unwrap();
    journal.append(batch(vec![entered(&lost, approved())]), at(2)).await.unwrap();
    let back = refund(1, &lost, lira(10_000));
    journal.append(batch(vec![reversal_opened(&back), reversal_done(&back)]), at(3)).await.unwrap();
    journal.append(batch(vec![opened(&kept), entered(&kept, approved())]), at(4)).await.unwrap();
    let opening = damage::events_in(folder.path()).await[1].event_id.clone();
    journal.close().await;
    repairing::spoil(folder.path(), &[&opening]);
    let repaired = crate::repair(Lock::acquire(folder.path()).unwrap(), keys(), dice(), &[], at(6_000)).await.unwrap();
    assert!(matches!(repaired, crate::Repair::Done(_)), "{repaired:?}");
    let journal = open_in(folder.path()).await;
    let (taken, _) = told(&journal, &Wanted::all(), 100).await;
    assert_eq!(taken, ["done of nothing that is left", "approved None -"]);
}

#[tokio::test]
async fn an_output_that_breaks_stops_the_export() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (_folder, journal) = journal().await;
    let request = ExportRequest { from: at(0), until: at(9) };
    let stopped = journal.export(&request, &mut Full).await;
    assert!(matches!(stopped, Err(crate::ExportFault::Output(_))), "{stopped:?}");
}

/// Takes everything, or so many.
struct Basket {
    taken: Vec<String>,
    looked: Vec<u64>,
    most: usize,
}

impl Basket {
    const fn holding(most: usize) -> Self {
        Self { taken: Vec::new(), looked: Vec::new(), most }
    }
}

impl Taker for Basket {
    fn take(&mut self, told: Told) -> ControlFlow<()> {
        self.taken.push(match told {
            Told::Attempt { attempt, holder, returned } => {
                format!(
                    "{} {holder:?} {}",
                    attempt.state.word(),
                    returned.map_or("-".to_owned(), |sum| sum.to_string())
                )
            }
            Told::Reversal { reversal, attempt } => {
                let of = attempt.map_or("nothing that is left", |attempt| attempt.state.word());
                format!("{} of {of}", reversal.state.word())
            }
        });
        if self.taken.len() < self.most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn looked(&mut self, at: u64) -> ControlFlow<()> {
        self.looked.push(at);
        ControlFlow::Continue(())
    }
}

async fn told(journal: &Journal, wanted: &Wanted, most: usize) -> (Vec<String>, Vec<u64>) {
    let mut basket = Basket::holding(most);
    let ended = journal.tell(wanted, &mut basket).await.unwrap();
    assert_eq!(ended.is_break(), basket.taken.len() == most);
    (basket.taken, basket.looked)
}

#[tokio::test]
async fn attempts_and_what_went_back_of_them_are_told_in_one_row_the_oldest_first() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    let all = Wanted::all();
    let (taken, looked) = told(&journal, &all, 100).await;
    assert_eq!(
        taken,
        ["approved Some(\"ÇAĞLA IŞIK\") 100.00 TRY", "unknown Some(\"ALİ\") -", "ready None -", "done of approved"]
    );
    assert_eq!((looked, journal.count(&all).await.unwrap()), (vec![4], 4));
    let nobody_yet = Wanted { until: START, ..all.clone() };
    assert_eq!(journal.count(&nobody_yet).await.unwrap(), 0);
    let unknown = Wanted { outcome: Some(Outcome::Unknown), ..all.clone() };
    let (taken, looked) = told(&journal, &unknown, 100).await;
    assert_eq!((taken, looked), (vec!["unknown Some(\"ALİ\") -".to_owned()], vec![4]), "all are looked at");
    let alone = Wanted { reversals: false, outcome: Some(Outcome::Approved), ..all.clone() };
    assert_eq!(told(&journal, &alone, 100).await.0, ["approved Some(\"ÇAĞLA IŞIK\") 100.00 TRY"]);
    let ranged = Wanted { from: at(6), until: at(7), ..all.clone() };
    assert_eq!(told(&journal, &ranged, 100).await.0, ["ready None -"]);
    let nobodys = Wanted { account: Some("another".parse().unwrap()), ..all.clone() };
    assert_eq!(told(&journal, &nobodys, 100).await.0, [""; 0]);
    let in_three = Wanted { plan: Some(PlanWanted::Installments(3)), ..all.clone() };
    let (taken, _) = told(&journal, &in_three, 100).await;
    assert_eq!(taken, ["approved Some(\"ÇAĞLA IŞIK\") 100.00 TRY", "unknown Some(\"ALİ\") -", "done of approved"]);
    let on_limit = Wanted { plan: Some(PlanWanted::CreditLimit), ..all.clone() };
    assert_eq!(told(&journal, &on_limit, 100).await.0, ["ready None -"]);
    let in_two = Wanted { plan: Some(PlanWanted::Installments(2)), ..all.clone() };
    assert_eq!(told(&journal, &in_two, 100).await.0, [""; 0]);
    assert_eq!(told(&journal, &all, 2).await.0.len(), 2, "it stops when it is told to");
}

/// The rows that somebody makes who has nothing but the exported events.
pub(super) fn rows_of(exported: &str) -> (Vec<AttemptRow>, Vec<ReversalRow>) {
    let mut about = BTreeMap::<(bool, String), (String, Vec<Line>)>::new();
    for event in counted(exported) {
        let id = match event["kind"].as_str() {
            Some("attempt") => (false, event["attempt"].as_str().unwrap().to_owned()),
            Some("reversal") => (true, event["reversal"].as_str().unwrap().to_owned()),
            _ => continue,
        };
        let at: Timestamp = event["at"].as_str().unwrap().parse().unwrap();
        let line = Line { seq: event["seq"].as_i64().unwrap(), at_ms: at.as_millis(), body: event["body"].to_string() };
        let desk = event["desk"].as_str().unwrap().to_owned();
        about.entry(id).or_insert_with(|| (desk, Vec::new())).1.push(line);
    }
    let (mut attempts, mut reversals) = (Vec::new(), Vec::new());
    for ((is_reversal, _), (desk, lines)) in &about {
        let standing = Standing::of(desk, lines).unwrap();
        if *is_reversal {
            reversals.push(rows::reversal(&fold::fold_reversal(lines).unwrap().unwrap(), standing));
        } else {
            attempts.push(rows::attempt(&fold::fold_attempt(lines).unwrap().unwrap(), standing));
        }
    }
    (attempts, reversals)
}

/// All events as they are exported.
pub(super) async fn every_event(journal: &Journal) -> String {
    let mut output = Vec::new();
    let all = ExportRequest { from: Timestamp::from_millis(i64::MIN), until: Timestamp::from_millis(i64::MAX) };
    journal.export(&all, &mut output).await.unwrap();
    String::from_utf8(output).unwrap()
}
