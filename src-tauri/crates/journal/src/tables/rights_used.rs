//! Supervisors' rights used: a projection.

use sqlx::SqliteConnection;
use vezne_events::rows::RightRow;

use super::{Stored, unwrapped};

stored!(RightRow:
    event_id desk_id operator_id act reason about at_ms seq
);

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
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(ALL).fetch_all(db).await?))
}
