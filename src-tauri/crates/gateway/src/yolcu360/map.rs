//! What Yolcu360's answers mean. Every match is exhaustive, and whatever stands in no table is unclear.

use vezne_core::answers::{
    CouldNotAsk, DeclineReason, Failure, GatewayNumbers, PayAnswer, RefusalReason, ReversalAnswer, SecureUse, Success,
    Unclear,
};
use vezne_core::attempt::Means;
use vezne_core::card::Bin;
use vezne_core::limits::{INSTALLMENTS_MOST, OPTIONS_MOST};
use vezne_core::money::Currency;
use vezne_core::options::{InstallmentOption, OptionList, Program, ProgramId, ThreeDsRule};
use vezne_core::order::OrderId;
use vezne_core::ports::{PayAnswerOrOrder, PayResult, ReadFault};
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

use super::order;
use super::wire::{CancelAnswer, InstallmentInfo, InstallmentPrice, PayAnswerBody};
use crate::challenge::check_html;
use crate::errors::{ErrorSays, decline_of_code, shown};
use crate::field::{Field, any_says, object, one_object};
use crate::money::{Before, OddAmounts, before, challenge, failure, plain, refusal, success, unclear, unclear_body};
use crate::reading::{Reply, Status};

/// Turns an id into what may be kept of it.
pub(crate) type IdText<'a> = &'a (dyn Fn(&str) -> ForeignText + Sync);

/// How the payment was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaidBy {
    Card,
    Limit,
}

impl PaidBy {
    pub(crate) const fn of(means: &Means) -> Self {
        match means {
            Means::Card(_) => Self::Card,
            Means::CreditLimit => Self::Limit,
        }
    }
}

/// What surrounds a payment's answer.
pub(crate) struct Sent<'a> {
    pub(crate) by: PaidBy,
    pub(crate) base: &'a str,
    pub(crate) id_text: IdText<'a>,
}

/// The meaning of the answer to `POST /payment/pay`.
pub(super) fn pay_answer(reply: &Reply, sent: &Sent<'_>) -> PayResult {
    let body = reply.body.whole();
    let says = ErrorSays::read(body);
    let answer = one_object::<PayAnswerBody>(body.unwrap_or_default());
    let claims_success =
        any_says(body.unwrap_or_default(), "status", |field| field.word().as_deref() == Some("success"));
    let code = says.as_ref().and_then(|says| says.code);
    match before(reply, says.as_ref(), claims_success) {
        // 400 and 422 with a decline's code, unlike any other, come from the bank.
        Before::Refused(refusal) => match (reply.status, &says, code.and_then(decline_of_code)) {
            (Status::BadRequest, Some(says), Some(reason)) => failure(declined(says, reason)),
            (_, _, _) => plain(PayAnswer::Refused(refusal)),
        },
        Before::Unauthorised(text) => plain(PayAnswer::Unauthorised(text)),
        Before::Unclear(why) => unclear(why),
        Before::NotFound => unclear(Unclear::NotFoundOrProcessed),
        Before::PaymentRequired => match &says {
            Some(says) if body.is_some_and(crate::field::is_json) => {
                failure(declined(says, code.and_then(decline_of_code).unwrap_or(DeclineReason::Other)))
            }
            Some(_) | None => unclear(Unclear::Unreadable),
        },
        Before::Ok => match answer {
            Ok(answer) => ok_answer(&answer, body.unwrap_or_default(), says.as_ref(), sent),
            Err(why) => unclear(unclear_body(why)),
        },
    }
}

/// `status` (document: Response Fields; `pending` seen).
enum Word {
    Success,
    RedirectRequired,
    Failed,
    Pending,
    Unknown(ForeignText),
}

impl Word {
    fn of(word: &str) -> Self {
        match word {
            "success" => Self::Success,
            "redirect_required" => Self::RedirectRequired,
            "failed" => Self::Failed,
            "pending" => Self::Pending,
            other => Self::Unknown(shown(other)),
        }
    }
}

fn ok_answer(answer: &PayAnswerBody, body: &[u8], says: Option<&ErrorSays>, sent: &Sent<'_>) -> PayResult {
    if sent.by == PaidBy::Limit && answer.ordered_car_product.is_there() {
        return whole_order(body, sent);
    }
    let Some(word) = answer.status.word() else { return unclear(Unclear::Unreadable) };
    // A page that is there and can't be read does not pass for none.
    if answer.three_ds_html_content.is_odd() {
        return unclear(Unclear::Unreadable);
    }
    let html = answer.three_ds_html_content.text();
    let page = |html: Option<&str>| challenge(check_html(html.unwrap_or_default(), sent.base));
    match (Word::of(&word), html) {
        (Word::Unknown(word), _) => unclear(Unclear::UnknownWord(word)),
        (Word::Success | Word::Failed, Some(_)) => unclear(Unclear::Contradictory),
        (Word::Success, None) => success(approved(answer, sent)),
        (Word::Failed, None) => failure(says.map_or_else(
            || Failure::plain(DeclineReason::Other),
            |says| declined(says, says.code.and_then(decline_of_code).unwrap_or(DeclineReason::Other)),
        )),
        // The credit limit knows no bank page.
        (Word::RedirectRequired | Word::Pending, Some(_)) if sent.by == PaidBy::Limit => {
            unclear(Unclear::Contradictory)
        }
        (Word::RedirectRequired, html) => page(html.as_deref()),
        (Word::Pending, Some(html)) => page(Some(&html)),
        (Word::Pending, None) => unclear(Unclear::UnknownWord(shown("pending"))),
    }
}

/// The whole order instead of a payment's answer: seen for the credit limit.
fn whole_order(body: &[u8], sent: &Sent<'_>) -> PayResult {
    match order::summary(body, sent.id_text) {
        Ok(summary) => PayResult { answer: PayAnswerOrOrder::Order(summary.facts), page: None },
        Err(_) => unclear(Unclear::Unreadable),
    }
}

fn approved(answer: &PayAnswerBody, sent: &Sent<'_>) -> Success {
    let secure = match answer.is_3ds_secure.flag() {
        Some(true) => SecureUse::Used,
        Some(false) => SecureUse::Without,
        None => SecureUse::NotSaid,
    };
    let payment = answer.payment_id.text().map(|id| (sent.id_text)(&id));
    Success { numbers: GatewayNumbers { payment, reference: None, authorisation: None }, secure }
}

fn declined(says: &ErrorSays, reason: DeclineReason) -> Failure {
    Failure {
        reason,
        text: says.text.clone(),
        bank_code: says.bank_code.clone(),
        bank_text: says.bank_text.clone(),
        field: says.field,
    }
}

/// The answer to `POST /payment/installment-info`.
pub(super) fn options(body: &[u8], bin: Bin, now: Timestamp) -> Result<OptionList, ReadFault> {
    let unreadable = ReadFault::CouldNotAsk(CouldNotAsk::Unreadable);
    let info: InstallmentInfo = one_object(body).map_err(|_| unreadable.clone())?;
    let prices = match info.installment_prices.as_list() {
        Some(prices) => prices,
        None if info.installment_prices.is_there() => return Err(unreadable),
        None => Vec::new(),
    };
    let mut options: Vec<InstallmentOption> = Vec::new();
    let mut odd = OddAmounts::default();
    for price in prices.iter().take(OPTIONS_MOST) {
        match odd.leave_out(read_option(price)) {
            Some(option) if options.iter().all(|known| known.installments != option.installments) => {
                options.push(option)
            }
            Some(_) => {}
            None => tracing::warn!("an installment option without number or price is left out"),
        }
    }
    odd.unless_something_is_left(!options.is_empty())?;
    options.sort_by_key(|option| option.installments);
    let base = options.iter().find(|option| option.installments == 1).map(|option| option.total);
    let family = info.card_family.text().map(|text| shown(&text));
    let forced = info.should_force_to_3d.is_there() && info.should_force_to_3d.flag() != Some(false);
    let id = ProgramId(family.clone().unwrap_or_else(|| ForeignText::filter("card")));
    let program = Program { id, name: family.clone(), is_default: true, options };
    Ok(OptionList {
        bin,
        base,
        programs: if program.options.is_empty() { Vec::new() } else { vec![program] },
        // What can't be read as a clear no locks 3-D Secure on.
        three_ds: if forced { ThreeDsRule::Forced } else { ThreeDsRule::Optional },
        bank: info.bank_name.text().map(|text| shown(&text)),
        family,
        association: info.card_association.text().map(|text| shown(&text)),
        card_type: info.card_type.text().map(|text| shown(&text)),
        currencies: currencies(&info.supported_currencies),
        at: now,
    })
}

fn currencies(field: &Field) -> Vec<Currency> {
    let codes = field.as_list().unwrap_or_default();
    codes.iter().filter_map(Field::word).filter_map(|code| order::currency(&code)).collect()
}

fn read_option(field: &Field) -> Result<Option<InstallmentOption>, ReadFault> {
    let Some(price) = field.raw().and_then(|raw| object::<InstallmentPrice>(raw.get())) else { return Ok(None) };
    let monthly = order::money(&price.price, "installmentPrices.price")?;
    let total = order::money(&price.total_price, "installmentPrices.totalPrice")?;
    let number = price.number.int().and_then(|number| u8::try_from(number).ok());
    let installments = number.filter(|number| (1..=INSTALLMENTS_MOST).contains(number));
    let (Some(installments), Some(total)) = (installments, total) else { return Ok(None) };
    let Some(monthly) = monthly.or((installments == 1).then_some(total)) else { return Ok(None) };
    let usable = total.is_positive() && monthly.currency() == total.currency();
    Ok(usable.then_some(InstallmentOption { installments, monthly, total, commission: None }))
}

/// The meaning of the answer to `POST /order/{id}/cancel`.
pub(super) fn cancel_answer(reply: &Reply, order: &OrderId) -> ReversalAnswer {
    let body = reply.body.whole();
    let says = ErrorSays::read(body);
    let answer = one_object::<CancelAnswer>(body.unwrap_or_default());
    let claims_success = any_says(body.unwrap_or_default(), "success", |field| field.flag() == Some(true));
    match before(reply, says.as_ref(), claims_success) {
        Before::Refused(refusal) => ReversalAnswer::NotDone { refusal, last_amount: None },
        Before::Unauthorised(text) => ReversalAnswer::Unauthorised(text),
        Before::Unclear(why) => ReversalAnswer::Unclear(why),
        Before::PaymentRequired => ReversalAnswer::Unclear(Unclear::UnexpectedStatus { status: 402 }),
        Before::NotFound => ReversalAnswer::Unclear(Unclear::NotFoundOrProcessed),
        Before::Ok => match answer {
            Ok(answer) => cancelled(&answer, says.as_ref(), order),
            Err(why) => ReversalAnswer::Unclear(unclear_body(why)),
        },
    }
}

fn cancelled(answer: &CancelAnswer, says: Option<&ErrorSays>, order: &OrderId) -> ReversalAnswer {
    if answer.order_id.text().is_some_and(|id| id != order.as_str()) {
        return ReversalAnswer::Unclear(Unclear::Contradictory);
    }
    let word = answer.status.word();
    match (answer.success.flag(), word.as_deref()) {
        (Some(true), None | Some("cancelled" | "success")) => ReversalAnswer::Done { last_amount: None },
        (Some(true), Some(other)) => ReversalAnswer::Unclear(Unclear::UnknownWord(shown(other))),
        (Some(false), Some("cancelled")) => ReversalAnswer::Unclear(Unclear::Contradictory),
        (Some(false), _) => {
            ReversalAnswer::NotDone { refusal: refusal(RefusalReason::BadRequest, says), last_amount: None }
        }
        (None, _) => ReversalAnswer::Unclear(Unclear::Unreadable),
    }
}
