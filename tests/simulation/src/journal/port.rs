//! The port's questions, answered from the rows that SQL answers them from.

use vezne_core::attempt::{Attempt, Outcome};
use vezne_core::close::{Basis, Closed};
use vezne_core::guard::{Earlier, GuardKey, Neighbours};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::ports::{Answer, CardTrace, Journal, JournalFault, MissingSpan, PaymentHistory, Unfinished};
use vezne_core::record::{Batch, EpochReason, Operator, Record};
use vezne_core::reversal::Reversal;
use vezne_core::time::{Millis, Timestamp};
use vezne_events::rows::{AttemptRow, ReversalRow};

use super::closes;
use super::memory::{Memory, PlacedAttempt};
use super::sim::{SimJournal, Told, answered};

/// How many approved attempts of one card are looked at.
const SAME_CARD_MOST: usize = 50;

impl Journal for SimJournal {
    fn append(&self, batch: Batch, at: Timestamp) -> Answer<'_, Result<(), JournalFault>> {
        Box::pin(async move { answered(self.append_now(batch, at)).await })
    }

    fn may_take_money(&self) -> Result<(), JournalFault> {
        if self.disk().fill_reserve() { Ok(()) } else { Err(JournalFault::DiskFull) }
    }

    fn reopen(&self) -> Answer<'_, Result<(), JournalFault>> {
        Box::pin(async move { answered(self.reopen_now()).await })
    }

    fn attempt(&self, attempt: AttemptId) -> Answer<'_, Result<Option<Attempt>, JournalFault>> {
        Box::pin(async move { answered(self.attempt_now(attempt)).await })
    }

    fn reversal(&self, reversal: ReversalId) -> Answer<'_, Result<Option<Reversal>, JournalFault>> {
        Box::pin(async move { answered(self.reversal_now(reversal)).await })
    }

    fn payment(&self, payment: PaymentId) -> Answer<'_, Result<Option<PaymentHistory>, JournalFault>> {
        Box::pin(async move { answered(self.payment_now(payment)).await })
    }

    fn find_reference(&self, reference: AttemptReference) -> Answer<'_, Result<Option<AttemptId>, JournalFault>> {
        Box::pin(async move { answered(self.find_reference_now(&reference)).await })
    }

    fn unfinished(&self, now: Timestamp, followed: Millis) -> Answer<'_, Result<Unfinished, JournalFault>> {
        Box::pin(async move { answered(self.unfinished_now(now, followed)).await })
    }

    fn neighbours<'a>(
        &'a self,
        key: &'a GuardKey,
        card: Option<CardTrace>,
    ) -> Answer<'a, Result<Neighbours, JournalFault>> {
        Box::pin(async move { answered(self.neighbours_now(key, card.as_ref())).await })
    }

    fn attempts_on<'a>(&'a self, key: &'a GuardKey) -> Answer<'a, Result<Vec<Attempt>, JournalFault>> {
        Box::pin(async move { answered(self.attempts_on_now(key)).await })
    }

    fn operators(&self) -> Answer<'_, Result<Vec<Operator>, JournalFault>> {
        Box::pin(async move { answered(self.operators_now()).await })
    }

    fn missing_span(&self) -> Answer<'_, Result<Option<MissingSpan>, JournalFault>> {
        Box::pin(async move { answered(self.missing_span_now()).await })
    }

    fn close_basis(&self, zone: jiff::tz::TimeZone) -> Answer<'_, Result<Basis, JournalFault>> {
        Box::pin(async move { answered(self.close_basis_now(zone)).await })
    }

    fn day_close(&self, number: Option<u32>) -> Answer<'_, Result<Option<Closed>, JournalFault>> {
        Box::pin(async move { answered(self.day_close_now(number)).await })
    }

    fn attempts_of_close(&self, closed: &Closed) -> Answer<'_, Result<Vec<AttemptId>, JournalFault>> {
        let closed = closed.clone();
        Box::pin(async move { answered(self.attempts_of_close_now(&closed)).await })
    }

    fn override_used(&self, attempt: AttemptId) -> Answer<'_, Result<bool, JournalFault>> {
        Box::pin(async move { answered(self.override_used_now(attempt)).await })
    }
}

/// An answer of the journal, at once.
type Now<T> = Told<Result<T, JournalFault>>;

impl SimJournal {
    pub(super) fn attempt_now(&self, attempt: AttemptId) -> Now<Option<Attempt>> {
        self.ask(|memory| Ok(memory.attempt(attempt).map(|one| (*one.value).clone())))
    }

    pub(super) fn reversal_now(&self, reversal: ReversalId) -> Now<Option<Reversal>> {
        self.ask(|memory| Ok(memory.reversal(reversal).map(|one| (*one.value).clone())))
    }

    pub(super) fn payment_now(&self, payment: PaymentId) -> Now<Option<PaymentHistory>> {
        self.ask(|memory| Ok(history(memory, payment)))
    }

    pub(super) fn find_reference_now(&self, reference: &AttemptReference) -> Now<Option<AttemptId>> {
        let is_it = |one: &&PlacedAttempt| one.value.intent.reference == *reference;
        self.ask(|memory| Ok(memory.attempts.values().find(is_it).map(|one| one.value.intent.attempt)))
    }

    pub(super) fn unfinished_now(&self, now: Timestamp, followed: Millis) -> Now<Unfinished> {
        self.ask(|memory| Ok(unfinished(memory, now, followed)))
    }

    pub(super) fn neighbours_now(&self, key: &GuardKey, card: Option<&CardTrace>) -> Now<Neighbours> {
        self.ask(|memory| neighbours(memory, key, card))
    }

    pub(super) fn attempts_on_now(&self, key: &GuardKey) -> Now<Vec<Attempt>> {
        self.ask(|memory| Ok(memory.on_key(key).map(|one| (*one.value).clone()).collect()))
    }

    pub(super) fn operators_now(&self) -> Now<Vec<Operator>> {
        self.ask(Memory::operators)
    }

    pub(super) fn missing_span_now(&self) -> Now<Option<MissingSpan>> {
        self.ask(|memory| Ok(missing_span(memory)))
    }

    pub(super) fn close_basis_now(&self, zone: jiff::tz::TimeZone) -> Now<Basis> {
        self.ask(|memory| closes::basis(memory, zone))
    }

    pub(super) fn day_close_now(&self, number: Option<u32>) -> Now<Option<Closed>> {
        self.ask(|memory| closes::close(memory, number))
    }

    pub(super) fn attempts_of_close_now(&self, closed: &Closed) -> Now<Vec<AttemptId>> {
        self.ask(|memory| closes::attempts_of(memory, closed))
    }

    pub(super) fn override_used_now(&self, attempt: AttemptId) -> Now<bool> {
        self.ask(|memory| Ok(memory.override_used(attempt)))
    }
}

fn history(memory: &Memory, payment: PaymentId) -> Option<PaymentHistory> {
    let attempts: Vec<Attempt> =
        memory.attempts.values().map(|one| &*one.value).filter(|one| one.intent.payment == payment).cloned().collect();
    let reversals =
        memory.reversals.values().map(|one| &*one.value).filter(|one| one.intent.payment == payment).cloned().collect();
    let lines = memory.records.iter().filter(|(_, record)| record.payment() == Some(payment)).cloned().collect();
    (!attempts.is_empty()).then_some(PaymentHistory { payment, attempts, reversals, lines })
}

fn unfinished(memory: &Memory, now: Timestamp, followed: Millis) -> Unfinished {
    let since = now.as_millis().saturating_sub(i64::try_from(followed.as_millis()).unwrap_or(i64::MAX));
    let wanted = |row: &AttemptRow| {
        row.watched
            || (row.is_final && row.since_ms > since)
            || row.attention_ms.is_some_and(|from| from <= now.as_millis())
    };
    let attempts = memory.attempts.values().filter(|one| wanted(one.row(&memory.desk)));
    let watched = memory.reversals.values().filter(|one| one.row(&memory.desk).watched);
    // Those that a person settled come after them, in the order in which they were.
    let is_followed = |row: &ReversalRow| !row.watched && row.is_final && row.since_ms > since;
    let followed = memory.reversals.values().filter(|one| is_followed(one.row(&memory.desk)));
    let mut by_word: Vec<_> = followed.filter(|one| one.value.state.rests_on_a_word()).collect();
    by_word.sort_by_key(|one| one.row(&memory.desk).since_ms);
    Unfinished {
        attempts: attempts.map(|one| (*one.value).clone()).collect(),
        reversals: watched.chain(by_word).map(|one| (*one.value).clone()).collect(),
    }
}

fn neighbours(memory: &Memory, key: &GuardKey, card: Option<&CardTrace>) -> Result<Neighbours, JournalFault> {
    let same_key = memory.on_key(key).map(|one| earlier(memory, one)).collect::<Result<_, _>>()?;
    let same_card = match card {
        None => Vec::new(),
        Some(card) => same_card(memory, card).map(|one| earlier(memory, one)).collect::<Result<_, _>>()?,
    };
    let open = memory.attempts.values().filter(|one| one.value.state.outcome().is_none()).count();
    Ok(Neighbours { same_key, same_card, open })
}

/// Unknown ones of any age, and then the newest approved ones.
fn same_card<'a>(memory: &'a Memory, card: &CardTrace) -> impl Iterator<Item = &'a PlacedAttempt> {
    let first_six = card.bin.first_six();
    let matches = |one: &&PlacedAttempt, outcome: Outcome| {
        let row = one.row(&memory.desk);
        row.outcome.as_deref() == Some(outcome.word())
            && row.last_four.as_deref() == Some(card.last_four.as_str())
            && row.first_six.as_deref() == Some(first_six.as_str())
            && row.base_minor == Some(card.base.minor())
            && row.base_currency.as_deref() == Some(card.base.currency().code())
    };
    let unknown: Vec<_> = memory.attempts.values().filter(|one| matches(one, Outcome::Unknown)).collect();
    let newest = memory.attempts.values().rev().filter(|one| matches(one, Outcome::Approved)).take(SAME_CARD_MOST);
    let approved: Vec<_> = newest.collect();
    unknown.into_iter().chain(approved.into_iter().rev())
}

fn earlier(memory: &Memory, one: &PlacedAttempt) -> Result<Earlier, JournalFault> {
    let id = one.value.intent.attempt;
    Ok(Earlier::of(&one.value, returned(memory, id)?, memory.override_used(id)))
}

/// What surely went back of an attempt; `None` when nothing did.
fn returned(memory: &Memory, attempt: AttemptId) -> Result<Option<Money>, JournalFault> {
    let unreadable = || JournalFault::Unreadable(format!("what was returned of {attempt} can't be added up"));
    let mut sum: Option<Money> = None;
    for one in memory.reversals.values().filter(|one| one.value.intent.attempt == attempt) {
        let row = one.row(&memory.desk);
        if row.state != "done" {
            continue;
        }
        let currency = Currency::from_code(&row.currency).ok_or_else(unreadable)?;
        let amount = Money::from_minor(row.amount_minor, currency);
        sum = Some(match sum {
            None => amount,
            Some(sum) => sum.checked_add(amount).ok_or_else(unreadable)?,
        });
    }
    Ok(sum)
}

/// A simulated journal is never repaired, so that no span of it is declared lost.
pub(super) fn missing_span(memory: &Memory) -> Option<MissingSpan> {
    let restored = |record: &Record| matches!(record, Record::EpochStarted { why: EpochReason::Restored, .. });
    let at = memory.records.iter().rposition(|(_, record)| restored(record))?;
    let closed = |(_, record): &(Timestamp, Record)| matches!(record, Record::DayClosed(_));
    if memory.records.iter().skip(at).any(closed) {
        return None;
    }
    let began = memory.records.get(at)?.0;
    let before = at.checked_sub(1).and_then(|before| memory.records.get(before)).map(|(at, _)| *at);
    let until = before.map_or(began, |before| before.max(began));
    Some(MissingSpan { from: before.unwrap_or(Timestamp::from_millis(0)), until })
}
