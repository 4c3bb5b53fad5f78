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
    let saw = wanted.saw.as_deref().map(|saw| context::text("--saw", saw)).transpose()?;
    if context::claimed(&wanted.right)?.is_none() {
        return Err(Failure::refused(Code::NeedsSupervisor));
    }
    stdin::confirm(wanted.yes, &statement(&wanted))?;
    let authority = context::needed_authority(&wanted.right)?;
    let (opening, _news) = context.opening();
    let open = context.open_till(opening).await?;
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
            // The word on an attempt always says what it rests on.
            let saw = saw.or_else(|| Some(authority.reason.clone()));
            let view = open.till.settle(SettleRequest { attempt, verdict, authority, saw }).await?;
            Ok(report::attempt(&context.output, &view, false))
        }
        Target::Reversal(reversal, verdict) => {
            // As for an attempt: the word says what it rests on.
            let saw = saw.or_else(|| Some(authority.reason.clone()));
            let view = open.till.settle_reversal(reversal, verdict, authority, saw).await?;
            report::reversal(&context.output, &view, None);
            // The supervisor's word was taken; that the money did not go back is what they said.
            Ok(if view.not_written_down { Exit::Environment } else { Exit::Done })
        }
    }
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
