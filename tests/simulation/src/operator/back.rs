//! Money back: asked for at the desk, settled by a supervisor, or given back by hand in the gateway's portal.

use vezne_core::account::GatewayKind;
use vezne_core::ids::{PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::reversal::Kind;
use vezne_till::{PortalReturn, ReversalVerdict, ReverseRequest, ReverseSize, Till, Way};

use super::answered;
use super::requests::{authority, slip, word_of_reversal};
use crate::books::Back;
use crate::coverage::Cell;
use crate::gateway::gives_back_by_hand;
use crate::schedule::{Action, Says};
use crate::world::World;

/// Does it, if it is about money back.
pub(super) async fn act(world: &World, till: &Till, action: Action) {
    match action {
        Action::Refund(who, percent) => reverses(world, till, (who, Kind::Refund, percent)).await,
        Action::Void(who) => reverses(world, till, (who, Kind::Void, 100)).await,
        Action::RefundTwice(who, percent) => {
            let one = reverses(world, till, (who, Kind::Refund, percent));
            let two = reverses(world, till, (who, Kind::Refund, percent));
            tokio::join!(one, two);
        }
        Action::AskReversal(who) => {
            if let Some(reversal) = newest_reversal(world, who) {
                drop(answered(world, "ask about a reversal", till.ask_reversal_again(reversal)).await);
            }
        }
        Action::ResolveReversal(who, says) => resolves_reversal(world, till, who, says).await,
        Action::SeeReversal(who) => {
            if let Some(reversal) = newest_reversal(world, who) {
                says_of(world, till, reversal, ReversalVerdict::Seen).await;
            }
        }
        Action::Portal(who, percent) => by_hand(world, till, who, percent).await,
        Action::Serve(_)
        | Action::Pay(_)
        | Action::PayTwice(_)
        | Action::Await(_, _)
        | Action::Wait(_)
        | Action::Cancel(_)
        | Action::CloseWindow(_)
        | Action::MovePage(_)
        | Action::Ask(_)
        | Action::SetAside(_)
        | Action::Resolve(_, _)
        | Action::ResolveTwice(_, _)
        | Action::Override(_)
        | Action::Restart(_)
        | Action::Kill(_)
        | Action::SecondStart
        | Action::Clock(_)
        | Action::Forge(_)
        | Action::Forget
        | Action::CloseDay
        | Action::Compare => {}
    }
}

fn newest_reversal(world: &World, who: usize) -> Option<ReversalId> {
    world.with(|state| state.desk.customers.get(who)?.reversals.last().copied())
}

/// What a customer is to get back, if anything can be told of it.
fn asked_back(world: &World, who: usize, percent: u8) -> Option<(PaymentId, ReverseSize)> {
    world.with(|state| {
        let customer = state.desk.customers.get(who)?;
        let paid = state.books.payments.iter().rev().find(|one| customer.attempts.contains(&one.attempt));
        let amount = paid.map_or(100, |payment| payment.amount) * i64::from(percent) / 100;
        let size = match percent {
            100 => ReverseSize::Whole,
            _ => ReverseSize::Part(Money::from_minor(amount, Currency::TRY)),
        };
        Some((customer.payment?, size))
    })
}

async fn reverses(world: &World, till: &Till, (who, kind, percent): (usize, Kind, u8)) {
    let (Some((payment, size)), Some(authority)) = (asked_back(world, who, percent), authority()) else { return };
    // As the screen does: the attempt that is offered is the one that is named.
    let offered = answered(world, "returns", till.returns(payment)).await;
    let attempt = offered.ok().map(|view| view.attempt);
    let request = ReverseRequest { payment, attempt, kind, size, shown_left: None, authority };
    let reply = answered(world, "reverse", till.reverse(request)).await;
    world.with(|state| match reply {
        Ok(view) => {
            if let Some(customer) = state.desk.customers.get_mut(who) {
                customer.reversals.push(view.reversal);
            }
        }
        Err(error) => {
            state.note(43, format_args!("reverse: {error}"));
            state.cell(Cell::NotReversed(word_of_reversal(&error)));
        }
    });
}

async fn resolves_reversal(world: &World, till: &Till, who: usize, says: Says) {
    let Some(reversal) = newest_reversal(world, who) else { return };
    let moved = world.with(|state| state.books.backs.iter().any(|back| back.reversal == reversal));
    let done = match says {
        Says::Yes => true,
        Says::No => false,
        Says::Truth => moved,
    };
    let verdict = if done { ReversalVerdict::Done } else { ReversalVerdict::NotDone };
    if says_of(world, till, reversal, verdict).await {
        world.with(|state| state.desk.reversal_words.push((reversal, done)));
    }
}

/// A supervisor's word on a reversal; whether it was taken.
async fn says_of(world: &World, till: &Till, reversal: ReversalId, verdict: ReversalVerdict) -> bool {
    let Some(authority) = authority() else { return false };
    let reply = answered(world, "settle a reversal", till.settle_reversal(reversal, verdict, authority, slip())).await;
    let word = match verdict {
        ReversalVerdict::Done | ReversalVerdict::NotDone => "reversal",
        ReversalVerdict::Seen => "alarms of a reversal",
    };
    world.with(|state| state.cell(Cell::Word(word, reply.is_ok())));
    reply.is_ok()
}

/// Gives back in the gateway's own portal, as a supervisor does who has looked at the desk first, and writes it down.
async fn by_hand(world: &World, till: &Till, who: usize, percent: u8) {
    let Some((payment, _)) = asked_back(world, who, percent) else { return };
    let Ok(offered) = answered(world, "returns", till.returns(payment)).await else { return };
    if matches!(offered.way, Way::Nothing { .. }) {
        return;
    }
    let moved = world.with(|state| {
        let moved = gives_back_by_hand(state, offered.attempt, percent);
        state.note(46, format_args!("the portal gives back {moved:?} of {}", offered.attempt));
        moved
    });
    let (Some(moved), Some(authority), Some(saw)) = (moved, authority(), slip()) else { return };
    let size = match offered.gateway {
        // An order is cancelled as a whole, whatever its installments cost.
        GatewayKind::Yolcu360 if offered.sums.is_some() => ReverseSize::Whole,
        GatewayKind::Yolcu360 | GatewayKind::Finrota => ReverseSize::Part(Money::from_minor(moved, Currency::TRY)),
    };
    let attempt = Some(offered.attempt);
    let request = PortalReturn { payment, attempt, kind: Kind::Refund, size, shown_left: None, saw, authority };
    let reply = answered(world, "record a return", till.record_return(request)).await;
    world.with(|state| {
        state.cell(Cell::Word("by hand", reply.is_ok()));
        match reply {
            Ok(view) => {
                state.books.backs.push(Back { reversal: view.reversal, amount: moved });
                if let Some(customer) = state.desk.customers.get_mut(who) {
                    customer.reversals.push(view.reversal);
                }
            }
            Err(error) => state.note(43, format_args!("not recorded: {error}")),
        }
    });
}
