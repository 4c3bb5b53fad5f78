//! Does the journal still say what was written? Chain, names, projections.

mod index;

use sqlx::{Connection, SqliteConnection};
use vezne_core::ports::JournalFault;
use vezne_events::head::Head;
use vezne_events::rows::{CloseRow, OperatorRow, RightRow};
use vezne_events::verify::{Kept, Verification};
use vezne_events::{Break, Broken, Keys, Report, chain, fold};

use crate::fault::IntoFault;
use crate::losses::{self, Losses};
use crate::pace::Pace;
use crate::tables::events::{BY_ATTEMPT, BY_REVERSAL, Groups};
use crate::tables::{
    attempts, closes as close_table, events as event_table, names, operators, papers, payments, reversals, rights_used,
};
use crate::{closes, migrate, rebuild};

pub(crate) use index::compare as compare_terms;

/// Verifies what a connection sees, as of one moment.
pub(crate) async fn all(connection: &mut SqliteConnection, keys: &Keys) -> Result<Report, JournalFault> {
    at_pace(connection, keys, &mut Pace::full()).await
}

/// Verifies what a connection sees, as of one moment, leaving the machine to others in between.
pub(crate) async fn at_pace(
    connection: &mut SqliteConnection,
    keys: &Keys,
    pace: &mut Pace,
) -> Result<Report, JournalFault> {
    let mut transaction = connection.begin().await.fault()?;
    let db = &mut *transaction;
    let database = database(db).await?;
    let unguarded = unguarded(db).await?;
    let mut report = chains(db, keys, pace).await?;
    report.database = database;
    report.broken = unguarded.or(report.broken);
    if report.broken.is_none() && report.database.is_empty() {
        let losses = Losses::of(db).await?;
        compare_attempts(db, &losses, &mut report, pace).await?;
        compare_reversals(db, &losses, &mut report, pace).await?;
        compare_payments(db, &mut report).await?;
        compare_apart(db, &mut report).await?;
        check_closes(db, &mut report, pace).await?;
        compare_papers(db, &mut report, pace).await?;
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
    let words: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(20)").fetch_all(&mut *db).await.fault()?;
    let odd = migrate::odd_schema(db).await?.into_iter().map(|name| format!("{name} is not as it was made"));
    Ok(words.into_iter().filter(|word| word != "ok").chain(odd).collect())
}

/// Whether the triggers that forbid changes are missing.
async fn unguarded(db: &mut SqliteConnection) -> Result<Option<Broken>, JournalFault> {
    let triggers: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events' ORDER BY name",
    )
    .fetch_all(&mut *db)
    .await
    .fault()?;
    if triggers == ["events_are_never_changed", "events_are_never_removed", "events_are_never_replaced"] {
        return Ok(None);
    }
    let desk = event_table::desk(db).await.fault()?.unwrap_or_default();
    Ok(Some(Broken { desk, seq: 1, what: Break::Unguarded }))
}

/// Walks along all chains, page by page.
async fn chains(db: &mut SqliteConnection, keys: &Keys, pace: &mut Pace) -> Result<Report, JournalFault> {
    let mut verification = Verification::new(keys, losses::declared(db).await?);
    loop {
        let (desk, seq) = verification.stands_at();
        let page = event_table::page(db, desk, seq).await.fault()?;
        pace.rest().await;
        if page.is_empty() {
            return Ok(verification.end());
        }
        for event in &page {
            for committed in verification.take(event)? {
                let kept = kept(names::get(db, &committed.name).await.fault()?);
                verification.name(event, committed, kept);
            }
        }
    }
}

fn kept(row: Option<names::NameRow>) -> Option<Kept> {
    row.map(|row| match (row.text, row.salt) {
        (Some(text), Some(salt)) => Kept::Name { text, salt },
        (None | Some(_), None) | (None, Some(_)) => Kept::Erased,
    })
}

fn compare_counts(report: &mut Report, table: &str, stored: i64, made: i64) {
    if stored > made {
        report.differs(table, "(rows without events)");
    }
}

async fn compare_attempts(
    db: &mut SqliteConnection,
    losses: &Losses,
    report: &mut Report,
    pace: &mut Pace,
) -> Result<(), JournalFault> {
    let mut groups = Groups::new(BY_ATTEMPT);
    let mut made = 0_i64;
    while let Some(group) = groups.next(db).await.fault()? {
        pace.rest().await;
        if losses.is_fragment(&group)? {
            report.fragments.push(losses::words("attempt", &group));
            continue;
        }
        made = made.saturating_add(1);
        let row = rebuild::attempt_row(&group)?;
        if attempts::get(db, &group.about).await.fault()? != Some(row) {
            report.differs("attempt", &group.about);
        }
    }
    compare_counts(report, "attempt", attempts::count(db).await.fault()?, made);
    Ok(())
}

async fn compare_reversals(
    db: &mut SqliteConnection,
    losses: &Losses,
    report: &mut Report,
    pace: &mut Pace,
) -> Result<(), JournalFault> {
    let mut groups = Groups::new(BY_REVERSAL);
    let mut made = 0_i64;
    while let Some(group) = groups.next(db).await.fault()? {
        pace.rest().await;
        if losses.is_fragment(&group)? {
            report.fragments.push(losses::words("reversal", &group));
            continue;
        }
        made = made.saturating_add(1);
        let row = rebuild::reversal_row(&group)?;
        if reversals::get(db, &group.about).await.fault()? != Some(row) {
            report.differs("reversal", &group.about);
        }
    }
    compare_counts(report, "reversal", reversals::count(db).await.fault()?, made);
    Ok(())
}

async fn compare_payments(db: &mut SqliteConnection, report: &mut Report) -> Result<(), JournalFault> {
    let ids = payments::ids(db).await.fault()?;
    for id in &ids {
        if payments::computed(db, id).await.fault()? != payments::get(db, id).await.fault()? {
            report.differs("payment", id);
        }
    }
    let made = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    compare_counts(report, "payment", payments::count(db).await.fault()?, made);
    Ok(())
}

/// Each close against the chain, the one before it, and what is counted anew.
async fn check_closes(db: &mut SqliteConnection, report: &mut Report, pace: &mut Pace) -> Result<(), JournalFault> {
    let made = closes::made(db).await?;
    report.closes = u64::try_from(made.len()).unwrap_or(u64::MAX);
    let lost = losses::declared(db).await?;
    report.close_faults = closes::faults(db, made, &lost, pace).await?;
    Ok(())
}

async fn compare_papers(db: &mut SqliteConnection, report: &mut Report, pace: &mut Pace) -> Result<(), JournalFault> {
    let withdrawn = rebuild::Withdrawn::of(db).await?;
    let (mut after, mut made) = (0, 0_i64);
    loop {
        let page = event_table::papers_after(db, after).await.fault()?;
        pace.rest().await;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for event in &page {
            made = made.saturating_add(1);
            let row = withdrawn.row(event)?;
            if row.is_none() || papers::get(db, &event.event_id).await.fault()? != row {
                report.differs("paper", &event.event_id);
            }
        }
    }
    compare_counts(report, "paper", papers::count(db).await.fault()?, made);
    Ok(())
}

async fn compare_apart(db: &mut SqliteConnection, report: &mut Report) -> Result<(), JournalFault> {
    let (mut operators_made, mut rights_made, mut closes_made) = (Vec::new(), Vec::new(), Vec::new());
    for event in event_table::of_no_payment(db).await.fault()? {
        match rebuild::apart(&fold::parse(&event.body, event.seq)?, &event) {
            Some(rebuild::Apart::Operator(row)) => operators_made.push(row),
            Some(rebuild::Apart::Right(row)) => rights_made.push(row),
            Some(rebuild::Apart::Close(row)) => closes_made.push(row),
            // Compared page by page: there are as many as payments.
            Some(rebuild::Apart::Paper(_)) | None => {}
        }
    }
    operators_made.sort_by(|a: &OperatorRow, b| a.operator_id.cmp(&b.operator_id));
    rights_made.sort_by(|a: &RightRow, b| a.event_id.cmp(&b.event_id));
    closes_made.sort_by_key(|row: &CloseRow| row.number);
    if close_table::all(db).await.fault()? != closes_made {
        report.differs("day closes", "(the table)");
    }
    if operators::all(db).await.fault()? != operators_made {
        report.differs("operators", "(the table)");
    }
    if rights_used::all(db).await.fault()? != rights_made {
        report.differs("rights used", "(the table)");
    }
    Ok(())
}
