//! Void and refund at Finrota.

use vezne_core::answers::{CannotBeAsked, CouldNotAsk, NotSentReason, ReversalAnswer, TransactionFacts};
use vezne_core::ids::AttemptReference;
use vezne_core::money::Currency;
use vezne_core::ports::{ReadFault, ReversalBaseline, ReversalCall};
use vezne_core::reversal::{self, Kind, Reversal, Target};
use vezne_core::status::Seen;
use vezne_core::text::ForeignText;

use super::status::Asked;
use super::{Finrota, map, wire};
use crate::account::NoAnswer;
use crate::call::{MoneyOrder, is_digest};
use crate::money::silent_reversal;
use crate::rate::Lane;

impl Finrota {
    pub(super) async fn send_reversal(&self, call: ReversalCall<'_>) -> ReversalAnswer {
        let intent = call.intent;
        let Target::Transaction { number, reference } = &intent.target else {
            return ReversalAnswer::NotSent(NotSentReason::Unprepared);
        };
        if !self.config().reversals {
            return ReversalAnswer::NotSent(NotSentReason::Unprepared);
        }
        let currency = intent.amount.currency();
        let Some(exact) = self.exact_number(number, reference, currency).await else {
            tracing::warn!(reversal = %intent.reversal, "the gateway no longer tells the number that names the payment");
            return ReversalAnswer::NotSent(NotSentReason::Unprepared);
        };
        let reason = intent.word.reason.as_str();
        let (path, body) = match intent.kind {
            Kind::Void => {
                let request = wire::CancelRequest { reference_code: &exact, reason };
                (&self.config().cancel_path, wire::cancel_body(&request))
            }
            Kind::Refund => {
                let amount = intent.amount.gateway_decimal_text();
                let field = &self.config().refund_amount_field;
                (&self.config().refund_path, wire::refund_body(&exact, field, &amount, reason))
            }
        };
        let Some(body) = body else { return ReversalAnswer::NotSent(NotSentReason::Unprepared) };
        tracing::info!(reversal = %intent.reversal, reference = %reference, "the reversal request is being sent");
        let deadline = self.config().deadlines.reversal;
        match self.account.move_money(MoneyOrder { path, body, deadline, lane: Lane::Reads }).await {
            Ok(reply) => map::reversal_answer(&reply, currency),
            Err(silence) => silent_reversal(silence),
        }
    }

    /// The number as the gateway wrote it. A digest of it names nothing there, so it is never sent in its place.
    async fn exact_number(
        &self,
        kept: &ForeignText,
        reference: &AttemptReference,
        currency: Currency,
    ) -> Option<String> {
        if let Some(exact) = self.numbers.exact(kept) {
            return Some(exact);
        }
        if !is_digest(kept) {
            return Some(kept.as_str().to_owned());
        }
        // A restart has forgotten it; a question brings it back.
        let _asked = self.ask_status(reference, Some(currency)).await;
        self.numbers.exact(kept)
    }

    pub(super) async fn remaining(&self, target: &Target, currency: Currency) -> Result<ReversalBaseline, ReadFault> {
        let Target::Transaction { reference, .. } = target else { return Err(ReadFault::NotFound) };
        if !self.config().status_query {
            return Err(ReadFault::CannotBeAsked(CannotBeAsked::Off));
        }
        match self.ask_status(reference, Some(currency)).await {
            Asked::Transaction(facts) => {
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

    pub(super) async fn read_reversal(&self, reversal: &Reversal) -> reversal::Reading {
        let Target::Transaction { reference, .. } = &reversal.intent.target else { return reversal::Reading::NoAmount };
        if !self.config().status_query {
            return reversal::Reading::CannotBeAsked(CannotBeAsked::Off);
        }
        match self.ask_status(reference, Some(reversal.intent.amount.currency())).await {
            Asked::Transaction(facts) => reversal.read_remaining(facts.amount.money(), seen(&facts)),
            Asked::Nothing => reversal::Reading::NoAmount,
            Asked::No(NoAnswer::ForNow(why)) => reversal::Reading::CouldNotAsk(why),
            Asked::No(NoAnswer::AtAll(why)) => reversal::Reading::CannotBeAsked(why),
        }
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
