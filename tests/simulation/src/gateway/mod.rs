//! Both gateways: their side of the wire, which goes by the vendors' documents, and the desk's side of it.

pub(crate) mod answers;
mod client;
mod line;
mod port;

pub(crate) use client::SimGateway;

use vezne_core::account::GatewayKind;
use vezne_core::ids::{AttemptId, ReversalId};
use vezne_gateway::reading::Answered;

use crate::bank::{CHARGES_ALL_THE_SAME, DECIDES_LATE, GIVES_UP};
use crate::books::{Back, Offer, OrderMark, Payment, PaymentNumber, Shown};
use crate::schedule::{Behaviour, Means};
use crate::world::{Happening, ReplyTo, State};

/// How many payments a minute Yolcu360 takes (document, Rate Limiting).
const PAYMENTS_A_MINUTE: usize = 10;

/// A payment request, as far as the simulated gateway looks at it.
#[derive(Debug, Clone)]
pub(crate) struct Pay {
    pub(crate) attempt: AttemptId,
    pub(crate) reference: String,
    pub(crate) order: Option<String>,
    /// The offer whose token pays, and for how many installments (Finrota).
    pub(crate) offer: Option<(usize, u8)>,
    pub(crate) amount: i64,
    pub(crate) three_ds: bool,
    pub(crate) limit: bool,
    pub(crate) customer: usize,
}

/// What a request asks.
#[derive(Debug, Clone)]
pub(crate) enum Ask {
    SignIn,
    Options { order: Option<String>, base: i64, bin: String },
    Order(String),
    Transaction(String),
    Pay(Box<Pay>),
    Eligibility(String),
    Cancel { reversal: ReversalId, order: String },
    Return { reversal: ReversalId, reference: String, amount: Option<i64> },
}

/// Which of its books a gateway answers from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// As they stand, but for the usual lag.
    Now,
    /// As they stood a minute before.
    Stale,
    /// As if nothing of it had come in yet.
    Nothing,
}

/// A request on its way.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) ask: Ask,
    /// The token that it carries.
    pub(crate) token: u64,
    pub(crate) seen: Seen,
}

/// How far a stale answer lags behind.
const STALE: u64 = 60_000;

/// A request reaches the gateway.
pub(crate) fn arrive(state: &mut State, request: Request, reply: ReplyTo) {
    let kind = state.schedule.scene.gateway;
    let signs_in = matches!(request.ask, Ask::SignIn);
    if !signs_in && request.token != state.books.token {
        return answer(reply, answers::error(kind, 401, "token invalid"));
    }
    let now = state.now();
    let lag = u64::from(state.schedule.scene.lag) * 1_000;
    let at = match request.seen {
        Seen::Now => now.saturating_sub(lag),
        Seen::Stale => now.saturating_sub(lag + STALE),
        Seen::Nothing => 0,
    };
    match request.ask {
        Ask::SignIn => {
            let given = if state.books.locked_out {
                answers::error(kind, 401, "wrong key")
            } else {
                state.books.token += 1;
                answers::token(kind, state.books.token)
            };
            answer(reply, given);
        }
        Ask::Options { order, base, bin } => answer(reply, options(state, order.as_deref(), base, &bin)),
        Ask::Order(id) => answer(reply, order(state, &id, at)),
        Ask::Transaction(reference) => answer(reply, transaction(state, &reference, at)),
        Ask::Pay(pay) => pays(state, &pay, reply),
        Ask::Eligibility(id) => {
            let stands = state.books.orders.get(&id).map(|order| order.mark(now).1.status);
            answer(reply, answers::eligibility(stands == Some("reserved")));
        }
        Ask::Cancel { reversal, order } => answer(reply, cancel(state, reversal, &order)),
        Ask::Return { reversal, reference, amount } => answer(reply, give_back(state, reversal, &reference, amount)),
    }
}

fn answer(reply: ReplyTo, answer: Answered) {
    if let Some(reply) = reply {
        let _nobody_waits = reply.send(answer);
    }
}

fn options(state: &mut State, order: Option<&str>, base: i64, bin: &str) -> Answered {
    let now = state.now();
    let base = match order {
        None => base,
        Some(id) => match state.books.orders.get(id).map(|order| (order.mark(now).1.status, order.price)) {
            Some(("pending" | "failed", price)) => price,
            Some(_) | None => return answers::error(GatewayKind::Yolcu360, 404, "order not found"),
        },
    };
    let offer = Offer { base, used: Vec::new() };
    let number = state.books.offers.len();
    let told = answers::options(state, number, &offer, bin);
    state.books.offers.push(offer);
    told
}

fn order(state: &State, id: &str, at: u64) -> Answered {
    match state.books.orders.get(id) {
        Some(order) => answers::order_as_json(id, order, at),
        None => answers::error(GatewayKind::Yolcu360, 404, "order not found"),
    }
}

fn transaction(state: &State, reference: &str, at: u64) -> Answered {
    // Where a request was processed twice, the one that took money is the one that anybody would find.
    let payments = || state.books.payments.iter().enumerate().filter(|(_, payment)| payment.reference == reference);
    match payments().find(|(_, payment)| payment.charged.is_some()).or_else(|| payments().next()) {
        Some((number, payment)) => answers::transaction(state, number, payment, at),
        None => answers::no_transaction(state),
    }
}

/// The gateway takes a payment in, or turns it away.
fn pays(state: &mut State, pay: &Pay, reply: ReplyTo) {
    let now = state.now();
    if reply.is_none() && state.books.of(pay.attempt).next().is_some() {
        // The same bytes once more: whoever terminates the connection drops them.
        return;
    }
    let turned_away = match &pay.order {
        Some(id) => {
            state.books.rate.retain(|at| at + 60_000 > now);
            state.books.rate.push(now);
            let payable = state.books.orders.get(id).map(|order| order.mark(now).1.status);
            if state.books.rate.len() > PAYMENTS_A_MINUTE {
                Some(answers::error(GatewayKind::Yolcu360, 429, "too many requests"))
            } else if matches!(payable, Some("pending" | "failed")) {
                None
            } else {
                Some(answers::error(GatewayKind::Yolcu360, 404, "order not found or payment already processed"))
            }
        }
        None => {
            let offer = pay.offer.and_then(|(number, count)| Some((state.books.offers.get_mut(number)?, count)));
            match offer {
                Some((offer, count)) if !offer.used.contains(&count) => {
                    offer.used.push(count);
                    None
                }
                Some(_) | None => Some(answers::error(GatewayKind::Finrota, 400, "installmentToken is not valid")),
            }
        }
    };
    match turned_away {
        Some(error) => answer(reply, error),
        None => takes_in(state, pay, reply),
    }
}

fn takes_in(state: &mut State, pay: &Pay, reply: ReplyTo) {
    let now = state.now();
    let earlier = state.books.payments.iter().filter(|one| one.customer == pay.customer && one.attempt != pay.attempt);
    let mut attempts: Vec<AttemptId> = earlier.map(|payment| payment.attempt).collect();
    attempts.dedup();
    let customer = state.schedule.scene.customers.get(pay.customer);
    let behaviour = customer.map_or(Behaviour::Approves, |customer| customer.behaviour(attempts.len()));
    let challenged = pay.three_ds && behaviour != Behaviour::NoThenYes;
    let number: PaymentNumber = state.books.payments.len();
    let first = if behaviour == Behaviour::NoThenYes { Shown::Nothing } else { Shown::Pending };
    state.books.payments.push(Payment {
        attempt: pay.attempt,
        reference: pay.reference.clone(),
        order: pay.order.clone(),
        amount: pay.amount,
        limit: pay.limit,
        customer: pay.customer,
        behaviour,
        challenged,
        marks: vec![(now, first)],
        charged: None,
        back: Vec::new(),
    });
    state.note(10, format_args!("the gateway takes in payment {number} of {}: {behaviour}", pay.attempt));
    if challenged {
        if state.schedule.scene.has_style(0) {
            let mark = OrderMark { status: "pending", payment: Some(number), limit: Some(false) };
            state.books.mark_order(pay.order.as_deref(), now, mark);
        }
        if behaviour != Behaviour::Silent {
            state.later(now + GIVES_UP, Happening::GivesUp(number));
        }
        let page = answers::challenge(state, number, behaviour != Behaviour::BadPage);
        return answer(reply, page);
    }
    match behaviour {
        Behaviour::Approves => state.later(now, Happening::Decides(number, true, reply)),
        Behaviour::Declines | Behaviour::Cancels | Behaviour::BadPage => {
            state.later(now, Happening::Decides(number, false, reply));
        }
        Behaviour::LateYes | Behaviour::GoneYes => {
            state.later(now + DECIDES_LATE, Happening::Decides(number, true, reply))
        }
        Behaviour::LateNo | Behaviour::GoneNo => {
            state.later(now + DECIDES_LATE, Happening::Decides(number, false, reply))
        }
        Behaviour::Walks => {
            state.books.holding.push(reply);
            state.later(now + GIVES_UP, Happening::GivesUp(number));
        }
        Behaviour::Silent => state.books.holding.push(reply),
        Behaviour::NoThenYes => {
            let no = answers::not_paid(state, number);
            answer(reply, no);
            state.later(now + CHARGES_ALL_THE_SAME, Happening::Decides(number, true, None));
        }
    }
}

fn cancel(state: &mut State, reversal: ReversalId, id: &str) -> Answered {
    let now = state.now();
    let stands = state.books.orders.get(id).map(|order| order.mark(now).1);
    let Some(mark) = stands.filter(|mark| mark.status == "reserved") else {
        return answers::error(GatewayKind::Yolcu360, 422, "the order cannot be cancelled");
    };
    state.books.mark_order(Some(id), now, OrderMark { status: "cancelled", ..mark });
    for payment in state.books.payments.iter_mut().filter(|payment| payment.order.as_deref() == Some(id)) {
        let left = payment.amount - payment.back_by(now);
        if payment.charged.is_some() && left > 0 {
            payment.back.push((now, left));
            state.books.backs.push(Back { reversal, amount: left });
        }
    }
    answers::cancelled(id)
}

fn give_back(state: &mut State, reversal: ReversalId, reference: &str, amount: Option<i64>) -> Answered {
    let now = state.now();
    let mut payments = state.books.payments.iter_mut();
    let found = payments.find(|payment| payment.reference == reference && payment.charged.is_some());
    let Some(payment) = found else {
        return answers::error(GatewayKind::Finrota, 404, "Transaction not found");
    };
    let left = payment.amount - payment.back_by(now);
    let wanted = amount.unwrap_or(left);
    let voids_a_part = amount.is_none() && left != payment.amount;
    let possible = wanted > 0 && wanted <= left && !voids_a_part;
    if possible {
        payment.back.push((now, wanted));
        state.books.backs.push(Back { reversal, amount: wanted });
    }
    answers::reversed(payment, now, possible)
}

/// Somebody gives back so many per cent in the portal; at Yolcu360 the whole order is cancelled. `None` where nothing is left.
pub(crate) fn gives_back_by_hand(state: &mut State, attempt: AttemptId, percent: u8) -> Option<i64> {
    let now = state.now();
    let paid = |payment: &&mut Payment| payment.attempt == attempt && payment.charged.is_some();
    let payment = state.books.payments.iter_mut().find(paid)?;
    let left = payment.amount - payment.back_by(now);
    let moved = if payment.order.is_some() { left } else { left.min(payment.amount * i64::from(percent) / 100) };
    if moved == 0 {
        return None;
    }
    payment.back.push((now, moved));
    let order = payment.order.clone();
    *state.books.by_hand.entry(attempt).or_default() += moved;
    if let Some(mark) = order.as_ref().and_then(|id| state.books.orders.get(id)).map(|order| order.mark(now).1) {
        state.books.mark_order(order.as_deref(), now, OrderMark { status: "cancelled", ..mark });
    }
    Some(moved)
}

/// The customer of a subject.
pub(crate) fn customer_of(state: &State, subject: u8, part: Option<u8>, limit: bool) -> usize {
    let customers = || state.schedule.scene.customers.iter().enumerate().filter(move |(_, one)| one.subject == subject);
    let exact = customers().find(|(_, one)| one.part == part && (one.means == Means::Limit) == limit);
    exact.or_else(|| customers().next()).map_or(0, |(place, _)| place)
}
