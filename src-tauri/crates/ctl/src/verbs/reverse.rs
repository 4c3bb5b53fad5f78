//! `veznectl payment void` and `veznectl payment refund`

use std::time::Duration;

use vezne_core::ids::PaymentId;
use vezne_core::money::Currency;
use vezne_core::reversal::Kind;
use vezne_home::OpenTill;
use vezne_till::{Authority, ReversalView, ReverseError, ReverseRequest, ReverseSize};

use crate::args::RightArgs;
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report;
use crate::watch::ReversalWatch;

/// Beyond the call's own deadline: sign-in, and the limiter.
const SLACK: Duration = Duration::from_secs(90);

/// What goes back.
pub(crate) struct Wanted {
    pub(crate) payment: String,
    pub(crate) kind: Kind,
    pub(crate) amount: Option<String>,
    pub(crate) right: RightArgs,
}

pub(crate) async fn run(context: &Context, wanted: Wanted) -> Result<Exit, Failure> {
    let authority = context::needed_authority(&wanted.right)?;
    let (opening, _news) = context.opening();
    let open = context.open_till(opening).await?;
    let told = reverse(context, &open, &wanted, authority).await;
    open.close().await;
    told
}

async fn reverse(context: &Context, open: &OpenTill, wanted: &Wanted, authority: Authority) -> Result<Exit, Failure> {
    let payment = context::payment(&open.journal, &wanted.payment).await?;
    let size = match &wanted.amount {
        Some(amount) => ReverseSize::Part(context::amount(amount, currency(open, payment).await?)?),
        None => ReverseSize::Whole,
    };
    let changes = open.till.changes();
    let begun = open.till.reverse(ReverseRequest { payment, kind: wanted.kind, size, authority }).await;
    let first = match begun {
        Ok(first) => first,
        Err(ReverseError::AlreadyReturned(reversal)) if wanted.kind == Kind::Void => {
            return Ok(report::already_void(&context.output, payment, reversal));
        }
        Err(error) => return Err(error.into()),
    };
    let settled = |view: &ReversalView| !matches!(view.state, "ready" | "sending" | "reauthorising");
    let most = open.settings.timeouts.reversal.saturating_mul(2).saturating_add(SLACK);
    let watch = ReversalWatch { output: &context.output, till: &open.till, changes, most };
    let view = watch.outcome(first, settled).await?;
    Ok(report::reversal(&context.output, &view))
}

/// The currency that the payment was made in; an amount without one can't be read.
async fn currency(open: &OpenTill, payment: PaymentId) -> Result<Currency, Failure> {
    let view = open.till.payment(payment).await?;
    let view = view.ok_or_else(|| Failure::refused(crate::messages::Code::NotFound))?;
    let code = view.attempts.iter().rev().find_map(|attempt| attempt.total.as_ref().or(attempt.base.as_ref()));
    code.and_then(|amount| Currency::from_code(amount.currency))
        .ok_or_else(|| Failure::refused(crate::messages::Code::AmountNotKnown))
}
