//! Lets happen what is due while the desk's process lives, and hands in what reaches the desk.

use std::future::pending;
use std::sync::Arc;

use tokio::time::{Duration, sleep};
use vezne_core::account::{ReturnRule, StatusQuery};
use vezne_core::attempt::{PageEnd, ReturnHint};
use vezne_core::ids::AttemptId;
use vezne_till::Till;

use super::{Happening, World};
use crate::bank;
use crate::coverage::Cell;
use crate::life::start_again;
use crate::operator;
use crate::schedule::{Boundary, What};

/// Runs beside the till of one life.
pub(crate) async fn drive(world: Arc<World>, till: Till) {
    loop {
        world.unless_dead().await;
        let now = world.now();
        match world.with(|state| state.take_due(now)) {
            Some((_, happening)) if happening.needs_the_desk() => reaches_the_desk(&world, &till, happening),
            Some((_, happening)) => world.with(|state| state.happen(happening)),
            None => {
                let next = world.next_at();
                tokio::select! {
                    biased;
                    () = world.bell.notified() => {}
                    () = async {
                        match next {
                            Some(at) => sleep(Duration::from_millis(at.saturating_sub(now))).await,
                            None => pending().await,
                        }
                    } => {}
                }
            }
        }
    }
}

fn reaches_the_desk(world: &Arc<World>, till: &Till, happening: Happening) {
    let (world, till) = (Arc::clone(world), till.clone());
    match happening {
        Happening::Returns(attempt, hint) => {
            tokio::spawn(async move { returns(&world, &till, attempt, *hint).await });
        }
        Happening::WindowClosed(attempt) => {
            tokio::spawn(async move { window_closed(&world, &till, attempt).await });
        }
        Happening::Beside(what) => {
            tokio::spawn(async move { beside(&world, &till, what).await });
        }
        Happening::Arrives(..)
        | Happening::Decides(..)
        | Happening::ActsAtBank(_)
        | Happening::GivesUp(_)
        | Happening::RoomIsMade => {}
    }
}

/// A return comes back to the address that the desk gave out: only the life that gave it out knows its nonce.
async fn returns(world: &World, till: &Till, attempt: AttemptId, hint: ReturnHint) {
    let twice = match world.pass(Boundary::Return).await {
        Some(What::Lost) => return,
        Some(What::Slow) => {
            sleep(Duration::from_secs(45)).await;
            false
        }
        Some(What::Twice) => true,
        Some(_) | None => false,
    };
    world.unless_dead().await;
    if !world.with(|state| state.pages.knows_its_nonce(attempt, state.life)) {
        return;
    }
    world.with(|state| state.note(33, format_args!("a return reaches the desk for {attempt}: {:?}", hint.fields)));
    till.returned(attempt, hint.clone()).await;
    if twice {
        till.returned(attempt, hint).await;
    }
}

/// Somebody closes the bank's window.
pub(crate) async fn window_closed(world: &World, till: &Till, attempt: AttemptId) {
    world.unless_dead().await;
    world.with(|state| {
        state.pages.close(attempt);
        state.note(34, format_args!("the window of {attempt} is closed by hand"));
    });
    till.page_gone(attempt, PageEnd::ClosedByHand).await;
}

/// Something else happens at the desk just then.
async fn beside(world: &Arc<World>, till: &Till, what: What) {
    world.unless_dead().await;
    let newest = world.with(|state| state.told.attempts.keys().next_back().copied());
    let word = match (what, newest) {
        (What::PayAgain, _) => {
            operator::pay_again(world, till).await;
            "pay again"
        }
        (What::SecondStart, _) => {
            start_again(world);
            "second start"
        }
        (What::Cancel, Some(attempt)) => {
            drop(till.cancel(attempt).await);
            "cancel"
        }
        (What::AskAgain, Some(attempt)) => {
            drop(till.ask_again(attempt).await);
            "ask again"
        }
        (What::CloseWindow, Some(attempt)) => {
            window_closed(world, till, attempt).await;
            "close window"
        }
        (What::ForgedImage, Some(attempt)) => forge(world, till, (attempt, true, false)).await,
        (What::ForgedSuccess, Some(attempt)) => forge(world, till, (attempt, true, true)).await,
        (What::ForgedFailure, Some(attempt)) => forge(world, till, (attempt, false, true)).await,
        (_, _) => "nothing to do it to",
    };
    world.with(|state| state.cell(Cell::Beside(word)));
}

/// A forged return; where returns settle by the owner's setting, nobody can tell an own page's from a true one, so there it
/// is only ever an image's.
pub(crate) async fn forge(
    world: &World,
    till: &Till,
    (attempt, yes, own_page): (AttemptId, bool, bool),
) -> &'static str {
    let hint = world.with(|state| {
        let scene = &state.schedule.scene;
        let settles = scene.query == StatusQuery::Off || scene.rule == ReturnRule::Settles;
        state.books.forged |= own_page && !settles;
        bank::hint(state, attempt, yes, own_page && !settles)
    });
    match hint {
        Some(hint) => {
            till.returned(attempt, hint).await;
            "forged return"
        }
        None => "nothing to forge",
    }
}
