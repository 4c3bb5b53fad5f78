//! What can't be written down now: shown as such, held in order, retried; new sales stop (`RULES.md` 8).

use vezne_core::attempt;
use vezne_core::ids::{AttemptId, ReversalId};
use vezne_core::ports::JournalFault;
use vezne_core::record::{Batch, Record};
use vezne_core::reversal;
use vezne_core::time::{Millis, Timestamp};

use crate::advance;
use crate::desk::Desk;
use crate::reverse;
use crate::view::{Change, JournalState};

/// How long to wait before trying again to write what is held.
pub(crate) const RETRY: Millis = Millis::seconds(1);

/// A batch that the journal did not take, with the time at which it happened.
#[derive(Clone)]
pub(crate) struct Held {
    batch: Batch,
    at: Timestamp,
    /// Whether the journal was handed it: then it may have got in although the journal said no.
    tried: bool,
}

/// An opening that the journal did not take, though it may have got in.
#[derive(Clone, Copy)]
pub(crate) enum Doubt {
    Attempt(AttemptId),
    Reversal(ReversalId),
}

impl Desk {
    /// Writes a batch, behind everything that is held already.
    pub(crate) async fn write(&mut self, batch: Batch, at: Timestamp) -> Result<(), JournalFault> {
        self.write_held().await;
        if let JournalState::NotWritten(why) = &self.journal {
            return Err(JournalFault::NotWritable(why.clone()));
        }
        self.ports.journal.append(batch, at).await
    }

    /// Keeps a batch until the journal takes it.
    pub(crate) fn hold(&mut self, batch: Batch, at: Timestamp, fault: &JournalFault) {
        tracing::error!(%fault, held = self.unwritten.len(), "the journal can't be written: what happened is held");
        let tried = self.unwritten.is_empty();
        self.unwritten.push_back(Held { batch, at, tried });
        self.retry.set(self.now());
        self.set_journal(JournalState::NotWritten(fault.to_string()));
    }

    /// An opening failed. Should it have got in all the same, `NotSent` follows it, or it would block its key for ever.
    pub(crate) async fn doubt(&mut self, doubt: Doubt) {
        self.doubts.push(doubt);
        self.write_held().await;
    }

    /// Tries to write what is held, in order.
    pub(crate) async fn write_held(&mut self) {
        if self.unwritten.is_empty() && self.doubts.is_empty() && self.close_doubt.is_none() {
            return;
        }
        self.retry.set(self.now());
        if let Err(fault) = self.ports.journal.reopen().await {
            // What stands in it can be neither trusted nor gone by: it is tried again in a moment.
            tracing::warn!(%fault, "the journal can't be opened anew yet");
            if !self.unwritten.is_empty() {
                self.set_journal(JournalState::NotWritten(fault.to_string()));
            }
            return;
        }
        self.look_into_doubts().await;
        self.look_into_close().await;
        while let Some(held) = self.unwritten.front().cloned() {
            if let Err(fault) = self.write_one(held).await {
                if let Some(front) = self.unwritten.front_mut() {
                    front.tried = true;
                }
                self.set_journal(JournalState::NotWritten(fault.to_string()));
                return;
            }
            self.unwritten.pop_front();
        }
        if self.doubts.is_empty() && self.close_doubt.is_none() {
            self.retry.clear();
        }
        if self.journal == JournalState::Written {
            return;
        }
        self.set_journal(JournalState::Written);
        tracing::info!("everything that was held is written down");
        for id in self.attempts.keys() {
            self.tell_attempt(*id);
        }
        for id in self.reversals.keys() {
            self.tell_reversal(*id);
        }
        // Not here: whoever writes may be in the middle of an attempt's event.
        self.sweep = true;
    }

    /// Lets go of what was held back only because it was not written down.
    pub(crate) fn sweep(&mut self) {
        if !std::mem::take(&mut self.sweep) {
            return;
        }
        let attempts: Vec<AttemptId> = self.attempts.keys().copied().collect();
        for id in attempts {
            self.let_go(id);
        }
        let reversals: Vec<ReversalId> = self.reversals.keys().copied().collect();
        for id in reversals {
            self.let_go_reversal(id);
        }
    }

    /// Writes a held batch, unless an earlier try got in although the journal said no.
    async fn write_one(&self, held: Held) -> Result<(), JournalFault> {
        let Held { batch, at, tried } = held;
        if tried && self.got_in(&batch, at).await? {
            return Ok(());
        }
        self.ports.journal.append(batch, at).await
    }

    /// Whether everything in the batch that is filed under its payment stands there already, with its moment: a batch gets in
    /// as a whole. Notes and papers may have been filed behind it meanwhile. Two equal batches of one millisecond would be
    /// taken for one: they say the same.
    async fn got_in(&self, batch: &Batch, at: Timestamp) -> Result<bool, JournalFault> {
        let Some(payment) = batch.records.iter().find_map(Record::payment) else { return Ok(false) };
        let Some(history) = self.ports.journal.payment(payment).await? else { return Ok(false) };
        let mut filed = batch.records.iter().filter(|record| record.payment() == Some(payment));
        Ok(filed.all(|record| history.lines.contains(&(at, record.clone()))))
    }

    /// What can be read now leaves no doubt; `NotSent` is put behind what got in.
    async fn look_into_doubts(&mut self) {
        for doubt in std::mem::take(&mut self.doubts) {
            match self.not_sent_after(doubt).await {
                Ok(Some(batch)) => {
                    let at = self.now();
                    self.unwritten.push_back(Held { batch, at, tried: false });
                }
                Ok(None) => {}
                Err(_) => self.doubts.push(doubt),
            }
        }
    }

    async fn not_sent_after(&self, doubt: Doubt) -> Result<Option<Batch>, JournalFault> {
        let now = self.now();
        Ok(match doubt {
            Doubt::Attempt(id) => self.ports.journal.attempt(id).await?.and_then(|stored| {
                let step = attempt::step(&stored, attempt::Event::JournalFailed, now).ok()?;
                Some(advance::batch_of(&step.attempt, &step.entries))
            }),
            Doubt::Reversal(id) => self.ports.journal.reversal(id).await?.and_then(|stored| {
                let step = reversal::step(&stored, reversal::Event::JournalFailed, now).ok()?;
                Some(reverse::batch_of(&step.reversal, &step.entries))
            }),
        })
    }

    pub(crate) fn set_journal(&mut self, state: JournalState) {
        if self.journal != state {
            self.journal = state.clone();
            self.tell(Change::Journal(state));
        }
    }

    /// Whether something of this attempt is held.
    pub(crate) fn holds_attempt(&self, id: AttemptId) -> bool {
        self.held_records().filter_map(Record::attempt_line).any(|(attempt, _)| attempt == id)
    }

    /// Whether something of this reversal is held.
    pub(crate) fn holds_reversal(&self, id: ReversalId) -> bool {
        self.held_records().filter_map(Record::reversal_line).any(|(reversal, _)| reversal == id)
    }

    fn held_records(&self) -> impl Iterator<Item = &Record> {
        self.unwritten.iter().flat_map(|held| held.batch.records.iter())
    }
}
