//! A careful cashier: takes the money once, however often the desk fails, and never asks for a supervisor.

use std::time::Duration;

use vezne_core::attempt::Outcome;
use vezne_core::guard::{Block, Earlier};
use vezne_core::ids::AttemptId;
use vezne_till::{PayError, Till};

use super::{await_outcome, press_pay};
use crate::world::World;

/// How often Pay is pressed for one customer.
const TRIES_MOST: u32 = 4;
/// How long one attempt is waited for: as long as the bank's page may stay.
const PATIENCE: u64 = 12 * 60_000;
/// How long until Pay is pressed again.
const BREATH: Duration = Duration::from_secs(4);

/// Serves a customer, from where it was left.
pub(super) async fn serve(world: &World, till: &Till, who: usize) {
    loop {
        let goes_on = world.with(|state| {
            let customer = state.desk.customers.get_mut(who)?;
            customer.tries += 1;
            (!customer.served && customer.tries <= TRIES_MOST).then_some(())
        });
        if goes_on.is_none() {
            return;
        }
        let stands = match press_pay(world, till, (who, None)).await {
            Ok(view) => Some(view.attempt),
            Err(PayError::Blocked(block)) => match *block {
                Block::OpenOrUnknown(earlier) => Some(remembers(world, who, &earlier)),
                Block::AlreadyPaid { earlier, .. } => {
                    remembers(world, who, &earlier);
                    return leaves(world, who);
                }
                Block::Contradicted(_)
                | Block::SameCardUnknown(_)
                | Block::SetAsideSameCard(_)
                | Block::Twin(_)
                | Block::TooManyOpen { .. } => return leaves(world, who),
            },
            Err(_) => None,
        };
        let outcome = match stands {
            Some(attempt) => await_outcome(world, attempt, PATIENCE).await,
            None => Some(Outcome::NotSent),
        };
        match outcome {
            Some(Outcome::Declined | Outcome::Refused | Outcome::NotSent) => tokio::time::sleep(BREATH).await,
            Some(Outcome::Approved | Outcome::Unknown) | None => return leaves(world, who),
        }
    }
}

/// The attempt that the desk names instead: begun by a life whose answer never came.
fn remembers(world: &World, who: usize, earlier: &Earlier) -> AttemptId {
    world.with(|state| {
        let Some(customer) = state.desk.customers.get_mut(who) else { return };
        customer.payment = Some(earlier.payment);
        if !customer.attempts.contains(&earlier.attempt) {
            customer.attempts.push(earlier.attempt);
        }
    });
    earlier.attempt
}

fn leaves(world: &World, who: usize) {
    world.with(|state| {
        if let Some(customer) = state.desk.customers.get_mut(who) {
            customer.served = true;
        }
    });
}
