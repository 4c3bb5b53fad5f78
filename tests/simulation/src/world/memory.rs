//! What people at the desk remember, over all lives of its process.

use vezne_core::attempt::CounterOutcome;
use vezne_core::ids::{AttemptId, PaymentId, ReversalId};

/// What the cashier knows of one customer.
#[derive(Debug, Clone, Default)]
pub(crate) struct OfCustomer {
    /// The attempts that the desk answered with, oldest first.
    pub(crate) attempts: Vec<AttemptId>,
    /// The payment of the newest one.
    pub(crate) payment: Option<PaymentId>,
    /// The reversals that the desk answered with.
    pub(crate) reversals: Vec<ReversalId>,
    /// How often Pay was pressed by the cashier who serves.
    pub(crate) tries: u32,
    /// By how many cards another one is taken than the first.
    pub(crate) other_card: u8,
    /// Whether the customer has been served, one way or another.
    pub(crate) served: bool,
}

/// What people remember.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeskMemory {
    /// The next action.
    pub(crate) cursor: usize,
    pub(crate) customers: Vec<OfCustomer>,
    /// Whether the supervisor is known to the desk.
    pub(crate) set_up: bool,
    /// What supervisors said of attempts.
    pub(crate) words: Vec<(AttemptId, CounterOutcome)>,
    /// What supervisors said of reversals.
    pub(crate) reversal_words: Vec<(ReversalId, bool)>,
    /// The number of the last day close that was told as made.
    pub(crate) closes: u32,
}

impl DeskMemory {
    pub(crate) fn new(customers: usize) -> Self {
        Self { customers: vec![OfCustomer::default(); customers], ..Self::default() }
    }

    /// The newest attempt of a customer.
    pub(crate) fn newest(&self, who: usize) -> Option<AttemptId> {
        self.customers.get(who)?.attempts.last().copied()
    }
}
