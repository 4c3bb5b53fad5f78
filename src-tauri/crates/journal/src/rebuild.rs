//! The projections, made anew from the events.

use std::collections::HashMap;
use std::num::NonZeroU32;

use sqlx::{Connection, SqliteConnection};
use vezne_core::papers::PaperName;
use vezne_core::ports::JournalFault;
use vezne_core::record::Record;
use vezne_events::rows::{self, AttemptRow, CloseRow, OperatorRow, PaperRow, ReversalRow, RightRow, Standing};
use vezne_events::{Event, fold};

use crate::fault::IntoFault;
use crate::losses::Losses;
use crate::tables::events::{BY_ATTEMPT, BY_REVERSAL, Group, Groups};
use crate::tables::{
    attempts, closes, events as event_table, names, operators, papers, payments, reversals, rights_used, terms,
};

/// What an opening after a new version has left to do.
const WANTED: &str = "SELECT count(*) FROM to_do WHERE what = 'rebuild'";
const DONE: &str = "DELETE FROM to_do WHERE what = 'rebuild'";

/// Empties every projection and fills it from the events, inside the caller's transaction.
pub(crate) async fn all(db: &mut SqliteConnection) -> Result<(), JournalFault> {
    let tables = [payments::CLEAR, attempts::CLEAR, reversals::CLEAR, operators::CLEAR, rights_used::CLEAR];
    for clear in tables.into_iter().chain([terms::CLEAR, closes::CLEAR, papers::CLEAR]) {
        sqlx::query(clear).execute(&mut *db).await.fault()?;
    }
    let losses = Losses::of(db).await?;
    let mut groups = Groups::new(BY_ATTEMPT);
    while let Some(group) = groups.next(db).await.fault()? {
        if !losses.is_fragment(&group)? {
            attempts::write_row(db, &attempt_row(&group)?).await.fault()?;
        }
    }
    names::rebuild_words(db).await.fault()?;
    terms::fill(db).await.fault()?;
    let mut groups = Groups::new(BY_REVERSAL);
    while let Some(group) = groups.next(db).await.fault()? {
        if !losses.is_fragment(&group)? {
            reversals::write(db, &reversal_row(&group)?).await.fault()?;
        }
    }
    for payment in payments::ids(db).await.fault()? {
        payments::write(db, &payment).await.fault()?;
    }
    for event in event_table::of_no_payment(db).await.fault()? {
        let record = fold::parse(&event.body, event.seq)?;
        // The papers come below, each with what became of it.
        if !matches!(record, Record::PaperWithdrawn(_)) {
            write_apart(db, &record, &event).await?;
        }
    }
    all_papers(db).await?;
    sqlx::query(DONE).execute(db).await.fault()?;
    Ok(())
}

/// There are as many papers as payments: page by page.
async fn all_papers(db: &mut SqliteConnection) -> Result<(), JournalFault> {
    let withdrawn = Withdrawn::of(db).await?;
    let mut after = 0;
    loop {
        let page = event_table::papers_after(db, after).await.fault()?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.seq;
        for event in &page {
            if let Some(row) = withdrawn.row(event)? {
                papers::insert(db, &row).await.fault()?;
            }
        }
    }
}

/// Which papers were taken back, and by which events, in their order.
pub(crate) struct Withdrawn(HashMap<(String, i64), Vec<i64>>);

impl Withdrawn {
    pub(crate) async fn of(db: &mut SqliteConnection) -> Result<Self, JournalFault> {
        let mut by_number: HashMap<_, Vec<i64>> = HashMap::new();
        for event in event_table::withdrawn(db).await.fault()? {
            if let Record::PaperWithdrawn(withdrawn) = fold::parse(&event.body, event.seq)? {
                by_number.entry(number(&withdrawn.paper, withdrawn.copy)).or_default().push(event.seq);
            }
        }
        Ok(Self(by_number))
    }

    /// The row that the event of a paper issued makes, with what became of it.
    pub(crate) fn row(&self, event: &Event) -> Result<Option<PaperRow>, JournalFault> {
        let row = rows::paper(&fold::parse(&event.body, event.seq)?, event);
        Ok(row.map(|row| {
            // A number that was freed may have been given again: each is taken back by the first event behind it.
            let events = self.0.get(&(row.paper.clone(), row.copy));
            let withdrawn = events.and_then(|events| events.iter().copied().find(|seq| *seq > row.seq));
            PaperRow { withdrawn, ..row }
        }))
    }
}

fn number(paper: &PaperName, copy: Option<NonZeroU32>) -> (String, i64) {
    (paper.to_string(), copy.map_or(0, |copy| i64::from(copy.get())))
}

/// Rebuilds if a new version asks for it. Cut off, it begins again at the next opening.
pub(crate) async fn if_wanted(db: &mut SqliteConnection) -> Result<(), JournalFault> {
    let wanted: i64 = sqlx::query_scalar(WANTED).fetch_one(&mut *db).await.fault()?;
    if wanted == 0 {
        return Ok(());
    }
    let mut transaction = db.begin_with("BEGIN IMMEDIATE").await.fault()?;
    all(&mut transaction).await?;
    transaction.commit().await.fault()
}

/// The row that an attempt's lines make.
pub(crate) fn attempt_row(group: &Group) -> Result<AttemptRow, JournalFault> {
    let attempt = fold::fold_attempt(&group.lines)?.ok_or_else(|| nothing(group))?;
    Ok(rows::attempt(&attempt, standing(group)?))
}

/// The row that a reversal's lines make.
pub(crate) fn reversal_row(group: &Group) -> Result<ReversalRow, JournalFault> {
    let reversal = fold::fold_reversal(&group.lines)?.ok_or_else(|| nothing(group))?;
    Ok(rows::reversal(&reversal, standing(group)?))
}

fn standing(group: &Group) -> Result<Standing<'_>, JournalFault> {
    Standing::of(&group.desk, &group.lines).ok_or_else(|| nothing(group))
}

fn nothing(group: &Group) -> JournalFault {
    JournalFault::Unreadable(format!("{} has no events", group.about))
}

/// The row of an event that is no line of an attempt or a reversal.
pub(crate) enum Apart {
    Operator(OperatorRow),
    Right(RightRow),
    Close(CloseRow),
    Paper(PaperRow),
}

/// The row that such an event makes, if it makes one.
pub(crate) fn apart(record: &Record, event: &Event) -> Option<Apart> {
    match record {
        Record::OperatorAdded(operator) => Some(Apart::Operator(rows::operator(operator, event))),
        Record::RightUsed { .. } => rows::right(record, event).map(Apart::Right),
        Record::PaperIssued(_) => rows::paper(record, event).map(Apart::Paper),
        Record::DayClosed(close) => Some(Apart::Close(rows::close(close, event))),
        Record::NoteAdded(_)
        | Record::PaperWithdrawn(_)
        | Record::EpochStarted { .. }
        | Record::SpanLost { .. }
        | Record::CloseCompared(_)
        | Record::Attempt { .. }
        | Record::Reversal { .. } => None,
    }
}

/// Writes that row.
pub(crate) async fn write_apart(db: &mut SqliteConnection, record: &Record, event: &Event) -> Result<(), JournalFault> {
    if let Record::PaperWithdrawn(withdrawn) = record {
        let (paper, copy) = number(&withdrawn.paper, withdrawn.copy);
        return if papers::withdraw(db, (&paper, copy), event.seq).await.fault()? {
            Ok(())
        } else {
            Err(JournalFault::NotWritable("there is no such paper to take back".to_owned()))
        };
    }
    match apart(record, event) {
        Some(Apart::Operator(row)) => operators::insert(db, &row).await.fault(),
        Some(Apart::Right(row)) => rights_used::insert(db, &row).await.fault(),
        Some(Apart::Close(row)) => closes::insert(db, &row).await.fault(),
        Some(Apart::Paper(row)) => papers::insert(db, &row).await.fault(),
        None => Ok(()),
    }
}
