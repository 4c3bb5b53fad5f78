//! A gateway that says what it is told to say.

use std::sync::{Arc, Mutex};

use vezne_core::account::{AccountRef, PagePlace};
use vezne_core::answers::{CouldNotAsk, NotSentReason, Probe, ReversalAnswer, StatusAnswer};
use vezne_core::attempt::{Attempt, Intent};
use vezne_core::ids::AttemptId;
use vezne_core::money::Currency;
use vezne_core::options::OptionList;
use vezne_core::order::OrderId;
use vezne_core::ports::{
    Answer, BankPage, BankPages, Gateway, OptionsQuestion, OptionsTicket, OrderSummary, PayCall, PayResult, Pins, Rate,
    ReadFault, ReversalBaseline, ReversalCall, TryOut,
};
use vezne_core::record::Operator;
use vezne_core::reversal::{self, Reversal, Target};
use vezne_core::time::Millis;

use super::asks::Asks;
use super::clock::FakeClock;
use super::log::Log;
use super::samples::{list_for, order_summary, paid_transaction, success};

/// What a pay call carried.
pub(crate) struct PaySeen {
    pub(crate) intent: Intent,
    /// Number and CVC, as they were handed over.
    pub(crate) card: Option<(String, String)>,
    pub(crate) return_url: String,
    pub(crate) ticket: Option<OptionsTicket>,
}

pub(crate) struct FakeGateway {
    log: Log,
    /// How long it wants no questions.
    pub(crate) busy: Mutex<Millis>,
    pub(crate) options: Asks<OptionsQuestion, Result<(OptionList, OptionsTicket), ReadFault>>,
    pub(crate) order: Asks<OrderId, Result<OrderSummary, ReadFault>>,
    pub(crate) get_ready: Asks<(), Result<(), NotSentReason>>,
    pub(crate) renew_token: Asks<(), Result<(), CouldNotAsk>>,
    pub(crate) pay: Asks<PaySeen, PayResult>,
    pub(crate) status: Asks<Attempt, StatusAnswer>,
    pub(crate) probe: Asks<Attempt, Probe>,
    pub(crate) before_reversal: Asks<(Target, Currency), Result<ReversalBaseline, ReadFault>>,
    pub(crate) reverse: Asks<reversal::Intent, ReversalAnswer>,
    pub(crate) reversal_status: Asks<Reversal, reversal::Reading>,
}

impl FakeGateway {
    /// One that offers plans, takes every payment and says so when asked.
    pub(crate) fn new(log: Log, clock: Arc<FakeClock>) -> Self {
        Self {
            log,
            busy: Mutex::new(Millis::ZERO),
            options: Asks::new(move |question: &OptionsQuestion| Ok((list_for(question, &clock), OptionsTicket(7)))),
            order: Asks::new(|_: &OrderId| Ok(order_summary())),
            get_ready: Asks::new(|(): &()| Ok(())),
            renew_token: Asks::new(|(): &()| Ok(())),
            pay: Asks::new(|_: &PaySeen| success()),
            status: Asks::new(paid_transaction),
            probe: Asks::new(|_: &Attempt| Probe::NoAnswer),
            before_reversal: Asks::new(|_: &(Target, Currency)| Err(ReadFault::NotFound)),
            reverse: Asks::new(|_: &reversal::Intent| ReversalAnswer::Done { last_amount: None }),
            reversal_status: Asks::new(|_: &Reversal| reversal::Reading::CouldNotAsk(CouldNotAsk::TimedOut)),
        }
    }

    fn note(&self, line: &str) {
        self.log.note(format!("gateway: {line}"));
    }
}

impl Gateway for FakeGateway {
    fn options(&self, question: OptionsQuestion) -> Answer<'_, Result<(OptionList, OptionsTicket), ReadFault>> {
        self.note("options");
        Box::pin(self.options.ask(question))
    }

    fn order(&self, order: OrderId) -> Answer<'_, Result<OrderSummary, ReadFault>> {
        self.note("order");
        Box::pin(self.order.ask(order))
    }

    fn wait(&self, _rate: Rate) -> Millis {
        Millis::ZERO
    }

    fn wait_to_read(&self) -> Millis {
        *self.busy.lock().unwrap()
    }

    fn get_ready(&self) -> Answer<'_, Result<(), NotSentReason>> {
        self.note("get ready");
        Box::pin(self.get_ready.ask(()))
    }

    fn renew_token(&self) -> Answer<'_, Result<(), CouldNotAsk>> {
        self.note("renew token");
        Box::pin(self.renew_token.ask(()))
    }

    fn pay<'a>(&'a self, call: PayCall<'a>) -> Answer<'a, PayResult> {
        self.note("pay");
        let card = call.card.map(|card| (card.number.expose().to_owned(), card.cvc.expose().to_owned()));
        let seen =
            PaySeen { intent: call.intent.clone(), card, return_url: call.return_url.to_owned(), ticket: call.ticket };
        Box::pin(self.pay.ask(seen))
    }

    fn status<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a, StatusAnswer> {
        self.note("status");
        Box::pin(self.status.ask(attempt.clone()))
    }

    fn probe<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a, Probe> {
        self.note("probe");
        Box::pin(self.probe.ask(attempt.clone()))
    }

    fn before_reversal<'a>(
        &'a self,
        target: &'a Target,
        currency: Currency,
    ) -> Answer<'a, Result<ReversalBaseline, ReadFault>> {
        self.note("before reversal");
        Box::pin(self.before_reversal.ask((target.clone(), currency)))
    }

    fn reverse<'a>(&'a self, call: ReversalCall<'a>) -> Answer<'a, ReversalAnswer> {
        self.note("reverse");
        Box::pin(self.reverse.ask(call.intent.clone()))
    }

    fn reversal_status<'a>(&'a self, reversal: &'a Reversal) -> Answer<'a, reversal::Reading> {
        self.note("reversal status");
        Box::pin(self.reversal_status.ask(reversal.clone()))
    }

    fn try_out(&self) -> Answer<'_, TryOut> {
        Box::pin(async { TryOut::CanBeAsked })
    }
}

/// The bank's windows.
pub(crate) struct FakePages {
    log: Log,
    pub(crate) address: Asks<AttemptId, Result<String, String>>,
    pub(crate) open: Asks<AttemptId, Result<(), String>>,
    /// For which places addresses were made.
    pub(crate) places: Mutex<Vec<PagePlace>>,
}

impl FakePages {
    pub(crate) fn new(log: Log) -> Self {
        Self {
            log,
            address: Asks::new(|attempt: &AttemptId| Ok(format!("vezne://return/{attempt}"))),
            open: Asks::new(|_: &AttemptId| Ok(())),
            places: Mutex::default(),
        }
    }
}

impl BankPages for FakePages {
    fn return_address(
        &self,
        attempt: AttemptId,
        _account: &AccountRef,
        place: PagePlace,
    ) -> Answer<'_, Result<String, String>> {
        self.log.note("pages: address");
        self.places.lock().unwrap().push(place);
        Box::pin(self.address.ask(attempt))
    }

    fn open(&self, attempt: AttemptId, _page: BankPage) -> Answer<'_, Result<(), String>> {
        self.log.note("pages: open");
        Box::pin(self.open.ask(attempt))
    }

    fn close(&self, _attempt: AttemptId) -> Answer<'_, ()> {
        self.log.note("pages: close");
        Box::pin(async {})
    }
}

/// A PIN whose key is lost.
pub(crate) const LOST: &str = "lost";

/// A PIN that is checked: whose hash it must fit, and the PIN.
pub(crate) type PinAsked = (Option<Operator>, String);

/// The hash of a PIN is the PIN.
pub(crate) struct FakePins {
    pub(crate) verify: Asks<PinAsked, bool>,
}

impl FakePins {
    pub(crate) fn new() -> Self {
        Self { verify: Asks::new(is_right) }
    }
}

pub(crate) fn is_right((operator, pin): &PinAsked) -> bool {
    operator.as_ref().is_some_and(|operator| operator.pin_hash == *pin)
}

impl Pins for FakePins {
    fn verify<'a>(&'a self, operator: Option<&'a Operator>, pin: &'a str) -> Answer<'a, bool> {
        Box::pin(self.verify.ask((operator.cloned(), pin.to_owned())))
    }

    fn can_verify<'a>(&'a self, operator: &'a Operator) -> Answer<'a, bool> {
        Box::pin(async move { operator.pin_hash != LOST })
    }
}
