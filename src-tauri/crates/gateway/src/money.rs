//! What answers to payment and reversal calls mean, as far as both gateways agree (`GATEWAYS.md`, "What an answer to a
//! payment call means"). Whatever stands in no table is unclear.

use vezne_core::answers::{
    ChallengeFault, Failure, GatewayRefusal, NotSentReason, PayAnswer, RefusalReason, ReversalAnswer, Success, Unclear,
};
use vezne_core::money::{AmountError, Currency, Money};
use vezne_core::ports::{BankPage, PayAnswerOrOrder, PayResult, ReadFault};
use vezne_core::text::ForeignText;

use crate::errors::{Anywhere, BANK_TIMEOUT, ErrorSays};
use crate::field::{Field, NotOne};
use crate::reading::{MoneySilence, Reply, Status};

/// A pay result that carries no page.
pub(crate) const fn plain(answer: PayAnswer) -> PayResult {
    PayResult { answer: PayAnswerOrOrder::Answer(answer), page: None }
}

pub(crate) const fn unclear(why: Unclear) -> PayResult {
    plain(PayAnswer::Unclear(why))
}

pub(crate) const fn success(said: Success) -> PayResult {
    plain(PayAnswer::Success(said))
}

pub(crate) const fn failure(said: Failure) -> PayResult {
    plain(PayAnswer::Failure(said))
}

pub(crate) const fn not_sent(why: NotSentReason) -> PayResult {
    plain(PayAnswer::NotSent(why))
}

/// A challenge whose page was checked.
pub(crate) fn challenge(checked: Result<BankPage, ChallengeFault>) -> PayResult {
    match checked {
        Ok(page) => PayResult { answer: PayAnswerOrOrder::Answer(PayAnswer::Challenge), page: Some(page) },
        Err(fault) => plain(PayAnswer::ChallengeUnusable(fault)),
    }
}

/// No answer to a payment call.
pub(crate) const fn silent(silence: MoneySilence) -> PayResult {
    match silence {
        MoneySilence::NotSent(why) => not_sent(why),
        MoneySilence::TimedOut => unclear(Unclear::TimedOut),
        MoneySilence::Lost => unclear(Unclear::ConnectionLost),
    }
}

/// No answer to a reversal call.
pub(crate) const fn silent_reversal(silence: MoneySilence) -> ReversalAnswer {
    match silence {
        MoneySilence::NotSent(why) => ReversalAnswer::NotSent(why),
        MoneySilence::TimedOut => ReversalAnswer::Unclear(Unclear::TimedOut),
        MoneySilence::Lost => ReversalAnswer::Unclear(Unclear::ConnectionLost),
    }
}

/// What a status other than 200 says before a gateway's own rules are asked.
pub(crate) enum Before {
    /// Not processed.
    Refused(GatewayRefusal),
    /// Not processed: the token is old.
    Unauthorised(Option<ForeignText>),
    /// It may have been processed.
    Unclear(Unclear),
    /// 200, with its body.
    Ok,
    /// 402: only one gateway has a meaning for it.
    PaymentRequired,
    /// 404: the gateways differ.
    NotFound,
}

/// Reads what both gateways share: the status, 2008 under any of them, and bodies that can't be trusted.
pub(crate) fn before(reply: &Reply, says: Option<&ErrorSays>, claims_success: bool) -> Before {
    let unexpected = |status| Before::Unclear(Unclear::UnexpectedStatus { status });
    if reply.body.whole().is_none() {
        return match reply.status {
            Status::Server(status) => Before::Unclear(Unclear::ServerError { status }),
            Status::Other(status) => unexpected(status),
            // A refusal whose body was cut might have carried 2008 or the bank's words.
            Status::Ok
            | Status::BadRequest
            | Status::Unauthorised
            | Status::PaymentRequired
            | Status::Forbidden
            | Status::NotFound
            | Status::TooMany => Before::Unclear(Unclear::Unreadable),
        };
    }
    let anywhere = reply.body.whole().map(Anywhere::of).unwrap_or_default();
    if anywhere.timed_out || says.is_some_and(|says| says.code == Some(BANK_TIMEOUT)) {
        return Before::Unclear(Unclear::BankTimeout);
    }
    match reply.status {
        Status::Ok => Before::Ok,
        Status::Server(status) => Before::Unclear(Unclear::ServerError { status }),
        Status::Other(status) => unexpected(status),
        Status::BadRequest
        | Status::Unauthorised
        | Status::PaymentRequired
        | Status::Forbidden
        | Status::NotFound
        | Status::TooMany
            if claims_success =>
        {
            Before::Unclear(Unclear::Contradictory)
        }
        Status::BadRequest if says.is_some_and(|says| says.names_return_address) => {
            refused(RefusalReason::ReturnAddress, says)
        }
        Status::BadRequest => refused(RefusalReason::BadRequest, says),
        // The bank has spoken, so the request went further than the token's check (`RULES.md` 5).
        Status::Unauthorised if anywhere.bank_speaks || says.is_some_and(ErrorSays::has_bank_fields) => {
            Before::Unclear(Unclear::Contradictory)
        }
        Status::Unauthorised => Before::Unauthorised(says.and_then(|says| says.text.clone())),
        Status::Forbidden => refused(RefusalReason::NotAllowed, says),
        Status::TooMany => refused(RefusalReason::TooMany { retry_after: reply.retry_after }, says),
        Status::PaymentRequired => Before::PaymentRequired,
        Status::NotFound => Before::NotFound,
    }
}

fn refused(reason: RefusalReason, says: Option<&ErrorSays>) -> Before {
    Before::Refused(refusal(reason, says))
}

/// A refusal in the gateway's words; the bank's, when it has none of its own.
pub(crate) fn refusal(reason: RefusalReason, says: Option<&ErrorSays>) -> GatewayRefusal {
    let text = says.and_then(|says| says.text.clone().or_else(|| says.bank_text.clone()));
    GatewayRefusal { reason, text }
}

/// Why a body that should be one object is none.
pub(crate) const fn unclear_body(why: NotOne) -> Unclear {
    match why {
        NotOne::Unreadable => Unclear::Unreadable,
        NotOne::Differing => Unclear::Contradictory,
    }
}

/// Options whose amounts do not fit the currency's minor unit. None is rounded: such an option is left out, and where nothing else
/// is offered the first one's field is what is told (`GATEWAYS.md`, fact 8).
#[derive(Default)]
pub(crate) struct OddAmounts(Option<ReadFault>);

impl OddAmounts {
    /// The option, unless it can't be read.
    pub(crate) fn leave_out<T>(&mut self, read: Result<Option<T>, ReadFault>) -> Option<T> {
        read.unwrap_or_else(|fault| {
            tracing::warn!(%fault, "an installment option with an amount that can't be read exactly is left out");
            self.0.get_or_insert(fault);
            None
        })
    }

    /// # Errors
    /// The first that was left out, if nothing is left.
    pub(crate) fn unless_something_is_left(self, left: bool) -> Result<(), ReadFault> {
        self.0.filter(|_| !left).map_or(Ok(()), Err)
    }
}

/// An amount written as a decimal, exactly.
pub(crate) fn decimal(field: &Field, currency: Currency) -> Result<Option<Money>, String> {
    let Some(text) = amount_text(field)? else { return Ok(None) };
    Money::from_decimal_text(&text, currency).map(Some).map_err(|error| error.to_string())
}

/// An amount written in whole minor units, exactly; `54500.0000` is 54500.
pub(crate) fn minor_units(field: &Field, currency: Currency) -> Result<Option<Money>, String> {
    let Some(text) = amount_text(field)? else { return Ok(None) };
    // The yen has no minor unit, so a decimal of yen is read as a whole number or not at all.
    match Money::from_decimal_text(&text, Currency::JPY) {
        Ok(whole) => Ok(Some(Money::from_minor(whole.minor(), currency))),
        Err(AmountError::TooFine { .. }) => Err("it is not a whole number of minor units".to_owned()),
        Err(error @ (AmountError::NotANumber | AmountError::TooLarge)) => Err(error.to_string()),
    }
}

fn amount_text(field: &Field) -> Result<Option<String>, String> {
    match field.number_text() {
        Some(text) => Ok(Some(text)),
        None if field.is_there() => Err(AmountError::NotANumber.to_string()),
        None => Ok(None),
    }
}
