//! `veznectl payment list`

use serde::Serialize;
use vezne_core::attempt::Outcome;
use vezne_core::ports::Clock as _;
use vezne_home::{OpenReading, SystemClock};
use vezne_journal::{Filter, LIST_MOST, Row};
use vezne_till::{AttemptView, ReversalView};

use crate::args::{ListArgs, OutcomeArg};
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;

/// A row as a script gets it.
#[derive(Serialize)]
struct Listed<'a> {
    payment: &'a str,
    attempt: &'a str,
    account: &'a str,
    order: Option<&'a str>,
    reference: Option<&'a str>,
    part: Option<&'a str>,
    state: &'a str,
    outcome: Option<&'static str>,
    refused_by: Option<&'a str>,
    evidence: Option<&'a str>,
    unconfirmed: bool,
    reason: Option<&'a str>,
    amount: Option<String>,
    currency: Option<&'static str>,
    returned: Option<String>,
    installments: Option<i64>,
    brand: Option<&'a str>,
    last_four: Option<&'a str>,
    opened: vezne_core::time::Timestamp,
    contradicted: bool,
    alarmed: bool,
}

pub(crate) async fn run(context: &Context, args: ListArgs) -> Result<Exit, Failure> {
    let zone = context::zone(&context.home);
    let filter = Filter {
        outcome: args.outcome.map(outcome),
        account: args.account.as_deref().map(|name| account(context, name)).transpose()?,
        from: args.from.as_deref().map(|day| context::day(day, &zone)).transpose()?,
        until: args.until.as_deref().map(|day| context::end_of_day(day, &zone)).transpose()?,
        text: args.search,
        after: args.after.as_deref().map(context::id).transpose()?,
        limit: args.limit.min(LIST_MOST),
        ..Filter::default()
    };
    let (opening, _news) = context.opening();
    let reading = context.home.open_reading(&opening).await?;
    if args.attention {
        let told = attention(context, &reading).await;
        reading.journal.close().await;
        return told;
    }
    let rows = reading.journal.list(&filter).await?;
    for row in &rows {
        context.output.object(&listed(row));
        context.output.line(&line(row, &zone));
    }
    if rows.is_empty() {
        context.output.line("  Nothing matches.");
    }
    reading.journal.close().await;
    Ok(Exit::Done)
}

async fn attention(context: &Context, reading: &OpenReading) -> Result<Exit, Failure> {
    let now = SystemClock.now();
    let unfinished = reading.journal.needs_attention(now).await?;
    for attempt in &unfinished.attempts {
        let view = AttemptView::of(attempt, now);
        context.output.object(&view);
        let subject = view.order.as_deref().or(view.booking.as_deref()).unwrap_or_default();
        context.output.line(&format!("  {}  {:<10}  {subject}", view.attempt, view.state));
    }
    for reversal in &unfinished.reversals {
        let view = ReversalView::of(reversal, now);
        context.output.object(&view);
        context.output.line(&format!("  {}  {:<10}  of {}", view.reversal, view.state, view.payment));
    }
    if unfinished.attempts.is_empty() && unfinished.reversals.is_empty() {
        context.output.line("  Nothing needs attention.");
    }
    Ok(Exit::Done)
}

/// The id of an account by its name; the name itself when the settings can't be read, because it may be an id.
fn account(context: &Context, name: &str) -> Result<vezne_core::ids::AccountId, Failure> {
    let settings = context.home.settings().ok();
    let known = settings.as_ref().and_then(|settings| settings.accounts.iter().find(|account| account.name == name));
    let id = known.map_or(name, |account| account.id.as_str());
    id.parse().map_err(|_| Failure::arguments(Code::UnknownAccount))
}

pub(super) const fn outcome(outcome: OutcomeArg) -> Outcome {
    match outcome {
        OutcomeArg::Approved => Outcome::Approved,
        OutcomeArg::Declined => Outcome::Declined,
        OutcomeArg::Refused => Outcome::Refused,
        OutcomeArg::Unknown => Outcome::Unknown,
        OutcomeArg::NotSent => Outcome::NotSent,
    }
}

fn listed(row: &Row) -> Listed<'_> {
    let amount = row.total.or(row.base);
    Listed {
        payment: &row.payment,
        attempt: &row.attempt,
        account: &row.account_name,
        order: row.is_order.then_some(row.subject.as_str()),
        reference: (!row.is_order).then_some(row.subject.as_str()),
        part: row.part.as_deref(),
        state: &row.state,
        outcome: row.outcome.map(Outcome::word),
        refused_by: row.refused_by.as_deref(),
        evidence: row.evidence.as_deref(),
        unconfirmed: row.unconfirmed,
        reason: row.reason.as_deref(),
        amount: amount.map(|amount| amount.amount_text()),
        currency: amount.map(|amount| amount.currency().code()),
        returned: row.returned.map(|returned| returned.amount_text()),
        installments: row.installments,
        brand: row.brand.as_deref(),
        last_four: row.last_four.as_deref(),
        opened: row.opened,
        contradicted: row.contradicted,
        alarmed: row.alarmed,
    }
}

fn line(row: &Row, zone: &jiff::tz::TimeZone) -> String {
    let amount = row.total.or(row.base).map(|amount| amount.to_string()).unwrap_or_default();
    let card = row.last_four.as_deref().map(|last| format!("…{last}")).unwrap_or_default();
    let state = row.state.replace('_', " ");
    let mark = if row.contradicted || row.alarmed { " !" } else { "" };
    let returned = match row.returned {
        Some(returned) if Some(returned) == row.total => "  all returned".to_owned(),
        Some(returned) => format!("  {returned} returned"),
        None => String::new(),
    };
    format!(
        "  {}  {state:<11}{mark}{amount:>16}  {card:<5}  {:<20}  {}  {}{returned}",
        context::local(row.opened, zone),
        row.subject,
        row.account_name,
        row.payment
    )
}
