//! `veznectl journal export`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use vezne_core::time::Timestamp;
use vezne_journal::{ExportFault, ExportRequest, Format, What};

use crate::args::{ExportArgs, ExportFormat, ExportWhat};
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;

pub(crate) async fn run(context: &Context, args: ExportArgs) -> Result<Exit, Failure> {
    let zone = context::zone(&context.home);
    let from = args.from.as_deref().map(|day| context::day(day, &zone)).transpose()?;
    let until = args.until.as_deref().map(|day| context::end_of_day(day, &zone)).transpose()?;
    let format = if context.output.is_json() { Format::Json } else { format(args.format) };
    let request = ExportRequest {
        what: match args.what {
            ExportWhat::Payments => What::Payments(format),
            ExportWhat::Events => What::Events,
        },
        from: from.unwrap_or(Timestamp::from_millis(i64::MIN)),
        until: until.unwrap_or(Timestamp::from_millis(i64::MAX)),
        zone,
    };
    let (opening, _news) = context.opening();
    let reading = context.home.open_reading(&opening).await?;
    let file = args.to.as_deref().map(fresh).transpose()?;
    let mut target: Box<dyn Write + Send> = match &file {
        Some(file) => Box::new(BufWriter::new(file)),
        None => Box::new(BufWriter::new(Printed(context.output.clone()))),
    };
    let written = reading.journal.export(&request, &mut *target).await;
    reading.journal.close().await;
    written.map_err(|fault| match fault {
        ExportFault::Output(error) => Failure::environment(Code::File).because(error),
        ExportFault::Journal(fault) => fault.into(),
    })?;
    target.flush().map_err(|error| Failure::environment(Code::File).because(error))?;
    drop(target);
    if let (Some(file), Some(path)) = (&file, &args.to) {
        keep(file, path).map_err(|error| Failure::environment(Code::File).because(error))?;
    }
    Ok(Exit::Done)
}

/// Whoever is told that it is done may switch the machine off.
fn keep(file: &File, path: &Path) -> std::io::Result<()> {
    file.sync_all()?;
    // Its name too; Windows keeps folders by itself.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

const fn format(format: ExportFormat) -> Format {
    match format {
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Jsonl => Format::Json,
    }
}

/// A file that was not there before, its owner's alone: it holds names.
fn fresh(path: &Path) -> Result<File, Failure> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| {
        let code = if error.kind() == std::io::ErrorKind::AlreadyExists { Code::Exists } else { Code::File };
        Failure::environment(code).because(format!("{}: {error}", path.display()))
    })
}

/// Standard output, by way of the one place that prints.
struct Printed(crate::output::Output);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.bytes(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
