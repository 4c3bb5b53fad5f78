//! Day closes: a projection.

use sqlx::SqliteConnection;
use vezne_events::rows::CloseRow;

use super::{Stored, unwrapped};

stored!(CloseRow:
    number desk_id seq at_ms after_seq tip_seq from_day day zone operator_id anchor
);

const INSERT: &str = "\
    INSERT INTO closes (number, desk_id, seq, at_ms, after_seq, tip_seq, from_day, day, zone, operator_id, anchor) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const GET: &str = "SELECT * FROM closes WHERE number = ?";
const LAST: &str = "SELECT * FROM closes WHERE number > 0 ORDER BY number DESC LIMIT 1";
const BEFORE: &str = "SELECT * FROM closes WHERE number < ? ORDER BY number DESC LIMIT ?";
const AFTER_EVENT: &str = "SELECT count(*) FROM closes WHERE seq > ?";
/// Filled by a rebuild in the order of the events.
const ALL: &str = "SELECT * FROM closes WHERE number > 0 ORDER BY number";
pub(crate) const CLEAR: &str = "DELETE FROM closes";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 5] = [GET, LAST, BEFORE, AFTER_EVENT, ALL];

pub(crate) async fn insert(db: &mut SqliteConnection, row: &CloseRow) -> sqlx::Result<()> {
    sqlx::query(INSERT)
        .bind(row.number)
        .bind(&row.desk_id)
        .bind(row.seq)
        .bind(row.at_ms)
        .bind(row.after_seq)
        .bind(row.tip_seq)
        .bind(&row.from_day)
        .bind(&row.day)
        .bind(&row.zone)
        .bind(&row.operator_id)
        .bind(&row.anchor)
        .execute(db)
        .await?;
    Ok(())
}

/// The close with this number.
pub(crate) async fn get(db: &mut SqliteConnection, number: i64) -> sqlx::Result<Option<CloseRow>> {
    Ok(sqlx::query_as::<_, Stored<_>>(GET).bind(number).fetch_optional(db).await?.map(Stored::into_inner))
}

/// The newest close.
pub(crate) async fn last(db: &mut SqliteConnection) -> sqlx::Result<Option<CloseRow>> {
    Ok(sqlx::query_as::<_, Stored<_>>(LAST).fetch_optional(db).await?.map(Stored::into_inner))
}

/// The closes before this number, newest first.
pub(crate) async fn before(db: &mut SqliteConnection, number: i64, limit: i64) -> sqlx::Result<Vec<CloseRow>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(BEFORE).bind(number).bind(limit).fetch_all(db).await?))
}

/// Whether a close was made after this event.
pub(crate) async fn any_after(db: &mut SqliteConnection, seq: i64) -> sqlx::Result<bool> {
    let found: i64 = sqlx::query_scalar(AFTER_EVENT).bind(seq).fetch_one(db).await?;
    Ok(found > 0)
}

pub(crate) async fn all(db: &mut SqliteConnection) -> sqlx::Result<Vec<CloseRow>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(ALL).fetch_all(db).await?))
}
