//! The index by which attempts are found, and the beginnings of names that it knows as numbers.

use futures_util::TryStreamExt as _;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use vezne_events::rows::AttemptRow;
use vezne_events::search::{beginnings, terms};

use super::{Stored, unwrapped};

const INSERT: &str = "INSERT INTO attempts_terms (rowid, terms) VALUES (?, ?)";
const REMOVE: &str = "INSERT INTO attempts_terms (attempts_terms, rowid, terms) VALUES ('delete', ?, ?)";
pub(crate) const CLEAR: &str = "INSERT INTO attempts_terms (attempts_terms) VALUES ('delete-all')";
pub(crate) const CLEAR_NAMES: &str = "DELETE FROM name_terms";
const INSERT_NAME: &str = "INSERT INTO name_terms (term) VALUES (?) ON CONFLICT DO NOTHING";
const WORDS_OF_NAME: &str = "SELECT word FROM name_words INDEXED BY name_words_name WHERE name_id = ?";
const IS_USED: &str = "SELECT 1 FROM name_words WHERE word >= ? AND word < ? LIMIT 1";
const REMOVE_NAME: &str = "DELETE FROM name_terms WHERE term = ?";
const NAMED: &str = "SELECT term_id FROM name_terms WHERE term = ?";
/// More different words than that with the same first thirteen letters has no language.
const NAMED_FROM: &str = "SELECT term_id FROM name_terms WHERE term >= ? AND term < ? ORDER BY term LIMIT 200";
const OF_HOLDER: &str = "\
    SELECT * FROM attempts INDEXED BY attempts_holder WHERE holder = ? AND place > ? ORDER BY place LIMIT 500";
const EACH: &str = "SELECT doc, term FROM attempts_terms_read";
const ALL_WORDS: &str = "SELECT DISTINCT word FROM name_words";
const ALL_NAMES: &str = "SELECT term FROM name_terms";
const AFTER: &str = "SELECT * FROM attempts WHERE place > ? ORDER BY place LIMIT 500";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 7] = [WORDS_OF_NAME, IS_USED, REMOVE_NAME, NAMED, NAMED_FROM, OF_HOLDER, AFTER];

/// Behind every text that begins like another.
pub(crate) fn behind(text: &str) -> String {
    format!("{text}\u{10ffff}")
}

/// Makes numbers for the beginnings of a name's word.
pub(crate) async fn know_word(db: &mut SqliteConnection, word: &str) -> sqlx::Result<()> {
    for term in beginnings(word, 1) {
        sqlx::query(INSERT_NAME).bind(term).execute(&mut *db).await?;
    }
    Ok(())
}

/// Forgets the beginnings of a word that no name has any more.
pub(crate) async fn forget_word(db: &mut SqliteConnection, word: &str) -> sqlx::Result<()> {
    for term in beginnings(word, 1) {
        let used: Option<i64> =
            sqlx::query_scalar(IS_USED).bind(&term).bind(behind(&term)).fetch_optional(&mut *db).await?;
        if used.is_none() {
            sqlx::query(REMOVE_NAME).bind(&term).execute(&mut *db).await?;
        }
    }
    Ok(())
}

/// The words of a name.
pub(crate) async fn words_of(db: &mut SqliteConnection, name: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(WORDS_OF_NAME).bind(name).fetch_all(db).await
}

/// The numbers of a name's beginnings.
async fn numbers(db: &mut SqliteConnection, name: Option<&str>) -> sqlx::Result<Vec<i64>> {
    let Some(name) = name else { return Ok(Vec::new()) };
    let words = words_of(db, name).await?;
    let known: Vec<String> = words.iter().flat_map(|word| beginnings(word, 1)).collect();
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql: QueryBuilder<'_, Sqlite> = QueryBuilder::new("SELECT term_id FROM name_terms WHERE term IN (");
    let mut listed = sql.separated(", ");
    for term in &known {
        listed.push_bind(term);
    }
    sql.push(")").build_query_scalar().fetch_all(db).await
}

/// The numbers of the beginning that a key is; of those that begin with it, where it is longer than any that is kept.
pub(crate) async fn numbers_of_key(db: &mut SqliteConnection, key: &str) -> sqlx::Result<Vec<i64>> {
    if key.chars().count() <= vezne_events::search::PREFIX_CHARS {
        return sqlx::query_scalar(NAMED).bind(key).fetch_all(db).await;
    }
    sqlx::query_scalar(NAMED_FROM).bind(key).bind(behind(key)).fetch_all(db).await
}

/// Takes an attempt into the index, or changes what the index has of it.
pub(crate) async fn write(
    db: &mut SqliteConnection,
    before: Option<&AttemptRow>,
    row: &AttemptRow,
) -> sqlx::Result<()> {
    let names = numbers(db, row.holder.as_deref()).await?;
    let now = terms(row, &names);
    if let Some(before) = before {
        let indexed = terms(before, &names);
        if indexed == now {
            return Ok(());
        }
        sqlx::query(REMOVE).bind(before.place).bind(indexed).execute(&mut *db).await?;
    }
    sqlx::query(INSERT).bind(row.place).bind(now).execute(db).await?;
    Ok(())
}

/// Takes a name out of the index: its attempts are found by everything else.
pub(crate) async fn forget_name(db: &mut SqliteConnection, name: &str) -> sqlx::Result<()> {
    let names = numbers(db, Some(name)).await?;
    let mut after = 0;
    loop {
        let page: Vec<AttemptRow> =
            unwrapped(sqlx::query_as::<_, Stored<_>>(OF_HOLDER).bind(name).bind(after).fetch_all(&mut *db).await?);
        let Some(last) = page.last() else { return Ok(()) };
        after = last.place;
        for row in &page {
            sqlx::query(REMOVE).bind(row.place).bind(terms(row, &names)).execute(&mut *db).await?;
            sqlx::query(INSERT).bind(row.place).bind(terms(row, &[])).execute(&mut *db).await?;
        }
    }
}

/// Every term of the index, with the place of the attempt that has it.
pub(crate) async fn each(db: &mut SqliteConnection, mut tell: impl FnMut(i64, &str) + Send) -> sqlx::Result<()> {
    let mut rows = sqlx::query_as::<_, (i64, String)>(EACH).fetch(db);
    while let Some((place, term)) = rows.try_next().await? {
        tell(place, &term);
    }
    Ok(())
}

/// The next page of attempts, each with the terms that it should have.
pub(crate) async fn made_after(db: &mut SqliteConnection, place: i64) -> sqlx::Result<Vec<(AttemptRow, String)>> {
    let page: Vec<AttemptRow> = unwrapped(sqlx::query_as::<_, Stored<_>>(AFTER).bind(place).fetch_all(&mut *db).await?);
    let mut made = Vec::with_capacity(page.len());
    for row in page {
        let names = numbers(db, row.holder.as_deref()).await?;
        let terms = terms(&row, &names);
        made.push((row, terms));
    }
    Ok(made)
}

/// Every word of a name that is kept.
pub(crate) async fn all_words(db: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(ALL_WORDS).fetch_all(db).await
}

/// Every beginning of a name that has a number.
pub(crate) async fn all_names(db: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(ALL_NAMES).fetch_all(db).await
}

/// Fills the empty index from the rows.
pub(crate) async fn fill(db: &mut SqliteConnection) -> sqlx::Result<()> {
    let mut after = i64::MIN;
    loop {
        let page: Vec<AttemptRow> =
            unwrapped(sqlx::query_as::<_, Stored<_>>(AFTER).bind(after).fetch_all(&mut *db).await?);
        let Some(last) = page.last() else { return Ok(()) };
        after = last.place;
        for row in &page {
            write(db, None, row).await?;
        }
    }
}
