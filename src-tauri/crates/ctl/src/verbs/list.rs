//! `veznectl payment list`

use serde::Serialize;
use vezne_core::attempt::{Attempt, Outcome};
use vezne_core::ids::OperatorId;
use vezne_core::ports::{Clock as _, Journal as _};
use vezne_core::search::{PlanWanted, Query, Today, Wanted};
use vezne_core::text::fold;
use vezne_core::time::Millis;
use vezne_home::{OpenReading, SystemClock};
use vezne_journal::{Filter, Journal, LIST_MOST, Row};
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
    // What can't be read is said whether there is a journal or not.
    let filter = filter(context, &args, &zone)?;
    let (opening, _news) = context.opening();
    let reading = context.open_reading(&opening).await?;
    let told = if args.attention {
        attention(context, &reading).await
    } else {
        listed_rows(context, &reading, &zone, (filter, args.operator.as_deref())).await
    };
    reading.journal.close().await;
    told
}

async fn listed_rows(
    context: &Context,
    reading: &OpenReading,
    zone: &jiff::tz::TimeZone,
    (mut filter, by): (Filter, Option<&str>),
) -> Result<Exit, Failure> {
    if let Some(name) = by {
        filter.query = filter.query.and(Wanted::Operator(operator(&reading.journal, name).await?));
    }
    let rows = reading.journal.list(&filter).await?;
    for row in &rows {
        context.output.object(&listed(row));
        context.output.line(&line(row, zone));
    }
    if rows.is_empty() {
        context.output.line("  Nothing matches.");
    }
    Ok(Exit::Done)
}

/// The line and what stands beside it: all of it must hold. An id in the line names one payment, whatever else is asked.
fn filter(context: &Context, args: &ListArgs, zone: &jiff::tz::TimeZone) -> Result<Filter, Failure> {
    let today = Today { now: SystemClock.now(), zone };
    let mut query = Query::read(args.search.as_deref().unwrap_or_default(), today);
    let mut beside: Vec<Wanted> = args.outcome.map(|asked| Wanted::Outcome(outcome(asked))).into_iter().collect();
    if let Some(name) = args.account.as_deref() {
        beside.push(Wanted::Account(account(context, name)?));
    }
    if let Some(plan) = args.plan.as_deref() {
        beside.push(Wanted::Plan(self::plan(plan)?));
    }
    let from = args.day.as_deref().or(args.from.as_deref()).map(|day| context::day(day, zone)).transpose()?;
    let until = args.day.as_deref().or(args.until.as_deref()).map(|day| context::end_of_day(day, zone)).transpose()?;
    if from.is_some() || until.is_some() {
        beside.push(Wanted::Opened { from, until });
    }
    for wanted in beside {
        query = query.and(wanted);
    }
    let after = args.after.as_deref().map(context::id).transpose()?;
    Ok(Filter { query, after, limit: args.limit.min(LIST_MOST) })
}

pub(super) async fn operator(journal: &Journal, name: &str) -> Result<OperatorId, Failure> {
    let operators = journal.operators().await?;
    let found = operators.iter().find(|operator| fold(operator.name.as_str()) == fold(name.trim()));
    found.map(|operator| operator.id).ok_or_else(|| Failure::refused(Code::UnknownOperator))
}

pub(super) fn plan(text: &str) -> Result<PlanWanted, Failure> {
    if text == "limit" {
        return Ok(PlanWanted::CreditLimit);
    }
    let count = text.parse().ok().filter(|count| *count > 0);
    count
        .map(PlanWanted::Installments)
        .ok_or_else(|| Failure::arguments(Code::Arguments).because("--plan takes a number or \"limit\""))
}

async fn attention(context: &Context, reading: &OpenReading) -> Result<Exit, Failure> {
    let now = SystemClock.now();
    let mut unfinished = reading.journal.needs_attention(now).await?;
    // The journal's list goes by the time of day; a clock that was set back must hide nothing.
    let all = reading.journal.unfinished(now, Millis(0)).await?;
    let listed = |one: &Attempt| unfinished.attempts.iter().any(|other| other.intent.attempt == one.intent.attempt);
    let hidden = all.attempts.iter().filter(|one| one.needs_attention(now) && !listed(one)).cloned();
    let hidden: Vec<Attempt> = hidden.collect();
    unfinished.attempts.extend(hidden);
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
    // Where no desk runs, nobody follows them just now.
    let open = all.attempts.iter().filter(|one| one.state.is_open()).count();
    if open > 0 {
        let words = "the desk that runs follows it, or else the next program that pays or asks";
        context.output.line(&format!("  In progress besides: {open} ({words})."));
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
