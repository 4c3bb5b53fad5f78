//! What must be so after every schedule, whatever went wrong in it. Written from the rules (`RULES.md`, "What must always
//! be true"), not from the code; the gateway's ledger is the oracle.

mod listed;
mod payments;
mod reversals;

use std::sync::Arc;

use vezne_core::attempt::Attempt;
use vezne_core::guard::GuardKey;
use vezne_core::ids::{AttemptId, PaymentId};
use vezne_core::ports::{Journal, JournalFault};
use vezne_core::reversal::Reversal;
use vezne_core::time::Millis;
use vezne_till::{AttemptView, JournalState, ReversalView, Till};

use crate::coverage::Cell;
use crate::journal::SimJournal;
use crate::operator::answered;
use crate::world::World;

/// Longer than any schedule.
const EVER: Millis = Millis::days(40_000);

/// What the journal knows in the end, and what the desk lists.
pub(crate) struct Known {
    /// Every attempt by its order or reference, oldest first.
    pub(crate) keys: Vec<Vec<Attempt>>,
    /// Every reversal.
    pub(crate) reversals: Vec<Reversal>,
    pub(crate) attention: Vec<AttemptView>,
    pub(crate) open: Vec<AttemptView>,
    pub(crate) reversals_listed: Vec<ReversalView>,
}

impl Known {
    pub(crate) fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.keys.iter().flatten()
    }

    pub(crate) fn attempt(&self, id: AttemptId) -> Option<&Attempt> {
        self.attempts().find(|attempt| attempt.intent.attempt == id)
    }
}

/// Holds everything against the ledger.
pub(crate) async fn all(world: &World, till: &Till, journal: &Arc<SimJournal>) {
    if let Err(words) = journal.check() {
        world.wrong(format!("the journal: {words}"));
    }
    let state = answered(world, "the journal's state", till.journal_state()).await;
    if state != JournalState::Written {
        world.wrong("something is still not written down although the disk is well".to_owned());
    }
    match known(world, till, journal).await {
        Ok(known) => world.with(|state| {
            payments::check(state, &known);
            reversals::check(state, &known);
            listed::check(state, &known);
            let lives = state.life.min(5);
            state.cell(Cell::Lives(lives));
            state.note(70, format_args!("done"));
        }),
        Err(fault) => world.wrong(format!("the journal can't be read in the end: {fault}")),
    }
}

async fn known(world: &World, till: &Till, journal: &Arc<SimJournal>) -> Result<Known, JournalFault> {
    let found = journal.unfinished(world.desk_now(), EVER).await?.attempts;
    let mut keys: Vec<GuardKey> = found.iter().map(|attempt| attempt.intent.guard_key()).collect();
    keys.sort();
    keys.dedup();
    let mut attempts = Vec::new();
    for key in &keys {
        attempts.push(journal.attempts_on(key).await?);
    }
    let mut payments: Vec<PaymentId> = found.iter().map(|attempt| attempt.intent.payment).collect();
    payments.sort();
    payments.dedup();
    let mut reversals = Vec::new();
    for payment in payments {
        reversals.extend(journal.payment(payment).await?.map(|history| history.reversals).unwrap_or_default());
    }
    let (attention, reversals_listed) = answered(world, "attention", till.attention()).await;
    let open = answered(world, "open attempts", till.open_attempts()).await;
    Ok(Known { keys: attempts, reversals, attention, open, reversals_listed })
}
