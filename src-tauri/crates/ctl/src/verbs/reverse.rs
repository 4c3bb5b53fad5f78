//! `veznectl payment void` and `veznectl payment refund`

use std::time::Duration;

use vezne_core::ids::PaymentId;
use vezne_core::money::Currency;
use vezne_core::reversal::Kind;
use vezne_home::OpenTill;
use vezne_till::{ReversalView, ReverseError, ReverseRequest, ReverseSize};

use crate::args::RightArgs;
use crate::context::{self, Context, aside};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report;
use crate::stop::Stop;
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
    let mut stop = Stop::listen();
    let (open, request) = stop.unless_asked(prepare(context, &wanted)).await?;
    let told = reverse(context, &open, &wanted, request, stop).await;
    open.close().await;
    told
}

/// Reads everything and opens the till. Whoever stops this has stopped everything: nothing is written down yet.
async fn prepare(context: &Context, wanted: &Wanted) -> Result<(OpenTill, ReverseRequest), Failure> {
    let right = wanted.right.clone();
    let authority = aside(move || context::needed_authority(&right)).await?;
    let (opening, _news) = context.opening();
    let open = context.open_standing(opening).await?;
    let (payment, attempt) = context::returned(&open.journal, &wanted.payment).await?;
    let size = match &wanted.amount {
        Some(amount) => ReverseSize::Part(context::amount(amount, currency(&open, payment).await?)?),
        None => ReverseSize::Whole,
    };
    Ok((open, ReverseRequest { payment, attempt, kind: wanted.kind, size, shown_left: None, authority }))
}

async fn reverse(
    context: &Context,
    open: &OpenTill,
    wanted: &Wanted,
    request: ReverseRequest,
    mut stop: Stop,
) -> Result<Exit, Failure> {
    let payment = request.payment;
    // The command of what may be done instead names what was named here.
    let named = request.attempt.map_or_else(|| payment.to_string(), |attempt| attempt.to_string());
    let changes = open.till.changes();
    let first = match begin(open, request, &mut stop).await {
        Ok(first) => first,
        Err(ReverseError::AlreadyReturned(reversal)) if wanted.kind == Kind::Void => {
            return Ok(report::already_void(&context.output, payment, reversal));
        }
        Err(ReverseError::VoidNotPossible(why)) => {
            let next = format!("Give it back by a refund: {}", report::refund_command(&named, &wanted.right));
            let failure = Failure::from(ReverseError::VoidNotPossible(why));
            return Err(Failure { next: Some(next), ..failure });
        }
        Err(error) => return Err(error.into()),
    };
    let settled = |view: &ReversalView| !matches!(view.state, "ready" | "sending" | "reauthorising");
    let most = open.settings.timeouts.reversal.saturating_mul(2).saturating_add(SLACK);
    let watch = ReversalWatch { output: &context.output, till: &open.till, changes, stop, most };
    let view = watch.outcome(first, settled).await;
    let offer = refund_instead(open, &view).await.then(|| report::refund_command(&named, &wanted.right));
    Ok(report::reversal(&context.output, &view, offer, report::Beside::Nothing))
}

/// Begins it. Never dropped half-way: only the till's answer tells whether anything was written down; what was sent is
/// reported as it stands then.
async fn begin(open: &OpenTill, request: ReverseRequest, stop: &mut Stop) -> Result<ReversalView, ReverseError> {
    let begun = open.till.reverse(request);
    tokio::pin!(begun);
    tokio::select! {
        begun = &mut begun => begun,
        () = stop.asked() => {
            stop.ask_again();
            begun.await
        }
    }
}

/// Whether a refund is another way where the gateway refused a void. An order has only the one call for both.
async fn refund_instead(open: &OpenTill, view: &ReversalView) -> bool {
    if view.kind != Kind::Void || view.refused_by != Some("gateway") {
        return false;
    }
    // What the gateway said is told in any case; an offer that can't be checked is left out.
    let attempt = open.till.attempt(view.attempt).await.ok().flatten();
    attempt.is_some_and(|attempt| attempt.order.is_none())
}

/// The currency that the payment was made in; an amount without one can't be read.
pub(super) async fn currency(open: &OpenTill, payment: PaymentId) -> Result<Currency, Failure> {
    let view = open.till.payment(payment).await?;
    let view = view.ok_or_else(|| Failure::refused(crate::messages::Code::NotFound))?;
    let told = view.attempts.iter().rev().find_map(|attempt| attempt.total.as_ref().or(attempt.base.as_ref()));
    let code = match told {
        Some(amount) => Some(amount.currency),
        // What was paid is not known: the account's currency, where it takes only one.
        None => match *open.till.returns(payment).await?.currencies {
            [only] => Some(only),
            [] | [_, ..] => None,
        },
    };
    code.and_then(Currency::from_code).ok_or_else(|| Failure::refused(crate::messages::Code::AmountNotKnown))
}
