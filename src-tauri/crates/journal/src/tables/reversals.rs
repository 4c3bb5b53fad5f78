//! Reversals: a projection.

use sqlx::SqliteConnection;
use vezne_events::rows::ReversalRow;

use super::{Stored, unwrapped};

stored!(ReversalRow:
    place reversal_id desk_id payment_id attempt_id account_id account_name gateway kind amount_minor
    currency state is_final reason operator_id opened_ms since_ms alarmed watched attention last_seq
);

const WRITE: &str = "\
    INSERT INTO reversals (place, reversal_id, desk_id, payment_id, attempt_id, account_id, account_name, gateway, kind, \
                           amount_minor, currency, state, is_final, reason, operator_id, opened_ms, since_ms, alarmed, \
                           watched, attention, last_seq) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
    ON CONFLICT (reversal_id) DO UPDATE SET \
        state = excluded.state, is_final = excluded.is_final, reason = excluded.reason, since_ms = excluded.since_ms, \
        alarmed = excluded.alarmed, watched = excluded.watched, attention = excluded.attention, \
        last_seq = excluded.last_seq";
const GET: &str = "SELECT * FROM reversals WHERE reversal_id = ?";
const OF_PAYMENT: &str = "SELECT reversal_id FROM reversals WHERE payment_id = ? ORDER BY place";
const WATCHED: &str = "SELECT reversal_id FROM reversals WHERE watched = 1 ORDER BY place";
/// Settled ones, whoever settled them: their word stands in the events.
const FOLLOWED: &str = "SELECT reversal_id FROM reversals WHERE is_final = 1 AND since_ms > ? ORDER BY since_ms";
const UNSETTLED_OF_ACCOUNT: &str = "SELECT count(*) FROM reversals WHERE watched = 1 AND account_id = ?";
const ATTENTION: &str = "SELECT reversal_id FROM reversals WHERE attention = 1 ORDER BY place";
const COUNT_BETWEEN: &str = "\
    SELECT count(*) FROM reversals INDEXED BY reversals_opened WHERE opened_ms >= ? AND opened_ms < ?";
/// Of a page of attempts, whose ids come as a JSON list.
const DONE_OF_ATTEMPTS: &str = "\
    SELECT attempt_id, amount_minor, currency FROM reversals \
    WHERE attempt_id IN (SELECT value FROM json_each(?)) AND state = 'done'";
const PAGE_BETWEEN: &str = "\
    SELECT * FROM reversals WHERE (opened_ms, place) > (?, ?) AND opened_ms < ? ORDER BY opened_ms, place LIMIT 500";
const COUNT: &str = "SELECT count(*) FROM reversals INDEXED BY reversals_payment";
pub(crate) const CLEAR: &str = "DELETE FROM reversals";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 10] = [
    COUNT_BETWEEN,
    DONE_OF_ATTEMPTS,
    GET,
    OF_PAYMENT,
    WATCHED,
    FOLLOWED,
    UNSETTLED_OF_ACCOUNT,
    ATTENTION,
    PAGE_BETWEEN,
    COUNT,
];

pub(crate) async fn write(db: &mut SqliteConnection, row: &ReversalRow) -> sqlx::Result<()> {
    sqlx::query(WRITE)
        .bind(row.place)
        .bind(&row.reversal_id)
        .bind(&row.desk_id)
        .bind(&row.payment_id)
        .bind(&row.attempt_id)
        .bind(&row.account_id)
        .bind(&row.account_name)
        .bind(&row.gateway)
        .bind(&row.kind)
        .bind(row.amount_minor)
        .bind(&row.currency)
        .bind(&row.state)
        .bind(row.is_final)
        .bind(&row.reason)
        .bind(&row.operator_id)
        .bind(row.opened_ms)
        .bind(row.since_ms)
        .bind(row.alarmed)
        .bind(row.watched)
        .bind(row.attention)
        .bind(row.last_seq)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn get(db: &mut SqliteConnection, reversal: &str) -> sqlx::Result<Option<ReversalRow>> {
    Ok(sqlx::query_as::<_, Stored<_>>(GET).bind(reversal).fetch_optional(db).await?.map(Stored::into_inner))
}

pub(crate) async fn of_payment(db: &mut SqliteConnection, payment: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(OF_PAYMENT).bind(payment).fetch_all(db).await
}

pub(crate) async fn watched(db: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(WATCHED).fetch_all(db).await
}

/// Those that were settled after `since_ms`.
pub(crate) async fn followed(db: &mut SqliteConnection, since_ms: i64) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(FOLLOWED).bind(since_ms).fetch_all(db).await
}

/// How many of an account are not final, or alarmed.
pub(crate) async fn unsettled_of_account(db: &mut SqliteConnection, account: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(UNSETTLED_OF_ACCOUNT).bind(account).fetch_one(db).await
}

pub(crate) async fn attention(db: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(ATTENTION).fetch_all(db).await
}

pub(crate) async fn count(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar(COUNT).fetch_one(db).await
}

/// The next page of what was opened before `until_ms`, after this moment and place.
pub(crate) async fn page_between(
    db: &mut SqliteConnection,
    after: (i64, i64),
    until_ms: i64,
) -> sqlx::Result<Vec<ReversalRow>> {
    Ok(unwrapped(
        sqlx::query_as::<_, Stored<_>>(PAGE_BETWEEN).bind(after.0).bind(after.1).bind(until_ms).fetch_all(db).await?,
    ))
}

/// How many were opened from the one moment until before the other.
pub(crate) async fn count_between(db: &mut SqliteConnection, span: (i64, i64)) -> sqlx::Result<i64> {
    sqlx::query_scalar(COUNT_BETWEEN).bind(span.0).bind(span.1).fetch_one(db).await
}

/// Attempts, amounts in minor units and their currencies, of what surely went back of any of these attempts.
pub(crate) async fn done_of_attempts(db: &mut SqliteConnection, ids: &str) -> sqlx::Result<Vec<(String, i64, String)>> {
    sqlx::query_as(DONE_OF_ATTEMPTS).bind(ids).fetch_all(db).await
}
