//! The port's questions, to both journals.

use vezne_core::attempt::Attempt;
use vezne_core::close::{Basis, Closed};
use vezne_core::guard::{GuardKey, Neighbours};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId, ReversalId};
use vezne_core::ports::{Answer, CardTrace, Journal, JournalFault, MissingSpan, PaymentHistory, Unfinished};
use vezne_core::record::{Batch, Operator};
use vezne_core::reversal::Reversal;
use vezne_core::time::{Millis, Timestamp};

use super::sim::answered;
use super::twin::Twin;

/// A question to both.
macro_rules! both {
    ($twin:ident, $simulated:expr, |$real:ident| $asked:expr) => {
        Box::pin(async move { answered($twin.both($simulated, move |$real| async move { $asked.await })).await })
    };
}

impl Journal for Twin {
    fn append(&self, batch: Batch, at: Timestamp) -> Answer<'_, Result<(), JournalFault>> {
        Box::pin(async move { answered(self.append_now(batch, at)).await })
    }

    fn may_take_money(&self) -> Result<(), JournalFault> {
        self.sim.may_take_money()
    }

    fn reopen(&self) -> Answer<'_, Result<(), JournalFault>> {
        Box::pin(async move { answered(self.reopen_now()).await })
    }

    fn attempt(&self, attempt: AttemptId) -> Answer<'_, Result<Option<Attempt>, JournalFault>> {
        both!(self, self.sim.attempt_now(attempt), |real| real.attempt(attempt))
    }

    fn reversal(&self, reversal: ReversalId) -> Answer<'_, Result<Option<Reversal>, JournalFault>> {
        both!(self, self.sim.reversal_now(reversal), |real| real.reversal(reversal))
    }

    fn payment(&self, payment: PaymentId) -> Answer<'_, Result<Option<PaymentHistory>, JournalFault>> {
        both!(self, self.sim.payment_now(payment), |real| real.payment(payment))
    }

    fn find_reference(&self, reference: AttemptReference) -> Answer<'_, Result<Option<AttemptId>, JournalFault>> {
        both!(self, self.sim.find_reference_now(&reference), |real| real.find_reference(reference))
    }

    fn unfinished(&self, now: Timestamp, followed: Millis) -> Answer<'_, Result<Unfinished, JournalFault>> {
        both!(self, self.sim.unfinished_now(now, followed), |real| real.unfinished(now, followed))
    }

    fn neighbours<'a>(
        &'a self,
        key: &'a GuardKey,
        card: Option<CardTrace>,
    ) -> Answer<'a, Result<Neighbours, JournalFault>> {
        let owned = key.clone();
        both!(self, self.sim.neighbours_now(key, card.as_ref()), |real| real.neighbours(&owned, card))
    }

    fn attempts_on<'a>(&'a self, key: &'a GuardKey) -> Answer<'a, Result<Vec<Attempt>, JournalFault>> {
        let owned = key.clone();
        both!(self, self.sim.attempts_on_now(key), |real| real.attempts_on(&owned))
    }

    fn operators(&self) -> Answer<'_, Result<Vec<Operator>, JournalFault>> {
        both!(self, self.sim.operators_now(), |real| real.operators())
    }

    fn missing_span(&self) -> Answer<'_, Result<Option<MissingSpan>, JournalFault>> {
        both!(self, self.sim.missing_span_now(), |real| real.missing_span())
    }

    fn close_basis(&self, zone: jiff::tz::TimeZone) -> Answer<'_, Result<Basis, JournalFault>> {
        let same = zone.clone();
        both!(self, self.sim.close_basis_now(same), |real| real.close_basis(zone))
    }

    fn day_close(&self, number: Option<u32>) -> Answer<'_, Result<Option<Closed>, JournalFault>> {
        both!(self, self.sim.day_close_now(number), |real| real.day_close(number))
    }

    fn attempts_of_close(&self, closed: &Closed) -> Answer<'_, Result<Vec<AttemptId>, JournalFault>> {
        let (owned, same) = (closed.clone(), closed.clone());
        both!(self, self.sim.attempts_of_close_now(&same), |real| real.attempts_of_close(&owned))
    }

    fn override_used(&self, attempt: AttemptId) -> Answer<'_, Result<bool, JournalFault>> {
        both!(self, self.sim.override_used_now(attempt), |real| real.override_used(attempt))
    }
}
