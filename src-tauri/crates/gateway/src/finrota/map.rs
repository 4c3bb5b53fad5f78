//! What Finrota's answers mean. Every match is exhaustive, and whatever stands in no table is unclear.

use vezne_core::answers::{
    ChallengeFault, CouldNotAsk, DeclineReason, Failure, GatewayNumbers, PayAnswer, RefusalReason, ReversalAnswer,
    SaidAmount, SecureUse, Success, TransactionFacts, TransactionState, Unclear,
};
use vezne_core::card::LastFour;
use vezne_core::ids::AttemptReference;
use vezne_core::money::{Currency, Money};
use vezne_core::ports::PayResult;
use vezne_core::text::ForeignText;

use super::wire::{PaymentAnswer, ReversalData, ReversalEnvelope, TransactionAnswer};
use crate::challenge::check_address;
use crate::errors::{ErrorSays, decline_of_words, shown};
use crate::field::{Field, NotOne, any_inside_says, any_says, one_object};
use crate::money::{Before, before, challenge, decimal, failure, plain, refusal, success, unclear, unclear_body};
use crate::reading::Reply;

/// Turns an id into what may be kept of it.
pub(crate) type IdText<'a> = &'a (dyn Fn(&str) -> ForeignText + Sync);

/// What surrounds a payment's answer.
pub(crate) struct Sent<'a> {
    pub(crate) reference: &'a AttemptReference,
    pub(crate) is_loopback: bool,
    pub(crate) id_text: IdText<'a>,
}

/// The meaning of the answer to `POST /b2c/payment`.
pub(super) fn pay_answer(reply: &Reply, sent: &Sent<'_>) -> PayResult {
    let body = reply.body.whole();
    let says = ErrorSays::read(body);
    let answer = one_object::<PaymentAnswer>(body.unwrap_or_default());
    let claims_success = any_says(body.unwrap_or_default(), "success", |field| field.flag() == Some(true));
    match before(reply, says.as_ref(), claims_success) {
        Before::Refused(refusal) => plain(PayAnswer::Refused(refusal)),
        Before::Unauthorised(text) => plain(PayAnswer::Unauthorised(text)),
        Before::Unclear(why) => unclear(why),
        Before::PaymentRequired => unclear(Unclear::UnexpectedStatus { status: 402 }),
        Before::NotFound => plain(PayAnswer::Refused(refusal(RefusalReason::WrongAddress, says.as_ref()))),
        Before::Ok => match answer {
            Ok(answer) => ok_answer(&answer, says.as_ref(), sent),
            Err(why) => unclear(unclear_body(why)),
        },
    }
}

/// `paymentType` (document 10.3).
enum PaymentType {
    RedirectUrl,
    DirectSale,
    Missing,
    Unknown(ForeignText),
}

impl PaymentType {
    fn of(field: &Field) -> Self {
        match field.text() {
            None => Self::Missing,
            Some(word) if word == "RedirectUrl" => Self::RedirectUrl,
            Some(word) if word == "DirectSale" => Self::DirectSale,
            Some(word) => Self::Unknown(shown(&word)),
        }
    }
}

fn ok_answer(answer: &PaymentAnswer, says: Option<&ErrorSays>, sent: &Sent<'_>) -> PayResult {
    // An answer that names another payment says nothing of this one.
    let names_another = answer
        .client_reference_code
        .text()
        .is_some_and(|reference| !reference.trim().eq_ignore_ascii_case(sent.reference.as_str()));
    if names_another {
        return unclear(Unclear::Contradictory);
    }
    let success_flag = answer.success.flag();
    // What is there and can't be read does not pass for what is not there.
    if (answer.success.is_there() && success_flag.is_none())
        || answer.redirect_to.is_odd()
        || answer.payment_type.is_odd()
    {
        return unclear(Unclear::Unreadable);
    }
    let address = answer.redirect_to.text();
    let bank_page = |address: &str| challenge(check_address(address, sent.is_loopback));
    match (PaymentType::of(&answer.payment_type), success_flag, address) {
        (PaymentType::Unknown(word), _, _) => unclear(Unclear::UnknownWord(word)),
        (PaymentType::RedirectUrl, Some(true), _)
        | (PaymentType::DirectSale, _, Some(_))
        | (PaymentType::Missing, Some(true), Some(_)) => unclear(Unclear::Contradictory),
        // `success:false` goes on when there is somewhere to go (document 10.4).
        (PaymentType::RedirectUrl | PaymentType::Missing, Some(false) | None, Some(address)) => bank_page(&address),
        (PaymentType::RedirectUrl, Some(false) | None, None) => {
            plain(PayAnswer::ChallengeUnusable(ChallengeFault::NoAddress))
        }
        (PaymentType::DirectSale, Some(true), None) => success(approved(answer, SecureUse::Without, sent)),
        (PaymentType::Missing, Some(true), None) => success(approved(answer, SecureUse::NotSaid, sent)),
        (PaymentType::DirectSale | PaymentType::Missing, Some(false), None) => failure(declined(says)),
        (PaymentType::DirectSale | PaymentType::Missing, None, None) => unclear(Unclear::Unreadable),
    }
}

fn approved(answer: &PaymentAnswer, secure: SecureUse, sent: &Sent<'_>) -> Success {
    let payment = answer.order_id.text().map(|id| (sent.id_text)(&id));
    Success { numbers: GatewayNumbers { payment, reference: None, authorisation: None }, secure }
}

fn declined(says: Option<&ErrorSays>) -> Failure {
    let Some(says) = says else { return Failure::plain(DeclineReason::Other) };
    let texts = [&says.text, &says.bank_text];
    let reason = texts.into_iter().flatten().find_map(|text| decline_of_words(text.as_str()));
    Failure {
        reason: reason.unwrap_or(DeclineReason::Other),
        text: says.text.clone(),
        bank_code: says.bank_code.clone(),
        bank_text: says.bank_text.clone(),
        field: says.field,
    }
}

/// What the status query found.
pub(super) enum Found {
    /// A transaction, and its `referenceNumber` exactly as cancel and refund want it.
    Transaction(TransactionFacts, Option<String>),
    /// Nothing.
    Nothing,
}

/// Reads the answer to the status query: at the root or in `data`, bare or in a list.
///
/// `expected` is the currency of an answer that names none.
pub(super) fn transaction(body: &[u8], expected: Option<Currency>, id_text: IdText<'_>) -> Result<Found, CouldNotAsk> {
    let root = match one_object::<TransactionAnswer>(body) {
        Ok(root) => root,
        Err(NotOne::Unreadable) if is_empty_list(body) => return Ok(Found::Nothing),
        Err(NotOne::Unreadable | NotOne::Differing) => return Err(CouldNotAsk::Unreadable),
    };
    if root.transaction_status_id.is_there() {
        return facts(&root, expected, id_text);
    }
    match root.data.raw().map(|raw| raw.get().as_bytes()) {
        Some(data) if is_empty_list(data) => Ok(Found::Nothing),
        Some(data) => {
            let inner = one_object::<TransactionAnswer>(data).map_err(|_| CouldNotAsk::Unreadable)?;
            facts(&inner, expected, id_text)
        }
        // The envelope says itself what HTTP should have said.
        None if root.status_code.int() == Some(404) => Ok(Found::Nothing),
        None => Err(CouldNotAsk::Unreadable),
    }
}

fn is_empty_list(body: &[u8]) -> bool {
    serde_json::from_slice::<Vec<Field>>(body).is_ok_and(|list| list.is_empty())
}

fn facts(answer: &TransactionAnswer, expected: Option<Currency>, id_text: IdText<'_>) -> Result<Found, CouldNotAsk> {
    let state = match answer.transaction_status_id.int().ok_or(CouldNotAsk::Unreadable)? {
        1 => TransactionState::Paid,
        2 => TransactionState::Failed,
        3 => TransactionState::Pending,
        6 => TransactionState::PartlyReturned,
        other => TransactionState::Other(other),
    };
    let number = answer.reference_number.text();
    let transaction = TransactionFacts {
        state,
        client_reference: answer.client_reference_number.text().map(|text| ForeignText::filter(&text)),
        reference_number: number.as_deref().map(id_text),
        id: answer.id.text().map(|id| id_text(&id)),
        amount: last_amount(answer, expected),
        last_four: [&answer.masked_card_number, &answer.card_mask, &answer.card_number].into_iter().find_map(last_four),
    };
    Ok(Found::Transaction(transaction, number))
}

/// An amount that is there and can't be read must not pass for none: nothing could then be compared.
fn last_amount(answer: &TransactionAnswer, expected: Option<Currency>) -> SaidAmount {
    if !answer.last_amount.is_there() {
        return SaidAmount::NotSaid;
    }
    let unreadable = |field: &str, why: &str| {
        tracing::warn!(field, why, "the gateway's status carries an amount that can't be read");
        SaidAmount::UNREADABLE
    };
    let currency = match answer.currency_type.text() {
        Some(code) => currency(&code),
        None => expected,
    };
    let Some(currency) = currency else { return unreadable("currencyType", "no currency that is known") };
    match decimal(&answer.last_amount, currency) {
        Ok(money) => money.into(),
        Err(why) => unreadable("lastAmount", &why),
    }
}

/// ISO 4217 letters; the numbers of the three currencies the gateways take; and the lira's everyday name.
fn currency(code: &str) -> Option<Currency> {
    let code = code.trim().to_ascii_uppercase();
    match code.as_str() {
        "949" | "TL" => Some(Currency::TRY),
        "840" => Some(Currency::USD),
        "978" => Some(Currency::EUR),
        letters => Currency::from_code(letters),
    }
}

/// The last four digits of a masked card number; of anything that is not masked nothing is taken.
fn last_four(field: &Field) -> Option<LastFour> {
    let text = field.word()?;
    let text = text.trim();
    let masked = text.contains(['*', 'x', 'X', '•', '#']);
    let from = text.len().checked_sub(4)?;
    masked.then(|| text.get(from..)).flatten().and_then(|digits| LastFour::parse(digits).ok())
}

/// The meaning of the answer to cancel and refund.
pub(super) fn reversal_answer(reply: &Reply, currency: Currency) -> ReversalAnswer {
    let body = reply.body.whole();
    let says = ErrorSays::read(body);
    let answer = one_object::<ReversalEnvelope>(body.unwrap_or_default());
    let parts = answer.as_ref().ok().map(|envelope| {
        let data: ReversalData = envelope.data.as_part().unwrap_or_default();
        (data.is_success.or(&envelope.is_success).flag(), data.last_amount.or(&envelope.last_amount).clone())
    });
    let yes = |field: &Field| field.flag() == Some(true);
    let claims_success = any_says(body.unwrap_or_default(), "isSuccess", yes)
        || any_inside_says(body.unwrap_or_default(), "data", "isSuccess", yes);
    match before(reply, says.as_ref(), claims_success) {
        Before::Refused(refusal) => ReversalAnswer::NotDone { refusal, last_amount: None },
        Before::Unauthorised(text) => ReversalAnswer::Unauthorised(text),
        Before::Unclear(why) => ReversalAnswer::Unclear(why),
        Before::PaymentRequired => ReversalAnswer::Unclear(Unclear::UnexpectedStatus { status: 402 }),
        Before::NotFound => {
            ReversalAnswer::NotDone { refusal: refusal(RefusalReason::WrongAddress, says.as_ref()), last_amount: None }
        }
        Before::Ok => {
            let inner_status = answer.as_ref().ok().and_then(|envelope| envelope.status_code.int());
            match (answer.as_ref(), parts) {
                (Err(why), _) => ReversalAnswer::Unclear(unclear_body(*why)),
                (Ok(_), Some((Some(true), last))) => done(&last, inner_status, currency),
                (Ok(_), Some((Some(false), last))) => match said_left(&last, currency) {
                    Ok(last_amount) => {
                        let refusal = refusal(RefusalReason::BadRequest, says.as_ref());
                        ReversalAnswer::NotDone { refusal, last_amount }
                    }
                    Err(unclear) => ReversalAnswer::Unclear(unclear),
                },
                (Ok(_), Some((None, _)) | None) => ReversalAnswer::Unclear(Unclear::Unreadable),
            }
        }
    }
}

fn done(last: &Field, inner_status: Option<i64>, currency: Currency) -> ReversalAnswer {
    // `isSuccess` inside an envelope that speaks of an error.
    if inner_status.is_some_and(|status| status >= 300) {
        return ReversalAnswer::Unclear(Unclear::Contradictory);
    }
    match said_left(last, currency) {
        Ok(last_amount) => ReversalAnswer::Done { last_amount },
        Err(unclear) => ReversalAnswer::Unclear(unclear),
    }
}

/// `lastAmount` of an answer to cancel or refund.
fn said_left(last: &Field, currency: Currency) -> Result<Option<Money>, Unclear> {
    decimal(last, currency).map_err(|why| {
        tracing::warn!(
            field = "lastAmount",
            why,
            "the gateway's answer to a reversal carries an amount that can't be read"
        );
        Unclear::Unreadable
    })
}
