//! Orders: seeded at the start, read by `GET /order/{id}`.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Value, json};

use super::{OURS, not_found};
use crate::answer::{Answer, Handled, either};
use crate::ledger::ChargeKind;
use crate::money::Currency;
use crate::order_table::ORDERS;
use crate::request::Incoming;
use crate::world::{World, refuse};

/// The product's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Reserved,
    Failed,
    Cancelled,
    Removed,
}

impl Status {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Reserved => "reserved",
            Status::Failed => "failed",
            Status::Cancelled => "cancelled",
            Status::Removed => "removed",
        }
    }
}

/// The part of an order that payments change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrderState {
    pub(crate) status: Status,
    pub(crate) vendor_cancelled: bool,
    pub(crate) payment_id: Option<String>,
    pub(crate) payment_type: Option<ChargeKind>,
    pub(crate) updated_at: String,
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) id: String,
    price_minor: i64,
    pub(crate) currency: Currency,
    pub(crate) scene: &'static str,
    pub(crate) state: OrderState,
    /// What `GET /order` shows instead of the state, until then.
    pub(crate) shown_until: Option<(Instant, OrderState)>,
    pub(crate) list_was_read: bool,
    /// What was charged and not yet returned, and in what.
    pub(crate) paid_minor: i64,
}

/// When the seeded orders were made: the same at each start.
const SEEDED_AT: &str = "2026-01-05T09:00:00.000Z";

impl Order {
    fn new(id: &str, price_minor: i64, currency: Currency, scene: &'static str) -> Order {
        let status = match scene {
            "reserved" => Status::Reserved,
            "cancelled" => Status::Cancelled,
            "failed" => Status::Failed,
            "removed" => Status::Removed,
            _ => Status::Pending,
        };
        let touched = matches!(status, Status::Reserved | Status::Failed | Status::Cancelled);
        let state = OrderState {
            status,
            vendor_cancelled: false,
            payment_id: touched.then(|| format!("payment_seed_{}", id.trim_start_matches("order_"))),
            payment_type: touched.then_some(ChargeKind::Card),
            updated_at: SEEDED_AT.to_owned(),
        };
        Order {
            id: id.to_owned(),
            price_minor,
            currency,
            scene,
            state,
            shown_until: None,
            list_was_read: false,
            paid_minor: 0,
        }
    }

    pub(crate) fn price_minor(&self) -> i64 {
        let risen = self.scene == "price_rises" && self.list_was_read;
        if risen { self.price_minor.saturating_add(1_000) } else { self.price_minor }
    }

    /// Whether a payment can be made.
    pub(crate) fn is_payable(&self) -> bool {
        match self.state.status {
            Status::Pending | Status::Failed => true,
            Status::Reserved | Status::Cancelled | Status::Removed => false,
        }
    }

    fn shown(&self, now: Instant) -> &OrderState {
        match &self.shown_until {
            Some((until, earlier)) if *until > now => earlier,
            Some(_) | None => &self.state,
        }
    }

    /// The order as `GET /order/{id}` gives it.
    pub(crate) fn to_json(&self) -> Value {
        self.write(self.shown(Instant::now()))
    }

    /// The order as it really stands.
    pub(crate) fn truth_as_json(&self) -> Value {
        self.write(&self.state)
    }

    fn write(&self, state: &OrderState) -> Value {
        let price = json!({ "amount": self.price_minor(), "currency": self.currency.code() });
        let pricing = match self.scene {
            "no_price" => json!({}),
            "only_total" => json!({ "total": price }),
            _ => json!({ "paymentTotal": price, "total": price }),
        };
        let status = if self.scene == "unknown_status" { "in_review" } else { state.status.word() };
        json!({
            "id": self.id,
            "paymentType": state.payment_type.map(|kind| match kind {
                ChargeKind::Card => "creditCard",
                ChargeKind::Limit => "limit",
            }),
            "paymentCurrency": self.currency.code(),
            "createdAt": SEEDED_AT,
            "updatedAt": state.updated_at,
            "passenger": {
                "firstName": "Ayşe", "lastName": "Yılmaz", "email": "ayse@practice.example", "phone": "+905550000000"
            },
            "orderedCarProduct": {
                "status": status,
                "vendorCancelled": state.vendor_cancelled,
                "paymentID": state.payment_id,
                "updatedAt": state.updated_at,
                "checkInDateTime": "2026-12-01T10:00:00", "checkOutDateTime": "2026-12-04T10:00:00",
                "car": { "brand": "Renault", "model": "Clio", "vendor": "Practice Vendor", "pricing": pricing }
            }
        })
    }
}

/// The orders of every start.
pub(crate) fn seeded() -> BTreeMap<String, Order> {
    ORDERS
        .iter()
        .filter(|seed| seed.scene != "not_found")
        .filter_map(|seed| {
            let currency = Currency::from_code(seed.currency)?;
            Some((seed.order.to_owned(), Order::new(seed.order, seed.amount_minor, currency, seed.scene)))
        })
        .collect()
}

/// The price of an order made up by its name: 100.00 to 2 099.00, the same for the same name.
fn made_up_price(id: &str) -> i64 {
    let hash = id.bytes().fold(0_i64, |hash, byte| (hash * 31 + i64::from(byte)) % 2_000);
    10_000 + hash * 100
}

impl World {
    /// The order of that id; `order_demo…` comes into being when it is first named.
    pub(crate) fn order(&mut self, id: &str) -> Option<&mut Order> {
        let plain = id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        if plain && id.starts_with("order_demo") && !self.orders.contains_key(id) {
            self.orders.insert(id.to_owned(), Order::new(id, made_up_price(id), Currency::Try, "plain"));
        }
        self.orders.get_mut(id)
    }
}

/// `GET /order/{id}`.
pub(crate) fn read(world: &mut World, id: &str, request: &Incoming) -> Answer {
    either(try_read(world, id, request))
}

fn try_read(world: &mut World, id: &str, request: &Incoming) -> Handled {
    world.check_token(OURS, "Authorization", request)?;
    let Some(order) = world.order(id) else { return Ok(not_found()) };
    match order.scene {
        "cannot_ask" => refuse(OURS, 403, "orderID", "this key may not read the order"),
        "broken_status" => refuse(OURS, 500, "orderID", "the order cannot be read at the moment"),
        _ => Ok(Answer::json(200, &order.to_json())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_the_same_at_each_start() {
        assert_eq!(seeded(), seeded());
        assert!(!seeded().contains_key("order_1015"));
        assert_eq!(made_up_price("order_demo_7"), made_up_price("order_demo_7"));
    }

    #[test]
    fn an_order_says_its_price_where_its_scene_lets_it() {
        let orders = seeded();
        let pricing = |id: &str| orders[id].to_json()["orderedCarProduct"]["car"]["pricing"].clone();
        assert_eq!(pricing("order_1001")["paymentTotal"], json!({ "amount": 54_500, "currency": "TRY" }));
        assert_eq!(pricing("order_1017"), json!({}));
        assert_eq!(pricing("order_1018").as_object().unwrap().len(), 1);
    }
}
