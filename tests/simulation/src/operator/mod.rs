//! The people at the desk. They remember what they did when the desk's process dies, and go on where they were.

mod acts;
mod back;
mod requests;
mod serve;

pub(crate) use requests::{served, supervisor};

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use vezne_core::attempt::Outcome;
use vezne_core::guard::Block;
use vezne_core::ids::AttemptId;
use vezne_till::{AttemptView, PayError, Till};

use crate::coverage::Cell;
use crate::schedule::Action;
use crate::told::tells_attempt;
use crate::world::World;

/// Whoever asks the till has an answer within this time, whatever the network does.
const ANSWERED_BY: Duration = Duration::from_secs(11 * 60);

/// How long a cashier looks at "unknown" before the customer is sent away.
const LOOKS_AT_UNKNOWN: u64 = 100_000;

/// Does what the schedule says, from where it was left.
pub(crate) async fn work(world: &Arc<World>, till: &Till) {
    loop {
        let next = world.with(|state| state.schedule.actions.get(state.desk.cursor).copied());
        let Some(action) = next else { return };
        // A cashier goes on serving after a start; everything else is done once.
        let goes_on = matches!(action, Action::Serve(_));
        world.with(|state| {
            state.note(40, format_args!("action {action}"));
            state.cell(Cell::Did(action.word()));
            state.desk.cursor += usize::from(!goes_on);
        });
        acts::act(world, till, action).await;
        world.unless_dead().await;
        world.with(|state| state.desk.cursor += usize::from(goes_on));
    }
}

/// The answer of the till, which must come.
pub(crate) async fn answered<T>(world: &World, what: &str, answer: impl Future<Output = T>) -> T {
    match timeout(ANSWERED_BY, answer).await {
        Ok(answer) => {
            world.unless_dead().await;
            answer
        }
        Err(_) => {
            world.unless_dead().await;
            world.wrong(format!("{what} was never answered"));
            pending().await
        }
    }
}

/// Presses Pay for a customer; "yes, it is meant" where the desk asks about a twin.
pub(crate) async fn press_pay(
    world: &World,
    till: &Till,
    (who, overrides): (usize, Option<AttemptId>),
) -> Result<AttemptView, PayError> {
    let mut reply = press_once(world, till, (who, overrides, false)).await;
    if let Err(PayError::Blocked(block)) = &reply
        && matches!(**block, Block::Twin(_))
    {
        reply = press_once(world, till, (who, overrides, true)).await;
    }
    reply
}

async fn press_once(
    world: &World,
    till: &Till,
    (who, overrides, twin): (usize, Option<AttemptId>, bool),
) -> Result<AttemptView, PayError> {
    let Some(request) = world.with(|state| requests::pay(state, who, overrides, twin)) else {
        return Err(PayError::UnknownAccount);
    };
    let reply = answered(world, "pay", till.pay(request)).await;
    world.with(|state| match &reply {
        Ok(view) => {
            // The stream may have told newer things of it already.
            if !state.told.attempts.contains_key(&view.attempt) {
                tells_attempt(state, view);
            }
            if let Some(customer) = state.desk.customers.get_mut(who) {
                customer.attempts.push(view.attempt);
                customer.payment = Some(view.payment);
            }
        }
        Err(error) => {
            state.note(41, format_args!("pay: {error}"));
            state.cell(Cell::NotBegun(requests::word_of(error)));
        }
    });
    reply
}

/// Presses Pay for the newest customer once more, just then.
pub(crate) async fn pay_again(world: &World, till: &Till) {
    let who = world.with(|state| {
        let customers = state.desk.customers.iter().enumerate();
        customers.rev().find(|(_, customer)| customer.tries > 0 || !customer.attempts.is_empty()).map(|(who, _)| who)
    });
    drop(press_once(world, till, (who.unwrap_or(0), None, false)).await);
}

/// Waits until an attempt has a final outcome, as long as a cashier would.
pub(crate) async fn await_outcome(world: &World, attempt: AttemptId, patience: u64) -> Option<Outcome> {
    let until = world.now() + patience;
    let mut unknown_since = None;
    loop {
        let news = world.news.notified();
        let outcome = world.with(|state| state.told.attempts.get(&attempt).and_then(|told| told.outcome));
        let now = world.now();
        let give_up = match outcome {
            Some(Outcome::Unknown) => until.min(*unknown_since.get_or_insert(now) + LOOKS_AT_UNKNOWN),
            Some(Outcome::Approved | Outcome::Declined | Outcome::Refused | Outcome::NotSent) => return outcome,
            None => until,
        };
        if now >= give_up {
            return outcome;
        }
        // Nothing but news or time can change that.
        let _news_or_time = timeout(Duration::from_millis(give_up - now), news).await;
        world.unless_dead().await;
    }
}
