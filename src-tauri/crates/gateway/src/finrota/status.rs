//! Asking Finrota what became of a payment.

use reqwest::Method;
use vezne_core::answers::{CouldNotAsk, TransactionFacts};
use vezne_core::ids::AttemptReference;
use vezne_core::money::Currency;

use super::map::{self, Found};
use super::{Finrota, with_query};
use crate::account::{NoAnswer, Read};
use crate::call::Status;
use crate::field::is_json;
use crate::rate::Lane;

/// The parameter names between which the vendor's page can't decide.
const PARAMETERS: [&str; 2] = ["clientOrderReferenceCode", "clientReferenceNumber"];

/// A transaction as the status query tells it, or why it does not.
pub(super) enum Asked {
    Transaction(TransactionFacts),
    Nothing,
    No(NoAnswer),
}

impl Finrota {
    /// Asks about a transaction; `currency` is that of an answer that names none.
    pub(super) async fn ask_status(&self, reference: &AttemptReference, currency: Option<Currency>) -> Asked {
        let configured = self.config().status_parameter.as_str();
        let other = PARAMETERS.into_iter().find(|name| *name != configured);
        match self.ask_with(configured, reference, currency).await {
            // 404 may only mean that the parameter has the other name; both at once would be answered 404, too.
            Asked::Nothing => match other {
                Some(other) => self.ask_with(other, reference, currency).await,
                None => Asked::Nothing,
            },
            found @ (Asked::Transaction(_) | Asked::No(_)) => found,
        }
    }

    async fn ask_with(&self, parameter: &str, reference: &AttemptReference, currency: Option<Currency>) -> Asked {
        let path = with_query(&self.config().status_path, &[(parameter, reference.as_str())]);
        let deadline = self.config().deadlines.status;
        let read = Read { method: Method::GET, path: &path, body: None, deadline, lane: Lane::Reads };
        let reply = match self.account.read(&read).await {
            Ok(reply) => reply,
            Err(why) => return Asked::No(why),
        };
        let body = reply.body.whole();
        match reply.status {
            // Only the vendor's own 404 says that there is nothing; a web server's says that the path is wrong.
            Status::NotFound if body.is_some_and(is_json) => {
                self.account.answered();
                Asked::Nothing
            }
            Status::Ok => {
                self.account.answered();
                let Some(body) = body else { return Asked::No(NoAnswer::ForNow(CouldNotAsk::Unreadable)) };
                match map::transaction(body, currency, &|id| self.id_text(id)) {
                    Ok(Found::Transaction(facts, number)) => {
                        if let (Some(kept), Some(exact)) = (&facts.reference_number, number) {
                            self.numbers.remember(kept.clone(), exact);
                        }
                        Asked::Transaction(facts)
                    }
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
            | Status::Other(_)) => Asked::No(self.account.no_answer(status)),
        }
    }
}
