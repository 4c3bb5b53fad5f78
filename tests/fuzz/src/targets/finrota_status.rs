//! Finrota's status query: of an attempt, before a reversal, after one.

use vezne_core::account::GatewayKind;
use vezne_core::answers::{SaidAmount, StatusAnswer, TransactionFacts, TransactionState};
use vezne_core::money::Currency;
use vezne_core::ports::ReversalBaseline;
use vezne_core::reversal::Reading as ReversalReading;
use vezne_core::status::{Context, Reading, Returned, TransactionContext, read};

use crate::check::{fields, object, plain_decimal, texts_are_filtered};
use crate::engine::Target;
use crate::{exchange, samples};

/// The target.
pub(super) const TARGET: Target = Target { name: "finrota_status", run, words: &WORDS, longest: 16 * 1024 };

const WORDS: [&str; 34] = [
    "\"transactionStatusId\":1",
    "\"transactionStatusId\":2",
    "\"transactionStatusId\":3",
    "\"transactionStatusId\":6",
    "\"transactionStatusId\":\"1\"",
    "\"transactionStatusId\":1.0",
    "\"transactionStatusId\":null",
    "\"lastAmount\":555.00",
    "\"lastAmount\":500.00",
    "\"lastAmount\":555.0000",
    "\"lastAmount\":555.001",
    "\"lastAmount\":\"555,00\"",
    "\"lastAmount\":null",
    "\"currencyType\":\"TRY\"",
    "\"currencyType\":949",
    "\"currencyType\":\"TL\"",
    "\"currencyType\":\"XXX\"",
    "\"referenceNumber\":\"REF-77\"",
    "\"referenceNumber\":4155650100416111",
    "\"clientReferenceNumber\":\"x\"",
    "\"id\":17",
    "\"cardNumber\":\"4155********6111\"",
    "\"maskedCardNumber\":\"****6111\"",
    "\"cardMask\":\"xxxx1234\"",
    "\"data\":",
    "\"data\":[]",
    "\"statusCode\":404",
    "\"statusCode\":200",
    "200\n",
    "401\n",
    "403\n",
    "404\n",
    "407\n",
    "500\n",
];

fn run(data: &[u8]) {
    let parts = exchange::parts(data);
    let reader = samples::reader(GatewayKind::Finrota);
    let attempt = samples::attempt(GatewayKind::Finrota);
    let answer = reader.status(parts.exchange(), &attempt);
    texts_are_filtered(&answer);
    match &answer {
        StatusAnswer::Transaction(facts) => {
            assert!(parts.is_one_of(&[200, 201]), "a transaction that no 200 told");
            facts_are_said(facts, parts.body);
        }
        StatusAnswer::NoTrace => assert!(parts.is_one_of(&[200, 201, 404])),
        StatusAnswer::Order(_) => unreachable!("Finrota knows no orders"),
        StatusAnswer::CouldNotAsk(_) | StatusAnswer::CannotBeAsked(_) => {}
    }
    against_an_attempt(&answer, attempt.intent.reference.as_str());
    let reversal = samples::reversal(GatewayKind::Finrota);
    let reading = reader.reversal_status(parts.exchange(), &reversal);
    let said = if let StatusAnswer::Transaction(facts) = &answer { facts.amount.money() } else { None };
    if let ReversalReading::Done(_) = reading {
        assert_eq!(said, Some(samples::lira(50_000)), "what is left is not what should be left");
    }
    let baseline =
        reader.before_reversal(parts.exchange(), || parts.exchange(), &reversal.intent.target, Currency::TRY);
    texts_are_filtered(&baseline);
    if let Ok(baseline) = baseline {
        let ReversalBaseline::Remaining { amount, number, .. } = baseline else {
            unreachable!("Finrota knows no orders")
        };
        assert!(number.is_some() && said == Some(amount), "a reversal of what nothing names");
    }
}

/// State and amount stand in the document, digit by digit.
fn facts_are_said(facts: &TransactionFacts, body: &[u8]) {
    let root = fields(body).unwrap_or_default();
    let has_state = |fields: &std::collections::BTreeMap<String, String>| {
        fields.get("transactionStatusId").is_some_and(|raw| raw != "null")
    };
    let inner =
        if has_state(&root) { root } else { root.get("data").and_then(|raw| fields_of(raw)).unwrap_or_default() };
    let written =
        inner.get("transactionStatusId").map(|raw| raw.trim_matches('"').trim().to_owned()).unwrap_or_default();
    let expected = match facts.state {
        TransactionState::Paid => "1",
        TransactionState::Failed => "2",
        TransactionState::Pending => "3",
        TransactionState::PartlyReturned => "6",
        TransactionState::Other(_) => return,
    };
    let same = written.parse::<i64>().is_ok_and(|number| number.to_string() == expected);
    assert!(same || written.contains('\\'), "{:?} of {written}", facts.state);
    if let SaidAmount::Said(amount) = facts.amount {
        let raw = inner.get("lastAmount").cloned().unwrap_or_default();
        let written = plain_decimal(&raw);
        assert!(written == plain_decimal(&amount.amount_text()) || raw.contains('\\'), "{amount} of {raw}");
    }
}

fn fields_of(raw: &str) -> Option<std::collections::BTreeMap<String, String>> {
    if raw.starts_with('[') { fields(raw.as_bytes()) } else { object(raw) }
}

fn against_an_attempt(answer: &StatusAnswer, reference: &str) {
    let returned = Returned { done: samples::lira(5_500), unknown: samples::lira(500) };
    for returned in [None, Some(returned)] {
        let last_four = vezne_core::card::LastFour::parse("6111").ok();
        let total = samples::lira(55_500);
        let reading = read(answer, &Context::Transaction(TransactionContext { reference, total, returned, last_four }));
        texts_are_filtered(&reading);
        let StatusAnswer::Transaction(facts) = answer else {
            assert!(!matches!(reading, Reading::Paid(_) | Reading::NotPaid(_)), "a word of nobody");
            continue;
        };
        let (paid, other) = match facts.state {
            TransactionState::Paid | TransactionState::PartlyReturned => (true, false),
            TransactionState::Failed => (false, true),
            TransactionState::Pending | TransactionState::Other(_) => (false, false),
        };
        let theirs =
            facts.client_reference.as_ref().is_some_and(|found| !found.as_str().trim().eq_ignore_ascii_case(reference));
        match reading {
            Reading::Paid(_) => {
                let good = match facts.amount {
                    SaidAmount::Said(amount) => amount == total,
                    SaidAmount::NotSaid => true,
                    SaidAmount::Unreadable(_) => false,
                };
                assert!(paid && good && !theirs, "paid by {facts:?}");
            }
            Reading::PaidPartlyReturned(_) => assert!(paid && returned.is_some() && !theirs, "{facts:?}"),
            Reading::NotPaid(_) => assert!(other && !theirs, "not paid by {facts:?}"),
            Reading::PaidByUnknownCard(_) | Reading::OwnReversal(_) => unreachable!("of orders only"),
            Reading::Pending(_)
            | Reading::NoTrace
            | Reading::CouldNotAsk(_)
            | Reading::CannotBeAsked(_)
            | Reading::Mismatch { .. }
            | Reading::Attention(_) => {}
        }
    }
}
