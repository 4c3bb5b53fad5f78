//! Yolcu360's answers, each kind of call from what came back to what it means. Nothing here sends.

use secrecy::SecretString;
use vezne_core::answers::{CouldNotAsk, OrderFacts, OrderState, Probe, ReversalAnswer, StatusAnswer};
use vezne_core::card::Bin;
use vezne_core::options::OptionList;
use vezne_core::order::OrderId;
use vezne_core::ports::{OrderSummary, PayResult, ReadFault, ReversalBaseline};
use vezne_core::reversal;
use vezne_core::status::Seen;
use vezne_core::time::Timestamp;

use super::map::{self, IdText, Sent};
use super::order;
use super::wire::{Eligibility, LoginAnswer};
use crate::errors::ErrorSays;
use crate::field::{Field, is_json, one_object};
use crate::money::{silent, silent_reversal};
use crate::reading::{Body, MoneySilence, NoAnswer, Reply, SignInFault, SignedIn, Silence, Status, signed_in};

/// `POST /payment/pay`.
pub(crate) fn pay(reply: Result<Reply, MoneySilence>, sent: &Sent<'_>) -> PayResult {
    match reply {
        Ok(reply) => map::pay_answer(&reply, sent),
        Err(silence) => silent(silence),
    }
}

/// `GET /order/{id}`.
pub(crate) fn order(reply: Result<Reply, NoAnswer>, id_text: IdText<'_>) -> Result<OrderSummary, ReadFault> {
    let reply = reply?;
    match reply.status {
        Status::Ok => order::summary(whole(&reply.body)?, id_text),
        // Only the vendor's own 404 says that there is no such order; a web server's says that the path is wrong.
        Status::NotFound if reply.body.whole().is_some_and(is_json) => Err(ReadFault::NotFound),
        status @ (Status::NotFound
        | Status::BadRequest
        | Status::Unauthorised
        | Status::PaymentRequired
        | Status::Forbidden
        | Status::TooMany
        | Status::Server(_)
        | Status::Other(_)) => Err(NoAnswer::of(status).into()),
    }
}

/// The order as the answer to the status query.
pub(crate) fn status(order: Result<OrderSummary, ReadFault>) -> StatusAnswer {
    match order {
        Ok(summary) => StatusAnswer::Order(summary.facts),
        Err(ReadFault::NotFound) => StatusAnswer::NoTrace,
        Err(ReadFault::CouldNotAsk(why)) => StatusAnswer::CouldNotAsk(why),
        Err(ReadFault::CannotBeAsked(why)) => StatusAnswer::CannotBeAsked(why),
        Err(ReadFault::Refused(_)) => StatusAnswer::CouldNotAsk(CouldNotAsk::ServerError),
        // An order's price that can't be read is told in its facts; no other amount is read here.
        Err(ReadFault::Amount { .. }) => StatusAnswer::CouldNotAsk(CouldNotAsk::Unreadable),
    }
}

/// `POST /payment/installment-info`.
pub(crate) fn options(reply: Result<Reply, NoAnswer>, bin: Bin, now: Timestamp) -> Result<OptionList, ReadFault> {
    map::options(content(&reply?)?, bin.first_six(), now)
}

/// `POST /payment/installment-info` as a second sign.
pub(crate) fn probe(reply: Result<Reply, NoAnswer>) -> Probe {
    match reply {
        Ok(reply) if reply.body.whole().is_some_and(is_json) => match reply.status {
            Status::Ok => Probe::StillOpen,
            Status::NotFound => Probe::Gone,
            Status::BadRequest
            | Status::Unauthorised
            | Status::PaymentRequired
            | Status::Forbidden
            | Status::TooMany
            | Status::Server(_)
            | Status::Other(_) => Probe::NoAnswer,
        },
        Ok(_) | Err(_) => Probe::NoAnswer,
    }
}

/// `POST /order/{id}/cancel_eligibility`, after the order was told.
pub(crate) fn eligibility(reply: Result<Reply, NoAnswer>, facts: OrderFacts) -> Result<ReversalBaseline, ReadFault> {
    let unreadable = ReadFault::CouldNotAsk(CouldNotAsk::Unreadable);
    let mut answer: Eligibility = one_object(content(&reply?)?).map_err(|_| unreadable.clone())?;
    if !answer.cancellable.is_there() {
        answer = answer.data.as_part().ok_or_else(|| unreadable.clone())?;
    }
    let (Some(cancellable), Some(refundable)) = (answer.cancellable.flag(), answer.refundable.flag()) else {
        return Err(unreadable);
    };
    Ok(ReversalBaseline::Order { facts, cancellable, refundable })
}

/// `POST /order/{id}/cancel`.
pub(crate) fn reversal(reply: Result<Reply, MoneySilence>, order: &OrderId) -> ReversalAnswer {
    match reply {
        Ok(reply) => map::cancel_answer(&reply, order),
        Err(silence) => silent_reversal(silence),
    }
}

/// The order as it speaks of a cancellation.
pub(crate) fn reversal_status(order: Result<OrderSummary, ReadFault>) -> reversal::Reading {
    match status(order) {
        StatusAnswer::Order(facts) => {
            let seen = seen(&facts);
            match facts.state {
                OrderState::Cancelled => reversal::Reading::Done(seen),
                OrderState::Pending
                | OrderState::Reserved
                | OrderState::Failed
                | OrderState::Removed
                | OrderState::Other(_) => reversal::Reading::NotYet(seen),
            }
        }
        StatusAnswer::Transaction(_) | StatusAnswer::NoTrace => reversal::Reading::NoAmount,
        StatusAnswer::CouldNotAsk(why) => reversal::Reading::CouldNotAsk(why),
        StatusAnswer::CannotBeAsked(why) => reversal::Reading::CannotBeAsked(why),
    }
}

fn seen(facts: &OrderFacts) -> Seen {
    Seen { word: None, amount: facts.price.money(), payment_id: facts.payment_id.clone(), reference_number: None }
}

fn whole(body: &Body) -> Result<&[u8], ReadFault> {
    body.whole().ok_or(ReadFault::CouldNotAsk(CouldNotAsk::Unreadable))
}

/// The content of an answer to a question that is not the status query.
fn content(reply: &Reply) -> Result<&[u8], ReadFault> {
    match reply.status {
        Status::Ok => whole(&reply.body),
        Status::NotFound if reply.body.whole().is_some_and(is_json) => Err(ReadFault::NotFound),
        Status::BadRequest | Status::PaymentRequired => {
            Err(ReadFault::Refused(ErrorSays::read(reply.body.whole()).and_then(|says| says.text)))
        }
        status @ (Status::NotFound
        | Status::Unauthorised
        | Status::Forbidden
        | Status::TooMany
        | Status::Server(_)
        | Status::Other(_)) => Err(NoAnswer::of(status).into()),
    }
}

/// `POST /auth/login` and `/auth/refresh`.
pub(crate) fn sign_in(reply: Result<Reply, Silence>) -> Result<SignedIn, SignInFault> {
    signed_in(reply, read_token)
}

fn read_token(body: &[u8]) -> Option<SignedIn> {
    let answer: LoginAnswer = one_object(body).ok()?;
    let token = answer.access_token.word()?;
    let refresh = answer.refresh_token.word().map(SecretString::from);
    Some(SignedIn { token: SecretString::from(token), until: moment(&answer.access_token_expire_at), refresh })
}

/// The form is not documented: RFC 3339, or a number of seconds or milliseconds since 1970.
fn moment(field: &Field) -> Option<Timestamp> {
    const MILLISECONDS: i64 = 100_000_000_000;
    match field.int() {
        Some(count) if count >= MILLISECONDS => Some(Timestamp::from_millis(count)),
        Some(count) => Some(Timestamp::from_millis(count.saturating_mul(1_000))),
        None => field.word()?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_expiry_is_read() {
        for form in ["\"2026-11-21T20:55:00Z\"", "1795294500", "\"1795294500\"", "1795294500000"] {
            let body = format!(r#"{{"accessToken":"T","accessTokenExpireAt":{form}}}"#);
            let until = read_token(body.as_bytes()).unwrap().until.unwrap();
            assert_eq!(until.to_string(), "2026-11-21T20:55:00.000Z", "{form}");
        }
        assert!(read_token(br#"{"accessToken":"T","accessTokenExpireAt":"soon"}"#).unwrap().until.is_none());
    }
}
