//! Asking Finrota what became of a payment.

use reqwest::Method;
use vezne_core::answers::TransactionFacts;
use vezne_core::ids::AttemptReference;
use vezne_core::money::Currency;

use super::reading::{self, Asked};
use super::{Finrota, with_query};
use crate::account::Read;
use crate::rate::Lane;
use crate::reading::Status;

/// The parameter names between which the vendor's page can't decide.
const PARAMETERS: [&str; 2] = ["clientOrderReferenceCode", "clientReferenceNumber"];

impl Finrota {
    /// Asks about a transaction; `currency` is that of an answer that names none.
    pub(super) async fn ask_status(&self, reference: &AttemptReference, currency: Option<Currency>) -> Asked {
        let configured = self.config().status_parameter.as_str();
        let other = PARAMETERS.into_iter().find(|name| *name != configured);
        let (first, taken) = self.ask_with(configured, reference, currency).await;
        let again = match first {
            // 404 may only mean that the parameter has the other name; both at once would be answered 404, too.
            Asked::Nothing => other,
            Asked::No(_) => other.filter(|_| !taken),
            Asked::Transaction(..) => None,
        };
        let Some(other) = again else { return first };
        match self.ask_with(other, reference, currency).await {
            // A name that the gateway does not take says nothing; what it said to the other one stands.
            (Asked::No(_), false) => first,
            (found, _) => found,
        }
    }

    /// Asks by one name; and whether the gateway took the question at all: 400 and 422 say that it did not.
    async fn ask_with(
        &self,
        parameter: &str,
        reference: &AttemptReference,
        currency: Option<Currency>,
    ) -> (Asked, bool) {
        let path = with_query(&self.config().status_path, &[(parameter, reference.as_str())]);
        let deadline = self.config().deadlines.status;
        let read = Read { method: Method::GET, path: &path, body: None, deadline, lane: Lane::Reads };
        let reply = self.account.read_status(&read).await;
        let taken = !reply.as_ref().is_ok_and(|reply| reply.status == Status::BadRequest);
        let asked = reading::transaction(reply, currency, &|id: &str| self.id_text(id));
        if let Asked::Transaction(TransactionFacts { reference_number: Some(kept), .. }, Some(exact)) = &asked {
            self.numbers.remember(kept.clone(), exact.clone());
        }
        (asked, taken)
    }
}
