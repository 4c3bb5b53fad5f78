//! Attempts and reversals one after another, folded from their events, as of one moment: what an accountant's table is made
//! of. Only a page of each is in memory, whatever the journal holds.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;

use sqlx::{Connection, SqliteConnection};
use vezne_core::attempt::{Attempt, Means, Outcome};
use vezne_core::ids::{AccountId, OperatorId};
use vezne_core::money::Money;
use vezne_core::ports::JournalFault;
use vezne_core::reversal::{self, Reversal};
use vezne_core::search::PlanWanted;
use vezne_core::time::Timestamp;
use vezne_events::fold;
use vezne_events::rows::{AttemptRow, ReversalRow};

use crate::fault::IntoFault;
use crate::reads;
use crate::tables::{attempts, events, reversals};

/// The holders of a page, whose names' ids come as a JSON list.
const HOLDERS: &str = "\
    SELECT name_id, text FROM names WHERE name_id IN (SELECT value FROM json_each(?)) AND text IS NOT NULL";

/// All statements, for the test of their plans.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 1] = [HOLDERS];

/// Which ones are wanted. Everything that is `None` matches all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Opened at this moment or later.
    pub from: Timestamp,
    /// Opened before this moment.
    pub until: Timestamp,
    /// With this outcome; a reversal's is [`outcome_of_reversal`].
    pub outcome: Option<Outcome>,
    /// Of this merchant account.
    pub account: Option<AccountId>,
    /// Of this operator; of a reversal, who ordered it.
    pub operator: Option<OperatorId>,
    /// Paid in this way; of a reversal, what goes back of such a payment.
    pub plan: Option<PlanWanted>,
    /// Whether reversals are wanted beside attempts.
    pub reversals: bool,
}

impl Wanted {
    /// Everything.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            from: Timestamp::from_millis(i64::MIN),
            until: Timestamp::from_millis(i64::MAX),
            outcome: None,
            account: None,
            operator: None,
            plan: None,
            reversals: true,
        }
    }

    fn takes(&self, account: &str, operator: Option<&str>, outcome: Option<Outcome>) -> bool {
        self.account.as_ref().is_none_or(|wanted| wanted.as_str() == account)
            && self.operator.is_none_or(|wanted| operator.is_some_and(|operator| wanted.to_string() == operator))
            && self.outcome.is_none_or(|wanted| outcome == Some(wanted))
    }

    fn takes_plan(&self, plan: Option<PlanWanted>) -> bool {
        self.plan.is_none_or(|wanted| plan == Some(wanted))
    }
}

/// A reversal's outcome in the words of payments: done is approved, refused and "not done" are refused. `None` while it is
/// on its way.
#[must_use]
pub const fn outcome_of_reversal(state: &reversal::State) -> Option<Outcome> {
    match state {
        reversal::State::Done { .. } => Some(Outcome::Approved),
        reversal::State::Refused(_) | reversal::State::NotDone { .. } => Some(Outcome::Refused),
        reversal::State::NotSent { .. } => Some(Outcome::NotSent),
        reversal::State::Unknown { .. } => Some(Outcome::Unknown),
        reversal::State::Ready | reversal::State::Sending(_) | reversal::State::Reauthorising => None,
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// An attempt.
    Attempt {
        /// It.
        attempt: Box<Attempt>,
        /// The card holder's name, where it was not erased.
        holder: Option<String>,
        /// What of it surely went back; `None` for nothing.
        returned: Option<Money>,
    },
    /// A void or refund.
    Reversal {
        /// It.
        reversal: Box<Reversal>,
        /// The attempt whose money goes back; none where a repair found the return and not the attempt's opening.
        attempt: Option<Box<Attempt>>,
    },
}

/// Who takes them, and may have had enough at any time.
pub trait Taker: Send {
    /// The next one, the oldest first.
    fn take(&mut self, told: Told) -> ControlFlow<()>;

    /// How many have been looked at until now, whether they were wanted or not.
    fn looked(&mut self, at: u64) -> ControlFlow<()>;
}

/// How many there are in the span of time: as many as will be looked at.
pub(crate) async fn count(db: &mut SqliteConnection, wanted: &Wanted) -> Result<u64, JournalFault> {
    let span = (wanted.from.as_millis(), wanted.until.as_millis());
    let mut count = attempts::count_between(db, span).await.fault()?;
    if wanted.reversals {
        count = count.saturating_add(reversals::count_between(db, span).await.fault()?);
    }
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Tells each of them. Answers `Break` when it was stopped.
pub(crate) async fn each(
    db: &mut SqliteConnection,
    wanted: &Wanted,
    taker: &mut dyn Taker,
) -> Result<ControlFlow<()>, JournalFault> {
    // One moment for all of it: what is written meanwhile is in none of it.
    let mut transaction = db.begin().await.fault()?;
    let ended = walk(&mut transaction, wanted, taker).await;
    transaction.rollback().await.fault()?;
    ended
}

async fn walk(
    db: &mut SqliteConnection,
    wanted: &Wanted,
    taker: &mut dyn Taker,
) -> Result<ControlFlow<()>, JournalFault> {
    let mut paid = Attempts::from(wanted);
    let mut back = Reversals::from(wanted);
    let mut looked = 0_u64;
    loop {
        paid.fill(db, wanted).await?;
        back.fill(db, wanted).await?;
        let is_back = match (paid.page.front(), back.page.front()) {
            (None, None) => return Ok(taker.looked(looked)),
            (Some(_), None) => false,
            (None, Some(_)) => true,
            (Some(paid), Some(back)) => (back.opened_ms, back.place) < (paid.row.opened_ms, paid.row.place),
        };
        let told = if is_back { back.next(db, wanted).await? } else { paid.next()? };
        looked = looked.saturating_add(1);
        if let Some(told) = told
            && taker.take(told).is_break()
        {
            return Ok(ControlFlow::Break(()));
        }
        if looked.is_multiple_of(LOOKED_EVERY) && taker.looked(looked).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
}

/// After how many it is told how far it is.
const LOOKED_EVERY: u64 = 500;

/// An attempt of the page, with what was read for all of the page at once.
struct Paid {
    row: AttemptRow,
    lines: Vec<vezne_events::Line>,
    holder: Option<String>,
    returned: Option<Money>,
    wanted: bool,
}

struct Attempts {
    page: VecDeque<Paid>,
    after: (i64, i64),
    over: bool,
}

impl Attempts {
    const fn from(wanted: &Wanted) -> Self {
        Self { page: VecDeque::new(), after: before(wanted), over: false }
    }

    async fn fill(&mut self, db: &mut SqliteConnection, wanted: &Wanted) -> Result<(), JournalFault> {
        if self.over || !self.page.is_empty() {
            return Ok(());
        }
        let rows = attempts::page_between(db, self.after, wanted.until.as_millis()).await.fault()?;
        let Some(last) = rows.last() else {
            self.over = true;
            return Ok(());
        };
        self.after = (last.opened_ms, last.place);
        let of = |row: &AttemptRow| {
            let outcome = row.outcome.as_deref().and_then(vezne_events::rows::outcome_of);
            let plan = match row.installments.map(u8::try_from) {
                Some(Ok(count)) => Some(PlanWanted::Installments(count)),
                Some(Err(_)) => None,
                None => Some(PlanWanted::CreditLimit),
            };
            wanted.takes(&row.account_id, row.operator_id.as_deref(), outcome) && wanted.takes_plan(plan)
        };
        let ids: Vec<&str> = rows.iter().filter(|row| of(row)).map(|row| row.attempt_id.as_str()).collect();
        let ids = serde_json::to_string(&ids).unwrap_or_default();
        let mut lines = BTreeMap::<String, Vec<vezne_events::Line>>::new();
        for (attempt, line) in events::of_attempts(db, &ids).await.fault()? {
            lines.entry(attempt).or_default().push(line);
        }
        let mut returned = reads::returned_of(db, &ids).await?;
        let holders: Vec<&str> = rows.iter().filter(|row| of(row)).filter_map(|row| row.holder.as_deref()).collect();
        let holders = serde_json::to_string(&holders).unwrap_or_default();
        let holders: BTreeMap<String, String> = sqlx::query_as::<_, (String, String)>(HOLDERS)
            .bind(&holders)
            .fetch_all(&mut *db)
            .await
            .fault()?
            .into_iter()
            .collect();
        for row in rows {
            let wanted = of(&row);
            let mut lines = lines.remove(&row.attempt_id).unwrap_or_default();
            lines.sort_by_key(|line| line.seq);
            let holder = row.holder.as_ref().and_then(|name| holders.get(name).cloned());
            let returned = returned.remove(&row.attempt_id);
            self.page.push_back(Paid { row, lines, holder, returned, wanted });
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Told>, JournalFault> {
        let Some(Paid { row, lines, holder, returned, wanted }) = self.page.pop_front() else { return Ok(None) };
        if !wanted {
            return Ok(None);
        }
        let attempt = fold::fold_attempt(&lines)?.ok_or_else(|| missing(&row.attempt_id))?;
        Ok(Some(Told::Attempt { attempt: Box::new(attempt), holder, returned }))
    }
}

struct Reversals {
    page: VecDeque<ReversalRow>,
    after: (i64, i64),
    over: bool,
}

impl Reversals {
    const fn from(wanted: &Wanted) -> Self {
        Self { page: VecDeque::new(), after: before(wanted), over: !wanted.reversals }
    }

    async fn fill(&mut self, db: &mut SqliteConnection, wanted: &Wanted) -> Result<(), JournalFault> {
        if self.over || !self.page.is_empty() {
            return Ok(());
        }
        let rows = reversals::page_between(db, self.after, wanted.until.as_millis()).await.fault()?;
        match rows.last() {
            None => self.over = true,
            Some(last) => self.after = (last.opened_ms, last.place),
        }
        self.page.extend(rows);
        Ok(())
    }

    /// Few attempts are ever reversed: each is read by itself.
    async fn next(&mut self, db: &mut SqliteConnection, wanted: &Wanted) -> Result<Option<Told>, JournalFault> {
        let Some(row) = self.page.pop_front() else { return Ok(None) };
        let reversal = reads::reversal(db, &row.reversal_id).await?.ok_or_else(|| missing(&row.reversal_id))?;
        if !wanted.takes(&row.account_id, Some(&row.operator_id), outcome_of_reversal(&reversal.state)) {
            return Ok(None);
        }
        let lines = events::of_attempt(db, &row.attempt_id).await.fault()?;
        let attempt = if fold::is_opened(&lines)? { fold::fold_attempt(&lines)? } else { None };
        if !wanted.takes_plan(attempt.as_ref().map(plan_of)) {
            return Ok(None);
        }
        Ok(Some(Told::Reversal { reversal: Box::new(reversal), attempt: attempt.map(Box::new) }))
    }
}

const fn plan_of(attempt: &Attempt) -> PlanWanted {
    match &attempt.intent.means {
        Means::Card(card) => PlanWanted::Installments(card.plan.option.installments),
        Means::CreditLimit => PlanWanted::CreditLimit,
    }
}

/// The place in the index before the first one that is wanted.
const fn before(wanted: &Wanted) -> (i64, i64) {
    (wanted.from.as_millis().saturating_sub(1), i64::MAX)
}

fn missing(id: &str) -> JournalFault {
    JournalFault::Unreadable(format!("the events of {id} are not there"))
}
