//! The last line: the outcome, as an object for a script and as words for a person.

mod failed;
mod reversal;

use serde::Serialize;
use vezne_core::attempt::Outcome;
use vezne_core::guard::Earlier;
use vezne_core::ids::{AttemptId, PaymentId, ReversalId};
use vezne_till::{AttemptView, ReversalView};

use crate::args::RightArgs;
use crate::exit::Exit;
use crate::messages::Code;
use crate::output::Output;
use crate::unanswered::Unanswered;

pub(crate) use self::failed::failure;
pub(crate) use self::reversal::{already_void, reversal};

/// The last object of every verb that moves money, asks about it, or is refused (`PRODUCT.md`).
#[derive(Debug, Serialize)]
pub(crate) struct Last<'a> {
    pub(crate) payment: Option<PaymentId>,
    pub(crate) attempt: Option<AttemptId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reversal: Option<ReversalId>,
    /// None where a verb failed that is about no payment, or about one of which nothing can be read.
    pub(crate) outcome: Option<&'a str>,
    /// What did not come about, where the outcome is not that of this verb but of what stood before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failed: Option<String>,
    pub(crate) refused_by: Option<&'a str>,
    pub(crate) evidence: Option<&'a str>,
    pub(crate) unconfirmed: bool,
    /// Why the gateway could not be asked: the outcome was known before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unanswered: Option<&'a str>,
    pub(crate) amount: Option<&'a str>,
    pub(crate) currency: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bank_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) not_written_down: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) earlier: Option<&'a Earlier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) view: Option<&'a AttemptView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reversal_view: Option<&'a ReversalView>,
}

impl Last<'_> {
    fn empty(outcome: Option<&str>, message: String) -> Last<'_> {
        Last {
            payment: None,
            attempt: None,
            reversal: None,
            outcome,
            failed: None,
            refused_by: None,
            evidence: None,
            unconfirmed: false,
            unanswered: None,
            amount: None,
            currency: None,
            reason: None,
            message,
            next: None,
            detail: None,
            bank_code: None,
            state: None,
            not_written_down: false,
            earlier: None,
            view: None,
            reversal_view: None,
        }
    }
}

const fn words_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "approved",
        Outcome::Declined => "declined",
        Outcome::Refused => "refused",
        Outcome::Unknown => "unknown",
        Outcome::NotSent => "not sent",
    }
}

/// The code's sentence, or for a code that is only the till's, its word.
fn sentence(word: &str) -> String {
    Code::of_word(word).map_or_else(|| format!("The reason's code is {word}."), |code| code.happened().to_owned())
}

/// What is told beside how an attempt or a reversal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Nothing.
    Nothing,
    /// This program stops while it may be under way.
    Interrupted,
    /// The gateway was to be asked, and did not answer: what stands was known before.
    Unanswered(Unanswered),
}

impl Beside {
    const fn unanswered(self) -> Option<Unanswered> {
        match self {
            Self::Unanswered(why) => Some(why),
            Self::Nothing | Self::Interrupted => None,
        }
    }
}

/// Tells of an attempt as it stands.
pub(crate) fn attempt(output: &Output, view: &AttemptView, beside: Beside) -> Exit {
    // An attempt without an outcome may have been sent: nobody may take it for anything else.
    let outcome = view.outcome.unwrap_or(Outcome::Unknown);
    let reason = view.reason.as_ref();
    let word = reason.map(|reason| reason.code).or((beside == Beside::Interrupted).then_some(Code::Interrupted.word()));
    let amount = view.total.as_ref().or(view.base.as_ref());
    let message = match (outcome, word) {
        (Outcome::Approved, _) => approved_words(view),
        (Outcome::Declined, Some(word)) => {
            limit_decline(view, word).map_or_else(|| sentence(word), |words| words.0.to_owned())
        }
        (_, Some(word)) => sentence(word),
        // The one decline without a reason: no bank has said it.
        (Outcome::Declined, None) => "A supervisor settled that nothing was charged.".to_owned(),
        (_, None) => words_of(outcome).to_owned(),
    };
    let next = next_of(view, outcome, word);
    let last = Last {
        payment: Some(view.payment),
        attempt: Some(view.attempt),
        refused_by: view.refused_by,
        evidence: view.evidence,
        unconfirmed: view.unconfirmed,
        unanswered: beside.unanswered().map(Unanswered::word),
        amount: amount.map(|amount| amount.amount.as_str()),
        currency: amount.map(|amount| amount.currency),
        reason: word,
        next: next.clone(),
        detail: reason.and_then(|reason| reason.text.as_deref()),
        bank_code: reason.and_then(|reason| reason.bank_code.as_deref()),
        state: Some(view.state),
        not_written_down: view.not_written_down,
        view: Some(view),
        ..Last::empty(Some(outcome.word()), said_with(&message, beside))
    };
    output.object(&last);
    output.line("");
    output.line(&format!("  {}", headline(view, outcome)));
    output.field("what", &message);
    tell_unanswered(output, beside);
    details(output, view);
    output.field("money", money_words(view, outcome));
    if let Some(next) = next {
        output.field("next", &next);
    }
    if view.not_written_down {
        output.warn("  The outcome could not be written down: the disk is full or the journal can't be written.");
        return Exit::Environment;
    }
    Exit::of(outcome)
}

/// The message with what is told beside it.
fn said_with(message: &str, beside: Beside) -> String {
    beside.unanswered().map_or_else(|| message.to_owned(), |why| format!("{message} {}", why.sentence()))
}

fn tell_unanswered(output: &Output, beside: Beside) {
    if let Some(why) = beside.unanswered() {
        output.field("not asked", &format!("{} What stands here was known before.", why.sentence()));
    }
}

fn headline(view: &AttemptView, outcome: Outcome) -> String {
    let amount = view.total.as_ref().or(view.base.as_ref());
    let amount = amount.map(|amount| format!("  {} {}", amount.amount, amount.currency)).unwrap_or_default();
    let plan = match view.installments {
        Some(count) if count > 1 => format!(" in {count} installments"),
        Some(_) | None => String::new(),
    };
    let unconfirmed = if view.unconfirmed { " (unconfirmed)" } else { "" };
    format!("{}{unconfirmed}{amount}{plan}", words_of(outcome).to_uppercase())
}

fn approved_words(view: &AttemptView) -> String {
    let mut words = if view.unconfirmed {
        "The payment is approved; the gateway has not borne it out yet.".to_owned()
    } else {
        "The payment is approved.".to_owned()
    };
    if !knows_amount(view) {
        words.push_str(" How much is not known.");
    }
    if view.without_3ds {
        words.push_str(" 3-D Secure was asked for, and the gateway did without.");
    }
    words
}

fn details(output: &Output, view: &AttemptView) {
    if let Some(reason) = &view.reason {
        if let Some(text) = &reason.text {
            output.field("in its words", text);
        }
        if let Some(code) = &reason.bank_code {
            output.field("bank's code", code);
        }
    }
    if let Some(evidence) = view.evidence {
        output.field("evidence", evidence_words(evidence));
    }
    for alarm in &view.alarms {
        let detail = alarm.detail.as_deref().unwrap_or_default();
        output.field("ALARM", format!("{} {detail}", sentence(alarm.code)).trim_end());
    }
    if let Some(card) = &view.card {
        output.field("card", &format!("{} {}…{}", card.brand, card.bin.first_six(), card.last_four));
    }
    let named = [
        ("order", view.order.as_deref()),
        ("reference", view.booking.as_deref()),
        ("at gateway", view.gateway_payment.as_deref().or(view.gateway_reference.as_deref())),
        ("authorisation", view.authorisation.as_deref()),
    ];
    for (label, value) in named {
        if let Some(value) = value {
            output.field(label, value);
        }
    }
    output.field("payment", &view.payment.to_string());
    output.field("attempt", &view.attempt.to_string());
}

fn evidence_words(word: &str) -> &str {
    match word {
        "gateway_status" => "the gateway, asked afterwards",
        "pay_answer" => "the gateway's answer to the payment",
        "return_and_probe" => "the bank's page, and the order's own state",
        "return_alone" => "the bank's page alone",
        "supervisor" => "a supervisor's word",
        "counter_entry" => "a supervisor's counter-entry",
        "reversal_answer" => "the gateway's answer",
        "portal" => "done by hand in the gateway's portal, by a supervisor's word",
        other => other,
    }
}

const fn knows_amount(view: &AttemptView) -> bool {
    view.total.is_some() || view.base.is_some()
}

fn money_words(view: &AttemptView, outcome: Outcome) -> &'static str {
    match outcome {
        // An order whose gateway told no price (`RULES.md` 4).
        Outcome::Approved if !knows_amount(view) => {
            "Money moved; how much is not known: the amount must be looked up in the gateway's portal."
        }
        Outcome::Approved => "Money moved: the amount above was charged.",
        Outcome::Declined => "No money moved.",
        Outcome::Refused => "Nothing was charged: it was refused before processing.",
        Outcome::Unknown => "It is NOT known whether money moved. Do not charge again.",
        Outcome::NotSent => "Nothing was sent, and nothing was charged.",
    }
}

/// What a decline says and advises where the payment was to come from the credit limit.
fn limit_decline(view: &AttemptView, word: &str) -> Option<(&'static str, &'static str)> {
    if view.card.is_some() {
        return None;
    }
    Code::of_word(word).and_then(Code::of_limit)
}

fn next_of(view: &AttemptView, outcome: Outcome, word: Option<&str>) -> Option<String> {
    let of_limit = word.filter(|_| outcome == Outcome::Declined).and_then(|word| limit_decline(view, word));
    let of_code = of_limit.map(|words| words.1).or_else(|| word.and_then(Code::of_word).and_then(Code::next));
    match outcome {
        Outcome::Unknown => {
            let ask = format!("veznectl payment ask {}", view.payment);
            Some(of_code.map_or_else(|| ask.clone(), |next| format!("{ask}\n{next}")))
        }
        Outcome::Approved if !knows_amount(view) => {
            Some("Look the amount up in the gateway's portal; it counts in no sum here.".to_owned())
        }
        Outcome::Approved | Outcome::Declined | Outcome::Refused | Outcome::NotSent => of_code.map(str::to_owned),
    }
}

/// The command that gives a payment's money back by a refund, as one line of a shell. The PIN comes on standard input.
pub(crate) fn refund_command(what: &str, right: &RightArgs) -> String {
    let named = |option: &str, value: &Option<String>, otherwise: &str| {
        format!(" {option} {}", value.as_deref().map_or_else(|| otherwise.to_owned(), quoted))
    };
    format!(
        "veznectl payment refund {what}{}{}",
        named("--as", &right.supervisor, "NAME"),
        named("--reason", &right.reason, "TEXT")
    )
}

/// As one word of a shell.
fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_is_offered_can_be_pasted_into_a_shell() {
        let payment = "pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3";
        let right =
            |name: &str, reason: &str| RightArgs { supervisor: Some(name.to_owned()), reason: Some(reason.to_owned()) };
        assert_eq!(
            refund_command(payment, &right("Deniz", "guest's car broke")),
            format!("veznectl payment refund {payment} --as Deniz --reason 'guest'\\''s car broke'")
        );
        assert_eq!(
            refund_command(payment, &RightArgs { supervisor: None, reason: None }),
            format!("veznectl payment refund {payment} --as NAME --reason TEXT")
        );
    }
}
