//! `veznectl payment resolve`: a supervisor's word on an attempt or a reversal.

use vezne_core::ids::{AttemptId, ReversalId};
use vezne_core::text::TypedText;
use vezne_till::{Authority, ReversalVerdict, SettleRequest, Verdict};

use crate::args::{Resolution, RightArgs};
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::{report, stdin};

/// What stands in the journal where a script did not say what was seen.
const NOT_SAID: &str = "not said";

/// What is settled, as what.
pub(crate) struct Wanted {
    pub(crate) id: String,
    pub(crate) outcome: Resolution,
    pub(crate) saw: Option<String>,
    pub(crate) yes: bool,
    pub(crate) right: RightArgs,
}

enum Target {
    Attempt(AttemptId, Verdict),
    Reversal(ReversalId, ReversalVerdict),
}

pub(crate) async fn run(context: &Context, wanted: Wanted) -> Result<Exit, Failure> {
    let target = target(&wanted)?;
    if context::claimed(&wanted.right)?.is_none() {
        return Err(Failure::refused(Code::NeedsSupervisor));
    }
    let saw = saw(&wanted)?;
    stdin::confirm(wanted.yes, &statement(&wanted))?;
    let authority = context::needed_authority(&wanted.right)?;
    let (opening, _news) = context.opening();
    let open = context.open_standing(opening).await?;
    let told = settle(context, &open, target, authority, saw).await;
    open.close().await;
    told
}

async fn settle(
    context: &Context,
    open: &vezne_home::OpenTill,
    target: Target,
    authority: Authority,
    saw: Option<TypedText>,
) -> Result<Exit, Failure> {
    match target {
        Target::Attempt(attempt, verdict) => {
            let view = open.till.settle(SettleRequest { attempt, verdict, authority, saw }).await?;
            Ok(report::attempt(&context.output, &view, report::Beside::Nothing))
        }
        Target::Reversal(reversal, verdict) => {
            let view = open.till.settle_reversal(reversal, verdict, authority, saw).await?;
            report::reversal(&context.output, &view, None, report::Beside::Nothing);
            // The supervisor's word was taken; that the money did not go back is what they said.
            Ok(if view.not_written_down { Exit::Environment } else { Exit::Done })
        }
    }
}

/// What was seen, as it was said. A person is asked for it; a script that says nothing has it written down that nothing was
/// said, never something that nobody said.
fn saw(wanted: &Wanted) -> Result<Option<TypedText>, Failure> {
    let said = match (&wanted.saw, wanted.outcome) {
        (Some(saw), _) => saw.clone(),
        (None, Resolution::Seen) => return Ok(None),
        (None, Resolution::Approved | Resolution::Declined | Resolution::Done | Resolution::NotDone) => {
            let question = "What did you see? The portal's reference, or the bank's slip:";
            stdin::line(question, Code::PortalReference)?.unwrap_or_else(|| NOT_SAID.to_owned())
        }
    };
    context::text("--saw", &said).map(Some)
}

fn target(wanted: &Wanted) -> Result<Target, Failure> {
    let is_reversal = wanted.id.trim().get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("rev_"));
    match (is_reversal, wanted.outcome) {
        (false, Resolution::Approved) => Ok(Target::Attempt(context::id(wanted.id.trim())?, Verdict::Approved)),
        (false, Resolution::Declined) => Ok(Target::Attempt(context::id(wanted.id.trim())?, Verdict::Declined)),
        (true, Resolution::Done) => Ok(Target::Reversal(context::id(wanted.id.trim())?, ReversalVerdict::Done)),
        (true, Resolution::NotDone) => Ok(Target::Reversal(context::id(wanted.id.trim())?, ReversalVerdict::NotDone)),
        (true, Resolution::Seen) => Ok(Target::Reversal(context::id(wanted.id.trim())?, ReversalVerdict::Seen)),
        (false, Resolution::Done | Resolution::NotDone | Resolution::Seen)
        | (true, Resolution::Approved | Resolution::Declined) => Err(Failure::refused(Code::OutcomeWord)),
    }
}

/// What the person confirms.
fn statement(wanted: &Wanted) -> String {
    let word = match wanted.outcome {
        Resolution::Approved => "APPROVED: the customer's money was taken",
        Resolution::Declined => "DECLINED: no money was taken, and it may be charged again",
        Resolution::Done => "DONE: the money went back",
        Resolution::NotDone => "NOT DONE: the money did not go back",
        Resolution::Seen => "SEEN: its alarm is answered for, and stands in Needs attention no more",
    };
    format!("{} will count as {word}.", wanted.id.trim())
}
