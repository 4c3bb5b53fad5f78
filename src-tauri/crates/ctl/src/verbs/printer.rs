//! `veznectl printer`: what waits for the receipt printer, and what only a person can tell of it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use tokio::time::timeout;
use vezne_core::time::Timestamp;
use vezne_home::papers::{PaperFault, Papers, Queued, Seen, queued};
use vezne_home::{HomeFault, OpenTill};
use vezne_printing::{Queue, Stand, Trouble};

use crate::args::{PrinterVerb, SeenArg};
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;

/// How long what waits may take to be printed while this waits.
const PRINTING: Duration = Duration::from_secs(60);

/// A print job, for a script.
#[derive(Debug, Serialize)]
struct Told<'a> {
    job: u64,
    paper: &'a str,
    title: &'a str,
    subject: &'a str,
    copy: Option<u32>,
    /// `waiting`, `printing` or `asked`.
    stand: &'static str,
    /// The code of what is wrong.
    trouble: Option<&'static str>,
    ordered: Timestamp,
}

#[derive(Debug, Serialize)]
struct Done {
    /// How many papers are left in the queue.
    left: usize,
}

pub(crate) async fn run(context: &Context, verb: PrinterVerb) -> Result<Exit, Failure> {
    if matches!(verb, PrinterVerb::List) {
        return list(context);
    }
    let (opening, _news) = context.opening();
    let open = context.open_standing(opening).await?;
    let done = carry_out(&open, verb).await;
    // What was begun meanwhile ends before the till does.
    if let Some(mut queue) = open.papers.queue() {
        timeout(PRINTING, queue.wait_for(|queue| !is_printing(queue))).await.ok();
    }
    let left = open.papers.queue().map(|queue| queue.borrow().jobs().len()).unwrap_or_default();
    open.close().await;
    done?;
    context.output.object(&Done { left });
    context.output.line(&match left {
        0 => "  Nothing waits for the printer.".to_owned(),
        left => format!("  In the printer's queue: {left}."),
    });
    Ok(Exit::Done)
}

async fn carry_out(open: &OpenTill, verb: PrinterVerb) -> Result<(), Failure> {
    open.papers.start_printing().await;
    match verb {
        PrinterVerb::Answer { job, seen, operator } => {
            let operator = context::operator(&open.ports, operator.as_deref()).await?;
            let seen = match seen {
                SeenArg::CameOut => Seen::CameOut,
                SeenArg::Copy => Seen::Copy,
                SeenArg::Drop => Seen::Drop,
            };
            open.papers.answer(job, seen, operator).await?;
            if seen == Seen::Copy { try_now(&open.papers).await } else { Ok(()) }
        }
        PrinterVerb::Cancel { job, operator } => {
            let operator = context::operator(&open.ports, operator.as_deref()).await?;
            Ok(open.papers.cancel(job, operator).await?)
        }
        PrinterVerb::TryNow => try_now(&open.papers).await,
        // It needs no till.
        PrinterVerb::List => Ok(()),
    }
}

/// Tries what waits, and waits until everything has ended or the first of it says why not.
async fn try_now(papers: &Papers) -> Result<(), Failure> {
    let mut queue = papers.queue().ok_or(PaperFault::NoPrinter)?;
    let before: BTreeMap<_, _> = queue.borrow().jobs().iter().map(|job| (job.id, job.stand)).collect();
    papers.hurry().await?;
    // Papers come out in order: the first one that was tried anew in vain keeps the others.
    let first = |queue: &Queue| queue.jobs().iter().find(|job| !matches!(job.stand, Stand::Asked { .. })).cloned();
    let failed = |queue: &Queue| {
        let job = first(queue)?;
        let tried_before = match before.get(&job.id) {
            Some(Stand::Waiting { failures, .. } | Stand::Printing { failures }) => *failures,
            Some(Stand::Asked { .. }) | None => 0,
        };
        match job.stand {
            Stand::Waiting { failures, trouble: Some(trouble), .. } if failures > tried_before => Some(trouble),
            Stand::Waiting { .. } | Stand::Printing { .. } | Stand::Asked { .. } => None,
        }
    };
    let ended = timeout(PRINTING, queue.wait_for(|queue| first(queue).is_none() || failed(queue).is_some())).await;
    let Some(queue) = ended.ok().and_then(Result::ok) else { return Err(waits(Trouble::Slow)) };
    if let Some(trouble) = failed(&queue) {
        return Err(waits(trouble));
    }
    let asked = queue.jobs().iter().find_map(|job| match job.stand {
        Stand::Asked { trouble } if !matches!(before.get(&job.id), Some(Stand::Asked { .. })) => Some(trouble),
        Stand::Asked { .. } | Stand::Waiting { .. } | Stand::Printing { .. } => None,
    });
    match asked {
        None => Ok(()),
        Some(trouble @ Trouble::Outdated) => Err(waits(trouble)),
        Some(trouble) => {
            Err(Failure { exit: Exit::Unknown, ..Failure::environment(Code::PaperAsked).because(trouble) })
        }
    }
}

fn waits(trouble: Trouble) -> Failure {
    Failure::not_sent(Code::PaperWaits).because(trouble)
}

fn is_printing(queue: &Queue) -> bool {
    queue.jobs().iter().any(|job| matches!(job.stand, Stand::Printing { .. }))
}

/// Reads beside a running desk too.
fn list(context: &Context) -> Result<Exit, Failure> {
    let folder = context.home.folder();
    let found = queued(folder).map_err(|cause| HomeFault::Folder { path: folder.to_owned(), cause })?;
    for Queued { job, title, subject } in &found {
        let (stand, trouble) = match job.stand {
            Stand::Waiting { trouble, .. } => ("waiting", trouble),
            Stand::Printing { .. } => ("printing", None),
            Stand::Asked { trouble } => ("asked", Some(trouble)),
        };
        let copy = job.copy.map(std::num::NonZeroU32::get);
        context.output.object(&Told {
            job: job.id.number(),
            paper: &job.paper,
            title,
            subject,
            copy,
            stand,
            trouble: trouble.map(Trouble::code),
            ordered: job.ordered,
        });
        let mark = copy.map(|copy| format!(", copy {copy}")).unwrap_or_default();
        let why = trouble.map(|trouble| format!(": {trouble}")).unwrap_or_default();
        context.output.line(&format!("  {} {stand}  {subject} {title}{mark}{why}", job.id.number()));
    }
    if found.is_empty() {
        context.output.line("  Nothing waits for the printer.");
    }
    Ok(Exit::Done)
}
