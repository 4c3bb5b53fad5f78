//! `veznectl journal export`

use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use vezne_core::ids::AccountId;
use vezne_core::time::Timestamp;
use vezne_export::WholeFile;
use vezne_home::{
    ExportExisting, ExportFault, ExportOrder, TableFormat, TableLanguage, TableSeparators, export_file, export_into,
    head_of,
};
use vezne_journal::{ExportRequest, Journal, Wanted};

use crate::args::{ExportArgs, ExportFormat, ExportLanguage, ExportWhat};
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::output::Output;

/// How often a person is told how far it is.
const TOLD_EVERY: Duration = Duration::from_secs(1);

pub(crate) async fn run(context: &Context, args: ExportArgs) -> Result<Exit, Failure> {
    let zone = context::zone(&context.home);
    let from = args.from.as_deref().map(|day| context::day(day, &zone)).transpose()?;
    let until = args.until.as_deref().map(|day| context::end_of_day(day, &zone)).transpose()?;
    let (opening, _news) = context.opening();
    let reading = context.open_reading(&opening).await?;
    let journal = Arc::new(reading.journal);
    let written = match args.what {
        ExportWhat::Payments => payments(context, &journal, &args, (from, until)).await,
        ExportWhat::Events => events(context, &journal, &args, (from, until)).await,
    };
    journal.close().await;
    written
}

type Span = (Option<Timestamp>, Option<Timestamp>);

/// The accountant's table.
async fn payments(context: &Context, journal: &Arc<Journal>, args: &ExportArgs, span: Span) -> Result<Exit, Failure> {
    let mut order = order(context, args, span)?;
    if let Some(name) = args.operator.as_deref() {
        order.wanted.operator = Some(super::list::operator(journal, name).await?);
    }
    let Some(path) = args.file.clone() else {
        let out = BufWriter::new(Printed(context.output.clone()));
        export_into(Arc::clone(journal), order, out).await.map_err(failure)?;
        return Ok(Exit::Done);
    };
    let output = context.output.clone();
    let mut told = Instant::now();
    let progress = move |at: u64, of: u64| {
        if told.elapsed() >= TOLD_EVERY {
            told = Instant::now();
            output.warn(&format!("  {at} of {of}"));
        }
        ControlFlow::Continue(())
    };
    let place = (path.clone(), ExportExisting::Keep);
    let done = export_file(Arc::clone(journal), order, place, progress).await.map_err(failure)?;
    context.output.object(&Written { file: path.clone(), rows: done.rows, bytes: done.bytes });
    context.output.line(&format!("  {} lines in {} ({} bytes)", done.rows, path.display(), done.bytes));
    Ok(Exit::Done)
}

/// The last line of an export into a file.
#[derive(Serialize)]
struct Written {
    file: PathBuf,
    rows: u64,
    bytes: u64,
}

fn order(context: &Context, args: &ExportArgs, span: Span) -> Result<ExportOrder, Failure> {
    let settings = context.home.settings().ok();
    let desk = settings.as_ref().map(|settings| &settings.desk);
    let language = match (args.language, desk.map(|desk| desk.language)) {
        (Some(ExportLanguage::Tr), _) | (None, Some(vezne_settings::Language::Turkish)) => TableLanguage::Turkish,
        (Some(ExportLanguage::En), _) | (None, Some(vezne_settings::Language::English) | None) => {
            TableLanguage::English
        }
    };
    let standard = if context.output.is_json() { ExportFormat::Jsonl } else { ExportFormat::Csv };
    let zone = desk.map_or("UTC", |desk| desk.timezone.as_str());
    let wanted = Wanted {
        from: span.0.unwrap_or(Timestamp::from_millis(i64::MIN)),
        until: span.1.unwrap_or(Timestamp::from_millis(i64::MAX)),
        outcome: args.outcome.map(super::list::outcome),
        account: args.account.as_deref().map(|name| account(context, name)).transpose()?,
        operator: None,
        plan: args.plan.as_deref().map(super::list::plan).transpose()?,
        reversals: !args.no_reversals,
    };
    Ok(ExportOrder {
        wanted,
        format: match args.format.unwrap_or(standard) {
            ExportFormat::Csv => TableFormat::Csv(separators(language)),
            ExportFormat::Jsonl => TableFormat::JsonLines,
            ExportFormat::Xlsx => TableFormat::Xlsx,
        },
        head: head_of(language, zone, span, Timestamp::from(jiff::Timestamp::now())).map_err(failure)?,
        desk: desk.map(|desk| desk.id.clone()).unwrap_or_default(),
        training: context.home.is_practice(),
    })
}

/// A spreadsheet of the language's country reads these.
const fn separators(language: TableLanguage) -> TableSeparators {
    match language {
        TableLanguage::Turkish => TableSeparators::Semicolon,
        TableLanguage::English => TableSeparators::Comma,
    }
}

/// The account of this name; one that is not configured any more is named by its id.
fn account(context: &Context, name: &str) -> Result<AccountId, Failure> {
    let configured = context.home.settings().ok().and_then(|settings| {
        settings.accounts.into_iter().find(|account| account.name == name).map(|account| account.id)
    });
    let id = configured.as_deref().unwrap_or(name);
    id.parse().map_err(|_| Failure::arguments(Code::UnknownAccount))
}

fn failure(fault: ExportFault) -> Failure {
    match fault {
        ExportFault::Exists(path) => Failure::environment(Code::Exists).because(path.display()),
        ExportFault::NoRoom { .. } => Failure::environment(Code::NoRoom).because(fault),
        ExportFault::Zone(_) => Failure::arguments(Code::Configuration).because(fault),
        ExportFault::Cancelled => Failure::environment(Code::File),
        ExportFault::Output(error) => Failure::environment(Code::File).because(error),
        ExportFault::Journal(fault) => fault.into(),
    }
}

/// The events with their chain.
async fn events(
    context: &Context,
    journal: &Arc<Journal>,
    args: &ExportArgs,
    (from, until): Span,
) -> Result<Exit, Failure> {
    let request = ExportRequest {
        from: from.unwrap_or(Timestamp::from_millis(i64::MIN)),
        until: until.unwrap_or(Timestamp::from_millis(i64::MAX)),
    };
    let failed = |error: io::Error| Failure::environment(Code::File).because(error);
    let Some(path) = args.file.as_deref() else {
        let mut out = BufWriter::new(Printed(context.output.clone()));
        journal.export(&request, &mut out).await.map_err(of_events)?;
        out.flush().map_err(failed)?;
        return Ok(Exit::Done);
    };
    // Until the last event is in it, it has not got its name.
    let mut file = WholeFile::begin(path, ExportExisting::Keep).map_err(|error| of_file(error, path))?;
    journal.export(&request, &mut file).await.map_err(of_events)?;
    file.end().map_err(|error| of_file(error, path))?;
    Ok(Exit::Done)
}

fn of_events(fault: vezne_journal::ExportFault) -> Failure {
    match fault {
        vezne_journal::ExportFault::Output(error) => Failure::environment(Code::File).because(error),
        vezne_journal::ExportFault::Journal(fault) => fault.into(),
    }
}

fn of_file(error: io::Error, path: &Path) -> Failure {
    let code = if error.kind() == io::ErrorKind::AlreadyExists { Code::Exists } else { Code::File };
    Failure::environment(code).because(format!("{}: {error}", path.display()))
}

/// Standard output, by way of the one place that prints.
struct Printed(Output);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.bytes(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
