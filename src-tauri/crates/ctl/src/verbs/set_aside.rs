//! `veznectl payment set-aside`: another card now.

use vezne_till::{SettleRequest, Verdict};

use crate::args::RightArgs;
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::{report, stdin};

/// What the supervisor confirms.
const STATEMENT: &str = "The customer will be charged on another card while it is not known whether this one was: if both \
turn out paid, one must be given back.";

pub(crate) async fn run(
    context: &Context,
    attempt: &str,
    saw: Option<&str>,
    yes: bool,
    right: &RightArgs,
) -> Result<Exit, Failure> {
    let attempt = context::id(attempt)?;
    let saw = saw.map(|saw| context::text("--saw", saw)).transpose()?;
    if context::claimed(right)?.is_none() {
        return Err(Failure::refused(Code::NeedsSupervisor));
    }
    stdin::confirm(yes, STATEMENT)?;
    let authority = context::needed_authority(right)?;
    let (opening, _news) = context.opening();
    let open = context.open_standing(opening).await?;
    let request = SettleRequest { attempt, verdict: Verdict::SetAside, authority, saw };
    let settled = open.till.settle(request).await;
    open.close().await;
    // It stays unknown to everyone who counts money, and the exit code says so; what was asked for is in its state.
    Ok(report::attempt(&context.output, &settled?, report::Beside::Nothing))
}
