//! `POST /b2c/payment` (document 10.3 to 10.5).

use std::time::Instant;

use serde::Serialize;
use url::Url;

use super::{State, Transaction};
use crate::answer::{Answer, Handled, either};
use crate::bank::{Purchase, masked};
use crate::fault::Gateway;
use crate::fields::{Fields, Problem, is_card_number, is_cvc, last_four, luhn};
use crate::ledger::{Charge, ChargeKind};
use crate::practice::{card_plan, is_document_card};
use crate::request::Incoming;
use crate::scene::{Form, Oddity, Plan, Reason, ThreeD, Trace, Verdict};
use crate::world::{World, bad_request, check_json};

/// The request's body, checked.
struct Payment {
    number: String,
    month: i64,
    year: i64,
    return_url: Url,
    reference: String,
    use_3d: bool,
    token: String,
}

/// Response Model (document 10.3).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PayAnswer<'a> {
    payment_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_reference_code: Option<&'a str>,
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

pub(crate) fn pay(world: &mut World, request: &Incoming) -> Answer {
    either(try_pay(world, request))
}

fn try_pay(world: &mut World, request: &Incoming) -> Handled {
    check_json(Gateway::Finrota, request)?;
    world.check_token(Gateway::Finrota, "Authorization", request)?;
    let payment = read(request).map_err(bad_request(Gateway::Finrota))?;
    check_against_books(world, &payment).map_err(bad_request(Gateway::Finrota))?;
    let plan = plan_of(&payment);
    let fault = world.strike(&plan, &payment.number);
    if let Some(fault) = fault.as_ref().filter(|fault| fault.is_before()) {
        return Ok(Answer::unexecuted(fault.clone()));
    }
    Ok(execute(world, &payment, plan).with_fault(fault))
}

fn read(request: &Incoming) -> Result<Payment, Problem> {
    let mut body = Fields::of_body(&request.body)?;
    let mut card = body.object("card")?;
    let number = card.string_that("cardNumber", "13 to 19 digits without spaces", is_card_number)?;
    if !luhn(&number) {
        return Err(Problem::new("card.cardNumber", "has a wrong check digit"));
    }
    card.string("cardHolderName")?;
    card.string_that("cvv", "3 digits, 4 on American Express", |cvv| is_cvc(cvv, &number))?;
    let month = card.integer_in("expMonth", 1, 12)?;
    let year = card.integer_in("expYear", 2000, 2099)?;
    card.finish()?;
    let return_url = body.url("returnUrl")?;
    let reference = body.string_that("clientReferenceCode", "1 to 32 of A-Z, a-z, 0-9, - and _", is_reference)?;
    let use_3d = body.boolean("use3D")?;
    let token = body.string("installmentToken")?;
    body.ip_address("customerIpAddress")?;
    body.finish()?;
    Ok(Payment { number, month, year, return_url, reference, use_3d, token })
}

fn is_reference(text: &str) -> bool {
    text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn check_against_books(world: &World, payment: &Payment) -> Result<(), Problem> {
    if world.transactions.contains_key(&payment.reference) {
        return Err(Problem::new("clientReferenceCode", "has been used already"));
    }
    let Some(token) = world.offers.get(&payment.token) else {
        return Err(Problem::new("installmentToken", "is unknown"));
    };
    match token.refusal(&payment.number, Instant::now()) {
        Some(refusal) => Err(Problem::new("installmentToken", refusal)),
        None => Ok(()),
    }
}

fn plan_of(payment: &Payment) -> Plan {
    let over = crate::clock::is_over(payment.month, payment.year);
    if over && !is_document_card(&payment.number, payment.month, payment.year) {
        let verdict = Verdict::Decline(Reason::ExpiredCard, Form::Http(400));
        return Plan { verdict, three_d: ThreeD::Never, ..Plan::approve("expired") };
    }
    card_plan(&payment.number).on(Gateway::Finrota)
}

/// The gateway has taken the payment on: token and reference are used from here.
fn execute(world: &mut World, payment: &Payment, plan: Plan) -> Answer {
    let Some(token) = world.offers.get_mut(&payment.token) else {
        return super::finrota_error(400, "installmentToken: is unknown");
    };
    token.used = true;
    let (offer, currency) = (token.offer, token.currency);
    world.ledger.executed(&payment.reference);
    let purchase = Purchase {
        gateway: Gateway::Finrota,
        key: payment.reference.clone(),
        amount_minor: offer.total_minor,
        currency,
        installments: offer.number,
        masked: masked(&payment.number),
        last_four: last_four(&payment.number),
        return_url: payment.return_url.clone(),
    };
    book(world, &purchase, &plan);
    match (plan.three_d, payment.use_3d) {
        (ThreeD::StartFails, true) => {
            let error = "3-D Secure could not be started";
            fail(world, &purchase.key, error);
            direct_answer(world, &purchase.key, &plan)
        }
        (ThreeD::Always, _) | (ThreeD::AsAsked, true) => challenge(world, purchase, plan),
        (ThreeD::Never, _) | (ThreeD::AsAsked | ThreeD::StartFails, false) => {
            settle(world, &purchase, &plan);
            direct_answer(world, &purchase.key, &plan)
        }
    }
}

fn book(world: &mut World, purchase: &Purchase, plan: &Plan) {
    let id = world.next_serial();
    let transaction = Transaction {
        id: 700_000 + id,
        order_id: world.next_id("FO"),
        reference_number: world.next_id("FR").to_uppercase(),
        reference: purchase.key.clone(),
        amount_minor: purchase.amount_minor,
        last_minor: purchase.amount_minor,
        currency: purchase.currency,
        installments: purchase.installments,
        date: crate::clock::transaction_date(),
        state: State::Pending,
        error: None,
        voiding: plan.voiding,
        hidden_until: None,
        pending_until: None,
    };
    world.transactions.insert(purchase.key.clone(), transaction);
}

/// What the bank decides, written into ledger and books.
pub(crate) fn settle(world: &mut World, purchase: &Purchase, plan: &Plan) {
    match plan.verdict {
        Verdict::Decline(reason, _) => fail(world, &purchase.key, &reason.sentence()),
        Verdict::Charge => {
            world.ledger.charge(Charge {
                gateway: Gateway::Finrota,
                reference: Some(purchase.key.clone()),
                order: None,
                amount_minor: purchase.amount_minor,
                currency: purchase.currency.code().to_owned(),
                installments: purchase.installments,
                last_four: Some(purchase.last_four.clone()),
                at: crate::clock::now(),
                reversed_minor: 0,
                kind: ChargeKind::Card,
            });
            if let Some(transaction) = world.transactions.get_mut(&purchase.key) {
                transaction.state = State::Success;
            }
        }
    }
    let later = Instant::now() + world.knobs.bank_delay;
    if let Some(transaction) = world.transactions.get_mut(&purchase.key) {
        match plan.trace {
            Trace::AtOnce => {}
            Trace::Late => transaction.hidden_until = Some(later),
            Trace::Pending => transaction.pending_until = Some(later),
        }
    }
}

pub(crate) fn fail(world: &mut World, reference: &str, error: &str) {
    if let Some(transaction) = world.transactions.get_mut(reference) {
        transaction.state = State::Failed;
        transaction.error = Some(error.to_owned());
    }
}

fn direct_answer(world: &World, reference: &str, plan: &Plan) -> Answer {
    let Some(transaction) = world.transactions.get(reference) else {
        return super::finrota_error(500, "the payment is not in the books");
    };
    let payment_type = if plan.oddity == Oddity::UnknownWord { "DeferredSale" } else { "DirectSale" };
    Answer::json(
        200,
        &PayAnswer {
            payment_type,
            redirect_to: None,
            order_id: Some(&transaction.order_id),
            client_reference_code: Some(reference),
            success: transaction.state == State::Success,
            error: transaction.error.as_deref(),
        },
    )
}

/// `RedirectUrl`, in the form of the document's example: neither `orderId` nor `clientReferenceCode`.
fn challenge(world: &mut World, purchase: Purchase, plan: Plan) -> Answer {
    let order_id = world.transactions.get(&purchase.key).map(|known| known.order_id.clone()).unwrap_or_default();
    let oddity = plan.oddity;
    let id = world.open_challenge(purchase, plan, order_id);
    let redirect_to = (oddity != Oddity::NoAddress).then(|| world.challenge_url(&id));
    let success = oddity == Oddity::SuccessWithChallenge;
    Answer::json(
        200,
        &PayAnswer {
            payment_type: "RedirectUrl",
            redirect_to,
            order_id: None,
            client_reference_code: None,
            success,
            error: None,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_at_most_32_plain_characters() {
        assert!(is_reference("ORDER-123_a"));
        assert!(is_reference(&"A".repeat(32)));
        for bad in ["A B", "Ş1", "A/B", &"A".repeat(33)] {
            assert!(!is_reference(bad), "{bad}");
        }
    }
}
