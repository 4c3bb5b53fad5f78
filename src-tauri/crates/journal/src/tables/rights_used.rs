//! Supervisors' rights used: a projection.

use sqlx::SqliteConnection;

/// A right used, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct RightRow {
    pub(crate) event_id: String,
    pub(crate) desk_id: String,
    pub(crate) operator_id: String,
    pub(crate) act: String,
    pub(crate) reason: String,
    pub(crate) about: Option<String>,
    pub(crate) at_ms: i64,
    pub(crate) seq: i64,
}

const INSERT: &str = "\
    INSERT INTO rights_used (event_id, desk_id, operator_id, act, reason, about, at_ms, seq) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
const ALL: &str = "SELECT * FROM rights_used INDEXED BY sqlite_autoindex_rights_used_1 ORDER BY event_id";
pub(crate) const CLEAR: &str = "DELETE FROM rights_used";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 1] = [ALL];

pub(crate) async fn insert(db: &mut SqliteConnection, row: &RightRow) -> sqlx::Result<()> {
    sqlx::query(INSERT)
        .bind(&row.event_id)
        .bind(&row.desk_id)
        .bind(&row.operator_id)
        .bind(&row.act)
        .bind(&row.reason)
        .bind(&row.about)
        .bind(row.at_ms)
        .bind(row.seq)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn all(db: &mut SqliteConnection) -> sqlx::Result<Vec<RightRow>> {
    sqlx::query_as(ALL).fetch_all(db).await
}
