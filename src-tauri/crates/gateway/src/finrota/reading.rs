//! Finrota's answers, each kind of call from what came back to what it means. Nothing here sends.

use secrecy::SecretString;
use vezne_core::answers::{CouldNotAsk, ReversalAnswer, StatusAnswer, TransactionFacts};
use vezne_core::card::Bin;
use vezne_core::ids::AttemptReference;
use vezne_core::money::{Currency, Money};
use vezne_core::ports::{PayResult, ReadFault, ReversalBaseline};
use vezne_core::reversal::{self, Reversal};
use vezne_core::status::Seen;
use vezne_core::time::Timestamp;

use super::map::{self, Found, IdText, Sent};
use super::options::{self, Options};
use super::wire::ConnectAnswer;
use crate::errors::ErrorSays;
use crate::field::{is_json, one_object};
use crate::money::{silent, silent_reversal};
use crate::reading::{MoneySilence, NoAnswer, Reply, SignInFault, SignedIn, Silence, Status, signed_in};

/// `POST /b2c/payment`.
pub(crate) fn pay(reply: Result<Reply, MoneySilence>, sent: &Sent<'_>) -> PayResult {
    match reply {
        Ok(reply) => map::pay_answer(&reply, sent),
        Err(silence) => silent(silence),
    }
}

/// A transaction as the status query tells it, or why it does not.
pub(crate) enum Asked {
    /// It is known; with its `referenceNumber` exactly as cancel and refund want it.
    Transaction(TransactionFacts, Option<String>),
    /// Nothing is known of it.
    Nothing,
    /// Not answered.
    No(NoAnswer),
}

/// `GET /pws/payment/transaction`; `currency` is that of an answer that names none.
pub(crate) fn transaction(reply: Result<Reply, NoAnswer>, currency: Option<Currency>, id_text: IdText<'_>) -> Asked {
    let reply = match reply {
        Ok(reply) => reply,
        Err(why) => return Asked::No(why),
    };
    let body = reply.body.whole();
    match reply.status {
        // Only the vendor's own 404 says that there is nothing; a web server's says that the path is wrong.
        Status::NotFound if body.is_some_and(is_json) => Asked::Nothing,
        Status::Ok => {
            let Some(body) = body else { return Asked::No(NoAnswer::ForNow(CouldNotAsk::Unreadable)) };
            match map::transaction(body, currency, id_text) {
                Ok(Found::Transaction(facts, number)) => Asked::Transaction(facts, number),
                Ok(Found::Nothing) => Asked::Nothing,
                Err(why) => Asked::No(NoAnswer::ForNow(why)),
            }
        }
        status @ (Status::NotFound
        | Status::BadRequest
        | Status::Unauthorised
        | Status::PaymentRequired
        | Status::Forbidden
        | Status::TooMany
        | Status::Server(_)
        | Status::Other(_)) => Asked::No(NoAnswer::of(status)),
    }
}

impl From<Asked> for StatusAnswer {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Transaction(facts, _) => Self::Transaction(facts),
            Asked::Nothing => Self::NoTrace,
            Asked::No(why) => why.into(),
        }
    }
}

/// `GET /b2c/paymentOptions`.
pub(crate) fn options(
    reply: Result<Reply, NoAnswer>,
    id_text: IdText<'_>,
    asked: (Bin, Money),
    now: Timestamp,
) -> Result<Options, ReadFault> {
    let reply = reply?;
    let body = match reply.status {
        Status::Ok => reply.body.whole().ok_or(ReadFault::CouldNotAsk(CouldNotAsk::Unreadable))?,
        Status::BadRequest => {
            return Err(ReadFault::Refused(ErrorSays::read(reply.body.whole()).and_then(|says| says.text)));
        }
        Status::NotFound => return Err(ReadFault::CouldNotAsk(CouldNotAsk::ServerError)),
        other @ (Status::Unauthorised
        | Status::PaymentRequired
        | Status::Forbidden
        | Status::TooMany
        | Status::Server(_)
        | Status::Other(_)) => return Err(NoAnswer::of(other).into()),
    };
    options::read(body, id_text, asked, now)
}

/// What a status says before a reversal of the transaction with this reference.
pub(crate) fn remaining(asked: Asked, reference: &AttemptReference) -> Result<ReversalBaseline, ReadFault> {
    match asked {
        // Its number would name somebody else's payment in a cancel or refund.
        Asked::Transaction(facts, _) if facts.is_of_another(reference.as_str()) => Err(ReadFault::NotFound),
        Asked::Transaction(facts, _) => {
            let seen = seen(&facts);
            let missing =
                || ReadFault::Amount { field: "lastAmount", why: "it is missing or can't be read".to_owned() };
            let amount = facts.amount.money().ok_or_else(missing)?;
            // Without it nothing names the payment in a cancel or refund: our own reference is not the
            // `referenceCode` that they ask for.
            let number = facts.reference_number.ok_or(ReadFault::CouldNotAsk(CouldNotAsk::Unreadable))?;
            Ok(ReversalBaseline::Remaining { amount, seen, number: Some(number) })
        }
        Asked::Nothing => Err(ReadFault::NotFound),
        Asked::No(why) => Err(why.into()),
    }
}

/// `POST /pws/payment/cancel` and `/refund`.
pub(crate) fn reversal(reply: Result<Reply, MoneySilence>, currency: Currency) -> ReversalAnswer {
    match reply {
        Ok(reply) => map::reversal_answer(&reply, currency),
        Err(silence) => silent_reversal(silence),
    }
}

/// What a status says of a reversal of the transaction with this reference.
pub(crate) fn reversal_status(asked: Asked, reversal: &Reversal, reference: &AttemptReference) -> reversal::Reading {
    match asked {
        Asked::Transaction(facts, _) if facts.is_of_another(reference.as_str()) => reversal::Reading::NoAmount,
        Asked::Transaction(facts, _) => reversal.read_remaining(facts.amount.money(), seen(&facts)),
        Asked::Nothing => reversal::Reading::NoAmount,
        Asked::No(NoAnswer::ForNow(why)) => reversal::Reading::CouldNotAsk(why),
        Asked::No(NoAnswer::AtAll(why)) => reversal::Reading::CannotBeAsked(why),
    }
}

fn seen(facts: &TransactionFacts) -> Seen {
    Seen {
        word: None,
        amount: facts.amount.money(),
        payment_id: facts.id.clone(),
        reference_number: facts.reference_number.clone(),
    }
}

/// `POST /auth/api/token/connect`.
pub(crate) fn sign_in(reply: Result<Reply, Silence>) -> Result<SignedIn, SignInFault> {
    signed_in(reply, read_token)
}

fn read_token(body: &[u8]) -> Option<SignedIn> {
    let mut answer: ConnectAnswer = one_object(body).ok()?;
    if !answer.token.is_there() {
        answer = answer.data.as_part()?;
    }
    let token = answer.token.word().map(SecretString::from)?;
    let until = answer.expiry.word().and_then(|text| text.parse().ok());
    Some(SignedIn { token, until, refresh: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_with_seven_decimals_is_read() {
        let body = br#"{"expiry":"2025-09-18T09:07:17.6884225Z","token":"T","type":"Bearer"}"#;
        assert_eq!(read_token(body).unwrap().until.unwrap().to_string(), "2025-09-18T09:07:17.688Z");
    }

    #[test]
    fn a_token_without_a_readable_end_is_still_one() {
        assert!(read_token(br#"{"expiry":"tomorrow","token":"T"}"#).unwrap().until.is_none());
        assert!(read_token(br#"{"data":{"token":"T"}}"#).is_some());
        assert!(read_token(br#"{"expiry":"2025-09-18T09:07:17Z"}"#).is_none());
    }
}
