//! Names of persons, and the folded words by which they are found.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::terms;

/// A name as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct NameRow {
    pub(crate) text: Option<String>,
    pub(crate) salt: Option<Vec<u8>>,
}

const INSERT: &str = "INSERT INTO names (name_id, desk_id, text, salt, erased_ms) VALUES (?, ?, ?, ?, NULL)";
const INSERT_ERASED: &str = "\
    INSERT INTO names (name_id, desk_id, text, salt, erased_ms) VALUES (?, ?, NULL, NULL, ?) ON CONFLICT DO NOTHING";
const INSERT_WORD: &str = "INSERT INTO name_words (word, name_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
const GET: &str = "SELECT text, salt FROM names WHERE name_id = ?";
const ERASE: &str = "UPDATE names SET text = NULL, salt = NULL, erased_ms = ? WHERE name_id = ? AND text IS NOT NULL";
const ERASE_WORDS: &str = "DELETE FROM name_words WHERE name_id = ?";
const CLEAR_WORDS: &str = "DELETE FROM name_words";
const PAGE: &str = "SELECT name_id, text FROM names WHERE name_id > ? ORDER BY name_id LIMIT 500";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 4] = [GET, ERASE, ERASE_WORDS, PAGE];

pub(crate) async fn insert(
    db: &mut SqliteConnection,
    name_id: &str,
    desk_id: &str,
    text: &str,
    salt: &[u8],
) -> sqlx::Result<()> {
    sqlx::query(INSERT).bind(name_id).bind(desk_id).bind(text).bind(salt).execute(&mut *db).await?;
    know_words(db, name_id, text).await
}

async fn know_words(db: &mut SqliteConnection, name_id: &str, text: &str) -> sqlx::Result<()> {
    for word in vezne_core::search::starts(text) {
        sqlx::query(INSERT_WORD).bind(&word).bind(name_id).execute(&mut *db).await?;
        terms::know_word(db, &word).await?;
    }
    Ok(())
}

/// Makes the words of all names anew.
pub(crate) async fn rebuild_words(db: &mut SqliteConnection) -> sqlx::Result<()> {
    for clear in [CLEAR_WORDS, terms::CLEAR_NAMES] {
        sqlx::query(clear).execute(&mut *db).await?;
    }
    let mut after = String::new();
    loop {
        let page: Vec<(String, Option<String>)> = sqlx::query_as(PAGE).bind(&after).fetch_all(&mut *db).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after.clone_from(last);
        for (name_id, text) in &page {
            know_words(db, name_id, text.as_deref().unwrap_or_default()).await?;
        }
    }
}

/// A name that is gone.
pub(crate) async fn insert_erased(
    db: &mut SqliteConnection,
    name_id: &str,
    desk_id: &str,
    at_ms: i64,
) -> sqlx::Result<()> {
    sqlx::query(INSERT_ERASED).bind(name_id).bind(desk_id).bind(at_ms).execute(db).await?;
    Ok(())
}

pub(crate) async fn get(db: &mut SqliteConnection, name_id: &str) -> sqlx::Result<Option<NameRow>> {
    sqlx::query_as(GET).bind(name_id).fetch_optional(db).await
}

/// The names that are still there, by their ids; at most a page of them.
pub(crate) async fn texts(db: &mut SqliteConnection, ids: &[&str]) -> sqlx::Result<HashMap<String, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql: QueryBuilder<'_, Sqlite> =
        QueryBuilder::new("SELECT name_id, text FROM names WHERE text IS NOT NULL AND name_id IN (");
    let mut listed = sql.separated(", ");
    for id in ids {
        listed.push_bind(*id);
    }
    let found: Vec<(String, String)> = sql.push(")").build_query_as().fetch_all(db).await?;
    Ok(found.into_iter().collect())
}

/// True when there was a name to erase.
pub(crate) async fn erase(db: &mut SqliteConnection, name_id: &str, at_ms: i64) -> sqlx::Result<bool> {
    terms::forget_name(db, name_id).await?;
    let words = terms::words_of(db, name_id).await?;
    sqlx::query(ERASE_WORDS).bind(name_id).execute(&mut *db).await?;
    for word in &words {
        terms::forget_word(db, word).await?;
    }
    let done = sqlx::query(ERASE).bind(at_ms).bind(name_id).execute(db).await?;
    Ok(done.rows_affected() > 0)
}
