//! Finrota's own callback: the bank sends the browser here, and from here it goes on to the merchant's `returnUrl`.

use super::pay;
use crate::answer::{Answer, Handled, either, finrota_error};
use crate::bank::{Session, Stage, Told, returns};
use crate::fault::Gateway;
use crate::request::Incoming;
use crate::scene::{Claim, Verdict};
use crate::world::{World, refuse};

pub(crate) fn callback(world: &mut World, id: &str, request: &Incoming) -> Answer {
    either(try_callback(world, id, request))
}

fn try_callback(world: &mut World, id: &str, request: &Incoming) -> Handled {
    let form = request.form();
    let Some(session) = world.sessions.get(id).filter(|known| known.purchase.gateway == Gateway::Finrota).cloned()
    else {
        return Err(finrota_error(404, "unknown challenge").boxed());
    };
    // Only the bank knows its own id, and only once the cardholder is done there.
    if form.get("transactionId") != Some(&session.transaction_id) {
        return refuse(Gateway::Finrota, 400, "transactionId", "is not the bank's");
    }
    let told = settle(world, &session)?;
    if let Some(known) = world.sessions.get_mut(id) {
        known.stage = Stage::Settled(told.clone());
    }
    Ok(returns::send_back(world, id, &session, &told))
}

/// Settles once; a repeated callback tells the same again.
fn settle(world: &mut World, session: &Session) -> Result<Told, Box<Answer>> {
    let key = &session.purchase.key;
    match &session.stage {
        Stage::Settled(told) => Ok(told.clone()),
        Stage::Asking { .. } => Err(finrota_error(400, "the cardholder is not done at the bank").boxed()),
        Stage::Failed(failure) => {
            pay::fail(world, key, failure.sentence());
            Ok(told(session, false, Some(failure.sentence().to_owned())))
        }
        Stage::Authenticated => {
            pay::settle(world, &session.purchase, &session.plan);
            Ok(match session.plan.verdict {
                Verdict::Charge => told(session, true, None),
                Verdict::Decline(reason, _) => told(session, false, Some(reason.sentence())),
            })
        }
    }
}

/// The truth, unless the scene has the page claim something else.
pub(crate) fn told(session: &Session, charged: bool, error: Option<String>) -> Told {
    let authenticated = session.stage == Stage::Authenticated;
    match session.plan.claim {
        Claim::Success if authenticated => Told { success: true, error: None, authenticated },
        Claim::Failure if authenticated => {
            Told { success: false, error: Some("Payment failed".to_owned()), authenticated }
        }
        Claim::Truth | Claim::Success | Claim::Failure => Told { success: charged, error, authenticated },
    }
}
