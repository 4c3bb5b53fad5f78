//! Names of persons, and the folded words by which they are found.

use sqlx::SqliteConnection;

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

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 3] = [GET, ERASE, ERASE_WORDS];

pub(crate) async fn insert(
    db: &mut SqliteConnection,
    name_id: &str,
    desk_id: &str,
    text: &str,
    salt: &[u8],
) -> sqlx::Result<()> {
    sqlx::query(INSERT).bind(name_id).bind(desk_id).bind(text).bind(salt).execute(&mut *db).await?;
    for word in vezne_core::text::fold(text).split_whitespace() {
        sqlx::query(INSERT_WORD).bind(word).bind(name_id).execute(&mut *db).await?;
    }
    Ok(())
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

/// True when there was a name to erase.
pub(crate) async fn erase(db: &mut SqliteConnection, name_id: &str, at_ms: i64) -> sqlx::Result<bool> {
    sqlx::query(ERASE_WORDS).bind(name_id).execute(&mut *db).await?;
    let done = sqlx::query(ERASE).bind(at_ms).bind(name_id).execute(db).await?;
    Ok(done.rows_affected() > 0)
}
