//! `veznectl journal verify`

use serde::Serialize;
use vezne_core::close::Anchor;
use vezne_core::ports::{Journal as _, MissingSpan};
use vezne_core::time::Timestamp;
use vezne_journal::{AnchorCheck, Report};

use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;

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
    closes: u64,
    close_faults: &'a [String],
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

pub(crate) async fn run(context: &Context, printed: &[String], deep: bool) -> Result<Exit, Failure> {
    let printed: Vec<Anchor> = printed.iter().map(|text| anchor(text)).collect::<Result<_, _>>()?;
    let (opening, _news) = context.opening();
    let reading = context.open_reading(&opening).await?;
    let report = if deep { reading.journal.verify_deep().await? } else { reading.journal.verify().await? };
    let missing = reading.journal.missing_span().await?;
    let mut anchors = Vec::with_capacity(printed.len());
    for printed in printed {
        let check = reading.journal.check_anchor(&printed).await?;
        anchors.push((printed, check));
    }
    let key = reading.chain_key.as_ref().err().map(ToString::to_string);
    reading.journal.close().await;
    tell(context, &report, missing, key);
    let held = tell_anchors(context, &anchors);
    Ok(if report.is_sound() && held { Exit::Done } else { Exit::CheckFailed })
}

fn anchor(text: &str) -> Result<Anchor, Failure> {
    text.parse().map_err(|error| Failure::refused(Code::Anchor).because(error))
}

/// An anchor that was copied from paper, as a script gets it.
#[derive(Serialize)]
struct Held {
    anchor: String,
    holds: bool,
    /// What the close of that number gives instead; none if there is no such close.
    found: Option<String>,
}

/// Tells how printed anchors stand to the journal; whether all of them hold.
fn tell_anchors(context: &Context, anchors: &[(Anchor, AnchorCheck)]) -> bool {
    for (printed, check) in anchors {
        let (holds, found, words) = match check {
            AnchorCheck::Holds => (true, None, "holds: the journal says what it said then".to_owned()),
            AnchorCheck::Another(other) => {
                (false, Some(other.to_string()), format!("DOES NOT HOLD: close {} gives {other}", printed.number()))
            }
            AnchorCheck::NoSuchClose => (false, None, format!("DOES NOT HOLD: there is no close {}", printed.number())),
        };
        context.output.object(&Held { anchor: printed.to_string(), holds, found });
        context.output.field("anchor", &format!("{printed} {words}"));
    }
    anchors.iter().all(|(_, check)| *check == AnchorCheck::Holds)
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
        closes: report.closes,
        close_faults: &report.close_faults,
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
    if report.closes > 0 {
        output.field("day closes", &report.closes.to_string());
    }
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
