//! What happened, for good.

use std::collections::VecDeque;

use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Sqlite, SqliteConnection};
use vezne_events::{Event, Line, Tip};

use super::{Stored, unwrapped};

stored!(Event:
    event_id desk_id epoch seq at_ms kind payment_id attempt_id reversal_id body names key_id previous_hash
    hash
);
stored!(Tip:
    desk_id epoch seq at_ms key_id hash
);
stored!(Line:
    seq at_ms body
);

const INSERT: &str = "\
    INSERT INTO events (event_id, desk_id, epoch, seq, at_ms, kind, payment_id, attempt_id, reversal_id, body, names, \
                        key_id, previous_hash, hash) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// The desk whose journal this is: events of several desks are never in one journal that is written to.
const DESK: &str = "SELECT desk_id FROM events LIMIT 1";
const TIP: &str = "\
    SELECT desk_id, epoch, seq, at_ms, key_id, hash FROM events WHERE desk_id = ? ORDER BY seq DESC LIMIT 1";
const HASH_AT: &str = "SELECT hash FROM events WHERE desk_id = ? AND seq = ?";
const OF_ATTEMPT: &str = "\
    SELECT seq, at_ms, body FROM events WHERE attempt_id = ? AND kind = 'attempt' ORDER BY seq";
/// Of a page of attempts, whose ids come as a JSON list; in no particular order.
const OF_ATTEMPTS: &str = "\
    SELECT attempt_id, seq, at_ms, body FROM events \
    WHERE attempt_id IN (SELECT value FROM json_each(?)) AND kind = 'attempt'";
const OF_REVERSAL: &str = "SELECT seq, at_ms, body FROM events WHERE reversal_id = ? ORDER BY seq";
const OF_PAYMENT: &str = "SELECT seq, at_ms, body FROM events WHERE payment_id = ? ORDER BY seq";
/// Events that are no line of an attempt or a reversal and no paper, for their own projections.
const OF_NO_PAYMENT: &str = "\
    SELECT * FROM events INDEXED BY events_kind \
    WHERE kind NOT IN ('attempt', 'reversal') AND kind <> 'paper_issued' ORDER BY kind, seq";
/// Papers issued, page by page.
const PAPERS: &str = "\
    SELECT * FROM events INDEXED BY events_kind \
    WHERE kind NOT IN ('attempt', 'reversal') AND kind = 'paper_issued' AND seq > ? ORDER BY seq LIMIT 500";
/// Papers taken back: a few.
const WITHDRAWN: &str = "\
    SELECT * FROM events INDEXED BY events_kind \
    WHERE kind NOT IN ('attempt', 'reversal') AND kind = 'paper_withdrawn' ORDER BY seq";
/// The whole journal, in the order of its chains, page by page.
const PAGE: &str = "SELECT * FROM events WHERE (desk_id, seq) > (?, ?) ORDER BY desk_id, seq LIMIT 500";
/// A span of time, in the order of the chains.
const PAGE_BETWEEN: &str = "\
    SELECT * FROM events WHERE (desk_id, seq) > (?, ?) AND at_ms >= ? AND at_ms < ? ORDER BY desk_id, seq LIMIT 500";
/// Every attempt's lines together, page by page.
pub(crate) const BY_ATTEMPT: &str = "\
    SELECT attempt_id AS about, desk_id, seq, at_ms, body FROM events \
    WHERE (attempt_id, seq) > (?, ?) AND kind = 'attempt' AND attempt_id IS NOT NULL ORDER BY attempt_id, seq LIMIT 500";
/// Every reversal's lines together, page by page.
pub(crate) const BY_REVERSAL: &str = "\
    SELECT reversal_id AS about, desk_id, seq, at_ms, body FROM events \
    WHERE (reversal_id, seq) > (?, ?) AND reversal_id IS NOT NULL ORDER BY reversal_id, seq LIMIT 500";
/// Where epochs begin.
const EPOCHS: &str = "\
    SELECT * FROM events INDEXED BY events_kind \
    WHERE kind NOT IN ('attempt', 'reversal') AND kind = 'epoch_started' ORDER BY seq";
/// What repairs declared lost.
const LOST: &str = "\
    SELECT * FROM events INDEXED BY events_kind \
    WHERE kind NOT IN ('attempt', 'reversal') AND kind = 'span_lost' ORDER BY seq";
/// What closed a day.
const CLOSES: &str = "\
    SELECT * FROM events INDEXED BY events_kind \
    WHERE kind NOT IN ('attempt', 'reversal') AND kind = 'day_closed' ORDER BY seq";
/// Comparisons of closes, after the event of one.
const COMPARISONS: &str = "\
    SELECT * FROM events INDEXED BY events_kind \
    WHERE kind NOT IN ('attempt', 'reversal') AND kind = 'close_compared' AND seq > ? ORDER BY seq";
const AT: &str = "SELECT * FROM events WHERE desk_id = ? AND seq = ?";
/// What the events of a span speak of, page by page.
const ABOUT: &str = "\
    SELECT seq, kind, attempt_id, reversal_id FROM events WHERE desk_id = ? AND seq > ? AND seq <= ? \
    ORDER BY seq LIMIT 5000";
const BEFORE: &str = "SELECT at_ms FROM events WHERE desk_id = ? AND seq < ? ORDER BY seq DESC LIMIT 1";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 20] = [
    TIP,
    HASH_AT,
    OF_ATTEMPT,
    OF_ATTEMPTS,
    OF_REVERSAL,
    OF_PAYMENT,
    OF_NO_PAYMENT,
    PAPERS,
    WITHDRAWN,
    PAGE,
    PAGE_BETWEEN,
    BY_ATTEMPT,
    BY_REVERSAL,
    EPOCHS,
    LOST,
    CLOSES,
    COMPARISONS,
    AT,
    ABOUT,
    BEFORE,
];

pub(crate) async fn insert(db: &mut SqliteConnection, event: &Event) -> sqlx::Result<()> {
    bound(INSERT, event).execute(db).await?;
    Ok(())
}

/// A statement whose first places are the columns of an event, in their order, with this one in them.
pub(crate) fn bound<'q>(sql: &'q str, event: &'q Event) -> Query<'q, Sqlite, SqliteArguments<'q>> {
    sqlx::query(sql)
        .bind(&event.event_id)
        .bind(&event.desk_id)
        .bind(event.epoch)
        .bind(event.seq)
        .bind(event.at_ms)
        .bind(&event.kind)
        .bind(&event.payment_id)
        .bind(&event.attempt_id)
        .bind(&event.reversal_id)
        .bind(&event.body)
        .bind(&event.names)
        .bind(&event.key_id)
        .bind(&event.previous_hash)
        .bind(&event.hash)
}

/// The desk of the events; `None` in a journal without events.
pub(crate) async fn desk(db: &mut SqliteConnection) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(DESK).fetch_optional(db).await
}

/// Where a desk's chain stands.
pub(crate) async fn tip(db: &mut SqliteConnection, desk: &str) -> sqlx::Result<Option<Tip>> {
    Ok(sqlx::query_as::<_, Stored<_>>(TIP).bind(desk).fetch_optional(db).await?.map(Stored::into_inner))
}

/// The hash of one event.
pub(crate) async fn hash_at(db: &mut SqliteConnection, desk: &str, seq: i64) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar(HASH_AT).bind(desk).bind(seq).fetch_optional(db).await
}

/// When the event before this one was written.
pub(crate) async fn at_before(db: &mut SqliteConnection, desk: &str, seq: i64) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(BEFORE).bind(desk).bind(seq).fetch_optional(db).await
}

/// The lines of an attempt, without those of its reversals.
pub(crate) async fn of_attempt(db: &mut SqliteConnection, attempt: &str) -> sqlx::Result<Vec<Line>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(OF_ATTEMPT).bind(attempt).fetch_all(db).await?))
}

/// The lines of a reversal.
pub(crate) async fn of_reversal(db: &mut SqliteConnection, reversal: &str) -> sqlx::Result<Vec<Line>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(OF_REVERSAL).bind(reversal).fetch_all(db).await?))
}

/// Everything of a payment.
pub(crate) async fn of_payment(db: &mut SqliteConnection, payment: &str) -> sqlx::Result<Vec<Line>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(OF_PAYMENT).bind(payment).fetch_all(db).await?))
}

/// Events that belong to no payment.
pub(crate) async fn of_no_payment(db: &mut SqliteConnection) -> sqlx::Result<Vec<Event>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(OF_NO_PAYMENT).fetch_all(db).await?))
}

/// The next page of the papers issued after event `seq`.
pub(crate) async fn papers_after(db: &mut SqliteConnection, seq: i64) -> sqlx::Result<Vec<Event>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(PAPERS).bind(seq).fetch_all(db).await?))
}

/// The papers that were taken back.
pub(crate) async fn withdrawn(db: &mut SqliteConnection) -> sqlx::Result<Vec<Event>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(WITHDRAWN).fetch_all(db).await?))
}

/// Where epochs begin.
pub(crate) async fn epochs(db: &mut SqliteConnection) -> sqlx::Result<Vec<Event>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(EPOCHS).fetch_all(db).await?))
}

/// What repairs declared lost.
pub(crate) async fn lost(db: &mut SqliteConnection) -> sqlx::Result<Vec<Event>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(LOST).fetch_all(db).await?))
}

/// What closed a day.
pub(crate) async fn closes(db: &mut SqliteConnection) -> sqlx::Result<Vec<Event>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(CLOSES).fetch_all(db).await?))
}

/// Comparisons of closes that were written after this event.
pub(crate) async fn comparisons(db: &mut SqliteConnection, seq: i64) -> sqlx::Result<Vec<Event>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(COMPARISONS).bind(seq).fetch_all(db).await?))
}

/// One event.
pub(crate) async fn at(db: &mut SqliteConnection, desk: &str, seq: i64) -> sqlx::Result<Option<Event>> {
    Ok(sqlx::query_as::<_, Stored<_>>(AT).bind(desk).bind(seq).fetch_optional(db).await?.map(Stored::into_inner))
}

/// What an event speaks of.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct SpeaksOf {
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) attempt_id: Option<String>,
    pub(crate) reversal_id: Option<String>,
}

/// The next page of what the events after the first number, up to the second, speak of.
pub(crate) async fn about(
    db: &mut SqliteConnection,
    desk: &str,
    (after, tip): (i64, i64),
) -> sqlx::Result<Vec<SpeaksOf>> {
    sqlx::query_as(ABOUT).bind(desk).bind(after).bind(tip).fetch_all(db).await
}

/// The next page of all events after this one.
pub(crate) async fn page(db: &mut SqliteConnection, desk: &str, seq: i64) -> sqlx::Result<Vec<Event>> {
    Ok(unwrapped(sqlx::query_as::<_, Stored<_>>(PAGE).bind(desk).bind(seq).fetch_all(db).await?))
}

/// The next page of the events written in `span` (milliseconds, the end not included) after this one.
pub(crate) async fn page_between(
    db: &mut SqliteConnection,
    desk: &str,
    seq: i64,
    span: (i64, i64),
) -> sqlx::Result<Vec<Event>> {
    Ok(unwrapped(
        sqlx::query_as::<_, Stored<_>>(PAGE_BETWEEN)
            .bind(desk)
            .bind(seq)
            .bind(span.0)
            .bind(span.1)
            .fetch_all(db)
            .await?,
    ))
}

/// A line and whom it is about.
#[derive(Debug, Clone, sqlx::FromRow)]
struct AboutLine {
    about: String,
    desk_id: String,
    seq: i64,
    at_ms: i64,
    body: String,
}

/// All lines about one attempt or reversal.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) about: String,
    pub(crate) desk: String,
    pub(crate) lines: Vec<Line>,
}

/// Reads [`BY_ATTEMPT`] or [`BY_REVERSAL`] group by group, in memory for one page and one group only.
pub(crate) struct Groups {
    statement: &'static str,
    after: (String, i64),
    page: VecDeque<AboutLine>,
    at_end: bool,
}

impl Groups {
    pub(crate) fn new(statement: &'static str) -> Self {
        Self { statement, after: (String::new(), 0), page: VecDeque::new(), at_end: false }
    }

    async fn peek(&mut self, db: &mut SqliteConnection) -> sqlx::Result<Option<&AboutLine>> {
        if self.page.is_empty() && !self.at_end {
            let page: Vec<AboutLine> =
                sqlx::query_as(self.statement).bind(&self.after.0).bind(self.after.1).fetch_all(db).await?;
            match page.last() {
                Some(last) => self.after = (last.about.clone(), last.seq),
                None => self.at_end = true,
            }
            self.page = page.into();
        }
        Ok(self.page.front())
    }

    /// The next group; `None` after the last one.
    pub(crate) async fn next(&mut self, db: &mut SqliteConnection) -> sqlx::Result<Option<Group>> {
        let Some(first) = self.peek(&mut *db).await? else { return Ok(None) };
        let mut group = Group { about: first.about.clone(), desk: first.desk_id.clone(), lines: Vec::new() };
        while self.peek(&mut *db).await?.is_some_and(|line| line.about == group.about) {
            let Some(line) = self.page.pop_front() else { break };
            group.lines.push(Line { seq: line.seq, at_ms: line.at_ms, body: line.body });
        }
        Ok(Some(group))
    }
}

/// The lines of each of these attempts.
pub(crate) async fn of_attempts(db: &mut SqliteConnection, ids: &str) -> sqlx::Result<Vec<(String, Line)>> {
    let rows: Vec<(String, i64, i64, String)> = sqlx::query_as(OF_ATTEMPTS).bind(ids).fetch_all(db).await?;
    Ok(rows.into_iter().map(|(attempt, seq, at_ms, body)| (attempt, Line { seq, at_ms, body })).collect())
}
