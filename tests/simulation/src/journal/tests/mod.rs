//! The journal in memory by itself, and beside the real one.

mod batches;
mod faults;
mod random;

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use vezne_core::ports::Entropy;
use vezne_core::time::{Millis, Timestamp};
use zeroize::Zeroizing;

use super::*;
use vezne_events::{ChainKey, Keys};

/// 2026-11-21T09:00:00Z.
const START: Timestamp = Timestamp::from_millis(1_795_251_600_000);

fn at(seconds: u64) -> Timestamp {
    START.after(Millis::seconds(seconds))
}

fn keys() -> Keys {
    Keys::only(ChainKey::new("key-1", Zeroizing::new([1; 32])))
}

/// Random bytes with a seed.
struct Seeded(Mutex<crate::dice::Dice>);

impl Entropy for Seeded {
    fn sixteen(&self) -> [u8; 16] {
        let mut dice = self.0.lock().unwrap();
        let (high, low) = (u128::from(dice.roll()), u128::from(dice.roll()));
        (high << 64 | low).to_be_bytes()
    }
}

fn seeded(seed: u64) -> Arc<dyn Entropy> {
    Arc::new(Seeded(Mutex::new(crate::dice::Dice::new(seed))))
}

/// Faults that are said beforehand, each met at the next step of its kind.
#[derive(Default)]
struct Planned(Mutex<VecDeque<(DiskStep, DiskFault)>>);

impl Planned {
    fn next(&self, step: DiskStep, fault: DiskFault) {
        self.0.lock().unwrap().push_back((step, fault));
    }

    fn none_left(&self) -> bool {
        self.0.lock().unwrap().is_empty()
    }

    fn forget(&self) {
        self.0.lock().unwrap().clear();
    }
}

impl DiskFaults for Planned {
    fn at(&self, step: DiskStep) -> Option<DiskFault> {
        let mut planned = self.0.lock().unwrap();
        let (next, fault) = planned.front().copied()?;
        (next == step).then(|| planned.pop_front()).flatten().map(|_| fault)
    }
}

/// The answer; `None` when it never comes.
fn answer<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}
