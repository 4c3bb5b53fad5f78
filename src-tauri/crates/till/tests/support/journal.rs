//! A journal in memory, that fails on demand.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use vezne_core::attempt::{self, Attempt, Outcome};
use vezne_core::close::{About, Anchor, Basis, Closed, Covers, Recorded, Tally};
use vezne_core::guard::{Earlier, GuardKey, Neighbours};
use vezne_core::ids::{AttemptId, AttemptReference, NameId, PaymentId, ReversalId};
use vezne_core::money::Money;
use vezne_core::ports::{Answer, CardTrace, Journal, JournalFault, MissingSpan, PaymentHistory, Unfinished};
use vezne_core::record::{Batch, Operator, PersonName, Record};
use vezne_core::reversal::{self, Reversal};
use vezne_core::time::{Millis, Timestamp};

use super::log::Log;
use super::words::word;

/// How an append goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing got in.
    Lost,
    /// It says that it failed, and everything got in.
    DidGetIn,
}

#[derive(Default)]
struct Inner {
    lines: Vec<(Timestamp, Record)>,
    names: HashMap<NameId, PersonName>,
    /// The next append whose words begin with this goes wrong.
    next: VecDeque<(&'static str, Fault)>,
    /// Every append goes wrong.
    broken: bool,
    reopen_fails: bool,
    may_not_take_money: bool,
    /// The guard's next look sees nothing: somebody else writes between the look and our write.
    blind: usize,
    missing_span: Option<MissingSpan>,
    /// What others write while a close is drawn up.
    meanwhile: VecDeque<Batch>,
    /// Day closes can't be read.
    closes_unreadable: bool,
    /// Payments with their reversals can't be read.
    payments_unreadable: bool,
    /// The attempts on one order or reference can't be read.
    siblings_unreadable: bool,
}

pub(crate) struct MemoryJournal {
    log: Log,
    inner: Mutex<Inner>,
}

fn disk_full() -> JournalFault {
    JournalFault::NotWritable("the test pulled the disk".to_owned())
}

impl MemoryJournal {
    pub(crate) fn new(log: Log) -> Self {
        Self { log, inner: Mutex::new(Inner::default()) }
    }

    fn with<T>(&self, look: impl FnOnce(&mut Inner) -> T) -> T {
        look(&mut self.inner.lock().unwrap())
    }

    /// The next append whose first word is this one goes wrong.
    pub(crate) fn fail_next(&self, word: &'static str, fault: Fault) {
        self.with(|inner| inner.next.push_back((word, fault)));
    }

    pub(crate) fn fail_all(&self) {
        self.with(|inner| inner.broken = true);
    }

    pub(crate) fn fail_reopen(&self) {
        self.with(|inner| inner.reopen_fails = true);
    }

    pub(crate) fn is_well_again(&self) {
        self.with(|inner| {
            inner.broken = false;
            inner.reopen_fails = false;
            inner.may_not_take_money = false;
        });
    }

    pub(crate) fn refuse_new_money(&self) {
        self.with(|inner| inner.may_not_take_money = true);
    }

    pub(crate) fn fail_payments(&self, unreadable: bool) {
        self.with(|inner| inner.payments_unreadable = unreadable);
    }

    pub(crate) fn fail_closes(&self, unreadable: bool) {
        self.with(|inner| inner.closes_unreadable = unreadable);
    }

    pub(crate) fn fail_siblings(&self, unreadable: bool) {
        self.with(|inner| inner.siblings_unreadable = unreadable);
    }

    pub(crate) fn guard_sees_nothing(&self, times: usize) {
        self.with(|inner| inner.blind = times);
    }

    pub(crate) fn lines(&self) -> Vec<(Timestamp, Record)> {
        self.with(|inner| inner.lines.clone())
    }

    /// The journal comes from a backup, and this is not in it.
    pub(crate) fn miss(&self, span: MissingSpan) {
        self.with(|inner| inner.missing_span = Some(span));
    }

    /// A close as it was written.
    pub(crate) fn close(&self, number: u32) -> Option<Closed> {
        self.with(|inner| inner.day_close(Some(number)))
    }

    /// Somebody else writes this while a close is drawn up.
    pub(crate) fn writes_meanwhile(&self, batch: Batch) {
        self.with(|inner| inner.meanwhile.push_back(batch));
    }

    /// Makes every PIN set so far one that can't be checked any more.
    pub(crate) fn lose_pins(&self, lost: &str) {
        self.with(|inner| {
            for (_, record) in &mut inner.lines {
                if let Record::OperatorAdded(operator) = record {
                    lost.clone_into(&mut operator.pin_hash);
                }
            }
        });
    }

    pub(crate) fn names(&self) -> usize {
        self.with(|inner| inner.names.len())
    }

    /// Everything that was written, as text.
    pub(crate) fn everything(&self) -> String {
        let lines = self.lines();
        lines.iter().map(|(_, record)| serde_json::to_string(record).unwrap()).collect()
    }

    /// The words of an attempt's entries, in order.
    pub(crate) fn words(&self, attempt: AttemptId) -> Vec<&'static str> {
        let of = |record: &Record| matches!(record, Record::Attempt { attempt: id, .. } if *id == attempt);
        self.lines().iter().filter(|(_, record)| of(record)).map(|(_, record)| word(record)).collect()
    }

    pub(crate) fn reversal_words(&self, reversal: ReversalId) -> Vec<&'static str> {
        let of = |record: &Record| matches!(record, Record::Reversal { reversal: id, .. } if *id == reversal);
        self.lines().iter().filter(|(_, record)| of(record)).map(|(_, record)| word(record)).collect()
    }

    /// An attempt as its entries tell of it.
    pub(crate) fn folded(&self, attempt: AttemptId) -> Attempt {
        self.with(|inner| inner.attempt(attempt)).expect("the journal must know it")
    }

    pub(crate) fn folded_reversal(&self, reversal: ReversalId) -> Reversal {
        self.with(|inner| inner.reversal(reversal)).expect("the journal must know it")
    }

    fn take(&self, batch: &Batch, at: Timestamp) -> Result<(), JournalFault> {
        let words = batch.records.iter().map(word).collect::<Vec<_>>().join(", ");
        let (result, line) = self.with(|inner| {
            let fault = if inner.broken { Some(Fault::Lost) } else { inner.fault_for(&words) };
            match fault {
                Some(Fault::Lost) => (Err(disk_full()), format!("disk failed: {words}")),
                Some(Fault::DidGetIn) => {
                    let line = format!("disk failed but has: {words}");
                    (inner.put(batch, at).and(Err(disk_full())), line)
                }
                None => match inner.put(batch, at) {
                    Ok(()) => (Ok(()), format!("disk: {words}")),
                    Err(fault) => (Err(fault), format!("disk refused: {words}")),
                },
            }
        });
        self.log.note(line);
        result
    }
}

impl Inner {
    fn fault_for(&mut self, words: &str) -> Option<Fault> {
        let place = self.next.iter().position(|(word, _)| words.starts_with(word))?;
        self.next.remove(place).map(|(_, fault)| fault)
    }

    fn put(&mut self, batch: &Batch, at: Timestamp) -> Result<(), JournalFault> {
        for record in &batch.records {
            if let Record::DayClosed(close) = record {
                if close.covers.tip != i64::try_from(self.lines.len()).unwrap() {
                    return Err(JournalFault::CloseOutrun);
                }
                self.missing_span = None;
            }
            if let Record::Attempt { entry: attempt::Entry::Opened(intent), .. } = record {
                let key = intent.guard_key();
                if self.attempts().iter().any(|other| other.intent.guard_key() == key && other.state.blocks()) {
                    return Err(JournalFault::KeyTaken);
                }
                if intent.overrides.is_some_and(|named| self.override_used(named)) {
                    return Err(JournalFault::OverrideUsed);
                }
            }
            if let Record::Reversal { payment, entry: reversal::Entry::Opened(_), .. } = record
                && self.reversals().iter().any(|one| one.intent.payment == *payment && !one.state.is_final())
            {
                return Err(JournalFault::ReversalOpen);
            }
        }
        self.lines.extend(batch.records.iter().map(|record| (at, record.clone())));
        self.names.extend(batch.names.iter().cloned());
        Ok(())
    }

    fn attempt(&self, wanted: AttemptId) -> Option<Attempt> {
        let entries = self.lines.iter().filter_map(|(at, record)| {
            let Record::Attempt { attempt, entry, .. } = record else { return None };
            (*attempt == wanted).then(|| (*at, entry.clone()))
        });
        Attempt::fold(entries).ok()
    }

    fn reversal(&self, wanted: ReversalId) -> Option<Reversal> {
        let entries = self.lines.iter().filter_map(|(at, record)| {
            let Record::Reversal { reversal, entry, .. } = record else { return None };
            (*reversal == wanted).then(|| (*at, entry.clone()))
        });
        Reversal::fold(entries).ok()
    }

    fn attempts(&self) -> Vec<Attempt> {
        let opened = self.lines.iter().filter_map(|(_, record)| {
            let Record::Attempt { attempt, entry: attempt::Entry::Opened(_), .. } = record else { return None };
            Some(*attempt)
        });
        opened.filter_map(|id| self.attempt(id)).collect()
    }

    fn reversals(&self) -> Vec<Reversal> {
        let opened = self.lines.iter().filter_map(|(_, record)| {
            let Record::Reversal { reversal, entry: reversal::Entry::Opened(_), .. } = record else { return None };
            Some(*reversal)
        });
        opened.filter_map(|id| self.reversal(id)).collect()
    }

    fn override_used(&self, named: AttemptId) -> bool {
        let came_to_nothing = |one: &Attempt| matches!(one.state.outcome(), Some(Outcome::Refused | Outcome::NotSent));
        self.attempts().iter().any(|one| one.intent.overrides == Some(named) && !came_to_nothing(one))
    }

    fn earlier(&self, attempt: &Attempt) -> Earlier {
        let returned = self
            .reversals()
            .iter()
            .filter(|one| one.intent.attempt == attempt.intent.attempt && one.state.word() == "done")
            .map(|one| one.intent.amount)
            .reduce(|sum: Money, one| sum.checked_add(one).unwrap());
        Earlier::of(attempt, returned, self.override_used(attempt.intent.attempt))
    }

    fn neighbours(&mut self, key: &GuardKey, card: Option<&CardTrace>) -> Neighbours {
        if self.blind > 0 {
            self.blind -= 1;
            return Neighbours::default();
        }
        let attempts = self.attempts();
        let on_card = |one: &&Attempt| {
            let same = one.intent.card().zip(card).is_some_and(|(known, asked)| {
                known.bin.first_six() == asked.bin
                    && known.last_four == asked.last_four
                    && one.intent.base == Some(asked.base)
            });
            same && matches!(one.state.outcome(), Some(Outcome::Unknown | Outcome::Approved))
        };
        Neighbours {
            same_key: attempts
                .iter()
                .filter(|one| one.intent.guard_key() == *key)
                .map(|one| self.earlier(one))
                .collect(),
            same_card: attempts.iter().filter(on_card).map(|one| self.earlier(one)).collect(),
            open: attempts.iter().filter(|one| one.state.outcome().is_none()).count(),
        }
    }

    fn close_basis(&self, zone: jiff::tz::TimeZone) -> Basis {
        let last = self.day_close(None);
        let after = last.as_ref().map_or(0, |last| last.seq);
        let tip = i64::try_from(self.lines.len()).unwrap();
        let mut tally = Tally::new(zone);
        let before = self.up_to(after);
        for attempt in self.attempts() {
            tally.attempt(before.attempt(attempt.intent.attempt).as_ref(), &attempt);
        }
        for reversal in self.reversals() {
            let of = self.attempt(reversal.intent.attempt);
            tally.reversal(before.reversal(reversal.intent.reversal).as_ref(), &reversal, of.as_ref());
        }
        Basis {
            number: last.as_ref().map_or(1, |last| last.close.number + 1),
            covers: Covers { after, since: last.map(|last| last.close.at), tip, tip_hash: format!("{tip:064}") },
            missing: self.missing_span,
            figures: tally.end(),
        }
    }

    fn day_close(&self, number: Option<u32>) -> Option<Closed> {
        let found = self.lines.iter().zip(1_i64..).filter_map(|((_, record), seq)| {
            let Record::DayClosed(close) = record else { return None };
            number.is_none_or(|number| number == close.number).then_some((close, seq))
        });
        let (close, seq) = found.last()?;
        let comparisons = self.lines.iter().filter_map(|(_, record)| {
            let Record::CloseCompared(comparison) = record else { return None };
            (comparison.close_seq == seq).then(|| (**comparison).clone())
        });
        Some(Closed {
            close: (**close).clone(),
            seq,
            anchor: Anchor::of(close.number, &seq.to_be_bytes()),
            comparisons: comparisons.collect(),
        })
    }

    fn up_to(&self, seq: i64) -> Self {
        Self { lines: self.lines[..usize::try_from(seq).unwrap()].to_vec(), ..Self::default() }
    }

    fn attempts_of_close(&self, closed: &Closed) -> Vec<AttemptId> {
        let (before, now) = (self.up_to(closed.close.covers.after), self.up_to(closed.close.covers.tip));
        let mut found = std::collections::BTreeSet::new();
        for attempt in now.attempts() {
            let was = before.attempt(attempt.intent.attempt).and_then(|was| Recorded::of(was.state.outcome()));
            if was != Recorded::of(attempt.state.outcome()) {
                found.insert(attempt.intent.attempt);
            }
        }
        for reversal in now.reversals() {
            let was = before.reversal(reversal.intent.reversal).and_then(|was| Recorded::of_reversal(&was.state));
            if was != Recorded::of_reversal(&reversal.state) {
                found.insert(reversal.intent.attempt);
            }
        }
        found.extend(closed.close.figures.open.iter().map(|(_, line)| match line.about {
            About::Attempt(attempt) | About::Reversal { attempt, .. } => attempt,
        }));
        found.into_iter().collect()
    }

    fn payment(&self, payment: PaymentId) -> Option<PaymentHistory> {
        let lines: Vec<_> =
            self.lines.iter().filter(|(_, record)| record.payment() == Some(payment)).cloned().collect();
        if lines.is_empty() {
            return None;
        }
        let mut attempts = self.attempts();
        attempts.retain(|one| one.intent.payment == payment);
        let mut reversals = self.reversals();
        reversals.retain(|one| one.intent.payment == payment);
        Some(PaymentHistory { payment, attempts, reversals, lines })
    }

    fn unfinished(&self, now: Timestamp, followed: Millis) -> Unfinished {
        let mut attempts = self.attempts();
        attempts.retain(|one| {
            !one.state.is_final()
                || one.contradiction.is_some()
                || !one.alarms.is_empty()
                || now.since(one.since) < followed
                || one.needs_attention(now)
        });
        let mut reversals = self.reversals();
        reversals.retain(|one| {
            let followed = one.state.rests_on_a_word() && now.since(one.since) < followed;
            !one.state.is_final() || !one.alarms.is_empty() || followed
        });
        Unfinished { attempts, reversals }
    }
}

fn done<'a, T: Send + 'a>(answer: T) -> Answer<'a, T> {
    Box::pin(async move { answer })
}

impl Journal for MemoryJournal {
    fn append(&self, batch: Batch, at: Timestamp) -> Answer<'_, Result<(), JournalFault>> {
        Box::pin(async move {
            // Somebody else may run while the disk works.
            tokio::task::yield_now().await;
            self.take(&batch, at)
        })
    }

    fn may_take_money(&self) -> Result<(), JournalFault> {
        if self.with(|inner| inner.may_not_take_money) { Err(JournalFault::DiskFull) } else { Ok(()) }
    }

    fn reopen(&self) -> Answer<'_, Result<(), JournalFault>> {
        self.log.note("disk: reopened");
        done(if self.with(|inner| inner.reopen_fails) { Err(disk_full()) } else { Ok(()) })
    }

    fn attempt(&self, attempt: AttemptId) -> Answer<'_, Result<Option<Attempt>, JournalFault>> {
        done(Ok(self.with(|inner| inner.attempt(attempt))))
    }

    fn reversal(&self, reversal: ReversalId) -> Answer<'_, Result<Option<Reversal>, JournalFault>> {
        done(Ok(self.with(|inner| inner.reversal(reversal))))
    }

    fn payment(&self, payment: PaymentId) -> Answer<'_, Result<Option<PaymentHistory>, JournalFault>> {
        done(self.with(|inner| {
            if inner.payments_unreadable {
                return Err(JournalFault::Unreadable("the test hid the payments".to_owned()));
            }
            Ok(inner.payment(payment))
        }))
    }

    fn find_reference(&self, reference: AttemptReference) -> Answer<'_, Result<Option<AttemptId>, JournalFault>> {
        let found = self.with(|inner| inner.attempts().into_iter().find(|one| one.intent.reference == reference));
        done(Ok(found.map(|one| one.intent.attempt)))
    }

    fn unfinished(&self, now: Timestamp, followed: Millis) -> Answer<'_, Result<Unfinished, JournalFault>> {
        done(Ok(self.with(|inner| inner.unfinished(now, followed))))
    }

    fn neighbours<'a>(
        &'a self,
        key: &'a GuardKey,
        card: Option<CardTrace>,
    ) -> Answer<'a, Result<Neighbours, JournalFault>> {
        done(Ok(self.with(|inner| inner.neighbours(key, card.as_ref()))))
    }

    fn attempts_on<'a>(&'a self, key: &'a GuardKey) -> Answer<'a, Result<Vec<Attempt>, JournalFault>> {
        if self.with(|inner| inner.siblings_unreadable) {
            return done(Err(JournalFault::Unreadable("the test hides it".to_owned())));
        }
        let mut attempts = self.with(|inner| inner.attempts());
        attempts.retain(|one| one.intent.guard_key() == *key);
        done(Ok(attempts))
    }

    fn operators(&self) -> Answer<'_, Result<Vec<Operator>, JournalFault>> {
        let operators = self.lines().into_iter().filter_map(|(_, record)| {
            let Record::OperatorAdded(operator) = record else { return None };
            Some(operator)
        });
        done(Ok(operators.collect()))
    }

    fn missing_span(&self) -> Answer<'_, Result<Option<MissingSpan>, JournalFault>> {
        done(Ok(self.with(|inner| inner.missing_span)))
    }

    fn close_basis(&self, zone: jiff::tz::TimeZone) -> Answer<'_, Result<Basis, JournalFault>> {
        Box::pin(async move {
            // Somebody else may write while it is drawn up.
            tokio::task::yield_now().await;
            let basis = self.with(|inner| inner.close_basis(zone));
            if let Some(meanwhile) = self.with(|inner| inner.meanwhile.pop_front()) {
                self.take(&meanwhile, basis.figures.last.unwrap_or(Timestamp::from_millis(0)))?;
            }
            Ok(basis)
        })
    }

    fn day_close(&self, number: Option<u32>) -> Answer<'_, Result<Option<Closed>, JournalFault>> {
        done(self.with(|inner| {
            if inner.closes_unreadable {
                return Err(JournalFault::Unreadable("the test hid the closes".to_owned()));
            }
            Ok(inner.day_close(number))
        }))
    }

    fn attempts_of_close(&self, closed: &Closed) -> Answer<'_, Result<Vec<AttemptId>, JournalFault>> {
        done(Ok(self.with(|inner| inner.attempts_of_close(closed))))
    }

    fn override_used(&self, attempt: AttemptId) -> Answer<'_, Result<bool, JournalFault>> {
        done(Ok(self.with(|inner| inner.override_used(attempt))))
    }
}
