//! `veznectl payment show`

use serde::Serialize;
use vezne_core::attempt::{self, Means};
use vezne_core::ids::{NameId, OperatorId};
use vezne_core::ports::{Clock as _, Journal as _, PaymentHistory};
use vezne_core::record::{Operator, Record};
use vezne_core::reversal;
use vezne_core::search::link;
use vezne_core::time::Timestamp;
use vezne_home::SystemClock;
use vezne_till::{AttemptView, PaymentView, ReversalView};

use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::unanswered;

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    payment: &'a PaymentView,
    /// What a colleague can paste into the desk.
    link: String,
    notes: &'a [Noted],
    history: &'a [Line],
}

/// A note by staff.
#[derive(Serialize)]
struct Noted {
    at: Timestamp,
    operator: Option<String>,
    text: String,
}

#[derive(Serialize)]
struct Line {
    at: Timestamp,
    about: String,
    what: String,
}

pub(crate) async fn run(context: &Context, given: &str) -> Result<Exit, Failure> {
    let (opening, _news) = context.opening();
    let reading = context.open_reading(&opening).await?;
    let payment = context::payment(&reading.journal, given).await?;
    let history = reading.journal.payment(payment).await?.ok_or_else(|| Failure::refused(Code::NotFound))?;
    let now = SystemClock.now();
    let view = PaymentView {
        payment,
        attempts: history.attempts.iter().map(|attempt| AttemptView::of(attempt, now)).collect(),
        reversals: history.reversals.iter().map(|reversal| ReversalView::of(reversal, now)).collect(),
    };
    let lines = lines(&history);
    let notes = notes(&history, &reading.journal.operators().await?);
    context.output.object(&Shown { payment: &view, link: link(payment), notes: &notes, history: &lines });
    for (attempt, of) in view.attempts.iter().zip(&history.attempts) {
        let holder = match holder(of) {
            Some(name) => reading.journal.name(name).await?,
            None => None,
        };
        attempt_block(context, attempt, holder.as_ref().map(|name| name.expose()));
    }
    for reversal in &view.reversals {
        reversal_block(context, reversal);
    }
    let zone = context::zone(&context.home);
    for note in &notes {
        context.output.line("");
        let by = note.operator.as_deref().map(|name| format!(" · {name}")).unwrap_or_default();
        context.output.line(&format!("  NOTE  {}{by}", context::local(note.at, &zone)));
        context.output.line(&format!("  {}", note.text));
    }
    context.output.line("");
    context.output.field("link", &link(payment));
    context.output.line("");
    for line in &lines {
        context.output.line(&format!("  {}  {}  {}", context::local(line.at, &zone), line.about, line.what));
    }
    reading.journal.close().await;
    Ok(Exit::Done)
}

fn holder(attempt: &attempt::Attempt) -> Option<NameId> {
    match &attempt.intent.means {
        Means::Card(means) => means.holder,
        Means::CreditLimit => None,
    }
}

fn attempt_block(context: &Context, view: &AttemptView, holder: Option<&str>) {
    let output = &context.output;
    let zone = context::zone(&context.home);
    let amount = view.total.as_ref().or(view.base.as_ref());
    let amount = amount.map(|amount| format!("  {} {}", amount.amount, amount.currency)).unwrap_or_default();
    output.line(&format!("  {}{amount}", view.state.replace('_', " ").to_uppercase()));
    output.field("attempt", &view.attempt.to_string());
    output.field("payment", &view.payment.to_string());
    output.field("account", &format!("{} ({})", view.account, view.gateway.word()));
    if let Some(subject) = view.order.as_deref().or(view.booking.as_deref()) {
        output.field(if view.order.is_some() { "order" } else { "reference" }, subject);
    }
    if let Some(card) = &view.card {
        let holder = holder.map(|holder| format!(" · {holder}")).unwrap_or_default();
        output.field("card", &format!("{} {}…{}{holder}", card.brand, card.bin.first_six(), card.last_four));
    }
    for (name, number) in [
        ("attempt ref.", Some(view.reference.as_str())),
        ("gateway ref.", view.gateway_reference.as_deref()),
        ("gateway pay.", view.gateway_payment.as_deref()),
        ("authorised", view.authorisation.as_deref()),
        ("evidence", view.evidence),
    ] {
        if let Some(number) = number {
            output.field(name, number);
        }
    }
    output.field("opened", &context::local(view.opened, &zone));
    if let Some(reason) = &view.reason {
        let words = Code::of_word(reason.code).map_or(reason.code, Code::happened);
        output.field("why", words);
        if let Some(text) = &reason.text {
            output.field("in its words", text);
        }
    }
    for alarm in &view.alarms {
        let words = Code::of_word(alarm.code).map_or(alarm.code, Code::happened);
        output.field("ALARM", &format!("{words} {}", alarm.detail.as_deref().unwrap_or_default()));
    }
    if view.needs_attention {
        output.field("", "needs attention");
    }
}

fn reversal_block(context: &Context, view: &ReversalView) {
    let output = &context.output;
    let kind = match view.kind {
        reversal::Kind::Void => "void",
        reversal::Kind::Refund => "refund",
    };
    let state = view.state.replace('_', " ");
    output.line("");
    output.line(&format!("  {} {}  {} {}", kind, state.to_uppercase(), view.amount.amount, view.amount.currency));
    output.field("reversal", &view.reversal.to_string());
    output.field("opened", &context::local(view.opened, &context::zone(&context.home)));
}

fn notes(history: &PaymentHistory, operators: &[Operator]) -> Vec<Noted> {
    let name = |id: OperatorId| operators.iter().find(|known| known.id == id).map(|known| known.name.to_string());
    let noted = |(at, record): &(Timestamp, Record)| {
        let Record::NoteAdded(note) = record else { return None };
        let operator = note.operator.map(|id| name(id).unwrap_or_else(|| id.to_string()));
        Some(Noted { at: *at, operator, text: note.text.to_string() })
    };
    history.lines.iter().filter_map(noted).collect()
}

fn lines(history: &PaymentHistory) -> Vec<Line> {
    let line = |(at, record): &(Timestamp, Record)| Line { at: *at, about: about(record), what: what(record) };
    history.lines.iter().map(line).collect()
}

fn about(record: &Record) -> String {
    match record {
        Record::Attempt { attempt, .. } => attempt.to_string(),
        Record::Reversal { reversal, .. } => reversal.to_string(),
        Record::NoteAdded(note) => note.payment.to_string(),
        Record::PaperIssued(issued) => issued.paper.to_string(),
        Record::PaperWithdrawn(withdrawn) => withdrawn.paper.to_string(),
        Record::OperatorAdded(_)
        | Record::RightUsed { .. }
        | Record::EpochStarted { .. }
        | Record::SpanLost { .. }
        | Record::DayClosed(_)
        | Record::CloseCompared(_) => String::new(),
    }
}

fn what(record: &Record) -> String {
    match record {
        Record::Attempt { entry: attempt::Entry::Asked { reading, .. }, .. } => unanswered::payment_step(reading),
        Record::Reversal { entry: reversal::Entry::Asked { reading, .. }, .. } => unanswered::reversal_step(reading),
        Record::Attempt { entry, .. } => entry_word(&serde_json::to_value(entry)),
        Record::Reversal { entry, .. } => entry_word(&serde_json::to_value(entry)),
        Record::NoteAdded(note) => format!("note: {}", note.text),
        Record::OperatorAdded(operator) => format!("operator added: {}", operator.name),
        Record::RightUsed { act, reason, .. } => format!("a supervisor agreed ({act:?}): {reason}"),
        Record::EpochStarted { epoch, .. } => format!("epoch {epoch} began"),
        Record::SpanLost { first, last } => format!("events {first} to {last} are lost"),
        Record::DayClosed(close) => format!("day close {}", close.number),
        Record::CloseCompared(comparison) => format!("day close {} was compared", comparison.number),
        Record::PaperIssued(issued) => match issued.copy {
            None => format!("paper issued ({})", issued.way.word()),
            Some(copy) => format!("copy {copy} issued ({})", issued.way.word()),
        },
        Record::PaperWithdrawn(withdrawn) => match withdrawn.copy {
            None => "paper taken back".to_owned(),
            Some(copy) => format!("copy {copy} taken back"),
        },
    }
}

/// An entry's own word, and for a state the state's: the names under which the journal keeps them.
fn entry_word(entry: &Result<serde_json::Value, serde_json::Error>) -> String {
    let Ok(entry) = entry else { return String::new() };
    let Some((word, inner)) = named(entry) else { return String::new() };
    let state = (word == "entered").then(|| inner.and_then(named)).flatten().map(|(state, _)| state);
    state.unwrap_or(word).replace('_', " ")
}

fn named(value: &serde_json::Value) -> Option<(&str, Option<&serde_json::Value>)> {
    if let Some(word) = value.as_str() {
        return Some((word, None));
    }
    value.as_object()?.iter().next().map(|(word, inner)| (word.as_str(), Some(inner)))
}
