//! `veznectl journal verify`

use serde::Serialize;
use vezne_core::ports::{Journal as _, MissingSpan};
use vezne_core::time::Timestamp;
use vezne_journal::Report;

use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;

#[derive(Serialize)]
struct Verified<'a> {
    sound: bool,
    events: u64,
    epochs: u64,
    names: u64,
    names_erased: u64,
    broken: Option<String>,
    unverifiable: Vec<String>,
    missing: Option<Missing>,
    lost: Vec<String>,
    fragments: &'a [String],
    projections: &'a [String],
    database: &'a [String],
    key: Option<String>,
}

/// The span that a restored backup left out.
#[derive(Serialize)]
struct Missing {
    from: Timestamp,
    until: Timestamp,
}

pub(crate) async fn run(context: &Context) -> Result<Exit, Failure> {
    let (opening, _news) = context.opening();
    let reading = context.home.open_reading(&opening).await?;
    let report = reading.journal.verify().await?;
    let missing = reading.journal.missing_span().await?;
    let key = reading.chain_key.as_ref().err().map(ToString::to_string);
    reading.journal.close().await;
    tell(context, &report, missing, key);
    Ok(if report.is_sound() { Exit::Done } else { Exit::CheckFailed })
}

/// The missing span for a person.
pub(crate) fn missing_words(span: MissingSpan, zone: &jiff::tz::TimeZone) -> String {
    let (from, until) = (context::local(span.from, zone), context::local(span.until, zone));
    format!("a backup was restored: what was written between {from} and {until} is missing here")
}

/// Tells a report; `missing` is what a restored backup left out, and `key` says why the chain's key can't be had, if it
/// can't.
pub(crate) fn tell(context: &Context, report: &Report, missing: Option<MissingSpan>, key: Option<String>) {
    let output = &context.output;
    output.object(&Verified {
        sound: report.is_sound(),
        events: report.events,
        epochs: report.epochs,
        names: report.names,
        names_erased: report.names_erased,
        broken: report.broken.as_ref().map(ToString::to_string),
        unverifiable: report.unverifiable.iter().map(ToString::to_string).collect(),
        missing: missing.map(|span| Missing { from: span.from, until: span.until }),
        lost: report.lost.iter().map(ToString::to_string).collect(),
        fragments: &report.fragments,
        projections: &report.projections,
        database: &report.database,
        key: key.clone(),
    });
    let verdict =
        if report.is_sound() { "The journal says what was written." } else { "THE JOURNAL IS NOT AS IT WAS WRITTEN." };
    output.line(&format!("  {verdict}"));
    output.field("events", &format!("{} in {} epoch(s)", report.events, report.epochs));
    output.field("names", &format!("{}, {} erased", report.names, report.names_erased));
    if let Some(fault) = report.first_fault() {
        output.field("fault", &fault);
    }
    for span in &report.unverifiable {
        output.field("note", &span.to_string());
    }
    for lost in &report.lost {
        output.field("lost", &lost.to_string());
    }
    for fragment in &report.fragments {
        output.field("fragment", fragment);
    }
    if let Some(missing) = missing {
        output.field("note", &missing_words(missing, &context::zone(&context.home)));
    }
    if let Some(key) = key {
        output.field("key", &key);
    }
}
