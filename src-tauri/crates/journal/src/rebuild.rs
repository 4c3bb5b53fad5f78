//! The projections, made anew from the events.

use sqlx::SqliteConnection;
use vezne_core::ports::JournalFault;
use vezne_core::record::Record;

use crate::events;
use crate::fault::IntoFault;
use crate::projections::{self, Standing};
use crate::tables::attempts::AttemptRow;
use crate::tables::events::{BY_ATTEMPT, BY_REVERSAL, EventRow, Group, Groups};
use crate::tables::operators::OperatorRow;
use crate::tables::reversals::ReversalRow;
use crate::tables::rights_used::RightRow;
use crate::tables::{attempts, events as event_table, operators, payments, reversals, rights_used};

/// Empties every projection and fills it from the events, inside the caller's transaction.
pub(crate) async fn all(db: &mut SqliteConnection) -> Result<(), JournalFault> {
    for clear in [payments::CLEAR, attempts::CLEAR, reversals::CLEAR, operators::CLEAR, rights_used::CLEAR] {
        sqlx::query(clear).execute(&mut *db).await.fault()?;
    }
    let mut groups = Groups::new(BY_ATTEMPT);
    while let Some(group) = groups.next(db).await.fault()? {
        attempts::write_row(db, &attempt_row(&group)?).await.fault()?;
    }
    sqlx::query(attempts::INDEX_ALL).execute(&mut *db).await.fault()?;
    let mut groups = Groups::new(BY_REVERSAL);
    while let Some(group) = groups.next(db).await.fault()? {
        reversals::write(db, &reversal_row(&group)?).await.fault()?;
    }
    for payment in payments::ids(db).await.fault()? {
        payments::write(db, &payment).await.fault()?;
    }
    for event in event_table::of_no_payment(db).await.fault()? {
        let record = events::parse(&event.body, event.seq)?;
        write_apart(db, &record, &event).await?;
    }
    Ok(())
}

/// The row that an attempt's lines make.
pub(crate) fn attempt_row(group: &Group) -> Result<AttemptRow, JournalFault> {
    let attempt = events::fold_attempt(&group.lines)?.ok_or_else(|| nothing(group))?;
    Ok(projections::attempt(&attempt, standing(group)))
}

/// The row that a reversal's lines make.
pub(crate) fn reversal_row(group: &Group) -> Result<ReversalRow, JournalFault> {
    let reversal = events::fold_reversal(&group.lines)?.ok_or_else(|| nothing(group))?;
    Ok(projections::reversal(&reversal, standing(group)))
}

fn standing(group: &Group) -> Standing<'_> {
    let first_seq = group.lines.first().map_or(0, |line| line.seq);
    let last_seq = group.lines.last().map_or(0, |line| line.seq);
    Standing { desk: &group.desk, first_seq, last_seq }
}

fn nothing(group: &Group) -> JournalFault {
    JournalFault::Unreadable(format!("{} has no events", group.about))
}

/// The row of an event that belongs to no payment.
pub(crate) enum Apart {
    Operator(OperatorRow),
    Right(RightRow),
}

/// The row that such an event makes, if it makes one.
pub(crate) fn apart(record: &Record, event: &EventRow) -> Option<Apart> {
    match record {
        Record::OperatorAdded(operator) => Some(Apart::Operator(projections::operator(operator, event))),
        Record::RightUsed { operator, act, reason, about } => {
            let about = about.map(|about| about.to_string());
            Some(Apart::Right(projections::right(event, operator.to_string(), *act, reason.as_str(), about)))
        }
        Record::EpochStarted { .. } | Record::SpanLost { .. } | Record::Attempt { .. } | Record::Reversal { .. } => None,
    }
}

/// Writes that row.
pub(crate) async fn write_apart(
    db: &mut SqliteConnection,
    record: &Record,
    event: &EventRow,
) -> Result<(), JournalFault> {
    match apart(record, event) {
        Some(Apart::Operator(row)) => operators::insert(db, &row).await.fault(),
        Some(Apart::Right(row)) => rights_used::insert(db, &row).await.fault(),
        None => Ok(()),
    }
}
