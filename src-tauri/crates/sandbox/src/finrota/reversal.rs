//! `POST /pws/payment/cancel` and `POST /pws/payment/refund`, with the vendor's traps.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{State, Transaction, enveloped};
use crate::answer::{Answer, Handled, either};
use crate::fault::Gateway;
use crate::fields::{Fields, Problem};
use crate::money::raw_amount;
use crate::request::Incoming;
use crate::scene::Voiding;
use crate::world::{World, bad_request, check_json};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReversalAnswer<'a> {
    last_amount: Box<RawValue>,
    transaction_status_id: i64,
    error_code: Option<&'a str>,
    error_message: Option<&'a str>,
    is_success: bool,
}

/// Why a reversal is refused: the vendor's code and words.
type Refusal = (&'static str, &'static str);

pub(crate) fn cancel(world: &mut World, request: &Incoming) -> Answer {
    either(try_reverse(world, request, Kind::Void))
}

pub(crate) fn refund(world: &mut World, request: &Incoming) -> Answer {
    either(try_reverse(world, request, Kind::Refund))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Void,
    Refund,
}

struct Asked {
    reference_number: String,
    amount_minor: Option<i64>,
}

fn read(request: &Incoming, kind: Kind) -> Result<Asked, Problem> {
    let mut fields = Fields::of_body(&request.body)?;
    let reference_number = fields.string("referenceCode")?;
    fields.string("reason")?;
    let amount_minor = match kind {
        Kind::Void => None,
        Kind::Refund => {
            // The vendor's table calls the field so, and the vendor's API takes no notice of it.
            fields.ignore("refundAmount");
            if fields.has("amount") { Some(fields.amount("amount")?) } else { None }
        }
    };
    fields.finish()?;
    Ok(Asked { reference_number, amount_minor })
}

fn try_reverse(world: &mut World, request: &Incoming, kind: Kind) -> Handled {
    check_json(Gateway::Finrota, request)?;
    world.check_token(Gateway::Finrota, "Authorization", request)?;
    let asked = read(request, kind).map_err(bad_request(Gateway::Finrota))?;
    let known = world.transactions.values_mut().find(|known| known.reference_number == asked.reference_number);
    let Some(transaction) = known else {
        return Ok(enveloped(404, "Transaction not found", None::<ReversalAnswer<'_>>));
    };
    let amount_minor = asked.amount_minor.unwrap_or(transaction.last_minor);
    if let Some(refusal) = refusal(transaction, kind, amount_minor) {
        return Ok(answer(transaction, Some(refusal)));
    }
    transaction.last_minor = transaction.last_minor.saturating_sub(amount_minor);
    let name = match kind {
        // The state stays "success" after a void: the vendor says so, and clients stumble over it.
        Kind::Void => "void",
        Kind::Refund => {
            transaction.state = State::PartlyReturned;
            "refund"
        }
    };
    let (reply, reference) = (answer(transaction, None), transaction.reference.clone());
    world.ledger.reverse(Gateway::Finrota, &reference, name, amount_minor);
    Ok(reply)
}

fn refusal(transaction: &Transaction, kind: Kind, amount_minor: i64) -> Option<Refusal> {
    let paid = matches!(transaction.state, State::Success | State::PartlyReturned);
    match kind {
        _ if !paid => Some(("NOT_PAID", "The transaction was not paid")),
        _ if transaction.last_minor == 0 => Some(("ALREADY_RETURNED", "Nothing is left to return")),
        Kind::Void if transaction.voiding == Voiding::Refused => {
            Some(("VOID_REFUSED", "The bank does not void this transaction, make a refund"))
        }
        Kind::Void if transaction.last_minor != transaction.amount_minor => {
            Some(("VOID_REFUSED", "A partly refunded transaction cannot be voided"))
        }
        Kind::Refund if amount_minor > transaction.last_minor => {
            Some(("AMOUNT_TOO_HIGH", "The amount is above what is left"))
        }
        Kind::Void | Kind::Refund => None,
    }
}

fn answer(transaction: &Transaction, refusal: Option<Refusal>) -> Answer {
    let data = ReversalAnswer {
        last_amount: raw_amount(transaction.last_minor),
        transaction_status_id: transaction.state.id(),
        error_code: refusal.map(|(code, _)| code),
        error_message: refusal.map(|(_, message)| message),
        is_success: refusal.is_none(),
    };
    enveloped(200, refusal.map_or("OK", |(_, message)| message), Some(data))
}
