//! One merchant account at its gateway: what is asked of it, and what it can answer.

use super::Answer;
use crate::answers::{
    CannotBeAsked, CouldNotAsk, NotSentReason, OrderFacts, PayAnswer, Probe, ReversalAnswer, StatusAnswer,
};
use crate::attempt::{Attempt, Intent};
use crate::card::{Bin, CardDetails};
use crate::money::{Currency, Money};
use crate::options::OptionList;
use crate::order::OrderId;
use crate::record::PersonName;
use crate::reversal::{self, Reversal, Target};
use crate::status::Seen;
use crate::text::ForeignText;
use crate::time::{Millis, Timestamp};

/// What is asked about options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionsQuestion {
    /// Finrota: for an amount.
    Amount {
        /// The card's first digits.
        bin: Bin,
        /// The amount owed.
        amount: Money,
    },
    /// Yolcu360: for an order.
    Order {
        /// The card's first six digits.
        bin: Bin,
        /// The order.
        order: OrderId,
    },
}

/// Why a read came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    /// Not answered for now.
    #[error("the gateway did not answer ({0:?})")]
    CouldNotAsk(CouldNotAsk),
    /// The gateway does not let us.
    #[error("the gateway does not let this account ask ({0:?})")]
    CannotBeAsked(CannotBeAsked),
    /// The gateway knows of no such thing.
    #[error("the gateway does not know it")]
    NotFound,
    /// The gateway found the question wrong, in its own words.
    #[error("the gateway refused the question{}", said(.0.as_ref()))]
    Refused(Option<ForeignText>),
    /// An amount can't be taken as it stands.
    #[error("the gateway's {field} can't be read: {why}")]
    Amount {
        /// The field.
        field: &'static str,
        /// Why.
        why: String,
    },
}

fn said(text: Option<&ForeignText>) -> String {
    text.map_or_else(String::new, |text| format!(": {}", text.as_str()))
}

/// An order as it is shown before it is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSummary {
    /// What matters for money.
    pub facts: OrderFacts,
    /// The passenger's name, for the screen.
    pub passenger: Option<PersonName>,
    /// The car or product, in the gateway's words.
    pub title: Option<ForeignText>,
    /// The currency in which the order is to be paid.
    pub currency: Option<Currency>,
}

/// The bank's page as it was handed to us. It is a secret: never on disk, never in a log.
#[derive(Clone, PartialEq, Eq)]
pub enum BankPage {
    /// An address to open (Finrota `redirectTo`).
    Address(String),
    /// A page to show (Yolcu360 `threeDSHtmlContent`), with the gateway's own base address as its origin.
    Html {
        /// The page.
        html: String,
        /// The base address under which it is shown.
        base: String,
    },
}

impl std::fmt::Debug for BankPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Address(_) => "BankPage::Address(…)",
            Self::Html { .. } => "BankPage::Html(…)",
        })
    }
}

/// A payment call.
pub struct PayCall<'a> {
    /// What is paid.
    pub intent: &'a Intent,
    /// The card; `None` for the credit limit.
    pub card: Option<&'a CardDetails>,
    /// Where the bank sends the customer back to; needed when 3-D Secure is asked for.
    pub return_url: &'a str,
    /// Which options answer the plan came from: its installment token stays inside the gateway.
    pub ticket: Option<OptionsTicket>,
}

/// Names an answer to an options question inside the gateway that gave it, so that installment tokens never leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OptionsTicket(pub u64);

/// What a payment call came to.
#[derive(Debug)]
pub struct PayResult {
    /// Its meaning.
    pub answer: PayAnswerOrOrder,
    /// The bank's page, when the meaning is a challenge.
    pub page: Option<BankPage>,
}

/// The meaning of a payment answer, before an order in it has been read against the baseline.
#[derive(Debug)]
pub enum PayAnswerOrOrder {
    /// It needs no more reading.
    Answer(PayAnswer),
    /// It is the whole order; the till reads it by the rules of section 4.
    Order(OrderFacts),
}

/// A void or refund call.
#[derive(Debug)]
pub struct ReversalCall<'a> {
    /// What is reversed.
    pub intent: &'a reversal::Intent,
}

/// What the gateway says before a reversal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReversalBaseline {
    /// Finrota: the transaction as it stands.
    Remaining {
        /// `lastAmount`.
        amount: Money,
        /// What was seen.
        seen: Seen,
        /// `referenceNumber`, which cancel and refund want.
        number: Option<ForeignText>,
    },
    /// Yolcu360: the order as it stands, and whether it can be cancelled and refunded.
    Order {
        /// The order.
        facts: OrderFacts,
        /// `cancellable`.
        cancellable: bool,
        /// `refundable`.
        refundable: bool,
    },
}

/// Which of the gateway's documented rates a call counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rate {
    /// Payments: 10 a minute.
    Pay,
    /// `installment-info`: 30 a minute.
    Options,
}

/// One merchant account at its gateway.
///
/// Reads are repeated by the implementation with backoff; payments and reversals never.
pub trait Gateway: Send + Sync {
    /// What the card may pay, and how. The ticket names the answer for a later payment.
    fn options(&self, question: OptionsQuestion) -> Answer<'_, Result<(OptionList, OptionsTicket), ReadFault>>;

    /// The order's summary (Yolcu360); [`ReadFault::NotFound`] at a gateway without orders.
    fn order(&self, order: OrderId) -> Answer<'_, Result<OrderSummary, ReadFault>>;

    /// How long until a call of this rate may be sent without exceeding it; zero when at once.
    fn wait(&self, rate: Rate) -> Millis;

    /// How long until a question may be asked: zero, unless the gateway has said that there were too many.
    fn wait_to_read(&self) -> Millis {
        Millis::ZERO
    }

    /// A payment was sent with this account at that moment by an earlier run of the desk: it counts against the rate.
    fn sent_before(&self, at: Timestamp) {
        let _no_rate_of_its_own = at;
    }

    /// Waits for a slot of the pay rate and makes sure of a token. Nothing of the payment is sent.
    fn get_ready(&self) -> Answer<'_, Result<(), NotSentReason>>;

    /// Fetches a new token, whatever the cache holds.
    fn renew_token(&self) -> Answer<'_, Result<(), CouldNotAsk>>;

    /// Sends the payment request, once, and waits for its answer until the pay deadline.
    fn pay<'a>(&'a self, call: PayCall<'a>) -> Answer<'a, PayResult>;

    /// Asks what became of an attempt.
    fn status<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a, StatusAnswer>;

    /// Asks `installment-info` as a second sign; [`Probe::NoAnswer`] where there is no such thing.
    fn probe<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a, Probe>;

    /// Reads what stands at the gateway before a reversal.
    fn before_reversal<'a>(
        &'a self,
        target: &'a Target,
        currency: Currency,
    ) -> Answer<'a, Result<ReversalBaseline, ReadFault>>;

    /// Sends the void or refund request, once.
    fn reverse<'a>(&'a self, call: ReversalCall<'a>) -> Answer<'a, ReversalAnswer>;

    /// Asks what became of a reversal.
    fn reversal_status<'a>(&'a self, reversal: &'a Reversal) -> Answer<'a, reversal::Reading>;

    /// Whether a made-up reference can be asked about: the connection test.
    fn try_out(&self) -> Answer<'_, TryOut>;
}

/// What the connection test found (`GATEWAYS.md`, rules).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TryOut {
    /// Signed in, and the status can be asked (provisionally, until a paid transaction has been found).
    CanBeAsked,
    /// Signed in, but the status address is wrong.
    WrongPath,
    /// Signed in, but the status may not be asked.
    CannotBeAsked,
    /// The credentials are refused.
    SignInRefused,
    /// No answer.
    NoAnswer(CouldNotAsk),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_was_refused_is_told_in_the_gateways_words_where_it_has_some() {
        let told = |words| ReadFault::Refused(words).to_string();
        assert_eq!(told(None), "the gateway refused the question");
        assert_eq!(told(Some(ForeignText::filter("bin?"))), "the gateway refused the question: bin?");
    }
}
