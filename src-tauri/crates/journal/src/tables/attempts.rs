//! Attempts: a projection, and the index that holds truth 2.

use sqlx::SqliteConnection;
use vezne_events::rows::AttemptRow;

use super::{Stored, terms, unwrapped};

stored!(AttemptRow:
    place attempt_id desk_id payment_id reference account_id account_name gateway guard_key blocks state
    outcome refused_by evidence unconfirmed reason subject_kind subject part base_minor base_currency
    total_minor total_currency means installments brand bin first_six last_four holder operator_id overrides
    follows opened_ms since_ms sent_ms is_final set_aside contradicted alarmed watched attention_ms search
    last_seq
);

// Only what can change is updated; a conflict with the blocking index is an error, never a replacement.
const WRITE: &str = "\
    INSERT INTO attempts (place, attempt_id, desk_id, payment_id, reference, account_id, account_name, gateway, \
                          guard_key, blocks, state, outcome, refused_by, evidence, unconfirmed, reason, \
                          subject_kind, subject, part, base_minor, base_currency, total_minor, total_currency, \
                          means, installments, brand, bin, first_six, last_four, holder, operator_id, \
                          overrides, follows, opened_ms, since_ms, sent_ms, is_final, set_aside, contradicted, \
                          alarmed, watched, attention_ms, search, last_seq) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
            ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
    ON CONFLICT (attempt_id) DO UPDATE SET \
        blocks = excluded.blocks, state = excluded.state, outcome = excluded.outcome, \
        refused_by = excluded.refused_by, evidence = excluded.evidence, unconfirmed = excluded.unconfirmed, \
        reason = excluded.reason, since_ms = excluded.since_ms, sent_ms = excluded.sent_ms, \
        is_final = excluded.is_final, set_aside = excluded.set_aside, contradicted = excluded.contradicted, \
        alarmed = excluded.alarmed, watched = excluded.watched, attention_ms = excluded.attention_ms, \
        total_minor = excluded.total_minor, total_currency = excluded.total_currency, search = excluded.search, \
        last_seq = excluded.last_seq";
const GET: &str = "SELECT * FROM attempts WHERE attempt_id = ?";
const PLACE: &str = "SELECT place FROM attempts WHERE attempt_id = ?";
const BY_REFERENCE: &str = "SELECT attempt_id FROM attempts WHERE reference = ?";
const OF_PAYMENT: &str = "SELECT attempt_id FROM attempts WHERE payment_id = ? ORDER BY place";
const ON_KEY: &str = "SELECT attempt_id FROM attempts WHERE guard_key = ? ORDER BY place";
const WATCHED: &str = "SELECT attempt_id, place FROM attempts WHERE watched = 1 ORDER BY place";
const FOLLOWED: &str = "SELECT attempt_id, place FROM attempts WHERE is_final = 1 AND since_ms > ?";
const ATTENTION: &str = "\
    SELECT attempt_id, place FROM attempts INDEXED BY attempts_attention \
    WHERE attention_ms IS NOT NULL AND attention_ms <= ? ORDER BY attention_ms, place";
/// Unknown ones of any age, set aside ones among them.
const SAME_CARD_UNKNOWN: &str = "\
    SELECT attempt_id FROM attempts WHERE last_four = ? AND first_six = ? AND base_minor = ? AND base_currency = ? AND outcome = 'unknown' \
    ORDER BY place";
/// The newest approved ones: many more than any window of minutes holds of one card.
const SAME_CARD_APPROVED: &str = "\
    SELECT attempt_id FROM attempts WHERE last_four = ? AND first_six = ? AND base_minor = ? AND base_currency = ? AND outcome = 'approved' \
    ORDER BY place DESC LIMIT 50";
const OPEN: &str = "SELECT count(*) FROM attempts WHERE outcome IS NULL AND desk_id = ?";
/// An override is used up by the attempt opened with it, unless that one came to nothing before it was processed.
const OVERRIDE_USED: &str = "\
    SELECT 1 FROM attempts WHERE overrides = ? AND state NOT IN ('refused', 'not_sent') LIMIT 1";
const UNSETTLED_OF_ACCOUNT: &str = "\
    SELECT count(*) FROM attempts INDEXED BY attempts_watched WHERE watched = 1 AND account_id = ?";
/// The newest of an account: more than any gateway takes in a minute.
const SENT_LATELY: &str = "\
    SELECT sent_ms FROM attempts INDEXED BY attempts_account \
    WHERE account_id = ? AND sent_ms IS NOT NULL ORDER BY place DESC LIMIT 60";
const COUNT_BETWEEN: &str = "\
    SELECT count(*) FROM attempts INDEXED BY attempts_opened WHERE opened_ms >= ? AND opened_ms < ?";
const PAGE_BETWEEN: &str = "\
    SELECT * FROM attempts WHERE (opened_ms, place) > (?, ?) AND opened_ms < ? ORDER BY opened_ms, place LIMIT 500";
/// The earliest and the latest moment at which one was opened; by the clock, so not the first and the last place.
const FIRST_OPENED: &str = "SELECT opened_ms FROM attempts ORDER BY opened_ms LIMIT 1";
const LAST_OPENED: &str = "SELECT opened_ms FROM attempts ORDER BY opened_ms DESC LIMIT 1";
const COUNT: &str = "SELECT count(*) FROM attempts INDEXED BY attempts_payment";
pub(crate) const CLEAR: &str = "DELETE FROM attempts";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 19] = [
    COUNT_BETWEEN,
    SENT_LATELY,
    GET,
    FIRST_OPENED,
    LAST_OPENED,
    PLACE,
    BY_REFERENCE,
    OF_PAYMENT,
    ON_KEY,
    WATCHED,
    FOLLOWED,
    ATTENTION,
    SAME_CARD_UNKNOWN,
    SAME_CARD_APPROVED,
    OPEN,
    OVERRIDE_USED,
    UNSETTLED_OF_ACCOUNT,
    PAGE_BETWEEN,
    COUNT,
];

/// Writes a row, new or changed, and what the index has of it.
pub(crate) async fn write(db: &mut SqliteConnection, row: &AttemptRow) -> sqlx::Result<()> {
    let before = get(db, &row.attempt_id).await?;
    write_row(&mut *db, row).await?;
    // What is searched changes when an outcome is there, and when a baseline tells the price: the index is touched only then.
    terms::write(db, before.as_ref(), row).await
}

/// Writes a row without the search index: for a rebuild, which makes the index anew.
pub(crate) async fn write_row(db: &mut SqliteConnection, row: &AttemptRow) -> sqlx::Result<()> {
    sqlx::query(WRITE)
        .bind(row.place)
        .bind(&row.attempt_id)
        .bind(&row.desk_id)
        .bind(&row.payment_id)
        .bind(&row.reference)
        .bind(&row.account_id)
        .bind(&row.account_name)
        .bind(&row.gateway)
        .bind(&row.guard_key)
        .bind(row.blocks)
        .bind(&row.state)
        .bind(&row.outcome)
        .bind(&row.refused_by)
        .bind(&row.evidence)
        .bind(row.unconfirmed)
        .bind(&row.reason)
        .bind(&row.subject_kind)
        .bind(&row.subject)
        .bind(&row.part)
        .bind(row.base_minor)
        .bind(&row.base_currency)
        .bind(row.total_minor)
        .bind(&row.total_currency)
        .bind(&row.means)
        .bind(row.installments)
        .bind(&row.brand)
        .bind(&row.bin)
        .bind(&row.first_six)
        .bind(&row.last_four)
        .bind(&row.holder)
        .bind(&row.operator_id)
        .bind(&row.overrides)
        .bind(&row.follows)
        .bind(row.opened_ms)
        .bind(row.since_ms)
        .bind(row.sent_ms)
        .bind(row.is_final)
        .bind(row.set_aside)
        .bind(row.contradicted)
        .bind(row.alarmed)
        .bind(row.watched)
        .bind(row.attention_ms)
        .bind(&row.search)
        .bind(row.last_seq)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn get(db: &mut SqliteConnection, attempt: &str) -> sqlx::Result<Option<AttemptRow>> {
    Ok(sqlx::query_as::<_, Stored<_>>(GET).bind(attempt).fetch_optional(db).await?.map(Stored::into_inner))
}

pub(crate) async fn place(db: &mut SqliteConnection, attempt: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(PLACE).bind(attempt).fetch_optional(db).await
}

/// The earliest and the latest moment at which one was opened.
pub(crate) async fn span(db: &mut SqliteConnection) -> sqlx::Result<Option<(i64, i64)>> {
    let first: Option<i64> = sqlx::query_scalar(FIRST_OPENED).fetch_optional(&mut *db).await?;
    let last: Option<i64> = sqlx::query_scalar(LAST_OPENED).fetch_optional(db).await?;
    Ok(first.zip(last))
}

pub(crate) async fn by_reference(db: &mut SqliteConnection, reference: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(BY_REFERENCE).bind(reference).fetch_optional(db).await
}

pub(crate) async fn of_payment(db: &mut SqliteConnection, payment: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(OF_PAYMENT).bind(payment).fetch_all(db).await
}

pub(crate) async fn on_key(db: &mut SqliteConnection, key: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(ON_KEY).bind(key).fetch_all(db).await
}

/// What is not final, contradicted or alarmed, however old.
pub(crate) async fn watched(db: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    let found: Vec<(String, i64)> = sqlx::query_as(WATCHED).fetch_all(db).await?;
    Ok(found.into_iter().map(|(attempt, _)| attempt).collect())
}

/// Watched ones, final ones that came to stand there after `since_ms`, and those that need attention at `now_ms`, however
/// old they are; oldest first.
pub(crate) async fn unfinished(db: &mut SqliteConnection, since_ms: i64, now_ms: i64) -> sqlx::Result<Vec<String>> {
    let mut found: Vec<(String, i64)> = sqlx::query_as(WATCHED).fetch_all(&mut *db).await?;
    found.extend(sqlx::query_as::<_, (String, i64)>(FOLLOWED).bind(since_ms).fetch_all(&mut *db).await?);
    found.extend(sqlx::query_as::<_, (String, i64)>(ATTENTION).bind(now_ms).fetch_all(db).await?);
    found.sort_by_key(|(_, place)| *place);
    found.dedup();
    Ok(found.into_iter().map(|(attempt, _)| attempt).collect())
}

pub(crate) async fn attention(db: &mut SqliteConnection, now_ms: i64) -> sqlx::Result<Vec<String>> {
    let found: Vec<(String, i64)> = sqlx::query_as(ATTENTION).bind(now_ms).fetch_all(db).await?;
    Ok(found.into_iter().map(|(attempt, _)| attempt).collect())
}

/// Unknown and recently approved attempts with these digits.
pub(crate) async fn same_card(
    db: &mut SqliteConnection,
    (first_six, last_four): (&str, &str),
    (minor, currency): (i64, &str),
) -> sqlx::Result<Vec<String>> {
    let asked = |statement| sqlx::query_scalar(statement).bind(last_four).bind(first_six).bind(minor).bind(currency);
    let mut found: Vec<String> = asked(SAME_CARD_UNKNOWN).fetch_all(&mut *db).await?;
    let approved: Vec<String> = asked(SAME_CARD_APPROVED).fetch_all(db).await?;
    found.extend(approved.into_iter().rev());
    Ok(found)
}

pub(crate) async fn open(db: &mut SqliteConnection, desk: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(OPEN).bind(desk).fetch_one(db).await
}

pub(crate) async fn override_used(db: &mut SqliteConnection, attempt: &str) -> sqlx::Result<bool> {
    Ok(sqlx::query_scalar::<_, i64>(OVERRIDE_USED).bind(attempt).fetch_optional(db).await?.is_some())
}

pub(crate) async fn unsettled_of_account(db: &mut SqliteConnection, account: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(UNSETTLED_OF_ACCOUNT).bind(account).fetch_one(db).await
}

pub(crate) async fn sent_lately(db: &mut SqliteConnection, account: &str) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(SENT_LATELY).bind(account).fetch_all(db).await
}

pub(crate) async fn count(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar(COUNT).fetch_one(db).await
}

/// The next page of what was opened before `until_ms`, after this moment and place.
pub(crate) async fn page_between(
    db: &mut SqliteConnection,
    after: (i64, i64),
    until_ms: i64,
) -> sqlx::Result<Vec<AttemptRow>> {
    Ok(unwrapped(
        sqlx::query_as::<_, Stored<_>>(PAGE_BETWEEN).bind(after.0).bind(after.1).bind(until_ms).fetch_all(db).await?,
    ))
}

/// How many were opened from the one moment until before the other.
pub(crate) async fn count_between(db: &mut SqliteConnection, span: (i64, i64)) -> sqlx::Result<i64> {
    sqlx::query_scalar(COUNT_BETWEEN).bind(span.0).bind(span.1).fetch_one(db).await
}
