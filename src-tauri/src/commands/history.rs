//! History: the list, one payment's page, and notes about it.

use std::sync::Arc;

use jiff::tz::TimeZone;
use vezne_core::attempt::{Attempt, Means};
use vezne_core::note::Note;
use vezne_core::ports::Journal as _;
use vezne_core::search::{Named, Query, Today, link, named};
use vezne_core::text::{MAX_TEXT_CHARS, TypedText};
use vezne_journal::Filter;

use super::desk_only;
use super::sale::names;
use crate::session::{Session, Sessions};
use crate::view::{
    Code, Fault, Field, HistoryFilter, HistoryPage, HistoryRow, PaymentDetail, lines, notes, operator, query,
    understood,
};

/// The rows of a page.
const PAGE: usize = 50;

type Desk<'a> = tauri::State<'a, Arc<dyn Sessions>>;

/// A page of attempts, newest first.
///
/// # Errors
/// When the journal can't be read.
#[tauri::command]
#[specta::specta]
pub async fn history(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    filter: HistoryFilter,
) -> Result<HistoryPage, Fault> {
    desk_only(&window)?;
    page(&*desk.session()?, filter).await
}

/// One payment with every step.
///
/// # Errors
/// When the journal knows of no such payment, or can't be read.
#[tauri::command]
#[specta::specta]
pub async fn payment(window: tauri::WebviewWindow, desk: Desk<'_>, payment: String) -> Result<PaymentDetail, Fault> {
    desk_only(&window)?;
    detail(&*desk.session()?, &payment).await
}

/// Writes a note about a payment down. It is never changed.
///
/// # Errors
/// When the text holds card data or nothing, there is no such payment, or the journal can't be written.
#[tauri::command]
#[specta::specta]
pub async fn add_note(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    payment: String,
    text: String,
    operator: Option<String>,
) -> Result<(), Fault> {
    desk_only(&window)?;
    noted(&*desk.session()?, &payment, &text, operator.as_deref()).await
}

pub(super) async fn page(session: &Session, filter: HistoryFilter) -> Result<HistoryPage, Fault> {
    let zone = zone(session);
    let today = Today { now: session.clock.now(), zone: &zone };
    let query = query(&filter, today)?;
    let named = matches!(query, Query::Named(_));
    // One more than is shown tells whether there are more.
    let limit = u32::try_from(PAGE.saturating_add(1)).unwrap_or(u32::MAX);
    let after = filter.after.map(|attempt| attempt.parse()).transpose()?;
    let found = session.journal.list(&Filter { query, after, limit }).await?;
    let names = names(session).await?;
    let rows = found.iter().take(PAGE).map(|row| HistoryRow::of(row, &names)).collect();
    Ok(HistoryPage { rows, more: found.len() > PAGE, named, understood: understood(&filter.text, today) })
}

/// The desk's time zone; UTC where its name says nothing here.
pub(super) fn zone(session: &Session) -> TimeZone {
    TimeZone::get(&session.settings.desk.timezone).unwrap_or(TimeZone::UTC)
}

pub(super) async fn detail(session: &Session, given: &str) -> Result<PaymentDetail, Fault> {
    let not_found = || Fault::new(Code::NotFound);
    let id = match named(given).ok_or_else(not_found)? {
        Named::Payment(payment) => payment,
        Named::Attempt(attempt) => session.journal.attempt(attempt).await?.ok_or_else(not_found)?.intent.payment,
        Named::Reversal(reversal) => session.journal.reversal(reversal).await?.ok_or_else(not_found)?.intent.payment,
    };
    // The till knows what is under way now, the journal what was written down until now.
    let view = session.till.payment(id).await?.ok_or_else(not_found)?;
    let history = session.journal.payment(id).await?.ok_or_else(not_found)?;
    let names = names(session).await?;
    let mut holders = Vec::with_capacity(history.attempts.len());
    for attempt in &history.attempts {
        holders.push(holder(session, attempt).await?);
    }
    Ok(PaymentDetail {
        payment: id.to_string(),
        attempts: view.attempts.iter().map(Into::into).collect(),
        reversals: view.reversals.iter().map(Into::into).collect(),
        lines: lines(&history.lines, &names),
        holders,
        notes: notes(&history.lines, &names),
        link: link(id),
    })
}

/// The name on an attempt's card.
async fn holder(session: &Session, attempt: &Attempt) -> Result<Option<String>, Fault> {
    let name = match &attempt.intent.means {
        Means::Card(card) => card.holder,
        Means::CreditLimit => None,
    };
    let Some(name) = name else { return Ok(None) };
    Ok(session.journal.name(name).await?.map(|name| name.expose().to_owned()))
}

pub(super) async fn noted(session: &Session, payment: &str, text: &str, sits: Option<&str>) -> Result<(), Fault> {
    let text = TypedText::parse(text, MAX_TEXT_CHARS).map_err(|error| Fault::of_text(error, Field::Note))?;
    let note = Note { payment: payment.parse()?, operator: operator(sits)?, text };
    Ok(session.till.add_note(note).await?)
}
