//! Day closes: what the next one would say, what the earlier ones said, and whether they still do.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use sqlx::SqliteConnection;
use vezne_core::close::{About, Anchor, Basis, Closed, Comparison, Covers, Tally};
use vezne_core::ids::AttemptId;
use vezne_core::ports::JournalFault;
use vezne_core::record::Record;
use vezne_core::time::Timestamp;
use vezne_events::closing::{self, Made, Recount, Span};
use vezne_events::rows::CloseRow;
use vezne_events::{Event, chain, fold};

use crate::fault::IntoFault;
use crate::pace::Pace;
use crate::reads;
use crate::tables::events::{self as event_table, BY_ATTEMPT, BY_REVERSAL, Groups};
use crate::tables::{attempts, closes, reversals};

/// What a close made now would say. Whoever calls holds one moment of the journal.
pub(crate) async fn basis(db: &mut SqliteConnection, zone: TimeZone) -> Result<Basis, JournalFault> {
    let desk = event_table::desk(db).await.fault()?.unwrap_or_default();
    let tip = event_table::tip(db, &desk).await.fault()?;
    let tip = tip.ok_or_else(|| JournalFault::Unreadable("the journal has no events".to_owned()))?;
    let last = closes::last(db).await.fault()?;
    let covers = Covers {
        after: last.as_ref().map_or(0, |last| last.seq),
        since: last.as_ref().map(|last| Timestamp::from_millis(last.at_ms)),
        tip: tip.seq,
        tip_hash: chain::hex(&tip.hash),
    };
    let number = last.map_or(0, |last| last.number).saturating_add(1);
    let span = Span { after: covers.after, tip: covers.tip };
    let mut tally = Tally::new(zone);
    if span.after == 0 {
        count_all(db, span, &mut tally).await?;
    } else {
        count_touched(db, span, &mut tally).await?;
    }
    Ok(Basis {
        number: u32::try_from(number).unwrap_or(u32::MAX),
        covers,
        missing: reads::missing_span(db).await?,
        figures: tally.end(),
    })
}

/// The first close covers everything there is: read group by group, as a rebuild does.
async fn count_all(db: &mut SqliteConnection, span: Span, tally: &mut Tally) -> Result<(), JournalFault> {
    let mut groups = Groups::new(BY_ATTEMPT);
    while let Some(group) = groups.next(db).await.fault()? {
        // Of what a damaged journal lost the opening, nothing can be told.
        if fold::is_opened(&group.lines)?
            && let (before, Some(now)) = closing::attempt_in(&group.lines, span)?
        {
            tally.attempt(before.as_ref(), &now);
        }
    }
    let mut groups = Groups::new(BY_REVERSAL);
    while let Some(group) = groups.next(db).await.fault()? {
        count_reversal(db, &group.lines, span, tally).await?;
    }
    Ok(())
}

/// Later ones cover what was touched since, and list what is not settled however old.
async fn count_touched(db: &mut SqliteConnection, span: Span, tally: &mut Tally) -> Result<(), JournalFault> {
    let (mut attempt_ids, mut reversal_ids) = touched(db, span).await?;
    attempt_ids.extend(attempts::watched(db).await.fault()?);
    reversal_ids.extend(reversals::watched(db).await.fault()?);
    for id in attempt_ids {
        let lines = event_table::of_attempt(db, &id).await.fault()?;
        if fold::is_opened(&lines)?
            && let (before, Some(now)) = closing::attempt_in(&lines, span)?
        {
            tally.attempt(before.as_ref(), &now);
        }
    }
    for id in reversal_ids {
        let lines = event_table::of_reversal(db, &id).await.fault()?;
        count_reversal(db, &lines, span, tally).await?;
    }
    Ok(())
}

async fn count_reversal(
    db: &mut SqliteConnection,
    lines: &[vezne_events::Line],
    span: Span,
    tally: &mut Tally,
) -> Result<(), JournalFault> {
    if !fold::is_opened(lines)? {
        return Ok(());
    }
    if let (before, Some(now)) = closing::reversal_in(lines, span)? {
        let of = opened_attempt(db, &now.intent.attempt.to_string()).await?;
        tally.reversal(before.as_ref(), &now, of.as_ref());
    }
    Ok(())
}

/// The attempt whose money a reversal gives back; none where its opening is lost.
async fn opened_attempt(
    db: &mut SqliteConnection,
    id: &str,
) -> Result<Option<vezne_core::attempt::Attempt>, JournalFault> {
    let lines = event_table::of_attempt(db, id).await.fault()?;
    if fold::is_opened(&lines)? { fold::fold_attempt(&lines) } else { Ok(None) }
}

/// The attempts and reversals with events in a span.
async fn touched(db: &mut SqliteConnection, span: Span) -> Result<(BTreeSet<String>, BTreeSet<String>), JournalFault> {
    let desk = event_table::desk(db).await.fault()?.unwrap_or_default();
    let (mut attempt_ids, mut reversal_ids) = (BTreeSet::new(), BTreeSet::new());
    let mut after = span.after;
    loop {
        let page = event_table::about(db, &desk, (after, span.tip)).await.fault()?;
        let Some(last) = page.last() else { return Ok((attempt_ids, reversal_ids)) };
        after = last.seq;
        for line in page {
            match (line.kind.as_str(), line.attempt_id, line.reversal_id) {
                ("attempt", Some(id), _) => drop(attempt_ids.insert(id)),
                ("reversal", _, Some(id)) => drop(reversal_ids.insert(id)),
                (_, _, _) => {}
            }
        }
    }
}

/// The attempts that a close counts or lists: those whose outcome it records, those whose money went back in it, and those
/// that it lists as not settled.
pub(crate) async fn attempts_of(db: &mut SqliteConnection, closed: &Closed) -> Result<Vec<AttemptId>, JournalFault> {
    let span = Span { after: closed.close.covers.after, tip: closed.close.covers.tip };
    let mut found = if span.after == 0 { counted_in_all(db, span).await? } else { counted_since(db, span).await? };
    found.extend(closed.close.figures.open.iter().map(|(_, line)| match line.about {
        About::Attempt(attempt) | About::Reversal { attempt, .. } => attempt,
    }));
    Ok(found.into_iter().collect())
}

/// Those that the first close counts: read group by group, like the close itself.
async fn counted_in_all(db: &mut SqliteConnection, span: Span) -> Result<BTreeSet<AttemptId>, JournalFault> {
    let mut found = BTreeSet::new();
    let mut groups = Groups::new(BY_ATTEMPT);
    while let Some(group) = groups.next(db).await.fault()? {
        if fold::is_opened(&group.lines)? && closing::counts_attempt(&group.lines, span)? {
            found.insert(attempt_id(&group.about)?);
        }
    }
    let mut groups = Groups::new(BY_REVERSAL);
    while let Some(group) = groups.next(db).await.fault()? {
        if fold::is_opened(&group.lines)? {
            found.extend(closing::counts_reversal(&group.lines, span)?);
        }
    }
    Ok(found)
}

async fn counted_since(db: &mut SqliteConnection, span: Span) -> Result<BTreeSet<AttemptId>, JournalFault> {
    let (attempt_ids, reversal_ids) = touched(db, span).await?;
    let mut found = BTreeSet::new();
    for id in attempt_ids {
        let lines = event_table::of_attempt(db, &id).await.fault()?;
        if fold::is_opened(&lines)? && closing::counts_attempt(&lines, span)? {
            found.insert(attempt_id(&id)?);
        }
    }
    for id in reversal_ids {
        let lines = event_table::of_reversal(db, &id).await.fault()?;
        if fold::is_opened(&lines)? {
            found.extend(closing::counts_reversal(&lines, span)?);
        }
    }
    Ok(found)
}

fn attempt_id(text: &str) -> Result<AttemptId, JournalFault> {
    text.parse().map_err(|error| JournalFault::Unreadable(format!("{error}")))
}

/// A close with everything that is kept of it; the newest without a number.
pub(crate) async fn close(db: &mut SqliteConnection, number: Option<u32>) -> Result<Option<Closed>, JournalFault> {
    let row = match number {
        None => closes::last(db).await.fault()?,
        Some(number) => closes::get(db, i64::from(number)).await.fault()?,
    };
    let Some(row) = row else { return Ok(None) };
    let event = event_table::at(db, &row.desk_id, row.seq).await.fault()?;
    let event = event.ok_or_else(|| JournalFault::Unreadable(format!("the event of close {} is gone", row.number)))?;
    let Record::DayClosed(close) = fold::parse(&event.body, event.seq)? else {
        return Err(JournalFault::Unreadable(format!("event {} closes no day", event.seq)));
    };
    let anchor = Anchor::of(close.number, &event.hash);
    let comparisons = comparisons(db, event.seq).await?;
    Ok(Some(Closed { close: *close, seq: event.seq, anchor, comparisons }))
}

async fn comparisons(db: &mut SqliteConnection, close_seq: i64) -> Result<Vec<Comparison>, JournalFault> {
    let mut found = Vec::new();
    for event in event_table::comparisons(db, close_seq).await.fault()? {
        if let Record::CloseCompared(comparison) = fold::parse(&event.body, event.seq)?
            && comparison.close_seq == close_seq
        {
            found.push(*comparison);
        }
    }
    Ok(found)
}

/// A close as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseLine {
    /// Its number.
    pub number: u32,
    /// When it was made.
    pub at: Timestamp,
    /// The first local day in it, written `2026-11-21`.
    pub from_day: String,
    /// The local day on which it was made.
    pub day: String,
    /// The time zone of both.
    pub zone: String,
    /// Who made it, as the operator's id.
    pub operator: Option<String>,
    /// What a person keeps of it on paper.
    pub anchor: String,
}

impl CloseLine {
    pub(crate) fn of(row: CloseRow) -> Self {
        Self {
            number: u32::try_from(row.number).unwrap_or(u32::MAX),
            at: Timestamp::from_millis(row.at_ms),
            from_day: row.from_day,
            day: row.day,
            zone: row.zone,
            operator: row.operator_id,
            anchor: row.anchor,
        }
    }
}

/// How a printed anchor stands to the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnchorCheck {
    /// The journal still says what it said when the paper was printed.
    Holds,
    /// The close of that number is another one: this is its anchor.
    Another(Anchor),
    /// There is no close of that number.
    NoSuchClose,
}

/// Holds a printed anchor against the journal. What the close's own event says is not believed but hashed: that, the chain
/// walk of a verification does.
pub(crate) async fn check(db: &mut SqliteConnection, printed: &Anchor) -> Result<AnchorCheck, JournalFault> {
    Ok(match close(db, Some(printed.number())).await? {
        None => AnchorCheck::NoSuchClose,
        Some(closed) if closed.anchor == *printed => AnchorCheck::Holds,
        Some(closed) => AnchorCheck::Another(closed.anchor),
    })
}

/// Whether a close, or a comparison of one, that is about to be written fits the journal as it stands.
pub(crate) async fn refuse_misfits(db: &mut SqliteConnection, records: &[Record]) -> Result<(), JournalFault> {
    for (place, record) in records.iter().enumerate() {
        match record {
            Record::DayClosed(close) => {
                let desk = event_table::desk(db).await.fault()?.unwrap_or_default();
                let tip = event_table::tip(db, &desk).await.fault()?;
                let last = closes::last(db).await.fault()?;
                let before = last.map(|last| (u32::try_from(last.number).unwrap_or(u32::MAX), last.seq));
                let covers = &close.covers;
                let at_the_tip = tip
                    .is_some_and(|tip| place == 0 && tip.seq == covers.tip && chain::hex(&tip.hash) == covers.tip_hash);
                if !at_the_tip || close.misfit(covers.tip.saturating_add(1), before).is_some() {
                    return Err(JournalFault::CloseOutrun);
                }
            }
            Record::CloseCompared(comparison) => {
                let row = closes::get(db, i64::from(comparison.number)).await.fault()?;
                if row.is_none_or(|row| row.seq != comparison.close_seq) {
                    return Err(JournalFault::NotWritable("there is no such close to compare".to_owned()));
                }
            }
            Record::Attempt { .. }
            | Record::Reversal { .. }
            | Record::OperatorAdded(_)
            | Record::RightUsed { .. }
            | Record::EpochStarted { .. }
            | Record::SpanLost { .. }
            | Record::NoteAdded(_)
            | Record::PaperIssued(_)
            | Record::PaperWithdrawn(_) => {}
        }
    }
    Ok(())
}

/// Every close as its event has it, in the order of the events.
pub(crate) async fn made(db: &mut SqliteConnection) -> Result<Vec<Made>, JournalFault> {
    let mut found = Vec::new();
    for event in event_table::closes(db).await.fault()? {
        let Event { seq, hash, body, .. } = event;
        if let Record::DayClosed(close) = fold::parse(&body, seq)? {
            found.push(Made { close: *close, seq, hash });
        }
    }
    Ok(found)
}

/// What is wrong with the closes: numbers, spans, anchors, and unless something is lost also the figures.
pub(crate) async fn faults(
    db: &mut SqliteConnection,
    made: Vec<Made>,
    lost: &[vezne_events::Lost],
    pace: &mut Pace,
) -> Result<Vec<String>, JournalFault> {
    let desk = event_table::desk(db).await.fault()?.unwrap_or_default();
    let mut hashes = Vec::with_capacity(made.len());
    for one in &made {
        hashes.push(event_table::hash_at(db, &desk, one.close.covers.tip).await.fault()?);
    }
    let mut found = closing::misfits(&made, lost, &hashes);
    if made.is_empty() || !lost.is_empty() {
        return Ok(found);
    }
    let mut recount = Recount::new(made);
    let mut groups = Groups::new(BY_ATTEMPT);
    while let Some(group) = groups.next(db).await.fault()? {
        pace.rest().await;
        recount.attempt(&group.lines)?;
    }
    let mut groups = Groups::new(BY_REVERSAL);
    while let Some(group) = groups.next(db).await.fault()? {
        pace.rest().await;
        let Some(reversal) = fold::fold_reversal(&group.lines)? else { continue };
        let of = event_table::of_attempt(db, &reversal.intent.attempt.to_string()).await.fault()?;
        recount.reversal(&group.lines, &of)?;
    }
    found.extend(recount.differences());
    Ok(found)
}
