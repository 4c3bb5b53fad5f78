//! Keeping the projections where the events are, in the same transaction.

use std::collections::BTreeSet;

use sqlx::SqliteConnection;
use vezne_core::ports::JournalFault;
use vezne_core::record::Record;
use vezne_events::rows::{self, Standing};
use vezne_events::{Event, fold};

use crate::fault::IntoFault;
use crate::rebuild;
use crate::tables::{attempts, events as event_table, payments, reversals};

/// Brings the projections to where the events are now.
pub(crate) async fn all(db: &mut SqliteConnection, records: &[Record], written: &[Event]) -> Result<(), JournalFault> {
    let Some(desk) = written.first().map(|event| event.desk_id.as_str()) else { return Ok(()) };
    let (mut attempt_ids, mut reversal_ids, mut payment_ids) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (record, event) in records.iter().zip(written) {
        if let Some((attempt, _)) = record.attempt_line() {
            attempt_ids.insert(attempt.to_string());
        } else if let Some((reversal, _)) = record.reversal_line() {
            reversal_ids.insert(reversal.to_string());
        } else {
            rebuild::write_apart(db, record, event).await?;
            continue;
        }
        payment_ids.extend(record.payment().map(|payment| payment.to_string()));
    }
    project_attempts(db, desk, &attempt_ids).await?;
    project_reversals(db, desk, &reversal_ids).await?;
    for payment in &payment_ids {
        payments::write(db, payment).await.fault()?;
    }
    Ok(())
}

async fn project_attempts(db: &mut SqliteConnection, desk: &str, ids: &BTreeSet<String>) -> Result<(), JournalFault> {
    let mut made = Vec::with_capacity(ids.len());
    for id in ids {
        let lines = event_table::of_attempt(db, id).await.fault()?;
        let Some(attempt) = fold::fold_attempt(&lines)? else { continue };
        let Some(standing) = Standing::of(desk, &lines) else { continue };
        made.push(rows::attempt(&attempt, standing));
    }
    // What frees its key goes first, so that one batch can set an attempt aside and open the next one on its key.
    made.sort_by_key(|row| (row.blocks, row.place));
    for row in &made {
        attempts::write(db, row).await.fault()?;
    }
    Ok(())
}

async fn project_reversals(db: &mut SqliteConnection, desk: &str, ids: &BTreeSet<String>) -> Result<(), JournalFault> {
    let mut made = Vec::with_capacity(ids.len());
    for id in ids {
        let lines = event_table::of_reversal(db, id).await.fault()?;
        let Some(reversal) = fold::fold_reversal(&lines)? else { continue };
        let Some(standing) = Standing::of(desk, &lines) else { continue };
        made.push(rows::reversal(&reversal, standing));
    }
    made.sort_by_key(|row| (!row.is_final, row.place));
    for row in &made {
        reversals::write(db, row).await.fault()?;
    }
    Ok(())
}
