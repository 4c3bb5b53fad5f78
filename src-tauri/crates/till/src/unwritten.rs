//! What can't be written down now: shown as such, held in order, retried; new sales stop (`RULES.md` 8).

use vezne_core::ids::{AttemptId, ReversalId};
use vezne_core::ports::JournalFault;
use vezne_core::record::{Batch, Record};
use vezne_core::time::{Millis, Timestamp};

use crate::desk::Desk;
use crate::view::{Change, JournalState};

/// How long to wait before trying again to write what is held.
const RETRY: Millis = Millis::seconds(1);

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
        self.unwritten.push_back((batch, at));
        self.retry_at = Some(self.now().after(RETRY));
        self.set_journal(JournalState::NotWritten(fault.to_string()));
    }

    /// Tries to write what is held, in order.
    pub(crate) async fn write_held(&mut self) {
        if self.unwritten.is_empty() {
            return;
        }
        if let Err(fault) = self.ports.journal.reopen().await {
            tracing::warn!(%fault, "the journal can't be opened anew yet");
        }
        while let Some((batch, at)) = self.unwritten.front().cloned() {
            match self.ports.journal.append(batch, at).await {
                Ok(()) => {
                    self.unwritten.pop_front();
                }
                Err(fault) => {
                    self.retry_at = Some(self.now().after(RETRY));
                    self.set_journal(JournalState::NotWritten(fault.to_string()));
                    return;
                }
            }
        }
        self.retry_at = None;
        self.set_journal(JournalState::Written);
        tracing::info!("everything that was held is written down");
        let attempts: Vec<AttemptId> = self.attempts.keys().copied().collect();
        for id in attempts {
            self.tell_attempt(id);
            self.let_go(id);
        }
        let reversals: Vec<ReversalId> = self.reversals.keys().copied().collect();
        for id in reversals {
            self.tell_reversal(id);
            self.let_go_reversal(id);
        }
    }

    fn set_journal(&mut self, state: JournalState) {
        if self.journal != state {
            self.journal = state.clone();
            self.tell(Change::Journal(state));
        }
    }

    /// Whether something of this attempt is held.
    pub(crate) fn holds_attempt(&self, id: AttemptId) -> bool {
        self.held_records().any(|record| match record {
            Record::Attempt { attempt, .. } => *attempt == id,
            Record::Reversal { .. }
            | Record::OperatorAdded(_)
            | Record::RightUsed { .. }
            | Record::EpochStarted { .. } => false,
        })
    }

    /// Whether something of this reversal is held.
    pub(crate) fn holds_reversal(&self, id: ReversalId) -> bool {
        self.held_records().any(|record| match record {
            Record::Reversal { reversal, .. } => *reversal == id,
            Record::Attempt { .. }
            | Record::OperatorAdded(_)
            | Record::RightUsed { .. }
            | Record::EpochStarted { .. } => false,
        })
    }

    fn held_records(&self) -> impl Iterator<Item = &Record> {
        self.unwritten.iter().flat_map(|(batch, _)| batch.records.iter())
    }
}
