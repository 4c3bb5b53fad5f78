//! How a void or a refund stands.

use vezne_core::ids::{PaymentId, ReversalId};
use vezne_till::ReversalView;

use super::{Beside, Last, evidence_words, said_with, sentence, tell_unanswered};
use crate::exit::Exit;
use crate::messages::Code;
use crate::output::Output;
use crate::unanswered::Unanswered;

/// Tells of a reversal as it stands; `offer` is the command of what may be done instead when it was refused.
pub(crate) fn reversal(output: &Output, view: &ReversalView, offer: Option<String>, beside: Beside) -> Exit {
    let (outcome, exit) = reversal_outcome(view);
    let reason = view.reason.as_ref();
    let message = match (outcome, reason) {
        ("approved", _) if view.in_portal => "It is written down as given back in the portal.".to_owned(),
        // The gateway's word there is of the order (`RULES.md` 7).
        ("approved", _) if view.proves == Some("cancellation") => "The order is cancelled.".to_owned(),
        ("approved", _) => "The money goes back.".to_owned(),
        (_, Some(reason)) => Code::of_word(reason.code)
            .map_or_else(|| sentence(reason.code), |code| code.happened_to_reversal().to_owned()),
        (_, None) => "It is not settled.".to_owned(),
    };
    let of_code = || reason.and_then(|reason| Code::of_word(reason.code)).and_then(Code::next_of_reversal);
    let next = match outcome {
        "unknown" => Some(format!("veznectl payment ask {}", view.reversal)),
        "refused" if offer.is_some() => offer.map(|command| format!("Give it back by a refund: {command}")),
        _ => of_code().map(str::to_owned),
    };
    let last = Last {
        payment: Some(view.payment),
        attempt: Some(view.attempt),
        reversal: Some(view.reversal),
        refused_by: if outcome == "refused" { view.refused_by.or(Some("vezne")) } else { None },
        evidence: view.evidence,
        unanswered: beside.unanswered().map(Unanswered::word),
        amount: Some(&view.amount.amount),
        currency: Some(view.amount.currency),
        reason: reason.map(|reason| reason.code),
        next: next.clone(),
        detail: reason.and_then(|reason| reason.text.as_deref()),
        state: Some(view.state),
        not_written_down: view.not_written_down,
        reversal_view: Some(view),
        ..Last::empty(Some(outcome), said_with(&message, beside))
    };
    output.object(&last);
    output.line("");
    let headline = if outcome == "approved" { "DONE".to_owned() } else { outcome.replace('_', " ").to_uppercase() };
    output.line(&format!("  {headline}  {} {}", view.amount.amount, view.amount.currency));
    output.field("what", &message);
    tell_unanswered(output, beside);
    if let Some(text) = reason.and_then(|reason| reason.text.as_deref()) {
        output.field("in its words", text);
    }
    if let Some(evidence) = view.evidence {
        output.field("evidence", evidence_words(evidence));
    }
    for alarm in &view.alarms {
        let detail = alarm.detail.as_deref().unwrap_or_default();
        output.field("ALARM", format!("{} {detail}", sentence(alarm.code)).trim_end());
    }
    if let Some(saw) = &view.saw {
        output.field("seen", saw);
    }
    output.field("money", returned_words(outcome, view.proves));
    output.field("reversal", &view.reversal.to_string());
    output.field("payment", &view.payment.to_string());
    if let Some(next) = next {
        output.field("next", &next);
    }
    if view.not_written_down { Exit::Environment } else { exit }
}

pub(super) fn returned_words(outcome: &str, proves: Option<&str>) -> &'static str {
    match outcome {
        "approved" if proves == Some("cancellation") => {
            "The gateway cancelled the order; that the amount above was returned it does not say."
        }
        "approved" => "The amount above was returned.",
        "refused" => "Nothing was returned.",
        "not_sent" => "Nothing was sent; nothing was returned.",
        _ => "It is NOT known whether the money goes back. Do not return it again.",
    }
}

/// A reversal's outcome in the words of the last line, and its exit.
pub(super) fn reversal_outcome(view: &ReversalView) -> (&'static str, Exit) {
    match view.state {
        "done" => ("approved", Exit::Done),
        "refused" | "not_done" => ("refused", Exit::Refused),
        "not_sent" => ("not_sent", Exit::NotSent),
        // Unknown, and whatever is still under way: nobody may take it for settled.
        _ => ("unknown", Exit::Unknown),
    }
}

/// What the last line says when everything had gone back before.
pub(crate) fn already_void(output: &Output, payment: PaymentId, reversal: ReversalId) -> Exit {
    let code = Code::AlreadyVoid;
    let last = Last {
        payment: Some(payment),
        reversal: Some(reversal),
        reason: Some(code.word()),
        ..Last::empty(Some("approved"), code.happened().to_owned())
    };
    output.object(&last);
    output.line("");
    output.line("  ALREADY VOID");
    output.field("what", code.happened());
    output.field("money", "Nothing was sent.");
    output.field("reversal", &reversal.to_string());
    Exit::Done
}
