//! The list of attempts, newest first, page by page.
//!
//! Every condition of a query is a term of one index that hands out what has all of them newest first, from the place on where
//! the page before ended. Nothing is sorted, skipped or counted, so a page takes as long in a journal of a million attempts
//! as in one of a hundred.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use vezne_core::attempt::Outcome;
use vezne_core::ids::AttemptId;
use vezne_core::money::{Currency, Money};
use vezne_core::ports::JournalFault;
use vezne_core::record::PersonName;
use vezne_core::search::{Named, Query, Wanted, starts};
use vezne_core::time::Timestamp;
use vezne_events::rows::{AttemptRow, OperatorRow, outcome_of};
use vezne_events::search::{Looked, expression, keys_of};

use crate::fault::IntoFault;
use crate::reads;
use crate::tables::{attempts, names, operators, terms, unwrapped};

/// The most rows of one page.
pub const LIST_MOST: u32 = 1_000;

/// Which attempts are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// What must hold of them.
    pub query: Query,
    /// Those opened before this attempt: the last one of the page before.
    pub after: Option<AttemptId>,
    /// How many at most; never more than [`LIST_MOST`].
    pub limit: u32,
}

impl Default for Filter {
    fn default() -> Self {
        Self { query: Query::everything(), after: None, limit: 50 }
    }
}

/// An attempt in the list. All ids are in their written form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The attempt.
    pub attempt: String,
    /// Its payment.
    pub payment: String,
    /// What the gateway knows it by.
    pub reference: String,
    /// The merchant account's id.
    pub account: String,
    /// The merchant account's name when the attempt was opened.
    pub account_name: String,
    /// The gateway's word.
    pub gateway: String,
    /// The order id or the desk's reference.
    pub subject: String,
    /// Whether `subject` is an order id.
    pub is_order: bool,
    /// Which part of the reference.
    pub part: Option<String>,
    /// The state's word.
    pub state: String,
    /// The outcome, if there is one.
    pub outcome: Option<Outcome>,
    /// By whom it was refused: `vezne` or `gateway`.
    pub refused_by: Option<String>,
    /// The evidence's word.
    pub evidence: Option<String>,
    /// Whether the outcome is unconfirmed.
    pub unconfirmed: bool,
    /// The reason's word.
    pub reason: Option<String>,
    /// What is owed.
    pub base: Option<Money>,
    /// What is charged.
    pub total: Option<Money>,
    /// What of it surely went back; `None` for nothing.
    pub returned: Option<Money>,
    /// In how many installments; `None` for the credit limit.
    pub installments: Option<i64>,
    /// The card's brand.
    pub brand: Option<String>,
    /// The card's first six digits.
    pub first_six: Option<String>,
    /// The card's last four digits.
    pub last_four: Option<String>,
    /// The name of the card's holder; `None` when there is none, or it was erased.
    pub holder: Option<PersonName>,
    /// Who sat at the desk.
    pub operator: Option<String>,
    /// When it was opened.
    pub opened: Timestamp,
    /// Since when it is in its state.
    pub since: Timestamp,
    /// Whether its outcome is contradicted.
    pub contradicted: bool,
    /// Whether an alarm stands.
    pub alarmed: bool,
}

pub(crate) fn money(minor: Option<i64>, currency: Option<&str>) -> Result<Option<Money>, JournalFault> {
    let (Some(minor), Some(code)) = (minor, currency) else { return Ok(None) };
    let unknown = || JournalFault::Unreadable(format!("the currency {code}"));
    Ok(Some(Money::from_minor(minor, Currency::from_code(code).ok_or_else(unknown)?)))
}

impl Row {
    fn of(row: AttemptRow) -> Result<Self, JournalFault> {
        Ok(Self {
            base: money(row.base_minor, row.base_currency.as_deref())?,
            total: money(row.total_minor, row.total_currency.as_deref())?,
            attempt: row.attempt_id,
            payment: row.payment_id,
            reference: row.reference,
            account: row.account_id,
            account_name: row.account_name,
            gateway: row.gateway,
            is_order: row.subject_kind == "order",
            subject: row.subject,
            part: row.part,
            outcome: row.outcome.as_deref().and_then(outcome_of),
            state: row.state,
            refused_by: row.refused_by,
            evidence: row.evidence,
            unconfirmed: row.unconfirmed,
            reason: row.reason,
            returned: None,
            installments: row.installments,
            brand: row.brand,
            first_six: row.first_six,
            last_four: row.last_four,
            holder: None,
            operator: row.operator_id,
            opened: Timestamp::from_millis(row.opened_ms),
            since: Timestamp::from_millis(row.since_ms),
            contradicted: row.contradicted,
            alarmed: row.alarmed,
        })
    }
}

/// The rows that match, newest first.
pub(crate) async fn rows(db: &mut SqliteConnection, filter: &Filter) -> Result<Vec<Row>, JournalFault> {
    let before = match filter.after {
        None => i64::MAX,
        Some(attempt) => match attempts::place(db, &attempt.to_string()).await.fault()? {
            Some(place) => place,
            None => return Ok(Vec::new()),
        },
    };
    let looked = look_up(db, &filter.query).await?;
    let found: Vec<AttemptRow> =
        statement(filter, &looked, before).build_query_as().fetch_all(&mut *db).await.map(unwrapped).fault()?;
    let holders: Vec<&str> = found.iter().filter_map(|row| row.holder.as_deref()).collect();
    let names = names::texts(db, &holders).await.fault()?;
    let approved = found.iter().filter(|row| row.outcome.as_deref().and_then(outcome_of) == Some(Outcome::Approved));
    let approved = serde_json::Value::from_iter(approved.map(|row| row.attempt_id.as_str()));
    let mut returned = reads::returned_of(db, &approved.to_string()).await?;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        let holder = row.holder.as_deref().and_then(|name| names.get(name)).map(PersonName::new);
        let returned = returned.remove(&row.attempt_id);
        rows.push(Row { holder, returned, ..Row::of(row)? });
    }
    Ok(rows)
}

/// How the database means to find the rows.
pub(crate) async fn plan(db: &mut SqliteConnection, filter: &Filter) -> Result<Vec<String>, JournalFault> {
    let looked = look_up(db, &filter.query).await?;
    let explained = format!("EXPLAIN QUERY PLAN {}", statement(filter, &looked, i64::MAX).sql());
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(&explained).fetch_all(db).await.fault()?;
    Ok(steps.into_iter().map(|(.., step)| step).collect())
}

/// What a query needs to know of names, operators and times before it can be asked.
async fn look_up(db: &mut SqliteConnection, query: &Query) -> Result<Looked, JournalFault> {
    let mut looked = Looked::default();
    let keys = keys_of(query.conditions());
    let among = if keys.is_empty() { Vec::new() } else { operators::all(db).await.fault()? };
    for key in keys {
        looked.names.insert(key.clone(), terms::numbers_of_key(db, &key).await.fault()?);
        let named = |row: &&OperatorRow| starts(&row.name).iter().any(|start| start.starts_with(&key));
        let ids = among.iter().filter(named).map(|row| row.operator_id.clone()).collect();
        looked.operators.insert(key, ids);
    }
    if query.conditions().iter().any(is_time) {
        let moment = |(first, last)| (Timestamp::from_millis(first), Timestamp::from_millis(last));
        looked.span = attempts::span(db).await.fault()?.map(moment);
    }
    Ok(looked)
}

const fn is_time(wanted: &Wanted) -> bool {
    match wanted {
        Wanted::Opened { .. } => true,
        Wanted::Word(_)
        | Wanted::Nothing
        | Wanted::LastFour(_)
        | Wanted::Outcome(_)
        | Wanted::Account(_)
        | Wanted::Operator(_)
        | Wanted::Plan(_) => false,
    }
}

/// The statement, put together from fixed pieces; every value is bound.
pub(crate) fn statement(filter: &Filter, looked: &Looked, before: i64) -> QueryBuilder<'static, Sqlite> {
    let limit = i64::from(filter.limit.min(LIST_MOST));
    let all = match &filter.query {
        Query::Named(named) => return by_id(*named, before, limit),
        Query::All(all) => all,
    };
    let mut sql = match expression(all, looked) {
        None => QueryBuilder::new("SELECT a.* FROM attempts a WHERE a.place < "),
        Some(expression) => {
            // The order of the join is fixed: the index hands out places, and each is looked up.
            let mut sql = QueryBuilder::new(
                "SELECT a.* FROM attempts_terms t CROSS JOIN attempts a ON a.place = t.rowid WHERE t.attempts_terms MATCH ",
            );
            sql.push_bind(expression).push(" AND t.rowid < ");
            sql
        }
    };
    sql.push_bind(before);
    for wanted in all {
        // The index knows time by the hour.
        let Wanted::Opened { from, until } = wanted else { continue };
        if let Some(from) = from {
            sql.push(" AND a.opened_ms >= ").push_bind(from.as_millis());
        }
        if let Some(until) = until {
            sql.push(" AND a.opened_ms < ").push_bind(until.as_millis());
        }
    }
    let order = if all.is_empty() { " ORDER BY a.place DESC LIMIT " } else { " ORDER BY t.rowid DESC LIMIT " };
    sql.push(order).push_bind(limit);
    sql
}

fn by_id(named: Named, before: i64, limit: i64) -> QueryBuilder<'static, Sqlite> {
    let mut sql = QueryBuilder::new("SELECT a.* FROM attempts a WHERE ");
    match named {
        Named::Payment(payment) => sql.push("a.payment_id = ").push_bind(payment.to_string()),
        Named::Attempt(attempt) => sql.push("a.attempt_id = ").push_bind(attempt.to_string()),
        Named::Reversal(reversal) => sql
            .push("a.attempt_id = (SELECT r.attempt_id FROM reversals r WHERE r.reversal_id = ")
            .push_bind(reversal.to_string())
            .push(")"),
    };
    sql.push(" AND a.place < ").push_bind(before).push(" ORDER BY a.place DESC LIMIT ").push_bind(limit);
    sql
}
