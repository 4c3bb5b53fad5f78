//! The operators of the desk: a projection.

use sqlx::SqliteConnection;
use vezne_events::rows::OperatorRow;

use super::{Stored, unwrapped};

stored!(OperatorRow:
    operator_id desk_id name name_key role pin_hash added_ms seq
);

const INSERT: &str = "\
    INSERT INTO operators (operator_id, desk_id, name, name_key, role, pin_hash, added_ms, seq) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
/// In the order in which they were added; the few operators of a desk are read whole.
const ALL: &str = "SELECT * FROM operators INDEXED BY sqlite_autoindex_operators_1 ORDER BY operator_id";
pub(crate) const CLEAR: &str = "DELETE FROM operators";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 1] = [ALL];

pub(crate) async fn insert(db: &mut SqliteConnection, row: &OperatorRow) -> sqlx::Result<()> {
    sqlx::query(INSERT)
        .bind(&row.operator_id)
        .bind(&row.desk_id)
        .bind(&row.name)
        .bind(&row.name_key)
        .bind(&row.role)
        .bind(&row.pin_hash)
        .bind(row.added_ms)
        .bind(row.seq)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn all(db: &mut SqliteConnection) -> sqlx::Result<Vec<OperatorRow>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(ALL).fetch_all(db).await?))
}
