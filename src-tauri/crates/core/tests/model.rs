//! Random sequences against the pure machines and a small reference model beside them: truths 2 to 6 of the
//! architecture hold whatever happens, and in whatever order.
//!
//! `SEED=n` repeats one sequence, `SEQUENCES=n` runs more or fewer than 100 000.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]
#![expect(clippy::indexing_slicing, reason = "the places come from the lists themselves")]
#![expect(clippy::print_stderr, reason = "a failing sequence names its seed")]

#[path = "model/chance.rs"]
mod chance;
#[path = "model/desk.rs"]
mod desk;
#[path = "model/dice.rs"]
mod dice;
#[path = "model/reversals.rs"]
mod reversals;
#[path = "model/truth.rs"]
mod truth;

use std::panic::{AssertUnwindSafe, catch_unwind};

use vezne_core::account::{AccountRef, Endpoint, GatewayKind};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::reversal::{Intent, Kind, Target};
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

/// Every so many sequences also go through JSON and are searched for card numbers.
const THOROUGH: u64 = 8;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a whole number"))
}

/// Runs the sequences on two threads; the first that fails names its seed.
fn each_seed(run: fn(u64)) {
    if let Some(seed) = number("SEED") {
        return run(seed);
    }
    let sequences = number("SEQUENCES").unwrap_or(100_000);
    let half = |parity: u64| {
        for seed in (0..sequences).filter(|seed| seed % 2 == parity) {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| run(seed))) {
                eprintln!("the sequence of SEED={seed} fails");
                std::panic::resume_unwind(panic);
            }
        }
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        half(0);
        other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

fn a_desk(seed: u64) {
    let mut dice = dice::Dice::new(seed);
    desk::Desk::new(&mut dice, seed.is_multiple_of(THOROUGH)).run();
}

fn a_reversal(seed: u64) {
    let start = Timestamp::from_millis(1_800_000_000_000);
    let intent = Intent {
        reversal: ReversalId::from_parts(start, [1; 10]),
        payment: PaymentId::from_parts(start, [1; 10]),
        attempt: AttemptId::from_parts(start, [1; 10]),
        account: AccountRef {
            id: "agency".parse().unwrap(),
            name: "Agency".parse().unwrap(),
            gateway: GatewayKind::Finrota,
            endpoint: Endpoint {
                base_url: "https://pay.example".to_owned(),
                host: "pay.example".to_owned(),
                key_fingerprint: "f00d".to_owned(),
            },
        },
        kind: Kind::Refund,
        amount: Money::from_minor(10_000, Currency::TRY),
        target: Target::Transaction {
            number: ForeignText::filter("R-77"),
            reference: AttemptReference::from_random([1; 16]),
        },
        word: desk::word(),
    };
    reversals::run(&mut dice::Dice::new(seed), &intent);
}

#[test]
fn whatever_happens_in_whatever_order_the_truths_of_an_attempt_hold() {
    each_seed(a_desk);
}

#[test]
fn whatever_happens_in_whatever_order_the_truths_of_a_reversal_hold() {
    each_seed(a_reversal);
}
