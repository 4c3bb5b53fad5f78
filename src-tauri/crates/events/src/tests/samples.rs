//! What the tests are made of: one attempt, one reversal, events over them.

use std::sync::atomic::{AtomicU8, Ordering};

use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::attempt::{Attempt, CardMeans, Entry, Intent, Means, State, Subject, ThreeDs};
use vezne_core::card::CardNumber;
use vezne_core::evidence::SupervisorWord;
use vezne_core::ids::{AttemptId, AttemptReference, NameId, OperatorId, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan};
use vezne_core::ports::Entropy;
use vezne_core::record::{Batch, Record};
use vezne_core::text::ForeignText;
use vezne_core::time::{Millis, Timestamp};
use vezne_core::{limits, reversal};
use zeroize::Zeroizing;

use crate::chained::{Draft, Place, chained};
use crate::{ChainKey, Event, Tip};

pub(crate) const START: Timestamp = Timestamp::from_millis(1_795_251_600_000);

pub(crate) fn at(seconds: u64) -> Timestamp {
    START.after(Millis::seconds(seconds))
}

pub(super) const fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

pub(super) fn attempt_id(n: u8) -> AttemptId {
    AttemptId::from_parts(START, [n; 10])
}

pub(super) fn payment_id() -> PaymentId {
    PaymentId::from_parts(START, [1; 10])
}

pub(super) fn reversal_id() -> ReversalId {
    ReversalId::from_parts(START, [1; 10])
}

pub(super) fn operator_id() -> OperatorId {
    OperatorId::from_parts(START, [1; 10])
}

pub(super) fn name_id(n: u8) -> NameId {
    NameId::from_parts(START, [n; 10])
}

pub(super) fn reference() -> AttemptReference {
    AttemptReference::from_random([1; 16])
}

pub(super) fn word() -> SupervisorWord {
    SupervisorWord { operator: operator_id(), reason: "müşteri bekliyor".parse().unwrap(), saw: None }
}

fn account() -> AccountRef {
    AccountRef {
        id: "counter".parse().unwrap(),
        name: "Tezgâh".parse().unwrap(),
        gateway: GatewayKind::Finrota,
        endpoint: Endpoint {
            base_url: "https://pay.example/api".to_owned(),
            host: "pay.example".to_owned(),
            key_fingerprint: "f1".to_owned(),
        },
    }
}

/// The deposit of REZ-İ1: 545.00 TRY owed, 555.00 TRY charged in three installments.
pub(crate) fn intent() -> Intent {
    let option = InstallmentOption { installments: 3, monthly: lira(18_500), total: lira(55_500), commission: None };
    Intent {
        payment: payment_id(),
        attempt: attempt_id(1),
        reference: reference(),
        account: account(),
        subject: Subject::Reference {
            reference: "REZ-İ1".parse().unwrap(),
            part: Some(vezne_core::reference::Part::Deposit),
        },
        base: Some(lira(54_500)),
        means: Means::Card(Box::new(CardMeans {
            card: CardNumber::parse("4155650100416111").unwrap().summary(),
            holder: Some(name_id(1)),
            plan: Plan { program: None, program_name: None, option },
            three_ds: ThreeDs::Asked,
        })),
        terms: Terms {
            status_query: StatusQuery::On,
            return_rule: ReturnRule::Hint,
            challenge: Millis::minutes(10),
            pay_deadline: limits::PAY_DEADLINE,
            page: PagePlace::Window,
        },
        operator: Some(operator_id()),
        overrides: Some(attempt_id(2)),
        follows: Some(attempt_id(3)),
        behind_decline: false,
    }
}

/// The same order, or the whole of it, from the credit limit.
pub(super) fn on_limit() -> Intent {
    Intent { subject: Subject::Order("order_1".parse().unwrap()), means: Means::CreditLimit, ..intent() }
}

/// An attempt that came to stand there a minute after it was opened.
pub(super) fn standing(state: State) -> Attempt {
    let mut attempt = Attempt::open(intent(), START);
    attempt.apply(&Entry::Entered(Box::new(state)), at(60)).unwrap();
    attempt
}

pub(super) fn refund() -> reversal::Intent {
    reversal::Intent {
        reversal: reversal_id(),
        payment: payment_id(),
        attempt: attempt_id(1),
        account: account(),
        kind: reversal::Kind::Refund,
        amount: lira(10_000),
        target: reversal::Target::Transaction { number: ForeignText::filter("R-1"), reference: reference() },
        word: word(),
    }
}

pub(super) fn line(entry: Entry) -> Record {
    Record::Attempt { attempt: attempt_id(1), payment: payment_id(), entry }
}

pub(super) fn reversal_line(entry: reversal::Entry) -> Record {
    Record::Reversal { reversal: reversal_id(), payment: payment_id(), attempt: attempt_id(1), entry }
}

/// The same bytes in the same order each time, and never the same twice.
pub(super) struct Counting(pub(super) AtomicU8);

impl Counting {
    pub(super) const fn new() -> Self {
        Self(AtomicU8::new(1))
    }
}

impl Entropy for Counting {
    fn sixteen(&self) -> [u8; 16] {
        let first = self.0.fetch_add(1, Ordering::Relaxed);
        std::array::from_fn(|place| first.wrapping_add(u8::try_from(place).unwrap()))
    }
}

pub(super) fn key(id: &str, byte: u8) -> ChainKey {
    ChainKey::new(id, Zeroizing::new([byte; 32]))
}

pub(super) fn batch(records: Vec<Record>) -> Batch {
    Batch { records, names: Vec::new() }
}

/// A chain as it grows.
pub(super) struct Chain {
    pub(super) desk: &'static str,
    pub(super) events: Vec<Event>,
    dice: Counting,
}

impl Chain {
    pub(super) const fn new(desk: &'static str) -> Self {
        Self { desk, events: Vec::new(), dice: Counting::new() }
    }

    pub(super) fn tip(&self) -> Option<Tip> {
        self.events.last().map(|event| Tip {
            desk_id: event.desk_id.clone(),
            epoch: event.epoch,
            seq: event.seq,
            at_ms: event.at_ms,
            key_id: event.key_id.clone(),
            hash: event.hash.clone(),
        })
    }

    /// Writes a batch with this key, in a new epoch if one is given.
    pub(super) fn write(mut self, batch: Batch, key: &ChainKey, epoch: Option<i64>) -> Self {
        let draft = Draft::of(batch, at(1), &self.dice).unwrap().unwrap();
        let place = Place::after(self.tip().as_ref(), self.desk, epoch).unwrap();
        self.events.extend(chained(&draft, key, &self.dice, place).unwrap());
        self
    }
}
