//! The one export that is under way: its file, its progress, and how it is cancelled.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use vezne_core::search::PlanWanted;
use vezne_core::time::Timestamp;
use vezne_home::{
    ExportExisting, ExportFault, ExportOrder, Home, TableFormat, TableLanguage, TableSeparators, export_file, head_of,
};
use vezne_journal::Wanted;

use crate::session::Session;
use crate::view::{Code, ExportDone, ExportFormat, ExportInput, ExportPlan, ExportProgress, Fault, LanguageWord};

/// How many files of one name are told apart by a number.
const NAMES_MOST: u32 = 1_000;

/// How long the end of the desk waits for the end of an export: it looks for the wish at every page of rows.
const ENDS_WITHIN: Duration = Duration::from_secs(5);

/// What every file of ours begins with.
const BEGINS: &str = "vezne-";

/// The export that is under way.
struct UnderWay {
    wish: Arc<AtomicBool>,
    progress: ExportProgress,
}

/// Whether an export is under way, how far it is, and the wish to end it.
#[derive(Default)]
pub struct Exports {
    running: Mutex<Option<UnderWay>>,
    ended: Notify,
}

impl Exports {
    fn running(&self) -> MutexGuard<'_, Option<UnderWay>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(self: &Arc<Self>) -> Result<Running, Fault> {
        let mut running = self.running();
        if running.is_some() {
            return Err(Fault::new(Code::ExportBusy));
        }
        let wish = Arc::new(AtomicBool::new(false));
        *running = Some(UnderWay { wish: Arc::clone(&wish), progress: ExportProgress { at: 0, of: 0 } });
        Ok(Running { exports: Arc::clone(self), wish })
    }

    /// How far the one is that is under way: also for a window that was loaded anew meanwhile.
    pub fn under_way(&self) -> Option<ExportProgress> {
        self.running().as_ref().map(|running| running.progress)
    }

    /// Ends the one that is under way, if there is one. Nothing of it is left.
    pub fn cancel(&self) {
        if let Some(running) = &*self.running() {
            running.wish.store(true, Ordering::SeqCst);
        }
    }

    /// Ends it, and waits until nothing of it is left.
    pub(crate) async fn end(&self) {
        let gone = async {
            loop {
                let ended = self.ended.notified();
                if self.running().is_none() {
                    return;
                }
                self.cancel();
                ended.await;
            }
        };
        if tokio::time::timeout(ENDS_WITHIN, gone).await.is_err() {
            tracing::warn!("an export goes on while the desk is closed; the next start removes what is left of it");
        }
    }
}

/// The one that is under way, until this is dropped.
struct Running {
    exports: Arc<Exports>,
    wish: Arc<AtomicBool>,
}

impl Drop for Running {
    fn drop(&mut self) {
        *self.exports.running() = None;
        self.exports.ended.notify_waiters();
    }
}

/// Where files are written: into a person's documents, where there is such a folder, for an accountant looks there; else into
/// the desk's own.
pub(crate) fn folder(documents: Option<PathBuf>, home: &Home) -> PathBuf {
    let documents = documents.filter(|folder| folder.is_dir());
    documents.map_or_else(|| home.folder().join("exports"), |folder| folder.join("Vezne"))
}

/// Removes what a desk that was killed has left half written there: it holds names.
pub(crate) fn sweep(folder: &Path) {
    match vezne_home::sweep(folder, BEGINS) {
        Ok(0) => {}
        Ok(swept) => tracing::info!(swept, "files that an earlier run left half written are removed"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, "what an earlier run left half written could not be looked for"),
    }
}

/// What an export would hold.
///
/// # Errors
/// When a day can't be read, or the journal can't.
pub(crate) async fn planned(session: &Session, folder: &Path, input: &ExportInput) -> Result<ExportPlan, Fault> {
    let rows = session.journal.count(&wanted(session, input)?).await?;
    Ok(ExportPlan { rows: few(rows), folder: folder.display().to_string() })
}

/// Writes it into a file of its own in that folder.
///
/// # Errors
/// Why there is none; nothing of it is left then.
pub(crate) async fn made(
    (session, exports): (&Session, &Arc<Exports>),
    folder: &Path,
    input: &ExportInput,
    tell: impl Fn(ExportProgress) + Send + 'static,
) -> Result<ExportDone, Fault> {
    let running = exports.begin()?;
    let now = session.clock.now();
    let order = order(session, input, now)?;
    std::fs::create_dir_all(folder).map_err(|error| Fault::new(Code::ExportFailed).because(error))?;
    let path = free_name(folder, &name(session, input, now), order.format.extension());
    let (wish, under_way) = (Arc::clone(&running.wish), Arc::clone(exports));
    let progress = move |at, of| {
        let progress = ExportProgress { at: few(at), of: few(of) };
        if let Some(running) = &mut *under_way.running() {
            running.progress = progress;
        }
        tell(progress);
        if wish.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let place = (path.clone(), ExportExisting::Keep);
    let done = export_file(Arc::clone(&session.journal), order, place, progress).await?;
    Ok(ExportDone { rows: few(done.rows), path: path.display().to_string(), at: now.to_string() })
}

fn few(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn order(session: &Session, input: &ExportInput, now: Timestamp) -> Result<ExportOrder, Fault> {
    let wanted = wanted(session, input)?;
    let (language, separators) = match input.language {
        LanguageWord::En => (TableLanguage::English, TableSeparators::Comma),
        LanguageWord::Tr => (TableLanguage::Turkish, TableSeparators::Semicolon),
    };
    let span = (input.from.is_some().then_some(wanted.from), input.to.is_some().then_some(wanted.until));
    Ok(ExportOrder {
        head: head_of(language, &session.settings.desk.timezone, span, now)?,
        wanted,
        format: match input.format {
            ExportFormat::Xlsx => TableFormat::Xlsx,
            ExportFormat::Csv => TableFormat::Csv(separators),
            ExportFormat::Jsonl => TableFormat::JsonLines,
        },
        desk: session.settings.desk.id.clone(),
        training: session.is_training(),
    })
}

fn wanted(session: &Session, input: &ExportInput) -> Result<Wanted, Fault> {
    let zone = jiff::tz::TimeZone::get(&session.settings.desk.timezone).unwrap_or(jiff::tz::TimeZone::UTC);
    let begins = |day: &str, next: bool| {
        let wrong = |_| Fault::new(Code::ExportDay);
        let date: jiff::civil::Date = day.parse().map_err(wrong)?;
        let date = if next { date.tomorrow().map_err(wrong)? } else { date };
        Ok::<_, Fault>(Timestamp::from(date.to_zoned(zone.clone()).map_err(wrong)?.timestamp()))
    };
    let from = input.from.as_deref().map(|day| begins(day, false)).transpose()?;
    let until = input.to.as_deref().map(|day| begins(day, true)).transpose()?;
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        return Err(Fault::new(Code::ExportDay));
    }
    let unknown = |_| Fault::new(Code::UnknownAccount);
    Ok(Wanted {
        from: from.unwrap_or(Timestamp::from_millis(i64::MIN)),
        until: until.unwrap_or(Timestamp::from_millis(i64::MAX)),
        outcome: input.outcome.map(Into::into),
        account: input.account.as_deref().map(str::parse).transpose().map_err(unknown)?,
        operator: input.operator.as_deref().map(str::parse).transpose()?,
        plan: input.plan.map(plan),
        reversals: input.reversals,
    })
}

const fn plan(installments: u8) -> PlanWanted {
    match installments {
        0 => PlanWanted::CreditLimit,
        count => PlanWanted::Installments(count),
    }
}

/// `vezne-desk-2-2026-11-01-2026-11-22`: made here, so that no page can name a file.
fn name(session: &Session, input: &ExportInput, now: Timestamp) -> String {
    let plain = |text: &str| {
        text.chars().map(|one| if one.is_ascii_alphanumeric() || one == '-' { one } else { '-' }).collect::<String>()
    };
    let zone = jiff::tz::TimeZone::get(&session.settings.desk.timezone).unwrap_or(jiff::tz::TimeZone::UTC);
    let today = now.to_jiff().to_zoned(zone).date().to_string();
    let until = input.to.clone().unwrap_or(today);
    let span = input.from.iter().chain([&until]).map(|day| plain(day)).collect::<Vec<_>>().join("-");
    format!("vezne-{}-{span}", plain(&session.settings.desk.id))
}

/// The first name that nothing has yet; the export itself refuses one that has come in between.
pub(crate) fn free_name(folder: &Path, name: &str, extension: &str) -> PathBuf {
    let numbered = (2..NAMES_MOST).map(|number| format!("{name}-{number}.{extension}"));
    let mut names = std::iter::once(format!("{name}.{extension}")).chain(numbered).map(|name| folder.join(name));
    let first = names.next();
    let free = first.clone().into_iter().chain(names).find(|path| !path.exists());
    free.or(first).unwrap_or_default()
}

impl From<ExportFault> for Fault {
    fn from(fault: ExportFault) -> Self {
        match fault {
            ExportFault::NoRoom { .. } => Self::new(Code::ExportNoRoom).because(fault),
            ExportFault::Cancelled => Self::new(Code::ExportCancelled),
            ExportFault::Exists(_) | ExportFault::Zone(_) | ExportFault::Output(_) => {
                Self::new(Code::ExportFailed).because(fault)
            }
            ExportFault::Journal(fault) => fault.into(),
        }
    }
}
