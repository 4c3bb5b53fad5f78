//! The answers to void and refund at Finrota and to cancelling at Yolcu360.

use vezne_core::account::GatewayKind;
use vezne_core::answers::ReversalAnswer;

use crate::check::{plain_decimal, texts_are_filtered};
use crate::engine::Target;
use crate::{exchange, samples};

/// The target.
pub(super) const TARGET: Target = Target { name: "reversals", run, words: &WORDS, longest: 16 * 1024 };

const WORDS: [&str; 32] = [
    "\"message\":\"x\"",
    "\"statusCode\":200",
    "\"statusCode\":400",
    "\"exceptions\":null",
    "\"data\":{}",
    "\"isSuccess\":true",
    "\"isSuccess\":false",
    "\"isSuccess\":\"true\"",
    "\"lastAmount\":500.00",
    "\"lastAmount\":0.0000",
    "\"lastAmount\":\"x\"",
    "\"transactionStatusId\":1",
    "\"errorCode\":\"E7\"",
    "\"errorCode\":2008",
    "\"errorMessage\":\"No\"",
    "\"oldData\":null",
    "\"errors\":null",
    "\"success\":true",
    "\"success\":false",
    "\"orderId\":\"order_1\"",
    "\"orderId\":\"order_2\"",
    "\"status\":\"cancelled\"",
    "\"status\":\"success\"",
    "\"status\":\"reserved\"",
    "200\n",
    "201\n",
    "400\n",
    "401\n",
    "403\n",
    "404\n",
    "429\n",
    "500\n",
];

fn run(data: &[u8]) {
    let parts = exchange::parts(data);
    let text = String::from_utf8_lossy(parts.body);
    let escapes = text.contains("\\u");
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        let reversal = samples::reversal(kind);
        let answer = samples::reader(kind).reversal(parts.exchange(), &reversal.intent);
        texts_are_filtered(&answer);
        match answer {
            ReversalAnswer::Done { last_amount } => {
                assert!(parts.is(200), "done, and no 200 said so");
                let word = match kind {
                    GatewayKind::Finrota => "isSuccess",
                    GatewayKind::Yolcu360 => "success",
                };
                assert!((text.contains(word) && text.contains("true")) || escapes, "done, and nobody said so");
                let digits = last_amount.and_then(|amount| plain_decimal(&amount.amount_text()));
                let whole = digits.map(|digits| digits.trim_matches(['.', '-']).replace('.', ""));
                let said: String = text.chars().filter(char::is_ascii_digit).collect();
                assert!(whole.is_none_or(|whole| said.contains(&whole)) || escapes, "an amount that nobody said");
            }
            ReversalAnswer::NotDone { .. } => {
                let by_word = parts.is(200) && (text.contains("false") || escapes);
                assert!(by_word || parts.is_one_of(&[400, 403, 404, 422, 429]), "not done, and nobody said so");
                let is_ambiguous = kind == GatewayKind::Yolcu360 && parts.is(404);
                assert!(!is_ambiguous, "404 at Yolcu360 may mean that it was processed");
            }
            ReversalAnswer::NotSent(_) => assert!(parts.not_sent, "what was sent counts as not sent"),
            ReversalAnswer::Unauthorised(_) => assert!(parts.is(401)),
            ReversalAnswer::Unclear(_) => {}
        }
    }
}
