//! Looking up, on connections beside the one that writes.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;
use vezne_core::attempt::Attempt;
use vezne_core::card::Bin;
use vezne_core::guard::{Earlier, GuardKey, Neighbours};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId};
use vezne_core::money::{Currency, Money};
use vezne_core::ports::{CardTrace, JournalFault, MissingSpan, PaymentHistory, Unfinished};
use vezne_core::record::{EpochReason, Operator, Record};
use vezne_core::reversal::Reversal;
use vezne_core::time::{Millis, Timestamp};
use vezne_events::fold;
use vezne_events::rows::OperatorRow;

use crate::fault::IntoFault;
use crate::tables::{attempts, closes, events as event_table, operators, payments, reversals};

/// A desk epoch as the journal tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// Its number, from 1.
    pub number: u32,
    /// Why it began.
    pub why: EpochReason,
    /// The number of its first event.
    pub seq: i64,
    /// When it began.
    pub at: Timestamp,
    /// When the event before it was written. After a restored backup, what was written between this moment and `at` is
    /// missing.
    pub before: Option<Timestamp>,
}

pub(crate) async fn attempt(db: &mut SqliteConnection, id: &str) -> Result<Option<Attempt>, JournalFault> {
    fold::fold_attempt(&event_table::of_attempt(db, id).await.fault()?)
}

pub(crate) async fn reversal(db: &mut SqliteConnection, id: &str) -> Result<Option<Reversal>, JournalFault> {
    fold::fold_reversal(&event_table::of_reversal(db, id).await.fault()?)
}

async fn attempts_of(db: &mut SqliteConnection, ids: Vec<String>) -> Result<Vec<Attempt>, JournalFault> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(attempt(db, &id).await?);
    }
    Ok(found)
}

async fn reversals_of(db: &mut SqliteConnection, ids: Vec<String>) -> Result<Vec<Reversal>, JournalFault> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(reversal(db, &id).await?);
    }
    Ok(found)
}

pub(crate) async fn payment(
    db: &mut SqliteConnection,
    payment: PaymentId,
) -> Result<Option<PaymentHistory>, JournalFault> {
    let id = payment.to_string();
    if !payments::exists(db, &id).await.fault()? {
        return Ok(None);
    }
    let ids = attempts::of_payment(db, &id).await.fault()?;
    let attempts = attempts_of(db, ids).await?;
    let ids = reversals::of_payment(db, &id).await.fault()?;
    let reversals = reversals_of(db, ids).await?;
    let lines = event_table::of_payment(db, &id).await.fault()?;
    let lines = lines.iter().map(fold::told).collect::<Result<_, _>>()?;
    Ok(Some(PaymentHistory { payment, attempts, reversals, lines }))
}

pub(crate) async fn find_reference(
    db: &mut SqliteConnection,
    reference: &AttemptReference,
) -> Result<Option<AttemptId>, JournalFault> {
    let found = attempts::by_reference(db, reference.as_str()).await.fault()?;
    found.map(|id| id.parse().map_err(|error| JournalFault::Unreadable(format!("{error}")))).transpose()
}

pub(crate) async fn unfinished(
    db: &mut SqliteConnection,
    now: Timestamp,
    followed: Millis,
) -> Result<Unfinished, JournalFault> {
    let followed = i64::try_from(followed.as_millis()).unwrap_or(i64::MAX);
    let now_ms = now.as_millis();
    let ids = attempts::unfinished(db, now_ms.saturating_sub(followed), now_ms).await.fault()?;
    let attempts = attempts_of(db, ids).await?;
    let ids = reversals::watched(db).await.fault()?;
    let mut reversals = reversals_of(db, ids).await?;
    let settled = reversals::followed(db, now_ms.saturating_sub(followed)).await.fault()?;
    let known = |one: &Reversal| reversals.iter().any(|other| other.intent.reversal == one.intent.reversal);
    let by_word = reversals_of(db, settled).await?.into_iter().filter(|one| one.state.rests_on_a_word() && !known(one));
    let by_word: Vec<Reversal> = by_word.collect();
    reversals.extend(by_word);
    Ok(Unfinished { attempts, reversals })
}

pub(crate) async fn attention(db: &mut SqliteConnection, now: Timestamp) -> Result<Unfinished, JournalFault> {
    let ids = attempts::attention(db, now.as_millis()).await.fault()?;
    let attempts = attempts_of(db, ids).await?;
    let ids = reversals::attention(db).await.fault()?;
    Ok(Unfinished { attempts, reversals: reversals_of(db, ids).await? })
}

pub(crate) async fn attempts_on(db: &mut SqliteConnection, key: &GuardKey) -> Result<Vec<Attempt>, JournalFault> {
    let ids = attempts::on_key(db, key.as_str()).await.fault()?;
    attempts_of(db, ids).await
}

pub(crate) async fn neighbours(
    db: &mut SqliteConnection,
    desk: &str,
    key: &GuardKey,
    card: Option<&CardTrace>,
) -> Result<Neighbours, JournalFault> {
    let ids = attempts::on_key(db, key.as_str()).await.fault()?;
    let same_key = earlier(db, ids).await?;
    let same_card = match card {
        None => Vec::new(),
        Some(card) => {
            let first_six: Bin = card.bin.first_six();
            let digits = (first_six.as_str(), card.last_four.as_str());
            let base = (card.base.minor(), card.base.currency().code());
            let ids = attempts::same_card(db, digits, base).await.fault()?;
            earlier(db, ids).await?
        }
    };
    let open = attempts::open(db, desk).await.fault()?;
    Ok(Neighbours { same_key, same_card, open: usize::try_from(open).unwrap_or(usize::MAX) })
}

async fn earlier(db: &mut SqliteConnection, ids: Vec<String>) -> Result<Vec<Earlier>, JournalFault> {
    let mut returned = returned_of(db, &serde_json::json!(ids).to_string()).await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(attempt) = attempt(db, &id).await? else { continue };
        let returned = returned.remove(&id);
        let used = attempts::override_used(db, &id).await.fault()?;
        found.push(Earlier::of(&attempt, returned, used));
    }
    Ok(found)
}

/// What surely went back of each of these attempts, whose ids come as a JSON list.
pub(crate) async fn returned_of(db: &mut SqliteConnection, ids: &str) -> Result<BTreeMap<String, Money>, JournalFault> {
    let mut sums = BTreeMap::<String, Money>::new();
    for (attempt, minor, code) in reversals::done_of_attempts(db, ids).await.fault()? {
        let unreadable = || JournalFault::Unreadable(format!("what was returned of {attempt} can't be added up"));
        let amount = Money::from_minor(minor, Currency::from_code(&code).ok_or_else(unreadable)?);
        let sum = match sums.get(&attempt) {
            None => amount,
            Some(sum) => sum.checked_add(amount).ok_or_else(unreadable)?,
        };
        sums.insert(attempt, sum);
    }
    Ok(sums)
}

pub(crate) async fn operators(db: &mut SqliteConnection) -> Result<Vec<Operator>, JournalFault> {
    operators::all(db).await.fault()?.iter().map(OperatorRow::operator).collect()
}

pub(crate) async fn override_used(db: &mut SqliteConnection, attempt: AttemptId) -> Result<bool, JournalFault> {
    attempts::override_used(db, &attempt.to_string()).await.fault()
}

/// The newest span that a restored backup left out, or that a repair could not give back: from the last event before what is
/// missing until the epoch that says so. None once a day close has come after it.
pub(crate) async fn missing_span(db: &mut SqliteConnection) -> Result<Option<MissingSpan>, JournalFault> {
    let Some(restored) = epochs(db).await?.into_iter().rfind(|epoch| epoch.why == EpochReason::Restored) else {
        return Ok(None);
    };
    if closes::any_after(db, restored.seq).await.fault()? {
        return Ok(None);
    }
    let mut from = restored.before.unwrap_or(Timestamp::from_millis(0));
    for event in event_table::lost(db).await.fault()? {
        if event.epoch != i64::from(restored.number) {
            continue;
        }
        let Record::SpanLost { first, .. } = fold::parse(&event.body, event.seq)? else { continue };
        let before = event_table::at_before(db, &event.desk_id, first).await.fault()?.unwrap_or(0);
        from = from.min(Timestamp::from_millis(before));
    }
    // A clock that was set back may have begun the epoch before what came before it.
    let until = restored.before.map_or(restored.at, |before| before.max(restored.at));
    Ok(Some(MissingSpan { from, until }))
}

pub(crate) async fn epochs(db: &mut SqliteConnection) -> Result<Vec<Epoch>, JournalFault> {
    let mut found = Vec::new();
    for event in event_table::epochs(db).await.fault()? {
        let Record::EpochStarted { epoch, why } = fold::parse(&event.body, event.seq)? else { continue };
        let before = event_table::at_before(db, &event.desk_id, event.seq).await.fault()?;
        found.push(Epoch {
            number: epoch,
            why,
            seq: event.seq,
            at: Timestamp::from_millis(event.at_ms),
            before: before.map(Timestamp::from_millis),
        });
    }
    Ok(found)
}
