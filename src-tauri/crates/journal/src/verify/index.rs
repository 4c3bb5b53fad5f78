//! Does the search find what it should? The index of attempts and the beginnings of names, against what they are made of.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use sqlx::{Connection as _, SqliteConnection};
use vezne_core::ports::JournalFault;
use vezne_events::Report;
use vezne_events::search::beginnings;

use crate::fault::IntoFault;
use crate::tables::terms;

/// What stands for a set of terms, in whatever order they come: the sum of a number for each, and how many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum {
    of: u64,
    count: u64,
}

impl Sum {
    fn add(&mut self, term: &str) {
        let mut hasher = DefaultHasher::new();
        term.hash(&mut hasher);
        self.of = self.of.wrapping_add(hasher.finish());
        self.count = self.count.wrapping_add(1);
    }
}

/// The terms as the index cuts them: letters of ASCII are small in it, and its other signs part them.
fn tokens(terms: &str) -> BTreeSet<String> {
    let parts = terms.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty()).map(str::to_ascii_lowercase).collect()
}

/// Compares every term of the index with what the rows make, as of one moment. It takes as long as the index is big.
pub(crate) async fn compare(connection: &mut SqliteConnection, report: &mut Report) -> Result<(), JournalFault> {
    let mut transaction = connection.begin().await.fault()?;
    let db = &mut *transaction;
    let mut found: HashMap<i64, Sum> = HashMap::new();
    terms::each(db, |place, term| found.entry(place).or_default().add(term)).await.fault()?;
    let mut after = i64::MIN;
    loop {
        let page = terms::made_after(db, after).await.fault()?;
        let Some((last, _)) = page.last() else { break };
        after = last.place;
        for (row, made) in &page {
            let mut wanted = Sum::default();
            tokens(made).iter().for_each(|term| wanted.add(term));
            if found.remove(&row.place).unwrap_or_default() != wanted {
                report.differs("search index", &row.attempt_id);
            }
        }
    }
    if !found.is_empty() {
        report.differs("search index", "(terms without attempts)");
    }
    let words = terms::all_words(db).await.fault()?;
    let wanted: BTreeSet<String> = words.iter().flat_map(|word| beginnings(word, 1)).collect();
    if terms::all_names(db).await.fault()?.into_iter().collect::<BTreeSet<_>>() != wanted {
        // Names are told to nobody.
        report.differs("search index", "(beginnings of names)");
    }
    transaction.rollback().await.fault()
}
