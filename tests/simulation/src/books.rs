//! The gateway's books: what was asked of it, what it shows, and the ledger of money that really moved. The ledger is the
//! oracle: whatever the desk believes is held against it.

use std::collections::{BTreeMap, BTreeSet};

use vezne_core::account::GatewayKind;
use vezne_core::ids::{AttemptId, ReversalId};

use crate::schedule::{Behaviour, Scene};

/// What the dearest order costs less: in minor units, by the subject's number.
pub(crate) fn price_of(subject: u8) -> i64 {
    54_500 + 1_000 * i64::from(subject)
}

/// What three installments cost.
pub(crate) const fn dearer(price: i64) -> i64 {
    price + price / 10
}

/// How long a gateway that works slowly shows a decided payment as pending.
const SHOWS_LATE: u64 = 3_000;

/// A payment's number in the books.
pub(crate) type PaymentNumber = usize;

/// What the gateway shows of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Nothing: it says that it knows of no such payment.
    Nothing,
    /// Not decided.
    Pending,
    /// Paid.
    Paid,
    /// Not paid.
    Failed,
}

/// A payment that the gateway has taken in.
#[derive(Debug, Clone)]
pub(crate) struct Payment {
    pub(crate) attempt: AttemptId,
    /// `clientReferenceCode`.
    pub(crate) reference: String,
    /// The order; at Finrota nothing.
    pub(crate) order: Option<String>,
    pub(crate) amount: i64,
    pub(crate) limit: bool,
    pub(crate) customer: usize,
    pub(crate) behaviour: Behaviour,
    /// Whether the customer must pass the bank's page.
    pub(crate) challenged: bool,
    /// What the gateway shows of it, from when on.
    pub(crate) marks: Vec<(u64, Shown)>,
    /// When money moved.
    pub(crate) charged: Option<u64>,
    /// What went back, and when.
    pub(crate) back: Vec<(u64, i64)>,
}

impl Payment {
    /// What went back by then.
    pub(crate) fn back_by(&self, at: u64) -> i64 {
        self.back.iter().filter(|(when, _)| *when <= at).map(|(_, amount)| *amount).sum()
    }

    /// What is shown of it to somebody who sees the books as they were then.
    pub(crate) fn shown(&self, at: u64) -> Shown {
        self.marks.iter().rev().find(|(from, _)| *from <= at).map_or(Shown::Nothing, |(_, shown)| *shown)
    }

    /// Whether the bank or the gateway has decided.
    pub(crate) fn is_decided(&self) -> bool {
        matches!(self.marks.last(), Some((_, Shown::Paid | Shown::Failed)))
    }
}

/// How an order of Yolcu360 stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OrderMark {
    /// `orderedCarProduct.status`.
    pub(crate) status: &'static str,
    /// `paymentID`.
    pub(crate) payment: Option<PaymentNumber>,
    /// `paymentType`.
    pub(crate) limit: Option<bool>,
}

/// An order of Yolcu360.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) price: i64,
    pub(crate) marks: Vec<(u64, OrderMark)>,
}

impl Order {
    /// The mark that stood then, and since when.
    pub(crate) fn mark(&self, at: u64) -> (u64, OrderMark) {
        let found = self.marks.iter().rev().find(|(from, _)| *from <= at).or(self.marks.first());
        found.copied().unwrap_or((0, OrderMark { status: "pending", payment: None, limit: None }))
    }
}

/// An answer about installments, whose tokens pay once.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) base: i64,
    /// The installments whose token was used.
    pub(crate) used: Vec<u8>,
}

/// What a request that may move money was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Attempt(AttemptId),
    Reversal(ReversalId),
}

/// A request that may move money and has left the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) about: About,
    pub(crate) at: u64,
    /// Whether it was answered with a plain 401: not processed (`RULES.md` 5).
    pub(crate) turned_away: bool,
}

/// Money that a reversal moved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Back {
    pub(crate) reversal: ReversalId,
    pub(crate) amount: i64,
}

/// Everything that the gateway knows.
#[derive(Default)]
pub(crate) struct Books {
    pub(crate) payments: Vec<Payment>,
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) offers: Vec<Offer>,
    /// The token that is taken; older ones are not.
    pub(crate) token: u64,
    /// Whether no new token is given at all.
    pub(crate) locked_out: bool,
    pub(crate) sent: Vec<Sent>,
    pub(crate) backs: Vec<Back>,
    /// What went back by hand, in the portal, of whose money.
    pub(crate) by_hand: BTreeMap<AttemptId, i64>,
    /// When pay requests came, for the rate.
    pub(crate) rate: Vec<u64>,
    /// Whether a return was forged as the window's own page.
    pub(crate) forged: bool,
    /// How long a decided payment is still shown as pending.
    pub(crate) shows_late: u64,
    /// Orders of which a person settled an attempt.
    pub(crate) worded: BTreeSet<String>,
    /// Connections that are held open without an answer.
    pub(crate) holding: Vec<crate::world::ReplyTo>,
}

impl Books {
    pub(crate) fn new(scene: &Scene) -> Self {
        let order = |subject: u8| {
            let mark = OrderMark { status: "pending", payment: None, limit: None };
            (format!("order_{subject}"), Order { price: price_of(subject), marks: vec![(0, mark)] })
        };
        let shows_late = if scene.gateway == GatewayKind::Finrota && scene.has_style(5) { SHOWS_LATE } else { 0 };
        Self {
            shows_late,
            orders: scene.customers.iter().map(|customer| order(customer.subject)).collect(),
            ..Self::default()
        }
    }

    /// The payments of an attempt: more than one, if its request was processed more than once.
    pub(crate) fn of(&self, attempt: AttemptId) -> impl Iterator<Item = &Payment> {
        self.payments.iter().filter(move |payment| payment.attempt == attempt)
    }

    /// Whether money moved for an attempt by then.
    pub(crate) fn is_charged(&self, attempt: AttemptId, by: u64) -> bool {
        self.of(attempt).any(|payment| payment.charged.is_some_and(|at| at <= by))
    }

    /// Whether nobody outside can say which of an order's attempts its money is: the gateway said no to one of them and took
    /// the money all the same, somebody forged a return (`RULES.md` 4 goes by what an attempt's own answer or return said), or
    /// a person settled one of them before the bank did.
    pub(crate) fn is_anybodys(&self, order: Option<&str>) -> bool {
        let lied = |payment: &Payment| payment.behaviour == Behaviour::NoThenYes;
        let on_order = |payment: &&Payment| payment.order.as_deref() == order;
        order.is_some()
            && (self.forged
                || order.is_some_and(|order| self.worded.contains(order))
                || self.payments.iter().filter(on_order).any(lied))
            && self.payments.iter().filter(on_order).any(|payment| payment.charged.is_some())
    }

    /// A request leaves the desk.
    pub(crate) fn leaves(&mut self, about: About, at: u64) {
        self.sent.push(Sent { about, at, turned_away: false });
    }

    /// The newest request about this was turned away with a plain 401.
    pub(crate) fn turned_away(&mut self, about: About) {
        if let Some(sent) = self.sent.iter_mut().rev().find(|sent| sent.about == about) {
            sent.turned_away = true;
        }
    }

    /// Moves the money of a payment.
    pub(crate) fn charge(&mut self, number: PaymentNumber, at: u64) {
        let Some(payment) = self.payments.get_mut(number) else { return };
        payment.charged.get_or_insert(at);
        payment.marks.push((at + self.shows_late, Shown::Paid));
        let (order, limit) = (payment.order.clone(), payment.limit);
        self.mark_order(
            order.as_deref(),
            at,
            OrderMark { status: "reserved", payment: Some(number), limit: Some(limit) },
        );
    }

    /// The payment has come to nothing.
    pub(crate) fn fail(&mut self, number: PaymentNumber, at: u64, order_stays: bool) {
        let Some(payment) = self.payments.get_mut(number) else { return };
        payment.marks.push((at + self.shows_late, Shown::Failed));
        let (order, limit) = (payment.order.clone(), payment.limit);
        if !order_stays {
            self.mark_order(
                order.as_deref(),
                at,
                OrderMark { status: "failed", payment: Some(number), limit: Some(limit) },
            );
        }
    }

    /// Marks an order. One that is paid stays paid, whatever becomes of other payments for it, and a cancelled one cancelled.
    pub(crate) fn mark_order(&mut self, order: Option<&str>, at: u64, mark: OrderMark) {
        let Some(order) = order.and_then(|order| self.orders.get_mut(order)) else { return };
        let stands = order.mark(at).1;
        let stays = match stands.status {
            "cancelled" => true,
            "reserved" => !matches!(mark.status, "reserved" | "cancelled"),
            _ => false,
        };
        if !stays {
            order.marks.push((at, mark));
        }
    }
}
