//! `POST /order/{id}/cancel_eligibility` and `POST /order/{id}/cancel`: the whole order, no partial amounts.

use serde_json::json;

use super::orders::{Order, Status};
use super::{OURS, not_found};
use crate::answer::{Answer, Handled, either};
use crate::fields::Fields;
use crate::ledger::ChargeKind;
use crate::request::Incoming;
use crate::world::{World, bad_request, refuse};

fn cancellable(order: &Order) -> bool {
    order.state.status == Status::Reserved && order.scene != "not_cancellable"
}

fn refundable(order: &Order) -> bool {
    cancellable(order) && order.scene != "not_refundable" && order.paid_minor > 0
}

/// The body may be absent or an empty object.
fn check_body(request: &Incoming) -> Result<(), Box<Answer>> {
    if request.body.is_empty() {
        return Ok(());
    }
    Fields::of_body(&request.body).and_then(Fields::finish).map_err(bad_request(OURS))
}

pub(crate) fn eligibility(world: &mut World, id: &str, request: &Incoming) -> Answer {
    either(try_eligibility(world, id, request))
}

fn try_eligibility(world: &mut World, id: &str, request: &Incoming) -> Handled {
    world.check_token(OURS, "Authorization", request)?;
    check_body(request)?;
    let Some(order) = world.order(id) else { return Ok(not_found()) };
    Ok(Answer::json(200, &json!({ "cancellable": cancellable(order), "refundable": refundable(order) })))
}

pub(crate) fn cancel(world: &mut World, id: &str, request: &Incoming) -> Answer {
    either(try_cancel(world, id, request))
}

fn try_cancel(world: &mut World, id: &str, request: &Incoming) -> Handled {
    world.check_token(OURS, "Authorization", request)?;
    check_body(request)?;
    let Some(order) = world.order(id) else { return Ok(not_found()) };
    if !cancellable(order) {
        return refuse(OURS, 422, "orderID", "the order cannot be cancelled");
    }
    let returned = if refundable(order) { order.paid_minor } else { 0 };
    order.state.status = Status::Cancelled;
    order.state.updated_at = crate::clock::now();
    order.shown_until = None;
    order.paid_minor = 0;
    let (currency, kind) = (order.currency, order.state.payment_type);
    if returned > 0 {
        world.ledger.reverse(OURS, id, "cancel", returned);
        if kind == Some(ChargeKind::Limit) {
            let limit = world.ledger.limit(currency);
            *limit = limit.saturating_add(returned);
        }
    }
    let message = if returned > 0 { "Order cancelled and refunded" } else { "Order cancelled" };
    Ok(Answer::json(200, &json!({ "success": true, "message": message, "orderId": id, "status": "cancelled" })))
}
