//! `veznectl payment ask`: asks the gateway, and waits for its answer.

use std::time::Duration;

use tokio::sync::broadcast;
use tokio::time::Instant;
use vezne_core::ports::Journal as _;
use vezne_core::record::Record;
use vezne_core::reversal;
use vezne_home::OpenTill;
use vezne_till::{AttemptView, Change, PaymentView, ReversalView, SettleError};

use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::report::{self, Beside};
use crate::standing::which;
use crate::stop::Stop;
use crate::unanswered::{self, Unanswered};
use crate::watch::ReversalWatch;

/// Beyond the deadline of a question: what the till itself may wait before (the limiter, a second question with the other
/// parameter) and after it.
const SLACK: Duration = Duration::from_secs(35);

pub(crate) async fn run(context: &Context, given: &str) -> Result<Exit, Failure> {
    let (opening, _news) = context.opening();
    let open = context.open_standing(opening).await?;
    let told = ask(context, &open, given).await;
    open.close().await;
    told
}

async fn ask(context: &Context, open: &OpenTill, given: &str) -> Result<Exit, Failure> {
    let payment = context::payment(&open.journal, given).await?;
    let changes = open.till.changes();
    let view = open.till.payment(payment).await?.ok_or_else(|| Failure::refused(Code::NotFound))?;
    let most = open.settings.timeouts.status.saturating_mul(2).saturating_add(SLACK);
    if let Some(reversal) = open_reversal(&view, given) {
        let asked_before = reversal.questions;
        let view = ask_reversal(context, open, changes, reversal, most).await?;
        let never_sent = matches!(view.state, "refused" | "not_sent") || view.in_portal;
        let beside = match view.questions > asked_before {
            true => beside(last_of_reversal(open, &view).await),
            false if never_sent => Beside::Nothing,
            false => Beside::Unanswered(Unanswered::NotYet),
        };
        return Ok(report::reversal(&context.output, &view, None, beside));
    }
    let attempt = which(&view, given).ok_or_else(|| Failure::refused(Code::NotFound))?;
    let asked_before = attempt.questions;
    let view = ask_attempt(context, open, changes, attempt.clone(), most).await?;
    let beside = match view.questions > asked_before {
        true => beside(last_of_attempt(open, &view).await),
        false if never_sent(&view) => Beside::Nothing,
        false => Beside::Unanswered(Unanswered::NotYet),
    };
    Ok(report::attempt(&context.output, &view, beside))
}

fn beside(unanswered: Option<Unanswered>) -> Beside {
    unanswered.map_or(Beside::Nothing, Beside::Unanswered)
}

/// Why the last question about it was not answered; `None` when it was.
async fn last_of_attempt(open: &OpenTill, view: &AttemptView) -> Option<Unanswered> {
    let attempt = open.journal.attempt(view.attempt).await.ok().flatten()?;
    attempt.asking.reading.as_ref().and_then(unanswered::of_payment)
}

async fn last_of_reversal(open: &OpenTill, view: &ReversalView) -> Option<Unanswered> {
    let history = open.journal.payment(view.payment).await.ok().flatten()?;
    let last = history.lines.iter().rev().find_map(|(_, record)| match record {
        Record::Reversal { reversal, entry: reversal::Entry::Asked { reading, .. }, .. }
            if *reversal == view.reversal =>
        {
            Some(unanswered::of_reversal(reading))
        }
        Record::Reversal { .. }
        | Record::Attempt { .. }
        | Record::NoteAdded(_)
        | Record::PaperIssued(_)
        | Record::PaperWithdrawn(_)
        | Record::OperatorAdded(_)
        | Record::RightUsed { .. }
        | Record::EpochStarted { .. }
        | Record::SpanLost { .. }
        | Record::DayClosed(_)
        | Record::CloseCompared(_) => None,
    });
    last.flatten()
}

/// It never reached the gateway, so there is nothing to ask about.
fn never_sent(view: &AttemptView) -> bool {
    matches!(view.state, "refused" | "not_sent")
}

/// A reversal that was named, or is not settled while every attempt is.
fn open_reversal<'a>(payment: &'a PaymentView, given: &str) -> Option<&'a ReversalView> {
    let named = payment.reversals.iter().find(|one| one.reversal.to_string().eq_ignore_ascii_case(given.trim()));
    let attempt_named = given.trim().get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("att_"));
    let open =
        || payment.reversals.iter().rfind(|one| matches!(one.state, "unknown" | "sending" | "reauthorising" | "ready"));
    named.or_else(|| if attempt_named { None } else { open() })
}

async fn ask_attempt(
    context: &Context,
    open: &OpenTill,
    mut changes: broadcast::Receiver<Change>,
    before: AttemptView,
    most: Duration,
) -> Result<AttemptView, Failure> {
    let mut stop = Stop::listen();
    let until = Instant::now() + most;
    let asked_before = before.questions;
    match open.till.ask_again(before.attempt).await {
        Ok(()) => {}
        // An attempt that is asked about already, or was never sent: how it stands is the answer.
        Err(SettleError::Refused(_)) => {}
        Err(error) => return Err(error.into()),
    }
    context.output.line("  Asking the gateway …");
    let mut view = open.till.attempt(before.attempt).await?.unwrap_or(before);
    while !(view.outcome.is_some() && (view.questions > asked_before || never_sent(&view))) {
        tokio::select! {
            change = changes.recv() => match change {
                Ok(Change::Attempt(changed)) if changed.attempt == view.attempt => view = *changed,
                Ok(Change::Attempt(_) | Change::Reversal(_) | Change::Journal(_) | Change::Closed { .. } | Change::Comparing(_)) => {}
                Err(_) => view = open.till.attempt(view.attempt).await?.unwrap_or(view),
            },
            () = stop.asked() => break,
            () = tokio::time::sleep_until(until) => break,
        }
    }
    Ok(view)
}

async fn ask_reversal(
    context: &Context,
    open: &OpenTill,
    changes: broadcast::Receiver<Change>,
    reversal: &ReversalView,
    most: Duration,
) -> Result<ReversalView, Failure> {
    let asked_before = reversal.questions;
    match open.till.ask_reversal_again(reversal.reversal).await {
        Ok(()) => {}
        // There is nothing to ask about: how it stands is the answer.
        Err(SettleError::Refused(_)) => return Ok(reversal.clone()),
        Err(error) => return Err(error.into()),
    }
    let first = open.till.reversal(reversal.reversal).await?.unwrap_or_else(|| reversal.clone());
    let stood = reversal.state;
    // One that was settled before is answered by the question; an open one by being settled too.
    let settled = |view: &ReversalView| {
        let is_final = matches!(view.state, "done" | "refused" | "not_done" | "not_sent");
        view.questions > asked_before || (is_final && view.state != stood)
    };
    let watch = ReversalWatch { output: &context.output, till: &open.till, changes, stop: Stop::listen(), most };
    Ok(watch.outcome(first, settled).await)
}
