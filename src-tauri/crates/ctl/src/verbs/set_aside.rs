//! `veznectl payment set-aside`: another card now.

use vezne_till::{SettleRequest, Verdict};

use crate::args::RightArgs;
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report;

pub(crate) async fn run(
    context: &Context,
    attempt: &str,
    saw: Option<&str>,
    right: &RightArgs,
) -> Result<Exit, Failure> {
    let attempt = context::id(attempt)?;
    let saw = saw.map(|saw| context::text("--saw", saw)).transpose()?;
    let authority = context::needed_authority(right)?;
    let (opening, _news) = context.opening();
    let open = context.open_till(opening).await?;
    let request = SettleRequest { attempt, verdict: Verdict::SetAside, authority, saw };
    let settled = open.till.settle(request).await;
    open.close().await;
    // It stays unknown to everyone who counts money, and the exit code says so; what was asked for is in its state.
    Ok(report::attempt(&context.output, &settled?, false))
}
