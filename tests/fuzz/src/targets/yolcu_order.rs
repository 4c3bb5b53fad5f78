//! `GET /order/{id}`: as a status, as a summary before paying, before and after a cancellation.

use vezne_core::account::GatewayKind;
use vezne_core::answers::{OrderFacts, OrderState, SaidAmount, StatusAnswer};
use vezne_core::attempt::Means;
use vezne_core::evidence::Claim;
use vezne_core::money::Currency;
use vezne_core::ports::{ReadFault, ReversalBaseline};
use vezne_core::reversal::Reading as ReversalReading;
use vezne_core::status::{Baseline, Context, OrderContext, Reading, read};
use vezne_gateway::reading::Answered;

use crate::check::texts_are_filtered;
use crate::engine::Target;
use crate::{exchange, samples};

/// The target.
pub(super) const TARGET: Target = Target { name: "yolcu_order", run, words: &WORDS, longest: 16 * 1024 };

const WORDS: [&str; 38] = [
    "\"orderedCarProduct\":",
    "\"status\":\"reserved\"",
    "\"status\":\"pending\"",
    "\"status\":\"failed\"",
    "\"status\":\"cancelled\"",
    "\"status\":\"removed\"",
    "\"vendorCancelled\":false",
    "\"vendorCancelled\":true",
    "\"vendorCancelled\":\"no\"",
    "\"paymentID\":\"pay_1\"",
    "\"paymentId\":7",
    "\"updatedAt\":\"2026-11-21T12:00:00Z\"",
    "\"paymentType\":\"creditCard\"",
    "\"paymentType\":\"limit\"",
    "\"paymentCurrency\":\"TRY\"",
    "\"passenger\":{}",
    "\"fullName\":\"Ayşe Işık\"",
    "\"firstName\":\"A\"",
    "\"lastName\":\"B\"",
    "\"car\":{}",
    "\"pricing\":{}",
    "\"paymentTotal\":{\"amount\":54500,\"currency\":\"TRY\"}",
    "\"total\":{\"amount\":54500.0000,\"currency\":\"TL\"}",
    "\"amount\":",
    "\"currency\":",
    "\"KWD\"",
    "\"JPY\"",
    "\"data\":",
    "\"order\":",
    "\"cancellable\":true",
    "\"refundable\":false",
    "200\n",
    "201\n",
    "401\n",
    "403\n",
    "404\n",
    "407\n",
    "500\n",
];

fn run(data: &[u8]) {
    let parts = exchange::parts(data);
    let reader = samples::reader(GatewayKind::Yolcu360);
    let attempt = samples::attempt(GatewayKind::Yolcu360);
    let answer = reader.status(parts.exchange(), &attempt);
    texts_are_filtered(&answer);
    match &answer {
        StatusAnswer::Order(facts) => {
            assert!(parts.is_one_of(&[200, 201]), "an order that no 200 told");
            facts_are_said(facts, parts.body);
        }
        StatusAnswer::NoTrace => {
            assert!(parts.is(404) && crate::check::is_json(parts.body))
        }
        StatusAnswer::Transaction(_) => unreachable!("Yolcu360 knows no transactions"),
        StatusAnswer::CouldNotAsk(_) | StatusAnswer::CannotBeAsked(_) => {}
    }
    against_a_baseline(&answer);
    let summary = reader.order(parts.exchange());
    texts_are_filtered(&summary);
    match (&summary, &answer) {
        (Ok(summary), StatusAnswer::Order(facts)) => assert_eq!(&summary.facts, facts, "two readings of one order"),
        (Err(ReadFault::NotFound), StatusAnswer::NoTrace) => {}
        (Err(_), StatusAnswer::CouldNotAsk(_) | StatusAnswer::CannotBeAsked(_)) => {}
        _ => unreachable!("one order is read in two ways: {summary:?}, {answer:?}"),
    }
    cancelling(data, &answer);
    let mut limit = attempt;
    limit.intent.means = Means::CreditLimit;
    assert_eq!(reader.status(parts.exchange(), &limit), answer, "the order tells the same whatever was paid with");
}

/// The facts that decide over money stand in the document, word by word.
pub(super) fn facts_are_said(facts: &OrderFacts, body: &[u8]) {
    let text = String::from_utf8_lossy(body);
    let spelled = |word: &str| text.contains(word) || text.contains("\\u");
    match &facts.state {
        OrderState::Reserved => {
            assert!(spelled("\"reserved\""), "reserved, and nobody said so");
            if !facts.vendor_cancelled {
                let cancelled =
                    text.contains("\"vendorCancelled\":true") && !text.contains("\"vendorCancelled\":false");
                assert!(!cancelled || text.matches("\"status\"").count() > 1, "the vendor has cancelled");
            }
        }
        OrderState::Failed => assert!(spelled("\"failed\""), "failed, and nobody said so"),
        OrderState::Cancelled => assert!(spelled("\"cancelled\""), "cancelled, and nobody said so"),
        OrderState::Pending | OrderState::Removed | OrderState::Other(_) => {}
    }
    if let SaidAmount::Said(price) = facts.price {
        let digits = price.minor().unsigned_abs().to_string();
        let said: String = text.chars().filter(char::is_ascii_digit).collect();
        assert!(
            said.contains(digits.trim_end_matches('0')) || text.contains("\\u"),
            "a price of {digits} that nobody said"
        );
    }
}

/// What the order says of an attempt: paid only when it is reserved for the price that was expected.
fn against_a_baseline(answer: &StatusAnswer) {
    let before = OrderFacts {
        state: OrderState::Pending,
        vendor_cancelled: false,
        payment_id: None,
        updated_at: None,
        payment_type: None,
        price: samples::lira(54_500).into(),
    };
    let baseline = Baseline::Order(before);
    for (claim, later_sent) in [(None, false), (Some(Claim::Success), false), (Some(Claim::Failure), true)] {
        let context = Context::Order(OrderContext {
            baseline: Some(&baseline),
            sent_type: "creditCard",
            claim,
            credited: Vec::new(),
            later_sent,
            rivals: Vec::new(),
            stray: false,
            cancel_sent: false,
        });
        let reading = read(answer, &context);
        texts_are_filtered(&reading);
        let facts = if let StatusAnswer::Order(facts) = answer { Some(facts) } else { None };
        match reading {
            Reading::Paid(_) => {
                let good = facts.is_some_and(|facts| {
                    facts.state == OrderState::Reserved
                        && !facts.vendor_cancelled
                        && match facts.price {
                            SaidAmount::Said(price) => price == samples::lira(54_500),
                            SaidAmount::NotSaid => true,
                            SaidAmount::Unreadable(_) => false,
                        }
                });
                assert!(good, "paid by {facts:?}");
            }
            Reading::NotPaid(_) => {
                assert!(
                    facts.is_some_and(|facts| facts.state == OrderState::Failed) && !later_sent,
                    "not paid by {facts:?}"
                );
            }
            Reading::PaidPartlyReturned(_) | Reading::PaidByUnknownCard(_) | Reading::OwnReversal(_) => {
                unreachable!("nothing was returned, and there is no other card")
            }
            Reading::Pending(_)
            | Reading::NoTrace
            | Reading::CouldNotAsk(_)
            | Reading::CannotBeAsked(_)
            | Reading::Mismatch { .. }
            | Reading::Attention(_) => {}
        }
    }
}

fn cancelling(data: &[u8], answer: &StatusAnswer) {
    let parts = exchange::parts(data);
    let reader = samples::reader(GatewayKind::Yolcu360);
    let reversal = samples::reversal(GatewayKind::Yolcu360);
    let reading = reader.reversal_status(parts.exchange(), &reversal);
    texts_are_filtered(&reading);
    let cancelled = matches!(answer, StatusAnswer::Order(OrderFacts { state: OrderState::Cancelled, .. }));
    assert_eq!(matches!(reading, ReversalReading::Done(_)), cancelled, "done is what is cancelled");
    // The same bytes as an order and as the answer about its cancellation.
    let order = || Ok(Answered::new(200, r#"{"orderedCarProduct":{"status":"reserved"}}"#));
    let baseline = reader.before_reversal(order(), || parts.exchange(), &reversal.intent.target, Currency::TRY);
    if let Ok(baseline) = &baseline {
        assert!(matches!(baseline, ReversalBaseline::Order { .. }));
        let text = String::from_utf8_lossy(parts.body);
        assert!(
            (text.contains("cancellable") && text.contains("refundable")) || text.contains("\\u"),
            "nobody said so"
        );
    }
    let before = reader.before_reversal(parts.exchange(), order, &reversal.intent.target, Currency::TRY);
    assert!(before.is_err(), "an order alone does not say that it can be cancelled");
}
