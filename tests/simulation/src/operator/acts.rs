//! One action of the schedule.

use std::sync::Arc;
use std::time::Duration;

use vezne_core::attempt::{CounterOutcome, Outcome};
use vezne_core::ids::AttemptId;
use vezne_till::{CloseError, SettleRequest, Till, Verdict};

use super::requests::{authority, slip};
use super::{answered, await_outcome, back, press_pay, serve};
use crate::coverage::Cell;
use crate::life::start_again;
use crate::schedule::{Action, Says};
use crate::told::tells_attempt;
use crate::world::{Death, World, forge, window_closed};

fn newest(world: &World, who: usize) -> Option<AttemptId> {
    world.with(|state| state.desk.newest(who))
}

/// Does it.
pub(super) async fn act(world: &Arc<World>, till: &Till, action: Action) {
    match action {
        Action::Serve(who) => serve::serve(world, till, who).await,
        Action::Pay(who) => drop(press_pay(world, till, (who, None)).await),
        Action::PayTwice(who) => {
            let (one, two) = tokio::join!(press_pay(world, till, (who, None)), press_pay(world, till, (who, None)));
            if let (Ok(one), Ok(two)) = (one, two) {
                begun_twice(world, [one.attempt, two.attempt]);
            }
        }
        Action::Override(who) => {
            let newest = newest(world, who);
            drop(press_pay(world, till, (who, newest)).await);
        }
        Action::Wait(seconds) => tokio::time::sleep(Duration::from_secs(seconds.into())).await,
        Action::Restart(seconds) => {
            answered(world, "close", till.close()).await;
            ends(world, seconds).await;
        }
        Action::Kill(seconds) => ends(world, seconds).await,
        Action::SecondStart => start_again(world),
        Action::Clock(seconds) => world.with(|state| state.offset += i64::from(seconds) * 1_000),
        Action::Forget => till.forget_cards().await,
        Action::CloseDay => closes(world, till).await,
        Action::Compare => compares(world, till).await,
        Action::Void(_)
        | Action::Refund(_, _)
        | Action::RefundTwice(_, _)
        | Action::AskReversal(_)
        | Action::ResolveReversal(_, _)
        | Action::SeeReversal(_)
        | Action::Portal(_, _) => back::act(world, till, action).await,
        Action::Await(who, _)
        | Action::Cancel(who)
        | Action::CloseWindow(who)
        | Action::MovePage(who)
        | Action::Ask(who)
        | Action::SetAside(who)
        | Action::Resolve(who, _)
        | Action::ResolveTwice(who, _)
        | Action::Forge(who) => {
            if let Some(attempt) = newest(world, who) {
                on_attempt(world, till, (action, who, attempt)).await;
            }
        }
    }
}

/// Closes the day. Only a journal that can't be read or written stands in the way, or an answer that waits for it.
async fn closes(world: &World, till: &Till) {
    let closed = match answered(world, "close the day", till.close_day(None)).await {
        // A backup was restored: a supervisor agrees to close over what is missing.
        Err(CloseError::NeedsSupervisor) => {
            answered(world, "close the day", till.close_day_as(None, authority())).await
        }
        closed => closed,
    };
    world.with(|state| match closed {
        Ok(closed) => {
            state.note(44, format_args!("close {}", closed.close.number));
            state.desk.closes = closed.close.number;
        }
        Err(error) => state.note(44, format_args!("not closed: {error}")),
    });
}

async fn compares(world: &World, till: &Till) {
    let number = world.with(|state| state.desk.closes);
    if let Err(error) = answered(world, "compare", till.compare_close(number, None)).await {
        world.with(|state| state.note(45, format_args!("not compared: {error}")));
    }
}

/// Two attempts at once are right only if the first came to nothing before the second was begun.
fn begun_twice(world: &World, attempts: [AttemptId; 2]) {
    let nothing = |id| {
        let outcome = world.with(|state| state.told.attempts.get(&id).and_then(|told| told.outcome));
        matches!(outcome, Some(Outcome::NotSent | Outcome::Refused | Outcome::Declined))
    };
    if !attempts.into_iter().any(nothing) {
        world.wrong("Pay was pressed twice at once, and two attempts were begun".to_owned());
    }
}

async fn ends(world: &World, seconds: u32) {
    world.die(Death { gone_for: u64::from(seconds) * 1_000, power_cut: false });
    world.unless_dead().await;
}

async fn on_attempt(world: &Arc<World>, till: &Till, (action, who, attempt): (Action, usize, AttemptId)) {
    match action {
        Action::Await(_, seconds) => {
            await_outcome(world, attempt, u64::from(seconds) * 1_000).await;
        }
        Action::Cancel(_) => drop(answered(world, "cancel", till.cancel(attempt)).await),
        Action::CloseWindow(_) => window_closed(world, till, attempt).await,
        Action::MovePage(_) => {
            if answered(world, "page moved", till.page_moved(attempt)).await.is_ok() {
                world.with(|state| state.pages.moves(attempt));
            }
        }
        Action::Ask(_) => drop(answered(world, "ask", till.ask_again(attempt)).await),
        Action::SetAside(_) => {
            if settles(world, till, (attempt, Verdict::SetAside)).await {
                world.with(|state| {
                    if let Some(customer) = state.desk.customers.get_mut(who) {
                        customer.other_card += 1;
                        customer.served = false;
                    }
                });
            }
        }
        Action::Resolve(_, says) => {
            let verdict = verdict(world, attempt, says);
            settles(world, till, (attempt, verdict)).await;
        }
        Action::ResolveTwice(_, says) => {
            let verdict = verdict(world, attempt, says);
            tokio::join!(settles(world, till, (attempt, verdict)), settles(world, till, (attempt, verdict)));
        }
        Action::Forge(_) => {
            forge(world, till, (attempt, true, true)).await;
        }
        Action::Serve(_)
        | Action::Pay(_)
        | Action::PayTwice(_)
        | Action::Wait(_)
        | Action::Override(_)
        | Action::Void(_)
        | Action::Refund(_, _)
        | Action::RefundTwice(_, _)
        | Action::AskReversal(_)
        | Action::ResolveReversal(_, _)
        | Action::SeeReversal(_)
        | Action::Portal(_, _)
        | Action::Restart(_)
        | Action::Kill(_)
        | Action::SecondStart
        | Action::Clock(_)
        | Action::Forget
        | Action::CloseDay
        | Action::Compare => {}
    }
}

fn verdict(world: &World, attempt: AttemptId, says: Says) -> Verdict {
    let truth = world.with(|state| state.books.is_charged(attempt, state.now()));
    match says {
        Says::Yes => Verdict::Approved,
        Says::No => Verdict::Declined,
        Says::Truth if truth => Verdict::Approved,
        Says::Truth => Verdict::Declined,
    }
}

/// A supervisor's word on an attempt; whether it was taken.
async fn settles(world: &World, till: &Till, (attempt, verdict): (AttemptId, Verdict)) -> bool {
    let Some(authority) = authority() else { return false };
    let request = SettleRequest { attempt, verdict, authority, saw: slip() };
    let reply = answered(world, "settle", till.settle(request)).await;
    let (word, outcome) = match verdict {
        Verdict::SetAside => ("set aside", None),
        Verdict::Approved => ("approved", Some(CounterOutcome::Approved)),
        Verdict::Declined => ("declined", Some(CounterOutcome::Declined)),
    };
    world.with(|state| {
        state.cell(Cell::Word(word, reply.is_ok()));
        match &reply {
            Ok(view) => {
                tells_attempt(state, view);
                state.desk.words.extend(outcome.map(|outcome| (attempt, outcome)));
            }
            Err(error) => state.note(42, format_args!("{word}: {error}")),
        }
    });
    reply.is_ok()
}
