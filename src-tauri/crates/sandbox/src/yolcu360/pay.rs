//! `POST /payment/pay`, by card or from the agency's credit limit.

use std::time::Instant;

use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use super::options::offers_of;
use super::orders::{Order, Status};
use super::{OURS, YOLCU360_KEY, not_found};
use crate::answer::{Answer, Handled, either, yolcu360_bank_error, yolcu360_error};
use crate::bank::{Purchase, challenge_html, masked};
use crate::fields::{Fields, Problem, is_card_number, is_cvc, is_digits, last_four, luhn};
use crate::ledger::{Charge, ChargeKind};
use crate::options::profile;
use crate::practice::{card_plan, is_document_card};
use crate::request::Incoming;
use crate::scene::{self, Form, Oddity, Plan, Reason, ThreeD, Trace, Verdict};
use crate::world::{Rate, World, bad_request, check_json, refuse};

/// `payWithCard`, checked.
struct Card {
    number: String,
    month: i64,
    year: i64,
    installment: i64,
    with_3d: bool,
    callback_url: Url,
}

/// The request's body, checked; a limit payment carries no card.
struct Payment {
    order: String,
    card: Option<Card>,
}

/// "Response Fields" of Process Payment.
#[derive(Serialize)]
struct PayAnswer<'a> {
    status: &'a str,
    #[serde(rename = "is3dsSecure")]
    is_3ds_secure: bool,
    #[serde(rename = "threeDSHtmlContent")]
    html: Option<String>,
}

/// What is bought, whichever way it is paid.
pub(crate) struct Sale {
    pub(crate) order: String,
    pub(crate) amount_minor: i64,
    pub(crate) installments: i64,
    pub(crate) last_four: Option<String>,
}

pub(crate) fn pay(world: &mut World, request: &Incoming) -> Answer {
    either(try_pay(world, request))
}

fn try_pay(world: &mut World, request: &Incoming) -> Handled {
    check_json(OURS, request)?;
    world.check_token(OURS, "Authorization", request)?;
    world.check_rate(Rate::Pay, YOLCU360_KEY)?;
    let payment = read(request).map_err(bad_request(OURS))?;
    let Some(order) = world.order(&payment.order).filter(|order| order.is_payable()) else { return Ok(not_found()) };
    let order = order.clone();
    match payment.card {
        Some(card) => pay_by_card(world, &order, &card),
        None => pay_from_limit(world, &order),
    }
}

fn read(request: &Incoming) -> Result<Payment, Problem> {
    let mut body = Fields::of_body(&request.body)?;
    let order = body.string("orderID")?;
    let kind = body.string("paymentType")?;
    let card = match kind.as_str() {
        "creditCard" => Some(read_card(body.object("payWithCard")?)?),
        "limit" if body.has("payWithCard") => {
            return Err(Problem::new("payWithCard", "must be absent for paymentType limit"));
        }
        "limit" => None,
        _ => return Err(Problem::new("paymentType", "must be creditCard or limit")),
    };
    body.finish()?;
    Ok(Payment { order, card })
}

fn read_card(mut card: Fields) -> Result<Card, Problem> {
    let number = card.string_that("cardNumber", "13 to 19 digits without spaces", is_card_number)?;
    let two_digits = |text: &str| text.len() == 2 && is_digits(text) && ("01"..="12").contains(&text);
    let month = card.string_that("expireMonth", "\"01\" to \"12\"", two_digits)?;
    let four_digits = |text: &str| text.len() == 4 && text.starts_with("20") && is_digits(text);
    let year = card.string_that("expireYear", "a year of 4 digits", four_digits)?;
    card.string("cardHolderName")?;
    card.string_that("cvc", "3 digits, 4 on American Express", |cvc| is_cvc(cvc, &number))?;
    let installment = card.integer_in("installment", 1, 36)?;
    let with_3d = card.boolean("isWith3DSecure")?;
    let callback_url = card.url("callbackUrl")?;
    card.finish()?;
    let [month, year] = [month, year].map(|digits| digits.parse().unwrap_or_default());
    Ok(Card { number, month, year, installment, with_3d, callback_url })
}

fn card_scene(card: &Card) -> Plan {
    let declined = |reason, form| Plan {
        verdict: Verdict::Decline(reason, form),
        three_d: ThreeD::Never,
        ..Plan::approve("invalid_card")
    };
    if !luhn(&card.number) {
        return declined(Reason::InvalidNumber, Form::Http(422));
    }
    let over = crate::clock::is_over(card.month, card.year);
    if over && !is_document_card(&card.number, card.month, card.year) {
        return declined(Reason::ExpiredCard, Form::Http(400));
    }
    let plan = card_plan(&card.number).on(OURS);
    let forced = profile(&card.number).force_3d && plan.three_d == ThreeD::AsAsked;
    if forced { Plan { three_d: ThreeD::Always, ..plan } } else { plan }
}

fn pay_by_card(world: &mut World, order: &Order, card: &Card) -> Handled {
    let profile = profile(&card.number);
    if !profile.currencies.contains(&order.currency) {
        let message = format!("the card does not support {}", order.currency.code());
        return refuse(OURS, 422, "payWithCard.cardNumber", &message);
    }
    let offers = offers_of(profile, order.price_minor());
    let Some(offer) = offers.into_iter().find(|offer| offer.number == card.installment) else {
        return refuse(OURS, 400, "payWithCard.installment", "is not offered for this card and order");
    };
    let plan = card_scene(card);
    let fault = world.strike(&plan, &card.number);
    if let Some(fault) = fault.as_ref().filter(|fault| fault.is_before()) {
        return Ok(Answer::unexecuted(fault.clone()));
    }
    if let Oddity::Code2008Unexecuted(status) = plan.oddity {
        return Ok(timed_out(status));
    }
    world.ledger.executed(&order.id);
    let sale = Sale {
        order: order.id.clone(),
        amount_minor: offer.total_minor,
        installments: offer.number,
        last_four: Some(last_four(&card.number)),
    };
    let answer = match (plan.three_d, card.with_3d) {
        (ThreeD::StartFails, true) => decline(world, &sale, Reason::ThreeDFailed, Form::Http(422)),
        (ThreeD::Always, _) | (ThreeD::AsAsked, true) => challenge(world, order, card, &sale, plan),
        (ThreeD::Never, _) | (ThreeD::AsAsked | ThreeD::StartFails, false) => settle_directly(world, &sale, &plan),
    };
    Ok(answer.with_fault(fault))
}

fn pay_from_limit(world: &mut World, order: &Order) -> Handled {
    if order.scene == "no_agreement" {
        return refuse(OURS, 403, "paymentType", "the agency has no credit agreement");
    }
    let plan = scene::plan(order.scene).on(OURS);
    let fault = world.strike(&plan, &order.id);
    if let Some(fault) = fault.as_ref().filter(|fault| fault.is_before()) {
        return Ok(Answer::unexecuted(fault.clone()));
    }
    if let Oddity::Code2008Unexecuted(status) = plan.oddity {
        return Ok(timed_out(status));
    }
    world.ledger.executed(&order.id);
    if *world.ledger.limit(order.currency) < order.price_minor() {
        let problem = Problem::new("paymentType", "The agency's credit limit is not sufficient");
        return Ok(yolcu360_error(402, Reason::LimitExceeded.code(), &problem));
    }
    let sale = Sale { order: order.id.clone(), amount_minor: order.price_minor(), installments: 1, last_four: None };
    Ok(settle_directly(world, &sale, &plan).with_fault(fault))
}

/// Code 2008, "Payment timeout".
fn timed_out(status: u16) -> Answer {
    let texts = ("Payment timeout", "payment", "The bank did not answer in time");
    yolcu360_bank_error(status, 2008, texts, ("91", "Issuer unavailable"))
}

fn word(status: u16, status_word: &str) -> Answer {
    Answer::json(status, &PayAnswer { status: status_word, is_3ds_secure: false, html: None })
}

/// Without a challenge: the money moves, or not, and the answer says so in the scene's way.
fn settle_directly(world: &mut World, sale: &Sale, plan: &Plan) -> Answer {
    let plain = match plan.verdict {
        Verdict::Charge => {
            charge(world, sale, plan.trace);
            word(200, "success")
        }
        Verdict::Decline(reason, form) => decline(world, sale, reason, form),
    };
    match plan.oddity {
        Oddity::Pending => word(200, "pending"),
        Oddity::UnknownWord => word(200, "accepted_for_review"),
        Oddity::Code2008(status) => timed_out(status),
        Oddity::WholeOrder => {
            Answer::json(200, &world.order(&sale.order).map_or(Value::Null, |order| order.truth_as_json()))
        }
        Oddity::None
        | Oddity::PendingChallenge
        | Oddity::Code2008Unexecuted(_)
        | Oddity::NoAddress
        | Oddity::SuccessWithChallenge
        | Oddity::NoForm => plain,
    }
}

fn challenge(world: &mut World, order: &Order, card: &Card, sale: &Sale, plan: Plan) -> Answer {
    let purchase = Purchase {
        gateway: OURS,
        key: sale.order.clone(),
        amount_minor: sale.amount_minor,
        currency: order.currency,
        installments: sale.installments,
        masked: masked(&card.number),
        last_four: last_four(&card.number),
        return_url: card.callback_url.clone(),
    };
    let payment_id = world.next_id("payment_");
    let id = world.open_challenge(purchase, plan.clone(), payment_id);
    let html = (plan.oddity != Oddity::NoAddress).then(|| challenge_html(world, &id, &plan));
    let status = match plan.oddity {
        Oddity::PendingChallenge => "pending",
        Oddity::SuccessWithChallenge => "success",
        Oddity::None
        | Oddity::Pending
        | Oddity::Code2008(_)
        | Oddity::Code2008Unexecuted(_)
        | Oddity::WholeOrder
        | Oddity::NoAddress
        | Oddity::UnknownWord
        | Oddity::NoForm => "redirect_required",
    };
    Answer::json(200, &PayAnswer { status, is_3ds_secure: true, html })
}

/// Takes the money and reserves the order.
pub(crate) fn charge(world: &mut World, sale: &Sale, trace: Trace) {
    let payment_id = world.next_id("payment_");
    let until = Instant::now() + world.knobs.bank_delay;
    let kind = if sale.last_four.is_some() { ChargeKind::Card } else { ChargeKind::Limit };
    let Some(order) = world.orders.get_mut(&sale.order) else { return };
    match trace {
        Trace::AtOnce => order.shown_until = None,
        Trace::Late | Trace::Pending => order.shown_until = Some((until, order.state.clone())),
    }
    order.state.status = Status::Reserved;
    order.state.vendor_cancelled = order.scene == "vendor_cancels";
    order.state.payment_id = Some(payment_id);
    order.state.payment_type = Some(kind);
    order.state.updated_at = crate::clock::now();
    order.paid_minor = sale.amount_minor;
    let currency = order.currency;
    if kind == ChargeKind::Limit {
        let limit = world.ledger.limit(currency);
        *limit = limit.saturating_sub(sale.amount_minor);
    }
    world.ledger.charge(Charge {
        gateway: OURS,
        reference: None,
        order: Some(sale.order.clone()),
        amount_minor: sale.amount_minor,
        currency: currency.code().to_owned(),
        installments: sale.installments,
        last_four: sale.last_four.clone(),
        at: crate::clock::now(),
        reversed_minor: 0,
        kind,
    });
}

/// The product fails under a new paymentID and can be paid again.
pub(crate) fn decline(world: &mut World, sale: &Sale, reason: Reason, form: Form) -> Answer {
    let payment_id = world.next_id("payment_");
    if let Some(order) = world.orders.get_mut(&sale.order) {
        order.shown_until = None;
        order.state.status = Status::Failed;
        order.state.payment_id = Some(payment_id);
        order.state.payment_type = Some(if sale.last_four.is_some() { ChargeKind::Card } else { ChargeKind::Limit });
        order.state.updated_at = crate::clock::now();
    }
    match form {
        Form::StatusFailed => {
            Answer::json(200, &json!({ "status": "failed", "is3dsSecure": false, "threeDSHtmlContent": null }))
        }
        Form::Http(status) => yolcu360_bank_error(status, reason.code(), reason.texts(), reason.bank()),
    }
}
