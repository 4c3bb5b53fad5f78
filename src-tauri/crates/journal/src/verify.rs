//! Does the journal still say what was written? Chain, names, projections.

use std::collections::BTreeMap;
use std::fmt;

use sqlx::{Connection, SqliteConnection};
use vezne_core::ports::JournalFault;

use crate::chain::{self, GENESIS};
use crate::events::{self, Commitment};
use crate::fault::IntoFault;
use crate::head::Head;
use crate::keys::{ChainKey, Keys};
use crate::rebuild;
use crate::tables::events::{BY_ATTEMPT, BY_REVERSAL, EventRow, Groups};
use crate::tables::operators::OperatorRow;
use crate::tables::rights_used::RightRow;
use crate::tables::{attempts, events as event_table, names, operators, payments, reversals, rights_used};

/// What verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many events were looked at.
    pub events: u64,
    /// How many epochs they make.
    pub epochs: u64,
    /// The first event of the chain that is not as it was written.
    pub broken: Option<Broken>,
    /// Spans that can't be verified because their key is lost. They are not broken.
    pub unverifiable: Vec<Unverifiable>,
    /// How many names were held against their commitments.
    pub names: u64,
    /// How many names have been erased.
    pub names_erased: u64,
    /// Rows of projections that differ from what the events make of them, by table and id; at most 100 of them.
    pub projections: Vec<String>,
    /// What the database's own check says; empty when all is well.
    pub database: Vec<String>,
}

/// A place where the chain is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The desk whose chain it is.
    pub desk: String,
    /// The event's number in that chain.
    pub seq: i64,
    /// What is wrong.
    pub what: Break,
}

/// What is wrong with an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Break {
    /// Its content is not what was written.
    Changed,
    /// Events before it are missing: the next one found has this number.
    Gap {
        /// The number of the next event that is there.
        found: i64,
    },
    /// It does not follow the event before it: events were exchanged, inserted or replaced.
    Order,
    /// A name beside it is not the one that was written.
    Name {
        /// The name's id.
        name: String,
    },
    /// A name beside it is gone without having been erased by the program.
    NameGone {
        /// The name's id.
        name: String,
    },
    /// The newest events are missing: the marker beside the journal knows of more.
    CutShort {
        /// The last number the marker knows.
        known: i64,
    },
    /// The marker beside the journal knows another event under this number.
    Replaced,
    /// The triggers that forbid changes are not there.
    Unguarded,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seq = self.seq;
        match &self.what {
            Break::Changed => write!(f, "event {seq} is not what was written"),
            Break::Gap { found } => write!(f, "event {seq} is missing: the next one there is {found}"),
            Break::Order => write!(f, "event {seq} does not follow the one before it"),
            Break::Name { name } => write!(f, "the name {name} beside event {seq} is not what was written"),
            Break::NameGone { name } => write!(f, "the name {name} beside event {seq} is gone without being erased"),
            Break::CutShort { known } => write!(f, "the events from {seq} to {known} are missing at the end"),
            Break::Replaced => write!(f, "event {seq} is another one than was written here"),
            Break::Unguarded => write!(f, "the triggers that forbid changing events are gone"),
        }
    }
}

/// A span of events whose key is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverifiable {
    /// The desk whose chain it is.
    pub desk: String,
    /// Its first event.
    pub from: i64,
    /// Its last event.
    pub to: i64,
    /// The key that is lost.
    pub key_id: String,
}

impl fmt::Display for Unverifiable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next = self.to.saturating_add(1);
        write!(f, "cannot be verified before event {next} (from event {} on): key {} is lost", self.from, self.key_id)
    }
}

impl Report {
    /// Whether nothing is wrong. Spans that can't be verified are not wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.first_fault().is_none()
    }

    /// The gravest finding in words; `None` when nothing is wrong.
    #[must_use]
    pub fn first_fault(&self) -> Option<String> {
        let database = || self.database.first().map(|words| format!("the database is damaged: {words}"));
        let projection =
            || self.projections.first().map(|row| format!("{row} differs from its events; a rebuild puts it right"));
        self.broken.as_ref().map(ToString::to_string).or_else(database).or_else(projection)
    }
}

/// How many differing rows are named.
const DIFFERENCES_MOST: usize = 100;

/// Verifies what a connection sees, as of one moment.
pub(crate) async fn all(connection: &mut SqliteConnection, keys: &Keys) -> Result<Report, JournalFault> {
    let mut transaction = connection.begin().await.fault()?;
    let db = &mut *transaction;
    let mut report = Report { database: database(db).await?, ..Report::default() };
    guards(db, &mut report).await?;
    chains(db, keys, &mut report).await?;
    if report.broken.is_none() && report.database.is_empty() {
        compare_attempts(db, &mut report).await?;
        compare_reversals(db, &mut report).await?;
        compare_payments(db, &mut report).await?;
        compare_apart(db, &mut report).await?;
    }
    transaction.rollback().await.fault()?;
    Ok(report)
}

/// Holds the marker beside the journal against what was found in it.
pub(crate) async fn against_marker(
    db: &mut SqliteConnection,
    marker: Option<Head>,
    report: &mut Report,
) -> Result<(), JournalFault> {
    let (None, Some(head)) = (&report.broken, marker) else { return Ok(()) };
    let tip = event_table::tip(db, &head.desk).await.fault()?;
    let newest = tip.map_or(0, |tip| tip.seq);
    let broken = |seq, what| Some(Broken { desk: head.desk.clone(), seq, what });
    if newest < head.seq {
        report.broken = broken(newest.saturating_add(1), Break::CutShort { known: head.seq });
    } else if event_table::hash_at(db, &head.desk, head.seq).await.fault()?.map(|hash| chain::hex(&hash))
        != Some(head.hash.clone())
    {
        report.broken = broken(head.seq, Break::Replaced);
    }
    Ok(())
}

async fn database(db: &mut SqliteConnection) -> Result<Vec<String>, JournalFault> {
    let words: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(20)").fetch_all(db).await.fault()?;
    Ok(words.into_iter().filter(|word| word != "ok").collect())
}

async fn guards(db: &mut SqliteConnection, report: &mut Report) -> Result<(), JournalFault> {
    let triggers: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events' ORDER BY name",
    )
    .fetch_all(&mut *db)
    .await
    .fault()?;
    if triggers != ["events_are_never_changed", "events_are_never_removed", "events_are_never_replaced"] {
        let desk = event_table::desk(db).await.fault()?.unwrap_or_default();
        report.broken = Some(Broken { desk, seq: 1, what: Break::Unguarded });
    }
    Ok(())
}

/// Walks along one desk's chain.
struct Walk {
    desk: String,
    seq: i64,
    epoch: i64,
    hash: Vec<u8>,
    /// The keys of this epoch, each with the first event that names it; the current one is the last.
    keys: Vec<(String, i64)>,
}

impl Walk {
    fn start(desk: &str) -> Self {
        Self { desk: desk.to_owned(), seq: 0, epoch: 0, hash: GENESIS.to_vec(), keys: Vec::new() }
    }

    /// What is wrong with the next event as far as its place goes.
    fn place(&self, event: &EventRow) -> Option<(i64, Break)> {
        let expected = self.seq.saturating_add(1);
        if event.seq != expected {
            return Some((expected, Break::Gap { found: event.seq }));
        }
        let follows = chain::same(&event.previous_hash, &self.hash);
        let new_epoch = event.kind == "epoch_started" && event.epoch > self.epoch;
        let in_order = follows && (event.epoch == self.epoch || new_epoch);
        if !in_order {
            return Some((event.seq, Break::Order));
        }
        // A key that was left does not come back within an epoch: a lost key named in between would only hide a change.
        let (_, left) = self.keys.split_last()?;
        let returns = event.epoch == self.epoch && left.iter().any(|(key, _)| *key == event.key_id);
        let since = self.keys.last().map_or(event.seq, |(_, since)| *since);
        returns.then_some((since, Break::Changed))
    }

    fn go(&mut self, event: &EventRow) {
        if event.epoch != self.epoch {
            self.keys.clear();
        }
        if self.keys.last().is_none_or(|(key, _)| *key != event.key_id) {
            self.keys.push((event.key_id.clone(), event.seq));
        }
        self.seq = event.seq;
        self.epoch = event.epoch;
        self.hash.clone_from(&event.hash);
    }
}

async fn chains(db: &mut SqliteConnection, keys: &Keys, report: &mut Report) -> Result<(), JournalFault> {
    let mut walk = Walk::start("");
    let mut known: BTreeMap<String, Option<ChainKey>> = BTreeMap::new();
    loop {
        let page = event_table::page(db, &walk.desk, walk.seq).await.fault()?;
        if page.is_empty() {
            return Ok(());
        }
        for event in &page {
            if event.desk_id != walk.desk {
                walk = Walk::start(&event.desk_id);
            }
            report.events = report.events.saturating_add(1);
            if event.epoch != walk.epoch {
                report.epochs = report.epochs.saturating_add(1);
            }
            let key = known.entry(event.key_id.clone()).or_insert_with(|| keys.find(&event.key_id)).clone();
            if report.broken.is_none() {
                let wrong = match walk.place(event) {
                    Some(wrong) => Some(wrong),
                    None => check(db, event, key.as_ref(), report).await?.map(|what| (event.seq, what)),
                };
                report.broken = wrong.map(|(seq, what)| Broken { desk: event.desk_id.clone(), seq, what });
            }
            walk.go(event);
        }
    }
}

/// Checks one event and its names with its key.
async fn check(
    db: &mut SqliteConnection,
    event: &EventRow,
    key: Option<&ChainKey>,
    report: &mut Report,
) -> Result<Option<Break>, JournalFault> {
    let Some(key) = key else {
        note_unverifiable(event, report);
        return Ok(None);
    };
    if !chain::same(&event.link().hash(key), &event.hash) {
        return Ok(Some(Break::Changed));
    }
    let commitments: Vec<Commitment> = serde_json::from_str(&event.names)
        .map_err(|error| JournalFault::Unreadable(format!("the names of event {}: {error}", event.seq)))?;
    for Commitment { name, commitment } in commitments {
        let Some(row) = names::get(db, &name).await.fault()? else { return Ok(Some(Break::NameGone { name })) };
        match (row.text, row.salt) {
            (Some(text), Some(salt)) => {
                report.names = report.names.saturating_add(1);
                let hash = chain::commitment(key, &name, &salt, &text);
                if !chain::same(chain::hex(&hash).as_bytes(), commitment.as_bytes()) {
                    return Ok(Some(Break::Name { name }));
                }
            }
            (None | Some(_), None) | (None, Some(_)) => report.names_erased = report.names_erased.saturating_add(1),
        }
    }
    Ok(None)
}

fn note_unverifiable(event: &EventRow, report: &mut Report) {
    if let Some(last) = report.unverifiable.last_mut()
        && last.desk == event.desk_id
        && last.key_id == event.key_id
        && last.to.saturating_add(1) == event.seq
    {
        last.to = event.seq;
        return;
    }
    report.unverifiable.push(Unverifiable {
        desk: event.desk_id.clone(),
        from: event.seq,
        to: event.seq,
        key_id: event.key_id.clone(),
    });
}

fn differs(report: &mut Report, table: &str, id: &str) {
    if report.projections.len() < DIFFERENCES_MOST {
        report.projections.push(format!("{table} {id}"));
    }
}

fn compare_counts(report: &mut Report, table: &str, stored: i64, made: i64) {
    if stored > made {
        differs(report, table, "(rows without events)");
    }
}

async fn compare_attempts(db: &mut SqliteConnection, report: &mut Report) -> Result<(), JournalFault> {
    let mut groups = Groups::new(BY_ATTEMPT);
    let mut made = 0_i64;
    while let Some(group) = groups.next(db).await.fault()? {
        made = made.saturating_add(1);
        let row = rebuild::attempt_row(&group)?;
        if attempts::get(db, &group.about).await.fault()? != Some(row) {
            differs(report, "attempt", &group.about);
        }
    }
    compare_counts(report, "attempt", attempts::count(db).await.fault()?, made);
    Ok(())
}

async fn compare_reversals(db: &mut SqliteConnection, report: &mut Report) -> Result<(), JournalFault> {
    let mut groups = Groups::new(BY_REVERSAL);
    let mut made = 0_i64;
    while let Some(group) = groups.next(db).await.fault()? {
        made = made.saturating_add(1);
        let row = rebuild::reversal_row(&group)?;
        if reversals::get(db, &group.about).await.fault()? != Some(row) {
            differs(report, "reversal", &group.about);
        }
    }
    compare_counts(report, "reversal", reversals::count(db).await.fault()?, made);
    Ok(())
}

async fn compare_payments(db: &mut SqliteConnection, report: &mut Report) -> Result<(), JournalFault> {
    let ids = payments::ids(db).await.fault()?;
    for id in &ids {
        if payments::computed(db, id).await.fault()? != payments::get(db, id).await.fault()? {
            differs(report, "payment", id);
        }
    }
    let made = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    compare_counts(report, "payment", payments::count(db).await.fault()?, made);
    Ok(())
}

async fn compare_apart(db: &mut SqliteConnection, report: &mut Report) -> Result<(), JournalFault> {
    let (mut operators_made, mut rights_made) = (Vec::new(), Vec::new());
    for event in event_table::of_no_payment(db).await.fault()? {
        match rebuild::apart(&events::parse(&event.body, event.seq)?, &event) {
            Some(rebuild::Apart::Operator(row)) => operators_made.push(row),
            Some(rebuild::Apart::Right(row)) => rights_made.push(row),
            None => {}
        }
    }
    operators_made.sort_by(|a: &OperatorRow, b| a.operator_id.cmp(&b.operator_id));
    rights_made.sort_by(|a: &RightRow, b| a.event_id.cmp(&b.event_id));
    if operators::all(db).await.fault()? != operators_made {
        differs(report, "operators", "(the table)");
    }
    if rights_used::all(db).await.fault()? != rights_made {
        differs(report, "rights used", "(the table)");
    }
    Ok(())
}
