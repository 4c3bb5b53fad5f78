//! The list of attempts, newest first, page by page.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use vezne_core::attempt::Outcome;
use vezne_core::ids::{AccountId, AttemptId, OperatorId};
use vezne_core::money::{Currency, Money};
use vezne_core::ports::JournalFault;
use vezne_core::text::fold;
use vezne_core::time::Timestamp;
use vezne_events::rows::{AttemptRow, outcome_of};

use crate::fault::IntoFault;
use crate::reads;
use crate::tables::{attempts, unwrapped};

/// The most rows of one page.
pub const LIST_MOST: u32 = 1_000;

/// The most words of a search that count.
const WORDS_MOST: usize = 8;

/// The shortest word that the search index knows.
const INDEXED_CHARS: usize = 3;

/// Which attempts are wanted. Everything that is `None` matches all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Those with this outcome.
    pub outcome: Option<Outcome>,
    /// Those in the state of this word ([`vezne_core::attempt::State::word`]).
    pub state: Option<String>,
    /// Those of this merchant account.
    pub account: Option<AccountId>,
    /// Those of this operator.
    pub operator: Option<OperatorId>,
    /// Those opened at this moment or later.
    pub from: Option<Timestamp>,
    /// Those opened before this moment.
    pub until: Option<Timestamp>,
    /// Those that hold each word of this text, folded, in order, reference, attempt reference, card digits, amount or
    /// account, or whose holder's name has a word that begins with it.
    pub text: Option<String>,
    /// Those opened before this attempt: the last one of the page before.
    pub after: Option<AttemptId>,
    /// How many at most; never more than [`LIST_MOST`].
    pub limit: u32,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            outcome: None,
            state: None,
            account: None,
            operator: None,
            from: None,
            until: None,
            text: None,
            after: None,
            limit: 50,
        }
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
    let found: Vec<AttemptRow> =
        statement(filter, before).build_query_as().fetch_all(&mut *db).await.map(unwrapped).fault()?;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        let mut row = Row::of(row)?;
        if row.outcome == Some(Outcome::Approved) {
            row.returned = reads::returned(db, &row.attempt).await?;
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The statement, put together from fixed pieces; every value is bound.
pub(crate) fn statement(filter: &Filter, before: i64) -> QueryBuilder<'static, Sqlite> {
    let mut sql = QueryBuilder::new("SELECT * FROM attempts WHERE place < ");
    sql.push_bind(before);
    if let Some(outcome) = filter.outcome {
        sql.push(" AND outcome = ").push_bind(outcome.word());
    }
    if let Some(state) = &filter.state {
        sql.push(" AND state = ").push_bind(state.clone());
    }
    if let Some(account) = &filter.account {
        sql.push(" AND account_id = ").push_bind(account.to_string());
    }
    if let Some(operator) = filter.operator {
        sql.push(" AND operator_id = ").push_bind(operator.to_string());
    }
    if let Some(from) = filter.from {
        sql.push(" AND opened_ms >= ").push_bind(from.as_millis());
    }
    if let Some(until) = filter.until {
        sql.push(" AND opened_ms < ").push_bind(until.as_millis());
    }
    for word in fold(filter.text.as_deref().unwrap_or_default()).split_whitespace().take(WORDS_MOST) {
        push_word(&mut sql, word);
    }
    sql.push(" ORDER BY place DESC LIMIT ").push_bind(i64::from(filter.limit.min(LIST_MOST)));
    sql
}

fn push_word(sql: &mut QueryBuilder<'static, Sqlite>, word: &str) {
    if word.chars().count() < INDEXED_CHARS {
        // Two letters are in nearly everything: walking from the newest on finds a page soon.
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        sql.push(" AND (search LIKE ").push_bind(format!("%{escaped}%")).push(" ESCAPE '\\' OR holder IN (");
        push_names(sql, word);
        sql.push("))");
        return;
    }
    let phrase = format!("\"{}\"", word.replace('"', "\"\""));
    sql.push(" AND place IN (SELECT rowid FROM attempts_search WHERE attempts_search MATCH ").push_bind(phrase);
    sql.push(" UNION SELECT place FROM attempts INDEXED BY attempts_holder WHERE holder IN (");
    push_names(sql, word);
    sql.push("))");
}

/// The names with a word that begins so.
fn push_names(sql: &mut QueryBuilder<'static, Sqlite>, word: &str) {
    sql.push("SELECT name_id FROM name_words WHERE word >= ").push_bind(word.to_owned());
    sql.push(" AND word < ").push_bind(format!("{word}\u{10ffff}"));
}
