use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::*;
use vezne_core::search::{Query, Today};
use vezne_events::search::Looked;

use crate::tables::{attempts, closes, events, names, operators, papers, payments, reversals, rights_used, terms};
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
        &papers::STATEMENTS,
        &payments::STATEMENTS,
        &reversals::STATEMENTS,
        &rights_used::STATEMENTS,
        &crate::told::STATEMENTS,
        &closes::STATEMENTS,
        &terms::STATEMENTS,
    ];
    for statement in all.into_iter().flatten() {
        let plan = steps(sqlx::query(&format!("EXPLAIN QUERY PLAN {statement}")).fetch_all(&mut db).await.unwrap());
        assert!(!plan.is_empty() && !plan.iter().any(|step| walks(step)), "{statement}\n{plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("AUTOMATIC")), "{statement}\n{plan:#?}");
    }
}

#[tokio::test]
async fn every_page_of_a_list_comes_from_an_index_in_its_order() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    let zone = jiff::tz::TimeZone::UTC;
    let looked = Looked { span: Some((START, at(9))), ..Looked::default() };
    let id = attempt_id(1).to_string();
    for (line, index) in [
        ("", "INTEGER PRIMARY KEY"),
        ("rez-1", "VIRTUAL TABLE INDEX"),
        ("r", "VIRTUAL TABLE INDEX"),
        ("ayşe 545,00 declined today", "VIRTUAL TABLE INDEX"),
        ("3x", "VIRTUAL TABLE INDEX"),
        ("2026-01-01..", "VIRTUAL TABLE INDEX"),
        (&id, "sqlite_autoindex_attempts_1"),
    ] {
        let query = Query::read(line, Today { now: START, zone: &zone });
        let filter = Filter { query, ..Filter::default() };
        let mut sql = list::statement(&filter, &looked, 100);
        let text = sqlx::Execute::sql(&sql.build()).to_owned();
        assert!(!text.contains("OFFSET"), "{line}: {text}");
        let plan = journal.plan(&filter).await.unwrap();
        // The full-text index is walked, from a term's newest place on; everything else is looked up.
        assert!(!plan.iter().any(|step| walks(step) && !step.contains("VIRTUAL TABLE INDEX")), "{line}\n{plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{line}\n{plan:#?}");
        assert!(plan.iter().any(|step| step.contains(index)), "{line}\n{plan:#?}");
        if index.starts_with("VIRTUAL") {
            // `M` is what is matched; the sign behind it is the place that the page goes on from.
            assert!(plan.iter().any(|step| step.contains("M") && step.contains('<')), "{line}\n{plan:#?}");
            assert!(plan.iter().any(|step| step.contains("INTEGER PRIMARY KEY")), "{line}\n{plan:#?}");
        }
    }
}
