//! Void and refund at Finrota.

use vezne_core::answers::{CannotBeAsked, NotSentReason, ReversalAnswer};
use vezne_core::ids::AttemptReference;
use vezne_core::money::Currency;
use vezne_core::ports::{ReadFault, ReversalBaseline, ReversalCall};
use vezne_core::reversal::{self, Kind, Reversal, Target};
use vezne_core::text::ForeignText;

use super::{Finrota, reading, wire};
use crate::call::MoneyOrder;
use crate::rate::Lane;
use crate::reading::is_digest;

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
        let reply = self.account.move_money(MoneyOrder { path, body, deadline, lane: Lane::Reads }).await;
        reading::reversal(reply, currency)
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
        reading::remaining(self.ask_status(reference, Some(currency)).await, reference)
    }

    pub(super) async fn read_reversal(&self, reversal: &Reversal) -> reversal::Reading {
        let Target::Transaction { reference, .. } = &reversal.intent.target else { return reversal::Reading::NoAmount };
        if !self.config().status_query {
            return reversal::Reading::CannotBeAsked(CannotBeAsked::Off);
        }
        let asked = self.ask_status(reference, Some(reversal.intent.amount.currency())).await;
        reading::reversal_status(asked, reversal, reference)
    }
}
