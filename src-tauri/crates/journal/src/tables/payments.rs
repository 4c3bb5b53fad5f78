//! Payments: a projection over their attempts and reversals.

use sqlx::SqliteConnection;
use vezne_events::rows::PaymentRow;

use super::Stored;

stored!(PaymentRow:
    place payment_id desk_id guard_key account_id subject_kind subject opened_ms attempts approved reversals
    last_seq
);

/// A payment is read off its own attempts (the first one names it) and reversals.
macro_rules! computed {
    () => {
        "SELECT first.place, first.payment_id, first.desk_id, first.guard_key, first.account_id, first.subject_kind, \
                first.subject, first.opened_ms, \
                (SELECT count(*) FROM attempts a WHERE a.payment_id = first.payment_id) AS attempts, \
                (SELECT count(*) FROM attempts a INDEXED BY attempts_payment \
                  WHERE a.payment_id = first.payment_id AND a.outcome = 'approved') AS approved, \
                (SELECT count(*) FROM reversals r WHERE r.payment_id = first.payment_id) AS reversals, \
                max((SELECT max(a.last_seq) FROM attempts a WHERE a.payment_id = first.payment_id), \
                    coalesce((SELECT max(r.last_seq) FROM reversals r \
                               WHERE r.payment_id = first.payment_id), 0)) AS last_seq \
         FROM attempts first \
         WHERE first.place = (SELECT min(a.place) FROM attempts a WHERE a.payment_id = ?)"
    };
}

const COMPUTED: &str = computed!();
const WRITE: &str = concat!(
    "INSERT INTO payments (place, payment_id, desk_id, guard_key, account_id, subject_kind, subject, opened_ms, \
                           attempts, approved, reversals, last_seq) ",
    computed!(),
    " ON CONFLICT (payment_id) DO UPDATE SET \
        attempts = excluded.attempts, approved = excluded.approved, reversals = excluded.reversals, \
        last_seq = excluded.last_seq"
);
const IDS: &str = "SELECT DISTINCT payment_id FROM attempts INDEXED BY attempts_payment ORDER BY payment_id";
const GET: &str = "SELECT * FROM payments WHERE payment_id = ?";
const COUNT: &str = "SELECT count(*) FROM payments INDEXED BY payments_key";
const EXISTS: &str = "SELECT 1 FROM payments WHERE payment_id = ?";
pub(crate) const CLEAR: &str = "DELETE FROM payments";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 6] = [COMPUTED, WRITE, IDS, EXISTS, GET, COUNT];

pub(crate) async fn write(db: &mut SqliteConnection, payment: &str) -> sqlx::Result<()> {
    sqlx::query(WRITE).bind(payment).execute(db).await?;
    Ok(())
}

/// Every payment that has an attempt.
pub(crate) async fn ids(db: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(IDS).fetch_all(db).await
}

pub(crate) async fn exists(db: &mut SqliteConnection, payment: &str) -> sqlx::Result<bool> {
    Ok(sqlx::query_scalar::<_, i64>(EXISTS).bind(payment).fetch_optional(db).await?.is_some())
}

/// What the row of a payment should be.
pub(crate) async fn computed(db: &mut SqliteConnection, payment: &str) -> sqlx::Result<Option<PaymentRow>> {
    Ok(sqlx::query_as::<_, Stored<_>>(COMPUTED).bind(payment).fetch_optional(db).await?.map(Stored::into_inner))
}

/// What it is.
pub(crate) async fn get(db: &mut SqliteConnection, payment: &str) -> sqlx::Result<Option<PaymentRow>> {
    Ok(sqlx::query_as::<_, Stored<_>>(GET).bind(payment).fetch_optional(db).await?.map(Stored::into_inner))
}

pub(crate) async fn count(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar(COUNT).fetch_one(db).await
}
