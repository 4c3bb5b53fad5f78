use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::*;
use crate::tables::{attempts, closes, events, names, operators, payments, reversals, rights_used};
use crate::{Filter, list};

/// What SQLite means to do, step by step.
fn steps(plan: Vec<SqliteRow>) -> Vec<String> {
    plan.into_iter().map(|row| row.get::<String, _>("detail")).collect()
}

/// A step that walks through a whole table without an index.
fn walks(step: &str) -> bool {
    step.starts_with("SCAN") && !step.contains("INDEX") && !step.contains("CONSTANT") && !step.contains("SCAN (")
}

#[tokio::test]
async fn every_statement_finds_its_rows_by_an_index() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let mut db = raw(folder.path()).await;
    let all = [
        attempts::STATEMENTS.as_slice(),
        &events::STATEMENTS,
        &names::STATEMENTS,
        &operators::STATEMENTS,
        &payments::STATEMENTS,
        &reversals::STATEMENTS,
        &rights_used::STATEMENTS,
        &crate::told::STATEMENTS,
        &closes::STATEMENTS,
    ];
    for statement in all.into_iter().flatten() {
        let plan = steps(sqlx::query(&format!("EXPLAIN QUERY PLAN {statement}")).fetch_all(&mut db).await.unwrap());
        assert!(!plan.is_empty() && !plan.iter().any(|step| walks(step)), "{statement}\n{plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("AUTOMATIC")), "{statement}\n{plan:#?}");
    }
}

#[tokio::test]
async fn every_list_finds_its_rows_by_an_index() {
    let (folder, journal) = journal().await;
    fill(&journal).await;
    let mut db = raw(folder.path()).await;
    let all = Filter::default();
    for (filter, index) in [
        (all.clone(), "PRIMARY KEY"),
        (Filter { outcome: Some(Outcome::Unknown), ..all.clone() }, "attempts_outcome"),
        (Filter { state: Some("unknown".to_owned()), ..all.clone() }, "attempts_state"),
        (Filter { account: Some(account().id), ..all.clone() }, "attempts_account"),
        (Filter { from: Some(START), until: Some(at(9)), ..all.clone() }, "PRIMARY KEY"),
        (Filter { text: Some("rez-1".to_owned()), ..all.clone() }, "VIRTUAL TABLE INDEX"),
        (Filter { text: Some("rez".to_owned()), ..all.clone() }, "VIRTUAL TABLE INDEX"),
        (Filter { text: Some("re".to_owned()), ..all.clone() }, "PRIMARY KEY"),
        (Filter { text: Some("r".to_owned()), ..all.clone() }, "PRIMARY KEY"),
    ] {
        let sql = list::statement(&filter, i64::MAX);
        let explained = format!("EXPLAIN QUERY PLAN {}", sqlx::Execute::sql(&list::statement(&filter, 1).build()));
        drop(sql);
        let plan = steps(sqlx::query(&explained).fetch_all(&mut db).await.unwrap());
        assert!(!plan.iter().any(|step| walks(step)), "{filter:?}\n{plan:#?}");
        assert!(plan.iter().any(|step| step.contains(index)), "{filter:?}\n{plan:#?}");
    }
}
