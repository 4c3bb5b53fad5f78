//! Every practice card at both gateways, and every practice order from the limit: whatever happens on the way, what the
//! desk says in the end never contradicts the ledger, and no payment request is sent twice.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use vezne_sandbox::{Gateway, practice_cards, practice_orders};
use vezne_tests::desk::Desk;
use vezne_tests::run::Ended;
use vezne_tests::sale::{Sale, from_limit, said, seen, settled};

/// Most of these only wait, so more of them run at once than there are cores.
const AT_ONCE: usize = 8;

/// Plays all of `items` and says which outcomes there were.
fn play_all<T: Sync + std::fmt::Debug>(items: &[T], play: impl Fn(&T) -> String + Sync) -> BTreeMap<String, usize> {
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let outcome = play(item);
                    let mut outcomes = outcomes.lock().unwrap_or_else(|_| panic!("another one failed"));
                    *outcomes.entry(outcome).or_insert(0) += 1;
                }
            });
        }
    });
    outcomes.into_inner().unwrap_or_else(|_| panic!("one failed"))
}

/// What the desk says agrees with what really happened.
#[track_caller]
fn assert_true(desk: &Desk, first: &Ended, last: &Ended, about: &str) -> String {
    let counts = seen(desk);
    let charged = desk.ledger().charges.len();
    let (code, outcome, ..) = said(last);
    let about = format!("{about}: {outcome}, {counts:?}, {charged} charges\n{first:#?}\n{last:#?}");
    assert!(charged <= 1, "charged twice: {about}");
    assert!(counts.received <= 1 + u32::from(about.contains("expired_token")), "sent twice: {about}");
    let (expected, holds) = match outcome.as_str() {
        "approved" => (0, charged == 1),
        "declined" => (10, charged == 0),
        "unknown" => (20, true),
        "not_sent" => (30, counts.received == 0),
        "refused" => (40, charged == 0),
        other => panic!("what is {other}? {about}"),
    };
    assert!(holds, "not true: {about}");
    assert_eq!(code, expected, "{about}");
    let verified = desk.run(&["journal", "verify"], "");
    assert_eq!(verified.code(), 0, "the journal does not verify: {verified:#?}\n{about}");
    if charged == 1 && outcome == "approved" && last.last().get("amount").is_some_and(|amount| !amount.is_null()) {
        let minor = desk.ledger().charges.iter().map(|charge| charge.amount_minor).sum::<i64>();
        let said = last.last().get("amount").and_then(|amount| amount.as_str().map(str::to_owned)).unwrap_or_default();
        assert_eq!(said, format!("{}.{:02}", minor / 100, minor % 100), "{about}");
    }
    outcome
}

/// Scenes that want more of a browser than the scripted customer has: cookies, TLS. The desk's tests play them.
const FOR_A_REAL_BROWSER: [&str; 2] = ["bank_foreign_frame", "bank_bad_certificate"];

fn every_card(gateway: Gateway) {
    let cards: Vec<_> = practice_cards().iter().filter(|card| !FOR_A_REAL_BROWSER.contains(&card.scene)).collect();
    let outcomes = play_all(&cards, |card| {
        let desk = Desk::open();
        let first = Sale::by(gateway, card.number).play(&desk);
        let last = settled(&desk, first.clone());
        assert_true(&desk, &first, &last, &format!("{gateway:?} {} {}", card.scene, card.number))
    });
    for outcome in ["approved", "declined", "unknown", "refused"] {
        assert!(outcomes.contains_key(outcome), "no card was {outcome}: {outcomes:?}");
    }
}

#[test]
fn what_is_said_of_every_card_at_finrota_is_true() {
    every_card(Gateway::Finrota);
}

#[test]
fn what_is_said_of_every_card_at_yolcu360_is_true() {
    every_card(Gateway::Yolcu360);
}

#[test]
fn what_is_said_of_every_order_paid_from_the_limit_is_true() {
    let outcomes = play_all(practice_orders(), |order| {
        let desk = Desk::open();
        let first = from_limit(&desk, order.order);
        let last = settled(&desk, first.clone());
        assert_true(&desk, &first, &last, &format!("{} {}", order.scene, order.order))
    });
    for outcome in ["approved", "declined", "unknown", "refused"] {
        assert!(outcomes.contains_key(outcome), "no order was {outcome}: {outcomes:?}");
    }
}
