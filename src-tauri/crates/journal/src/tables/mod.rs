//! One file a table: how its row is read, and every statement that touches it, written out.

/// How a row is read, column by column: a column that is missing here does not compile.
macro_rules! stored {
    ($row:ident: $($column:ident)*) => {
        impl sqlx::FromRow<'_, sqlx::sqlite::SqliteRow> for $crate::tables::Stored<$row> {
            fn from_row(row: &sqlx::sqlite::SqliteRow) -> sqlx::Result<Self> {
                use sqlx::Row as _;
                Ok(Self($row { $($column: row.try_get(stringify!($column))?,)* }))
            }
        }
    };
}

pub(crate) mod attempts;
pub(crate) mod closes;
pub(crate) mod events;
pub(crate) mod names;
pub(crate) mod operators;
pub(crate) mod papers;
pub(crate) mod payments;
pub(crate) mod reversals;
pub(crate) mod rights_used;
pub(crate) mod terms;

/// A row as the database gives it back. The row's type is `vezne_events`' own, which knows no database.
pub(crate) struct Stored<T>(T);

impl<T> Stored<T> {
    fn into_inner(self) -> T {
        self.0
    }
}

/// The rows themselves.
pub(crate) fn unwrapped<T>(rows: Vec<Stored<T>>) -> Vec<T> {
    rows.into_iter().map(Stored::into_inner).collect()
}
