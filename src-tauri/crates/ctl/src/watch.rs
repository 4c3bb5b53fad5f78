//! Following an attempt or a reversal to its outcome, with a line for each step.

use std::time::Duration;

use serde::Serialize;
use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;
use vezne_core::ids::{AttemptId, PaymentId, ReversalId};
use vezne_core::limits;
use vezne_core::ports::JournalFault;
use vezne_home::Notice;
use vezne_till::{AttemptView, Change, Progress, ReversalView, Till};

use crate::failure::Failure;
use crate::output::Output;
use crate::stop::Stop;

/// How often someone who watches sees that time passes.
const TICK: Duration = Duration::from_millis(500);
/// How long an outcome that can't be written down is waited for: the till tries again and again.
const UNWRITTEN_WAIT: Duration = Duration::from_secs(20);

/// The ids that a script gets with each step.
#[derive(Serialize)]
struct Ids {
    payment: PaymentId,
    attempt: AttemptId,
    #[serde(skip_serializing_if = "Option::is_none")]
    reversal: Option<ReversalId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

/// What watching came to.
pub(crate) struct Watched {
    pub(crate) view: AttemptView,
    /// Whether the person or the system stopped it before there was an outcome.
    pub(crate) interrupted: bool,
}

/// An attempt being watched.
pub(crate) struct Watch<'a> {
    pub(crate) output: &'a Output,
    pub(crate) till: &'a Till,
    pub(crate) changes: broadcast::Receiver<Change>,
    pub(crate) news: mpsc::UnboundedReceiver<Notice>,
    pub(crate) stop: Stop,
}

impl Watch<'_> {
    /// Follows an attempt from `first` to its outcome; [`Watched::view`] is how it stands then.
    pub(crate) async fn outcome(mut self, first: AttemptView) -> Result<Watched, Failure> {
        let mut view = first;
        let mut told = Told::default();
        let mut unwritten_since: Option<Instant> = None;
        let mut tick = tokio::time::interval(TICK);
        loop {
            told.step(self.output, &view);
            if view.outcome.is_some() {
                let since = *unwritten_since.get_or_insert_with(Instant::now);
                if !view.not_written_down || since.elapsed() > UNWRITTEN_WAIT {
                    return Ok(Watched { view, interrupted: false });
                }
            }
            tokio::select! {
                change = self.changes.recv() => match self.changed(change, &view).await {
                    Ok(changed) => view = changed,
                    // Nobody can say more. What was told last stands: it may have left, so it is never "not sent".
                    Err(_) => return Ok(Watched { interrupted: view.outcome.is_none(), view }),
                },
                Some(notice) = self.news.recv() => told.notice(self.output, &view, notice),
                () = self.stop.asked() => {
                    // Cancelled before anything left: the change that says so ends the watching.
                    if self.till.cancel(view.attempt).await.is_err() {
                        let now = self.till.attempt(view.attempt).await;
                        let view = now.ok().flatten().unwrap_or(view);
                        let interrupted = view.outcome.is_none();
                        return Ok(Watched { view, interrupted });
                    }
                }
                _ = tick.tick() => told.waiting(self.output, &view),
            }
        }
    }

    async fn changed(
        &self,
        change: Result<Change, broadcast::error::RecvError>,
        view: &AttemptView,
    ) -> Result<AttemptView, JournalFault> {
        match change {
            Ok(Change::Attempt(changed)) if changed.attempt == view.attempt => Ok(*changed),
            Ok(
                Change::Attempt(_)
                | Change::Reversal(_)
                | Change::Journal(_)
                | Change::Closed { .. }
                | Change::Comparing(_),
            ) => Ok(view.clone()),
            // Too far behind, or the till is gone: what is written down counts.
            Err(broadcast::error::RecvError::Lagged(_) | broadcast::error::RecvError::Closed) => {
                Ok(self.till.attempt(view.attempt).await?.unwrap_or_else(|| view.clone()))
            }
        }
    }
}

/// What was told already, so that each step is told once.
#[derive(Default)]
struct Told {
    progress: Option<Progress>,
    slot: bool,
    slow: bool,
    since: Option<Instant>,
}

impl Told {
    fn step(&mut self, output: &Output, view: &AttemptView) {
        if self.progress != Some(view.progress) {
            self.progress = Some(view.progress);
            self.since = Some(Instant::now());
            if view.progress != Progress::Over {
                output.step(word(view.progress), text(view.progress), &ids(view, None));
            }
        }
        if let Some(wait) = view.slot_wait_ms.filter(|wait| *wait > 0 && !self.slot) {
            self.slot = true;
            let text =
                format!("The gateway takes only so many payments a minute: waiting {} for a place", seconds(wait));
            output.step("waiting_for_a_place", &text, &ids(view, None));
        }
    }

    fn waiting(&mut self, output: &Output, view: &AttemptView) {
        if self.progress == Some(Progress::Sending)
            && !self.slow
            && self.since.is_some_and(|since| since.elapsed() >= limits::PAY_SLOW.as_duration())
        {
            self.slow = true;
            output.step("slow", "The bank is slow; still waiting for the answer", &ids(view, None));
        }
        output.waiting(text(view.progress));
    }

    fn notice(&self, output: &Output, view: &AttemptView, notice: Notice) {
        match notice {
            Notice::Opened { attempt } if attempt == view.attempt => {
                output.step("bank_page_opened", "The bank's page is open in the browser", &ids(view, None));
            }
            Notice::OpenYourself { attempt, address } if attempt == view.attempt => {
                let text = format!(
                    "No browser could be opened. Open this address on this machine, once:\n           {address}"
                );
                output.step("open_bank_page", &text, &ids(view, Some(address)));
            }
            Notice::Opened { .. } | Notice::OpenYourself { .. } => {}
        }
    }
}

const fn ids(view: &AttemptView, address: Option<String>) -> Ids {
    Ids { payment: view.payment, attempt: view.attempt, reversal: None, address }
}

fn seconds(ms: u64) -> String {
    format!("{} s", ms.div_ceil(1000))
}

const fn word(progress: Progress) -> &'static str {
    match progress {
        Progress::Preparing => "preparing",
        Progress::Sending => "sending",
        Progress::AtBank => "at_bank",
        Progress::Confirming => "confirming",
        Progress::Over => "over",
    }
}

const fn text(progress: Progress) -> &'static str {
    match progress {
        Progress::Preparing => "Written down; getting ready (nothing is sent yet)",
        Progress::Sending => "Sent; waiting for the gateway's answer",
        Progress::AtBank => "The customer is at the bank's page",
        Progress::Confirming => "Asking the gateway what became of it",
        Progress::Over => "Done",
    }
}

/// A reversal being watched, for at most `most`.
pub(crate) struct ReversalWatch<'a> {
    pub(crate) output: &'a Output,
    pub(crate) till: &'a Till,
    pub(crate) changes: broadcast::Receiver<Change>,
    pub(crate) stop: Stop,
    pub(crate) most: Duration,
}

impl ReversalWatch<'_> {
    /// Follows it from `first` until it is `settled`, the time is over, or someone stops it.
    pub(crate) async fn outcome(
        mut self,
        first: ReversalView,
        settled: impl Fn(&ReversalView) -> bool,
    ) -> ReversalView {
        let mut view = first;
        let until = Instant::now() + self.most;
        let mut tick = tokio::time::interval(TICK);
        let ids = Ids { payment: view.payment, attempt: view.attempt, reversal: Some(view.reversal), address: None };
        self.output.step("reversing", "Written down; waiting for the gateway's word", &ids);
        while !settled(&view) {
            tokio::select! {
                change = self.changes.recv() => match change {
                    Ok(Change::Reversal(changed)) if changed.reversal == view.reversal => view = *changed,
                    Ok(Change::Attempt(_) | Change::Reversal(_) | Change::Journal(_) | Change::Closed { .. } | Change::Comparing(_)) => {}
                    // It may have left: what was told last stands where nobody can say more.
                    Err(_) => match self.till.reversal(view.reversal).await {
                        Ok(now) => view = now.unwrap_or(view),
                        Err(_) => break,
                    },
                },
                () = self.stop.asked() => break,
                () = tokio::time::sleep_until(until) => break,
                _ = tick.tick() => self.output.waiting("Waiting for the gateway's answer"),
            }
        }
        view
    }
}
