//! What the journal said in the end: every state of an earlier moment must be the beginning of it.

use std::collections::HashMap;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use crate::Fault;
use crate::requests::Request;

fn failed(error: sqlx::Error) -> Fault {
    Fault::of("the journal's tables", &error)
}

/// An event, as far as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// Its hash over all that is before it.
    pub hash: Vec<u8>,
}

/// An attempt whose request left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// What the gateway knows it by.
    pub reference: String,
    /// Its id.
    pub attempt: String,
}

/// All events of a journal, and which of them say that a request is about to leave.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Oldest first.
    pub events: Vec<Event>,
    /// By reference or order: each event that wrote down a sending, and its attempt.
    sendings: HashMap<String, Vec<(i64, Sent)>>,
    /// The events that wrote down the sending of a reversal.
    reversals: Vec<i64>,
}

/// A plain connection to a journal's file, beside the product's own.
///
/// # Errors
/// It can't be opened.
pub async fn connect(database: &Path) -> Result<SqliteConnection, Fault> {
    let options = SqliteConnectOptions::new().filename(database).disable_statement_logging();
    options.connect().await.map_err(failed)
}

/// All events of the journal at this path.
///
/// # Errors
/// It can't be read.
pub async fn events(database: &Path) -> Result<Vec<Event>, Fault> {
    let mut db = connect(database).await?;
    let rows = sqlx::query("SELECT seq, event_id, hash FROM events ORDER BY epoch, seq").fetch_all(&mut db).await;
    let rows = rows.map_err(failed)?;
    db.close().await.map_err(failed)?;
    let event = |row: &sqlx::sqlite::SqliteRow| {
        Ok(Event { seq: row.try_get("seq")?, id: row.try_get("event_id")?, hash: row.try_get("hash")? })
    };
    rows.iter().map(event).collect::<Result<_, _>>().map_err(failed)
}

impl Facts {
    /// Reads a journal at its end.
    ///
    /// # Errors
    /// It can't be read.
    pub async fn read(database: &Path) -> Result<Self, Fault> {
        let mut facts = Self { events: events(database).await?, ..Self::default() };
        let mut db = connect(database).await?;
        // `{"attempt":{…,"entry":{"entered":{"sending":…}}}}`, with or without something in it.
        let sent =
            "(body LIKE '%\"entry\":{\"entered\":{\"sending\"%' OR body LIKE '%\"entry\":{\"entered\":\"sending\"%')";
        let attempts = format!(
            "SELECT e.seq, a.attempt_id, a.reference, a.subject, a.subject_kind FROM events e JOIN attempts a USING (attempt_id) \
             WHERE e.kind = 'attempt' AND {sent} ORDER BY e.seq"
        );
        for row in sqlx::query(&attempts).fetch_all(&mut db).await.map_err(failed)? {
            let seq: i64 = row.try_get("seq").map_err(failed)?;
            let reference: String = row.try_get("reference").map_err(failed)?;
            let subject: String = row.try_get("subject").map_err(failed)?;
            let kind: String = row.try_get("subject_kind").map_err(failed)?;
            let key = if kind == "order" { subject } else { reference.clone() };
            let attempt: String = row.try_get("attempt_id").map_err(failed)?;
            facts.sendings.entry(key).or_default().push((seq, Sent { reference, attempt }));
        }
        let reversals = format!("SELECT seq FROM events WHERE kind = 'reversal' AND {sent} ORDER BY seq");
        facts.reversals = sqlx::query_scalar(&reversals).fetch_all(&mut db).await.map_err(failed)?;
        db.close().await.map_err(failed)?;
        Ok(facts)
    }

    /// The events that wrote down, one by one, what these requests were about to do, with the attempt for a payment. The n-th request for one order belongs to its n-th sending.
    ///
    /// # Errors
    /// A request that no event announces: it left without having been written down.
    pub fn announced(&self, requests: &[Request]) -> Result<Vec<(i64, Option<Sent>)>, Fault> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut reversals = self.reversals.iter();
        let mut found = Vec::new();
        for request in requests {
            let never = || Fault(format!("{request:?} left, and no event of the journal announces it"));
            found.push(match request {
                Request::Reversal => (*reversals.next().ok_or_else(never)?, None),
                Request::PaymentOf(name) | Request::PaymentFor(name) => {
                    let count = counts.entry(name).or_insert(0);
                    let sending = self.sendings.get(name).and_then(|sendings| sendings.get(*count));
                    let (seq, sent) = sending.ok_or_else(never)?;
                    *count = count.saturating_add(1);
                    (*seq, Some(sent.clone()))
                }
            });
        }
        Ok(found)
    }
}
