//! Papers issued: a projection.

use sqlx::SqliteConnection;
use vezne_events::rows::PaperRow;

use super::{Stored, unwrapped};

stored!(PaperRow:
    event_id desk_id paper copy way language payment_id operator_id at_ms seq withdrawn
);

const INSERT: &str = "\
    INSERT INTO papers (event_id, desk_id, paper, copy, way, language, payment_id, operator_id, at_ms, seq, withdrawn) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const GET: &str = "SELECT * FROM papers WHERE event_id = ?";
const COUNT: &str = "SELECT count(*) FROM papers INDEXED BY sqlite_autoindex_papers_1";
const LAST_COPY: &str = "SELECT copy FROM papers WHERE paper = ? AND withdrawn IS NULL ORDER BY copy DESC LIMIT 1";
const OF_PAYMENT: &str = "SELECT * FROM papers WHERE payment_id = ? AND withdrawn IS NULL ORDER BY seq";
const WITHDRAW: &str = "UPDATE papers SET withdrawn = ? WHERE paper = ? AND copy = ? AND withdrawn IS NULL";
pub(crate) const CLEAR: &str = "DELETE FROM papers";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 5] = [GET, COUNT, LAST_COPY, OF_PAYMENT, WITHDRAW];

pub(crate) async fn insert(db: &mut SqliteConnection, row: &PaperRow) -> sqlx::Result<()> {
    sqlx::query(INSERT)
        .bind(&row.event_id)
        .bind(&row.desk_id)
        .bind(&row.paper)
        .bind(row.copy)
        .bind(&row.way)
        .bind(&row.language)
        .bind(&row.payment_id)
        .bind(&row.operator_id)
        .bind(row.at_ms)
        .bind(row.seq)
        .bind(row.withdrawn)
        .execute(db)
        .await?;
    Ok(())
}

/// Marks a paper as taken back by that event; whether there was such a paper.
pub(crate) async fn withdraw(db: &mut SqliteConnection, (paper, copy): (&str, i64), seq: i64) -> sqlx::Result<bool> {
    let done = sqlx::query(WITHDRAW).bind(seq).bind(paper).bind(copy).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

pub(crate) async fn get(db: &mut SqliteConnection, event: &str) -> sqlx::Result<Option<PaperRow>> {
    Ok(sqlx::query_as::<_, Stored<_>>(GET).bind(event).fetch_optional(db).await?.map(Stored::into_inner))
}

pub(crate) async fn count(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar(COUNT).fetch_one(db).await
}

/// The number of a paper's last copy that was not taken back, 0 for one that was issued once; `None` when it never was.
pub(crate) async fn last_copy(db: &mut SqliteConnection, paper: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(LAST_COPY).bind(paper).fetch_optional(db).await
}

/// The papers of a payment that were not taken back, oldest first.
pub(crate) async fn of_payment(db: &mut SqliteConnection, payment: &str) -> sqlx::Result<Vec<PaperRow>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(OF_PAYMENT).bind(payment).fetch_all(db).await?))
}
