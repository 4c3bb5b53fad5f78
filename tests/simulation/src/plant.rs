//! Defects that are planted on purpose, to see that the checks find them.

use std::sync::{Arc, Mutex, PoisonError};

use vezne_core::attempt::{Attempt, Entry, Outcome, State};
use vezne_core::close::{Basis, Closed};
use vezne_core::guard::{GuardKey, Neighbours};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId, ReversalId};
use vezne_core::ports::{Answer, CardTrace, Journal, JournalFault, MissingSpan, PaymentHistory, Unfinished};
use vezne_core::record::{Batch, Operator, Record};
use vezne_core::reversal::Reversal;
use vezne_core::time::{Millis, Timestamp};

use crate::journal::SimJournal;

/// A defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Plant {
    /// None: the product as it is.
    #[default]
    None,
    /// Whatever moves money is sent twice.
    SendsTwice,
    /// A payment that was not answered in time is sent again.
    SendsAgainAfterATimeOut,
    /// 5xx is taken for "not paid".
    Takes5xxForANo,
    /// The journal says that it has synced, and holds the batch back until the next one.
    SaysSyncedAndIsNot,
    /// A return that says "success" is believed, as if the gateway had said so.
    BelievesReturns,
    /// What is unknown is not taken up at a start.
    ForgetsTheUnknown,
    /// Every attempt that is asked about is told "not paid" when the gateway can't be reached.
    TakesSilenceForANo,
    /// The guard sees nothing of what stands in the journal.
    GuardIsBlind,
}

impl Plant {
    /// All that are defects.
    pub const ALL: [Self; 8] = [
        Self::SendsTwice,
        Self::SendsAgainAfterATimeOut,
        Self::Takes5xxForANo,
        Self::SaysSyncedAndIsNot,
        Self::BelievesReturns,
        Self::ForgetsTheUnknown,
        Self::TakesSilenceForANo,
        Self::GuardIsBlind,
    ];

    pub(crate) fn is(self, other: Self) -> bool {
        self == other
    }
}

/// A journal with a defect in it.
pub(crate) struct Planted {
    plant: Plant,
    real: Arc<SimJournal>,
    /// What is said to be written, and is not yet.
    held_back: Mutex<Vec<(Batch, Timestamp)>>,
}

impl Planted {
    pub(crate) fn new(plant: Plant, real: Arc<SimJournal>) -> Self {
        Self { plant, real, held_back: Mutex::default() }
    }

    /// Holds a payment's sending back until something else is written.
    fn holds_back(&self, batch: &Batch, at: Timestamp) -> Option<Vec<(Batch, Timestamp)>> {
        let mut held_back = self.held_back.lock().unwrap_or_else(PoisonError::into_inner);
        let is_sending = |entry: &Entry| matches!(entry, Entry::Entered(state) if matches!(**state, State::Sending(_)));
        let sends = batch.records.iter().filter_map(Record::attempt_line).any(|(_, entry)| is_sending(entry));
        if sends {
            held_back.push((batch.clone(), at));
            return None;
        }
        Some(std::mem::take(&mut *held_back))
    }
}

impl Journal for Planted {
    fn append(&self, batch: Batch, at: Timestamp) -> Answer<'_, Result<(), JournalFault>> {
        Box::pin(async move {
            if self.plant.is(Plant::SaysSyncedAndIsNot) {
                let Some(before) = self.holds_back(&batch, at) else { return Ok(()) };
                for (batch, at) in before {
                    self.real.append(batch, at).await?;
                }
            }
            self.real.append(batch, at).await
        })
    }

    fn may_take_money(&self) -> Result<(), JournalFault> {
        self.real.may_take_money()
    }

    fn reopen(&self) -> Answer<'_, Result<(), JournalFault>> {
        self.real.reopen()
    }

    fn attempt(&self, attempt: AttemptId) -> Answer<'_, Result<Option<Attempt>, JournalFault>> {
        self.real.attempt(attempt)
    }

    fn reversal(&self, reversal: ReversalId) -> Answer<'_, Result<Option<Reversal>, JournalFault>> {
        self.real.reversal(reversal)
    }

    fn payment(&self, payment: PaymentId) -> Answer<'_, Result<Option<PaymentHistory>, JournalFault>> {
        self.real.payment(payment)
    }

    fn find_reference(&self, reference: AttemptReference) -> Answer<'_, Result<Option<AttemptId>, JournalFault>> {
        self.real.find_reference(reference)
    }

    fn unfinished(&self, now: Timestamp, followed: Millis) -> Answer<'_, Result<Unfinished, JournalFault>> {
        Box::pin(async move {
            let mut unfinished = self.real.unfinished(now, followed).await?;
            if self.plant.is(Plant::ForgetsTheUnknown) {
                unfinished.attempts.retain(|attempt| attempt.state.outcome() != Some(Outcome::Unknown));
            }
            Ok(unfinished)
        })
    }

    fn neighbours<'a>(
        &'a self,
        key: &'a GuardKey,
        card: Option<CardTrace>,
    ) -> Answer<'a, Result<Neighbours, JournalFault>> {
        Box::pin(async move {
            let found = self.real.neighbours(key, card).await?;
            Ok(if self.plant.is(Plant::GuardIsBlind) { Neighbours::default() } else { found })
        })
    }

    fn attempts_on<'a>(&'a self, key: &'a GuardKey) -> Answer<'a, Result<Vec<Attempt>, JournalFault>> {
        self.real.attempts_on(key)
    }

    fn operators(&self) -> Answer<'_, Result<Vec<Operator>, JournalFault>> {
        self.real.operators()
    }

    fn missing_span(&self) -> Answer<'_, Result<Option<MissingSpan>, JournalFault>> {
        self.real.missing_span()
    }

    fn close_basis(&self, zone: jiff::tz::TimeZone) -> Answer<'_, Result<Basis, JournalFault>> {
        self.real.close_basis(zone)
    }

    fn day_close(&self, number: Option<u32>) -> Answer<'_, Result<Option<Closed>, JournalFault>> {
        self.real.day_close(number)
    }

    fn attempts_of_close(&self, closed: &Closed) -> Answer<'_, Result<Vec<AttemptId>, JournalFault>> {
        self.real.attempts_of_close(closed)
    }

    fn override_used(&self, attempt: AttemptId) -> Answer<'_, Result<bool, JournalFault>> {
        self.real.override_used(attempt)
    }
}
