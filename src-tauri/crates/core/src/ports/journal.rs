//! The journal: what is written down, and what is asked of it.

use serde::{Deserialize, Serialize};

use super::Answer;
use crate::attempt::Attempt;
use crate::card::{Bin, LastFour};
use crate::close::{Basis, Closed};
use crate::guard::{GuardKey, Neighbours};
use crate::ids::{AttemptId, AttemptReference, PaymentId, ReversalId};
use crate::money::Money;
use crate::record::{Batch, Operator};
use crate::reversal::Reversal;
use crate::time::{Millis, Timestamp};

/// Why the journal did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalFault {
    /// Another attempt on the same order or reference is open or unknown: the unique index refused.
    #[error("another attempt on this order or reference is open or unknown")]
    KeyTaken,
    /// The supervisor's override that an attempt names has been used by another one. Nothing was written.
    #[error("the override naming this attempt has been used already")]
    OverrideUsed,
    /// Another reversal of the same payment is open or unknown: the unique index refused. Nothing was written.
    #[error("another reversal of this payment is open or unknown")]
    ReversalOpen,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The file or folder can't be written.
    #[error("the journal can't be written: {0}")]
    NotWritable(String),
    /// A day close does not fit any more: something else was written since it was drawn up. Nothing was written.
    #[error("something was written since the day close was drawn up")]
    CloseOutrun,
    /// What is there can't be read.
    #[error("the journal can't be read: {0}")]
    Unreadable(String),
    /// What is there is not what was written: the file is damaged. No money is taken until it is repaired.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
    /// The file is not where it was opened: removed, moved away or replaced. What would be written now would be lost.
    #[error("the journal's file is not in its place any more: {0}")]
    Gone(String),
}

/// A payment with everything that happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentHistory {
    /// The payment.
    pub payment: PaymentId,
    /// Its attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// Its reversals, oldest first.
    pub reversals: Vec<Reversal>,
    /// Every line, oldest first: when, about what, what.
    pub lines: Vec<(Timestamp, crate::record::Record)>,
}

/// What must be taken up at start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Attempts that are not final, or that are still followed, alarmed or contradicted.
    pub attempts: Vec<Attempt>,
    /// Reversals that are not final or are alarmed.
    pub reversals: Vec<Reversal>,
}

/// The span that a restored backup does not hold (`RULES.md` 8): what was paid in it is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingSpan {
    /// When the last event that is there was written.
    pub from: Timestamp,
    /// When the journal went on.
    pub until: Timestamp,
}

/// The card digits and the amount owed by which a twin is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardTrace {
    /// The first six digits.
    pub bin: Bin,
    /// The last four.
    pub last_four: LastFour,
    /// What is owed.
    pub base: Money,
}

/// The journal.
pub trait Journal: Send + Sync {
    /// Writes a batch in one transaction, synced to the disk when this returns `Ok`.
    fn append(&self, batch: Batch, at: Timestamp) -> Answer<'_, Result<(), JournalFault>>;

    /// Whether new payments may be taken: the space reserved for writing down answers must be intact.
    ///
    /// # Errors
    /// The fault that forbids it.
    fn may_take_money(&self) -> Result<(), JournalFault>;

    /// Returns when what [`Journal::may_take_money`] says may have changed by itself: the journal was found damaged while
    /// nothing was asked of it. A journal that is never looked at beside its work never returns.
    fn news(&self) -> Answer<'_, ()> {
        Box::pin(std::future::pending())
    }

    /// Opens the file anew after a fault.
    fn reopen(&self) -> Answer<'_, Result<(), JournalFault>>;

    /// One attempt, folded from its entries.
    fn attempt(&self, attempt: AttemptId) -> Answer<'_, Result<Option<Attempt>, JournalFault>>;

    /// One reversal, folded from its entries.
    fn reversal(&self, reversal: ReversalId) -> Answer<'_, Result<Option<Reversal>, JournalFault>>;

    /// One payment with its history.
    fn payment(&self, payment: PaymentId) -> Answer<'_, Result<Option<PaymentHistory>, JournalFault>>;

    /// The payment that an attempt reference of ours belongs to.
    fn find_reference(&self, reference: AttemptReference) -> Answer<'_, Result<Option<AttemptId>, JournalFault>>;

    /// What must be taken up at start: not final, or final less than `followed` ago, alarmed or contradicted, or in need of
    /// attention at `now`, however old.
    fn unfinished(&self, now: Timestamp, followed: Millis) -> Answer<'_, Result<Unfinished, JournalFault>>;

    /// What stands beside a payment that is about to be made.
    fn neighbours<'a>(
        &'a self,
        key: &'a GuardKey,
        card: Option<CardTrace>,
    ) -> Answer<'a, Result<Neighbours, JournalFault>>;

    /// All attempts on a key, folded, oldest first.
    fn attempts_on<'a>(&'a self, key: &'a GuardKey) -> Answer<'a, Result<Vec<Attempt>, JournalFault>>;

    /// All operators.
    fn operators(&self) -> Answer<'_, Result<Vec<Operator>, JournalFault>>;

    /// The span missing since a backup was restored; none once a day close has come after it.
    fn missing_span(&self) -> Answer<'_, Result<Option<MissingSpan>, JournalFault>>;

    /// What a day close made now would say: everything since the last one, hours by this time zone, as of one moment.
    fn close_basis(&self, zone: jiff::tz::TimeZone) -> Answer<'_, Result<Basis, JournalFault>>;

    /// The close with this number, or the last one without a number, with the comparisons made of it.
    fn day_close(&self, number: Option<u32>) -> Answer<'_, Result<Option<Closed>, JournalFault>>;

    /// The attempts that a close counts or lists: those with events in its span, and those listed as not settled. In the order
    /// of their ids.
    fn attempts_of_close(&self, closed: &Closed) -> Answer<'_, Result<Vec<AttemptId>, JournalFault>>;

    /// Whether a supervisor's override naming this attempt has been used.
    fn override_used(&self, attempt: AttemptId) -> Answer<'_, Result<bool, JournalFault>>;
}
