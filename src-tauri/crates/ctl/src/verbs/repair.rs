//! `veznectl journal repair`

use std::path::PathBuf;

use serde::Serialize;
use vezne_journal::{Repair, Repaired};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// What a person at a terminal confirms.
const STATEMENT: &str = "If the journal is damaged, its files are set aside as they are, and a new journal is made of what \
they and the backups still hold. What nobody holds any more is declared lost.";

#[derive(Serialize)]
struct Told<'a> {
    repaired: bool,
    /// Whether only an earlier repair, cut off before its end, was finished.
    finished: bool,
    aside: Option<String>,
    events: u64,
    from_damaged: u64,
    from_backups: u64,
    unverifiable: u64,
    refused: u64,
    backups: Vec<String>,
    lost: Vec<String>,
    ends_after: Option<i64>,
    known_last: Option<i64>,
    fragments: &'a [String],
    names: u64,
    names_lost: u64,
    epoch: Option<u32>,
}

pub(crate) async fn run(context: &Context, more: &[PathBuf]) -> Result<Exit, Failure> {
    crate::stdin::confirm(false, STATEMENT)?;
    let (opening, _news) = context.opening();
    match context.home.repair(&opening, more).await? {
        // There is nothing to repair it from, and it is not as it was.
        Repair::NotNeeded if context.journal_is_missed() => return Err(context.gone()),
        Repair::NotNeeded => {
            context.output.object(&nothing(false));
            context.output.line("  The journal says what was written: there is nothing to repair.");
        }
        Repair::Finished => {
            context.output.object(&nothing(true));
            context.output.line("  A repair that had been cut off is finished.");
        }
        Repair::Done(repaired) => tell(context, &repaired),
    }
    Ok(Exit::Done)
}

fn nothing(finished: bool) -> Told<'static> {
    Told {
        repaired: false,
        finished,
        aside: None,
        events: 0,
        from_damaged: 0,
        from_backups: 0,
        unverifiable: 0,
        refused: 0,
        backups: Vec::new(),
        lost: Vec::new(),
        ends_after: None,
        known_last: None,
        fragments: &[],
        names: 0,
        names_lost: 0,
        epoch: None,
    }
}

fn tell(context: &Context, repaired: &Repaired) {
    let output = &context.output;
    output.object(&Told {
        repaired: true,
        finished: false,
        aside: Some(repaired.aside.display().to_string()),
        events: repaired.events,
        from_damaged: repaired.from_damaged,
        from_backups: repaired.events.saturating_sub(repaired.from_damaged),
        unverifiable: repaired.unverifiable,
        refused: repaired.refused,
        backups: repaired.backups.iter().map(|path| path.display().to_string()).collect(),
        lost: repaired.lost.iter().map(ToString::to_string).collect(),
        ends_after: repaired.ends_after,
        known_last: repaired.known_last,
        fragments: &repaired.fragments,
        names: repaired.names,
        names_lost: repaired.names_lost,
        epoch: repaired.epoch,
    });
    output.line(match repaired.epoch {
        None => "  The journal is repaired, and nothing is missing.",
        Some(_) => "  The journal is repaired. SOMETHING IS MISSING OR MAY BE.",
    });
    let from_backups = repaired.events.saturating_sub(repaired.from_damaged);
    output.field("events", &format!("{} from the damaged file, {from_backups} from backups", repaired.from_damaged));
    for lost in &repaired.lost {
        output.field("lost", &lost.to_string());
    }
    if let Some(after) = repaired.ends_after {
        output.field(
            "lost",
            &match repaired.known_last {
                Some(last) if last > after => format!("what came after event {after}, up to event {last} at the least"),
                Some(_) | None => format!("what may have come after event {after}"),
            },
        );
    }
    for fragment in &repaired.fragments {
        output.field("fragment", fragment);
    }
    if repaired.names_lost > 0 {
        output.field("names", &format!("{} are lost", repaired.names_lost));
    }
    output.field("set aside", &repaired.aside.display().to_string());
    if repaired.epoch.is_some() {
        output
            .line("  Until the next day close a reference needs a supervisor: it may have been paid in what is lost.");
    }
}
