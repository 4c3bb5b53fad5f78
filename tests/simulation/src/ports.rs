//! The smaller ports: clock, randomness, the bank's windows, PINs.

use std::sync::Arc;
use std::time::Duration;

use vezne_core::account::{AccountRef, PagePlace};
use vezne_core::ids::AttemptId;
use vezne_core::ports::{Answer, BankPage, BankPages, Clock, Entropy, Pins};
use vezne_core::record::Operator;
use vezne_core::time::Timestamp;

use crate::bank::page_opens;
use crate::schedule::{Boundary, What};
use crate::world::World;

/// The desk's clock: the time of day may jump, sleeping is monotonic.
pub(crate) struct SimClock(pub(crate) Arc<World>);

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        self.0.desk_now()
    }

    fn sleep_until(&self, until: Timestamp) -> Answer<'static, ()> {
        let span = until.since(self.0.desk_now());
        self.0.sleeps(span);
        Box::pin(tokio::time::sleep(span.as_duration()))
    }
}

/// Randomness out of the schedule's seed.
pub(crate) struct SimEntropy(pub(crate) Arc<World>);

impl Entropy for SimEntropy {
    fn sixteen(&self) -> [u8; 16] {
        self.0.with(crate::world::State::sixteen)
    }
}

/// The bank's windows.
pub(crate) struct SimPages(pub(crate) Arc<World>);

impl BankPages for SimPages {
    fn return_address(
        &self,
        attempt: AttemptId,
        _account: &AccountRef,
        _place: PagePlace,
    ) -> Answer<'_, Result<String, String>> {
        Box::pin(async move {
            match self.0.pass(Boundary::Address).await {
                Some(What::Fails) => Err("no address can be made".to_owned()),
                Some(_) | None => Ok(format!("https://127.0.0.1/return/{attempt}")),
            }
        })
    }

    fn open(&self, attempt: AttemptId, _page: BankPage) -> Answer<'_, Result<(), String>> {
        Box::pin(async move {
            if self.0.pass(Boundary::PageOpen).await == Some(What::Fails) {
                return Err("the window can't be opened".to_owned());
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
            self.0.unless_dead().await;
            self.0.with(|state| {
                let place = state.schedule.scene.page;
                page_opens(state, attempt, place);
            });
            Ok(())
        })
    }

    fn close(&self, attempt: AttemptId) -> Answer<'_, ()> {
        Box::pin(async move {
            // A window that can't be closed stays open; nobody is told.
            if self.0.pass(Boundary::PageClose).await != Some(What::Fails) {
                self.0.with(|state| state.pages.close(attempt));
            }
        })
    }
}

/// The supervisor's PIN, in the clear.
pub(crate) const PIN: &str = "1234";

/// PINs that are their own hash.
pub(crate) struct SimPins(pub(crate) Arc<World>);

impl Pins for SimPins {
    fn verify<'a>(&'a self, operator: Option<&'a Operator>, pin: &'a str) -> Answer<'a, bool> {
        Box::pin(async move {
            let what = self.0.pass(Boundary::Pin).await;
            let takes = if what == Some(What::Slow) { 9_000 } else { 80 };
            tokio::time::sleep(Duration::from_millis(takes)).await;
            operator.is_some_and(|operator| operator.pin_hash == pin)
        })
    }

    fn can_verify<'a>(&'a self, _operator: &'a Operator) -> Answer<'a, bool> {
        Box::pin(async { true })
    }
}
