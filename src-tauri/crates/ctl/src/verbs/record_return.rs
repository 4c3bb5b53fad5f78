//! `veznectl payment record-return`: what went back by hand in the gateway's own portal.

use vezne_core::reversal::Kind;
use vezne_home::OpenTill;
use vezne_till::{PortalReturn, ReverseSize};

use super::reverse::currency;
use crate::args::RightArgs;
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::{report, stdin};

/// What went back.
pub(crate) struct Wanted {
    pub(crate) payment: String,
    pub(crate) amount: Option<String>,
    pub(crate) saw: String,
    pub(crate) void: bool,
    pub(crate) yes: bool,
    pub(crate) right: RightArgs,
}

pub(crate) async fn run(context: &Context, wanted: Wanted) -> Result<Exit, Failure> {
    let saw = context::text("--saw", &wanted.saw)?;
    if context::claimed(&wanted.right)?.is_none() {
        return Err(Failure::refused(Code::NeedsSupervisor));
    }
    stdin::confirm(wanted.yes, &statement(&wanted))?;
    let authority = context::needed_authority(&wanted.right)?;
    let (opening, _news) = context.opening();
    let open = context.open_standing(opening).await?;
    let told = record(context, &open, &wanted, (authority, saw)).await;
    open.close().await;
    told
}

async fn record(
    context: &Context,
    open: &OpenTill,
    wanted: &Wanted,
    (authority, saw): (vezne_till::Authority, vezne_core::text::TypedText),
) -> Result<Exit, Failure> {
    let (payment, attempt) = context::returned(&open.journal, &wanted.payment).await?;
    let size = match &wanted.amount {
        Some(amount) => ReverseSize::Part(context::amount(amount, currency(open, payment).await?)?),
        None => ReverseSize::Whole,
    };
    let kind = if wanted.void { Kind::Void } else { Kind::Refund };
    let request = PortalReturn { payment, attempt, kind, size, shown_left: None, saw, authority };
    let view = open.till.record_return(request).await?;
    Ok(report::reversal(&context.output, &view, None, report::Beside::Nothing))
}

/// What the person confirms.
fn statement(wanted: &Wanted) -> String {
    let amount = wanted.amount.as_deref().unwrap_or("All that is left");
    format!("{amount} of {} will count as GIVEN BACK. Nothing is sent to the gateway.", wanted.payment.trim())
}
