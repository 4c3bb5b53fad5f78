//! The port that the till asks.

use vezne_core::account::GatewayKind;
use vezne_core::answers::{
    CannotBeAsked, CouldNotAsk, DeclineReason, Failure, NotSentReason, OrderFacts, OrderState, PayAnswer, Probe,
    ReversalAnswer, SaidAmount, StatusAnswer, TransactionFacts, TransactionState,
};
use vezne_core::attempt::{Attempt, Intent, Means, Subject};
use vezne_core::evidence::Claim;
use vezne_core::money::Currency;
use vezne_core::options::OptionList;
use vezne_core::order::OrderId;
use vezne_core::ports::{
    Answer, Gateway, OptionsQuestion, OptionsTicket, OrderSummary, PayAnswerOrOrder, PayCall, PayResult, Rate,
    ReadFault, ReversalBaseline, ReversalCall, TryOut,
};
use vezne_core::reference::Part;
use vezne_core::reversal::{self, Kind, Reversal, Target};
use vezne_core::text::ForeignText;
use vezne_core::time::Millis;
use vezne_gateway::reading::{Exchange, SignInFault, Silence};

use super::client::{PAY_DEADLINE, REVERSAL_DEADLINE};
use super::{Ask, Pay, SimGateway, customer_of};
use crate::books::dearer;
use crate::plant::Plant;
use crate::schedule::Boundary;

fn read_fault(fault: SignInFault) -> ReadFault {
    ReadFault::CouldNotAsk(fault.could_not_ask())
}

/// The subject's number, and its part's.
fn numbered(subject: &Subject) -> (u8, Option<u8>) {
    let number = |text: &str| text.rsplit(['_', '-']).next().and_then(|digits| digits.parse().ok()).unwrap_or(0);
    match subject {
        Subject::Order(order) => (number(order.as_str()), None),
        Subject::Reference { reference, part } => {
            let part = part.and_then(|part| match part {
                Part::Number(part) => Some(part.get()),
                Part::Rental | Part::Deposit | Part::Extra => None,
            });
            (number(reference.as_str()), part)
        }
    }
}

/// The question that the status query asks of an attempt.
fn status_ask(intent: &Intent) -> Ask {
    match &intent.subject {
        Subject::Order(order) => Ask::Order(order.as_str().to_owned()),
        Subject::Reference { .. } => Ask::Transaction(intent.reference.as_str().to_owned()),
    }
}

fn target_ask(target: &Target) -> Ask {
    match target {
        Target::Order(order) => Ask::Order(order.as_str().to_owned()),
        Target::Transaction { reference, .. } => Ask::Transaction(reference.as_str().to_owned()),
        Target::Portal => unreachable!("nobody is asked about what was done by hand"),
    }
}

/// The number of the offer whose tokens an answer carries.
fn offer_in(exchange: &Exchange) -> u64 {
    let body = exchange.as_ref().ok().and_then(|answered| answered.body.whole()).unwrap_or_default();
    let text = String::from_utf8_lossy(body);
    let digits = text.split_once("\"offer-").and_then(|(_, rest)| rest.split_once('-')).map(|(number, _)| number);
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The planted defect's word: not paid.
fn not_paid(attempt: &Attempt) -> TransactionFacts {
    TransactionFacts {
        state: TransactionState::Failed,
        client_reference: Some(ForeignText::filter(attempt.intent.reference.as_str())),
        reference_number: None,
        id: None,
        amount: SaidAmount::NotSaid,
        last_four: None,
    }
}

/// The planted defect's word: paid.
fn reserved() -> OrderFacts {
    OrderFacts {
        state: OrderState::Reserved,
        vendor_cancelled: false,
        payment_id: None,
        updated_at: Some(ForeignText::filter("believed")),
        payment_type: None,
        price: SaidAmount::NotSaid,
    }
}

impl SimGateway {
    async fn asks_options(&self, question: OptionsQuestion) -> Result<(OptionList, OptionsTicket), ReadFault> {
        let ask = match &question {
            OptionsQuestion::Amount { bin, amount } => {
                Ask::Options { order: None, base: amount.minor(), bin: bin.as_str().to_owned() }
            }
            OptionsQuestion::Order { bin, order } => {
                Ask::Options { order: Some(order.as_str().to_owned()), base: 0, bin: bin.as_str().to_owned() }
            }
        };
        let exchange = self.asks(Boundary::Options, &ask).await.map_err(read_fault)?;
        let ticket = OptionsTicket(offer_in(&exchange));
        self.reader().options(exchange, &question).map(|list| (list, ticket))
    }

    async fn asks_status(&self, attempt: &Attempt) -> StatusAnswer {
        if !attempt.can_be_asked() {
            return StatusAnswer::CannotBeAsked(CannotBeAsked::Off);
        }
        if self.believes_a_return(attempt) {
            return StatusAnswer::Order(reserved());
        }
        match self.asks(Boundary::Status, &status_ask(&attempt.intent)).await {
            Ok(Err(_)) if self.world.with(|state| state.plant.is(Plant::TakesSilenceForANo)) => {
                StatusAnswer::Transaction(not_paid(attempt))
            }
            Ok(exchange) if self.is_forbidden(&exchange) => StatusAnswer::CannotBeAsked(CannotBeAsked::NotAllowed),
            Ok(exchange) => self.reader().status(exchange, attempt),
            Err(fault) => StatusAnswer::CouldNotAsk(fault.could_not_ask()),
        }
    }

    /// The planted defect: whatever a return claims is told as the gateway's own word.
    fn believes_a_return(&self, attempt: &Attempt) -> bool {
        let planted = self.world.with(|state| state.plant.is(Plant::BelievesReturns));
        planted && self.kind == GatewayKind::Yolcu360 && attempt.own_claim() == Some(Claim::Success)
    }

    fn pay_of(&self, call: &PayCall<'_>) -> Pay {
        let intent = call.intent;
        let installments = match &intent.means {
            Means::Card(means) => means.plan.option.installments,
            Means::CreditLimit => 1,
        };
        let order = match &intent.subject {
            Subject::Order(order) => Some(order.as_str().to_owned()),
            Subject::Reference { .. } => None,
        };
        let (subject, part) = numbered(&intent.subject);
        let limit = matches!(intent.means, Means::CreditLimit);
        self.world.with(|state| {
            let price = order.as_ref().and_then(|id| state.books.orders.get(id)).map(|order| order.price);
            let price = price.map(|price| if installments == 1 { price } else { dearer(price) });
            Pay {
                attempt: intent.attempt,
                reference: intent.reference.as_str().to_owned(),
                // The ticket's number fits: it is a place in a list.
                offer: call.ticket.and_then(|ticket| Some((usize::try_from(ticket.0).ok()?, installments))),
                amount: price.or_else(|| intent.total().map(|total| total.minor())).unwrap_or(0),
                three_ds: intent.wants_3ds(),
                limit,
                customer: customer_of(state, subject, part, limit),
                order,
            }
        })
    }

    async fn pays(&self, call: PayCall<'_>) -> PayResult {
        let ask = Ask::Pay(Box::new(self.pay_of(&call)));
        if self.world.with(|state| state.plant.is(Plant::SendsTwice)) {
            drop(self.call(Boundary::Pay, &ask, PAY_DEADLINE).await);
        }
        let mut exchange = self.call(Boundary::Pay, &ask, PAY_DEADLINE).await;
        if exchange.as_ref().is_err_and(|why| *why == Silence::TimedOut)
            && self.world.with(|state| state.plant.is(Plant::SendsAgainAfterATimeOut))
        {
            exchange = self.call(Boundary::Pay, &ask, PAY_DEADLINE).await;
        }
        if exchange.as_ref().is_ok_and(|answered| answered.status >= 500)
            && self.world.with(|state| state.plant.is(Plant::Takes5xxForANo))
        {
            let failure = Failure::plain(DeclineReason::Other);
            return PayResult { answer: PayAnswerOrOrder::Answer(PayAnswer::Failure(failure)), page: None };
        }
        self.reader().pay(exchange, call.intent)
    }

    async fn stands_before(&self, target: &Target, currency: Currency) -> Result<ReversalBaseline, ReadFault> {
        let exchange = self.asks(Boundary::BeforeReversal, &target_ask(target)).await.map_err(read_fault)?;
        let told = matches!(&exchange, Ok(answered) if answered.status == 200);
        let eligibility = match target {
            Target::Order(order) if told => {
                let ask = Ask::Eligibility(order.as_str().to_owned());
                self.asks(Boundary::BeforeReversal, &ask).await.map_err(read_fault)?
            }
            Target::Order(_) | Target::Transaction { .. } | Target::Portal => Err(Silence::Lost),
        };
        self.reader().before_reversal(exchange, || eligibility, target, currency)
    }

    async fn reverses(&self, call: ReversalCall<'_>) -> ReversalAnswer {
        let intent = call.intent;
        let ask = match &intent.target {
            Target::Order(order) => Ask::Cancel { reversal: intent.reversal, order: order.as_str().to_owned() },
            Target::Transaction { reference, .. } => Ask::Return {
                reversal: intent.reversal,
                reference: reference.as_str().to_owned(),
                amount: match intent.kind {
                    Kind::Void => None,
                    Kind::Refund => Some(intent.amount.minor()),
                },
            },
            Target::Portal => unreachable!("nothing is sent of what was done by hand"),
        };
        if self.world.with(|state| state.plant.is(Plant::SendsTwice)) {
            drop(self.call(Boundary::Reverse, &ask, REVERSAL_DEADLINE).await);
        }
        let exchange = self.call(Boundary::Reverse, &ask, REVERSAL_DEADLINE).await;
        self.reader().reversal(exchange, intent)
    }

    async fn asks_probe(&self, attempt: &Attempt) -> Probe {
        let (Subject::Order(order), Some(card)) = (&attempt.intent.subject, attempt.intent.card()) else {
            return Probe::NoAnswer;
        };
        let bin = card.bin.first_six().as_str().to_owned();
        let ask = Ask::Options { order: Some(order.as_str().to_owned()), base: 0, bin };
        match self.asks(Boundary::Probe, &ask).await {
            Ok(exchange) => self.reader().probe(exchange),
            Err(_) => Probe::NoAnswer,
        }
    }
}

impl Gateway for SimGateway {
    fn options(&self, question: OptionsQuestion) -> Answer<'_, Result<(OptionList, OptionsTicket), ReadFault>> {
        Box::pin(self.asks_options(question))
    }

    fn order(&self, order: OrderId) -> Answer<'_, Result<OrderSummary, ReadFault>> {
        Box::pin(async move {
            if self.kind == GatewayKind::Finrota {
                return Err(ReadFault::NotFound);
            }
            let ask = Ask::Order(order.as_str().to_owned());
            let exchange = self.asks(Boundary::Order, &ask).await.map_err(read_fault)?;
            if self.is_forbidden(&exchange) {
                return Err(ReadFault::CannotBeAsked(CannotBeAsked::NotAllowed));
            }
            self.reader().order(exchange)
        })
    }

    fn wait(&self, rate: Rate) -> Millis {
        match rate {
            Rate::Pay => Millis(self.slot_wait()),
            Rate::Options => Millis::ZERO,
        }
    }

    fn get_ready(&self) -> Answer<'_, Result<(), NotSentReason>> {
        Box::pin(self.gets_ready())
    }

    fn renew_token(&self) -> Answer<'_, Result<(), CouldNotAsk>> {
        Box::pin(async move { self.sign_in().await.map_err(SignInFault::could_not_ask) })
    }

    fn pay<'a>(&'a self, call: PayCall<'a>) -> Answer<'a, PayResult> {
        Box::pin(self.pays(call))
    }

    fn status<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a, StatusAnswer> {
        Box::pin(self.asks_status(attempt))
    }

    fn probe<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a, Probe> {
        Box::pin(self.asks_probe(attempt))
    }

    fn before_reversal<'a>(
        &'a self,
        target: &'a Target,
        currency: Currency,
    ) -> Answer<'a, Result<ReversalBaseline, ReadFault>> {
        Box::pin(self.stands_before(target, currency))
    }

    fn reverse<'a>(&'a self, call: ReversalCall<'a>) -> Answer<'a, ReversalAnswer> {
        Box::pin(self.reverses(call))
    }

    fn reversal_status<'a>(&'a self, reversal: &'a Reversal) -> Answer<'a, reversal::Reading> {
        Box::pin(async move {
            match self.asks(Boundary::ReversalStatus, &target_ask(&reversal.intent.target)).await {
                Ok(exchange) => self.reader().reversal_status(exchange, reversal),
                Err(fault) => reversal::Reading::CouldNotAsk(fault.could_not_ask()),
            }
        })
    }

    fn try_out(&self) -> Answer<'_, TryOut> {
        Box::pin(async { TryOut::CanBeAsked })
    }
}
