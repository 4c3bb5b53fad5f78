//! History: the list, and one payment's timeline.

use std::sync::Arc;

use vezne_core::ids::PaymentId;
use vezne_core::ports::Journal as _;
use vezne_journal::Filter;

use super::desk_only;
use super::sale::names;
use crate::session::{Session, Sessions};
use crate::view::{Code, Fault, HistoryFilter, HistoryPage, HistoryRow, PaymentDetail, lines};

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

pub(super) async fn page(session: &Session, filter: HistoryFilter) -> Result<HistoryPage, Fault> {
    let HistoryFilter { text, outcome, after } = filter;
    // One more than is shown tells whether there are more.
    let limit = u32::try_from(PAGE.saturating_add(1)).unwrap_or(u32::MAX);
    let filter = Filter {
        text: Some(text),
        outcome: outcome.map(Into::into),
        after: after.map(|attempt| attempt.parse()).transpose()?,
        limit,
        ..Filter::default()
    };
    let found = session.journal.list(&filter).await?;
    let names = names(session).await?;
    let rows = found.iter().take(PAGE).map(|row| HistoryRow::of(row, &names)).collect();
    Ok(HistoryPage { rows, more: found.len() > PAGE })
}

pub(super) async fn detail(session: &Session, payment: &str) -> Result<PaymentDetail, Fault> {
    let id: PaymentId = payment.parse()?;
    let not_found = || Fault::new(Code::NotFound);
    // The till knows what is under way now, the journal what was written down until now.
    let view = session.till.payment(id).await?.ok_or_else(not_found)?;
    let history = session.journal.payment(id).await?.ok_or_else(not_found)?;
    Ok(PaymentDetail {
        payment: id.to_string(),
        attempts: view.attempts.iter().map(Into::into).collect(),
        reversals: view.reversals.iter().map(Into::into).collect(),
        lines: lines(&history.lines, &names(session).await?),
    })
}
