//! `GET /pws/payment/transaction`: the status query of the vendor's sibling product.

use std::time::Instant;

use serde::Serialize;
use serde_json::value::RawValue;

use super::{State, Transaction, enveloped};
use crate::answer::{Answer, Handled, either};
use crate::fault::Gateway;
use crate::money::raw_amount;
use crate::request::Incoming;
use crate::world::{World, refuse};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusAnswer<'a> {
    id: u64,
    reference_number: &'a str,
    client_reference_number: &'a str,
    currency_type: &'static str,
    installment: i64,
    last_amount: Box<RawValue>,
    last_net_amount: Box<RawValue>,
    transaction_date: &'a str,
    transaction_status_id: i64,
}

/// Both names that the vendor's pages use for the one parameter.
const PARAMETERS: [&str; 2] = ["clientOrderReferenceCode", "clientReferenceNumber"];

pub(crate) fn status(world: &World, request: &Incoming) -> Answer {
    either(try_status(world, request))
}

fn try_status(world: &World, request: &Incoming) -> Handled {
    world.check_token(Gateway::Finrota, "Authorization", request)?;
    let reference = match request.query.as_slice() {
        [] => return refuse(Gateway::Finrota, 400, "clientOrderReferenceCode", "is required"),
        [(name, reference)] if PARAMETERS.contains(&name.as_str()) => reference,
        [(name, _)] => return refuse(Gateway::Finrota, 400, name, "is not a known parameter"),
        _ => return Ok(not_found()),
    };
    let now = Instant::now();
    let visible = world
        .transactions
        .get(reference)
        .filter(|transaction| transaction.hidden_until.is_none_or(|until| until <= now));
    Ok(visible.map_or_else(not_found, |transaction| found(transaction, now)))
}

fn not_found() -> Answer {
    enveloped(404, "Transaction not found", None::<StatusAnswer<'_>>)
}

fn found(transaction: &Transaction, now: Instant) -> Answer {
    let pending = transaction.pending_until.is_some_and(|until| until > now);
    let state = if pending { State::Pending } else { transaction.state };
    let data = StatusAnswer {
        id: transaction.id,
        reference_number: &transaction.reference_number,
        client_reference_number: &transaction.reference,
        currency_type: transaction.currency.code(),
        installment: transaction.installments,
        last_amount: raw_amount(transaction.last_minor),
        last_net_amount: raw_amount(transaction.last_minor),
        transaction_date: &transaction.date,
        transaction_status_id: state.id(),
    };
    enveloped(200, "OK", Some(data))
}
