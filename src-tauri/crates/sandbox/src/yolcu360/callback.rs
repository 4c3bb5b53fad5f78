//! `POST /payment/3ds-callback/{orderID}`: called by the payment processor (the bank's page), never by a merchant.

use super::{OURS, not_found, pay};
use crate::answer::{Answer, Handled, either, yolcu360_error};
use crate::bank::{Session, Stage, Told, returns};
use crate::fields::Problem;
use crate::finrota::callback::told;
use crate::request::Incoming;
use crate::scene::{Form, Reason, Verdict};
use crate::world::{Rate, World, refuse};

pub(crate) fn callback(world: &mut World, order: &str, request: &Incoming) -> Answer {
    either(try_callback(world, order, request))
}

/// The form's three fields: language, paymentId, transactionId; nothing else.
fn read(request: &Incoming) -> Result<(String, String), Problem> {
    if !request.is_form() {
        return Err(Problem::new("Content-Type", "must be application/x-www-form-urlencoded"));
    }
    let mut form = request.form();
    let mut take = |name: &str| {
        form.remove(name).filter(|value| !value.is_empty()).ok_or_else(|| Problem::new(name, "is required"))
    };
    take("language")?;
    let ids = (take("paymentId")?, take("transactionId")?);
    match form.keys().next() {
        None => Ok(ids),
        Some(name) => Err(Problem::new(name, "is not a known field")),
    }
}

fn try_callback(world: &mut World, order: &str, request: &Incoming) -> Handled {
    world.check_rate(Rate::Callback, order)?;
    let (payment_id, transaction_id) = read(request).map_err(crate::world::bad_request(OURS))?;
    let known = world.sessions.iter().find(|(_, session)| {
        session.purchase.gateway == OURS && session.purchase.key == order && session.payment_id == payment_id
    });
    let Some((id, session)) = known.map(|(id, session)| (id.clone(), session.clone())) else {
        return Ok(not_found());
    };
    if session.transaction_id != transaction_id {
        return refuse(OURS, 400, "transactionId", "is not the bank's");
    }
    let told = settle(world, &session)?;
    if let Some(known) = world.sessions.get_mut(&id) {
        known.stage = Stage::Settled(told.clone());
    }
    Ok(returns::send_back(world, &id, &session, &told))
}

fn sale(session: &Session) -> pay::Sale {
    let purchase = &session.purchase;
    pay::Sale {
        order: purchase.key.clone(),
        amount_minor: purchase.amount_minor,
        installments: purchase.installments,
        last_four: Some(purchase.last_four.clone()),
    }
}

/// Settles once; a repeated callback tells the same again. An order that was paid meanwhile is not charged a second time.
fn settle(world: &mut World, session: &Session) -> Result<Told, Box<Answer>> {
    let sale = sale(session);
    let payable = world.order(&sale.order).is_some_and(|order| order.is_payable());
    match &session.stage {
        Stage::Settled(told) => Ok(told.clone()),
        Stage::Asking { .. } => {
            let problem = Problem::new("transactionId", "the cardholder is not done at the bank");
            Err(yolcu360_error(400, 1001, &problem).boxed())
        }
        Stage::Authenticated | Stage::Failed(_) if !payable => Ok(told(session, false, None)),
        Stage::Failed(_) => {
            pay::decline(world, &sale, Reason::ThreeDFailed, Form::StatusFailed);
            Ok(told(session, false, None))
        }
        Stage::Authenticated => match session.plan.verdict {
            Verdict::Charge => {
                pay::charge(world, &sale, session.plan.trace);
                Ok(told(session, true, None))
            }
            Verdict::Decline(reason, _) => {
                pay::decline(world, &sale, reason, Form::StatusFailed);
                Ok(told(session, false, None))
            }
        },
    }
}
