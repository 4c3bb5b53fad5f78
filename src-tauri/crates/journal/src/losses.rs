//! What is lost, as repairs declared it, and what can't be told any more because of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sqlx::SqliteConnection;
use vezne_core::ports::JournalFault;
use vezne_core::record::Record;
use vezne_core::time::Timestamp;
use vezne_events::{Lost, fold};

use crate::fault::IntoFault;
use crate::rebuild;
use crate::tables::events::{self as event_table, BY_ATTEMPT, BY_REVERSAL, Group, Groups};

/// The gaps that repairs declared.
pub(crate) async fn declared(db: &mut SqliteConnection) -> Result<Vec<Lost>, JournalFault> {
    let mut found = Vec::new();
    for event in event_table::lost(db).await.fault()? {
        if let Record::SpanLost { first, last } = fold::parse(&event.body, event.seq)? {
            found.push(Lost { first, last });
        }
    }
    Ok(found)
}

/// Which attempts and reversals are fragments: their lines stay in the journal, and no row is made of them.
///
/// In a journal that lost nothing there are none.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    any: bool,
    /// What still stands open by the lines that are left, although a later one on the same key (of the same payment) shows
    /// that it had ended: how is among what is lost. Two of them can't both block.
    eclipsed: BTreeSet<String>,
}

impl Losses {
    pub(crate) async fn of(db: &mut SqliteConnection) -> Result<Self, JournalFault> {
        if declared(db).await?.is_empty() {
            return Ok(Self::default());
        }
        let (mut eclipsed, mut blocking) = (BTreeSet::new(), BTreeMap::new());
        let mut groups = Groups::new(BY_ATTEMPT);
        while let Some(group) = groups.next(db).await.fault()? {
            if fold::is_opened(&group.lines)? {
                let row = rebuild::attempt_row(&group)?;
                if row.blocks {
                    note(&mut blocking, &mut eclipsed, (row.guard_key, row.place, row.attempt_id));
                }
            }
        }
        let mut open = BTreeMap::new();
        let mut groups = Groups::new(BY_REVERSAL);
        while let Some(group) = groups.next(db).await.fault()? {
            if fold::is_opened(&group.lines)? {
                let row = rebuild::reversal_row(&group)?;
                if !row.is_final {
                    note(&mut open, &mut eclipsed, (row.payment_id, row.place, row.reversal_id));
                }
            }
        }
        Ok(Self { any: true, eclipsed })
    }

    /// Whether no row can be made of these lines.
    pub(crate) fn is_fragment(&self, group: &Group) -> Result<bool, JournalFault> {
        Ok(self.any && (self.eclipsed.contains(&group.about) || !fold::is_opened(&group.lines)?))
    }
}

/// Of several that block one key only the newest can.
fn note(
    newest: &mut BTreeMap<String, (i64, String)>,
    eclipsed: &mut BTreeSet<String>,
    (key, place, id): (String, i64, String),
) {
    match newest.get(&key) {
        Some((other, _)) if *other > place => {
            eclipsed.insert(id);
        }
        Some(_) | None => {
            if let Some((_, older)) = newest.insert(key, (place, id)) {
                eclipsed.insert(older);
            }
        }
    }
}

/// A fragment for a person: which one, what is known of it, and where its lines stand.
pub(crate) fn words(what: &str, group: &Group) -> String {
    let mut payment = String::new();
    let (mut steps, mut numbers) = (Vec::new(), Vec::new());
    for line in &group.lines {
        numbers.push(line.seq.to_string());
        let Ok(record) = fold::parse(&line.body, line.seq) else { continue };
        if let Some(of) = record.payment() {
            payment = of.to_string();
        }
        if let Some((_, entry)) = record.attempt_line() {
            steps.push(step(&serde_json::to_value(entry)));
        } else if let Some((_, entry)) = record.reversal_line() {
            steps.push(step(&serde_json::to_value(entry)));
        }
    }
    let at = group.lines.last().map_or_else(String::new, |line| Timestamp::from_millis(line.at_ms).to_string());
    let (id, steps, numbers) = (&group.about, steps.join(", "), numbers.join(", "));
    format!("{what} {id} of {payment}: {steps}; last at {at} (event {numbers})")
}

/// An entry's own word, and for a state the state's; of an opening also what it was for.
fn step(entry: &serde_json::Result<Value>) -> String {
    let Ok(Value::Object(fields)) = entry else {
        return entry.as_ref().ok().and_then(Value::as_str).unwrap_or("?").to_owned();
    };
    let Some((word, inner)) = fields.iter().next() else { return "?".to_owned() };
    let name = |value: &Value| match value {
        Value::String(word) => word.clone(),
        Value::Object(fields) => fields.keys().next().cloned().unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => String::new(),
    };
    match word.as_str() {
        "entered" => name(inner),
        "opened" => {
            let part = |key: &str| inner.get(key).map(ToString::to_string).unwrap_or_default();
            format!("opened for {} {} as {}", part("subject"), part("base"), part("reference"))
        }
        other => other.to_owned(),
    }
}
