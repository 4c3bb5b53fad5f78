//! `veznectl journal backup`

use std::path::Path;

use vezne_core::ports::{Clock as _, Journal as _};
use vezne_home::SystemClock;
use vezne_journal::BackupFault;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::verbs::verify;

pub(crate) async fn run(context: &Context, file: Option<&Path>) -> Result<Exit, Failure> {
    let (opening, _news) = context.opening();
    let reading = context.open_reading(&opening).await?;
    let made = match file {
        Some(file) => reading.journal.backup(file).await.map(|report| (file.to_owned(), report)),
        None => reading.journal.keep_backup(SystemClock.now()).await,
    };
    let missing = reading.journal.missing_span().await;
    reading.journal.close().await;
    let (file, report) = made.map_err(|fault| match fault {
        BackupFault::Exists(path) => Failure::environment(Code::Exists).because(path.display()),
        BackupFault::Broken(words) => Failure::environment(Code::Broken).because(words),
        BackupFault::Fault(fault) => fault.into(),
    })?;
    verify::tell(context, &report, missing?, reading.chain_key.err().map(|error| error.to_string()));
    context.output.line(&format!("  The copy is {}.", file.display()));
    Ok(Exit::Done)
}
